"""Files that are dropped on the window or named on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QUrl

from playground.labs.base import Message

PROJECT_SUFFIX = ".playground"


def local_paths(urls: Iterable[QUrl]) -> tuple[str, ...]:
    """Return the paths of files of this machine."""
    return tuple(url.toLocalFile() for url in urls if url.isLocalFile())


def project_of(paths: tuple[str, ...]) -> Path | None:
    """Return the one project that was dropped, None where it is something else."""
    return Path(paths[0]) if len(paths) == 1 and paths[0].endswith(PROJECT_SUFFIX) else None


def nothing_opens(paths: tuple[str, ...]) -> Message:
    """Return the answer to files that no lab opens."""
    names = ", ".join(Path(path).name for path in paths[:3]) + (" …" if len(paths) > 3 else "")
    return Message(
        f"{names}: nothing here can open that. Drop a project (*{PROJECT_SUFFIX}), a table, arrays, IDX files "
        "or a picture.",
        kind="drop",
        is_error=True,
    )
