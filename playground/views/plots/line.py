"""A curve of a plot, drawn smooth where its points are few and fast where they are many."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from playground.views.plots.points import within

Array = NDArray[np.float64]

SMOOTH_POINTS = 250  # up to here a curve is drawn smooth; beyond, that would cost milliseconds
_EMPTY = np.zeros(0)


class Line(pg.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph is untyped
    """A curve that never asks its data how large they are: the plot knows, and the question costs more than drawing."""

    def __init__(self) -> None:
        self.room = QRectF(0.0, 0.0, 1.0, 1.0)
        self.until: QRectF | None = None  # the part of the widget outside of which nothing is painted
        self._pens: tuple[QPen, ...] = (QPen(), QPen())  # for dense and for smooth curves
        super().__init__(skipFiniteCheck=True)

    def boundingRect(self) -> QRectF:
        """Return a rectangle that holds the curve and its pen."""
        return self.room

    def set_room(self, room: QRectF) -> None:
        """Take another rectangle."""
        self.prepareGeometryChange()
        self.room = room

    def show_points(self, x: Array, y: Array) -> None:
        """Show other points: smooth where they are few, fast where they are many."""
        connect = "all" if np.isfinite(y).all() else "finite"
        is_smooth = len(x) <= SMOOTH_POINTS
        self.setData(x, y, connect=connect, antialias=is_smooth, pen=self._pens[is_smooth])

    def set_ink(self, colour: QColor, width: float) -> None:
        """Draw in this colour; dense curves as thin as whole pixels allow."""
        self._pens = tuple(QPen(colour, wide) for wide in (max(1.0, math.floor(width)), width))
        for pen in self._pens:
            pen.setCosmetic(True)
        self.setPen(self._pens[bool(self.opts["antialias"])])

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the curve; into a drawing, which does not clip, only what of it is in sight."""
        if painter.paintEngine().type() == QPaintEngine.Type.SVG and self._paint_sight(painter):
            return
        if self.until is None:
            super().paint(painter, option, widget)
            return
        painter.save()
        place = painter.worldTransform()
        painter.resetTransform()
        painter.setClipRect(self.until, Qt.ClipOperation.IntersectClip)
        painter.setWorldTransform(place)
        super().paint(painter, option, widget)
        painter.restore()

    def _paint_sight(self, painter: QPainter) -> bool:
        """Paint what lies within the axes; say whether that is not the whole."""
        (x, y), sight = self.points(), self.getViewBox().viewRect()
        room = (sight.left(), sight.right(), sight.top(), sight.bottom())
        some = np.isfinite(y)
        if not some.any() or sight.contains(QRectF(QPointF(x[0], y[some].min()), QPointF(x[-1], y[some].max()))):
            return False
        painter.setPen(self.ink()[0])
        painter.drawPath(pg.functions.arrayToQPath(*within(x, y, room), connect="finite"))
        return True

    def points(self) -> tuple[Array, Array]:
        """Return the points that are shown."""
        return (_EMPTY, _EMPTY) if self.xData is None else (self.xData, self.yData)

    def ink(self) -> tuple[QPen, bool]:
        """Return the pen, and whether the curve is drawn smooth."""
        return self.opts["pen"], bool(self.opts["antialias"])

    def paint_end(self, painter: QPainter, first: int) -> None:
        """Paint the points from ``first`` on, as the whole curve would be."""
        x, y = (part[first:] for part in self.points())
        pen, is_smooth = self.ink()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=is_smooth)
        painter.setPen(pen)
        if self._shouldUseDrawLineSegments(pen):
            ends = zip(x[:-1].tolist(), y[:-1].tolist(), x[1:].tolist(), y[1:].tolist(), strict=True)
            painter.drawLines([QLineF(*each) for each in ends if not math.isnan(each[1] + each[3])])
        else:
            painter.drawPath(pg.functions.arrayToQPath(x, y, connect=self.opts["connect"], finiteCheck=False))
