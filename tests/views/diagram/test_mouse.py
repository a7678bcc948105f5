"""The diagram under the mouse: hovering, selecting, zooming, buttons."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.views.diagram import NetworkDiagram
from playground.views.diagram.headers import heads, insert_buttons
from playground.views.diagram.state import NOTHING, Target
from playground.views.diagram.viewport import View

LEFT = Qt.MouseButton.LeftButton
CTRL, SHIFT, PLAIN = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.fixture
def diagram(make_snapshot: Any, make_diagram: Any) -> NetworkDiagram:
    result: NetworkDiagram = make_diagram(make_snapshot())
    return result


def keys(diagram: NetworkDiagram, *spots: tuple[int, int]) -> list[tuple[int, int]]:
    picture = diagram._state.picture
    assert picture is not None
    return [(picture.spec.layers[place].id, picture.spec.layers[place].units[row]) for place, row in spots]


def click(diagram: NetworkDiagram, at: QPoint, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.mouseClick(diagram, LEFT, modifier, at)


def drag(
    diagram: NetworkDiagram,
    start: QPoint,
    end: QPoint,
    button: Qt.MouseButton = LEFT,
    modifier: Qt.KeyboardModifier = PLAIN,
) -> None:
    QTest.mousePress(diagram, button, modifier, start)
    for share in (0.3, 0.6, 1.0):
        at = start + (end - start) * share
        event = moved(at, button, modifier, diagram)
        QApplication.sendEvent(diagram, event)
    QTest.mouseRelease(diagram, button, modifier, end)


def moved(at: QPoint, button: Qt.MouseButton, modifier: Qt.KeyboardModifier, diagram: NetworkDiagram) -> QMouseEvent:
    point = QPointF(at)
    return QMouseEvent(
        QEvent.Type.MouseMove, point, QPointF(diagram.mapToGlobal(at)), Qt.MouseButton.NoButton, button, modifier
    )


def turn(diagram: NetworkDiagram, at: QPoint, notches: float, modifier: Qt.KeyboardModifier = PLAIN) -> QWheelEvent:
    event = QWheelEvent(
        QPointF(at),
        QPointF(diagram.mapToGlobal(at)),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(diagram, event)
    return event


# ---- hovering ------------------------------------------------------------------------------------------------------


def test_hovering_tells_the_neuron_and_leaving_takes_it_back(diagram: NetworkDiagram, places: Any) -> None:
    told: list[Any] = []
    diagram.unit_hovered.connect(told.append)
    QTest.mouseMove(diagram, places(diagram).unit(1, 2))
    QTest.mouseMove(diagram, places(diagram).unit(1, 2) + QPoint(1, 1))
    assert told == keys(diagram, (1, 2))
    QTest.mouseMove(diagram, places(diagram).unit(0, 4))
    QTest.mouseMove(diagram, places(diagram).ground())
    assert told == [*keys(diagram, (1, 2), (0, 4)), None]


def test_hovering_lets_the_other_edges_fade(diagram: NetworkDiagram, places: Any, qtbot: QtBot) -> None:
    QTest.mouseMove(diagram, places(diagram).unit(1, 2))
    layer = diagram._edges
    touching = layer.edges.touching(1, 2)
    assert touching.sum() == 6 + 3
    assert layer._factor.min() == pytest.approx(1.0)  # it begins where it was
    qtbot.waitUntil(lambda: not layer._easing.isActive(), timeout=3000)
    assert (layer._factor[touching] > 1).all()
    assert (layer._factor[~touching] < 0.2).all()
    QTest.mouseMove(diagram, places(diagram).ground())
    diagram.settle()
    assert layer._factor.min() == layer._factor.max() == 1.0


def test_a_first_layer_neuron_shows_its_pixels(diagram: NetworkDiagram, places: Any) -> None:
    assert len(diagram._edges.pixels) == 0
    QTest.mouseMove(diagram, places(diagram).unit(0, 3))
    assert set(diagram._edges.pixels.rows.tolist()) == {3}
    assert len(diagram._edges.pixels) == 28
    QTest.mouseMove(diagram, places(diagram).ground())
    assert len(diagram._edges.pixels) == 0
    diagram.set_selection(keys(diagram, (0, 1)), [])
    assert set(diagram._edges.pixels.rows.tolist()) == {1}


def test_an_edge_is_hit_within_eight_pixels(diagram: NetworkDiagram, places: Any) -> None:
    at = places(diagram).edge(2, 0, 4, along=0.85)
    QTest.mouseMove(diagram, at.toPoint())
    hover = diagram._state.hover
    assert hover.kind == "edge"
    # the lowest source to the uppermost output: nothing else runs outside of it
    at = places(diagram).edge(1, 4, 5, along=0.3)
    QTest.mouseMove(diagram, (at + QPointF(0, 6.5)).toPoint())
    assert diagram._state.hover == Target("edge", 1, 4, 5)
    QTest.mouseMove(diagram, (at + QPointF(0, 12)).toPoint())
    assert diagram._state.hover == NOTHING


# ---- selecting -----------------------------------------------------------------------------------------------------


def test_a_click_selects_and_modifiers_add(diagram: NetworkDiagram, places: Any) -> None:
    told: list[Any] = []
    diagram.selection_changed.connect(lambda units, edges: told.append((units, edges)))
    click(diagram, places(diagram).unit(0, 1))
    assert diagram.selection() == (keys(diagram, (0, 1)), [])
    click(diagram, places(diagram).unit(1, 0), CTRL)
    assert diagram.selection()[0] == keys(diagram, (0, 1), (1, 0))
    click(diagram, places(diagram).unit(1, 3), SHIFT)
    assert diagram.selection()[0] == keys(diagram, (0, 1), (1, 0), (1, 3))
    click(diagram, places(diagram).unit(1, 0), CTRL)  # Ctrl on a selected one takes it out
    assert diagram.selection()[0] == keys(diagram, (0, 1), (1, 3))
    click(diagram, places(diagram).unit(2, 2))
    assert diagram.selection()[0] == keys(diagram, (2, 2))
    click(diagram, places(diagram).ground())
    assert diagram.selection() == ([], [])
    assert len(told) == 6
    assert told[-1] == ([], [])


def test_selecting_from_outside_says_nothing_back(diagram: NetworkDiagram, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(diagram.selection_changed):
        diagram.set_selection(keys(diagram, (1, 1)), [])
    assert diagram.selection()[0] == keys(diagram, (1, 1))


def test_an_edge_is_selected_by_click(diagram: NetworkDiagram, places: Any) -> None:
    at = places(diagram).edge(1, 4, 5, along=0.3)
    click(diagram, (at + QPointF(0, 4)).toPoint())
    first = [(*keys(diagram, (1, 4))[0], keys(diagram, (0, 5))[0][1])]
    assert diagram.selection() == ([], first)
    other = places(diagram).edge(1, 0, 0, along=0.3)
    click(diagram, (other - QPointF(0, 4)).toPoint(), CTRL)
    second = (*keys(diagram, (1, 0))[0], keys(diagram, (0, 0))[0][1])
    assert diagram.selection() == ([], [*first, second])


def test_a_rubber_band_selects_several(diagram: NetworkDiagram, places: Any) -> None:
    first, last = places(diagram).unit(1, 1), places(diagram).unit(1, 3)
    drag(diagram, first + QPoint(-45, -30), last + QPoint(30, 25), modifier=SHIFT)
    assert diagram.selection()[0] == keys(diagram, (1, 1), (1, 2), (1, 3))
    assert diagram._mouse.band is None
    assert diagram._state.view == View()


def test_a_double_click_opens_a_neuron(diagram: NetworkDiagram, places: Any, qtbot: QtBot) -> None:
    with qtbot.waitSignal(diagram.unit_activated) as told:
        click(diagram, places(diagram).unit(0, 2))
        QTest.mouseDClick(diagram, LEFT, PLAIN, places(diagram).unit(0, 2))
    assert told.args == keys(diagram, (0, 2))
    assert diagram.selection()[0] == keys(diagram, (0, 2))


# ---- zoom and pan --------------------------------------------------------------------------------------------------


def test_the_wheel_zooms_about_the_cursor_with_ctrl_only(diagram: NetworkDiagram, places: Any) -> None:
    at = places(diagram).unit(1, 1)
    event = turn(diagram, at, 1)
    assert diagram._state.view.is_fit
    assert not event.isAccepted()
    turn(diagram, at, 2, CTRL)
    assert diagram._state.view.zoom == pytest.approx(1.44)
    assert (places(diagram).unit(1, 1) - at).manhattanLength() <= 1
    under = diagram._state.view.plan(QPointF(at))
    for _ in range(60):
        turn(diagram, at, 3, CTRL)
    assert diagram._state.view.zoom == 30
    assert (diagram._state.view.plan(QPointF(at)) - under).manhattanLength() < 0.1


def test_zooming_stretches_the_edges_and_rasterises_when_it_rests(
    diagram: NetworkDiagram, places: Any, qtbot: QtBot
) -> None:
    old = diagram._edges._raster
    turn(diagram, places(diagram).unit(1, 1), 2, CTRL)
    assert diagram._edges._raster is old
    assert diagram._edges._idle.isActive()
    qtbot.waitUntil(lambda: diagram._edges._raster is not old, timeout=3000)
    assert diagram._edges._raster is not None
    assert diagram._edges._raster.view == diagram._state.view


def test_dragging_empty_ground_pans_and_selects_nothing(diagram: NetworkDiagram, places: Any) -> None:
    click(diagram, places(diagram).unit(0, 1))
    start = places(diagram).ground()
    before = places(diagram).unit(1, 2)
    drag(diagram, start, start + QPoint(60, 25))
    assert places(diagram).unit(1, 2) - before == QPoint(60, 25)
    assert diagram.selection()[0] == keys(diagram, (0, 1))
    drag(diagram, start, start + QPoint(-20, 5), button=Qt.MouseButton.MiddleButton)
    assert places(diagram).unit(1, 2) - before == QPoint(40, 30)


def test_the_picture_cannot_be_lost(diagram: NetworkDiagram, places: Any) -> None:
    start = places(diagram).ground()
    for _ in range(8):
        drag(diagram, start, start + QPoint(600, 300))
    layout = diagram._state.layout
    assert layout is not None
    assert diagram._state.view.rect(layout.stage).contains(layout.stage.center())


def test_a_double_click_on_empty_ground_fits(diagram: NetworkDiagram, places: Any) -> None:
    turn(diagram, places(diagram).unit(1, 1), 1, CTRL)
    assert not diagram._state.view.is_fit
    layout = diagram._state.layout
    assert layout is not None
    QTest.mouseDClick(diagram, LEFT, PLAIN, QPoint(400, round(layout.stage.bottom()) - 3))
    assert diagram._state.view.is_fit


def test_the_wheel_scrolls_a_long_column(make_snapshot: Any, make_diagram: Any, places: Any) -> None:
    diagram = make_diagram(make_snapshot((784, 2000, 10)))
    column = diagram._state.layout.column(0)
    assert column.first == 0
    event = turn(diagram, places(diagram).unit(0, 30), -1)
    assert event.isAccepted()
    assert diagram._state.layout.column(0).first == 3 * column.across
    turn(diagram, places(diagram).unit(0, column.first + 3 * column.across + 30), 2)
    assert diagram._state.layout.column(0).first == 0


# ---- buttons -------------------------------------------------------------------------------------------------------


def head_of(diagram: NetworkDiagram, place: int) -> Any:
    return next(head for head in heads(diagram._state) if head.place == place)


def test_plus_and_minus_stand_at_the_layer_they_change(diagram: NetworkDiagram, qtbot: QtBot) -> None:
    layer = diagram._state.layer_id(1)
    with qtbot.waitSignal(diagram.add_unit_requested) as told:
        click(diagram, head_of(diagram, 1).plus.center().toPoint())
    assert told.args == [layer]
    with qtbot.waitSignal(diagram.remove_unit_requested) as told:
        click(diagram, head_of(diagram, 1).minus.center().toPoint())
    assert told.args == [layer]
    assert head_of(diagram, 2).plus.width() == 0  # outputs follow the data


def test_two_quick_clicks_on_plus_are_two_neurons(diagram: NetworkDiagram) -> None:
    told: list[int] = []
    diagram.add_unit_requested.connect(told.append)
    at = head_of(diagram, 0).plus.center().toPoint()
    click(diagram, at)
    QTest.mouseDClick(diagram, LEFT, PLAIN, at)
    QTest.mouseRelease(diagram, LEFT, PLAIN, at)
    assert len(told) == 2


def test_the_plus_between_columns_inserts_a_layer(diagram: NetworkDiagram, qtbot: QtBot) -> None:
    for index, spot in insert_buttons(diagram._state):
        with qtbot.waitSignal(diagram.insert_layer_requested) as told:
            click(diagram, spot.center().toPoint())
        assert told.args == [diagram._state.layer_id(index)]


def test_a_button_needs_press_and_release_on_it(diagram: NetworkDiagram, places: Any, qtbot: QtBot) -> None:
    at = head_of(diagram, 1).plus.center().toPoint()
    with qtbot.assertNotEmitted(diagram.add_unit_requested):
        QTest.mousePress(diagram, LEFT, PLAIN, at)
        QTest.mouseRelease(diagram, LEFT, PLAIN, places(diagram).ground())


def test_narrow_heads_bring_their_buttons_when_pointed_at(make_snapshot: Any, make_diagram: Any, qtbot: QtBot) -> None:
    diagram = make_diagram(make_snapshot((64, *(16,) * 9, 10)))
    assert head_of(diagram, 4).plus.width() == 0
    QTest.mouseMove(diagram, head_of(diagram, 4).title.center().toPoint())
    assert head_of(diagram, 4).plus.width() > 15
    with qtbot.waitSignal(diagram.add_unit_requested):
        click(diagram, head_of(diagram, 4).plus.center().toPoint())
