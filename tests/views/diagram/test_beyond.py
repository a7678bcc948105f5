"""Many layers: the diagram stays readable, says what lies beyond its edges, and goes there."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.views.diagram import NetworkDiagram
from playground.views.diagram.beyond import Sign, hidden_columns, signs
from playground.views.diagram.headers import heads
from playground.views.diagram.picture import INPUT
from playground.views.diagram.viewport import View
from playground.views.diagram.wording import tooltip

LEFT = Qt.MouseButton.LeftButton
DEEP = (784, *[16] * 30, 10)


@pytest.fixture
def deep(make_snapshot: Any, make_diagram: Any) -> NetworkDiagram:
    result: NetworkDiagram = make_diagram(make_snapshot(DEEP))
    return result


def later(diagram: NetworkDiagram) -> Sign:
    return next(sign for sign in signs(diagram._state) if sign.is_later)


def test_input_and_heads_are_whole_and_a_sign_counts_what_is_beyond(deep: NetworkDiagram) -> None:
    state = deep._state
    layout = state.layout
    assert layout is not None
    first = heads(state)[0]
    assert first.place == INPUT
    assert first.name == "input"
    bold = QFontMetricsF(state.look.font(10.0, bold=True))
    assert first.title.width() >= bold.horizontalAdvance("input"), "not 'npu'"
    assert layout.column(INPUT).body.width() > 2.5 * layout.em, "the picture is no dot"
    seen = len(heads(state))
    assert seen + hidden_columns(state)[1] == 32
    assert later(deep).words == f"{hidden_columns(state)[1]} more ›"
    assert "goes on at the right" in tooltip(state, later(deep).target)


def test_clicks_on_the_sign_lead_to_the_outputs_and_back(deep: NetworkDiagram) -> None:
    state = deep._state
    for _ in range(20):
        if not hidden_columns(state)[1]:
            break
        QTest.mouseClick(deep, LEFT, Qt.KeyboardModifier.NoModifier, later(deep).spot.center().toPoint())
    layout = state.layout
    assert layout is not None
    assert hidden_columns(state) == (32 - len(heads(state)), 0)
    assert heads(state)[-1].name == "output"
    assert state.view.rect(layout.extent).right() == pytest.approx(layout.width), "no empty ground at the end"
    (back,) = signs(state)
    assert back.words.startswith("‹")
    before = state.view.dx
    QTest.mouseClick(deep, LEFT, Qt.KeyboardModifier.NoModifier, back.spot.center().toPoint())
    assert state.view.dx > before


def test_the_wheel_goes_from_layer_to_layer_and_a_neuron_out_of_sight_can_be_reached(deep: NetworkDiagram) -> None:
    at = QPoint(400, 660)
    event = QWheelEvent(
        QPointF(at), QPointF(deep.mapToGlobal(at)), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(deep, event)
    state = deep._state
    assert event.isAccepted()
    assert state.view.dx < 0
    deep._actions.move_focus(28, 3)
    assert state.layout is not None
    cell = state.layout.column(28).cell(3)
    assert cell is not None
    assert state.layout.stage.contains(state.view.rect(cell))


def test_all_of_it_is_shown_small_on_demand_and_fewer_layers_stand_as_ever(
    deep: NetworkDiagram, make_snapshot: Any
) -> None:
    deep.fit()
    state = deep._state
    assert hidden_columns(state) == (0, 0)
    assert not signs(state)
    deep.render_snapshot(make_snapshot((784, 16, 16, 10)))
    assert state.view == View()
    assert state.layout is not None
    assert not state.layout.is_wide
    assert state.layout.extent == state.layout.stage
