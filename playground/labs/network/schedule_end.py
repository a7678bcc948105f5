"""What is said when the schedule has brought the learning rate down to nothing while training plays on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from playground.engine.settings import bounds
from playground.engine.snapshots import Snapshot
from playground.labs.base import Message, Remedy
from playground.labs.network.running import Running

KIND = "schedule"


class ScheduleEnd(QObject):
    """Watches a training; ``raised`` carries the message, ``settled`` its kind once it is no longer so."""

    raised = Signal(object)  # Message
    settled = Signal(str)

    def __init__(self, running: Running, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running = running
        self._is_said = False
        self._epochs = 0.0

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Speak where it plays at a rate of 0, once; take it back where the rate is another."""
        if snapshot.learning_rate > 0:
            if self._is_said:
                self._is_said = False
                self.settled.emit(KIND)
        elif snapshot.is_running and not self._is_said:
            self._is_said = True
            self._epochs = snapshot.epoch
            self.raised.emit(self._message(snapshot))

    def _message(self, snapshot: Snapshot) -> Message:
        settings = snapshot.settings
        over = f"{settings.schedule_epochs:g} epoch{'' if settings.schedule_epochs == 1 else 's'}"
        when = f"ended after {over}" if settings.schedule == "cosine" else f"has run out at epoch {snapshot.epoch:.2f}"
        text = f"The {settings.schedule} schedule {when}: the learning rate is 0, and nothing is learnt any more."
        constant = Remedy(f"Constant rate {settings.learning_rate:g}", self._make_constant)
        longer = Remedy("Twice as many epochs", self._make_longer)
        remedies = (constant, longer) if settings.schedule == "cosine" else (constant,)
        return Message(text, kind=KIND, remedies=remedies)

    def _make_constant(self) -> None:
        self._running.change("schedule", "constant")

    def _make_longer(self) -> None:
        most = bounds("schedule_epochs")[1]
        self._running.change("schedule_epochs", min(most, float(f"{2 * self._epochs:.4g}")))
