"""Answers of a network beside what they were to be: the table of them, and its file. Torch-free."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from playground.engine.atomic_file import write_atomically
from playground.engine.columns import MISSING_WORD, number_words
from playground.engine.datasets import DataSet, Examples, IsCancelled, Progress, report
from playground.engine.targets import CLASSES, TWO, VALUES

MOST_SHOWN = 2_000  # rows of a table on the screen
MOST_INPUTS = 6  # columns of it
_WRITTEN_ROWS = 4_096  # at a time


@dataclass(frozen=True, eq=False)
class PredictionColumn:
    """One column: ``values`` to sort by, ``words`` for those that are classes."""

    name: str
    values: NDArray[Any]
    words: tuple[str, ...] = ()

    def text(self, row: int) -> str:
        """Return what stands in a row."""
        value = self.values[row]
        return self.words[int(value)] if self.words else number_words(float(value))


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a network answers at ``step``.

    Attributes
    ----------
    part : str
        ``train``, ``validation`` or ``test``.
    indices : ndarray [n], int64
        Which examples of the part these are, of ``total``.
    answers : ndarray [n, outputs], float32
        The outputs.
    border : float
        Where one of two classes ends and the other begins, on a single output.
    right : float
        Of all examples of the part: the share that is answered rightly, or where numbers are predicted the root of
        the mean squared distance, in their own unit.
    """

    data: DataSet
    step: int
    part: str
    indices: NDArray[np.int64]
    total: int
    answers: NDArray[np.float32]
    border: float
    right: float

    def columns(self, most_inputs: int = MOST_INPUTS, names: Sequence[str] = ()) -> list[PredictionColumn]:
        """Return row number, the first inputs (``names`` where there are any), target, answer, and how they differ.

        Of a table these are its columns, numbers in their own unit and words.
        """
        data, examples = self.data, part_of(self.data, self.part)
        rows = self.indices
        found = [PredictionColumn("row", rows + 1), *_inputs(data, examples.inputs[rows], most_inputs, names)]
        if data.task != VALUES or examples.values is None:
            given, expected = answered_classes(self.answers, data.task, self.border), examples.labels[rows]
            is_right = (given == expected).astype(np.int64)
            return [
                *found,
                PredictionColumn("target", expected, data.classes),
                PredictionColumn("answer", given, data.classes),
                PredictionColumn("right", is_right, ("wrong", "right")),
            ]
        for place, name in enumerate(data.value_names):
            after = f" {name}" if len(data.value_names) > 1 else ""
            wanted, answered = (
                _in_own_unit(data, numbers, place) for numbers in (examples.values[rows, place], self.answers[:, place])
            )
            found += [
                PredictionColumn(f"target{after}", wanted),
                PredictionColumn(f"answer{after}", answered),
                PredictionColumn(f"off by{after}", answered - wanted),
            ]
        return found


def _inputs(data: DataSet, inputs: NDArray[Any], most: int, names: Sequence[str]) -> list[PredictionColumn]:
    """Return the first ``most`` inputs of rows ``[n, inputs]``, or the columns of a table that they come from."""
    if data.columns is not None:
        return [
            PredictionColumn(column.name, column.values(inputs), (*column.words, MISSING_WORD) if column.words else ())
            for column in data.columns.inputs[:most]
        ]
    found = []
    for place in range(min(most, data.features)):
        name = names[place] if place < len(names) else f"input {place + 1}"
        values = inputs[:, place]
        found.append(PredictionColumn(name, values / np.float32(255) if values.dtype == np.uint8 else values))
    return found


def _in_own_unit(data: DataSet, numbers: NDArray[np.float32], place: int) -> NDArray[Any]:
    """Return numbers to be predicted, or answers, as the table has them."""
    scale = data.target_scales[place]
    return numbers if scale.is_plain else scale.original(numbers)


def part_of(data: DataSet, part: str) -> Examples:
    """Return a part by its name (raises KeyError)."""
    return {"train": data.train, "validation": data.validation, "test": data.test}[part]


def answered_classes(answers: NDArray[np.float32], task: str, border: float) -> NDArray[np.int64]:
    """Return the class that each row of outputs ``[n, outputs]`` stands for."""
    if task == TWO:
        return np.asarray(answers[:, 0] > border, np.int64)
    return np.asarray(answers.argmax(axis=1), np.int64)


def spread(count: int, most: int = MOST_SHOWN) -> NDArray[np.int64]:
    """Return at most ``most`` of ``count`` places, evenly spread."""
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).round().astype(np.int64)


def write_predictions(
    path: Path,
    found: Predictions,
    names: Sequence[str] = (),
    *,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> None:
    """Write a table as CSV: all that `Predictions.columns` has, and every output; pictures without their pixels.

    Raises
    ------
    WriteError
        Where it could not be written; an old file is whole then.
    Cancelled
        When ``cancelled`` said so; the old file is whole then too.
    """
    is_picture = len(found.data.input_shape) > 1
    columns = found.columns(0 if is_picture else found.data.features, names)
    if found.data.task == CLASSES:
        outputs = [f"output {name}" for name in found.data.output_names]
    else:
        outputs = ["output"] if found.data.task == TWO else []

    def write(stream: BinaryIO) -> None:
        for rows, done in _blocks(len(found.indices)):
            report(progress, cancelled, done, f"Writing {path.name}")
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\n")
            if not done:
                writer.writerow([*(column.name for column in columns), *outputs])
            for row in rows:
                numbers = [f"{value:.9g}" for value in found.answers[row, : len(outputs)]]
                writer.writerow([*(_cell(column, row) for column in columns), *numbers])
            stream.write(text.getvalue().encode("utf-8"))

    write_atomically(path, write)


def _cell(column: PredictionColumn, row: int) -> str:
    if column.words:
        return column.text(row)
    value = column.values[row]
    return str(value) if column.values.dtype == np.float32 else f"{value:.9g}"  # float32: the shortest that is exact


def _blocks(count: int) -> Iterator[tuple[range, float]]:
    for start in range(0, max(count, 1), _WRITTEN_ROWS):
        yield range(start, min(start + _WRITTEN_ROWS, count)), start / max(count, 1)
