"""Swap files: where unsaved work lies between two autosaves, and how the next start finds it after a crash. Qt-free.

For every open window there is a record ``TOKEN.json`` in the autosave folder. It names the process, the project and two
swap files, which lie beside the project (or in the autosave folder, for work that has no file yet) and are written in
turn, each atomically: a process that is killed at any moment leaves at least one whole one.
"""

from __future__ import annotations

import contextlib
import re
import time
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playground.engine.atomic_file import WriteError, remove_leftovers, why, write_text_atomically
from playground.engine.plain_json import JsonError, json_object, to_json
from playground.engine.project_file import Project, ProjectError, load_project, read_manifest, save_project
from playground.session.processes import Process, this_process

_KEY = "autosave"  # in the manifest of a swap file
_MAX_RECORD_BYTES = 100_000
_TOKEN = re.compile(r"[0-9a-f]{32}")


class SwapPair:
    """The two swap files of one window and their record.

    Parameters
    ----------
    folder : Path
        The autosave folder.
    project : Path or None
        The project that is open; None for work that has no file yet.
    name : str
        How the work is called on the screen.
    """

    def __init__(self, folder: Path, project: Path | None, name: str) -> None:
        self._token = uuid.uuid4().hex
        self._folder = folder
        self._project = project
        self._name = name
        self._number = 0
        self._is_recorded = False
        self._swaps = _swap_paths(folder, project, self._token)

    def store(self, project: Project) -> Path:
        """Write the next swap file and return its path.

        Raises
        ------
        ProjectError
            When neither the folder of the project nor the autosave folder takes it.
        """
        try:
            return self._store(project)
        except (ProjectError, WriteError, OSError):
            beside = self._swaps
            self._swaps = _swap_paths(self._folder, None, self._token)
            if self._swaps == beside:
                raise
            self._is_recorded = False
            for path in beside:
                _remove(path)
            return self._store(project)

    def remove(self) -> None:
        """Remove swap files and record: there is nothing to recover."""
        for path in (*self._swaps, self._record):
            _remove(path)
        self._is_recorded = False

    @property
    def _record(self) -> Path:
        return self._folder / f"{self._token}.json"

    def _store(self, project: Project) -> Path:
        if not self._is_recorded:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                _write_record(self._record, this_process(), self._project, self._name, self._swaps)
            except OSError as error:
                raise ProjectError(f"Work cannot be kept in {self._folder}: {why(error)}.") from error
            except WriteError as error:
                raise ProjectError(str(error)) from error
            self._is_recorded = True
        number = self._number + 1
        path = self._swaps[number % 2]
        note = {"number": number, "at": time.time()}
        extra = replace(project.extra, manifest={**project.extra.manifest, _KEY: note})
        save_project(path, replace(project, extra=extra))
        self._number = number
        return path


@dataclass(frozen=True)
class Recovery:
    """Unsaved work of a window whose process has died.

    ``project`` is the file it belongs to (None: it had none), ``saved_at`` when it was swapped out (seconds since
    1970), ``swaps`` the swap files, the newest first.
    """

    project: Path | None
    name: str
    saved_at: float
    swaps: tuple[Path, ...]
    record: Path

    @property
    def age(self) -> float:
        """Return how many seconds ago it was swapped out."""
        return max(0.0, time.time() - self.saved_at)

    @property
    def is_older_than_file(self) -> bool:
        """Say whether the project file has been written since, by whomever."""
        with contextlib.suppress(OSError):
            return self.project is not None and self.project.stat().st_mtime > self.saved_at
        return False

    def load(self) -> Project:
        """Return the work, from the newest swap file that is whole (raises ProjectError)."""
        fault: ProjectError | None = None
        for path in self.swaps:
            try:
                found = load_project(path)
            except ProjectError as error:
                fault = fault or error
            else:
                manifest = {key: value for key, value in found.extra.manifest.items() if key != _KEY}
                return replace(found, extra=replace(found.extra, manifest=manifest))
        raise fault or ProjectError(f"The unsaved work of {self.name} is gone.")

    def discard(self) -> None:
        """Remove it for good."""
        for path in (*_pair_in(self.record), self.record):
            _remove(path)


def claim_recoveries(folder: Path) -> list[Recovery]:
    """Return the unsaved work of all windows whose processes have died, the latest first.

    What is returned belongs to this process from then on: no other one is offered it while this one lives. Records
    that lead to nothing are removed.
    """
    found = []
    for record in _records(folder):
        content = _content(record)
        process = Process.from_json(content.get("process"))
        if process is None or process.is_alive:
            continue
        recovery = _recovery(record, content)
        if recovery is None:
            _clear(record)
            continue
        with contextlib.suppress(WriteError):  # where the record cannot be changed the work is offered all the same
            _write_record(record, this_process(), recovery.project, recovery.name, _pair_in(record))
        found.append(recovery)
    return sorted(found, key=lambda recovery: recovery.saved_at, reverse=True)


def _recovery(record: Path, content: dict[str, Any]) -> Recovery | None:
    """Return what a record leads to, None where no swap file of it can be read."""
    whole: list[tuple[int, float, Path]] = []
    for path in _pair_in(record):
        with contextlib.suppress(ProjectError):
            note = read_manifest(path).get(_KEY)
            number, at = (note.get("number"), note.get("at")) if isinstance(note, dict) else (None, None)
            if isinstance(number, int) and isinstance(at, int | float):
                whole.append((number, float(at), path))
    if not whole:
        return None
    whole.sort(reverse=True)
    project, name = content.get("project"), content.get("name")
    return Recovery(
        project=Path(project) if isinstance(project, str) and project else None,
        name=name[:200] if isinstance(name, str) else "",
        saved_at=whole[0][1],
        swaps=tuple(path for _, _, path in whole),
        record=record,
    )


def _records(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".json" and _TOKEN.fullmatch(path.stem))
    except OSError:
        return []


def _swap_paths(folder: Path, project: Path | None, token: str) -> tuple[Path, Path]:
    start = "swap" if project is None else f".{_short(project.name)}"
    where = folder if project is None else project.resolve().parent
    return where / f"{start}.{token}.swap1", where / f"{start}.{token}.swap2"


def _pair_in(record: Path) -> tuple[Path, ...]:
    """Return the swap files that a record names; only names that belong to this very record count."""
    paths = _content(record).get("swaps")
    if not isinstance(paths, list):
        return ()
    found = [Path(path) for path in paths[:2] if isinstance(path, str) and "\0" not in path]
    return tuple(path for path in found if path.name.endswith((f".{record.stem}.swap1", f".{record.stem}.swap2")))


def _clear(record: Path) -> None:
    """Remove a record that leads to nothing, unless its swap files lie on a disk that is not there at the moment."""
    pair = _pair_in(record)
    if all(path.parent.is_dir() for path in pair):
        for path in (*pair, record):
            _remove(path)


def _content(record: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, JsonError), record.open("rb") as stream:
        return json_object(stream.read(_MAX_RECORD_BYTES))
    return {}


def _write_record(record: Path, process: Process, project: Path | None, name: str, swaps: tuple[Path, ...]) -> None:
    content = {
        "process": process.to_json(),
        "project": None if project is None else str(project.absolute()),
        "name": name,
        "swaps": [str(path) for path in swaps],
    }
    write_text_atomically(record, to_json(content))


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        remove_leftovers(path)
        path.unlink(missing_ok=True)


def _short(name: str) -> str:
    return name.encode("utf-8", "surrogateescape")[:120].decode("utf-8", "ignore")
