"""The strip with the examples that the network answers wrongly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from playground.engine.snapshots import Mistakes
from playground.views.data.panel import DataPanel
from playground.views.look import Look
from tests.views.data.data_samples import digits, six_inputs


@pytest.fixture
def panel(look: Look, qtbot: QtBot) -> DataPanel:
    panel = DataPanel(look)
    panel.resize(270, 900)
    qtbot.addWidget(panel)
    panel.show()
    panel.set_data(digits())
    return panel


def choose(panel: DataPanel, name: str, value: str) -> None:
    box = panel.findChild(QComboBox, name)
    assert box is not None
    place = box.findData(value)
    assert place >= 0, value
    box.setCurrentIndex(place)
    box.activated.emit(place)


def found(indices: list[int], answers: list[int], step: int = 1_234, part: str = "validation") -> Mistakes:
    return Mistakes(step, part, np.array(indices, np.int64), np.array(answers, np.int64))


def position(panel: DataPanel) -> str:
    label = panel.findChild(QLabel, "example_position")
    assert label is not None
    return label.text()


def test_they_are_asked_for_and_the_first_becomes_the_input(panel: DataPanel, qtbot: QtBot) -> None:
    browser = panel.browser
    told: list[Any] = []
    panel.input_changed.connect(lambda *args: told.append(args))
    with qtbot.waitSignal(browser.mistakes_requested) as asked:
        choose(panel, "example_class", "wrong")
    assert asked.args == ["validation"]
    assert told == [], "nothing is looked at before the answer has come"
    browser.set_mistakes(found([3, 17, 22], [8, 1, 0]))
    assert (browser.words(), position(panel)) == ("validation example 4", "1 of 3 wrong at step 1,234")
    assert [args[1:] for args in told] == [(3, "example")]
    assert "example 4, label 3, taken for 8" in browser.strip.accessibleDescription()


def test_looking_anew_leaves_the_selected_one_where_it_is(panel: DataPanel) -> None:
    browser = panel.browser
    choose(panel, "example_class", "wrong")
    browser.set_mistakes(found([3, 17, 22], [8, 1, 0]))
    browser.strip.choose(1)
    told: list[Any] = []
    panel.input_changed.connect(lambda *args: told.append(args))
    browser.set_mistakes(found([2, 22], [4, 0], step=1_300))
    assert browser.words() == "validation example 18", "it is answered rightly now and still what is looked at"
    assert browser.strip.count == 3
    assert told == []
    browser.strip.choose(0)
    browser.set_mistakes(found([2, 22], [4, 0], step=1_300))
    assert (browser.words(), browser.strip.count) == ("validation example 3", 2)


def test_none_wrong_is_said_and_the_input_stays(panel: DataPanel) -> None:
    browser = panel.browser
    before = panel.current_input()[0]
    choose(panel, "example_class", "wrong")
    browser.set_mistakes(found([], [], step=5))
    assert position(panel) == "none wrong at step 5"
    np.testing.assert_array_equal(panel.current_input()[0], before)
    choose(panel, "example_class", "all")
    assert browser.strip.count == 30


def test_an_answer_that_nobody_waits_for_any_more_is_passed_over(panel: DataPanel, qtbot: QtBot) -> None:
    browser = panel.browser
    choose(panel, "example_class", "wrong")
    with qtbot.waitSignal(browser.mistakes_requested) as asked:
        choose(panel, "example_part", "test")
    assert asked.args == ["test"]
    browser.set_mistakes(found([3], [8]))
    assert browser.strip.count == 30, "these were of another part"
    browser.set_mistakes(found([4], [8], part="test"))
    assert browser.words() == "test example 5"
    choose(panel, "example_class", "all")
    browser.set_mistakes(found([9], [8], part="test"))
    assert browser.strip.count == 20


def test_a_mistake_is_kept_with_the_view_as_one_of_all(panel: DataPanel) -> None:
    choose(panel, "example_class", "wrong")
    panel.browser.set_mistakes(found([3, 17, 22], [8, 1, 0]))
    panel.browser.strip.choose(2)
    assert panel.save_state()["example"] == {"part": "validation", "class": "all", "place": 22}


def test_where_nothing_is_right_or_wrong_it_is_not_offered(panel: DataPanel) -> None:
    box = panel.findChild(QComboBox, "example_class")
    assert box is not None
    assert box.findData("wrong") >= 0
    panel.set_data(six_inputs())
    assert box.findData("wrong") < 0
