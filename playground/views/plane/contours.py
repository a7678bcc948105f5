"""Where surfaces over the plane pass through a level, as short straight pieces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Segments = NDArray[np.float64]  # [n, 2, 2]: both ends of each piece, x1 and x2

# each cell is cut into two triangles, in which a surface given at the corners is plane: (row, column) of their corners
_TRIANGLES = (((0, 0), (0, 1), (1, 1)), ((0, 0), (1, 0), (1, 1)))


def zero_segments(values: NDArray[np.floating], low: float, high: float) -> Segments:
    """Return where surfaces ``[k, rows, columns]`` over the square from ``low`` to ``high`` are 0.

    A piece lies in every triangle of the grid in which some corners are above 0 and some are not; between two corners
    the surface is taken for straight. Rows go upwards. The grid may have another number of rows than of columns.
    """
    found = np.asarray(values, np.float64)
    above = (found > 0).view(np.int8)
    beside = above[:, :, :-1] + above[:, :, 1:]
    around = beside[:, :-1] + beside[:, 1:]  # of four corners so many are above
    layer, row, column = np.nonzero((around > 0) & (around < 4))
    pieces = []
    for triangle in _TRIANGLES:
        rows, columns = (
            np.stack([base + step[axis] for step in triangle], 1) for axis, base in ((0, row), (1, column))
        )
        heights = found[layer[:, None], rows, columns]  # [cells, 3]
        is_above = heights > 0
        count = is_above.sum(1)
        cut = (count == 1) | (count == 2)
        odd = (is_above[cut] == (count[cut] == 1)[:, None]).argmax(1)  # the corner that lies alone on its side
        places = np.stack([columns[cut], rows[cut]], -1).astype(np.float64)  # [pieces, 3, 2]
        ends = []
        for step in (1, 2):
            which, other = np.arange(len(odd)), (odd + step) % 3
            first, second = heights[cut][which, odd], heights[cut][which, other]
            share = np.clip(np.nan_to_num(first / (first - second), nan=0.5), 0.0, 1.0)[:, None]
            ends.append(places[which, odd] * (1 - share) + places[which, other] * share)
        pieces.append(np.stack(ends, 1))
    scale = np.array([found.shape[2] - 1, found.shape[1] - 1])
    segments: Segments = low + np.concatenate(pieces) / scale * (high - low)
    return segments
