"""From what lies on a pixel to its colour: densities of positive and negative edges through one table."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from playground.views.diagram.colours import rgb
from playground.views.diagram.curve import FloatArray
from playground.views.palette import Palette

FULL_DENSITY = 4.0  # at this density a pixel is opaque (1 - e^-4 = 0.98)
_GLOW_FROM = 0.9  # above this density many edges lie on one another: dark theme glows, light theme deepens


def density(opacity: NDArray[np.floating]) -> FloatArray:
    """Return the optical density of an edge of that opacity (0 to 1): opacity = 1 - exp(-density)."""
    found: FloatArray = (-np.log1p(-np.clip(opacity, 0.0, 0.97))).astype(np.float32)
    return found


@lru_cache(maxsize=2)  # for every layer of edges that is made, and at every change of the type, it is the same one
def tone_table(palette: Palette) -> NDArray[np.uint32]:
    """Return premultiplied ARGB for every pair of densities: entry ``positive + 256 * negative``.

    Both are in 256 steps of the square root, so that faint edges do not band. Where signs meet the stronger one
    wins by its square; on dark ground crossing edges grow lighter, on light ground deeper. It is shared: read-only.
    """
    steps = (np.arange(256) / 255.0) ** 2 * FULL_DENSITY
    negative, positive = np.meshgrid(steps, steps, indexing="ij")
    total = positive + negative
    opacity = 1.0 - np.exp(-total)
    share = positive**2 / np.maximum(positive**2 + negative**2, 1e-12)
    plus, minus = rgb(palette.colour("positive")), rgb(palette.colour("negative"))
    colour = share[..., None] * plus + (1.0 - share[..., None]) * minus
    excess = np.clip((total - _GLOW_FROM) / (FULL_DENSITY - _GLOW_FROM), 0.0, 1.0)[..., None]
    if palette.name == "dark":
        colour += (255.0 - colour) * 0.35 * excess
    else:
        colour *= 1.0 - 0.3 * excess
    channels = np.rint(colour * opacity[..., None]).astype(np.uint32)  # premultiplied
    alpha = np.rint(255.0 * opacity).astype(np.uint32)
    bits = alpha << 24 | channels[..., 0] << 16 | channels[..., 1] << 8 | channels[..., 2]
    table: NDArray[np.uint32] = bits.ravel().astype(np.uint32)
    table.flags.writeable = False
    return table


def toned(accumulated: FloatArray, table: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the colours of ``accumulated`` ``[pixels, 2]`` densities (positive, negative); overwrites them."""
    accumulated *= np.float32(255.0**2 / FULL_DENSITY)
    np.sqrt(accumulated, out=accumulated)
    np.minimum(accumulated, 255.0, out=accumulated)
    index = accumulated.astype(np.uint8).view("<u2").ravel()
    colours: NDArray[np.uint32] = table.take(index)  # (twice as fast as table[index])
    return colours
