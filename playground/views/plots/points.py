"""Points of curves: thinned out to what a screen can show, ranges that grow in readable steps, and their CSV."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.engine.snapshots import Curves

Array = NDArray[np.float64]

_NICE = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def grown(value: float) -> float:
    """Return the next round number that is not below ``value`` (> 0)."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(float(f"{nice * power:.12g}") for nice in _NICE if nice * power >= value * (1 - 1e-9))


def round_ticks(low: float, high: float, count: int) -> tuple[float, list[float]]:
    """Return a round spacing and its multiples from ``low`` to ``high``, about ``count`` of them."""
    if not high > low:
        return 1.0, []
    rough = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    spacing = next(nice * power for nice in (1.0, 2.0, 2.5, 5.0, 10.0) if nice * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / spacing - 1e-9), math.floor(high / spacing + 1e-9)
    return spacing, [float(f"{place * spacing:.12g}") for place in range(first, last + 1)]


def decade_ticks(low: float, high: float, count: int) -> list[float]:
    """Return the logarithms of round numbers from 10**low to 10**high: decades, and 2 and 5 where there is room."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    steps = (1, 2, 5) if (high - low) * 3 <= count else (1,)
    stride = max(1, math.ceil((high - low) / max(count, 1)))
    found = [decade + math.log10(step) for decade in decades if decade % stride == 0 for step in steps]
    return [tick for tick in found if low - 1e-9 <= tick <= high + 1e-9]


def step_text(step: float) -> str:
    """Return a step number as it stands on an axis: 500, 1k, 2.5k, 3M; beyond all letters 2e23."""
    if abs(step) >= 1e12:
        mantissa, _, exponent = f"{step:.6e}".partition("e")
        return f"{float(mantissa):.6g}e{int(exponent)}"
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(step) >= size:
            return f"{step / size:.6g}{letter}"
    return f"{step:.6g}"


def loss_text(loss: float, digits: int = 4) -> str:
    """Return a loss with ``digits`` digits that count: 2.305, 0.2871, 1.3e-5."""
    if not math.isfinite(loss):
        return "no number"
    if loss != 0 and not 1e-3 <= abs(loss) < 1e6:
        mantissa, _, exponent = f"{loss:.{max(digits - 2, 1)}e}".partition("e")
        return f"{mantissa}e{int(exponent)}"
    decimals = max(digits - 1 - (math.floor(math.log10(abs(loss))) if abs(loss) >= 1 else -1), 0)
    return f"{loss:.{decimals}f}"


def percent_text(share: float, decimals: int = 2) -> str:
    """Return a share as percent: 91.25 %."""
    return f"{100 * share:.{decimals}f} %" if math.isfinite(share) else "no number"


def thinned(x: Array, y: Array, low: float, high: float, columns: int) -> tuple[Array, Array]:
    """Return the points between ``low`` and ``high`` with at most two for each of ``columns`` columns of pixels.

    The lowest and the highest value of each column stay, so that no peak is lost; one point beyond either end
    stays too, for the line to run out of the picture.
    """
    start = max(int(np.searchsorted(x, low)) - 1, 0)
    stop = min(int(np.searchsorted(x, high, side="right")) + 1, len(x))
    x, y = x[start:stop], y[start:stop]
    if len(x) <= 2 * columns or high <= low:
        return x, y
    column = np.floor((x - low) * (columns / (high - low)))
    firsts = np.flatnonzero(np.concatenate([[True], column[1:] != column[:-1]]))
    lasts = np.concatenate([firsts[1:], [len(x)]]) - 1
    lowest, highest = np.fmin.reduceat(y, firsts), np.fmax.reduceat(y, firsts)
    rises = y[firsts] <= y[lasts]
    result = np.empty((len(firsts), 2, 2))
    result[:, 0, 0], result[:, 1, 0] = x[firsts], x[lasts]
    result[:, 0, 1] = np.where(rises, lowest, highest)
    result[:, 1, 1] = np.where(rises, highest, lowest)
    return result[..., 0].reshape(-1), result[..., 1].reshape(-1)


def pieces(x: Array, y: Array, breaks: Sequence[float]) -> list[tuple[Array, Array]]:
    """Return the points as pieces that no line is to join: one ends with the last point up to each of ``breaks``."""
    ends = np.unique(np.searchsorted(x, breaks, side="right"))
    ends = ends[(ends > 0) & (ends < len(x))]
    return list(zip(np.split(x, ends), np.split(y, ends), strict=True))


def within(x: Array, y: Array, room: tuple[float, float, float, float]) -> tuple[Array, Array]:
    """Return what of a line lies between the left, right, lowest and highest place of ``room``; NaN parts the pieces.

    Each stretch is cut where it enters and where it leaves (Liang and Barsky, 1984).
    """
    starts, ends = np.stack([x[:-1], y[:-1]]), np.stack([x[1:], y[1:]])
    ways = ends - starts
    least, most = np.array(room[0::2])[:, None], np.array(room[1::2])[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        first, last = (least - starts) / ways, (most - starts) / ways
    is_level, is_inside = ways == 0, (starts >= least) & (starts <= most)
    enter = np.where(is_level, np.where(is_inside, 0.0, 2.0), np.minimum(first, last)).max(axis=0).clip(min=0.0)
    leave = np.where(is_level, np.where(is_inside, 1.0, -1.0), np.maximum(first, last)).min(axis=0).clip(max=1.0)
    is_seen = enter <= leave  # false where an end is no number
    pieces_x, pieces_y = (
        np.stack([start + enter * way, start + leave * way, np.full(len(way), np.nan)], axis=1)[is_seen].ravel()
        for start, way in zip(starts, ways, strict=True)
    )
    return pieces_x, pieces_y


def joined(found: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Return pieces as one run of points with a gap, a height that is no number, between each two."""
    if len(found) == 1:
        return found[0]
    gap = np.full(1, np.nan)
    x = [part for steps, _ in found for part in (steps, steps[-1:])]
    y = [part for _, heights in found for part in (heights, gap)]
    return np.concatenate(x[:-1]), np.concatenate(y[:-1])


def csv_text(curves: Curves) -> str:
    """Return the points as CSV, every digit kept: reading it gives the very same numbers."""
    lines = [",".join(("step", *Curves.COLUMNS))]
    lines += [
        ",".join((str(step), *map(repr, row)))
        for step, row in zip(curves.steps.tolist(), curves.values.tolist(), strict=True)
    ]
    return "\n".join(lines) + "\n"
