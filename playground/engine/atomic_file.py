"""Files that are either the old one or the new one, whatever happens in between. Torch-free."""

from __future__ import annotations

import contextlib
import errno
import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

_LEFTOVER_SECONDS = 3_600  # no writing takes as long: what is older was left behind by a process that died

_REASONS = {
    errno.ENOSPC: "the disk is full: free some space or choose another folder",
    errno.EDQUOT: "your share of the disk is used up: free some space or choose another folder",
    errno.EFBIG: "the disk or the system does not take files as large: choose another folder",
    errno.EACCES: "you may not write there: choose another folder",
    errno.EPERM: "you may not write there: choose another folder",
    errno.EROFS: "that disk is read-only: choose another folder",
    errno.ENOENT: "that folder does not exist: choose another one",
    errno.ENOTDIR: "that folder does not exist: choose another one",
    errno.EISDIR: "there is a folder of that name: choose another name",
    errno.ENAMETOOLONG: "the name is too long: choose a shorter one",
    errno.EIO: "the disk reports an error: choose another one",
}


class WriteError(ValueError):
    """A file that could not be written; what stood there before still stands. The text is a sentence for the user."""


def why(error: OSError) -> str:
    """Return in words what the system says, and what to do about it."""
    known = _REASONS.get(error.errno or 0)
    return known or f"the system says: {error.strerror or error}"


def write_atomically(path: str | Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file so that a crash at any moment leaves the old file or the new one, whole.

    ``write`` fills a temporary file in the same folder; it is synced to the disk, takes the place of ``path`` in
    one rename, and the folder is synced. A symbolic link is followed; the permissions of an old file are kept.

    Parameters
    ----------
    path : str or Path
        The file to write or replace.
    write : callable
        Gets the temporary file, opened for binary writing and seekable.

    Raises
    ------
    WriteError
        When it could not be written; the temporary file is gone and the old file untouched.
    """
    path = Path(path)
    try:
        target = _resolved(path)
        _sweep(target)
        temporary = target.with_name(f"{_leftover_start(target)}{uuid.uuid4().hex}.part")
        try:
            _fill(temporary, target, write)
            temporary.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        _sync_folder(target.parent)
    except OSError as error:
        raise WriteError(f"{path.name} could not be saved in {path.absolute().parent}: {why(error)}.") from error


def write_text_atomically(path: str | Path, text: str) -> None:
    """Write a text file as UTF-8, by `write_atomically` (raises WriteError)."""

    def write(stream: BinaryIO) -> None:
        stream.write(text.encode("utf-8"))

    write_atomically(path, write)


def remove_leftovers(path: str | Path) -> None:
    """Remove what processes that died while they wrote ``path`` have left beside it, however young."""
    _sweep(Path(path), min_age=0.0)


def _resolved(path: Path) -> Path:
    try:
        target = path.resolve()
        is_folder = target.is_dir()
    except (RuntimeError, ValueError) as error:  # a loop of links, a NUL in the name
        raise WriteError(f"{str(path)[:200]!r} is no path to which anything can be saved.") from error
    if is_folder:
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    return target


def _fill(temporary: Path, target: Path, write: Callable[[BinaryIO], None]) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(temporary, flags, 0o666), "w+b") as stream:
        with contextlib.suppress(OSError):
            temporary.chmod(target.stat().st_mode & 0o777)
        write(stream)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last; systems that cannot sync a folder do without."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _leftover_start(target: Path) -> str:
    return f".{target.name.encode('utf-8', 'surrogateescape')[:120].decode('utf-8', 'ignore')}."


def _sweep(target: Path, min_age: float = _LEFTOVER_SECONDS) -> None:
    start = _leftover_start(target)
    with contextlib.suppress(OSError):
        for entry in list(target.parent.iterdir()):
            middle = entry.name.removeprefix(start).removesuffix(".part")
            if entry.name == f"{start}{middle}.part" and len(middle) == 32:
                with contextlib.suppress(OSError):
                    if time.time() - entry.stat().st_mtime >= min_age:
                        entry.unlink()
