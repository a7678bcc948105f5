"""What can be read off W and b: norms, interference, dimensionality, biases. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.superposition.problem import Floats

REPRESENTED_NORM = 0.5
# where the strip of dimensionalities has lines: what regular arrangements give
DIMENSION_LINES = (1.0, 3 / 4, 2 / 3, 1 / 2, 2 / 5, 3 / 8)
_SHARE = 0.1  # of a neuron's largest share from which it serves a feature
_SMALLEST = 1e-12  # a shorter row has no direction


@dataclass(frozen=True, eq=False)
class Metrics:
    """Readings of models ``[...]``; n features, m hidden dimensions (Elhage et al. 2022, sections 2 and 3).

    ``bias_represented`` and ``bias_dropped`` are NaN where there is no such feature, ``dims_per_feature`` is infinite
    where W is 0.
    """

    norms: Floats  # [..., n] ||W_i||
    is_represented: NDArray[np.bool_]  # [..., n] norm above 1/2
    represented: NDArray[np.int64]  # [...] how many
    interference: Floats  # [..., n] sum over j != i of (Ŵ_i . W_j)²
    dimensionality: Floats  # [..., n] D_i = ||W_i||² / sum over j of (Ŵ_i . W_j)²; 0 for a row of zeros
    sum_dimensionality: Floats  # [...] at most the rank of W, so at most m
    dimensionality_gap: Floats  # [...] m - sum
    dims_per_feature: Floats  # [...] D* = m / ||W||_F²
    off_diagonal: Floats  # [...] mean |G_ij| over i != j
    bias_represented: Floats  # [...] mean bias of represented features
    bias_dropped: Floats  # [...] mean bias of the others


def gram(weight: Floats) -> Floats:
    """Return ``G = W Wᵀ``, ``[..., n, n]``, from W ``[..., n, m]``."""
    found: Floats = weight @ np.swapaxes(weight, -1, -2)
    return found


def measure(weight: NDArray[np.floating], bias: NDArray[np.floating]) -> Metrics:
    """Return the readings of models with W ``[..., n, m]`` and b ``[..., n]``."""
    features, hidden = weight.shape[-2:]
    products = gram(np.asarray(weight, np.float64))
    squares = np.diagonal(products, axis1=-2, axis2=-1)  # [..., n]
    norms = np.sqrt(np.maximum(squares, 0))
    has_direction = norms > _SMALLEST
    divisor = np.where(has_direction, squares, 1.0)
    overlaps = np.where(has_direction, (products**2).sum(-1) / divisor, 0.0)  # sum over all j of (Ŵ_i . W_j)²
    dimensionality = np.where(has_direction, squares / np.where(has_direction, overlaps, 1.0), 0.0)
    total, length = dimensionality.sum(-1), squares.sum(-1)
    is_represented = norms > REPRESENTED_NORM
    absolute = np.abs(products).sum((-1, -2)) - squares.sum(-1)
    with np.errstate(divide="ignore"):
        dims_per_feature = np.where(length > 0, hidden / length, np.inf)
    return Metrics(
        norms=norms,
        is_represented=is_represented,
        represented=is_represented.sum(-1),
        interference=np.maximum(overlaps - squares, 0.0),
        dimensionality=dimensionality,
        sum_dimensionality=total,
        dimensionality_gap=hidden - total,
        dims_per_feature=dims_per_feature,
        off_diagonal=absolute / (features * (features - 1)),
        bias_represented=_mean_where(np.asarray(bias, np.float64), is_represented),
        bias_dropped=_mean_where(np.asarray(bias, np.float64), ~is_represented),
    )


def _mean_where(values: Floats, chosen: NDArray[np.bool_]) -> Floats:
    count = chosen.sum(-1)
    total = np.where(chosen, values, 0.0).sum(-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def cosines(weight: NDArray[np.floating]) -> Floats:
    """Return the cosine of every pair of features, ``[..., n, n]``; 0 where a row is zero."""
    products = gram(np.asarray(weight, np.float64))
    norms = np.sqrt(np.maximum(np.diagonal(products, axis1=-2, axis2=-1), 0))
    divisor = norms[..., :, None] * norms[..., None, :]
    found: Floats = np.where(divisor > _SMALLEST, products / np.maximum(divisor, _SMALLEST), 0.0)
    return found


def features_per_neuron(parameters: NDArray[np.floating]) -> Floats:
    """Return how many features each neuron serves, ``[..., m]``, from parameters ``[..., n, 2 m + 1]``.

    A neuron k serves feature i by ``|W_ik V_ik|`` (in times out); features with at least a tenth of its largest share
    count. 1 is a monosemantic neuron, 0 one that does nothing.
    """
    held = np.asarray(parameters, np.float64)
    hidden = (held.shape[-1] - 1) // 2
    shares = np.abs(held[..., :hidden] * held[..., hidden:-1])  # [..., n, m]
    largest = shares.max(-2, keepdims=True)
    return np.asarray(((shares > _SHARE * largest) & (largest > 1e-3)).sum(-2), np.float64)


def projected(weight: NDArray[np.floating], axes: tuple[int, int] | None = None) -> tuple[Floats, float]:
    """Return the rows of W in a plane, ``[n, 2]``, and the share of ``||W||_F²`` that the plane leaves out.

    Parameters
    ----------
    weight
        ``[n, m]``.
    axes
        Two hidden dimensions; None takes the two principal axes (through the origin, as directions are).
    """
    rows = np.asarray(weight, np.float64)
    if rows.shape[1] == 1:
        return np.concatenate([rows, np.zeros_like(rows)], 1), 0.0
    if axes is None:
        _, _, principal = np.linalg.svd(rows, full_matrices=False)
        basis = principal[:2]
        if len(basis) < 2:
            basis = np.concatenate([basis, np.zeros_like(basis)])
        # a definite sign, so that the picture does not flip while training runs
        turned = np.sign(basis[np.arange(2), np.abs(basis).argmax(1)])
        flat = rows @ (basis * np.where(turned == 0, 1.0, turned)[:, None]).T
    else:
        flat = rows[:, list(axes)]
    whole = float((rows**2).sum())
    return flat, float(1 - (flat**2).sum() / whole) if whole > 0 else 0.0
