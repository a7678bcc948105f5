"""When the window looks at the training: at once for the hand, within a budget of drawing time while training runs."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from playground.session.document import Document

HAND_MS = 6  # between two looks while an answer to the hand is awaited
FASTEST_MS = 16
SLOWEST_MS = 100
IDLE_MS = 100  # while nothing is awaited
ASK_MS = 5  # so long before a frame is due the thread is asked for the moment that it shows
AGAIN_MS = 2  # between two looks for what was asked for
PATIENCE_MS = 30  # after so long a moment that came before the question is shown
DRAWING_SHARE = 0.19  # of one core's time at most, while training
THRIFTY_SHARE = 0.1  # more than that is spent only to keep up a rate ...
FLUENT_MS = 42  # ... at which movement looks fluent
HAND_SHARE = 0.7  # the same for frames that answer the hand
ATTENTIVE_SECONDS = 0.4  # so long after a command more may come of it, such as the accuracy after a stroke
FIRST_COST_MS = 8.0  # of a frame, before one was measured
_ROUNDS = 3  # of the event loop until all that a frame brought about is painted: plots ask for theirs in two


class FrameBudget:
    """Says when the next frame may come. Times in seconds on the caller's clock, costs in milliseconds.

    What is cheap to draw is drawn up to sixty times a second, what is dear at a rate at which movement looks fluent,
    and only what is dearer still at a lower one.
    """

    def __init__(self) -> None:
        self.cost_ms = FIRST_COST_MS  # running mean
        self._shown_at = float("-inf")

    def note_frame(self, now: float) -> None:
        """A frame begins."""
        self._shown_at = now

    def note_cost(self, cost_ms: float) -> None:
        """The frame has cost so much of the processor."""
        self.cost_ms += 0.2 * (cost_ms - self.cost_ms)

    @property
    def period_ms(self) -> float:
        """Return the time from one frame to the next while training."""
        wanted = min(self.cost_ms / THRIFTY_SHARE, FLUENT_MS)
        return min(SLOWEST_MS, max(FASTEST_MS, wanted, self.cost_ms / DRAWING_SHARE))

    def due_in(self, now: float) -> float:
        """Return the milliseconds until the next frame of a training is due, 0 where it is."""
        return max(0.0, self.period_ms - 1_000 * (now - self._shown_at))

    def may_answer(self, now: float) -> bool:
        """Say whether a frame that answers the hand may come: always, unless the last one is hardly painted."""
        return 1_000 * (now - self._shown_at) >= min(SLOWEST_MS, max(FASTEST_MS, self.cost_ms / HAND_SHARE)) - 1


def is_answer(waiting: Any, shown: Any) -> bool:
    """Say whether a snapshot tells of something that the user did or must know of, not just of more steps.

    In the middle of a stroke that is what it does to the accuracy: the pixels are on the screen already.
    """
    if shown is None or not waiting.is_running or not shown.is_running:
        return True
    if waiting.stroke_effect is not shown.stroke_effect or waiting.trouble is not shown.trouble:
        return True
    is_in_stroke = waiting.stroke_effect is not None and waiting.stroke_effect.is_open
    return not is_in_stroke and bool(waiting.applied_seq != shown.applied_seq)


class FrameClock(QObject):
    """Polls the document; ``rate_measured`` carries the snapshots shown a second.

    What a frame costs is the time of the processor that the window's thread takes from the moment the snapshot is
    handed out until the paintings that it caused are done; waiting for the training thread to let go of the
    interpreter does not count.
    """

    rate_measured = Signal(float)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.budget = FrameBudget()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)
        self._after_paint = QTimer(self, singleShot=True, interval=0)
        self._after_paint.timeout.connect(self._count_cost)
        self._rounds = 0
        self._cpu_before = 0.0
        self._asked_at: float | None = None  # when the thread was asked for the next frame
        self._is_of_steps = True  # whether the frame in hand shows more steps only and is no answer to the hand
        self._attentive_until = 0.0
        self._shown: deque[float] = deque(maxlen=30)
        self._is_closed = False
        self.drawing_seconds = 0.0  # of the processor, in all, for the benchmark
        self.costs: deque[float] = deque(maxlen=1_000)  # of the latest frames, in milliseconds, for the benchmark
        document.posted.connect(self.wake)

    def wake(self) -> None:
        """Something was asked of the thread: look soon."""
        self._attentive_until = time.perf_counter() + ATTENTIVE_SECONDS
        if not self._document.is_alive:
            return  # nothing can come: whoever starts the thread wakes the clock
        if not self._is_closed and (not self._timer.isActive() or self._timer.remainingTime() > HAND_MS):
            self._timer.start(HAND_MS)

    def close(self) -> None:
        """Stop looking."""
        self._is_closed = True
        self._timer.stop()
        self._after_paint.stop()
        self._document.channel.release()

    def _look(self) -> None:
        now = time.perf_counter()
        if self._is_time(now):
            self._show(now)
        elif self._asked_at is None and self._is_running and self.budget.due_in(now) <= ASK_MS:
            self._asked_at = now
            self._document.channel.ask()
        if not self._is_closed and not self._timer.isActive():
            self._timer.start(self._pause_ms(time.perf_counter()))

    @property
    def _is_running(self) -> bool:
        snapshot = self._document.snapshot
        return snapshot is not None and bool(snapshot.is_running)

    def _is_time(self, now: float) -> bool:
        """Say whether to poll: for a reply, a snapshot that answers the hand, or the next one due."""
        channel, budget = self._document.channel, self.budget
        waiting = channel.waiting
        if waiting is None:
            return channel.has_replies
        if not is_answer(waiting, self._document.snapshot):
            return budget.due_in(now) < 1 and not self._is_coming(now)
        return not waiting.is_running or budget.may_answer(now) or budget.due_in(now) < 1

    def _is_coming(self, now: float) -> bool:
        """Say whether a fresher snapshot than the one that waits is about to come."""
        if self._asked_at is None:
            return False
        return self._document.channel.is_asked and 1_000 * (now - self._asked_at) < PATIENCE_MS

    def _show(self, now: float) -> None:
        if self._rounds:
            self._count_cost(is_over=True)  # of the frame before: its painting was not done when this one came
        self._cpu_before = time.thread_time()
        before, channel = self._document.snapshot, self._document.channel
        is_shown = False
        channel.hold()
        try:
            is_shown = self._document.poll()
        finally:
            if not is_shown:
                channel.release()
        if is_shown:
            self._is_of_steps = not is_answer(self._document.snapshot, before)
            self._asked_at = None
            self.budget.note_frame(now)
            self._shown.append(now)
            self._tell_rate()
            self._rounds = _ROUNDS
            if not self._is_closed:
                self._after_paint.start()

    def _pause_ms(self, now: float) -> int:
        """Return the time until the next look."""
        if now < self._attentive_until or not self._document.is_settled:
            return HAND_MS
        if not self._is_running:
            return IDLE_MS
        if self._asked_at is None:
            return max(1, round(self.budget.due_in(now)) - ASK_MS)
        return max(AGAIN_MS, round(self.budget.due_in(now)))

    def _count_cost(self, *, is_over: bool = False) -> None:
        self._rounds -= 1
        if self._rounds > 0 and not is_over:
            self._after_paint.start()
            return
        self._rounds = 0
        if not is_over:
            self._document.channel.release()
        seconds = time.thread_time() - self._cpu_before
        self.drawing_seconds += seconds
        self.costs.append(1_000 * seconds)
        if self._is_of_steps:
            self.budget.note_cost(1_000 * seconds)

    def _tell_rate(self) -> None:
        if len(self._shown) > 1:
            span = self._shown[-1] - self._shown[0]
            self.rate_measured.emit((len(self._shown) - 1) / max(span, 1e-6))
