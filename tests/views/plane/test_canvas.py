from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from playground.engine.targets import CLASSES, TWO, VALUES
from playground.views.look import Look
from playground.views.palette import light
from playground.views.plane.canvas import PlaneCanvas
from playground.views.plane.points import Points
from playground.views.plane.scene import Scene, Surface
from playground.views.plane.strokes import ADD, ERASE, MOVE, SPRAY, TURN

AT = np.array([[-3.0, 0.0], [3.0, 0.0], [3.0, 0.2], [0.0, 4.0]])


def scene(task: str = TWO) -> Scene:
    targets = np.array([0.0, 1.0, 1.0, 0.0]) if task != VALUES else np.array([-2.0, 1.0, 0.0, 2.0])
    classes = {TWO: ("A", "B"), CLASSES: ("A", "B", "C"), VALUES: ()}[task]
    return Scene(Points(AT, targets, np.array([True, True, False, True])), task, classes)


@pytest.fixture
def canvas(qtbot: QtBot, look: Look) -> PlaneCanvas:
    found = PlaneCanvas(look)
    qtbot.addWidget(found)
    found.resize(300, 300)
    found.show_scene(scene())
    found.show()
    return found


def spot(canvas: PlaneCanvas, *place: float) -> QPoint:
    (x, y), *_ = canvas.ground().screen(np.array([place])).tolist()
    return QPoint(round(x), round(y))


def drawn(canvas: PlaneCanvas, act: Callable[[], None]) -> tuple[Points, str]:
    told: list[tuple[Any, str]] = []
    canvas.points_drawn.connect(lambda points, words: told.append((points, words)))
    act()
    assert len(told) == 1
    return told[0]


def drag(
    qtbot: QtBot, canvas: PlaneCanvas, *places: tuple[float, float], button: Any = Qt.MouseButton.LeftButton
) -> None:
    qtbot.mousePress(canvas, button, pos=spot(canvas, *places[0]))
    for place in places[1:]:
        qtbot.mouseMove(canvas, spot(canvas, *place))
    qtbot.mouseRelease(canvas, button, pos=spot(canvas, *places[-1]))


def test_screen_and_plane_are_each_others_inverse(canvas: PlaneCanvas) -> None:
    ground = canvas.ground()
    (x, y), *_ = ground.screen(np.array([[2.0, -5.0]])).tolist()
    assert ground.plane(QPointF(x, y))[0] == pytest.approx([2.0, -5.0])
    assert y > ground.rect.center().y()  # x2 grows upwards


