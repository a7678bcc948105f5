"""The picture of a set of edges: rasterised a slice at a time, then drawn as often as weights move."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from playground.views.diagram.coverage import Coverage, Fragments, fragments
from playground.views.diagram.curve import FloatArray
from playground.views.diagram.tone import density, toned
from playground.views.diagram.viewport import View

MOST_PIXELS = 1_000_000  # larger pictures are drawn coarser and stretched: a 4K screen costs no more than 1600 x 1000
SLICE_PIXELS = 400_000  # so many pixels of edges are rasterised in one go: some 10 ms
_LEVELS = np.array([0.42, 0.65, 1.0], np.float32)  # room that edges get to grow wider in, in shares of the widest
_GROWTH = 1.3  # an edge gets room for this much more than its present width


@dataclass(frozen=True)
class Region:
    """The part of the widget that a raster covers, and how many of its pixels lie in a widget pixel."""

    area: QRectF  # on the widget, whole device pixels
    scale: float

    @property
    def width(self) -> int:
        """Return the width in raster pixels."""
        return max(1, round(self.area.width() * self.scale))

    @property
    def height(self) -> int:
        """Return the height in raster pixels."""
        return max(1, round(self.area.height() * self.scale))


def region_of(ends: FloatArray, stage: QRectF, ratio: float) -> Region:
    """Return the region of curves with these ends (widget coordinates), no larger than ``stage``."""
    if not len(ends):
        return Region(QRectF(0, 0, 1, 1), 1.0)
    left = max(float(ends[:, 0].min()) - 1, stage.left())
    right = min(float(ends[:, 2].max()) + 1, stage.right())
    left, right = np.floor(left), np.ceil(max(right, left + 1))
    top, bottom = np.floor(stage.top()), np.ceil(stage.bottom())
    area = QRectF(left, top, right - left, bottom - top)
    scale = min(ratio, float(np.sqrt(MOST_PIXELS / max(area.width() * area.height(), 1.0))))
    return Region(area, scale)


class Rasteriser:
    """Finds the pixels of a set of edges in slices, so that no slice keeps the window from answering.

    ``half`` is each edge's present half width in widget pixels, ``widest`` that of the widest edge there can be.
    """

    def __init__(self, ends: FloatArray, view: View, region: Region, half: FloatArray, widest: float) -> None:
        self.view, self.region = view, region
        origin = np.array([region.area.left(), region.area.top()] * 2, np.float32)
        self._ends = (view.points(ends) - origin) * np.float32(region.scale)
        level = np.searchsorted(_LEVELS, np.minimum(_GROWTH * half / np.float32(widest), 1.0))
        self._reach = (_LEVELS * np.float32(widest))[level]
        self._groups = _alike(self._ends, level)
        lengths = np.abs(self._ends[:, 2] - self._ends[:, 0]) + np.abs(self._ends[:, 3] - self._ends[:, 1])
        self._costs = lengths * (2 * self._reach * region.scale + 1)  # about the number of pixels of each edge
        self._parts: list[tuple[NDArray[np.intp], Fragments]] = []
        self._joining: Generator[None, None, Coverage] | None = None
        self._coverage: Coverage | None = None

    @property
    def is_done(self) -> bool:
        """Return whether nothing is left to do."""
        return self._coverage is not None

    @property
    def is_small(self) -> bool:
        """Return whether all of it can be done at once without a noticeable pause."""
        return float(self._costs.sum()) < 1.5 * SLICE_PIXELS

    def advance(self) -> None:
        """Rasterise one slice, or, where all are, join them by another step."""
        if self._groups:
            self._rasterise()
        elif self._coverage is None:
            self._join()

    def _join(self) -> None:
        if self._joining is None:
            parts = [part for _, part in self._parts]
            self._joining = Coverage.in_steps(parts, self.region.width, self.region.height)
        try:
            next(self._joining)
        except StopIteration as end:
            self._coverage, self._joining = end.value, None

    def _rasterise(self) -> None:
        left = float(SLICE_PIXELS)
        while self._groups and left > 0:
            group = self._groups.pop()
            spent = np.cumsum(self._costs[group])
            count = max(1, int(np.searchsorted(spent, left)))
            chosen, rest = group[:count], group[count:]
            if len(rest):
                self._groups.append(rest)
            reach = float(self._reach[chosen[0]]) * self.region.scale
            self._parts.append((chosen, fragments(self._ends[chosen], reach, self.region.width, self.region.height)))
            left -= float(spent[count - 1])

    def raster(self) -> Raster:
        """Do what is left and return the result."""
        while self._coverage is None:
            self.advance()
        order = np.concatenate([chosen for chosen, _ in self._parts]) if self._parts else np.zeros(0, np.intp)
        return Raster(self._coverage, order, self._reach, self.view, self.region)


class Raster:
    """Rasterised edges, and the picture of them as it was last drawn."""

    def __init__(
        self, coverage: Coverage, order: NDArray[np.intp], reach: FloatArray, view: View, region: Region
    ) -> None:
        self.coverage, self.view, self.region = coverage, view, region
        self._order = order  # the matrix holds the edges in this order
        self._reach = reach  # half widths for which there is room
        self._pixels = np.zeros(region.width * region.height, np.uint32)  # premultiplied ARGB
        self.image = QImage()

    def outgrown(self, half: FloatArray) -> float:
        """Return the share of edges that have grown wider than there is room for (they are drawn too narrow)."""
        return float(np.mean(half > self._reach + 0.15)) if len(half) else 0.0

    def draw(
        self, opacity: FloatArray, is_positive: NDArray[np.bool_], half: FloatArray, tones: NDArray[np.uint32]
    ) -> None:
        """Draw the picture anew from each edge's opacity, sign and half width (widget pixels)."""
        fitting = np.minimum(half, self._reach)[self._order] * np.float32(self.region.scale)
        self.coverage.set_half_widths(fitting.astype(np.float32))
        self.coverage.set_signs(~is_positive[self._order])
        lying = self.coverage.accumulate(density(opacity)[self._order])
        self._pixels[self.coverage.touched] = toned(lying, tones)
        width, height = self.region.width, self.region.height
        self.image = QImage(self._pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)

    def paint(self, painter: QPainter, view: View, stretch: Stretch) -> None:
        """Paint the picture; under another view or plan than it was rasterised for, moved and stretched to fit."""
        if not self.image.isNull():
            corner = self.view.plan(self.region.area.topLeft())
            width, height = self.region.area.width(), self.region.area.height()
            area = QRectF(corner.x(), corner.y(), width / self.view.zoom, height / self.view.zoom)
            painter.drawImage(view.rect(stretch.rect(area)), self.image)


@dataclass(frozen=True)
class Stretch:
    """The map from an older plan to the present one that takes one rectangle to the other."""

    old: QRectF
    new: QRectF

    def rect(self, rect: QRectF) -> QRectF:
        """Return where a rectangle of the older plan lies in the present one."""
        if self.old == self.new or self.old.isEmpty():
            return rect
        across, down = self.new.width() / self.old.width(), self.new.height() / self.old.height()
        return QRectF(
            self.new.left() + (rect.left() - self.old.left()) * across,
            self.new.top() + (rect.top() - self.old.top()) * down,
            rect.width() * across,
            rect.height() * down,
        )


def _alike(ends: FloatArray, level: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Return the edges grouped by x range and room, which a raster pass needs in common."""
    if not len(ends):
        return []
    marks = np.column_stack([np.round(ends[:, [0, 2]] * 16).astype(np.int64), level])
    _, group = np.unique(marks, axis=0, return_inverse=True)
    order = np.argsort(group.ravel(), kind="stable")
    return np.split(order, np.flatnonzero(np.diff(group.ravel()[order])) + 1)
