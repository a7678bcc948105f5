"""Waits on facts (data there, steps made, all of it on the screen), then takes the picture and closes the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

from playground.app.program import Program
from playground.engine.snapshots import Trouble
from playground.engine.superposition.snapshots import SandboxSnapshot
from playground.session.document import Document

NESTED = 6  # layouts within layouts: each takes a round to hear of a text that became longer


class Portrait(QObject):
    """Takes one picture of ``program``'s window; ``trouble`` says why there is none."""

    def __init__(self, program: Program, out: Path, steps: int, *, waits_for_project: bool) -> None:
        super().__init__(program)
        self._program, self._out, self._steps = program, out, steps
        self.trouble = ""
        self.is_saved = False
        self._has_asked = False
        self._is_done = False
        self._target = 0
        workspace = program.workspace
        for document in workspace.documents:
            document.snapshot_ready.connect(self._look)
            document.trouble_happened.connect(self._meet)
            document.thread_failed.connect(self._fail)
        workspace.loading.failed.connect(self._fail)
        workspace.keeping.failed.connect(self._fail)
        workspace.keeping.opened.connect(self._note_opened)
        self._is_opened = not waits_for_project

    def _note_opened(self, _path: object) -> None:
        self._is_opened = True

    @property
    def _document(self) -> Document:
        """Return the document of the lab that is portrayed."""
        lab = self._program.window.lab
        return (None if lab is None else lab.open_document()) or self._program.workspace.document

    def _look(self, snapshot: Any) -> None:
        document = self._document
        if self._is_done or not self._is_opened or snapshot is not document.snapshot or not document.is_settled:
            return
        if not self._has_data():
            return
        if not self._has_asked:
            self._has_asked = True
            self._target = snapshot.step + self._steps
            if self._steps:
                document.advance(steps=self._steps)
                return
        if snapshot.step >= self._target and not snapshot.is_running and self._is_measured(snapshot):
            self._is_done = True
            QTimer.singleShot(0, self._take)  # after the paint events of this snapshot

    def _has_data(self) -> bool:
        network = self._program.workspace.document
        return self._document is not network or bool(len(network.data.train))

    @staticmethod
    def _is_measured(snapshot: Any) -> bool:
        if isinstance(snapshot, SandboxSnapshot):
            return snapshot.measured_step == snapshot.step
        return snapshot.evaluation is not None

    def _take(self) -> None:
        window = self._program.window
        window.messages.hide()
        window.status_line.show_now()
        for _ in range(NESTED):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        picture = window.grab()
        self._out.parent.mkdir(parents=True, exist_ok=True)
        if picture.save(str(self._out), "PNG"):
            self.is_saved = True
        else:
            self.trouble = f"The picture could not be written to {self._out}: choose another folder."
        window.close_without_asking()

    def _meet(self, trouble: Trouble) -> None:
        self._fail(trouble.sentence)

    def _fail(self, sentence: str) -> None:
        if not self._is_done:
            self._is_done = True
            self.trouble = sentence
            self._program.window.close_without_asking()
