"""Which training step is taken: written out, recorded on a GPU, or by autograd. Spec, settings and device decide."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from playground.engine.autograd_step import AutogradStep
from playground.engine.graph_step import GraphStep
from playground.engine.network import Network
from playground.engine.optimizers import MOMENTS
from playground.engine.settings import LOSSES, Settings
from playground.engine.spec import ACTIVATIONS, LayerSpec, NetworkSpec
from playground.engine.step import WrittenStep


class Step(Protocol):
    """One update of a network in place; ``loss`` is the mean loss of that batch (0-dim), without penalties.

    ``loss`` and ``pre`` are good until the next update.
    """

    loss: Tensor
    pre: list[Tensor]  # [B, units] the pre-activations of that batch, layer by layer

    def __call__(self, inputs: Tensor, targets: Tensor, learning_rate: float) -> None:
        """Learn from ``inputs`` ``[B, in]`` of classes ``targets`` ``[B]`` (int64), or numbers ``[B, outputs]``."""


def make_step(network: Network, settings: Settings, dropout_generator: torch.Generator) -> Step:
    """Return the step to train ``network`` with: written out where that covers spec and settings, else autograd."""
    if not is_covered(network.spec, settings):
        return AutogradStep(network, settings, dropout_generator)
    kind = GraphStep if network.parameters.is_cuda else WrittenStep
    return kind(network, settings, dropout_generator)


def is_covered(spec: NetworkSpec, settings: Settings) -> bool:
    """Return whether the written-out step can train this: dense layers whose derivatives are written down."""
    return (
        all(type(layer) is LayerSpec and layer.activation in ACTIVATIONS for layer in spec.layers)
        and settings.loss in LOSSES
        and settings.optimizer in MOMENTS
    )
