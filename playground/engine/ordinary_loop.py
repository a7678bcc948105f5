"""What the engine is measured against: training as a tutorial writes it, and the same for the engine itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import nullcontext

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from playground.engine.datasets import DataSet
from playground.engine.headless import denormals_flushed
from playground.engine.history import is_evaluation_step, steps_to_evaluation
from playground.engine.runner import SLICE_SECONDS
from playground.engine.settings import Settings
from playground.engine.spec import NetworkSpec
from playground.engine.step_times import StepTimes
from playground.engine.training import Training

TEST_EVERY = 4  # evaluations a measurement of the test part, as in the training thread
WARM_UP = 20  # steps before the clock runs
_ACTIVATIONS = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU, "tanh": nn.Tanh}


def ordinary_steps(spec: NetworkSpec, settings: Settings, data: DataSet) -> Iterator[tuple[int, Tensor]]:
    """Train for ever with DataLoader, nn.Sequential, Adam and autograd; every item is 1 step made and its loss.

    Parameters
    ----------
    spec
        Dense layers with sigmoid, ReLU or tanh between them.
    settings
        Batch size and learning rate count; optimizer and loss are Adam and cross-entropy.
    data
        Its training part.
    """
    inputs = torch.from_numpy(data.train.as_float())  # [n, inputs]
    labels = torch.from_numpy(data.train.labels.copy())  # [n]
    loader = DataLoader(TensorDataset(inputs, labels), batch_size=settings.batch_size, shuffle=True)
    layers: list[nn.Module] = []
    for before, layer in zip(spec.widths[:-1], spec.layers, strict=True):
        layers.append(nn.Linear(before, layer.width))
        if layer is not spec.layers[-1]:
            layers.append(_ACTIVATIONS[layer.activation]())
    model = nn.Sequential(*layers)
    loss_function = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate)
    while True:
        for batch, expected in loader:
            optimizer.zero_grad()
            loss = loss_function(model(batch), expected)
            loss.backward()
            optimizer.step()
            yield 1, loss


def engine_steps(training: Training, *, has_evaluation: bool) -> Iterator[tuple[int, Tensor]]:
    """Train for ever with the engine, measuring as the training thread does where ``has_evaluation``.

    Every item is how many steps were made at once, as the training thread makes them in a slice, and the batch loss of
    the last one (0-dim).
    """
    evaluations, times = 0, StepTimes()
    while True:
        begun = time.perf_counter()
        steps = training.advance_many(min(times.steps_in(SLICE_SECONDS), steps_to_evaluation(training.step)))
        times.note(steps, time.perf_counter() - begun)
        if has_evaluation and is_evaluation_step(training.step):
            evaluations += 1
            training.evaluate(0, with_test=evaluations % TEST_EVERY == 0)
            training.checkpoint()
        yield steps, training.batch_loss


def steps_per_second(
    steps: Iterator[tuple[int, object]], seconds: float, *, threads: int = 1, flushes_denormals: bool = False
) -> float:
    """Make steps for so long (after a few to get going) and return how many a second, on ``threads`` threads.

    The engine is measured as it trains, with ``flushes_denormals``; the ordinary loop as a tutorial writes it, without.
    """
    torch.set_num_threads(threads)
    with denormals_flushed() if flushes_denormals else nullcontext():
        warm = 0
        while warm < WARM_UP:
            warm += next(steps)[0]
        count, began = 0, time.perf_counter()
        while (passed := time.perf_counter() - began) < seconds:
            count += next(steps)[0]
    return count / passed
