"""Numbers that people type or paste from a spreadsheet: lists and matrices, with points or commas. Torch-free."""

from __future__ import annotations

import math
import re

import numpy as np

from playground.engine.superposition.problem import Floats, SuperpositionError

_MOST_CHARACTERS = 2_000_000
_SEPARATED = re.compile(r"[\s;]")
_SHOWN = 20


def read_numbers(text: str, name: str = "list") -> list[float]:
    """Return the numbers of a pasted list.

    Tab, blank, line end and semicolon part numbers; a comma between digits is then a decimal comma. Where none of
    them occurs, commas part the numbers.

    Raises
    ------
    SuperpositionError
        With the word that is no number and its place.
    """
    _check_length(text)
    return [_value(word, f"word {place} of the {name}") for place, word in enumerate(_words(text.strip()), 1)]


def read_matrix(text: str, rows: int, columns: int, name: str = "W") -> Floats:
    """Return a pasted matrix ``[rows, columns]``: one row a line, parted as in `read_numbers`.

    Raises
    ------
    SuperpositionError
        Where the shape is another one, or a cell is empty or no number.
    """
    _check_length(text)
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != rows:
        raise SuperpositionError(_wrong_shape(name, rows, columns, f"{len(lines)} rows"))
    found = np.empty((rows, columns))
    for row, line in enumerate(lines):
        words = _words(line.strip(" \r\n"), is_row=True)
        if len(words) != columns:
            raise SuperpositionError(_wrong_shape(name, rows, columns, f"{len(words)} numbers in row {row + 1}"))
        found[row] = [_value(word, f"row {row + 1}, column {at + 1} of {name}") for at, word in enumerate(words)]
    return found


def _wrong_shape(name: str, rows: int, columns: int, what: str) -> str:
    return (
        f"{name} here has {rows} rows (features) of {columns} numbers (hidden dimensions); what was pasted has {what}."
    )


def _words(text: str, *, is_row: bool = False) -> list[str]:
    if is_row and "\t" in text:  # of a spreadsheet: an empty cell is a cell
        return text.split("\t")
    if _SEPARATED.search(text):
        parts = re.split(r"\s*;\s*|,?\s+", text)
        return parts if ";" in text else [part for part in parts if part]
    return text.split(",") if text else []


def _value(word: str, place: str) -> float:
    cleaned = word.strip()
    try:
        value = float(cleaned.replace(",", ".").replace("−", "-"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        what = f"'{cleaned[:_SHOWN]}' is no number" if cleaned else "there is nothing"
        raise SuperpositionError(f"At {place} {what}: one number belongs there, such as 0.5 or 0,5.")
    return value


def _check_length(text: str) -> None:
    if len(text) > _MOST_CHARACTERS:
        raise SuperpositionError(f"{len(text):,} characters are too many numbers to paste.")
