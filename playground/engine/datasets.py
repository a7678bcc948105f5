"""What a network learns from: inputs with labels, in a training, a validation and a test part. Torch-free."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from playground.engine.columns import AS_IT_IS, Scale, TableColumns
from playground.engine.input_features import PlaneCoordinates
from playground.engine.targets import CLASSES, TASKS, TWO, VALUES

Progress = Callable[[float, str], None]
IsCancelled = Callable[[], bool]

DIGIT_NAMES = tuple("0123456789")
MAX_CLASSES = 1000


class DataError(ValueError):
    """Data that cannot be used; the text is a sentence for the user: what, which file, what to do."""


class Cancelled(Exception):  # noqa: N818  (nothing went wrong: the user asked for it)
    """The work was broken off because ``cancelled()`` said so."""


def report(progress: Progress | None, cancelled: IsCancelled | None, done: float, text: str) -> None:
    """Tell ``progress`` the part done (0 to 1) and what is being done.

    Raises
    ------
    Cancelled
        When ``cancelled`` says that nobody waits any more.
    """
    if cancelled is not None and cancelled():
        raise Cancelled
    if progress is not None:
        progress(done, text)


@dataclass(frozen=True, eq=False)
class Examples:
    """Inputs with their labels. The arrays are taken over, not copied, and are read-only from then on.

    Attributes
    ----------
    inputs : ndarray [n, features]
        uint8 (0 to 255 stands for 0 to 1) or float32.
    labels : ndarray [n], int64
        The index of each example's class; 0 where there are no classes.
    values : ndarray [n, outputs], float32, or None
        The numbers to be predicted, where there are no classes.

    Raises
    ------
    DataError
        When the shapes or types do not belong together.
    """

    inputs: NDArray[Any]
    labels: NDArray[np.int64]
    values: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        inputs = np.ascontiguousarray(self.inputs)
        labels = np.ascontiguousarray(self.labels, dtype=np.int64)
        if inputs.ndim != 2 or labels.ndim != 1 or len(inputs) != len(labels):
            raise DataError(
                f"Inputs of the shape {list(inputs.shape)} and labels of the shape {list(labels.shape)} "
                "do not belong together: one row and one label are needed for each example."
            )
        if inputs.dtype not in (np.uint8, np.float32):
            raise DataError(f"Inputs of the type {inputs.dtype} are not supported: use uint8 or float32.")
        arrays: dict[str, NDArray[Any]] = {"inputs": inputs, "labels": labels}
        if self.values is not None:
            arrays["values"] = np.ascontiguousarray(self.values, dtype=np.float32)
            if arrays["values"].ndim != 2 or len(arrays["values"]) != len(labels):
                raise DataError("One row of numbers to be predicted is needed for each example.")
        for name, array in arrays.items():
            frozen = array.view()
            frozen.setflags(write=False)
            object.__setattr__(self, name, frozen)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def features(self) -> int:
        """Return the number of values of one input."""
        return int(self.inputs.shape[1])

    def as_float(self) -> NDArray[np.float32]:
        """Return a fresh, writable copy of the inputs as float32 ``[n, features]``; uint8 becomes 0 to 1."""
        if self.inputs.dtype == np.uint8:
            return np.asarray(self.inputs, np.float32) / np.float32(255)
        return np.array(self.inputs, np.float32)

    def taken(self, indices: ArrayLike | slice) -> Examples:
        """Return the examples at these indices (a slice, a list or an array), in that order."""
        index = indices if isinstance(indices, slice) else np.asarray(indices)
        if not isinstance(index, slice) and index.size == 0:
            index = slice(0, 0)
        values = None if self.values is None else self.values[index]
        return Examples(self.inputs[index], self.labels[index], values)

    def with_added(self, inputs: ArrayLike, labels: ArrayLike) -> Examples:
        """Return these examples followed by others.

        Parameters
        ----------
        inputs : array [features] or [m, features] or [m, ...]
            uint8 0 to 255, or float 0 to 1; converted to the type of the inputs that are here already.
        labels : int or array [m]
        """
        added_labels = np.atleast_1d(np.asarray(labels, dtype=np.int64))
        rows = np.asarray(inputs)
        if rows.size != len(added_labels) * self.features:
            raise DataError(
                f"{rows.size:,} values are not {len(added_labels)} inputs of {self.features} values each; "
                "nothing was added."
            )
        rows = _converted(rows.reshape(len(added_labels), self.features), self.inputs.dtype)
        return Examples(np.concatenate([self.inputs, rows]), np.concatenate([self.labels, added_labels]))


def _converted(rows: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return ``rows`` as uint8 0 to 255 or float32; float 1 and uint8 255 mean the same."""
    if rows.dtype == dtype:
        return rows
    if dtype == np.uint8:
        scaled = np.nan_to_num(rows.astype(np.float64)) * 255
        return np.rint(np.clip(scaled, 0, 255)).astype(np.uint8)
    if rows.dtype == np.uint8:
        return rows.astype(np.float32) / np.float32(255)
    return rows.astype(np.float32)


