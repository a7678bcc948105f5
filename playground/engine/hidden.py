"""Which parts of the window a project hides, as it stands in files and texts: ids in a list. Torch-free.

Both come from anybody, so what is no id is passed over; an id that no lab of this version knows is kept as it is, as a
later version may know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

MOST_HIDDEN = 400
_ID = re.compile(r"[a-z0-9_]{1,30}(\.[a-z0-9_]{1,30}){0,3}", re.ASCII)


def hidden_parts(value: Any) -> frozenset[str]:
    """Return the ids in a JSON value: those of a list, as many as `MOST_HIDDEN`; of anything else none."""
    if not isinstance(value, list | tuple):
        return frozenset()
    return frozenset(one for one in value[:MOST_HIDDEN] if isinstance(one, str) and _ID.fullmatch(one))


def hidden_to_json(parts: Iterable[str]) -> list[str]:
    """Return the ids as a list that is the same for the same parts."""
    return sorted(parts)
