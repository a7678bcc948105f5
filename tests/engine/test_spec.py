"""The description of a network: its sums, its layout in the flat buffer, what is read from texts and files."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.spec import (
    MAX_LAYERS,
    LayerSpec,
    NetworkSpec,
    SpecError,
    build,
    check_size,
    parse_widths,
    spec_from_json,
    spec_to_json,
)
from tests.engine.properties import checking

FILM = build((784, 16, 16, 10), input_shape=(28, 28))


def test_the_network_of_the_film_has_13002_parameters() -> None:
    assert FILM.parameter_count == 784 * 16 + 16 * 16 + 16 * 10 + 42 == 13_002
    assert FILM.parameter_sum == "784·16 + 16·16 + 16·10 + 42 = 13,002"
    assert FILM.text == "784-16-16-10"
    assert (FILM.inputs, FILM.outputs) == (784, 10)
    assert [FILM.layer_name(index) for index in range(3)] == ["hidden 1", "hidden 2", "output"]


def test_layout_is_weight_after_weight_row_by_row_then_bias() -> None:
    first, second, third = FILM.slots
    assert (first.weight, first.bias) == (slice(0, 12_544), slice(12_544, 12_560))
    assert (second.weight, second.bias) == (slice(12_560, 12_816), slice(12_816, 12_832))
    assert (third.weight, third.bias) == (slice(12_832, 12_992), slice(12_992, 13_002))
    assert third.whole == slice(12_832, 13_002)
    assert [(slots.rows, slots.columns) for slots in FILM.slots] == [(16, 784), (16, 16), (10, 16)]


def test_ids_are_counted_up_and_sources_are_pixels_then_neurons() -> None:
    small = build((3, 2, 1), first_id=5)
    assert [(layer.id, layer.units) for layer in small.layers] == [(5, (6, 7)), (8, (9,))]
    assert small.next_id == 10
    assert list(small.sources(0)) == [0, 1, 2]
    assert small.sources(1) == (6, 7)
    assert small.index_of(8) == 1
    assert small.index_of(6) is None


@pytest.mark.parametrize(
    ("text", "widths"),
    [
        ("784-16-16-10", (784, 16, 16, 10)),
        ("  784 - 16 -16- 10 ", (784, 16, 16, 10)),
        ("784–16−16×10", (784, 16, 16, 10)),
        ("1-1", (1, 1)),
        ("007-2", (7, 2)),
        ("6\t-\n1", (6, 1)),
    ],
)
def test_typed_widths(text: str, widths: tuple[int, ...]) -> None:
    assert parse_widths(text) == widths


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "for example 784-16-16-10"),
        ("   ", "for example 784-16-16-10"),
        ("784--16", "no number at place 2"),
        ("784-16-16-10-", "no number at place 5"),
        ("-784-10", "no number at place 1"),
        ("-", "no number at place 1"),
        ("0-0", "0 neurons (place 1)"),
        ("784-0-10", "0 neurons (place 2)"),
        ("784", "is one number"),
        ("784 16-10", "'784 16' at place 1 is no width"),
        ("784-sixteen-10", "'sixteen' at place 2 is no width"),
        ("784-1e3-10", "'1e3' at place 2"),
        ("784-1.5-10", "'1.5' at place 2"),
        ("784-+16-10", "'+16' at place 2"),
        ("٧٨٤-١٦-١٠", "at place 1 is no width"),  # Arabic digits
        ("784-１６-10", "at place 2 is no width"),  # full-width digits
        ("784-²-10", "at place 2 is no width"),
        ("784-99999999999999999999-10", "at place 2 is no width"),
        ("784-999999999-10", "do not fit in memory"),
        ("1-200000000-1", "do not fit in memory"),
        ("2-" * (MAX_LAYERS + 1) + "2", f"more than {MAX_LAYERS}"),
        ("784-16\x00-10", "at place 2 is no width"),
    ],
)
def test_hostile_texts_get_a_sentence(text: str, says: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse_widths(text)
    assert says in str(caught.value)
    assert len(str(caught.value)) < 200


@checking()
@given(st.text(max_size=60))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    try:
        widths = parse_widths(text)
    except SpecError:
        return
    assert len(widths) >= 2
    assert all(width > 0 for width in widths)


@checking()
@given(st.lists(st.integers(1, 300), min_size=2, max_size=12))
def test_what_text_writes_parse_reads(widths: list[int]) -> None:
    assert parse_widths(build(widths).text) == tuple(widths)


def test_building_refuses_what_cannot_be() -> None:
    with pytest.raises(SpecError, match="28 × 28 = 784 input values, the network takes 10"):
        build((10, 2), input_shape=(28, 28))
    with pytest.raises(SpecError, match="'sine' is no activation"):
        build((4, 2), activation="sine")
    with pytest.raises(SpecError, match="at least one value"):
        build((4,))
    with pytest.raises(SpecError, match="at least one value"):
        build((4, 0, 2))


def test_size_is_bounded_in_parameters_and_in_neurons() -> None:
    check_size((20_000, 10_000, 10_000))
    with pytest.raises(SpecError, match="400,020,000 parameters; more than 400,000,000"):
        check_size((20_000, 20_000, 0))
    with pytest.raises(SpecError, match="1,000,001 neurons; more than 1,000,000"):
        check_size((1, 1_000_000, 1))


# ---- as JSON -----------------------------------------------------------------------------------------------------


def test_json_round_trip_with_gaps_between_ids() -> None:
    layers = (LayerSpec(3, (4, 5, 9, 6), "relu", 0.25), LayerSpec(7, (8,), "softplus"))
    spec = NetworkSpec((2, 3), layers, next_id=12, version=4)
    written = json.loads(json.dumps(spec_to_json(spec)))
    assert written["layers"][0]["units"] == [[4, 2], [9, 1], [6, 1]]
    assert spec_from_json(written) == spec


def _broken(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    written = copy.deepcopy(spec_to_json(build((6, 3, 2))))
    target: Any = written
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return written


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("input_shape",), []),
        (("input_shape",), [6, 0]),
        (("input_shape",), [1, 1, 1, 1, 6]),
        (("input_shape",), [-6]),
        (("input_shape",), "6"),
        (("input_shape",), None),
        (("input_shape",), [6.0]),
        (("input_shape",), [True]),
        (("layers",), []),
        (("layers",), {}),
        (("layers",), 3),
        (("layers",), [{}]),
        (("layers",), "layers"),
        (("next_id",), 6),
        (("next_id",), "9"),
        (("next_id",), -1),
        (("version",), 1.5),
        (("layers", 0, "units"), []),
        (("layers", 0, "units"), [[1, 2, 3]]),
        (("layers", 0, "units"), [[1]]),
        (("layers", 0, "units"), [1, 2, 3]),
        (("layers", 0, "units"), "ab"),
        (("layers", 0, "units"), [[1, 0]]),
        (("layers", 0, "units"), [[1, 399_000_000]]),
        (("layers", 0, "units"), [[1, 2**52], [3, 2**52]]),
        (("layers", 0, "units"), [[5, 2]]),
        (("layers", 0, "units"), [[1, 2], [2, 1]]),
        (("layers", 0, "id"), 4),
        (("layers", 0, "id"), None),
        (("layers", 0, "activation"), "sine"),
        (("layers", 0, "activation"), ["relu"]),
        (("layers", 1, "activation"), "gelu"),
        (("layers", 0, "dropout"), 1),
        (("layers", 0, "dropout"), float("nan")),
        (("layers", 0, "dropout"), "0"),
        (("layers", 0, "dropout"), True),
    ],
)
def test_tampered_descriptions_get_a_sentence(path: tuple[Any, ...], value: Any) -> None:
    with pytest.raises(SpecError) as caught:
        spec_from_json(_broken(path, value))
    assert str(caught.value).endswith((".", ")"))
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("value", [None, 3, "spec", [], {}, {"input_shape": [2]}])
def test_what_is_no_description_gets_a_sentence(value: Any) -> None:
    with pytest.raises(SpecError):
        spec_from_json(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**60) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@checking(200)
@given(st.sampled_from(["input_shape", "layers", "next_id", "version"]), JSON)
def test_no_value_in_any_place_escapes(key: str, value: Any) -> None:
    try:
        spec = spec_from_json(_broken((key,), value))
    except SpecError:
        return
    assert spec_from_json(spec_to_json(spec)) == spec


@checking(200)
@given(st.sampled_from(["id", "units", "activation", "dropout"]), JSON)
def test_no_value_in_a_layer_escapes(key: str, value: Any) -> None:
    try:
        spec = spec_from_json(_broken(("layers", 0, key), value))
    except SpecError:
        return
    assert spec_from_json(spec_to_json(spec)) == spec
