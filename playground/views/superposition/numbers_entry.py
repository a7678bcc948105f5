"""A line to type or paste numbers into: Enter or a click elsewhere accepts, Esc takes back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from playground.views.look import Look

_MOST_LETTERS = 200_000  # 400 numbers with every digit, and then some


class NumbersEntry(QLineEdit):
    """``accepted`` carries the text that was typed or pasted; its line ends and tabs are kept."""

    accepted = Signal(str)
    taken_back = Signal()

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName(name)
        self.setMaxLength(_MOST_LETTERS)
        look.changed.connect(self._render_look)
        self._render_look()

    def is_typing(self) -> bool:
        """Return whether something stands there that does not count yet."""
        return self.hasFocus() and self.isModified()

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window while nothing is being typed."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not self.isModified():
            is_undo = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
            if is_undo:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept on Enter, take back on Esc; other keys type."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.taken_back.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Accept where the hand goes elsewhere."""
        super().focusOutEvent(event)
        is_passing = event.reason() in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if self.isModified() and not is_passing:
            self.accepted.emit(self.text())

    def _render_look(self) -> None:
        self.setFont(self._look.font(9.0, mono=True))
