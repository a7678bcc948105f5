"""One stroke over the cells of a neuron: what it covers so far, and what has not been asked for yet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IndexArray = NDArray[np.int64]

LEAST_ALPHA = 1.0 / 256  # less does not show


class Stroke:
    """Moves of a brush: ``before + alpha (value - before)``, the larger alpha where they overlap (see Paint)."""

    def __init__(self, number: int, count: int, value: float) -> None:
        self.number = number
        self.value = value
        self.has_asked = False
        self._alpha = np.zeros(count, np.float32)
        self._before = np.zeros(count, np.float32)
        self._is_pending = np.zeros(count, np.bool_)

    def add(self, alpha: FloatArray, shown: FloatArray) -> IndexArray:
        """Take up what one move covers, where the weights show ``shown``; return the cells that it changes."""
        is_grown = (alpha > self._alpha) & (alpha >= LEAST_ALPHA)
        is_new = is_grown & (self._alpha == 0)
        self._before[is_new] = shown[is_new]
        self._alpha[is_grown] = alpha[is_grown]
        self._is_pending |= is_grown
        return np.flatnonzero(is_grown)

    def values(self, cells: IndexArray) -> FloatArray:
        """Return what the stroke makes of ``cells``."""
        before, alpha = self._before[cells].astype(np.float64), self._alpha[cells].astype(np.float64)
        made = np.where(alpha >= 1.0, self.value, before + alpha * (self.value - before))
        return made.astype(np.float32)

    def take(self) -> tuple[IndexArray, FloatArray]:
        """Return cells and alpha that have not been asked for yet, and take them as asked for."""
        cells = np.flatnonzero(self._is_pending)
        self._is_pending[:] = False
        return cells, self._alpha[cells]

    def covered(self) -> tuple[IndexArray, FloatArray]:
        """Return all cells of the stroke and what they were before it."""
        cells = np.flatnonzero(self._alpha)
        return cells, self._before[cells]
