"""From what a network answers over the plane to colours, and the colours of classes and numbers."""

from __future__ import annotations

import sys
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from playground.engine.targets import CLASSES, TWO
from playground.views.palette import APART, Palette

_QUIET = 0.5  # how much of the full colour the surface has: points stand out on it
_RGB_BYTES = [2, 1, 0] if sys.byteorder == "little" else [1, 2, 3]  # of red, green and blue in 0xffRRGGBB
_STEPS = 8  # of a surface in steps, on either side of the border


def class_colours(count: int, task: str, palette: Palette) -> list[QColor]:
    """Return the colour of each class; two classes on one output have those of its sign."""
    if task == TWO:
        return [QColor(palette.negative), QColor(palette.positive)]
    known = APART[palette.name]
    return [QColor(known[place % len(known)]) for place in range(count)]


def surface_rgb(
    values: NDArray[np.floating], task: str, palette: Palette, *, scale: float = 1.0, in_steps: bool = False
) -> NDArray[np.uint8]:
    """Return the colours ``[..., 3]`` of outputs ``[outputs, ...]``.

    Several classes: each one's colour by its share. Two classes on one output: the sign's colour, zero between them
    (``values`` are centred on the border). Numbers: the same over ``scale``. ``in_steps``: the answer alone, or levels.
    """
    found = _numbers(values)
    if task == CLASSES:
        return _mixed(found, palette, in_steps=in_steps)
    shown: NDArray[np.uint8] = _quiet(palette)[_index(found[0], task, scale, in_steps=in_steps)]
    return shown


def surface_pixels(
    values: NDArray[np.floating], task: str, palette: Palette, *, scale: float = 1.0, in_steps: bool = False
) -> NDArray[np.uint32]:
    """Return the same as pixels ``[rows, columns]`` (0xffRRGGBB) of a screen, whose first row is the highest."""
    upright = np.asarray(values, np.float32)[:, ::-1]
    if task == CLASSES:
        return _packed(_mixed(_numbers(upright), palette, in_steps=in_steps))
    index = _index(_numbers(upright[:1])[0], task, scale, in_steps=in_steps)
    return _quiet_pixels(palette).take(index)


def _numbers(values: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return ``values`` with 0 for what is no number."""
    found = np.asarray(values, np.float32)
    with np.errstate(invalid="ignore"):
        if np.isfinite(found.sum(dtype=np.float64)):  # (asking is ten times faster than replacing nothing)
            return found
    return np.nan_to_num(found, nan=0.0, posinf=3e38, neginf=-3e38)


def _index(values: NDArray[np.float32], task: str, scale: float, *, in_steps: bool) -> NDArray[np.int16]:
    """Return the rows of the table of signs for numbers whose full colour is at ``scale``."""
    full = np.float32(max(scale, 1e-12))
    level = np.clip(values, -full, full) / full
    if in_steps:
        level = np.sign(level) if task == TWO else np.round(level * _STEPS) / _STEPS
    level *= np.float32(255.0)
    index = level.astype(np.int16)
    index += 255
    return index


@lru_cache(maxsize=8)
def _quiet(palette: Palette) -> NDArray[np.uint8]:
    """Return the colours of a surface from -1 to 1 ``[511, 3]``."""
    table, ground = palette.diverging[:, :3], np.asarray(palette.diverging[255, :3], np.float32)
    quiet: NDArray[np.uint8] = np.rint(ground + (table.astype(np.float32) - ground) * _QUIET).astype(np.uint8)
    return quiet


@lru_cache(maxsize=8)
def _quiet_pixels(palette: Palette) -> NDArray[np.uint32]:
    return _packed(_quiet(palette))


def _packed(rgb: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return colours ``[..., 3]`` as one number each."""
    pixels = np.full((*rgb.shape[:-1], 4), 255, np.uint8)
    pixels[..., _RGB_BYTES] = rgb
    found: NDArray[np.uint32] = pixels.view(np.uint32)[..., 0]
    return found


def _mixed(values: NDArray[np.float32], palette: Palette, *, in_steps: bool) -> NDArray[np.uint8]:
    count = len(values)
    colours = np.array(
        [[one.red(), one.green(), one.blue()] for one in class_colours(count, CLASSES, palette)], np.float32
    )
    if in_steps:
        shares = np.zeros_like(values)
        np.put_along_axis(shares, values.argmax(0)[None], 1.0, axis=0)
    else:
        positive = np.clip(values, 0.0, None)
        total = positive.sum(0)
        shares = np.where(total > 1e-6, positive / np.maximum(total, 1e-6), 1.0 / count)
    ground = np.asarray(palette.diverging[255, :3], np.float32)
    mixed = np.tensordot(shares, colours, axes=(0, 0))  # [..., 3]
    # a class that is no surer than chance has no colour
    surest = shares.max(0)[..., None]
    strength = _QUIET * np.clip((surest - 1 / count) / (1 - 1 / count), 0.0, 1.0) ** 0.7
    shown: NDArray[np.uint8] = np.rint(ground + (mixed - ground) * strength).astype(np.uint8)
    return shown


def surface_image(rgb: NDArray[np.uint8]) -> QImage:
    """Return ``[height, width, 3]``, whose first row is the lowest, as an image that owns its pixels."""
    flipped = np.ascontiguousarray(rgb[::-1])
    height, width = flipped.shape[:2]
    return QImage(flipped.data, width, height, 3 * width, QImage.Format.Format_RGB888).convertToFormat(
        QImage.Format.Format_RGB32
    )


def pixel_image(pixels: NDArray[np.uint32]) -> QImage:
    """Return pixels ``[rows, columns]`` as an image that owns them."""
    whole = np.ascontiguousarray(pixels)
    height, width = whole.shape
    return QImage(whole.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
