"""How a gradient becomes an update: seven rules written out over the flat buffers, as ``torch.optim`` defines them.

Write w for the parameters, g for the gradient, m and v for the two moments, η for the learning rate, μ for
``settings.momentum``:

========  ===================================================================================  ======================
SGD       w ← w - η g
momentum  m ← μ m + g;  w ← w - η m                                                            Polyak 1964
Nesterov  m ← μ m + g;  w ← w - η (g + μ m)                                                    Sutskever et al. 2013
Adam      m ← μ m + (1 - μ) g;  v ← β₂ v + (1 - β₂) g²;  w ← w - η m̂ / (√v̂ + ε)              Kingma and Ba 2015
AdamW     the same, and the L2 penalty acts on w itself: w ← w - η l2 w                        Loshchilov, Hutter 2019
RMSprop   v ← α v + (1 - α) g²;  w ← w - η g / (√v + ε)                                        Hinton 2012
Rosenbl.  w ← w - η g in the output layer, g made of its errors; all other layers stay         Rosenblatt 1962
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

Rate = float | Tensor  # a learning rate: a number, or a number on the device (0-dim, float32)

# Which moments (first, second) each rule keeps.
MOMENTS = {
    "sgd": (False, False),
    "momentum": (True, False),
    "nesterov": (True, False),
    "adam": (True, True),
    "adamw": (True, True),
    "rmsprop": (False, True),
    "perceptron": (False, False),
}


class Update:
    """Moves ``network.parameters`` by ``network.gradient`` in place; what must not move stays, to the last bit.

    The moments belong to the network. Which of them are there says whose they are, and a change of rule keeps them
    where they mean the same: between momentum and Nesterov, and between Adam and AdamW. Else they start at 0, at the
    first update (until then the change can be taken back without a loss).

    ``is_fused``: let torch run Adam in one pass over memory instead of seven; the same formula.

    An update is ``begin``, then ``move``. All that is new in each update, and no work on tensors of size, is in
    ``begin``, so that ``move`` can be recorded once and played again (see ``graph_step``); its learning rate is then a
    tensor too, and the rules must take it as such.
    """

    def __init__(self, network: Network, settings: Settings, *, is_fused: bool = False) -> None:
        self._network = network
        self._momentum = settings.momentum
        self._l1, self._l2 = settings.l1, settings.l2
        self._decoupled_l2 = 0.0
        if settings.optimizer == "adamw":
            self._decoupled_l2, self._l2 = self._l2, 0.0
        self._moments = MOMENTS[settings.optimizer]
        adam = self._adam_in_one_pass if is_fused else self._adam
        rules: dict[str, Callable[[Tensor, Tensor, Rate], object]] = {
            "sgd": self._sgd,
            "momentum": self._heavy_ball,
            "nesterov": self._nesterov,
            "adam": adam,
            "adamw": adam,
            "rmsprop": self._rmsprop,
            "perceptron": self._rosenblatt,
        }
        self._rule = rules[settings.optimizer]
        self._scratch = torch.empty_like(network.parameters)
        self._count = torch.zeros((), device=network.parameters.device)
        if settings.l1 or settings.l2:
            self._penalised = torch.empty_like(network.parameters)
            self._is_weight = torch.zeros_like(network.parameters)  # 1 at weights, 0 at biases
            for slots in network.spec.slots:
                self._is_weight[slots.weight] = 1

    def __call__(self, learning_rate: Rate) -> None:
        """Make one update."""
        self.begin()
        self.move(learning_rate)

    def begin(self) -> None:
        """Count the update that comes, and make the moments that its rule needs."""
        network = self._network
        if self._moments != (network.first_moment is not None, network.second_moment is not None):
            self._start_moments()
        network.optimizer_steps += 1
        if self._moments == MOMENTS["adam"]:
            self._count.fill_(network.optimizer_steps)

    def move(self, learning_rate: Rate) -> None:
        """Make the update that has begun."""
        network, w = self._network, self._network.parameters
        may_move = network.update_mask()
        before = None if may_move is None else w.clone()
        if self._decoupled_l2:
            _add(w, torch.mul(w, self._is_weight, out=self._scratch), learning_rate, -self._decoupled_l2)
        self._rule(w, self._gradient(w), learning_rate)
        if may_move is not None and before is not None:
            # put back, not multiplied by 0: neither NaN nor Inf in a gradient may reach a frozen weight
            torch.where(may_move, w, before, out=w)

    def _start_moments(self) -> None:
        network, (has_first, has_second) = self._network, self._moments
        with torch.inference_mode(mode=False):  # these outlive the step
            network.first_moment = torch.zeros_like(network.parameters) if has_first else None
            network.second_moment = torch.zeros_like(network.parameters) if has_second else None
        network.optimizer_steps = 0

    def _gradient(self, w: Tensor) -> Tensor:
        """Return g + l2 w + l1 sign(w), the penalties for weights only."""
        g = self._network.gradient
        if self._l2:
            g = torch.addcmul(g, w, self._is_weight, value=self._l2, out=self._penalised)
        if self._l1:
            sign = torch.sign(w, out=self._scratch)
            g = torch.addcmul(g, sign, self._is_weight, value=self._l1, out=self._penalised)
        return g

    # ---- the rules: each moves w by the gradient g --------------------------------------------------------------

    @staticmethod
    def _sgd(w: Tensor, g: Tensor, learning_rate: Rate) -> None:
        _add(w, g, learning_rate, -1)

    def _rosenblatt(self, w: Tensor, g: Tensor, learning_rate: Rate) -> None:
        output = self._network.spec.slots[-1].whole
        self._network.gradient[: output.start] = 0.0
        _add(w[output], g[output], learning_rate, -1)

    def _heavy_ball(self, w: Tensor, g: Tensor, learning_rate: Rate) -> None:
        m = cast("Tensor", self._network.first_moment)
        m.mul_(self._momentum).add_(g)
        _add(w, m, learning_rate, -1)

    def _nesterov(self, w: Tensor, g: Tensor, learning_rate: Rate) -> None:
        m = cast("Tensor", self._network.first_moment)
        m.mul_(self._momentum).add_(g)
        _add(w, g, learning_rate, -1)
        _add(w, m, learning_rate, -self._momentum)

    def _adam(self, w: Tensor, g: Tensor, learning_rate: Rate) -> None:
        network, steps = self._network, self._network.optimizer_steps
        m, v = cast("Tensor", network.first_moment), cast("Tensor", network.second_moment)
        m.mul_(self._momentum).add_(g, alpha=1 - self._momentum)
        v.mul_(BETA2).addcmul_(g, g, value=1 - BETA2)
        shrunk_m, shrunk_v = 1 - self._momentum**steps, 1 - BETA2**steps  # how far the zeros of the start still pull
        root = torch.sqrt(v, out=self._scratch).div_(math.sqrt(shrunk_v)).add_(EPSILON)
        _add(w, torch.div(m, root, out=root), learning_rate, -1 / shrunk_m)

    def _adam_in_one_pass(self, w: Tensor, g: Tensor, learning_rate: Rate) -> None:
        network = self._network
        m, v = cast("Tensor", network.first_moment), cast("Tensor", network.second_moment)
        torch._fused_adam_(
            [w],
            [g],
            [m],
            [v],
            [],
            [self._count],
            lr=learning_rate,
            beta1=self._momentum,
            beta2=BETA2,
            weight_decay=0.0,
            eps=EPSILON,
            amsgrad=False,
            maximize=False,
        )

    def _rmsprop(self, w: Tensor, g: Tensor, learning_rate: Rate) -> None:
        v = cast("Tensor", self._network.second_moment)
        v.mul_(ALPHA).addcmul_(g, g, value=1 - ALPHA)
        root = torch.sqrt(v, out=self._scratch).add_(EPSILON)
        _add(w, torch.div(g, root, out=root), learning_rate, -1)


def _add(w: Tensor, direction: Tensor, learning_rate: Rate, factor: float) -> None:
    """Add ``factor * learning_rate * direction`` to ``w``."""
    if isinstance(learning_rate, Tensor):
        w.addcmul_(direction, learning_rate, value=factor)
    else:
        w.add_(direction, alpha=factor * learning_rate)
