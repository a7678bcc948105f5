from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from playground.engine.datasets import DataSet
from playground.engine.input_features import FOURIER
from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.plane_shapes import SHAPES
from playground.views.look import Look
from playground.views.palette import light
from playground.views.plane.section import PlaneSection
from playground.views.plane.shapes import shape_scene
from playground.views.plane.strokes import ADD
from playground.views.plane.tools import ClassButton


class Desk:
    """The section with a desk that obeys it: data that are asked for are shown."""

    def __init__(self, section: PlaneSection, data: DataSet) -> None:
        self.section = section
        self.asked: list[tuple[DataSet, str]] = []
        section.data_asked.connect(self._take)
        section.set_data(data)

    def _take(self, data: Any, label: str) -> None:
        self.asked.append((data, label))
        self.section.set_data(data)


@pytest.fixture
def desk(qtbot: QtBot, look: Look) -> Desk:
    section = PlaneSection(look)
    qtbot.addWidget(section)
    section.resize(300, 900)
    section.show()
    return Desk(section, plane_data(PlaneSetup(shape="circle", count=60)))


def test_every_shape_is_chosen_by_its_picture(qtbot: QtBot, desk: Desk) -> None:
    for name, button in desk.section.shapes.buttons.items():
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        data, _ = desk.asked[-1]
        if name != "circle":
            assert data.source["shape"] == name, desk.section.findChildren(type(desk.section._error))[0].text()
        assert button.isChecked()
        assert [one.shape_name for one in desk.section.shapes.buttons.values() if one.isChecked()] == [name]
    assert len(desk.asked) == len(SHAPES)


def test_another_click_on_the_shape_draws_other_points(qtbot: QtBot, desk: Desk) -> None:
    before = desk.section.canvas.scene.points
    qtbot.mouseClick(desk.section.shapes.buttons["circle"], Qt.MouseButton.LeftButton)
    assert desk.asked[-1][0].source["seed"] == 1
    assert desk.section.canvas.scene.points.at.tolist() != before.at.tolist()


def test_pictures_of_the_shapes_are_all_different() -> None:
    pictures = set()
    for name in SHAPES:
        scene = shape_scene(name)
        what = scene.points.at if scene.surface is None else scene.surface.values
        pictures.add((np.round(what, 2).tobytes(), scene.points.targets.tobytes()))
    assert len(pictures) == len(SHAPES)


def test_numbers_ask_for_other_data(desk: Desk) -> None:
    desk.section.fields["count"].changed.emit(200)
    desk.section.fields["noise"].changed.emit(0.3)
    desk.section.fields["train_share"].changed.emit(0.8)
    data, label = desk.asked[-1]
    assert len(data.train) == 160
    assert len(data.validation) == 40
    assert data.source["noise"] == 0.3
    assert label == "data: train 0.8"


def test_a_feature_is_switched_on_and_the_last_one_cannot_be_switched_off(qtbot: QtBot, desk: Desk) -> None:
    features = desk.section.features
    qtbot.mouseClick(features.buttons["x1²"], Qt.MouseButton.LeftButton)
    assert desk.asked[-1][0].features == 3
    assert desk.asked[-1][1] == "inputs: x1, x2, x1²"
    for name in ("x1", "x2"):
        qtbot.mouseClick(features.buttons[name], Qt.MouseButton.LeftButton)
    count = len(desk.asked)
    qtbot.mouseClick(features.buttons["x1²"], Qt.MouseButton.LeftButton)
    assert len(desk.asked) == count
    assert features.buttons["x1²"].isChecked()
    assert "at least one feature" in features._error.text()


def test_each_harmonic_of_fourier_features_is_offered_once_the_one_before_is_in_use(qtbot: QtBot, desk: Desk) -> None:
    features = desk.section.features

    def offered() -> list[str]:
        return [name for name in features.buttons if name in FOURIER]

    assert offered() == list(FOURIER[:4])
    for count in (1, 2, 3):
        qtbot.mouseClick(features.buttons[f"sin {count}π x1/6"], Qt.MouseButton.LeftButton)
        assert offered() == list(FOURIER[: min(4 * (count + 1), 12)])
    assert desk.asked[-1][0].features == 5
    qtbot.mouseClick(features.buttons["sin 1π x1/6"], Qt.MouseButton.LeftButton)
    assert offered() == list(FOURIER)  # the third is in use still
    for count in (3, 2):
        qtbot.mouseClick(features.buttons[f"sin {count}π x1/6"], Qt.MouseButton.LeftButton)
    assert offered() == list(FOURIER[:4])


