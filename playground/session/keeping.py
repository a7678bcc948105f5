"""The project's file: save and open; writing and reading happen off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataError, DataSet, IsCancelled, Progress
from playground.engine.project_file import SUFFIX, Extra, Project, SandboxEntry, load_project, save_project
from playground.engine.project_file import Document as Entry
from playground.engine.settings import Settings
from playground.engine.superposition.checkpoint import SandboxCheckpoint, StoredResult
from playground.engine.superposition.problem import SuperpositionError
from playground.session.document import Document
from playground.session.jobs import Jobs
from playground.session.loading import DataLoading
from playground.session.locks import LockedError, ProjectLock, lock_project
from playground.session.network_document import NetworkDocument, first_spec, no_data
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
        self._kept: SandboxEntry | None = None  # the sandbox of the file, for as long as its thread does not run
        self._other_sandboxes: tuple[SandboxEntry, ...] = ()
        self._loading = loading
        self._is_closed = False
        self._jobs = Jobs(self)
        self._jobs.failed.connect(self.failed)
        self._lock: ProjectLock | None = None
        self._extra = Extra()
        self._others: tuple[Entry, ...] = ()  # networks that no lab of this window shows; saved again as they are
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
            project = Project((entry, *self._others), view, self._extra, self._other_sandboxes)
            self._gather_sandbox(project, _Moment(document, checkpoint, undo_index), then)

        document.request_checkpoint(received)

    def _gather_sandbox(self, project: Project, network: _Moment, then: Callable[[_Gathered], None]) -> None:
        """Add the superposition sandbox where it was used, or where the file had one."""
        sandbox = self._sandbox
        undo_index, results = sandbox.undo_stack.index(), dict(sandbox.results)

        def received(checkpoint: SandboxCheckpoint | None) -> None:
            moments, entry = [network], self._kept
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
        self._others = ()
        self._take_sandbox(())
        self._became(None, Extra())

    def open(self, path: Path, *, as_copy: bool = False) -> None:
        """Open a project file; ``as_copy`` (an example, a recovered file) leaves it without a file of its own."""

        def work(_progress: Progress, _cancelled: IsCancelled) -> Project:
            return load_project(path)

        self._jobs.begin(work, lambda project: self.take(project, None if as_copy else path))

    def take(self, project: Project, path: Path | None) -> None:
        """Go over to a project that has been read; its data are built first. Of an example it is a copy."""
        if path is not None and self._is_example(path):
            path = None
        if not project.documents:
            self._install_without_network(project, path)
            return
        entry = project.documents[0]

        def with_data(data: DataSet) -> None:
            self._install(project, entry, data, path)

        if entry.data_source.get("kind") == "none":
            with_data(no_data(entry.checkpoint.spec))
        else:
            self._loading.source(
                entry.data_source, with_data, lambda sentence: self._without_data(with_data, entry, sentence)
            )

    def _without_data(self, with_data: Callable[[DataSet], None], entry: Entry, sentence: str) -> None:
        """Open all the same where the data are missing; the sentence names the file."""
        # the description stays with the project: saved again and opened where the files are, they are found
        data = replace(no_data(entry.checkpoint.spec), name="missing data", source=entry.data_source)
        with_data(data)
        self.warned.emit(f"The network is open, but its data are not there. {sentence}")

    def _install(self, project: Project, entry: Entry, data: DataSet, path: Path | None) -> None:
        spec = entry.checkpoint.spec
        warnings = []
        if data.features != spec.inputs or data.outputs != spec.outputs:
            warnings.append(f"The data '{data.name}' no longer fit this network; it is open without data.")
            data = no_data(spec)
        if len(entry.added_labels):
            try:
                data = data.with_added(entry.added_inputs, entry.added_labels)
            except DataError as error:
                warnings.append(f"The drawings that were added could not be taken over: {error}")
        self._document.restore(entry.checkpoint, data)
        self._others = tuple(document for document in project.documents if document is not entry)
        self._finish(project, path, warnings)

    def _install_without_network(self, project: Project, path: Path | None) -> None:
        spec = first_spec()
        self._document.start_anew(spec, Settings(), no_data(spec))
        self._others = ()
        self._finish(project, path, [])
        self._loading.digits("easy")

    def _take_sandbox(self, entries: tuple[SandboxEntry, ...]) -> str:
        """Go over to the sandbox of a file, or a fresh one; return a sentence where it cannot be opened."""
        self._kept, self._other_sandboxes = (entries[0], entries[1:]) if entries else (None, ())
        if self._kept is not None:
            try:
                self._sandbox.restore(self._kept.checkpoint, self._kept.results)
            except SuperpositionError as error:
                self._other_sandboxes, self._kept = entries, None
                self._sandbox.start_anew()
                return f"The superposition models of this project stay in its file, but cannot be shown. {error}"
        else:
            self._sandbox.start_anew()
        return ""

    def _finish(self, project: Project, path: Path | None, warnings: list[str]) -> None:
        warnings.append(self._take_sandbox(project.sandboxes))
        warnings.append(self._became(path, project.extra))
        self.view_restored.emit(project.view)
        self.opened.emit(path)
        if any(warnings):  # after ``opened``, which settles what was said about the project before
            self.warned.emit(" ".join(filter(None, warnings)))

    def _became(self, path: Path | None, extra: Extra) -> str:
        """Go over to another file; return a sentence where somebody else has it open, else an empty one."""
        self._release()
        self._extra = extra
        self.path = path
        sentence = ""
        if path is not None and not self._is_closed:  # a file that was being read may arrive after the end
            try:
                self._lock = lock_project(path)
            except LockedError as error:
                self.path = None
                sentence = str(error)
        self.became.emit()
        self.named.emit(self.name)
        return sentence
