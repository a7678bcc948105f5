"""Pictures of what neurons answer, a whole column of the diagram in one image, and all in a few sweeps of numpy.

Each call of numpy or of a painter lets the training thread take the interpreter; one for every face made a frame four
times as long as the work in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from playground.engine.targets import CLASSES
from playground.views.diagram.colours import mixed
from playground.views.diagram.curve import FloatArray
from playground.views.diagram.response_colours import (
    STEPS,
    Pixels,
    class_table,
    curve_pixels,
    quiet_table,
    sign_table,
)
from playground.views.diagram.responses import SIGNS, Responses, nearest
from playground.views.palette import Palette


@dataclass(frozen=True)
class ColumnPlan:
    """Where the faces of one column stand in its image: corners and sizes in pixels."""

    place: int
    rows: range  # the neurons in sight
    corners: tuple[tuple[int, int], ...]  # x, y of each face
    side: int
    bar: int  # width of the tracks of the bars, which begin at x - reach
    reach: int

    @property
    def width(self) -> int:
        """Return the width of the image."""
        return max(x for x, _ in self.corners) + self.side

    @property
    def height(self) -> int:
        """Return the height of the image."""
        return max(y for _, y in self.corners) + self.side


class _Part:
    """One column in the sheet: where its pixels stand, and which points of a surface they show."""

    def __init__(self, plan: ColumnPlan, found: Responses, start: int, faces: int) -> None:
        self.plan = plan
        self.at = slice(start, start + plan.width * plan.height)
        self.shape = found.values.shape
        self.rows = slice(plan.rows.start, plan.rows.stop)
        self.shown: object = None  # the surfaces that the pixels show
        self.is_line = self.shape[1] == 1
        high, wide = self.shape[1:]
        side, inner = plan.side, plan.side - 2
        down = nearest(high, side)[::-1][1:-1, None] * wide
        self.points = (down + nearest(wide, side)[None, 1:-1]).ravel()  # [inner * inner] of a surface
        self.first = np.array([_first(found, row) + STEPS for row in plan.rows], np.intp)[:, None]
        self.faces = slice(faces, faces + (0 if self.is_line else len(plan.rows) * inner * inner))

    def background(self, pixels: Pixels, rim: int, track: int) -> tuple[list[Pixels], list[Pixels]]:
        """Draw all but faces and lit bars; return where those are, for each of its neurons."""
        plan = self.plan
        image = pixels[self.at].reshape(plan.height, plan.width)
        insides, bars = [], []
        for x, y in plan.corners:
            beside = (slice(y, y + plan.side), slice(x - plan.reach, x - plan.reach + plan.bar))
            image[beside] = track
            image[y : y + plan.side, x : x + plan.side] = rim
            insides.append(image[y + 1 : y + plan.side - 1, x + 1 : x + plan.side - 1])
            bars.append(image[beside])
        return insides, bars


def _first(found: Responses, row: int) -> int:
    """Return where in the table the colours of a neuron begin: signs, those of the large plane, or of a class."""
    length = 2 * STEPS + 1
    return 0 if found.task == SIGNS else length * (2 + row) if found.task == CLASSES else length


class FaceSheet:
    """The images of all columns of one layout.

    ``render`` writes into them what was measured now, ``light`` how brightly the bars beside the faces are lit.
    """

    def __init__(self, plans: list[ColumnPlan], found: dict[int, Responses], palette: Palette) -> None:
        self._palette = palette
        classes = max((len(each.values) for each in found.values() if each.task == CLASSES), default=0)
        tables = [sign_table(palette), quiet_table(palette)]
        tables += [class_table(row, classes, palette) for row in range(classes)]
        self._table: Pixels = np.concatenate(tables)
        self._parts: dict[int, _Part] = {}
        start = faces = 0
        for plan in plans:
            self._parts[plan.place] = part = _Part(plan, found[plan.place], start, faces)
            start, faces = part.at.stop, part.faces.stop
        self._numbers = np.zeros(faces, np.float32)
        self._index = np.zeros(faces, np.intp)
        self._colours: Pixels = np.zeros(faces, np.uint32)
        names = ("raised", "activation", "negative")
        self._track, self._light, self._shade = (palette.colour(name).rgb() for name in names)
        self._pixels: Pixels = np.full(start, palette.colour("window").rgb(), np.uint32)
        self._draw_background()
        self.images = {place: self._image(part) for place, part in self._parts.items()}

    def _draw_background(self) -> None:
        """Draw what stays, and find where faces and bars are."""
        rim = mixed(self._palette.colour("line"), self._palette.colour("faint"), 0.25).rgb()
        self._insides: dict[int, list[Pixels]] = {}
        self._bars: list[Pixels] = []
        for place, part in self._parts.items():
            self._insides[place], bars = part.background(self._pixels, rim, self._track)
            self._bars += bars
        self._sides = np.array([len(each) for each in self._bars], np.float32)
        self._heights = np.zeros(len(self._bars), np.float32)  # of what is lit, below 0 what is so by the other sign

    def _image(self, part: _Part) -> QImage:
        width, height = part.plan.width, part.plan.height
        return QImage(self._pixels[part.at].data, width, height, 4 * width, QImage.Format.Format_RGB32)

    def fits(self, found: dict[int, Responses]) -> bool:
        """Return whether these are measured at the same points as those that the sheet was made for."""
        return all(part.shape == found[place].values.shape for place, part in self._parts.items())

    def render(self, found: dict[int, Responses]) -> None:
        """Write the pictures anew: one sweep through all neurons that changed (inputs never do)."""
        changed = [place for place, part in self._parts.items() if part.shown is not found[place].values]
        first = min((self._parts[place].faces.start for place in changed), default=len(self._numbers))
        stop = max((self._parts[place].faces.stop for place in changed), default=first)
        numbers, index, colours = self._numbers[first:stop], self._index[first:stop], self._colours[first:stop]
        with np.errstate(over="ignore", invalid="ignore"):  # what has diverged
            for place in changed:
                self._sample(self._parts[place], found[place])
            if not np.isfinite(numbers.sum()):
                np.nan_to_num(numbers, copy=False, nan=0.0, posinf=STEPS, neginf=-STEPS)
            np.clip(numbers, -STEPS, STEPS, out=numbers)
            np.copyto(index, numbers, casting="unsafe")
        for place in changed:
            self._index_of(self._parts[place])[...] += self._parts[place].first
        self._table.take(index, out=colours, mode="clip")
        for place in changed:
            self._put(self._parts[place], found[place])

    def _sample(self, part: _Part, found: Responses) -> None:
        """Take the numbers of a column's neurons that are to be seen, in steps of colour."""
        if not part.is_line:
            count = len(part.plan.rows)
            numbers = self._numbers[part.faces].reshape(count, -1)
            surfaces = found.values[part.rows].reshape(count, -1)
            surfaces.take(part.points, axis=1, out=numbers, mode="clip")
            numbers *= (np.float32(STEPS) / np.maximum(found.scales[part.rows], np.float32(1e-12)))[:, None]

    def _index_of(self, part: _Part) -> NDArray[np.intp]:
        return self._index[part.faces].reshape(len(part.plan.rows), -1)

    def _put(self, part: _Part, found: Responses) -> None:
        """Put the pictures of a column's neurons in their places."""
        part.shown = found.values
        inner = part.plan.side - 2
        if part.is_line:
            faces = curve_pixels(found, part.plan.rows, part.plan.side, self._palette)[:, 1:-1, 1:-1]
        else:
            faces = self._colours[part.faces].reshape(-1, inner, inner)
        for inside, face in zip(self._insides[part.plan.place], faces, strict=True):
            inside[...] = face

    def light(self, lamps: dict[int, FloatArray | None]) -> None:
        """Draw the bars, lit from -1 to 1; a place of None is dark."""
        lit = np.concatenate([self._lit(part, lamps[place]) for place, part in self._parts.items()])
        heights = self._sides - np.floor(self._sides * (1 - np.minimum(np.abs(lit), 1.0)) + np.float32(0.5))
        heights[lit < 0] *= -1
        for place in np.flatnonzero(heights != self._heights).tolist():
            bar, height = self._bars[place], int(heights[place])
            bar[...] = self._track
            if height:
                bar[-abs(height) :] = self._light if height > 0 else self._shade
        self._heights = heights

    @staticmethod
    def _lit(part: _Part, lamps: FloatArray | None) -> FloatArray:
        return np.zeros(len(part.plan.rows), np.float32) if lamps is None else lamps[part.rows]
