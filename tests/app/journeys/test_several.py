"""The inspector of several neurons, and of none."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from playground.engine.snapshots import Snapshot
from tests.app.journeys.desk import Desk


def select_two_layers(desk: Desk) -> None:
    layers = desk.document.spec.layers
    desk.view.selection.set(
        [(layers[0].id, layers[0].units[2]), (layers[0].id, layers[0].units[5]), (layers[1].id, layers[1].units[3])]
    )
    desk.settle()


@pytest.mark.parametrize(
    ("button", "label"),
    [
        ("group_transform_invert", "invert 3 neurons of 2 layers"),
        ("group_transform_randomise", "randomise 3 neurons of 2 layers"),
        ("group_freeze", "freeze 3 neurons of 2 layers"),
        ("group_duplicate", "3 neurons of 2 layers duplicated"),
        ("group_delete", "3 neurons of 2 layers removed"),
    ],
)
def test_what_is_done_to_neurons_of_two_layers_is_one_step_of_undo(button: str, label: str, desk: Desk) -> None:
    select_two_layers(desk)
    before, spec, entries = desk.snapshot, desk.document.spec.text, desk.document.undo_stack.count()
    desk.click(button)
    desk.settle()
    stack = desk.document.undo_stack
    assert (stack.count(), stack.undoText()) == (entries + 1, label)
    after = desk.snapshot
    if button != "group_freeze":  # it changes no answer
        assert_measured(desk, before)
    assert not np.array_equal(after.parameters, before.parameters) or after.movable is not None
    desk.undo()
    assert desk.document.spec.text == spec
    np.testing.assert_array_equal(desk.parameters, before.parameters)
    assert desk.snapshot.movable is None or desk.snapshot.movable.all()
    stack.redo()
    desk.settle()
    np.testing.assert_array_equal(desk.parameters, after.parameters)


def assert_measured(desk: Desk, before: Snapshot) -> None:
    """Assert that the card shows what the change did: from the figures before it to those now, at the same step."""
    desk.wait(lambda: desk.snapshot.evaluation is not None and desk.snapshot.evaluation.after_seq >= before.applied_seq)
    effect, was, now = desk.snapshot.stroke_effect, before.evaluation, desk.snapshot.evaluation
    assert effect is not None
    assert was is not None
    assert now is not None
    assert (effect.step, effect.is_open) == (before.step, False)
    assert effect.without.loss == pytest.approx(was.validation.loss, rel=1e-5)
    assert effect.with_stroke.loss == pytest.approx(now.validation.loss, rel=1e-5)
    accuracy, loss = desk.view.inspector.card.rows()[:2]
    assert (accuracy.name, loss.name) == ("validation accuracy", "validation loss")
    assert accuracy.without == f"{was.validation.accuracy:.1%}".replace("%", " %")
    assert loss.without == f"{was.validation.loss:.3f}"
    assert loss.now == f"{now.validation.loss:.3f}"


def test_what_is_done_to_edges_is_measured(desk: Desk) -> None:
    first, second, last = desk.document.spec.layers
    edges = [(last.id, last.units[3], unit) for unit in second.units[:8]]
    desk.view.selection.set([], edges)
    desk.settle()
    before = desk.snapshot
    desk.trigger("network.cut")
    desk.settle()
    assert_measured(desk, before)
    desk.view.selection.set([], [*edges[:2], (second.id, second.units[0], first.units[0])])
    desk.settle()
    before = desk.snapshot
    desk.trigger("network.cut")
    desk.settle()
    assert_measured(desk, before)
    desk.view.selection.set([], [(last.id, last.units[3], second.units[9])])
    desk.settle()
    before = desk.snapshot
    desk.type_in("edge_weight_number", "-5")
    desk.settle()
    assert_measured(desk, before)
    desk.undo()
    assert desk.snapshot.stroke_effect is None


def test_inverting_neurons_of_two_layers_turns_their_weights_and_no_others(desk: Desk) -> None:
    select_two_layers(desk)
    before = desk.snapshot
    desk.click("group_transform_invert")
    desk.settle()
    for place, rows in ((0, [2, 5]), (1, [3])):
        expected = before.weight(place).copy()
        expected[rows] *= -1
        np.testing.assert_array_equal(desk.snapshot.weight(place), expected)


def test_an_empty_selection_shows_no_neuron_to_paint(desk: Desk) -> None:
    inspector = desk.view.inspector
    assert inspector.neuron.isVisible()
    QTest.keyClick(desk.view.diagram, Qt.Key.Key_Escape)
    assert desk.view.selection.units == []
    assert inspector.nothing.isVisible()
    assert not inspector.neuron.isVisible()
    desk.click_unit(1, 4)
    assert inspector.neuron.isVisible()
    assert not inspector.nothing.isVisible()
