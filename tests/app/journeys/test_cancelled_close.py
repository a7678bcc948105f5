"""Closing while it trains: the question holds nothing up, and cancelled it leaves the training as it was."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from tests.app.journeys.desk import CTRL, LEFT, Desk


def question(desk: Desk) -> QMessageBox:
    desk.wait(lambda: desk.window.findChild(QMessageBox, "save_question"))
    return desk.find(QMessageBox, "save_question")


@pytest.mark.parametrize("way", ["button", "escape"])
def test_training_goes_on_after_closing_was_cancelled(desk: Desk, way: str) -> None:
    desk.click("play_button")
    desk.wait_for_steps(20)
    desk.press(Qt.Key.Key_Q, CTRL)
    box = question(desk)
    assert desk.snapshot.is_running
    desk.wait_for_steps(20)
    if way == "button":
        QTest.mouseClick(box.button(QMessageBox.StandardButton.Cancel), LEFT)
    else:
        QTest.keyClick(box, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.window.findChild(QMessageBox, "save_question") is None)
    begun = desk.snapshot.step
    desk.wait_for_steps(50)
    assert desk.snapshot.step > begun
    assert desk.snapshot.is_running
    assert desk.window.isVisible()
