"""The state that "back to the last good step" returns to, and when there is reason to."""

from __future__ import annotations

import math

from playground.engine.checkpoint import Checkpoint
from playground.engine.evaluate import first_bad_layer
from playground.engine.falls import BestState
from playground.engine.snapshots import Fall, Trouble
from playground.engine.training import Training

EXPLODED = 10.0  # times the loss of the beginning: from there no training comes back by itself


class LastGood:
    """Keeps the latest state worth returning to: all weights are numbers, and the loss has not exploded."""

    def __init__(self) -> None:
        self.saved: Checkpoint | None = None
        self._limit = math.inf
        self._best = BestState()

    @property
    def fall(self) -> Fall | None:
        """Return how far training has fallen behind its best, None where it has not."""
        return self._best.fall

    def way_back(self, trouble: Trouble | None) -> Checkpoint | None:
        """Return what there is reason to go back to: the best state after a fall, the last good one after ``trouble``.

        None where nothing has gone wrong: going back would only throw away what training or the hand has made.
        """
        if self._best.fall is not None:
            return self._best.saved
        return self.saved if trouble is not None and trouble.can_go_back else None

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
        if training.evaluation is None:
            return
        if training.evaluation.train.loss <= self._limit:
            self.saved = training.checkpoint()
        self._best.note(training, self.saved)

    def keep_measured(self, training: Training) -> None:
        """Keep what has just been measured; after a change by hand it is what training is measured against."""
        self.keep(training)
        self._best.begin(training, self.saved)

    def take_up(self, training: Training) -> None:
        """Keep what the user has made, and measure training against what comes from here on."""
        self.watch_anew()
        self.keep(training)

    def watch_anew(self) -> None:
        """Forget the best: what the hand has changed since is the user's own, and no fall of the training."""
        self._best.forget()

    def begin(self, training: Training) -> None:
        """Forget what another document has left."""
        self.saved = None
        self.take_up(training)