@dataclass(frozen=True, eq=False)
class DataSet:
    """A training, a validation and a test part of the same kind, and where they come from.

    Attributes
    ----------
    name : str
        As shown on the screen: "Digits", "MNIST", the name of a folder.
    source : mapping
        JSON values, enough for `data_from_source` to build the same data again (without added examples).
    input_shape : tuple of int
        The shape of one input: ``(28, 28)`` for an image, ``(6,)`` for six numbers.
    classes : tuple of str
        The name of each class; a label is an index into it.
    train, validation, test : Examples
        Validation and test may be empty.
    detail : str
        One line for the screen, such as "28 × 28, 10 classes, easy".
    added : int
        How many of the last training examples were added by hand.
    task : str
        One of `targets.TASKS`: whether the classes have an output each, two of them share one, or numbers are
        predicted.
    value_names : tuple of str
        The name of each number to be predicted; empty where there are classes.
    plane : PlaneCoordinates or None
        Where the examples lie in the plane and how the inputs follow from that; None for all other data.
    columns : TableColumns or None
        What inputs and targets stand for, where the data were a table; None for all other data.
    """

    name: str
    source: Mapping[str, Any]
    input_shape: tuple[int, ...]
    classes: tuple[str, ...]
    train: Examples
    validation: Examples
    test: Examples
    detail: str
    added: int = 0
    task: str = CLASSES
    value_names: tuple[str, ...] = ()
    plane: PlaneCoordinates | None = None
    columns: TableColumns | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", MappingProxyType(dict(self.source)))
        self._check_task()
        for part in (self.train, self.validation, self.test):
            if part.features != self.features:
                raise DataError(f"The data set {self.name} mixes inputs of {self.features} and {part.features} values.")
            if self.task == VALUES:
                continue
            if len(part) and not 0 <= int(part.labels.min()) <= int(part.labels.max()) < len(self.classes):
                raise DataError(f"The data set {self.name} has labels beyond its {len(self.classes)} classes.")

    def _check_task(self) -> None:
        if self.task not in TASKS:
            raise DataError(f"The data set {self.name} asks for '{str(self.task)[:40]}', which no network can answer.")
        if self.task == TWO and len(self.classes) != 2:
            raise DataError(f"The data set {self.name} has {len(self.classes)} classes; one output parts two.")
        if (self.task == VALUES) != bool(self.value_names):
            raise DataError(f"The data set {self.name} must name the numbers to be predicted, or its classes.")
        for part in (self.train, self.validation, self.test):
            width = 0 if part.values is None else part.values.shape[1]
            if width != len(self.value_names):
                raise DataError(f"The data set {self.name} has {width} numbers to predict, not {self.outputs}.")

    @property
    def features(self) -> int:
        """Return the number of values of one input: the width of the network's input."""
        return prod(self.input_shape)

    @property
    def outputs(self) -> int:
        """Return the number of outputs that a network on these data has."""
        return len(self.output_names)

    @property
    def output_names(self) -> tuple[str, ...]:
        """Return what each output stands for: a class, both of two classes, or a number to be predicted."""
        if self.task == TWO:
            return (f"{self.classes[0]} or {self.classes[1]}",)
        return self.classes if self.task == CLASSES else self.value_names

    @property
    def target_scales(self) -> tuple[Scale, ...]:
        """Return how each number to be predicted is scaled; empty where there are classes."""
        known = () if self.columns is None else self.columns.targets
        return known or (AS_IT_IS,) * len(self.value_names)

    def with_added(self, inputs: ArrayLike, labels: ArrayLike) -> DataSet:
        """Return this data set with more training examples at its end (see `Examples.with_added`).

        Raises
        ------
        DataError
            When the inputs have another size or a label is none of the classes; when the data have no classes.
        """
        if self.task == VALUES:
            raise DataError(f"The data set {self.name} has numbers instead of classes; nothing was added.")
        new = np.atleast_1d(np.asarray(labels, dtype=np.int64))
        if len(new) and not 0 <= int(new.min()) <= int(new.max()) < len(self.classes):
            raise DataError(f"A label must be one of the {len(self.classes)} classes; nothing was added.")
        return replace(self, train=self.train.with_added(inputs, new), added=self.added + len(new))

    def without_added(self, count: int | None = None) -> DataSet:
        """Return this data set without the last ``count`` (or all) training examples added by hand."""
        count = self.added if count is None else min(count, self.added)
        return replace(self, train=self.train.taken(slice(0, len(self.train) - count)), added=self.added - count)

    def with_test(self, test: Examples, source: Mapping[str, Any], detail: str) -> DataSet:
        """Return this data set with another test part, such as real digits for a network taught on drawn ones.

        Raises
        ------
        DataError
            When its inputs have another size or its labels other classes.
        """
        if self.task != CLASSES:
            raise DataError(f"The test data ({detail}) have classes; the data set {self.name} needs other targets.")
        if test.features != self.features:
            raise DataError(
                f"The test data ({detail}) have {test.features} values for each input, the data set "
                f"{self.name} has {self.features}: choose test data of the same size."
            )
        if len(test) and int(test.labels.max()) >= len(self.classes):
            raise DataError(
                f"The test data ({detail}) have the label {int(test.labels.max())}, but the data set "
                f"{self.name} has {len(self.classes)} classes: choose test data of the same classes."
            )
        source = {**self.source, "test": dict(source)}
        return replace(self, test=test, source=source, detail=f"{self.detail}, test: {detail}")


