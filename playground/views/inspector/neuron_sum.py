"""The weighted sum of one neuron in full: every input, weight and product, and what the network made of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.activation_curves import curve, sigmoid
from playground.engine.snapshots import Snapshot
from playground.engine.spec import ACTIVATION_NAMES
from playground.engine.targets import answer_activation

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NeuronSum:
    """Computed in float64 from the snapshot's weights and readings; ``pre`` and ``act`` are the network's own."""

    inputs: Array  # [count]
    weights: Array  # [count] as they count: cut ones are 0
    bias: float
    pre: float
    act: float
    activation: str  # a name of ``spec.ACTIVATIONS``, or softmax
    others: float = 0.0  # softmax: log of the sum of exp over the other outputs

    @property
    def products(self) -> Array:
        """Return input times weight ``[count]``."""
        with np.errstate(invalid="ignore", over="ignore"):
            return self.inputs * self.weights

    @property
    def total(self) -> float:
        """Return the sum of the products."""
        with np.errstate(invalid="ignore", over="ignore"):
            return float(self.products.sum())

    @property
    def activation_name(self) -> str:
        """Return the activation's name on the screen."""
        return ACTIVATION_NAMES[self.activation]

    def curve(self, pre: Array) -> Array:
        """Return the activation at other pre-activations; for softmax with the other outputs as they are."""
        with np.errstate(invalid="ignore", over="ignore"):  # infinite weights
            return sigmoid(pre - self.others) if self.activation == "softmax" else curve(self.activation, pre)


def neuron_sum(snapshot: Snapshot, index: int, row: int) -> NeuronSum | None:
    """Return the sum of neuron ``row`` of layer ``index``, None where there is no current input."""
    readings = snapshot.readings
    if readings is None or len(readings.pre) <= index or readings.pre[index].size <= row:
        return None
    inputs = np.asarray(readings.inputs if index == 0 else readings.act[index - 1], np.float64).reshape(-1)
    weights = np.asarray(snapshot.weight(index)[row], np.float64)
    bias = float(snapshot.bias(index)[row])
    if inputs.size != weights.size:
        return None
    if snapshot.present is not None:
        slots = snapshot.spec.slots[index]
        present = snapshot.present[slots.weight].reshape(slots.rows, slots.columns)[row]
        weights = np.where(present, weights, 0.0)
        bias = bias if snapshot.present[slots.bias][row] else 0.0
    layer, pre = snapshot.spec.layers[index], np.asarray(readings.pre[index], np.float64)
    is_output = index == len(snapshot.spec.layers) - 1
    name = answer_activation(layer.activation, snapshot.settings.loss, layer.width) if is_output else layer.activation
    is_softmax = name == "softmax"
    with np.errstate(invalid="ignore"):  # infinite weights
        others = float(np.logaddexp.reduce(np.delete(pre, row))) if is_softmax and pre.size > 1 else -np.inf
    return NeuronSum(
        inputs,
        weights,
        bias,
        float(pre[row]),
        float(readings.act[index][row]),
        name,
        others,
    )
