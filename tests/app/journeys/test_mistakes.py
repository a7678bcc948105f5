"""The examples that the network answers wrongly, looked at while it learns."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QComboBox

from tests.app.journeys.desk import Desk


def choose_mistakes(desk: Desk) -> None:
    box = desk.find(QComboBox, "example_class")
    box.setCurrentIndex(box.findData("wrong"))
    box.activated.emit(box.currentIndex())


def shown(desk: Desk) -> list[int]:
    return [int(index) for index in desk.view.data_panel.browser.strip._indices]


def wrong_ones(desk: Desk) -> list[int]:
    """Work out from the weights on the screen which validation examples are answered wrongly."""
    act = desk.document.data.validation.as_float()
    for index, layer in enumerate(desk.snapshot.spec.layers):
        pre = act @ desk.snapshot.weight(index).T + desk.snapshot.bias(index)
        act = 1 / (1 + np.exp(-pre)) if layer.activation == "sigmoid" else pre
    return [int(row) for row in np.flatnonzero(act.argmax(axis=1) != desk.document.data.validation.labels)]


def test_the_mistakes_are_shown_and_follow_what_is_changed_while_paused(desk: Desk) -> None:
    choose_mistakes(desk)
    desk.wait(lambda: shown(desk) == wrong_ones(desk) != [])
    assert "wrong at step 0" in desk.sentence("example_position")
    browser = desk.view.data_panel.browser
    assert browser.current() is not None
    first = browser.words()
    desk.click("epoch_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running and desk.snapshot.step > 0)
    selected = browser.strip.index()
    desk.wait(lambda: f"wrong at step {desk.snapshot.step:,}" in desk.sentence("example_position"))
    assert set(shown(desk)) - {selected} == set(wrong_ones(desk)) - {selected}
    assert browser.words() == first, "what is looked at stays"
    before = shown(desk)
    desk.click_unit(2, 3)
    desk.click("transform_zero")
    desk.settle()
    desk.wait(lambda: set(shown(desk)) | {selected} == set(wrong_ones(desk)) | {selected} and shown(desk) != before)


def test_while_it_trains_they_are_those_of_the_step_that_is_named(desk: Desk) -> None:
    desk.click("play_button")
    desk.wait_for_steps(3)
    choose_mistakes(desk)
    desk.wait(lambda: "wrong at step" in desk.sentence("example_position"))
    named = desk.sentence("example_position")
    desk.wait_for_steps(20)
    assert desk.sentence("example_position") == named, "nothing moves by itself"
    choose_mistakes(desk)
    desk.wait(lambda: desk.sentence("example_position") != named)
    desk.click("play_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running)
    desk.wait(lambda: f"wrong at step {desk.snapshot.step:,}" in desk.sentence("example_position"))
