"""A state of the network lab as one text that can be mailed and pasted: ``playground:`` and packed JSON. Torch-free.

The packed JSON (zlib, then base64 for addresses, without padding) has ``share``: 1; ``spec`` and ``settings`` as in
project files; ``data``: the description of data that are drawn or typed, or null where they come from files;
``weights``: float32, flat as ``spec.slots`` says, base64, for networks of up to `MOST_WEIGHTS` parameters, else null
(the seed of the settings then gives the first weights).
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.plain_json import JsonError, json_object, to_json
from playground.engine.settings import SettingError, Settings, settings_from_json, settings_to_json
from playground.engine.spec import NetworkSpec, SpecError, spec_from_json, spec_to_json

PREFIX = "playground:"
VERSION = 1
MOST_WEIGHTS = 2_000
MOST_LETTERS = 200_000
_MOST_BYTES = 4 << 20  # of the JSON
_WITHOUT_FILES = ("plane", "digits", "vectors")


class ShareError(ValueError):
    """A text that is no shared state; the text of the error is a sentence for the user."""


@dataclass(frozen=True, eq=False)
class Shared:
    """What a text holds. ``data`` is None where the data were files, ``weights`` where there were too many."""

    spec: NetworkSpec
    settings: Settings
    data: dict[str, Any] | None
    weights: NDArray[np.float32] | None


def share_text(
    spec: NetworkSpec, settings: Settings, data: Mapping[str, Any], weights: NDArray[np.float32] | None
) -> str:
    """Return the text of a state.

    Parameters
    ----------
    spec, settings
    data : mapping
        ``DataSet.source``; data of files are left out.
    weights : ndarray [parameters] or None
        Left out where there are more than `MOST_WEIGHTS`, or where one of them is no finite number.

    Raises
    ------
    ShareError
        Where the text would become too long to paste.
    """
    is_small = weights is not None and len(weights) <= MOST_WEIGHTS and bool(np.isfinite(weights).all())
    packed = base64.b64encode(np.asarray(weights, "<f4").tobytes()).decode("ascii") if is_small else None
    content = to_json(
        {
            "share": VERSION,
            "spec": spec_to_json(spec),
            "settings": settings_to_json(settings),
            "data": dict(data) if data.get("kind") in _WITHOUT_FILES and "test" not in data else None,
            "weights": packed,
        }
    )
    text = PREFIX + base64.urlsafe_b64encode(zlib.compress(content.encode("ascii"), 9)).decode("ascii").rstrip("=")
    if len(text) > MOST_LETTERS:
        raise ShareError(f"This state needs a text of {len(text):,} letters: save it as a project and send the file.")
    return text


def shared_from(text: str) -> Shared:
    """Read a text that anybody may have written.

    Raises
    ------
    ShareError
        Where it is none, is cut off, is of a newer version, or holds what cannot be.
    """
    cleaned = "".join(text.split())  # mail breaks long lines
    if not cleaned.startswith(PREFIX):
        raise ShareError(f"That is no shared state: one begins with '{PREFIX}'. Copy the whole text.")
    if len(cleaned) > MOST_LETTERS:
        raise ShareError(f"A shared state has at most {MOST_LETTERS:,} letters; this text has {len(cleaned):,}.")
    value = _unpacked(cleaned.removeprefix(PREFIX))
    version = value.get("share")
    if type(version) is not int or version < 1:
        raise ShareError("The shared state does not say which version it has: it is garbled. Copy the whole text.")
    if version > VERSION:
        raise ShareError(
            f"The shared state is of version {version}; this program knows version {VERSION}: update it to open it."
        )
    try:
        spec = spec_from_json(value.get("spec"))
        settings = settings_from_json(value.get("settings"))
    except (SpecError, SettingError) as error:
        raise ShareError(f"The shared state cannot be: {error}") from error
    data = value.get("data")
    if data is not None and (not isinstance(data, dict) or data.get("kind") not in _WITHOUT_FILES):
        raise ShareError("The shared state describes data that this program does not draw itself.")
    return Shared(spec, settings, data, _weights(value.get("weights"), spec))


def _unpacked(packed: str) -> dict[str, Any]:
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(raw, _MOST_BYTES)
        if not unpacking.eof or unpacking.unconsumed_tail:
            raise ShareError("The shared state is cut off, or far too large: copy the whole text.")
        return json_object(content)
    except (binascii.Error, zlib.error, JsonError, ValueError) as error:
        if isinstance(error, ShareError):
            raise
        raise ShareError(
            "The shared state is garbled: copy the whole text, from its first letter to its last."
        ) from error


def _weights(packed: Any, spec: NetworkSpec) -> NDArray[np.float32] | None:
    if packed is None:
        return None
    try:
        found = np.frombuffer(base64.b64decode(packed, validate=True), "<f4").astype(np.float32)
    except (binascii.Error, ValueError, TypeError) as error:
        raise ShareError("The weights of the shared state are garbled: copy the whole text.") from error
    if len(found) != spec.parameter_count or not np.isfinite(found).all():
        raise ShareError(
            f"The shared state has {len(found):,} weights, or some that are no numbers; its network has "
            f"{spec.parameter_count:,}."
        )
    return found
