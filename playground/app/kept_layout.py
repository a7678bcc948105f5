"""How the window and its labs lay when it was closed last: read and written with the preferences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from playground.session.preferences import PreferenceFile


class KeptLayout:
    """What was kept; anything may stand in the file."""

    def __init__(self, preferences: PreferenceFile) -> None:
        self._preferences = preferences
        self._values = _read(preferences.values.layout)

    @property
    def front(self) -> str:
        """Return the lab that was in front."""
        found = self._values.get("front")
        return found if isinstance(found, str) else ""

    @property
    def has_help(self) -> bool:
        """Say whether the help was open."""
        return self._values.get("help") is True

    @property
    def geometry(self) -> bytes:
        """Return where the window stood, as Qt saves it."""
        return self._preferences.values.geometry

    def of_lab(self, name: str) -> dict[str, Any] | None:
        """Return how a lab lay."""
        found = self._values.get(f"lab {name}")
        return found if isinstance(found, dict) else None

    def put_lab(self, name: str, state: dict[str, Any]) -> None:
        """Let a lab lie like this when it is built."""
        self._values[f"lab {name}"] = state

    def keep(self, geometry: bytes, front: str, labs: Mapping[str, dict[str, Any]], *, has_help: bool) -> None:
        """Write how everything lies now."""
        self._values |= {"front": front, "help": has_help, **{f"lab {name}": state for name, state in labs.items()}}
        layout = json.dumps(self._values, separators=(",", ":")).encode()
        self._preferences.change(geometry=geometry, layout=layout)


def _read(kept: bytes) -> dict[str, Any]:
    try:
        found = json.loads(kept.decode()) if kept else {}
    except (UnicodeDecodeError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
