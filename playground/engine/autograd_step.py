"""One training step as one writes it with autograd: the reference for the written-out step, and its fallback."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import Tensor

from playground.engine.activations import LEAKY_SLOPE, draw_dropout_mask
from playground.engine.losses import example_losses, rosenblatt_error
from playground.engine.network import Network, layer_views
from playground.engine.optimizers import Update
from playground.engine.settings import Settings

# torch's own functions, so that their derivatives are autograd's and not ours
FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda pre: pre,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": partial(F.leaky_relu, negative_slope=LEAKY_SLOPE),
    "gelu": F.gelu,
    "softplus": partial(F.softplus, threshold=40),  # above it the exact value is the input itself
    "step": lambda pre: (pre > 0).to(pre.dtype),
}


class AutogradStep:
    """The same as ``WrittenStep``, by autograd; the update after the gradient is shared."""

    def __init__(self, network: Network, settings: Settings, dropout_generator: torch.Generator) -> None:
        self.loss = torch.zeros((), dtype=network.parameters.dtype, device=network.parameters.device)
        self.pre: list[Tensor] = []
        self._network = network
        self._loss_name = settings.loss
        self._is_rosenblatt = settings.optimizer == "perceptron"
        self._rule_loss: Tensor | None = None
        self._generator = dropout_generator
        self._update = Update(network, settings)

    def __call__(self, inputs: Tensor, targets: Tensor, learning_rate: float) -> None:
        """Make one update from ``inputs`` ``[B, in]`` and ``targets`` ``[B]`` (int64) or ``[B, outputs]``."""
        network = self._network
        with torch.inference_mode(mode=False), torch.enable_grad():
            parameters = network.parameters.clone().requires_grad_()
            present = network.present
            effective = parameters if present is None else parameters.masked_fill(~present, 0)
            pre, act = self._forward(layer_views(network.spec, effective), inputs)
            loss = self._objective(pre, act, targets)
            gradient = torch.autograd.grad(loss, parameters)[0] if loss.requires_grad else torch.zeros_like(parameters)
        with torch.no_grad():
            self.loss = loss.detach() if self._rule_loss is None else self._rule_loss
            network.gradient.copy_(gradient)
            self._update(learning_rate)

    def _objective(self, pre: Tensor, act: Tensor, targets: Tensor) -> Tensor:
        """Return what is differentiated: the loss, or, for Rosenblatt's rule, what has that rule for its slope."""
        if not self._is_rosenblatt:
            return example_losses(self._loss_name, pre, act, targets).mean()
        error = rosenblatt_error(pre.detach(), targets)
        self._rule_loss = error.square().sum() / 2 / len(pre)
        return (error * pre).sum() / len(pre)

    def _forward(self, layers: list[tuple[Tensor, Tensor]], inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Return pre-activation and activation ``[B, outputs]`` of the output layer, with dropout below it."""
        below, self.pre = inputs, []
        for layer, (weight, bias) in zip(self._network.spec.layers, layers, strict=True):
            pre = F.linear(below, weight, bias)
            self.pre.append(pre.detach())
            below = act = FUNCTIONS[layer.activation](pre)
            if layer.dropout and layer is not self._network.spec.layers[-1]:
                below = act * draw_dropout_mask(torch.empty_like(act), layer.dropout, self._generator)
        return pre, act
