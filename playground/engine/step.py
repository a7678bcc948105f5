"""One training step, written out: forward, backward, update. This is backpropagation, without autograd.

For one layer, with the batch in rows (``B`` examples)::

    forward    pre   = below @ W.T + b                       # [B, out] = [B, in] @ [in, out] + [out]
               act   = f(pre)                                # [B, out]
    backward   delta = d loss / d pre                        # [B, out]
               gW    = delta.T @ below                       # [out, in]
               gb    = sum of delta over the batch           # [out]
               delta of the layer below = (delta @ W) * f'(pre below)

(Rumelhart, Hinton and Williams 1986; Nielsen, *Neural Networks and Deep Learning*, BP1 to BP4.) All results go into
tensors made beforehand, one set for each size of batch, so that a step allocates nothing of size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from playground.engine.activations import DERIVATIVES, FUNCTIONS, draw_dropout_mask
from playground.engine.losses import WrittenLoss, written_loss
from playground.engine.network import Network, layer_views
from playground.engine.optimizers import Rate, Update
from playground.engine.settings import Settings

_KEPT_STACKS = 4  # batches are all of one size but the last of an epoch


@dataclass(slots=True)
class _Layer:
    """What one layer reads and writes in a step on ``B`` examples. Weights and gradients are views of flat buffers."""

    weight: Tensor  # [out, in]
    weight_t: Tensor  # [in, out], a view
    bias: Tensor  # [out]
    weight_gradient: Tensor  # [out, in]
    bias_gradient: Tensor  # [out]
    pre: Tensor  # [B, out]
    delta: Tensor  # [B, out] d loss / d pre
    delta_t: Tensor  # [out, B], a view


@dataclass(slots=True)
class _Hidden(_Layer):
    """A layer with an activation of its own, and perhaps dropout after it."""

    function: Callable[[Tensor, Tensor], Tensor]
    derivative: Callable[[Tensor, Tensor, Tensor], Tensor]
    act: Tensor  # [B, out]
    slope: Tensor  # [B, out] d act / d pre
    dropout: float
    dropout_mask: Tensor  # [B, out]
    passed_on: Tensor  # [B, out] act after dropout; act itself where there is none


@dataclass(slots=True)
class _Stack:
    """All working tensors for one size of batch."""

    hidden: list[_Hidden]
    output: _Layer
    loss: WrittenLoss
    pre: list[Tensor]  # of all layers


class WrittenStep:
    """Forward, backward and update of a dense network, written out.

    Parameters
    ----------
    network
        Its parameters, gradient and moments are changed in place.
    settings
        Loss, optimizer, momentum and penalties; the learning rate comes with each call.
    dropout_generator
        On the network's device; draws one mask for each hidden layer with dropout, from the first layer up.
    """

    loss: Tensor  # the mean loss of the last batch (0-dim), without penalties
    pre: list[Tensor]  # [B, units] its pre-activations, layer by layer, until the next one

    def __init__(self, network: Network, settings: Settings, dropout_generator: torch.Generator) -> None:
        self.loss = torch.zeros((), dtype=network.parameters.dtype, device=network.parameters.device)
        self.pre = []
        self._network = network
        self._loss = written_loss(settings)
        self._generator = dropout_generator
        self._update = Update(network, settings, is_fused=True)
        self._effective = network.parameters
        self._stacks: dict[int, _Stack] = {}

    @torch.inference_mode()
    def __call__(self, inputs: Tensor, targets: Tensor, learning_rate: Rate) -> None:
        """Make one update from ``inputs`` ``[B, in]`` and ``targets`` ``[B]`` (int64) or ``[B, outputs]``."""
        self.begin()
        self.run(inputs, targets, learning_rate)

    def begin(self) -> None:
        """Do what is new in each update."""
        self._update.begin()

    def run(self, inputs: Tensor, targets: Tensor, learning_rate: Rate) -> None:
        """Do what is the same in each update: all of it work on tensors that stay where they are."""
        present = self._network.present
        self._apply_cuts(present)
        stack = self._stacks.get(len(inputs)) or self._prepare(len(inputs))
        self._forward(stack, inputs)
        self.pre = stack.pre
        self.loss = stack.loss(targets)
        self._backward(stack, inputs)
        if present is not None:
            self._network.gradient.masked_fill_(~present, 0)
        self._update.move(learning_rate)

    def _forward(self, stack: _Stack, inputs: Tensor) -> None:
        """Compute every layer's pre-activation and activation, from the first layer up."""
        below = inputs
        for layer in stack.hidden:
            torch.addmm(layer.bias, below, layer.weight_t, out=layer.pre)
            layer.function(layer.pre, layer.act)
            if layer.dropout:
                draw_dropout_mask(layer.dropout_mask, layer.dropout, self._generator)
                torch.mul(layer.act, layer.dropout_mask, out=layer.passed_on)
            below = layer.passed_on
        output = stack.output
        torch.addmm(output.bias, below, output.weight_t, out=output.pre)

    @staticmethod
    def _backward(stack: _Stack, inputs: Tensor) -> None:
        """Compute every layer's gradient from its delta, and from that the delta of the layer below it."""
        layer: _Layer = stack.output
        for below in reversed(stack.hidden):
            torch.mm(layer.delta_t, below.passed_on, out=layer.weight_gradient)
            torch.sum(layer.delta, 0, out=layer.bias_gradient)
            torch.mm(layer.delta, layer.weight, out=below.delta)  # d loss / d passed_on
            if below.dropout:
                below.delta.mul_(below.dropout_mask)  # d loss / d act
            below.delta.mul_(below.derivative(below.pre, below.act, below.slope))  # d loss / d pre
            layer = below
        torch.mm(layer.delta_t, inputs, out=layer.weight_gradient)
        torch.sum(layer.delta, 0, out=layer.bias_gradient)

    def _apply_cuts(self, present: Tensor | None) -> None:
        """Compute with the parameters themselves, or, where edges are cut, with a copy in which those are 0."""
        parameters = self._network.parameters
        if (present is None) != (self._effective is parameters):
            self._effective = parameters if present is None else torch.empty_like(parameters)
            self._stacks.clear()
        if present is not None:
            self._effective.copy_(parameters).masked_fill_(~present, 0)

    def _prepare(self, rows: int) -> _Stack:
        """Make the working tensors for batches of ``rows`` examples."""
        spec = self._network.spec
        weights, gradients = layer_views(spec, self._effective), layer_views(spec, self._network.gradient)
        hidden: list[_Hidden] = []
        for layer, (weight, bias), gradient in zip(spec.layers[:-1], weights[:-1], gradients[:-1], strict=True):
            pre, delta, act, slope = (weight.new_empty((rows, layer.width)) for _ in range(4))
            mask, passed_on = (torch.empty_like(act) if layer.dropout else act for _ in range(2))
            hidden.append(
                _Hidden(
                    weight=weight,
                    weight_t=weight.T,
                    bias=bias,
                    weight_gradient=gradient[0],
                    bias_gradient=gradient[1],
                    pre=pre,
                    delta=delta,
                    delta_t=delta.T,
                    function=FUNCTIONS[layer.activation],
                    derivative=DERIVATIVES[layer.activation],
                    act=act,
                    slope=slope,
                    dropout=layer.dropout,
                    dropout_mask=mask,
                    passed_on=passed_on,
                )
            )
        weight, bias = weights[-1]
        pre, delta = (weight.new_empty((spec.outputs, rows)).T for _ in range(2))  # the layout that the loss is fast in
        output = _Layer(weight, weight.T, bias, *gradients[-1], pre, delta, delta.T)
        if len(self._stacks) >= _KEPT_STACKS:
            self._stacks.clear()
        loss = self._loss(pre, delta, spec.layers[-1].activation)
        stack = _Stack(hidden, output, loss, [layer.pre for layer in (*hidden, output)])
        self._stacks[rows] = stack
        return stack
