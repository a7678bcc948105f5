from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from playground.engine.headless import DivergedError, train
from playground.engine.settings import Settings
from playground.engine.spec import SpecError, build
from playground.engine.training import NoExamplesError, Training
from tests.engine.blobs import blobs
from tests.engine.test_network_runner import Desk, ask

SETTINGS = Settings(batch_size=16, seed=3)
SPEC = build((6, 5, 4, 3))


def test_the_same_engine_as_the_windows_to_the_last_bit() -> None:
    outcome = train(SPEC, SETTINGS, blobs(), epochs=3)
    shown = Desk(SETTINGS, SPEC, blobs()).ask(ask.Advance(epochs=3))
    assert np.array_equal(outcome.checkpoint.arrays["parameters"], shown.parameters)
    assert (outcome.steps, outcome.checkpoint.epochs_done) == (24, 3)
    assert outcome.validation == shown.evaluation.validation


def test_it_learns_and_measures_every_part() -> None:
    told: list[float] = []
    outcome = train(SPEC, SETTINGS, blobs(), epochs=40, progress=told.append)
    assert outcome.test.accuracy > 0.95
    assert (outcome.train.count, outcome.validation.count, outcome.test.count) == (120, 60, 60)
    assert told == sorted(told)
    assert told[-1] <= 1.0


def test_a_checkpoint_is_continued_bit_for_bit() -> None:
    whole = train(SPEC, SETTINGS, blobs(), epochs=5)
    part = train(SPEC, SETTINGS, blobs(), epochs=2)
    rest = train(SPEC, SETTINGS, blobs(), epochs=3, checkpoint=part.checkpoint)
    assert np.array_equal(rest.checkpoint.arrays["parameters"], whole.checkpoint.arrays["parameters"])


def test_divergence_names_step_and_layer_and_a_way_out() -> None:
    spec = build((6, 5, 3), activation="relu", output_activation="identity")
    wild = Settings(optimizer="sgd", loss="squared_error", learning_rate=1000.0, batch_size=16)
    with pytest.raises(DivergedError, match=r"at step \d+ the .* Try a smaller learning rate\."):
        train(spec, wild, blobs(), epochs=5)


def test_what_does_not_fit_or_is_not_there_is_refused() -> None:
    with pytest.raises(SpecError, match="9 inputs"):
        train(SPEC, SETTINGS, blobs(features=9), epochs=1)
    data = blobs()
    from dataclasses import replace

    with pytest.raises(NoExamplesError):
        train(SPEC, SETTINGS, replace(data, train=data.train.taken([])), epochs=1)


def test_the_callers_arithmetic_keeps_its_smallest_numbers() -> None:
    train(SPEC, SETTINGS, blobs(), epochs=1)
    assert float(torch.tensor(1e-40) * 0.5) > 0.0
    assert math.ulp(0.0) > 0.0


def test_no_call_is_longer_than_ctrl_c_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    now, asked = [0.0], []
    advance_many = Training.advance_many

    def slow(self: Training, most: int) -> int:
        asked.append(most)
        made = advance_many(self, most)
        now[0] += 0.04 * made
        return made

    monkeypatch.setattr(Training, "advance_many", slow)
    monkeypatch.setattr("time.perf_counter", lambda: now[0])
    train(SPEC, SETTINGS, blobs(), epochs=100)
    assert max(asked) == 2
