"""The ground of all pictures of sweeps: axes, a title, points to hover, to walk along with keys and to click."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from playground.views.look import Look
from playground.views.plots.axes import decimals_of
from playground.views.plots.overlay import Crosshair, Overlay
from playground.views.plots.points import decade_ticks, grown, round_ticks

Floats = NDArray[np.float64]
Lines = tuple[tuple[str, str], ...]  # colour name and text
_SPARSITIES = (0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999)
LEAST_LOSS = 1e-6  # in thousandths
_REACH = 1.2  # ems from a point to the mouse


@dataclass(frozen=True)
class Axis:
    """From where to where an axis goes, in the coordinates of the picture, and its ticks: place and word."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    title: str = ""


def sparsity_place(sparsity: float) -> float:
    """Return where a sparsity stands: the logarithm of 1/(1 - S)."""
    return -math.log10(1 - sparsity)


def sparsity_axis(low: float, high: float) -> Axis:
    """Return an axis of S in equal factors of 1 - S."""
    ticks = [(sparsity_place(one), f"{one:g}".replace("0.", ".")) for one in _SPARSITIES]
    return _widened(sparsity_place(low), sparsity_place(high), ticks, "sparsity S")


def crowding_axis(low: float, high: float) -> Axis:
    """Return an axis of 1/(1 - S) between two places of `sparsity_place`."""
    return _widened(low, high, [(one, f"{10**one:.4g}") for one in decade_ticks(low, high, 12)], "1/(1 − S)")


def value_axis(low: float, high: float, title: str = "", count: int = 5) -> Axis:
    """Return an axis of numbers; round ends where ``high`` is not one."""
    spacing, ticks = round_ticks(low, high, count)
    decimals = decimals_of(spacing)
    return Axis(low, high, tuple((one, f"{one:.{decimals}f}") for one in ticks), title)


def log_axis(low: float, high: float, title: str = "", count: int = 8) -> Axis:
    """Return an axis of logarithms (base 10)."""
    return Axis(low, high, tuple((one, f"{10**one:.3g}") for one in decade_ticks(low, high, count)), title)


def loss_axis(losses: Floats) -> Axis:
    """Return a logarithmic axis that holds all losses (see `loss_height`)."""
    heights = loss_height(losses[np.isfinite(losses)])
    low, high = (float(heights.min()), float(heights.max())) if heights.size else (-1.0, 0.0)
    rest = 0.06 * max(high - low, 0.3)
    return log_axis(low - rest, high + rest)


def loss_height(losses: Floats) -> Floats:
    """Return where losses stand on a logarithmic axis; a loss of nothing stands at the bottom."""
    return np.asarray(np.log10(np.maximum(losses, LEAST_LOSS)))


def round_above(values: Floats, least: float) -> float:
    """Return a round number above all finite values."""
    finite = values[np.isfinite(values)]
    return grown(max(float(finite.max()) if finite.size else 0.0, least))


def _widened(low: float, high: float, ticks: Sequence[tuple[float, str]], title: str) -> Axis:
    rest = 0.02 * max(high - low, 0.1)
    inside = tuple(tick for tick in ticks if low - rest <= tick[0] <= high + rest)
    return Axis(low - rest, high + rest, inside, title)


class ChartOverlay(Overlay):
    """Writes the exact values below a point in the upper half, so that they do not cover what is read."""

    def _paint_box(self, painter: QPainter, area: QRectF, x: float, lines: Sequence[tuple[str, str]]) -> None:
        crosshair = self.crosshair()
        if crosshair is not None and crosshair.dots:
            y = self._to_pixel(crosshair.step, crosshair.dots[0][1]).y()
            if y < area.center().y():
                area = QRectF(area.left(), y + 0.6 * self._look.em(), area.width(), 1.0)
        super()._paint_box(painter, area, x, lines)


