"""The state that "back to the last good step" returns to."""

from __future__ import annotations

import math

from playground.engine.checkpoint import Checkpoint
from playground.engine.evaluate import first_bad_layer
from playground.engine.training import Training

EXPLODED = 10.0  # times the loss of the beginning: from there no training comes back by itself


class LastGood:
    """Keeps the latest state worth returning to: all weights are numbers, and the loss has not exploded."""

    def __init__(self) -> None:
        self.saved: Checkpoint | None = None
        self._limit = math.inf

    def keep(self, training: Training) -> None:
        """Keep what the user has made, however large its loss; where weights are no numbers, keep what was before."""
        if first_bad_layer(training.network) is not None:
            return
        self.saved = training.checkpoint()
        losses = [] if training.evaluation is None else [training.evaluation.train.loss]
        losses += training.history.curves.values[:1, 0].tolist()
        finite = [loss for loss in losses if math.isfinite(loss)]
        self._limit = EXPLODED * max(finite) if finite else math.inf

    def keep_trained(self, training: Training) -> None:
        """Keep what training has made, where the loss just measured is not far above that of the beginning.

        A loss that explodes is finite for some steps: to return to one of them would be of no use.
        """
        if training.evaluation is not None and training.evaluation.train.loss <= self._limit:
            self.saved = training.checkpoint()

    def begin(self, training: Training) -> None:
        """Forget what another document has left."""
        self.saved = None
        self.keep(training)
