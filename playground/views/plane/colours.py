"""From what a network answers over the plane to colours, and the colours of classes and numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from playground.engine.targets import CLASSES, TWO
from playground.views.palette import APART, Palette

_QUIET = 0.5  # how much of the full colour the surface has: points stand out on it
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
    found = np.nan_to_num(np.asarray(values, np.float32), nan=0.0, posinf=3e38, neginf=-3e38)
    if task == CLASSES:
        return _mixed(found, palette, in_steps=in_steps)
    level = np.clip(found[0] / np.float32(max(scale, 1e-12)), -1.0, 1.0)
    if in_steps:
        level = np.sign(level) if task == TWO else np.round(level * _STEPS) / _STEPS
    index = (level * 255).astype(np.int16) + 255
    table = palette.diverging[:, :3]
    ground = np.asarray(palette.diverging[255, :3], np.float32)
    quiet: NDArray[np.uint8] = np.rint(ground + (table.astype(np.float32) - ground) * _QUIET).astype(np.uint8)
    shown: NDArray[np.uint8] = quiet[index]
    return shown


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
