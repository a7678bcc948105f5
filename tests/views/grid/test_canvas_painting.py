"""Painting on the canvas by mouse: commands, overlay, and the ways a stroke ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.engine.commands import Paint, SetCells, SetMask
from playground.engine.snapshots import Snapshot
from playground.engine.structure import add_units, remove_units
from playground.views.grid.canvas import WeightCanvas
from playground.views.grid.tools import Brush, Stamp

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PLAIN = Qt.KeyboardModifier.NoModifier


def at(canvas: WeightCanvas, row: float, column: float) -> QPoint:
    return canvas.frame().point(row, column).toPoint()


def drag_to(canvas: WeightCanvas, row: float, column: float, button: Qt.MouseButton = LEFT) -> None:
    """Move the mouse with the button down (QTest's own moves have no buttons)."""
    point = QPointF(at(canvas, row, column))
    event = QMouseEvent(QEvent.Type.MouseMove, point, canvas.mapToGlobal(point), Qt.MouseButton.NoButton, button, PLAIN)
    QApplication.sendEvent(canvas, event)


def stroke(canvas: WeightCanvas, *places: tuple[int, int], button: Qt.MouseButton = LEFT) -> None:
    QTest.mousePress(canvas, button, PLAIN, at(canvas, *places[0]))
    for place in places[1:]:
        drag_to(canvas, *place, button=button)
    QTest.mouseRelease(canvas, button, PLAIN, at(canvas, *places[-1]))


def grid(commands: list[Any]) -> np.ndarray[Any, Any]:
    """Return the largest alpha of all moves ``[28, 28]``."""
    alpha = np.zeros(784)
    for command in commands:
        np.maximum.at(alpha, command.cells.sources, command.alpha)
    return alpha.reshape(28, 28)


def test_a_stroke_asks_for_paint_along_its_whole_path(canvas: WeightCanvas, owner: Any, snapshot: Snapshot) -> None:
    canvas.set_brush(Brush(size=1.0, strength=0.7))
    stroke(canvas, (5, 3), (5, 20), (15, 20))
    assert all(isinstance(command, Paint) for command in owner.commands)
    layer = snapshot.spec.layers[0]
    first = owner.commands[0]
    assert first.cells.layer == layer.id
    assert set(first.cells.units.tolist()) == {layer.units[2]}
    assert first.value == pytest.approx(0.7)
    alpha = grid(owner.commands)
    assert (alpha[5, 3:21] == 1).all()
    assert (alpha[5:16, 20] == 1).all()  # no gaps between two far moves of the mouse
    assert alpha.sum() == 18 + 10
    assert owner.ended == [first.stroke]
    assert len({command.stroke for command in owner.commands}) == 1


def test_moves_of_a_frame_are_one_wish(qtbot: Any, canvas: WeightCanvas, owner: Any) -> None:
    QTest.mousePress(canvas, LEFT, PLAIN, at(canvas, 4, 4))
    for column in range(5, 20):
        drag_to(canvas, 4, column)
    assert owner.commands == []
    qtbot.waitUntil(lambda: len(owner.commands) == 1)
    covered = grid(owner.commands)
    assert covered[4, 4:20].min() == 1
    assert owner.ended == []
    drag_to(canvas, 12, 19)
    QTest.mouseRelease(canvas, LEFT, PLAIN, at(canvas, 12, 19))
    assert len(owner.commands) == 2
    assert (grid(owner.commands[1:]) * (covered == 1)).sum() == 0  # nothing is asked for twice


def test_a_soft_brush_sends_its_alpha(canvas: WeightCanvas, owner: Any) -> None:
    canvas.set_brush(Brush(size=9.0, strength=1.0, softness=1.0))
    stroke(canvas, (14, 14))
    alpha = grid(owner.commands)
    assert alpha[14, 14] == 1
    assert 0 < alpha[14, 17] < alpha[14, 16] < 1
    assert alpha[14, 20] == 0


@pytest.mark.parametrize(
    ("button", "modifier", "value"),
    [
        (LEFT, PLAIN, 0.5),
        (RIGHT, PLAIN, -0.5),
        (LEFT, Qt.KeyboardModifier.ControlModifier, -0.5),
        (LEFT, Qt.KeyboardModifier.AltModifier, -0.5),
    ],
)
def test_the_right_button_and_the_modifiers_paint_negative(
    canvas: WeightCanvas, owner: Any, button: Qt.MouseButton, modifier: Qt.KeyboardModifier, value: float
) -> None:
    QTest.mouseClick(canvas, button, modifier, at(canvas, 9, 9))
    assert owner.commands[0].value == pytest.approx(value)


def test_the_overlay_shows_at_once_and_goes_when_the_snapshot_has_caught_up(
    canvas: WeightCanvas, owner: Any, snapshot: Snapshot, painted: Callable[..., Snapshot]
) -> None:
    canvas.set_brush(Brush(size=1.0, strength=2.0))
    cell = 8 * 28 + 20
    QTest.mousePress(canvas, LEFT, PLAIN, at(canvas, 8, 20))
    assert canvas.model.shown()[cell] == pytest.approx(2.0)  # before anything was asked for
    assert owner.commands == []
    QTest.mouseRelease(canvas, LEFT, PLAIN, at(canvas, 8, 20))
    canvas.render_snapshot(snapshot)  # an older moment: the overlay stays
    assert canvas.model.shown()[cell] == pytest.approx(2.0)
    canvas.render_snapshot(painted(owner.seq, {cell: 1.9}))
    assert canvas.model.overlay.is_empty
    assert canvas.model.shown()[cell] == pytest.approx(1.9)  # what training made of it meanwhile


def test_the_pixels_change_before_any_snapshot(canvas: WeightCanvas, look: Any) -> None:
    canvas.set_brush(Brush(size=3.0, strength=5.0))
    place = at(canvas, 8, 20)
    QTest.mousePress(canvas, LEFT, PLAIN, place)
    full = canvas.grab().toImage().pixelColor(place)
    assert full.name() == look.palette.positive
    QTest.mouseRelease(canvas, LEFT, PLAIN, place)


def test_without_an_owner_the_overlay_goes_with_the_wish(canvas: WeightCanvas) -> None:
    stroke(canvas, (8, 8), (8, 12))
    assert canvas.model.overlay.is_empty


def test_the_overlay_blends_with_what_was_there_when_the_stroke_met_it(canvas: WeightCanvas, owner: Any) -> None:
    canvas.set_brush(Brush(size=9.0, strength=1.0, softness=1.0))
    before = canvas.model.weights.copy()
    stroke(canvas, (14, 14), (14, 15), (14, 14))  # overlapping moves: the larger alpha counts, no build-up
    alpha = grid(owner.commands).reshape(-1)
    expected = before + alpha * (1.0 - before)
    np.testing.assert_allclose(canvas.model.shown(), expected, rtol=0, atol=1e-6)


def test_the_eraser_paints_towards_zero(canvas: WeightCanvas, owner: Any) -> None:
    canvas.set_tool("eraser")
    stroke(canvas, (3, 3), (3, 6))
    assert {command.value for command in owner.commands} == {0.0}
    assert canvas.model.shown().reshape(28, 28)[3, 4] == 0


def test_line_and_rectangle_are_asked_for_when_the_button_goes_up(canvas: WeightCanvas, owner: Any) -> None:
    canvas.set_tool("rectangle")
    QTest.mousePress(canvas, LEFT, PLAIN, at(canvas, 4, 4))
    drag_to(canvas, 20, 25)
    drag_to(canvas, 7, 9)
    assert canvas.hand.preview(None, is_negative=False) is not None
    QTest.mouseRelease(canvas, LEFT, PLAIN, at(canvas, 7, 9))
    assert len(owner.commands) == 1
    alpha = grid(owner.commands)
    assert alpha[4:8, 4:10].min() == 1
    assert alpha.sum() == 24
    canvas.set_tool("line")
    canvas.set_brush(Brush(size=1.0))
    stroke(canvas, (20, 2), (10, 10), (20, 12))
    alpha = grid(owner.commands[1:])
    assert (alpha[20, 2:13] == 1).all()
    assert alpha.sum() == 11


def test_fill_takes_the_connected_area(canvas: WeightCanvas, owner: Any, painted: Callable[..., Snapshot]) -> None:
    flat = dict.fromkeys(range(784), 0.0)
    wall = {14 * 28 + column: 3.0 for column in range(28)}
    canvas.render_snapshot(painted(0, {**flat, **wall}))
    canvas.set_tool("fill")
    stroke(canvas, (2, 2))
    alpha = grid(owner.commands)
    assert alpha[:14].min() == 1
    assert alpha[14:].max() == 0


def test_a_stamp_has_a_negative_surround_and_can_be_turned_round(canvas: WeightCanvas, owner: Any) -> None:
    canvas.set_brush(Brush(size=3.0, strength=1.5))
    canvas.set_stamp(Stamp("Horizontal edge", "horizontal"))
    ghost = canvas.hand.preview((14.0, 14.0), is_negative=False)
    QTest.mouseClick(canvas, LEFT, PLAIN, at(canvas, 14, 14))
    command = owner.commands[0]
    assert isinstance(command, SetCells)
    assert command.stroke in owner.ended
    values = dict(zip(command.cells.sources.tolist(), command.values.tolist(), strict=True))
    assert values[14 * 28 + 14] == pytest.approx(1.5)
    assert min(values.values()) == pytest.approx(-1.5)
    assert ghost is not None
    assert ghost[0].tolist() == command.cells.sources.tolist()
    QTest.mouseClick(canvas, RIGHT, PLAIN, at(canvas, 14, 14))
    np.testing.assert_array_equal(owner.commands[1].values, -command.values)


def test_a_picture_is_stamped_where_it_has_ink(canvas: WeightCanvas, owner: Any) -> None:
    picture = np.zeros((28, 28), np.float32)
    picture[10:12, 5:9] = 0.8
    canvas.set_brush(Brush(strength=2.0))
    canvas.set_stamp(Stamp("Mean of 7", picture=picture))
    QTest.mouseClick(canvas, LEFT, PLAIN, at(canvas, 1, 1))
    command = owner.commands[0]
    assert command.cells.sources.tolist() == np.flatnonzero(picture).tolist()
    np.testing.assert_allclose(command.values, 2.0)


def test_the_freeze_brush_hatches_at_once(canvas: WeightCanvas, owner: Any, snapshot: Snapshot) -> None:
    canvas.set_tool("freeze")
    canvas.set_brush(Brush(size=1.0))
    QTest.mousePress(canvas, LEFT, PLAIN, at(canvas, 6, 6))
    drag_to(canvas, 6, 9)
    frozen = canvas.model.shown_frozen()
    assert frozen is not None
    assert np.flatnonzero(frozen).tolist() == [6 * 28 + column for column in range(6, 10)]
    QTest.mouseRelease(canvas, LEFT, PLAIN, at(canvas, 6, 9))
    command = owner.commands[-1]
    assert isinstance(command, SetMask)
    assert (command.mask, command.on) == ("movable", False)
    assert canvas.model.overlay.is_empty  # no weight was touched
    movable = np.ones(snapshot.spec.parameter_count, np.bool_)
    movable[2 * 784 + 6 * 28 : 2 * 784 + 6 * 28 + 10] = False
    canvas.render_snapshot(replace(snapshot, applied_seq=owner.seq, movable=movable))
    assert canvas.model.mask_overlay.is_empty
    stroke(canvas, (6, 0), (6, 3), button=RIGHT)
    assert owner.commands[-1].on is True
    thawed = canvas.model.shown_frozen()
    assert thawed is not None
    assert np.flatnonzero(thawed).tolist() == [6 * 28 + column for column in range(4, 10)]


def test_escape_takes_the_stroke_back(qtbot: Any, canvas: WeightCanvas, owner: Any) -> None:
    before = canvas.model.shown().copy()
    QTest.mousePress(canvas, LEFT, PLAIN, at(canvas, 10, 10))
    drag_to(canvas, 10, 18)
    qtbot.waitUntil(lambda: len(owner.commands) == 1)
    drag_to(canvas, 18, 18)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert owner.cancelled == [owner.commands[0].stroke]
    assert owner.ended == []
    assert not canvas.hand.is_painting
    np.testing.assert_array_equal(canvas.model.shown(), before)
    QTest.mouseRelease(canvas, LEFT, PLAIN, at(canvas, 18, 18))
    assert len(owner.commands) == 1
    assert owner.ended == []


def test_escape_before_the_first_frame_asks_for_nothing(canvas: WeightCanvas, owner: Any) -> None:
    QTest.mousePress(canvas, LEFT, PLAIN, at(canvas, 10, 10))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert (owner.commands, owner.cancelled, owner.ended) == ([], [], [])
    assert canvas.model.overlay.is_empty


def test_losing_the_focus_ends_the_stroke(canvas: WeightCanvas, owner: Any) -> None:
    QTest.mousePress(canvas, LEFT, PLAIN, at(canvas, 10, 10))
    canvas.clearFocus()
    assert not canvas.hand.is_painting
    assert owner.ended == [owner.commands[0].stroke]


def test_a_release_outside_of_the_window_ends_the_stroke(canvas: WeightCanvas, owner: Any) -> None:
    QTest.mousePress(canvas, LEFT, PLAIN, at(canvas, 10, 10))
    drag_to(canvas, 10, 12, button=Qt.MouseButton.NoButton)
    assert not canvas.hand.is_painting
    assert owner.ended == [owner.commands[0].stroke]


def test_a_change_of_structure_ends_the_stroke_with_a_word(
    qtbot: Any, canvas: WeightCanvas, owner: Any, snapshot: Snapshot
) -> None:
    QTest.mousePress(canvas, LEFT, PLAIN, at(canvas, 10, 10))
    drag_to(canvas, 10, 14)
    qtbot.waitUntil(lambda: len(owner.commands) == 1)
    other = add_units(snapshot.spec, snapshot.spec.layers[0].id).spec
    weights = np.zeros(other.parameter_count, np.float32)
    canvas.render_snapshot(replace(snapshot, spec=other, parameters=weights, applied_seq=5))
    assert not canvas.hand.is_painting
    assert owner.ended == [owner.commands[0].stroke]
    assert "structure" in canvas.words()
    drag_to(canvas, 10, 20)
    QTest.mouseRelease(canvas, LEFT, PLAIN, at(canvas, 10, 20))
    assert len(owner.commands) == 1
    stroke(canvas, (3, 3))
    assert owner.commands[-1].cells.units[0] == snapshot.spec.layers[0].units[2]
    assert canvas.words() == ""


def test_a_neuron_that_is_gone_leaves_an_empty_canvas(canvas: WeightCanvas, owner: Any, snapshot: Snapshot) -> None:
    layer = snapshot.spec.layers[0]
    other = remove_units(snapshot.spec, layer.id, [layer.units[2]]).spec
    QTest.mousePress(canvas, LEFT, PLAIN, at(canvas, 10, 10))
    gone = replace(snapshot, spec=other, parameters=np.zeros(other.parameter_count, np.float32))
    canvas.render_snapshot(gone)
    assert not canvas.model.is_there
    canvas.grab()
    QTest.mouseClick(canvas, LEFT, PLAIN, QPoint(100, 100))
    QTest.keyClick(canvas, Qt.Key.Key_5)
    assert owner.commands == []


def test_closing_in_mid_stroke_stops_the_timer(canvas: WeightCanvas, owner: Any) -> None:
    QTest.mousePress(canvas, LEFT, PLAIN, at(canvas, 10, 10))
    assert canvas.hand._timer.isActive()
    canvas.close()
    assert not canvas.hand._timer.isActive()
    assert owner.ended == [owner.commands[0].stroke]


def test_strokes_of_two_canvases_never_share_a_number(
    qtbot: Any, look: Any, snapshot: Snapshot, own: Any, canvas: WeightCanvas, owner: Any
) -> None:
    other = WeightCanvas(look)
    qtbot.addWidget(other)
    layer = snapshot.spec.layers[0]
    other.show_unit(layer.id, layer.units[0])
    other.render_snapshot(snapshot)
    other.resize(282, 282)
    other_owner = own(other)
    stroke(canvas, (1, 1))
    stroke(other, (1, 1))
    assert owner.commands[0].stroke != other_owner.commands[0].stroke
