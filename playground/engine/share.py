"""A state of a lab as one text that can be mailed and pasted: ``playground:`` and packed JSON. Torch-free.

The packed JSON (zlib, then base64 for addresses, without padding) has ``share``: 1; ``spec`` and ``settings`` as in
project files; ``data``: the description of data that are drawn or typed, or null where they come from files, and then
``data_name``; ``weights``: float32, flat as ``spec.slots`` says, base64, for networks of up to `MOST_WEIGHTS`
parameters, else null (the seed of the settings then gives the first weights). Where there is something to say of it,
also ``hidden``: ids of parts of the window (see `hidden`); ``lab``: the lab in front; ``sandbox``: the superposition
models of that lab, with ``setup`` as in project files and ``weights`` [K, R, n, columns] as above.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.checkpoint_file import CheckpointError
from playground.engine.hidden import hidden_parts, hidden_to_json
from playground.engine.plain_json import JsonError, json_object, to_json
from playground.engine.settings import SettingError, Settings, settings_from_json, settings_to_json
from playground.engine.spec import NetworkSpec, SpecError, spec_from_json, spec_to_json
from playground.engine.superposition.problem import SuperpositionError
from playground.engine.superposition.sandbox_file import promised_numbers, setup_from_json, setup_to_json
from playground.engine.superposition.setup import Setup

PREFIX = "playground:"
VERSION = 1
MOST_WEIGHTS = 2_000
MOST_LETTERS = 200_000
MOST_PARAMETERS = 20_000_000  # a few words from anybody are not to fill the memory
_MOST_GIVEN = 4 * MOST_LETTERS  # with all that is put into it on the way
_MOST_BYTES = 4 << 20  # of the JSON
_LONGEST_NAME = 200
_AROUND = "<>\"'`“”„«»"  # what mail and chat put around an address
# what they put into one: white space, "> " before quoted lines, "=" at the end of lines, signs without a width
_WITHIN = re.compile("[\\s>|=\u00ad\u200b-\u200f\u2060\ufeff]+")
_WITHOUT_FILES = ("plane", "digits", "vectors")


class ShareError(ValueError):
    """A text that is no shared state; the text of the error is a sentence for the user."""


@dataclass(frozen=True, eq=False)
class SharedModels:
    """Superposition models: ``weights`` ``[K, R, n, columns]`` are None where they begin at their seeds."""

    setup: Setup
    weights: NDArray[np.float32] | None


@dataclass(frozen=True, eq=False)
class Shared:
    """What a text holds. ``data`` is None where the data were files, ``weights`` where there were too many."""

    spec: NetworkSpec
    settings: Settings
    data: dict[str, Any] | None
    weights: NDArray[np.float32] | None
    data_name: str = ""  # of files, which are not in the text
    hidden: frozenset[str] = frozenset()
    lab: str = ""
    models: SharedModels | None = None


def share_text(
    spec: NetworkSpec,
    settings: Settings,
    data: Mapping[str, Any],
    weights: NDArray[np.float32] | None,
    *,
    data_name: str = "",
    hidden: frozenset[str] = frozenset(),
    lab: str = "",
    models: SharedModels | None = None,
) -> str:
    """Return the text of a state.

    Parameters
    ----------
    spec, settings
    data : mapping
        ``DataSet.source``; data of files are left out.
    weights : ndarray [parameters] or None
        Left out where there are more than `MOST_WEIGHTS`, or where one of them is no finite number.
    data_name : str
        What data of files are called: no folder, as the text goes to others.
    hidden : frozenset of str
        Parts of the window that are hidden for a class.
    lab, models
        The lab in front; the superposition models, where it is theirs.

    Raises
    ------
    ShareError
        Where the text would become too long to paste, or the network is larger than a text may ask for.
    """
    if spec.parameter_count > MOST_PARAMETERS:
        raise ShareError(
            f"A network of {spec.parameter_count:,} parameters is too large for a text (up to {MOST_PARAMETERS:,}): "
            "save it as a project and send the file."
        )
    has_data = data.get("kind") in _WITHOUT_FILES and "test" not in data
    values: dict[str, Any] = {
        "share": VERSION,
        "spec": spec_to_json(spec),
        "settings": settings_to_json(settings),
        "data": dict(data) if has_data else None,
        "weights": _packed(weights),
    }
    if data_name and not has_data:
        values["data_name"] = data_name[:_LONGEST_NAME]
    if hidden:
        values["hidden"] = hidden_to_json(hidden)
    if lab:
        values["lab"] = lab
    if models is not None:
        values["sandbox"] = {"setup": setup_to_json(models.setup), "weights": _packed(models.weights)}
    content = to_json(values)
    text = PREFIX + base64.urlsafe_b64encode(zlib.compress(content.encode("ascii"), 9)).decode("ascii").rstrip("=")
    if len(text) > MOST_LETTERS:
        raise ShareError(f"This state needs a text of {len(text):,} letters: save it as a project and send the file.")
    return text


def is_shared(text: str) -> bool:
    """Say whether a text is meant as a shared state, however mail has broken it; it may still be garbled."""
    return _cleaned(text[:_MOST_GIVEN]).startswith(PREFIX)


def shared_from(text: str) -> Shared:
    """Read a text that anybody may have written.

    Raises
    ------
    ShareError
        Where it is none, is cut off, is of a newer version, or holds what cannot be.
    """
    if len(text) > _MOST_GIVEN:
        raise ShareError(f"A shared state has at most {MOST_LETTERS:,} letters; this text has {len(text):,}.")
    cleaned = _cleaned(text)
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
    if spec.parameter_count > MOST_PARAMETERS:
        raise ShareError(
            f"The shared state asks for a network of {spec.parameter_count:,} parameters; a text may ask for up to "
            f"{MOST_PARAMETERS:,}. Ask for the project as a file."
        )
    data = value.get("data")
    # test data of their own are read from files: a text from anybody is not to open files of this machine
    if data is not None and (not isinstance(data, dict) or data.get("kind") not in _WITHOUT_FILES or "test" in data):
        raise ShareError("The shared state describes data that this program does not draw itself.")
    name, lab = value.get("data_name"), value.get("lab")
    return Shared(
        spec,
        settings,
        data,
        _weights(value.get("weights"), spec.parameter_count, "network"),
        " ".join(name[:_LONGEST_NAME].split()) if isinstance(name, str) else "",
        hidden_parts(value.get("hidden")),
        lab if isinstance(lab, str) else "",
        _models(value.get("sandbox")),
    )


def _cleaned(text: str) -> str:
    return _WITHIN.sub("", text).strip(_AROUND)


def _models(value: Any) -> SharedModels | None:
    if value is None:
        return None
    try:
        if promised_numbers(value) > MOST_PARAMETERS:
            raise ShareError("The shared state asks for more superposition models than a text may: take a file.")
        setup = setup_from_json(value["setup"])
    except (CheckpointError, SuperpositionError, LookupError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, ShareError):
            raise
        words = str(error) if isinstance(error, SuperpositionError) else "their description is garbled."
        raise ShareError(f"The superposition models of the shared state cannot be: {words}") from error
    sides = (*setup.counts, setup.problem.features, setup.columns)
    weights = _weights(value.get("weights"), int(np.prod(sides)), "superposition models")
    return SharedModels(setup, None if weights is None else weights.reshape(sides))


def _packed(weights: NDArray[np.float32] | None) -> str | None:
    """Return small numbers of any shape as text, None where they stay behind."""
    if weights is None or weights.size > MOST_WEIGHTS or not np.isfinite(weights).all():
        return None
    return base64.b64encode(np.asarray(weights, "<f4").tobytes()).decode("ascii")


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


def _weights(packed: Any, count: int, what: str) -> NDArray[np.float32] | None:
    if packed is None:
        return None
    try:
        found = np.frombuffer(base64.b64decode(packed, validate=True), "<f4").astype(np.float32)
    except (binascii.Error, ValueError, TypeError) as error:
        raise ShareError("The weights of the shared state are garbled: copy the whole text.") from error
    if len(found) != count or not np.isfinite(found).all():
        has = "have" if what.endswith("s") else "has"
        raise ShareError(
            f"The shared state has {len(found):,} weights, or some that are no numbers; its {what} {has} {count:,}."
        )
    return found
