"""Points that somebody draws: a copy that is changed by the hand, whole until the mouse is up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Points:
    """Points ``[n, dimensions]``, their targets ``[n]`` (classes or numbers), and which are trained on ``[n]``."""

    at: Floats
    targets: Floats
    is_training: NDArray[np.bool_]

    @staticmethod
    def none(dimensions: int = 2) -> Points:
        """Return no points."""
        return Points(np.zeros((0, dimensions)), np.zeros(0), np.zeros(0, bool))

    def __len__(self) -> int:
        return len(self.at)

    def near(self, place: Floats, reach: float) -> NDArray[np.int64]:
        """Return which points lie within ``reach`` of ``place``, the nearest first."""
        if not len(self):
            return np.zeros(0, np.int64)
        away = np.hypot(*(self.at - place).T) if self.at.shape[1] == 2 else np.abs(self.at[:, 0] - place[0])
        order = np.argsort(away, kind="stable")
        found: NDArray[np.int64] = order[away[order] <= reach]
        return found

    def with_added(self, places: Floats, target: float, train_share: float) -> Points:
        """Return these points and others; every so many of them is held back, by ``train_share``."""
        count = len(places)
        numbers = np.arange(len(self), len(self) + count)
        # evenly: the share is kept after every few points, whatever their number
        flags = np.floor((numbers + 1) * train_share) > np.floor(numbers * train_share)
        return Points(
            np.concatenate([self.at, places]),
            np.concatenate([self.targets, np.full(count, target)]),
            np.concatenate([self.is_training, flags]),
        )

    def without(self, which: NDArray[np.int64]) -> Points:
        """Return these points without some."""
        kept = np.ones(len(self), bool)
        kept[which] = False
        return Points(self.at[kept], self.targets[kept], self.is_training[kept])

    def moved(self, which: NDArray[np.int64], by: Floats, low: float, high: float) -> Points:
        """Return these points, some of them moved, none out of the plane."""
        at = self.at.copy()
        at[which] = np.clip(at[which] + by, low, high)
        return replace(self, at=at)

    def turned(self, which: NDArray[np.int64], target: float) -> Points:
        """Return these points, some of them of another class."""
        targets = self.targets.copy()
        targets[which] = target
        return replace(self, targets=targets)
