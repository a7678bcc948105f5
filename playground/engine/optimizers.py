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

``move`` and what it calls is TorchScript as well as Python (see ``step``).
"""

import math
from typing import NamedTuple

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


class Rule(NamedTuple):
    """A rule with its numbers."""

    name: str
    momentum: float
    l1: float
    l2: float
    decoupled_l2: float
    is_fused: bool  # Adam in one pass over memory instead of seven; the same formula


class Buffers(NamedTuple):
    """What an update reads and writes; all ``[P]``, one number for each parameter, where nothing else is said."""

    parameters: Tensor
    gradient: Tensor
    first_moment: Tensor  # [0] where the rule keeps none
    second_moment: Tensor  # likewise
    updates: Tensor  # 0-dim, how many the moments have seen
    may_move: Tensor | None  # bool
    is_weight: Tensor  # 1 at weights, 0 at biases; [0] without penalties
    penalised: Tensor  # room for the gradient with penalties; [0] without
    scratch: Tensor
    output_start: int  # where the parameters of the output layer begin
    for_adam: list[list[Tensor]]  # parameters, moments and updates once more, each in a list


class Update:
    """Moves ``network.parameters`` by ``network.gradient`` in place; what must not move stays, to the last bit.

    The moments belong to the network. Which of them are there says whose they are, and a change of rule keeps them
    where they mean the same: between momentum and Nesterov, and between Adam and AdamW. Else they start at 0, at the
    first update (until then the change can be taken back without a loss).

    An update is ``begin``, then ``move`` with ``rule`` and ``buffers``, then ``end``. All that is new in each update,
    and no work on tensors of size, is outside of ``move``, so that this can be recorded once and played again (see
    ``graph_step``), or be done many times in a row; when recorded, its learning rate is a tensor too.
    """

    def __init__(self, network: Network, settings: Settings, *, is_fused: bool = False) -> None:
        self._network = network
        is_decoupled = settings.optimizer == "adamw"
        l2, decoupled_l2 = (0.0, settings.l2) if is_decoupled else (settings.l2, 0.0)
        self.rule = Rule(settings.optimizer, settings.momentum, settings.l1, l2, decoupled_l2, is_fused)
        self._moments = MOMENTS[settings.optimizer]
        self._scratch = torch.empty_like(network.parameters)
        # where it is read back in each update, it lies where that does not wait for the device
        self._updates = torch.zeros((), device=network.parameters.device if is_fused else "cpu")
        self._nothing = network.parameters.new_empty(0)
        self._is_weight = self._penalised = self._nothing
        if settings.l1 or settings.l2:
            self._penalised = torch.empty_like(network.parameters)
            self._is_weight = torch.zeros_like(network.parameters)
            for slots in network.spec.slots:
                self._is_weight[slots.weight] = 1

    def __call__(self, learning_rate: Rate) -> None:
        """Make one update."""
        self.begin()
        move(self.rule, self.buffers(), learning_rate)
        self.end()

    def begin(self) -> None:
        """Make the moments that the rule needs, and write down how many updates they have seen."""
        network = self._network
        if self._moments != (network.first_moment is not None, network.second_moment is not None):
            self._start_moments()
        self._updates.fill_(network.optimizer_steps)

    def end(self, updates: int = 1) -> None:
        """Count the updates that were made."""
        self._network.optimizer_steps += updates

    def buffers(self) -> Buffers:
        """Return what the next updates read and write."""
        network = self._network
        m = self._nothing if network.first_moment is None else network.first_moment
        v = self._nothing if network.second_moment is None else network.second_moment
        return Buffers(
            parameters=network.parameters,
            gradient=network.gradient,
            first_moment=m,
            second_moment=v,
            updates=self._updates,
            may_move=network.update_mask(),
            is_weight=self._is_weight,
            penalised=self._penalised,
            scratch=self._scratch,
            output_start=network.spec.slots[-1].whole.start,
            for_adam=[[network.parameters], [m], [v], [self._updates]],
        )

    def _start_moments(self) -> None:
        network, (has_first, has_second) = self._network, self._moments
        with torch.inference_mode(mode=False):  # these outlive the step
            network.first_moment = torch.zeros_like(network.parameters) if has_first else None
            network.second_moment = torch.zeros_like(network.parameters) if has_second else None
        network.optimizer_steps = 0


def move(rule: Rule, buffers: Buffers, learning_rate: float | Tensor) -> None:
    """Make one update (raises ValueError for a name that is no rule)."""
    w, may_move = buffers.parameters, buffers.may_move
    before = w.clone() if may_move is not None else None
    if rule.decoupled_l2 != 0:
        shrinking = torch.mul(w, buffers.is_weight, out=buffers.scratch)
        _add(w, shrinking, learning_rate, -rule.decoupled_l2)
    _follow(rule, buffers, _penalised_gradient(rule, buffers), learning_rate)
    if may_move is not None and before is not None:
        # put back, not multiplied by 0: neither NaN nor Inf in a gradient may reach a frozen weight
        torch.where(may_move, w, before, out=w)


def _penalised_gradient(rule: Rule, buffers: Buffers) -> Tensor:
    """Return g + l2 w + l1 sign(w), the penalties for weights only."""
    g, w = buffers.gradient, buffers.parameters
    if rule.l2 != 0:
        g = torch.addcmul(g, w, buffers.is_weight, value=rule.l2, out=buffers.penalised)
    if rule.l1 != 0:
        sign = torch.sign(w, out=buffers.scratch)
        g = torch.addcmul(g, sign, buffers.is_weight, value=rule.l1, out=buffers.penalised)
    return g


def _follow(rule: Rule, buffers: Buffers, g: Tensor, learning_rate: float | Tensor) -> None:
    """Move the parameters by the gradient ``g`` as the rule says."""
    w, m = buffers.parameters, buffers.first_moment
    if rule.name == "sgd":
        _add(w, g, learning_rate, -1.0)
    elif rule.name == "perceptron":
        buffers.gradient[: buffers.output_start].zero_()
        _add(w[buffers.output_start :], g[buffers.output_start :], learning_rate, -1.0)
    elif rule.name == "momentum":
        m.mul_(rule.momentum).add_(g)
        _add(w, m, learning_rate, -1.0)
    elif rule.name == "nesterov":
        m.mul_(rule.momentum).add_(g)
        _add(w, g, learning_rate, -1.0)
        _add(w, m, learning_rate, -rule.momentum)
    elif rule.name == "adam" or rule.name == "adamw":
        if rule.is_fused:
            _adam_in_one_pass(rule, buffers, g, learning_rate)
        else:
            _adam(rule, buffers, g, learning_rate)
    elif rule.name == "rmsprop":
        _rmsprop(buffers, g, learning_rate)
    else:
        raise ValueError(f"'{rule.name}' is no optimizer.")


def _adam(
    rule: Rule,
    buffers: Buffers,
    g: Tensor,
    learning_rate: float | Tensor,
    beta2: float = BETA2,
    epsilon: float = EPSILON,
) -> None:
    m, v = buffers.first_moment, buffers.second_moment
    updates = float(buffers.updates.add_(1))
    m.mul_(rule.momentum).add_(g, alpha=1 - rule.momentum)
    v.mul_(beta2).addcmul_(g, g, value=1 - beta2)
    shrunk_m, shrunk_v = 1 - rule.momentum**updates, 1 - beta2**updates  # how far the zeros of the start still pull
    root = torch.sqrt(v, out=buffers.scratch).div_(math.sqrt(shrunk_v)).add_(epsilon)
    _add(buffers.parameters, torch.div(m, root, out=root), learning_rate, -1 / shrunk_m)


def _adam_in_one_pass(
    rule: Rule,
    buffers: Buffers,
    g: Tensor,
    learning_rate: float | Tensor,
    beta2: float = BETA2,
    epsilon: float = EPSILON,
) -> None:
    # TorchScript believes that lists made here are nobody else's, and leaves out what is only written through them
    parameters, first_moments, second_moments, updates = buffers.for_adam
    buffers.updates.add_(1)
    rate = learning_rate if isinstance(learning_rate, Tensor) else torch.full((), learning_rate, dtype=torch.float64)
    torch._fused_adam_(
        parameters,
        [g],
        first_moments,
        second_moments,
        [],
        updates,
        lr=rate,
        beta1=rule.momentum,
        beta2=beta2,
        weight_decay=0.0,
        eps=epsilon,
        amsgrad=False,
        maximize=False,
    )


def _rmsprop(
    buffers: Buffers, g: Tensor, learning_rate: float | Tensor, alpha: float = ALPHA, epsilon: float = EPSILON
) -> None:
    v = buffers.second_moment
    v.mul_(alpha).addcmul_(g, g, value=1 - alpha)
    root = torch.sqrt(v, out=buffers.scratch).add_(epsilon)
    _add(buffers.parameters, torch.div(g, root, out=root), learning_rate, -1.0)


def _add(w: Tensor, direction: Tensor, learning_rate: float | Tensor, factor: float) -> None:
    """Add ``factor * learning_rate * direction`` to ``w``."""
    if isinstance(learning_rate, Tensor):
        w.addcmul_(direction, learning_rate, value=factor)
    else:
        w.add_(direction, alpha=factor * learning_rate)
