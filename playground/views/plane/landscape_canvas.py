"""A loss landscape: a heat map with levels, the point at which training stands, and the way it has come."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.views.look import Look
from playground.views.plane.colours import surface_image
from playground.views.plane.contours import zero_segments
from playground.views.plane.points import Floats
from playground.views.plane.square_canvas import SquareCanvas
from playground.views.plots.points import loss_text, round_ticks

LEVELS = 9
_WIDE = 10.0  # from so many times its least on a loss is drawn by its logarithm
_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
}


class LandscapeCanvas(SquareCanvas):
    """Shows losses ``[k, k]``, the lowest row first, over ``low`` to ``high`` of both directions."""

    left, right = 4.4, 5.1

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.losses: Floats = np.zeros((0, 0))
        self.low, self.high = (0.0, 0.0), (1.0, 1.0)
        self.names = ("", "")
        self.track: Floats = np.zeros((0, 2))  # the last one is the present point
        self.is_stale = False
        self._cell: tuple[int, int] | None = None  # of the keyboard
        self._picture: QPixmap | None = None
        self.setObjectName("landscape_canvas")
        self.setAccessibleName("Loss landscape")
        self.setToolTip("The training loss on a plane through the network's parameters; hover for its value.")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self._render_look)

    def show_losses(
        self, losses: Floats, low: tuple[float, float], high: tuple[float, float], names: tuple[str, str]
    ) -> None:
        """Show another landscape."""
        self.losses, self.low, self.high, self.names = losses, low, high, names
        self._cell, self.is_stale = None, False
        self._render_look()

    def show_track(self, track: Floats, *, is_stale: bool) -> None:
        """Show where training has been ``[n, 2]``, in the same units as ``low`` and ``high``."""
        self.track, self.is_stale = track, is_stale
        self.update()

    def heights(self) -> tuple[Floats, bool]:
        """Return what is coloured: the losses, or their logarithms (True) where they reach over a wide range."""
        is_number = np.isfinite(self.losses)
        most = float(self.losses[is_number].max()) if is_number.any() else 0.0
        found = np.where(is_number, self.losses, most)
        lowest, highest = float(found.min()), float(found.max())
        if lowest > 0 and highest > _WIDE * lowest:
            return np.log10(found), True
        return found, False

    def levels(self) -> Floats:
        """Return the losses at which lines of equal loss are drawn."""
        heights, is_log = self.heights()
        between = np.linspace(heights.min(), heights.max(), LEVELS + 2)[1:-1]
        return np.asarray(10.0**between if is_log else between)

    def on_screen(self, places: Floats) -> Floats:
        """Return where steps along both directions ``[n, 2]`` lie on the screen."""
        box = self.box()
        share = (places - self.low) / (np.array(self.high) - self.low)
        return np.stack([box.left() + share[:, 0] * box.width(), box.bottom() - share[:, 1] * box.height()], 1)

    # ---- painting --------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint map, levels, track and ticks."""
        painter = QPainter(self)
        box = self.box()
        painter.fillRect(box, self._look.palette.colour("zero"))
        if self.losses.size:
            ratio = self.devicePixelRatioF()
            size = (round(box.width() * ratio), round(box.height() * ratio))
            if self._picture is None or (self._picture.width(), self._picture.height()) != size:
                self._picture = self._made(box, ratio)
            painter.setOpacity(0.35 if self.is_stale else 1.0)
            painter.drawPixmap(box.topLeft(), self._picture)
            painter.setOpacity(1.0)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_track(painter, box)
            self._paint_cell(painter)
            self._paint_ticks(painter, box)
            self._paint_legend(painter, box)
        painter.end()

    def _made(self, box: QRectF, ratio: float) -> QPixmap:
        picture = QPixmap(round(box.width() * ratio), round(box.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        heights, _ = self.heights()
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        whole = QRectF(0, 0, box.width(), box.height())
        # the outer points of the grid lie on the rim: half of their cells is cut off
        count = len(heights)
        beyond = box.width() / (count - 1) / 2
        painter.drawImage(whole.adjusted(-beyond, -beyond, beyond, beyond), surface_image(self._rgb(heights)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QColor(self._look.palette.colour("text"))
        ink.setAlpha(150)
        painter.setPen(QPen(ink, max(1.0, 0.06 * self._look.em())))
        low, high = float(heights.min()), float(heights.max())
        if high > low:
            between = np.linspace(low, high, LEVELS + 2)[1:-1]
            pieces = zero_segments(heights[None] - between[:, None, None], 0.0, 1.0)
            ends = np.stack([pieces[..., 0] * box.width(), (1 - pieces[..., 1]) * box.height()], -1).reshape(-1, 4)
            painter.drawLines([QLineF(*each) for each in ends.tolist()])
        painter.end()
        return picture

    def _rgb(self, heights: Floats) -> NDArray[np.uint8]:
        low, high = float(heights.min()), float(heights.max())
        share = (heights - low) / (high - low) if high > low else np.zeros_like(heights)
        found: NDArray[np.uint8] = self._look.palette.activation_table[np.rint(share * 255).astype(np.int64), :3]
        return found

    def _paint_track(self, painter: QPainter, box: QRectF) -> None:
        if not len(self.track):
            return
        em, palette = self._look.em(), self._look.palette
        spots = [QPointF(x, y) for x, y in self.on_screen(self.track).tolist()]
        painter.save()
        painter.setClipRect(box)
        painter.setPen(QPen(palette.colour("accent"), 0.14 * em))
        painter.drawPolyline(QPolygonF(spots))
        painter.setBrush(palette.colour("accent"))
        painter.setPen(QPen(palette.colour("window"), 0.1 * em))
        painter.drawEllipse(spots[-1], 0.36 * em, 0.36 * em)
        painter.restore()

    def _paint_cell(self, painter: QPainter) -> None:
        if self._cell is None or not self.hasFocus():
            return
        (x, y), *_ = self.on_screen(self._at(*self._cell)[None]).tolist()
        arm = 0.5 * self._look.em()
        painter.setPen(QPen(self._look.palette.colour("text"), 1.5))
        painter.drawLine(QPointF(x - arm, y), QPointF(x + arm, y))
        painter.drawLine(QPointF(x, y - arm), QPointF(x, y + arm))

    def _paint_ticks(self, painter: QPainter, box: QRectF) -> None:
        em = self._look.em()
        painter.setFont(self._look.font(8.0))
        painter.setPen(self._look.palette.colour("muted"))
        metrics = QFontMetricsF(painter.font())
        count = max(2, int(box.width() / (5 * em)))
        for tick in round_ticks(self.low[0], self.high[0], count)[1]:
            x, words = float(self.on_screen(np.array([[tick, self.low[1]]]))[0, 0]), f"{tick:g}".replace("-", "−")
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x, box.bottom() + 0.25 * em))
            left = x - metrics.horizontalAdvance(words) / 2
            painter.drawText(QPointF(left, box.bottom() + 0.3 * em + metrics.ascent()), words)
        for tick in round_ticks(self.low[1], self.high[1], count)[1]:
            y, words = float(self.on_screen(np.array([[self.low[0], tick]]))[0, 1]), f"{tick:g}".replace("-", "−")
            painter.drawLine(QPointF(box.left() - 0.25 * em, y), QPointF(box.left(), y))
            left = box.left() - 0.4 * em - metrics.horizontalAdvance(words)
            painter.drawText(QPointF(left, y + 0.35 * metrics.ascent()), words)
        painter.setFont(self._look.font(9.0))
        metrics = QFontMetricsF(painter.font())
        left = box.center().x() - metrics.horizontalAdvance(self.names[0]) / 2
        painter.drawText(QPointF(left, box.bottom() + 1.5 * em + metrics.ascent()), self.names[0])
        painter.save()
        painter.translate(box.left() - 3.1 * em, box.center().y() + metrics.horizontalAdvance(self.names[1]) / 2)
        painter.rotate(-90)
        painter.drawText(QPointF(0, 0), self.names[1])
        painter.restore()

    def _paint_legend(self, painter: QPainter, box: QRectF) -> None:
        """Draw the colours with the losses of their ends and of the levels between."""
        em = self._look.em()
        bar = QRectF(box.right() + 0.9 * em, box.top(), 0.9 * em, min(box.height(), 14 * em))
        heights, is_log = self.heights()
        low, high = float(heights.min()), float(heights.max())
        painter.drawImage(bar, surface_image(self._rgb(np.linspace(low, high, 129)[:, None])))
        painter.setFont(self._look.font(8.0))
        painter.setPen(self._look.palette.colour("muted"))
        ascent = QFontMetricsF(painter.font()).ascent()
        for share in np.linspace(0, 1, 5):
            height = low + share * (high - low)
            words = loss_text(float(10.0**height if is_log else height), 3)
            painter.drawText(QPointF(bar.right() + 0.4 * em, bar.bottom() - share * bar.height() + 0.4 * ascent), words)

    # ---- pointing --------------------------------------------------------------------------------------------

    def words_at(self, row: int, column: int) -> str:
        """Return the loss at a point of the grid, in words."""
        x, y = self._at(row, column).tolist()
        return f"{self.names[0]} {x:.4g}, {self.names[1]} {y:.4g}\nloss {self.losses[row, column]:.5g}"

    def _at(self, row: int, column: int) -> Floats:
        share = np.array([column, row]) / (len(self.losses) - 1)
        return np.asarray(self.low + share * (np.array(self.high) - self.low))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the loss under the mouse."""
        box, spot = self.box(), event.position()
        if not self.losses.size or not box.contains(spot):
            QToolTip.hideText()
            return
        most = len(self.losses) - 1
        column = round((spot.x() - box.left()) / box.width() * most)
        row = round((box.bottom() - spot.y()) / box.height() * most)
        QToolTip.showText(event.globalPosition().toPoint(), self.words_at(row, column), self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk over the map and tell the loss."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None or not self.losses.size:
            super().keyPressEvent(event)
            return
        most = len(self.losses) - 1
        row, column = self._cell or (most // 2, most // 2)
        self._cell = (min(max(row + step[0], 0), most), min(max(column + step[1], 0), most))
        words = self.words_at(*self._cell)
        self.setAccessibleDescription(words)
        (x, y), *_ = self.on_screen(self._at(*self._cell)[None]).tolist()
        QToolTip.showText(self.mapToGlobal(QPointF(x, y)).toPoint(), words, self)
        self.update()

    def _render_look(self) -> None:
        self._picture = None
        self.update()
