"""How strongly a feature is disturbed by the others, as a colour; and the small ramp that explains it."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from playground.views.look import Look
from playground.views.palette import Palette
from playground.views.superposition.colours import interference_colour

SHADES = 16
_HALF = 0.5  # the interference in the middle of the scale
_ENDS = ("0", "∞")


@cache
def interference_colours(palette: Palette) -> list[QColor]:
    """Return the colours from no interference to any, ``SHADES`` of them; equal steps of v / (v + 1/2)."""
    shares = [place / (SHADES - 1) for place in range(SHADES)]
    return [interference_colour(math.inf if share == 1 else _HALF * share / (1 - share), palette) for share in shares]


def interference_places(interference: NDArray[np.floating], represented: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return which of the colours each feature has, ``[n]``; -1 where it is not represented or no number."""
    held = np.nan_to_num(np.maximum(interference, 0.0), nan=0.0, posinf=1e300)
    places = np.rint(held / (held + _HALF) * (SHADES - 1)).astype(np.int64)
    return np.where(represented & ~np.isnan(interference), places, -1)


def draw_ramp(painter: QPainter, look: Look, room: QRectF) -> None:
    """Draw the ramp of interference with its ends at the right of ``room``, where there is room for it."""
    font = look.font(7.5, mono=True)
    metrics, em = QFontMetricsF(font), look.em(7.5)
    low, high = _ENDS
    cell = 0.22 * em
    words = metrics.horizontalAdvance(f"{low}{high}") + 0.7 * em
    if room.width() < words + SHADES * cell:
        return
    painter.setFont(font)
    painter.setPen(look.palette.colour("faint" if look.palette.name == "dark" else "muted"))
    baseline = room.center().y() + (metrics.ascent() - metrics.descent()) / 2
    x = room.right() - metrics.horizontalAdvance(high)
    painter.drawText(QPointF(x, baseline), high)
    x -= 0.35 * em + SHADES * cell
    for place, colour in enumerate(interference_colours(look.palette)):
        painter.fillRect(QRectF(x + place * cell, room.center().y() - 0.22 * em, cell + 0.5, 0.44 * em), colour)
    painter.drawText(QPointF(x - 0.35 * em - metrics.horizontalAdvance(low), baseline), low)
