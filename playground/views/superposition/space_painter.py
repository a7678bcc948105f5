"""Draws hidden space: rings, arrows, labels, and what a drag does to the others."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from playground.engine.superposition.metrics import REPRESENTED_NORM
from playground.engine.superposition.problem import Floats
from playground.views.look import Look
from playground.views.superposition.colours import feature_colours
from playground.views.superposition.plane import Plane
from playground.views.superposition.space_placing import Frame, Placed, label_places

_MANY = 60  # arrows from which on they are drawn thin
_MOST_TIES = 60  # lines of interference: the strongest
_SLIGHT = 0.02  # a product of rows below this gets no line
_FLAT = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True, eq=False)
class Scene:
    """What is drawn."""

    weight: Floats  # [n, m]
    plane: Plane
    frame: Frame
    placed: Placed
    frozen: NDArray[np.bool_]  # [n]
    label: str = ""
    selected: tuple[int, ...] = ()
    current: int = -1
    hovered: int = -1
    dragged: int = -1
    ghost: Floats | None = None  # [m] where the dragged feature was
    words: str = ""  # beside the dragged tip
    band: QRectF = field(default_factory=QRectF)
    has_focus: bool = False


class SpacePainter:
    """Draws a `Scene`."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def draw(self, painter: QPainter, scene: Scene) -> None:
        """Draw the rings, then the arrows from far to near, then words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, scene)
        if scene.dragged >= 0:
            self._draw_drag(painter, scene)
        self._draw_arrows(painter, scene)
        self._draw_labels(painter, scene)
        self._draw_marks(painter, scene)

    # ---- ground ----

    def _draw_ground(self, painter: QPainter, scene: Scene) -> None:
        frame, palette = scene.frame, self._look.palette
        faint = QPen(palette.colour("line"), 1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(faint)
        if frame.lanes:
            for value in _ticks(frame):
                x = frame.point(value, 0).x()
                painter.drawLine(QLineF(x, 0, x, frame.height))
            painter.setPen(QPen(palette.colour("faint"), 1))
            painter.drawLine(QLineF(frame.middle.x(), 0, frame.middle.x(), frame.height))
            self._draw_tick_words(painter, frame)
            return
        if scene.plane.towards.any():
            self._draw_globe(painter, scene)
        else:
            painter.drawLine(QLineF(0, frame.middle.y(), frame.width, frame.middle.y()))
            painter.drawLine(QLineF(frame.middle.x(), 0, frame.middle.x(), frame.height))
            reach = float(np.hypot(frame.width, frame.height)) / 2 / frame.unit
            step = _ring_step(reach)
            for ring in range(1, min(int(reach / step), 12) + 1):
                painter.drawEllipse(frame.middle, ring * step * frame.unit, ring * step * frame.unit)
        painter.setPen(QPen(palette.colour("faint"), 1))
        painter.drawEllipse(frame.middle, frame.unit, frame.unit)

    def _draw_globe(self, painter: QPainter, scene: Scene) -> None:
        """Draw the three great circles and axes of the unit sphere, the far half fainter."""
        round_ = np.linspace(0, 2 * np.pi, 73)
        circle = np.stack([np.cos(round_), np.sin(round_)], 1)
        near, far = QColor(self._look.palette.line), QColor(self._look.palette.line)
        far.setAlpha(110)
        for axis in range(3):
            points = np.insert(circle, axis, 0.0, axis=1)  # [73, 3]
            flat, depth = scene.plane.flat(points), scene.plane.depth(points)
            for colour, is_near in ((far, False), (near, True)):
                pieces = [
                    QLineF(scene.frame.point(*flat[at]), scene.frame.point(*flat[at + 1]))
                    for at in np.flatnonzero((depth[:-1] >= 0) == is_near)
                ]
                painter.setPen(QPen(colour, 1))
                painter.drawLines(pieces)
        painter.setFont(self._look.font(8.0))
        for axis, point in enumerate(scene.plane.axes):
            end = scene.frame.point(*(1.12 * point))
            painter.setPen(QPen(near, 1))
            painter.drawLine(QLineF(scene.frame.middle, scene.frame.point(*point)))
            painter.setPen(self._look.palette.colour("faint"))
            painter.drawText(_around(end, self._look.em()), _FLAT, f"h{axis}")

    def _draw_tick_words(self, painter: QPainter, frame: Frame) -> None:
        em = self._look.em(8.0)
        painter.setFont(self._look.font(8.0, mono=True))
        painter.setPen(self._look.palette.colour("muted"))
        for value in _ticks(frame):
            x = frame.point(value, 0).x()
            if 1.5 * em < x < frame.width - 1.5 * em:
                painter.drawText(QRectF(x - 2 * em, frame.height - 1.2 * em, 4 * em, 1.2 * em), _FLAT, f"{value:g}")

    # ---- arrows ----

    def _draw_arrows(self, painter: QPainter, scene: Scene) -> None:
        count = len(scene.weight)
        colours = feature_colours(count, self._look.palette)
        norms = np.linalg.norm(scene.weight, axis=1)
        em = self._look.em()
        thin = count > _MANY
        width, dot = (0.08 * em, 0.17 * em) if thin else (0.14 * em, 0.34 * em)
        if scene.frame.lanes:
            dot = min(dot, max(0.12 * em, 0.36 * scene.frame.spacing))
            width = min(width, dot)
        nearness = np.clip(0.5 + 0.5 * scene.placed.depth, 0.0, 1.0) if scene.plane.towards.any() else np.ones(count)
        strong = norms > REPRESENTED_NORM
        order = np.lexsort((nearness, strong))  # faint ones first, then from far to near
        if thin:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        tips = [QPointF(x, y) for x, y in scene.placed.tips.tolist()]
        tails = [QPointF(x, y) for x, y in scene.placed.tails.tolist()]
        for feature in order.tolist():
            colour = colours[feature]
            is_chosen = feature in scene.selected
            if not strong[feature] and not is_chosen:
                colour.setAlpha(90)
            elif nearness[feature] < 1:
                colour.setAlpha(round(110 + 145 * float(nearness[feature])))
            size = 0.6 + 0.4 * float(nearness[feature])
            wide = width * (0.6 if not strong[feature] else 1.6 if is_chosen else 1.0) * size
            painter.setPen(QPen(colour, max(1.0, wide)))
            painter.drawLine(tails[feature], tips[feature])
            radius = dot * size * (0.55 if not strong[feature] else 1.2 if is_chosen else 1.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            if scene.frozen[feature]:
                painter.drawRect(QRectF(tips[feature].x() - radius, tips[feature].y() - radius, 2 * radius, 2 * radius))
            else:
                painter.drawEllipse(tips[feature], radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _draw_labels(self, painter: QPainter, scene: Scene) -> None:
        em, palette = self._look.em(), self._look.palette
        norms = np.linalg.norm(scene.weight, axis=1)
        rank = norms.copy()
        rank[rank <= REPRESENTED_NORM] = -1.0
        for level, features in enumerate((scene.selected, (scene.current, scene.hovered, scene.dragged))):
            for feature in features:
                if feature >= 0:
                    rank[feature] = 1e6 * (level + 1)
        order = [int(at) for at in np.argsort(-rank, kind="stable") if rank[at] >= 0 or len(norms) <= 12]
        is_many = len(norms) > _MANY
        font = self._look.font(8.0 if is_many else 9.5, bold=True)
        metrics = QFontMetricsF(font)
        size = (metrics.horizontalAdvance(str(len(norms) - 1)) + 0.15 * em, 0.8 * metrics.height())
        if scene.frame.lanes:
            size = (size[0], min(size[1], 0.98 * scene.frame.spacing))
            size = (size[0], max(size[1], 0.6 * metrics.height()))
        room = QRectF(2, 2, scene.frame.width - 4, scene.frame.height - 4)
        gap = 0.75 * em if is_many else 1.0 * em
        painter.setFont(font)
        colours = feature_colours(len(norms), palette)
        for feature, place in label_places(scene.placed, order, size, gap, room):
            painter.setPen(colours[feature] if norms[feature] > REPRESENTED_NORM else palette.colour("muted"))
            painter.drawText(_around(place, em), _FLAT, str(feature))

    # ---- a drag ----

    def _draw_drag(self, painter: QPainter, scene: Scene) -> None:
        """Draw where the arrow was, and a line to each feature that it disturbs, thick by how much."""
        palette, em, dragged = self._look.palette, self._look.em(), scene.dragged
        if scene.ghost is not None:
            tail = scene.placed.tail(dragged)
            flat = scene.ghost @ scene.plane.axes
            colour = feature_colours(dragged + 1, palette)[dragged]
            colour.setAlpha(140)
            pen = QPen(colour, max(1.2, 0.1 * em), Qt.PenStyle.DashLine)
            painter.setPen(pen)
            up = 0.0 if scene.frame.lanes else float(flat[1])
            painter.drawLine(tail, QPointF(tail.x() + flat[0] * scene.frame.unit, tail.y() - up * scene.frame.unit))
        products = scene.weight @ scene.weight[dragged]
        products[dragged] = 0.0
        order = np.argsort(-np.abs(products))[:_MOST_TIES]
        for other in order.tolist():
            size = abs(float(products[other]))
            if size < _SLIGHT:
                break
            colour = palette.colour("positive" if products[other] > 0 else "negative")
            colour.setAlpha(round(60 + 120 * min(size, 1.0)))
            pen = QPen(colour, max(1.0, 0.2 * em * min(size, 1.5)))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(scene.placed.tip(dragged), scene.placed.tip(other))

    def _draw_marks(self, painter: QPainter, scene: Scene) -> None:
        palette, em = self._look.palette, self._look.em()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for feature in {scene.current, scene.hovered} - {-1}:
            is_current = feature == scene.current and scene.has_focus
            painter.setPen(QPen(palette.colour("accent" if is_current else "muted"), max(1.2, 0.09 * em)))
            painter.drawEllipse(scene.placed.tip(feature), 0.62 * em, 0.62 * em)
        if not scene.band.isEmpty():
            ground = palette.colour("accent")
            painter.setPen(QPen(ground, 1))
            ground.setAlpha(36)
            painter.fillRect(scene.band, ground)
            painter.drawRect(scene.band)
        if scene.label:
            painter.setFont(self._look.font(10.0, bold=True))
            painter.setPen(palette.colour("activation"))
            room = QRectF(0.6 * em, 0.3 * em, scene.frame.width - 1.2 * em, 1.5 * em)
            text = QFontMetricsF(painter.font()).elidedText(scene.label, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
        if scene.words and scene.dragged >= 0:
            self._draw_words(painter, scene)

    def _draw_words(self, painter: QPainter, scene: Scene) -> None:
        """Write norm and angle beside the dragged tip, inside the picture."""
        palette, em = self._look.palette, self._look.em()
        painter.setFont(self._look.font(9.0, mono=True))
        width = QFontMetricsF(painter.font()).horizontalAdvance(scene.words) + 0.8 * em
        tip = scene.placed.tip(scene.dragged)
        left = tip.x() + 1.2 * em
        if left + width > scene.frame.width:
            left = max(2.0, tip.x() - 1.2 * em - width)
        top = min(max(tip.y() - 2.4 * em, 2.0), scene.frame.height - 1.6 * em)
        box = QRectF(left, top, width, 1.4 * em)
        path = QPainterPath()
        path.addRoundedRect(box, 0.3 * em, 0.3 * em)
        ground = palette.colour("raised")
        ground.setAlpha(230)
        painter.fillPath(path, ground)
        painter.setPen(palette.colour("text"))
        painter.drawText(box, _FLAT, scene.words)


def _ring_step(reach: float) -> float:
    return next((step for step in (0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 1000.0) if reach / step <= 6), reach)


def _ticks(frame: Frame) -> list[float]:
    reach = frame.width / 2 / frame.unit
    step = _ring_step(reach)
    count = min(int(reach / step), 12)
    return [step * k for k in range(-count, count + 1)]


def _around(place: QPointF, em: float) -> QRectF:
    return QRectF(place.x() - 1.5 * em, place.y() - 0.75 * em, 3 * em, 1.5 * em)
