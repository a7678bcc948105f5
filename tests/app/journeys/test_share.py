"""A state as a text: copied, pasted into the window, named on the command line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QGuiApplication

from playground.engine.plane import PlaneSetup, plane_data
from tests.app.journeys.desk import Desk


def plane_desk(desk: Desk) -> None:
    desk.document.set_data(plane_data(PlaneSetup(shape="xor", count=60, seed=8)))
    desk.view._type_structure("2-5-1")
    desk.document.change_setting("learning_rate", 0.07)
    desk.document.advance(steps=25)
    desk.wait(lambda: desk.snapshot.step == 25 and desk.document.is_settled)


def test_a_state_is_copied_and_opened_elsewhere(desk: Desk, start: Callable[..., Desk]) -> None:
    plane_desk(desk)
    desk.trigger("file.share")
    message = desk.wait_for_message("with its weights")
    text = QGuiApplication.clipboard().text()
    assert text.startswith("playground:")
    assert f"{len(text):,} letters" in message
    other = start()
    other.trigger("file.open_shared")
    other.wait(lambda: other.document.spec.text == "2-5-1")
    other.settle()
    assert other.document.settings.learning_rate == 0.07
    assert dict(other.document.data.source) == dict(desk.document.data.source)
    assert other.parameters.tolist() == desk.parameters.tolist()
    assert not other.document.undo_stack.count()
    other.document.advance(steps=3)
    other.wait(lambda: other.snapshot.step == 3)


def test_a_state_with_many_weights_begins_at_its_seed(desk: Desk) -> None:
    desk.document.advance(steps=5)
    desk.wait(lambda: desk.snapshot.step == 5)
    desk.trigger("file.share")
    desk.wait_for_message("with its seed")
    desk.document.reset()
    desk.settle()
    first = desk.parameters
    desk.program.workspace.keeping.take_shared(QGuiApplication.clipboard().text())
    desk.wait(lambda: desk.document.undo_stack.count() == 0)
    desk.settle()
    assert desk.snapshot.step == 0
    assert np.array_equal(desk.parameters, first)


def test_a_clipboard_with_something_else_is_refused_and_nothing_is_lost(desk: Desk) -> None:
    plane_desk(desk)
    QGuiApplication.clipboard().setText("hello")
    desk.trigger("file.open_shared")
    desk.wait_for_message("no shared state")
    assert desk.document.spec.text == "2-5-1"
    assert desk.snapshot.step == 25
