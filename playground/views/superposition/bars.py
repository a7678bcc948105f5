"""Bars of one number a feature: norms coloured by interference, and biases that can be dragged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.engine.superposition.metrics import REPRESENTED_NORM
from playground.views.look import Look
from playground.views.superposition.bars_shades import draw_ramp, interference_colours, interference_places
from playground.views.superposition.focus_painted import FocusPainted
from playground.views.superposition.model_column_reading import ColumnReading, ColumnScales

Values = NDArray[np.float64]

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Home: -10_000,
    Qt.Key.Key_End: 10_000,
}
CAPTION = 1.25  # em: the line of words above the bars


class FeatureBars(FocusPainted):
    """A bar for every feature, side by side over the whole width, on a scale from ``low`` to ``high``.

    ``pointed`` carries the feature under the mouse or the bar cursor, or -1.
    """

    pointed = Signal(int)

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._reading: ColumnReading | None = None
        self._values: Values = np.zeros(0)
        self._low, self._high = 0.0, 1.0
        self._marked: tuple[int, ...] = ()
        self._cursor = -1
        self.setObjectName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)

    # ---- what others call ----

    def show_reading(self, reading: ColumnReading, scales: ColumnScales) -> None:
        """Show another moment of the model."""
        self._reading = reading
        self._values, self._low, self._high = self._read(reading, scales)
        if self._cursor >= self._values.size:
            self._cursor = -1
        self.update()

    def show_marked(self, features: tuple[int, ...]) -> None:
        """Light up some bars."""
        if features != self._marked:
            self._marked = features
            self.update()

    def marked(self) -> tuple[int, ...]:
        """Return the bars that are lit up."""
        return self._marked

    def values(self) -> Values:
        """Return the heights that are shown, ``[n]``."""
        return self._values

    def bar_at(self, x: float) -> int:
        """Return the bar at ``x``, -1 where there is none."""
        count = self._values.size
        found = int(x * count // max(1, self.width())) if count else -1
        return found if 0 <= found < count else -1

    def bar_room(self) -> QRectF:
        """Return where the bars stand."""
        top = CAPTION * self._look.em(8.0)
        return QRectF(0, top, self.width(), max(1.0, self.height() - top - 1))

    def y_of(self, value: float) -> float:
        """Return the height of a number in pixels; what is no number stands on zero."""
        room = self.bar_room()
        held = min(max(value, self._low), self._high) if np.isfinite(value) else 0.0
        return room.bottom() - (held - self._low) / max(self._high - self._low, 1e-12) * room.height()

    def value_at(self, y: float) -> float:
        """Return the number at a height in pixels."""
        room = self.bar_room()
        return self._low + (room.bottom() - y) / room.height() * (self._high - self._low)

    # ---- what the kinds of bars say ----

    def _read(self, reading: ColumnReading, scales: ColumnScales) -> tuple[Values, float, float]:
        """Return heights and the ends of the scale."""
        raise NotImplementedError

    def _groups(self) -> list[tuple[QColor, NDArray[np.int64]]]:
        """Return which bars have which colour."""
        raise NotImplementedError

    def _draw_line(self, painter: QPainter) -> None:
        """Draw what the bars are held against."""
        raise NotImplementedError

    def _draw_caption(self, painter: QPainter, room: QRectF) -> None:
        """Draw the words above the bars."""
        raise NotImplementedError

    # ---- painting ----

    def sizeHint(self) -> QSize:
        """Return a low strip."""
        em = self._look.em()
        return QSize(round(14 * em), round(5.4 * em))

    def minimumSizeHint(self) -> QSize:
        """Return the least strip."""
        em = self._look.em()
        return QSize(round(6 * em), round(3.4 * em))

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def _rects(self) -> list[QRectF]:
        """Return where the bars lie, their sides on whole device pixels with a gap where there is room."""
        room, ratio, count = self.bar_room(), self.devicePixelRatioF(), self._values.size
        edges = np.rint(np.arange(count + 1) * (self.width() * ratio / count)) / ratio
        gap = 1.0 / ratio if room.width() * ratio >= 3 * count else 0.0
        held = np.clip(np.nan_to_num(self._values, posinf=np.inf, neginf=-np.inf), self._low, self._high)
        heights = room.bottom() - (held - self._low) * (room.height() / max(self._high - self._low, 1e-12))
        zero = self.y_of(0.0)
        tops, bottoms = np.minimum(heights, zero), np.maximum(heights, zero)
        tops = np.minimum(np.rint(tops * ratio) / ratio, zero - 1.0 / ratio * (self._values >= 0))
        sides = np.maximum(edges[1:] - edges[:-1] - gap, 1.0 / ratio)
        parts = (edges[:-1].tolist(), tops.tolist(), sides.tolist(), (bottoms - tops).tolist())
        return [QRectF(*rect) for rect in zip(*parts, strict=True)]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw words, bars, line and what is lit up."""
        painter = QPainter(self)
        palette = self._look.palette
        caption = QRectF(0, 0, self.width(), CAPTION * self._look.em(8.0))
        painter.setFont(self._look.font(8.0))
        painter.setPen(palette.colour("muted"))
        self._draw_caption(painter, caption)
        if self._values.size:
            rects = self._rects()
            painter.setPen(Qt.PenStyle.NoPen)
            self._draw_marked(painter)
            for colour, members in self._groups():
                painter.setBrush(colour)
                painter.drawRects([rects[at] for at in members.tolist()])
            self._draw_line(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.colour("accent"), 1))
            painter.drawRect(self.bar_room().adjusted(0.5, 0.5, -0.5, 0))
        painter.end()

    def _draw_marked(self, painter: QPainter) -> None:
        """Draw a lit ground behind the bars of chosen features."""
        room, side = self.bar_room(), self.width() / self._values.size
        light = self._look.palette.colour("text")
        light.setAlphaF(0.16)
        painter.setBrush(light)
        for feature in set(self._marked):
            if 0 <= feature < self._values.size:
                painter.drawRect(QRectF(feature * side, room.top(), max(side, 1.5), room.height()))

    def _draw_dashed(self, painter: QPainter, value: float, left: float, right: float) -> None:
        y = round(self.y_of(value)) + 0.5
        painter.drawLine(QPointF(left, y), QPointF(right, y))

    def _dash(self) -> QPen:
        pen = QPen(self._look.palette.colour("muted"), 1)
        pen.setDashPattern([3, 3])
        return pen

    # ---- mouse and keyboard ----

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell of the bar under the mouse."""
        self._point_at(self.bar_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse is gone."""
        super().leaveEvent(event)
        self._point_at(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from bar to bar; Esc leaves them."""
        key = Qt.Key(event.key())
        if key in _STEPS and self._values.size:
            goal = 0 if self._cursor < 0 else self._cursor + _STEPS[key]
            self._point_at(min(max(goal, 0), self._values.size - 1))
        elif key == Qt.Key.Key_Escape and self._cursor >= 0:
            self._point_at(-1)
        else:
            super().keyPressEvent(event)

    def _point_at(self, feature: int) -> None:
        if feature != self._cursor:
            self._cursor = feature
            self.show_marked(() if feature < 0 else (feature,))
            self.pointed.emit(feature)


class NormBars(FeatureBars):
    """The norm of every feature, coloured by its interference; above the dashed line it is represented."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "norm_bars", parent)
        self.setAccessibleName("Norms of the features")
        self.setToolTip(
            "How long each feature's direction is. Colour: its interference, the sum over all others of (Ŵᵢ·Wⱼ)².\n"
            f"Above the dashed line, {REPRESENTED_NORM:g}, a feature counts as represented. Arrow keys read the bars."
        )

    def _read(self, reading: ColumnReading, scales: ColumnScales) -> tuple[Values, float, float]:
        return reading.metrics.norms, 0.0, scales.norm

    def _groups(self) -> list[tuple[QColor, NDArray[np.int64]]]:
        if self._reading is None:
            return []
        metrics = self._reading.metrics
        places = interference_places(metrics.interference, metrics.is_represented)
        colours = interference_colours(self._look.palette)
        quiet = self._look.palette.colour("faint")
        present = np.unique(places).tolist()
        return [(quiet if place < 0 else colours[place], np.flatnonzero(places == place)) for place in present]

    def _draw_line(self, painter: QPainter) -> None:
        painter.setPen(self._dash())
        self._draw_dashed(painter, REPRESENTED_NORM, 0, self.width())

    def _draw_caption(self, painter: QPainter, room: QRectF) -> None:
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        words = first_fitting(painter, 0.55 * room.width(), ("‖Wᵢ‖, coloured by interference", "‖Wᵢ‖, by interference"))
        words = first_fitting(painter, room.width(), (words, "‖Wᵢ‖"))
        painter.drawText(room, flags, words)
        left = QFontMetricsF(painter.font()).horizontalAdvance(words) + self._look.em(8.0)
        draw_ramp(painter, self._look, room.adjusted(left, 0, 0, 0))


def first_fitting(painter: QPainter, width: float, choices: tuple[str, ...]) -> str:
    """Return the first of ``choices`` that takes at most ``width``, else the last."""
    metrics = QFontMetricsF(painter.font())
    return next((words for words in choices if metrics.horizontalAdvance(words) <= width), choices[-1])
