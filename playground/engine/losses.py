"""The two losses: how wrong the outputs are, and the slope with which backpropagation begins.

Both are means over the batch. Labels are classes, int64 ``[batch]``; the target is the one-hot vector of the class.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import Tensor

from playground.engine.activations import DERIVATIVES, FUNCTIONS


class CrossEntropy:
    """-log softmax(pre)[label]. Its slope over the pre-activations is softmax(pre) - one-hot.

    Softmax and logarithm cancel so far that no derivative of an activation is left (Bishop 2006, equation 4.109).

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
        torch.log_softmax(self._pre, 0, out=self._log_softmax)
        delta = torch.exp(self._log_softmax, out=self._delta)  # softmax
        delta.scatter_add_(0, labels.unsqueeze(0), self._minus_one).mul_(self._share)
        return F.nll_loss(self._of_examples, labels)


class SquaredError:
    """½ Σ (act - one-hot)² over the outputs. Its slope is act - one-hot, times the slope of the activation.

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
        error = self._delta.copy_(act).scatter_add_(1, labels.unsqueeze(1), self._minus_one)
        loss = error.square().sum().mul_(self._share / 2)
        error.mul_(self._share).mul_(self._derivative(self._pre, act, self._slope))
        return loss


WRITTEN_LOSSES: dict[str, type[CrossEntropy | SquaredError]] = {
    "cross_entropy": CrossEntropy,
    "squared_error": SquaredError,
}


def example_losses(name: str, pre: Tensor, act: Tensor, labels: Tensor) -> Tensor:
    """Return the loss of each example ``[n]`` from pre-activation and activation ``[n, outputs]`` of the output layer.

    By torch's own functions, so autograd can follow. Raises ValueError for a name that is no loss.
    """
    if name == "cross_entropy":
        return F.nll_loss(torch.log_softmax(pre.T, dim=0).T, labels, reduction="none")
    if name == "squared_error":
        error: Tensor = act - F.one_hot(labels, act.shape[1])
        return error.square().sum(dim=1) / 2
    raise ValueError(f"'{name}' is no loss.")
