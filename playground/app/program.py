"""The program while it runs: QApplication, preferences, log, the open project and its window."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

import playground
import playground.app.plain_imports  # first of the program's modules: it speeds up the imports after it
from playground.app.appearance import Appearance
from playground.app.catalog import LABS
from playground.app.collecting import Collecting
from playground.app.drops import PROJECT_SUFFIX
from playground.app.files import Files
from playground.app.for_class import ForClass
from playground.app.looks_menu import LooksMenu
from playground.app.missing_data import MissingData
from playground.app.recovering import Recovering
from playground.app.resources import resource
from playground.app.signals import EndSignals
from playground.app.status_words import StatusWords
from playground.app.support import Support
from playground.app.undoing import Undoing
from playground.app.window import MainWindow
from playground.labs.base import Message, Remedy
from playground.session.autosave import recoverable
from playground.session.folders import Folders, folders
from playground.session.logs import ErrorWatch, LogFile, Report
from playground.session.preferences import PreferenceFile
from playground.session.workspace import Workspace

PATIENCE_MS = 3_000  # for copying work aside when the system ends the program

SWITCH_SECONDS = 0.001  # window and training wait for one another so long at most; Python would have them wait for 5 ms


class Program(QObject):
    """Everything that lives from the first line to the exit status.

    ``places`` and ``theme`` stand in for the user's folders and preference (for pictures). The end goes through the
    event loop: the window is deleted there, since a process that ends with plots alive crashes now and then.
    """

    def __init__(self, places: Folders | None = None, *, theme: str = "") -> None:
        application = QApplication.instance() or QApplication(sys.argv[:1])
        assert isinstance(application, QApplication)  # noqa: S101 - narrows the type
        super().__init__()
        sys.setswitchinterval(SWITCH_SECONDS)
        self._collecting = Collecting(self)
        self._application = application
        application.setApplicationName("playground")
        application.setApplicationDisplayName("Playground")
        application.setApplicationVersion(playground.__version__)
        application.setQuitOnLastWindowClosed(False)
        application.setWindowIcon(QIcon(str(resource("icons/app.svg"))))
        QGuiApplication.setDesktopFileName("playground")
        self._folders = (places or folders()).made()
        self.log = LogFile(self._folders.log)
        self._watch = ErrorWatch(self.log, self)
        self._watch.install()
        self._signals = EndSignals(self)
        self.preferences = PreferenceFile(self._folders.config / "preferences.json", self)
        self.appearance = Appearance(application, self.preferences, theme=theme, parent=self)
        self.workspace = Workspace(self._folders, self)
        self.window = MainWindow(self.appearance.look, LABS, self.workspace, self.preferences)
        self.appearance.dress(self.window)
        self.files = Files(self.window, self.workspace, self.preferences)
        self.missing_data = MissingData(self.window, self.workspace)
        self._looks = LooksMenu(self.window, self.appearance, self.preferences)
        self.support = Support(self.window, self.log)
        self._undoing = Undoing(self.window, self.workspace)
        self._for_class = ForClass(self.window, self.workspace.hiding)
        self._words = StatusWords(self.window, self.workspace)
        self._first_path: Path | None = None
        self._is_ending = False
        self._is_hurried = False  # a signal ends the program while there is unsaved work
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._give_up_waiting)
        self._connect()

    def _connect(self) -> None:
        self.window.closed.connect(self._end)
        self.window.destroyed.connect(self._application.quit)
        self._watch.reported.connect(self._tell_error)
        self._signals.received.connect(self._end_by_signal)
        for document in self.workspace.documents:
            document.thread_failed.connect(self._tell_thread_failed)
        self.workspace.said.connect(self._say)
        self.workspace.document.torch_ready.connect(self._collecting.settle)
        self.workspace.keeping.failed.connect(self._fill_empty_window)

    def begin(self, path: Path | None = None, *, lab: str = "") -> None:
        """Show the window, with ``lab`` in front; what is slow starts once it is on the screen."""
        front = lab or self.window.first_lab()
        if front:
            self.window.show_lab(front)
        self._first_path = path
        self.window.painted.connect(self._start_work)
        self.window.show()

    def run(self) -> int:
        """Run until the window is gone; return the exit status."""
        status = int(self._application.exec())
        self.finish()
        return status

    def finish(self) -> None:
        """Give back signals, hooks and the collector, and end the log."""
        self._collecting.close()
        self._signals.close()
        self._watch.uninstall()
        self.log.close()

    def _start_work(self) -> None:
        if self._is_ending:
            return
        path = self._first_path
        is_project = path is not None and path.suffix == PROJECT_SUFFIX
        self.workspace.start(None if is_project else self.preferences.values.preset)
        if path is not None:
            self.window.take_files((str(path),))
        self._recovering = Recovering(self.window, self.workspace, recoverable(self._folders.autosave))
        self._recovering.offer()
        if self.preferences.word:
            self.window.show_message(Message(self.preferences.word, kind="preferences", is_error=True))
        self.log.note_versions()

    def _fill_empty_window(self, _sentence: str) -> None:
        """Draw digits after all where the project that was to be opened cannot be."""
        if self.workspace.document.data.source.get("kind") == "none":
            self.workspace.loading.digits(self.preferences.values.preset)

    def _end(self) -> None:
        if self._is_ending:
            return
        self._is_ending = True
        self._patience.stop()
        self.window.hide()
        self.workspace.close(leaves_swap=self._is_hurried)
        QTimer.singleShot(0, self.window.deleteLater)

    def _end_by_signal(self) -> None:
        """The system ends the program and nobody can be asked: unsaved work is copied aside first, if that is quick."""
        if self._is_hurried or self._is_ending:
            return
        self._is_hurried = self.workspace.swap_out()
        if not self._is_hurried:
            self.window.close_without_asking()
            return
        self.workspace.autosaved.connect(self.window.close_without_asking)
        self.workspace.autosave_failed.connect(self._give_up_waiting)
        self._patience.start()

    def _give_up_waiting(self, _sentence: str = "") -> None:
        self.window.close_without_asking()

    # ---- errors ----------------------------------------------------------------------------------------------

    def _tell_error(self, report: Report) -> None:
        if not self._is_ending:
            self.support.note_report(report.text)
            remedy = Remedy("Copy report", self.support.copy_report, is_closing=False)
            self.window.show_message(Message(report.sentence, kind="error", is_error=True, remedies=(remedy,)))

    def _say(self, sentence: str) -> None:
        self.window.show_message(Message(sentence, kind="turns", seconds=8.0))

    def _tell_thread_failed(self, trace: str) -> None:
        self._tell_error(self._watch.made_report(trace, "the training thread"))
