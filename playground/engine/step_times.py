"""How many steps fit into a while: learnt from how long the last ones took. Torch-free."""

from __future__ import annotations

import math
from collections import deque

_CALLS = 2  # that count: the last batch of an epoch is short, and the steps on it tell little of the others
_LEAST = 1e-9  # seconds; a clock may stand still


class StepTimes:
    """What a step costs, as the slower of the last two calls has it. Before the first one nothing is known."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque([math.inf], maxlen=_CALLS)  # a step

    def note(self, steps: int, seconds: float) -> None:
        """Learn that so many steps took so long."""
        self._seconds.append(seconds / steps)

    def forget(self) -> None:
        """Something has changed that steps may depend on."""
        self._seconds.append(math.inf)

    def steps_in(self, seconds: float) -> int:
        """Return how many steps take so long, at least 1; 1 where nothing is known."""
        return max(1, int(seconds / max(*self._seconds, _LEAST)))
