"""The one curve of all edges: level at both ends, steepest in the middle; a cubic Bézier stretched to fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

FloatArray = NDArray[np.float32]

_SAMPLES = 1024


def _unit_curve() -> tuple[FloatArray, FloatArray]:
    """Return height and slope of the curve from (0, 0) to (1, 1) at equally spaced places along x.

    Its control points are (1/2, 0) and (1/2, 1): x(t) = 3t/2 - 3t²/2 + t³ rises steadily, y(t) = 3t² - 2t³.
    """
    t = np.linspace(0.0, 1.0, 4 * _SAMPLES + 1)
    along = np.linspace(0.0, 1.0, _SAMPLES + 1)
    height = np.interp(along, 1.5 * t - 1.5 * t**2 + t**3, 3.0 * t**2 - 2.0 * t**3)
    slope = np.gradient(height, along)
    slope[0] = slope[-1] = 0.0
    return height.astype(np.float32), slope.astype(np.float32)


_HEIGHT, _SLOPE = _unit_curve()
_PLACES = np.arange(_SAMPLES + 1, dtype=np.float32)


def height_and_slope(along: NDArray[np.floating]) -> tuple[FloatArray, FloatArray]:
    """Return height and slope of the unit curve at ``along`` (0 to 1, any shape)."""
    place = np.clip(along, 0.0, 1.0) * _SAMPLES
    height = np.interp(place, _PLACES, _HEIGHT).astype(np.float32)
    slope = np.interp(place, _PLACES, _SLOPE).astype(np.float32)
    return height, slope


def distances(ends: FloatArray, x: float, y: float) -> FloatArray:
    """Return how far the point (x, y) is from each curve; ``ends`` is ``[edges, 4]``: x0, y0, x1, y1.

    Curves that do not pass under the point are infinitely far.
    """
    x0, y0, x1, y1 = ends.T
    length = np.maximum(x1 - x0, 1e-3)
    along = (x - x0) / length
    height, slope = height_and_slope(along)
    steep = (y1 - y0) * slope / length
    found = np.abs(y - (y0 + (y1 - y0) * height)) / np.sqrt(1.0 + steep**2)
    found[(along < 0.0) | (along > 1.0)] = np.inf
    result: FloatArray = found.astype(np.float32)
    return result


def path(x0: float, y0: float, x1: float, y1: float) -> QPainterPath:
    """Return the same curve as a path for a painter."""
    middle = (x0 + x1) / 2
    drawn = QPainterPath(QPointF(x0, y0))
    drawn.cubicTo(QPointF(middle, y0), QPointF(middle, y1), QPointF(x1, y1))
    return drawn
