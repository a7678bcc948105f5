"""Pictures of any size brought to the one size that a network takes. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.engine.datasets import DataError
from playground.engine.images import SIDE, fit_and_centre
from playground.engine.picture_file import Picture

WHOLE, FILLED, STRETCHED, AS_DIGITS = "whole", "filled", "stretched", "as digits"
FITS = (WHOLE, FILLED, STRETCHED, AS_DIGITS)
BY_SHARE, BY_FOLDER = "share", "folders"
LEAST_SIDE, MOST_SIDE = 4, 256


@dataclass(frozen=True)
class ImageChoice:
    """What is made of the pictures of a folder.

    Attributes
    ----------
    rows, columns : int
        The size of every input, 4 to 256 each.
    colour : bool
        Whether red, green and blue are kept, one above the other, so that an input has three times the rows.
    fit : str
        How a picture of another size gets there, one of `FITS`: scaled until all of it fits, the rest empty; scaled
        until it fills the size, what stands out cut off; stretched; or as drawings are fitted (28 x 28, grey).
    is_inverted : bool
        Whether dark becomes light: networks see 0 as paper and 1 as ink.
    split : str
        `BY_FOLDER` for the folders train and test; `BY_SHARE` for a share of each class.
    train_share : float
        0.1 to 0.95; what is left goes to validation and test by halves, by folder to validation where it has none.
    seed : int
    """

    rows: int = SIDE
    columns: int = SIDE
    colour: bool = False
    fit: str = WHOLE
    is_inverted: bool = False
    split: str = BY_SHARE
    train_share: float = 0.7
    seed: int = 0

    def __post_init__(self) -> None:
        for side in (self.rows, self.columns):
            if type(side) is not int or not LEAST_SIDE <= side <= MOST_SIDE:
                raise DataError(f"Pictures are made {LEAST_SIDE} to {MOST_SIDE} pixels a side, not {str(side)[:20]}.")
        if type(self.colour) is not bool or type(self.is_inverted) is not bool:
            raise DataError("The description of the pictures is garbled: choose the data again.")
        if self.fit not in FITS or self.split not in (BY_SHARE, BY_FOLDER):
            raise DataError(f"'{str(self.fit)[:20]}' is no way to fit a picture: use {', '.join(FITS)}.")
        if self.fit == AS_DIGITS and (self.colour or (self.rows, self.columns) != (SIDE, SIDE)):
            raise DataError(f"As digits are fitted goes with grey pictures of {SIDE} × {SIDE} pixels alone.")
        share, seed = self.train_share, self.seed
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0.1 <= share <= 0.95:
            raise DataError("The share for training must lie between 0.1 and 0.95.")
        if type(seed) is not int or not 0 <= seed < 2**31:
            raise DataError("The seed of the split must be a whole number from 0 to 2,147,483,647.")

    @property
    def shape(self) -> tuple[int, int]:
        """Return the shape of one input."""
        return (3 * self.rows if self.colour else self.rows, self.columns)


def choice_from(value: Any) -> ImageChoice:
    """Return the choice of a description that somebody else may have written (raises DataError)."""
    if not isinstance(value, Mapping):
        raise DataError("The description of the pictures is garbled: choose the data again.")
    return ImageChoice(**{name: value[name] for name in ImageChoice.__dataclass_fields__ if name in value})


def fitted(picture: Picture, choice: ImageChoice) -> Picture:
    """Return the input that a picture becomes.

    Parameters
    ----------
    picture : ndarray [h, w] or [h, w, 3], uint8
        With colours where the choice asks for them.
    choice : ImageChoice

    Returns
    -------
    ndarray [rows, columns] or [3 rows, columns], uint8
        The very pixels where they have the size already.
    """
    pixels = 255 - picture if choice.is_inverted else picture
    if choice.fit == AS_DIGITS:
        ink = fit_and_centre(pixels.astype(np.float32) / 255)
        return np.rint(ink * 255).astype(np.uint8)
    pixels = _sized(pixels, choice)
    return np.concatenate([pixels[..., channel] for channel in range(3)]) if choice.colour else pixels


def _sized(pixels: Picture, choice: ImageChoice) -> Picture:
    rows, columns = choice.rows, choice.columns
    height, width = pixels.shape[:2]
    if (height, width) == (rows, columns):
        return pixels
    if choice.fit == STRETCHED:
        return _scaled(pixels, rows, columns)
    scales = (rows / height, columns / width)
    scale = max(scales) if choice.fit == FILLED else min(scales)
    if choice.fit == FILLED:  # the middle that stays is cut out first: less to scale
        kept = (min(height, max(1, round(rows / scale))), min(width, max(1, round(columns / scale))))
        top, left = (height - kept[0]) // 2, (width - kept[1]) // 2
        return _scaled(pixels[top : top + kept[0], left : left + kept[1]], rows, columns)
    new = (min(rows, max(1, round(height * scale))), min(columns, max(1, round(width * scale))))
    sheet = np.zeros((rows, columns, *pixels.shape[2:]), np.uint8)
    top, left = (rows - new[0]) // 2, (columns - new[1]) // 2
    sheet[top : top + new[0], left : left + new[1]] = _scaled(pixels, *new)
    return sheet


def _scaled(pixels: Picture, rows: int, columns: int) -> Picture:
    """Return the picture at another size, by a triangle that covers all source pixels of a new one."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(image.resize((columns, rows), Image.Resampling.BILINEAR), np.uint8)
