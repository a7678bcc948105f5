"""Draws the curve of an activation function with the neuron's point on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from playground.views.inspector.neuron_sum import NeuronSum
from playground.views.look import Look

_POINTS = 97
_NICE = (6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 40.0, 60.0)


def curve_reach(pre: float) -> float:
    """Return how far the curve is drawn to both sides of 0, so that ``pre`` lies inside."""
    needed = abs(pre) * 1.08 if math.isfinite(pre) else 0.0
    power = 1.0
    while needed > _NICE[-1] * power:
        power *= 10.0
    return next(step for step in _NICE if step * power >= needed) * power


@dataclass(frozen=True, eq=False)
class Drawn:
    """The curve of an activation inside a rectangle; ``reach`` to both sides of 0, from ``low`` to ``high``."""

    inside: QRectF
    reach: float
    low: float
    high: float
    line: QPolygonF  # empty where it is no curve of numbers

    def point(self, pre: float, act: float) -> QPointF:
        """Return where a pair of numbers stands."""
        across = (pre + self.reach) / (2 * self.reach)
        up = (min(max(act, self.low), self.high) - self.low) / (self.high - self.low)
        return QPointF(
            self.inside.left() + across * self.inside.width(), self.inside.bottom() - up * self.inside.height()
        )


class ActivationPlot:
    """Draws the curve; keeps its points as long as the same part of the same curve stands in the same place."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._kept: tuple[tuple[object, ...], Drawn] | None = None

    def draw(self, painter: QPainter, room: QRectF, values: NeuronSum) -> None:
        """Draw the curve in ``room``: axes through 0, the curve, and the point (pre, act)."""
        palette, em = self._look.palette, self._look.em()
        plot = self._drawn(room, values)
        origin = plot.point(0, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.colour("line"), 1))
        painter.setBrush(palette.colour("sunken"))
        painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.drawLine(QPointF(origin.x(), room.top() + 1), QPointF(origin.x(), room.bottom() - 1))
        painter.drawLine(QPointF(room.left() + 1, origin.y()), QPointF(room.right() - 1, origin.y()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.colour("accent"), max(1.4, 0.1 * em)))
        painter.drawPolyline(plot.line)
        if math.isfinite(values.pre) and math.isfinite(values.act):
            here = plot.point(values.pre, values.act)
            painter.setPen(QPen(palette.colour("activation"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(here, QPointF(here.x(), origin.y()))
            painter.setPen(QPen(palette.colour("panel"), 1.2))
            painter.setBrush(palette.colour("activation"))
            painter.drawEllipse(here, 0.27 * em, 0.27 * em)
        painter.restore()

    def _drawn(self, room: QRectF, values: NeuronSum) -> Drawn:
        reach, margin = curve_reach(values.pre), 0.3 * self._look.em()
        key = (values.activation, values.others, reach, margin, room.getRect())
        if self._kept is None or self._kept[0] != key:
            inside = room.adjusted(margin, margin, -margin, -margin)
            self._kept = (key, _drawn(inside, reach, values))
        return self._kept[1]


def _drawn(inside: QRectF, reach: float, values: NeuronSum) -> Drawn:
    x = np.linspace(-reach, reach, _POINTS)
    y = values.curve(x)
    low, high = min(0.0, float(y.min())), max(float(y.max()), 0.0)
    if high - low < 1e-12:
        high = low + 1.0
    across = inside.left() + (x + reach) / (2 * reach) * inside.width()
    down = inside.bottom() - (y - low) / (high - low) * inside.height()
    is_curve = np.isfinite(down).all()  # not where the other outputs of a softmax diverged
    points = list(map(QPointF, across.tolist(), down.tolist())) if is_curve else []
    return Drawn(inside, reach, low, high, QPolygonF(points))
