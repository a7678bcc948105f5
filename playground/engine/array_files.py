"""Arrays of numpy (NPZ, or two NPY files) as data; nothing in them is ever executed. Torch-free."""

from __future__ import annotations

import lzma
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from playground.engine.checksum import checksum
from playground.engine.datasets import (
    MAX_CLASSES,
    DataError,
    DataSet,
    Examples,
    IsCancelled,
    Progress,
    report,
    source_number,
)
from playground.engine.table_parts import named_parts
from playground.engine.targets import CLASSES, VALUES

SUFFIXES = (".npz", ".npy")
MAX_BYTES = 8 << 30  # of one array
MAX_OUTPUTS = 1_000
TRAIN_SHARE = 0.7
_INPUTS = ("x_train", "train_x", "x", "inputs", "data", "images", "features")
_TARGETS = ("y_train", "train_y", "y", "labels", "label", "targets", "target", "classes")
_TEST = (("x_test", "test_x"), ("y_test", "test_y"))
_VALIDATION = (("x_val", "x_valid", "x_validation", "val_x"), ("y_val", "y_valid", "y_validation", "val_y"))
_OWN_FILE = {"test": _TEST, "validation": _VALIDATION}  # what the arrays of a file for that part are called

# what zipfile, zlib and numpy raise for bytes that are no archive, no array, or no header
_DAMAGED = (
    ValueError, EOFError, RuntimeError, KeyError, TypeError, SyntaxError, OverflowError, RecursionError, UserWarning,
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, tokenize.TokenError, struct.error,
)  # fmt: skip

Array = NDArray[Any]


def arrays_data(
    paths: Sequence[Path], *, seed: int = 0, progress: Progress | None = None, cancelled: IsCancelled | None = None
) -> DataSet:
    """Read an NPZ file, two or three of them for the parts, or two NPY files, one of inputs and one of targets.

    Arrays are found by their names (x, y, x_train, labels, …; the files' names for NPY). Whole numbers are classes,
    fractions are numbers to be predicted; targets of 0 and 1 in several columns are classes too. Where there is no
    test part of its own, ``seed`` parts the examples: 70 % for training, the rest in halves. Files named for their
    part (train.npz, test.npz, validation.npz) are that part.

    Parameters
    ----------
    paths : sequence of Path
    seed : int
    progress, cancelled : callables, optional
        See `datasets.report`.

    Raises
    ------
    DataError
        Where a file is damaged, holds Python objects, or arrays are missing or do not belong together.
    Cancelled
        When ``cancelled`` said so.
    """
    report(progress, cancelled, 0.0, f"Reading {paths[0].name}")
    arrays = _read(paths)
    name = paths[0].name
    inputs, targets = _named(arrays, _INPUTS, "inputs", name), _named(arrays, _TARGETS, "targets", name)
    report(progress, cancelled, 0.5, f"Preparing {name}")
    shape = _input_shape(inputs, name)
    whole, classes, value_names = _examples(inputs, targets, name)
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(whole))
    given = {
        part: _own_part(arrays, keys, f"{part} part", name, shape, classes)
        for part, keys in _OWN_FILE.items()
        if all(any(key in arrays for key in names) for names in keys)
    }
    train = round(len(whole) * (1.0 if len(given) == 2 else 0.85 if given else TRAIN_SHARE))
    end = train + (len(whole) - train + 1) // 2
    if given:
        end = train if "validation" in given else len(whole)
    validation = given.get("validation", whole.taken(order[train:end]))
    test = given.get("test", whole.taken(order[end:]))
    size = " × ".join(map(str, shape))
    kind = f"{len(classes)} classes" if classes else f"{len(value_names)} numbers"
    return DataSet(
        name=name,
        source={
            "kind": "arrays",
            "paths": [str(path.absolute()) for path in paths],
            "sha256": checksum(paths),
            "seed": seed,
        },
        input_shape=shape,
        classes=classes,
        train=whole.taken(order[:train]),
        validation=validation,
        test=test,
        detail=f"{len(whole):,} examples of {size}, {kind}",
        task=CLASSES if classes else VALUES,
        value_names=value_names,
    )


