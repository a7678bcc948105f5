"""The dimensionality of every feature as a strip of dots, with the lines that regular arrangements give."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.engine.superposition.metrics import DIMENSION_LINES, Metrics
from playground.views.grid.numerals import signed_text
from playground.views.look import Look
from playground.views.superposition.colours import feature_colours
from playground.views.superposition.focus_painted import FocusPainted
from playground.views.superposition.model_column_words import announce

_LINE_WORDS = ("1", "3/4", "2/3", "1/2", "2/5", "3/8")  # of DIMENSION_LINES
_TOP, _BOTTOM = 1.06, -0.03  # ends of the scale
_REACH = 1.2  # em: how near the mouse must come to a dot
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -10_000, Qt.Key.Key_End: 10_000}


class DimensionStrip(FocusPainted):
    """D_i of every feature, in the feature's colour; hollow where it is not represented.

    ``feature_pointed`` carries the feature under the mouse or chosen with the arrow keys, -1: none.
    """

    feature_pointed = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._metrics: Metrics | None = None
        self._hidden = 0
        self._feature = -1
        self._lines: tuple[str, str] = ("", "")
        self.setObjectName("dimension_strip")
        self.setAccessibleName("Dimensionality of the features")
        self.setToolTip(
            "Dᵢ = ‖Wᵢ‖² / Σⱼ (Ŵᵢ·Wⱼ)²: how much of a dimension a feature has to itself. 1: a dimension of its own,\n"
            "1/2: an antipodal pair, 2/5: a pentagon. The sum is at most m, and m at a settled optimum."
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        look.changed.connect(self._render_look)

    # ---- what others call ----

    def show_metrics(self, metrics: Metrics, hidden: int) -> None:
        """Show the readings of one model with ``hidden`` dimensions (arrays ``[n]``)."""
        self._metrics, self._hidden = metrics, hidden
        if self._feature >= metrics.dimensionality.size:
            self._feature = -1
        self._lines = sum_words(metrics, hidden)
        self.update()

    def show_feature(self, feature: int) -> None:
        """Light up a feature that is pointed at elsewhere, -1: none."""
        count = 0 if self._metrics is None else self._metrics.dimensionality.size
        found = feature if 0 <= feature < count else -1
        if found != self._feature:
            self._feature = found
            self.update()

    def feature(self) -> int:
        """Return the feature that is lit up, -1: none."""
        return self._feature

    def lines(self) -> tuple[str, str]:
        """Return what is said below the strip."""
        return self._lines

    def dot(self, feature: int) -> QPointF:
        """Return where the dot of a feature is."""
        room = self.plot_room()
        count = 1 if self._metrics is None else self._metrics.dimensionality.size
        return QPointF(room.left() + (feature + 0.5) * room.width() / count, self._y(self._value(feature)))

    def plot_room(self) -> QRectF:
        """Return where the dots are."""
        em = self._look.em(8.0)
        below = 2.5 * em
        return QRectF(2.2 * em, 0.4 * em, max(1.0, self.width() - 4.2 * em), max(1.0, self.height() - below - 0.5 * em))

    # ---- inside ----

    def _value(self, feature: int) -> float:
        value = 0.0 if self._metrics is None else float(self._metrics.dimensionality[feature])
        return min(max(value, 0.0), 1.0) if np.isfinite(value) else 0.0

    def _y(self, value: float) -> float:
        room = self.plot_room()
        return room.bottom() - (value - _BOTTOM) / (_TOP - _BOTTOM) * room.height()

    def sizeHint(self) -> QSize:
        """Return a size at which the lines can be told apart."""
        em = self._look.em()
        return QSize(round(18 * em), round(11 * em))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        em = self._look.em()
        return QSize(round(9 * em), round(7 * em))

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    # ---- painting ----

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw lines, dots and the sum."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_lines(painter)
        if self._metrics is not None:
            self._draw_dots(painter, self._metrics)
            self._draw_words(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._look.palette.colour("accent"), 1))
            painter.drawRect(self.plot_room().adjusted(-3, -3, 3, 3))
        painter.end()

    def _draw_lines(self, painter: QPainter) -> None:
        """Draw the lines with their fractions: at the left, or at the right where the one above is too near."""
        palette, room = self._look.palette, self.plot_room()
        painter.setFont(self._look.font(8.0))
        metrics = QFontMetricsF(painter.font())
        em, last, last_right = self._look.em(8.0), -1e9, -1e9
        for value, words in zip(DIMENSION_LINES, _LINE_WORDS, strict=True):
            y = self._y(value)
            painter.setPen(QPen(palette.colour("line"), 1))
            painter.drawLine(QPointF(room.left(), round(y) + 0.5), QPointF(room.right(), round(y) + 0.5))
            painter.setPen(palette.colour("muted"))
            is_left = y - last >= metrics.ascent()
            if not is_left and y - last_right < metrics.ascent():
                continue  # no room at either side: the line stands for itself
            x = room.left() - 0.4 * em - metrics.horizontalAdvance(words) if is_left else room.right() + 0.4 * em
            painter.drawText(QPointF(x, y + 0.36 * metrics.ascent()), words)
            last, last_right = (y, last_right) if is_left else (last, y)

    def _draw_dots(self, painter: QPainter, metrics: Metrics) -> None:
        count = metrics.dimensionality.size
        radius = max(1.6, min(0.24 * self._look.em(), 0.45 * self.plot_room().width() / count))
        colours = feature_colours(count, self._look.palette)
        room = self.plot_room()
        xs = (room.left() + (np.arange(count) + 0.5) * room.width() / count).tolist()
        values = np.clip(np.nan_to_num(metrics.dimensionality), 0.0, 1.0)
        ys = (room.bottom() - (values - _BOTTOM) / (_TOP - _BOTTOM) * room.height()).tolist()
        is_represented = metrics.is_represented.tolist()
        for feature in range(count):
            colour = colours[feature]
            if is_represented[feature]:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
            else:
                painter.setPen(QPen(_faded(colour), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(xs[feature], ys[feature]), radius, radius)
        if self._feature >= 0:
            painter.setPen(QPen(self._look.palette.colour("text"), max(1.4, 0.1 * self._look.em())))
            painter.setBrush(colours[self._feature])
            painter.drawEllipse(QPointF(xs[self._feature], ys[self._feature]), radius + 2, radius + 2)

    def _draw_words(self, painter: QPainter) -> None:
        """Draw the sum and D*, or the numbers of the feature that is pointed at."""
        palette, em = self._look.palette, self._look.em(8.0)
        upper, lower = self._lines
        first = upper if self._feature < 0 else self.told(self._feature)
        for words, colour, from_bottom in ((first, "text", 1.35), (lower, "muted", 0.3)):
            size = 8.5
            while size > 6.5 and self._width_of(words, size) > self.width():
                size -= 0.5
            painter.setFont(self._look.font(size, mono=True))
            painter.setPen(palette.colour(colour))
            elided = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(QPointF(0, self.height() - from_bottom * em), elided)

    def _width_of(self, words: str, size: float) -> float:
        return QFontMetricsF(self._look.font(size, mono=True)).horizontalAdvance(words)

    def told(self, feature: int) -> str:
        """Return the numbers of a feature."""
        if self._metrics is None:
            return ""
        value, norm = float(self._metrics.dimensionality[feature]), float(self._metrics.norms[feature])
        words = f"feature {feature}: D = {signed_text(value, 3, plus=False)}, norm {signed_text(norm, 3, plus=False)}"
        return words if self._metrics.is_represented[feature] else f"{words}, dropped"

    # ---- mouse and keyboard ----

    def feature_at(self, point: QPointF) -> int:
        """Return the feature whose dot is nearest to ``point``, -1 where none is near."""
        if self._metrics is None:
            return -1
        dots = [self.dot(feature) for feature in range(self._metrics.dimensionality.size)]
        places: NDArray[np.float64] = np.array([[dot.x(), dot.y()] for dot in dots])
        distances = np.hypot(places[:, 0] - point.x(), places[:, 1] - point.y())
        nearest = int(distances.argmin())
        return nearest if distances[nearest] <= _REACH * self._look.em() else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell of the dot under the mouse."""
        self._point_at(self.feature_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse is gone."""
        super().leaveEvent(event)
        self._point_at(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from feature to feature; Esc leaves them."""
        key = Qt.Key(event.key())
        if key in _STEPS and self._metrics is not None:
            goal = 0 if self._feature < 0 else self._feature + _STEPS[key]
            self._point_at(min(max(goal, 0), self._metrics.dimensionality.size - 1))
            announce(self, self.told(self._feature))
        elif key == Qt.Key.Key_Escape and self._feature >= 0:
            self._point_at(-1)
        else:
            super().keyPressEvent(event)

    def _point_at(self, feature: int) -> None:
        if feature != self._feature:
            self.show_feature(feature)
            self.feature_pointed.emit(feature)


def _faded(colour: QColor) -> QColor:
    found = QColor(colour)
    found.setAlphaF(0.55)
    return found


def sum_words(metrics: Metrics, hidden: int) -> tuple[str, str]:
    """Return the sum of all dimensionalities beside its bound, and D*."""
    total, gap = float(metrics.sum_dimensionality), float(metrics.dimensionality_gap)
    if not np.isfinite(total):
        return "Σ Dᵢ is no number: the weights ran away", ""
    share = float(metrics.dims_per_feature)
    per_feature = f"{share:.3f}" if np.isfinite(share) else "∞"
    return f"Σ Dᵢ {total:.3f} of at most {hidden}, gap {abs(gap):.3f}", f"D* = m/‖W‖² = {per_feature}"
