"""A card that floats below the button that opened it, inside the window, until Esc or its button closes it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from playground.views.look import Look


class Popover(QFrame):
    """Begins hidden. ``closed`` asks whoever opened it to hide it."""

    closed = Signal()

    def __init__(self, look: Look, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName(name)
        self.setProperty("role", "popover")
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.hide()

    def show_below(self, anchor: QWidget) -> None:
        """Show the card below ``anchor``, inside its window."""
        window = anchor.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        self.fit_window(window)
        place = anchor.mapTo(window, QPoint(0, anchor.height() + round(0.6 * self._look.em())))
        room = window.width() - self.width() - round(0.5 * self._look.em())
        self.move(max(0, min(place.x(), room)), place.y())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def fit_window(self, window: QWidget) -> None:  # noqa: ARG002
        """Take a size that fits into ``window``."""
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
