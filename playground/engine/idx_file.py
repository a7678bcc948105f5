"""IDX files, the format of MNIST, Fashion-MNIST and KMNIST, plain or gzip. Torch-free; the files are not trusted.

The format: two zero bytes, a type byte, the number of dimensions, each dimension as a big-endian 32-bit number, then
the values, big-endian, the last dimension running fastest.
"""

from __future__ import annotations

import gzip
import stat
import zlib
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.datasets import DataError, IsCancelled, Progress, report

MAX_BYTES = 1 << 30  # of one unpacked file
MAX_DIMENSIONS = 3
GZIP_TRUSTED_BYTES = 1 << 26  # below this size even a file of nothing but zeros may be packed
GZIP_MAX_RATIO = 100  # above it; MNIST packs 5 to 1
CHUNK = 1 << 20

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}

FOREIGN = (
    (b"PK", "a ZIP archive: unpack it first"),
    (b"\x89PNG", "a PNG picture: drop it on the drawing pad"),
    (b"\xff\xd8\xff", "a JPEG picture: drop it on the drawing pad"),
    (b"\x93NUMPY", "a NumPy file: save it as IDX"),
    (b"<", "a web page or XML, as a failed download leaves it: download it again"),
    (b"7z", "a 7z archive: unpack it first"),
    (b"BZh", "a bzip2 archive: unpack it first"),
)


def read_idx(
    path: str | Path, *, progress: Progress | None = None, cancelled: IsCancelled | None = None
) -> NDArray[Any]:
    """Read an IDX file; whether it is packed by gzip is seen by its content, not by its name.

    Nothing is allocated on the word of the header alone: it must agree with the size of the file, and what gzip
    unpacks is bounded by what the header promises.

    Parameters
    ----------
    path : str or Path
        An ordinary file.
    progress, cancelled : callables, optional
        See `playground.engine.datasets.report`.

    Returns
    -------
    ndarray of 1 to 3 dimensions
        Read-only, native byte order; uint8, int8, int16, int32, float32 or float64.

    Raises
    ------
    DataError
        When it cannot be read or is no sound IDX file.
    Cancelled
        When ``cancelled`` said so.
    """
    path = Path(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "is a folder" if stat.S_ISDIR(status.st_mode) else "is no ordinary file"
            raise DataError(f"{path} {kind}: choose an IDX file.")
        with path.open("rb") as raw:
            is_packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            if not is_packed:
                return _read_stream(raw, path, status.st_size, None, progress, cancelled)
            with gzip.GzipFile(fileobj=raw) as unpacked:
                return _read_stream(unpacked, path, None, status.st_size, progress, cancelled)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path} is damaged or cut off inside its gzip packing: get the file again.") from error
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"{path} cannot be read ({reason}): choose another file.") from error
    except MemoryError as error:
        raise DataError(f"{path} needs more memory than this computer has free.") from error


def _read_stream(
    stream: IO[bytes] | gzip.GzipFile,
    path: Path,
    size: int | None,
    packed_size: int | None,
    progress: Progress | None,
    cancelled: IsCancelled | None,
) -> NDArray[Any]:
    """Read header and values; ``size`` is that of a plain file, ``packed_size`` that of a packed one."""
    dtype, shape, header_size = _header(stream, path)
    expected = prod(shape) * dtype.itemsize
    says = f"{path} says that it holds {' × '.join(f'{length:,}' for length in shape)} values"
    if expected > MAX_BYTES:
        raise DataError(f"{says}; more than {MAX_BYTES:,} bytes are not read. Use a smaller part of the data.")
    if size is not None and size - header_size != expected:
        what = "is cut off" if size - header_size < expected else "has other content after them"
        raise DataError(
            f"{says} ({expected:,} bytes), but {what}: there are {size - header_size:,}. Get the file again."
        )
    if packed_size is not None and expected > GZIP_TRUSTED_BYTES and expected > GZIP_MAX_RATIO * packed_size:
        raise DataError(
            f"{says} ({expected:,} bytes) in {packed_size:,} packed ones; that is no real data. Get it elsewhere."
        )
    content = bytearray()
    while len(content) < expected:
        chunk = stream.read(min(CHUNK, expected - len(content)))
        if not chunk:
            raise DataError(f"{says} ({expected:,} bytes), but is cut off after {len(content):,}. Get it again.")
        content += chunk
        report(progress, cancelled, len(content) / expected, f"Reading {path.name}")
    if stream.read(1):
        raise DataError(f"{says} ({expected:,} bytes), but has other content after them. Get the file again.")
    values = np.frombuffer(content, dtype).reshape(shape)
    values = values.astype(dtype.newbyteorder("="), copy=False)
    values.setflags(write=False)
    return values


def _header(stream: IO[bytes] | gzip.GzipFile, path: Path) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """Return the type, the shape and the length of the header."""
    start = stream.read(4)
    if not start:
        raise DataError(f"{path} is empty: get the file again.")
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in TYPES or start[3] == 0:
        for magic, hint in FOREIGN:
            if start.startswith(magic):
                raise DataError(f"{path} is not an IDX file but {hint}.")
        raise DataError(f"{path} is not an IDX file: it does not begin as one. Choose another file.")
    dimensions = start[3]
    if dimensions > MAX_DIMENSIONS:
        raise DataError(
            f"{path} has {dimensions} dimensions; grey images have {MAX_DIMENSIONS} (number, rows, columns) and "
            "labels 1. Choose another file."
        )
    sizes = stream.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise DataError(f"{path} is cut off within its header: get the file again.")
    shape = tuple(int.from_bytes(sizes[4 * i : 4 * i + 4], "big") for i in range(dimensions))
    return np.dtype(TYPES[start[2]]), shape, 4 + 4 * dimensions
