"""The straight line on which a first-layer neuron's pre-activation is 0: where it lies, shifted, turned."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from playground.views.plane.points import Floats


@dataclass(frozen=True, eq=False)
class ZeroLine:
    """w1 x1 + w2 x2 + bias = 0 of one neuron.

    ``columns`` says which inputs of the network x1 and x2 are. ``is_chosen``: of the selected neuron. A weight that is
    cut is 0 here and keeps the line from being turned (``can_turn``).
    """

    layer: int
    unit: int
    name: str
    weight: tuple[float, float]
    bias: float
    columns: tuple[int, int] = (0, 1)
    is_chosen: bool = True
    can_turn: bool = True

    @property
    def norm(self) -> float:
        """Return the length of the weight vector."""
        return math.hypot(*self.weight)

    @property
    def normal(self) -> Floats:
        """Return the direction of the weight vector ``[2]``, in which the pre-activation grows; 0 where it has none."""
        return np.array(self.weight) / self.norm if self.norm else np.zeros(2)

    def ends(self, low: float, high: float) -> Floats | None:
        """Return where the line enters and leaves the square from ``low`` to ``high`` ``[2, 2]``, None outside of it.

        The positive side is on the left of the way from the first end to the second.
        """
        if not self.norm or not math.isfinite(self.norm) or not math.isfinite(self.bias):
            return None
        normal = [part / self.norm for part in self.weight]
        nearest = [-part * self.bias / self.norm for part in normal]  # the line's point next to the origin
        along = (normal[1], -normal[0])
        first, last = -math.inf, math.inf
        for at, step in zip(nearest, along, strict=True):
            if abs(step) < 1e-12:
                if not low <= at <= high:
                    return None
                continue
            begin, end = sorted(((low - at) / step, (high - at) / step))
            first, last = max(first, begin), min(last, end)
        if not first < last:
            return None
        return np.array(
            [[at + share * step for at, step in zip(nearest, along, strict=True)] for share in (first, last)]
        )

    def shifted(self, by: Floats) -> ZeroLine:
        """Return the parallel line that is moved by a vector of the plane: only the bias is another one."""
        return replace(self, bias=self.bias - float(np.dot(self.weight, by)))

    def turned(self, pivot: Floats, angle: float) -> ZeroLine:
        """Return the line turned by ``angle`` (radians, counter-clockwise) about ``pivot``; |w| stays.

        What the neuron says at ``pivot`` stays as well.
        """
        cosine, sine = math.cos(angle), math.sin(angle)
        w1, w2 = self.weight
        weight = (cosine * w1 - sine * w2, sine * w1 + cosine * w2)
        return replace(self, weight=weight, bias=self.bias + float(np.dot(self.weight, pivot) - np.dot(weight, pivot)))

    def distance(self, place: Floats) -> float:
        """Return how far ``place`` lies from the line."""
        return abs(float(np.dot(self.weight, place)) + self.bias) / self.norm if self.norm else math.inf
