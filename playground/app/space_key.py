"""Space plays and pauses, except where it is typed or presses the button that the keyboard has reached."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QWidget

_PRESSED_BY_SPACE = (QAbstractButton, QComboBox, QAbstractItemView)


def leave_focus_to_keyboard(root: QWidget) -> None:
    """Let a click on a button leave the focus where keys are wanted; Tab still reaches it."""
    for button in root.findChildren(QAbstractButton):
        if button.focusPolicy() == Qt.FocusPolicy.StrongFocus:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)


class SpaceKey(QObject):
    """Looks over the shoulder of the one widget in focus, so that no other event passes through Python.

    A text field takes its spaces by itself. A button or list keeps Space where the keyboard brought the focus to
    it, not after a click.
    """

    def __init__(self, application: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        application.focusChanged.connect(self._follow)

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched.destroyed.disconnect(self._lose)
            self._watched = None
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if isinstance(new, _PRESSED_BY_SPACE) and not by_mouse:
            self._watched = new
            new.destroyed.connect(self._lose)
            new.installEventFilter(self)

    def _lose(self) -> None:
        self._watched = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Say whose Space it is before Qt looks for a shortcut."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
        ):
            event.accept()
            return True
        return False
