"""Where the program keeps what is not a project: data, cache, preferences, logs, autosaves. Qt-free."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "PLAYGROUND_HOME"
_NAME = "playground"


@dataclass(frozen=True)
class Folders:
    """The folders of one user; none of them need exist yet.

    ``data``: downloaded data sets. ``cache``: what can be made again, such as the drawn digits. ``config``: the
    preferences. ``log``: the log file. ``autosave``: swap files, and the list of the projects that are open.
    """

    data: Path
    cache: Path
    config: Path
    log: Path
    autosave: Path

    def made(self) -> Folders:
        """Make the folders that are missing; one that cannot be made is noticed when something is written there."""
        for folder in (self.data, self.cache, self.config, self.log, self.autosave):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError:
                continue
        return self


def folders(environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> Folders:
    """Return the folders by the rules of the platform, or below ``PLAYGROUND_HOME`` where that is set."""
    variables = os.environ if environment is None else environment
    if own := variables.get(HOME_VARIABLE):
        home = Path(own).expanduser().absolute()
        return Folders(home / "data", home / "cache", home / "config", home / "log", home / "autosave")
    if platform == "darwin":
        library = Path.home() / "Library"
        support = library / "Application Support" / _NAME
        return Folders(
            support / "data", library / "Caches" / _NAME, support, library / "Logs" / _NAME, support / "autosave"
        )
    if platform == "win32":
        local = Path(variables.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / _NAME
        return Folders(local / "data", local / "cache", local / "config", local / "log", local / "autosave")
    data = _xdg(variables, "XDG_DATA_HOME", ".local/share")
    state = _xdg(variables, "XDG_STATE_HOME", ".local/state")
    return Folders(
        data / "data",
        _xdg(variables, "XDG_CACHE_HOME", ".cache"),
        _xdg(variables, "XDG_CONFIG_HOME", ".config"),
        state / "log",
        state / "autosave",
    )


def _xdg(variables: Mapping[str, str], name: str, usual: str) -> Path:
    """Return the program's folder; the specification has relative paths ignored."""
    given = variables.get(name, "")
    return (Path(given) if given.startswith("/") else Path.home() / usual) / _NAME
