"""Waits on facts (data there, steps made, all of it on the screen), then takes the picture and closes the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from playground.app.program import Program
from playground.engine.snapshots import Snapshot, Trouble


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
        self._document = workspace.document
        self._document.snapshot_ready.connect(self._look)
        self._document.trouble_happened.connect(self._meet)
        self._document.thread_failed.connect(self._fail)
        workspace.loading.failed.connect(self._fail)
        workspace.keeping.failed.connect(self._fail)
        workspace.keeping.opened.connect(self._note_opened)
        self._is_opened = not waits_for_project

    def _note_opened(self, _path: object) -> None:
        self._is_opened = True

    def _look(self, snapshot: Snapshot) -> None:
        if self._is_done or not self._is_opened or not len(self._document.data.train):
            return
        if not self._document.is_settled:
            return
        if not self._has_asked:
            self._has_asked = True
            self._target = snapshot.step + self._steps
            if self._steps:
                self._document.advance(steps=self._steps)
                return
        if snapshot.step >= self._target and not snapshot.is_running and snapshot.evaluation is not None:
            self._is_done = True
            QTimer.singleShot(0, self._take)  # after the paint events of this snapshot

    def _take(self) -> None:
        window = self._program.window
        window.messages.hide()
        window.status_line.show_now()
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
