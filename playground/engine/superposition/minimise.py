"""Many small minimisations at once: BFGS with backtracking, batched. Torch-free."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from playground.engine.superposition.problem import Floats

# (parameters [k, P], which of the problems [k]) -> values [k], gradients [k, P]
Objective = Callable[[Floats, NDArray[np.int64]], tuple[Floats, Floats]]
_SUFFICIENT = 1e-4  # Armijo
_SHORTER = 0.3
_MOST_HALVINGS = 12
_LONGEST = 1.0


def minimise(
    objective: Objective, start: Floats, *, iterations: int = 80, tolerance: float = 1e-10
) -> tuple[Floats, Floats]:
    """Return the minima found from every start, and their values (Nocedal and Wright 2006, Algorithm 6.1).

    Parameters
    ----------
    objective
        Called on those that are still on the way. Its values should be of order 1.
    start
        ``[K, P]``.
    iterations
        At most.
    tolerance
        An improvement below it, relative to the value, ends the way of one start.

    Returns
    -------
    tuple
        ``[K, P]`` and ``[K]``.
    """
    count, size = start.shape
    places = start.copy()
    values, gradients = objective(places, np.arange(count))
    inverse = np.broadcast_to(np.eye(size), (count, size, size)).copy()
    active = np.arange(count)
    for iteration in range(iterations):
        step = _direction(inverse[active], gradients[active])
        moved, found, slopes = _searched(objective, places[active], values[active], gradients[active], step, active)
        change, turn = moved - places[active], slopes - gradients[active]
        inverse[active] = _updated(inverse[active], change, turn, is_first=iteration == 0)
        gain = values[active] - found
        places[active], values[active], gradients[active] = moved, found, slopes
        active = active[gain > tolerance * np.maximum(np.abs(found), 1e-12)]
        if not len(active):
            break
    return places, values


def _direction(inverse: Floats, gradient: Floats) -> Floats:
    step = -np.einsum("kij,kj->ki", inverse, gradient)
    is_uphill = (step * gradient).sum(1) >= 0
    step[is_uphill] = -gradient[is_uphill]
    length = np.linalg.norm(step, axis=1, keepdims=True)
    return np.asarray(step * np.minimum(1.0, _LONGEST / np.maximum(length, 1e-300)))


def _searched(
    objective: Objective,
    places: Floats,
    values: Floats,
    gradients: Floats,
    step: Floats,
    names: NDArray[np.int64],
) -> tuple[Floats, Floats, Floats]:
    """Return places, values and gradients after a step that is shortened until the value falls enough."""
    slope = (step * gradients).sum(1)
    moved, found, new_gradients = places.copy(), values.copy(), gradients.copy()
    waiting, length = np.arange(len(places)), 1.0
    for _ in range(_MOST_HALVINGS):
        tried = places[waiting] + length * step[waiting]
        value, gradient = objective(tried, names[waiting])
        is_good = value <= values[waiting] + _SUFFICIENT * length * slope[waiting]
        good = waiting[is_good]
        moved[good], found[good], new_gradients[good] = tried[is_good], value[is_good], gradient[is_good]
        waiting = waiting[~is_good]
        if not len(waiting):
            break
        length *= _SHORTER
    return moved, found, new_gradients


def _updated(inverse: Floats, change: Floats, turn: Floats, *, is_first: bool) -> Floats:
    """Return the inverse Hessians after steps ``change`` over which the gradients turned by ``turn``."""
    curvature = (change * turn).sum(1)
    good = np.flatnonzero(curvature > 1e-14)
    if not len(good):
        return inverse
    s, y, rho = change[good], turn[good], 1 / curvature[good]
    held = inverse[good]
    if is_first:  # the length of a first step says nothing: take the scale from what was met
        held = held * (curvature[good] / (y * y).sum(1))[:, None, None]
    left = np.eye(s.shape[1]) - rho[:, None, None] * s[:, :, None] * y[:, None, :]
    inverse[good] = left @ held @ left.swapaxes(1, 2) + rho[:, None, None] * s[:, :, None] * s[:, None, :]
    return inverse
