"""What the engine is compared with trains the same thing, and measures where the training thread does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import pytest
import torch
from torch import Tensor

from playground.engine.datasets import DataSet
from playground.engine.ordinary_loop import WARM_UP, engine_steps, ordinary_steps, steps_per_second
from playground.engine.settings import Settings
from playground.engine.spec import build
from playground.engine.training import Training
from playground.engine.vectors import vectors_data

SPEC = build((2, 8, 2), activation="tanh")
SETTINGS = Settings(batch_size=8, learning_rate=0.02)


@pytest.fixture
def data() -> DataSet:
    generator = np.random.default_rng(3)
    inputs = generator.normal(size=(40, 2)).round(3)
    labels = (inputs[:, 0] > inputs[:, 1]).astype(int)
    return vectors_data(
        {"features": ["a", "b"], "classes": ["low", "high"], "inputs": inputs.tolist(), "labels": labels.tolist()}
    )


def mean(losses: Sequence[Tensor]) -> float:
    return sum(loss.item() for loss in losses) / len(losses)


def test_both_loops_learn_over_many_epochs(data: DataSet) -> None:
    ordinary = [loss for _, loss in islice(ordinary_steps(SPEC, SETTINGS, data), 300)]
    training = Training(SPEC, SETTINGS, data)
    made, engine = zip(*islice(engine_steps(training, has_evaluation=False), 100), strict=True)
    assert training.step == sum(made) > 300
    for losses in (ordinary, engine):
        assert mean(losses[-10:]) < 0.5 * mean(losses[:10])


def test_the_engine_is_measured_at_the_fixed_steps_or_not_at_all(data: DataSet) -> None:
    bare, whole = (Training(SPEC, SETTINGS, data) for _ in range(2))
    for training, has_evaluation in ((bare, False), (whole, True)):
        steps = engine_steps(training, has_evaluation=has_evaluation)
        while training.step < 30:
            next(steps)
    assert not len(bare.history.curves.steps)
    assert whole.history.curves.steps.tolist() == [*range(1, 21), 25, 30]


def test_steps_are_counted_after_the_first_ones(data: DataSet) -> None:
    training = Training(SPEC, SETTINGS, data)
    rate = steps_per_second(engine_steps(training, has_evaluation=False), 0.05)
    assert rate == pytest.approx((training.step - WARM_UP) / 0.05, rel=0.2)


def test_only_the_engine_flushes_denormals_and_only_while_it_is_measured(data: DataSet) -> None:
    tiny = torch.full((8,), 1e-40)
    found: list[float] = []

    def steps() -> Iterator[tuple[int, Tensor]]:
        while True:
            found.append((tiny * 0.5).sum().item())
            yield 1, tiny

    steps_per_second(steps(), 0.001)
    assert min(found) > 0
    found.clear()
    steps_per_second(steps(), 0.001, flushes_denormals=True)
    assert max(found) == 0
    assert (tiny * 0.5).sum().item() > 0


@pytest.mark.parametrize(("seconds", "most"), [(0.0, 1), (60.0, 5)])
def test_the_engine_makes_at_once_what_fits_into_a_slice_of_the_training_thread(
    data: DataSet, seconds: float, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.engine.ordinary_loop.SLICE_SECONDS", seconds)
    steps = engine_steps(Training(SPEC, SETTINGS, data), has_evaluation=False)
    assert max(made for made, _ in islice(steps, 100)) == most, "an epoch has five steps"
