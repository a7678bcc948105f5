"""Figures that a training changes faster than anybody can read them are shown a few times a second, the last always."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from playground.engine.snapshots import Snapshot

CALM_MS = 200  # numbers that change faster cannot be read
LATE_MS = 60  # while training the next snapshot mostly comes before: it is shown then, in one painting with the rest


def is_news(snapshot: Snapshot, before: Snapshot | None) -> bool:
    """Say whether a snapshot tells of more than steps of a training: of a command, a pause, or that nothing runs."""
    if before is None or not snapshot.is_running:
        return True
    return snapshot.applied_seq != before.applied_seq or snapshot.spec is not before.spec


class Calm(QObject):
    """Passes snapshots on to ``show``: those that are wanted at once, else at most one every ``CALM_MS``.

    Of those that came too soon the latest is shown when its time has come.
    """

    def __init__(self, show: Callable[[Snapshot], None], parent: QObject) -> None:
        super().__init__(parent)
        self._show = show
        self._waiting: Snapshot | None = None
        self._shown_at = float("-inf")
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._show_waiting)

    def offer(self, snapshot: Snapshot, *, at_once: bool) -> None:
        """Show a snapshot, now or as soon as the one before has been seen."""
        self._waiting = snapshot
        left = CALM_MS - 1_000 * (time.monotonic() - self._shown_at)
        if at_once or left <= 0:
            self._show_waiting()
        elif not self._timer.isActive():
            self._timer.start(int(left) + LATE_MS)

    def stop(self) -> None:
        """Show nothing any more until the next snapshot comes."""
        self._timer.stop()

    def _show_waiting(self) -> None:
        self._timer.stop()
        snapshot, self._waiting = self._waiting, None
        if snapshot is not None:
            self._shown_at = time.monotonic()
            self._show(snapshot)
