"""What is said of a feature: beside the mouse, in the tooltip, to a screen reader."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from playground.engine.superposition.geometry import label
from playground.engine.superposition.metrics import REPRESENTED_NORM
from playground.engine.superposition.problem import Floats
from playground.views.grid.numerals import signed_text
from playground.views.superposition.model_column_words import lowered

NOT_FINITE = "no longer numbers: training diverged"
_KEPT = 160
_formed: dict[tuple[tuple[int, ...], bytes], str] = {}  # the latest last
_SHOWN = 6  # components of a feature in its tooltip


def formed(weight: NDArray[np.floating]) -> str:
    """Return what the features of W ``[n, m]`` form, or that there are no numbers any more.

    Hidden space, card and seeds all ask of the same weights at every frame, and of many features a name takes
    milliseconds: the last ones are kept.
    """
    if not np.isfinite(weight).all():
        return NOT_FINITE
    exact = np.ascontiguousarray(weight, np.float32)
    key = (weight.shape, blake2b(exact.data, digest_size=16).digest())
    found = _formed.pop(key, None)
    if found is None:
        found = label(exact)
        if len(_formed) >= _KEPT:
            del _formed[next(iter(_formed))]
    _formed[key] = found
    return found


def angle_of(flat: NDArray[np.floating]) -> float:
    """Return the angle of a direction ``[2]`` in degrees from 0 to 360, counterclockwise from the right."""
    return float(np.degrees(np.arctan2(flat[1], flat[0])) % 360.0)


def moved_words(feature: int, row: Floats, before: Floats) -> str:
    """Return what stands beside a dragged tip: norm and angle; in space the angle to where it was."""
    if len(row) == 1:
        return f"W{lowered(feature)} {signed_text(float(row[0]), 3)}"
    norm = float(np.linalg.norm(row))
    words = f"‖W{lowered(feature)}‖ {norm:.3f}"
    if norm <= 0:
        return words
    if len(row) == 2:
        return f"{words}  {angle_of(row):5.1f}°"
    length = float(np.linalg.norm(before)) * norm
    if length <= 0:
        return words
    turned = np.degrees(np.arccos(np.clip(row @ before / length, -1.0, 1.0)))
    return f"{words}  turned {turned:4.1f}°"


def spoken(weight: Floats, feature: int, *, is_frozen: bool) -> str:
    """Return the values of one feature in one sentence."""
    row = weight[feature]
    norm = float(np.linalg.norm(row))
    if not np.isfinite(norm):
        return f"feature {feature}: {NOT_FINITE}"
    parts = [f"norm {norm:.3f}"]
    if len(row) == 1:
        parts = [f"weight {signed_text(float(row[0]), 3)}"]
    elif len(row) == 2 and norm > 0:
        parts.append(f"angle {angle_of(row):.1f}°")
    with np.errstate(over="ignore", invalid="ignore"):
        overlaps = weight @ row
        squares = overlaps**2
    own = norm**2
    if norm > 1e-12:
        others = float(squares.sum()) / own - own
        parts.append(f"interference {signed_text(max(others, 0.0), 3, plus=False)}")
        parts.append(f"dimensionality {signed_text(own * own / float(squares.sum()), 3, plus=False)}")
    if norm <= REPRESENTED_NORM:
        parts.append("not represented")
    if is_frozen:
        parts.append("frozen")
    return f"feature {feature}: {', '.join(parts)}"


def told(weight: Floats, feature: int, *, is_frozen: bool) -> str:
    """Return the tooltip of one feature: its values, its numbers, and whom it disturbs most."""
    row = weight[feature]
    numbers = ", ".join(signed_text(float(value), 4) for value in row[:_SHOWN])
    more = f", … ({len(row)} numbers)" if len(row) > _SHOWN else ""
    lines = [spoken(weight, feature, is_frozen=is_frozen), f"W{lowered(feature)} = ({numbers}{more})"]
    if len(weight) > 1 and np.isfinite(weight).all():
        products = weight @ row
        products[feature] = 0.0
        other = int(np.abs(products).argmax())
        lines.append(
            f"disturbs feature {other} most: W{lowered(feature)}·W{lowered(other)} = "
            f"{signed_text(float(products[other]), 4)}"
        )
    return "\n".join(lines)
