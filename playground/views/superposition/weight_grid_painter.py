"""Draws the numbers of a model: the matrices as pictures, feature colours at the side, hatches, words, cursor."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen

from playground.views.grid.numerals import signed_text
from playground.views.look import Look
from playground.views.palette import Palette
from playground.views.superposition.colours import feature_colours
from playground.views.superposition.gram import sign_image, sign_table, strongest
from playground.views.superposition.weight_grid_model import BlockFrame, GridModel

CAPTION, SIDE, GAP = 1.2, 0.45, 0.5  # em: words above, feature colours at the left, between the matrices
_WORDS = {"W": "W, a feature a row", "V": "V", "b": "b"}
_DARK_GROUND = 0.45
_SMALLEST_SAID = 0.005
_LEAST_ROW = 2.0  # pixels: thinner rows have no colour at their side


class GridPainter:
    """Draws a `GridModel` in a `BlockFrame`."""

    def __init__(self, look: Look, model: GridModel) -> None:
        self._look, self._model = look, model
        self._table: tuple[Palette, list[int]] | None = None
        self._features: tuple[tuple[Palette, int], QImage] | None = None

    def draw(self, painter: QPainter, frame: BlockFrame) -> None:
        """Draw all matrices with their marks."""
        palette, model = self._look.palette, self._model
        if self._table is None or self._table[0] is not palette:
            self._table = palette, sign_table(palette)
        shown = model.shown()
        self._draw_features(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        for block in model.blocks:
            room, part = frame.rect(block), shown[:, block.first : block.stop]
            wide, high = (max(1, round(side * frame.ratio)) for side in (room.width(), room.height()))
            painter.drawImage(room, sign_image(strongest(part, high, wide), model.scale, self._table[1]))
            self._draw_caption(painter, room, _WORDS[block.name])
        self._draw_frozen(painter, frame)
        painter.setPen(QPen(palette.colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRects([frame.rect(block).adjusted(-0.5, -0.5, 0.5, 0.5) for block in model.blocks])
        self._draw_numbers(painter, frame)

    def _draw_features(self, painter: QPainter, frame: BlockFrame) -> None:
        """Draw the colour of every feature at the left of its row."""
        em, first, last = self._look.em(8.0), frame.cell(0, 0), frame.cell(frame.rows - 1, 0)
        if first.height() < _LEAST_ROW:
            return
        key = (self._look.palette, frame.rows)
        if self._features is None or self._features[0] != key:
            colours = [colour.rgba() for colour in feature_colours(frame.rows, self._look.palette)]
            pixels = np.array(colours, np.uint32)[:, None]
            picture = QImage(pixels.data, 1, frame.rows, 4, QImage.Format.Format_RGB32).copy()
            self._features = key, picture
        side = QRectF(first.left() - SIDE * em, first.top(), 0.7 * SIDE * em, last.bottom() - first.top())
        painter.drawImage(side, self._features[1])

    def _draw_caption(self, painter: QPainter, room: QRectF, words: str) -> None:
        painter.setFont(self._look.font(8.0))
        painter.setPen(self._look.palette.colour("muted"))
        metrics = QFontMetricsF(painter.font())
        wide = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(room.width(), 1.2 * self._look.em(8.0)))
        painter.drawText(QPointF(room.left(), room.top() - metrics.descent() - 1), wide)

    def _draw_frozen(self, painter: QPainter, frame: BlockFrame) -> None:
        """Hatch the rows of frozen features and put a bar over their ends."""
        if not self._model.frozen.any():
            return
        ink = self._look.palette.colour("text")
        ink.setAlphaF(0.5)
        for row in self._model.frozen.nonzero()[0].tolist():
            for block in self._model.blocks:
                cells = frame.cell(row, block.first).united(frame.cell(row, block.stop - 1))
                if cells.height() >= 4:
                    painter.fillRect(cells, QBrush(ink, Qt.BrushStyle.BDiagPattern))
                else:
                    painter.fillRect(QRectF(cells.left(), cells.top(), 2.0, cells.height()), ink)

    def _draw_numbers(self, painter: QPainter, frame: BlockFrame) -> None:
        """Write the numbers into the cells where all of them have room."""
        font = self._look.font(8.0, mono=True)
        metrics = QFontMetricsF(font)
        shown = self._model.shown()
        narrowest = min(frame.cell(0, column).width() for column in range(shown.shape[1]))
        if frame.cell(0, 0).height() < metrics.height() or narrowest < metrics.horizontalAdvance("+0.00") + 3:
            return
        painter.setFont(font)
        palette = self._look.palette
        inks = sorted((palette.colour("text"), palette.colour("window")), key=QColor.lightnessF)
        with np.errstate(over="ignore"):
            grounds = palette.signed_rgba(shown, self._model.scale)
        for row, numbers in enumerate(shown.tolist()):
            for column, value in enumerate(numbers):
                red, green, blue, _ = grounds[row, column].tolist()
                is_light = QColor(red, green, blue).lightnessF() > _DARK_GROUND
                painter.setPen(inks[0] if is_light else inks[1])
                text = "0" if abs(value) < _SMALLEST_SAID else signed_text(value)
                if metrics.horizontalAdvance(text) <= frame.cell(row, column).width():
                    painter.drawText(frame.cell(row, column), int(Qt.AlignmentFlag.AlignCenter), text)

    def draw_cursor(self, painter: QPainter, cell: QRectF, *, is_keyboard: bool) -> None:
        """Draw a frame around the cell under the mouse or the cell cursor."""
        palette, width = self._look.palette, max(1.5, 0.1 * self._look.em())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.colour("window"), 2.4 * width))
        grown = cell.adjusted(-width / 2, -width / 2, width / 2, width / 2)
        painter.drawRect(grown)
        painter.setPen(QPen(palette.colour("accent" if is_keyboard else "text"), width))
        painter.drawRect(grown)

    def draw_row(self, painter: QPainter, frame: BlockFrame, row: int) -> None:
        """Mark the row of a feature that is pointed at elsewhere."""
        cell = frame.cell(row, 0)
        painter.fillRect(
            QRectF(0, cell.top(), frame.cell(row, 0).left(), max(2.0, cell.height())), self._look.palette.colour("text")
        )
