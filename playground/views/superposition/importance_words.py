"""A row of numbers in the words in which it can be typed, and carried over to another number of features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.engine.superposition.problem import importance_vector

_NEAR = 1e-6  # relative


def pattern_of(values: Sequence[float]) -> str:
    """Return how these importances are typed shortest: ``equal``, ``1:0.1``, ``0.9^i``, or an empty text."""
    found = np.asarray(values, np.float64)
    if np.ptp(found) == 0:
        return "equal" if found[0] == 1 else f"{found[0]:g}:{found[0]:g}"
    if len(found) == 2:
        return f"{found[0]:.6g}:{found[1]:.6g}"
    if _is_near(found, np.linspace(found[0], found[-1], len(found))):
        return f"{found[0]:.6g}:{found[-1]:.6g}"
    base = float((found[-1] / found[0]) ** (1 / (len(found) - 1)))
    if found[0] == 1 and _is_near(found, base ** np.arange(len(found))):
        return f"{base:.6g}^i"
    return ""


def numbers_text(values: Sequence[float]) -> str:
    """Return the numbers one after the other, as they can be typed and pasted."""
    return "; ".join(f"{value:.6g}" for value in values)


def importance_for(values: Sequence[float], features: int) -> tuple[float, ...]:
    """Return the same curve over another number of features: a pattern goes on, a drawn one is stretched."""
    pattern = pattern_of(values)
    return importance_vector(pattern, features) if pattern else stretched(values, features)


def stretched(values: Sequence[float], count: int) -> tuple[float, ...]:
    """Return the curve read off at ``count`` places, its ends at the ends."""
    places = np.linspace(0, len(values) - 1, count)
    return tuple(float(value) for value in np.interp(places, np.arange(len(values)), np.asarray(values, np.float64)))


def _is_near(found: np.ndarray, wanted: np.ndarray) -> bool:
    return bool((np.abs(found - wanted) <= _NEAR * np.abs(wanted)).all())