class TestLooking:
    def test_a_click_gives_the_network_that_place(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        with qtbot.waitSignal(canvas.place_chosen) as told:
            qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, -1.0, -4.0))
        assert told.args[0] == pytest.approx([-1.0, -4.0], abs=0.06)

    def test_a_click_on_a_point_gives_the_point_itself(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        with qtbot.waitSignal(canvas.place_chosen) as told:
            qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, -3.0, 0.0) + QPoint(3, 0))
        assert told.args[0].tolist() == [-3.0, 0.0]

    def test_beside_the_plane_nothing_is_chosen(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        canvas.resize(500, 300)
        with qtbot.assertNotEmitted(canvas.place_chosen):
            qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(20, 150))

    def test_the_keyboard_reaches_every_place_and_hears_what_is_there(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        surface = np.zeros((1, 13, 13), np.float32)
        surface[0, 6, 7] = 0.75  # the cell of x1 = 1, x2 = 0
        canvas.show_scene(Scene(scene().points, surface=Surface(surface), is_wrong=np.array([1, 0, 0, 0], bool)))
        for _ in range(2):
            qtbot.keyClick(canvas, Qt.Key.Key_Right)
        assert "x1 1.00, x2 0.00" in canvas.accessibleDescription()
        assert "answer 0.750" in canvas.accessibleDescription()
        with qtbot.waitSignal(canvas.place_chosen) as told:
            qtbot.keyClick(canvas, Qt.Key.Key_Space)
        assert told.args[0].tolist() == [1.0, 0.0]
        for _ in range(8):
            qtbot.keyClick(canvas, Qt.Key.Key_Left)
        assert "point A, training, answered wrongly" in canvas.accessibleDescription()


class TestDrawing:
    def test_a_click_adds_a_point_of_the_class(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        canvas.set_tool(ADD)
        canvas.target = 1.0
        points, words = drawn(canvas, lambda: drag(qtbot, canvas, (-2.0, -2.0)))
        assert len(points) == 5
        assert points.at[-1] == pytest.approx([-2.0, -2.0], abs=0.06)
        assert points.targets[-1] == 1.0
        assert words == "points added"

    def test_the_right_button_adds_the_next_class(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        canvas.show_scene(scene(CLASSES))
        canvas.set_tool(ADD)
        canvas.target = 2.0
        points, _ = drawn(canvas, lambda: drag(qtbot, canvas, (-2.0, -2.0), button=Qt.MouseButton.RightButton))
        assert points.targets[-1] == 0.0

    def test_a_drag_adds_a_line_of_points(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        canvas.set_tool(ADD)
        path = [(-4.0 + step / 4, -4.0) for step in range(17)]
        points, _ = drawn(canvas, lambda: drag(qtbot, canvas, *path))
        assert 8 <= len(points) - 4 <= 17
        assert np.ptp(points.at[4:, 0]) == pytest.approx(4.0, abs=0.3)

    def test_spray_scatters_within_reach(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        canvas.set_tool(SPRAY)
        points, _ = drawn(canvas, lambda: drag(qtbot, canvas, (2.0, -3.0)))
        away = np.hypot(*(points.at[4:] - [2.0, -3.0]).T)
        assert len(away) == 3
        assert away.max() <= canvas.reach + 0.06

    def test_the_eraser_takes_what_is_near(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        canvas.set_tool(ERASE)
        points, words = drawn(canvas, lambda: drag(qtbot, canvas, (3.0, 0.1)))
        assert points.at.tolist() == [[-3.0, 0.0], [0.0, 4.0]]
        assert words == "points erased"

    def test_a_point_is_moved_and_stays_in_the_plane(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        canvas.set_tool(MOVE)
        points, words = drawn(canvas, lambda: drag(qtbot, canvas, (0.0, 4.0), (1.0, 5.0), (2.0, 5.8)))
        assert points.at[3] == pytest.approx([2.0, 5.8], abs=0.1)
        assert points.at[:3].tolist() == AT[:3].tolist()
        assert words == "point moved"

    def test_points_change_their_class(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        canvas.set_tool(TURN)
        canvas.target = 0.0
        points, _ = drawn(canvas, lambda: drag(qtbot, canvas, (3.0, 0.1)))
        assert points.targets.tolist() == [0.0, 0.0, 0.0, 0.0]

    @pytest.mark.parametrize("tool", [ERASE, TURN, MOVE])
    def test_a_tool_that_meets_nothing_leaves_no_change(self, qtbot: QtBot, canvas: PlaneCanvas, tool: str) -> None:
        canvas.set_tool(tool)
        with qtbot.assertNotEmitted(canvas.points_drawn), qtbot.assertNotEmitted(canvas.points_dragged, wait=150):
            drag(qtbot, canvas, (-5.0, -5.0), (-4.5, -5.0))

    def test_points_are_told_while_they_are_drawn_but_not_many(
        self, qtbot: QtBot, canvas: PlaneCanvas, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        canvas.set_tool(ADD)
        with qtbot.waitSignal(canvas.points_dragged) as told:
            qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, -2.0, -2.0))
        assert (len(told.args[0]), told.args[1]) == (5, "points added")
        monkeypatch.setattr("playground.views.plane.canvas.MOST_TOLD", 5)
        with qtbot.assertNotEmitted(canvas.points_dragged, wait=150):
            qtbot.mouseMove(canvas, spot(canvas, 0.0, -2.0))
        with qtbot.waitSignal(canvas.points_drawn):
            qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, 0.0, -2.0))

    def test_a_drag_that_changes_nothing_tells_nothing(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        canvas.set_tool(MOVE)
        with qtbot.assertNotEmitted(canvas.points_drawn):
            drag(qtbot, canvas, (-5.0, -5.0))

    def test_escape_takes_back_what_is_in_the_hand(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        canvas.set_tool(ADD)
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, 1.0, 1.0))
        assert len(canvas.scene.points) == 5
        qtbot.keyClick(canvas, Qt.Key.Key_Escape)
        assert len(canvas.scene.points) == 4
        with qtbot.assertNotEmitted(canvas.points_drawn):
            qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, 1.0, 1.0))

    def test_a_frame_in_the_middle_of_a_drag_leaves_the_points_in_the_hand(
        self, qtbot: QtBot, canvas: PlaneCanvas
    ) -> None:
        canvas.set_tool(ADD)
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, 1.0, 1.0))
        fresh = scene()
        fresh.is_wrong = np.zeros(4, bool)
        canvas.show_scene(fresh)
        assert len(canvas.scene.points) == 5
        points, _ = drawn(
            canvas, lambda: qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, 1.0, 1.0))
        )
        assert len(points) == 5

    def test_numbers_over_a_line_are_drawn_where_the_mouse_is(self, qtbot: QtBot, canvas: PlaneCanvas) -> None:
        at = np.array([[-2.0], [2.0]])
        canvas.show_scene(Scene(Points(at, np.array([1.0, -1.0]), np.array([True, True])), VALUES, ()))
        canvas.set_tool(ADD)
        ground = canvas.ground()
        (x, y), *_ = ground.screen(np.array([[0.5]]), np.array([0.6])).tolist()
        points, _ = drawn(
            canvas, lambda: qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
        )
        assert points.at[-1] == pytest.approx([0.5], abs=0.1)
        assert points.targets[-1] == pytest.approx(0.6, abs=0.05)


