"""Which plane of hidden space is shown, where each feature lies in it, and what a hand makes of a feature there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from playground.engine.superposition.problem import Floats

PRINCIPAL = "principal"  # the plane that leaves out least
_SMALLEST = 1e-9
FREE, KEEP_NORM, KEEP_DIRECTION = "free", "norm", "direction"


@dataclass(frozen=True, eq=False)
class Plane:
    """Axes ``[m, 2]`` of the plane that is shown, and where the eye is, ``[m]`` (zero where there is no depth).

    The columns are orthonormal, but for one hidden dimension: there is no second axis then, and it is zero.
    """

    axes: Floats  # [m, 2]
    towards: Floats  # [m]

    def flat(self, weight: NDArray[np.floating]) -> Floats:
        """Return the rows of W ``[n, m]`` in the plane, ``[n, 2]``."""
        found: Floats = np.asarray(weight, np.float64) @ self.axes
        return found

    def depth(self, weight: NDArray[np.floating]) -> Floats:
        """Return how far each row of W comes towards the eye, ``[n]``."""
        found: Floats = np.asarray(weight, np.float64) @ self.towards
        return found

    def moved(self, row: Floats, target: Floats, keep: str = FREE) -> Floats:
        """Return the feature ``[m]`` with its part in this plane at ``target`` ``[2]``; the rest stays.

        ``keep`` holds the length of that part, or its direction; a part of length 0 has neither and moves freely.
        """
        before = row @ self.axes
        length = float(np.linalg.norm(before))
        wanted = np.where(np.abs(self.axes).max(0) > 0, target, 0.0)
        if keep == KEEP_DIRECTION and length > _SMALLEST:
            unit = before / length
            wanted = max(float(wanted @ unit), 0.0) * unit
        elif keep == KEEP_NORM and length > _SMALLEST:
            reach = float(np.linalg.norm(wanted))
            wanted = wanted * (length / reach) if reach > _SMALLEST else before
        found: Floats = row + self.axes @ (wanted - before)
        return found

    def residual(self, weight: NDArray[np.floating]) -> float:
        """Return the share of ``||W||²`` that this plane leaves out."""
        whole = float((np.asarray(weight, np.float64) ** 2).sum())
        return max(0.0, 1 - float((self.flat(weight) ** 2).sum()) / whole) if whole > 0 else 0.0


def plane_of(hidden: int, axes: tuple[int, int]) -> Plane:
    """Return the plane of two hidden dimensions; of one dimension a line."""
    found = np.zeros((hidden, 2))
    for column, axis in enumerate(axes if hidden > 1 else (0,)):
        found[axis, column] = 1.0
    return Plane(found, np.zeros(hidden))


def turned_plane(turn: Floats) -> Plane:
    """Return what an eye sees that has turned space by the rotation ``turn`` ``[3, 3]``."""
    return Plane(turn[:2].T.copy(), turn[2].copy())


def principal_plane(weight: NDArray[np.floating], before: Plane | None = None) -> Plane:
    """Return the plane of the two principal axes of W ``[n, m]``, through the origin as directions are.

    Within the plane the axes are turned to come closest to those of ``before``: the picture neither flips nor spins
    while training runs.
    """
    rows = np.asarray(weight, np.float64)
    hidden = rows.shape[1]
    _, vectors = eigh(rows.T @ rows, subset_by_index=(max(0, hidden - 2), hidden - 1))  # the last are the largest
    axes = vectors[:, ::-1]
    if before is not None and before.axes.shape == axes.shape:
        left, _, right = np.linalg.svd(axes.T @ before.axes)
        axes = axes @ left @ right
    else:
        signs = np.sign(axes[np.abs(axes).argmax(0), np.arange(2)])
        axes = axes * np.where(signs == 0, 1.0, signs)
    return Plane(axes, np.zeros(rows.shape[1]))


def rotation(across: float, down: float) -> Floats:
    """Return the rotation that takes the front of space to the right and down by these angles (radians)."""
    sin_a, cos_a, sin_d, cos_d = np.sin(across), np.cos(across), np.sin(down), np.cos(down)
    around_y = np.array([[cos_a, 0, sin_a], [0, 1, 0], [-sin_a, 0, cos_a]])
    around_x = np.array([[1, 0, 0], [0, cos_d, -sin_d], [0, sin_d, cos_d]])
    found: Floats = around_x @ around_y
    return found


def straightened(turn: Floats) -> Floats:
    """Return the rotation next to ``turn``: many small turns add up rounding."""
    left, _, right = np.linalg.svd(turn)
    found: Floats = left @ right
    return found
