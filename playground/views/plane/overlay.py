"""Paints what lies over the plane: zero lines with arrows and grips, contours, borders of linear regions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from playground.views.look import Look
from playground.views.plane.contours import Segments
from playground.views.plane.line_hand import grips
from playground.views.plane.points import Floats
from playground.views.plane.scene import Ground, Scene
from playground.views.plane.zero_line import ZeroLine


@dataclass(frozen=True)
class _Made:
    """What the picture of the borders was made for."""

    segments: Segments
    size: tuple[int, int]
    colour: QColor


class OverlayPainter:
    """Keeps the picture of the borders, which are many short lines."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._borders = QPixmap()
        self._made: _Made | None = None

    def paint(self, painter: QPainter, scene: Scene, lines: tuple[ZeroLine, ...], ground: Ground, ratio: float) -> None:
        """Paint everything that is over the surface."""
        if scene.is_line:
            return
        painter.save()
        painter.setClipRect(ground.rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if scene.borders is not None:
            self._paint_borders(painter, scene.borders, ground, ratio)
        if scene.contour is not None:
            painter.setPen(QPen(self._look.palette.colour("accent"), 0.13 * self._look.em()))
            painter.drawLines(_lines(scene.contour, ground))
        for line in sorted(lines, key=lambda line: line.is_chosen):
            self._paint_line(painter, line, scene, ground)
        painter.restore()

    def _paint_borders(self, painter: QPainter, segments: Segments, ground: Ground, ratio: float) -> None:
        size = (round(ground.rect.width() * ratio), round(ground.rect.height() * ratio))
        colour = self._look.palette.colour("text")
        made = self._made
        if made is None or made.segments is not segments or made.size != size or made.colour != colour:
            self._made = _Made(segments, size, colour)
            self._borders = QPixmap(*size)
            self._borders.setDevicePixelRatio(ratio)
            self._borders.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._borders)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            inner.translate(-ground.rect.topLeft())
            inner.setPen(QPen(colour, max(1.0, 0.07 * self._look.em())))
            inner.drawLines(_lines(segments, ground))
            inner.end()
        painter.setOpacity(0.55)
        painter.drawPixmap(ground.rect.topLeft(), self._borders)
        painter.setOpacity(1.0)

    def _paint_line(self, painter: QPainter, line: ZeroLine, scene: Scene, ground: Ground) -> None:
        ends = line.ends(scene.low, scene.high)
        if ends is None:
            return
        em, palette = self._look.em(), self._look.palette
        colour = palette.colour("accent" if line.is_chosen else "muted")
        (x1, y1), (x2, y2) = (ground.spot(*end) for end in ends.tolist())
        painter.setPen(QPen(colour, (0.17 if line.is_chosen else 0.09) * em))
        arrow = _arrow(line, ends, ground, (1.9 if line.is_chosen else 1.1) * em)
        painter.drawLines([QLineF(x1, y1, x2, y2), *arrow])
        if line.is_chosen and line.can_turn:
            painter.setBrush(palette.colour("window"))
            for grip in grips(ends).tolist():
                painter.drawEllipse(QPointF(*ground.spot(*grip)), 0.36 * em, 0.36 * em)


def _arrow(line: ZeroLine, ends: Floats, ground: Ground, length: float) -> list[QLineF]:
    """Return the weight vector's direction: the side on which the pre-activation is positive."""
    x, y = ground.spot(*ends.mean(0).tolist())
    w1, w2 = line.weight
    dx, dy = w1 / line.norm, -w2 / line.norm  # the screen's y goes down
    tip = QPointF(x + length * dx, y + length * dy)
    backs = [math.atan2(dy, dx) + math.pi + side * 0.5 for side in (-1, 1)]
    barbs = [QLineF(tip, tip + QPointF(math.cos(back), math.sin(back)) * (0.35 * length)) for back in backs]
    return [QLineF(QPointF(x, y), tip), *barbs]


def _lines(segments: Segments, ground: Ground) -> list[QLineF]:
    spots = ground.screen(segments.reshape(-1, 2)).reshape(-1, 4)
    return [QLineF(*ends) for ends in np.round(spots, 2).tolist()]
