"""Data that are small enough to be written down: named numbers with a class each, kept in their own description."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np

from playground.engine.datasets import DataError, DataSet, Examples

MAX_EXAMPLES = 1_000
MAX_FEATURES = 1_000
MAX_CLASSES = 100
_MAX_NAME = 100


def none_data(input_shape: tuple[int, ...], classes: tuple[str, ...]) -> DataSet:
    """Return a data set without examples: what there is before data have come, or where they are missing."""
    features = int(np.prod(input_shape))
    empty = Examples(np.zeros((0, features), np.uint8), np.zeros(0, np.int64))
    source = {"kind": "none", "input_shape": list(input_shape), "classes": list(classes)}
    return DataSet("no data", source, input_shape, classes, empty, empty, empty, "")


def vectors_data(source: Mapping[str, Any]) -> DataSet:
    """Build the data that ``source`` holds in itself.

    Parameters
    ----------
    source : mapping
        ``name``; ``features``: the names of the inputs; ``classes``: the names of the outputs; ``inputs``: a list of
        lists of numbers; ``labels``: the index of each one's class. Trusted in nothing.

    Raises
    ------
    DataError
        Where something of it cannot be.
    """
    features = _names(source.get("features"), MAX_FEATURES, "inputs")
    classes = _names(source.get("classes"), MAX_CLASSES, "outputs")
    rows, labels = source.get("inputs"), source.get("labels")
    if not isinstance(rows, list) or not isinstance(labels, list) or not 1 <= len(rows) == len(labels) <= MAX_EXAMPLES:
        raise DataError(f"The data of the file need 1 to {MAX_EXAMPLES:,} rows of inputs with one label each.")
    for row in rows:
        if not isinstance(row, list) or len(row) != len(features) or not all(map(_is_number, row)):
            raise DataError(f"Every row of the data of the file needs {len(features)} numbers.")
    if not all(type(label) is int and 0 <= label < len(classes) for label in labels):
        raise DataError(f"Every label of the data of the file must be a whole number from 0 to {len(classes) - 1}.")
    train = Examples(np.array(rows, np.float32), np.array(labels, np.int64))
    empty = train.taken([])
    name = str(source.get("name", "numbers"))[:_MAX_NAME]
    detail = f"{len(features)} inputs, {len(rows)} example{'s' * (len(rows) > 1)}"
    return DataSet(name, source, (len(features),), classes, train, empty, empty, detail)


def _names(value: Any, most: int, what: str) -> tuple[str, ...]:
    is_list = isinstance(value, list) and 1 <= len(value) <= most
    if not is_list or not all(isinstance(name, str) and len(name) <= _MAX_NAME for name in value):
        raise DataError(f"The data of the file need the names of 1 to {most:,} {what}.")
    return tuple(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and abs(value) < 1e30
