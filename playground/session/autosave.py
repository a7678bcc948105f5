"""Autosave: while there are changes the work is swapped out every few seconds, in a thread of its own."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QThread, QTimer, Signal

from playground.engine.project_file import Project, ProjectError
from playground.session.swap_files import Recovery, SwapPair, claim_recoveries

INTERVAL_MS = 7_000  # with asking and writing at most ten seconds of work are lost
_GUARD_WAIT_MS = 2_000

__all__ = ["INTERVAL_MS", "Autosave", "Recovery", "recoverable"]


def recoverable(folder: Path) -> list[Recovery]:
    """Return the unsaved work of windows that crashed, the latest first; each is offered to one process only.

    Parameters
    ----------
    folder : Path
        The autosave folder.
    """
    guard = QLockFile(str(folder / "guard.lock"))
    is_guarded = guard.tryLock(_GUARD_WAIT_MS)
    try:
        return claim_recoveries(folder)
    finally:
        if is_guarded:
            guard.unlock()


class Autosave(QObject):
    """Swaps the work of one window out while it changes, and removes the swap files when that is no longer needed.

    The owner calls ``note_change`` whenever something would be lost, answers ``due`` with ``store``, and calls
    ``note_saved`` after saving, ``move_to`` when another project takes the window, ``close`` at the end.

    Parameters
    ----------
    folder : Path
        The autosave folder.
    project : Path, optional
        The file that is open.
    name : str
        How the work is called on the screen.
    interval_ms : int
        Between the first change and the call for a checkpoint.
    """

    due = Signal()
    stored = Signal(str)  # the path of the swap file
    failed = Signal(str)  # a sentence; said once for as long as it stays the same

    def __init__(
        self,
        folder: Path,
        project: Path | None = None,
        name: str = "",
        parent: QObject | None = None,
        *,
        interval_ms: int = INTERVAL_MS,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._pair = SwapPair(folder, project, name)
        self._adopted: list[Recovery] = []  # shown in this window, not yet swapped out as its own
        self._in_writing: list[Recovery] = []
        self._fault = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._ask)
        self._writer = _Writer(self)
        self._writer.written.connect(self._note_stored)
        self._writer.failed.connect(self._note_failed)

    def note_change(self) -> None:
        """Something would be lost now; cheap enough to be called for every snapshot."""
        if not self._timer.isActive():
            self._timer.start()

    def store(self, project: Project) -> None:
        """Swap ``project`` out; returns at once. One that still waits to be written gives way to it."""
        self._timer.stop()
        pair = self._pair
        self._in_writing += self._adopted
        self._adopted.clear()

        def write() -> str:
            return str(pair.store(project))

        self._writer.put(write, replaceable=True)

    def adopt(self, recovery: Recovery) -> None:
        """The window shows recovered work: it is swapped out as this window's own before the old copy goes."""
        self._adopted.append(recovery)
        self.note_change()

    def note_saved(self) -> None:
        """The project file holds everything: nothing is left to recover."""
        self._forget(self._pair)

    def move_to(self, project: Path | None, name: str) -> None:
        """From here on the window's work belongs to another file, or to none yet."""
        self._forget(self._pair)
        self._pair = SwapPair(self._folder, project, name)

    def close(self) -> None:
        """End cleanly: nothing is left behind."""
        self._forget(self._pair)
        self._writer.end()

    def leave(self) -> None:
        """End without tidying: the work is not saved, and its swap file offers it at the next start."""
        self._timer.stop()
        self._writer.end()

    def _forget(self, pair: SwapPair) -> None:
        self._timer.stop()
        adopted = [*self._adopted, *self._in_writing]
        self._adopted.clear()
        self._in_writing.clear()

        def remove() -> str:
            pair.remove()
            for recovery in adopted:
                recovery.discard()
            return ""

        self._writer.put(remove, replaceable=False)

    def _ask(self) -> None:
        self._timer.start()  # an owner that could not answer is asked again
        self.due.emit()

    def _note_stored(self, path: str) -> None:
        if not path:
            return
        self._fault = ""
        for recovery in self._in_writing:
            recovery.discard()
        self._in_writing.clear()
        self.stored.emit(path)

    def _note_failed(self, sentence: str) -> None:
        self._adopted += self._in_writing
        self._in_writing.clear()
        self.note_change()  # what could not be written is still to be written
        if sentence != self._fault:
            self._fault = sentence
            self.failed.emit(sentence)


class _Writer(QThread):
    """Does its jobs one after the other; begun with the first one."""

    written = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("autosave")
        self._changed = threading.Condition()
        self._jobs: deque[tuple[Callable[[], str], bool]] = deque()
        self._is_over = False

    def put(self, job: Callable[[], str], *, replaceable: bool) -> None:
        """Add a job; it takes the place of replaceable ones that have not begun."""
        with self._changed:
            self._jobs = deque(entry for entry in self._jobs if not entry[1])
            self._jobs.append((job, replaceable))
            self._changed.notify()
        if not self._is_over and not self.isRunning():
            self.start(QThread.Priority.LowPriority)

    def end(self) -> None:
        """Finish what was put and end."""
        with self._changed:
            self._is_over = True
            self._changed.notify()
        if self._jobs and not self.isRunning():
            self.start()
        self.wait()

    def run(self) -> None:
        """Work until the end."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._jobs) or self._is_over)
                if not self._jobs:
                    return
                job, _ = self._jobs.popleft()
            try:
                self.written.emit(job())
            except ProjectError as error:
                self.failed.emit(str(error))
