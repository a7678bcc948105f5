"""What goes out of sight leaves the focus to the window: Qt would give it to a button, and Space would press that."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


class LostFocus(QObject):
    """Gives the focus to ``place``, where keys are shortcuts, when its holder in ``window`` was hidden."""

    def __init__(self, application: QApplication, window: QMainWindow, place: QWidget) -> None:
        super().__init__(window)
        self._window, self._place = window, place
        application.focusChanged.connect(self._follow)

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is None or new is None or old.isVisible():
            return
        if old.window() is self._window and new.window() is self._window:
            self._place.setFocus()
