"""One training step, written out: forward, backward, update. This is backpropagation, without autograd.

For one layer, with the batch in rows (``B`` examples)::

    forward    pre   = below @ W.T + b                       # [B, out] = [B, in] @ [in, out] + [out]
               act   = f(pre)                                # [B, out]
    backward   delta = d loss / d pre                        # [B, out]
               gW    = delta.T @ below                       # [out, in]
               gb    = sum of delta over the batch           # [out]
               delta of the layer below = (delta @ W) * f'(pre below)

(Rumelhart, Hinton and Williams 1986; Nielsen, *Neural Networks and Deep Learning*, BP1 to BP4.)

Read ``forward`` and ``backward`` first: they are these lines, layer by layer. ``make_step`` is one step in full,
``make_steps`` many of them, each on its own batch; ``WrittenStep`` makes the tensors ready that they work on. A result
goes into a tensor that was made beforehand, by torch's argument ``out``: new ones in every step would cost time.

``make_step``, ``make_steps`` and all that they call are written in that part of Python which is TorchScript too:
``scripted`` runs ``make_steps`` without Python's interpreter. Therefore they are plain functions, are handed what they
work on in tuples, choose an activation or a rule by its name, and the annotations in this file are no strings
(TorchScript reads those of a tuple as they stand).
"""

import math
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from playground.engine.activations import draw_dropout_mask, write_activation, write_slope
from playground.engine.losses import LossRoom, loss_room, written_loss
from playground.engine.network import Network, layer_views
from playground.engine.optimizers import Buffers, Rate, Rule, Update, move
from playground.engine.scripted import scripted
from playground.engine.settings import Settings

_KEPT_STACKS = 4  # batches are all of one size but the last of an epoch


class Layer(NamedTuple):
    """What one layer reads and writes in a step on ``B`` examples. Weights and gradients are views of flat buffers."""

    weight: Tensor  # [out, in]
    weight_t: Tensor  # [in, out], a view
    bias: Tensor  # [out]
    weight_gradient: Tensor  # [out, in]
    bias_gradient: Tensor  # [out]
    pre: Tensor  # [B, out]
    delta: Tensor  # [B, out] d loss / d pre
    delta_t: Tensor  # [out, B], a view


class Hidden(NamedTuple):
    """A layer below the output: it has an activation of its own, and perhaps dropout after it."""

    linear: Layer
    activation: str
    act: Tensor  # [B, out]
    slope: Tensor  # [B, out] d act / d pre
    dropout: float
    dropout_mask: Tensor  # [B, out]
    passed_on: Tensor  # [B, out] act after dropout; act itself where there is none


class Stack(NamedTuple):
    """All working tensors for one size of batch."""

    hidden: list[Hidden]  # from the first layer up
    output: Layer
    loss: LossRoom
    effective: Tensor  # [P] what is computed with: the parameters, or a copy in which those that are cut are 0


class Source(NamedTuple):
    """Where batches come from."""

    inputs: Tensor  # [n, in] of all examples
    targets: Tensor  # [n] or [n, outputs]
    order: Tensor  # [steps x B] which of them, batch after batch
    batch_inputs: Tensor  # [B, in] where a batch is put together
    batch_targets: Tensor  # [B] or [B, outputs]
    call: Tensor  # bool, one element; whoever sets it wants the steps to end


def forward(stack: Stack, inputs: Tensor, generator: Generator) -> None:
    """Compute every layer's pre-activation and activation, from the first layer up."""
    below = inputs
    for layer in stack.hidden:
        pre = torch.addmm(layer.linear.bias, below, layer.linear.weight_t, out=layer.linear.pre)
        write_activation(layer.activation, pre, layer.act)
        if layer.dropout > 0:
            draw_dropout_mask(layer.dropout_mask, layer.dropout, generator)
            torch.mul(layer.act, layer.dropout_mask, out=layer.passed_on)
        below = layer.passed_on
    torch.addmm(stack.output.bias, below, stack.output.weight_t, out=stack.output.pre)


def backward(stack: Stack, inputs: Tensor) -> None:
    """Compute every layer's gradient from its delta, and the delta of the layer below it, from the output down.

    The delta of the output comes from the loss (``written_loss``).
    """
    layer = stack.output
    for below in stack.hidden[::-1]:
        torch.mm(layer.delta_t, below.passed_on, out=layer.weight_gradient)
        torch.sum(layer.delta, [0], out=layer.bias_gradient)
        delta = torch.mm(layer.delta, layer.weight, out=below.linear.delta)  # d loss / d passed_on
        if below.dropout > 0:
            delta.mul_(below.dropout_mask)  # d loss / d act
        delta.mul_(write_slope(below.activation, below.linear.pre, below.act, below.slope))  # d loss / d pre
        layer = below.linear
    torch.mm(layer.delta_t, inputs, out=layer.weight_gradient)
    torch.sum(layer.delta, [0], out=layer.bias_gradient)


