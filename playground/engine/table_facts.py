"""What stands in the columns of a table that has been read: missing values, reach, words and how often. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.datasets import MAX_CLASSES, IsCancelled, Progress, report
from playground.engine.table_form import CATEGORY, DATE
from playground.engine.tables import Table
from playground.engine.targets import CLASSES, VALUES

FEW = 20  # different whole numbers, up to which a column of numbers is taken for classes
_FIRST = 2_000  # rows that have to be whole numbers before all are counted


@dataclass(frozen=True)
class ColumnFacts:
    """One column, dates in days since 1970.

    ``counts`` are its words or whole numbers with how often each stands there, empty for others.
    """

    missing: int
    low: float
    high: float
    counts: tuple[tuple[str, int], ...] = ()
    is_words: bool = False
    is_dates: bool = False

    @property
    def task(self) -> str:
        """Return what a network is to answer where this column is the target, by its look."""
        return CLASSES if self.is_words or 0 < len(self.counts) <= FEW else VALUES


@dataclass(frozen=True)
class TableFacts:
    """The number of rows, and the facts of each column that was read, by its name."""

    rows: int
    columns: Mapping[str, ColumnFacts]


def table_facts(table: Table, *, progress: Progress | None = None, cancelled: IsCancelled | None = None) -> TableFacts:
    """Go through all rows of a table, column by column.

    Parameters
    ----------
    table : Table
    progress, cancelled : callables, optional
        See `datasets.report`.

    Raises
    ------
    Cancelled
        When ``cancelled`` said so.
    """
    found = {}
    for place, name in enumerate(table.names):
        report(progress, cancelled, place / len(table.names), f"Counting {table.name}")
        found[name] = _facts(np.array(table.values[:, place]), table.kinds[place], table.words[place])
    return TableFacts(len(table.values), found)


def _facts(values: NDArray[np.float32], kind: str, words: tuple[str, ...]) -> ColumnFacts:
    is_words = kind == CATEGORY
    known = values[np.isfinite(values)]
    missing = len(values) - len(known)
    if not len(known):
        return ColumnFacts(missing, float("nan"), float("nan"), is_words=is_words)
    low, high = float(known.min()), float(known.max())
    if is_words:
        counts = np.bincount(known.astype(np.int64), minlength=len(words))
        return ColumnFacts(missing, low, high, tuple(zip(words, counts.tolist(), strict=True)), is_words=True)
    if kind == DATE:
        return ColumnFacts(missing, low, high, is_dates=True)
    if not (known[:_FIRST] == np.round(known[:_FIRST])).all() or not (known == np.round(known)).all():
        return ColumnFacts(missing, low, high)
    different, counts = np.unique(known, return_counts=True)
    if len(different) > MAX_CLASSES:
        return ColumnFacts(missing, low, high)
    names = [f"{value:g}" for value in different]
    return ColumnFacts(missing, low, high, tuple(zip(names, counts.tolist(), strict=True)))
