"""Examples and data sets: types, added examples, descriptions from files that somebody else wrote."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine.datasets import (
    Cancelled,
    DataError,
    DataSet,
    Examples,
    data_from_source,
)
from playground.engine.digits import digits_data


def _examples(count: int, features: int = 6, dtype: Any = np.uint8) -> Examples:
    inputs = (np.arange(count * features) % 256).reshape(count, features).astype(dtype)
    return Examples(inputs, np.arange(count, dtype=np.int64) % 3)


def _data(dtype: Any = np.uint8) -> DataSet:
    return DataSet(
        name="Toy",
        source={"kind": "toy"},
        input_shape=(2, 3),
        classes=("a", "b", "c"),
        train=_examples(9, dtype=dtype),
        validation=_examples(3, dtype=dtype),
        test=_examples(0, dtype=dtype),
        detail="2 × 3",
    )


def test_examples_are_read_only_and_leave_the_given_array_alone() -> None:
    inputs = np.zeros((2, 3), np.uint8)
    examples = Examples(inputs, np.array([0, 1]))
    with pytest.raises(ValueError, match="read-only"):
        examples.inputs[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        examples.labels[0] = 1
    assert inputs.flags.writeable
    assert examples.labels.dtype == np.int64
    assert len(examples) == 2
    assert examples.features == 3


def test_as_float_is_a_fresh_writable_copy_within_0_and_1() -> None:
    examples = Examples(np.array([[0, 51, 255]], np.uint8), np.array([0]))
    values = examples.as_float()
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, np.array([[0.0, 0.2, 1.0]], np.float32))
    values[:] = 7
    assert examples.inputs.max() == 255
    real = Examples(np.array([[0.5, -3.0]], np.float32), np.array([0]))
    copy = real.as_float()
    copy[:] = 7
    np.testing.assert_array_equal(real.inputs, np.array([[0.5, -3.0]], np.float32))


@pytest.mark.parametrize(
    ("inputs", "labels"),
    [
        (np.zeros((2, 3), np.uint8), np.zeros(3, np.int64)),
        (np.zeros(3, np.uint8), np.zeros(3, np.int64)),
        (np.zeros((2, 3), np.uint8), np.zeros((2, 1), np.int64)),
        (np.zeros((2, 3), np.float64), np.zeros(2, np.int64)),
    ],
)
def test_examples_that_do_not_belong_together(inputs: Any, labels: Any) -> None:
    with pytest.raises(DataError):
        Examples(inputs, labels)


def test_taken_keeps_the_order_asked_for() -> None:
    taken = _examples(9).taken([4, 0, 4])
    np.testing.assert_array_equal(taken.inputs, _examples(9).inputs[[4, 0, 4]])
    np.testing.assert_array_equal(taken.labels, [1, 0, 1])
    assert len(_examples(9).taken([])) == 0
    assert len(_examples(9).taken(slice(2, 5))) == 3


@given(st.lists(st.floats(0, 1, width=32), min_size=6, max_size=6))
def test_added_float_drawings_become_the_nearest_bytes(values: list[float]) -> None:
    data = _data().with_added(np.array(values, np.float32).reshape(2, 3), 2)
    assert data.train.inputs.dtype == np.uint8
    assert np.abs(data.train.inputs[-1] / 255 - values).max() <= 0.5 / 255 + 1e-6
    assert data.train.labels[-1] == 2


def test_added_examples_come_last_and_can_be_taken_back() -> None:
    data = _data()
    more = data.with_added(np.full((2, 6), 9, np.uint8), [1, 2]).with_added(np.full(6, 7, np.uint8), 0)
    assert (len(more.train), more.added) == (12, 3)
    np.testing.assert_array_equal(more.train.inputs[-3:, 0], [9, 9, 7])
    np.testing.assert_array_equal(more.train.labels[-3:], [1, 2, 0])
    assert len(data.train) == 9
    fewer = more.without_added(1)
    assert (len(fewer.train), fewer.added) == (11, 2)
    clean = more.without_added()
    assert clean.added == 0
    np.testing.assert_array_equal(clean.train.inputs, data.train.inputs)
    assert clean.without_added(5).added == 0
    assert len(clean.without_added(5).train) == 9


def test_added_bytes_become_fractions_among_floats() -> None:
    data = _data(np.float32).with_added(np.full(6, 51, np.uint8), 0)
    assert data.train.inputs.dtype == np.float32
    np.testing.assert_allclose(data.train.inputs[-1], 0.2)


@pytest.mark.parametrize(
    ("inputs", "labels"),
    [(np.zeros(5, np.uint8), 0), (np.zeros(6, np.uint8), 3), (np.zeros(6, np.uint8), -1), (np.zeros(6), [0, 1])],
)
def test_what_cannot_be_added(inputs: Any, labels: Any) -> None:
    with pytest.raises(DataError, match="nothing was added"):
        _data().with_added(inputs, labels)


def test_a_data_set_checks_its_parts() -> None:
    with pytest.raises(DataError, match="mixes inputs"):
        DataSet("x", {}, (5,), ("a", "b", "c"), _examples(3), _examples(3), _examples(0), "")
    with pytest.raises(DataError, match="beyond its 2 classes"):
        DataSet("x", {}, (6,), ("a", "b"), _examples(3), _examples(3), _examples(0), "")


def test_source_is_json_and_cannot_be_changed() -> None:
    data = digits_data("easy", 1, (20, 10, 10))
    assert json.loads(json.dumps(dict(data.source))) == dict(data.source)
    with pytest.raises(TypeError):
        data.source["seed"] = 2  # type: ignore[index]


def test_a_data_set_is_built_again_from_its_source() -> None:
    data = digits_data("medium", 5, (40, 10, 20))
    again = data_from_source(json.loads(json.dumps(dict(data.source))))
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(again, part).inputs, getattr(data, part).inputs)
        np.testing.assert_array_equal(getattr(again, part).labels, getattr(data, part).labels)
    assert (again.name, again.detail, again.classes) == (data.name, data.detail, data.classes)


def test_another_test_part_must_fit() -> None:
    data = digits_data("easy", 0, (20, 10, 10))
    other = digits_data("easy", 9, (20, 10, 30)).test
    swapped = data.with_test(other, {"kind": "idx", "paths": ["x"]}, "others")
    assert len(swapped.test) == 30
    assert swapped.source["test"] == {"kind": "idx", "paths": ["x"]}
    with pytest.raises(DataError, match="same size"):
        data.with_test(_examples(3), {}, "small ones")
    wrong = Examples(np.zeros((1, 784), np.uint8), np.array([10]))
    with pytest.raises(DataError, match="same classes"):
        data.with_test(wrong, {}, "eleven classes")


def test_digits_tested_on_other_digits_are_built_again() -> None:
    other = digits_data("medium", 9, (1, 0, 30))
    data = digits_data("easy", 0, (20, 10, 10)).with_test(other.test, other.source, other.detail)
    again = data_from_source(json.loads(json.dumps(dict(data.source))))
    np.testing.assert_array_equal(again.test.inputs, other.test.inputs)
    assert again.detail == data.detail


def test_cancelling_breaks_off() -> None:
    with pytest.raises(Cancelled):
        data_from_source({"kind": "digits", "sizes": [20, 10, 10]}, cancelled=lambda: True)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
_small = st.integers(-2, 40) | _json


@settings(max_examples=150, deadline=None)
@given(
    st.fixed_dictionaries(
        {"sizes": st.lists(_small, min_size=3, max_size=3) | _json},
        optional={
            "kind": st.sampled_from(["digits", "idx"]) | _json,
            "preset": st.sampled_from(["easy", "medium"]) | _json,
            "seed": _small,
            "paths": st.lists(st.text(max_size=8), max_size=3) | _json,
            "split": _json,
            "validation": _json,
            "classes": _json,
            "test": st.fixed_dictionaries({"kind": st.just("idx")}, optional={"paths": _json}) | _json,
        },
    )
    | _json
)
def test_hostile_descriptions_end_in_a_sentence_or_in_data(source: Any) -> None:
    sentence, count = "", 1
    try:
        count = len(data_from_source(source).train)
    except DataError as error:
        sentence = str(error)
    assert sentence == "" or sentence.endswith(".")
    assert 1 <= count <= 40


def test_huge_sizes_are_refused_before_anything_is_drawn() -> None:
    with pytest.raises(DataError, match="500,000"):
        data_from_source({"kind": "digits", "sizes": [10**12, 1, 1]})
