"""A progress bar in a terminal."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

_WIDTH = 30
_EVERY_SECONDS = 0.1


class ProgressBar:
    """One line that is written over; where ``stream`` is no terminal nothing is written at all."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_shown = stream.isatty()
        self._last = 0.0
        self._length = 0

    def show(self, share: float, text: str) -> None:
        """Show the part done (0 to 1) and what is being done."""
        now = time.monotonic()
        if not self._is_shown or (share < 1 and now - self._last < _EVERY_SECONDS):
            return
        self._last = now
        done = round(_WIDTH * min(max(share, 0.0), 1.0))
        line = f"[{'#' * done}{'.' * (_WIDTH - done)}] {share:4.0%}  {text}"
        line = line[: shutil.get_terminal_size().columns - 1]
        self._write(f"\r{line}{' ' * (self._length - len(line))}")
        self._length = len(line)

    def clear(self) -> None:
        """Take the line away."""
        if self._length:
            self._write(f"\r{' ' * self._length}\r")
            self._length = 0

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
