"""Widgets of a narrow column whose height follows from their width."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.views.look import Look


class FittingHeight(QWidget):
    """As high as its ``heightForWidth`` asks for, and no higher."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def sizeHint(self) -> QSize:
        """Return a narrow column's share."""
        width = round(14 * self._look.em())
        return QSize(width, self.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the width asks for."""
        super().resizeEvent(event)
        self.setFixedHeight(self.heightForWidth(self.width()))

    def _render_look(self) -> None:
        self.setFixedHeight(self.heightForWidth(max(self.width(), 1)))
        self.updateGeometry()
        self.update()
