"""Playing a sandbox: restart, other seeds, learning rate, batch and horizon."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from playground.engine.superposition.problem import SuperpositionError
from playground.labs.playing import Playing
from playground.session.sandbox_document import SandboxDocument

RATES = (1e-5, 1.0)  # between which the keys move the learning rate


class SandboxRunning(Playing):
    """Play, pause, step, restart, speed, device and schedule of the sandbox."""

    refused = Signal(str, str)  # field, sentence
    went_on = Signal()  # beyond the end of the schedule, which is gone

    def __init__(self, document: SandboxDocument, parent: QObject | None = None) -> None:
        super().__init__(document, parent)
        self._document = document

    def set_playing(self, is_playing: bool) -> None:
        """Play or pause; where the steps of the schedule are made, playing goes on without one."""
        if is_playing and self._is_at_end():
            self._document.set_horizon(None)
            self.went_on.emit()
        super().set_playing(is_playing)

    def _is_at_end(self) -> bool:
        """Return whether the steps of the schedule are made; models that were just asked for have made none."""
        document = self._document
        snapshot, steps = document.snapshot, document.setup.schedule.steps
        if steps is None or snapshot is None or snapshot.applied_seq < document.last_seq:
            return False
        return snapshot.step >= steps

    def restart(self) -> None:
        """Start all models again from their seeds; what plays plays on."""
        self._document.restart()

    def new_seeds(self) -> None:
        """Start as many models again from other seeds."""
        setup = self._document.setup
        first = secrets.randbelow(1_000_000)
        seeds = tuple(range(first, first + len(setup.seeds)))
        self._document.rebuild(replace(setup, seeds=seeds), "other seeds")

    def back_to_last_good(self) -> None:
        """Return to the last moment whose losses were numbers."""
        self._document.back_to_last_good()

    def change(self, field: str, value: float | None, is_drag: bool = False) -> None:
        """Set ``learning_rate``, ``batch_size`` or ``horizon``; what cannot be is refused with a sentence."""
        self._try(field, lambda: self._set(field, value, is_drag=is_drag))

    def scale_learning_rate(self, factor: float) -> None:
        """Multiply the learning rate, within its bounds."""
        low, high = RATES
        rate = self._document.setup.schedule.learning_rate * factor
        self.change("learning_rate", min(high, max(low, rate)))

    def _set(self, field: str, value: float | None, *, is_drag: bool) -> None:
        if field == "horizon":
            self._document.set_horizon(None if value is None else int(value), is_drag=is_drag)
        elif field == "batch_size":
            setup = self._document.setup
            batch = int(value or setup.schedule.batch)
            self._document.rebuild(replace(setup, schedule=replace(setup.schedule, batch=batch)), f"batch {batch}")
        elif value is not None:
            self._document.set_learning_rate(float(value), is_drag=is_drag)

    def _try(self, field: str, act: Callable[[], None]) -> None:
        try:
            act()
        except SuperpositionError as error:
            self.refused.emit(field, str(error))
