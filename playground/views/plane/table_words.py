"""What is said of a table whose rows are the points of the plane."""

from __future__ import annotations

from playground.engine.datasets import DataSet

MOST_SHOWN = 4_000  # points: up to as many the engine says which of them are answered wrongly


def table_words(data: DataSet, shown: int) -> str:
    """Return which rows are points, and why none can be drawn."""
    count = len(data.train) + len(data.validation)
    points = f"{shown:,} of {count:,} rows, evenly spread" if shown < count else f"{count:,} rows"
    test = f" The {len(data.test):,} rows of the test part are kept out of sight." if len(data.test) else ""
    return (
        f"{points}: {len(data.train):,} trained on, {len(data.validation):,} held back (diamonds).{test} "
        "Points that are rows of a table are neither drawn nor erased by hand."
    )
