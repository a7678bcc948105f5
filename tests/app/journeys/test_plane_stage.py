"""The plane on the stage: as large as there is room, in step with the small one, the answer or one neuron."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton

from playground.labs.network.plane_neuron import round_above
from playground.views.plane.canvas import PlaneCanvas
from playground.views.plane.strokes import ADD
from tests.app.journeys.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


@pytest.fixture
def stage(desk: Desk) -> Desk:
    """The program with a circle in the plane, a network of 2-4-3-1, and the plane on the stage."""
    desk.find(QAction, "data_plane").trigger()
    desk.settle()
    desk.view._type_structure("2-4-3-1")
    desk.settle()
    desk.click("stage_plane")
    desk.settle()
    return desk


def large(desk: Desk) -> PlaneCanvas:
    return desk.view.plane_stage.canvas


def small(desk: Desk) -> PlaneCanvas:
    return desk.view.data_panel.plane.canvas


def spot(canvas: PlaneCanvas, x1: float, x2: float) -> QPointF:
    (x, y), *_ = canvas.ground().screen(np.array([[x1, x2]])).tolist()
    return QPointF(x, y)


def test_the_plane_is_a_page_of_the_stage_while_the_data_lie_in_one(desk: Desk) -> None:
    assert not desk.find(QToolButton, "stage_plane").isVisible()
    desk.find(QAction, "data_plane").trigger()
    desk.settle()
    assert desk.find(QToolButton, "stage_plane").isVisible()
    desk.click("stage_plane")
    assert large(desk).isVisible()
    assert not desk.view.diagram.isVisible()
    assert large(desk).ground().rect.width() > 1.2 * small(desk).ground().rect.width()
    desk.undo()
    assert desk.view.diagram.isVisible()
    assert not desk.find(QToolButton, "stage_plane").isVisible()


def press(desk: Desk, canvas: PlaneCanvas, x1: float, x2: float) -> None:
    desk.qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, x1, x2).toPoint())


def move(desk: Desk, canvas: PlaneCanvas, x1: float, x2: float) -> None:
    desk.qtbot.mouseMove(canvas, spot(canvas, x1, x2).toPoint())


def count(desk: Desk) -> int:
    return len(desk.document.data.train) + len(desk.document.data.validation)


def test_the_network_follows_points_while_they_are_drawn_and_a_stroke_is_one_entry(stage: Desk) -> None:
    stage.document.run()
    stage.wait_for_steps(20)
    stage.click(f"plane_tool_{ADD}")
    canvas, before, entries = large(stage), count(stage), stage.document.undo_stack.count()
    press(stage, canvas, -5.0, 5.5)
    for step in range(1, 5):
        move(stage, canvas, -5.0 + step, 5.5)
        stage.wait(lambda: count(stage) == len(canvas.scene.points))  # the mouse is still down
        stage.wait(lambda: stage.snapshot.train_count == len(stage.document.data.train))
    assert count(stage) == len(canvas.scene.points) > before + 3
    assert stage.snapshot.is_running
    stage.qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, -1.0, 5.5).toPoint())
    stage.document.pause()
    stage.settle()
    drawn = count(stage)
    assert stage.document.undo_stack.count() == entries + 1
    # another stroke, on the small plane, whose words are those of drawn points already
    press(stage, small(stage), 4.0, -5.5)
    stage.wait(lambda: count(stage) == drawn + 1)
    stage.qtbot.mouseRelease(small(stage), Qt.MouseButton.LeftButton, pos=spot(small(stage), 4.0, -5.5).toPoint())
    stage.settle()
    assert stage.document.undo_stack.count() == entries + 2
    stage.undo()
    assert count(stage) == drawn
    stage.undo()
    assert count(stage) == before
    assert stage.snapshot.train_count == len(stage.document.data.train)


def test_escape_takes_back_points_that_the_network_has_followed(stage: Desk) -> None:
    stage.click(f"plane_tool_{ADD}")
    canvas, data = large(stage), stage.document.data
    press(stage, canvas, -5.0, 5.5)
    stage.wait(lambda: stage.document.data is not data)
    stage.qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    stage.settle()
    assert stage.document.data is data
    assert len(canvas.scene.points) == count(stage)
    stage.qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, -5.0, 5.5).toPoint())
    stage.settle()
    assert stage.document.data is data


def test_a_first_stroke_in_the_column_is_told_when_it_is_over(stage: Desk) -> None:
    stage.click(f"plane_tool_{ADD}")
    data, place = stage.document.data, small(stage).mapTo(stage.window, small(stage).rect().topLeft())
    press(stage, small(stage), -5.0, 5.5)
    stage.wait(lambda: not small(stage)._telling.isActive())
    assert stage.document.data is data
    assert small(stage).mapTo(stage.window, small(stage).rect().topLeft()) == place  # nothing moved under the hand
    stage.qtbot.mouseRelease(small(stage), Qt.MouseButton.LeftButton, pos=spot(small(stage), -5.0, 5.5).toPoint())
    stage.settle()
    assert count(stage) == len(data.train) + len(data.validation) + 1


def test_both_planes_show_the_same_and_ask_for_the_same(stage: Desk) -> None:
    assert large(stage).scene is small(stage).scene
    stage.drag(large(stage), [spot(large(stage), -5.6, 5.3)])
    stage.settle()
    assert stage.snapshot.readings is not None
    assert stage.snapshot.readings.inputs == pytest.approx([-5.6, 5.3], abs=0.04)
    stage.click(f"plane_tool_{ADD}")
    before = len(small(stage).scene.points)
    stage.drag(large(stage), [spot(large(stage), 5.5, 5.5)])
    stage.settle()
    assert large(stage).scene is small(stage).scene
    assert len(small(stage).scene.points) == before + 1
    assert stage.snapshot.train_count == len(stage.document.data.train)


def test_the_selected_neuron_fills_the_plane(stage: Desk) -> None:
    view, spec = stage.view, stage.document.spec
    view.selection.set([(spec.layers[1].id, spec.layers[1].units[2])])
    stage.click("stage_shown_act")
    stage.settle()
    neuron = large(stage).scene.neuron
    assert neuron is not None
    assert neuron.name == "neuron 3 of hidden 2"
    assert stage.sentence("stage_shown_neuron") == "neuron 3 of hidden 2"
    # by hand, at a corner and in the middle of the grid: sigmoid of sigmoid
    line = np.linspace(-6, 6, 100)
    for row, column in ((0, 0), (99, 0), (31, 77)):
        act = np.array([line[column], line[row]])
        for index in range(2):
            act = 1 / (1 + np.exp(-(stage.snapshot.weight(index) @ act + stage.snapshot.bias(index))))
        assert neuron.surface.values[0, row, column] == pytest.approx(act[2], abs=1e-5)
    assert neuron.scale == 1.0


def test_the_pre_activation_follows_the_selection_and_the_switches_agree(stage: Desk) -> None:
    view, spec = stage.view, stage.document.spec
    stage.click("plane_shown_pre")
    for unit in range(2):
        view.selection.set([(spec.layers[0].id, spec.layers[0].units[unit])])
        stage.settle()
        neuron = small(stage).scene.neuron
        assert neuron is not None
        weight, bias = stage.snapshot.weight(0)[unit], stage.snapshot.bias(0)[unit]
        assert neuron.surface.values[0, 99, 0] == pytest.approx(-6 * weight[0] + 6 * weight[1] + bias, abs=1e-4)
        assert neuron.scale >= np.abs(neuron.surface.values).max()
    assert view.plane_stage.shown.buttons["pre"].isChecked()
    stage.click("stage_shown_answer")
    assert small(stage).scene.neuron is None
    assert view.data_panel.plane.shown.buttons["answer"].isChecked()


def test_without_a_neuron_the_answer_stays_and_a_word_says_why(stage: Desk) -> None:
    spec = stage.document.spec
    stage.click("stage_shown_act")
    stage.view.selection.set([(spec.layers[0].id, unit) for unit in spec.layers[0].units])
    assert large(stage).scene.neuron is None
    assert "Select a neuron" in stage.sentence("stage_shown_neuron")


@pytest.mark.parametrize(("size", "scale"), [(0.9, 1.0), (1.0, 1.0), (1.2, 2.0), (4.0, 5.0), (71.0, 100.0), (0.0, 1.0)])
def test_scales_are_round(size: float, scale: float) -> None:
    assert round_above(size) == pytest.approx(scale)
