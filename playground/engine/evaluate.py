"""How good a network is on examples: loss, accuracy, and which class is taken for which."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.forward import forward
from playground.engine.losses import example_losses
from playground.engine.network import Network
from playground.engine.scripted import scripted
from playground.engine.snapshots import Measure
from playground.engine.spec import NetworkSpec

_CHUNK_VALUES = 1 << 20  # of the widest layer that is computed: large enough to be fast, 4 MB


@dataclass(frozen=True, eq=False)
class Confusion:
    """``counts[label, answer]``: how many examples of class ``label`` the network takes for ``answer``."""

    counts: NDArray[np.int64]

    @property
    def recall(self) -> NDArray[np.float64]:
        """Return for each class which share of its examples is recognised; NaN where there are none."""
        totals = self.counts.sum(axis=1)
        right = np.diagonal(self.counts)
        shares: NDArray[np.float64] = np.divide(right, totals, out=np.full(len(totals), np.nan), where=totals > 0)
        return shares


class Firing:
    """Notes which ReLU neurons are above 0 for some example that is measured."""

    def __init__(self) -> None:
        self._has_fired: list[Tensor] = []  # by layer, bool [units]

    def note(self, fired: list[Tensor]) -> None:
        """Take in for every layer which of its units were not 0 for some of the examples, bool ``[units]``."""
        self._has_fired = fired

    def silent(self, spec: NetworkSpec) -> tuple[tuple[int, ...], ...]:
        """Return per layer the ids of the neurons that were 0 for all examples; empty where none was measured."""
        found: list[tuple[int, ...]] = []
        for index, layer in enumerate(spec.layers):
            is_told = layer.activation == "relu" and bool(self._has_fired)
            fired = self._has_fired[index].tolist() if is_told else [True] * layer.width
            found.append(tuple(unit for unit, has_fired in zip(layer.units, fired, strict=True) if not has_fired))
        return tuple(found)


@torch.no_grad()
def measure(
    network: Network,
    inputs: Tensor,
    targets: Tensor,
    loss: str,
    threshold: float | None = None,
    firing: Firing | None = None,
) -> Measure:
    """Measure the mean loss (without penalties) and the accuracy, without dropout.

    Parameters
    ----------
    network
    inputs : Tensor [n, inputs]
    targets : Tensor [n], int64, or [n, outputs], float
        Classes, or what the outputs are to be.
    loss
        ``cross_entropy`` or ``squared_error``.
    threshold
        For targets that are numbers: where one of two classes ends and the other begins.
    firing
        Takes note of the neurons that fire for these examples.

    Returns
    -------
    Measure
        NaN in both where there are no examples. An example counts as right where the output of its class is the
        largest; with a threshold, where output and target lie on the same side of it. Without, numbers have no
        accuracy: NaN.
    """
    if not len(inputs):
        return Measure(float("nan"), float("nan"), 0)
    # a GPU is only handed its work, and TorchScript would begin by compiling kernels of its own for it
    function = scripted(_sums) if inputs.device.type == "cpu" else _sums
    sums, fired = function(
        network.layers(), network.activations(loss), inputs, targets, loss, threshold, _rows(network.spec)
    )
    if firing is not None:
        firing.note(fired)
    losses, right = sums.T.tolist()  # all that is read is read at once: it waits for the device
    count = len(inputs)
    return Measure(sum(losses) / count, sum(right) / count, count)


def _sums(
    layers: list[tuple[Tensor, Tensor]],
    activations: list[str],
    inputs: Tensor,
    targets: Tensor,
    loss: str,
    threshold: float | None,
    rows: int,
) -> tuple[Tensor, list[Tensor]]:
    """Return sum of the losses and right answers of every chunk ``[chunks, 2]``, and which ReLU units were ever not 0.

    A chunk is so many ``rows``. Nothing is of double precision, which not every device has. TorchScript as well as
    Python (see ``scripted``).
    """
    sums: list[Tensor] = []
    fired = [torch.zeros_like(bias, dtype=torch.bool) for _, bias in layers]
    for start in range(0, len(inputs), rows):
        pre, act = forward(layers, activations, inputs[start : start + rows])
        expected = targets[start : start + rows]
        losses = example_losses(loss, pre[-1], act[-1], expected).sum()
        sums.append(torch.stack([losses, _right(act[-1], expected, threshold).to(losses.dtype)]))
        for index, values in enumerate(act):
            if activations[index] == "relu":  # nothing of it is below 0, and what is no number is not 0
                fired[index].logical_or_(values.amax(0) != 0)
    return torch.stack(sums), fired


def _right(act: Tensor, expected: Tensor, threshold: float | None) -> Tensor:
    """Return how many of these answers are right (0-dim); NaN where there is no right and wrong."""
    if expected.dim() == 1:
        return (act.argmax(dim=1) == expected).sum()
    if threshold is None:
        return act.new_full((), math.nan)
    return ((act > threshold) == (expected > threshold)).all(dim=1).sum()


@torch.no_grad()
def mistakes(
    network: Network, inputs: Tensor, targets: Tensor, loss: str, threshold: float | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the examples that count as wrong in `measure`, and the class that is answered for each.

    Parameters
    ----------
    network, inputs, targets, loss, threshold
        As in `measure`.

    Returns
    -------
    Indices into ``inputs`` and answered classes, ``[mistakes]`` each; none where there is no right and wrong.
    """
    wrong, answers = [], []
    start = 0
    for _, act, expected in _chunks(network, inputs, targets, loss):
        if expected.ndim == 1:
            answered, right = act.argmax(dim=1), expected
        elif threshold is not None and act.shape[1] == 1:
            answered, right = (side.squeeze(1) > threshold for side in (act, expected))
        else:
            break
        found = (answered != right).nonzero().squeeze(1)
        wrong.append(found + start)
        answers.append(answered[found].long())
        start += len(act)
    if not wrong:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return torch.cat(wrong).cpu().numpy().copy(), torch.cat(answers).cpu().numpy().copy()


@torch.no_grad()
def confusion(network: Network, inputs: Tensor, labels: Tensor, classes: int, loss: str = "cross_entropy") -> Confusion:
    """Count for each class what its examples are taken for.

    Parameters
    ----------
    network
    inputs : Tensor [n, inputs]
    labels : Tensor [n], int64, each below ``classes``
    classes
        As many as the network has outputs.
    loss
        As in ``measure``: says how the output is read.
    """
    counts = torch.zeros(classes * classes, dtype=torch.int64, device=inputs.device)
    for _, act, expected in _chunks(network, inputs, labels, loss):
        counts += torch.bincount(expected * classes + act.argmax(dim=1), minlength=classes * classes)
    return Confusion(counts.cpu().numpy().reshape(classes, classes).copy())


def _chunks(network: Network, inputs: Tensor, targets: Tensor, loss: str) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Yield output pre-activation, output activation and targets, as many examples at a time as need little memory."""
    rows = _rows(network.spec)
    for start in range(0, len(inputs), rows):
        pre, act = network.forward(inputs[start : start + rows], loss)
        yield pre[-1], act[-1], targets[start : start + rows]


def _rows(spec: NetworkSpec) -> int:
    """Return how many examples to compute at a time."""
    return max(1, _CHUNK_VALUES // max(spec.widths[1:]))


def first_bad_layer(network: Network) -> int | None:
    """Return the first layer that holds a weight or bias which is NaN or infinite, None where all are numbers."""
    if bool(torch.isfinite(network.parameters).all()):
        return None
    for index, slots in enumerate(network.spec.slots):
        if not bool(torch.isfinite(network.parameters[slots.whole]).all()):
            return index
    return None
