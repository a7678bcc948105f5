"""The network in formats of others: a script that runs without the playground, weights from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import IsCancelled, Progress
from playground.engine.spec import SpecError
from playground.session.jobs import Jobs
from playground.session.network_document import NetworkDocument


class Exchange(QObject):
    """Exports and imports off the window's thread."""

    exported = Signal(object)  # Path
    failed = Signal(str)  # a sentence
    warned = Signal(str)  # a sentence: done, but

    def __init__(self, document: NetworkDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._jobs = Jobs(self)
        self._jobs.failed.connect(self.failed)

    def close(self) -> None:
        """Wait for what is being read or written."""
        self._jobs.wait()

    def export_script(self, path: Path) -> None:
        """Write a Python script with weights that runs with torch alone."""
        classes, input_shape = self._document.data.output_names, self._document.data.input_shape

        def received(checkpoint: Checkpoint | None) -> None:
            if checkpoint is None:
                self.failed.emit("There is nothing to export yet: torch is still being loaded.")
                return

            def work(_progress: Progress, _cancelled: IsCancelled) -> Path:
                from playground.engine.export import export_script

                return export_script(checkpoint, path, classes=classes, input_shape=input_shape)

            self._jobs.begin(work, self.exported.emit)

        self._document.request_checkpoint(received)

    def import_weights(self, path: Path) -> None:
        """Go over to the weights of an ``nn.Sequential`` of Linear layers."""

        def work(_progress: Progress, _cancelled: IsCancelled) -> Any:
            from playground.engine.import_weights import import_weights

            return import_weights(path)

        self._jobs.begin(work, self._imported)

    def _imported(self, found: Any) -> None:
        try:
            self._document.take_weights(found.spec.widths, found.parameters, "weights imported")
            if found.notes:
                self.warned.emit(" ".join(found.notes))
        except SpecError as error:
            self.failed.emit(str(error))
