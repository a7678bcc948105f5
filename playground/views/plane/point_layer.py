"""Axes and points as one picture over the surface: it is drawn anew only when one of them is another."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from playground.views.look import Look
from playground.views.palette import Palette
from playground.views.plane.points import Floats, Points
from playground.views.plane.scene import Ground, Scene
from playground.views.plane.stamps import RING, Stamps


@dataclass(frozen=True)
class _Made:
    """What a picture was made for."""

    points: Points  # compared by identity, as they never change
    palette: Palette
    em: float
    rect: QRectF
    ratio: float
    reach: tuple[float, float, float]
    task: str
    classes: int
    has_held_back: bool
    is_on_axis: bool


class PointLayer:
    """Keeps two pictures: of the points, and of the points with the present rings."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._stamps = Stamps(look)
        self._made: _Made | None = None
        self._plain = QPixmap()
        self._ringed = QPixmap()
        self._wrong: NDArray[np.bool_] | None = None
        self._spots: Floats = np.zeros((0, 2))
        self._corner = QPointF()

    def paint(self, painter: QPainter, scene: Scene, ground: Ground, ratio: float, *, has_axes: bool = True) -> None:
        """Paint both axes (if they are wanted), the points, and rings around those that are answered wrongly."""
        is_on_axis = scene.neuron is not None
        made = _Made(
            scene.points, self._look.palette, self._look.em(), QRectF(ground.rect), ratio,
            (scene.low, scene.high, scene.painted[2] if scene.is_line else 0.0), scene.task, len(scene.classes),
            scene.has_held_back, is_on_axis,
        )  # fmt: skip
        if made != self._made:
            self._made, self._wrong = made, None
            self._draw(scene, ground, has_axes=has_axes)
            self._ringed = self._plain
        self._put_rings(scene)
        painter.drawPixmap(self._corner, self._ringed)

    def spots(self, scene: Scene, ground: Ground) -> Floats:
        """Return where the points are ``[n, 2]``, in pixels."""
        # over a line a neuron's numbers have another scale than the targets: the points stand on the axis then
        return ground.screen(scene.points.at, scene.points.targets if scene.neuron is None else None)

    def _draw(self, scene: Scene, ground: Ground, *, has_axes: bool) -> None:
        assert self._made is not None  # noqa: S101 - for the type checker
        ratio, points = self._made.ratio, scene.points
        self._stamps.begin(scene, ground, ratio)
        half = self._stamps.half
        box = ground.rect.adjusted(-half - 1, -half - 1, half + 1, half + 1)
        left, top = math.floor(box.left() * ratio), math.floor(box.top() * ratio)  # whole pixels: nothing is blurred
        self._corner = QPointF(left / ratio, top / ratio)
        self._plain = QPixmap(math.ceil(box.right() * ratio) - left, math.ceil(box.bottom() * ratio) - top)
        self._plain.setDevicePixelRatio(ratio)
        self._plain.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._plain)
        painter.translate(-self._corner)
        if has_axes:
            self._draw_axes(painter, ground)
        self._spots = self.spots(scene, ground) - half
        if len(points):
            self._draw_points(painter, scene)
        painter.end()

    def _draw_points(self, painter: QPainter, scene: Scene) -> None:
        kinds, flags = self._stamps.kinds(scene), scene.points.is_training.tolist()
        pictures = {key: self._stamps.of(key[0], is_training=key[1]) for key in set(zip(kinds, flags, strict=True))}
        is_of_pixels = painter.device().devicePixelRatioF() == 1.0
        spots = np.floor(self._spots + 0.5).astype(np.int64) if is_of_pixels else self._spots
        for (x, y), *key in zip(spots.tolist(), kinds, flags, strict=True):
            if not key[1] and not scene.has_held_back:
                continue
            if is_of_pixels:  # where a painter would put it anyway, and whole numbers are taken in half the time
                painter.drawPixmap(x, y, pictures[key[0], key[1]])
            else:
                painter.drawPixmap(QPointF(x, y), pictures[key[0], key[1]])

    def _draw_axes(self, painter: QPainter, ground: Ground) -> None:
        colour = QColor(self._look.palette.colour("text"))
        colour.setAlpha(46)
        painter.setPen(QPen(colour, 1.0))
        rect = ground.rect
        (x, y), *_ = ground.screen(np.zeros((1, 2)), np.zeros(1)).tolist()
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))

    def _put_rings(self, scene: Scene) -> None:
        wrong = scene.is_wrong
        if wrong is not None and not scene.has_held_back and len(wrong) == len(scene.points):
            wrong = wrong & scene.points.is_training
        if wrong is None or len(wrong) != len(scene.points) or not wrong.any():
            self._ringed, self._wrong = self._plain, None
            return
        if self._wrong is not None and np.array_equal(wrong, self._wrong):
            return
        self._wrong = wrong
        self._ringed = self._plain.copy()
        painter = QPainter(self._ringed)
        painter.translate(-self._corner)
        ring = self._stamps.of(RING)
        for x, y in self._spots[wrong].tolist():
            painter.drawPixmap(QPointF(x, y), ring)
        painter.end()
