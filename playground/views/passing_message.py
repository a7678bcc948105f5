"""A sentence below a view that says how something went."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLabel, QWidget

from playground.views.look import Look
from playground.views.roles import set_role

MESSAGE_MS = 6000


class PassingMessage(QLabel):
    """Goes by itself after a while; what went wrong stays until something else is said."""

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName(name)
        self.setWordWrap(True)
        self._fade = QTimer(self, singleShot=True, interval=MESSAGE_MS)
        self._fade.timeout.connect(self.hide)
        self.hide()
        look.changed.connect(self._render_look)
        self._render_look()

    def say(self, sentence: str, *, is_error: bool = False) -> None:
        """Show a sentence in place of the one before."""
        set_role(self, "error" if is_error else "muted")
        self.setText(sentence)
        self.show()
        if is_error:
            self._fade.stop()
        else:
            self._fade.start()

    def stop(self) -> None:
        """Let no timer run."""
        self._fade.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let no timer run out of sight."""
        self.stop()
        super().hideEvent(event)

    def _render_look(self) -> None:
        self.setFont(self._look.font(9.0))
