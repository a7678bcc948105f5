"""The two losses: how wrong the outputs are, and the slope with which backpropagation begins.

Both are means over the batch. Targets are classes, int64 ``[batch]``, which stand for their one-hot vectors; or
numbers ``[batch, outputs]``. Under cross-entropy numbers are probabilities, 0 to 1, one for each output.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import Tensor

from playground.engine.activations import DERIVATIVES, FUNCTIONS
from playground.engine.settings import Settings


class CrossEntropy:
    """-log softmax(pre)[label]. Its slope over the pre-activations is softmax(pre) - one-hot.

    Softmax and logarithm cancel so far that no derivative of an activation is left (Bishop 2006, equation 4.109).
    With numbers for targets each output is read by itself: -t log sigmoid(pre) - (1 - t) log sigmoid(-pre), of the
    slope sigmoid(pre) - t (equation 4.91).

    ``pre`` and ``delta`` are the tensors ``[batch, outputs]`` that each call reads and writes. They are seen as
    ``[outputs, batch]`` here: in this layout torch takes the softmax of many examples at once, six times as fast.
    """

    def __init__(self, pre: Tensor, delta: Tensor, _activation: str) -> None:
        self._pre, self._delta = pre.T, delta.T
        self._log_softmax = torch.empty_like(self._pre)
        self._of_examples = self._log_softmax.T
        self._minus_one = pre.new_full((1, len(pre)), -1)
        self._share = 1 / len(pre)

    def __call__(self, labels: Tensor) -> Tensor:
        """Write d loss / d pre into ``delta`` and return the loss (0-dim)."""
        if labels.ndim == 2:
            return self._binary(labels.T)
        torch.log_softmax(self._pre, 0, out=self._log_softmax)
        delta = torch.exp(self._log_softmax, out=self._delta)  # softmax
        delta.scatter_add_(0, labels.unsqueeze(0), self._minus_one).mul_(self._share)
        return F.nll_loss(self._of_examples, labels)

    def _binary(self, targets: Tensor) -> Tensor:
        torch.sigmoid(self._pre, out=self._delta).sub_(targets).mul_(self._share)
        softplus = torch.logaddexp(self._pre, self._pre.new_zeros(()), out=self._log_softmax)
        return softplus.addcmul_(targets, self._pre, value=-1).sum().mul_(self._share)


class SquaredError:
    """½ Σ (act - target)² over the outputs. Its slope is act - target, times the slope of the activation.

    ``pre`` and ``delta`` as above.
    """

    def __init__(self, pre: Tensor, delta: Tensor, activation: str) -> None:
        self._function, self._derivative = FUNCTIONS[activation], DERIVATIVES[activation]
        self._pre, self._delta = pre, delta
        self._act, self._slope = torch.empty_like(pre), torch.empty_like(pre)
        self._minus_one = pre.new_full((len(pre), 1), -1)
        self._share = 1 / len(pre)

    def __call__(self, labels: Tensor) -> Tensor:
        """Write d loss / d pre into ``delta`` and return the loss (0-dim)."""
        act = self._function(self._pre, self._act)
        if labels.ndim == 2:
            error = torch.sub(act, labels, out=self._delta)
        else:
            error = self._delta.copy_(act).scatter_add_(1, labels.unsqueeze(1), self._minus_one)
        loss = error.square().sum().mul_(self._share / 2)
        error.mul_(self._share).mul_(self._derivative(self._pre, act, self._slope))
        return loss


class RosenblattRule:
    """Rosenblatt's rule: an output fires where its pre-activation is above 0, and learns only where that is wrong.

    What stands for the slope is fires - should fire: 0, or ±1 (Rosenblatt 1962, chapter 5; Bishop 2006, equation
    4.55). A number as target says by its sign whether the output should fire. The loss is half the wrong outputs.
    """

    def __init__(self, pre: Tensor, delta: Tensor, _activation: str) -> None:
        self._pre, self._delta = pre, delta
        self._share = 1 / len(pre)

    def __call__(self, targets: Tensor) -> Tensor:
        """Write the errors over the batch into ``delta`` and return the loss (0-dim)."""
        error = self._delta.copy_(rosenblatt_error(self._pre, targets))
        loss = error.square().sum().mul_(self._share / 2)
        error.mul_(self._share)
        return loss


def rosenblatt_error(pre: Tensor, targets: Tensor) -> Tensor:
    """Return fires - should fire ``[n, outputs]``: 0, 1 or -1 (see `RosenblattRule`)."""
    if targets.ndim == 2:
        should_fire = targets > 0
    else:
        should_fire = targets.unsqueeze(1) == torch.arange(pre.shape[1], device=pre.device)
    return (pre > 0).to(pre.dtype) - should_fire.to(pre.dtype)


WrittenLoss = CrossEntropy | SquaredError | RosenblattRule
WRITTEN_LOSSES: dict[str, type[CrossEntropy | SquaredError]] = {
    "cross_entropy": CrossEntropy,
    "squared_error": SquaredError,
}


def written_loss(settings: Settings) -> type[WrittenLoss]:
    """Return what gives the slope under these settings: their loss, or, where there is none, the learning rule."""
    return RosenblattRule if settings.optimizer == "perceptron" else WRITTEN_LOSSES[settings.loss]


def example_losses(name: str, pre: Tensor, act: Tensor, targets: Tensor) -> Tensor:
    """Return the loss of each example ``[n]`` from pre-activation and activation ``[n, outputs]`` of the output layer.

    ``targets`` are classes ``[n]`` or numbers ``[n, outputs]``. By torch's own functions, so autograd can follow.
    Raises ValueError for a name that is no loss.
    """
    if name == "cross_entropy":
        if targets.ndim == 2:
            return F.binary_cross_entropy_with_logits(pre, targets, reduction="none").sum(dim=1)
        return F.nll_loss(torch.log_softmax(pre.T, dim=0).T, targets, reduction="none")
    if name == "squared_error":
        error: Tensor = act - (targets if targets.ndim == 2 else F.one_hot(targets, act.shape[1]))
        return error.square().sum(dim=1) / 2
    raise ValueError(f"'{name}' is no loss.")
