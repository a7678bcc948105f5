"""Where the cells of a grid lie in a widget: their edges on whole device pixels, so that they are crisp."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

from playground.views.grid.arrangement import Arrangement


@dataclass(frozen=True)
class GridFrame:
    """A grid of ``width`` x ``height`` device pixels from (``left``, ``top``), ``ratio`` to a unit of Qt.

    Cells may be a fraction of a pixel wide: their edges are rounded, some are a pixel wider than others.
    """

    arrangement: Arrangement
    left: int
    top: int
    width: int
    height: int
    ratio: float

    @property
    def bounds(self) -> QRectF:
        """Return the whole grid."""
        return self._rect(self.left, self.top, self.left + self.width, self.top + self.height)

    @property
    def cell_width(self) -> float:
        """Return the width of a cell in device pixels."""
        return self.width / self.arrangement.columns

    @property
    def cell_height(self) -> float:
        """Return the height of a cell in device pixels."""
        return self.height / self.arrangement.rows

    def cell(self, row: int, column: int) -> QRectF:
        """Return where one cell lies."""
        (left, right), (top, bottom) = (
            (floor(n * size + 0.5), floor((n + 1) * size + 0.5))
            for n, size in ((column, self.cell_width), (row, self.cell_height))
        )
        return self._rect(self.left + left, self.top + top, self.left + right, self.top + bottom)

    def cell_shares(self) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """Return for each device pixel down and across where it lies, in cells (2.25: a quarter into the third)."""
        return (np.arange(self.height) + 0.5) / self.cell_height, (np.arange(self.width) + 0.5) / self.cell_width

    def place(self, point: QPointF) -> tuple[float, float]:
        """Return (row, column) of a point, whole numbers at the centre of a cell, also beyond the edge."""
        column = (point.x() * self.ratio - self.left) / self.cell_width - 0.5
        row = (point.y() * self.ratio - self.top) / self.cell_height - 0.5
        return row, column

    def point(self, row: float, column: float) -> QPointF:
        """Return the point that ``place`` turns into (row, column)."""
        x = self.left + (column + 0.5) * self.cell_width
        y = self.top + (row + 0.5) * self.cell_height
        return QPointF(x / self.ratio, y / self.ratio)

    def index_at(self, point: QPointF) -> int | None:
        """Return which weight lies under a point, None where none does."""
        row, column = self.place(point)
        return self.arrangement.index(floor(row + 0.5), floor(column + 0.5))

    def _rect(self, left: int, top: int, right: int, bottom: int) -> QRectF:
        ratio = self.ratio
        return QRectF(left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio)


def fitted(arrangement: Arrangement, room: QSizeF, ratio: float, *, tallest: float) -> GridFrame:
    """Return the largest frame in ``room``: square cells for pictures, wide ones up to ``tallest`` for strips."""
    width, height = max(1.0, room.width() * ratio - 2), max(1.0, room.height() * ratio - 2)
    across, down = width / arrangement.columns, height / arrangement.rows
    if arrangement.is_image:
        across = down = min(across, down)
    else:
        down = min(down, across, max(1.0, tallest * ratio))
    wide, high = max(1, int(across * arrangement.columns)), max(1, int(down * arrangement.rows))
    left = round((room.width() * ratio - wide) / 2)
    top = round((room.height() * ratio - high) / 2) if arrangement.is_image else 1
    return GridFrame(arrangement, left, top, wide, high, ratio)
