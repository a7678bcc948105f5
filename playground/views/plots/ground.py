"""A picture of a plot and of its curves up to their ends: a new point costs the painting of the ends alone.

Through the scene axes, grid and smooth curves take two milliseconds, several times a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEngine, QPainter, QPainterPath, QPen, QPixmap, QTransform

from playground.views.look import Look
from playground.views.plots.axes import QuietAxis
from playground.views.plots.line import Line

Array = NDArray[np.float64]

OPEN_POINTS = 4  # at the end of a curve that stay out of the picture: thinning may still move them
MOST_OPEN = 40  # with so many the picture is made anew
_SHORT = 12  # points; shorter curves are painted whole


@dataclass(frozen=True)
class _Curve:
    """A curve as it stands in the picture: its points as far as they are finished, and how it was drawn."""

    x: Array
    y: Array
    ink: tuple[QPen, bool]
    first: int  # from this point on it is painted each time

    def is_part_of(self, line: Line) -> bool:
        """Say whether the curve that is shown now goes on from this one."""
        (x, y), count = line.points(), len(self.x)
        return (
            count <= len(x) <= count + MOST_OPEN
            and line.ink() == self.ink
            and np.array_equal(x[:count], self.x)
            and np.array_equal(y[:count], self.y, equal_nan=True)
        )


class PlotGround:
    """Paints a plot of nothing but axes, ghosts that do not grow, and ``lines`` above them that do."""

    def __init__(self, plot: pg.PlotWidget, look: Look, ghosts: Sequence[Line], lines: Sequence[Line]) -> None:
        self._plot, self._look, self._ghosts, self._lines = plot, look, tuple(ghosts), tuple(lines)
        self._pixmap = QPixmap()
        self._made_for: tuple[object, ...] = ()
        self._pictures: tuple[object, ...] = ()  # of axes and ghosts: other objects where they look different
        self._curves: tuple[_Curve, ...] = ()
        self._edge = 0.0  # the pixel where the finished part of the curves ends
        self._place = QTransform()  # of the lines
        self._area = QPainterPath()  # where they are painted
        self.makings = 0

    def paint(self, painter: QPainter, axes: tuple[QuietAxis, ...]) -> bool:
        """Paint the plot; say whether that was possible: neither for vectors nor for other pixels than the screen's."""
        ratio = self._plot.viewport().devicePixelRatioF()
        is_of_pixels = painter.paintEngine().type() == QPaintEngine.Type.Raster
        if not is_of_pixels or painter.deviceTransform().m11() != ratio:
            return False
        if not self._is_valid(axes, ratio):
            self._make(axes, ratio)
        painter.drawPixmap(QPointF(), self._pixmap)
        painter.setClipPath(self._area)
        painter.setClipRect(self._beyond(), Qt.ClipOperation.IntersectClip)
        painter.setTransform(self._place)
        for line, curve in zip(self._lines, self._curves, strict=True):
            line.paint_end(painter, curve.first)
        return True

    def _beyond(self) -> QRectF:
        return QRectF(self._plot.viewport().rect()).adjusted(self._edge, 0.0, 0.0, 0.0)

    def _wanted(self, ratio: float) -> tuple[object, ...]:
        box, look = self._plot.getViewBox(), self._look
        size: QSize = self._plot.viewport().size()
        return size, ratio, look.palette, look.em(), box.viewRange(), box.sceneBoundingRect()

    def _drawn(self, axes: tuple[QuietAxis, ...]) -> tuple[object, ...]:
        return (*(axis.picture for axis in axes), *(part for ghost in self._ghosts for part in ghost.points()))

    def _is_valid(self, axes: tuple[QuietAxis, ...], ratio: float) -> bool:
        drawn = self._drawn(axes)
        return (
            self._made_for == self._wanted(ratio)
            and len(drawn) == len(self._pictures)
            and all(mine is yours for mine, yours in zip(drawn, self._pictures, strict=True))
            and all(curve.is_part_of(line) for curve, line in zip(self._curves, self._lines, strict=True))
        )

    def _make(self, axes: tuple[QuietAxis, ...], ratio: float) -> None:
        plot, box = self._plot, self._plot.getViewBox()
        size, whole = plot.viewport().size(), QRectF(plot.viewport().rect())
        self._place = self._lines[0].sceneTransform() * plot.viewportTransform()
        self._area = (box.sceneTransform() * plot.viewportTransform()).map(box.shape())
        self._edge = self._finished_edge(ratio)
        self._curves = tuple(self._curve(line) for line in self._lines)
        self._pixmap = QPixmap(size * ratio)
        self._pixmap.setDevicePixelRatio(ratio)
        self._pixmap.fill(self._look.palette.colour("window"))
        for line in self._lines:
            line.until = QRectF(0.0, 0.0, self._edge, whole.height())
        painter = QPainter(self._pixmap)
        plot.render(painter, whole, plot.viewport().rect())
        painter.end()
        for line in self._lines:
            line.until = None
        self._made_for, self._pictures = self._wanted(ratio), self._drawn(axes)
        self.makings += 1

    # ---- where the picture of the curves ends --------------------------------------------------------------------

    def _finished_edge(self, ratio: float) -> float:
        """Return the pixel up to which no further point changes a curve; whole pixels of the screen."""
        edges = []
        for line in self._lines:
            x, _ = line.points()
            if len(x) < _SHORT:
                return 0.0
            edges.append(self._pixel(float(x[-1 - OPEN_POINTS])) - _reach(line))
        edge = floor(min(edges) * ratio) / ratio
        return min(max(edge, 0.0), float(self._plot.viewport().width()))

    def _curve(self, line: Line) -> _Curve:
        x, y = line.points()
        if self._edge == 0.0:
            return _Curve(x[:0], y[:0], line.ink(), 0)
        reach = _reach(line)
        inverse, _ = self._place.inverted()
        before, after = (inverse.map(QPointF(self._edge + side, 0.0)).x() for side in (-reach, reach))
        first = max(int(np.searchsorted(x, before)) - 1, 0)
        count = min(int(np.searchsorted(x, after, side="right")) + 1, len(x))
        return _Curve(x[:count].copy(), y[:count].copy(), line.ink(), first)

    def _pixel(self, x: float) -> float:
        return self._place.map(QPointF(x, 0.0)).x()


def _reach(line: Line) -> float:
    """Return how far the pen of a curve reaches at most beyond its points, with a pixel for what is drawn smooth."""
    return 2.0 * line.ink()[0].widthF() + 1.0