def arrays_from_source(
    source: Mapping[str, Any], *, progress: Progress | None = None, cancelled: IsCancelled | None = None
) -> DataSet:
    """Read the arrays again that `arrays_data` described; the description is not trusted (raises DataError)."""
    paths = source.get("paths")
    is_list = isinstance(paths, list | tuple) and 1 <= len(paths) <= 3
    if not is_list or not all(isinstance(path, str) and 0 < len(path) <= 4096 for path in paths or ()):
        raise DataError("The description of the arrays does not say which files hold them: choose the data again.")
    seed = source_number(source, "seed", 0, 0, 2**31 - 1)
    data = arrays_data([Path(path) for path in paths or ()], seed=seed, progress=progress, cancelled=cancelled)
    if source.get("sha256") not in (None, data.source["sha256"]):
        raise DataError(f"{data.name} is another file than the one that this was trained on: choose the data again.")
    return data


# ---- reading -----------------------------------------------------------------------------------------------------


def _own_part(
    arrays: Mapping[str, Array],
    keys: tuple[tuple[str, ...], tuple[str, ...]],
    what: str,
    name: str,
    shape: tuple[int, ...],
    classes: tuple[str, ...],
) -> Examples:
    inputs, targets = (_named(arrays, names, what, name) for names in keys)
    if _input_shape(inputs, name) != shape:
        raise DataError(f"{name}: the inputs of its {what} have another shape than those for training.")
    return _examples(inputs, targets, name, classes)[0]


def _as_part(arrays: dict[str, Array], part: str, path: Path) -> dict[str, Array]:
    """Return the arrays of a file that is one part alone, under the names of that part."""
    if part not in _OWN_FILE:
        return arrays
    inputs, targets = _named(arrays, _INPUTS, "inputs", path.name), _named(arrays, _TARGETS, "targets", path.name)
    keys = _OWN_FILE[part]
    return {keys[0][0]: inputs, keys[1][0]: targets}


def _read(paths: Sequence[Path]) -> dict[str, Array]:
    found: dict[str, Array] = {}
    packed = [path for path in paths if path.suffix.lower() == ".npz"]
    parts = named_parts(packed) if len(packed) > 1 else {}
    if parts is None:
        names = ", ".join(path.name for path in packed)
        raise DataError(f"{names}: it is not clear which is for what. Name them train.npz, validation.npz, test.npz.")
    part_of = {path: part for part, path in parts.items()}
    for path in paths:
        try:
            if path.suffix.lower() == ".npz":
                found |= _as_part(_read_npz(path), part_of.get(path, ""), path)
            else:
                with path.open("rb") as stream:
                    found[path.stem.lower()] = _read_array(stream, path.name)
        except OSError as error:
            raise DataError(f"{path} could not be read: {error.strerror or error}.") from error
        except DataError:
            raise
        except _DAMAGED as error:
            raise DataError(f"{path.name} is damaged or no file of numpy arrays ({str(error)[:60]}).") from error
        except MemoryError as error:
            raise DataError(f"{path.name} needs more memory than this computer has free.") from error
    return found


def _read_npz(path: Path) -> dict[str, Array]:
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist()[:64]:
            if name.endswith(".npy"):
                with archive.open(name) as stream:
                    found[name.removesuffix(".npy").lower()] = _read_array(stream, f"{path.name}, array '{name[:-4]}'")
    return found


