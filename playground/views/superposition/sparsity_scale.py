"""The line on which sparsity moves: equal steps are equal factors of the density 1 - S."""

from __future__ import annotations

import math
from dataclasses import dataclass

from playground.engine.superposition.problem import HIGHEST_SPARSITY
from playground.views.numbers import Scale


@dataclass(frozen=True)
class SparsityScale(Scale):
    """From ``low`` to ``high`` with as much room from 0.9 to 0.99 as from 0 to 0.9."""

    low: float = 0.0
    high: float = HIGHEST_SPARSITY

    def share(self, value: float) -> float:
        """Return where ``value`` stands, 0 at the left to 1 at the right."""
        if math.isnan(value) or value <= self.low:
            return 0.0
        if value >= self.high:
            return 1.0
        return math.log((1 - value) / (1 - self.low)) / math.log((1 - self.high) / (1 - self.low))

    def value(self, share: float) -> float:
        """Return the sparsity at ``share``, its density in two digits."""
        if share <= 0:
            return self.low
        if share >= 1:
            return self.high
        density = (1 - self.low) * ((1 - self.high) / (1 - self.low)) ** share
        return self._kept(1 - float(f"{density:.2g}"))

    def stepped(self, value: float, steps: float, low: float, high: float) -> float:
        """Return the sparsity ``steps`` key strokes further: a tenth of a decade of the density each."""
        density = (1 - value) * 10.0 ** (-0.1 * steps)
        return min(max(self._kept(1 - float(f"{density:.3g}")), low), high)

    def _kept(self, sparsity: float) -> float:
        return min(max(round(sparsity, 6), self.low), self.high)
