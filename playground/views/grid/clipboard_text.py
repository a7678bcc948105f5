"""A grid as text, rows of numbers with tabs, and back; what comes from a clipboard is not trusted."""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from playground.views.grid.arrangement import Arrangement

FloatArray = NDArray[np.float32]

LARGEST = 1e6
_CHARACTERS_A_CELL = 40
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")


class PasteError(ValueError):
    """Text that is no grid; the sentence is for the user."""


def grid_text(values: NDArray[np.floating], arrangement: Arrangement) -> str:
    """Return the weights as rows of numbers with tabs, with as many digits as they have."""
    numbers = [f"{value:.9g}" for value in values.tolist()]
    columns = arrangement.columns
    return "\n".join("\t".join(numbers[i : i + columns]) for i in range(0, len(numbers), columns)) + "\n"


def read_grid(text: str, arrangement: Arrangement) -> FloatArray:
    """Return the numbers ``[count]`` of a copied grid.

    Raises
    ------
    PasteError
        Where the text is too long, holds something else than numbers, or has another shape.
    """
    if len(text) > _CHARACTERS_A_CELL * max(arrangement.count, 100):
        raise PasteError(f"The clipboard holds {len(text):,} characters: that is no grid of this size. {_unchanged()}")
    lines = [line for line in text.replace("\r", "\n").replace("−", "-").split("\n") if line.strip()]
    if not lines:
        raise PasteError(f"The clipboard holds no text: copy rows of numbers first. {_unchanged()}")
    rows = [_fields(line) for line in lines]
    _check_shape(rows, arrangement)
    values = [_number(field, place, column) for place, row in enumerate(rows) for column, field in enumerate(row)]
    return np.array(values, np.float32)


def _fields(line: str) -> list[str]:
    if "\t" in line:
        return [field.strip() for field in line.rstrip("\t").split("\t")]
    if ";" in line:
        return [field.strip() for field in line.strip().rstrip(";").split(";")]
    fields = line.split()
    is_comma_list = len(fields) == 1 and fields[0].count(",") > 1
    if is_comma_list or (len(fields) > 1 and all(field.endswith(",") for field in fields[:-1])):
        return [field.strip() for field in line.strip().rstrip(",").split(",")]
    return fields


def _check_shape(rows: list[list[str]], arrangement: Arrangement) -> None:
    widths = {len(row) for row in rows}
    total = sum(len(row) for row in rows)
    wanted = f"{arrangement.rows} × {arrangement.columns}" if arrangement.is_image else f"{arrangement.count}"
    is_whole = len(rows) == arrangement.rows and widths == {arrangement.columns}
    is_strip = total == arrangement.count and (len(rows) == 1 or widths == {1} or not arrangement.is_image)
    if is_whole or is_strip:
        return
    found = f"{len(rows)} × {widths.pop()}" if len(widths) == 1 else f"rows of {min(widths)} to {max(widths)}"
    raise PasteError(f"The clipboard holds {found} numbers, this neuron takes {wanted}. {_unchanged()}")


def _number(field: str, row: int, column: int) -> float:
    if len(field) > _CHARACTERS_A_CELL or not _NUMBER.fullmatch(field):
        raise PasteError(f"'{field[:20]}' in row {row}, column {column} is no number. {_unchanged()}")
    value = float(field.replace(",", "."))
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise PasteError(
            f"'{field[:20]}' in row {row}, column {column} is too large for a weight (up to {LARGEST:,.0f}). "
            f"{_unchanged()}"
        )
    return value


def _unchanged() -> str:
    return "Nothing was changed."
