"""Taking in pictures: a drop, the clipboard or a file, read beside the window, and the ink found in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QThread, Signal

from playground.engine.images import from_photo
from playground.views.data.pictures import Picture, PictureError, picture_from_file, reader_of


class InkFinder(QThread):
    """Reads a picture and finds the ink in it, beside the window: a large photo takes a tenth of a second."""

    found = Signal(object)
    failed = Signal(str)

    def __init__(self, read: Callable[[], Picture], parent: QObject) -> None:
        super().__init__(parent)
        self._read = read

    def run(self) -> None:
        """Tell the ink ``[h, w]``, 0 to 1, or why there is none."""
        try:
            ink = from_photo(self._read())
        except MemoryError:
            self.failed.emit("There is not enough memory for that picture: use a smaller one.")
        except ValueError as error:
            self.failed.emit(str(error))
        else:
            if ink.any():
                self.found.emit(ink)
            else:
                self.failed.emit("Nothing in that picture stands out from its paper: use one with more contrast.")


class PictureIntake(QObject):
    """Reads one picture after the other; ``found`` carries the ink ``[h, w]``, ``failed`` a sentence."""

    found = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._finder: InkFinder | None = None  # while a picture is being read

    def take(self, mime: QMimeData) -> None:
        """Take what was dropped or copied."""
        try:
            self._start(reader_of(mime))
        except PictureError as error:
            self.failed.emit(str(error))

    def open(self, path: Path) -> None:
        """Take a file."""
        self._start(lambda: picture_from_file(path))

    def wait(self) -> None:
        """Wait until nothing is being read."""
        if self._finder is not None:
            self._finder.wait()

    def is_reading(self) -> bool:
        """Return whether a picture is being read."""
        return self._finder is not None and self._finder.isRunning()

    def _start(self, read: Callable[[], Picture]) -> None:
        self.wait()
        self._finder = InkFinder(read, self)
        self._finder.found.connect(self.found)
        self._finder.failed.connect(self.failed)
        self._finder.finished.connect(self._forget)
        self._finder.start()

    def _forget(self) -> None:
        finder = self.sender()
        if isinstance(finder, InkFinder):
            finder.deleteLater()
            if finder is self._finder:
                self._finder = None