def _read_array(stream: IO[bytes], what: str) -> Array:
    """Read one array whose header promises numbers, and no more of them than fit."""
    version = npy.read_magic(stream)
    if version not in ((1, 0), (2, 0)):
        raise DataError(f"{what} is written in a format of numpy that is not known here: save it again.")
    reader = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, is_fortran, dtype = reader(stream)
    if dtype.hasobject or dtype.kind not in "biuf":
        raise DataError(
            f"{what} holds {'Python objects, which could run code' if dtype.hasobject else str(dtype)[:30]}: only "
            "arrays of numbers are read."
        )
    if min(shape, default=0) < 0:
        raise DataError(f"{what} has the shape {shape}: it is damaged.")
    count = prod(shape)
    if count * dtype.itemsize > MAX_BYTES:
        raise DataError(f"{what} has the shape {shape}, more than {MAX_BYTES >> 30} GB: take a part of it.")
    content = bytearray()
    while len(content) < count * dtype.itemsize:
        block = stream.read(min(1 << 24, count * dtype.itemsize - len(content)))
        if not block:
            raise DataError(f"{what} ends too early: it is damaged.")
        content += block
    flat = np.frombuffer(content, dtype, count)
    return flat.reshape(shape, order="F" if is_fortran else "C")


def _named(arrays: Mapping[str, Array], names: Sequence[str], what: str, file: str) -> Array:
    for name in names:
        if name in arrays:
            return arrays[name]
    there = ", ".join(sorted(arrays)[:12]) or "nothing"
    raise DataError(
        f"{file} has no array of the {what}: there is {there}; one named {names[0]} or {names[1]} is needed."
    )


# ---- from arrays to examples -------------------------------------------------------------------------------------


def _input_shape(inputs: Array, name: str) -> tuple[int, ...]:
    shape = inputs.shape[1:] if inputs.ndim > 1 else (1,)
    if inputs.ndim == 0 or not 1 <= len(shape) <= 4 or not len(inputs) or not prod(shape):
        raise DataError(f"{name}: inputs of the shape {inputs.shape} hold no examples.")
    return tuple(int(side) for side in shape)


def _examples(
    inputs: Array, targets: Array, name: str, known: tuple[str, ...] = ()
) -> tuple[Examples, tuple[str, ...], tuple[str, ...]]:
    """Return the examples, the names of the classes, or those of the numbers to be predicted."""
    if targets.ndim not in (1, 2) or len(targets) != len(inputs):
        raise DataError(
            f"{name}: {len(inputs):,} inputs and targets of the shape {targets.shape} do not belong together."
        )
    rows = inputs.reshape(len(inputs), -1)
    rows = rows if rows.dtype == np.uint8 else rows.astype(np.float32)
    columns = targets.reshape(len(targets), -1)
    for array, what in ((rows, "inputs"), (columns, "targets")):
        bad = ~np.isfinite(array).all(axis=1) if array.dtype.kind == "f" else np.zeros(0, bool)
        if bad.any():
            raise DataError(f"{name}: among the {what} of example {int(bad.argmax()):,} is one that is no number.")
    if columns.shape[1] > 1 and np.isin(columns, (0, 1)).all() and (columns.sum(axis=1) == 1).all():
        columns = columns.argmax(axis=1)[:, None]  # one-hot
    is_whole = columns.dtype.kind in "biu" or bool((columns == np.round(columns)).all())
    if columns.shape[1] > 1 or not is_whole:
        if columns.shape[1] > MAX_OUTPUTS or known:
            raise DataError(f"{name}: its targets of {columns.shape[1]:,} numbers cannot be predicted here.")
        names = tuple(f"y{number}" for number in range(1, columns.shape[1] + 1))
        return Examples(rows, np.zeros(len(rows), np.int64), columns.astype(np.float32)), (), names
    labels = columns[:, 0].astype(np.int64)
    low, high = int(labels.min()), int(labels.max())
    most = len(known) or MAX_CLASSES
    if low < 0 or high >= most:
        raise DataError(f"{name}: its labels go from {low:,} to {high:,}; classes are numbered 0 to {most - 1:,}.")
    if high == 0 and not known:
        raise DataError(f"{name}: there is one class only, so there is nothing to tell apart.")
    return Examples(rows, labels), known or tuple(str(number) for number in range(high + 1)), ()
