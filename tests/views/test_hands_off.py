"""A test that ends with a mouse button down does not spoil those after it: a pad takes one button for a stroke."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.views.data.pad import DrawPad
from playground.views.look import Look

BUTTONS = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.BackButton,
    Qt.MouseButton.TaskButton,
)


def draw(look: Look, qtbot: QtBot) -> DrawPad:
    pad = DrawPad(look)
    pad.resize(282, 282)
    qtbot.addWidget(pad)
    pad.show()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    QTest.mouseMove(pad, QPoint(200, 200))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    return pad


@pytest.mark.parametrize("button", BUTTONS)
def test_this_one_ends_with_a_button_down(button: Qt.MouseButton, qapp: object, qtbot: QtBot) -> None:
    look = Look(qapp)
    assert QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton, "the one before has left its mark"
    assert draw(look, qtbot).ink().max() > 0
    QTest.mousePress(draw(look, qtbot), button)
    assert QGuiApplication.mouseButtons() == button


def test_after_them_one_can_draw(qapp: object, qtbot: QtBot) -> None:
    assert draw(Look(qapp), qtbot).ink().max() > 0
