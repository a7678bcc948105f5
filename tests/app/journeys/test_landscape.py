"""The loss landscape in the real window: measured off the window's thread, followed, out of date."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from playground.views.plane.landscape_stage import LandscapeStage
from tests.app.journeys.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


@pytest.fixture
def lab(desk: Desk) -> Desk:
    desk.find(QAction, "data_plane").trigger()
    desk.settle()
    desk.view._type_structure("2-3-1")
    desk.settle()
    desk.click("stage_landscape")
    return desk


def stage(desk: Desk) -> LandscapeStage:
    return desk.view.landscape_stage


def measure(desk: Desk, points: str = "11") -> None:
    desk.type_in("landscape_resolution_number", points)
    before = stage(desk).canvas.losses
    desk.click("landscape_measure")
    desk.wait(lambda: stage(desk).canvas.losses is not before)


def test_the_middle_of_the_map_is_the_present_loss_and_training_leaves_a_track(lab: Desk) -> None:
    measure(lab)
    canvas = stage(lab).canvas
    assert canvas.losses.shape == (11, 11)
    assert lab.snapshot.evaluation is not None
    assert canvas.losses[5, 5] == pytest.approx(lab.snapshot.evaluation.train.loss, rel=1e-5)
    assert canvas.track.tolist() == [[0, 0]]
    goal = lab.snapshot.step + 200
    lab.document.advance(steps=200)
    lab.wait(lambda: lab.snapshot.step == goal)
    lab.settle()
    assert len(canvas.track) > 1
    found = lab.view.landscape._found
    assert found is not None
    assert canvas.track[-1] == pytest.approx(found.place(lab.parameters)[:2])
    assert "lies in this plane" in lab.sentence("landscape_words")


def test_over_two_parameters_the_axes_carry_their_own_values(lab: Desk) -> None:
    stage(lab).way._box.setCurrentIndex(1)
    stage(lab).way._box.activated.emit(1)
    assert not stage(lab).seed.isVisible()
    first, second = stage(lab).axes
    bias = first._box.findText("hidden 1·2 bias")
    weight = second._box.findText("output·1 ← hidden 1·3")
    first._box.setCurrentIndex(bias)
    second._box.setCurrentIndex(weight)
    measure(lab)
    canvas = stage(lab).canvas
    assert canvas.names == ("hidden 1·2 bias", "output·1 ← hidden 1·3")
    values = (float(lab.snapshot.bias(0)[1]), float(lab.snapshot.weight(1)[0, 2]))
    assert canvas.track[-1] == pytest.approx(values)
    assert canvas.low == pytest.approx(np.array(values) - 1)


def test_it_is_out_of_date_once_data_or_structure_are_others(lab: Desk) -> None:
    measure(lab)
    lab.view._type_structure("2-4-1")
    lab.settle()
    assert stage(lab).canvas.is_stale
    assert "structure" in lab.sentence("landscape_words")
    lab.undo()
    assert "Out of date" not in lab.sentence("landscape_words")
    lab.view.data_panel.plane.shapes.buttons["moons"].click()
    lab.settle()
    assert "the data have changed" in lab.sentence("landscape_words")


def test_what_cannot_be_measured_is_said(lab: Desk) -> None:
    stage(lab).way._box.setCurrentIndex(1)
    stage(lab).way._box.activated.emit(1)
    stage(lab).axes[1]._box.setCurrentIndex(stage(lab).axes[0]._box.currentIndex())
    lab.click("landscape_measure")
    assert "two different" in lab.sentence("landscape_error")
    assert not stage(lab).canvas.losses.size


def test_a_measurement_is_broken_off(lab: Desk) -> None:
    lab.type_in("landscape_resolution_number", "101")
    lab.click("landscape_measure")
    assert lab.view.landscape._measuring.is_running
    lab.click("landscape_cancel")
    lab.wait(lambda: not lab.view.landscape._measuring._alive)
    assert not stage(lab).canvas.losses.size
    assert not stage(lab)._bar.isVisible()


def test_arrows_walk_over_the_map(lab: Desk) -> None:
    measure(lab)
    canvas = stage(lab).canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Up)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.accessibleDescription() == canvas.words_at(6, 6)
    assert f"{canvas.losses[6, 6]:.5g}" in canvas.accessibleDescription()
    assert len(canvas.levels()) > 0
    assert (canvas.levels() > canvas.losses.min()).all()
    assert (canvas.levels() < canvas.losses.max()).all()
