"""A number that was typed, until it counts: after a pause, on a click elsewhere, or with the next shortcut."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

PAUSE_MS = 1200  # without a keystroke: what stands there is meant

_OF_THE_TEXT = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
)
_CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class Waiting(QObject):
    """Keeps the value that the text of ``field`` stands for; ``due`` carries it once it counts.

    ``1e-3`` passes through ``1``: a training that took each keystroke would be ruined by the first. Play by mouse or
    by key comes after the number, though it does not take the focus from it.
    """

    due = Signal(object)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self._is_held = False
        self._value: Any = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.flush)

    def hold(self, value: Any) -> None:
        """Keep ``value`` in the place of an earlier one; the pause begins anew."""
        application = QApplication.instance()
        if not self._is_held and application is not None:
            application.installEventFilter(self)
        self._is_held, self._value = True, value
        self._pause.start()

    def flush(self) -> None:
        """Let the value count now, if there is one."""
        if self._is_held:
            value = self._value
            self.drop()
            self.due.emit(value)

    def drop(self) -> None:
        """Forget the value."""
        self._pause.stop()
        application = QApplication.instance()
        if self._is_held and application is not None:
            application.removeEventFilter(self)
        self._is_held, self._value = False, None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See a click elsewhere or a shortcut coming, and let the value count before it acts."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            if watched is not self._field and not self._field.isAncestorOf(watched):
                self.flush()
        elif kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _acts(event):
            self.flush()
        return super().eventFilter(watched, event)


def _acts(event: QKeyEvent) -> bool:
    """Say whether a key can be a shortcut of the window, and not a part of the number."""
    if any(event.matches(key) for key in _OF_THE_TEXT):
        return False
    is_function_key = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
    return event.key() == Qt.Key.Key_Space or is_function_key or bool(event.modifiers() & _CHORD)
