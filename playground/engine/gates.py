"""Neurons that compute logic: what a network answers to every combination of bits. Torch-free.

McCulloch and Pitts (1943): a neuron fires where its weighted inputs pass its threshold, here w · x + b > 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.spec import NetworkSpec, SpecError, build

MAX_BITS = 8

# gate -> widths, and layer by layer the weights of each neuron followed by its bias
GATES: dict[str, tuple[tuple[int, ...], tuple[tuple[tuple[float, ...], ...], ...]]] = {
    "NOT": ((1, 1), (((-1.0, 0.5),),)),
    "AND": ((2, 1), (((1.0, 1.0, -1.5),),)),
    "OR": ((2, 1), (((1.0, 1.0, -0.5),),)),
    "NAND": ((2, 1), (((-1.0, -1.0, 1.5),),)),
    # OR and NAND below, AND of both above
    "XOR": ((2, 2, 1), (((1.0, 1.0, -0.5), (-1.0, -1.0, 1.5)), ((1.0, 1.0, -1.5),))),
}


@dataclass(frozen=True, eq=False)
class TruthTable:
    """Every combination of bits ``[2 ** inputs, inputs]``, and per layer which neurons fire ``[2 ** inputs, units]``.

    The first row is all zeros, and the last bit changes fastest.
    """

    bits: NDArray[np.int64]
    fires: tuple[NDArray[np.bool_], ...]

    @property
    def answers(self) -> NDArray[np.bool_]:
        """Return what the output layer says ``[2 ** inputs, outputs]``."""
        return self.fires[-1]


def gate(name: str, first_id: int = 0) -> tuple[NetworkSpec, NDArray[np.float32]]:
    """Return the network of a gate, its neurons firing by the step activation, and its flat parameters ``[P]``.

    Raises
    ------
    SpecError
        Where there is no such gate.
    """
    if name not in GATES:
        raise SpecError(f"'{name[:20]}' is no gate: there are {', '.join(GATES)}.")
    widths, layers = GATES[name]
    spec = build(widths, activation="step", output_activation="step", first_id=first_id)
    parameters = np.zeros(spec.parameter_count, np.float32)
    for slots, neurons in zip(spec.slots, layers, strict=True):
        table = np.array(neurons, np.float32)  # [out, in + 1]
        parameters[slots.weight], parameters[slots.bias] = table[:, :-1].ravel(), table[:, -1]
    return spec, parameters


def truth_table(spec: NetworkSpec, parameters: NDArray[np.floating]) -> TruthTable:
    """Return what every neuron says to all combinations of bits, taken for a McCulloch-Pitts neuron.

    Parameters
    ----------
    spec : NetworkSpec
        Of at most 8 inputs.
    parameters : ndarray [P]
        Flat, as ``spec.slots`` says. A neuron fires where its pre-activation is above 0, whatever its activation.

    Raises
    ------
    SpecError
        Where there are more inputs than a table can be read of.
    """
    if spec.inputs > MAX_BITS:
        raise SpecError(f"A truth table of {spec.inputs} inputs has too many lines; {MAX_BITS} inputs are the most.")
    count = 2**spec.inputs
    shifts = np.arange(spec.inputs - 1, -1, -1)
    bits = (np.arange(count)[:, None] >> shifts) & 1  # [2 ** inputs, inputs]
    below: NDArray[np.float64] = bits.astype(np.float64)
    fires = []
    for slots in spec.slots:
        weight = np.asarray(parameters[slots.weight], np.float64).reshape(slots.rows, slots.columns)
        fires.append(below @ weight.T + np.asarray(parameters[slots.bias], np.float64) > 0)
        below = fires[-1].astype(np.float64)
    return TruthTable(bits.astype(np.int64), tuple(fires))
