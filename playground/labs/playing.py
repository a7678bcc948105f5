"""Playing: what the bar and the Training menu of any lab ask for becomes commands of its document."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.session.document import Document

SPEEDS: tuple[float | None, ...] = (1.0, 3.0, 10.0, 30.0, 100.0, None)  # steps a second; None is full speed


class Playing(QObject):
    """Play, pause, step, speed and device of a document."""

    speed_changed = Signal(object)  # steps a second or None
    playing_changed = Signal(bool)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._played = document
        self.is_playing = False
        self.speed: float | None = None
        self._asked_at = 0  # the last run or pause: older snapshots do not tell whether it plays
        document.snapshot_ready.connect(self._follow)

    def _follow(self, snapshot: Any) -> None:
        if snapshot.applied_seq >= self._asked_at:
            self._set_playing(snapshot.is_running)

    def _set_playing(self, is_playing: bool) -> None:
        if is_playing != self.is_playing:
            self.is_playing = is_playing
            self.playing_changed.emit(is_playing)

    def _asked(self, *, is_playing: bool) -> None:
        self._asked_at = self._played.last_seq
        self._set_playing(is_playing)

    def set_playing(self, is_playing: bool) -> None:
        """Play or pause."""
        if is_playing:
            self._played.run()
        else:
            self._played.pause()
        self._asked(is_playing=is_playing)

    def toggle(self) -> None:
        """Play where it is paused, pause where it plays."""
        self.set_playing(not self.is_playing)

    def step(self) -> None:
        """Pause where it plays, then make exactly one step."""
        self._played.advance(steps=1)
        self._asked(is_playing=False)

    def set_speed(self, steps_per_second: float | None) -> None:
        """Train at most so fast; None is full speed."""
        self.speed = steps_per_second
        self._played.set_speed(steps_per_second)
        self.speed_changed.emit(steps_per_second)

    def change_speed(self, places: int) -> None:
        """Go faster or slower by one notch."""
        place = SPEEDS.index(self.speed) if self.speed in SPEEDS else len(SPEEDS) - 1
        self.set_speed(SPEEDS[max(0, min(len(SPEEDS) - 1, place + places))])

    def set_device(self, name: str, threads: int) -> None:
        """Move the training to another device."""
        self._played.set_device(name, threads)
