"""A folder of pictures that was opened or dropped: looked at, and made the data in use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from playground.labs.network.data_preview import DataPreview
from playground.session.image_reading import ImageReading
from playground.session.network_document import NetworkDocument
from playground.views.data.panel import DataPanel
from playground.views.look import Look

if TYPE_CHECKING:  # the sheet is imported when it is opened
    from playground.engine.image_folder import ImageFolder
    from playground.engine.image_survey import ImageSurvey
    from playground.engine.picture_fitting import ImageChoice
    from playground.views.data.image_sheet import ImageSheet


class ImagePreview(DataPreview["ImageSheet", ImageReading]):
    """Ties the sheet to the reading of pictures and to the document."""

    def __init__(
        self, document: NetworkDocument, reading: ImageReading, panel: DataPanel, look: Look, parent: QObject
    ) -> None:
        super().__init__(document, reading, panel, look, parent)
        self._folder: ImageFolder | None = None
        reading.surveyed.connect(self._surveyed)
        reading.made.connect(self._take)

    def _new_sheet(self, window: QWidget) -> ImageSheet:
        from playground.views.data.image_sheet import ImageSheet

        return ImageSheet(self._look, window)

    def open(self, path: Path) -> None:
        """Show what is in a folder."""
        self._folder = None
        self.sheet.begin(path.name or str(path))
        self._reading.survey(path)

    def _surveyed(self, survey: ImageSurvey) -> None:
        self._folder = survey.folder
        self.sheet.show_survey(survey)

    def _use(self, choice: ImageChoice) -> None:
        if self._folder is not None:
            self._reading.make(self._folder, choice)

    def _leave(self, result: int) -> None:
        super()._leave(result)
        self._folder = None
