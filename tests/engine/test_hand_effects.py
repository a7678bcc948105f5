"""Every change of weights by hand says what it does to the validation part: before and now, at the same step."""

from __future__ import annotations

import numpy as np
import pytest

from playground.engine import commands as ask
from playground.engine import structure
from playground.engine.commands import BIAS, Cells
from playground.engine.evaluate import measure
from playground.engine.settings import Settings
from playground.engine.snapshots import Measure
from playground.engine.spec import build
from tests.engine.blobs import blobs
from tests.engine.runner_desk import RunnerDesk

SPEC = build((6, 5, 4, 3))
FIRST, SECOND, LAST = SPEC.layers
EDGE = Cells(LAST.id, np.array(LAST.units[:1]), np.array(SECOND.units[:1]))
CUT = ask.SetMask("present", EDGE, on=False)
CHANGES: dict[str, ask.Command] = {
    "a cut edge": CUT,
    "a weight": ask.SetCells(EDGE, np.array([-7.0], np.float32), "flipped"),
    "a bias": ask.SetCells(Cells(LAST.id, np.array(LAST.units[:1]), np.array([BIAS])), np.ones(1, np.float32), "set"),
    "a neuron to zero": ask.TransformUnits(SECOND.id, SECOND.units[:1], "zero"),
    "noise": ask.TransformUnits(FIRST.id, FIRST.units, "randomise", 1.0, seed=3),
    "a group inverted": ask.TransformUnits(SECOND.id, SECOND.units[:3], "invert"),
    "a neuron cut off": ask.SetMaskWhole("present", SECOND.id, SECOND.units[:1], on=False),
    "a neuron removed": structure.remove_units(SPEC, SECOND.id, SECOND.units[1:2]),
}


class Desk(RunnerDesk):
    def __init__(self) -> None:
        super().__init__(SPEC, Settings(batch_size=16, learning_rate=0.05, seed=3), blobs())
        self.train(100)

    def measured(self) -> Measure:
        """Measure the validation part as a whole, apart from the runner's ways."""
        training = self.runner._training
        assert training is not None
        part = training.validation
        return measure(training.network, part.inputs, part.targets, training.settings.loss)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_measured_before_and_now(desk: Desk, what: str) -> None:
    before = desk.measured()
    shown = desk.ask(CHANGES[what])
    effect = shown.stroke_effect
    assert effect is not None
    assert (effect.step, effect.is_open, effect.after_seq) == (100, False, desk.seq)
    assert effect.without == before
    assert effect.with_stroke == desk.measured()
    assert effect.with_stroke.loss != before.loss
    assert desk.ask(ask.Revert(desk.seq)).stroke_effect is None, "what it said is no longer so"
    assert desk.measured().loss == pytest.approx(before.loss)


def test_in_mid_training_both_are_of_the_step_of_the_change(desk: Desk) -> None:
    before = desk.measured()
    effect = desk.ask(CUT, ask.Advance(steps=30)).stroke_effect
    assert effect is not None
    assert effect.step == 100
    assert effect.without == before
    assert desk.ask(ask.Advance(steps=1)).stroke_effect == effect


def test_what_changes_no_answer_or_nothing_has_no_effect(desk: Desk) -> None:
    cut = desk.ask(CUT).stroke_effect
    assert cut is not None
    assert desk.ask(ask.SetMask("movable", EDGE, on=False)).stroke_effect is cut
    assert desk.ask(ask.SetMaskWhole("movable", SECOND.id, (), on=False)).stroke_effect is cut
    refused = ask.SetCells(EDGE, np.array([np.nan], np.float32), "no number")
    assert desk.ask(refused).stroke_effect is cut


def test_neurons_of_several_layers_are_one_change(desk: Desk) -> None:
    before, weights = desk.measured(), desk.ask(ask.Pause()).parameters
    parts = [ask.TransformUnits(layer.id, layer.units[::-1], "scale", -3.0, stroke=8) for layer in (FIRST, SECOND)]
    shown = desk.ask(*parts, ask.EndStroke(8))
    number = desk.seq - 2
    effect = shown.stroke_effect
    assert effect is not None
    assert (effect.without, effect.is_open) == (before, False)
    assert effect.with_stroke == desk.measured() != before
    for index in (0, 1):
        slot = SPEC.slots[index].weight
        np.testing.assert_allclose(shown.parameters[slot], -3.0 * weights[slot], rtol=1e-6)
    np.testing.assert_array_equal(desk.ask(ask.Revert(number)).parameters, weights)
    np.testing.assert_array_equal(desk.ask(ask.Reapply(number)).parameters, shown.parameters)
