"""The open project as a whole: its documents, its data, its files, and the clocks of the screen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from playground.engine.settings import Settings
from playground.session.autosave import Autosave, Recovery
from playground.session.document import Document
from playground.session.exchange import Exchange
from playground.session.folders import Folders
from playground.session.frames import FrameClock
from playground.session.hiding import Hiding
from playground.session.keeping import Keeping
from playground.session.loading import DataLoading
from playground.session.network_document import NetworkDocument
from playground.session.predicting import Predicting
from playground.session.sandbox_document import SandboxDocument
from playground.session.sharing import Sharing

# what is said of a document that another one has paused: the network's, the sandbox's
PAUSED = (
    "The network pauses meanwhile: one trains at a time.",
    "The superposition models pause meanwhile: one trains at a time.",
)


class Workspace(QObject):
    """What lives as long as the window: labs are handed this one object."""

    autosaved = Signal()
    autosave_failed = Signal(str)
    dirty_changed = Signal()
    said = Signal(str)  # a sentence for the user

    def __init__(self, folders: Folders, parent: QObject | None = None, *, settings: Settings | None = None) -> None:
        super().__init__(parent)
        self.document = NetworkDocument(self, settings=settings)
        self.sandbox = SandboxDocument(self)
        self.documents: tuple[Document, ...] = (self.document, self.sandbox)
        self.loading = DataLoading(folders.cache, self)
        self.predicting = Predicting(self)
        self.hiding = Hiding(self)
        self.keeping = Keeping(self.document, self.sandbox, self.loading, self)
        self.sharing = Sharing((self.document, self.sandbox), self.keeping, self.loading, self.hiding, self)
        self.exchange = Exchange(self.document, self)
        self.autosave = Autosave(folders.autosave, None, self.keeping.name, self)
        self.clock = FrameClock(self.document, self)
        self.sandbox_clock = FrameClock(self.sandbox, self)
        self._is_started = self._is_closed = False
        self._is_sandbox_wanted = False
        for document in self.documents:
            document.snapshot_ready.connect(self._note_change)
            document.dirty_changed.connect(self.dirty_changed)
            document.running_asked.connect(self._pause_others)
        self.sandbox.results_changed.connect(self._note_change)
        self.hiding.chosen.connect(self._note_hidden)
        self.autosave.due.connect(self._swap_out)
        self.autosave.stored.connect(self._note_swapped)
        self.autosave.failed.connect(self.autosave_failed)
        self.keeping.saved.connect(self._note_saved)
        self.keeping.became.connect(self._move_autosave)
        self.keeping.opened.connect(self._adopt_recovered)
        self._recovering: Recovery | None = None

    def start(self, preset: str | None = "easy") -> None:
        """Start the training thread (it imports torch) and draw the first digits; called once the window stands."""
        self._is_started = True
        self.document.start_thread()
        self.clock.wake()
        self._start_sandbox()
        if preset is not None:
            self.loading.digits(preset)

    def bring_to_front(self, document: Document | None) -> None:
        """Be told which document is looked at: the thread of the superposition sandbox starts when it first is."""
        if document is self.sandbox:
            self._is_sandbox_wanted = True
            self._start_sandbox()

    def _start_sandbox(self) -> None:
        if self._is_started and self._is_sandbox_wanted and not self._is_closed:
            self.sandbox.start_thread()
            self.sandbox_clock.wake()

    @property
    def is_dirty(self) -> bool:
        """Say whether something would be lost without saving."""
        return any(document.is_dirty for document in self.documents)

    def recover(self, recovery: Recovery) -> None:
        """Show the work that a crash left behind (raises ProjectError where it cannot be read)."""
        project = recovery.load()
        self._recovering = recovery
        file = recovery.project
        self.keeping.take(project, file if file is not None and file.is_file() else None)

    def close(self, *, leaves_swap: bool = False) -> None:
        """Stop clock, loading, saving and training; the swap file goes, unless the work in it was not asked about."""
        self._is_closed = True
        self.clock.close()
        self.sandbox_clock.close()
        self.loading.close()
        self.predicting.close()
        self.keeping.close()
        self.exchange.close()
        for document in self.documents:
            document.close()
        if leaves_swap:
            self.autosave.leave()
        else:
            self.autosave.close()

    def swap_out(self) -> bool:
        """Copy unsaved work aside now; say whether there is any (``autosaved`` or ``autosave_failed`` follows)."""
        if not self.is_dirty:
            return False
        self._swap_out()
        return True

    def _pause_others(self) -> None:
        """One document plays at a time: the processor is one."""
        asked = self.sender()
        for document in self.documents:
            if document is asked or not document.is_alive:
                continue
            if document.is_playing:
                self.said.emit(PAUSED[document is self.sandbox])
            if document.is_playing or not document.is_settled:
                document.pause()

    def _note_change(self, _snapshot: object = None) -> None:
        if self.is_dirty:
            self.autosave.note_change()

    def _note_hidden(self) -> None:
        """What is hidden belongs to the project, though no document has changed."""
        self.document.note_unsaved()
        self._note_change()

    def _swap_out(self) -> None:
        if self.is_dirty:
            self.keeping.gather(lambda gathered: self.autosave.store(gathered.project))

    def _note_swapped(self, _path: str) -> None:
        self.autosaved.emit()

    def _note_saved(self, _path: object) -> None:
        self.autosave.note_saved()

    def _adopt_recovered(self, _path: object) -> None:
        """The recovered work is on the screen: it counts as unsaved, and is swapped out before its old copy goes."""
        recovery, self._recovering = self._recovering, None
        if recovery is not None:
            self.document.note_unsaved()
            self.autosave.adopt(recovery)

    def _move_autosave(self) -> None:
        self.autosave.move_to(self.keeping.path, self.keeping.name)
