"""Data sets from IDX files: images and labels checked against each other and parted. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.datasets import (
    DIGIT_NAMES,
    MAX_CLASSES,
    DataError,
    DataSet,
    Examples,
    IsCancelled,
    Progress,
    report,
    source_number,
)
from playground.engine.idx_file import read_idx
from playground.engine.idx_names import IdxFiles, find_idx

__all__ = ["IdxFiles", "examples_from_source", "find_idx", "from_source", "idx_data", "idx_test", "read_idx"]

Paths = str | Path | Iterable[str | Path]

DEFAULT_SPLIT = 5 / 6  # as in MNIST: 60,000 for training, 10,000 for the test
DEFAULT_VALIDATION = 0.1
MAX_VALIDATION = 10_000
STRAY = 50  # a class this much rarer than the mean one is a wrong label when it lies above all others
STRAY_ABOVE_GAP = 5  # and so much rarer when there is an unused label below it

CLASS_NAMES = {
    "Fashion-MNIST": (
        "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
    ),
    "KMNIST": ("お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を"),
}  # fmt: skip


def idx_data(
    paths: Paths,
    *,
    split: float | None = None,
    seed: int = 0,
    validation: float = DEFAULT_VALIDATION,
    classes: Sequence[str] | None = None,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> DataSet:
    """Build a data set from IDX files.

    Parameters
    ----------
    paths : path or several paths
        A folder, or the files themselves; see `find_idx`.
    split : float, optional
        The share of the examples that is trained on, the others being the test; only for a folder without test
        files. Without it five sixths are trained on.
    seed : int
        Of the shuffle by which examples are parted.
    validation : float
        The share of the training part that is set aside for validation, at most 10,000 examples; may be 0.
    classes : sequence of str, optional
        The names of the classes; by default those of the data set, if it is a known one, or the labels' numbers.
    progress, cancelled : callables, optional
        See `playground.engine.datasets.report`.

    Raises
    ------
    DataError
        When a file cannot be used or the files do not belong together.
    Cancelled
        When ``cancelled`` said so.
    """
    if not 0 <= validation <= 0.5:
        raise DataError(f"The share for validation is {validation:g}; it must lie between 0 and 0.5.")
    if split is not None and not 0 < split < 1:
        raise DataError(f"The split is {split:g}; it must lie between 0 and 1, such as 0.8.")
    files = find_idx(paths)
    if split is not None and files.test_images is not None:
        raise DataError(
            f"{files.train_images.parent} has a test part of its own ({files.test_images.name}): leave the split out."
        )
    everything, shape = _examples(files.train_images, files.train_labels, progress, cancelled)
    names = _class_names(everything.labels, files.train_labels, files.name, classes)
    random = np.random.default_rng([seed, 0x1D8])
    order = random.permutation(len(everything))
    if files.test_images is not None and files.test_labels is not None:
        test, test_shape = _examples(files.test_images, files.test_labels, progress, cancelled)
        _check_test(test, test_shape, shape, names, files)
        note = f"{len(test):,} for the test"
    else:
        count = _split_count(len(everything), DEFAULT_SPLIT if split is None else split, files.train_images)
        test, order = everything.taken(order[count:]), order[:count]
        note = f"{len(test):,} of them kept for the test" + ("" if split else ", as there is no test file")
    held = min(round(len(order) * validation), MAX_VALIDATION)
    report(progress, cancelled, 1.0, f"Parting {files.name}")
    return DataSet(
        name=files.name,
        source={
            "kind": "idx",
            "paths": [str(path.absolute()) for path in files.paths],
            "split": split,
            "seed": seed,
            "validation": validation,
            "classes": None if classes is None else list(classes),
        },
        input_shape=shape,
        classes=names,
        train=everything.taken(order[held:]),
        validation=everything.taken(order[:held]),
        test=test,
        detail=f"{_shape_text(shape)}, {len(names)} classes, {len(everything):,} images, {note}",
    )


def idx_test(
    paths: Paths, *, progress: Progress | None = None, cancelled: IsCancelled | None = None
) -> tuple[Examples, dict[str, Any], str]:
    """Read examples to test on: the test part of a folder or, where it has none, all that it holds.

    Returns
    -------
    examples : Examples
    source : dict
        For `examples_from_source`.
    detail : str
        One line, such as "MNIST, 10,000 images". All three are what `DataSet.with_test` takes.

    Raises
    ------
    DataError
        When the files cannot be used.
    Cancelled
        When ``cancelled`` said so.
    """
    files = find_idx(paths)
    images, labels = files.test_images or files.train_images, files.test_labels or files.train_labels
    examples, _ = _examples(images, labels, progress, cancelled)
    source = {"kind": "idx", "paths": [str(images.absolute()), str(labels.absolute())]}
    return examples, source, f"{files.name}, {len(examples):,} images"


def from_source(
    source: Mapping[str, Any], *, progress: Progress | None = None, cancelled: IsCancelled | None = None
) -> DataSet:
    """Read the data set again that `idx_data` described in its ``source``; the description is not trusted.

    Raises
    ------
    DataError
        When the description or a file cannot be used.
    """
    classes = source.get("classes")
    if classes is not None and not (
        isinstance(classes, (list, tuple))
        and 0 < len(classes) <= MAX_CLASSES
        and all(isinstance(name, str) and len(name) <= 100 for name in classes)
    ):
        raise DataError("The description of the data has no proper names of classes: choose the data again.")
    split = source.get("split")
    return idx_data(
        _source_paths(source),
        split=None if split is None else _share(source, "split", 0.0),
        seed=source_number(source, "seed", 0, 0, 2**63 - 1),
        validation=_share(source, "validation", DEFAULT_VALIDATION),
        classes=classes,
        progress=progress,
        cancelled=cancelled,
    )


def examples_from_source(
    source: Mapping[str, Any], *, progress: Progress | None = None, cancelled: IsCancelled | None = None
) -> tuple[Examples, str]:
    """Read the test examples again that `idx_test` described; the description is not trusted.

    Raises
    ------
    DataError
        When the description or a file cannot be used.
    """
    examples, _, detail = idx_test(_source_paths(source), progress=progress, cancelled=cancelled)
    return examples, detail


def _source_paths(source: Mapping[str, Any]) -> list[str]:
    paths = source.get("paths")
    if (
        not isinstance(paths, (list, tuple))
        or not 0 < len(paths) <= 8
        or not all(isinstance(path, str) and 0 < len(path) <= 4096 for path in paths)
    ):
        raise DataError("The description of the data does not say which files hold them: choose the data again.")
    return list(paths)


def _share(source: Mapping[str, Any], key: str, default: float) -> float:
    value = source.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise DataError(f"The description of the data says {key} = {str(value)[:40]!r}: choose the data again.")
    return float(value)


def _examples(
    images_path: Path, labels_path: Path, progress: Progress | None, cancelled: IsCancelled | None
) -> tuple[Examples, tuple[int, ...]]:
    """Read images and labels that belong together, and the shape of one image."""
    images = read_idx(images_path, progress=progress, cancelled=cancelled)
    labels = read_idx(labels_path, progress=progress, cancelled=cancelled)
    if images.ndim < 2:
        raise DataError(f"{images_path} holds single numbers, not images: are images and labels mixed up?")
    if labels.ndim != 1 or labels.dtype.kind == "f":
        raise DataError(f"{labels_path} does not hold one whole number for each image: choose another file.")
    if len(images) != len(labels):
        raise DataError(
            f"{images_path.name} has {len(images):,} images, but {labels_path.name} has {len(labels):,} labels: "
            f"they do not belong together. Get both files in {images_path.parent} from the same place."
        )
    if images.size == 0:
        raise DataError(f"{images_path} holds no images: choose another file.")
    wrong = np.flatnonzero((labels < 0) | (labels >= MAX_CLASSES))
    if len(wrong):
        raise _out_of_range(int(labels[wrong[0]]), int(wrong[0]), labels_path, f"0 to {MAX_CLASSES - 1}")
    rows = _as_inputs(images.reshape(len(images), -1), images_path)
    return Examples(rows, labels.astype(np.int64)), tuple(int(side) for side in images.shape[1:])


def _as_inputs(rows: NDArray[Any], path: Path) -> NDArray[Any]:
    """Return the values as uint8 0 to 255, or as float32 0 to 1 if the file has fractions."""
    if rows.dtype == np.uint8:
        return rows
    low, high = float(rows.min()), float(rows.max())
    if not (low >= 0 and high <= 255):  # also when there is a NaN
        raise DataError(f"{path} has values from {low:g} to {high:g}; images have 0 to 1 or 0 to 255.")
    if rows.dtype.kind == "i":
        return rows.astype(np.uint8)
    return np.asarray(rows / (255 if high > 1 else 1), np.float32)


def _class_names(labels: NDArray[np.int64], path: Path, name: str, classes: Sequence[str] | None) -> tuple[str, ...]:
    """Return the names of the classes; without given ones the labels that are in use say how many there are."""
    if classes is not None:
        names = tuple(classes)
    elif name in CLASS_NAMES and labels.max() < len(CLASS_NAMES[name]):
        names = CLASS_NAMES[name]
    else:
        count = _class_count(labels)
        names = DIGIT_NAMES if count == 10 else tuple(str(number) for number in range(count))
    wrong = np.flatnonzero(labels >= len(names))
    if len(wrong):
        raise _out_of_range(int(labels[wrong[0]]), int(wrong[0]), path, f"0 to {len(names) - 1}")
    return names


def _class_count(labels: NDArray[np.int64]) -> int:
    """Return the number of classes, without stray labels above those that are in real use."""
    counts = np.bincount(labels)
    used = int(np.count_nonzero(counts))
    typical = len(labels) / used
    top = len(counts) - 1
    while top >= len(DIGIT_NAMES):
        below = np.flatnonzero(counts[:top])
        has_gap = len(below) == 0 or below[-1] < top - 1
        factor = STRAY_ABOVE_GAP if has_gap else STRAY
        mostly_unused = 2 * used < top + 1
        if not len(below) or not (counts[top] * factor < typical or (has_gap and mostly_unused)):
            break
        top = int(below[-1])
        used -= 1
    return max(top + 1, 2)


def _out_of_range(label: int, index: int, path: Path, good: str) -> DataError:
    return DataError(
        f"{path} has the label {label} at example {index + 1:,}, but the labels go from {good}: the file is damaged "
        "or belongs to other data. Get it again."
    )


def _check_test(
    test: Examples, test_shape: tuple[int, ...], shape: tuple[int, ...], names: tuple[str, ...], files: IdxFiles
) -> None:
    """Raise DataError unless the test part has the size and the classes of the training part."""
    if test_shape != shape:
        raise DataError(
            f"{files.test_images} has images of {_shape_text(test_shape)}, {files.train_images.name} of "
            f"{_shape_text(shape)}: they do not belong together."
        )
    wrong = np.flatnonzero(test.labels >= len(names))
    if len(wrong) and files.test_labels is not None:
        raise _out_of_range(
            int(test.labels[wrong[0]]), int(wrong[0]), files.test_labels, f"0 to {len(names) - 1} in the training part"
        )


def _split_count(total: int, split: float, path: Path) -> int:
    """Return how many of the examples are trained on; both parts get at least one."""
    if total < 2:
        raise DataError(f"{path} holds a single image; training and test need at least one each.")
    return min(max(round(total * split), 1), total - 1)


def _shape_text(shape: tuple[int, ...]) -> str:
    return " × ".join(str(side) for side in shape)
