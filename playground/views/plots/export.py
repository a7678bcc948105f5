"""Pictures and numbers of a plot, written whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QSaveFile, QSize
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget


class SaveError(OSError):
    """A file that could not be written; the text is a sentence for the user."""


@dataclass(frozen=True)
class Figure:
    """The widgets of one parent that make up a picture, the size of the parent, and the ground behind them."""

    parts: tuple[QWidget, ...]
    size: QSize
    ground: QColor

    def paint(self, painter: QPainter) -> None:
        """Draw ground and parts, each in its place."""
        painter.fillRect(QRect(QPoint(), self.size), self.ground)
        for part in self.parts:
            # a graphics view has another ``render``, which leaves out what lies over its scene
            QWidget.render(part, painter, part.pos(), renderFlags=QWidget.RenderFlag.DrawChildren)


def picture_of(figure: Figure, scale: float = 2.0) -> QImage:
    """Return the picture with ``scale`` pixels for each of the screen."""
    image = QImage(figure.size * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    figure.paint(painter)
    painter.end()
    return image


def png_of(figure: Figure) -> bytes:
    """Return the picture as PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture_of(figure))
    buffer.close()
    return bytes(data.data())


def svg_of(figure: Figure, title: str) -> bytes:
    """Return the picture as SVG: lines and letters, no pixels."""
    data = QByteArray()
    buffer = QBuffer(data)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(figure.size)
    generator.setViewBox(QRect(QPoint(), figure.size))
    generator.setTitle(title)
    painter = QPainter(generator)
    figure.paint(painter)
    painter.end()
    return bytes(data.data())


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path`` and put it in its place when all of it is there.

    Raises
    ------
    SaveError
        With a sentence that says why nothing was written.
    """
    file = QSaveFile(str(path))
    written = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(data) == len(data) and file.commit()
    if not written:
        reason = file.errorString().strip().rstrip(".") or "no reason was given"
        raise SaveError(f"{path.name} could not be saved in {path.parent}: {reason}. Choose another folder.")
