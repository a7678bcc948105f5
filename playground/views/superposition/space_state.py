"""What the canvas of hidden space holds: the weights, the plane shown, the scale, and the drag that is going on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from playground.engine.superposition.problem import Floats
from playground.views.superposition.plane import (
    FREE,
    PRINCIPAL,
    plane_of,
    principal_plane,
    rotation,
    straightened,
    turned_plane,
)
from playground.views.superposition.space_placing import Frame, Placed, placed

_LEAST_REACH = 1.3  # units from the middle to the edge
_LEAST_OF_MANY = 0.7  # the same where a projection makes the arrows short
_MARGIN = 1.12
_SHRINK = 0.55  # the picture comes closer when less than this share of it is used
_ZOOMS = (0.2, 20.0)
_FIRST_TURN = (0.6, 0.45)  # radians


class SpaceState:
    """Weights ``[n, m]`` and how they are looked at."""

    def __init__(self) -> None:
        self.weight: Floats = np.zeros((0, 1))
        self.frozen: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.is_finite = True
        self.choice: str | tuple[int, int] = PRINCIPAL
        self.turn = rotation(*_FIRST_TURN)
        self.zoom = 1.0
        self.plane = plane_of(1, (0, 0))
        self.dragged = -1
        self.before: Floats | None = None  # [m] the dragged feature when the mouse went down
        self._held: dict[int, Floats] = {}  # what the hand made, until the thread has caught up
        self._reach = _LEAST_REACH

    @property
    def count(self) -> int:
        """Return the number of features."""
        return len(self.weight)

    @property
    def hidden(self) -> int:
        """Return the number of hidden dimensions."""
        return int(self.weight.shape[1])

    def take(self, weight: NDArray[np.floating], frozen: NDArray[np.bool_] | None, *, is_settled: bool) -> bool:
        """Take new weights; return whether the shape is another one.

        A feature under the hand stays where the hand has it, until ``is_settled`` says that these weights know of it.
        """
        fresh = np.array(weight, np.float64)
        if fresh.ndim != 2 or not fresh.shape[0] or not fresh.shape[1]:
            raise ValueError(f"W has the shape [features, hidden dimensions]; this one has {list(fresh.shape)}.")
        is_other = fresh.shape != self.weight.shape
        if is_other:
            self.dragged, self.before, self._held = -1, None, {}
            self.zoom, self._reach = 1.0, 0.0
            if isinstance(self.choice, tuple) and max(self.choice) >= fresh.shape[1]:
                self.choice = PRINCIPAL
        if is_settled:
            self._held = {feature: row for feature, row in self._held.items() if feature == self.dragged}
        for feature, row in self._held.items():
            fresh[feature] = row
        self.weight = fresh
        self.frozen = np.zeros(len(fresh), np.bool_) if frozen is None else np.array(frozen, np.bool_)
        self.is_finite = bool(np.isfinite(fresh).all())
        self.look_anew()
        return is_other

    def look_anew(self) -> None:
        """Choose plane and scale for the present weights; both stay as they are during a drag."""
        if not self.is_finite or self.dragged >= 0:
            return
        hidden = self.hidden
        if hidden <= 2:
            self.plane = plane_of(hidden, (0, 1))
        elif hidden == 3 and self.choice == PRINCIPAL:
            self.plane = turned_plane(self.turn)
        elif isinstance(self.choice, tuple):
            self.plane = plane_of(hidden, self.choice)
        else:
            self.plane = principal_plane(self.weight, self.plane if not self.plane.towards.any() else None)
        longest = float(np.linalg.norm(self.weight if hidden == 3 else self.plane.flat(self.weight), axis=1).max())
        wanted = max(_LEAST_REACH if hidden <= 3 else _LEAST_OF_MANY, _MARGIN * longest)
        if wanted > self._reach or wanted < _SHRINK * self._reach:
            self._reach = wanted

    def fit(self) -> None:
        """Go back to the scale in which all arrows fill the picture."""
        self.zoom, self._reach = 1.0, 0.0
        self.look_anew()

    def zoom_by(self, factor: float) -> None:
        """Come closer or go away."""
        self.zoom = min(max(self.zoom * factor, _ZOOMS[0]), _ZOOMS[1])

    def turn_by(self, across: float, down: float) -> None:
        """Turn space (m = 3) as the mouse pushes its front."""
        self.turn = straightened(rotation(across, down) @ self.turn)
        if self.hidden == 3 and self.choice == PRINCIPAL:
            self.plane = turned_plane(self.turn)

    @property
    def can_turn(self) -> bool:
        """Return whether a space of three dimensions is seen as such."""
        return self.hidden == 3 and self.choice == PRINCIPAL

    def frame(self, width: float, height: float, em: float) -> Frame:
        """Return the frame of a picture of this size."""
        lanes = self.count if self.hidden == 1 else 0
        side = width if lanes else min(width, height)
        unit = max(side / 2 - 1.5 * em, 0.25 * side, 1.0) / (self._reach or _LEAST_REACH) * self.zoom
        head, foot = (1.9 * em, 1.4 * em) if lanes else (0.0, 0.0)
        return Frame(QPointF(width / 2, height / 2), unit, width, height, lanes, head, foot)

    def placed(self, frame: Frame) -> Placed:
        """Return where the features are on the screen."""
        return placed(self.weight, self.plane, frame)

    # ---- by hand ----

    def begin(self, feature: int) -> None:
        """Take a feature in hand."""
        self.dragged, self.before = feature, self.weight[feature].copy()

    def drag(self, target: Floats, keep: str = FREE, *, start: Floats | None = None) -> Floats:
        """Put the tip of the feature in hand to ``target`` ``[2]`` of the plane; return its row ``[m]``."""
        row = self.before if start is None else start
        if row is None:
            raise RuntimeError("No feature is in hand: begin first.")
        found = self.plane.moved(row, target, keep)
        self._held[self.dragged] = found
        self.weight[self.dragged] = found
        return found.copy()

    def finish(self) -> None:
        """Let the feature go; it stays where it is until newer weights say otherwise."""
        self.dragged, self.before = -1, None

    def cancel(self) -> None:
        """Put the feature in hand back to where it was."""
        if self.before is not None:
            self.weight[self.dragged] = self.before
            self._held.pop(self.dragged, None)
        self.finish()
