"""From what neurons answer over the plane to pixels: one below the other, ready to be painted."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from playground.engine.targets import CLASSES, VALUES
from playground.views.diagram.colours import mixed, rgb
from playground.views.diagram.curve import FloatArray
from playground.views.diagram.responses import SIGNS, Responses, levels, sampled
from playground.views.palette import Palette
from playground.views.plane.colours import surface_rgb

Pixels = NDArray[np.uint32]  # 0xffRRGGBB

LINE_REACH = 1.15  # over a line a picture shows numbers of so many times the scale, up and down
STEPS = 255  # of a colour from 0 to full
_FILLED = 0.4  # how much of a sign's colour is between a curve and 0
_LEVELS = 15


def face_pixels(found: Responses, rows: range, side: int, palette: Palette) -> Pixels:
    """Return the pictures ``[neurons, height, width]`` of the neurons ``rows``, at most ``side`` pixels a side.

    A plane that is measured on fewer points than that has as many pixels as points.
    """
    high, wide = found.values.shape[1:]
    if high == 1:
        return curve_pixels(found, rows, side, palette)
    chosen = sampled(found.values[rows.start : rows.stop], min(side, high), min(side, wide))
    if found.task == SIGNS:
        return sign_table(palette).take(levels(chosen, found.scales[rows.start : rows.stop]))
    if found.task == CLASSES:
        return np.stack(
            [_shares(each, row, len(found.values), palette) for row, each in zip(rows, chosen, strict=True)]
        )
    scale = float(found.scales[0])
    return np.stack([packed(surface_rgb(each[None], found.task, palette, scale=scale)) for each in chosen])


def packed(colours: NDArray[np.uint8]) -> Pixels:
    """Return colours ``[..., 3]`` as one number each."""
    parts = colours.astype(np.uint32)
    red, green, blue = (parts[..., place] << np.uint32(8 * (2 - place)) for place in range(3))
    found: Pixels = np.uint32(0xFF000000) | red | green | blue
    return found


def as_image(pixels: Pixels) -> QImage:
    """Return pictures ``[n, height, width]`` as one image, one below the other; it reads ``pixels`` while it lives."""
    count, height, width = pixels.shape
    return QImage(pixels.data, width, count * height, 4 * width, QImage.Format.Format_RGB32)


@lru_cache(maxsize=8)
def sign_table(palette: Palette) -> Pixels:
    """Return the colours of signs from -1 to 1, ``[2 * STEPS + 1]``."""
    return packed(palette.diverging[:, :3])


@lru_cache(maxsize=8)
def quiet_table(palette: Palette) -> Pixels:
    """Return the colours of the large plane from -1 to 1, ``[2 * STEPS + 1]``."""
    steps = np.arange(-STEPS, STEPS + 1, dtype=np.float32)
    inside = (steps + 0.5 * np.sign(steps)) / STEPS  # a level is cut to its step: from its middle none goes astray
    return packed(surface_rgb(inside[None], VALUES, palette))


def class_table(row: int, count: int, palette: Palette) -> Pixels:
    """Return the colours of one class of several, below 0 that of the ground, ``[2 * STEPS + 1]``."""
    shares = np.linspace(-1.0, 1.0, 2 * STEPS + 1, dtype=np.float32)
    return _shares(shares, row, count, palette)


def _shares(values: FloatArray, row: int, count: int, palette: Palette) -> Pixels:
    """Return one class of several: as much of its colour as of its share, over the ground of the plane."""
    certain = np.zeros((count, 1), np.float32)
    certain[row] = 1.0
    full = surface_rgb(certain, CLASSES, palette)[0].astype(np.float32)
    ground = rgb(palette.colour("zero")).astype(np.float32)
    share = np.clip(np.nan_to_num(values), 0.0, 1.0)[..., None]
    return packed(np.rint(ground + (full - ground) * share).astype(np.uint8))


# ---- numbers over a line ---------------------------------------------------------------------------------------


def curve_pixels(found: Responses, rows: range, side: int, palette: Palette) -> Pixels:
    """Return curves, with the colour of the sign between them and 0."""
    heights = found.values[rows.start : rows.stop, 0]
    heights = np.nan_to_num(heights, nan=0.0, posinf=1e30, neginf=-1e30)
    places = np.linspace(0, heights.shape[1] - 1, side, dtype=np.float32)
    left = np.minimum(places.astype(np.intp), max(heights.shape[1] - 2, 0))
    share = places - left
    between = heights[:, left] * (1 - share) + heights[:, np.minimum(left + 1, heights.shape[1] - 1)] * share
    middle = np.float32((side - 1) / 2)
    reach = np.maximum(LINE_REACH * found.scales[rows.start : rows.stop], 1e-12).astype(np.float32)
    curve = middle - np.clip(between / reach[:, None], -2.0, 2.0) * middle
    slope = np.gradient(curve, axis=1) if side > 1 else np.zeros_like(curve)
    wide = np.float32(max(1.0, 0.25 * side**0.5) / 2 + 0.5)  # half of it
    at = np.arange(side, dtype=np.float32)[:, None]  # [height, 1]
    away = np.abs(at - curve[:, None]) / np.sqrt(1 + slope**2)[:, None]  # [neurons, height, width]
    line = np.clip(wide - away, 0.0, 1.0)
    top, bottom = np.minimum(curve, middle)[:, None], np.maximum(curve, middle)[:, None]
    filled = np.clip(np.minimum(at - top, bottom - at) + 0.5, 0.0, 1.0)
    sign = (curve < middle)[:, None]
    index = (line * _LEVELS).astype(np.intp) + (_LEVELS + 1) * (
        (filled * _LEVELS).astype(np.intp) + (_LEVELS + 1) * sign
    )
    pixels: Pixels = _curve_table(palette).take(index)
    axis = round(float(middle))
    is_ground = index[:, axis] % ((_LEVELS + 1) ** 2) == 0
    tint = mixed(palette.colour("zero"), palette.colour("text"), 0.25).rgb()
    pixels[:, axis][is_ground] = tint
    return pixels


@lru_cache(maxsize=8)
def _curve_table(palette: Palette) -> Pixels:
    """Return the colour of each sign (below 0, above it), share of filling and share of line."""
    ground = rgb(palette.colour("zero"))
    signs = np.stack([rgb(palette.colour(name)) for name in ("negative", "positive")])
    share = np.linspace(0.0, 1.0, _LEVELS + 1)
    filled = ground + (signs - ground)[:, None] * (_FILLED * share)[:, None]  # [sign, filling, 3]
    drawn = rgb(palette.colour("activation"))
    table = filled[:, :, None] + (drawn - filled)[:, :, None] * share[:, None]  # [sign, filling, line, 3]
    return packed(np.rint(table).astype(np.uint8)).ravel()
