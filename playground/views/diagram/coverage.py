"""Which pixels each edge covers, found once per layout; a frame is then one sparse product.

Painting 416 antialiased curves takes a painter some 80 ms; the product ``coverage @ strengths`` takes 1 to 2.
The matrix is kept by columns (one per edge), so that an edge whose width changed rewrites its own entries alone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.views.diagram import curve
from playground.views.diagram.curve import FloatArray

IndexArray = NDArray[np.int32]

_FEATHER = 0.5  # half a pixel: what antialiasing adds to each side
FINE = 0.07  # pixels: a finer change of a half width cannot be seen, and rewriting the entries takes a millisecond
_MANY = 64  # from so many edges on all entries are rewritten at once


@dataclass(frozen=True)
class Fragments:
    """The pixels of some edges, one edge after the other: flat pixel number and distance from the curve's middle."""

    pixels: IndexArray
    distances: FloatArray
    counts: NDArray[np.int64]  # per edge


def fragments(ends: FloatArray, reach: float, width: int, height: int) -> Fragments:
    """Return every pixel of a ``width`` x ``height`` raster within ``reach`` of curves that share their x range.

    ``ends`` is ``[edges, 4]`` in pixels: x0, y0, x1, y1 with the same x0 and the same x1 throughout.
    """
    x0, x1 = float(ends[0, 0]), float(ends[0, 2])
    columns = np.arange(max(0, int(np.ceil(x0 - 0.5))), min(width, int(np.ceil(x1 - 0.5))), dtype=np.int32)
    rise = (ends[:, 3] - ends[:, 1])[:, None]
    level, slope = curve.height_and_slope((columns + 0.5 - x0) / max(x1 - x0, 1e-3))
    middle = ends[:, 1][:, None] + rise * level  # [edges, columns]
    upright = 1.0 / np.sqrt(1.0 + (rise * slope / np.float32(max(x1 - x0, 1e-3))) ** 2)
    extent = (reach + _FEATHER) / upright
    first = np.maximum(np.ceil(middle - extent - 0.5), 0).astype(np.int32)
    last = np.minimum(np.floor(middle + extent - 0.5), height - 1).astype(np.int32)
    counts = np.maximum(last - first + 1, 0)  # [edges, columns] pixels of the curve in each pixel column
    flat = counts.ravel()
    before = np.cumsum(flat, dtype=np.int64) - flat
    rows = np.arange(int(flat.sum()), dtype=np.int32) - np.repeat((before - first.ravel()).astype(np.int32), flat)
    pixels = rows * np.int32(width) + np.repeat(np.broadcast_to(columns, counts.shape).ravel(), flat)
    offset = rows + np.float32(0.5) - np.repeat(middle.ravel(), flat)
    away = np.abs(offset * np.repeat(upright.ravel(), flat))
    return Fragments(pixels, away.astype(np.float32), counts.sum(1, dtype=np.int64))


class Coverage:
    """The sparse matrix of one raster, by edges; half width and sign of an edge can change.

    Its rows are the touched pixels, each twice: for what positive and for what negative edges lay on it. As each edge
    has but one sign, one product with a vector gives both, in half the time of two.
    """

    def __init__(self, parts: list[Fragments], width: int, height: int) -> None:
        for _ in self.join(parts, width, height):
            pass

    @classmethod
    def in_steps(cls, parts: list[Fragments], width: int, height: int) -> Generator[None, None, Coverage]:
        """Make the same in steps of a few milliseconds, between which the window can answer."""
        made = cls.__new__(cls)
        yield from made.join(parts, width, height)
        return made

    def join(self, parts: list[Fragments], width: int, height: int) -> Iterator[None]:
        """Make the matrix of these parts, a step each time."""
        from scipy.sparse import csc_matrix  # a tenth of a second to import: not before the window stands

        self.width, self.height = width, height
        counts = np.concatenate([part.counts for part in parts]) if parts else np.zeros(0, np.int64)
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._half = np.full(len(counts), -1.0, np.float32)
        self._is_negative = np.zeros(len(counts), np.bool_)
        pixels = np.concatenate([part.pixels for part in parts]) if parts else np.zeros(0, np.int32)
        yield
        self._distances = np.concatenate([part.distances for part in parts]) if parts else np.zeros(0, np.float32)
        yield
        is_touched = np.zeros(width * height, np.bool_)
        is_touched[pixels] = True
        yield
        self.touched = np.flatnonzero(is_touched)  # flat numbers of the pixels that some edge covers
        rows = np.cumsum(is_touched, dtype=np.int32) - 1
        rows *= 2
        yield
        entries = rows[pixels]
        yield
        self._matrix = csc_matrix(
            (np.zeros(len(pixels), np.float32), entries, self._starts.astype(np.int32)),
            shape=(2 * len(self.touched), len(counts)),
        )

    @property
    def edges(self) -> int:
        """Return the number of edges."""
        return len(self._half)

    @property
    def entries(self) -> int:
        """Return the number of pixels of all edges together."""
        return len(self._distances)

    def set_half_widths(self, half: FloatArray) -> None:
        """Give each edge its half width in pixels; only edges whose width changed visibly are rewritten."""
        changed = np.flatnonzero(np.abs(half - self._half) > FINE)
        if not len(changed):
            return
        data = self._matrix.data
        if len(changed) > _MANY:
            np.subtract(np.repeat(half + np.float32(_FEATHER), np.diff(self._starts)), self._distances, out=data)
            np.clip(data, 0.0, 1.0, out=data)
            # what is thinner than a pixel covers less of it
            data *= np.repeat(np.minimum(2.0 * half, 1.0).astype(np.float32), np.diff(self._starts))
            self._half = half.copy()
        else:
            for edge in changed.tolist():
                part = slice(self._starts[edge], self._starts[edge + 1])
                reach = np.float32(half[edge] + _FEATHER)
                data[part] = np.clip(reach - self._distances[part], 0.0, 1.0) * min(2.0 * float(half[edge]), 1.0)
            self._half[changed] = half[changed]

    def set_signs(self, is_negative: NDArray[np.bool_]) -> None:
        """Say which edges are negative; only those whose sign changed are rewritten."""
        changed = np.flatnonzero(is_negative != self._is_negative)
        rows = self._matrix.indices
        if len(changed) > _MANY:
            shift = is_negative.astype(np.int32) - self._is_negative
            rows += np.repeat(shift, np.diff(self._starts))
        else:
            for edge in changed.tolist():
                rows[self._starts[edge] : self._starts[edge + 1]] += 1 if is_negative[edge] else -1
        self._is_negative[changed] = is_negative[changed]

    def accumulate(self, densities: FloatArray) -> FloatArray:
        """Return what lies on each touched pixel ``[touched pixels, 2]`` of ``densities`` ``[edges]``, by sign."""
        product: FloatArray = self._matrix @ densities
        return product.reshape(-1, 2)
