"""Snapshots with made-up curves for the tests of the plots."""

from __future__ import annotations

from typing import Any

import numpy as np

from playground.engine.settings import Settings
from playground.engine.snapshots import Curves, Evaluation, Measure, Snapshot
from playground.engine.spec import build

SPEC = build((4, 3, 2))


def curves(points: int, every: int = 10, seed: int = 0) -> Curves:
    """Return ``points`` points, falling losses and rising accuracies with some noise."""
    random = np.random.default_rng(seed)
    steps = np.arange(points, dtype=np.int64) * every
    fall = np.exp(-steps / 400.0)
    noise = 0.01 * random.standard_normal((4, points))
    values = np.stack([0.2 + 2.1 * fall, 0.95 - 0.85 * fall, 0.3 + 2.0 * fall, 0.93 - 0.83 * fall])
    return Curves(steps, (values + noise).T.copy())


def part(whole: Curves, points: int) -> Curves:
    """Return the first points of a longer run, as a snapshot of it would have held them."""
    return Curves(whole.steps[:points], whole.values[:points])


def snapshot(shown: Curves | None, **changes: Any) -> Snapshot:
    """Return a snapshot that carries these curves."""
    step = int(shown.steps[-1]) if shown is not None and len(shown.steps) else 0
    base = {"applied_seq": 0, "step": step, "epoch": 0.0, "is_running": False, "spec": SPEC, "settings": Settings()}
    parameters = np.zeros(SPEC.parameter_count, np.float32)
    return Snapshot(**{**base, "parameters": parameters, "curves": shown, **changes})


def evaluation(step: int, row: Any) -> Evaluation:
    """Return a measurement: train loss, train accuracy, validation loss, validation accuracy."""
    train, validation = Measure(row[0], row[1], 100), Measure(row[2], row[3], 100)
    return Evaluation(step, train, validation)
