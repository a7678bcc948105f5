"""How fast training goes: slow motion, and the steps a second of the last moments."""

from __future__ import annotations

from collections import deque

WINDOW_SECONDS = 1.0


class Pace:
    """Times in seconds on the caller's clock."""

    def __init__(self) -> None:
        self._period: float | None = None  # seconds a step; None is full speed
        self._next_at = 0.0
        self._counts: deque[tuple[float, int]] = deque()

    def limit(self, steps_per_second: float | None) -> None:
        """Train at most so fast; None is full speed."""
        self._period = None if steps_per_second is None else 1.0 / max(steps_per_second, 1e-3)
        self._next_at = 0.0

    @property
    def is_unlimited(self) -> bool:
        """Return whether training goes as fast as it can."""
        return self._period is None

    def begin(self, now: float) -> None:
        """Start counting: training plays from now on, its first step at once."""
        self._next_at = now
        self._counts.clear()

    def may_step(self, now: float) -> bool:
        """Say whether the next step is due, and count on to the one after it."""
        if self._period is None:
            return True
        if now < self._next_at:
            return False
        self._next_at = max(self._next_at + self._period, now)
        return True

    def waiting_time(self, now: float) -> float:
        """Return the seconds until the next step is due."""
        return 0.0 if self._period is None else max(0.0, self._next_at - now)

    def count(self, now: float, step: int) -> None:
        """Note that ``step`` was reached."""
        self._counts.append((now, step))
        while len(self._counts) > 2 and now - self._counts[0][0] > WINDOW_SECONDS:
            self._counts.popleft()

    @property
    def steps_per_second(self) -> float:
        """Return the steps a second over the last moments, 0 before there are two counts."""
        if len(self._counts) < 2:
            return 0.0
        (first_time, first_step), (last_time, last_step) = self._counts[0], self._counts[-1]
        return (last_step - first_step) / max(1e-9, last_time - first_time)
