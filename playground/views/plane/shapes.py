"""Data sets of the plane, chosen by their pictures."""

from __future__ import annotations

from functools import cache

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from playground.engine.plane import PlaneSetup, plane_data, plane_points
from playground.engine.plane_shapes import GATES, SHAPES
from playground.engine.targets import CLASSES, TWO, VALUES
from playground.views.inspector.flow import FlowLayout
from playground.views.inspector.words import QuietLine
from playground.views.look import Look
from playground.views.plane.painting import PlanePainter
from playground.views.plane.points import Points
from playground.views.plane.scene import Ground, Scene, Surface

_SHOWN = 110  # points of a picture
_CELLS = 24  # of a picture that is a surface
_CROWDED = 0.8  # share of the plane that is covered, from which single points tell nothing


@cache
def shape_scene(name: str) -> Scene:
    """Return what the picture of a shape shows: its points, or its numbers as a surface."""
    data = plane_data(PlaneSetup(shape=name, count=_SHOWN, seed=3))
    at, targets, is_training = plane_points(data)
    points = Points(at.astype(np.float64), np.asarray(targets, np.float64), is_training)
    plane = data.plane
    low, high = (plane.low, plane.high) if plane is not None else (-6.0, 6.0)
    scene = Scene(points=points, task=data.task, classes=data.classes, low=low, high=high)
    if data.task == CLASSES or _coverage(points, low, high) < _CROWDED:
        return scene
    # numbers, and points that lie everywhere, are a surface: each cell has the mean of many points
    many = plane_data(PlaneSetup(shape=name, count=4_000, seed=3))
    at, numbers, _ = plane_points(many)
    if data.task == TWO:
        numbers = 2.0 * np.asarray(numbers, np.float64) - 1.0
    cells = np.clip((at - low) / (high - low) * _CELLS, 0, _CELLS - 1).astype(int)
    total, count = np.zeros((_CELLS, _CELLS), np.float32), np.zeros((_CELLS, _CELLS), np.float32)
    np.add.at(total, (cells[:, 1], cells[:, 0]), np.asarray(numbers, np.float32))
    np.add.at(count, (cells[:, 1], cells[:, 0]), 1.0)
    scene.surface = Surface((total / np.maximum(count, np.float32(1)))[None].astype(np.float32))
    scene.points = Points(scene.points.at[:0], scene.points.targets, scene.points.is_training[:0])
    return scene


def _coverage(points: Points, low: float, high: float) -> float:
    """Return the share of 6 x 6 cells of the plane in which there are points."""
    cells = np.clip((points.at - low) / (high - low) * 6, 0, 5).astype(int)
    return len(np.unique(cells, axis=0)) / 36


class ShapeButton(QAbstractButton):
    """The picture of one shape."""

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.shape_name = name
        self._picture = QPixmap()
        shape = SHAPES[name]
        what = "numbers to predict" if shape.task == VALUES else "classes to part"
        self.setObjectName(f"plane_shape_{name.replace('-', '_')}")
        self.setAccessibleName(shape.title)
        self.setToolTip(f"{shape.title[0].upper()}{shape.title[1:]}: {what}. A click draws fresh points.")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)

    def sizeHint(self) -> QSize:
        """Return a small square."""
        side = round(2.7 * self._look.em())
        return QSize(side, side)

    def _render_look(self) -> None:
        self._picture = QPixmap()
        self.updateGeometry()
        self.update()

    def _made(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        if self._picture.isNull() or self._picture.devicePixelRatio() != ratio:
            side = self.width()
            # points as small as on a canvas of this many times the size; where there are four, each one is seen
            large = 1.0 if self.shape_name in GATES else 2.6
            scene = shape_scene(self.shape_name)
            canvas = QPixmap(round(side * large * ratio), round(side * large * ratio))
            painter = QPainter(canvas)
            rect = QRectF(canvas.rect())
            PlanePainter(self._look).paint(painter, scene, Ground(rect, scene), 1.0)
            painter.end()
            self._picture = canvas.scaled(
                round(side * ratio), round(side * ratio), mode=Qt.TransformationMode.SmoothTransformation
            )
            self._picture.setDevicePixelRatio(ratio)
        return self._picture

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture, and a frame around the chosen one."""
        palette, em = self._look.palette, self._look.em()
        painter = QPainter(self)
        painter.drawPixmap(self.rect(), self._made())
        is_lit = self.isChecked() or self.hasFocus()
        pen = painter.pen()
        pen.setColor(palette.colour("accent" if is_lit else "muted" if self.underMouse() else "line"))
        pen.setWidthF(0.14 * em if is_lit else 1.0)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = pen.widthF() / 2
        painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))
        painter.end()


class ShapeChooser(QWidget):
    """All shapes, those with classes first; a line below names the chosen one."""

    shape_chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plane_shapes")
        self._group = QButtonGroup(self)
        self.buttons = {name: ShapeButton(look, name, self) for name in SHAPES}
        flow = FlowLayout(look, gap=0.3)
        for name in sorted(SHAPES, key=lambda name: SHAPES[name].task == VALUES):
            self._group.addButton(self.buttons[name])
            flow.addWidget(self.buttons[name])
        self._line = QuietLine(look, "", parent=self)
        self._line.setObjectName("plane_shape_name")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addLayout(flow)
        box.addWidget(self._line)
        self._group.buttonClicked.connect(self._choose)

    def show_shape(self, name: str, words: str) -> None:
        """Mark the shape in use (drawn points are none of them) and say what it is."""
        self._group.setExclusive(False)
        for button in self.buttons.values():
            button.setChecked(button.shape_name == name)
        self._group.setExclusive(True)
        self._line.setText(words)

    def _choose(self, button: QAbstractButton) -> None:
        if isinstance(button, ShapeButton):
            self.shape_chosen.emit(button.shape_name)