def test_ten_classes_have_room_in_the_column(desk: Desk) -> None:
    narrow = desk.section.minimumSizeHint().width()
    desk.section.set_data(plane_data(PlaneSetup("clusters", parts=10)))
    desk.section.layout().activate()
    buttons = desk.section.findChildren(ClassButton)
    assert len([button for button in buttons if not button.isHidden()]) == 10
    assert desk.section.minimumSizeHint().width() <= narrow
    assert all(desk.section.rect().contains(button.mapTo(desk.section, button.rect().center())) for button in buttons)


def test_points_drawn_on_a_gate_stay_in_its_plane(qtbot: QtBot, desk: Desk) -> None:
    qtbot.mouseClick(desk.section.shapes.buttons["and"], Qt.MouseButton.LeftButton)
    desk.section.canvas.set_tool(ADD)
    qtbot.mouseClick(desk.section.canvas, Qt.MouseButton.LeftButton, pos=desk.section.canvas.rect().center())
    data, label = desk.asked[-1]
    assert label == "points added"
    assert data.plane is not None
    assert (data.plane.low, data.plane.high, data.classes) == (-0.5, 1.5, ("0", "1"))
    assert len(data.train) + len(data.validation) == 5


def test_a_typed_feature_becomes_a_button(qtbot: QtBot, desk: Desk) -> None:
    features = desk.section.features
    qtbot.keyClicks(features.typed, "exp(-x1^2)")
    qtbot.keyClick(features.typed, Qt.Key.Key_Return)
    assert "exp(-x1^2)" in features.buttons
    assert features.typed.text() == ""
    assert desk.asked[-1][0].features == 3


@pytest.mark.parametrize("text", ["__import__('os')", "x1/0", "", "x3", "x1"])
def test_a_feature_that_cannot_be_is_refused_in_place(qtbot: QtBot, desk: Desk, text: str) -> None:
    features = desk.section.features
    qtbot.keyClicks(features.typed, text)
    qtbot.keyClick(features.typed, Qt.Key.Key_Return)
    assert not desk.asked
    assert features._error.isVisible()
    assert features.typed.text() == text


def test_points_drawn_by_hand_become_the_data(qtbot: QtBot, desk: Desk) -> None:
    canvas = desk.section.canvas
    qtbot.mouseClick(desk.section.tools.buttons[ADD], Qt.MouseButton.LeftButton)
    assert canvas.tool == ADD
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    data, label = desk.asked[-1]
    assert len(data.train) + len(data.validation) == 61
    assert label == "points added"
    assert data.source["shape"] == "drawn"
    assert "drawn points" in desk.section.shapes._line.text()
    assert not desk.section.fields["noise"].isEnabled()


def test_an_empty_plane_can_be_drawn_on(qtbot: QtBot, desk: Desk) -> None:
    section = desk.section
    qtbot.mouseClick(section.tools._empty, Qt.MouseButton.LeftButton)
    assert len(section.canvas.scene.points) == 0
    qtbot.mouseClick(section.tools.buttons[ADD], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(section.canvas, Qt.MouseButton.LeftButton, pos=section.canvas.rect().center())
    assert len(section.canvas.scene.points) == 1


def test_a_formula_is_typed_and_a_bad_one_is_refused(qtbot: QtBot, desk: Desk) -> None:
    section = desk.section
    qtbot.mouseClick(section.shapes.buttons["boundary"], Qt.MouseButton.LeftButton)
    assert section.formula.isVisible()
    section.formula.clear()
    qtbot.keyClicks(section.formula, "x*x/4")
    qtbot.keyClick(section.formula, Qt.Key.Key_Return)
    assert desk.asked[-1][0].source["formula"] == "x*x/4"
    count = len(desk.asked)
    section.formula.clear()
    qtbot.keyClicks(section.formula, "open('x')")
    qtbot.keyClick(section.formula, Qt.Key.Key_Return)
    assert len(desk.asked) == count
    assert section._error.isVisible()
    assert section.formula.text() == "open('x')"


def test_answers_are_shown_and_a_switch_does_not_lose_them(qtbot: QtBot, desk: Desk) -> None:
    section = desk.section
    section.render_answers(np.ones((1, 20, 20), np.float32), np.zeros(60, bool))
    section.show_place((1.0, 2.0))
    section.tools.steps.click()
    section.tools.held.click()
    scene = section.canvas.scene
    assert scene.in_steps
    assert not scene.has_held_back
    assert scene.surface is not None
    assert scene.current == (1.0, 2.0)
    section.set_data(plane_data(PlaneSetup(shape="xor", count=40)))
    assert section.canvas.scene.in_steps
    assert section.canvas.scene.surface is None  # nothing was answered about these data yet


def test_the_look_changes_in_use(qtbot: QtBot, desk: Desk, look: Look) -> None:
    qtbot.mouseClick(desk.section.shapes.buttons["clusters"], Qt.MouseButton.LeftButton)
    before = desk.section.grab().toImage()
    look.set(palette=light(), scale=1.6)
    assert desk.section.grab().toImage() != before
