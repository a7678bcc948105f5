"""Who has a project open: a lock file beside it, so that a second window is told before both save over each other."""

from __future__ import annotations

import contextlib
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from playground.engine.atomic_file import WriteError, write_text_atomically
from playground.engine.plain_json import JsonError, json_object, to_json
from playground.session.processes import Process, this_process

_GUARD_WAIT_MS = 2_000
_GUARD_STALE_MS = 10_000
_MAX_BYTES = 10_000


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: a process, one of its windows (``token``), and since when (seconds since 1970)."""

    process: Process
    token: str
    since: float

    @property
    def sentence(self) -> str:
        """Return where and since when, as the end of a sentence."""
        opened = datetime.fromtimestamp(self.since).astimezone()
        today = datetime.now().astimezone().date()
        when = f"{opened:%H:%M}" if opened.date() == today else f"{opened:%Y-%m-%d %H:%M}"
        if not self.process.is_here:
            return f"on the computer {self.process.host} since {when}"
        own = self.process == this_process()
        return f"in another window since {when}" + ("" if own else f" (process {self.process.pid})")


class LockedError(ValueError):
    """The project is open elsewhere; the text is a sentence for the user, ``holder`` says where."""

    def __init__(self, path: Path, holder: Holder) -> None:
        super().__init__(
            f"{path.name} is open {holder.sentence}: what is saved there and here would replace each other. "
            "Save under another name, or close it there first."
        )
        self.holder = holder


class ProjectLock:
    """The lock on one project file; make it with `lock_project`.

    ``is_held`` is False where no lock file could be written (a read-only folder): nobody can save there either.
    """

    def __init__(self, path: Path, token: str, *, is_held: bool) -> None:
        self.path = path
        self._token = token
        self.is_held = is_held

    def release(self) -> None:
        """Give the project free; a lock that somebody has taken over since is left to them."""
        if self.is_held:
            self.is_held = False
            holder = _holder(lock_path(self.path))
            if holder is not None and holder.token == self._token:
                with contextlib.suppress(OSError):
                    lock_path(self.path).unlink()


def lock_path(path: str | Path) -> Path:
    """Return where the lock of a project file lies: beside it, hidden."""
    target = Path(path).resolve()
    return target.with_name(f".{target.name}.lock")


def lock_project(path: str | Path, *, by_force: bool = False) -> ProjectLock:
    """Lock a project file, which need not exist yet.

    The lock of a process that has died, also by kill -9 or with the whole computer, is taken over. ``by_force``
    takes any lock over: the user has been asked.

    Raises
    ------
    LockedError
        When a live window, here or on another computer that shares the folder, has it open.
    """
    from PySide6.QtCore import QLockFile  # who only asks for the holder, on the command line, needs no Qt

    project = Path(path).resolve()
    file = lock_path(project)
    token = uuid.uuid4().hex
    guard = QLockFile(f"{file}.guard")  # so that of two windows that meet a stale lock only one takes it over
    guard.setStaleLockTime(_GUARD_STALE_MS)
    is_guarded = guard.tryLock(_GUARD_WAIT_MS)
    try:
        holder = _holder(file)
        if holder is not None and holder.process.is_alive and not by_force:
            raise LockedError(project, holder)
        try:
            write_text_atomically(file, to_json(_to_json(Holder(this_process(), token, time.time()))))
        except WriteError:
            return ProjectLock(project, token, is_held=False)
        return ProjectLock(project, token, is_held=True)
    finally:
        if is_guarded:
            guard.unlock()


def holder_of(path: str | Path) -> Holder | None:
    """Return who has a project open, None where nobody has that is still alive."""
    holder = _holder(lock_path(path))
    return holder if holder is not None and holder.process.is_alive else None


def _holder(file: Path) -> Holder | None:
    """Return what the lock file says; one that says nothing sensible locks nobody out."""
    try:
        with file.open("rb") as stream:
            value = json_object(stream.read(_MAX_BYTES))
    except (OSError, JsonError):
        return None
    process, token, since = Process.from_json(value.get("process")), value.get("token"), value.get("since")
    if process is None or not isinstance(token, str) or isinstance(since, bool) or not isinstance(since, int | float):
        return None
    return Holder(process, token, min(max(float(since), 0.0), time.time()))


def _to_json(holder: Holder) -> dict[str, Any]:
    return {"process": holder.process.to_json(), "token": holder.token, "since": holder.since}
