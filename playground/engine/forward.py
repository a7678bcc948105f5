"""What a network answers: every layer's pre-activation and activation, without dropout.

TorchScript as well as Python (see ``scripted``).
"""

import torch
from torch import Tensor

from playground.engine.activations import activate


def forward(
    layers: list[tuple[Tensor, Tensor]], activations: list[str], inputs: Tensor
) -> tuple[list[Tensor], list[Tensor]]:
    """Run the layers.

    Parameters
    ----------
    layers
        W ``[out, in]`` and b ``[out]`` of each.
    activations
        Of each; the last one says how the output is read (see ``targets.answer_activation``).
    inputs : Tensor [n, inputs]

    Returns
    -------
    Pre-activations and activations of every layer, ``[n, units]`` each.
    """
    pre: list[Tensor] = []
    act: list[Tensor] = []
    below = inputs
    for index, (weight, bias) in enumerate(layers):
        # [n, out] = [n, in] @ [in, out] + [out]; without ``out`` TorchScript makes two operations of it
        pre.append(torch.addmm(bias, below, weight.T, out=below.new_empty((len(below), len(weight)))))
        below = activate(activations[index], pre[-1])
        act.append(below)
    return pre, act
