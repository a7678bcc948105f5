"""Getting data for the open network: drawn digits, files from disk, downloads; off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from playground.engine.bundled_sets import DIGITS, bundled_digits, bundled_table
from playground.engine.datasets import DataSet, IsCancelled, Progress, data_from_source
from playground.session.image_reading import ImageReading
from playground.session.one_job import OneJob
from playground.session.table_reading import TableReading

if TYPE_CHECKING:  # it and the readers of files are imported when they are asked for: no window waits for them
    from playground.session.downloads import Download


class DataLoading(OneJob):
    """One loading at a time: a later one takes the place of what still runs."""

    done = Signal(object)  # DataSet

    def __init__(self, cache: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self.tables = TableReading(self)
        self.images = ImageReading(self)
        self._download: Download | None = None

    def digits(self, preset: str) -> None:
        """Draw the digits of a preset, or take them from the cache."""
        cache = self._cache

        def work(progress: Progress, cancelled: IsCancelled) -> DataSet:
            from playground.engine.digits import digits_data  # scipy is not needed before the window stands

            return digits_data(preset, cache=cache, progress=progress, cancelled=cancelled)

        self._begin(work, self.done.emit)

    def files(self, paths: tuple[Path, ...]) -> None:
        """Open IDX files or a folder of them, numpy's arrays, a table or pictures as they look by themselves."""

        def work(progress: Progress, cancelled: IsCancelled) -> DataSet:
            from playground.engine.file_data import files_data

            return files_data(paths, progress=progress, cancelled=cancelled)

        self._begin(work, self.done.emit)

    def bundled(self, key: str, then: Callable[[Path], None]) -> None:
        """Take a set of scikit-learn: digits become data at once, a table is written out and handed to ``then``."""
        cache = self._cache

        def work(progress: Progress, _cancelled: IsCancelled) -> DataSet | Path:
            progress(0.0, "Waiting for scikit-learn")
            return bundled_digits() if key == DIGITS else bundled_table(key, cache)

        self._begin(work, self.done.emit if key == DIGITS else then)

    def source(
        self, source: Mapping[str, Any], then: Callable[[DataSet], None], otherwise: Callable[[str], None]
    ) -> None:
        """Build the data of a project again and hand them to ``then``, or the sentence why not to ``otherwise``."""
        cache = self._cache

        def work(progress: Progress, cancelled: IsCancelled) -> DataSet:
            return data_from_source(source, cache=cache, progress=progress, cancelled=cancelled)

        self._begin(work, then, otherwise)

    def preset_pictures(self, then: Callable[[dict[str, NDArray[np.uint8]]], None], count: int = 6) -> None:
        """Draw a few digits of every preset for the menu and hand them to ``then``, beside what is being loaded."""

        def work(_progress: Progress, cancelled: IsCancelled) -> dict[str, NDArray[np.uint8]]:
            from playground.engine.digits import PRESETS, generate

            return {preset: generate(count, preset, cancelled=cancelled)[0] for preset in PRESETS}

        self._start(work, then)

    def download(self, name: str) -> None:
        """Download ``mnist`` or ``fashion-mnist`` (from the cache the second time), then open it."""
        from playground.session.downloads import DOWNLOADS, Download

        self.cancel()
        title = next(title for title, data in DOWNLOADS.items() if data.folder == name)  # "Fashion-MNIST"
        download = Download(title, self._cache, parent=self)
        self._download = download
        download.progressed.connect(self.progressed)
        download.failed.connect(self._download_failed)
        download.finished.connect(self._downloaded)
        download.start()

    def _downloaded(self, folder: object) -> None:
        self._drop_download()
        self.files((Path(str(folder)),))

    def _download_failed(self, sentence: str) -> None:
        self._drop_download()
        self.failed.emit(sentence)
        self.ended.emit()

    def _drop_download(self) -> None:
        if self._download is not None:
            self._download.deleteLater()
            self._download = None

    def cancel(self) -> None:
        """Break off what is being loaded; nothing changes."""
        if self._download is not None:
            self._download.cancel()
            self._drop_download()
            self.ended.emit()
        super().cancel()

    def close(self) -> None:
        """Cancel and wait for the threads."""
        self.tables.close()
        self.images.close()
        super().close()
