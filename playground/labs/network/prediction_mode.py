"""Answers beside targets: a frozen copy is asked, shown, and written to a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataSet
from playground.engine.predictions import Predictions
from playground.engine.snapshots import Snapshot
from playground.session.network_document import NetworkDocument
from playground.session.predicting import Predicting
from playground.views.data.naming import input_names
from playground.views.data.panel import DataPanel
from playground.views.data.prediction_sheet import PredictionSheet
from playground.views.file_choice import ask_to_save
from playground.views.look import Look

NOTHING_YET = "The network is still being loaded: measure again in a moment."


class PredictionMode(QObject):
    """Ties the sheet of answers to the document."""

    def __init__(
        self, document: NetworkDocument, predicting: Predicting, panel: DataPanel, look: Look, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._panel, self._look = document, panel, look
        self._predicting = predicting
        self._sheet: PredictionSheet | None = None
        predicting.found.connect(self._show)
        predicting.exported.connect(self._exported)
        document.data_changed.connect(self._data_changed)

    @property
    def sheet(self) -> PredictionSheet:
        """Return the sheet; it is made when it is first wanted."""
        if self._sheet is None:
            self._sheet = sheet = PredictionSheet(self._look, self._panel.window())
            sheet.asked.connect(self._ask)
            sheet.export_requested.connect(self._choose_file)
            sheet.stop_requested.connect(self._predicting.cancel)
            sheet.finished.connect(self._leave)
            self._predicting.progressed.connect(sheet.show_progress)
            self._predicting.ended.connect(sheet.hide_progress)
            self._predicting.failed.connect(sheet.show_error)
        return self._sheet

    def open(self) -> None:
        """Show the answers to the validation part, or the one that was looked at last."""
        self.sheet.begin()

    def render(self, snapshot: Snapshot) -> None:
        """Say whether the network has gone on since it was asked."""
        if self._sheet is not None and self._sheet.isVisible():
            self._sheet.render_step(snapshot.step)

    def _ask(self, part: str) -> None:
        self._document.request_checkpoint(partial(self._received, self._document.data, part))

    def _received(self, data: DataSet, part: str, checkpoint: Checkpoint | None) -> None:
        if checkpoint is None:
            self.sheet.show_error(NOTHING_YET)
        else:
            self._predicting.ask(checkpoint, data, part)

    def _show(self, found: Predictions) -> None:
        if found.data is self._document.data:
            self.sheet.show_found(found, input_names(found.data))
            if self._document.snapshot is not None:
                self.sheet.render_step(self._document.snapshot.step)

    def _choose_file(self, part: str) -> None:
        start = f"{Path(self._document.data.name).stem}, {part}.csv"
        ask_to_save(self.sheet, "Export the answers", start, "Tables (*.csv)", partial(self._export, part))

    def _export(self, part: str, name: str) -> None:
        data = self._document.data

        def received(checkpoint: Checkpoint | None) -> None:
            if checkpoint is None:
                self.sheet.show_error(NOTHING_YET)
            else:
                self._predicting.export(checkpoint, data, part, Path(name), input_names(data))

        self._document.request_checkpoint(received)

    def _exported(self, path: Path) -> None:
        self._document.said.emit(f"The answers were written to {path}.")

    def _data_changed(self, _data: DataSet) -> None:
        if self._sheet is not None:
            self._sheet.show_stale()

    def _leave(self, _result: int) -> None:
        self._predicting.cancel()
