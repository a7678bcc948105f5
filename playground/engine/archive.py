"""Zip archives from outside, read without trusting them. Torch-free.

Nothing is ever unpacked to the disk. Before anything is read the size of the table of contents, the number of the
entries, their names, what they promise to unpack to and how that compares with the size of the file are bounded.
"""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib
from typing import BinaryIO

MAX_ENTRIES = 4_096
MAX_DIRECTORY_BYTES = 4 << 20
TRUSTED_BYTES = 64 << 20  # up to this size even a file of nothing but zeros may be packed
MAX_RATIO = 100  # above it
CHUNK = 1 << 20

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR_SIZE = 20
_END64 = struct.Struct("<4sQ2H2L4Q")
_IS_ENCRYPTED = 0x1
_PART = re.compile(r"[^\x00-\x1f\x7f\\/:]{1,200}")

_FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    KeyError,
    IndexError,
)


class ArchiveError(ValueError):
    """An archive that cannot be read; the text is a sentence for the user that names the file."""


class Archive:
    """The entries of a zip archive by name.

    Parameters
    ----------
    stream : binary file
        Seekable; it stays open as long as entries are read.
    name : str
        How the file is called in sentences.

    Raises
    ------
    ArchiveError
        When it is no sound archive or one that would unpack to far more than it holds.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._name = name
        try:
            size = stream.seek(0, os.SEEK_END)
            self._check_directory(stream, size)
            stream.seek(0)
            self._zip = zipfile.ZipFile(stream)
            entries = self._zip.infolist()
        except ArchiveError:
            raise
        except _FAULTS as error:
            raise self._damaged(error) from error
        self._check_entries(entries, size)  # first: zipfile itself stumbles over an entry without a name
        self._entries = {entry.filename: entry for entry in entries if not entry.is_dir()}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all entries but the folders."""
        return tuple(self._entries)

    def size(self, name: str) -> int:
        """Return how many bytes an entry promises to unpack to, 0 where there is none."""
        entry = self._entries.get(name)
        return 0 if entry is None else entry.file_size

    def read(self, name: str, limit: int) -> bytearray:
        """Return the content of an entry.

        Raises
        ------
        ArchiveError
            When it is missing, larger than ``limit`` bytes, damaged or cut off.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise ArchiveError(f"{self._name} is incomplete: '{name}' is missing in it. Use a copy of the file.")
        if entry.file_size > limit:
            raise ArchiveError(
                f"{self._name} is not opened: '{name}' in it has {entry.file_size:,} bytes, "
                f"more than the {limit:,} that can belong there."
            )
        content = bytearray()
        try:
            with self._zip.open(entry) as stream:
                while chunk := stream.read(min(CHUNK, limit + 1 - len(content))):
                    content += chunk
        except _FAULTS as error:
            raise self._damaged(error, name) from error
        if len(content) != entry.file_size:
            raise ArchiveError(f"{self._name} is damaged: '{name}' in it is cut off. Use a copy of the file.")
        return content

    def _damaged(self, error: BaseException, name: str = "") -> ArchiveError:
        if isinstance(error, OSError) and error.strerror and not isinstance(error, zipfile.BadZipFile):
            return ArchiveError(f"{self._name} cannot be read: the system says: {error.strerror}.")
        where = f": '{name[:80]}' in it cannot be unpacked" if name else " or cut off"
        return ArchiveError(f"{self._name} is damaged{where}. Use a copy of the file.")

    def _check_directory(self, stream: BinaryIO, size: int) -> None:
        """Bound the table of contents before zipfile reads the whole of it."""
        tail_size = min(size, _END.size + 0xFFFF)
        stream.seek(size - tail_size)
        tail = stream.read(tail_size)
        place = tail.rfind(b"PK\5\6")
        if place < 0 or len(tail) - place < _END.size:
            if tail.startswith(b"PK") or (size > tail_size and _starts_as_zip(stream)):
                raise ArchiveError(f"{self._name} is cut off: its end is missing. Use a copy of the file.")
            raise ArchiveError(f"{self._name} is not a zip archive: choose another file.")
        found = _END.unpack_from(tail, place)
        count, length = found[4], found[5]
        locator_place = size - tail_size + place - _END64_LOCATOR_SIZE
        if locator_place >= 0:
            stream.seek(locator_place)
            if stream.read(4) == b"PK\6\7":
                # zipfile looks for the record right in front of the locator, whatever the locator says
                stream.seek(max(0, locator_place - _END64.size))
                found64 = _END64.unpack(stream.read(_END64.size))
                if found64[0] == b"PK\6\6":
                    count, length = found64[7], found64[8]
        if length > MAX_DIRECTORY_BYTES or count > MAX_ENTRIES:
            raise ArchiveError(f"{self._name} is not opened: it lists more entries than can belong there.")

    def _check_entries(self, entries: list[zipfile.ZipInfo], size: int) -> None:
        if len(entries) > MAX_ENTRIES:
            raise ArchiveError(f"{self._name} is not opened: it lists {len(entries):,} entries.")
        if len({entry.filename for entry in entries}) != len(entries):
            raise ArchiveError(f"{self._name} is not opened: it holds two entries of the same name.")
        for entry in entries:
            # orig_filename: zipfile itself cuts a name off at a NUL
            if not is_plain_path(entry.orig_filename.removesuffix("/")):
                raise ArchiveError(
                    f"{self._name} is not opened: it holds an entry of the name {entry.orig_filename[:80]!r}."
                )
            if entry.flag_bits & _IS_ENCRYPTED:
                raise ArchiveError(f"{self._name} is encrypted: unpack it with its password and pack it without one.")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ArchiveError(f"{self._name} is packed in a way that is not supported: pack it as a usual zip.")
        total = sum(entry.file_size for entry in entries)
        if total > TRUSTED_BYTES and total > MAX_RATIO * size:
            raise ArchiveError(
                f"{self._name} is not opened: its {size:,} bytes would unpack to {total:,}, which no real file does."
            )


def is_plain_path(name: str) -> bool:
    """Say whether ``name`` is a relative path of ordinary names joined by ``/``: no ``..``, no drive, no root."""
    parts = name.split("/")
    return len(name) <= 400 and all(_PART.fullmatch(part) and part not in (".", "..") for part in parts)


def _starts_as_zip(stream: BinaryIO) -> bool:
    stream.seek(0)
    return stream.read(2) == b"PK"
