"""From the columns of a table to inputs and targets, scaled by what the training part says. Torch-free.

Goes through the rows block by block: no third copy of a large table is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.columns import AS_IT_IS, InputColumn, Scale
from playground.engine.datasets import DataError
from playground.engine.tables import Table

MAX_INPUTS = 10_000
NONE, TO_ONE, STANDARDISED = "none", "0..1", "standardised"
SCALINGS = (NONE, TO_ONE, STANDARDISED)
PLAIN_REACH = 3.0  # targets up to this size are learnt as they are: about what an output begins with
_BLOCK_ROWS = 8_192

Floats32 = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Spread:
    """What the training part says of columns of numbers, each ``[columns]``."""

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def usual_target_scaling(low: float, high: float) -> str:
    """Return how numbers to be predicted are scaled that lie between ``low`` and ``high``, where nobody says."""
    return NONE if max(abs(low), abs(high)) <= PLAIN_REACH else STANDARDISED


def target_scale(values: Floats32, scaling: str) -> Scale:
    """Return how targets are scaled, by those of the training part ``[n]``."""
    exact = values.astype(np.float64)
    low, high = float(exact.min()), float(exact.max())
    return _scale(scaling, float(exact.mean()), float(exact.std()), low, high)


def input_columns(table: Table, target: int, train: Rows, scaling: str) -> tuple[InputColumn, ...]:
    """Return the columns of a table that the network receives: all but the target, each with its scale.

    Parameters
    ----------
    table : Table
    target : int
        The place of the target.
    train : ndarray [n], int64
        The rows of the training part.
    scaling : str
        One of `SCALINGS`.

    Raises
    ------
    DataError
        Where there are none or too many, or a column has no number in the training part.
    """
    places = [place for place in range(len(table.names)) if place != target]
    if not places:
        raise DataError(f"{table.name} has no column but the target: there is nothing to predict it from.")
    count = sum(len(table.words[place]) or 1 for place in places)
    if count > MAX_INPUTS:
        raise DataError(f"{table.name} would have {count:,} inputs, more than {MAX_INPUTS:,}: leave columns out.")
    numbers = [place for place in places if not table.words[place]]
    spread = _spread(table, numbers, train)
    found, first = [], 0
    for place in places:
        name, words = table.names[place], table.words[place]
        if words:
            met = np.bincount(_known(table.values[train, place]), minlength=len(words))
            found.append(InputColumn(name, first, words, unseen=tuple(np.flatnonzero(met == 0).tolist())))
        else:
            at = numbers.index(place)
            mean, deviation, low, high = (
                float(each[at]) for each in (spread.mean, spread.deviation, spread.low, spread.high)
            )
            scale = _scale(scaling, mean, deviation, low, high)
            found.append(InputColumn(name, first, (), scale, float(np.float32(mean)), low, high))
        first += len(words) or 1
    return tuple(found)


def input_matrix(table: Table, columns: Sequence[InputColumn], rows: Rows) -> Floats32:
    """Return what the network receives of some rows, ``[rows, inputs]``."""
    found = np.zeros((len(rows), sum(column.width for column in columns)), np.float32)
    numbers = [column for column in columns if not column.words]
    taken, inputs = [table.column(column.name) for column in numbers], [column.first for column in numbers]
    usual, shift, size = (
        np.array(list(each), np.float32)
        for each in (
            (column.usual for column in numbers),
            (column.scale.shift for column in numbers),
            (column.scale.size for column in numbers),
        )
    )
    for start, block in _row_blocks(table, rows):
        here = found[start : start + len(block)]
        values = block[:, taken]
        here[:, inputs] = (np.where(np.isfinite(values), values, usual) - shift) / size
        for column in columns:
            place = table.column(column.name) if column.words else 0
            for code in range(len(column.words)):
                here[:, column.first + code] = block[:, place] == code
    return found


def column_notes(columns: Sequence[InputColumn]) -> tuple[str, ...]:
    """Return sentences on what the training part does not say: columns of one value, words that it lacks."""
    still = [column.name for column in columns if not column.words and column.low == column.high]
    notes = []
    if still:
        notes.append(
            f"{_listed('Column', still)} the same number in every row of the training part: nothing can be learnt "
            "from it."
        )
    lacking = [(column.name, [column.words[place] for place in column.unseen]) for column in columns if column.unseen]
    for name, words in lacking[:3]:
        shown = ", ".join(f"'{word[:40]}'" for word in words[:3])
        more = f" and {len(words) - 3:,} more" if len(words) > 3 else ""
        notes.append(
            f"Column '{name}': {shown}{more} {'stand' if len(words) > 1 else 'stands'} in no row of the training part, "
            "so nothing is learnt of it."
        )
    return tuple(notes)


def target_notes(name: str, reach: tuple[float, float]) -> tuple[str, ...]:
    """Return a sentence where the numbers of the training part that are to be predicted are all the same."""
    if reach[0] < reach[1]:
        return ()
    return (f"Column '{name}' has the same number in every row of the training part: there is nothing to predict.",)


def _listed(word: str, names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:3])
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return f"{word}s {shown}{more} have" if len(names) > 1 else f"{word} {shown} has"


def _scale(scaling: str, mean: float, deviation: float, low: float, high: float) -> Scale:
    """Return a scale of numbers that float32 holds; a column of one number is only shifted."""
    if scaling == NONE:
        return AS_IT_IS
    shift, size = (low, high - low) if scaling == TO_ONE else (mean, deviation)
    exact = float(np.float32(size)) if high > low else 0.0
    return Scale(float(np.float32(shift)), exact if exact > 0 else 1.0)


def _known(codes: Floats32) -> Rows:
    return codes[np.isfinite(codes)].astype(np.int64)


def _row_blocks(table: Table, rows: Rows) -> Iterator[tuple[int, Floats32]]:
    """Yield these rows of the table a few thousand at a time, and where each block begins."""
    for start in range(0, len(rows), _BLOCK_ROWS):
        yield start, table.values[rows[start : start + _BLOCK_ROWS]]


def _spread(table: Table, columns: list[int], train: Rows) -> _Spread:
    """Return mean, deviation and reach of these columns by what the training part says."""
    width = len(columns)
    count, total, squares = (np.zeros(width) for _ in range(3))
    low, high = np.full(width, np.inf), np.full(width, -np.inf)
    for _, block in _row_blocks(table, train):
        values = block[:, columns].astype(np.float64)
        known = np.isfinite(values)
        count += known.sum(axis=0)
        total += np.where(known, values, 0.0).sum(axis=0)
        low = np.minimum(low, np.where(known, values, np.inf).min(axis=0))
        high = np.maximum(high, np.where(known, values, -np.inf).max(axis=0))
    if (count == 0).any():
        name = table.names[columns[int((count == 0).argmax())]]
        raise DataError(
            f"{table.name}, column '{name}': every value of the training part is missing. Leave the column out."
        )
    mean = total / count
    for _, block in _row_blocks(table, train):
        away = block[:, columns] - mean
        squares += np.square(np.where(np.isfinite(away), away, 0.0)).sum(axis=0)
    return _Spread(mean, np.sqrt(squares / count), low, high)
