"""Handwritten digits drawn by the program itself: the data that are there without any file. Torch-free.

Each digit is a way of writing from `stroke_templates`, written by the unsteady hand of `handwriting`, fitted into
20 x 20 pixels and centred by mass in 28 x 28, as MNIST does. The design (the ways of writing, how common they are, how
large each deformation is) was chosen by looking at real handwritten digits, those of MNIST; no image of them is in
here, nor does any go into what is drawn.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from playground.engine.atomic_file import WriteError, write_atomically
from playground.engine.datasets import (
    DIGIT_NAMES,
    DataError,
    DataSet,
    Examples,
    IsCancelled,
    Progress,
    report,
    source_number,
)
from playground.engine.handwriting import STYLES, write
from playground.engine.images import SIDE

PRESETS = tuple(STYLES)  # easy, medium, mnist-like
SIZES = (20_000, 4_000, 4_000)
VERSION = 2  # of what is drawn: raise it with any change of the digits, or old caches are taken for new
MAX_COUNT = 500_000
MAX_SEED = 2**63 - 1
CACHED_SETS = 6
BLOCK = 256
PARTS = ("training", "validation", "test")


def generate(
    count: int,
    preset: str = "easy",
    seed: int = 0,
    *,
    stream: int = 0,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw digits, all ten equally often, in random order.

    Parameters
    ----------
    count : int
        How many.
    preset : str
        One of `PRESETS`: how freely they are written.
    seed : int
        The same seed gives the same digits.
    stream : int
        Digits of another stream are independent of these: a test part must not be drawn from the training's.
    progress, cancelled : callables, optional
        See `playground.engine.datasets.report`.

    Returns
    -------
    images : ndarray [count, 28, 28], uint8
        0 paper, 255 ink.
    labels : ndarray [count], int64

    Raises
    ------
    DataError
        When the preset, the seed or the number is out of range.
    Cancelled
        When ``cancelled`` said so.
    """
    if preset not in STYLES:
        raise DataError(f"There are no digits of the kind {str(preset)[:40]!r}: choose one of {', '.join(PRESETS)}.")
    if not 0 <= count <= MAX_COUNT:
        raise DataError(f"{count:,} digits cannot be drawn: choose 0 to {MAX_COUNT:,}.")
    if not 0 <= seed <= MAX_SEED:
        raise DataError(f"The seed {seed} is out of range: choose a whole number from 0 to {MAX_SEED}.")
    random = np.random.default_rng([seed, stream, PRESETS.index(preset)])
    labels = random.permutation(np.arange(count, dtype=np.int64) % 10)
    images = np.empty((count, SIDE, SIDE), np.uint8)
    for start in range(0, count, BLOCK):
        report(progress, cancelled, start / count, f"Drawing {count:,} digits")
        block = slice(start, start + BLOCK)
        images[block] = write(labels[block], STYLES[preset], random)
    return images, labels


