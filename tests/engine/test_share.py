from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.settings import Settings
from playground.engine.share import (
    MOST_WEIGHTS,
    PREFIX,
    Shared,
    SharedModels,
    ShareError,
    is_shared,
    share_text,
    shared_from,
)
from playground.engine.spec import build, spec_to_json
from playground.engine.superposition.problem import make_problem
from playground.engine.superposition.sandbox_file import setup_to_json
from playground.engine.superposition.setup import Schedule, Setup
from playground.engine.vectors import none_data

SPEC = build((2, 4, 1), output_activation="tanh")
SETTINGS = Settings(learning_rate=0.03, seed=5, loss="squared_error", optimizer="sgd")
DATA = plane_data(PlaneSetup(shape="spiral", noise=0.1, seed=4))
SETUP = Setup(make_problem(4, 2, 0.8), ("relu",), (3, 4), Schedule(steps=None))
MODELS = setup_to_json(SETUP)
WEIGHTS = np.random.default_rng(0).normal(size=SPEC.parameter_count).astype(np.float32)


def text(**changes: Any) -> str:
    """Return the text of a state some of whose JSON values are others."""
    packed = share_text(SPEC, SETTINGS, DATA.source, WEIGHTS).removeprefix(PREFIX)
    value = json.loads(zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))))
    return packed_text({**value, **changes})


def packed_text(value: Any) -> str:
    content = zlib.compress(json.dumps(value).encode())
    return PREFIX + base64.urlsafe_b64encode(content).decode().rstrip("=")


def refusal(content: str) -> str:
    with pytest.raises(ShareError) as caught:
        shared_from(content)
    return str(caught.value)


def test_a_state_comes_back_whole() -> None:
    found = shared_from(share_text(SPEC, SETTINGS, DATA.source, WEIGHTS))
    assert found.spec == SPEC
    assert found.settings == SETTINGS
    assert found.data == json.loads(json.dumps(dict(DATA.source)))
    assert found.weights is not None
    assert found.weights.tobytes() == WEIGHTS.tobytes()


def test_it_is_one_word_of_plain_letters_and_may_be_broken_by_mail() -> None:
    content = share_text(SPEC, SETTINGS, DATA.source, WEIGHTS)
    assert content.startswith("playground:")
    assert set(content.removeprefix(PREFIX)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    broken = "\n".join(content[at : at + 70] for at in range(0, len(content), 70))
    assert shared_from(f"  {broken}\n").spec == SPEC


def test_many_weights_stay_behind_the_seed_gives_the_first_ones() -> None:
    large = build((28 * 28, 16, 10), input_shape=(28, 28))
    assert large.parameter_count > MOST_WEIGHTS
    content = share_text(
        large, SETTINGS, {"kind": "digits", "preset": "easy"}, np.zeros(large.parameter_count, np.float32)
    )
    assert shared_from(content).weights is None
    assert len(content) < 2_000


def test_weights_that_are_no_numbers_stay_behind() -> None:
    diverged = WEIGHTS.copy()
    diverged[3] = np.nan
    assert shared_from(share_text(SPEC, SETTINGS, DATA.source, diverged)).weights is None


@pytest.mark.parametrize("source", [{"kind": "idx", "folder": "/home/somebody"}, {"kind": "table", "path": "a.csv"}])
def test_files_stay_behind(source: dict[str, str]) -> None:
    content = share_text(SPEC, SETTINGS, source, WEIGHTS)
    assert shared_from(content).data is None


def test_a_state_without_data() -> None:
    assert shared_from(share_text(SPEC, SETTINGS, none_data((2,), ("a",)).source, None)).data is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no shared state"),
        ("https://example.org", "no shared state"),
        (PREFIX, "cut off"),
        (PREFIX + "!!!!", "garbled"),
        (PREFIX + "AAAA", "garbled"),
        (text()[:-40], "cut off"),
        (PREFIX + "A" * 300_000, "at most"),
        (text(share=2), "version 2"),
        (text(share=True), "which version"),
        (text(share=None), "which version"),
        (text(spec=None), "cannot be"),
        (text(spec={"input_shape": [10**9], "layers": []}), "cannot be"),
        (text(settings={"learning_rate": -1}), "cannot be"),
        (text(data={"kind": "idx", "folder": "/etc"}), "does not draw itself"),
        (text(data=[1]), "does not draw itself"),
        (text(data={**DATA.source, "test": {"kind": "idx", "folder": "/etc"}}), "does not draw itself"),
        (text(spec=spec_to_json(build((2, 4_000, 6_000, 1)))), "24,024,001 parameters"),
        (text(sandbox=5), "garbled"),
        (text(sandbox={"setup": {}}), "garbled"),
        (text(sandbox={"setup": {**MODELS, "features": 10**9}}), "garbled"),
        (text(sandbox={"setup": {**MODELS, "sparsity": ["x"] * 4}}), "garbled"),
        (text(sandbox={"setup": {**MODELS, "seeds": [1, 1]}}), "named twice"),
        (text(sandbox={"setup": MODELS, "weights": "AAAA"}), "weights"),
        (text(sandbox={"setup": MODELS, "weights": base64.b64encode(bytes(4 * 23)).decode()}), "have 24"),
        ("x" * 10_000_000, "at most"),
        (text(weights="AAAA"), "weights"),
        (text(weights=5), "garbled"),
        (text(weights=base64.b64encode(np.full(17, np.inf, "<f4").tobytes()).decode()), "no numbers"),
        (packed_text([1, 2]), "garbled"),
        (PREFIX + base64.urlsafe_b64encode(zlib.compress(b" " * (5 << 20))).decode(), "far too large"),
    ],
)
def test_what_is_none_gets_a_sentence(content: str, words: str) -> None:
    assert words in refusal(content)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_letters_changed_anywhere_open_or_get_a_sentence(data: st.DataObject) -> None:
    content = list(text())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.sampled_from("ABCabc012-_:=\n é"))
    try:
        found = shared_from("".join(content))
    except ShareError:
        return
    assert isinstance(found, Shared)


