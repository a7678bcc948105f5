"""Pictures from outside: files, drops and the clipboard, of bounded size, as an array of colours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

MAX_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 120_000_000
MAX_SIDE = 960  # what is kept of a picture: enough for a drawing
FORMATS = {b"png", b"jpeg", b"jpg", b"bmp", b"gif", b"webp", b"tiff", b"tif", b"ppm", b"pgm", b"pbm"}
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm")
PATTERN = " ".join(f"*{suffix}" for suffix in SUFFIXES)


class PictureError(ValueError):
    """A picture that cannot be used; the text is a sentence for the user."""


def picture_path(mime: QMimeData) -> Path | None:
    """Return the one picture file that is being dragged or pasted, by its name; None for anything else."""
    urls = mime.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in SUFFIXES else None


def has_picture(mime: QMimeData) -> bool:
    """Return whether a drag or the clipboard carries a picture or one picture file."""
    return picture_path(mime) is not None or mime.hasImage()


Picture = NDArray[np.uint8]


def reader_of(mime: QMimeData) -> Callable[[], Picture]:
    """Return what reads the picture ``[h, w, 4]`` of a drop or of the clipboard; it may run in another thread.

    Raises
    ------
    PictureError
        Where there is none.
    """
    path = picture_path(mime)
    if path is not None:
        return lambda: picture_from_file(path)
    image = mime.imageData() if mime.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return lambda: _array(image)
    raise PictureError("There is no picture in the clipboard: copy one first, or drop a PNG or JPEG file here.")


def picture_from_file(path: Path) -> Picture:
    """Return the picture ``[h, w, 4]`` in a file, shrunk to at most 960 pixels a side.

    Raises
    ------
    PictureError
        Where the file is too large, cut off, or no picture.
    """
    data = _bounded_bytes(path)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    kind = bytes(reader.format().data())
    if kind not in FORMATS:
        raise PictureError(f"{path.name} is no picture that can be read here: use a PNG or JPEG file.")
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MAX_PIXELS:
        shape = f"{size.width():,} × {size.height():,} pixels" if size.isValid() else "an unknown size"
        raise PictureError(f"{path.name} has {shape}; at most {MAX_PIXELS // 1_000_000} million pixels can be read.")
    if max(size.width(), size.height()) > MAX_SIDE:
        reader.setScaledSize(size.scaled(QSize(MAX_SIDE, MAX_SIDE), Qt.AspectRatioMode.KeepAspectRatio))
    reader.setAutoTransform(True)
    image = reader.read()
    if image.isNull():
        raise PictureError(
            f"{path.name} begins like a picture but cannot be read to its end ({reader.errorString()}): "
            "save it again, or use another file."
        )
    return _array(image)


def _bounded_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise PictureError(f"{path.name} is no file that can be opened: drop a PNG or JPEG file here.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PictureError(
            f"{path.name} could not be opened ({error.strerror}): check that you may read it."
        ) from error
    if len(data) > MAX_BYTES:
        raise PictureError(f"{path.name} is larger than {MAX_BYTES // 2**20} MB: use a smaller picture.")
    return data


def _array(image: QImage) -> Picture:
    if max(image.width(), image.height()) > MAX_SIDE:
        side = QSize(MAX_SIDE, MAX_SIDE)
        image = image.scaled(side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return pixels[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()
