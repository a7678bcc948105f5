"""Sweeps over many models, off the window's thread: one at a time, told as they form, kept by name."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from playground.engine.datasets import Cancelled, IsCancelled, Progress
from playground.engine.superposition.plans import Plan
from playground.engine.superposition.problem import SuperpositionError
from playground.engine.superposition.results import Result
from playground.session.one_job import OneJob
from playground.session.torch_libraries import load_torch_libraries

POLL_MS = 120  # how often the window looks for a partial result


class Sweeping(OneJob):
    """One sweep at a time; a second one is refused until the first has ended or was cancelled.

    What is broken off stays on the screen as far as it has been drawn, and is not kept. Results that are whole are kept
    by the name of their plan (`plans.NAMES`), until the next one of that name is.
    """

    started = Signal(str)  # name of the plan
    told = Signal(str, object)  # name and result so far: the latest, a few times a second; the last one is whole
    advanced = Signal(str, float, float)  # name, share done, seconds left (NaN until that can be told)
    finished = Signal(str)  # name: its result is kept now

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._mailbox = _Mailbox()
        self._results: dict[str, Result] = {}
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._look)
        self.ended.connect(self._timer.stop)

    # ---- what others call ----------------------------------------------------------------------------------------

    @property
    def running(self) -> str:
        """Return the name of the sweep that runs, empty where none does."""
        return self._name if self.is_running else ""

    def results(self) -> dict[str, Result]:
        """Return all results that are kept, by name: what a project file is to hold."""
        return dict(self._results)

    def restore(self, results: Mapping[str, Result]) -> None:
        """Take over the results of a project that was opened, and cancel what still runs for another one."""
        self.cancel()
        self._results = dict(results)
        for name, result in self._results.items():
            self.told.emit(name, result)

    def start(self, plan: Plan) -> bool:
        """Begin, and return whether that went; otherwise ``failed`` has said why not."""
        if self.is_running:
            self.failed.emit("A sweep is running: cancel it, or wait until it has ended.")
            return False
        try:
            plan.check()
        except SuperpositionError as error:
            self.failed.emit(str(error))
            return False
        mailbox = self._mailbox = _Mailbox()

        def work(_progress: Progress, cancelled: IsCancelled) -> Result:
            return _carried_out(plan, mailbox, cancelled)

        self._name = plan.name
        self._timer.start()
        self._begin(work, self._keep)
        self.started.emit(self._name)
        self.advanced.emit(self._name, 0.0, math.nan)
        return True

    # ---- outcome -------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Tell what has come since the last look."""
        latest = self._mailbox.take()
        if latest is not None:
            result, seconds_left = latest
            self.told.emit(self._name, result)
            self.advanced.emit(self._name, result.done, seconds_left)

    def _keep(self, result: Result) -> None:
        if self.sender() is not self._job:
            return
        self._timer.stop()
        name = self._name
        self._results[name] = result
        self.told.emit(name, result)
        self.finished.emit(name)


class _Mailbox:
    """The latest partial result on its way from the job to the window."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: tuple[Result, float] | None = None

    def put(self, result: Result, seconds_left: float) -> None:
        with self._lock:
            self._latest = result, seconds_left

    def take(self) -> tuple[Result, float] | None:
        with self._lock:
            latest, self._latest = self._latest, None
        return latest


def _carried_out(plan: Plan, mailbox: _Mailbox, cancelled: IsCancelled) -> Result:
    """Carry the plan out in the job's thread; importing torch takes seconds and happens here."""

    def between() -> None:
        if cancelled():
            raise Cancelled

    load_torch_libraries()
    between()
    try:
        from playground.engine.superposition.carrying_out import carried_out
        from playground.engine.threads import use_one_thread

        between()
        use_one_thread()
        return _last(carried_out(plan, between), mailbox)
    except MemoryError as error:
        raise SuperpositionError("There was not enough memory for this sweep: take fewer seeds or stops.") from error


def _last(states: Iterator[Result], mailbox: _Mailbox) -> Result:
    began = time.perf_counter()
    for result in states:
        seconds = time.perf_counter() - began
        mailbox.put(result, seconds * (1 / result.done - 1) if result.done > 0 else math.nan)
    return result
