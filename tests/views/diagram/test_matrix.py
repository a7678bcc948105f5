"""Layers read as matrix, exact values on hover, and the line below the columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from playground.engine.spec import build
from playground.views.diagram import NetworkDiagram, wording
from playground.views.diagram.footer import footer, legend_scale
from playground.views.diagram.headers import heads
from playground.views.diagram.matrix import matrix_values
from playground.views.diagram.picture import Picture
from playground.views.diagram.state import Target
from playground.views.palette import dark


@pytest.fixture
def diagram(make_snapshot: Any, make_diagram: Any) -> NetworkDiagram:
    result: NetworkDiagram = make_diagram(make_snapshot())
    return result


def cell(diagram: NetworkDiagram, row: int, column: int) -> QPointF:
    plan = diagram._state.matrices()[0]
    return diagram._state.view.rect(plan.weight_cell(row, column)).center()


def test_a_layer_is_shown_as_matrix_in_the_colours_of_its_weights(diagram: NetworkDiagram, qtbot: QtBot) -> None:
    layer = diagram._state.layer_id(1)
    with qtbot.waitSignal(diagram.matrix_shown) as told:
        diagram.show_matrix(layer, True)
    assert told.args == [layer, True]
    assert diagram.matrix_layers() == {layer}
    diagram.settle()
    picture = diagram.grab().toImage()
    assert diagram._state.picture is not None
    weight, scale = diagram._state.picture.weights[1], diagram._state.picture.scales[1]
    wanted = dark().signed_rgba(weight, scale)
    for row in range(5):
        for column in range(6):
            seen = picture.pixelColor((cell(diagram, row, column) + QPointF(0, 9)).toPoint())
            assert np.abs(np.array([seen.red(), seen.green(), seen.blue()]) - wanted[row, column, :3]).max() <= 3
    assert set(diagram._edges.edges.layers.tolist()) == {2}
    diagram.show_matrix(layer, False)
    assert set(diagram._edges.edges.layers.tolist()) == {1, 2}


def test_a_cell_is_an_edge_to_select(diagram: NetworkDiagram) -> None:
    diagram.show_matrix(diagram._state.layer_id(1), True)
    assert diagram._state.picture is not None
    first, second = diagram._state.picture.spec.layers[:2]
    at = cell(diagram, 3, 2).toPoint()
    QTest.mouseMove(diagram, at)
    assert diagram._state.hover == Target("cell", 1, 3, 2)
    QTest.mouseClick(diagram, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert diagram.selection() == ([], [(second.id, second.units[3], first.units[2])])


def test_x_and_b_can_be_read(diagram: NetworkDiagram) -> None:
    diagram.show_matrix(diagram._state.layer_id(1), True)
    plan = diagram._state.matrices()[0]
    QTest.mouseMove(diagram, plan.bias_cell(4).center().toPoint())
    assert diagram._state.hover == Target("b", 1, 4, -1)
    QTest.mouseMove(diagram, plan.input_cell(5).center().toPoint())
    assert diagram._state.hover == Target("x", 1, -1, 5)


def test_the_switch_and_the_key_show_the_current_layer(diagram: NetworkDiagram, places: Any) -> None:
    QTest.mouseMove(diagram, places(diagram).unit(2, 0))
    QTest.mouseMove(diagram, places(diagram).ground())
    found = footer(diagram._state)
    assert found is not None
    QTest.mouseClick(
        diagram, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, found.matrix.center().toPoint()
    )
    assert diagram.matrix_layers() == {diagram._state.layer_id(2)}
    QTest.keyClick(diagram, Qt.Key.Key_M)
    assert diagram.matrix_layers() == frozenset()


def test_strong_weights_survive_when_a_matrix_is_wider_than_its_pixels(make_snapshot: Any) -> None:
    spec = build((784, 4, 2), input_shape=(28, 28))
    flat = np.zeros(spec.parameter_count, np.float32)
    weight = flat[spec.slots[0].weight].reshape(4, 784)
    weight[1, 100], weight[2, 500], weight[2, 501] = 3.0, -2.0, 1.9
    picture = Picture(make_snapshot(spec=spec, flat=flat))
    shown = matrix_values(picture, 0, 90, 50)
    assert shown.shape == (4, 90)
    assert shown[1].max() == 3.0
    assert shown[2].min() == -2.0
    assert np.count_nonzero(shown) <= 3


def tip(diagram: NetworkDiagram, at: QPoint) -> str:
    QToolTip.hideText()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, at, diagram.mapToGlobal(at))
    QApplication.sendEvent(diagram, event)
    return QToolTip.text()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_exact_values_on_hover(diagram: NetworkDiagram, places: Any) -> None:
    picture = diagram._state.picture
    assert picture is not None
    pre, act = picture.pre(1), picture.act(1)
    assert pre is not None
    assert act is not None
    words = tip(diagram, places(diagram).unit(1, 2))
    assert "neuron 3 of hidden 2" in words
    assert f"pre = {pre[2]:+.4f}".replace("-", "−") in words
    assert f"= {act[2]:.4f}" in words
    words = tip(diagram, places(diagram).edge(1, 4, 5, along=0.3).toPoint())
    weight, before = picture.weights[1][4, 5], picture.act(0)
    assert before is not None
    assert "neuron 6 of hidden 1 → neuron 5 of hidden 2" in words
    assert f"w[4, 5] = {weight:+.4f}".replace("-", "−") in words
    assert f"= {weight * before[5]:+.4f}".replace("-", "−") in words


def test_the_line_below_names_formula_and_shapes(make_snapshot: Any) -> None:
    picture = Picture(make_snapshot((784, 16, 16, 10)))
    assert wording.formula(picture, 0) == "act = sigmoid(W x + b)"
    assert wording.shape_words(picture, 0) == "W [16, 784]   x [784]   b [16]"
    assert wording.formula(picture, 2) == "act = softmax(W x + b)"


def test_the_legend_follows_layer_and_scale_mode(diagram: NetworkDiagram, places: Any) -> None:
    picture = diagram._state.picture
    assert picture is not None
    assert legend_scale(diagram._state) == picture.scales[0]
    QTest.mouseMove(diagram, places(diagram).unit(1, 0))
    assert legend_scale(diagram._state) == picture.scales[1]
    diagram.set_scale_mode(False)
    QTest.mouseMove(diagram, places(diagram).unit(0, 3))
    assert legend_scale(diagram._state) == pytest.approx(np.abs(picture.weights[0][3]).max())


def test_a_step_says_that_nothing_below_it_learns(make_snapshot: Any, make_diagram: Any) -> None:
    snapshot = make_snapshot((64, 6, 5, 4, 3))
    layers = list(snapshot.spec.layers)
    layers[1] = replace(layers[1], activation="step", dropout=0.0)
    layers[2] = replace(layers[2], dropout=0.3)
    diagram = make_diagram(make_snapshot(spec=replace(snapshot.spec, layers=tuple(layers))), (1400, 690))
    notes = {head.place: head.note_text for head in heads(diagram._state)}
    assert notes[0] == "cannot learn by gradient"
    assert notes[1] == "nothing below learns by gradient"
    assert notes[2] == "dropout 0.3"
    assert notes[3] == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.0004, "0"), (-0.5312, "−0.53"), (26.94, "26.9"), (-543.0, "−543"), (123456.0, "1e5")],
)
def test_lamps_have_short_numbers(value: float, text: str) -> None:
    assert wording.short(value) == text


def test_numbers_keep_enough_digits() -> None:
    assert wording.signed(-0.53121) == "−0.5312"
    assert wording.signed(0.0) == "+0.0000"
    assert wording.signed(3.2e-7) == "+3.2e−07"
    assert wording.signed(float("nan")) == "not a number"
    assert wording.plain(1.5) == "1.500"


def test_shift_m_shows_the_whole_diagram_as_matrices(diagram: NetworkDiagram) -> None:
    assert diagram._state.picture is not None
    everything = {layer.id for layer in diagram._state.picture.spec.layers}
    QTest.keyClick(diagram, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert diagram.matrix_layers() == everything
    assert len(diagram._edges.edges) == 0
    diagram.settle()
    diagram.grab()
    QTest.keyClick(diagram, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert diagram.matrix_layers() == frozenset()
