"""The picture of a set of edges: rasterised a slice at a time, then drawn as often as weights move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from playground.views.diagram.coverage import Coverage, Fragments, fragments
from playground.views.diagram.curve import FloatArray
from playground.views.diagram.tone import density, tone_image
from playground.views.diagram.viewport import View

MOST_PIXELS = 1_400_000  # larger pictures are drawn coarser and stretched: a 4K screen costs no more than 1600 x 1000
SLICE_EDGES = 160  # so many edges are rasterised in one go: some 10 ms


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
    """Finds the pixels of a set of edges in slices, so that no slice keeps the window from answering."""

    def __init__(self, ends: FloatArray, view: View, region: Region, reach: float) -> None:
        self.view, self.region, self.reach = view, region, reach
        origin = np.array([region.area.left(), region.area.top()] * 2, np.float32)
        self._ends = (view.points(ends) - origin) * np.float32(region.scale)
        self._groups = _same_ranges(self._ends)
        self._parts: list[tuple[NDArray[np.intp], Fragments]] = []

    @property
    def is_done(self) -> bool:
        """Return whether nothing is left to rasterise."""
        return not self._groups

    def advance(self, count: int = SLICE_EDGES) -> None:
        """Rasterise about ``count`` more edges."""
        while self._groups and count > 0:
            group = self._groups.pop()
            chosen, rest = group[:count], group[count:]
            if len(rest):
                self._groups.append(rest)
            found = fragments(self._ends[chosen], self.reach, self.region.width, self.region.height)
            self._parts.append((chosen, found))
            count -= len(chosen)

    def raster(self) -> Raster:
        """Rasterise what is left and return the result."""
        while not self.is_done:
            self.advance()
        order = np.concatenate([chosen for chosen, _ in self._parts]) if self._parts else np.zeros(0, np.intp)
        coverage = Coverage([part for _, part in self._parts], self.region.width, self.region.height)
        return Raster(coverage, order, self.view, self.region)


class Raster:
    """Rasterised edges, and the picture of them as it was last drawn."""

    def __init__(self, coverage: Coverage, order: NDArray[np.intp], view: View, region: Region) -> None:
        self.coverage, self.view, self.region = coverage, view, region
        self._order = order  # the matrix holds the edges in this order
        self.image = QImage()

    def draw(
        self, opacity: FloatArray, is_positive: NDArray[np.bool_], half: FloatArray, tones: NDArray[np.uint32]
    ) -> None:
        """Draw the picture anew from each edge's opacity, sign and half width (widget pixels)."""
        self.coverage.set_half_widths(np.ascontiguousarray(half[self._order] * np.float32(self.region.scale)))
        densities = np.zeros((len(opacity), 2), np.float32)
        densities[np.arange(len(opacity)), np.where(is_positive, 0, 1)] = density(opacity)
        lying = self.coverage.accumulate(densities[self._order])
        self.image = tone_image(lying, tones, self.region.width, self.region.height)

    def paint(self, painter: QPainter, view: View) -> None:
        """Paint the picture; under another view than it was rasterised for, moved and stretched accordingly."""
        if self.image.isNull():
            return
        ratio = view.zoom / self.view.zoom
        area = self.region.area
        target = QRectF(
            (area.left() - self.view.dx) * ratio + view.dx,
            (area.top() - self.view.dy) * ratio + view.dy,
            area.width() * ratio,
            area.height() * ratio,
        )
        painter.drawImage(target, self.image)


def _same_ranges(ends: FloatArray) -> list[NDArray[np.intp]]:
    """Return the edges grouped by their x range, which a raster pass needs in common."""
    if not len(ends):
        return []
    ranges = np.round(ends[:, [0, 2]] * 16).astype(np.int64)
    _, group = np.unique(ranges, axis=0, return_inverse=True)
    order = np.argsort(group.ravel(), kind="stable")
    return np.split(order, np.flatnonzero(np.diff(group.ravel()[order])) + 1)
