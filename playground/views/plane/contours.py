"""Where surfaces over the plane pass through a level, as short straight pieces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Segments = NDArray[np.float64]  # [n, 2, 2]: both ends of each piece, x1 and x2

# each cell is cut into two triangles, in which a surface given at the corners is plane: rows, columns of their corners
_ROWS = np.array([[0, 0, 1], [0, 1, 1]])
_COLUMNS = np.array([[0, 1, 1], [0, 0, 1]])


def zero_segments(values: NDArray[np.floating], low: float, high: float) -> Segments:
    """Return where surfaces ``[k, rows, columns]`` over the square from ``low`` to ``high`` are 0.

    A piece lies in every triangle of the grid in which some corners are above 0 and some are not; between two corners
    the surface is taken for straight. Rows go upwards. The grid may have another number of rows than of columns.
    """
    found = np.ascontiguousarray(values)
    _, tall, wide = found.shape
    above = (found > 0).view(np.int8)
    beside = above[:, :, :-1] + above[:, :, 1:]
    around = beside[:, :-1] + beside[:, 1:]  # of four corners so many are above
    cells = np.flatnonzero((around > 0) & (around < 4))
    layer_row, column = np.divmod(cells, wide - 1)
    layer, row = np.divmod(layer_row, tall - 1)
    corners = (layer * tall + row) * wide + column
    corners = corners[None, :, None] + (_ROWS * wide + _COLUMNS)[:, None]  # [triangles, cells, 3]
    heights = found.reshape(-1).take(corners).reshape(-1, 3).astype(np.float64)
    is_above = heights > 0
    count = is_above.view(np.int8).sum(1, dtype=np.int8)
    cut = np.flatnonzero((count == 1) | (count == 2))
    triangle, cell = np.divmod(cut, max(len(cells), 1))
    heights, column, row = heights[cut], column[cell], row[cell]
    odd = (is_above[cut] == (count[cut] == 1)[:, None]).argmax(1)  # the corner that lies alone on its side
    piece = np.arange(len(cut))
    first = heights[piece, odd]
    segments: Segments = np.empty((len(cut), 2, 2))
    for end in (0, 1):
        other = (odd + end + 1) % 3
        share = np.clip(np.nan_to_num(first / (first - heights[piece, other]), nan=0.5), 0.0, 1.0)
        for axis, base, steps in ((0, column, _COLUMNS), (1, row, _ROWS)):
            segments[:, end, axis] = (base + steps[triangle, odd]) * (1 - share) + (
                base + steps[triangle, other]
            ) * share
    segments /= np.array([wide - 1, tall - 1])
    segments *= high - low
    segments += low
    return segments
