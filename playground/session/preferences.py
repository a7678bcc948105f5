"""What the program remembers from one day to the next, apart from projects: one JSON file, never in the way."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.engine.atomic_file import WriteError, why, write_text_atomically
from playground.engine.plain_json import JsonError, json_object, to_json

SCHEMA = 1
MAX_RECENT = 12
_MAX_BYTES = 4 << 20

THEMES = ("system", "dark", "light")
SIGNS = ("green-magenta", "blue-orange", "green-red")


class PreferenceError(ValueError):
    """A value that a preference cannot take; the text is a sentence."""


@dataclass(frozen=True)
class Preferences:
    """All preferences, typed. ``geometry`` and ``layout`` are what QMainWindow's saveGeometry and saveState give.

    ``speed``: steps per second, None is full speed. ``frame_rate``: frames a second at most. ``device``: torch's name.
    """

    theme: str = "system"
    sign_colours: str = "green-magenta"
    is_projector: bool = False
    geometry: bytes = b""
    layout: bytes = b""
    speed: float | None = None
    frame_rate: int = 60
    device: str = "cpu"
    threads: int = 1
    preset: str = "easy"
    recent_files: tuple[str, ...] = ()
    last_folder: str = ""


def _one_of(*choices: str) -> Callable[[Any], bool]:
    return lambda value: value in choices


def _is_whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_text(limit: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and len(value) <= limit and "\0" not in value


def _is_bytes(value: Any) -> bool:
    return isinstance(value, bytes) and len(value) <= 1 << 20


def _is_speed(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (is_number and math.isfinite(value) and 0 < value <= 1e6)


def _are_paths(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) <= MAX_RECENT and all(_is_text(4096)(path) for path in value)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "theme": _one_of(*THEMES),
    "sign_colours": _one_of(*SIGNS),
    "is_projector": lambda value: isinstance(value, bool),
    "geometry": _is_bytes,
    "layout": _is_bytes,
    "speed": _is_speed,
    "frame_rate": _is_whole(1, 240),
    "device": _is_text(40),
    "threads": _is_whole(1, 256),
    "preset": _is_text(40),
    "recent_files": _are_paths,
    "last_folder": _is_text(4096),
}


class PreferenceFile(QObject):
    """The preferences as they are kept in ``path``.

    A damaged file or a wrong value gives the default; ``word`` then holds a sentence for the user. Keys that this
    version does not know stay in the file. Several windows may share the file: a change writes its own fields only.
    """

    changed = Signal(str)  # the name of the field

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self.word = ""
        self.values = self._read()

    def change(self, **changes: Any) -> None:
        """Change fields and keep them.

        A file that cannot be written does not stop the program: the change counts for this run, ``word`` says why.

        Raises
        ------
        PreferenceError
            When there is no such field or it cannot take the value; nothing changes then.
        """
        for name, value in changes.items():
            if name not in _CHECKS or not _CHECKS[name](value):
                raise PreferenceError(f"The preference '{name}' cannot be {str(value)[:60]!r}.")
        real = {name: value for name, value in changes.items() if getattr(self.values, name) != value}
        if not real:
            return
        self.values = replace(self.values, **real)
        self._write(real)
        for name in real:
            self.changed.emit(name)

    def add_recent(self, path: str | Path) -> None:
        """Put a project first in the list of recent files."""
        text = str(Path(path).absolute())
        others = (entry for entry in self._shared_recent() if entry != text)
        self.change(recent_files=(text, *others)[:MAX_RECENT])

    def remove_recent(self, path: str | Path) -> None:
        """Take a project that is gone off the list of recent files."""
        text = str(Path(path).absolute())
        self.change(recent_files=tuple(entry for entry in self._shared_recent() if entry != text))

    def clear_recent(self) -> None:
        """Empty the list of recent files."""
        self.change(recent_files=())

    def _shared_recent(self) -> tuple[str, ...]:
        """Return the recent files with those that another window has added since."""
        kept = _from_json("recent_files", self._content().get("recent_files"))
        return kept if _are_paths(kept) and kept else self.values.recent_files

    def _read(self) -> Preferences:
        content = self._content()
        values, wrong = {}, []
        for name, check in _CHECKS.items():
            if name in content:
                value = _from_json(name, content[name])
                if check(value):
                    values[name] = value
                else:
                    wrong.append(name)
        if wrong:
            self.word = f"{self._path} has no proper value for {', '.join(wrong)}: the usual one is taken."
        return Preferences(**values)

    def _content(self) -> dict[str, Any]:
        """Return what stands in the file; nothing where there is none or it cannot be read."""
        try:
            with self._path.open("rb") as stream:
                content = stream.read(_MAX_BYTES + 1)
            return json_object(content)
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.word = f"The preferences in {self._path} could not be read ({why(error)}): the usual ones are taken."
        except JsonError as error:
            self.word = f"The preferences in {self._path} are damaged ({error}): the usual ones are taken."
        return {}

    def _write(self, changes: dict[str, Any]) -> None:
        content = {**self._content(), "schema": SCHEMA, **{name: _to_json(value) for name, value in changes.items()}}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_text_atomically(self._path, to_json(content))
        except WriteError as error:
            self.word = f"The preferences are not kept: {error}"
        except OSError as error:
            self.word = f"The preferences are not kept in {self._path.parent}: {why(error)}."


def _to_json(value: Any) -> Any:
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def _from_json(name: str, value: Any) -> Any:
    kind = _KINDS[name]
    if kind == "bytes" and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return None
    return tuple(value) if isinstance(value, list) else value


_KINDS = {field.name: str(field.type) for field in fields(Preferences)}
