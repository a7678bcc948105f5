"""What the open project hides from those who work with it: kept with the project, undone by one click."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.engine.hidden import MOST_HIDDEN, hidden_parts, hidden_to_json


class Hiding(QObject):
    """The ids of the hidden parts. Which parts there are is the business of the labs."""

    changed = Signal()  # other parts are hidden now
    chosen = Signal()  # by the user: the project is not saved any more

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts: frozenset[str] = frozenset()

    @property
    def parts(self) -> frozenset[str]:
        """Return the ids of what is hidden."""
        return self._parts

    def choose(self, parts: Iterable[str]) -> None:
        """Hide these and show all others, as the user wishes."""
        found = hidden_parts(hidden_to_json(parts)[:MOST_HIDDEN])
        if found != self._parts:
            self._parts = found
            self.changed.emit()
            self.chosen.emit()

    def to_json(self) -> list[str]:
        """Return what belongs into the file."""
        return hidden_to_json(self._parts)

    def restore(self, value: Any) -> None:
        """Take up what a file or a shared text holds; what cannot be is passed over.

        It is told also where it is the same as before: what else was restored may have shown a part again.
        """
        self._parts = hidden_parts(value)
        self.changed.emit()
