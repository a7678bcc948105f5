"""The bent plane in the real window: layer after layer, with the best straight cut through each."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QAction

from playground.views.plane.bent_stage import BentStage
from tests.app.journeys.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


@pytest.fixture
def bent(desk: Desk) -> Desk:
    desk.find(QAction, "data_plane").trigger()
    desk.settle()
    desk.view._type_structure("2-6-1")
    desk.settle()
    desk.click("stage_bent")
    return desk


def stage(desk: Desk) -> BentStage:
    return desk.view.bent_stage


def share(desk: Desk, place: int) -> int:
    return int(stage(desk).buttons[place].text().split()[-2])


def test_points_stand_where_two_neurons_put_them(bent: Desk) -> None:
    stage(bent).axes_chosen.emit(3, 1)
    scene = stage(bent).canvas.scene
    assert scene is not None
    assert scene.names == ("neuron 4 of hidden 1", "neuron 2 of hidden 1")
    data = bent.document.data
    assert data.plane is not None
    at = np.concatenate([data.plane.train, data.plane.validation])
    act = 1 / (1 + np.exp(-(at @ bent.snapshot.weight(0).T + bent.snapshot.bias(0))))
    assert scene.points == pytest.approx(act[:, [3, 1]], abs=1e-5)
    corner = 1 / (1 + np.exp(-(np.array([-6, 6]) @ bent.snapshot.weight(0).T + bent.snapshot.bias(0))))
    assert scene.grid[-1, 0] == pytest.approx(corner[[3, 1]], abs=1e-5)


def test_the_plane_itself_is_not_bent_and_no_cut_parts_the_circle(bent: Desk) -> None:
    bent.click("bent_layer_0")
    scene = stage(bent).canvas.scene
    assert scene is not None
    assert scene.names == ("x1", "x2")
    assert scene.grid[0, :, 0] == pytest.approx(np.linspace(-6, 6, len(scene.grid)))
    assert share(bent, 0) < 70


def test_training_makes_the_hidden_layer_separable(bent: Desk) -> None:
    for name, value in {"learning_rate": 0.03, "batch_size": 10}.items():
        bent.document.change_setting(name, value)
    goal = bent.snapshot.step + 1_500
    bent.document.advance(steps=1_500)
    bent.wait(lambda: bent.snapshot.step == goal and not bent.snapshot.is_running)
    bent.settle()
    assert share(bent, 1) >= 99
    assert share(bent, 2) >= 99
    assert share(bent, 0) < 70
    assert "held back" in stage(bent).buttons[1].toolTip()


def test_a_layer_of_one_neuron_is_a_line(bent: Desk) -> None:
    bent.click("bent_layer_2")
    scene = stage(bent).canvas.scene
    assert scene is not None
    assert scene.names == ("neuron 1 of output",)
    assert not scene.points[:, 1].any()
    assert not stage(bent).axes[1].isVisible()


def test_numbers_are_judged_by_a_linear_fit(bent: Desk) -> None:
    bent.view.data_panel.plane.shapes.buttons["slope"].click()
    bent.settle()
    assert stage(bent).buttons[0].text() == "inputs 1.00"  # the numbers of this shape are linear in x1 and x2
    assert "R²" in bent.sentence("bent_words")


def test_nothing_is_reckoned_for_a_page_that_nobody_sees(bent: Desk) -> None:
    bent.click("stage_network")
    before = stage(bent).canvas.scene
    bent.document.advance(steps=10)
    bent.settle()
    assert stage(bent).canvas.scene is before
