"""One piece of work at a time off the window's thread: a later wish takes the place of what still runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.session.job import Job, Work


class OneJob(QObject):
    """What was broken off is not told any more; subclasses say what there is to do, and tell its outcome."""

    progressed = Signal(float, str)
    failed = Signal(str)  # a sentence
    ended = Signal()  # after the outcome or failed, or instead of them where it was cancelled

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._alive: list[Job] = []  # with those that were cancelled and have not ended yet

    @property
    def is_running(self) -> bool:
        """Say whether something is under way."""
        return self._job is not None

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

    def _begin(self, work: Work, then: Callable[[Any], None], otherwise: Callable[[str], None] | None = None) -> None:
        """Do ``work`` and hand its outcome to ``then``; why it failed goes to ``otherwise`` in place of ``failed``."""
        self.cancel()
        self._job = self._start(work, then, otherwise or self.failed.emit)

    def _start(self, work: Work, then: Callable[[Any], None], otherwise: Callable[[str], None] | None = None) -> Job:
        """Do ``work`` beside what runs: only ``then`` and ``otherwise`` hear of it."""
        job = Job(work, self)
        self._alive.append(job)
        job.progressed.connect(self._tell)
        job.done.connect(then)
        if otherwise is not None:
            job.failed.connect(otherwise)
        job.ended.connect(self._job_ended)
        job.start()
        return job

    def _tell(self, share: float, text: str) -> None:
        if self.sender() is self._job:
            self.progressed.emit(share, text)

    def _job_ended(self) -> None:
        ended = self.sender()
        self._alive = [job for job in self._alive if job is not ended]
        if ended is self._job:
            self._job = None
            self.ended.emit()
