"""From a folder of pictures to data: read one after the other, fitted, parted; a broken one is counted. Torch-free."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.datasets import MAX_CLASSES, DataError, DataSet, Examples, IsCancelled, Progress, report
from playground.engine.image_folder import TEST, TRAIN, VALIDATION, ImageFile, ImageFolder, find_images, readable
from playground.engine.image_survey import survey_images
from playground.engine.memory import free_bytes
from playground.engine.picture_file import PictureError, picture_bytes, read_picture
from playground.engine.picture_fitting import BY_FOLDER, ImageChoice, choice_from, fitted

KEPT_BYTES = 5_000_000  # of packed pixels, up to which they are kept in the project itself
_TRIED_BYTES = 4 * KEPT_BYTES  # more than this is not packed to see
MAX_VALUES = 4_000_000_000
NAMED = 3  # of the broken files, by name
_PARTS = (TRAIN, VALIDATION, TEST)


def image_data(
    path: Path,
    choice: ImageChoice | None = None,
    *,
    folder: ImageFolder | None = None,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> DataSet:
    """Read the pictures of a folder, one sub-folder for each class, and make data of them.

    One picture is in memory at a time besides the bytes of the inputs.

    Parameters
    ----------
    path : Path
    choice : ImageChoice, optional
        What `survey_images` proposes where it is not given.
    folder : ImageFolder, optional
        What `find_images` has found in ``path`` already.
    progress, cancelled : callables, optional
        See `datasets.report`.

    Raises
    ------
    DataError
        Where the folder cannot be used; where more than half of its files are no pictures.
    Cancelled
        When ``cancelled`` said so.
    """
    if choice is None:
        survey = survey_images(path, progress=progress, cancelled=cancelled)
        choice, folder = survey.proposed, survey.folder
    found = folder or find_images(path, progress=progress, cancelled=cancelled)
    parts = _parted(found, choice)
    _refuse_too_much(found, choice)
    reading = _Reading(found, choice, progress, cancelled)
    examples = [reading.examples(part) for part in parts]
    reading.refuse_broken()
    return _data_set(found.path.name or str(found.path), found.classes, examples, choice, reading)


def pictures_data(
    name: str, classes: tuple[str, ...], pixels: NDArray[np.uint8], labels: NDArray[np.int64], choice: ImageChoice
) -> DataSet:
    """Make data of pictures ``[n, rows, columns]`` that are there already, parted by share; small ones only.

    Raises
    ------
    DataError
        Where they are too many to be kept in a project, since nothing else holds them.
    """
    random = np.random.Generator(np.random.PCG64(choice.seed))
    parts = _shares(labels.tolist(), len(classes), choice.train_share, random, has_test=True)
    rows = pixels.reshape(len(pixels), -1)
    orders = [np.array(part, np.int64)[random.permutation(len(part))] for part in parts]
    examples = [Examples(rows[order], labels[order]) for order in orders]
    packed = _packed(examples)
    if packed is None:
        raise DataError(f"{name}: {len(pixels):,} pictures are more than a project keeps.")
    detail = f"{choice.rows} × {choice.columns}, {len(classes)} classes, {len(pixels):,} pictures"
    source = {"kind": "images", "choice": asdict(choice), "name": name, "classes": list(classes), "detail": detail}
    return _made(name, {**source, **packed}, choice, classes, examples, detail)


def images_from_source(
    source: Mapping[str, Any], *, progress: Progress | None = None, cancelled: IsCancelled | None = None
) -> DataSet:
    """Build the data of `image_data` again from a description that somebody else may have written.

    Raises
    ------
    DataError
        Where it is garbled, or the folder is gone or holds other pictures.
    """
    choice = choice_from(source.get("choice"))
    if "pixels" in source:
        return _unpacked(source, choice)
    path = source.get("path")
    if not isinstance(path, str) or not 0 < len(path) <= 4096 or "\x00" in path:
        raise DataError("The description of the pictures names no folder: choose the data again.")
    data = image_data(Path(path), choice, progress=progress, cancelled=cancelled)
    if source.get("sha256") not in (None, data.source["sha256"]):
        raise DataError(f"{path} holds other pictures than those that this was trained on: choose the data again.")
    return data


# ---- reading -----------------------------------------------------------------------------------------------------


def _parted(folder: ImageFolder, choice: ImageChoice) -> list[list[ImageFile]]:
    """Return the files for training, validation and test, each in the order of the seed.

    By share every class is parted on its own, so that a rare one is in all parts.
    """
    random = np.random.Generator(np.random.PCG64(choice.seed))
    parts: list[list[ImageFile]] = [[], [], []]
    classes = len(folder.classes)
    if choice.split == BY_FOLDER:
        if not folder.has_parts:
            raise DataError(f"{folder.path} has no folders train and test: part its pictures by share.")
        parts = [list(folder.parts.get(part, ())) for part in _PARTS]
        if not parts[1]:
            taken = _shares([file.label for file in parts[0]], classes, choice.train_share, random, has_test=False)
            parts[:2] = [[parts[0][place] for place in part] for part in taken[:2]]
    else:
        taken = _shares([file.label for file in folder.files], classes, choice.train_share, random, has_test=True)
        parts = [[folder.files[place] for place in part] for part in taken]
    return [[part[place] for place in random.permutation(len(part))] for part in parts]


def _shares(
    labels: Sequence[int], classes: int, share: float, random: np.random.Generator, *, has_test: bool
) -> tuple[list[int], list[int], list[int]]:
    """Return the places for training, validation and test, each class parted on its own."""
    by_class: list[list[int]] = [[] for _ in range(classes)]
    for place, label in enumerate(labels):
        by_class[label].append(place)
    parts: tuple[list[int], list[int], list[int]] = ([], [], [])
    for of_class in by_class:
        order = [of_class[place] for place in random.permutation(len(of_class))]
        train = min(len(order), max(1, round(len(order) * share)))
        # of an odd rest validation and test get the larger half by turns
        middle = train + (len(order) - train + len(parts[1]) % 2) // 2 if has_test else len(order)
        for part, (start, end) in zip(parts, ((0, train), (train, middle), (middle, len(order))), strict=True):
            part += order[start:end]
    return parts


def _refuse_too_much(folder: ImageFolder, choice: ImageChoice) -> None:
    values = len(folder.files) * choice.shape[0] * choice.shape[1]
    free = free_bytes()
    most = MAX_VALUES if free is None else min(MAX_VALUES, int(0.8 * free))
    if values > most:
        raise DataError(
            f"{len(folder.files):,} pictures of {choice.shape[0]} × {choice.shape[1]} pixels need "
            f"{values / 1e9:.1f} GB, more than {most / 1e9:.1f} GB: choose a smaller size."
        )


@dataclass(eq=False)
class _Reading:
    """Reads the parts one after the other, and keeps what is broken and what each file contains."""

    folder: ImageFolder
    choice: ImageChoice
    progress: Progress | None
    cancelled: IsCancelled | None
    broken: list[tuple[str, str]] = field(default_factory=list)
    _digests: dict[str, bytes] = field(default_factory=dict)
    _done: int = 0

    def examples(self, files: Sequence[ImageFile]) -> Examples:
        """Read files in their order; those that are broken are passed over."""
        rows, columns = self.choice.shape
        inputs = np.empty((len(files), rows * columns), np.uint8)
        labels = np.empty(len(files), np.int64)
        count = 0
        total = max(1, len(self.folder.files))
        for file in files:
            if self._done % 20 == 0:
                words = f"Reading {self.folder.path.name}: {self._done:,} of {total:,} pictures"
                report(self.progress, self.cancelled, self._done / total, words)
            self._done += 1
            try:
                content = picture_bytes(self.folder.path / file.name)
                self._digests[file.name] = hashlib.sha256(content).digest()
                picture = read_picture(content, colour=self.choice.colour, side=max(rows, columns))
            except PictureError as error:
                self.broken.append((file.name, str(error)))
                continue
            inputs[count], labels[count] = fitted(picture, self.choice).reshape(-1), file.label
            count += 1
        return Examples(inputs[:count], labels[:count])

    def refuse_broken(self) -> None:
        """Raise DataError where most files are no pictures."""
        if 2 * len(self.broken) > self._done:
            name, why = self.broken[0]
            raise DataError(
                f"{len(self.broken):,} of the {self._done:,} files in {self.folder.path} cannot be read as pictures: "
                f"{readable(name)} {why}. Choose another folder."
            )

    def checksum(self) -> str:
        """Return what the names and contents of all files are known by, wherever the folder lies."""
        digest = hashlib.sha256()
        for name in sorted(self._digests):
            digest.update(os.fsencode(name) + b"\0" + self._digests[name])
        return digest.hexdigest()


def broken_words(broken: Sequence[tuple[str, str]]) -> str:
    """Return how many files are left out because they are broken, with the first of them by name and reason."""
    if not broken:
        return ""
    names = "; ".join(f"{readable(name)} {why}" for name, why in broken[:NAMED]) + (
        "; …" if len(broken) > NAMED else ""
    )
    return f"{len(broken):,} broken file{'s' * (len(broken) > 1)} left out: {names}"


# ---- data sets and their descriptions ------------------------------------------------------------------------------


def _data_set(
    name: str, classes: tuple[str, ...], examples: Sequence[Examples], choice: ImageChoice, reading: _Reading
) -> DataSet:
    if not len(examples[0]):
        raise DataError(f"{reading.folder.path}: no picture is left for training.")
    count = sum(map(len, examples))
    colour = ", red, green, blue one above the other" if choice.colour else ""
    broken = broken_words(reading.broken)
    detail = f"{choice.rows} × {choice.columns}{colour}, {len(classes)} classes, {count:,} pictures"
    detail += f"\n{broken}" if broken else ""
    source: dict[str, Any] = {"kind": "images", "choice": asdict(choice), "sha256": reading.checksum()}
    packed = _packed(examples)
    if packed is None:
        source["path"] = str(reading.folder.path.absolute())
    else:
        source |= {"name": name, "classes": list(classes), "detail": detail, **packed}
    return _made(name, source, choice, classes, examples, detail)


def _made(
    name: str,
    source: Mapping[str, Any],
    choice: ImageChoice,
    classes: tuple[str, ...],
    examples: Sequence[Examples],
    detail: str,
) -> DataSet:
    return DataSet(
        name=name,
        source=source,
        input_shape=choice.shape,
        classes=classes,
        train=examples[0],
        validation=examples[1],
        test=examples[2],
        detail=detail,
    )


def _packed(examples: Sequence[Examples]) -> dict[str, Any] | None:
    """Return pixels and labels as texts, or None where they are too many to be kept in a project."""
    if sum(part.inputs.nbytes for part in examples) > _TRIED_BYTES:
        return None
    pixels = zlib.compress(b"".join(part.inputs.tobytes() for part in examples), 6)
    if len(pixels) > KEPT_BYTES:
        return None
    labels = zlib.compress(b"".join(part.labels.astype("<u2").tobytes() for part in examples), 6)
    return {
        "counts": [len(part) for part in examples],
        "pixels": base64.b64encode(pixels).decode("ascii"),
        "labels": base64.b64encode(labels).decode("ascii"),
    }


def _unpacked(source: Mapping[str, Any], choice: ImageChoice) -> DataSet:
    garbled = DataError("The pictures that the project holds are garbled: choose the data again.")
    classes, counts, texts = source.get("classes"), source.get("counts"), (source.get("name"), source.get("detail"))
    if not isinstance(classes, list | tuple) or not 2 <= len(classes) <= MAX_CLASSES:
        raise garbled
    if not all(isinstance(name, str) and len(name) <= 200 for name in (*classes, texts[0])):
        raise garbled
    if not isinstance(texts[1], str) or len(texts[1]) > 2_000 or not isinstance(counts, list | tuple):
        raise garbled
    if len(counts) != 3 or not all(type(count) is int and 0 <= count <= _TRIED_BYTES for count in counts):
        raise garbled
    features = choice.shape[0] * choice.shape[1]
    if counts[0] < 1 or sum(counts) * features > _TRIED_BYTES:
        raise garbled
    pixels = _bytes(source.get("pixels"), sum(counts) * features).reshape(-1, features)
    labels = _bytes(source.get("labels"), 2 * sum(counts)).view("<u2").astype(np.int64)
    ends = np.cumsum(counts)
    examples = [
        Examples(pixels[end - count : end], labels[end - count : end]) for count, end in zip(counts, ends, strict=True)
    ]
    return _made(str(texts[0]), source, choice, tuple(map(str, classes)), examples, texts[1])


def _bytes(text: Any, count: int) -> NDArray[np.uint8]:
    """Return exactly so many bytes out of a packed text (raises DataError)."""
    content = b""
    if isinstance(text, str) and len(text) <= 2 * KEPT_BYTES:
        try:
            content = zlib.decompressobj().decompress(base64.b64decode(text, validate=True), count + 1)
        except (binascii.Error, ValueError, zlib.error):
            content = b""
    if len(content) != count:
        raise DataError("The pictures that the project holds are garbled: choose the data again.")
    return np.frombuffer(content, np.uint8)
