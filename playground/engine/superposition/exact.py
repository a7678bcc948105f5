"""The exact expected loss of two features in one hidden dimension. Torch-free.

An output is piecewise linear in ``s = w1 x1 + w2 x2`` with kinks where s is 0 (a hidden ReLU) and where the output
starts (``s = -b_i / w_i``). Between the kinks the squared error is a polynomial of degree 2, so Gauss-Legendre
quadrature with two nodes on each piece, pieces cut at the kinks, is exact: inner integral over x2, outer over x1,
where the inner one is a cubic between the places where a kink enters or leaves the unit interval. The four masks weigh
the parts.
"""

from __future__ import annotations

import numpy as np

from playground.engine.superposition.problem import (
    CORRELATED,
    LINEAR,
    RELU,
    RELU_RELU,
    Floats,
    Problem,
    SuperpositionError,
)

_NODE = 0.5 - 0.5 / np.sqrt(3.0)  # of two-point Gauss-Legendre on the unit interval; both weigh 1/2
_NODES = np.array([_NODE, 1 - _NODE])


def is_exact(kind: str, problem: Problem) -> bool:
    """Return whether `expected_errors` covers this model."""
    return (problem.features, problem.hidden) == (2, 1) and kind in (LINEAR, RELU, RELU_RELU)


def mask_chances(problem: Problem) -> Floats:
    """Return the probabilities ``[4]`` of nothing, feature 1 alone, feature 2 alone, both."""
    first, second = problem.density
    together = first * second
    if problem.groups:
        together = first if problem.groups[0].kind == CORRELATED else 0.0
    return np.array([1 - first - second + together, first - together, second - together, together])


def expected_errors(kind: str, weight: Floats, bias: Floats, chances: Floats) -> Floats:
    """Return the exact expected squared error of both features, ``[..., 2]``.

    Parameters
    ----------
    kind
        ``linear``, ``relu`` or ``relu-relu``.
    weight, bias
        ``[..., 2]`` each; the hidden layer has one dimension.
    chances
        ``[..., 4]`` as `mask_chances` returns them.

    Raises
    ------
    SuperpositionError
        Where the kind is another one.
    """
    if kind not in (LINEAR, RELU, RELU_RELU):
        raise SuperpositionError(f"There is no exact loss of the model '{kind[:40]}'.")
    first, second, share = _nodes(kind, weight, bias, chances)
    _, output = _outputs(kind, weight, bias, first, second)
    target = np.stack([first[..., 0, :], second[..., 1, :]], -2)
    found: Floats = (share * (output - target) ** 2).sum(-1)
    return found


def relu_loss_and_gradient(parameters: Floats, importance: Floats, chances: Floats) -> tuple[Floats, Floats]:
    """Return the summed loss ``[...]`` of the ReLU output model and its exact gradient ``[..., 4]``.

    Parameters
    ----------
    parameters
        ``[..., 4]``: w1, w2, b1, b2.
    importance, chances
        ``[..., 2]`` and ``[..., 4]``.
    """
    weight, bias = parameters[..., :2], parameters[..., 2:]
    first, second, share = _nodes(RELU, weight, bias, chances)  # [..., 2, K] each
    sums, output = _outputs(RELU, weight, bias, first, second)
    target = np.stack([first[..., 0, :], second[..., 1, :]], -2)
    error = output - target
    weighted = share * importance[..., None]
    loss = (weighted * error**2).sum((-1, -2))
    slope = 2 * weighted * error * (output > 0)  # d loss / d z
    bias_gradient = slope.sum(-1)  # [..., 2]
    own = (slope * sums).sum(-1)  # through the factor w_i of output i
    carried = slope * weight[..., None]
    through = np.stack([(carried * first).sum((-1, -2)), (carried * second).sum((-1, -2))], -1)
    return loss, np.concatenate([own + through, bias_gradient], -1)


def _outputs(kind: str, weight: Floats, bias: Floats, first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Return s and x' at nodes ``[..., 2, K]``, row i those of output i."""
    sums = weight[..., :1, None] * first + weight[..., 1:, None] * second
    hidden = np.maximum(sums, 0) if kind == RELU_RELU else sums
    output = weight[..., None] * hidden + bias[..., None]
    return sums, output if kind == LINEAR else np.maximum(output, 0)


def _nodes(kind: str, weight: Floats, bias: Floats, chances: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the nodes x1 and x2 and their shares for both outputs, ``[..., 2, K]`` each."""
    one, two = weight[..., :1, None], weight[..., 1:, None]  # [..., 1, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        kinks = _kinks(kind, weight, bias)  # [..., 2, L]
        alone1, share1 = _pieces(kinks / one)
        alone2, share2 = _pieces(kinks / two)
        outer, outer_share = _pieces(np.concatenate([kinks / one, (kinks - two) / one], -1))
        inner, inner_share = _pieces((kinks[..., None, :] - (one * outer)[..., None]) / two[..., None])
    both1 = np.broadcast_to(outer[..., None], inner.shape)
    both_share = outer_share[..., None] * inner_share
    flat = (*inner.shape[:-2], -1)
    nothing = np.zeros((*outer.shape[:-1], 1))
    parts1 = [nothing, alone1, np.zeros_like(alone2), both1.reshape(flat)]
    parts2 = [nothing, np.zeros_like(alone1), alone2, inner.reshape(flat)]
    shares = [nothing + 1, share1, share2, both_share.reshape(flat)]
    weighted = [part * chances[..., at, None, None] for at, part in enumerate(shares)]
    return np.concatenate(parts1, -1), np.concatenate(parts2, -1), np.concatenate(weighted, -1)


def _kinks(kind: str, weight: Floats, bias: Floats) -> Floats:
    """Return the values of s at which output i has a kink, ``[..., 2, L]``."""
    if kind == LINEAR:
        return np.zeros((*weight.shape, 0))
    starts = (-bias / weight)[..., None]
    return starts if kind == RELU else np.concatenate([starts, np.zeros_like(starts)], -1)


def _pieces(cuts: Floats) -> tuple[Floats, Floats]:
    """Return nodes and shares ``[..., 2 (L + 1)]`` on the unit interval, cut at those of ``[..., L]`` inside it."""
    inside = np.sort(np.clip(np.nan_to_num(cuts, nan=0.0), 0.0, 1.0), axis=-1)
    ends = np.zeros((*cuts.shape[:-1], 1))
    edges = np.concatenate([ends, inside, ends + 1], -1)
    low, width = edges[..., :-1], np.diff(edges, axis=-1)
    nodes = low[..., None] + width[..., None] * _NODES
    shares = np.broadcast_to(width[..., None] / 2, nodes.shape)
    flat = (*cuts.shape[:-1], -1)
    return nodes.reshape(flat), shares.reshape(flat)
