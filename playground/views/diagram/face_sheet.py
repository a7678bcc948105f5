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

_WINDOW, _RIM, _TRACK = range(3)  # colours at the end of the table


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
    """One column in the sheet: which pixel shows which neuron at which point of its surface."""

    def __init__(self, plan: ColumnPlan, found: Responses, start: int) -> None:
        self.plan = plan
        self.at = slice(start, start + plan.width * plan.height)
        high, wide = found.values.shape[1:]
        self.shape = found.values.shape
        is_line = high == 1
        source = np.zeros((plan.height, plan.width), np.intp)
        neuron = np.full((plan.height, plan.width), len(found.values), np.intp)  # that one's factor is 0
        self.colour = np.full((plan.height, plan.width), _WINDOW - 3, np.int32)  # from the end of the table
        inner = plan.side - 2
        down = nearest(high, plan.side)[::-1][1:-1, None] * wide
        points = down + nearest(wide, plan.side)[None, 1:-1]
        numbers = np.arange(plan.height * plan.width).reshape(plan.height, plan.width)
        inside = []
        for row, (x, y) in zip(plan.rows, plan.corners, strict=True):
            self.colour[y : y + plan.side, x - plan.reach : x - plan.reach + plan.bar] = _TRACK - 3
            self.colour[y : y + plan.side, x : x + plan.side] = _RIM - 3
            face = (slice(y + 1, y + 1 + inner), slice(x + 1, x + 1 + inner))
            inside.append(numbers[face].ravel())
            if not is_line:
                source[face] = points + row * high * wide
                neuron[face] = row
                self.colour[face] = _first(found, row) + STEPS
        self.inside = np.concatenate(inside)  # [neurons * inner * inner]
        self.scales: bytes = b""
        self.source, self.neuron = source.ravel(), neuron.ravel()


def _first(found: Responses, row: int) -> int:
    """Return where in the table the colours of a neuron begin: signs, those of the large plane, or of a class."""
    length = 2 * STEPS + 1
    return 0 if found.task == SIGNS else length * (2 + row) if found.task == CLASSES else length


class FaceSheet:
    """The images of all columns of one layout; ``render`` writes into them what was measured now."""

    def __init__(self, plans: list[ColumnPlan], found: dict[int, Responses], palette: Palette) -> None:
        self._palette = palette
        classes = max((len(each.values) for each in found.values() if each.task == CLASSES), default=0)
        tables = [sign_table(palette), quiet_table(palette)]
        tables += [class_table(row, classes, palette) for row in range(classes)]
        rim = mixed(palette.colour("line"), palette.colour("faint"), 0.25)
        ends = [palette.colour("window").rgb(), rim.rgb(), palette.colour("raised").rgb()]
        self._table: Pixels = np.concatenate([*tables, np.array(ends, np.uint32)])
        self._parts: dict[int, _Part] = {}
        start = 0
        for plan in plans:
            self._parts[plan.place] = _Part(plan, found[plan.place], start)
            start += plan.width * plan.height
        self._numbers = np.zeros(start, np.float32)
        self._factors = np.zeros(start, np.float32)
        colours = [part.colour.ravel() for part in self._parts.values()]
        self._base: NDArray[np.int32] = np.concatenate(colours) % np.int32(len(self._table))
        self._pixels: Pixels = np.zeros(start, np.uint32)
        self.images = {place: self._image(part) for place, part in self._parts.items()}

    def _image(self, part: _Part) -> QImage:
        width, height = part.plan.width, part.plan.height
        return QImage(self._pixels[part.at].data, width, height, 4 * width, QImage.Format.Format_RGB32)

    def fits(self, found: dict[int, Responses]) -> bool:
        """Return whether these are measured at the same points as those that the sheet was made for."""
        return all(part.shape == found[place].values.shape for place, part in self._parts.items())

    def render(self, found: dict[int, Responses]) -> None:
        """Write the pictures anew."""
        for place, part in self._parts.items():
            each = found[place]
            if each.values.shape[1] > 1:
                each.values.reshape(-1).take(part.source, out=self._numbers[part.at], mode="clip")
                self._scale(part, each)
        numbers = self._numbers
        with np.errstate(over="ignore", invalid="ignore"):  # what has diverged
            numbers *= self._factors
            if not np.isfinite(numbers.sum()):
                np.nan_to_num(numbers, copy=False, nan=0.0, posinf=STEPS, neginf=-STEPS)
        np.clip(numbers, -STEPS, STEPS, out=numbers)
        index = numbers.astype(np.int32)
        index += self._base
        self._table.take(index, out=self._pixels, mode="clip")
        for place, part in self._parts.items():
            if found[place].values.shape[1] == 1:
                drawn = curve_pixels(found[place], part.plan.rows, part.plan.side, self._palette)
                self._pixels[part.at][part.inside] = drawn[:, 1:-1, 1:-1].ravel()

    def _scale(self, part: _Part, found: Responses) -> None:
        """Take over the sizes of full colour where they are others."""
        scales = found.scales.tobytes()
        if scales != part.scales:
            part.scales = scales
            factors = np.float32(STEPS) / np.maximum(found.scales, np.float32(1e-12))
            self._factors[part.at] = np.append(factors, np.float32(0.0)).take(part.neuron)
