"""What the undo list holds: one entry a change, with what the window showed before and after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtGui import QUndoCommand

from playground.engine.datasets import DataSet
from playground.engine.settings import Settings
from playground.engine.spec import NetworkSpec


@dataclass(frozen=True, eq=False)
class Face:
    """What the window knows of the network without asking the thread: structure, settings, data."""

    spec: NetworkSpec
    settings: Settings
    data: DataSet


class Turn(Protocol):
    """What takes a change back or makes it again."""

    def __call__(self, change: HandChange, *, is_redo: bool) -> None:
        """Post the command and show the other face."""
        ...


class HandChange(QUndoCommand):
    """A change that the training thread has a receipt for: undo reverts ``seq``, redo reapplies it."""

    def __init__(self, label: str, seq: int, before: Any, after: Any, turn: Turn) -> None:
        super().__init__(label)
        self.seq = seq
        self.before, self.after = before, after  # faces of the document, of its own type
        self._turn = turn
        self._is_first = True

    def redo(self) -> None:
        """Make the change again; the first time it has been made already."""
        if not self._is_first:
            self._turn(self, is_redo=True)
        self._is_first = False

    def undo(self) -> None:
        """Take the change back."""
        self._turn(self, is_redo=False)


class SettingChange(QUndoCommand):
    """Changes of settings; those of one drag (the same ``drag``) become one entry."""

    def __init__(
        self,
        label: str,
        drag: int,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        put: Callable[[Mapping[str, Any]], None],
    ) -> None:
        super().__init__(label)
        self.drag = drag
        self.before, self.after = dict(before), dict(after)
        self._put = put
        self._is_first = True

    def id(self) -> int:
        """Return what entries must share to be merged."""
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take a later change of the same drag into this entry."""
        if not isinstance(other, SettingChange) or other.drag != self.drag or other.before.keys() != self.before.keys():
            return False
        self.after = other.after
        self.setText(other.text())
        self.setObsolete(self.after == self.before)  # a drag that ends where it began is no change: it leaves the list
        return True

    def redo(self) -> None:
        """Put the new values; the first time they have been put already."""
        if not self._is_first:
            self._put(self.after)
        self._is_first = False

    def undo(self) -> None:
        """Put the old values back."""
        self._put(self.before)
