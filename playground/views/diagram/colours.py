"""Colours reckoned from those of the palette."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from playground.views.palette import Palette


def rgb(colour: QColor) -> NDArray[np.float64]:
    """Return red, green and blue from 0 to 255."""
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """Return the colour ``share`` of the way from one to the other."""
    return of_rgb(rgb(one) + (rgb(other) - rgb(one)) * share)


def of_rgb(parts: NDArray[np.generic]) -> QColor:
    """Return the colour with these parts, red, green and blue from 0 to 255."""
    red, green, blue = (round(float(part)) for part in parts[:3])
    return QColor(red, green, blue)


def ink_on(colour: QColor, palette: Palette) -> QColor:
    """Return the colour of type that reads best on ``colour``."""
    bright = 0.3 * colour.redF() + 0.59 * colour.greenF() + 0.11 * colour.blueF()
    names = ("paper", "ink") if palette.name == "dark" else ("ink", "paper")
    return palette.colour(names[0] if bright > 0.5 else names[1])


def lamp_colour(palette: Palette, light: float) -> QColor:
    """Return the colour of a lamp lit from -1 to 1; below zero it takes the colour of negative numbers."""
    if light >= 0:
        return of_rgb(palette.activation_table[round(min(light, 1.0) * 255)])
    return mixed(palette.colour("raised"), palette.colour("negative"), min(-light, 1.0))
