"""How well a straight cut parts the examples, layer after layer. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.activation_curves import curve, sigmoid
from playground.engine.spec import NetworkSpec
from playground.engine.targets import answer_activation

Floats = NDArray[np.float64]

RIDGE = 1e-4  # on the weights of the cut, in units of the mean loss: where the classes part, they would grow for ever
ITERATIONS = 150
NEWTON_STEPS, NEWTON_WIDTH = 30, 65  # of two classes: Newton's method, where its matrix is small


def layer_activations(
    spec: NetworkSpec,
    parameters: NDArray[np.floating],
    inputs: NDArray[np.floating],
    loss: str,
    present: NDArray[np.bool_] | None = None,
) -> list[Floats]:
    """Return what every layer passes on: ``[n, inputs]`` first, then ``[n, units]`` of each layer.

    Parameters
    ----------
    spec : NetworkSpec
    parameters : ndarray [P]
        Flat, as ``spec.slots`` says.
    inputs : ndarray [n, inputs]
    loss : str
        Says how the output is read (see ``targets.answer_activation``).
    present : ndarray [P], bool, optional
        Parameters that are cut count as 0.
    """
    flat = np.asarray(parameters, np.float64)
    flat = flat if present is None else np.where(present, flat, 0.0)
    found = [np.asarray(inputs, np.float64)]
    for index, (layer, slots) in enumerate(zip(spec.layers, spec.slots, strict=True)):
        pre = found[-1] @ flat[slots.weight].reshape(slots.rows, slots.columns).T + flat[slots.bias]  # [n, out]
        is_output = index == len(spec.layers) - 1
        name = answer_activation(layer.activation, loss, layer.width) if is_output else layer.activation
        found.append(_softmax(pre) if name == "softmax" else curve(name, pre))
    return found


@dataclass(frozen=True)
class Split:
    """Shares of examples on the right side of the cut (R² where numbers are fitted); NaN where there are none."""

    train: float
    held_back: float


def linear_split(act: Floats, labels: NDArray[np.integer], is_training: NDArray[np.bool_], classes: int) -> Split:
    """Fit a straight cut to the examples that are trained on, and say how many lie on the right side of it.

    Parameters
    ----------
    act : ndarray [n, units]
        What a layer passes on.
    labels : ndarray [n]
        The index of each one's class.
    is_training : ndarray [n], bool
        Which examples the cut is fitted to; the others are only judged by it.
    classes : int

    Returns
    -------
    Split
        Of multinomial logistic regression with a little ridge on the weights (Bishop 2006, section 4.3.4), on
        activations scaled to mean 0 and deviation 1. It is a cut that is found by minimising this loss: where classes
        overlap another one may have somewhat fewer on the wrong side.
    """
    if not is_training.any() or not np.isfinite(act).all():
        return Split(float("nan"), float("nan"))
    design = _scaled(act, is_training)
    weights = _logistic(design[is_training], labels[is_training], classes)
    is_right = (design @ weights).argmax(1) == labels
    return _shares(is_right.astype(np.float64), is_training)


def linear_fit(act: Floats, numbers: NDArray[np.floating], is_training: NDArray[np.bool_]) -> Split:
    """Return how much of the numbers ``[n]`` a linear function of the activations explains: R² by least squares.

    1 is all; 0 is what their mean over the training part explains, and below it is worse than that.
    """
    if not is_training.any() or not np.isfinite(act).all():
        return Split(float("nan"), float("nan"))
    design, target = _scaled(act, is_training), np.asarray(numbers, np.float64)
    weights = np.linalg.lstsq(design[is_training], target[is_training], rcond=1e-10)[0]
    rest, spread = (design @ weights - target) ** 2, (target - target[is_training].mean()) ** 2
    parts = []
    for part in (is_training, ~is_training):
        whole = spread[part].sum()
        parts.append(float(1 - rest[part].sum() / whole) if whole > 0 else float("nan"))
    return Split(*parts)


def _scaled(act: Floats, is_training: NDArray[np.bool_]) -> Floats:
    """Return ``[n, units + 1]`` scaled by the training part, the last column 1."""
    mean, deviation = act[is_training].mean(0), act[is_training].std(0)
    scaled = (act - mean) / np.where(deviation > 1e-12, deviation, 1.0)
    return np.concatenate([scaled, np.ones((len(act), 1))], 1)


def _logistic(design: Floats, labels: NDArray[np.integer], classes: int) -> Floats:
    """Return the weights ``[units + 1, classes]`` of the regression."""
    if classes == 2 and design.shape[1] <= NEWTON_WIDTH:
        weights = _two_classes(design, labels == 1)
        return np.stack([-weights, weights], 1)
    from scipy.optimize import minimize  # scipy takes a tenth of a second to import: not before the window stands

    count, width = design.shape
    wanted = np.zeros((count, classes))
    wanted[np.arange(count), labels] = 1.0
    ridge = np.full((width, 1), RIDGE)
    ridge[-1] = 0.0

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(width, classes)
        logits = design @ weights
        top = logits.max(1, keepdims=True)
        log_sum = np.log(np.exp(logits - top).sum(1, keepdims=True)) + top
        slope = design.T @ (np.exp(logits - log_sum) - wanted) / count + ridge * weights
        value = float((log_sum[:, 0] - (logits * wanted).sum(1)).mean() + (ridge * weights**2).sum() / 2)
        return value, slope.ravel()

    start = np.zeros(width * classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
    return np.asarray(found.x, np.float64).reshape(width, classes)


def _two_classes(design: Floats, is_second: NDArray[np.bool_]) -> Floats:
    """Return the weights ``[units + 1]`` of the cut between two classes, by Newton's method.

    The iteratively reweighted least squares of Bishop 2006, section 4.3.3, each step halved until the loss falls.
    """
    count, width = design.shape
    sign, ridge = np.where(is_second, 1.0, -1.0), np.full(width, RIDGE)
    ridge[-1] = 1e-9  # on the constant only so that one class alone has an answer

    def loss(weights: Floats) -> float:
        return float(np.logaddexp(0.0, -sign * (design @ weights)).mean() + (ridge * weights**2).sum() / 2)

    weights = np.zeros(width)
    value = loss(weights)
    for _ in range(NEWTON_STEPS):
        chance = sigmoid(design @ weights)
        slope = design.T @ (chance - is_second) / count + ridge * weights
        curvature = (design.T * (chance * (1 - chance))) @ design / count + np.diag(ridge)
        step = np.linalg.lstsq(curvature, slope, rcond=None)[0]
        size = 1.0
        while size > 1e-4 and loss(weights - size * step) > value:
            size /= 2
        tried = weights - size * step
        gain, value, weights = value - loss(tried), min(value, loss(tried)), tried
        if gain < 1e-9:
            break
    return weights


def _shares(is_right: Floats, is_training: NDArray[np.bool_]) -> Split:
    parts = [float(is_right[part].mean()) if part.any() else float("nan") for part in (is_training, ~is_training)]
    return Split(*parts)


def _softmax(pre: Floats) -> Floats:
    shifted = np.exp(pre - pre.max(1, keepdims=True))
    return np.asarray(shifted / shifted.sum(1, keepdims=True))