def digits_data(
    preset: str = "easy",
    seed: int = 0,
    sizes: tuple[int, int, int] = SIZES,
    *,
    cache: Path | None = None,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> DataSet:
    """Build the data set of drawn digits.

    Parameters
    ----------
    preset, seed
        As for `generate`.
    sizes : three int
        How many digits for training, validation and test; each part is drawn from a stream of its own.
    cache : Path, optional
        A folder in which the digits are kept for the next time. What is damaged there is drawn anew; what cannot
        be written there is not kept.
    progress, cancelled : callables, optional
        See `playground.engine.datasets.report`.

    Raises
    ------
    DataError
        When a parameter is out of range.
    Cancelled
        When ``cancelled`` said so.
    """
    if len(sizes) != len(PARTS) or sizes[0] < 1:
        raise DataError("Digits need three sizes: for training (at least 1), validation and test.")
    report(progress, cancelled, 0.0, "Preparing the digits")
    file = None
    if cache is not None:
        file = cache / f"digits-{VERSION}-{preset}-{seed}-{'-'.join(map(str, sizes))}.npz"
    parts = _cached(file, sizes) if file is not None and preset in STYLES else None
    if parts is None:
        parts = _drawn(preset, seed, sizes, progress, cancelled)
        if file is not None:
            _keep(file, parts)
    train, validation, test = (Examples(images.reshape(-1, SIDE * SIDE), labels) for images, labels in parts)
    report(progress, cancelled, 1.0, "The digits are ready")
    return DataSet(
        name="Digits",
        source={"kind": "digits", "preset": preset, "seed": seed, "sizes": list(sizes)},
        input_shape=(SIDE, SIDE),
        classes=DIGIT_NAMES,
        train=train,
        validation=validation,
        test=test,
        detail=f"{SIDE} × {SIDE}, 10 classes, {'MNIST-like' if preset == 'mnist-like' else preset}",
    )


def from_source(
    source: Mapping[str, Any],
    *,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
    cache: Path | None = None,
) -> DataSet:
    """Draw the digits again that `digits_data` described in its ``source``; the description is not trusted.

    Raises
    ------
    DataError
        When the description is wrong.
    Cancelled
        When ``cancelled`` said so.
    """
    preset = source.get("preset", "easy")
    if not isinstance(preset, str) or preset not in STYLES:
        raise DataError(f"There are no digits of the kind {str(preset)[:40]!r}: choose one of {', '.join(PRESETS)}.")
    seed = source_number(source, "seed", 0, 0, MAX_SEED)
    sizes = source.get("sizes", SIZES)
    if not isinstance(sizes, (list, tuple)) or len(sizes) != len(PARTS):
        raise DataError("The description of the digits has no three sizes: choose the data again.")
    named = dict(zip(PARTS, sizes, strict=True))
    counts = [source_number(named, part, 0, 0, MAX_COUNT) for part in PARTS]
    return digits_data(
        preset, seed, (counts[0], counts[1], counts[2]), cache=cache, progress=progress, cancelled=cancelled
    )


_Part = tuple[NDArray[np.uint8], NDArray[np.int64]]


def _drawn(
    preset: str, seed: int, sizes: tuple[int, int, int], progress: Progress | None, cancelled: IsCancelled | None
) -> list[_Part]:
    """Draw all parts, with one progress over them together."""
    parts: list[_Part] = []
    done, total = 0, max(sum(sizes), 1)
    for stream, (part, size) in enumerate(zip(PARTS, sizes, strict=True)):

        def part_progress(share: float, _: str, start: int = done, size: int = size, part: str = part) -> None:
            if progress is not None:
                progress((start + share * size) / total, f"Drawing {size:,} digits for the {part}")

        parts.append(generate(size, preset, seed, stream=stream, progress=part_progress, cancelled=cancelled))
        done += size
    return parts


def _cached(file: Path, sizes: tuple[int, int, int]) -> list[_Part] | None:
    """Return the parts from a cache file, or None if it is not there or not sound."""
    try:
        if file.stat().st_size > sum(sizes) * (SIDE * SIDE + 8) + 16_384:
            return None
        with zipfile.ZipFile(file) as archive:
            if archive.testzip() is not None:
                return None
        parts: list[_Part] = []
        with np.load(file, allow_pickle=False) as arrays:
            for part, size in zip(PARTS, sizes, strict=True):
                images, labels = arrays[f"{part}_images"], arrays[f"{part}_labels"]
                if images.shape != (size, SIDE, SIDE) or images.dtype != np.uint8:
                    return None
                if labels.shape != (size,) or labels.dtype != np.int64:
                    return None
                if size and not 0 <= int(labels.min()) <= int(labels.max()) <= 9:
                    return None
                parts.append((images, labels))
    except (OSError, ValueError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return None
    return parts


def _keep(file: Path, parts: list[_Part]) -> None:
    """Write a cache file, whole or not at all, and drop the oldest ones; a folder that refuses it is left alone."""
    arrays: dict[str, NDArray[Any]] = {}
    for part, (images, labels) in zip(PARTS, parts, strict=True):
        arrays[f"{part}_images"], arrays[f"{part}_labels"] = images, labels

    def write(stream: BinaryIO) -> None:
        np.savez(stream, **arrays)  # type: ignore[arg-type]

    with suppress(OSError, WriteError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, write)
        older = sorted(file.parent.glob("digits-*.npz"), key=lambda entry: entry.stat().st_mtime)
        for entry in older[:-CACHED_SETS]:
            entry.unlink()
