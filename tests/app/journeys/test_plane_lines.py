"""Zero lines in the real window: dragged and turned, live, one entry of the undo list; regions counted."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from playground.engine.commands import BIAS, Cells, SetCells, SetMask
from playground.views.plane.canvas import PlaneCanvas
from playground.views.plane.line_hand import grips
from playground.views.plane.zero_line import ZeroLine
from tests.app.journeys.desk import LEFT, NO_KEYS, Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


@pytest.fixture
def stage(desk: Desk) -> Desk:
    """The plane on the stage; the first neuron of a 2-3-1 network is selected, its line goes through (1, 1)."""
    desk.find(QAction, "data_plane").trigger()
    desk.settle()
    desk.view._type_structure("2-3-1")
    desk.settle()
    desk.click("stage_plane")
    spec = desk.document.spec
    layer = spec.layers[0]
    desk.view.selection.set([(layer.id, layer.units[0])])
    put(desk, 0, (0.8, -0.6, -0.2))
    desk.settle()
    return desk


def edit(desk: Desk, place: int, sources: list[int], values: tuple[float, ...]) -> None:
    layer = desk.document.spec.layers[0]
    cells = Cells.of_unit(layer.id, layer.units[place], sources)
    desk.document.edit(SetCells(cells, np.array(values, np.float32), "set"), "set")
    desk.settle()


def put(desk: Desk, place: int, numbers: tuple[float, float, float]) -> None:
    edit(desk, place, [0, 1, BIAS], numbers)


def canvas(desk: Desk) -> PlaneCanvas:
    return desk.view.plane_stage.canvas


def line(desk: Desk) -> ZeroLine:
    return canvas(desk).line_hand.lines(canvas(desk).scene)[0]


def spot(desk: Desk, x1: float, x2: float) -> QPointF:
    (x, y), *_ = canvas(desk).ground().screen(np.array([[x1, x2]])).tolist()
    return QPointF(x, y)


def numbers(desk: Desk, place: int = 0) -> list[float]:
    return [*desk.snapshot.weight(0)[place].tolist(), float(desk.snapshot.bias(0)[place])]


def test_the_line_of_the_selected_neuron_lies_where_its_pre_activation_is_0(stage: Desk) -> None:
    assert len(canvas(stage).scene.lines) == 1
    assert line(stage).weight == pytest.approx((0.8, -0.6))
    ends = line(stage).ends(-6, 6)
    assert ends is not None
    assert ends @ stage.snapshot.weight(0)[0] + stage.snapshot.bias(0)[0] == pytest.approx([0, 0], abs=1e-5)


def test_a_drag_shifts_the_line_and_undo_takes_it_back_at_once(stage: Desk) -> None:
    count = stage.document.undo_stack.index()
    path = [spot(stage, 1 + share, 1 - share) for share in np.linspace(0, 1.5, 12)]
    stage.press_at(canvas(stage), path[0])
    for point in path[1:]:
        stage.move_to(canvas(stage), point)
    stage.wait(lambda: numbers(stage)[2] < -0.9)  # live: the mouse is still down
    stage.wait(lambda: stage.snapshot.stroke_effect is not None and stage.snapshot.stroke_effect.is_open)
    QTest.mouseRelease(canvas(stage), LEFT, NO_KEYS, path[-1].toPoint())
    stage.settle()
    weight, bias = numbers(stage)[:2], numbers(stage)[2]
    assert weight == pytest.approx([0.8, -0.6])
    assert bias == pytest.approx(-0.2 - 1.5 * (0.8 + 0.6), abs=0.06)  # it moved by (1.5, -1.5): w . v less
    assert stage.document.undo_stack.index() == count + 1
    assert "shift the zero line of neuron 1 of hidden 1" in stage.document.undo_stack.undoText()
    stage.undo()
    assert numbers(stage) == pytest.approx([0.8, -0.6, -0.2])


def test_a_grip_turns_the_line_about_its_middle_and_keeps_the_norm(stage: Desk) -> None:
    ends = line(stage).ends(-6, 6)
    assert ends is not None
    middle, grip = ends.mean(0), grips(ends)[1]
    angle = np.radians(30)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    goal = middle + turn @ (grip - middle)
    path = [grip + share * (goal - grip) for share in np.linspace(0, 1, 9)]
    stage.drag(canvas(stage), [spot(stage, *point) for point in path])
    stage.settle()
    w1, w2, bias = numbers(stage)
    assert np.hypot(w1, w2) == pytest.approx(1, abs=1e-5)
    assert np.array([w1, w2]) == pytest.approx(turn @ np.array([0.8, -0.6]), abs=0.02)
    assert middle @ np.array([w1, w2]) + bias == pytest.approx(0, abs=1e-4)
    assert "turn the zero line" in stage.document.undo_stack.undoText()


def test_the_line_is_held_while_the_mouse_is_down(stage: Desk) -> None:
    stage.document.run()
    stage.wait_for_steps(5)
    start = line(stage).ends(-6, 6)
    assert start is not None
    middle = start.mean(0)
    stage.press_at(canvas(stage), spot(stage, *middle))
    stage.move_to(canvas(stage), spot(stage, *(middle + 1)))
    stage.wait(lambda: stage.snapshot.stroke_effect is not None and stage.snapshot.stroke_effect.is_open)
    stage.settle()
    held = numbers(stage)
    stage.wait_for_steps(50)
    assert numbers(stage) == held
    QTest.mouseRelease(canvas(stage), LEFT, NO_KEYS, spot(stage, *(middle + 1)).toPoint())
    stage.settle()
    stage.wait_for_steps(50)
    assert numbers(stage) != held
    stage.document.pause()
    stage.settle()


def test_a_cut_weight_stays_cut_and_its_number_is_kept(stage: Desk) -> None:
    layer = stage.document.spec.layers[0]
    stage.document.edit(SetMask("present", Cells.of_unit(layer.id, layer.units[0], [1]), on=False), "cut")
    stage.settle()
    assert line(stage).weight == pytest.approx((0.8, 0))
    assert not line(stage).can_turn
    stage.drag(canvas(stage), [spot(stage, 0.25, 3), spot(stage, 1, 3), spot(stage, 2.25, 3)])
    stage.settle()
    assert numbers(stage) == pytest.approx([0.8, -0.6, -0.2 - 2 * 0.8], abs=0.06)


def test_escape_takes_the_drag_back(stage: Desk) -> None:
    canvas(stage).setFocus()
    stage.press_at(canvas(stage), spot(stage, 1, 1))
    stage.move_to(canvas(stage), spot(stage, 3, 0))
    stage.wait(lambda: numbers(stage)[2] < -0.5)
    QTest.keyClick(canvas(stage), Qt.Key.Key_Escape)
    stage.settle()
    assert numbers(stage) == pytest.approx([0.8, -0.6, -0.2])
    assert line(stage).bias == pytest.approx(-0.2)


def test_keys_shift_and_turn_it(stage: Desk) -> None:
    count = stage.document.undo_stack.index()
    QTest.keyClick(canvas(stage), Qt.Key.Key_PageUp)
    stage.settle()
    assert numbers(stage) == pytest.approx([0.8, -0.6, -0.2 - 0.1])  # a tenth of the plane's unit towards the arrow
    QTest.keyClick(canvas(stage), Qt.Key.Key_Home)
    stage.settle()
    w1, w2, _ = numbers(stage)
    assert np.degrees(np.arctan2(w2, w1) - np.arctan2(-0.6, 0.8)) == pytest.approx(2, abs=1e-3)
    assert stage.document.undo_stack.index() == count + 2


def test_a_click_on_the_line_is_a_place_like_any_other(stage: Desk) -> None:
    count = stage.document.undo_stack.index()
    stage.drag(canvas(stage), [spot(stage, -3.5, -5.0)])
    stage.settle()
    assert stage.snapshot.readings is not None
    assert stage.snapshot.readings.inputs == pytest.approx([-3.5, -5.0], abs=0.05)
    assert stage.document.undo_stack.index() == count


def test_all_lines_can_be_taken_and_the_taken_one_is_selected(stage: Desk) -> None:
    put(stage, 1, (0.0, 1.0, 4.0))
    stage.click("plane_overlay_all_lines")
    assert len(canvas(stage).scene.lines) == 3
    stage.drag(canvas(stage), [spot(stage, 3.0, -4.0), spot(stage, 3.0, -3.5), spot(stage, 3.0, -3.0)])
    stage.settle()
    assert numbers(stage, 1) == pytest.approx([0, 1, 3], abs=0.06)
    layer = stage.document.spec.layers[0]
    assert stage.view.selection.units == [(layer.id, layer.units[1])]


def test_with_other_features_the_line_is_a_contour_that_cannot_be_dragged(stage: Desk) -> None:
    stage.view.data_panel.plane.features.buttons["x1²"].click()
    stage.settle()
    put(stage, 0, (0.0, 0.0, -4.0))
    edit(stage, 0, [2], (1.0,))
    scene = canvas(stage).scene
    assert scene.lines == ()
    assert scene.contour is not None
    assert np.abs(scene.contour[..., 0]) == pytest.approx(2, abs=0.01)  # x1^2 = 4
    assert "cannot be dragged" in stage.sentence("plane_overlay_words")


def test_regions_are_counted_and_bent_activations_are_named(stage: Desk) -> None:
    stage.click("plane_overlay_regions")
    assert "sigmoid" in stage.sentence("plane_overlay_words")
    assert canvas(stage).scene.borders is None
    layer = stage.document.spec.layers[0]
    stage.view.building.set_activation(layer.id, "relu")
    for place, found in enumerate(((1, 0, 0.1), (0, 1, 0.2), (1, 1, -1.3))):
        put(stage, place, found)
    assert "7 linear regions in sight" in stage.sentence("plane_overlay_words")
    borders = canvas(stage).scene.borders
    assert borders is not None
    nearest = np.min([np.abs(borders @ np.array(w) + b) for *w, b in ((1, 0, 0.1), (0, 1, 0.2), (1, 1, -1.3))], axis=0)
    assert nearest.max() < 1e-4
    stage.click("plane_overlay_regions")
    assert canvas(stage).scene.borders is None
    assert stage.sentence("plane_overlay_words") == ""
