"""The models and how their parameters lie in one tensor.

=============  ==========================================  ==================
kind           formula, one example x ``[n]``              parameters
=============  ==========================================  ==================
``linear``     x' = W Wᵀ x + b                             ``[n, m + 1]``
``relu``       x' = relu(W Wᵀ x + b)                       ``[n, m + 1]``
``relu-relu``  x' = relu(W relu(Wᵀ x) + b)                 ``[n, m + 1]``
``abs``        y' = relu(V relu(Wᵀ x) + b), target |x|     ``[n, 2 m + 1]``
=============  ==========================================  ==================

``relu`` is the model of Elhage et al. 2022, *Toy Models of Superposition*; ``abs`` is the one of its section on
computation in superposition (V is written W2ᵀ there). Row ``W[i]`` is the direction of feature i. The columns of a
model's parameters are W, then V where it has one, then b: one tensor ``[models, n, columns]`` holds a whole run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.superposition.problem import ABS, LINEAR, RELU_RELU


@dataclass(frozen=True)
class Shape:
    """Where W, V and b stand among the columns of a model of ``kind`` with ``hidden`` dimensions."""

    kind: str
    hidden: int

    @property
    def columns(self) -> int:
        """Return how many numbers a feature has."""
        return (2 * self.hidden if self.kind == ABS else self.hidden) + 1

    @property
    def has_hidden_relu(self) -> bool:
        """Return whether the hidden layer is rectified."""
        return self.kind in (RELU_RELU, ABS)

    @property
    def has_output_relu(self) -> bool:
        """Return whether the output is rectified."""
        return self.kind != LINEAR

    def encode(self, parameters: Tensor) -> Tensor:
        """Return the view W ``[..., n, m]``."""
        return parameters[..., : self.hidden]

    def decode(self, parameters: Tensor) -> Tensor:
        """Return the view V ``[..., n, m]``; W itself where weights are tied."""
        return parameters[..., -self.hidden - 1 : -1]

    def bias(self, parameters: Tensor) -> Tensor:
        """Return the view b ``[..., n]``."""
        return parameters[..., -1]


def hidden_of(kind: str, parameters: Tensor, inputs: Tensor) -> Tensor:
    """Return h ``[..., m, B]`` of inputs ``[..., n, B]`` under parameters ``[..., n, columns]``."""
    shape = shape_of(kind, parameters.shape[-1])
    hidden = shape.encode(parameters).transpose(-1, -2) @ inputs  # [..., m, B]
    return hidden.clamp(min=0) if shape.has_hidden_relu else hidden


def output_of(kind: str, parameters: Tensor, inputs: Tensor) -> Tensor:
    """Return x' (or y') ``[..., n, B]`` of inputs ``[..., n, B]`` under parameters ``[..., n, columns]``."""
    shape = shape_of(kind, parameters.shape[-1])
    output = shape.decode(parameters) @ hidden_of(kind, parameters, inputs)  # [..., n, B]
    output = output + shape.bias(parameters)[..., None]
    return output.clamp(min=0) if shape.has_output_relu else output


def target_of(kind: str, inputs: Tensor) -> Tensor:
    """Return what the model is to answer: the inputs, or their absolute values."""
    return inputs.abs() if kind == ABS else inputs


def shape_of(kind: str, columns: int) -> Shape:
    """Return the shape of a model of ``kind`` whose features have ``columns`` numbers each."""
    return Shape(kind, (columns - 1) // 2 if kind == ABS else columns - 1)


def initial_parameters(
    kind: str, features: int, hidden: int, density: NDArray[np.float64], generator: torch.Generator
) -> Tensor:
    """Return fresh parameters ``[n, columns]``: weights U(-1, 1) / sqrt(m), torch's way for m inputs; b = p/2.

    b starts at the mean of its feature: from b = 0 a model without sparsity keeps a third of excess loss for thousands
    of steps. ``density`` is ``[n]``.
    """
    shape = Shape(kind, hidden)
    found = torch.empty(features, shape.columns, device=generator.device)
    uniform = torch.rand(features, shape.columns - 1, generator=generator, device=generator.device)
    found[:, :-1] = (2 * uniform - 1) / hidden**0.5
    found[:, -1] = torch.from_numpy(density / 2).to(found)
    return found


def probe(kind: str, parameters: NDArray[np.float64], inputs: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return what one model makes of one input, step by step, for the input probe.

    Parameters
    ----------
    parameters, inputs
        ``[n, columns]`` and ``[n]``.

    Returns
    -------
    dict
        ``hidden`` ``[m]``, ``output`` ``[n]``, ``target`` ``[n]``; ``share`` ``[n, n]``: what feature j (column) adds
        to output i before bias and output ReLU. Rows of ``share`` sum to V h where the hidden layer is linear; with a
        hidden ReLU a feature's share is what goes through the hidden units that are on.
    """
    held = torch.from_numpy(np.array(parameters, np.float64))
    x = torch.from_numpy(np.array(inputs, np.float64))
    shape = shape_of(kind, held.shape[-1])
    hidden = hidden_of(kind, held, x[:, None])[:, 0]  # [m]
    parts = shape.encode(held) * x[:, None]  # [n, m] what each feature writes into the hidden layer
    if shape.has_hidden_relu:
        parts = parts * (hidden > 0)
    return {
        "hidden": hidden.numpy(),
        "output": output_of(kind, held, x[:, None])[:, 0].numpy(),
        "target": target_of(kind, x).numpy(),
        "share": (shape.decode(held) @ parts.T).numpy(),
    }
