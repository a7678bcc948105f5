"""The loop of the sandbox's thread, obeyed by hand: every command, against what it must leave behind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.engine import commands as ask
from playground.engine.superposition import commands as wish
from playground.engine.superposition.checkpoint import SandboxCheckpoint
from playground.engine.superposition.evaluation import Evaluator
from playground.engine.superposition.fixed_set import SHOWN_EXAMPLES
from playground.engine.superposition.loss_history import is_point
from playground.engine.superposition.models import probe
from playground.engine.superposition.problem import make_problem
from playground.engine.superposition.sandbox_runner import SandboxRunner
from playground.engine.superposition.setup import Schedule, Setup
from playground.engine.superposition.snapshots import PROBE, SandboxSnapshot
from tests.engine.runner_desk import Desk

SETUP = Setup(make_problem(5, 2, 0.8, "1:0.5"), ("linear", "relu"), (0, 1, 2), Schedule(steps=None))


def at_sparsity(sparsity: float, setup: Setup = SETUP) -> Setup:
    return replace(setup, problem=setup.problem.with_sparsity(sparsity))


class SandboxDesk(Desk[SandboxSnapshot]):
    """The desk of a sandbox."""

    def __init__(self, setup: Setup = SETUP) -> None:
        super().__init__(SandboxRunner, wish.BeginSandbox(setup))

    def checkpoint(self) -> SandboxCheckpoint:
        self.ask(ask.RequestCheckpoint(77))
        (found,) = (reply.value for reply in self.channel.take_replies() if reply.token == 77)
        assert isinstance(found, SandboxCheckpoint)
        return found


def parts(shown: SandboxSnapshot) -> np.ndarray:
    return np.concatenate([shown.weights, shown.biases[..., None]], -1)


def test_the_beginning_is_shown_measured_and_read_only() -> None:
    shown = SandboxDesk().shown
    assert (shown.step, shown.is_running, shown.applied_seq, shown.segment) == (0, False, 1, 0)
    assert shown.weights.shape == shown.decode.shape == (2, 3, 5, 2)
    assert shown.losses.shape == (2, 3)
    assert np.isfinite(shown.losses).all()
    for array in (shown.weights, shown.biases, shown.losses, shown.feature_errors):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_losses_are_those_of_the_fixed_set_at_the_step_that_is_shown() -> None:
    desk = SandboxDesk()
    shown = desk.train(123)
    assert shown.measured_step == shown.step == 123
    evaluator = Evaluator(examples=SHOWN_EXAMPLES)
    held = parts(shown)
    for at, kind in enumerate(SETUP.kinds):
        np.testing.assert_allclose(shown.losses[at], evaluator.losses(kind, held[at], SETUP.problem), rtol=1e-6)
    assert shown.curves is not None
    assert shown.curves.steps.tolist() == [step for step in range(124) if is_point(step)]
    assert shown.curves.losses.shape == (len(shown.curves.steps), 2, 3)


def test_a_run_repeats_exactly_in_whatever_pieces_it_is_made() -> None:
    one, other = SandboxDesk(), SandboxDesk()
    whole = one.train(200)
    for steps in (1, 63, 70, 66):
        pieces = other.train(steps)
    assert np.array_equal(parts(whole), parts(pieces))
    assert whole.curves is not None
    assert pieces.curves is not None
    assert np.array_equal(whole.curves.losses, pieces.curves.losses)


def test_two_for_one_is_exact() -> None:
    setup = Setup(make_problem(2, 1, 0.9), ("relu",), (0,), Schedule(steps=None))
    shown = SandboxDesk(setup).train(50)
    w, b = shown.weights[0, 0, :, 0].astype(float), shown.biases[0, 0].astype(float)
    rng = np.random.default_rng(0)
    x = rng.random((400_000, 2)) * (rng.random((400_000, 2)) < 0.1)
    answer = np.maximum(x @ np.outer(w, w) + b, 0)
    assert shown.losses[0, 0] == pytest.approx(((answer - x) ** 2).mean(), rel=0.02)


def test_an_edit_in_mid_training_is_taken_back_alone() -> None:
    desk = SandboxDesk()
    weight = desk.train(40).weights[1, 2].copy()
    weight[3] = [0.7, -0.7]
    shown = desk.ask(wish.EditModel((1, 2), "drag", weight=weight))
    edit = desk.seq
    assert shown.weights[1, 2, 3].tolist() == pytest.approx([0.7, -0.7])
    assert shown.receipts[-1].count == 2
    trained = desk.train(30)
    undone = desk.ask(ask.Revert(edit))
    differs = parts(undone) != parts(trained)
    assert differs.sum() == 2
    assert differs[1, 2, 3, :2].all()
    assert undone.step == 70
    redone = desk.ask(ask.Reapply(edit))
    assert np.array_equal(parts(redone), parts(trained))
    twice = desk.ask(ask.Reapply(edit))
    assert np.array_equal(parts(twice), parts(trained))
    assert "nothing left" in twice.receipts[-1].message


def test_a_stroke_holds_its_entries_while_the_rest_trains_and_is_one_edit() -> None:
    desk = SandboxDesk()
    before = desk.train(20)
    touched = np.zeros((5, 3), bool)
    touched[2, :2] = True
    weight = np.full((5, 2), 9.0, np.float32)  # only the touched entries of it are meant
    weight[2] = [0.1, 0.2]
    moved = desk.ask(wish.EditModel((1, 0), "drag", weight=weight, stroke=5, touched=touched))
    stroke = desk.seq
    assert moved.stroke is not None
    assert moved.stroke.is_open
    assert np.array_equal(parts(moved) != parts(before), _only(before, touched))
    trained = desk.train(25)
    assert trained.weights[1, 0, 2].tolist() == pytest.approx([0.1, 0.2])
    assert (parts(trained) != parts(moved))[0, 0].all()
    weight[2] = [0.5, -0.5]
    again = desk.ask(wish.EditModel((1, 0), "drag", weight=weight, stroke=5, touched=touched))
    assert again.stroke is not None
    assert again.stroke.step == again.step == 45
    evaluator = Evaluator(examples=SHOWN_EXAMPLES)
    now = parts(again)[1, 0].copy()
    assert again.stroke.loss_with == pytest.approx(float(evaluator.losses("relu", now, SETUP.problem)))
    now[2, :2] = before.weights[1, 0, 2]
    assert again.stroke.loss_without == pytest.approx(float(evaluator.losses("relu", now, SETUP.problem)))
    assert np.array_equal(again.stroke.weight_without, now[:, :2])
    ended = desk.ask(ask.EndStroke(5))
    assert ended.stroke is not None
    assert not ended.stroke.is_open
    assert not desk.checkpoint().arrays["first_moment"][1, 0, 2, :2].any()
    free = desk.train(1)
    assert (free.weights[1, 0, 2] != ended.weights[1, 0, 2]).all()
    undone = desk.ask(ask.Revert(stroke))
    assert np.array_equal(undone.weights[1, 0, 2], before.weights[1, 0, 2])
    assert (parts(undone) != parts(free)).sum() == 2


def _only(shown: SandboxSnapshot, touched: np.ndarray) -> np.ndarray:
    found = np.zeros(parts(shown).shape, bool)
    found[1, 0] = touched
    return found


def test_dragging_measures_the_dragged_model_and_all_once_it_is_over() -> None:
    desk = SandboxDesk()
    before = desk.shown
    moved = desk.ask(wish.EditModel((1, 1), "drag", bias=np.full(5, 0.5, np.float32), stroke=1))
    assert moved.stroke is not None
    assert np.array_equal(moved.losses, before.losses)  # said by the stroke's card meanwhile
    ended = desk.ask(ask.EndStroke(1))
    assert (ended.losses != before.losses).nonzero() == (1, 1)
    assert ended.losses[1, 1] == pytest.approx(moved.stroke.loss_with)


def test_with_a_model_in_the_hand_all_losses_are_of_the_moment_that_is_shown() -> None:
    desk, evaluator = SandboxDesk(), Evaluator(examples=SHOWN_EXAMPLES)
    desk.train(20)
    for move in range(1, 4):
        weight = np.full((5, 2), 0.2 * move, np.float32)
        desk.time -= 1.0  # however soon the next move comes
        edit = wish.EditModel((1, 0), "drag", weight=weight, stroke=3)
        shown = desk.ask(edit) if move == 1 else desk.ask(edit, ask.Advance(steps=3))
        assert shown.stroke is not None
        assert shown.stroke.is_open
        assert shown.stroke.step == shown.step
        held = parts(shown)
        expected = np.stack([evaluator.losses(kind, held[at], SETUP.problem) for at, kind in enumerate(SETUP.kinds)])
        assert shown.stroke.loss_with == pytest.approx(float(expected[1, 0]), rel=1e-6)
        others = np.ones((2, 3), bool)
        others[1, 0] = False
        np.testing.assert_allclose(shown.losses[others], expected[others], rtol=1e-6)


def test_frozen_features_do_not_move_and_undo_lets_them_go() -> None:
    desk = SandboxDesk()
    before = desk.ask(wish.FreezeFeatures((0, 1), (1, 4), True))
    frozen = desk.seq
    assert before.frozen is not None
    assert np.argwhere(before.frozen).tolist() == [[0, 1, 1], [0, 1, 4]]
    after = desk.train(30)
    still = (parts(after) == parts(before)).all(-1)
    assert np.array_equal(still, before.frozen)
    undone = desk.ask(ask.Revert(frozen))
    assert undone.frozen is None
    moved = desk.train(1)
    assert (parts(moved) != parts(undone))[0, 1].all()


def test_a_rebuild_undone_brings_the_trained_models_back_bit_for_bit_and_redone_the_new_ones() -> None:
    desk, plain = SandboxDesk(), SandboxDesk()
    desk.ask(wish.FreezeFeatures((1, 0), (2,), True))
    plain.ask(wish.FreezeFeatures((1, 0), (2,), True))
    before = desk.train(77)
    plain.train(77)
    bigger = Setup(make_problem(7, 3, 0.9), ("relu",), (4, 5), Schedule(steps=None))
    built = desk.ask(wish.Rebuild(bigger, "7 features"))
    rebuild = desk.seq
    assert built.setup == bigger
    assert (built.step, built.segment) == (0, 1)
    assert built.weights.shape == (1, 2, 7, 3)
    assert built.frozen is None
    newer = desk.train(40)
    undone = desk.ask(ask.Revert(rebuild))
    assert undone.setup == SETUP
    assert (undone.step, undone.segment) == (77, 0)
    assert np.array_equal(parts(undone), parts(before))
    assert np.array_equal(undone.losses, before.losses)
    assert undone.curves is not None
    assert before.curves is not None
    assert np.array_equal(undone.curves.steps, before.curves.steps)
    assert np.array_equal(parts(desk.train(60)), parts(plain.train(60)))
    redone = desk.ask(ask.Reapply(rebuild))
    assert np.array_equal(parts(redone), parts(newer))
    assert redone.setup == bigger


def test_the_moves_of_a_drag_that_restarts_are_one_change() -> None:
    desk = SandboxDesk()
    before = desk.train(30)
    desk.ask(wish.Rebuild(at_sparsity(0.5), "S"))
    first = desk.seq
    desk.ask(wish.Rebuild(at_sparsity(0.6), "S", joins=first))
    shown = desk.ask(wish.Rebuild(at_sparsity(0.7), "S", joins=first))
    assert shown.setup == at_sparsity(0.7)
    undone = desk.ask(ask.Revert(first))
    assert undone.setup == SETUP
    assert np.array_equal(parts(undone), parts(before))


def test_retuned_it_goes_on_from_the_present_weights_and_the_loss_answers_at_once() -> None:
    desk = SandboxDesk(at_sparsity(0.5))
    before = desk.train(40)
    shown = desk.ask(wish.Retune(at_sparsity(0.9), "S = .9"))
    assert np.array_equal(parts(shown), parts(before))
    assert (shown.losses < before.losses).all()
    assert shown.step == 40
    quiet = desk.ask(wish.Retune(at_sparsity(0.91), "S = .91", is_quiet=True))
    assert [mark.label for mark in quiet.marks] == ["S = .91"]


def test_loaded_models_are_those_and_start_without_momentum() -> None:
    desk = SandboxDesk()
    before = desk.train(20)
    setup = replace(SETUP, kinds=("relu",), seeds=(0,))
    wanted = np.arange(15, dtype=np.float32).reshape(1, 1, 5, 3) / 10
    shown = desk.ask(wish.LoadModels(setup, wanted, "cell"))
    load = desk.seq
    assert np.array_equal(parts(shown), wanted)
    assert not desk.checkpoint().arrays["second_moment"].any()
    assert np.array_equal(parts(desk.ask(ask.Revert(load))), parts(before))


def test_kept_seeds_and_back() -> None:
    desk = SandboxDesk()
    before = desk.train(33)
    kept = desk.ask(wish.KeepSeeds((2,), "keep the best"))
    keep = desk.seq
    assert kept.setup.seeds == (2,)
    assert np.array_equal(parts(kept), parts(before)[:, [2]])
    np.testing.assert_allclose(kept.losses, before.losses[:, [2]], rtol=1e-6)
    undone = desk.ask(ask.Revert(keep))
    assert np.array_equal(parts(undone), parts(before))


def test_the_horizon_ends_the_run_with_a_sentence() -> None:
    desk = SandboxDesk(replace(SETUP, schedule=Schedule(steps=50)))
    shown = desk.ask(ask.Run())
    assert (shown.step, shown.is_running) == (50, False)
    assert "50 steps of the schedule" in shown.stopped_by
    assert shown.learning_rate == 0
    again = desk.ask(ask.Run())
    assert again.step == 50
    assert "Set more steps" in again.receipts[-1].message
    desk.ask(wish.Retune(replace(SETUP, schedule=Schedule(steps=80)), "80 steps"))
    assert desk.ask(ask.Run()).step == 80


def test_a_horizon_that_moves_before_the_present_step_pauses() -> None:
    desk = SandboxDesk()
    desk.train(60)
    shown = desk.ask(ask.Run(), wish.Retune(replace(SETUP, schedule=Schedule(steps=10)), "10 steps"))
    assert (shown.step, shown.is_running) == (60, False)
    assert "10 steps" in shown.stopped_by


def test_divergence_names_model_and_step_and_goes_back_to_the_last_good_step() -> None:
    desk = SandboxDesk()
    good = desk.train(40)
    bias = np.full(5, 3e38, np.float32)
    broken = desk.ask(wish.EditModel((1, 1), "b", bias=bias), ask.Advance(steps=50))
    trouble = broken.trouble
    assert trouble is not None
    assert (trouble.kind, trouble.can_go_back, broken.is_running) == ("divergence", True, False)
    assert "'ReLU on the output' of seed 1" in trouble.sentence
    assert f"step {broken.step:,}" in trouble.sentence
    back = desk.ask(ask.BackToLastGood())
    jump = desk.seq
    assert back.trouble is None
    assert back.step <= 40
    assert np.isfinite(parts(back)).all()
    if back.step == 40:
        assert np.array_equal(parts(back), parts(good))
    assert desk.train(20).step == back.step + 20
    assert not np.isfinite(parts(desk.ask(ask.Revert(jump)))).all()


def test_more_memory_than_there_is_is_a_sentence_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = SandboxDesk()
    before = desk.train(25)
    monkeypatch.setattr("playground.engine.superposition.memory.free_bytes", lambda: 100_000)
    big = Setup(make_problem(400, 100, 0.9), ("relu",), tuple(range(16)), Schedule(steps=None))
    shown = desk.ask(wish.Rebuild(big, "big"))
    assert shown.trouble is not None
    assert shown.trouble.kind == "refused"
    assert "GiB" in shown.trouble.sentence
    assert shown.setup == SETUP
    assert np.array_equal(parts(shown), parts(before))
    monkeypatch.undo()

    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError("cannot allocate memory")

    monkeypatch.setattr("playground.engine.superposition.sandbox.Run", exhausted)
    shown = desk.ask(wish.Rebuild(at_sparsity(0.5), "same"))
    assert shown.trouble is not None
    assert shown.trouble.kind == "memory"
    assert np.array_equal(parts(shown), parts(before))
    monkeypatch.undo()
    assert desk.train(5).step == 30


def test_a_checkpoint_restored_shows_everything_again() -> None:
    desk = SandboxDesk()
    desk.ask(wish.FreezeFeatures((0, 0), (0,), True))
    before = desk.train(45)
    other = SandboxDesk(at_sparsity(0.1))
    shown = other.ask(wish.RestoreSandbox(desk.checkpoint()))
    assert shown.setup == SETUP
    assert np.array_equal(parts(shown), parts(before))
    assert shown.frozen is not None
    assert np.array_equal(shown.losses, before.losses)
    assert [mark.label for mark in shown.marks] == [mark.label for mark in before.marks]
    assert np.array_equal(parts(desk.train(100)), parts(other.train(100)))


def test_the_probe_is_read_only_while_it_is_watched() -> None:
    desk = SandboxDesk()
    inputs = np.array([1, 0, 0.5, 0, 0])
    assert desk.ask(wish.SetProbe(inputs, 1)).probe is None
    reading = desk.ask(ask.Watch(frozenset({PROBE}))).probe
    assert reading is not None
    assert reading.hidden.shape == (2, 2)
    assert reading.share.shape == (2, 5, 5)
    held = parts(desk.shown).astype(np.float64)
    for at, kind in enumerate(SETUP.kinds):
        np.testing.assert_allclose(reading.output[at], probe(kind, held[at, 1], inputs)["output"])
    desk.ask(wish.Rebuild(Setup(make_problem(6, 2, 0.5)), "six"))
    assert desk.shown.probe is None


@pytest.mark.parametrize(
    "command",
    [
        wish.EditModel((0, 9), "x", bias=np.zeros(5, np.float32)),
        wish.EditModel((0, 0), "x", weight=np.zeros((9, 2), np.float32)),
        wish.EditModel((0, 0), "x", weight=np.full((5, 2), np.nan, np.float32)),
        wish.EditModel((0, 0), "x", decode=np.zeros((5, 2), np.float32)),
        wish.EditModel((0, 0), "x", bias=np.zeros(5, np.float32), touched=np.ones((2, 2), bool)),
        wish.FreezeFeatures((0, 0), (5,), True),
        wish.Retune(at_sparsity(0.5, Setup(make_problem(6, 2, 0.5))), "x"),
        wish.LoadModels(SETUP, np.zeros((1, 1, 5, 3), np.float32), "x"),
    ],
)
def test_what_does_not_fit_is_a_sentence_and_changes_nothing(command: ask.Command) -> None:
    desk = SandboxDesk()
    before = desk.train(5)
    shown = desk.ask(command)
    assert shown.trouble is not None
    assert shown.trouble.kind == "refused"
    assert shown.trouble.sentence.endswith(".")
    assert np.array_equal(parts(shown), parts(before))
    assert shown.frozen is None
    assert shown.setup == SETUP


def test_another_device_that_is_not_there_is_a_sentence() -> None:
    desk = SandboxDesk()
    before = desk.train(12)
    shown = desk.ask(ask.SetDevice("cuda:7"))
    assert shown.trouble is not None
    assert shown.device == "cpu"
    assert np.array_equal(parts(shown), parts(before))
    assert desk.train(1).step == 13


def test_going_back_without_trouble_changes_nothing_and_says_so() -> None:
    desk = SandboxDesk()
    before = desk.train(40)
    after = desk.ask(ask.BackToLastGood())
    receipt = after.receipts[-1]
    assert (receipt.seq, receipt.count) == (desk.seq, 0)
    assert "nothing was changed" in receipt.message
    assert (after.step, after.marks) == (before.step, before.marks)
    assert np.array_equal(parts(after), parts(before))
