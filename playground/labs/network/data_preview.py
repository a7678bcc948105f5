"""A file or folder that was opened or dropped: looked at on a sheet of its own, and made the data in use."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from playground.engine.datasets import DataError, DataSet
from playground.engine.spec import SpecError
from playground.session.network_document import NetworkDocument
from playground.session.one_job import OneJob
from playground.views.data.data_sheet import DataSheet
from playground.views.data.panel import DataPanel
from playground.views.look import Look

_Sheet = TypeVar("_Sheet", bound=DataSheet)
_Reading = TypeVar("_Reading", bound=OneJob)


class DataPreview(QObject, Generic[_Sheet, _Reading]):
    """Ties a sheet to what reads for it and to the document."""

    def __init__(
        self, document: NetworkDocument, reading: _Reading, panel: DataPanel, look: Look, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._reading, self._panel, self._look = document, reading, panel, look
        self._sheet: _Sheet | None = None

    @property
    def sheet(self) -> _Sheet:
        """Return the sheet; it is made when it is first wanted."""
        if self._sheet is None:
            self._sheet = sheet = self._new_sheet(self._panel.window())
            sheet.used.connect(self._use)
            sheet.stop_requested.connect(self._stop)
            sheet.finished.connect(self._leave)
            self._reading.progressed.connect(sheet.show_progress)
            self._reading.ended.connect(sheet.hide_progress)
            self._reading.failed.connect(sheet.show_error)
        return self._sheet

    def _new_sheet(self, window: QWidget) -> _Sheet:
        raise NotImplementedError

    def _use(self, choice: Any) -> None:
        """Make data of it as the sheet says."""
        raise NotImplementedError

    def _stop(self) -> None:
        self._reading.cancel()
        self.sheet.show_stopped()

    def _take(self, data: DataSet) -> bool:
        """Make these the data in use and close the sheet; say there why where that cannot be."""
        try:
            self._document.set_data(data)
        except (SpecError, DataError) as error:
            self.sheet.show_error(str(error))
            return False
        self.sheet.accept()
        return True

    def _leave(self, _result: int) -> None:
        self._reading.cancel()
