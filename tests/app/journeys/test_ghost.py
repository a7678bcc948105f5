"""The run before a reset stays in sight, faintly; that of another project does not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from tests.app.journeys.desk import Desk


def ghost_steps(desk: Desk) -> int:
    plot = desk.view.curves.loss
    return len(plot._ghost[0])


def test_only_a_reset_leaves_a_ghost(desk: Desk) -> None:
    desk.wait_until_ready()
    desk.document.advance(steps=30)
    desk.wait_for_steps(30)
    desk.settle()
    assert ghost_steps(desk) == 0
    desk.trigger("training.reset")
    desk.wait(lambda: desk.snapshot.step == 0 and ghost_steps(desk) > 0)
    desk.undo()
    desk.wait(lambda: desk.snapshot.step == 30)
    desk.wait(lambda: len(desk.view.curves.curves().steps) > 1)
    desk.trigger("training.reset")
    desk.wait(lambda: desk.snapshot.step == 0 and ghost_steps(desk) > 0)
    desk.trigger("file.new")
    desk.wait(lambda: desk.window.findChild(QMessageBox, "save_question"))
    box = desk.find(QMessageBox, "save_question")
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Discard), Qt.MouseButton.LeftButton)
    desk.wait(lambda: desk.window.windowTitle().startswith("untitled –") and ghost_steps(desk) == 0)
