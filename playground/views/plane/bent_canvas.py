"""The plane as two neurons see it: its grid lines and points where these neurons put them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.views.look import Look
from playground.views.plane.painting import PlanePainter
from playground.views.plane.points import Floats, Points
from playground.views.plane.scene import Ground, Scene
from playground.views.plane.square_canvas import SquareCanvas
from playground.views.plots.points import round_ticks


@dataclass(frozen=True, eq=False)
class BentScene:
    """What two neurons make of the plane.

    ``grid`` ``[rows, columns, 2]``: both activations at every crossing of the grid, ``cells`` ``[rows - 1,
    columns - 1, 3]`` the colour of each field. ``points`` ``[n, 2]`` with their ``targets`` and which are trained on.
    ``names`` are those of the two neurons (one: everything lies on a line).
    """

    grid: Floats
    cells: NDArray[np.uint8]
    points: Floats
    targets: Floats
    is_training: NDArray[np.bool_]
    names: tuple[str, ...]
    task: str
    classes: tuple[str, ...] = ()
    low: tuple[float, float] = field(default=(0.0, 0.0))
    high: tuple[float, float] = field(default=(1.0, 1.0))


class BentCanvas(SquareCanvas):
    """Draws a `BentScene` in a square with ticks."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.scene: BentScene | None = None
        self._points = Scene()  # the points alone, 0 to 1 across the picture
        self._painter = PlanePainter(look)
        self.setObjectName("plane_bent")
        self.setAccessibleName("Plane as two neurons of a layer bend it")
        self.setToolTip(
            "Each place of the plane stands where the activations of the two neurons put it; fields have the colour "
            "of the network's answer. What a straight line parts here, the next layer can part."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self.update)

    def show_scene(self, scene: BentScene | None) -> None:
        """Show another moment."""
        self.scene = scene
        if scene is not None:
            share = (scene.points - scene.low) / (np.array(scene.high) - scene.low)
            points = Points(share, scene.targets, scene.is_training)
            self._points = Scene(points, scene.task, scene.classes, low=0.0, high=1.0)
        self.update()

    def on_screen(self, places: Floats) -> Floats:
        """Return where pairs of activations ``[..., 2]`` lie on the screen."""
        box, scene = self.box(), self.scene
        low, high = (np.zeros(2), np.ones(2)) if scene is None else (np.array(scene.low), np.array(scene.high))
        share = (places - low) / (high - low)
        return np.stack([box.left() + share[..., 0] * box.width(), box.bottom() - share[..., 1] * box.height()], -1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint fields, grid lines, points and ticks."""
        painter = QPainter(self)
        palette = self._look.palette
        painter.fillRect(self.box(), palette.colour("zero"))
        if self.scene is not None:
            painter.save()
            painter.setClipRect(self.box())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_grid(painter, self.scene)
            ground = Ground(self.box(), self._points)
            self._painter.paint_points(painter, self._points, ground, self.devicePixelRatioF())
            painter.restore()
            self._paint_ticks(painter, self.scene)
        painter.end()

    def _paint_grid(self, painter: QPainter, scene: BentScene) -> None:
        # points are made once and handed over in tuples: a polygon of its own for each field took four times as long
        rows = [[QPointF(x, y) for x, y in row] for row in self.on_screen(scene.grid).tolist()]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        last: object = None
        for upper, lower, colours in zip(rows[:-1], rows[1:], scene.cells.tolist(), strict=True):
            for place, colour in enumerate(colours):
                if colour != last:
                    last = red, green, blue = colour
                    painter.setBrush(QColor(red, green, blue, 190))
                painter.drawConvexPolygon((upper[place], upper[place + 1], lower[place + 1], lower[place]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self._look.palette.colour("text")
        ink.setAlpha(120)
        pen = QPen(ink, 1.0)
        is_wide = self.devicePixelRatioF() > 1.0  # lines of more than a pixel are drawn twice as fast piece by piece
        if is_wide:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        for line in (*rows, *zip(*rows, strict=True)):
            if is_wide:
                painter.drawLines([QLineF(*ends) for ends in pairwise(line)])
            else:
                painter.drawPolyline(line)

    def _paint_ticks(self, painter: QPainter, scene: BentScene) -> None:
        em, box = self._look.em(), self.box()
        painter.setFont(self._look.font(8.0))
        painter.setPen(self._look.palette.colour("muted"))
        metrics = QFontMetricsF(painter.font())
        count = max(2, int(box.width() / (5 * em)))
        for tick in round_ticks(scene.low[0], scene.high[0], count)[1]:
            x, words = float(self.on_screen(np.array([tick, scene.low[1]]))[0]), _words(tick)
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x, box.bottom() + 0.25 * em))
            left = x - metrics.horizontalAdvance(words) / 2
            painter.drawText(QPointF(left, box.bottom() + 0.3 * em + metrics.ascent()), words)
        for tick in round_ticks(scene.low[1], scene.high[1], count)[1] if len(scene.names) > 1 else ():
            y, words = float(self.on_screen(np.array([scene.low[0], tick]))[1]), _words(tick)
            painter.drawLine(QPointF(box.left() - 0.25 * em, y), QPointF(box.left(), y))
            left = box.left() - 0.4 * em - metrics.horizontalAdvance(words)
            painter.drawText(QPointF(left, y + 0.35 * metrics.ascent()), words)
        painter.setFont(self._look.font(9.0))
        metrics = QFontMetricsF(painter.font())
        across = scene.names[0]
        left = box.center().x() - metrics.horizontalAdvance(across) / 2
        painter.drawText(QPointF(left, box.bottom() + 1.5 * em + metrics.ascent()), across)
        if len(scene.names) > 1:
            painter.translate(box.left() - 2.4 * em, box.center().y() + metrics.horizontalAdvance(scene.names[1]) / 2)
            painter.rotate(-90)
            painter.drawText(QPointF(0, 0), scene.names[1])
            painter.resetTransform()


def _words(value: float) -> str:
    return f"{value:g}".replace("-", "−")
