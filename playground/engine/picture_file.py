"""Picture files from outside (PNG, JPEG, BMP, GIF, WebP, TIFF), of bounded size, as arrays of bytes. Torch-free.

Pillow reads them: the engine works where there is no Qt, as on a server that only trains.
"""

from __future__ import annotations

import io
import stat
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.datasets import DataError

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
MAX_BYTES = 64 << 20  # of one file
MAX_PIXELS = 50_000_000  # of one picture
MAX_STRIP = 100  # how much longer one side may be than the other

Picture = NDArray[np.uint8]  # [h, w] or [h, w, 3]

_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
_BROKEN = (
    OSError, ValueError, TypeError, KeyError, IndexError, SyntaxError, EOFError, OverflowError, AttributeError,
    RuntimeError, struct.error, RuntimeWarning, UserWarning,
)  # fmt: skip  # what Pillow raises for bytes that are no picture, or for half of one


class PictureError(DataError):
    """A picture that cannot be used; the text goes on where the name of the file has ended."""


def picture_bytes(path: Path) -> bytes:
    """Return the content of a picture file (raises PictureError)."""
    try:
        _refuse_devices(path)
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise PictureError(f"could not be read ({error.strerror or error})") from error
    if len(content) > MAX_BYTES:
        raise PictureError(f"is larger than {MAX_BYTES >> 20} MB")
    if not content:
        raise PictureError("is empty")
    return content


def picture_size(path: Path) -> tuple[int, int]:
    """Return rows and columns as the head of a file tells them; nothing is decoded (raises PictureError)."""
    try:
        _refuse_devices(path)
        with path.open("rb") as stream, _opened(stream) as image:
            width, height = image.size
            is_turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    except PictureError:
        raise
    except _BROKEN as error:
        raise PictureError(_why(error)) from error
    return (width, height) if is_turned else (height, width)


def read_picture(content: bytes, *, colour: bool, side: int) -> Picture:
    """Decode a picture; of an animation the first frame.

    Parameters
    ----------
    content : bytes
        Of the file.
    colour : bool
        Whether three channels are wanted, else luminance (ITU-R BT.601).
    side : int
        Pixels that are needed a side: a JPEG that is much larger is decoded at half, a quarter or an eighth.

    Returns
    -------
    ndarray [h, w] or [h, w, 3], uint8
        Transparent pixels are white, or black where all that is drawn is light.

    Raises
    ------
    PictureError
        Where it is damaged, cut off, none, or too large; the sentence lacks the file's name.
    """
    from PIL import ImageOps

    try:
        with _opened(io.BytesIO(content)) as image:
            if image.format == "JPEG":
                image.draft("RGB" if colour else "L", (2 * side, 2 * side))
            image.load()
            return _array(ImageOps.exif_transpose(image), colour=colour)
    except PictureError:
        raise
    except MemoryError as error:
        raise PictureError("needs more memory than this computer has free") from error
    except _BROKEN as error:
        raise PictureError(_why(error)) from error


def _refuse_devices(path: Path) -> None:
    """Raise PictureError for pipes and their like, on which reading would wait for ever."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise PictureError("is no ordinary file")


def _opened(stream: Any) -> Any:
    """Open a picture by its head; its size is checked before anything of that size is made."""
    from PIL import Image

    try:
        image = Image.open(stream, formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(f"has more than {MAX_PIXELS // 1_000_000} million pixels") from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        image.close()
        raise PictureError(f"has {height:,} × {width:,} pixels, more than {MAX_PIXELS // 1_000_000} million")
    if max(width, height) > MAX_STRIP * min(width, height):
        image.close()
        raise PictureError(f"is a strip of {height:,} × {width:,} pixels")
    return image


def _why(error: BaseException) -> str:
    from PIL import UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return "is no picture, whatever its name says"
    reason = (str(error).splitlines() or [""])[0].strip().rstrip(".")[:80]
    return f"is damaged ({reason})" if reason else "is damaged"


def _array(image: Any, *, colour: bool) -> Picture:
    if image.mode.startswith(("I", "F")):
        grey = _as_bytes(np.asarray(image))
        return np.repeat(grey[..., None], 3, axis=2) if colour else grey
    if image.has_transparency_data:
        image = _on_paper(image.convert("RGBA"))
    return np.array(image.convert("RGB" if colour else "L"), np.uint8)


def _as_bytes(values: NDArray[Any]) -> Picture:
    """Return greys of 16 or 32 bits, or fractions, as bytes: by what their largest value needs."""
    grey = np.nan_to_num(np.asarray(values, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    most = float(grey.max(initial=0.0))
    if values.dtype.kind == "f" and most <= 1:
        scale = 255.0
    elif most <= 255 and values.dtype.itemsize > 2:
        scale = 1.0
    else:
        scale = 255 / max(65_535.0, most)
    return np.rint(np.clip(grey * scale, 0, 255)).astype(np.uint8)


def _on_paper(image: Any) -> Any:
    """Return a picture without transparency, on white paper, or on black where what is drawn is light."""
    from PIL import Image

    alpha = np.asarray(image.getchannel("A"), np.float64)
    grey = np.asarray(image.convert("RGB").convert("L"), np.float64)
    opaque = float((grey * alpha).sum() / max(float(alpha.sum()), 1.0))
    ground = 0 if opaque > 127 and float(alpha.mean()) < 127 else 255
    paper = Image.new("RGBA", image.size, (ground, ground, ground, 255))
    return Image.alpha_composite(paper, image)