class TestPainting:
    def test_points_stand_in_their_colours_and_wrong_ones_are_ringed(self, canvas: PlaneCanvas, look: Look) -> None:
        plain = canvas.grab().toImage()
        place = spot(canvas, -3.0, 0.0)
        negative, found = QColor(look.palette.negative), plain.pixelColor(place)
        assert abs(found.red() - negative.red()) + abs(found.green() - negative.green()) < 30
        wrong = scene()
        wrong.is_wrong = np.array([True, False, False, False])
        canvas.show_scene(wrong)
        ringed = canvas.grab().toImage()
        reach = round(0.6 * look.em())
        spots = [QPoint(x, y) for x in range(canvas.width()) for y in range(canvas.height())]
        changed = [one - place for one in spots if ringed.pixelColor(one) != plain.pixelColor(one)]
        assert {(np.sign(one.x()), np.sign(one.y())) for one in changed} >= {(-1, -1), (-1, 1), (1, -1), (1, 1)}
        assert all(max(abs(one.x()), abs(one.y())) <= reach for one in changed)  # and around no other point

    def test_points_held_back_can_be_hidden(self, canvas: PlaneCanvas) -> None:
        before = canvas.grab().toImage()
        hidden = scene()
        hidden.has_held_back = False
        canvas.show_scene(hidden)
        place = spot(canvas, 3.0, 0.2)
        region = [place + QPoint(x, -4) for x in range(-3, 4)]  # its upper half; a trained point lies below it
        after = canvas.grab().toImage()
        assert any(before.pixelColor(one) != after.pixelColor(one) for one in region)

    @pytest.mark.parametrize("task", [TWO, CLASSES, VALUES])
    def test_every_kind_is_painted_in_both_themes_and_large(self, canvas: PlaneCanvas, look: Look, task: str) -> None:
        outputs = 3 if task == CLASSES else 1
        shown = scene(task)
        shown.surface = Surface(np.random.default_rng(0).normal(size=(outputs, 30, 30)).astype(np.float32))
        shown.current = (1.0, 1.0)
        canvas.show_scene(shown)
        dark_picture = canvas.grab().toImage()
        look.set(palette=light(), scale=1.6)
        assert canvas.grab().toImage() != dark_picture

    def test_no_points_at_all(self, canvas: PlaneCanvas) -> None:
        canvas.show_scene(Scene())
        assert not canvas.grab().isNull()
        canvas.show_scene(Scene(Points.none(1), VALUES, ()))
        assert not canvas.grab().isNull()
