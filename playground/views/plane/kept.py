"""A picture that stays from frame to frame, drawn anew only for something else."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap


class KeptPicture:
    """Keeps a picture together with what it was drawn for."""

    def __init__(self) -> None:
        self._key: Hashable = None
        self._picture = QPixmap()

    def of(self, key: Hashable, size: QSize, ratio: float, draw: Callable[[QPainter], None]) -> QPixmap:
        """Return the picture for ``key``, in device-independent pixels as large as ``size``; ``draw`` makes it."""
        whole = (key, size.width(), size.height(), ratio)
        if whole != self._key:
            self._key = whole
            self._picture = QPixmap(size * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            draw(painter)
            painter.end()
        return self._picture
