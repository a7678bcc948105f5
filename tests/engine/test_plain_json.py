from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.plain_json import JsonError, json_object, plain, to_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
)


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_every_json_value_comes_back(value: dict[str, Any]) -> None:
    assert json_object(to_json(value).encode()) == value


def test_what_a_window_has_becomes_json() -> None:
    value = MappingProxyType({1: (np.float32(0.5), np.arange(2)), "b": {3}, "c": float("inf"), "d": np.bool_(True)})
    assert plain(value) == {"1": [0.5, [0, 1]], "b": [3], "c": None, "d": True}
    with pytest.raises(JsonError, match="a bytes cannot be written"):
        to_json({"a": b"x"})


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"a":NaN}', b'{"a":-Infinity}', b'{"a":1e400}', b"\xff", b"[" * 99_999]
)
def test_what_is_no_proper_json(content: bytes) -> None:
    with pytest.raises(JsonError):
        json_object(content)


def test_nesting_is_bounded() -> None:
    deep = b'{"a":' * 64 + b"1" + b"}" * 64
    assert json_object(deep)
    with pytest.raises(JsonError, match="too deeply"):
        json_object(b'{"a":' + deep + b"}")
