"""A folder of pictures that was opened or dropped: looked at, and made the data in use."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from playground.engine.datasets import DataError, DataSet
from playground.engine.image_folder import ImageFolder
from playground.engine.image_survey import ImageSurvey
from playground.engine.picture_fitting import ImageChoice
from playground.engine.spec import SpecError
from playground.session.image_reading import ImageReading
from playground.session.network_document import NetworkDocument
from playground.views.data.image_sheet import ImageSheet
from playground.views.data.panel import DataPanel
from playground.views.look import Look


class ImagePreview(QObject):
    """Ties the sheet to the reading of pictures and to the document."""

    def __init__(
        self, document: NetworkDocument, reading: ImageReading, panel: DataPanel, look: Look, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._reading, self._panel, self._look = document, reading, panel, look
        self._sheet: ImageSheet | None = None
        self._folder: ImageFolder | None = None
        reading.surveyed.connect(self._surveyed)
        reading.made.connect(self._made)

    @property
    def sheet(self) -> ImageSheet:
        """Return the sheet, made when it is first needed."""
        if self._sheet is None:
            self._sheet = sheet = ImageSheet(self._look, self._panel.window())
            sheet.used.connect(self._use)
            sheet.stop_requested.connect(self._stop)
            sheet.finished.connect(self._leave)
            self._reading.progressed.connect(sheet.show_progress)
            self._reading.ended.connect(sheet.hide_progress)
            self._reading.failed.connect(sheet.show_error)
        return self._sheet

    def open(self, path: Path) -> None:
        """Show what is in a folder."""
        self._folder = None
        self.sheet.begin(path.name or str(path))
        self._reading.survey(path)

    def _surveyed(self, survey: ImageSurvey) -> None:
        self._folder = survey.folder
        self.sheet.show_survey(survey)

    def _stop(self) -> None:
        self._reading.cancel()
        self.sheet.show_stopped()

    def _use(self, choice: ImageChoice) -> None:
        if self._folder is not None:
            self._reading.make(self._folder, choice)

    def _made(self, data: DataSet) -> None:
        try:
            self._document.set_data(data)
        except (SpecError, DataError) as error:
            self.sheet.show_error(str(error))
            return
        self.sheet.accept()

    def _leave(self, _result: int) -> None:
        self._reading.cancel()
        self._folder = None
