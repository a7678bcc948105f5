"""After a crash: the work that its swap files hold is offered back, one offer at a time."""

from __future__ import annotations

from PySide6.QtCore import QObject

from playground.app.window import MainWindow
from playground.engine.project_file import ProjectError
from playground.labs.base import Message, Remedy
from playground.session.autosave import Recovery
from playground.session.workspace import Workspace


class Recovering(QObject):
    """Offers recoveries in the message strip; one that is neither restored nor discarded is kept for the next start."""

    def __init__(self, window: MainWindow, workspace: Workspace, found: list[Recovery]) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = workspace
        self._left = list(found)

    def offer(self) -> None:
        """Offer the latest one."""
        if not self._left:
            return
        recovery = self._left[0]
        name = recovery.name or "an untitled project"
        text = f"The program ended unexpectedly. The work on {name}, as it was {_ago(recovery.age)}, can be restored."
        remedies = (Remedy("Restore", self._restore), Remedy("Discard", self._discard))
        self._window.show_message(Message(text, kind="recovery", remedies=remedies))

    def _restore(self) -> None:
        recovery = self._left.pop(0)
        try:
            self._workspace.recover(recovery)
        except ProjectError as error:
            self._window.show_message(Message(str(error), kind="file", is_error=True))
        self.offer()

    def _discard(self) -> None:
        self._left.pop(0).discard()
        self.offer()


def _ago(seconds: float) -> str:
    """Return an age in the largest unit that fits: ``3 minutes ago``."""
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' * (count > 1)} ago"
    return "less than a minute ago"
