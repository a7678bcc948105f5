"""Where the cells of many features stand: one row while they can be hit with the mouse, else several."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF


@dataclass(frozen=True)
class Cells:
    """``count`` cells in ``frame``, ``columns`` a row, from the left and from the top."""

    frame: QRectF
    count: int
    columns: int

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return math.ceil(self.count / self.columns)

    def rect(self, place: int) -> QRectF:
        """Return where the cell at ``place`` stands."""
        row, column = divmod(place, self.columns)
        width, height = self.frame.width() / self.columns, self.frame.height() / self.rows
        return QRectF(self.frame.left() + column * width, self.frame.top() + row * height, width, height)

    def at(self, point: QPointF) -> int | None:
        """Return which cell is at ``point``, None outside."""
        if not self.frame.contains(point):
            return None
        column = int((point.x() - self.frame.left()) / self.frame.width() * self.columns)
        row = int((point.y() - self.frame.top()) / self.frame.height() * self.rows)
        place = min(row, self.rows - 1) * self.columns + min(column, self.columns - 1)
        return place if place < self.count else None


def columns_for(count: int, width: float, least: float) -> int:
    """Return how many of ``count`` cells stand in a row so that none is narrower than ``least``, rows nearly even."""
    most = max(1, int(width / least))
    rows = math.ceil(count / most)
    return math.ceil(count / rows)
