"""How an inserted layer starts: as near the identity as its activation allows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import optimize
from torch import Tensor

from playground.engine.activations import activate
from playground.engine.network import Network
from playground.engine.places import GONE, IndexArray, LayerOrigin, pixel_map, positions
from playground.engine.spec import ACTIVATION_NAMES, NetworkSpec

Floats = NDArray[np.float64]
Range = tuple[float, float]

# What an activation puts out: the bounds it keeps to, and 3 where it knows none.
REACH: dict[str, Range] = {
    "identity": (-3.0, 3.0),
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, 3.0),
    "leaky_relu": (-0.03, 3.0),
    "gelu": (-0.17, 3.0),
    "softplus": (0.0, 3.0),
    "step": (0.0, 1.0),
}
_BOUNDED_ABOVE = ("sigmoid", "tanh")
_POINTS = 129  # of the range, for a fit
_MARGIN = 1.25  # beyond the range that was seen
_BEND = 8.0  # beyond this GELU and softplus are straight lines to four digits


@dataclass(frozen=True)
class Passage:
    """How the layer at ``index`` is to pass on what comes in.

    Either the layer itself is near the identity over its first ``count`` inputs, and the layer after it keeps its
    weights; or, in front of the first layer and too narrow to pass on the input, it takes over the weights of the
    layer after it (``takes_over``), and that one is near the identity.
    """

    index: int
    count: int
    takes_over: bool


def plan_passage(old: NetworkSpec, new: NetworkSpec, layer_id: int) -> Passage | None:
    """Return how the inserted layer ``layer_id`` can be near the identity, None where it does not stand in between."""
    index = new.index_of(layer_id)
    if index is None or old.index_of(layer_id) is not None or index + 1 >= len(new.layers):
        return None
    after = new.layers[index + 1]
    before = old.index_of(after.id)
    feed = None if index == 0 else new.layers[index - 1].id
    if before is None or feed != (None if before == 0 else old.layers[before - 1].id):
        return None
    inputs, width = new.widths[index], new.layers[index].width
    if index == 0 and width < inputs:
        return Passage(index, min(width, after.width), takes_over=True)
    return Passage(index, min(width, inputs), takes_over=False)


def origins_around(
    old: NetworkSpec, new: NetworkSpec, passage: Passage, found: tuple[LayerOrigin, ...]
) -> tuple[LayerOrigin, ...]:
    """Return ``found`` with the places that the inserted layer takes from, or leaves to, the layer after it."""
    index, count = passage.index, passage.count
    before = old.index_of(new.layers[index + 1].id)
    if index == 0:
        fed = pixel_map(old.input_shape, new.input_shape)
    else:
        fed = positions(old.layers[(before or 0) - 1].units, np.asarray(new.layers[index - 1].units, dtype=np.int64))
    changed = list(found)
    width = new.layers[index].width
    if passage.takes_over:
        kept = _first(found[index + 1].rows, count, width)
        changed[index] = LayerOrigin(before, kept, fed, were_neighbours=True)
        changed[index + 1] = replace(found[index + 1], index=None)
    else:
        columns = _first(fed, count, width)
        changed[index + 1] = replace(found[index + 1], columns=columns, were_neighbours=True)
    return tuple(changed)


def start_near_identity(network: Network, result: Network, passage: Passage, inputs: Tensor | None, loss: str) -> str:
    """Set the weights of the inserted layer, and say how near it comes.

    Parameters
    ----------
    network, result : Network
        Before, and after; ``result`` holds already what was carried over and is changed in place.
    passage : Passage
    inputs : Tensor or None
        ``[n, inputs]`` examples, which show the range of what comes in.
    loss : str
        See `Network.forward`.

    Returns
    -------
    str
        A sentence for the user; it does not speak of the function, which is measured.
    """
    spec, index, count = result.spec, passage.index, passage.count
    layer, after = spec.layers[index], spec.layers[index + 1]
    name = ACTIVATION_NAMES[layer.activation]
    with torch.no_grad():
        if passage.takes_over:
            low_high = _pre_range(network, result, passage, inputs, loss)
            shift, scale, offset = outer_fit(layer.activation, after.activation, *low_high)
            result.biases[index][:count] += shift
            _set_diagonal(result, index + 1, count, scale, offset)
            is_exact = shift == 0.0 and scale == 1.0 and offset == 0.0
            wide_enough = count == after.width
            took = f"The inserted layer took over the incoming weights of {spec.layer_name(index + 1)}"
            if is_exact and wide_enough:
                return f"{took}, which receives from it exactly what it computed before."
            reason = f"; a {name} layer can only come near the identity" if not is_exact else ""
            lost = "" if wide_enough else f"; {count} of {after.width} neurons found a place in it"
            return f"{took}{reason}{lost}."
        low, high = _feed_range(network, result, index, inputs, loss)
        gain, offset = inner_fit(layer.activation, low, high)
        _set_diagonal(result, index, count, gain, offset)
    if count < spec.widths[index]:
        return f"The inserted layer passes on {count} of {spec.widths[index]} values: it has no more neurons."
    if layer.activation == "identity" or (layer.activation in ("relu", "leaky_relu") and low >= 0.0):
        return "The inserted layer passes on exactly what comes in."
    return f"A {name} layer can only come near the identity."


def inner_fit(activation: str, low: float, high: float) -> tuple[float, float]:
    """Return w and b that bring ``act(w x + b)`` nearest to ``x`` for x in ``low`` to ``high`` (least squares).

    What the activation cannot put out at all is left out of the fit.
    """
    if activation in ("identity", "relu", "leaky_relu"):
        return 1.0, 0.0
    if activation == "step":
        return 1.0, -0.5  # 1 where x is nearer to 1 than to 0
    floor, ceiling = REACH[activation]
    lowest = max(low, floor)
    highest = min(high, ceiling) if activation in _BOUNDED_ABOVE else high
    if highest - lowest < 1e-6:
        lowest, highest = floor, ceiling
    points = np.linspace(lowest, highest, _POINTS)
    start = (4.0, -2.0) if activation == "sigmoid" else (1.0, 0.0)
    fit = optimize.least_squares(lambda line: _act(activation, line[0] * points + line[1]) - points, start)
    return float(fit.x[0]), float(fit.x[1])


def outer_fit(activation: str, after: str, low: float, high: float) -> tuple[float, float, float]:
    """Return shift, scale and offset that bring ``scale act(z + shift) + offset`` nearest to z in ``low`` to ``high``.

    ``after`` is the activation that is applied to the result: what a ReLU cuts off may be cut off before.
    """
    if activation == "identity" or (activation in ("relu", "leaky_relu") and after == "relu"):
        return 0.0, 1.0, 0.0
    lift = _MARGIN * max(0.0, -low)
    if activation in ("relu", "leaky_relu"):
        return lift, 1.0, -lift
    if activation in ("gelu", "softplus"):
        return lift + _BEND, 1.0, -lift - _BEND
    points = np.linspace(low, high, _POINTS) if high > low else np.linspace(low - 1.0, low + 1.0, _POINTS)
    act = _act(activation, points)
    spread = float(np.var(act))
    scale = float(np.cov(act, points, bias=True)[0, 1]) / spread if spread > 0.0 else 1.0
    return 0.0, scale, float(points.mean() - scale * act.mean())


def _act(activation: str, pre: Floats) -> Floats:
    found: Floats = activate(activation, torch.from_numpy(pre)).numpy()
    return found


def _set_diagonal(result: Network, index: int, count: int, gain: float, offset: float) -> None:
    """Let the first ``count`` neurons of a layer receive ``gain`` times one input each; further inputs start at 0."""
    weight, bias = result.weights[index], result.biases[index]
    weight[:count] = 0.0
    weight[:count, :count].fill_diagonal_(gain)
    bias[:count] = offset


def _feed_range(network: Network, result: Network, index: int, inputs: Tensor | None, loss: str) -> Range:
    """Return the lowest and the highest value that comes in to layer ``index`` of ``result``."""
    if index == 0:
        return (0.0, 1.0) if inputs is None else _range(inputs)
    feed = result.spec.layers[index - 1]
    before = network.spec.index_of(feed.id)
    if inputs is None or before is None:
        return REACH[feed.activation]
    return _range(network.forward(inputs, loss)[1][before])


def _pre_range(network: Network, result: Network, passage: Passage, inputs: Tensor | None, loss: str) -> Range:
    """Return the range of the pre-activations that the inserted layer took over; without examples its bound.

    The bound holds for inputs between 0 and 1.
    """
    if inputs is not None:
        return _range(network.forward(inputs, loss)[0][0])
    weight, bias = result.weights[passage.index][: passage.count], result.biases[passage.index][: passage.count]
    low, high = weight.clamp(max=0).sum(1) + bias, weight.clamp(min=0).sum(1) + bias
    return float(low.min()), float(high.max())


def _range(values: Tensor) -> Range:
    return float(values.min()), float(values.max())


def _first(places: IndexArray, count: int, width: int) -> IndexArray:
    """Return the first ``count`` of ``places`` and GONE up to ``width``."""
    found = np.full(width, GONE, dtype=np.int64)
    found[:count] = places[:count]
    return found
