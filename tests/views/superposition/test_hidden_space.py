"""Hidden space by mouse and keyboard: what moves, what stays, what is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.engine.superposition.hands import polygon
from playground.engine.superposition.metrics import projected
from playground.views.look import Look
from playground.views.palette import light
from playground.views.superposition.hidden_space import HiddenSpace
from playground.views.superposition.plane import principal_plane

NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
LEFT = Qt.MouseButton.LeftButton


class Heard:
    """All that a hidden space said, in order."""

    def __init__(self, space: HiddenSpace) -> None:
        self.said: list[tuple[Any, ...]] = []
        space.feature_dragged.connect(self.dragged)
        space.drag_released.connect(self.released)
        space.drag_cancelled.connect(self.cancelled)
        space.selection_changed.connect(self.selected)
        space.hovered.connect(self.hovered)

    def dragged(self, feature: int, row: Any) -> None:
        self.said.append(("dragged", feature, row))

    def released(self) -> None:
        self.said.append(("released",))

    def cancelled(self) -> None:
        self.said.append(("cancelled",))

    def selected(self, features: Any) -> None:
        self.said.append(("selected", features))

    def hovered(self, feature: int) -> None:
        self.said.append(("hovered", feature))

    def kinds(self) -> list[str]:
        return [said[0] for said in self.said if said[0] != "hovered"]

    def last_row(self) -> Any:
        return [said[2] for said in self.said if said[0] == "dragged"][-1]


@pytest.fixture
def space(qtbot: Any) -> HiddenSpace:
    widget = HiddenSpace(Look())
    qtbot.addWidget(widget)
    widget.resize(360, 400)
    widget.show()
    return widget


def rows(n: int, m: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).normal(size=(n, m)) / np.sqrt(m)


def tip(space: HiddenSpace, feature: int) -> QPoint:
    return space.canvas.placed().tip(feature).toPoint()


def drag(
    space: HiddenSpace, start: QPoint, by: QPoint, held: Qt.KeyboardModifier = NONE, *, release: bool = True
) -> None:
    canvas = space.canvas
    QTest.mousePress(canvas, LEFT, held, start)
    for k in range(1, 5):
        move(space, start + QPoint(by.x() * k // 4, by.y() * k // 4), held)
    if release:
        QTest.mouseRelease(canvas, LEFT, held, start + by)


def move(space: HiddenSpace, place: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
    where = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, space.canvas.mapToGlobal(where), Qt.MouseButton.NoButton, LEFT, held
    )
    QApplication.sendEvent(space.canvas, event)


def test_a_drag_moves_the_tip_with_the_mouse(space: HiddenSpace) -> None:
    space.render_model(polygon(5, 1.0))
    heard = Heard(space)
    unit = space.canvas._frame().unit
    drag(space, tip(space, 1), QPoint(20, -12))
    assert heard.kinds() == ["selected", "dragged", "dragged", "dragged", "dragged", "released"]
    assert heard.last_row() == pytest.approx(polygon(5, 1.0)[1] + np.array([20, 12]) / unit, abs=0.6 / unit)


def test_shift_keeps_the_norm_and_ctrl_the_direction(space: HiddenSpace) -> None:
    weight = polygon(5, 0.9, 0.3)
    space.render_model(weight)
    heard = Heard(space)
    drag(space, tip(space, 2), QPoint(25, 30), SHIFT)
    turned = heard.last_row()
    assert np.linalg.norm(turned) == pytest.approx(0.9)
    assert turned @ weight[2] < 0.98 * 0.81
    space.render_model(weight)
    drag(space, tip(space, 0), QPoint(-20, 5), CTRL)
    longer = heard.last_row()
    assert longer[0] * weight[0][1] - longer[1] * weight[0][0] == pytest.approx(0, abs=1e-12)
    assert np.linalg.norm(longer) < 0.9


def test_escape_puts_the_arrow_back(space: HiddenSpace) -> None:
    weight = polygon(5)
    space.render_model(weight)
    heard = Heard(space)
    drag(space, tip(space, 3), QPoint(-30, 10), release=False)
    assert not np.allclose(space.canvas.state.weight[3], weight[3])
    QTest.keyClick(space.canvas, Qt.Key.Key_Escape)
    assert heard.kinds()[-1] == "cancelled"
    assert space.canvas.state.weight == pytest.approx(weight)
    QTest.mouseRelease(space.canvas, LEFT, NONE, QPoint(5, 5))
    assert heard.kinds()[-1] == "cancelled"


def test_a_dragged_arrow_waits_for_the_model_to_catch_up(space: HiddenSpace) -> None:
    weight = polygon(5)
    space.render_model(weight)
    drag(space, tip(space, 1), QPoint(30, 0))
    moved = space.canvas.state.weight[1].copy()
    space.render_model(weight, is_settled=False)
    assert space.canvas.state.weight[1] == pytest.approx(moved)
    space.render_model(weight)
    assert space.canvas.state.weight[1] == pytest.approx(weight[1])


def test_in_a_projection_the_rest_of_the_row_stays(space: HiddenSpace) -> None:
    weight = rows(12, 6)
    space.render_model(weight)
    plane = space.canvas.state.plane
    longest = int(np.linalg.norm(plane.flat(weight), axis=1).argmax())
    heard = Heard(space)
    drag(space, tip(space, longest), QPoint(-25, 18))
    change = heard.last_row() - weight[longest]
    assert np.linalg.norm(change) > 0.05
    assert change == pytest.approx(plane.axes @ (plane.axes.T @ change))


def test_the_residual_is_that_of_the_readings(space: HiddenSpace) -> None:
    weight = rows(30, 7)
    space.render_model(weight)
    assert space.canvas.state.plane.residual(weight) == pytest.approx(projected(weight)[1])
    assert space._left_out.text() == f"leaves out {100 * projected(weight)[1]:.0f} %"
    space._shown.set_value("axes")
    space._choose_shown("axes")
    assert space._left_out.text() == f"leaves out {100 * projected(weight, (0, 1))[1]:.0f} %"


def test_the_principal_plane_does_not_flip_while_weights_move() -> None:
    weight = rows(10, 5)
    plane = principal_plane(weight)
    for step in range(50):
        weight = weight + 0.01 * rows(10, 5, step + 1)
        fresh = principal_plane(weight, plane)
        # the subspace may turn, its axes follow
        assert np.trace(fresh.axes.T @ plane.axes) > 1.5
        assert fresh.axes.T @ fresh.axes == pytest.approx(np.eye(2))
        plane = fresh


def test_space_turns_by_a_drag_beside_the_arrows_and_keeps_its_lengths(space: HiddenSpace) -> None:
    weight = rows(6, 3)
    space.render_model(weight)
    before = space.canvas.state.plane
    heard = Heard(space)
    drag(space, QPoint(6, 300), QPoint(60, -40))
    after = space.canvas.state.plane
    assert not np.allclose(before.axes, after.axes)
    assert heard.kinds() == []
    whole = np.hypot(np.linalg.norm(after.flat(weight), axis=1), after.depth(weight))
    assert whole == pytest.approx(np.linalg.norm(weight, axis=1))


def test_turning_by_itself_ends_when_hidden(space: HiddenSpace) -> None:
    space.render_model(rows(6, 3))
    space._turn.click()
    assert space.canvas.is_turning()
    space.hide()
    assert not space.canvas.is_turning()


def test_clicks_and_a_frame_choose(space: HiddenSpace) -> None:
    space.render_model(polygon(5))
    heard = Heard(space)
    QTest.mouseClick(space.canvas, LEFT, NONE, tip(space, 0))
    QTest.mouseClick(space.canvas, LEFT, CTRL, tip(space, 2))
    assert space.selection() == (0, 2)
    QTest.mouseClick(space.canvas, LEFT, CTRL, tip(space, 0))
    assert heard.said[-1] == ("selected", (2,))
    drag(space, QPoint(1, 1), QPoint(space.canvas.width() - 2, space.canvas.height() - 2))
    assert space.selection() == (0, 1, 2, 3, 4)
    QTest.mouseClick(space.canvas, LEFT, NONE, QPoint(3, 3))
    assert space.selection() == ()


def test_a_click_moves_nothing(space: HiddenSpace) -> None:
    space.render_model(polygon(5))
    heard = Heard(space)
    QTest.mouseClick(space.canvas, LEFT, NONE, tip(space, 4) + QPoint(3, -2))
    assert heard.kinds() == ["selected"]


def test_keys_choose_move_turn_and_lengthen(space: HiddenSpace) -> None:
    weight = polygon(5, 0.8)
    space.render_model(weight)
    heard = Heard(space)
    canvas = space.canvas
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert space.selection() == (1,)
    QTest.keyClick(canvas, Qt.Key.Key_Up, CTRL)
    assert heard.kinds()[-2:] == ["dragged", "released"]
    assert heard.last_row() == pytest.approx(weight[1] + [0, 0.05])
    space.render_model(weight)
    QTest.keyClick(canvas, Qt.Key.Key_Up, SHIFT)
    assert np.linalg.norm(heard.last_row()) == pytest.approx(0.8)
    assert np.degrees(np.arctan2(*heard.last_row()[::-1])) == pytest.approx(74)
    space.render_model(weight)
    QTest.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert heard.last_row() == pytest.approx(weight[1] * 0.75 / 0.8)


def test_a_held_key_is_one_edit(space: HiddenSpace) -> None:
    space.render_model(polygon(5))
    space.set_selection((2,))
    heard = Heard(space)
    for _ in range(3):
        QTest.keyPress(space.canvas, Qt.Key.Key_Left, CTRL)
    QTest.keyRelease(space.canvas, Qt.Key.Key_Left, CTRL)
    assert heard.kinds() == ["dragged"] * 3 + ["released"]
    assert heard.last_row() == pytest.approx(polygon(5)[2] - [0.15, 0])


def test_tab_walks_through_few_features_and_then_leaves(space: HiddenSpace) -> None:
    space.render_model(polygon(3))
    space.set_selection((0,))
    assert space.canvas.focusNextPrevChild(True)
    assert space.selection() == (1,)
    assert space.canvas.focusNextPrevChild(True)
    space.canvas.focusNextPrevChild(True)
    assert space.selection() == (2,)


def test_the_chosen_feature_is_spoken(space: HiddenSpace) -> None:
    space.render_model(polygon(5, 1.0), np.array([True, False, False, False, False]))
    assert space.canvas.accessibleName() == "hidden space, 5 features in 2 dimensions: pentagon"
    space.set_selection((1,))
    said = space.canvas.accessibleDescription()
    assert said.startswith("feature 1: norm 1.000, angle 72.0°, interference 1.500, dimensionality 0.400")
    space.set_selection((0,))
    assert space.canvas.accessibleDescription().endswith("frozen")


def test_hover_tells_the_feature_and_its_numbers(space: HiddenSpace) -> None:
    space.render_model(polygon(4, 1.0))
    heard = Heard(space)
    QTest.mouseMove(space.canvas, tip(space, 3))
    assert heard.said == [("hovered", 3)]
    words = space.canvas.told(3)
    assert "norm 1.000, angle 270.0°" in words
    assert "disturbs feature 1 most: W₃·W₁ = −1.0000" in words


def test_the_wheel_zooms_and_a_double_click_fits(space: HiddenSpace) -> None:
    space.render_model(polygon(5))
    before = space.canvas._frame().unit
    where = QPointF(50, 50)
    event = QWheelEvent(
        where, where, QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(space.canvas, event)
    assert space.canvas._frame().unit > 1.3 * before
    QTest.mouseDClick(space.canvas, LEFT, NONE, QPoint(4, 4))
    assert space.canvas._frame().unit == pytest.approx(before)


@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (400, 1), (1, 2), (400, 2), (7, 3), (5, 4), (400, 100)])
def test_every_shape_is_drawn_dragged_and_moved_by_keys(space: HiddenSpace, shape: tuple[int, int]) -> None:
    weight = rows(*shape)
    space.render_model(weight)
    space.grab()
    start = tip(space, 0)
    space.set_selection((0,))
    heard = Heard(space)
    drag(space, start, QPoint(11, 7))
    assert "released" in heard.kinds()
    QTest.keyClick(space.canvas, Qt.Key.Key_Up, CTRL)
    QTest.keyClick(space.canvas, Qt.Key.Key_Left, SHIFT)
    space.grab()
    space.canvas.told(0)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e38, 0.0])
@pytest.mark.parametrize("hidden", [1, 2, 3, 6])
def test_diverged_weights_are_said_not_drawn(space: HiddenSpace, value: float, hidden: int) -> None:
    weight = rows(5, hidden)
    space.render_model(weight)
    space.render_model(np.where(np.arange(5)[:, None] == 2, value, weight))
    space.grab()
    QTest.mouseClick(space.canvas, LEFT, NONE, space.canvas.rect().center())
    QTest.keyClick(space.canvas, Qt.Key.Key_Right)
    space.set_selection((2,))
    space.canvas.told(2)
    assert ("diverged" in space.canvas.label()) == (not np.isfinite(value))


def test_other_shapes_forget_what_is_gone_and_bad_ones_are_refused(space: HiddenSpace) -> None:
    space.render_model(rows(8, 2))
    space.set_selection((1, 7))
    heard = Heard(space)
    drag(space, tip(space, 7), QPoint(20, 20), release=False)
    space.render_model(rows(4, 3))
    assert space.selection() == (1,)
    assert space.canvas.state.dragged < 0
    QTest.mouseRelease(space.canvas, LEFT, NONE, QPoint(3, 3))
    assert heard.kinds().count("released") == 1  # the edit that was going on has ended
    for bad in (np.zeros(3), np.zeros((0, 2)), np.zeros((2, 0))):
        with pytest.raises(ValueError, match="shape"):
            space.render_model(bad)
    assert space.canvas.state.count == 4


def test_the_theme_is_followed(space: HiddenSpace) -> None:
    space.render_model(polygon(5))
    before = space.canvas.grab().toImage().pixelColor(2, 300)
    space._look.set(palette=light())
    after = space.canvas.grab().toImage().pixelColor(2, 300)
    assert before.lightness() < 60 < 200 < after.lightness()
