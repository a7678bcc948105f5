"""Measuring a loss landscape off the window's thread, on a frozen copy: one at a time, told and broken off."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.engine.datasets import Cancelled, IsCancelled, Progress
from playground.engine.landscape_plan import Landscape, LandscapeError, LandscapePlan
from playground.session.job import Job
from playground.session.torch_libraries import load_torch_libraries


class Landscaping(QObject):
    """``start`` begins, ``found`` carries the `Landscape`; a new start takes the place of the one that runs."""

    progressed = Signal(float)
    found = Signal(object)  # Landscape
    failed = Signal(str)  # a sentence
    ended = Signal()  # after found or failed, or instead of them where it was cancelled

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._alive: list[Job] = []  # with those that were cancelled and have not ended yet

    @property
    def is_running(self) -> bool:
        """Say whether one is being measured."""
        return self._job is not None

    def start(self, plan: LandscapePlan) -> None:
        """Measure ``plan``."""
        self.cancel()
        try:
            plan.check()
        except LandscapeError as error:
            self.failed.emit(str(error))
            return

        def work(progress: Progress, cancelled: IsCancelled) -> Landscape:
            return _measured(plan, progress, cancelled)

        self._job = job = Job(work, self)
        self._alive.append(job)
        job.progressed.connect(self._tell)
        job.done.connect(self._take)
        job.failed.connect(self._fail)
        job.ended.connect(self._job_ended)
        self.progressed.emit(0.0)
        job.start()

    def cancel(self) -> None:
        """Break off what runs."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self.ended.emit()

    def close(self) -> None:
        """Cancel and wait for the threads."""
        self.cancel()
        for job in self._alive:
            job.end()

    def _tell(self, share: float, _words: str) -> None:
        if self.sender() is self._job:
            self.progressed.emit(share)

    def _take(self, found: Any) -> None:
        if self.sender() is self._job:
            self.found.emit(found)

    def _fail(self, sentence: str) -> None:
        if self.sender() is self._job:
            self.failed.emit(sentence)

    def _job_ended(self) -> None:
        ended = self.sender()
        self._alive = [job for job in self._alive if job is not ended]
        if ended is self._job:
            self._job = None
            self.ended.emit()


def _measured(plan: LandscapePlan, progress: Progress, cancelled: IsCancelled) -> Landscape:
    """Carry the plan out in the job's thread; importing torch takes seconds and happens here."""
    load_torch_libraries()
    if cancelled():
        raise Cancelled
    try:
        from playground.engine.landscape import measured_landscape
        from playground.engine.superposition.training import use_one_thread

        use_one_thread()  # the other core trains
        return measured_landscape(plan, progress, cancelled)
    except MemoryError as error:
        raise LandscapeError("There was not enough memory to measure the landscape.") from error
