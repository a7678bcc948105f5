"""Several pieces of work off the window's thread, each waited for at the end: what is written must be whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.session.job import Job, Work


class Jobs(QObject):
    """The work that is under way. See ``OneJob`` for what is broken off instead."""

    failed = Signal(str)  # a sentence

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._alive: list[Job] = []

    @property
    def are_running(self) -> bool:
        """Say whether something is under way."""
        return bool(self._alive)

    def begin(self, work: Work, then: Callable[[Any], None]) -> None:
        """Do ``work`` in a thread and hand its outcome to ``then`` in the window's."""
        job = Job(work, self)
        self._alive.append(job)
        job.done.connect(then)
        job.failed.connect(self.failed)
        job.ended.connect(self._job_ended)
        job.start()

    def wait(self) -> None:
        """Wait for the threads; what they bring is still told."""
        for job in list(self._alive):
            job.wait()

    def _job_ended(self) -> None:
        ended = self.sender()
        self._alive = [job for job in self._alive if job is not ended]
