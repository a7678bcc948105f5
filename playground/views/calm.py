"""Figures that a training changes faster than anybody can read them are shown a few times a second, the last always."""

from __future__ import annotations

import time
from typing import ClassVar

from PySide6.QtCore import QObject, QTimer, Signal

from playground.engine.snapshots import Snapshot

CALM_MS = 200  # numbers that change faster cannot be read
TURN_MS = 12  # two that could wait are not shown in one frame: it would be long, and events would come late
LATE_MS = 110  # while training the next snapshot mostly comes before: it is shown then, in one painting with the rest


def is_news(snapshot: Snapshot, before: Snapshot | None) -> bool:
    """Say whether a snapshot tells of more than steps of a training: of a command, a pause, or that nothing runs."""
    if before is None or not snapshot.is_running:
        return True
    return snapshot.applied_seq != before.applied_seq or snapshot.spec is not before.spec


class Calm(QObject):
    """Passes snapshots on by ``due``: those that are wanted at once, else at most one every ``CALM_MS``.

    Of those that came too soon the latest is passed on when its time has come. Those who wait take turns.
    """

    due = Signal(object)  # a snapshot that is to be shown now

    _turn_at: ClassVar[float] = float("-inf")  # when one that could wait was shown, whichever it was

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: Snapshot | None = None
        self._shown_at: float | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._show_waiting)

    def offer(self, snapshot: Snapshot, *, at_once: bool) -> None:
        """Show a snapshot, now or as soon as the one before has been seen."""
        self._waiting = snapshot
        if at_once or self._shown_at is None:
            self._show_waiting()
            return
        now = time.monotonic()
        left = CALM_MS - 1_000 * (now - self._shown_at)
        if left <= 0 and 1_000 * (now - Calm._turn_at) >= TURN_MS:
            Calm._turn_at = now
            self._show_waiting()
        elif not self._timer.isActive():
            self._timer.start(max(0, int(left)) + LATE_MS)

    @classmethod
    def take_turn(cls) -> None:
        """Something else that could have waited has just been drawn: whoever waits is not shown in the same frame."""
        cls._turn_at = time.monotonic()

    def stop(self) -> None:
        """Show nothing any more until the next snapshot comes."""
        self._timer.stop()

    def _show_waiting(self) -> None:
        self._timer.stop()
        snapshot, self._waiting = self._waiting, None
        if snapshot is not None:
            self._shown_at = time.monotonic()
            self.due.emit(snapshot)
