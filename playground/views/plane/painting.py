"""Paints the plane: the surface or the curve, residuals, the points on it and the input that the network receives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF

from playground.engine.targets import VALUES
from playground.views.look import Look
from playground.views.plane.colours import pixel_image, surface_pixels
from playground.views.plane.kept import KeptPicture
from playground.views.plane.point_layer import PointLayer
from playground.views.plane.scene import Ground, Scene

_CROSS_PEN = 0.13  # em
MOST_HEIGHT = 1e6  # of what is drawn over a line, in units of its numbers: the painter takes no infinity


class PlanePainter:
    """Keeps what can be kept between two frames: the picture of the surface and the layer of the points."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._image = QImage()
        self._made_for: tuple[Any, ...] = ()
        self._points = PointLayer(look)
        self._cross = KeptPicture()

    def paint(self, painter: QPainter, scene: Scene, ground: Ground, ratio: float) -> None:
        """Paint the whole scene."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if scene.is_line or scene.painted[0] is None:
            painter.fillRect(ground.rect, self._look.palette.colour("zero"))
        if scene.is_line:
            self._paint_curve(painter, scene, ground)
            self._paint_residuals(painter, scene, ground)
        elif scene.painted[0] is not None:
            painter.drawImage(ground.rect, self._surface(scene))
        self._points.paint(painter, scene, ground, ratio)
        if scene.current is not None:
            self._paint_current(painter, scene, ground, ratio)

    def paint_points(self, painter: QPainter, scene: Scene, ground: Ground, ratio: float) -> None:
        """Paint the points alone, where something else than the answer lies below them."""
        self._points.paint(painter, scene, ground, ratio, has_axes=False)

    def _surface(self, scene: Scene) -> QImage:
        palette = self._look.palette
        surface, task, scale = scene.painted
        made_for = (surface, palette, scene.in_steps, task, scale)
        if made_for != self._made_for:
            assert surface is not None  # noqa: S101 - for the type checker
            self._made_for = made_for
            pixels = surface_pixels(surface.values, task, palette, scale=scale, in_steps=scene.in_steps)
            self._image = pixel_image(pixels)
        return self._image

    def _paint_curve(self, painter: QPainter, scene: Scene, ground: Ground) -> None:
        surface = scene.painted[0]
        if surface is None:
            return
        values = np.asarray(surface.values[0], np.float64)
        places = np.linspace(scene.low, scene.high, len(values))[:, None]
        spots = ground.screen(places, np.clip(np.nan_to_num(values), -MOST_HEIGHT, MOST_HEIGHT))
        painter.save()
        painter.setClipRect(ground.rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.palette.colour("activation"), 0.14 * self._look.em()))
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in spots.tolist()]))
        painter.restore()

    def _paint_residuals(self, painter: QPainter, scene: Scene, ground: Ground) -> None:
        """Join each number with what is answered in its place."""
        points, answers = scene.points, scene.answers
        if scene.neuron is not None or scene.task != VALUES or answers is None or len(answers) != len(points):
            return
        shown = np.ones(len(points), bool) if scene.has_held_back else points.is_training
        given = np.clip(np.nan_to_num(answers[shown].astype(np.float64)), -MOST_HEIGHT, MOST_HEIGHT)
        ends = np.concatenate(
            [ground.screen(points.at[shown], points.targets[shown]), ground.screen(points.at[shown], given)], 1
        )
        painter.save()
        painter.setClipRect(ground.rect)
        painter.setPen(QPen(self._look.palette.colour("bad"), 1.0))
        painter.drawLines([QLineF(*each) for each in ends.tolist()])
        painter.restore()

    def _paint_current(self, painter: QPainter, scene: Scene, ground: Ground, ratio: float) -> None:
        assert scene.current is not None  # noqa: S101 - for the type checker
        (x, y), *_ = ground.screen(np.array([scene.current], np.float64)).tolist()
        if scene.is_line:
            painter.setPen(QPen(self._look.palette.colour("activation"), _CROSS_PEN * self._look.em()))
            painter.drawLine(QPointF(x, ground.rect.top()), QPointF(x, ground.rect.bottom()))
        else:
            half = math.ceil(1.1 * self._look.em())
            cross = self._cross.of((self._look.palette, half), QSize(2 * half, 2 * half), ratio, self._draw_cross)
            painter.drawPixmap(QPointF(x - half, y - half), cross)

    def _draw_cross(self, painter: QPainter) -> None:
        em, half = self._look.em(), math.ceil(1.1 * self._look.em())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.palette.colour("activation"), _CROSS_PEN * em))
        centre = QPointF(half, half)
        painter.drawEllipse(centre, 0.62 * em, 0.62 * em)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            near = centre + QPointF(0.62 * em * dx, 0.62 * em * dy)
            painter.drawLine(near, near + QPointF(0.35 * em * dx, 0.35 * em * dy))


def square(width: float, height: float, margin: float, *, is_line: bool) -> QRectF:
    """Return the largest square in the middle of a widget (or, over a line, all of it) with a margin."""
    room = QRectF(margin, margin, max(width - 2 * margin, 1.0), max(height - 2 * margin, 1.0))
    if is_line:
        return room
    side = min(room.width(), room.height())
    return QRectF(room.center().x() - side / 2, room.center().y() - side / 2, side, side)
