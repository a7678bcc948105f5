"""Runs and the sandbox: repeatable, editable, to be continued."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.engine.superposition.models import initial_parameters, output_of
from playground.engine.superposition.problem import Group, Problem, SuperpositionError, make_problem
from playground.engine.superposition.sandbox import Sandbox
from playground.engine.superposition.setup import Schedule
from playground.engine.superposition.training import Run

KINDS = ("linear", "relu", "relu-relu")


def problem(sparsity: float = 0.8) -> Problem:
    return make_problem(5, 2, sparsity, "1:0.5")


def test_adam_is_that_of_torch() -> None:
    run = Run([problem()], KINDS, (0, 1), Schedule(steps=None))
    reference = torch.nn.Parameter(run.parameters.clone())
    optimizer = torch.optim.Adam([reference], lr=1e-2)
    for _ in range(20):
        run.advance(1)
        reference.grad = run.gradient.clone()
        optimizer.step()
    torch.testing.assert_close(run.parameters, reference.detach(), rtol=1e-5, atol=1e-6)


def test_a_run_learns_as_a_plain_loop_with_autograd_does() -> None:
    run = Run([problem()], ("relu",), (3,), Schedule(steps=200))
    plain = torch.nn.Parameter(initial_parameters("relu", 5, 2, problem().density, torch.Generator().manual_seed(3)))
    optimizer = torch.optim.Adam([plain], lr=1e-2)
    importance = torch.tensor(problem().importance)[:, None]
    for step in range(200):
        run.advance(1)
        inputs = run.sampler.examples[run.sampler.position - 1, 0, 0]
        optimizer.param_groups[0]["lr"] = run.schedule.rate(step)
        loss = (importance * (output_of("relu", plain, inputs) - inputs) ** 2).mean()
        (plain.grad,) = torch.autograd.grad(loss, plain)
        optimizer.step()
    torch.testing.assert_close(run.parameters[0], plain.detach(), rtol=1e-3, atol=1e-4)


def test_the_rate_falls_over_the_last_part() -> None:
    schedule = Schedule(steps=1000)
    assert [schedule.rate(step) for step in (0, 700, 850, 1000)] == pytest.approx([0.01, 0.01, 0.005, 0.0])
    assert Schedule(steps=None).rate(10**6) == 0.01


def test_the_same_seed_gives_the_same_bits_however_the_steps_are_cut() -> None:
    one, other = (Run([problem(), problem(0.98)], KINDS, (0, 7)) for _ in range(2))
    one.advance(90)
    for steps in (1, 30, 59):
        other.advance(steps)
    assert np.array_equal(one.parameter_array(), other.parameter_array())


def test_a_model_does_not_depend_on_what_trains_beside_it() -> None:
    many = Run([problem(0.5), problem(0.98)], KINDS, (0, 7))
    alone = Run([problem(0.98)], ("relu",), (7,))
    many.advance(50)
    alone.advance(50)
    np.testing.assert_allclose(many.parameter_array()[1, 1, 1], alone.parameter_array()[0, 0, 0], atol=1e-5)


def test_first_weights_are_of_the_seed_and_biases_the_mean() -> None:
    run = Run([problem(0.5), problem(0.9)], ("linear", "relu"), (0, 1))
    held = run.parameter_array()
    assert np.array_equal(held[0, 0, :, :, :2], held[1, 1, :, :, :2])
    assert not np.array_equal(held[0, 0, 0], held[0, 0, 1])
    np.testing.assert_allclose(held[:, 0, ..., -1], 0.25)
    np.testing.assert_allclose(held[:, 1, ..., -1], 0.05, rtol=1e-6)


def test_sparsity_moves_on_from_the_present_weights_or_from_the_seed() -> None:
    sandbox = Sandbox([problem(0.5)], ("relu",))
    fresh = sandbox.state().weights
    sandbox.advance(100)
    trained = sandbox.state().weights
    sandbox.set_sparsity(0.9, restart=False)
    assert np.array_equal(sandbox.state().weights, trained)
    assert sandbox.step == 100
    sandbox.set_sparsity(0.95, restart=True)
    assert np.array_equal(sandbox.state().weights, fresh)
    assert sandbox.step == 0
    with pytest.raises(SuperpositionError, match="nothing to learn"):
        sandbox.set_sparsity(1.0, restart=False)
    assert sandbox.run.problems[0].sparsity[0] == 0.95


def test_the_loss_answers_the_sparsity_at_once_and_stands_still_otherwise() -> None:
    sandbox = Sandbox([problem(0.5)], KINDS)
    before = sandbox.state()
    assert np.array_equal(before.losses, sandbox.state().losses)
    importance = np.array(problem().importance)
    np.testing.assert_allclose(before.losses, (before.feature_errors * importance).mean(-1))
    sandbox.set_sparsity(0.9, restart=False)
    assert (sandbox.state().losses < before.losses).all()


def test_importance_weighs_the_gradient_from_the_next_step_on() -> None:
    sandbox = Sandbox([problem(0.0)], ("relu",))
    sandbox.set_importance([1, 1, 1, 1, 1e-6])
    sandbox.run.compute_gradient()
    gradient = sandbox.run.gradient[0, :, -1].abs()
    assert gradient[4] < 1e-4 * gradient[:4].max()
    with pytest.raises(SuperpositionError, match="gap at feature 2"):
        sandbox.set_importance([1, 1, np.nan, 1, 1])


def test_an_edit_touches_what_differs_and_can_be_taken_back_after_training_went_on() -> None:
    sandbox = Sandbox([problem()], KINDS, (0, 1))
    sandbox.advance(30)
    before = sandbox.run.parameter_array()
    weight = before[1, 0, 1, :, :2].copy()
    weight[3] = [1.0, -2.0]
    change = sandbox.edit((1, 0, 1), weight=weight)
    assert len(change.indices) == 2
    after = sandbox.run.parameter_array()
    assert after[1, 0, 1, 3, :2].tolist() == [1.0, -2.0]
    assert (after != before).sum() == 2
    assert not sandbox.run.first_moment.view(-1)[torch.from_numpy(change.indices)].any()
    assert sandbox.run.second_moment.view(-1)[torch.from_numpy(change.indices)].all()
    sandbox.advance(5)
    trained = sandbox.run.parameter_array()
    undone = sandbox.revert(change)
    reverted = sandbox.run.parameter_array()
    assert reverted[1, 0, 1, 3, :2].tolist() == before[1, 0, 1, 3, :2].tolist()
    assert (reverted != trained).sum() == 2
    sandbox.revert(undone)
    assert np.array_equal(sandbox.run.parameter_array(), trained)


def test_edits_of_bias_and_of_the_second_matrix() -> None:
    sandbox = Sandbox([problem()], ("abs",))
    sandbox.edit((0, 0, 0), decode=np.full((5, 2), 0.5), bias=np.arange(5.0))
    state = sandbox.state()
    assert (state.decode == 0.5).all()
    assert state.biases[0, 0, 0].tolist() == [0, 1, 2, 3, 4]
    assert not (state.weights == 0.5).any()


@pytest.mark.parametrize(
    ("edit", "word"),
    [
        ({"weight": np.zeros((2, 5))}, "shape"),
        ({"weight": np.full((5, 2), np.nan)}, "no finite number"),
        ({"bias": np.zeros(4)}, "shape"),
        ({"bias": np.zeros(5), "weight": np.zeros((5, 3))}, "shape"),
        ({"decode": np.zeros((5, 2))}, "tied"),
        ({"model": (0, 0, 9)}, "no model"),
    ],
)
def test_an_edit_that_does_not_go_changes_nothing(edit: dict[str, object], word: str) -> None:
    sandbox = Sandbox([problem()], ("relu",))
    before = sandbox.run.parameter_array()
    with pytest.raises(SuperpositionError, match=word):
        sandbox.edit(**({"model": (0, 0, 0)} | edit))  # type: ignore[arg-type]
    assert np.array_equal(sandbox.run.parameter_array(), before)


def test_frozen_entries_do_not_move_and_the_others_do() -> None:
    sandbox = Sandbox([problem()], ("relu",), (0, 1))
    sandbox.advance(20)
    frozen = np.zeros((1, 1, 2, 5, 3), bool)
    frozen[0, 0, 1, 2, :] = True
    sandbox.freeze(frozen)
    before = sandbox.run.parameter_array()
    sandbox.advance(20)
    after = sandbox.run.parameter_array()
    assert np.array_equal(after == before, frozen)
    held = sandbox.state().movable
    assert held is not None
    assert np.array_equal(~held, frozen)
    sandbox.freeze(None)
    sandbox.advance(1)
    assert (sandbox.run.parameter_array() != after).all()
    with pytest.raises(SuperpositionError, match="mask has shape"):
        sandbox.freeze(np.zeros((4, 4), bool))


def test_a_checkpoint_goes_on_to_the_same_bits() -> None:
    sandbox = Sandbox([problem(0.98)], KINDS, (0, 1))
    sandbox.freeze(np.arange(3) == 1)
    sandbox.advance(37)
    saved = sandbox.checkpoint()
    sandbox.advance(60)
    restored = Sandbox.restored(saved)
    assert restored.step == 37
    restored.advance(60)
    assert np.array_equal(restored.run.parameter_array(), sandbox.run.parameter_array())


def test_states_are_copies() -> None:
    sandbox = Sandbox([problem()], ("relu",))
    state = sandbox.state()
    kept = state.weights.copy()
    sandbox.advance(3)
    assert np.array_equal(state.weights, kept)
    with pytest.raises(ValueError, match="read-only"):
        state.weights[0] = 0


def test_what_does_not_go_together_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SuperpositionError, match="same features"):
        Run([problem(), make_problem(6, 2, 0.5)])
    with pytest.raises(SuperpositionError, match="at least one sparsity"):
        Run([])
    with pytest.raises(SuperpositionError, match="stay"):
        Run([problem()]).set_problems([make_problem(6, 2, 0.5)], restart=False)
    with pytest.raises(SuperpositionError, match="trained alone"):
        Run([problem()], ("abs", "relu"))
    monkeypatch.setattr("playground.engine.superposition.memory.free_bytes", lambda: 100_000)
    with pytest.raises(SuperpositionError, match="100 models of 5 features"):
        Run([problem()], ("relu",), range(100))


def test_groups_train() -> None:
    groups = [Group((0, 1), "anticorrelated"), Group((2, 3), "anticorrelated")]
    run = Run([make_problem(4, 2, 0.6, None, groups)], ("relu",), range(4), Schedule(steps=1500))
    run.advance(1500)
    weight = run.weights()[0, 0]
    cosine = (weight[:, 0] * weight[:, 1]).sum(-1) / np.linalg.norm(weight[:, 0], axis=-1) ** 2
    assert cosine.min() == pytest.approx(-1, abs=0.05)
