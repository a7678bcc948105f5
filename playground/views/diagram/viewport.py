"""Zoom and pan: the map from the plan of the diagram to the widget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

MIN_ZOOM, MAX_ZOOM = 0.5, 30.0


@dataclass(frozen=True)
class View:
    """Plan coordinates times ``zoom`` plus (``dx``, ``dy``) are widget coordinates; the default fits the widget."""

    zoom: float = 1.0
    dx: float = 0.0
    dy: float = 0.0

    def x(self, x: float) -> float:
        """Return a plan x on the widget."""
        return x * self.zoom + self.dx

    def point(self, x: float, y: float) -> QPointF:
        """Return a plan point on the widget."""
        return QPointF(x * self.zoom + self.dx, y * self.zoom + self.dy)

    def rect(self, rect: QRectF) -> QRectF:
        """Return a plan rectangle on the widget."""
        return QRectF(
            rect.x() * self.zoom + self.dx,
            rect.y() * self.zoom + self.dy,
            rect.width() * self.zoom,
            rect.height() * self.zoom,
        )

    def points(self, pairs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return plan points ``[..., 2k]`` (x, y, x, y, ...) on the widget."""
        shift = np.tile(np.array([self.dx, self.dy], np.float32), pairs.shape[-1] // 2)
        return pairs * np.float32(self.zoom) + shift

    def plan(self, point: QPointF) -> QPointF:
        """Return where a point of the widget lies in the plan."""
        return QPointF((point.x() - self.dx) / self.zoom, (point.y() - self.dy) / self.zoom)

    def zoomed(self, factor: float, about: QPointF) -> View:
        """Return the view zoomed by ``factor``, the point ``about`` staying where it is."""
        zoom = min(max(self.zoom * factor, MIN_ZOOM), MAX_ZOOM)
        ratio = zoom / self.zoom
        return View(zoom, about.x() - (about.x() - self.dx) * ratio, about.y() - (about.y() - self.dy) * ratio)

    def panned(self, dx: float, dy: float) -> View:
        """Return the view moved by (dx, dy) pixels."""
        return View(self.zoom, self.dx + dx, self.dy + dy)

    def kept_near(self, stage: QRectF, extent: QRectF) -> View:
        """Return the nearest view in which the middle of the widget still shows some of ``extent`` (plan).

        An extent that is wider than ``stage`` leaves no empty ground at its ends.
        """
        on_widget = self.rect(extent)
        if extent.width() > stage.width():
            dx = min(stage.left() - on_widget.left(), 0.0) or max(stage.right() - on_widget.right(), 0.0)
            if on_widget.width() <= stage.width():
                dx = stage.center().x() - on_widget.center().x()
        else:
            dx = _back_inside(on_widget.left(), on_widget.right(), stage.left(), stage.right())
        dy = _back_inside(on_widget.top(), on_widget.bottom(), stage.top(), stage.bottom())
        return self.panned(dx, dy) if dx or dy else self

    def showing(self, target: QRectF, stage: QRectF) -> View:
        """Return the view panned just far enough that ``target`` (plan) lies within ``stage`` (widget)."""
        here = self.rect(target)
        dx = max(stage.left() - here.left(), 0.0) or min(stage.right() - here.right(), 0.0)
        dy = max(stage.top() - here.top(), 0.0) or min(stage.bottom() - here.bottom(), 0.0)
        return self.panned(dx, dy) if dx or dy else self

    @property
    def is_fit(self) -> bool:
        """Return whether this is the view that fits the widget."""
        return self == View()


def _back_inside(low: float, high: float, stage_low: float, stage_high: float) -> float:
    middle = (stage_low + stage_high) / 2
    if low > middle:
        return middle - low
    if high < middle:
        return middle - high
    return 0.0
