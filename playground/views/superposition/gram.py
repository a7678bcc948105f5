"""The heatmap of W Wᵀ: one picture, exact values under mouse and keyboard."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.views.grid.canvas_keys import CELL_MOVES
from playground.views.look import Look
from playground.views.palette import Palette
from playground.views.superposition.focus_painted import FocusPainted

_STRENGTHS = 127  # shades to each side of zero
_NO_NUMBER = 255  # the shade of what is no number


def sign_table(palette: Palette) -> list[int]:
    """Return 256 colours for an indexed picture: -1 at 0 over 0 at 127 to +1 at 254, and 255 for what is no number."""
    rows = palette.diverging[np.rint(np.linspace(0, 510, 2 * _STRENGTHS + 1)).astype(np.int64)]
    table = [QColor(int(r), int(g), int(b)).rgba() for r, g, b, _ in rows]
    return [*table, palette.colour("faint").rgba()]


def sign_shades(values: NDArray[np.floating], scale: float) -> NDArray[np.uint8]:
    """Return the places of ``values`` in a `sign_table`; ``scale`` is the magnitude of full colour."""
    with np.errstate(all="ignore"):
        places = values * np.float32(_STRENGTHS / max(scale, 1e-12))
        places += _STRENGTHS + 0.5
        np.clip(places, 0, 2 * _STRENGTHS + 0.5, out=places)
        is_number = np.isfinite(values)
        if is_number.all():
            return places.astype(np.uint8)
        return np.where(is_number | np.isinf(values), np.nan_to_num(places), _NO_NUMBER).astype(np.uint8)


def sign_image(values: NDArray[np.floating], scale: float, table: list[int]) -> QImage:
    """Return the picture of ``values`` ``[rows, columns]`` that owns its pixels."""
    shades = np.ascontiguousarray(sign_shades(values, scale))
    rows, columns = shades.shape
    image = QImage(shades.data, columns, rows, columns, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(table)
    return image


def strongest(values: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    """Return ``values`` in at most ``rows`` x ``columns`` cells; each keeps the entry that is largest in size.

    Where there are more entries than pixels nothing strong is skipped.
    """
    for count in (rows, columns):
        total = len(values)
        if total > count:
            edges = (np.arange(count + 1) * total) // count
            kept = values[edges[:-1]]
            for offset in range(1, int(np.diff(edges).max())):
                other = values[np.minimum(edges[:-1] + offset, edges[1:] - 1)]
                np.copyto(kept, other, where=~(np.abs(other) <= np.abs(kept)))
            values = kept
        values = np.ascontiguousarray(values.T)
    return values


class GramHeatmap(FocusPainted):
    """W Wᵀ as coloured cells, feature 0 at the upper left.

    ``pointed`` carries (row, column) of the cell under the mouse or the cell cursor, or None.
    """

    pointed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._values: NDArray[np.float32] = np.zeros((1, 1), np.float32)
        self._scale = 1.0
        self._image: QImage | None = None
        self._table: tuple[Palette, list[int]] | None = None
        self._pair: tuple[int, int] | None = None
        self.setObjectName("gram_heatmap")
        self.setAccessibleName("Heatmap of W Wᵀ")
        self.setToolTip(
            "Row i, column j: how much feature j adds to the reconstruction of feature i. On the diagonal the squared\n"
            "length of each feature, beside it the interference. Arrow keys read the cells."
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self._render_look)

    # ---- what others call ----

    def show_gram(self, values: NDArray[np.float32], scale: float) -> None:
        """Show another matrix ``[n, n]``; ``scale`` is the magnitude of full colour."""
        if values is self._values and scale == self._scale:
            return
        self._values, self._scale, self._image = values, scale, None
        if self._pair is not None and max(self._pair) >= len(values):
            self._pair = None
        self.update()

    def show_pair(self, pair: tuple[int, int] | None) -> None:
        """Frame the cell of two features, None: none."""
        found = pair if pair is not None and min(pair) >= 0 and max(pair) < len(self._values) else None
        if found != self._pair:
            self._pair = found
            self.update()

    def pair(self) -> tuple[int, int] | None:
        """Return the framed cell."""
        return self._pair

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """Return (row, column) of the cell at ``point``."""
        count = len(self._values)
        row, column = int(point.y() * count // self.height()), int(point.x() * count // self.width())
        return (row, column) if 0 <= row < count and 0 <= column < count else None

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Return where a cell lies."""
        across, down = self.width() / len(self._values), self.height() / len(self._values)
        return QRectF(column * across, row * down, across, down)

    # ---- size ----

    def heightForWidth(self, width: int) -> int:
        """Return the height at which cells are square."""
        return width

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def sizeHint(self) -> QSize:
        """Return a size at which 40 features can be told apart."""
        side = round(14 * self._look.em())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        side = round(6 * self._look.em())
        return QSize(side, side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the cells to the pixels."""
        self._image = None
        super().resizeEvent(event)

    def _render_look(self) -> None:
        self._image = None
        self.updateGeometry()
        self.update()

    # ---- painting ----

    def _picture(self) -> QImage:
        if self._image is None:
            palette, ratio = self._look.palette, self.devicePixelRatioF()
            if self._table is None or self._table[0] is not palette:
                self._table = palette, sign_table(palette)
            rows, columns = (max(1, round(side * ratio)) for side in (self.height(), self.width()))
            cells = strongest(self._values, rows, columns)
            indexed = sign_image(cells, self._scale, self._table[1])
            self._image = indexed.convertToFormat(QImage.Format.Format_RGB32)
        return self._image

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cells and the frame around the pair."""
        painter = QPainter(self)
        painter.drawImage(QRectF(self.rect()), self._picture())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._look.palette.colour("accent" if self.hasFocus() else "line"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        if self._pair is not None:
            self._draw_pair(painter, *self._pair)
        painter.end()

    def _draw_pair(self, painter: QPainter, row: int, column: int) -> None:
        palette, cell = self._look.palette, self.cell_rect(row, column)
        guide = palette.colour("muted")
        guide.setAlphaF(0.7)
        painter.setPen(QPen(guide, 1, Qt.PenStyle.DotLine))
        middle = cell.center()
        painter.drawLine(QPointF(0, middle.y()), QPointF(cell.left(), middle.y()))
        painter.drawLine(QPointF(middle.x(), cell.bottom()), QPointF(middle.x(), self.height()))
        width = max(1.5, 0.1 * self._look.em())
        frame = cell.adjusted(-width, -width, width, width)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.colour("window"), 2.2 * width))
        painter.drawRect(frame)
        painter.setPen(QPen(palette.colour("text"), width))
        painter.drawRect(frame)

    # ---- mouse and keyboard ----

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell of the cell under the mouse."""
        self._point_at(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse is gone."""
        super().leaveEvent(event)
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from cell to cell; Esc leaves them."""
        key, last = Qt.Key(event.key()), len(self._values) - 1
        if key in CELL_MOVES:
            down, right = CELL_MOVES[key]
            row, column = self._pair or (0, 0)
            if self._pair is not None:
                row, column = min(max(row + down, 0), last), min(max(column + right, 0), last)
            self._point_at((row, column))
        elif key == Qt.Key.Key_Escape and self._pair is not None:
            self._point_at(None)
        else:
            super().keyPressEvent(event)

    def _point_at(self, pair: tuple[int, int] | None) -> None:
        if pair != self._pair:
            self.show_pair(pair)
            self.pointed.emit(pair)
