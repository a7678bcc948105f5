"""The small data sets that come with scikit-learn, where it is installed; nothing is ever downloaded. Torch-free.

Tables are written out as CSV and come in as every other table does; projects hold them, so that they open where
scikit-learn is not installed.
"""

from __future__ import annotations

import csv
import importlib.util
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from playground.engine.atomic_file import why
from playground.engine.datasets import DataError, DataSet

PACKAGE = "sklearn"
DIGITS = "digits"
_MOST_VALUES = 10_000_000


@dataclass(frozen=True)
class BundledSet:
    """A set by its key, what it is called on the screen, its function in ``sklearn.datasets``, what is predicted."""

    key: str
    title: str
    loader: str
    target: str


SETS = (
    BundledSet("iris", "Iris: three species by their leaves", "load_iris", "species"),
    BundledSet("wine", "Wine: three growers by chemistry", "load_wine", "class"),
    BundledSet("breast_cancer", "Breast cancer: malignant or benign", "load_breast_cancer", "diagnosis"),
    BundledSet("diabetes", "Diabetes: its progression in a year", "load_diabetes", "progression"),
    BundledSet(DIGITS, "Digits of 8 × 8 pixels", "load_digits", ""),
)


def bundled_sets() -> tuple[BundledSet, ...]:
    """Return the sets that there are: all, or none where scikit-learn is not installed. Nothing is imported."""
    try:
        is_there = importlib.util.find_spec(PACKAGE) is not None
    except (ImportError, ValueError):
        is_there = False
    return SETS if is_there else ()


def bundled_table(key: str, folder: Path) -> Path:
    """Write a set of numbers as a table with the true names of its columns and classes, and return the file.

    Raises
    ------
    DataError
        Where scikit-learn is missing or broken, or the file cannot be written.
    """
    chosen = _set_of(key)
    bunch = _loaded(chosen, **({"scaled": False} if key == "diabetes" else {}))  # in its units, not standardised
    try:
        values, target = np.asarray(bunch.data, np.float64), np.asarray(bunch.target)
        names = [str(name) for name in bunch.feature_names]
        classes = [str(name) for name in getattr(bunch, "target_names", ())]
        is_sound = values.ndim == 2 and values.shape == (len(target), len(names)) and values.size <= _MOST_VALUES
        told = [classes[int(label)] for label in target] if classes else [f"{number:.10g}" for number in target]
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise _strange(chosen) from error
    if not is_sound:
        raise _strange(chosen)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, chosen.target])
    writer.writerows([*(f"{value:.10g}" for value in row), word] for row, word in zip(values, told, strict=True))
    path = folder / PACKAGE / f"{key}.csv"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.getvalue(), encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path} could not be written: {why(error)}.") from error
    return path


def bundled_digits(seed: int = 0, train_share: float = 0.7) -> DataSet:
    """Return the 1,797 digits of 8 x 8 pixels, 0 to 16 as 0 to 255, parted by share (raises DataError)."""
    chosen = _set_of(DIGITS)
    bunch = _loaded(chosen)
    try:
        images, labels = np.asarray(bunch.images, np.float64), np.asarray(bunch.target, np.int64)
        names = tuple(str(name) for name in bunch.target_names)
        is_sound = images.shape == (len(labels), 8, 8) and 0 <= images.min() <= images.max() <= 16
        is_sound = is_sound and 0 <= labels.min() <= labels.max() < len(names)
    except (AttributeError, TypeError, ValueError) as error:
        raise _strange(chosen) from error
    if not is_sound:
        raise _strange(chosen)
    pixels = np.rint(images * (255 / 16)).astype(np.uint8)
    from playground.engine.image_data import pictures_data  # the window lists the sets, and reads no pictures for it
    from playground.engine.picture_fitting import ImageChoice

    return pictures_data("Digits 8 × 8", names, pixels, labels, ImageChoice(8, 8, seed=seed, train_share=train_share))


def _set_of(key: str) -> BundledSet:
    found = next((each for each in SETS if each.key == key), None)
    if found is None:
        raise DataError(f"scikit-learn brings no set '{key[:40]}': choose {', '.join(each.key for each in SETS)}.")
    return found


def _loaded(chosen: BundledSet, **options: Any) -> Any:
    try:
        module = importlib.import_module(f"{PACKAGE}.datasets")
        return getattr(module, chosen.loader)(**options)
    except ImportError as error:
        raise DataError(
            f"The set '{chosen.key}' comes with scikit-learn, which cannot be used here ({str(error)[:100]}). Install "
            "it (pip install scikit-learn), or choose other data."
        ) from error
    except (AttributeError, OSError, TypeError, ValueError) as error:
        raise _strange(chosen) from error


def _strange(chosen: BundledSet) -> DataError:
    return DataError(
        f"The set '{chosen.key}' is not as expected in the scikit-learn that is installed: update it, or choose other "
        "data."
    )