def data_from_source(
    source: Mapping[str, Any],
    *,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
    cache: Path | None = None,
) -> DataSet:
    """Build a data set again from its ``source``, which may come from a file that somebody else wrote.

    Parameters
    ----------
    source : mapping
        As in `DataSet.source`.
    progress, cancelled : callables, optional
        See `report`.
    cache : Path, optional
        The folder in which generated digits are kept.

    Raises
    ------
    DataError
        When the description or the files that it names cannot be used.
    Cancelled
        When ``cancelled`` said so.
    """
    from playground.engine.array_files import arrays_from_source
    from playground.engine.digits import from_source as digits_from_source
    from playground.engine.idx import examples_from_source, from_source
    from playground.engine.image_data import images_from_source
    from playground.engine.plane import plane_from_source
    from playground.engine.table_data import table_from_source
    from playground.engine.vectors import vectors_data

    if not isinstance(source, Mapping):
        raise DataError("The description of the data is not a table of names and values: choose the data again.")
    kind = source.get("kind")
    if kind == "digits":
        data = digits_from_source(source, progress=progress, cancelled=cancelled, cache=cache)
    elif kind == "idx":
        data = from_source(source, progress=progress, cancelled=cancelled)
    elif kind == "vectors":
        data = vectors_data(source)
    elif kind == "plane":
        data = plane_from_source(source)
    elif kind == "table":
        data = table_from_source(source, progress=progress, cancelled=cancelled)
    elif kind == "arrays":
        data = arrays_from_source(source, progress=progress, cancelled=cancelled)
    elif kind == "images":
        data = images_from_source(source, progress=progress, cancelled=cancelled)
    else:
        raise DataError(
            f"This version does not know data of the kind {str(kind)[:40]!r}: it knows digits, idx, vectors, plane, "
            "table, arrays and images. Choose the data again."
        )
    test = source.get("test")
    if test is None:
        return data
    if not isinstance(test, Mapping) or test.get("kind") not in ("digits", "idx"):
        raise DataError("The description of the test data cannot be read: choose the test data again.")
    if test["kind"] == "digits":
        drawn = digits_from_source(test, progress=progress, cancelled=cancelled, cache=cache)
        return data.with_test(drawn.test, test, drawn.detail)
    examples, detail = examples_from_source(test, progress=progress, cancelled=cancelled)
    return data.with_test(examples, test, detail)


def source_number(source: Mapping[str, Any], key: str, default: int, low: int, high: int) -> int:
    """Return the whole number ``source[key]``, checked against its bounds.

    Raises
    ------
    DataError
        When it is something else.
    """
    value = source.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise DataError(
            f"The description of the data says {key} = {str(value)[:40]!r}; a whole number from {low:,} to "
            f"{high:,} belongs there. Choose the data again."
        )
    return value
