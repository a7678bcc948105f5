"""The open project as a whole: its document, its data, its files, and the clock of the screen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from playground.engine.settings import Settings
from playground.session.document import NetworkDocument
from playground.session.frames import FrameClock
from playground.session.loading import DataLoading


class Workspace(QObject):
    """What lives as long as the window: labs are handed this one object.

    ``cache`` is the folder of generated and downloaded data.
    """

    def __init__(self, cache: Path, parent: QObject | None = None, *, settings: Settings | None = None) -> None:
        super().__init__(parent)
        self.document = NetworkDocument(self, settings=settings)
        self.loading = DataLoading(cache, self)
        self.clock = FrameClock(self.document, self)

    def start(self, preset: str | None = "easy") -> None:
        """Start the training thread (which imports torch) and draw the first digits; call it once the window stands."""
        self.document.start_thread()
        self.clock.wake()
        if preset is not None:
            self.loading.digits(preset)

    def close(self) -> None:
        """Stop clock, loading and training."""
        self.clock.close()
        self.loading.close()
        self.document.close()
