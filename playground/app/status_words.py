"""What the status line says beside the lab's readings: torch on its way, the seed, and how safe the work is."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from playground.app.help_texts import explain
from playground.app.window import MainWindow
from playground.labs.base import StatusItem
from playground.session.workspace import Workspace

EVERY_MS = 5_000
# what the window waits for at first: words and tooltip
LOADING = (
    "loading torch …",
    "The library that computes is being loaded; everything in the window can be set meanwhile",
)
MAKING = ("drawing the first weights …", "The library that computes is there; the network is being made and measured")
THERE = ("", "")
_TOOLTIP = (
    "While there are unsaved changes the work is copied aside every few seconds: after a crash it is offered back. "
    "Your file is written only by Save."
)


class StatusWords(QObject):
    """Says what is still on its way (torch, the first weights), the seed, and when the work was last saved."""

    def __init__(self, window: MainWindow, workspace: Workspace) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = workspace
        self._verb = ""
        self._at = 0.0
        self._trouble = ""
        self._on_its_way = LOADING
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._render_safety)
        workspace.document.torch_ready.connect(self._note_torch)
        workspace.document.snapshot_ready.connect(self._note_there)
        workspace.document.thread_failed.connect(self._note_there)
        workspace.document.settings_changed.connect(self._render_seed)
        workspace.autosaved.connect(self._note_autosaved)
        workspace.autosave_failed.connect(self._note_failed)
        workspace.keeping.saved.connect(self._note_saved)
        workspace.keeping.became.connect(self._forget)
        window.lab_changed.connect(self._render)
        window.closed.connect(self._timer.stop)

    def _note_autosaved(self) -> None:
        self._note("autosaved")

    def _note_saved(self, _path: Path) -> None:
        self._note("saved")

    def _note(self, verb: str) -> None:
        self._verb, self._at, self._trouble = verb, time.monotonic(), ""
        self._timer.start()
        self._render_safety()

    def _note_failed(self, sentence: str) -> None:
        self._trouble = sentence
        self._render_safety()

    def _forget(self) -> None:
        self._verb = self._trouble = ""
        self._timer.stop()
        self._render_safety()

    def _note_torch(self, _report: str = "") -> None:
        if self._on_its_way == LOADING:
            self._on_its_way = MAKING
            self._render_torch()

    def _note_there(self, _moment: object = None) -> None:
        if self._on_its_way != THERE:
            self._on_its_way = THERE
            self._render_torch()

    def _render_torch(self) -> None:
        self._window.status_line.set_item(StatusItem("torch", *self._on_its_way))

    def _render(self, _name: str = "") -> None:
        self._render_torch()
        self._render_seed()
        self._render_safety()

    def _render_seed(self, _settings: object = None) -> None:
        lab, document = self._window.lab, self._workspace.document
        is_in_front = lab is None or lab.open_document() in (None, document)
        text = f"seed {document.settings.seed}" if is_in_front else ""
        self._window.status_line.set_item(StatusItem("seed", text, explain("seed"), at_right=True))

    def _render_safety(self) -> None:
        if self._trouble:
            item = StatusItem("saved", "not autosaved", self._trouble, at_right=True, is_error=True)
        else:
            text = f"{self._verb} {ago(time.monotonic() - self._at)}" if self._verb else ""
            item = StatusItem("saved", text, _TOOLTIP, at_right=True)
        self._window.status_line.set_item(item)


def ago(seconds: float) -> str:
    """Return how long ago in a word or two."""
    if seconds < 2.5:
        return "just now"
    if seconds < 90:
        return f"{5 * max(1, round(seconds / 5))} s ago"
    return f"{round(seconds / 60)} min ago" if seconds < 5400 else f"{round(seconds / 3600)} h ago"
