"""What is said when a training has lost most of what it had learnt, though all its numbers are still numbers."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, Signal

from playground.engine.snapshots import Fall, Measure, Snapshot
from playground.labs.base import Message, Remedy
from playground.session.network_document import NetworkDocument

KIND = "fall"
LARGE = 1_000.0  # a loss from here on is told without decimals


class FallNotice(QObject):
    """Watches a training; ``raised`` carries the message, once a fall, ``settled`` its kind once it is over."""

    raised = Signal(object)  # Message
    settled = Signal(str)

    def __init__(self, document: NetworkDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._said: Fall | None = None

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Speak where a fall has begun; take it back where it is over."""
        fall = snapshot.fall
        if fall is self._said:
            return
        self._said = fall
        if fall is None:
            self.settled.emit(KIND)
        else:
            remedy = Remedy(f"Back to step {fall.best_step:,}", self._document.back_to_last_good)
            self.raised.emit(Message(fall_sentence(fall), kind=KIND, remedies=(remedy,)))


def fall_sentence(fall: Fall) -> str:
    """Return what was measured at the fall and at the best step before it."""
    now, best = fall.now, fall.best
    times = f"{now.loss / best.loss:,.0f} times its best" if best.loss > 0 else "larger by far than its best, 0"
    return (
        f"The validation loss has become {times}: {_figures(now)} at step {fall.step:,}, "
        f"where step {fall.best_step:,} had {_figures(best)}, measured on {now.count:,} examples."
    )


def _figures(measure: Measure) -> str:
    loss = f"a loss of {measure.loss:.3g}" if measure.loss < LARGE else f"a loss of {measure.loss:,.0f}"
    return f"{loss} and {measure.accuracy:.1%} right".replace("%", " %") if math.isfinite(measure.accuracy) else loss
