"""Saving over a file: the question stands in the dialog, and no other window opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from playground.views.file_choice import ask_to_save

# of the popup that completes names, off screen
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)


class Asked:
    """A dialog that is open, and what it answered."""

    def __init__(self, parent: QWidget, start: Path) -> None:
        self.answers: list[str] = []
        self.dialog = ask_to_save(parent, "Save project as", str(start), "Projects (*.playground)", self.answers.append)
        edit = self.dialog.findChild(QLineEdit, "fileNameEdit")
        question = self.dialog.findChild(QLabel, "overwrite_question")
        buttons = self.dialog.findChild(QDialogButtonBox, "buttonBox")
        assert edit is not None
        assert question is not None
        assert buttons is not None
        self.edit, self.question = edit, question
        self.button: QPushButton = buttons.button(QDialogButtonBox.StandardButton.Save)

    def type(self, text: str) -> None:
        self.edit.selectAll()
        QTest.keyClicks(self.edit, text)


@pytest.fixture
def asked(qtbot: QtBot, tmp_path: Path) -> Iterator[Asked]:
    (tmp_path / "old.playground").write_text("old")
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    found = Asked(window, tmp_path / "new.playground")
    yield found
    if shiboken6.isValid(found.dialog) and found.dialog.isVisible():
        found.dialog.reject()


def test_a_new_file_is_taken_at_once(asked: Asked, tmp_path: Path) -> None:
    QTest.mouseClick(asked.button, Qt.MouseButton.LeftButton)
    assert asked.answers == [str(tmp_path / "new.playground")]


@pytest.mark.parametrize("name", ["old.playground", "old"])  # the ending is added
def test_a_file_that_is_there_is_asked_about_in_place(asked: Asked, tmp_path: Path, name: str) -> None:
    asked.type(name)
    QTest.mouseClick(asked.button, Qt.MouseButton.LeftButton)
    assert asked.answers == []
    assert asked.question.isVisible()
    assert "old.playground is there already" in asked.question.text()
    assert asked.button.text() == "Replace"
    assert [w for w in QApplication.topLevelWidgets() if w.isModal() and w.isVisible()] == [asked.dialog]
    QTest.mouseClick(asked.button, Qt.MouseButton.LeftButton)
    assert asked.answers == [str(tmp_path / "old.playground")]


def test_another_name_takes_the_question_back(asked: Asked, tmp_path: Path) -> None:
    before = asked.button.text()
    asked.type("old")
    QTest.keyClick(asked.edit, Qt.Key.Key_Return)
    assert asked.question.isVisible()
    QTest.keyClicks(asked.edit, "er")
    assert not asked.question.isVisible()
    assert asked.button.text() == before != "Replace"
    QTest.keyClick(asked.edit, Qt.Key.Key_Return)
    assert asked.answers == [str(tmp_path / "older.playground")]


def test_cancelling_writes_nothing(asked: Asked) -> None:
    asked.type("old")
    QTest.mouseClick(asked.button, Qt.MouseButton.LeftButton)
    asked.dialog.reject()
    assert asked.answers == []
    assert isinstance(asked.dialog, QFileDialog)
