"""Edits by hand: what they write, what they leave alone, what undo gives back. Numbers worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from playground.engine import structure
from playground.engine.commands import (
    BIAS,
    Cells,
    Command,
    EndStroke,
    Paint,
    Pause,
    SetCells,
    SetMask,
    SetMaskWhole,
    TransformUnits,
)
from playground.engine.edits import Editor, locate
from playground.engine.journal import Journal
from playground.engine.network import Network
from playground.engine.snapshots import Receipt
from playground.engine.spec import NetworkSpec, build
from playground.engine.transfer import transferred
from tests.engine.properties import checking

# Layer 0 has the neurons 1 2 3 over 2 x 3 pixels: W is 0..17, b 18..20. Layer 4 has 5 6: W 21..26, b 27..28.
SPEC = build((6, 3, 2), input_shape=(2, 3))
COUNT = SPEC.parameter_count  # 29


def made(spec: NetworkSpec = SPEC) -> Network:
    """A network whose parameter k is k, with momentum 1 and second moment 2 everywhere."""
    network = Network.create(spec, "zero", torch.Generator())
    network.parameters.copy_(torch.arange(spec.parameter_count))
    network.first_moment = torch.ones(spec.parameter_count)
    network.second_moment = torch.full((spec.parameter_count,), 2.0)
    return network


def cells(layer: int, pairs: list[tuple[int, int]]) -> Cells:
    return Cells(
        layer, np.array([unit for unit, _ in pairs], np.int64), np.array([source for _, source in pairs], np.int64)
    )


def paint(
    pairs: list[tuple[int, int]], value: float, alpha: float | list[float] = 1.0, *, stroke: int = 1, layer: int = 0
) -> Paint:
    return Paint(stroke, cells(layer, pairs), np.broadcast_to(np.asarray(alpha, np.float32), len(pairs)).copy(), value)


def put(pairs: list[tuple[int, int]], values: list[float], *, stroke: int | None = None, layer: int = 0) -> SetCells:
    return SetCells(cells(layer, pairs), np.array(values, np.float32), "weights set", stroke)


def values(network: Network) -> list[float]:
    found: list[float] = network.parameters.tolist()
    return found


def changed(network: Network) -> dict[int, float]:
    """The parameters that are no longer what `made` made them."""
    return {place: value for place, value in enumerate(values(network)) if value != place}


def off(mask: torch.Tensor | None) -> list[int]:
    return [] if mask is None else torch.nonzero(~mask).flatten().tolist()


def on(mask: torch.Tensor | None) -> list[int]:
    return [] if mask is None else torch.nonzero(mask).flatten().tolist()


class Table:
    """A network, its editor, and the numbers of the commands."""

    def __init__(self, spec: NetworkSpec = SPEC, journal: Journal | None = None) -> None:
        self.network = made(spec)
        self.editor = Editor(journal or Journal())
        self.seq = 0

    def do(self, command: Command) -> Receipt:
        self.seq += 1
        return self.editor.apply(self.network, command, self.seq, step=100)

    def undo(self, seq: int) -> Receipt:
        receipt = self.editor.revert(self.network, seq, step=101)
        assert receipt is not None
        return receipt

    def redo(self, seq: int) -> Receipt:
        receipt = self.editor.reapply(self.network, seq, step=102)
        assert receipt is not None
        return receipt


@pytest.fixture
def table() -> Table:
    return Table()


# ---- finding cells -------------------------------------------------------------------------------------------------


def test_cells_are_found_by_their_ids() -> None:
    flat, kept = locate(SPEC, cells(0, [(1, 0), (2, 5), (3, BIAS), (1, BIAS)]))
    assert flat.tolist() == [0, 11, 20, 18]
    assert kept.all()
    flat, kept = locate(SPEC, cells(4, [(6, 3), (5, 1), (6, BIAS)]))
    assert flat.tolist() == [26, 21, 28]
    assert flat.dtype == np.int64


def test_what_is_gone_is_dropped() -> None:
    flat, kept = locate(SPEC, cells(0, [(1, 0), (9, 0), (2, 6), (2, -2), (5, BIAS), (2, 1)]))
    assert flat.tolist() == [0, 7]
    assert kept.tolist() == [True, False, False, False, False, True]
    flat, kept = locate(SPEC, cells(77, [(1, 0), (2, 0)]))
    assert flat.size == 0
    assert kept.tolist() == [False, False]
    assert locate(SPEC, cells(0, []))[0].size == 0


def test_cells_follow_their_neurons_into_another_structure() -> None:
    smaller = structure.remove_units(SPEC, 0, (1,)).spec  # W of layer 0 is now 2 x 6, of layer 4 2 x 2
    flat, kept = locate(smaller, cells(4, [(6, 3), (6, 1), (5, 2)]))
    assert kept.tolist() == [True, False, True]
    assert flat.tolist() == [12 + 2 + 2 + 1, 12 + 2 + 0]
    wider = structure.duplicate_units(SPEC, 0, (1,)).spec  # order 1, 7, 2, 3
    assert locate(wider, cells(0, [(2, 4)]))[0].tolist() == [2 * 6 + 4]


def test_a_neuron_for_every_source_is_needed() -> None:
    with pytest.raises(ValueError, match="2 neurons and 1 sources do not make cells"):
        locate(SPEC, Cells(0, np.array([1, 2]), np.array([0])))


# ---- painting ------------------------------------------------------------------------------------------------------


def test_paint_moves_towards_the_value_by_alpha(table: Table) -> None:
    receipt = table.do(paint([(1, 2), (2, 0), (3, BIAS)], 10.0, [0.5, 0.25, 1.0]))
    assert changed(table.network) == {2: 2 + 0.5 * 8, 6: 6 + 0.25 * 4, 20: 10.0}
    assert (receipt.seq, receipt.step, receipt.count, receipt.dropped, receipt.message) == (1, 100, 3, 0, "")
    assert receipt.label == "hidden 1: painted"


def test_full_alpha_gives_the_value_exactly(table: Table) -> None:
    table.network.parameters[3] = 1e30
    table.do(paint([(1, 3)], 0.1))
    assert table.network.parameters[3].item() == torch.tensor(0.1).item()


def test_within_a_stroke_the_larger_alpha_counts_from_what_was_there_first(table: Table) -> None:
    table.do(paint([(1, 1), (1, 2)], 11.0, [0.5, 0.2]))
    table.do(paint([(1, 1), (1, 2), (1, 3)], 11.0, [0.1, 0.8, 0.4]))
    assert values(table.network)[1:4] == pytest.approx([1 + 0.5 * 10, 2 + 0.8 * 9, 3 + 0.4 * 8])
    receipt = table.do(paint([(1, 1)], 11.0, 0.75))
    assert values(table.network)[1:4] == pytest.approx([1 + 0.75 * 10, 2 + 0.8 * 9, 3 + 0.4 * 8])
    assert (receipt.seq, receipt.count) == (1, 3)
    np.testing.assert_array_equal(table.network.parameters[4:], torch.arange(4, COUNT))


def test_another_stroke_starts_from_what_is_there_now(table: Table) -> None:
    table.do(paint([(1, 1)], 11.0, 0.5, stroke=1))
    table.do(EndStroke(1))
    receipt = table.do(paint([(1, 1)], 11.0, 0.5, stroke=2))
    assert changed(table.network) == {1: 8.5}
    assert receipt.seq == 3


def test_a_cell_named_twice_in_one_move_counts_once(table: Table) -> None:
    receipt = table.do(paint([(1, 1), (1, 1), (1, 1)], 11.0, [0.1, 0.5, 0.2]))
    assert changed(table.network) == {1: 6.0}
    assert receipt.count == 1
    table.do(put([(2, 1), (2, 1)], [5.0, 6.5]))
    assert table.network.parameters[7] == 6.5


def test_cells_that_the_brush_does_not_reach_are_not_met(table: Table) -> None:
    receipt = table.do(paint([(1, 1), (1, 2)], 11.0, [0.0, 1.0]))
    assert changed(table.network) == {2: 11.0}
    assert receipt.count == 1
    assert on(table.network.held) == [2]


def test_painted_entries_are_held_until_the_mouse_is_up(table: Table) -> None:
    network = table.network
    table.do(paint([(1, 1)], 5.0))
    table.do(paint([(1, 2), (3, BIAS)], 5.0))
    assert on(network.held) == [1, 2, 20]
    stroke = table.editor.open_stroke
    assert stroke is not None
    assert (stroke.id, stroke.seq) == (1, 1)
    assert stroke.indices.tolist() == stroke.before.tolist() == [1, 2, 20]
    receipt = table.do(EndStroke(1))
    assert network.held is None
    assert table.editor.open_stroke is None
    assert (receipt.seq, receipt.count) == (1, 3)
    assert network.movable is None


def test_momentum_is_zeroed_at_paint_and_at_release_and_the_second_moment_stays(table: Table) -> None:
    network = table.network
    assert network.first_moment is not None
    table.do(paint([(1, 1)], 5.0))
    assert on(network.first_moment == 0) == [1]
    network.first_moment[:] = 3.0  # training goes on
    table.do(EndStroke(1))
    assert on(network.first_moment == 0) == [1]
    table.do(put([(2, 0)], [1.0]))
    assert on(network.first_moment == 0) == [1, 6]
    assert network.second_moment is not None
    assert (network.second_moment == 2).all()


def test_a_stroke_ends_before_any_other_edit_and_its_next_move_is_a_new_one(table: Table) -> None:
    table.do(paint([(1, 1)], 5.0, stroke=1))
    table.do(paint([(1, 2)], 6.0, stroke=2))
    assert on(table.network.held) == [2]
    table.do(put([(1, 3)], [7.0]))
    assert table.network.held is None
    receipt = table.do(paint([(1, 3), (1, 4)], 8.0, stroke=1))
    assert (receipt.seq, receipt.count) == (4, 2)
    assert table.do(EndStroke(2)).count == 0  # an end that comes late ends nothing
    assert on(table.network.held) == [3, 4]
    for seq in (4, 3, 2):
        table.undo(seq)
    assert changed(table.network) == {1: 5.0}


def test_without_moments_painting_works_as_well(table: Table) -> None:
    table.network.first_moment = table.network.second_moment = None
    table.do(paint([(1, 1)], 5.0))
    table.do(EndStroke(1))
    assert changed(table.network) == {1: 5.0}


def test_a_drag_of_a_number_is_one_edit_and_the_last_value_counts(table: Table) -> None:
    table.do(put([(2, BIAS)], [1.0], stroke=4))
    table.do(put([(2, BIAS)], [2.0], stroke=4))
    receipt = table.do(put([(2, BIAS)], [-3.0], stroke=4))
    assert (receipt.seq, receipt.count, receipt.label) == (1, 1, "weights set")
    assert on(table.network.held) == [19]
    table.do(EndStroke(4))
    assert changed(table.network) == {19: -3.0}
    table.undo(1)
    assert changed(table.network) == {}


def test_an_end_without_a_stroke_is_no_harm(table: Table) -> None:
    receipt = table.do(EndStroke(9))
    assert (receipt.count, receipt.message) == (0, "")
    assert changed(table.network) == {}


def test_frozen_and_cut_entries_can_be_painted_and_stay_frozen_and_cut(table: Table) -> None:
    table.do(SetMask("movable", cells(0, [(1, 0)]), on=False))
    table.do(SetMask("present", cells(0, [(1, 1)]), on=False))
    table.do(paint([(1, 0), (1, 1)], 5.0))
    table.do(EndStroke(1))
    assert changed(table.network) == {0: 5.0, 1: 5.0}
    assert (off(table.network.movable), off(table.network.present)) == ([0], [1])
    assert table.network.effective()[1] == 0.0


# ---- what cannot be ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 1e39])
@pytest.mark.parametrize("stroke", [None, 3])
def test_impossible_numbers_change_nothing_and_get_a_sentence(table: Table, wrong: float, stroke: int | None) -> None:
    with np.errstate(over="ignore"):
        receipt = table.do(put([(1, 0), (1, 1)], [1.0, wrong], stroke=stroke))
    assert (receipt.count, receipt.dropped) == (0, 0)
    assert "is no weight" in receipt.message
    painted = table.do(paint([(1, 0)], wrong, stroke=3))
    assert painted.count == 0
    assert painted.message.endswith(".")
    assert changed(table.network) == {}
    assert table.network.held is None
    assert table.undo(receipt.seq).count == 0  # there is something to take back, and it is nothing


def test_a_brush_whose_strength_is_no_number_is_refused(table: Table) -> None:
    receipt = table.do(paint([(1, 0), (1, 1)], 5.0, [0.5, math.nan]))
    assert (receipt.count, changed(table.network)) == (0, {})
    assert "not a number" in receipt.message
    table.do(paint([(1, 0)], 5.0, 7.0, stroke=2))  # more than full is full
    assert changed(table.network) == {0: 5.0}


def test_a_refused_move_leaves_the_rest_of_the_stroke(table: Table) -> None:
    table.do(paint([(1, 1)], 5.0))
    refused = table.do(paint([(1, 2)], math.nan))
    last = table.do(paint([(1, 3)], 5.0))
    assert (refused.seq, refused.count, last.seq, last.count) == (1, 0, 1, 2)
    table.undo(1)
    assert changed(table.network) == {}


def test_a_stroke_that_begins_with_a_refused_move_is_still_one_edit(table: Table) -> None:
    table.do(paint([(1, 2)], math.nan))
    receipt = table.do(paint([(1, 3)], 5.0))
    assert (receipt.seq, receipt.count) == (1, 1)
    table.undo(1)
    assert changed(table.network) == {}


def test_garbled_commands_are_refused(table: Table) -> None:
    for command in (
        SetCells(cells(0, [(1, 0)]), np.zeros(2, np.float32), "x"),
        Paint(1, cells(0, [(1, 0)]), np.ones(3, np.float32), 1.0),
        SetCells(Cells(0, np.array([1, 2]), np.array([0])), np.zeros(2, np.float32), "x"),
        SetMask("held", cells(0, [(1, 0)]), on=False),
        SetMaskWhole("nothing", 0, (), on=False),
        TransformUnits(0, (1,), "sharpen"),
        TransformUnits(0, (1,), "scale", math.inf),
        TransformUnits(0, (1,), "scale", 1e38),
        TransformUnits(0, (1,), "blur", -1.0),
    ):
        receipt = table.do(command)
        assert (receipt.count, changed(table.network)) == (0, {}), command
        assert receipt.message.endswith("othing was changed."), command
    assert table.network.held is None


def test_a_command_that_is_no_edit_is_a_mistake_of_the_caller(table: Table) -> None:
    with pytest.raises(TypeError, match="Pause is no edit"):
        table.do(Pause())


def test_what_is_gone_is_left_out_with_a_word(table: Table) -> None:
    receipt = table.do(paint([(1, 0), (9, 0), (1, 6)], 5.0))
    assert (receipt.count, receipt.dropped) == (1, 2)
    assert (
        receipt.message == "2 weights were left out of 'hidden 1: painted': the neurons or inputs they joined are gone."
    )
    assert table.do(paint([(1, 1)], 5.0)).dropped == 2  # of the stroke
    receipt = table.do(put([(1, 0)], [3.0], layer=77))
    assert (receipt.count, receipt.dropped) == (0, 1)
    assert receipt.message.startswith("1 weight was left out")
    for command in (TransformUnits(77, (1,), "zero"), SetMaskWhole("present", 77, (), on=False)):
        assert table.do(command).message == "The layer of this edit is gone: nothing was changed."
    receipt = table.do(TransformUnits(0, (2, 9, 2), "invert"))
    assert (receipt.count, receipt.dropped) == (6, 6)
    receipt = table.do(SetMaskWhole("movable", 4, (9, 5), on=False))
    assert (receipt.count, receipt.dropped) == (4, 4)


# ---- grids ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (TransformUnits(0, (2,), "mirror_horizontal"), [8, 7, 6, 11, 10, 9]),
        (TransformUnits(0, (2,), "mirror_vertical"), [9, 10, 11, 6, 7, 8]),
        (TransformUnits(0, (2,), "shift", dx=1), [0, 6, 7, 0, 9, 10]),
        (TransformUnits(0, (2,), "shift", dy=-1), [9, 10, 11, 0, 0, 0]),
        (TransformUnits(0, (2,), "invert"), [-6, -7, -8, -9, -10, -11]),
        (TransformUnits(0, (2,), "scale", 0.5), [3, 3.5, 4, 4.5, 5, 5.5]),
        (TransformUnits(0, (2,), "zero"), [0, 0, 0, 0, 0, 0]),
    ],
)
def test_grids_of_the_first_layer_are_pictures(table: Table, command: TransformUnits, expected: list[float]) -> None:
    receipt = table.do(command)
    assert values(table.network) == [*range(6), *expected, *range(12, COUNT)]
    assert receipt.count == 6
    table.undo(1)
    assert changed(table.network) == {}


def test_grids_of_later_layers_are_strips(table: Table) -> None:
    table.do(TransformUnits(4, (5,), "shift", dx=-1, dy=1))
    assert values(table.network)[21:] == [22, 23, 0, 24, 25, 26, 27, 28]
    table.do(TransformUnits(4, (6, 5), "mirror_horizontal"))
    assert values(table.network)[21:] == [0, 23, 22, 26, 25, 24, 27, 28]


def test_random_grids_repeat_and_differ_between_neurons(table: Table) -> None:
    other = Table()
    for place in (table, other):
        place.do(TransformUnits(0, (1, 2), "randomise", 0.5, seed=3))
    first = table.network.parameters
    assert torch.equal(first, other.network.parameters)
    assert not torch.equal(first[:6], first[6:12])
    assert values(table.network)[12:] == list(range(12, COUNT))


# ---- masks ---------------------------------------------------------------------------------------------------------


def test_cut_and_heal_bring_the_weight_back(table: Table) -> None:
    network = table.network
    table.do(SetMask("present", cells(4, [(5, 2), (6, BIAS)]), on=False))
    assert off(network.present) == [22, 28]
    assert network.effective()[22] == 0.0
    assert on(network.first_moment == 0) == [22, 28]  # type: ignore[arg-type]
    receipt = table.do(SetMask("present", cells(4, [(5, 2)]), on=True))
    assert receipt.label == "output: joined again"
    assert off(network.present) == [28]
    assert network.effective()[22] == 22.0
    assert changed(network) == {}
    table.undo(2)
    assert off(network.present) == [22, 28]
    table.undo(1)
    assert network.present is None


def test_whole_neurons_and_layers_are_frozen_with_their_biases(table: Table) -> None:
    table.do(SetMaskWhole("movable", 0, (2,), on=False))
    assert off(table.network.movable) == [*range(6, 12), 19]
    receipt = table.do(SetMaskWhole("movable", 4, (), on=False))
    assert off(table.network.movable) == [*range(6, 12), 19, *range(21, 29)]
    assert (receipt.count, receipt.label) == (8, "output: frozen")
    table.undo(1)
    assert off(table.network.movable) == list(range(21, 29))
    table.do(SetMaskWhole("movable", 4, (5,), on=True))
    assert off(table.network.movable) == [24, 25, 26, 28]
    table.undo(2)
    assert table.network.movable is None


def test_freezing_with_a_brush_is_one_edit(table: Table) -> None:
    table.do(SetMask("movable", cells(0, [(1, 0)]), on=False, stroke=2))
    receipt = table.do(SetMask("movable", cells(0, [(1, 0), (1, 1)]), on=False, stroke=2))
    assert (receipt.seq, receipt.count) == (1, 2)
    assert table.network.held is None
    table.do(EndStroke(2))
    assert off(table.network.movable) == [0, 1]
    table.undo(1)
    assert table.network.movable is None
    table.redo(1)
    assert off(table.network.movable) == [0, 1]


def test_a_freeze_leaves_the_momentum_alone(table: Table) -> None:
    table.do(SetMaskWhole("movable", 0, (), on=False))
    assert table.network.first_moment is not None
    assert (table.network.first_moment == 1).all()


# ---- without the stroke --------------------------------------------------------------------------------------------


def test_without_the_stroke_is_as_before_and_then_again_as_painted(table: Table) -> None:
    network = table.network
    network.parameters[5] = math.nan  # a number that does not equal itself comes back as well
    table.do(SetMask("present", cells(0, [(1, 0), (1, 3)]), on=False, stroke=1))
    table.do(paint([(1, 0), (1, 5), (2, 0)], 0.1, [1.0, 1.0, 0.3]))
    network.parameters[1] = 50.0  # learnt while the mouse is down
    painted, mask = network.parameters.clone(), network.present
    with table.editor.without_stroke(network):
        assert values(network)[:5] == [0, 50, 2, 3, 4]
        assert math.isnan(values(network)[5])
        assert values(network)[6] == 6
        assert network.present is None
        assert on(network.held) == [0, 5, 6]
    assert torch.equal(network.parameters.view(torch.int32), painted.view(torch.int32))
    assert mask is not None
    assert torch.equal(network.present, mask)  # type: ignore[arg-type]


def test_without_the_stroke_survives_a_failed_measurement(table: Table) -> None:
    table.do(paint([(1, 0)], 9.0))
    with pytest.raises(RuntimeError, match="measurement"), table.editor.without_stroke(table.network):
        raise RuntimeError("measurement")
    assert changed(table.network) == {0: 9.0}


def test_without_a_stroke_nothing_happens(table: Table) -> None:
    with table.editor.without_stroke(table.network):
        assert changed(table.network) == {}


# ---- taking back ---------------------------------------------------------------------------------------------------


def test_revert_leaves_what_training_learnt_elsewhere(table: Table) -> None:
    network = table.network
    table.do(paint([(1, 1), (2, 0)], 9.0))
    table.do(EndStroke(1))
    network.parameters.add_(0.5)  # training
    receipt = table.undo(1)
    expected = torch.arange(COUNT) + 0.5
    expected[1], expected[6] = 1.0, 6.0
    assert torch.equal(network.parameters, expected)
    assert (receipt.seq, receipt.step, receipt.count, receipt.label) == (1, 101, 2, "hidden 1: painted")


def test_redo_restores_what_the_revert_replaced(table: Table) -> None:
    network = table.network
    table.do(paint([(1, 1)], 9.0))
    table.do(EndStroke(1))
    network.parameters.add_(0.5)
    table.undo(1)
    network.parameters.add_(0.25)
    table.redo(1)
    assert values(network)[:3] == [0.75, 9.5, 2.75]
    table.undo(1)
    assert values(network)[:3] == [0.75, 1.25, 2.75]  # what it had when the edit was redone


def test_reverting_twice_does_nothing_the_second_time(table: Table) -> None:
    table.do(paint([(1, 1)], 9.0))
    table.do(EndStroke(1))
    table.undo(1)
    table.network.parameters[1] = 33.0
    assert table.undo(1).count == 0
    assert table.network.parameters[1] == 33.0
    table.redo(1)
    assert table.redo(1).count == 0


def test_reverting_with_the_mouse_down_ends_the_stroke(table: Table) -> None:
    table.do(paint([(1, 1)], 9.0))
    table.undo(1)
    assert changed(table.network) == {}
    assert table.network.held is None
    assert table.editor.open_stroke is None
    receipt = table.do(paint([(1, 2)], 9.0))
    assert receipt.seq == 2  # the mouse moved on: another edit
    table.undo(2)
    assert changed(table.network) == {}


def test_what_is_no_edit_of_the_journal_is_none(table: Table) -> None:
    assert table.editor.revert(table.network, 5, 0) is None
    assert table.editor.reapply(table.network, 5, 0) is None


def test_momentum_of_what_is_taken_back_is_zeroed(table: Table) -> None:
    table.do(put([(1, 1)], [9.0]))
    assert table.network.first_moment is not None
    table.network.first_moment[:] = 4.0
    table.undo(1)
    assert on(table.network.first_moment == 0) == [1]
    assert table.network.second_moment is not None
    assert (table.network.second_moment == 2).all()


def test_an_edit_that_was_spilled_and_lost_gets_a_sentence(tmp_path: Path) -> None:
    journal = Journal(budget=0, folder=tmp_path)
    table = Table(journal=journal)
    table.do(put([(1, 1)], [9.0]))
    table.do(put([(1, 2)], [9.0]))
    assert table.undo(2).count == 1
    assert journal.folder is not None
    for path in journal.folder.iterdir():
        path.unlink()
    receipt = table.undo(1)
    assert (receipt.count, changed(table.network)) == (0, {1: 9.0})
    assert "cannot be read back" in receipt.message
    journal.close()


# ---- when the structure changes --------------------------------------------------------------------------------------


def restructured(table: Table, change: Any) -> None:
    table.editor.end_all_strokes(table.network)
    table.network, _ = transferred(table.network, change, "zero", torch.Generator())


def test_ending_all_strokes_releases_what_is_held(table: Table) -> None:
    table.do(paint([(1, 1), (1, 2)], 9.0))
    assert table.network.first_moment is not None
    table.network.first_moment[:] = 4.0
    table.editor.end_all_strokes(table.network)
    assert table.network.held is None
    assert table.editor.open_stroke is None
    assert on(table.network.first_moment == 0) == [1, 2]


def test_a_stroke_goes_on_over_a_change_of_structure_as_one_edit(table: Table) -> None:
    table.do(paint([(1, 1), (3, 0)], 9.0))
    restructured(table, structure.remove_units(table.network.spec, 0, (3,)))
    receipt = table.do(put([(1, 1), (1, 2), (3, 1)], [7.0, 7.0, 7.0], stroke=1))
    assert (receipt.seq, receipt.count, receipt.dropped) == (1, 4, 1)
    assert receipt.label == "hidden 1: painted"
    assert on(table.network.held) == [1, 2]
    assert values(table.network)[:4] == [0, 7, 7, 3]
    receipt = table.undo(1)
    assert values(table.network)[:12] == list(range(12))
    assert (receipt.count, receipt.dropped) == (3, 1)
    table.redo(1)
    assert values(table.network)[:4] == [0, 7, 7, 3]


@pytest.mark.parametrize("between", [put([(2, 0)], [1.0]), EndStroke(1), None])
def test_after_an_interruption_and_another_edit_a_move_is_a_new_edit(table: Table, between: Command | None) -> None:
    table.do(paint([(1, 1)], 9.0))
    table.editor.end_all_strokes(table.network)
    if between is None:
        table.undo(1)
    else:
        table.do(between)
    assert table.do(paint([(1, 2)], 9.0)).seq == table.seq > 1


def test_an_edit_is_taken_back_in_another_structure(table: Table) -> None:
    table.do(put([(2, 0), (3, BIAS), (1, 0)], [-1.0, -2.0, -3.0]))
    table.do(put([(6, 2), (6, 1)], [-4.0, -5.0], layer=4))
    table.do(SetMask("present", cells(0, [(3, 5)]), on=False))
    restructured(table, structure.remove_units(table.network.spec, 0, (1,)))
    assert off(table.network.present) == [11]
    assert (table.undo(3).count, table.network.present) == (1, None)
    receipt = table.undo(2)
    assert (receipt.count, receipt.dropped) == (1, 1)
    table.undo(1)
    assert values(table.network) == [*range(6, 18), 19, 20, 22, 23, 25, 26, 27, 28]


# ---- any sequence of edits -----------------------------------------------------------------------------------------

UNIT = st.integers(1, 6)
SOURCE = st.integers(BIAS, 6)
NUMBER = st.floats(-4, 4, width=32)
PAIRS = st.lists(st.tuples(UNIT, SOURCE), min_size=1, max_size=5)
LAYER = st.sampled_from([0, 4])
MASK = st.sampled_from(["movable", "present"])
STROKE = st.integers(1, 2)


@st.composite
def edit_commands(draw: Callable[..., Any]) -> Command:
    kind = draw(st.sampled_from(["paint", "set", "drag", "mask", "brush", "whole", "grid", "end"]))
    layer, pairs = draw(LAYER), draw(PAIRS)
    found = cells(layer, pairs)
    numbers = np.array([draw(NUMBER) for _ in pairs], np.float32)
    units = tuple(draw(st.lists(UNIT, max_size=2)))
    ways: dict[str, Callable[[], Command]] = {
        "paint": lambda: Paint(draw(STROKE), found, (np.abs(numbers) / 4).astype(np.float32), draw(NUMBER)),
        "set": lambda: SetCells(found, numbers, "set"),
        "drag": lambda: SetCells(found, numbers, "drag", draw(STROKE)),
        "mask": lambda: SetMask(draw(MASK), found, draw(st.booleans())),
        "brush": lambda: SetMask(draw(MASK), found, draw(st.booleans()), draw(STROKE)),
        "whole": lambda: SetMaskWhole(draw(MASK), layer, units, draw(st.booleans())),
        "grid": lambda: TransformUnits(
            layer,
            units,
            draw(st.sampled_from(["invert", "scale", "blur", "zero", "randomise", "mirror_vertical", "shift"])),
            draw(st.floats(0, 2)),
            draw(st.integers(-2, 2)),
            draw(st.integers(-2, 2)),
        ),
        "end": lambda: EndStroke(draw(STROKE)),
    }
    return ways[kind]()


def state(network: Network) -> tuple[bytes, list[int], list[int]]:
    return network.parameters.numpy().tobytes(), off(network.movable), off(network.present)


@checking(150)
@given(st.lists(edit_commands(), max_size=12), st.booleans())
def test_undoing_everything_gives_everything_back_and_redoing_too(commands: list[Command], spills: bool) -> None:
    journal = Journal(budget=0 if spills else 10**9)
    table = Table(journal=journal)
    before = state(table.network)
    seqs: list[int] = []
    for command in commands:
        seq = table.do(command).seq
        if seq not in seqs and not isinstance(command, EndStroke):
            seqs.append(seq)
    table.do(EndStroke(0))
    after = state(table.network)
    for _ in range(2):
        for seq in reversed(seqs):
            table.undo(seq)
        assert state(table.network) == before
        for seq in seqs:
            table.redo(seq)
        assert state(table.network) == after
    assert table.network.held is None
    journal.close()


@checking(100)
@given(edit_commands(), st.integers(0, 2**31))
def test_an_edit_touches_the_entries_that_it_names_and_its_revert_too(command: Command, seed: int) -> None:
    table = Table()
    before = table.network.parameters.clone()
    table.do(command)
    named = set(changed(table.network)) | set(off(table.network.movable)) | set(off(table.network.present))
    assert named <= _named(command)
    drift = torch.rand(COUNT, generator=torch.Generator().manual_seed(seed))
    outside = torch.tensor([place not in _named(command) for place in range(COUNT)])
    table.network.parameters.add_(drift)  # training goes on everywhere
    learnt = table.network.parameters.clone()
    receipt = table.editor.revert(table.network, 1, 0)
    if receipt is None:
        assert isinstance(command, EndStroke)
        return
    assert torch.equal(table.network.parameters[outside], learnt[outside])
    for place in range(COUNT):
        now = table.network.parameters[place]
        assert now in (before[place], learnt[place])
        if place in named and not isinstance(command, SetMask | SetMaskWhole):
            assert now == before[place]


def _named(command: Command) -> set[int]:
    """The flat indices that a command names, counted out one by one."""
    found: set[int] = set()
    units = {0: (1, 2, 3), 4: (5, 6)}
    sources = {0: tuple(range(6)), 4: (1, 2, 3)}
    start = {0: 0, 4: 21}

    def add(layer: int, unit: int, source: int) -> None:
        if unit not in units[layer] or source not in (*sources[layer], BIAS):
            return
        row, width = units[layer].index(unit), len(sources[layer])
        biases = start[layer] + len(units[layer]) * width
        place = biases + row if source == BIAS else start[layer] + row * width + sources[layer].index(source)
        found.add(place)

    if isinstance(command, Paint | SetCells | SetMask):
        for unit, source in zip(command.cells.units.tolist(), command.cells.sources.tolist(), strict=True):
            add(command.cells.layer, unit, source)
    elif isinstance(command, TransformUnits | SetMaskWhole):
        chosen = command.units or (units[command.layer] if isinstance(command, SetMaskWhole) else ())
        ends = (BIAS,) if isinstance(command, SetMaskWhole) else ()
        for unit in chosen:
            for source in (*sources[command.layer], *ends):
                add(command.layer, unit, source)
    return found


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_edits_on_a_gpu_are_those_on_the_cpu() -> None:
    tables = [Table(), Table()]
    tables[1].network = tables[1].network.to("cuda")
    for table in tables:
        table.do(paint([(1, 0), (1, 5), (2, 0)], 0.1, [1.0, 0.7, 0.3]))
        with table.editor.without_stroke(table.network):
            assert changed(table.network) == {}
        table.do(SetMaskWhole("present", 4, (5,), on=False))
        table.do(TransformUnits(0, (2,), "blur", 1.0))
        table.undo(1)
        table.redo(1)
    assert tables[1].network.parameters.is_cuda
    assert state(tables[0].network) == state(tables[1].network.to("cpu"))
