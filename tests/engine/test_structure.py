"""Changes of structure: from spec to spec, with ids that are never used twice."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine import structure
from playground.engine.commands import Restructure
from playground.engine.spec import (
    ACTIVATIONS,
    MAX_LAYERS,
    OUTPUT_ACTIVATIONS,
    NetworkSpec,
    SpecError,
    build,
    spec_from_json,
    spec_to_json,
)
from tests.engine.properties import checking

# 6-3-4-2: hidden 1 is layer 0 with neurons 1 2 3, hidden 2 is 4 with 5 6 7 8, the output is 9 with 10 11
SPEC = build((6, 3, 4, 2), activation="relu")


def units(change: Restructure) -> list[tuple[int, ...]]:
    return [layer.units for layer in change.spec.layers]


def test_added_neurons_stand_last_under_fresh_ids() -> None:
    change = structure.add_units(SPEC, 0, 2)
    assert units(change) == [(1, 2, 3, 12, 13), (5, 6, 7, 8), (10, 11)]
    assert (change.spec.next_id, change.spec.version) == (14, 1)
    assert change.label == "2 neurons added to hidden 1"
    assert structure.add_units(SPEC, 4).label == "1 neuron added to hidden 2"
    assert SPEC.version == 0


def test_removed_neurons_are_the_named_ones_or_the_last() -> None:
    assert units(structure.remove_units(SPEC, 4, (5, 7)))[1] == (6, 8)
    assert units(structure.remove_units(SPEC, 4))[1] == (5, 6, 7)
    assert structure.remove_units(SPEC, 4, (5, 7, 99)).label == "2 neurons removed from hidden 2"


def test_a_copy_stands_behind_its_original() -> None:
    change = structure.duplicate_units(SPEC, 4, (7, 5))
    assert units(change)[1] == (5, 12, 6, 7, 13, 8)
    assert change.copies == ((12, 5), (13, 7))
    assert change.label == "2 neurons of hidden 2 duplicated"


def test_an_inserted_layer_is_as_wide_as_what_feeds_it() -> None:
    change = structure.insert_layer(SPEC, 9, activation="tanh")
    assert change.spec.text == "6-3-4-4-2"
    fresh = change.spec.layers[2]
    assert (fresh.id, fresh.units, fresh.activation) == (12, (13, 14, 15, 16), "tanh")
    assert change.near_identity == (12,)
    assert structure.insert_layer(SPEC, 0).spec.text == "6-3-3-4-2"
    assert structure.insert_layer(SPEC, 4, 7).spec.text == "6-3-7-4-2"
    assert structure.insert_layer(build((6, 2)), 0).spec.text == "6-2-2"


def test_layers_go_and_move() -> None:
    assert structure.remove_layer(SPEC, 0).spec.text == "6-4-2"
    assert structure.remove_layer(SPEC, 0).label == "hidden 1 removed"
    moved = structure.move_layer(SPEC, 4, -1)
    assert [layer.id for layer in moved.spec.layers] == [4, 0, 9]
    assert moved.label == "hidden 2 moved"


def test_activation_and_dropout() -> None:
    assert structure.set_activation(SPEC, 0, "gelu").spec.layers[0].activation == "gelu"
    assert structure.set_activation(SPEC, 0, "gelu").label == "hidden 1: GELU"
    assert structure.set_activation(SPEC, 9, "identity").spec.layers[2].activation == "identity"
    changed = structure.set_dropout(SPEC, 4, 0.5)
    assert changed.spec.layers[1].dropout == 0.5
    assert changed.label == "hidden 2: dropout 0.5"


def test_typed_widths_keep_what_they_can() -> None:
    change = structure.retyped(SPEC, "6-2-4-5-2")
    assert units(change) == [(1, 2), (5, 6, 7, 8), (13, 14, 15, 16, 17), (10, 11)]
    assert [layer.id for layer in change.spec.layers] == [0, 4, 12, 9]
    assert change.spec.layers[2].activation == "relu"
    assert change.spec.next_id == 18
    assert units(structure.retyped(SPEC, "6-5-2")) == [(1, 2, 3, 12, 13), (10, 11)]
    assert structure.retyped(SPEC, "6-2").spec.text == "6-2"


def test_typed_inputs_and_outputs_count_only_where_no_data_set_them() -> None:
    free = structure.retyped(SPEC, "9-3-4-3", fixed_inputs=False)
    assert free.spec.input_shape == (9,)
    assert units(free)[-1] == (10, 11, 12)
    assert free.spec.next_id == 13
    with pytest.raises(SpecError, match="must begin with 6 and end with 2"):
        structure.retyped(SPEC, "9-3-4-2")
    with pytest.raises(SpecError, match="must begin with 6 and end with 2"):
        structure.retyped(SPEC, "6-3-4-3")


def test_fitting_to_data_changes_the_ends_only() -> None:
    change = structure.fitted_to(SPEC, (2, 4), 5)
    assert change.spec.text == "8-3-4-5"
    assert units(change) == [(1, 2, 3), (5, 6, 7, 8), (10, 11, 12, 13, 14)]
    assert change.spec.next_id == 15
    assert change.label == "fitted to 2 × 4 inputs, 5 outputs"
    assert units(structure.fitted_to(SPEC, (6,), 1))[-1] == (10,)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: structure.add_units(SPEC, 9), "follows the classes of the data"),
        (lambda: structure.add_units(SPEC, 77), "That layer is gone"),
        (lambda: structure.add_units(SPEC, 0, 0), "one neuron or more"),
        (lambda: structure.add_units(SPEC, 0, -2), "one neuron or more"),
        (lambda: structure.add_units(SPEC, 0, 10**12), "do not fit in memory"),
        (lambda: structure.remove_units(SPEC, 0, (1, 2, 3)), "The last neuron of hidden 1 must stay"),
        (lambda: structure.remove_units(SPEC, 0, (5, 6)), "are gone already"),
        (lambda: structure.remove_units(SPEC, 9, (10,)), "follows the classes"),
        (lambda: structure.remove_units(build((2, 1, 1)), 0), "The last neuron"),
        (lambda: structure.duplicate_units(SPEC, 0, ()), "Select the neurons"),
        (lambda: structure.duplicate_units(SPEC, 0, (5,)), "Select the neurons"),
        (lambda: structure.insert_layer(SPEC, 77), "That layer is gone"),
        (lambda: structure.insert_layer(SPEC, 0, 0), "at least one neuron"),
        (lambda: structure.insert_layer(SPEC, 0, -1), "at least one neuron"),
        (lambda: structure.insert_layer(SPEC, 0, 10**10), "do not fit in memory"),
        (lambda: structure.insert_layer(SPEC, 0, 2, "sine"), "no activation"),
        (lambda: structure.insert_layer(build([2] * (MAX_LAYERS + 1)), 0), f"has {MAX_LAYERS} layers already"),
        (lambda: structure.remove_layer(SPEC, 9), "follows the classes"),
        (lambda: structure.remove_layer(build((40_000, 2, 40_000)), 0), "do not fit in memory"),
        (lambda: structure.move_layer(SPEC, 0, -1), "Hidden 1 cannot move further"),
        (lambda: structure.move_layer(SPEC, 4, 1), "Hidden 2 cannot move further"),
        (lambda: structure.move_layer(SPEC, 9, -1), "follows the classes"),
        (lambda: structure.set_activation(SPEC, 9, "gelu"), "cannot be the activation of output"),
        (lambda: structure.set_activation(SPEC, 0, "softmax"), "cannot be the activation of hidden 1"),
        (lambda: structure.set_activation(SPEC, 77, "relu"), "That layer is gone"),
        (lambda: structure.set_dropout(SPEC, 0, 1.0), "between 0 and 1"),
        (lambda: structure.set_dropout(SPEC, 0, -0.1), "between 0 and 1"),
        (lambda: structure.set_dropout(SPEC, 0, math.nan), "between 0 and 1"),
        (lambda: structure.set_dropout(SPEC, 9, 0.1), "follows the classes"),
        (lambda: structure.retyped(SPEC, "6-3--2"), "no number at place 3"),
        (lambda: structure.fitted_to(SPEC, (6,), 0), "at least one"),
        (lambda: structure.fitted_to(SPEC, (), 2), "at least one"),
        (lambda: structure.fitted_to(SPEC, (0, 3), 2), "at least one"),
        (lambda: structure.fitted_to(SPEC, (6,), 10**12), "do not fit in memory"),
        (lambda: structure.fitted_to(SPEC, (10**9, 10**9), 2), "do not fit in memory"),
    ],
)
def test_what_cannot_be_gets_a_sentence(make: Callable[[], Restructure], says: str) -> None:
    with pytest.raises(SpecError, match=says) as caught:
        make()
    assert str(caught.value).endswith((".", ")"))


# ---- any sequence of changes -------------------------------------------------------------------------------------

STEP = st.tuples(
    st.sampled_from(["add", "remove", "duplicate", "insert", "drop", "move", "activation", "dropout", "type", "fit"]),
    st.integers(0, 7),
    st.integers(0, 7),
    st.integers(1, 5),
)


def changed(spec: NetworkSpec, step: tuple[str, int, int, int]) -> Restructure:
    kind, where, which, size = step
    layer = spec.layers[where % len(spec.layers)]
    unit = layer.units[which % layer.width]
    ways: dict[str, Callable[[], Restructure]] = {
        "add": lambda: structure.add_units(spec, layer.id, size),
        "remove": lambda: structure.remove_units(spec, layer.id, (unit,)),
        "duplicate": lambda: structure.duplicate_units(spec, layer.id, (unit,)),
        "insert": lambda: structure.insert_layer(spec, layer.id, size, ACTIVATIONS[which]),
        "drop": lambda: structure.remove_layer(spec, layer.id),
        "move": lambda: structure.move_layer(spec, layer.id, size - 3),
        "activation": lambda: structure.set_activation(spec, layer.id, ACTIVATIONS[which]),
        "dropout": lambda: structure.set_dropout(spec, layer.id, which / 8),
        "type": lambda: structure.retyped(spec, f"{spec.inputs}-{size}-{which + 1}-{spec.outputs}"),
        "fit": lambda: structure.fitted_to(spec, (size, which + 1), size),
    }
    return ways[kind]()


@checking(150)
@given(st.lists(STEP, max_size=12))
def test_any_sequence_leaves_a_sound_structure(steps: list[tuple[str, int, int, int]]) -> None:
    spec = build((6, 3, 4, 2))
    names = {(layer.id, unit) for layer in spec.layers for unit in layer.units}  # ever seen
    for step in steps:
        try:
            change = changed(spec, step)
        except SpecError:
            continue
        new = change.spec
        ids = [layer.id for layer in new.layers] + [unit for layer in new.layers for unit in layer.units]
        assert len(set(ids)) == len(ids)
        assert max(ids) < new.next_id
        assert new.next_id >= spec.next_id
        assert new.version == spec.version + 1
        assert spec_from_json(json.loads(json.dumps(spec_to_json(new)))) == new
        assert new.layers[-1].id == spec.layers[-1].id
        assert new.layers[-1].activation in OUTPUT_ACTIVATIONS
        assert new.slots[-1].bias.stop == sum((a + 1) * b for a, b in zip(new.widths, new.widths[1:], strict=False))
        fresh = {(layer.id, unit) for layer in new.layers for unit in layer.units} - names
        assert all(unit >= spec.next_id for _, unit in fresh)  # nothing comes back under an id that was used
        names |= fresh
        assert change.label
        spec = new