def make_step(
    stack: Stack,
    rule: Rule,
    buffers: Buffers,
    present: Tensor | None,
    inputs: Tensor,
    targets: Tensor,
    learning_rate: float | Tensor,
    generator: Generator,
) -> Tensor:
    """Make one step and return the mean loss of its batch (0-dim), without penalties.

    ``present`` bool ``[P]``, where edges are cut: which are not.
    """
    if present is not None:
        stack.effective.copy_(buffers.parameters).masked_fill_(~present, 0)
    forward(stack, inputs, generator)
    loss = written_loss(stack.loss, targets)
    backward(stack, inputs)
    if present is not None:
        buffers.gradient.masked_fill_(~present, 0)
    move(rule, buffers, learning_rate)
    return loss


def make_steps(
    stack: Stack,
    rule: Rule,
    buffers: Buffers,
    present: Tensor | None,
    source: Source,
    learning_rates: list[float],
    generator: Generator,
) -> tuple[int, Tensor]:
    """Make a step for each learning rate, and return how many were made, and the loss of the last one (0-dim).

    Fewer are made where the loss of one is no number, or ``source.call`` is set: that step is the last.
    """
    rows = len(source.batch_inputs)
    made, loss = 0, source.inputs.new_zeros(())
    while made < len(learning_rates):
        chosen = source.order[made * rows : (made + 1) * rows]
        inputs = torch.index_select(source.inputs, 0, chosen, out=source.batch_inputs)
        targets = torch.index_select(source.targets, 0, chosen, out=source.batch_targets)
        loss = make_step(stack, rule, buffers, present, inputs, targets, learning_rates[made], generator)
        made += 1
        if not math.isfinite(float(loss)) or bool(source.call):
            break
    return made, loss


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

    def __init__(self, network: Network, settings: Settings, dropout_generator: Generator) -> None:
        self.loss = torch.zeros((), dtype=network.parameters.dtype, device=network.parameters.device)
        self.pre = []
        self._network = network
        self._settings = settings
        self._generator = dropout_generator
        self._update = Update(network, settings, is_fused=True)
        self._effective = network.parameters
        self._stacks: dict[int, Stack] = {}

    @torch.inference_mode()
    def __call__(self, inputs: Tensor, targets: Tensor, learning_rate: Rate) -> None:
        """Make one update from ``inputs`` ``[B, in]`` and ``targets`` ``[B]`` (int64) or ``[B, outputs]``."""
        self.begin()
        self.run(inputs, targets, learning_rate)
        self.end()

    def begin(self) -> None:
        """Do what is new in each update, before it."""
        self._update.begin()

    def run(self, inputs: Tensor, targets: Tensor, learning_rate: Rate) -> None:
        """Do what is the same in each update: all of it work on tensors that stay where they are."""
        stack = self._stack(len(inputs))
        update, present = self._update, self._network.present
        self.loss = make_step(
            stack, update.rule, update.buffers(), present, inputs, targets, learning_rate, self._generator
        )

    def end(self) -> None:
        """Do what is new in each update, after it."""
        self._update.end()

    @torch.inference_mode()
    def many(self, source: Source, learning_rates: list[float]) -> int:
        """Make updates from ``source``, one for each learning rate, and return how many: fewer as `make_steps` says.

        While it runs it does not need Python's interpreter, and whoever else does has it to itself.
        """
        update = self._update
        stack = self._stack(len(source.batch_inputs))
        update.begin()
        made: int
        made, self.loss = scripted(make_steps)(
            stack, update.rule, update.buffers(), self._network.present, source, learning_rates, self._generator
        )
        update.end(made)
        return made

    def _stack(self, rows: int) -> Stack:
        """Return the working tensors for batches of ``rows`` examples; from now on ``pre`` are those of theirs."""
        parameters, is_cut = self._network.parameters, self._network.present is not None
        if is_cut == (self._effective is parameters):
            self._effective = torch.empty_like(parameters) if is_cut else parameters
            self._stacks.clear()
        stack = self._stacks.get(rows) or self._prepared(rows)
        self.pre = [*(layer.linear.pre for layer in stack.hidden), stack.output.pre]
        return stack

    def _prepared(self, rows: int) -> Stack:
        """Make the working tensors for batches of ``rows`` examples."""
        spec = self._network.spec
        linear: list[Layer] = []
        weights, gradients = layer_views(spec, self._effective), layer_views(spec, self._network.gradient)
        for (weight, bias), gradient in zip(weights, gradients, strict=True):
            if len(linear) < len(spec.layers) - 1:
                pre, delta = (weight.new_empty((rows, len(weight))) for _ in range(2))
            else:  # the output, in the layout that the loss is fast in
                pre, delta = (weight.new_empty((len(weight), rows)).T for _ in range(2))
            linear.append(Layer(weight, weight.T, bias, *gradient, pre, delta, delta.T))
        hidden = []
        for layer, below in zip(spec.layers[:-1], linear[:-1], strict=True):
            act, slope = (torch.empty_like(below.pre) for _ in range(2))
            mask, passed_on = (torch.empty_like(act) if layer.dropout else act for _ in range(2))
            hidden.append(Hidden(below, layer.activation, act, slope, layer.dropout, mask, passed_on))
        output = linear[-1]
        loss = loss_room(self._settings, output.pre, output.delta, spec.layers[-1].activation)
        if len(self._stacks) >= _KEPT_STACKS:
            self._stacks.clear()
        stack = self._stacks[rows] = Stack(hidden, output, loss, self._effective)
        return stack
