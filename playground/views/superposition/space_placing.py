"""From hidden space to the screen: where tails, tips and labels stand, and what the mouse meets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from playground.engine.superposition.problem import Floats
from playground.views.superposition.plane import Plane

_MOST_LABELS = 48


@dataclass(frozen=True)
class Frame:
    """The picture: its middle and how many pixels one unit of hidden space takes."""

    middle: QPointF
    unit: float
    width: float
    height: float
    lanes: int = 0  # on a line every feature has a lane of its own; 0: a plane
    head: float = 0.0  # room above the first lane, and
    foot: float = 0.0  # below the last one

    @property
    def spacing(self) -> float:
        """Return the pixels from one lane to the next."""
        return max(self.height - self.head - self.foot, 1.0) / max(self.lanes, 1)

    def point(self, x: float, y: float) -> QPointF:
        """Return where the point (x, y) of the plane is on the screen."""
        return QPointF(self.middle.x() + x * self.unit, self.middle.y() - y * self.unit)

    def target(self, place: QPointF) -> Floats:
        """Return which point ``[2]`` of the plane lies below the mouse."""
        return np.array([place.x() - self.middle.x(), self.middle.y() - place.y()]) / self.unit


@dataclass(frozen=True, eq=False)
class Placed:
    """Where the features are on the screen, in pixels, and how near to the eye."""

    tails: Floats  # [n, 2]
    tips: Floats  # [n, 2]
    depth: Floats  # [n]

    def tip(self, feature: int) -> QPointF:
        """Return the tip of a feature."""
        return QPointF(*self.tips[feature])

    def tail(self, feature: int) -> QPointF:
        """Return where the arrow of a feature begins."""
        return QPointF(*self.tails[feature])


def placed(weight: NDArray[np.floating], plane: Plane, frame: Frame) -> Placed:
    """Return where the rows of W ``[n, m]`` are on the screen."""
    flat = plane.flat(weight)
    tails = np.empty_like(flat)
    tails[:, 0], tails[:, 1] = frame.middle.x(), frame.middle.y()
    if frame.lanes:
        tails[:, 1] = frame.head + frame.spacing * (np.arange(len(flat)) + 0.5)
    tips = tails + flat * (frame.unit, -frame.unit)
    return Placed(tails, tips, plane.depth(weight))


def feature_at(found: Placed, place: QPointF, reach: float, first: Sequence[int] = ()) -> int:
    """Return the feature whose tip is within ``reach`` of the mouse, else whose arrow is within half of it; -1: none.

    Of several that lie there those in ``first`` (the chosen ones) win, then the nearest.
    """
    if not len(found.tips):
        return -1
    here = np.array([place.x(), place.y()])
    distance = np.linalg.norm(found.tips - here, axis=1)
    for feature in first:
        if distance[feature] <= reach:
            return feature
    if distance.min() <= reach:
        return int(distance.argmin())
    along = found.tips - found.tails  # [n, 2]
    squares = (along**2).sum(1)
    share = ((here - found.tails) * along).sum(1) / np.maximum(squares, 1e-9)
    beside = np.linalg.norm(found.tails + np.clip(share, 0, 1)[:, None] * along - here, axis=1)
    # the first third belongs to all arrows alike
    beside = np.where((share > 0.35) & (squares > reach**2), beside, np.inf)
    return int(beside.argmin()) if beside.min() <= reach / 2 else -1


def features_within(found: Placed, band: QRectF) -> tuple[int, ...]:
    """Return the features whose tips lie in a rectangle."""
    x, y = found.tips[:, 0], found.tips[:, 1]
    inside = (x >= band.left()) & (x <= band.right()) & (y >= band.top()) & (y <= band.bottom())
    return tuple(int(at) for at in np.flatnonzero(inside))


def label_places(
    found: Placed, order: Sequence[int], size: tuple[float, float], gap: float, room: QRectF
) -> list[tuple[int, QPointF]]:
    """Return which features get a label and where its middle stands: beyond the tip, none over another.

    ``order``: the most important first; those that find no room stay without.
    """
    width, height = size
    taken: list[tuple[float, float]] = []
    given: list[tuple[int, QPointF]] = []
    for feature in order:
        if len(given) >= _MOST_LABELS:
            break
        tip, along = found.tips[feature], found.tips[feature] - found.tails[feature]
        length = float(np.hypot(*along))
        unit = along / length if length > 1 else np.array([0.0, -1.0])
        x = min(max(float(tip[0] + unit[0] * gap), room.left() + width / 2), room.right() - width / 2)
        y = min(max(float(tip[1] + unit[1] * gap), room.top() + height / 2), room.bottom() - height / 2)
        if all(abs(x - other) >= width or abs(y - beside) >= height for other, beside in taken):
            taken.append((x, y))
            given.append((feature, QPointF(x, y)))
    return given
