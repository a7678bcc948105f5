"""The project's file: save and open; writing and reading happen off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import IsCancelled, Progress
from playground.engine.project_file import SUFFIX, Extra, Project, SandboxEntry, load_project, save_project
from playground.engine.project_file import Document as Entry
from playground.engine.settings import Settings
from playground.engine.superposition.checkpoint import SandboxCheckpoint, StoredResult
from playground.session.document import Document
from playground.session.jobs import Jobs
from playground.session.loading import DataLoading
from playground.session.locks import LockedError, ProjectLock, lock_project
from playground.session.network_document import NetworkDocument, first_spec, no_data
from playground.session.opening import Carried, Opening
from playground.session.sandbox_document import SandboxDocument

UNTITLED = "untitled"
NOTHING_YET = "There is nothing to save: torch is still being loaded, or the thread that trains has ended."


@dataclass(frozen=True, eq=False)
class _Moment:
    """Where a document stood when its state was taken."""

    document: Document
    checkpoint: Checkpoint | SandboxCheckpoint
    undo_index: int

    def note_saved(self) -> None:
        """Tell the document that this is in a file now."""
        self.document.note_saved((self.checkpoint.segment, self.checkpoint.step), self.undo_index)


@dataclass(frozen=True, eq=False)
class _Gathered:
    """A project ready to be written, and the moments that it shows."""

    project: Project
    moments: tuple[_Moment, ...]
    results: dict[str, StoredResult]  # of sweeps


class Keeping(QObject):
    """Where the open project is kept. One reading or writing at a time; ``is_busy`` while it goes on.

    ``gather_view`` returns what belongs to the window (JSON values) and goes into the file; ``view_restored`` hands
    it back after opening.
    """

    named = Signal(str)  # the name of the project, without folder and ending
    saved = Signal(object)  # Path
    opened = Signal(object)  # Path or None
    failed = Signal(str)  # a sentence
    warned = Signal(str)  # a sentence: done, but
    view_restored = Signal(object)  # dict
    became = Signal()  # another project, or another file: what was kept under the old one is done with

    def __init__(
        self, document: NetworkDocument, sandbox: SandboxDocument, loading: DataLoading, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._sandbox = sandbox
        self._loading = loading
        self._is_closed = False
        self._jobs = Jobs(self)
        self._jobs.failed.connect(self.failed)
        self._lock: ProjectLock | None = None
        self._carried = Carried(Extra())
        self._opening = Opening(document, sandbox, loading, self)
        self._opening.warned.connect(self.warned)
        self.path: Path | None = None
        self.examples: Path | None = None  # the program's own: opened as copies, and nothing is written beside them
        self.gather_view: Callable[[], dict[str, Any]] = dict

    @property
    def name(self) -> str:
        """Return the name of the project."""
        return self.path.stem if self.path is not None else UNTITLED

    @property
    def is_busy(self) -> bool:
        """Say whether a file is being read or written."""
        return self._jobs.are_running

    def close(self) -> None:
        """Wait for what is being written and give the lock free."""
        self._is_closed = True
        self._jobs.wait()
        self._release()

    # ---- saving ----------------------------------------------------------------------------------------------

    def save(self, path: Path | None = None, then: Callable[[], None] | None = None) -> None:
        """Write the project to its file, or to ``path`` from here on; ``then`` is called once it is written."""
        target = path or self.path
        if target is None:
            self.failed.emit("The project has no file yet: choose one with Save as.")
            return
        if target.suffix != SUFFIX:
            target = target.with_name(target.name + SUFFIX)
        if self._is_example(target):
            self.failed.emit(f"{target.parent} belongs to the program: choose a folder of your own with Save as.")
            return
        if target != self.path and not self._take_lock(target):
            return
        self.gather(lambda gathered: self._write(gathered, target, then))

    def gather(self, then: Callable[[_Gathered], None]) -> None:
        """Fetch the whole state from the threads and hand it on, ready to be written."""
        document = self._document
        undo_index, data, view = document.undo_stack.index(), document.data, self.gather_view()

        def received(checkpoint: Checkpoint | None) -> None:
            if checkpoint is None:
                self.failed.emit(NOTHING_YET)
                return
            added = data.train.taken(slice(len(data.train) - data.added, len(data.train)))
            entry = Entry(
                "network", self.name, checkpoint, dict(data.source), np.array(added.inputs), np.array(added.labels)
            )
            carried = self._carried
            project = Project((entry, *carried.networks), view, carried.extra, carried.sandboxes)
            self._gather_sandbox(project, _Moment(document, checkpoint, undo_index), then)

        document.request_checkpoint(received)

    def _gather_sandbox(self, project: Project, network: _Moment, then: Callable[[_Gathered], None]) -> None:
        """Add the superposition sandbox where it was used, or where the file had one."""
        sandbox = self._sandbox
        undo_index, results = sandbox.undo_stack.index(), dict(sandbox.results)

        def received(checkpoint: SandboxCheckpoint | None) -> None:
            moments, entry = [network], self._carried.sandbox
            if checkpoint is not None:
                entry = SandboxEntry(self.name, checkpoint, results)
                moments.append(_Moment(sandbox, checkpoint, undo_index))
            own = () if entry is None else (entry,)
            whole = replace(project, sandboxes=(*own, *project.sandboxes))
            then(_Gathered(whole, tuple(moments), results))

        if sandbox.is_alive:
            sandbox.request_checkpoint(received)
        else:
            received(None)

    def _write(self, gathered: _Gathered, target: Path, then: Callable[[], None] | None) -> None:
        def work(_progress: Progress, _cancelled: IsCancelled) -> None:
            save_project(target, gathered.project)

        def done(_result: object) -> None:
            for moment in gathered.moments:
                moment.note_saved()
            if dict(self._sandbox.results) != gathered.results:
                self._sandbox.note_unsaved()  # a sweep has ended while it was written
            if self.gather_view().get("hidden") != gathered.project.view.get("hidden"):
                self._document.note_unsaved()  # a control was hidden meanwhile
            if target != self.path:
                self.path = target
                self.became.emit()
                self.named.emit(self.name)
            self.saved.emit(target)
            if then is not None:
                then()

        self._jobs.begin(work, done)

    def _is_example(self, path: Path) -> bool:
        return self.examples is not None and path.resolve().is_relative_to(self.examples.resolve())

    def _take_lock(self, target: Path) -> bool:
        try:
            lock = lock_project(target)
        except LockedError as error:
            self.failed.emit(str(error))
            return False
        self._release()
        self._lock = lock
        return True

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    # ---- opening ---------------------------------------------------------------------------------------------

    def new(self) -> None:
        """Begin a new project: the network of the film on the data there are."""
        data = self._document.data
        spec = first_spec()
        if data.input_shape != spec.input_shape or data.outputs != spec.outputs:
            data = no_data(spec)
        self.begin(lambda: self._document.start_anew(spec, Settings(), data.without_added()))
        self.view_restored.emit({})
        if data.source.get("kind") == "none":
            self._loading.digits("easy")

    def begin(self, start: Callable[[], object]) -> None:
        """Go over to a project without a file: ``start`` begins its network; the sandbox is a fresh one."""
        start()
        self._sandbox.start_anew()
        self._became(None, Carried(Extra()))

    def open(self, path: Path, *, as_copy: bool = False) -> None:
        """Open a project file; ``as_copy`` (an example, a recovered file) leaves it without a file of its own."""

        def work(_progress: Progress, _cancelled: IsCancelled) -> Project:
            return load_project(path)

        self._jobs.begin(work, lambda project: self.take(project, None if as_copy else path))

    def take(self, project: Project, path: Path | None) -> None:
        """Go over to a project that has been read; its data are built first. Of an example it is a copy.

        What arrives after the end is passed over: nobody would wait for its data, and its file would stay locked.
        """
        if self._is_closed:
            return
        if path is not None and self._is_example(path):
            path = None
        self._opening.take(project, partial(self._finish, project.view, path))

    def _finish(self, view: dict[str, Any], path: Path | None, carried: Carried, warnings: list[str]) -> None:
        warnings = [*warnings, self._became(path, carried)]
        self.view_restored.emit(view)
        self.opened.emit(path)
        if any(warnings):  # after ``opened``, which settles what was said about the project before
            self.warned.emit(" ".join(filter(None, warnings)))

    def _became(self, path: Path | None, carried: Carried) -> str:
        """Go over to another file; return a sentence where somebody else has it open, else an empty one."""
        self._release()
        self._carried = carried
        self.path = path
        sentence = ""
        if path is not None:
            try:
                self._lock = lock_project(path)
            except LockedError as error:
                self.path = None
                sentence = str(error)
        self.became.emit()
        self.named.emit(self.name)
        return sentence
