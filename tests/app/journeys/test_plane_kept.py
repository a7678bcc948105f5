"""What the plane shows, kept with a project and taken up again, whoever wrote it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PySide6.QtGui import QAction

from playground.views.plane.landscape_stage import LandscapeWish
from playground.views.plane.scene import PRE
from tests.app.journeys.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


@pytest.fixture
def plane(desk: Desk) -> Desk:
    desk.find(QAction, "data_plane").trigger()
    desk.settle()
    desk.view._type_structure("2-4-3-1")
    desk.settle()
    return desk


def kept(desk: Desk) -> Any:
    return json.loads(json.dumps(desk.view.save_view()))


def test_everything_that_is_chosen_for_the_plane_comes_back(plane: Desk) -> None:
    view = plane.view
    plane.click("stage_landscape")  # offers parameters
    usual = kept(plane)
    plane.click("plane_steps")
    plane.click("plane_held_back")
    plane.click("stage_plane")
    plane.click("plane_overlay_all_lines")
    plane.click("plane_overlay_line")
    view.plane_mode.show_way(PRE)
    plane.click("stage_bent")
    plane.click("bent_layer_2")
    view.bent_stage.axes_chosen.emit(2, 1)
    plane.click("stage_landscape")
    view.landscape_stage.way.set_value("parameters")
    for number, axis in enumerate(view.landscape_stage.axes):
        axis.set_value(str(5 + number))
    view.landscape_stage.span.set_value(2.5)
    view.landscape_stage.resolution.set_value(21)
    mine = kept(plane)
    view.restore_view(usual)
    assert kept(plane)["plane"] == usual["plane"] != mine["plane"]
    assert not view.data_panel.plane.canvas.scene.in_steps
    view.restore_view(mine)
    assert kept(plane)["plane"] == mine["plane"]
    assert view.data_panel.plane.canvas.scene.in_steps
    assert not view.data_panel.plane.canvas.scene.has_held_back
    assert len(view.data_panel.plane.canvas.scene.lines) == 4
    assert view.landscape_stage.wish() == LandscapeWish((5, 6), 2.5, 21, 0)
    plane.click("stage_bent")
    scene = view.bent_stage.canvas.scene
    assert scene is not None
    assert scene.names == ("neuron 3 of hidden 2", "neuron 2 of hidden 2")


def test_a_landscape_over_parameters_is_kept_before_they_are_offered(plane: Desk) -> None:
    stage = plane.view.landscape_stage
    state = {"plane": {"landscape": {"way": "parameters", "axes": ["7", "3"]}}}
    plane.view.restore_view(state)
    assert kept(plane)["plane"]["landscape"]["axes"] == ["7", "3"]
    plane.click("stage_landscape")
    assert stage.wish().axes == (7, 3)


WRONG: tuple[Any, ...] = (
    None,
    [],
    {"steps": 1, "held_back": "no", "shown": "everything", "overlays": ["line"], "bent": 3, "landscape": []},
    {"shown": ["act"], "overlays": {"line": 1, "__class__": True, "regions": None}, "bent": [1, 0]},
    {"bent": [-1, 0, 0]},
    {"bent": [True, 0, 0]},
    {"bent": [1.5, 0, 0]},
    {"landscape": {"way": "all", "axes": [1, 2], "span": "wide", "resolution": 10**9, "seed": -1}},
    {"landscape": {"axes": ["1"], "span": float("nan"), "resolution": True, "seed": float("inf")}},
)


def test_what_is_wrong_in_a_project_stays_as_it_is(plane: Desk) -> None:
    before = kept(plane)["plane"]
    for state in WRONG:
        plane.view.restore_view({"plane": state})
        assert kept(plane)["plane"] == before, state


@pytest.mark.parametrize("bent", [[10**30, 10**30, 0], [2, 99, 99], [0, 5, 5]])
def test_a_layer_that_is_not_there_is_the_last_one(plane: Desk, bent: list[int]) -> None:
    plane.view.restore_view({"plane": {"bent": bent, "landscape": {"way": "parameters", "axes": ["9" * 99, "x"]}}})
    plane.click("stage_bent")
    scene = plane.view.bent_stage.canvas.scene
    assert scene is not None
    assert len(scene.names) == (1 if bent[0] > 2 else 2)
    plane.click("stage_landscape")
    assert plane.view.landscape_stage.wish().axes == (0, 1)
