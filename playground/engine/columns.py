"""What the inputs and the targets of a table stand for: its columns, in their own numbers and words. Torch-free."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

MISSING_WORD = "(missing)"
_FINENESS = 2e-6  # of a column's size: what float32 leaves of a number that was scaled and is scaled back


def number_words(value: float) -> str:
    """Return a number of a table: seven figures, which is what float32 holds, and whole ones as such."""
    return f"{value:.0f}" if 1e7 <= abs(value) < 1e15 else f"{value:.7g}"


@dataclass(frozen=True)
class Scale:
    """How a number becomes what the network has of it: ``(number - shift) / size``."""

    shift: float = 0.0
    size: float = 1.0

    @property
    def is_plain(self) -> bool:
        """Return whether the network has the number as it is."""
        return (self.shift, self.size) == (0.0, 1.0)

    @property
    def decimals(self) -> int | None:
        """Return how many decimals of a number that was scaled back mean anything; None: as many as there are."""
        return None if self.is_plain else math.floor(-math.log10(_FINENESS * self.size))

    def original(self, scaled: ArrayLike) -> Floats:
        """Return the numbers in their own unit, any shape."""
        numbers: Floats = np.asarray(scaled, np.float64) * self.size + self.shift
        decimals = self.decimals
        return numbers if decimals is None else np.round(numbers, decimals)

    def scaled(self, numbers: ArrayLike) -> Floats:
        """Return what the network has of numbers in their own unit, any shape."""
        found: Floats = (np.asarray(numbers, np.float64) - self.shift) / self.size
        return found


AS_IT_IS = Scale()


@dataclass(frozen=True)
class InputColumn:
    """A column that the network receives.

    Attributes
    ----------
    name : str
    first : int
        Its first input.
    words : tuple of str
        Of a column of words, which has an input for each of them: 1 for the one that stands there, else 0.
    scale : Scale
        Of a column of numbers.
    usual : float
        The mean of the training part, in the column's unit: it stands where a number is missing.
    low, high : float
        Between these the numbers of the training part lie, in the column's unit.
    unseen : tuple of int
        The words (by place) that no row of the training part has.
    """

    name: str
    first: int
    words: tuple[str, ...] = ()
    scale: Scale = AS_IT_IS
    usual: float = 0.0
    low: float = 0.0
    high: float = 0.0
    unseen: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """Return the number of its inputs."""
        return len(self.words) or 1

    def values(self, inputs: NDArray[Any]) -> NDArray[Any]:
        """Return of rows ``[n, inputs]`` the numbers in the column's unit, or the places of its words, ``[n]``.

        The place behind the last word stands for a missing one.
        """
        mine = inputs[:, self.first : self.first + self.width]
        if not self.words:
            return mine[:, 0] if self.scale.is_plain else self.scale.original(mine[:, 0])
        return np.where(mine.max(axis=1) > 0, mine.argmax(axis=1), len(self.words))

    def text(self, value: float) -> str:
        """Return how a value (see `values`) is written."""
        if not self.words:
            return number_words(value)
        return self.words[int(value)] if 0 <= value < len(self.words) else MISSING_WORD


@dataclass(frozen=True, eq=False)
class TableColumns:
    """All columns that the network receives, in the order of its inputs, and how its targets are scaled.

    Attributes
    ----------
    inputs : tuple of InputColumn
    targets : tuple of Scale
        One for each number to be predicted; empty where there are classes.
    target_reach : tuple of float
        Between these the numbers to be predicted lie in the training part, in their own unit.
    notes : tuple of str
        What the user should know of these columns: sentences.
    """

    inputs: tuple[InputColumn, ...]
    targets: tuple[Scale, ...] = ()
    target_reach: tuple[float, float] = (0.0, 0.0)
    notes: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the name of every input: its column, and where that has words its word."""
        return tuple(
            name
            for column in self.inputs
            for name in ([f"{column.name} = {word}" for word in column.words] or [column.name])
        )

    @property
    def numbers(self) -> tuple[InputColumn, ...]:
        """Return the columns of numbers."""
        return tuple(column for column in self.inputs if not column.words)

    def row(self, inputs: NDArray[Any]) -> tuple[float, ...]:
        """Return what one input ``[inputs]`` stands for: a value (see `InputColumn.values`) for each column."""
        rows = np.asarray(inputs)[None]
        return tuple(float(column.values(rows)[0]) for column in self.inputs)

    def inputs_of(self, values: Sequence[float]) -> NDArray[np.float32]:
        """Return what the network receives ``[inputs]`` of a row: the way back from `row`."""
        found = np.zeros(len(self.names), np.float32)
        for column, value in zip(self.inputs, values, strict=True):
            if not column.words:
                found[column.first] = column.scale.scaled(value)
            elif 0 <= value < len(column.words):
                found[column.first + int(value)] = 1.0
        return found
