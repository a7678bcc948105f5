"""The question about unsaved work. Nothing waits for its answer: what is to follow is called then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget


class OpenProject(Protocol):
    """What the window needs to know of the project to close it."""

    @property
    def is_dirty(self) -> bool:
        """Say whether something would be lost."""
        ...

    @property
    def title(self) -> str:
        """Return the name that the window shows."""
        ...

    def save(self, then: Callable[[bool], object]) -> None:
        """Save, asking for a file where there is none yet; ``then`` is told whether it is kept."""
        ...


class SaveQuestion(QObject):
    """Asks once at a time, in a window over the main one."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._box: QMessageBox | None = None

    def ask(self, project: OpenProject, then: Callable[[], object]) -> None:
        """Call ``then`` once the project is saved or given up; never, where the user cancels or saving fails."""
        if self._box is not None:
            self._box.activateWindow()
            return
        buttons = QMessageBox.StandardButton
        box = self._box = QMessageBox(self._window)
        box.setObjectName("save_question")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Playground")
        box.setText(f"Save the changes in {project.title}?")
        box.setInformativeText("What is not saved is lost.")
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def answered(button: int) -> None:
            self._box = None
            if button == buttons.Save.value:
                project.save(lambda is_kept: then() if is_kept else None)
            elif button == buttons.Discard.value:
                then()

        box.finished.connect(answered)
        box.open()
