"""A table of two columns of numbers (or one, from which a number is predicted) as a plane. Torch-free."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.engine.columns import InputColumn, TableColumns
from playground.engine.input_features import VARIABLES, PlaneCoordinates, input_features
from playground.engine.plane import MAX_CLASSES
from playground.engine.targets import VALUES

MARGIN = 0.06  # of the plane, around its points
FLATTEST = 0.02  # of the plane: the least that a column must reach over for anything to be seen
TOO_FLAT = (
    "The columns '{wide}' and '{flat}' are of so different sizes that the plane would show a mere line: scale the "
    "numbers (0 to 1, or mean 0 and deviation 1) to see them in the plane."
)

Floats32 = NDArray[np.float32]


def plane_note(columns: TableColumns, task: str, classes: int) -> str:
    """Return a sentence where a table would lie in the plane if its columns were scaled; else an empty text."""
    if not _is_possible(columns, task, classes) or len(columns.inputs) != 2 or not _is_flat(columns):
        return ""
    flat, wide = sorted(columns.inputs, key=_length)
    if not _length(flat) > 0:
        return ""
    return TOO_FLAT.format(wide=wide.name[:40], flat=flat.name[:40])


def table_plane(
    columns: TableColumns, train: Floats32, validation: Floats32, task: str, classes: int
) -> PlaneCoordinates | None:
    """Return where the rows of a table lie, None where it has no plane.

    A place of the plane is what the network receives: the columns as they are scaled.

    Parameters
    ----------
    columns : TableColumns
    train, validation : ndarray [n, inputs], float32
        What the network receives of both parts.
    task : str
        One of `targets.TASKS`.
    classes : int
        How many there are.
    """
    if not _is_possible(columns, task, classes) or _is_flat(columns):
        return None
    low, high = min(min(_reach(column)) for column in columns.inputs), max(max(_reach(each)) for each in columns.inputs)
    if len(validation):
        low, high = min(low, float(validation.min())), max(high, float(validation.max()))
    margin = MARGIN * (high - low)
    low, high = low - margin, high + margin
    dimensions = len(columns.inputs)
    features = input_features(VARIABLES[:dimensions], dimensions, max(abs(low), abs(high)))
    return PlaneCoordinates(features, train, validation, low, high, columns.inputs)


def _is_possible(columns: TableColumns, task: str, classes: int) -> bool:
    if any(column.words for column in columns.inputs) or classes > MAX_CLASSES:
        return False
    return len(columns.inputs) == 2 or (len(columns.inputs) == 1 and task == VALUES)


def _is_flat(columns: TableColumns) -> bool:
    """Return whether the plane would be a line: a column that reaches over next to nothing of it."""
    reaches = [_reach(column) for column in columns.inputs]
    whole = max(max(reach) for reach in reaches) - min(min(reach) for reach in reaches)
    return not min(high - low for low, high in reaches) > FLATTEST * whole


def _length(column: InputColumn) -> float:
    low, high = _reach(column)
    return high - low


def _reach(column: InputColumn) -> tuple[float, float]:
    low, high = column.scale.scaled([column.low, column.high]).tolist()
    return float(low), float(high)
