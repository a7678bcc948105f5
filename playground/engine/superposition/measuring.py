"""When the losses on the screen are measured: at every point of the curves, else for a share of the time alone."""

from __future__ import annotations

import math
from collections.abc import Callable

from playground.engine.superposition.sandbox import Sandbox
from playground.engine.superposition.sandbox_editing import QUICK_SECONDS

MEASURING_SHARE = 0.34  # of the time, for losses on the screen while training


class Measuring:
    """Measures sandboxes and remembers how long that takes; ``clock`` returns seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._measured_at = -math.inf
        self._seconds = 0.0  # that the last measurement took

    def measure(self, sandbox: Sandbox) -> None:
        """Measure losses and errors of the present step."""
        begun = self._clock()
        sandbox.measure()
        self._measured_at = self._clock()
        self._seconds = self._measured_at - begun

    def may_measure(self, sandbox: Sandbox, *, is_running: bool, is_in_stroke: bool) -> bool:
        """Say whether to measure for a snapshot: while training runs, for a share of the time alone.

        With a model in the hand the others are measured where they train on, so that all losses are of one moment;
        where that would take so long that the hand feels it, they wait until it lets go.
        """
        if sandbox.is_measured:
            return False
        if is_in_stroke:
            return is_running and self._seconds <= QUICK_SECONDS
        pause = self._seconds * (1 / MEASURING_SHARE - 1)
        return not is_running or self._clock() - self._measured_at >= pause
