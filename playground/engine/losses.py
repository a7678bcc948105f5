"""The two losses: how wrong the outputs are, and the slope with which backpropagation begins.

Both are means over the batch. Targets are classes, int64 ``[batch]``, which stand for their one-hot vectors; or
numbers ``[batch, outputs]``. Under cross-entropy numbers are probabilities, 0 to 1, one for each output. What
``written_loss`` calls is TorchScript as well as Python (see ``step``).
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import Tensor

from playground.engine.activations import write_activation, write_slope
from playground.engine.settings import Settings


class LossRoom(NamedTuple):
    """What a loss reads and writes for one size of batch. The transposed tensors are views."""

    name: str
    activation: str  # of the output layer
    pre: Tensor  # [batch, outputs]
    pre_t: Tensor
    delta: Tensor  # [batch, outputs] d loss / d pre
    delta_t: Tensor
    act: Tensor  # [batch, outputs]; under cross-entropy log softmax
    act_t: Tensor
    slope: Tensor  # [batch, outputs] d act / d pre
    minus_one: Tensor  # [batch, 1]
    minus_one_t: Tensor
    share: Tensor  # 0-dim, 1 / batch: a number would be made a tensor in every step


def loss_room(settings: Settings, pre: Tensor, delta: Tensor, activation: str) -> LossRoom:
    """Return the room for the loss of these settings, or for Rosenblatt's rule, which takes its place.

    ``pre`` and ``delta`` ``[batch, outputs]`` are the caller's: each loss is taken from the one and writes the other.
    Cross-entropy is six times as fast where they lie in memory as ``[outputs, batch]``.
    """
    name = "perceptron" if settings.optimizer == "perceptron" else settings.loss
    act, slope = torch.empty_like(pre), torch.empty_like(pre)
    minus_one = pre.new_full((len(pre), 1), -1)
    share = pre.new_full((), 1 / len(pre))
    return LossRoom(name, activation, pre, pre.T, delta, delta.T, act, act.T, slope, minus_one, minus_one.T, share)


def written_loss(room: LossRoom, targets: Tensor) -> Tensor:
    """Write d loss / d pre into ``room.delta`` and return the loss (0-dim).

    Raises ValueError for a name that is no loss.
    """
    if room.name == "cross_entropy":
        return _binary_cross_entropy(room, targets) if targets.dim() == 2 else _cross_entropy(room, targets)
    if room.name == "squared_error":
        return _squared_error(room, targets)
    if room.name == "perceptron":
        return _rosenblatt_rule(room, targets)
    raise ValueError(f"'{room.name}' is no loss.")


def _cross_entropy(room: LossRoom, labels: Tensor) -> Tensor:
    """-log softmax(pre)[label]. Its slope over the pre-activations is softmax(pre) - one-hot.

    Softmax and logarithm cancel so far that no derivative of an activation is left (Bishop 2006, equation 4.109).
    """
    torch.log_softmax(room.pre_t, 0, out=room.act_t)  # over the outputs of many examples at once
    softmax = torch.exp(room.act_t, out=room.delta_t)
    softmax.scatter_add_(0, labels.unsqueeze(0), room.minus_one_t).mul_(room.share)
    return F.nll_loss(room.act, labels)


def _binary_cross_entropy(room: LossRoom, targets: Tensor) -> Tensor:
    """Each output by itself: -t log sigmoid(pre) - (1 - t) log sigmoid(-pre), of the slope sigmoid(pre) - t.

    Bishop 2006, equation 4.91.
    """
    torch.sigmoid(room.pre, out=room.delta).sub_(targets).mul_(room.share)
    softplus = torch.logaddexp(room.pre, room.pre.new_zeros(()), out=room.act)
    return softplus.addcmul_(targets, room.pre, value=-1).sum().mul_(room.share)


def _squared_error(room: LossRoom, targets: Tensor) -> Tensor:
    """½ Σ (act - target)² over the outputs. Its slope is act - target, times the slope of the activation."""
    act = write_activation(room.activation, room.pre, room.act)
    if targets.dim() == 2:
        error = torch.sub(act, targets, out=room.delta)
    else:
        error = room.delta.copy_(act).scatter_add_(1, targets.unsqueeze(1), room.minus_one)
    loss = error.square().sum().mul_(room.share).div_(2)
    error.mul_(room.share).mul_(write_slope(room.activation, room.pre, act, room.slope))
    return loss


def _rosenblatt_rule(room: LossRoom, targets: Tensor) -> Tensor:
    """Rosenblatt's rule: an output fires where its pre-activation is above 0, and learns only where that is wrong.

    What stands for the slope is fires - should fire: 0, or ±1 (Rosenblatt 1962, chapter 5; Bishop 2006, equation
    4.55). A number as target says by its sign whether the output should fire. The loss is half the wrong outputs.
    """
    error = room.delta.copy_(rosenblatt_error(room.pre, targets))
    loss = error.square().sum().mul_(room.share).div_(2)
    error.mul_(room.share)
    return loss


def rosenblatt_error(pre: Tensor, targets: Tensor) -> Tensor:
    """Return fires - should fire ``[n, outputs]``: 0, 1 or -1 (see `_rosenblatt_rule`)."""
    if targets.dim() == 2:
        should_fire = targets > 0
    else:
        should_fire = targets.unsqueeze(1) == torch.arange(pre.shape[1], device=pre.device)
    return (pre > 0).to(pre.dtype) - should_fire.to(pre.dtype)


def example_losses(name: str, pre: Tensor, act: Tensor, targets: Tensor) -> Tensor:
    """Return the loss of each example ``[n]`` from pre-activation and activation ``[n, outputs]`` of the output layer.

    ``targets`` are classes ``[n]`` or numbers ``[n, outputs]``. By torch's own functions, so autograd can follow.
    Raises ValueError for a name that is no loss.
    """
    if name == "cross_entropy":
        if targets.dim() == 2:
            return F.binary_cross_entropy_with_logits(pre, targets, reduction="none").sum(dim=1)
        return F.nll_loss(torch.log_softmax(pre.T, dim=0).T, targets, reduction="none")
    if name == "squared_error":
        error: Tensor = act - (targets if targets.dim() == 2 else F.one_hot(targets, act.shape[1]))
        return error.square().sum(dim=1) / 2
    raise ValueError(f"'{name}' is no loss.")
