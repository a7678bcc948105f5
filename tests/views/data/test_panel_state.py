"""What the left column looks at is found again, and a state from a hostile file does no harm."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.views.data.panel import DataPanel
from playground.views.look import Look
from tests.views.data.data_samples import digits, drag, six_inputs, small_images

SEVEN = [(0.3, 0.3), (0.7, 0.3), (0.5, 0.8)]


@pytest.fixture
def make_panel(look: Look, qtbot: QtBot) -> Callable[[], DataPanel]:
    def make() -> DataPanel:
        panel = DataPanel(look)
        panel.resize(270, 900)
        qtbot.addWidget(panel)
        panel.show()
        panel.set_data(digits())
        return panel

    return make


def as_kept(panel: DataPanel) -> Any:
    return json.loads(json.dumps(panel.save_state()))


def test_drawing_and_sliders_are_found_again(make_panel: Callable[[], DataPanel]) -> None:
    today, tomorrow = make_panel(), make_panel()
    drag(today.drawing.pad, SEVEN)
    today.adjust.put({"dx": 2.0, "angle_degrees": -15.0})
    tomorrow.restore_state(as_kept(today))
    np.testing.assert_allclose(tomorrow.drawing.pad.ink(), today.drawing.pad.ink(), atol=0.5 / 255 + 1e-6)
    assert tomorrow.adjust.adjustment() == today.adjust.adjustment()
    values, label, origin = tomorrow.current_input()
    assert (label, origin) == (None, "drawing")
    np.testing.assert_allclose(values, today.current_input()[0], atol=0.05)
    assert tomorrow.save_state() == today.save_state()


def test_the_example_is_found_again_beside_a_drawing(make_panel: Callable[[], DataPanel]) -> None:
    today, tomorrow = make_panel(), make_panel()
    drag(today.drawing.pad, SEVEN)
    today.browser.go_to("train", "3", 1)
    today.browser.strip.choose(1)
    told: list[Any] = []
    tomorrow.input_changed.connect(lambda *args: told.append(args))
    tomorrow.restore_state(as_kept(today))
    assert len(told) == 1
    assert told[0][1:] == (3, "example")
    np.testing.assert_array_equal(told[0][0], today.current_input()[0])
    assert tomorrow.browser.words() == today.browser.words()
    assert not tomorrow.drawing.pad.is_empty


def test_an_empty_sheet_takes_the_place_of_another_drawing(make_panel: Callable[[], DataPanel]) -> None:
    today, tomorrow = make_panel(), make_panel()
    drag(tomorrow.drawing.pad, SEVEN)
    tomorrow.restore_state(as_kept(today))
    assert tomorrow.drawing.pad.is_empty
    assert not tomorrow.drawing.pad.can_undo


def test_typed_numbers_are_found_again(make_panel: Callable[[], DataPanel]) -> None:
    today, tomorrow = make_panel(), make_panel()
    for panel in (today, tomorrow):
        panel.set_data(six_inputs())
    assert as_kept(today)["numbers"] is None  # those of the example
    model = today.table._model
    assert model.setData(model.index(3, 1), "-1.5")
    tomorrow.restore_state(as_kept(today))
    values, label, origin = tomorrow.current_input()
    assert (values.tolist(), label, origin) == ([8, 5, 22, -1.5, 2, -3], None, "drawing")
    np.testing.assert_array_equal(tomorrow.table.values(), values)


@pytest.mark.parametrize(
    "numbers", [7, [1, 2], [1, 2, 3, 4, 5, "6"], [1, 2, 3, 4, 5, float("nan")], [1e30] * 6, [True] * 6]
)
def test_typed_numbers_that_cannot_be_are_passed_over(make_panel: Callable[[], DataPanel], numbers: Any) -> None:
    panel = make_panel()
    panel.set_data(six_inputs())
    panel.restore_state({"origin": "drawing", "numbers": numbers})
    assert panel.current_input()[0].tolist() == [8, 5, 22, -5, 2, -3]


def packed(content: bytes) -> str:
    return base64.b64encode(zlib.compress(content)).decode()


@pytest.mark.parametrize(
    "drawing",
    [
        7,
        {"rows": 280, "columns": 280, "ink": "no base 64!"},
        {"rows": 280, "columns": 280, "ink": packed(b"short")},
        {"rows": 280, "columns": 280, "ink": packed(b"\xff" * 50_000_000)},
        {"rows": 10**6, "columns": 10**6, "ink": packed(b"")},
        {"rows": 100, "columns": 100, "ink": packed(bytes(10_000))},
        {"rows": "280", "columns": None, "ink": 3},
    ],
)
def test_a_drawing_that_cannot_be_is_an_empty_sheet(make_panel: Callable[[], DataPanel], drawing: Any) -> None:
    panel = make_panel()
    panel.restore_state({"origin": "drawing", "example": {}, "drawing": drawing, "sliders": {}})
    assert panel.drawing.pad.is_empty
    assert panel.current_input()[2] == "example"


@pytest.mark.parametrize(
    "state",
    [
        None,
        [],
        {"origin": 3, "example": {"part": "nowhere", "class": "all", "place": 1}},
        {"example": {"part": "train", "class": "99", "place": 10**30}, "sliders": {"dx": "far", "noise": None}},
        {"example": {"part": "test", "class": "added", "place": -5}, "sliders": {"dx": 1e300, "noise": True}},
    ],
)
def test_wrong_entries_are_passed_over(make_panel: Callable[[], DataPanel], state: Any) -> None:
    panel = make_panel()
    panel.restore_state(state)
    assert panel.browser.current() is not None
    assert panel.adjust.adjustment() == type(panel.adjust.adjustment())()
    assert panel.current_input()[2] == "example"


def test_nothing_is_restored_where_the_drawing_does_not_fit_the_data(make_panel: Callable[[], DataPanel]) -> None:
    today, tomorrow = make_panel(), make_panel()
    drag(today.drawing.pad, SEVEN)
    tomorrow.set_data(small_images())
    tomorrow.restore_state(as_kept(today))
    assert tomorrow.current_input()[0].size == small_images().features


def test_the_strip_tells_whether_its_example_is_what_the_network_receives(make_panel: Callable[[], DataPanel]) -> None:
    panel = make_panel()
    strip = panel.browser.strip
    as_input = strip.grab().toImage()
    drag(panel.drawing.pad, SEVEN)
    assert strip.grab().toImage() != as_input
    strip.choose(strip.place)
    assert strip.grab().toImage() == as_input
