"""Looking at a folder of pictures, and making data of it, off the window's thread: one thing at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from playground.engine.datasets import DataSet, IsCancelled, Progress
from playground.session.one_job import OneJob

if TYPE_CHECKING:  # the readers are imported when a folder is read: no window waits for them
    from playground.engine.image_folder import ImageFolder
    from playground.engine.image_survey import ImageSurvey
    from playground.engine.picture_fitting import ImageChoice


class ImageReading(OneJob):
    """What a folder holds, and the data that are made of it."""

    surveyed = Signal(object)  # ImageSurvey
    made = Signal(object)  # DataSet

    def survey(self, path: Path) -> None:
        """Find the pictures of a folder, their sizes, and a few of them to be shown."""

        def work(progress: Progress, cancelled: IsCancelled) -> ImageSurvey:
            from playground.engine.image_survey import survey_images

            return survey_images(path, progress=progress, cancelled=cancelled)

        self._begin(work, self.surveyed.emit)

    def make(self, folder: ImageFolder, choice: ImageChoice) -> None:
        """Read the pictures that were found and make data of them."""

        def work(progress: Progress, cancelled: IsCancelled) -> DataSet:
            from playground.engine.image_data import image_data

            return image_data(folder.path, choice, folder=folder, progress=progress, cancelled=cancelled)

        self._begin(work, self.made.emit)
