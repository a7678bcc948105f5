"""Paints the plane: the surface, the points on it, rings around those that are answered wrongly."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF

from playground.engine.targets import VALUES
from playground.views.look import Look
from playground.views.plane.colours import class_colours, surface_image, surface_rgb
from playground.views.plane.points import Floats
from playground.views.plane.scene import Ground, Scene

LEVELS = 9  # colours of points that carry numbers
_WIDE = 22.0  # heights of a line: on a plane as wide as that points have their full size
_SMALLEST = 0.55  # of the full size


class PlanePainter:
    """Keeps what can be kept between two frames: the picture of the surface and the stamps of the points."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._image = QImage()
        self._made_for: tuple[Any, ...] = ()
        self._stamps: dict[tuple[int, bool, bool], QPixmap] = {}
        self._stamped_for: tuple[Any, ...] = ()
        self._size = 0.0  # of a point, in pixels

    def paint(self, painter: QPainter, scene: Scene, ground: Ground, ratio: float) -> None:
        """Paint the whole scene."""
        palette = self._look.palette
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(ground.rect, palette.colour("zero"))
        if scene.is_line:
            self._paint_curve(painter, scene, ground)
        elif scene.painted[0] is not None:
            painter.drawImage(ground.rect, self._surface(scene))
        self._paint_axes(painter, ground)
        self.paint_points(painter, scene, ground, ratio)
        if scene.current is not None:
            self._paint_current(painter, scene, ground)

    def _surface(self, scene: Scene) -> QImage:
        palette = self._look.palette
        surface, task, scale = scene.painted
        made_for = (surface, palette, scene.in_steps, task, scale)
        if len(self._made_for) != len(made_for) or any(
            a is not b and a != b for a, b in zip(made_for[1:], self._made_for[1:], strict=True)
        ):
            self._made_for = ()
        if not self._made_for or self._made_for[0] is not surface:
            assert surface is not None  # noqa: S101 - for the type checker
            self._made_for = made_for
            self._image = surface_image(
                surface_rgb(surface.values, task, palette, scale=scale, in_steps=scene.in_steps)
            )
        return self._image

    def _paint_curve(self, painter: QPainter, scene: Scene, ground: Ground) -> None:
        surface = scene.painted[0]
        if surface is None:
            return
        values = np.asarray(surface.values[0], np.float64)
        places = np.linspace(scene.low, scene.high, len(values))[:, None]
        spots = ground.screen(places, np.clip(np.nan_to_num(values), -1e6, 1e6))
        painter.save()
        painter.setClipRect(ground.rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.palette.colour("activation"), 0.14 * self._look.em()))
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in spots.tolist()]))
        painter.restore()

    def _paint_axes(self, painter: QPainter, ground: Ground) -> None:
        palette, rect = self._look.palette, ground.rect
        colour = QColor(palette.colour("text"))
        colour.setAlpha(46)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QPen(colour, 1.0))
        (x, y), *_ = ground.screen(np.zeros((1, 2)), np.zeros(1)).tolist()
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))

    # ---- points ----------------------------------------------------------------------------------------------

    def paint_points(self, painter: QPainter, scene: Scene, ground: Ground, ratio: float) -> None:
        """Paint the points of a scene, each by the stamp of its kind."""
        points = scene.points
        if not len(points):
            return
        # over a line a neuron's numbers have another scale than the targets: the points stand on the axis then
        spots = ground.screen(points.at, points.targets if scene.neuron is None else None)
        if (
            scene.neuron is None
            and scene.task == VALUES
            and scene.is_line
            and scene.answers is not None
            and len(scene.answers) == len(points)
        ):
            self._paint_residuals(painter, scene, ground, spots)
        self._begin_stamps(scene, ground, ratio)
        kinds = self._kinds(scene)
        is_wrong = scene.is_wrong if scene.is_wrong is not None and len(scene.is_wrong) == len(points) else None
        half = self._stamp(kinds[0], is_training=True, is_ringed=False, ratio=ratio).deviceIndependentSize().width() / 2
        flags = points.is_training.tolist()
        wrong = [False] * len(flags) if is_wrong is None else is_wrong.tolist()
        for (x, y), kind, is_training, is_ringed in zip(spots.tolist(), kinds, flags, wrong, strict=True):
            if is_training or scene.has_held_back:
                stamp = self._stamp(kind, is_training=is_training, is_ringed=is_ringed, ratio=ratio)
                painter.drawPixmap(QPointF(x - half, y - half), stamp)

    def _paint_residuals(self, painter: QPainter, scene: Scene, ground: Ground, spots: Floats) -> None:
        assert scene.answers is not None  # noqa: S101 - for the type checker
        ends = ground.screen(scene.points.at, np.clip(np.nan_to_num(scene.answers.astype(np.float64)), -1e6, 1e6))
        painter.save()
        painter.setClipRect(ground.rect)
        painter.setPen(QPen(self._look.palette.colour("bad"), 1.0))
        for (x, y), (_, other) in zip(spots.tolist(), ends.tolist(), strict=True):
            painter.drawLine(QPointF(x, y), QPointF(x, other))
        painter.restore()

    def _kinds(self, scene: Scene) -> list[int]:
        """Return the number of each point's colour: its class, or the level of its number."""
        targets = scene.points.targets
        if scene.task != VALUES:
            found: list[int] = targets.astype(np.int64).tolist()
            return found
        level = np.clip(targets / scene.value_scale, -1, 1)
        levels: list[int] = np.rint((level + 1) / 2 * (LEVELS - 1)).astype(np.int64).tolist()
        return levels

    def _begin_stamps(self, scene: Scene, ground: Ground, ratio: float) -> None:
        self._size = self._look.em() * min(max(ground.rect.width() / (_WIDE * self._look.em()), _SMALLEST), 1.0)
        made_for = (self._look.palette, self._size, ratio, scene.task, len(scene.classes))
        if made_for != self._stamped_for:
            self._stamped_for = made_for
            self._stamps.clear()
            self._colours = self._point_colours(scene)

    def _point_colours(self, scene: Scene) -> list[QColor]:
        palette = self._look.palette
        if scene.task != VALUES:
            return class_colours(len(scene.classes), scene.task, palette)
        rgba = palette.signed_rgba(np.linspace(-1, 1, LEVELS, dtype=np.float32), 1.0).tolist()
        return [QColor(red, green, blue) for red, green, blue, _ in rgba]

    def _stamp(self, kind: int, *, is_training: bool, is_ringed: bool, ratio: float) -> QPixmap:
        """Return the picture of a point: a disc, a diamond where it is held back, with a ring where it is wrong."""
        key = (kind, is_training, is_ringed)
        if key not in self._stamps:
            em, palette = self._size, self._look.palette
            side = 1.15 * em
            stamp = QPixmap(round(side * ratio), round(side * ratio))
            stamp.setDevicePixelRatio(ratio)
            stamp.fill(Qt.GlobalColor.transparent)
            painter = QPainter(stamp)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            centre, radius = QPointF(side / 2, side / 2), 0.25 * em
            # a number near 0 has the colour of the ground: its rim has not
            painter.setPen(QPen(palette.colour("faint" if self._stamped_for[3] == VALUES else "window"), 0.09 * em))
            painter.setBrush(self._colours[kind % len(self._colours)])
            if is_training:
                painter.drawEllipse(centre, radius, radius)
            else:
                corners = ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0))
                painter.drawPolygon(QPolygonF([centre + QPointF(x * radius, y * radius) for x, y in corners]))
            if is_ringed:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(palette.colour("text"), 0.1 * em))
                painter.drawEllipse(centre, 1.85 * radius, 1.85 * radius)
            painter.end()
            self._stamps[key] = stamp
        return self._stamps[key]

    def _paint_current(self, painter: QPainter, scene: Scene, ground: Ground) -> None:
        assert scene.current is not None  # noqa: S101 - for the type checker
        em, colour = self._look.em(), self._look.palette.colour("activation")
        (x, y), *_ = ground.screen(np.array([scene.current], np.float64)).tolist()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 0.13 * em))
        if scene.is_line:
            painter.drawLine(QPointF(x, ground.rect.top()), QPointF(x, ground.rect.bottom()))
        else:
            painter.drawEllipse(QPointF(x, y), 0.62 * em, 0.62 * em)
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                near = QPointF(x + 0.62 * em * dx, y + 0.62 * em * dy)
                painter.drawLine(near, near + QPointF(0.35 * em * dx, 0.35 * em * dy))


def square(width: float, height: float, margin: float, *, is_line: bool) -> QRectF:
    """Return the largest square in the middle of a widget (or, over a line, all of it) with a margin."""
    room = QRectF(margin, margin, max(width - 2 * margin, 1.0), max(height - 2 * margin, 1.0))
    if is_line:
        return room
    side = min(room.width(), room.height())
    return QRectF(room.center().x() - side / 2, room.center().y() - side / 2, side, side)
