"""Points in the plane, in the real window: chosen by picture, drawn by hand, learnt, taken back, kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction

from playground.engine.targets import TWO, VALUES
from playground.views.plane.canvas import PlaneCanvas
from playground.views.plane.scene import Scene
from playground.views.plane.strokes import ADD
from tests.app.journeys.desk import Answers, Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


@pytest.fixture
def plane(desk: Desk) -> Desk:
    """The program with a circle in the plane and a network of 2-8-1."""
    desk.find(QAction, "data_plane").trigger()
    desk.settle()
    desk.view._type_structure("2-8-1")
    desk.settle()
    return desk


def canvas(desk: Desk) -> PlaneCanvas:
    return desk.view.data_panel.plane.canvas


def scene(desk: Desk) -> Scene:
    return canvas(desk).scene


def spot(desk: Desk, x1: float, x2: float) -> QPointF:
    (x, y), *_ = canvas(desk).ground().screen(np.array([[x1, x2]])).tolist()
    return QPointF(x, y)


def learn(desk: Desk, steps: int) -> None:
    goal = desk.snapshot.step + steps
    desk.document.advance(steps=steps)
    desk.wait(lambda: desk.snapshot.step == goal and not desk.snapshot.is_running)


def test_the_column_shows_the_plane_in_place_of_paper_and_strip(plane: Desk) -> None:
    panel = plane.view.data_panel
    assert panel.plane.isVisible()
    for hidden in (panel.browser, panel.drawing, panel.received, panel.table, panel.add_row):
        assert not hidden.isVisible()
    assert plane.document.data.task == TWO
    assert plane.document.spec.text == "2-8-1"
    plane.undo()  # the structure
    plane.undo()  # the data
    assert plane.view.data_panel.drawing.isVisible()
    assert not panel.plane.isVisible()
    assert plane.document.spec.inputs == 784


def test_what_is_shown_over_the_plane_is_what_the_network_answers(plane: Desk) -> None:
    for number, value in {"learning_rate": 0.03, "batch_size": 32}.items():
        plane.document.change_setting(number, value)
    learn(plane, 600)
    plane.settle()
    shown = scene(plane)
    assert shown.surface is not None
    # the forward pass once more, by hand: sigmoid everywhere, cross-entropy on one output
    snapshot, data = plane.snapshot, plane.document.data
    assert data.plane is not None
    points = np.concatenate([data.plane.train, data.plane.validation])
    values = points
    for index in range(2):
        values = 1 / (1 + np.exp(-(values @ snapshot.weight(index).T + snapshot.bias(index))))
    expected = np.concatenate([data.train.labels, data.validation.labels])
    assert shown.is_wrong is not None
    assert shown.is_wrong.tolist() == ((values[:, 0] > 0.5) != expected).tolist()
    assert shown.is_wrong.mean() < 0.3  # it has learnt something
    assert np.abs(shown.surface.values).max() <= 1
    wrong = shown.is_wrong[: len(data.train)].mean()
    assert snapshot.evaluation is not None
    assert snapshot.evaluation.train.accuracy == pytest.approx(1 - wrong, abs=1e-6)


def test_a_click_into_the_plane_is_the_input_of_the_network(plane: Desk) -> None:
    place = spot(plane, 2.1, -2.1)  # where there is no point
    plane.drag(canvas(plane), [place])
    plane.settle()
    readings = plane.snapshot.readings
    assert readings is not None
    assert readings.inputs == pytest.approx([2.1, -2.1], abs=0.08)
    assert scene(plane).current == pytest.approx((2.1, -2.1), abs=0.08)
    assert plane.sentence("answer_for").startswith("at 2.")
    bars = plane.view.data_panel.answer
    assert "A" in bars.spoken()
    assert "B" in bars.spoken()


def test_points_drawn_while_it_trains_are_trained_on_and_taken_back(plane: Desk) -> None:
    plane.document.run()
    plane.wait_for_steps(20)
    plane.click(f"plane_tool_{ADD}")
    before = len(plane.document.data.train) + len(plane.document.data.validation)
    path = [spot(plane, -5.0 + step / 3, 5.5) for step in range(12)]
    plane.drag(canvas(plane), path)
    after = len(plane.document.data.train) + len(plane.document.data.validation)
    assert after > before
    plane.settle()
    assert plane.snapshot.is_running
    assert plane.snapshot.train_count == len(plane.document.data.train)
    weights_learnt = plane.snapshot.step
    plane.document.pause()
    plane.settle()
    plane.undo()
    assert len(plane.document.data.train) + len(plane.document.data.validation) == before
    assert plane.snapshot.step >= weights_learnt
    assert scene(plane).points.at.shape[0] == before


def test_a_feature_comes_and_goes_with_its_weights(plane: Desk) -> None:
    learn(plane, 50)
    before = plane.snapshot.weight(0)
    plane.find(type(plane.view.data_panel.plane.features.buttons["x1²"]), "plane_feature_x1²").click()
    plane.settle()
    assert plane.document.spec.inputs == 3
    assert plane.snapshot.weight(0)[:, :2].tolist() == before.tolist()
    assert not plane.snapshot.weight(0)[:, 2].any()  # a new input changes nothing until it is trained
    plane.view.data_panel.plane.features.buttons["x1"].click()
    plane.settle()
    assert plane.snapshot.weight(0)[:, 0].tolist() == before[:, 1].tolist()  # x2 keeps its own
    plane.undo()
    plane.undo()
    assert plane.snapshot.weight(0).tolist() == before.tolist()


def test_numbers_are_learnt_with_squared_error(plane: Desk) -> None:
    plane.view.data_panel.plane.shapes.buttons["slope"].click()
    plane.settle()
    assert plane.document.data.task == VALUES
    assert plane.document.settings.loss == "squared_error"
    assert plane.document.spec.layers[-1].activation == "identity"
    learn(plane, 200)
    shown = scene(plane)
    assert shown.is_wrong is None
    assert shown.answers is not None
    assert shown.surface is not None
    assert shown.surface.values.shape == (1, 100, 100)


def test_the_plane_is_kept_with_the_project(plane: Desk, start: Callable[..., Desk], tmp_path: Path) -> None:
    plane.click(f"plane_tool_{ADD}")
    plane.drag(canvas(plane), [spot(plane, 5.0, 5.0)])
    plane.drag(canvas(plane), [spot(plane, -5.0, 5.0)])
    learn(plane, 30)
    points, weights = scene(plane).points, plane.parameters
    plane.click("plane_tool_look")
    plane.drag(canvas(plane), [spot(plane, 1.0, 2.0)])
    place = scene(plane).current
    plane.program.workspace.keeping.save(tmp_path / "plane.playground")
    plane.wait(lambda: not plane.program.workspace.keeping.is_busy and not plane.document.is_dirty)
    other = start(tmp_path / "plane.playground")
    assert np.abs(scene(other).points.at - points.at).max() < 1e-3
    assert scene(other).points.targets.tolist() == points.targets.tolist()
    assert other.parameters.tolist() == weights.tolist()
    assert scene(other).current == pytest.approx(place)


def test_data_of_the_plane_that_cannot_be_learnt_are_refused_in_place(plane: Desk, answers: Answers) -> None:
    section = plane.view.data_panel.plane
    plane.click("plane_empty")
    plane.settle()
    assert len(scene(plane).points) == 0
    plane.document.run()
    plane.wait(lambda: plane.snapshot.trouble is not None)
    assert plane.snapshot.trouble is not None
    assert "example" in plane.snapshot.trouble.sentence
    section.features.typed.setText("x1 +")
    section.features.typed.returnPressed.emit()
    assert section.features._error.isVisible()
    assert plane.document.spec.inputs == 2
