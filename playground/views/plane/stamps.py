"""The pictures of single points: a disc, a diamond where one is held back, a ring where it is answered wrongly."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from playground.engine.targets import VALUES
from playground.views.look import Look
from playground.views.plane.colours import class_colours
from playground.views.plane.scene import Ground, Scene

LEVELS = 9  # colours of points that carry numbers
RING = -1  # instead of a kind
_WIDE = 22.0  # heights of a line: on a plane as wide as that points have their full size
_SMALLEST = 0.55  # of the full size
_SIDE = 1.15  # of a stamp, in sizes of a point
_FEW, _FAR, _LARGE = (
    8,
    2.5,
    1.7,
)  # so few points on so small a plane, such as those of a gate, are so many times as large


class Stamps:
    """Makes each kind's picture once for a size, a palette and a task."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._made: dict[tuple[int, bool], QPixmap] = {}
        self._made_for: tuple[Any, ...] = ()
        self._colours: list[QColor] = []
        self._size = 0.0  # of a point, in pixels
        self._ratio = 1.0
        self._task = ""

    @property
    def half(self) -> float:
        """Return half the side of a stamp, in pixels."""
        return round(_SIDE * self._size * self._ratio) / self._ratio / 2

    def begin(self, scene: Scene, ground: Ground, ratio: float) -> None:
        """Go over to the size and colours of a scene."""
        em = self._look.em()
        size = em * min(max(ground.rect.width() / (_WIDE * em), _SMALLEST), 1.0)
        if len(scene.points) <= _FEW and scene.high - scene.low <= _FAR:
            size *= _LARGE
        made_for = (self._look.palette, size, ratio, scene.task, len(scene.classes))
        if made_for != self._made_for:
            self._made_for = made_for
            self._size, self._ratio, self._task = size, ratio, scene.task
            self._made.clear()
            self._colours = self._point_colours(scene)

    def kinds(self, scene: Scene) -> list[int]:
        """Return the number of each point's colour: its class, or the level of its number."""
        targets = scene.points.targets
        if scene.task != VALUES:
            found: list[int] = targets.astype(np.int64).tolist()
            return found
        level = np.clip(targets / scene.value_scale, -1, 1)
        levels: list[int] = np.rint((level + 1) / 2 * (LEVELS - 1)).astype(np.int64).tolist()
        return levels

    def of(self, kind: int, *, is_training: bool = True) -> QPixmap:
        """Return the picture of a point, or with `RING` of what is around a wrong one."""
        key = (kind, is_training)
        if key not in self._made:
            side = _SIDE * self._size
            stamp = QPixmap(round(side * self._ratio), round(side * self._ratio))
            stamp.setDevicePixelRatio(self._ratio)
            stamp.fill(Qt.GlobalColor.transparent)
            painter = QPainter(stamp)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            centre, radius = QPointF(self.half, self.half), 0.25 * self._size
            if kind == RING:
                self._draw_ring(painter, centre, 1.85 * radius)
            else:
                self._draw_point(painter, centre, radius, kind, is_training=is_training)
            painter.end()
            self._made[key] = stamp
        return self._made[key]

    def _point_colours(self, scene: Scene) -> list[QColor]:
        palette = self._look.palette
        if scene.task != VALUES:
            return class_colours(len(scene.classes), scene.task, palette)
        rgba = palette.signed_rgba(np.linspace(-1, 1, LEVELS, dtype=np.float32), 1.0).tolist()
        return [QColor(red, green, blue) for red, green, blue, _ in rgba]

    def _draw_ring(self, painter: QPainter, centre: QPointF, radius: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._look.palette.colour("text"), 0.1 * self._size))
        painter.drawEllipse(centre, radius, radius)

    def _draw_point(self, painter: QPainter, centre: QPointF, radius: float, kind: int, *, is_training: bool) -> None:
        # a number near 0 has the colour of the ground: its rim has not
        rim = self._look.palette.colour("faint" if self._task == VALUES else "window")
        painter.setPen(QPen(rim, 0.09 * self._size))
        painter.setBrush(self._colours[kind % len(self._colours)])
        if is_training:
            painter.drawEllipse(centre, radius, radius)
        else:
            corners = ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0))
            painter.drawPolygon(QPolygonF([centre + QPointF(x * radius, y * radius) for x, y in corners]))