class Chart(QWidget):
    """A picture with axes. What it shows, its children paint; places to hover are given by `set_places`.

    The arrow keys walk along the places, Enter chooses, Escape lets go.
    """

    place_chosen = Signal(int)  # index of a place that was clicked

    def __init__(self, look: Look, name: str, accessible: str, tooltip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._title, self._short, self._note = "", "", ""
        self._x = self._y = Axis(0.0, 1.0, ())
        self._places: Floats = np.zeros((0, 2))
        self._at = -1
        self._legend: tuple[tuple[str, str], ...] = ()
        self._short_legend: tuple[tuple[str, str], ...] = ()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setToolTip(tooltip)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.overlay = self.make_overlay()
        look.changed.connect(self._render_look)

    def make_overlay(self) -> Overlay:
        """Return what paints the exact values over the picture."""
        return ChartOverlay(self._look, self.to_pixel, self.area, self)

    # ---- what a picture sets -------------------------------------------------------------------------------------

    def set_axes(self, x: Axis, y: Axis) -> None:
        """Take other axes."""
        self._x, self._y = x, y
        self.update()
        self.overlay.update()

    def set_title(
        self,
        title: str,
        legend: tuple[tuple[str, str], ...] = (),
        short: str = "",
        short_legend: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Say above the picture what it shows; ``legend`` is colour names and words at the right.

        ``short`` and ``short_legend`` stand for them where the picture is too narrow.
        """
        self._title, self._legend = title, legend
        self._short, self._short_legend = short or title, short_legend or legend
        self.update()

    def title(self) -> str:
        """Return the words above the picture."""
        return self._title

    def set_note(self, note: str) -> None:
        """Say in the middle what to do where there is nothing to see."""
        self._note = note
        self.overlay.set_note(note)
        self.update()

    def note(self) -> str:
        """Return the words in the middle."""
        return self._note

    def set_places(self, places: Floats) -> None:
        """Take the places ``[N, 2]`` that can be pointed at; the one that is read stays."""
        self._places = places
        self.point_at(self._at if self._at < len(places) else -1)

    # ---- geometry ------------------------------------------------------------------------------------------------

    def area(self) -> QRectF:
        """Return where the picture is, in pixels."""
        em = self._look.em()
        left, top, right, bottom = self.margins()
        width, height = self.width() - (left + right) * em, self.height() - (top + bottom) * em
        return QRectF(left * em, top * em, max(width, 1.0), max(height, 1.0))

    def margins(self) -> tuple[float, float, float, float]:
        """Return the room at the left, above, at the right and below, in ems."""
        return 3.0, 1.9, 0.9, 1.5

    def to_pixel(self, x: float, y: float) -> QPointF:
        """Return the pixel of a place in the picture's coordinates."""
        area = self.area()
        across = (x - self._x.low) / max(self._x.high - self._x.low, 1e-300)
        up = (y - self._y.low) / max(self._y.high - self._y.low, 1e-300)
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    def to_pixels(self, places: Floats) -> QPolygonF:
        """Return the pixels of places ``[N, 2]``: as `to_pixel`, for many at once."""
        origin, unit = self.to_pixel(0.0, 0.0), self.to_pixel(1.0, 1.0)
        xs = origin.x() + places[:, 0] * (unit.x() - origin.x())
        ys = origin.y() + places[:, 1] * (unit.y() - origin.y())
        return QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])

    # ---- pointing ------------------------------------------------------------------------------------------------

    def describe(self, index: int) -> tuple[Lines, tuple[tuple[str, float], ...]]:
        """Return the exact values at a place (colour name and text), and dots to draw (colour name, height)."""
        raise NotImplementedError

    def pointed(self) -> int:
        """Return the index of the place that is read, or -1."""
        return self._at

    def place_near(self, position: QPointF) -> int:
        """Return the index of the nearest place within reach, or -1."""
        if not len(self._places):
            return -1
        origin, unit = self.to_pixel(0.0, 0.0), self.to_pixel(1.0, 1.0)
        across = origin.x() + self._places[:, 0] * (unit.x() - origin.x()) - position.x()
        down = origin.y() + self._places[:, 1] * (unit.y() - origin.y()) - position.y()
        far = np.hypot(across, down)
        nearest = int(np.nanargmin(far)) if np.isfinite(far).any() else -1
        return nearest if nearest >= 0 and far[nearest] <= _REACH * self._look.em() else -1

    def point_at(self, index: int) -> None:
        """Show the exact values at a place; -1 lets go."""
        self._at = index if 0 <= index < len(self._places) else -1
        if self._at < 0:
            self.overlay.set_crosshair(None)
            self.setAccessibleDescription("")
            self.unsetCursor()
            return
        lines, dots = self.describe(self._at)
        self.overlay.set_crosshair(Crosshair(float(self._places[self._at, 0]), lines, dots))
        self.setAccessibleDescription(", ".join(text for _, text in lines))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the place under the mouse."""
        self.point_at(self.place_near(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the place under the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            index = self.place_near(event.position())
            if index >= 0:
                self.point_at(index)
                self.place_chosen.emit(index)

    def leaveEvent(self, event: QEvent) -> None:
        """Let go."""
        super().leaveEvent(event)
        self.point_at(-1)

    def moved(self, key: Qt.Key) -> int | None:
        """Return the place that an arrow key goes to, None for another key."""
        last = len(self._places) - 1
        moves = {
            Qt.Key.Key_Left: last if self._at < 0 else max(self._at - 1, 0),
            Qt.Key.Key_Right: min(self._at + 1, last),
            Qt.Key.Key_Home: min(0, last),
            Qt.Key.Key_End: last,
        }
        return moves.get(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the places, choose one, or let go."""
        key = Qt.Key(event.key())
        goal = self.moved(key)
        if goal is not None:
            self.point_at(goal)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at >= 0:
            self.place_chosen.emit(self._at)
        elif key == Qt.Key.Key_Escape and self._at >= 0:
            self.point_at(-1)
        else:
            event.ignore()

    # ---- painting ------------------------------------------------------------------------------------------------

    def paint_content(self, painter: QPainter, area: QRectF) -> None:
        """Draw what the picture shows, clipped to ``area``."""
        raise NotImplementedError

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw title, axes and content."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.area()
        self._paint_title(painter)
        if not self._note:
            self._paint_axes(painter, area)
            painter.save()
            painter.setClipRect(area.adjusted(-4, -4, 4, 4))
            self.paint_content(painter, area)
            painter.restore()
        if self.hasFocus():
            painter.setPen(QPen(self._look.palette.colour("accent"), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.end()

    def shown_title(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return title and legend as they stand above the picture: the longest ones for which it is wide enough."""
        metrics, em = QFontMetricsF(self._look.font(9.0)), self._look.em()
        room = self.width() - (self.margins()[2] + 0.8) * em
        pairs = ((self._title, self._legend), (self._title, self._short_legend), (self._short, self._short_legend))
        for title, legend in pairs:
            words = sum(metrics.horizontalAdvance(word) + 0.9 * em for _, word in legend)
            if metrics.horizontalAdvance(title) + words <= room:
                return title, legend
        return pairs[-1]

    def _paint_title(self, painter: QPainter) -> None:
        palette, em = self._look.palette, self._look.em()
        painter.setFont(self._look.font(9.0))
        metrics = QFontMetricsF(painter.font())
        baseline = 0.25 * em + metrics.ascent()
        x = self.width() - self.margins()[2] * em
        title, legend = self.shown_title()
        for name, word in reversed(legend):
            x -= metrics.horizontalAdvance(word)
            painter.setPen(palette.colour(name))
            painter.drawText(QPointF(x, baseline), word)
            x -= 0.9 * em
        painter.setPen(palette.colour("muted"))
        room = max(x - 0.4 * em, 4 * em)
        painter.drawText(QPointF(0.4 * em, baseline), metrics.elidedText(title, Qt.TextElideMode.ElideRight, room))

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        palette, em = self._look.palette, self._look.em()
        painter.setFont(self._look.font(8.0))
        metrics = QFontMetricsF(painter.font())
        words = palette.colour("faint" if palette.name == "dark" else "muted")
        bottom, last = math.inf, -math.inf
        for at, text in self._y.ticks:
            y = self.to_pixel(0.0, at).y()
            if not area.top() - 1 <= y <= area.bottom() + 1:
                continue
            painter.setPen(QPen(palette.colour("line"), 1.0))
            painter.drawLine(QPointF(area.left(), round(y) + 0.5), QPointF(area.right(), round(y) + 0.5))
            if bottom - y < 0.9 * metrics.height():
                continue
            bottom = y
            painter.setPen(words)
            left = area.left() - 0.4 * em - metrics.horizontalAdvance(text)
            painter.drawText(QPointF(left, y + 0.35 * metrics.ascent()), text)
        baseline = area.bottom() + 0.35 * em + metrics.ascent()
        end = area.right() - metrics.horizontalAdvance(self._x.title) if self._x.title else self.width()
        painter.setPen(words)
        for at, text in self._x.ticks:
            width = metrics.horizontalAdvance(text)
            x = self.to_pixel(at, 0.0).x() - width / 2
            if x > last + 0.5 * em and x + width < end - 0.5 * em:
                painter.drawText(QPointF(x, baseline), text)
                last = x + width
        painter.drawText(QPointF(end, baseline), self._x.title)

    def mixed(self, name: str, share: float) -> QColor:
        """Return ``share`` of a named colour over the ground."""
        colour, ground = self._look.palette.colour(name), self._look.palette.colour("window")
        parts = zip(colour.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]  # the stubs say object
        return QColor(*(round(share * one + (1 - share) * other) for one, other in parts))

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()
        self.overlay.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the overlay over the whole picture."""
        super().resizeEvent(event)
        self.overlay.resize(self.size())

    def sizeHint(self) -> QSize:
        """Return a wide, low picture."""
        em = self._look.em()
        return QSize(round(26 * em), round(13 * em))

    def minimumSizeHint(self) -> QSize:
        """Return the least that can be read."""
        em = self._look.em()
        return QSize(round(13 * em), round(8 * em))
