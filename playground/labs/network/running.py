"""Playing: what the top bar and the Training menu ask for becomes commands of the document."""

from __future__ import annotations

import secrets
from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.engine.settings import SettingError, bounds
from playground.labs.playing import Playing
from playground.session.network_document import NetworkDocument


class Running(Playing):
    """Play, pause, step, epoch, reset, speed, device and settings of the document."""

    refused = Signal(str, str)  # setting, sentence

    def __init__(self, document: NetworkDocument, parent: QObject | None = None) -> None:
        super().__init__(document, parent)
        self._document = document

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
