"""Models to be shown: small ones whose numbers are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.engine.superposition.problem import TIED_KINDS, make_problem
from playground.views.superposition.model_column_reading import ColumnReading, read_column

Array = NDArray[np.float32]


def pentagon(norm: float = 1.1) -> Array:
    """Return five directions 72 degrees apart, ``[5, 2]``."""
    angles = 2 * np.pi * np.arange(5) / 5
    return (norm * np.stack([np.cos(angles), np.sin(angles)], 1)).astype(np.float32)


def reading(
    kind: str = "relu", weight: Array | None = None, bias: Array | None = None, **more: object
) -> ColumnReading:
    """Return five features in two dimensions at S = .9, a pentagon where nothing else is said."""
    weight = pentagon() if weight is None else weight
    bias = np.full(len(weight), -0.2, np.float32) if bias is None else bias
    problem = make_problem(*weight.shape, 0.9)
    return read_column(kind, problem, float(more.pop("loss", 5.27e-3)), weight, bias, **more)  # type: ignore[arg-type]


def three() -> list[ColumnReading]:
    """Return one model of every tied kind, of different sizes."""
    weights = (np.eye(5, 2, dtype=np.float32), pentagon(), pentagon(0.4))
    return [reading(kind, weight) for kind, weight in zip(TIED_KINDS, weights, strict=True)]


def diverged() -> ColumnReading:
    """Return a model whose weights ran away."""
    weight = pentagon()
    weight[1], weight[2], weight[3, 0] = np.nan, np.inf, 3e38
    return reading(weight=weight, bias=np.array([np.nan, np.inf, -np.inf, 3e38, 0], np.float32), loss=float("nan"))
