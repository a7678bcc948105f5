"""A square picture with ticks: how large it wants to be, and where it lies."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QWidget

from playground.views.look import Look

_ABOVE, _BELOW = 0.6, 2.8  # em


class SquareCanvas(QWidget):
    """Leaves its picture ``left`` and ``right`` em of room at its sides, for ticks and what stands beside them."""

    left = 3.4
    right = 1.0

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self) -> QSize:
        """Return a large square."""
        side = round(28 * self._look.em())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Return the least in which something can be seen."""
        side = round(11 * self._look.em())
        return QSize(side, side)

    def box(self) -> QRectF:
        """Return the square of the picture."""
        em = self._look.em()
        width, height = self.width() - (self.left + self.right) * em, self.height() - (_ABOVE + _BELOW) * em
        side = max(min(width, height), 1.0)
        return QRectF(self.left * em + (width - side) / 2, _ABOVE * em + (height - side) / 2, side, side)
