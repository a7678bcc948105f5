"""What a folder of pictures holds, looked at before it becomes data: sizes, colours, a few pictures. Torch-free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from playground.engine.datasets import DataError, IsCancelled, Progress, report
from playground.engine.image_folder import ImageFile, ImageFolder, find_images
from playground.engine.images import SIDE
from playground.engine.picture_file import Picture, PictureError, picture_bytes, picture_size, read_picture
from playground.engine.picture_fitting import BY_FOLDER, BY_SHARE, LEAST_SIDE, ImageChoice, fitted

LOOKED_AT = 2_000  # files whose heads are read
SHOWN = 24  # pictures
SHOWN_SIDE = 256  # what is kept of one of them
KEPT_SIDE = 32  # up to which the commonest size is proposed
GROUND = 160  # of 255: a border as light as this is paper
EVEN = 40  # and one that varies less


@dataclass(frozen=True, eq=False)
class ImageSurvey:
    """A folder that was looked at.

    Attributes
    ----------
    folder : ImageFolder
    looked_at : int
        Of how many files the head was read, evenly from all.
    sizes : tuple of ((rows, columns), count)
        The sizes found there, the commonest first.
    broken : tuple of (name, why)
        The files among them that are no pictures.
    pictures : tuple of (class, picture)
        A few with their colours, ``[h, w, 3]``, the classes in turn.
    has_colours : bool
        Whether those are coloured.
    proposed : ImageChoice
    """

    folder: ImageFolder
    looked_at: int
    sizes: tuple[tuple[tuple[int, int], int], ...]
    broken: tuple[tuple[str, str], ...]
    pictures: tuple[tuple[int, Picture], ...]
    has_colours: bool
    proposed: ImageChoice


def survey_images(path: Path, *, progress: Progress | None = None, cancelled: IsCancelled | None = None) -> ImageSurvey:
    """Find the pictures of a folder, read the heads of up to 2,000 of them and decode a few.

    Raises
    ------
    DataError
        Where there are none that can be used; see `find_images`.
    Cancelled
        When ``cancelled`` said so.
    """
    folder = find_images(path, progress=progress, cancelled=cancelled)
    files = folder.files
    every = max(1, -(-len(files) // LOOKED_AT))
    chosen = files[::every]
    sizes: Counter[tuple[int, int]] = Counter()
    broken: list[tuple[str, str]] = []
    sound: list[ImageFile] = []
    for number, file in enumerate(chosen):
        if number % 50 == 0:
            report(progress, cancelled, 0.1 + 0.7 * number / len(chosen), f"Looking at {path.name}")
        try:
            sizes[picture_size(path / file.name)] += 1
            sound.append(file)
        except PictureError as error:
            broken.append((file.name, str(error)))
    pictures = _some(path, sound, len(folder.classes), broken, progress, cancelled)
    if not pictures:
        name, why = broken[0]
        raise DataError(f"Not one picture of {path} can be read. {name} {why}.")
    common = tuple(sizes.most_common())
    return ImageSurvey(
        folder,
        len(chosen),
        common,
        tuple(broken),
        tuple(pictures),
        any(_is_coloured(picture) for _, picture in pictures),
        _proposed(folder, common[0][0], [picture for _, picture in pictures]),
    )


def _some(
    path: Path,
    files: Sequence[ImageFile],
    classes: int,
    broken: list[tuple[str, str]],
    progress: Progress | None,
    cancelled: IsCancelled | None,
) -> list[tuple[int, Picture]]:
    """Decode a few pictures, the classes in turn; what turns out to be damaged joins ``broken``."""
    queues: list[list[ImageFile]] = [[] for _ in range(classes)]
    for file in files:
        queues[file.label].append(file)
    turns = [queue[turn] for turn in range(SHOWN) for queue in queues if turn < len(queue)]
    found: list[tuple[int, Picture]] = []
    for file in turns[: 4 * SHOWN]:
        if len(found) == SHOWN:
            break
        report(progress, cancelled, 0.8 + 0.2 * len(found) / SHOWN, f"Looking at {path.name}")
        try:
            picture = read_picture(picture_bytes(path / file.name), colour=True, side=SHOWN_SIDE)
        except PictureError as error:
            broken.append((file.name, str(error)))
            continue
        found.append((file.label, _reduced(picture)))
    return found


def _reduced(picture: Picture) -> Picture:
    from PIL import Image

    longest = max(picture.shape[:2])
    if longest <= SHOWN_SIDE:
        return picture
    rows, columns = (max(1, round(side * SHOWN_SIDE / longest)) for side in picture.shape[:2])
    image = Image.fromarray(picture).resize((columns, rows), Image.Resampling.BILINEAR)
    return np.array(image, np.uint8)


def _is_coloured(picture: Picture) -> bool:
    channels = picture.astype(np.int16)
    return bool((channels.max(axis=2) - channels.min(axis=2)).mean() > 8)


def _has_light_ground(picture: Picture) -> bool:
    """Say whether a picture stands on even, light paper, by its border."""
    grey = picture.mean(axis=2)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return bool(np.median(border) > GROUND and border.std() < EVEN)


def _proposed(folder: ImageFolder, common: tuple[int, int], pictures: Sequence[Picture]) -> ImageChoice:
    """Return the commonest size where it is small, else that of the digits; dark on light is inverted."""
    is_small = min(common) >= LEAST_SIDE and max(common) <= KEPT_SIDE
    light = sum(map(_has_light_ground, pictures))
    return ImageChoice(
        rows=common[0] if is_small else SIDE,
        columns=common[1] if is_small else SIDE,
        is_inverted=light >= 0.8 * len(pictures),
        split=BY_FOLDER if folder.has_parts else BY_SHARE,
        train_share=0.85 if folder.has_parts else 0.7,
    )


def received(picture: Picture, choice: ImageChoice) -> Picture:
    """Return what the network receives of a picture ``[h, w, 3]`` of a survey: ``[rows, columns]`` as `fitted` has it.

    A picture that was reduced for the survey may differ by a shade from the one that is read in the end.
    """
    from PIL import Image

    chosen = picture if choice.colour else np.asarray(Image.fromarray(picture).convert("L"), np.uint8)
    return fitted(chosen, choice)
