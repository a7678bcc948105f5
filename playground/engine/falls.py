"""Whether a training has lost what it had: the validation loss against the best that was measured before."""

from __future__ import annotations

import math

from playground.engine.checkpoint import Checkpoint
from playground.engine.snapshots import Evaluation, Fall, Measure
from playground.engine.training import Training

MANY = 4.0  # times the best loss
RECOVERED = 2.0  # times the best loss: from there a fall is over
LOST = 0.2  # of the accuracy: a loss alone also grows where a network learns its training examples by heart
FEWEST = 50  # validation examples: of fewer, chance alone moves the accuracy so far
IN_A_ROW = 2  # measurements: one bad batch is no fall


class BestState:
    """Keeps the state with the lowest validation loss measured at the fixed steps, and notices a fall from it.

    With classes the accuracy must have fallen with the loss. Where a number is predicted the best loss must have been
    half of the first one at most, and the loss now must be back at that: noise on a loss near 0 is no fall.
    """

    def __init__(self) -> None:
        self._falls = 0
        self.forget()

    def forget(self) -> None:
        """Begin anew: the weights, the data or the loss have been changed by hand."""
        self.saved: Checkpoint | None = None
        self.fall: Fall | None = None
        self._first = math.nan
        self._best: Measure | None = None
        self._row = 0

    def begin(self, training: Training, saved: Checkpoint | None) -> None:
        """Take the state just measured for the first one, where there is none yet."""
        found = training.evaluation
        if self._best is None and found is not None and found.validation.count >= FEWEST:
            self._take(found, saved)

    def note(self, training: Training, saved: Checkpoint | None) -> None:
        """Take in the evaluation just measured; ``saved`` holds the same moment where it is worth keeping."""
        found = training.evaluation
        if found is None or found.validation.count < FEWEST:
            return
        now = found.validation
        if self._best is None or now.loss < self._best.loss:
            self._take(found, saved)
        if self._best is None:
            return
        if self.fall is not None:
            if now.loss <= RECOVERED * self._best.loss:
                self.fall = None
            return
        self._row = self._row + 1 if self._has_fallen(now, self._best) else 0
        if self._row >= IN_A_ROW:
            self._begin_fall(found, self._best)

    def _take(self, found: Evaluation, saved: Checkpoint | None) -> None:
        """Make the state just measured the best, where it is kept."""
        loss = found.validation.loss
        if saved is None or saved.step != found.step or not math.isfinite(loss):
            return
        if self._best is None:
            self._first = loss
        self.saved, self._best = saved, found.validation

    def _begin_fall(self, found: Evaluation, best: Measure) -> None:
        assert self.saved is not None  # noqa: S101 - kept together with the best measure
        self._falls, self._row = self._falls + 1, 0
        self.fall = Fall(self._falls, found.step, found.validation, self.saved.step, best)

    def _has_fallen(self, now: Measure, best: Measure) -> bool:
        if not now.loss >= MANY * best.loss:
            return False
        if math.isfinite(now.accuracy):
            return now.accuracy <= best.accuracy - LOST
        half = self._first / 2
        return best.loss <= half <= now.loss
