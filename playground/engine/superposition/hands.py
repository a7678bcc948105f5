"""What a hand can do to W ``[n, m]``: each returns a changed copy. Torch-free."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.engine.superposition.metrics import REPRESENTED_NORM
from playground.engine.superposition.problem import Floats, SuperpositionError


def silenced(weight: NDArray[np.floating], features: Sequence[int]) -> Floats:
    """Return W with the rows of these features at zero."""
    found = np.array(weight, np.float64)
    found[list(features)] = 0.0
    return found


def flipped(weight: NDArray[np.floating], features: Sequence[int]) -> Floats:
    """Return W with these features pointing the other way."""
    found = np.array(weight, np.float64)
    found[list(features)] *= -1
    return found


def swapped(values: NDArray[np.floating], one: int, other: int) -> Floats:
    """Return W (or b) with two features in each other's place."""
    found = np.array(values, np.float64)
    found[[one, other]] = found[[other, one]]
    return found


def equalised(weight: NDArray[np.floating], features: Sequence[int] | None = None) -> Floats:
    """Return W with these features (None: the represented ones) at their mean norm, directions kept.

    Raises
    ------
    SuperpositionError
        Where a feature is zero and so has no direction, or there is none.
    """
    found = np.array(weight, np.float64)
    chosen = _chosen(found, features)
    norms = np.linalg.norm(found[chosen], axis=1)
    if norms.min() <= 0:
        raise SuperpositionError(f"Feature {chosen[int(norms.argmin())]} is zero and has no direction to lengthen.")
    found[chosen] *= (norms.mean() / norms)[:, None]
    return found


def snapped(weight: NDArray[np.floating], features: Sequence[int] | None = None) -> Floats:
    """Return W ``[n, 2]`` with these features (None: the represented ones) on the nearest regular polygon.

    The features keep their order around the circle; the polygon has their mean norm and is turned to where the sum of
    squared angles moved is least. Features that lie side by side are spread as well. For two the polygon is an
    antipodal pair.

    Raises
    ------
    SuperpositionError
        Where the hidden space is no plane, or fewer than two features are chosen.
    """
    found = np.array(weight, np.float64)
    if found.shape[1] != 2:
        raise SuperpositionError(f"A polygon lies in a plane; this hidden space has {found.shape[1]} dimensions.")
    chosen = _chosen(found, features)
    if len(chosen) < 2:
        raise SuperpositionError("A polygon needs two features at least: lengthen or choose another one.")
    angles = np.arctan2(found[chosen, 1], found[chosen, 0])
    order = np.argsort(angles, kind="stable")
    places = np.arange(len(chosen)) * 2 * np.pi / len(chosen)
    turned = places + (angles[order] - places).mean()
    norm = np.linalg.norm(found[chosen], axis=1).mean()
    found[np.array(chosen)[order]] = norm * np.stack([np.cos(turned), np.sin(turned)], 1)
    return found


def polygon(count: int, norm: float = 1.0, turn: float = 0.0) -> Floats:
    """Return ``count`` directions evenly around the circle, ``[count, 2]``, the first at angle ``turn`` (radians)."""
    angles = turn + np.arange(count) * 2 * np.pi / count
    return np.asarray(norm * np.stack([np.cos(angles), np.sin(angles)], 1))


def _chosen(weight: Floats, features: Sequence[int] | None) -> list[int]:
    if features is not None:
        found = list(features)
    else:
        found = [int(at) for at in np.flatnonzero(np.linalg.norm(weight, axis=1) > REPRESENTED_NORM)]
    if not found:
        raise SuperpositionError("No feature is represented here (norm above 0.5): choose some.")
    return found
