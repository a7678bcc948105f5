"""When the window looks at the training: at once for the hand, within a budget of drawing time while training runs."""

from __future__ import annotations

import time
from collections import deque

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from playground.session.document import NetworkDocument

HAND_MS = 8           # between two looks while an answer to the hand is awaited
FASTEST_MS = 16
SLOWEST_MS = 100
IDLE_MS = 100         # while nothing is awaited
DRAWING_SHARE = 0.2   # of one core's time, while training


class FrameClock(QObject):
    """Polls the document; ``rate_measured`` carries the snapshots shown a second.

    The cost of a frame is taken from the moment the snapshot is handed out to the moment the paint events that it
    caused are done: a zero timer is served after them.
    """

    rate_measured = Signal(float)

    def __init__(self, document: NetworkDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)
        self._after_paint = QTimer(self, singleShot=True, interval=0)
        self._after_paint.timeout.connect(self._count_cost)
        self._began = 0.0
        self._cost_ms = 4.0
        self._shown: deque[float] = deque(maxlen=30)
        self._is_closed = False
        self.drawing_seconds = 0.0   # in all, for the benchmark
        document.posted.connect(self.wake)

    @property
    def cost_ms(self) -> float:
        """Return the running mean of what a frame costs, in milliseconds."""
        return self._cost_ms

    def wake(self) -> None:
        """Something was asked of the thread: look soon."""
        if not self._is_closed and (not self._timer.isActive() or self._timer.remainingTime() > HAND_MS):
            self._timer.start(HAND_MS)

    def close(self) -> None:
        """Stop looking."""
        self._is_closed = True
        self._timer.stop()
        self._after_paint.stop()

    def _look(self) -> None:
        self._began = time.perf_counter()
        if self._document.poll():
            self._shown.append(self._began)
            self._after_paint.start()
            self._tell_rate()
        if not self._is_closed and not self._timer.isActive():
            self._schedule()

    def _schedule(self) -> None:
        snapshot = self._document.snapshot
        is_running = snapshot is not None and snapshot.is_running
        if not self._document.is_settled:
            self._timer.start(HAND_MS)
        elif is_running:
            self._timer.start(round(min(SLOWEST_MS, max(FASTEST_MS, self._cost_ms / DRAWING_SHARE))))
        else:
            self._timer.start(IDLE_MS)

    def _count_cost(self) -> None:
        seconds = time.perf_counter() - self._began
        self.drawing_seconds += seconds
        self._cost_ms += 0.2 * (1_000 * seconds - self._cost_ms)

    def _tell_rate(self) -> None:
        if len(self._shown) > 1:
            span = self._shown[-1] - self._shown[0]
            self.rate_measured.emit((len(self._shown) - 1) / max(span, 1e-6))
