"""JSON in and out, strictly: no NaN, no infinity, no endless nesting. Torch-free."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

MAX_DEPTH = 64


class JsonError(ValueError):
    """Text that is no proper JSON, or a value that JSON cannot hold."""


def plain(value: Any) -> Any:
    """Return JSON values for mappings, sequences, numpy's numbers and arrays; NaN and infinity become null.

    Raises
    ------
    JsonError
        When there is something else among them.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(entry) for entry in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    raise JsonError(f"a {type(value).__name__} cannot be written as JSON")


def to_json(value: Any) -> str:
    """Return ``value`` (see `plain`) as JSON, in ASCII letters alone."""
    return json.dumps(plain(value), indent=1, allow_nan=False)


def json_object(content: bytes) -> dict[str, Any]:
    """Read a JSON object that somebody else may have written.

    Raises
    ------
    JsonError
        When it is none, has numbers that are not finite, or is nested more than 64 deep.
    """
    try:
        value = json.loads(content.decode("utf-8"), parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise JsonError(str(error)[:80]) from error
    _check_depth(value)
    if not isinstance(value, dict):
        raise JsonError("it is not a table of names and values")
    return value


def _refused(word: str) -> float:
    raise JsonError(f"{word} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise JsonError(f"{text[:40]} is too large")
    return value


def _check_depth(value: Any, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise JsonError("it is nested too deeply")
    if isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            _check_depth(entry, depth + 1)
