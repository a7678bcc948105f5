"""Playing: what the top bar and the Training menu ask for becomes commands of the document."""

from __future__ import annotations

import secrets
from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.engine.settings import SettingError, bounds
from playground.session.network_document import NetworkDocument

SPEEDS: tuple[float | None, ...] = (1.0, 3.0, 10.0, 30.0, 100.0, None)  # steps a second; None is full speed


class Running(QObject):
    """Play, pause, step, epoch, reset, speed, device and settings of the document."""

    refused = Signal(str, str)  # setting, sentence
    speed_changed = Signal(object)  # steps a second or None
    playing_changed = Signal(bool)

    def __init__(self, document: NetworkDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
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
        self._asked_at = self._document.last_seq
        self._set_playing(is_playing)

    def set_playing(self, is_playing: bool) -> None:
        """Play or pause."""
        if is_playing:
            self._document.run()
        else:
            self._document.pause()
        self._asked(is_playing=is_playing)

    def toggle(self) -> None:
        """Play where it is paused, pause where it plays."""
        self.set_playing(not self.is_playing)

    def step(self) -> None:
        """Pause where it plays, then make exactly one step."""
        self._document.advance(steps=1)
        self._asked(is_playing=False)

    def epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        self._document.advance(epochs=1)
        self._asked(is_playing=True)

    def reset(self) -> None:
        """Start again from the same seed; what played pauses."""
        self.set_playing(is_playing=False)  # also a step that was asked for and is not made yet
        self._document.reset()

    def new_seed(self) -> None:
        """Start again from another seed."""
        self.set_playing(is_playing=False)
        self._document.reset({"seed": secrets.randbelow(10_000)})

    def change(self, field: str, value: Any, is_drag: bool = False) -> None:
        """Change a setting; a value that cannot be is refused with a sentence."""
        try:
            self._document.change_setting(field, value, is_drag=is_drag)
        except SettingError as error:
            self.refused.emit(error.field, str(error))

    def scale_learning_rate(self, factor: float) -> None:
        """Multiply the learning rate, within its bounds."""
        low, high = bounds("learning_rate")
        self.change("learning_rate", min(high, max(low, self._document.settings.learning_rate * factor)))

    def set_speed(self, steps_per_second: float | None) -> None:
        """Train at most so fast; None is full speed."""
        self.speed = steps_per_second
        self._document.set_speed(steps_per_second)
        self.speed_changed.emit(steps_per_second)

    def change_speed(self, places: int) -> None:
        """Go faster or slower by one notch."""
        place = SPEEDS.index(self.speed) if self.speed in SPEEDS else len(SPEEDS) - 1
        self.set_speed(SPEEDS[max(0, min(len(SPEEDS) - 1, place + places))])

    def set_device(self, name: str, threads: int) -> None:
        """Move the training to another device."""
        self._document.set_device(name, threads)
