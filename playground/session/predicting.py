"""Asking a frozen network for its answers, and writing them, off the window's thread: one thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataSet, IsCancelled, Progress
from playground.engine.predictions import Predictions, write_predictions
from playground.session.job import Job, Work
from playground.session.torch_libraries import load_torch_libraries


class Predicting(QObject):
    """A later wish takes the place of what still runs."""

    progressed = Signal(float, str)
    found = Signal(object)  # Predictions
    exported = Signal(object)  # Path
    failed = Signal(str)  # a sentence
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._alive: list[Job] = []  # with those that were cancelled and have not ended yet

    @property
    def is_running(self) -> bool:
        """Say whether something is under way."""
        return self._job is not None

    def ask(self, checkpoint: Checkpoint, data: DataSet, part: str) -> None:
        """Let the network answer a part; ``found`` has a sample of a large one."""

        def work(progress: Progress, cancelled: IsCancelled) -> Predictions:
            return _answered(checkpoint, data, part, progress, cancelled)

        self._begin(work, self.found.emit)

    def export(self, checkpoint: Checkpoint, data: DataSet, part: str, path: Path, names: Sequence[str]) -> None:
        """Write the answers to all examples of a part as CSV."""

        def work(progress: Progress, cancelled: IsCancelled) -> Path:
            answered = _answered(checkpoint, data, part, progress, cancelled, is_whole=True)
            write_predictions(path, answered, names, progress=progress, cancelled=cancelled)
            return path

        self._begin(work, self.exported.emit)

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

    def _begin(self, work: Work, then: Callable[[Any], None]) -> None:
        self.cancel()
        job = Job(work, self)
        self._job = job
        self._alive.append(job)
        job.progressed.connect(self._tell)
        job.done.connect(then)
        job.failed.connect(self.failed.emit)
        job.ended.connect(self._job_ended)
        job.start()

    def _tell(self, share: float, text: str) -> None:
        if self.sender() is self._job:
            self.progressed.emit(share, text)

    def _job_ended(self) -> None:
        ended = self.sender()
        self._alive = [job for job in self._alive if job is not ended]
        if ended is self._job:
            self._job = None
            self.ended.emit()


def _answered(
    checkpoint: Checkpoint,
    data: DataSet,
    part: str,
    progress: Progress,
    cancelled: IsCancelled,
    *,
    is_whole: bool = False,
) -> Predictions:
    load_torch_libraries()
    from playground.engine.predicting import predictions
    from playground.engine.superposition.training import use_one_thread

    use_one_thread()  # the other core trains
    return predictions(checkpoint, data, part, is_whole=is_whole, progress=progress, cancelled=cancelled)