def test_a_text_that_would_be_endless_is_not_made() -> None:
    spec = build((2, *[400] * 3, 1))
    wild = {"kind": "plane", "shape": "drawn", "points": np.random.default_rng(0).normal(size=(20_000, 2)).tolist()}
    with pytest.raises(ShareError, match="save it as a project"):
        share_text(spec, replace(SETTINGS, seed=1), wild, None)


# ---- what goes with the state --------------------------------------------------------------------------------------


def test_hidden_parts_and_the_lab_in_front_go_with_it() -> None:
    hidden = frozenset({"network.loss", "bar.speed"})
    found = shared_from(share_text(SPEC, SETTINGS, DATA.source, None, hidden=hidden, lab="superposition"))
    assert found.hidden == hidden
    assert found.lab == "superposition"
    assert found.models is None


@pytest.mark.parametrize(
    ("value", "kept"), [(["network.loss", 5, "A", "../x"], {"network.loss"}), ("network.loss", set()), ({}, set())]
)
def test_hidden_parts_that_cannot_be_are_passed_over(value: object, kept: set[str]) -> None:
    assert shared_from(text(hidden=value, lab=[1], data_name=7)).hidden == kept


def test_superposition_models_come_back_with_small_weights() -> None:
    weights = np.random.default_rng(1).normal(size=(1, 2, 4, 3)).astype(np.float32)
    found = shared_from(share_text(SPEC, SETTINGS, DATA.source, None, models=SharedModels(SETUP, weights))).models
    assert found is not None
    assert found.setup == SETUP
    assert found.weights is not None
    assert np.array_equal(found.weights, weights)
    many = np.zeros((1, 2, 400, 3), np.float32)
    large = Setup(make_problem(400, 2, 0.8), ("relu",), (3, 4), Schedule(steps=None))
    found = shared_from(share_text(SPEC, SETTINGS, DATA.source, None, models=SharedModels(large, many))).models
    assert found is not None
    assert found.weights is None


def test_data_of_files_are_named_without_a_folder() -> None:
    source = {"kind": "table", "path": "/home/somebody/iris.csv"}
    content = share_text(SPEC, SETTINGS, source, None, data_name="iris.csv")
    found = shared_from(content)
    assert (found.data, found.data_name) == (None, "iris.csv")
    packed = content.removeprefix(PREFIX)
    assert b"somebody" not in zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    assert shared_from(share_text(SPEC, SETTINGS, DATA.source, None, data_name="drawn")).data_name == ""


@pytest.mark.parametrize("around", ["<{}>", "“{}”", "`{}`", " '{}'\n"])
def test_signs_that_mail_and_chat_put_around_it_are_left_out(around: str) -> None:
    assert shared_from(around.format(text())).spec == SPEC


BREAKS = {
    "lines": "\n",
    "lines of Windows": "\r\n",
    "tabs and spaces": " \t ",
    "no-break spaces": "\xa0",
    "an answer that quotes": "\n> ",
    "an answer to an answer": "\r\n>> ",
    "quoted-printable": "=\r\n",
    "signs without a width": "\u200b",
    "soft hyphens": "\xad\n",
}


@pytest.mark.parametrize("between", BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("width", [1, 4, 76])
def test_it_may_be_broken_anywhere(between: str, width: int) -> None:
    whole = text()
    broken = between + between.join(whole[at : at + width] for at in range(0, len(whole), width)) + between
    assert is_shared(broken)
    assert shared_from(broken).spec == SPEC


@pytest.mark.parametrize("given", ["", "digits.playground", "/home/one/playground:x", "train", " \n", "a playground:x"])
def test_what_is_meant_as_a_file_is_no_shared_state(given: str) -> None:
    assert not is_shared(given)


def test_white_space_without_end_is_not_read() -> None:
    with pytest.raises(ShareError, match="at most"):
        shared_from("\n" * 1_000_000 + text())
    assert not is_shared("\n" * 1_000_000 + text())


def test_a_network_too_large_for_a_text_is_refused_when_it_is_made() -> None:
    with pytest.raises(ShareError, match="too large for a text"):
        share_text(build((2, 4_000, 6_000, 1)), SETTINGS, DATA.source, None)
