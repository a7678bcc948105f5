"""Draws the canvas: cells, hatches of frozen and cut ones, brush, cell cursor and the readout chip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from playground.views.grid.canvas_model import CanvasModel
from playground.views.grid.frame import GridFrame
from playground.views.look import Look

BoolArray = NDArray[np.bool_]


def rgba_image(rgba: NDArray[np.uint8]) -> QImage:
    """Return a picture of ``rgba`` ``[rows, columns, 4]`` that owns its pixels."""
    rows, columns = rgba.shape[:2]
    pixels = np.ascontiguousarray(rgba)
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()


class CanvasPainter:
    """Draws a `CanvasModel` in a `GridFrame`; what seldom changes is kept as pictures."""

    def __init__(self, look: Look, model: CanvasModel) -> None:
        self._look, self._model = look, model
        self._marks: dict[str, tuple[object, QImage]] = {}

    # ---- cells ----

    def draw_cells(
        self, painter: QPainter, frame: GridFrame, ghost: tuple[NDArray[np.int64], NDArray[np.float32]] | None
    ) -> None:
        """Draw the weights, with ``ghost`` (cells, values) over them."""
        palette, model = self._look.palette, self._model
        shown = model.shown()
        if ghost is not None:
            shown = shown.copy()
            shown[ghost[0]] = ghost[1]
        painter.fillRect(frame.bounds, palette.colour("zero"))
        rgba = palette.signed_rgba(model.in_rows(shown), model.scale)
        rows, columns = model.arrangement.shape
        if rows * columns > model.arrangement.count:
            rgba.reshape(-1, 4)[model.arrangement.count :] = 0
            self._clear_void(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        # premultiplied: stretching any other format takes a painter four times as long
        cells = rgba_image(rgba).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        painter.drawImage(frame.bounds, cells)
        self._draw_marks(painter, frame)
        self._draw_lines(painter, frame)
        if not model.arrangement.is_image:
            self._draw_numbers(painter, frame, shown)

    def _clear_void(self, painter: QPainter, frame: GridFrame) -> None:
        row, column = self._model.arrangement.place(self._model.arrangement.count)
        first = frame.cell(row, column)
        void = QRectF(first.topLeft(), frame.bounds.bottomRight())
        painter.fillRect(void, self._look.palette.colour("panel"))

    def _draw_marks(self, painter: QPainter, frame: GridFrame) -> None:
        """Hatch frozen cells and cross out cut ones."""
        for name, mask in (("frozen", self._model.shown_frozen()), ("cut", self._model.shown_cut())):
            if mask is not None:
                painter.drawImage(frame.bounds, self._mark_picture(name, mask, frame))

    def _mark_picture(self, name: str, mask: BoolArray, frame: GridFrame) -> QImage:
        key = (mask.tobytes(), frame, self._look.palette)
        kept = self._marks.get(name)
        if kept is not None and kept[0] == key:
            return kept[1]
        cells = np.asarray(self._model.in_rows(mask))
        down, across = frame.cell_shares()
        pattern = _hatch(frame) if name == "frozen" else _crosses(frame)
        on = pattern & cells[down.astype(np.int64)][:, across.astype(np.int64)]
        ink = self._look.palette.colour("text")
        rgba = np.zeros((*on.shape, 4), np.uint8)
        rgba[on] = (
            ink.red(),
            ink.green(),
            ink.blue(),
            (105 if self._model.arrangement.is_image else 60) if name == "frozen" else 190,
        )
        picture = rgba_image(rgba)
        self._marks[name] = (key, picture)
        return picture

    def _draw_lines(self, painter: QPainter, frame: GridFrame) -> None:
        palette, model = self._look.palette, self._model
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        if model.arrangement.is_image:
            painter.setPen(QPen(palette.colour("line"), 0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            step = 1.0 / frame.ratio
            painter.drawRect(frame.bounds.adjusted(-step, -step, 0, 0))
            return
        painter.setPen(QPen(palette.colour("panel"), max(1.0, 0.12 * self._look.em())))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRects([frame.cell(*model.arrangement.place(i)) for i in range(model.arrangement.count)])

    def _draw_numbers(self, painter: QPainter, frame: GridFrame, shown: NDArray[np.float32]) -> None:
        font = self._look.font(8.0, mono=True)
        metrics = QFontMetricsF(font)
        cell, largest = frame.cell(0, 0), float(np.abs(shown).max(initial=0.0))
        texts: list[str] = []
        for decimals in (2, 1) if largest < 10 else (1, 0):
            texts = [_in_cell(float(value), decimals) for value in shown]
            widest = max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
            if widest + 0.2 * self._look.em() <= cell.width():
                break
        else:
            return
        if metrics.height() > cell.height():
            return
        painter.setFont(font)
        palette = self._look.palette
        inks = sorted((palette.colour("text"), palette.colour("window")), key=QColor.lightnessF)  # dark, light
        for i, text in enumerate(texts):
            ground = self._ground(float(shown[i]))
            painter.setPen(inks[0] if ground.lightnessF() > 0.45 else inks[1])
            painter.drawText(frame.cell(*self._model.arrangement.place(i)), int(Qt.AlignmentFlag.AlignCenter), text)

    def _ground(self, value: float) -> QColor:
        red, green, blue, _ = self._look.palette.signed_rgba(np.array([value]), self._model.scale)[0]
        return QColor(int(red), int(green), int(blue))

    # ---- over the cells ----

    def draw_brush(self, painter: QPainter, centre: QPointF, reach: QPointF, softness: float) -> None:
        """Draw the brush at its true size: a ring on a dark halo, the hard core of a soft one dotted."""
        palette = self._look.palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        halo = QColor(palette.colour("window"))
        halo.setAlpha(200)
        width = max(1.3, 0.1 * self._look.em())
        for colour, thickness in ((halo, width * 2.4), (palette.colour("text"), width)):
            painter.setPen(QPen(colour, thickness))
            painter.drawEllipse(centre, reach.x(), reach.y())
        if softness > 0.02 and reach.x() > 6:
            painter.setPen(QPen(palette.colour("text"), width * 0.8, Qt.PenStyle.DotLine))
            painter.drawEllipse(centre, reach.x() * (1 - softness), reach.y() * (1 - softness))

    def draw_outline(self, painter: QPainter, cell: QRectF, *, is_cursor: bool) -> None:
        """Draw a frame around one cell: the cell under the mouse, or the cell cursor of the keyboard."""
        palette = self._look.palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        width = max(1.5, 0.12 * self._look.em())
        halo = QColor(palette.colour("window"))
        halo.setAlpha(210)
        painter.setPen(QPen(halo, width * 2.6))
        grown = cell.adjusted(-width / 2, -width / 2, width / 2, width / 2)
        painter.drawRect(grown)
        painter.setPen(QPen(palette.colour("accent" if is_cursor else "text"), width))
        painter.drawRect(grown)

    def draw_chip(self, painter: QPainter, inside: QRectF, text: str, *, at_left: bool) -> None:
        """Draw the readout in a lower corner of ``inside``."""
        palette, em = self._look.palette, self._look.em()
        font = self._look.font(9.0, mono=True)
        metrics = QFontMetricsF(font)
        width = min(metrics.horizontalAdvance(text) + 0.9 * em, inside.width())
        height = metrics.height() + 0.3 * em
        left = inside.left() if at_left else inside.right() - width
        chip = QRectF(left, inside.bottom() - height, width, height)
        ground = QColor(palette.colour("sunken"))
        ground.setAlpha(225)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(chip, 0.2 * em, 0.2 * em)
        painter.setFont(font)
        painter.setPen(palette.colour("text"))
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideLeft, width - 0.6 * em)
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), elided)

    def draw_words(self, painter: QPainter, room: QRectF, sentence: str, *, is_error: bool) -> None:
        """Draw a sentence in a band at the top of ``room``."""
        palette, em = self._look.palette, self._look.em()
        font = self._look.font(9.0)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        inside = room.adjusted(0.5 * em, 0.4 * em, -0.5 * em, 0)
        needed = QFontMetricsF(font).boundingRect(inside, flags, sentence)
        band = QRectF(room.left(), room.top(), room.width(), needed.height() + 0.8 * em)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.colour("bad" if is_error else "line"), 1))
        painter.setBrush(palette.colour("raised"))
        painter.drawRoundedRect(band.adjusted(0.5, 0.5, -0.5, -0.5), 0.3 * em, 0.3 * em)
        painter.setFont(font)
        painter.setPen(palette.colour("text"))
        painter.drawText(band.adjusted(0.5 * em, 0, -0.5 * em, 0), flags, sentence)


def _in_cell(value: float, decimals: int) -> str:
    """Return a number as short as it must be inside a cell."""
    text = f"{value + 0.0:+.{decimals}f}".replace("-", "−")
    return text if text.strip("+−0.") else f"{0:.{decimals}f}"


def _hatch(frame: GridFrame) -> BoolArray:
    """Return fine diagonal lines over all cells, one to each device pixel."""
    period = max(4, int(min(frame.cell_height, frame.cell_width) / 2))
    y, x = np.ogrid[: frame.height, : frame.width]
    found: BoolArray = (x + y) % period < max(1, period // 5)
    return found


def _crosses(frame: GridFrame) -> BoolArray:
    """Return a cross from corner to corner of each cell, one to each device pixel."""
    down, across = (share % 1.0 for share in frame.cell_shares())
    thick = max(0.6 / min(frame.cell_height, frame.cell_width), 0.035)
    falling, rising = np.abs(across - down[:, None]), np.abs(across + down[:, None] - 1.0)
    found: BoolArray = (falling < thick) | (rising < thick)
    return found
