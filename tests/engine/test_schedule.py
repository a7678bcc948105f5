"""The learning rate over the epochs, against values worked out by hand."""

from __future__ import annotations

import math

import pytest

from playground.engine.schedule import learning_rate
from playground.engine.settings import SCHEDULES, Settings


@pytest.mark.parametrize("epoch", [0, 0.3, 1000])
def test_constant(epoch: float) -> None:
    assert learning_rate(Settings(learning_rate=0.07), epoch) == 0.07


@pytest.mark.parametrize(
    ("epoch", "share"),
    [(0, 1), (2, (1 + math.sqrt(0.5)) / 2), (8 / 3, 0.75), (4, 0.5), (16 / 3, 0.25), (8, 0), (8.5, 0), (1e6, 0)],
)
def test_cosine_falls_to_zero_and_stays_there(epoch: float, share: float) -> None:
    settings = Settings(learning_rate=0.02, schedule="cosine", schedule_epochs=8)
    assert learning_rate(settings, epoch) == pytest.approx(0.02 * share, abs=1e-15)


@pytest.mark.parametrize(("epoch", "rate"), [(0, 0.8), (2.99, 0.8), (3, 0.2), (5.9, 0.2), (6, 0.05), (30, 0.8 / 4**10)])
def test_step_multiplies_after_every_span(epoch: float, rate: float) -> None:
    settings = Settings(learning_rate=0.8, schedule="step", schedule_epochs=3, schedule_factor=0.25)
    assert learning_rate(settings, epoch) == pytest.approx(rate, rel=1e-12)


def test_all_schedules_begin_at_the_learning_rate_and_stay_finite() -> None:
    for schedule in SCHEDULES:
        for span in (0.01, 20, 1e6):
            settings = Settings(schedule=schedule, schedule_epochs=span, schedule_factor=1e-6)
            assert learning_rate(settings, 0) == settings.learning_rate
            assert 0 <= learning_rate(settings, 1e6) <= settings.learning_rate


def test_an_unknown_schedule_is_refused() -> None:
    with pytest.raises(ValueError, match="warmup"):
        learning_rate(Settings(schedule="warmup"), 0)
