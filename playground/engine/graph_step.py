"""The written-out step on a GPU: its kernels are recorded once, as a CUDA graph, and then started all at once.

A step of a small network is some thirty kernels of a few microseconds each. To start them one by one from Python takes
several times as long as they run. A CUDA graph holds them with all their addresses and is started by a single call
(*CUDA C++ Programming Guide*, "CUDA Graphs"; torch.cuda.CUDAGraph).

What a recording cannot see is whatever Python decides between two steps. So that is kept out of it: the number of the
update and the learning rate lie in tensors that are written before each start, and a recording is dropped as soon as
the network has other masks or moments than it was recorded with. Other settings or another structure bring a new step.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from playground.engine.network import Network
from playground.engine.settings import Settings
from playground.engine.step import WrittenStep

WARM_UPS = 3  # steps made one kernel at a time before a recording: libraries make their working memory in the first
KEPT = 4  # recordings: batches are all of one size but the last of an epoch

log = logging.getLogger(__name__)


class Recording(Protocol):
    """Work on tensors, recorded without being done, to be done as often as it is played."""

    def play(self) -> None:
        """Do it once more, with what its tensors hold now."""


Recorder = Callable[[Callable[[], None], torch.Generator], Recording]


class CudaRecording:
    """A CUDA graph of ``work``, which draws from ``generator`` (of the same device) and reads no number back.

    Raises
    ------
    RuntimeError
        Where the device cannot record this work; none of it has been done then.
    """

    def __init__(self, work: Callable[[], None], generator: torch.Generator) -> None:
        self._graph = torch.cuda.CUDAGraph()
        self._graph.register_generator_state(generator)
        with torch.cuda.graph(self._graph, capture_error_mode="thread_local"):
            work()

    def play(self) -> None:
        """Start all kernels in one call."""
        self._graph.replay()


@dataclass(slots=True)
class _Batch:
    """What trains on batches in these two tensors. A recording reads and writes where all of this lies: it is kept."""

    inputs: Tensor  # [B, in]
    targets: Tensor  # [B] or [B, outputs]
    step: WrittenStep
    steps: int = 0
    recording: Recording | None = None


class GraphStep:
    """`WrittenStep`, recorded. Inputs and targets are to come in the same tensors each time; others cost a recording.

    Parameters
    ----------
    network, settings, dropout_generator
        As for `WrittenStep`.
    record
        Makes a recording.
    """

    def __init__(
        self,
        network: Network,
        settings: Settings,
        dropout_generator: torch.Generator,
        record: Recorder = CudaRecording,
    ) -> None:
        self._network, self._settings, self._generator = network, settings, dropout_generator
        self._record: Recorder | None = record
        self.loss = torch.zeros((), dtype=network.parameters.dtype, device=network.parameters.device)
        self.pre: list[Tensor] = []
        self._rate = torch.zeros((), device=network.parameters.device)
        self._batches: dict[tuple[int, int, int], _Batch] = {}
        self._recorded_with = self._what_recordings_hold()

    @torch.inference_mode()
    def __call__(self, inputs: Tensor, targets: Tensor, learning_rate: float) -> None:
        """Make one update from ``inputs`` ``[B, in]`` and ``targets`` ``[B]`` (int64) or ``[B, outputs]``."""
        batch = self._batch(inputs, targets)
        self._rate.fill_(learning_rate)
        batch.step.begin()
        if self._is_outdated():  # the first update makes the moments
            batch.steps, batch.recording = 0, None
        if batch.recording is None and batch.steps >= WARM_UPS and self._record is not None:
            self._try_to_record(batch, self._record)
        if batch.recording is None:
            batch.step.run(inputs, targets, self._rate)
        else:
            batch.recording.play()
        batch.step.end()
        self.loss, self.pre = batch.step.loss, batch.step.pre
        batch.steps += 1

    def _batch(self, inputs: Tensor, targets: Tensor) -> _Batch:
        """Return what trains on batches in these tensors, nothing of it being out of date."""
        if self._is_outdated():
            self._batches.clear()
        key = inputs.data_ptr(), targets.data_ptr(), len(inputs)
        batch = self._batches.get(key)
        if batch is None:
            if len(self._batches) >= KEPT:
                self._batches.clear()
            step = WrittenStep(self._network, self._settings, self._generator)
            batch = self._batches[key] = _Batch(inputs, targets, step)
        return batch

    def _is_outdated(self) -> bool:
        """Say whether masks or moments are others than those that recordings were made with; once for each change."""
        found, before = self._what_recordings_hold(), self._recorded_with
        self._recorded_with = found
        return any(new is not old for new, old in zip(found, before, strict=True))

    def _what_recordings_hold(self) -> tuple[Tensor | None, ...]:
        network = self._network
        return network.present, network.update_mask(), network.first_moment, network.second_moment

    def _try_to_record(self, batch: _Batch, record: Recorder) -> None:
        try:
            batch.recording = record(lambda: batch.step.run(batch.inputs, batch.targets, self._rate), self._generator)
        except RuntimeError:
            log.warning("This device cannot record a training step: it goes on one kernel at a time.", exc_info=True)
            self._record = None
