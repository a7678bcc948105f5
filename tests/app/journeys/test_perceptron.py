"""The perceptron and its limits in the real window: AND and OR are learnt, XOR cycles, gates are set by hand."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QAction

from playground.engine.commands import BIAS, Cells, SetCells
from playground.views.plane.truth import TruthRows
from tests.app.journeys.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen
BITS = [(0, 0), (0, 1), (1, 0), (1, 1)]


@pytest.fixture
def plane(desk: Desk) -> Desk:
    desk.find(QAction, "data_plane").trigger()
    desk.settle()
    return desk


def choose(desk: Desk, name: str) -> None:
    desk.find(QAction, f"perceptron_{name}").trigger()
    desk.settle()


def table(desk: Desk) -> TruthRows:
    found = desk.view.data_panel.plane.perceptron.table
    assert found.isVisible()
    assert found.table is not None
    return found.table


def train(desk: Desk, steps: int) -> None:
    goal = desk.snapshot.step + steps
    desk.view.running.set_speed(None)
    desk.document.advance(steps=steps)
    desk.wait(lambda: desk.snapshot.step == goal and not desk.snapshot.is_running)
    desk.settle()


@pytest.mark.parametrize(("name", "wanted"), [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1])])
def test_what_a_line_can_part_is_learnt(plane: Desk, name: str, wanted: list[int]) -> None:
    choose(plane, f"learn_{name}")
    assert plane.document.spec.text == "2-1"
    assert plane.document.settings.optimizer == "perceptron"
    assert not plane.parameters.any()
    assert plane.view.running.speed == 10.0
    assert "Rosenblatt" in plane.sentence("perceptron_words")
    train(plane, 100)
    found = table(plane)
    assert [row[-1] for row in found.rows] == list(found.wanted) == wanted
    assert [row[:2] for row in found.rows] == BITS
    w1, w2, bias = plane.parameters.tolist()
    assert [int(w1 * a + w2 * b + bias > 0) for a, b in BITS] == wanted
    assert "stand still" in plane.sentence("perceptron_words")
    still = plane.parameters.tolist()
    train(plane, 40)
    assert plane.parameters.tolist() == still


def test_exclusive_or_comes_round_and_round(plane: Desk) -> None:
    choose(plane, "learn_xor_gate")
    seen = set()
    for _ in range(40):
        train(plane, 4)
        seen.add(plane.parameters.tobytes())
        assert table(plane).right < 4
    assert 1 < len(seen) < 40  # it moves, and it comes back
    words = plane.sentence("perceptron_words")
    assert "cycles" in words
    assert f"{len(plane.view.plane_mode.perceptron._met)} different weights" in words
    assert plane.view.plane_mode.perceptron._met.total() >= len(seen)


GATES = {
    "and": [0, 0, 0, 1],
    "or": [0, 1, 1, 1],
    "not": [1, 1, 0, 0],
    "xor": [0, 1, 1, 0],
    "nand": [1, 1, 1, 0],
}


def test_gates_set_by_hand_are_right_one_after_another(plane: Desk) -> None:
    for name, wanted in GATES.items():
        choose(plane, f"gate_{name}")
        found = table(plane)
        assert [row[-1] for row in found.rows] == list(found.wanted) == wanted, name
        assert {layer.activation for layer in plane.document.spec.layers} == {"step"}, name
        assert plane.document.spec.text == ("2-2-1" if name == "xor" else "2-1"), name
        expected = "three neurons" if name == "xor" else "Every line of the table is right"
        assert expected in plane.sentence("perceptron_words"), name
        assert plane.snapshot.evaluation is not None
        plane.wait(lambda: plane.snapshot.evaluation is not None and plane.snapshot.evaluation.train.accuracy == 1)


def test_a_gate_that_the_hand_breaks_is_told_line_by_line_and_undone(plane: Desk) -> None:
    count, text = plane.document.undo_stack.index(), plane.document.spec.text
    choose(plane, "gate_xor")
    assert plane.document.undo_stack.index() == count + 1
    found = table(plane)
    assert found.heads == ("x1", "x2", "h1·1", "h1·2", "answer")
    assert [row[2:4] for row in found.rows] == [(0, 1), (1, 1), (1, 1), (1, 0)]  # OR and NAND
    layer = plane.document.spec.layers[0]
    plane.document.edit(
        SetCells(Cells.of_unit(layer.id, layer.units[0], [BIAS]), np.array([-1.5], np.float32), "set"), "set"
    )
    plane.settle()
    assert [row[2] for row in table(plane).rows] == [0, 0, 0, 1]  # OR has become AND
    assert table(plane).right == 2
    assert "until every line" in plane.sentence("perceptron_words")
    assert "wanted 1" in plane.view.data_panel.plane.perceptron.table.accessibleDescription()
    plane.undo()
    plane.undo()
    assert plane.document.spec.text == text
    assert plane.document.data.source["shape"] == "circle"
    assert not plane.view.data_panel.plane.perceptron.table.isVisible()
