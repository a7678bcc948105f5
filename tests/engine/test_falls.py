"""A training that loses what it had learnt is noticed, measured and can go back; what the hand does is no fall."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.engine import commands as ask
from playground.engine.settings import Settings
from playground.engine.snapshots import Snapshot
from playground.engine.spec import build
from tests.engine.blobs import blobs
from tests.engine.runner_desk import RunnerDesk

SPEC = build((6, 5, 4, 3))
SETTINGS = Settings(batch_size=16, learning_rate=0.01, seed=3)
LARGE = 300  # examples of each class


class Desk(RunnerDesk):
    def ruin(self, steps: int = 200) -> Snapshot:
        self.ask(ask.Change({"learning_rate": 1000.0}))
        return self.train(steps)


@pytest.fixture
def desk() -> Desk:
    return Desk(SPEC, SETTINGS, blobs(count=LARGE))


def test_a_fall_is_told_with_what_was_measured_and_its_best_step_comes_back(desk: Desk) -> None:
    learnt = desk.train(1_000)
    assert learnt.fall is None
    assert learnt.evaluation is not None
    assert learnt.evaluation.validation.accuracy > 0.9
    fallen = desk.ruin()
    fall = fallen.fall
    assert fallen.trouble is None, "all numbers are still numbers"
    assert fall is not None
    curves = fallen.curves
    assert curves is not None
    best = int(np.nanargmin(curves.values[:, 2]))
    assert (fall.best_step, fall.best.loss) == (curves.steps[best], curves.values[best, 2])
    assert fall.now.loss == curves.values[list(curves.steps).index(fall.step), 2]
    assert fall.now.loss >= 4 * fall.best.loss
    assert fall.now.accuracy <= fall.best.accuracy - 0.2
    assert fallen.way_back == fall.best_step
    assert desk.train(200).fall == fall, "told once"
    back = desk.ask(ask.BackToLastGood())
    assert (back.step, back.fall, back.way_back) == (fall.best_step, None, None)
    assert back.evaluation is not None
    assert back.evaluation.validation == fall.best
    assert back.settings.learning_rate == 1000.0
    undone = desk.ask(ask.Revert(desk.seq))
    assert undone.step == 1_400
    desk.ask(ask.Reapply(desk.seq - 1))
    again = desk.train(200)
    assert again.fall is not None
    assert again.fall.number == fall.number + 1


def test_a_training_that_recovers_is_no_longer_fallen(desk: Desk) -> None:
    desk.train(1_000)
    assert desk.ruin(60).fall is None, "one measurement alone may be one bad batch"
    assert desk.train(140).fall is not None
    desk.ask(ask.Reset({}))
    assert desk.shown.fall is None
    assert desk.shown.way_back is None


def test_what_the_hand_has_damaged_is_no_fall(desk: Desk) -> None:
    desk.train(1_000)
    layer = SPEC.layers[-1]
    damaged = desk.ask(ask.TransformUnits(layer.id, layer.units, "scale", -20.0))
    assert damaged.evaluation is not None
    assert damaged.evaluation.validation.accuracy < 0.5
    desk.ask(ask.Change({"learning_rate": 1e-6}))
    assert desk.train(600).fall is None
    assert desk.shown.way_back is None


def test_no_alarm_at_the_start_nor_on_tiny_data() -> None:
    fresh = Desk(SPEC, SETTINGS, blobs(count=LARGE))
    assert fresh.ruin(400).fall is None, "nothing had been learnt"
    tiny = Desk(SPEC, SETTINGS, blobs(count=60))  # 30 for validation
    tiny.train(1_000)
    assert tiny.ruin(400).fall is None


def test_learning_by_heart_is_no_fall(desk: Desk) -> None:
    """The loss on unseen examples grows many times there, the accuracy hardly falls."""
    data = blobs(count=LARGE)
    labels = data.train.labels[:60].copy()
    labels[:8] = (labels[:8] + 1) % 3  # wrong ones, that can only be learnt by heart
    few = replace(data.train, inputs=data.train.inputs[:60], labels=labels)
    desk.ask(ask.SetData(replace(data, train=few)))
    desk.ask(ask.Change({"learning_rate": 0.05}))
    shown = desk.train(3_000)
    assert shown.curves is not None
    assert shown.curves.values[-1, 2] > 4 * np.nanmin(shown.curves.values[:, 2])
    assert shown.fall is None
