"""Draws the curve of an activation function with the neuron's point on it."""

from __future__ import annotations

import math

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


def draw_activation(painter: QPainter, look: Look, room: QRectF, values: NeuronSum) -> None:
    """Draw the curve in ``room``: axes through 0, the curve, and the point (pre, act)."""
    palette, em = look.palette, look.em()
    reach = curve_reach(values.pre)
    x = np.linspace(-reach, reach, _POINTS)
    y = values.curve(x)
    low, high = min(0.0, float(y.min())), max(float(y.max()), 0.0)
    if high - low < 1e-12:
        high = low + 1.0
    inside = room.adjusted(0.3 * em, 0.3 * em, -0.3 * em, -0.3 * em)

    def point(pre: float, act: float) -> QPointF:
        across = (pre + reach) / (2 * reach)
        up = (min(max(act, low), high) - low) / (high - low)
        return QPointF(inside.left() + across * inside.width(), inside.bottom() - up * inside.height())

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(palette.colour("line"), 1))
    painter.setBrush(palette.colour("sunken"))
    painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.drawLine(QPointF(point(0, 0).x(), room.top() + 1), QPointF(point(0, 0).x(), room.bottom() - 1))
    painter.drawLine(QPointF(room.left() + 1, point(0, 0).y()), QPointF(room.right() - 1, point(0, 0).y()))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    across = inside.left() + (x + reach) / (2 * reach) * inside.width()
    down = inside.bottom() - (y - low) / (high - low) * inside.height()
    painter.setPen(QPen(palette.colour("accent"), max(1.4, 0.1 * em)))
    if np.isfinite(down).all():  # not where the other outputs of a softmax diverged
        painter.drawPolyline(QPolygonF(list(map(QPointF, across.tolist(), down.tolist()))))
    if math.isfinite(values.pre) and math.isfinite(values.act):
        here = point(values.pre, values.act)
        painter.setPen(QPen(palette.colour("activation"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(here, QPointF(here.x(), point(0, 0).y()))
        painter.setPen(QPen(palette.colour("panel"), 1.2))
        painter.setBrush(palette.colour("activation"))
        painter.drawEllipse(here, 0.27 * em, 0.27 * em)
    painter.restore()
