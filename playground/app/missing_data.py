"""A project whose data are not where they were: asks for the missing file by its name."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from playground.app.window import MainWindow
from playground.labs.base import Message, Remedy
from playground.session.finding import Finding
from playground.session.workspace import Workspace
from playground.views.file_choice import ask_for_folder, ask_to_open

KIND = "missing data"


class MissingData(QObject):
    """A message with a way to find it as long as something is missing."""

    def __init__(self, window: MainWindow, workspace: Workspace) -> None:
        super().__init__(window)
        self._window = window
        self._finding = Finding(workspace.document, workspace.loading, self)
        workspace.keeping.warned.connect(self._warned)
        workspace.document.data_changed.connect(self._settle)
        self._finding.found.connect(self._found)
        self._finding.failed.connect(self._ask)

    def _warned(self, sentence: str) -> None:
        if self._finding.missing is not None:
            self._window.messages.settle("file")  # the same sentence, without a way out
            self._ask(sentence)

    def _ask(self, sentence: str) -> None:
        missing = self._finding.missing
        remedies = () if missing is None else (Remedy("Find the file…", self._choose, is_closing=False),)
        self._window.show_message(Message(sentence, kind=KIND, is_error=True, remedies=remedies))

    def _settle(self, _data: object) -> None:
        if self._finding.missing is None:
            self._window.messages.settle(KIND)

    def _choose(self) -> None:
        missing = self._finding.missing
        if missing is None:
            return
        title = f"Where is {missing.name}?"
        if self._finding.wants_folder:
            ask_for_folder(self._window, title, self._take)
        else:
            ask_to_open(self._window, title, f"{missing.name} (*{missing.suffix});;All files (*)", self._take)

    def _take(self, name: str) -> None:
        self._finding.take(Path(name))

    def _found(self, sentence: str) -> None:
        if sentence:
            self._window.show_message(Message(sentence, kind=KIND, seconds=20.0))
