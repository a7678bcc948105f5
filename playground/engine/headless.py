"""Training without a window: the same engine, from a notebook or the command line."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataSet
from playground.engine.divergence import divergence
from playground.engine.evaluate import first_bad_layer
from playground.engine.history import is_evaluation_step, steps_to_evaluation
from playground.engine.settings import Settings
from playground.engine.snapshots import Measure
from playground.engine.spec import NetworkSpec
from playground.engine.step_times import StepTimes
from playground.engine.training import Training

CALL_SECONDS = 0.1  # of steps between two looks at what happens in Python: Ctrl+C


class DivergedError(ArithmeticError):
    """The loss is no longer a number; the text says at which step and in which layer."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run without a window found. Losses and accuracies are of the final weights, on whole parts."""

    checkpoint: Checkpoint
    train: Measure
    validation: Measure
    test: Measure
    steps: int
    seconds: float  # of training alone


def train(
    spec: NetworkSpec,
    settings: Settings,
    data: DataSet,
    *,
    epochs: int,
    device: str = "cpu",
    threads: int = 1,
    checkpoint: Checkpoint | None = None,
    progress: Callable[[float], None] | None = None,
) -> Outcome:
    """Train for ``epochs`` more epochs and measure on every part of the data.

    Parameters
    ----------
    checkpoint
        Continue from it (``spec`` and ``settings`` are then its own) instead of fresh weights.
    progress
        Told the share done (0..1), after every evaluation.

    Raises
    ------
    SpecError
        Where network and data do not fit together.
    DivergedError
        As soon as the loss of a batch is no longer a number.
    NoExamplesError
        Where the training part is empty.
    """
    torch.set_num_threads(max(1, threads))
    with denormals_flushed():
        training = _begun(spec, settings, data, device, checkpoint)
        first_step = training.step
        seconds = _train(training, epochs, progress)
        training.evaluate(0, with_test=True)
        return Outcome(
            training.checkpoint(),
            training.measured(training.train, is_whole=True),
            training.measured(training.validation, is_whole=True),
            training.measured(training.test, is_whole=True),
            training.step - first_step,
            seconds,
        )


@contextmanager
def denormals_flushed() -> Iterator[None]:
    """Compute as the window's training thread does: what is too small for a normal number is 0.

    Momenta that decay become such numbers after some thousand steps, and sums with them are many times slower. It
    counts for the calling thread; afterwards the caller's own arithmetic keeps its smallest numbers.
    """
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


def _begun(
    spec: NetworkSpec, settings: Settings, data: DataSet, device: str, checkpoint: Checkpoint | None
) -> Training:
    if checkpoint is None:
        return Training(spec, settings, data, device)
    return Training.restored(checkpoint, data, device)


def _train(training: Training, epochs: int, progress: Callable[[float], None] | None) -> float:
    """Train for ``epochs`` more epochs and return the seconds it took."""
    goal = training.epochs_done + epochs
    if training.evaluation is None:
        training.evaluate(0, with_test=False)
    is_on_cpu = training.device.type == "cpu"
    times = StepTimes()
    began = time.perf_counter()
    while training.epochs_done < goal:
        called = time.perf_counter()
        made = training.advance_many(min(times.steps_in(CALL_SECONDS), steps_to_evaluation(training.step)))
        times.note(made, time.perf_counter() - called)
        # elsewhere than on the CPU reading the loss waits for the device
        if (is_on_cpu or is_evaluation_step(training.step)) and not math.isfinite(training.batch_loss.item()):
            _diverged(training)
        if is_evaluation_step(training.step):
            training.evaluate(0, with_test=False)
            if progress:
                progress(min(1.0, 1.0 - (goal - training.epoch) / max(1, epochs)))
    seconds = time.perf_counter() - began
    if first_bad_layer(training.network) is not None:
        _diverged(training)
    return seconds


def _diverged(training: Training) -> None:
    raise DivergedError(f"{divergence(training).sentence} Try a smaller learning rate.")
