"""Asking a frozen network for its answers, and writing them, off the window's thread: one thing at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal

from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataSet, IsCancelled, Progress
from playground.engine.predictions import Predictions, write_predictions
from playground.session.one_job import OneJob
from playground.session.torch_libraries import load_torch_libraries


class Predicting(OneJob):
    """The answers of a frozen network."""

    found = Signal(object)  # Predictions
    exported = Signal(object)  # Path

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
    from playground.engine.threads import use_one_thread

    use_one_thread()  # the other core trains
    return predictions(checkpoint, data, part, is_whole=is_whole, progress=progress, cancelled=cancelled)
