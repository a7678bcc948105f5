"""Numbers as the grids say them, and the magnitude at which a weight has its full colour."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_NICE = (1.0, 1.2, 1.5, 1.8, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_SAMPLE = 20_000
_QUANTILE = 0.998
_MANY = 256
_MOST_DECIMALS = 4


def signed_text(value: float, decimals: int = 2, *, plus: bool = True) -> str:
    """Return a number with its sign: ``+0.50``, ``−5.00``; small ones longer, tiny and huge ones in powers of ten."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("+∞" if value > 0 else "−∞")
    size = abs(value)
    if size == 0:
        return f"{0:.{decimals}f}"
    is_small = size <= 0.5 * 10.0**-decimals  # half a unit would round to an even 0
    if is_small and size >= 10.0 ** (1 - _MOST_DECIMALS):
        is_small, decimals = False, _MOST_DECIMALS
    text = f"{size:.1e}" if is_small or size >= 1e6 else f"{size:.{decimals}f}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}".replace("-", "−")
    return ("−" if value < 0 else "+" if plus else "") + text


def column_decimals(values: Sequence[float]) -> int:
    """Return how many decimals suit numbers that stand below each other."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return 2 if largest < 100 else 1


def row_scales(weights: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the magnitude of full colour of each row ``[rows]``: few of its weights are larger."""
    place = int(_QUANTILE * (weights.shape[1] - 1)) if weights.shape[1] >= _MANY else weights.shape[1] - 1
    found = np.partition(np.nan_to_num(np.abs(weights)), place, axis=1)[:, place]
    return np.maximum(found, 1e-9).astype(np.float32)


def weight_scale(weights: NDArray[np.floating], before: float = 0.0) -> float:
    """Return a round magnitude of full colour: few weights are larger.

    ``before`` is the present one: it is kept while it still fits, so that the colours do not flicker.
    """
    flat = np.abs(weights).reshape(-1)
    if flat.size > _SAMPLE:
        flat = flat[:: flat.size // _SAMPLE + 1]
    flat = flat[np.isfinite(flat)]
    if not flat.size:
        return before or 1.0
    top = (
        float(flat.max())
        if flat.size < _MANY
        else float(np.partition(flat, place := int(_QUANTILE * (flat.size - 1)))[place])
    )
    if top <= 1e-9:
        return before or 1.0
    if 0.62 * before <= top <= before:
        return before
    power = 10.0 ** math.floor(math.log10(top))
    return next(step for step in _NICE if step * power >= top * (1 - 1e-9)) * power
