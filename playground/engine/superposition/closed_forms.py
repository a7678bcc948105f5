"""What can be said about the models without training any. Torch-free.

Written with p the density, ``v = Var(x_i) = p/3 - p²/4``, ``mu = p/2``, I the importance. The linear optimum is that of
principal components with weighted errors; the 2 -> 1 forms are integrals over the four masks of two features.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.superposition.problem import ABS, CORRELATED, Floats, Problem


def mean_of(density: Floats) -> Floats:
    """Return ``E x = p / 2``."""
    return density / 2


def variance_of(density: Floats) -> Floats:
    """Return ``Var x = p/3 - p²/4``."""
    return density / 3 - density**2 / 4


def covariance_of(problem: Problem) -> Floats:
    """Return the covariance of the features, ``[n, n]``; diagonal where there are no groups."""
    density = problem.density
    found = np.diag(variance_of(density))
    for group in problem.groups:
        for one in group.members:
            for other in group.members:
                if one != other:
                    together = density[one] / 4 if group.kind == CORRELATED else 0.0
                    found[one, other] = together - density[one] * density[other] / 4
    return found


@dataclass(frozen=True, eq=False)
class LinearOptimum:
    """The best that a linear model can do: keep some features exactly, answer the mean of the others."""

    kept: NDArray[np.int64]  # [m] ascending
    bias: Floats  # [n] 0 for kept features, p/2 for dropped ones
    feature_errors: Floats  # [n] mean squared error of each
    loss: float  # mean over the features, weighted by importance


def linear_optimum(problem: Problem) -> LinearOptimum:
    """Return the optimum of the linear model: ``G = diag(1 for kept, else 0)``, loss ``sum of I v over dropped / n``.

    For independent features; the m with the largest ``I v`` are kept (the m most important where sparsity is the same).
    """
    gain = problem.importances * variance_of(problem.density)
    kept = np.sort(np.argsort(-gain, kind="stable")[: problem.hidden])
    errors, bias = variance_of(problem.density), mean_of(problem.density)
    errors[kept], bias[kept] = 0.0, 0.0
    return LinearOptimum(kept, bias, errors, float((problem.importances * errors).mean()))


def trivial_loss(kind: str, problem: Problem) -> float:
    """Return the loss of answering 0 (abs) or the mean of every feature (all others), weighted by importance."""
    density = problem.density
    errors = density / 3 if kind == ABS else variance_of(density)
    return float((errors * problem.importances).mean())


def linear_errors(weight: Floats, bias: Floats, problem: Problem) -> Floats:
    """Return the exact mean squared error of every feature of any linear model, ``[..., n]``.

    With ``A = W Wᵀ - 1``, mean mu and covariance C of x: ``(A mu + b)_i² + (A C Aᵀ)_ii``.

    Parameters
    ----------
    weight, bias
        ``[..., n, m]`` and ``[..., n]``.
    """
    matrix = weight @ np.swapaxes(weight, -1, -2) - np.eye(problem.features)
    offset = matrix @ mean_of(problem.density) + bias
    if problem.groups:
        spread = np.einsum("...ij,jk,...ik->...i", matrix, covariance_of(problem), matrix, optimize=True)
    else:
        spread = matrix**2 @ variance_of(problem.density)
    found: Floats = offset**2 + spread
    return found


# ---- two features, one dimension: sums over the features, not means --------------------------------------------------


def antipodal_loss(density: Floats, first: Floats, second: Floats) -> Floats:
    """Return the summed loss ``p² (I1 + I2) / 6`` of W = (1, -1), b = 0 with a ReLU on the output."""
    return density**2 * (first + second) / 6


def single_loss(density: Floats, dropped: Floats) -> Floats:
    """Return the summed loss ``I v`` of keeping one feature and answering the mean of the other, of importance I."""
    return dropped * variance_of(density)


def simple_border(ratio: Floats) -> Floats:
    """Return below which density antipodal features beat a single one, about.

    ``4 r / (2 + 5 r)`` for r <= 1 and ``4 / (5 + 2 r)`` above, where `antipodal_loss` equals the smaller `single_loss`
    for importances 1 and r. Weights that are free to relax move the true border .02 to .06 up.
    """
    ratio = np.asarray(ratio, np.float64)
    return np.where(ratio <= 1, 4 * ratio / (2 + 5 * ratio), 4 / (5 + 2 * ratio))
