"""The activation functions for the screen: the same formulas in numpy, where torch may not be imported."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

LEAKY_SLOPE = 0.01


def sigmoid(x: ArrayLike) -> Array:
    """Return 1 / (1 + exp(-x)), exact in both tails."""
    return np.asarray(np.exp(-np.logaddexp(0.0, -np.asarray(x, np.float64))), np.float64)


def _gelu(x: Array) -> Array:
    from scipy.special import ndtr  # scipy takes a tenth of a second to import: not before the window stands

    return np.asarray(x * ndtr(x), np.float64)


_CURVES: dict[str, Callable[[Array], Array]] = {
    "identity": lambda x: x,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0.0),
    "leaky_relu": lambda x: np.maximum(x, LEAKY_SLOPE * x),
    "gelu": _gelu,
    "softplus": lambda x: np.logaddexp(x, 0.0),
    "step": lambda x: np.where(x > 0, 1.0, 0.0),
}


def curve(name: str, x: ArrayLike) -> Array:
    """Return the activation ``name`` (see ``spec.ACTIVATIONS``) at every ``x``, an array of the same shape.

    ``softmax`` is no function of one number and is not here. Raises KeyError for a name that is none.
    """
    return np.array(_CURVES[name](np.asarray(x, np.float64)), np.float64)
