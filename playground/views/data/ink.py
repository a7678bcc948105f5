"""Ink on paper: the buffer that strokes are drawn into, with undo, and its picture in the palette's colours."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from playground.views.palette import Palette

Ink = NDArray[np.float32]

MAX_STROKES = 200
SOFTNESS = 1.5  # buffer pixels over which the edge of a stroke fades


@dataclass(frozen=True)
class PenPoint:
    """Where the pen is, in pixels of the buffer, and how wide it is there."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, eq=False)
class _Patch:
    """The part of the buffer that a stroke changed, as it was before and after."""

    box: tuple[slice, slice]
    before: Ink
    after: Ink


class InkBuffer:
    """A drawing ``[rows, columns]`` of ink from 0 to 1, changed stroke by stroke."""

    def __init__(self, rows: int, columns: int) -> None:
        self.values: Ink = np.zeros((rows, columns), np.float32)
        self._start: Ink | None = None  # the buffer when the open stroke began
        self._done: list[_Patch] = []
        self._undone: list[_Patch] = []

    @property
    def is_empty(self) -> bool:
        """Return whether there is no ink at all."""
        return not bool(self.values.any())

    @property
    def can_undo(self) -> bool:
        """Return whether there is a stroke to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Return whether a stroke was taken back."""
        return bool(self._undone)

    def begin(self) -> None:
        """Open a stroke."""
        self._start = self.values.copy()

    def end(self) -> None:
        """Close the stroke: it becomes one step of undo, if it changed anything."""
        if self._start is None:
            return
        before, self._start = self._start, None
        changed = before != self.values
        rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
        if rows.size == 0:
            return
        box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        self._done = [*self._done[1 - MAX_STROKES :], _Patch(box, before[box].copy(), self.values[box].copy())]
        self._undone.clear()

    def undo(self) -> None:
        """Take the last stroke back."""
        if self._done:
            patch = self._done.pop()
            self.values[patch.box] = patch.before
            self._undone.append(patch)

    def redo(self) -> None:
        """Draw the stroke again that was taken back."""
        if self._undone:
            patch = self._undone.pop()
            self.values[patch.box] = patch.after
            self._done.append(patch)

    def replace(self, values: Ink) -> None:
        """Put another drawing of the same shape in its place, as one step."""
        self.begin()
        self.values[:] = np.clip(np.nan_to_num(values), 0, 1)
        self.end()

    def line(self, start: PenPoint, end: PenPoint, *, erase: bool = False) -> None:
        """Draw (or erase) a straight piece with round ends, its width changing evenly."""
        reach = max(start.radius, end.radius) + SOFTNESS
        box = self._box(start, end, reach)
        part = self.values[box]
        if part.size == 0:
            return
        y = np.arange(box[0].start, box[0].stop, dtype=np.float32)[:, None] + 0.5
        x = np.arange(box[1].start, box[1].stop, dtype=np.float32)[None, :] + 0.5
        across, down = end.x - start.x, end.y - start.y
        length = across * across + down * down
        along = np.clip(((x - start.x) * across + (y - start.y) * down) / max(length, 1e-9), 0, 1)
        distance = np.hypot(x - start.x - along * across, y - start.y - along * down)
        radius = start.radius + along * (end.radius - start.radius)
        ink = np.clip((radius - distance) / SOFTNESS + 0.5, 0, 1)  # [rows, columns] of the box
        if erase:
            np.minimum(part, 1 - ink, out=part)
        else:
            np.maximum(part, ink, out=part)

    def _box(self, start: PenPoint, end: PenPoint, reach: float) -> tuple[slice, slice]:
        rows, columns = self.values.shape
        top, bottom = math.floor(min(start.y, end.y) - reach), math.ceil(max(start.y, end.y) + reach)
        left, right = math.floor(min(start.x, end.x) - reach), math.ceil(max(start.x, end.x) + reach)
        top, bottom = min(max(top, 0), rows), min(max(bottom, 0), rows)
        left, right = min(max(left, 0), columns), min(max(right, 0), columns)
        return slice(top, bottom), slice(left, right)


def area_mean(image: NDArray[np.floating], rows: int, columns: int) -> Ink:
    """Return ``image`` ``[h, w]`` at another size; each new pixel is the mean of the area that it covers."""
    return np.asarray(_cover(rows, image.shape[0]) @ image @ _cover(columns, image.shape[1]).T, np.float32)


def _cover(new: int, old: int) -> Ink:
    """Return ``[new, old]``: the share of each old row in each new one."""
    edges = np.linspace(0, old, new + 1)
    source = np.arange(old)[None, :]
    overlap = np.minimum(edges[1:, None], source + 1) - np.maximum(edges[:-1, None], source)
    return np.asarray(np.maximum(overlap, 0) * (new / old), np.float32)


def ink_table(palette: Palette) -> NDArray[np.uint32]:
    """Return the 256 colours (0xffRRGGBB) from paper to ink."""
    colours = [palette.colour(name) for name in ("paper", "ink")]
    paper, ink = (np.array([colour.red(), colour.green(), colour.blue()], np.float64) for colour in colours)
    mixed = np.rint(paper + (ink - paper) * np.linspace(0, 1, 256)[:, None]).astype(np.uint32)
    return np.asarray((0xFF << 24) | (mixed[:, 0] << 16) | (mixed[:, 1] << 8) | mixed[:, 2], np.uint32)


def ink_picture(values: NDArray[np.generic], table: NDArray[np.uint32]) -> QImage:
    """Return the picture of an image ``[h, w]``: uint8 from 0 to 255, or float from 0 to 1."""
    levels = values
    if levels.dtype != np.uint8:
        levels = np.rint(np.clip(np.nan_to_num(np.asarray(values, np.float32)), 0, 1) * 255).astype(np.uint8)
    pixels = np.ascontiguousarray(table[levels])  # [h, w] of 0xffRRGGBB
    rows, columns = pixels.shape
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def placed(ink: Ink, rows: int, columns: int, margin: float = 0.1) -> Ink:
    """Return ``ink`` in the middle of a sheet ``[rows, columns]``, as large as the margin allows."""
    seen_rows, seen_columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    sheet = np.zeros((rows, columns), np.float32)
    if seen_rows.size == 0:
        return sheet
    part = ink[seen_rows[0] : seen_rows[-1] + 1, seen_columns[0] : seen_columns[-1] + 1]
    scale = min(rows * (1 - 2 * margin) / part.shape[0], columns * (1 - 2 * margin) / part.shape[1])
    height, width = max(round(part.shape[0] * scale), 1), max(round(part.shape[1] * scale), 1)
    top, left = (rows - height) // 2, (columns - width) // 2
    sheet[top : top + height, left : left + width] = area_mean(part, height, width)
    return sheet
