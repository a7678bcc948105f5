"""The plane as large as the stage, with ticks along its sides and a legend of its colours."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.engine.input_features import VARIABLES
from playground.engine.targets import VALUES
from playground.views.look import Look
from playground.views.plane.axis import NO_AXIS
from playground.views.plane.canvas import PlaneCanvas
from playground.views.plane.colours import class_colours, surface_image, surface_rgb
from playground.views.plane.painting import square
from playground.views.plane.scene import Ground

_BAR_STEPS = 129
_MOST_TICKS = 12  # in whose words the width of the left margin is measured


class LargeCanvas(PlaneCanvas):
    """A `PlaneCanvas` with axes and legend; it shares the scene of the small one."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._wrong_spot: QPointF | None = None  # of their number in the legend
        self.setObjectName("plane_large")
        self.setAccessibleName("Plane with the points, large")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def ground(self) -> Ground:
        """Return where the plane lies: beside ticks and legend."""
        em = self._look.em()
        left, right, top, bottom = self._tick_width(), self._legend_width(), 1.3 * em, 1.7 * em
        bottom += 1.2 * em * self._has_columns()
        inner = square(self.width() - left - right, self.height() - top - bottom, 0.0, is_line=self.scene.is_line)
        return Ground(inner.translated(left, top), self.scene)

    def _has_columns(self) -> bool:
        """Return whether the plane is that of a table: its names have a line of their own."""
        return self.scene.axes[0].name != VARIABLES[0]

    def _tick_width(self) -> float:
        """Return the room for the numbers at the left."""
        em, scene = self._look.em(), self.scene
        axis = scene.value if scene.is_line else scene.axes[1]
        if axis.scale.is_plain and not self._has_columns():
            return 2.9 * em
        reach = 1.25 * scene.painted[2]
        low, high = (-reach, reach) if scene.is_line else (scene.low, scene.high)
        metrics = QFontMetricsF(self._look.font(8.0))
        widest = max((metrics.horizontalAdvance(words) for _, words in axis.ticks(low, high, _MOST_TICKS)), default=0.0)
        return max(2.9 * em, widest + 0.8 * em)

    def hasHeightForWidth(self) -> bool:
        """Say that any height will do."""
        return False

    def sizeHint(self) -> QSize:
        """Return a large square."""
        side = round(30 * self._look.em())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Return the least in which ticks and points can be read."""
        side = round(11 * self._look.em())
        return QSize(side, side)

    def _around(self) -> Hashable:
        """Return what ticks and legend depend on."""
        scene, look = self.scene, self._look
        surface, task, scale = scene.painted
        return (
            look.palette, look.em(), scene.axes, scene.value, scene.low, scene.high, scene.is_line, scene.task,
            scene.classes, surface is None, task, scale, scene.in_steps, scene.neuron is None, self._wrong() > 0,
            scene.has_held_back and not scene.points.is_training.all(),
        )  # fmt: skip

    def _wrong(self) -> int:
        """Return how many points are answered wrongly, of those that are shown."""
        scene = self.scene
        if scene.is_wrong is None or len(scene.is_wrong) != len(scene.points):
            return 0
        shown = scene.is_wrong if scene.has_held_back else scene.is_wrong & scene.points.is_training
        return int(np.count_nonzero(shown))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the plane, and the one number of the legend that changes with every moment of a training."""
        super().paintEvent(event)
        wrong = self._wrong()
        if wrong and self._wrong_spot is not None:
            painter = QPainter(self)
            painter.setFont(self._look.font(8.5))
            self._write(painter, self._wrong_spot.x(), self._wrong_spot.y(), f"wrong: {wrong}")
            painter.end()

    def _draw_around(self, painter: QPainter) -> None:
        """Draw ticks and legend."""
        self._wrong_spot = None
        super()._draw_around(painter)
        ground = self.ground()
        self._paint_ticks(painter, ground)
        self._paint_legend(painter, ground)

    # ---- ticks -----------------------------------------------------------------------------------------------

    def _paint_ticks(self, painter: QPainter, ground: Ground) -> None:
        em, palette, rect, scene = self._look.em(), self._look.palette, ground.rect, self.scene
        painter.setFont(self._look.font(8.0))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(palette.colour("muted"))
        count = max(2, int(rect.width() / (4.5 * em)))
        for tick, words in scene.axes[0].ticks(scene.low, scene.high, count):
            (x, _), *_ = ground.screen(np.array([[tick] * (1 if scene.is_line else 2)])).tolist()
            painter.drawLine(QPointF(x, rect.bottom()), QPointF(x, rect.bottom() + 0.25 * em))
            at = x - metrics.horizontalAdvance(words) / 2
            painter.drawText(QPointF(at, rect.bottom() + 0.35 * em + metrics.ascent()), words)
        most = max(2, int(rect.height() / (4.5 * em)))
        if scene.is_line:
            reach, value = 1.25 * scene.painted[2], scene.value if scene.neuron is None else NO_AXIS
            for tick, words in value.ticks(-reach, reach, most):
                (_, y), *_ = ground.screen(np.zeros((1, 1)), np.array([tick])).tolist()
                self._paint_side_tick(painter, rect, y, words)
        else:
            for tick, words in scene.axes[1].ticks(scene.low, scene.high, most):
                (_, y), *_ = ground.screen(np.array([[tick, tick]])).tolist()
                self._paint_side_tick(painter, rect, y, words)
        self._paint_names(painter, rect)

    def _paint_names(self, painter: QPainter, rect: QRectF) -> None:
        """Write what lies along both sides."""
        em, scene = self._look.em(), self.scene
        painter.setFont(self._look.font(9.0))
        metrics = QFontMetricsF(painter.font())
        below = scene.axes[0].name
        if not self._has_columns():
            painter.drawText(QPointF(rect.right() + 1.1 * em, rect.bottom() + 0.35 * em + metrics.ascent()), below)
        else:
            room = QRectF(rect.left(), rect.bottom() + 1.35 * em, rect.width(), 1.3 * em)
            shown = metrics.elidedText(below, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), shown)
        side = (scene.value.name if scene.neuron is None else "") if scene.is_line else scene.axes[1].name
        shown = metrics.elidedText(side, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(QPointF(rect.left(), rect.top() - 0.4 * em), shown)

    def _paint_side_tick(self, painter: QPainter, rect: QRectF, y: float, words: str) -> None:
        em, metrics = self._look.em(), QFontMetricsF(painter.font())
        painter.drawLine(QPointF(rect.left() - 0.25 * em, y), QPointF(rect.left(), y))
        left = rect.left() - 0.4 * em - metrics.horizontalAdvance(words)
        painter.drawText(QPointF(left, y + 0.35 * metrics.ascent()), words)

    # ---- legend ----------------------------------------------------------------------------------------------

    def _legend_width(self) -> float:
        em = self._look.em()
        return 6.4 * em if self.width() > 24 * em else 1.2 * em

    def _paint_legend(self, painter: QPainter, ground: Ground) -> None:
        em, scene = self._look.em(), self.scene
        if self._legend_width() < 2 * em:
            return
        x, y = ground.rect.right() + 0.9 * em, ground.rect.top()
        painter.setFont(self._look.font(8.5))
        if scene.task != VALUES:
            y = self._paint_classes(painter, x, y)
        y = self._paint_marks(painter, x, y + 0.3 * em)
        surface, task, scale = scene.painted
        if surface is not None and task == VALUES and not scene.is_line:
            self._paint_bar(
                painter, QRectF(x, y + 0.8 * em, 0.9 * em, min(9 * em, ground.rect.bottom() - y - em)), scale
            )

    def _paint_classes(self, painter: QPainter, x: float, y: float) -> float:
        em, palette, scene = self._look.em(), self._look.palette, self.scene
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = class_colours(len(scene.classes), scene.task, palette)
        for colour, name in zip(colours, scene.classes, strict=False):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(x + 0.35 * em, y + 0.6 * em), 0.3 * em, 0.3 * em)
            self._write(painter, x + 1.1 * em, y, name)
            y += 1.15 * em
        return y

    def _paint_marks(self, painter: QPainter, x: float, y: float) -> float:
        """Say what disc, diamond and ring stand for; return where the next line begins."""
        em, palette = self._look.em(), self._look.palette
        painter.setPen(palette.colour("muted"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        centre = QPointF(x + 0.35 * em, y + 0.6 * em)
        painter.drawEllipse(centre, 0.24 * em, 0.24 * em)
        self._write(painter, x + 1.1 * em, y, "trained on")
        y += 1.15 * em
        if self.scene.has_held_back and not self.scene.points.is_training.all():
            centre = QPointF(x + 0.35 * em, y + 0.6 * em)
            arm = 0.3 * em
            painter.setPen(palette.colour("muted"))
            painter.drawPolygon([centre + QPointF(*at) for at in ((0, -arm), (arm, 0), (0, arm), (-arm, 0))])
            self._write(painter, x + 1.1 * em, y, "held back")
            y += 1.15 * em
        if self._wrong():
            centre = QPointF(x + 0.35 * em, y + 0.6 * em)
            painter.setPen(palette.colour("text"))
            painter.drawEllipse(centre, 0.38 * em, 0.38 * em)
            self._wrong_spot = QPointF(x + 1.1 * em, y)
            y += 1.15 * em
        return y

    def _paint_bar(self, painter: QPainter, box: QRectF, scale: float) -> None:
        """Draw the colours of numbers with both ends and 0."""
        if box.height() < 3 * self._look.em():
            return
        levels = np.linspace(-scale, scale, _BAR_STEPS, dtype=np.float32)[None, :, None]
        rgb = surface_rgb(levels, VALUES, self._look.palette, scale=scale, in_steps=self.scene.in_steps)
        painter.drawImage(box, surface_image(rgb))
        for level, at in ((scale, box.top()), (0.0, box.center().y()), (-scale, box.bottom())):
            self._write(
                painter,
                box.right() + 0.4 * self._look.em(),
                at - 0.6 * self._look.em(),
                self._level_words(level),
            )

    def _level_words(self, level: float) -> str:
        scene = self.scene
        if scene.neuron is None and not scene.value.scale.is_plain:
            return scene.value.text(level)
        return f"{level:.4g}".replace("-", "−")

    def _write(self, painter: QPainter, x: float, y: float, words: str) -> None:
        painter.setPen(self._look.palette.colour("muted"))
        metrics = QFontMetricsF(painter.font())
        room = max(self.width() - x - 2, 10.0)
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(x, y + 0.2 * self._look.em() + metrics.ascent()), words)
