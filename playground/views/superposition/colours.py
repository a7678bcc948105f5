"""One colour a feature, and the scale from no interference to much."""

from __future__ import annotations

import math
from functools import cache

from PySide6.QtGui import QColor

from playground.views.palette import APART, Palette, dark

_TURN = 137.508  # degrees: the golden angle never comes close to a hue that was there before
_SATURATION = {"dark": (150, 110, 185), "light": (190, 140, 220)}
_LIGHTNESS = {"dark": (168, 192, 148), "light": (96, 118, 82)}
_HALF = 0.5  # the interference in the middle of the scale


def feature_colours(count: int, palette: Palette | None = None) -> list[QColor]:
    """Return a colour for each of ``count`` features; feature i has the same one whatever the count."""
    name = (palette or dark()).name
    return [QColor.fromRgb(_feature_rgb(name, index)) for index in range(count)]


@cache
def _feature_rgb(theme: str, index: int) -> int:
    first = APART[theme]
    if index < len(first):
        return QColor(first[index]).rgb()
    beyond = index - len(first)
    level = beyond % 3
    hue = round(20 + beyond * _TURN) % 360
    return QColor.fromHsl(hue, _SATURATION[theme][level], _LIGHTNESS[theme][level]).rgb()


def interference_colour(value: float, palette: Palette | None = None, *, is_represented: bool = True) -> QColor:
    """Return the colour of ``value``, the interference of a feature: from green (none) over yellow to red (much).

    Features that are not represented, and NaN, are grey. An antipodal pair of norm 1 (interference 1) is orange to red.
    """
    palette = palette or dark()
    if not is_represented or math.isnan(value):
        return palette.colour("faint")
    share = 1.0 if math.isinf(value) else max(value, 0.0) / (max(value, 0.0) + _HALF)
    ends = [palette.colour(name) for name in ("good", "activation", "bad")]
    place = min(share, 1.0) * 2
    low, high = (ends[0], ends[1]) if place <= 1 else (ends[1], ends[2])
    part = place if place <= 1 else place - 1
    return QColor(
        round(low.red() + (high.red() - low.red()) * part),
        round(low.green() + (high.green() - low.green()) * part),
        round(low.blue() + (high.blue() - low.blue()) * part),
    )
