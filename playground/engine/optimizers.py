"""How a gradient becomes an update: six rules written out over the flat buffers, as ``torch.optim`` defines them.

Write w for the parameters, g for the gradient, m and v for the two moments, η for the learning rate, μ for
``settings.momentum``:

========  ===================================================================================  ======================
SGD       w ← w - η g
momentum  m ← μ m + g;  w ← w - η m                                                            Polyak 1964
Nesterov  m ← μ m + g;  w ← w - η (g + μ m)                                                    Sutskever et al. 2013
Adam      m ← μ m + (1 - μ) g;  v ← β₂ v + (1 - β₂) g²;  w ← w - η m̂ / (√v̂ + ε)              Kingma and Ba 2015
AdamW     the same, and the L2 penalty acts on w itself: w ← w - η l2 w                        Loshchilov, Hutter 2019
RMSprop   v ← α v + (1 - α) g²;  w ← w - η g / (√v + ε)                                        Hinton 2012
========  ===================================================================================  ======================

with m̂ = m / (1 - μᵗ) and v̂ = v / (1 - β₂ᵗ) after t updates. Before the rule, the penalties are added to the gradient
of the weights, never of the biases: l2 w (not under AdamW) and l1 sign(w).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor

from playground.engine.network import Network
from playground.engine.settings import Settings

BETA2 = 0.999  # Adam's memory of squared gradients
ALPHA = 0.99  # RMSprop's
EPSILON = 1e-8

# Which moments (first, second) each rule keeps.
MOMENTS = {
    "sgd": (False, False),
    "momentum": (True, False),
    "nesterov": (True, False),
    "adam": (True, True),
    "adamw": (True, True),
    "rmsprop": (False, True),
}


class Update:
    """Moves ``network.parameters`` by ``network.gradient`` in place; what must not move stays, to the last bit.

    The moments belong to the network. Which of them are there says whose they are, and a change of rule keeps them
    where they mean the same: between momentum and Nesterov, and between Adam and AdamW. Else they start at 0, at the
    first update (until then the change can be taken back without a loss).
    """

    def __init__(self, network: Network, settings: Settings) -> None:
        self._network = network
        self._parameters = network.parameters
        self._momentum = settings.momentum
        self._l1, self._l2 = settings.l1, settings.l2
        self._has_decoupled_l2 = settings.optimizer == "adamw" and settings.l2 > 0
        self._has_penalty = settings.l1 > 0 or (settings.l2 > 0 and not self._has_decoupled_l2)
        self._moments = MOMENTS[settings.optimizer]
        rules: dict[str, Callable[[Tensor, float], tuple[Tensor, float]]] = {
            "sgd": self._sgd,
            "momentum": self._heavy_ball,
            "nesterov": self._nesterov,
            "adam": self._adam,
            "adamw": self._adam,
            "rmsprop": self._rmsprop,
        }
        self._rule = rules[settings.optimizer]
        self._direction = torch.empty_like(network.parameters)
        if settings.l1 > 0 or settings.l2 > 0:
            self._penalised_gradient = torch.empty_like(network.parameters)
            self._is_weight = torch.zeros_like(network.parameters)  # 1 at weights, 0 at biases
            for slots in network.spec.slots:
                self._is_weight[slots.weight] = 1

    def __call__(self, learning_rate: float) -> None:
        """Make one update: w ← w - rate * direction, wherever it may move."""
        network, parameters = self._network, self._parameters
        if self._moments != (network.first_moment is not None, network.second_moment is not None):
            self._start_moments()
        network.optimizer_steps += 1
        gradient = self._penalised() if self._has_penalty else network.gradient
        direction, rate = self._rule(gradient, learning_rate)
        may_move = network.update_mask()
        if may_move is None:
            parameters.add_(direction, alpha=-rate)
        else:
            # chosen, not multiplied by 0: a gradient of NaN or Inf must not reach a frozen weight either
            moved = torch.add(parameters, direction, alpha=-rate, out=self._direction)
            torch.where(may_move, moved, parameters, out=parameters)

    def _start_moments(self) -> None:
        network, (has_first, has_second) = self._network, self._moments
        with torch.inference_mode(mode=False):  # these outlive the step
            network.first_moment = torch.zeros_like(network.parameters) if has_first else None
            network.second_moment = torch.zeros_like(network.parameters) if has_second else None
        network.optimizer_steps = 0

    def _penalised(self) -> Tensor:
        """Return g + l2 w + l1 sign(w), the latter two for weights only."""
        w, total = self._parameters, self._penalised_gradient
        l2 = 0.0 if self._has_decoupled_l2 else self._l2
        torch.addcmul(self._network.gradient, w, self._is_weight, value=l2, out=total)
        if self._l1:
            total.addcmul_(torch.sign(w, out=self._direction), self._is_weight, value=self._l1)
        return total

    # ---- the rules: gradient and learning rate in, direction [P] and rate out ----------------------------------

    def _sgd(self, g: Tensor, learning_rate: float) -> tuple[Tensor, float]:
        return g, learning_rate

    def _heavy_ball(self, g: Tensor, learning_rate: float) -> tuple[Tensor, float]:
        m = cast("Tensor", self._network.first_moment)
        return m.mul_(self._momentum).add_(g), learning_rate

    def _nesterov(self, g: Tensor, learning_rate: float) -> tuple[Tensor, float]:
        m, rate = self._heavy_ball(g, learning_rate)
        return torch.add(g, m, alpha=self._momentum, out=self._direction), rate

    def _adam(self, g: Tensor, learning_rate: float) -> tuple[Tensor, float]:
        """m̂ / (√v̂ + ε) with both corrections drawn out of the tensors: m / (√v + ε √c₂), times √c₂ / c₁."""
        network, beta1 = self._network, self._momentum
        m, v = cast("Tensor", network.first_moment), cast("Tensor", network.second_moment)
        m.lerp_(g, 1 - beta1)  # μ m + (1 - μ) g
        v.mul_(BETA2).addcmul_(g, g, value=1 - BETA2)
        c1, c2 = 1 - beta1**network.optimizer_steps, 1 - BETA2**network.optimizer_steps
        root = math.sqrt(c2)
        direction = torch.sqrt(v, out=self._direction).add_(EPSILON * root)
        torch.div(m, direction, out=direction)
        if self._has_decoupled_l2:
            direction.addcmul_(self._parameters, self._is_weight, value=self._l2 * c1 / root)  # becomes η l2 w
        return direction, learning_rate * root / c1

    def _rmsprop(self, g: Tensor, learning_rate: float) -> tuple[Tensor, float]:
        v = cast("Tensor", self._network.second_moment)
        v.mul_(ALPHA).addcmul_(g, g, value=1 - ALPHA)
        direction = torch.sqrt(v, out=self._direction).add_(EPSILON)
        return torch.div(g, direction, out=direction), learning_rate
