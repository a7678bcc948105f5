"""The program on a stage: a window of 1600 x 1000 without a display, and the waits on facts that a benchmark needs."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from playground.app.program import Program
from playground.engine.datasets import DataSet
from playground.engine.settings import Settings
from playground.engine.spec import NetworkSpec
from playground.engine.superposition.setup import Setup
from playground.engine.superposition.snapshots import SandboxSnapshot
from playground.labs.network.view import NetworkView
from playground.session.document import Document
from playground.session.folders import Folders, folders
from playground.session.frames import FrameClock

SIZE = (1600, 1000)
WAIT_SECONDS = 90.0


class BenchError(RuntimeError):
    """What was waited for did not come; the text is a sentence for the user."""


def own_folders(own: Path) -> Folders:
    """Return the user's folders for data and cache, and others below ``own`` for all that the user's window keeps."""
    return replace(folders(), config=own / "config", log=own / "log", autosave=own / "autosave")


class PlayedStage(ABC):
    """A document of the program in its window, and what one does to it."""

    def __init__(self, program: Program, document: Document, clock: FrameClock) -> None:
        self.program = program
        self.window = program.window
        self.clock = clock
        self._document = document

    @property
    def snapshot(self) -> Any:
        """Return what the window shows (raises BenchError where that is nothing)."""
        found = self._document.snapshot
        if found is None:
            raise BenchError("The window shows nothing of the training.")
        return found

    @property
    def ways(self) -> tuple[QWidget, ...]:
        """Return the widgets over which a mouse moves that is measured."""
        return ()

    @abstractmethod
    def _is_measured(self) -> bool:
        """Return whether the moment that is shown has been measured."""

    def is_ready(self) -> bool:
        """Return whether all that was asked for is on the screen, measured."""
        return self._document.is_settled and self._document.snapshot is not None and self._is_measured()

    def spin(self, seconds: float) -> None:
        """Let the window run for so long.

        In an event loop: a wait that sleeps in between may keep the interpreter from the training thread.
        """
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def wait(self, is_so: Callable[[], bool], what: str, seconds: float = WAIT_SECONDS) -> None:
        """Let the window run until ``is_so``.

        Raises
        ------
        BenchError
            Where it took longer than ``seconds``.
        """
        deadline = time.perf_counter() + seconds
        while not is_so():
            if time.perf_counter() > deadline:
                raise BenchError(f"Waited {seconds:.0f} seconds for {what} in vain.")
            self.spin(0.02)

    def play(self, *, past_step: int = 0) -> None:
        """Train at full speed, and wait until ``past_step`` is on the screen."""
        self._document.run()
        self.wait(lambda: self._is_past(past_step), f"step {past_step:,}")

    def _is_past(self, step: int) -> bool:
        snapshot = self._document.snapshot
        return snapshot is not None and snapshot.is_running and snapshot.step > step

    def pause(self) -> None:
        """Pause, and wait until the final state is on the screen."""
        self._document.pause()
        self.wait(self._is_paused, "the pause")

    def _is_paused(self) -> bool:
        return self.is_ready() and not self.snapshot.is_running


class Stage(PlayedStage):
    """The program with the network lab in front; ``close`` ends it."""

    def __init__(self, own: Path) -> None:
        program = Program(own_folders(own), theme="dark")
        self.document = program.workspace.document
        super().__init__(program, self.document, program.workspace.clock)
        self.window.resize(*SIZE)

    @property
    def lab(self) -> NetworkView:
        """Return the network lab."""
        view = self.window.show_lab("network")
        if not isinstance(view, NetworkView):
            raise BenchError("The network lab could not be opened.")
        return view

    @property
    def ways(self) -> tuple[QWidget, ...]:
        """Return diagram and grid."""
        return self.lab.diagram, self.lab.inspector.neuron.canvas

    def open(self) -> None:
        """Show the window and wait until its digits are there and measured."""
        self.program.begin(lab="network")
        self.wait(lambda: len(self.document.data.train) > 0, "the digits")
        self.wait(self.is_ready, "the first measurement")

    def _is_measured(self) -> bool:
        return self.snapshot.evaluation is not None

    def begin(self, spec: NetworkSpec, settings: Settings, data: DataSet) -> None:
        """Go over to a fresh network on ``data`` and wait until it is on the screen."""
        self.document.start_anew(spec, settings, data)
        self.wait(self.is_ready, "the first measurement")

    def close(self) -> None:
        """End the program through its event loop."""
        QTimer.singleShot(0, self.window.close_without_asking)
        self.program.run()


class SandboxStage(PlayedStage):
    """The superposition lab in front, in the window of a program that stands."""

    def __init__(self, program: Program) -> None:
        self.document = program.workspace.sandbox
        super().__init__(program, self.document, program.workspace.sandbox_clock)

    def begin(self, setup: Setup) -> None:
        """Show the lab with fresh models and wait until they are on the screen."""
        self.window.show_lab("superposition")
        self.wait(self.is_ready, "the first models")
        self.document.rebuild(setup, "measured models")
        self.wait(self.is_ready, "the first measurement")

    def _is_measured(self) -> bool:
        shown: SandboxSnapshot = self.snapshot
        return shown.setup == self.document.setup and shown.measured_step == shown.step
