"""A stroke: the points that a pen sends, joined to a smooth line while it is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from playground.views.data.ink import InkBuffer, PenPoint

PIECE = 6.0  # buffer pixels: the length of the straight pieces of which a curve is made


class Stroke:
    """One stroke into a buffer, from setting the pen down to lifting it: one step of its undo."""

    def __init__(self, buffer: InkBuffer, point: PenPoint, *, erases: bool) -> None:
        self.erases = erases
        self._buffer = buffer
        self._trail = [point]
        buffer.begin()
        buffer.line(point, point, erase=erases)

    def add(self, point: PenPoint) -> None:
        """Draw on to ``point``."""
        self._trail = [*self._trail[-2:], point]
        if len(self._trail) == 2:
            self._draw([self._trail[0], _middle(*self._trail)])
        else:
            self._draw(smooth_pieces(self._trail))

    def finish(self) -> None:
        """Draw up to the last point and close the stroke."""
        if len(self._trail) > 1:
            self._draw([_middle(*self._trail[-2:]), self._trail[-1]])
        self._buffer.end()

    def _draw(self, pieces: Sequence[PenPoint]) -> None:
        for start, end in pairwise(pieces):
            self._buffer.line(start, end, erase=self.erases)


def smooth_pieces(points: Sequence[PenPoint]) -> list[PenPoint]:
    """Return the points of the curve from the middle of the first two points to the middle of the last two.

    It is the quadratic Bézier curve with the second of the three points as its control point: pieces of
    successive triples join without a corner.
    """
    first, control, last = points
    start, end = _middle(first, control), _middle(control, last)
    length = math.hypot(control.x - start.x, control.y - start.y) + math.hypot(end.x - control.x, end.y - control.y)
    count = min(max(math.ceil(length / PIECE), 1), 24)
    found = []
    for step in range(count + 1):
        t = step / count
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        found.append(
            PenPoint(
                a * start.x + b * control.x + c * end.x,
                a * start.y + b * control.y + c * end.y,
                a * start.radius + b * control.radius + c * end.radius,
            )
        )
    return found


def _middle(a: PenPoint, b: PenPoint) -> PenPoint:
    return PenPoint((a.x + b.x) / 2, (a.y + b.y) / 2, (a.radius + b.radius) / 2)
