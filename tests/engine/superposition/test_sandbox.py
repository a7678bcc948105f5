"""Models in hand: written, held, measured, kept and continued to the bit."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from playground.engine.superposition.checkpoint import SandboxCheckpoint
from playground.engine.superposition.loss_history import is_point, point_spacing
from playground.engine.superposition.problem import Group, SuperpositionError, make_problem
from playground.engine.superposition.sandbox import Sandbox
from playground.engine.superposition.setup import Schedule, Setup
from playground.engine.superposition.training import Run

FREE = Schedule(steps=None)


def setup(sparsity: float = 0.8, kinds: tuple[str, ...] = ("linear", "relu", "relu-relu"), seeds: int = 2) -> Setup:
    return Setup(make_problem(5, 2, sparsity, "1:0.5"), kinds, tuple(range(seeds)), FREE)


def retuned(sandbox: Sandbox, sparsity: float) -> None:
    sandbox.retune(replace(sandbox.setup, problem=sandbox.setup.problem.with_sparsity(sparsity)))


def test_the_models_train_as_a_run_of_the_same_setup() -> None:
    sandbox = Sandbox(setup())
    run = Run([sandbox.setup.problem], sandbox.setup.kinds, sandbox.setup.seeds, FREE)
    sandbox.advance(70)
    run.advance(70)
    assert np.array_equal(sandbox.parameters(), run.parameter_array()[:, 0])
    assert sandbox.parameters().shape == sandbox.shape


def test_another_sparsity_goes_on_from_the_present_weights_and_answers_at_once() -> None:
    sandbox = Sandbox(setup(0.5))
    sandbox.advance(50)
    sandbox.measure()
    before, held = sandbox.losses, sandbox.parameters()
    retuned(sandbox, 0.9)
    assert not sandbox.is_measured
    sandbox.measure()
    assert np.array_equal(sandbox.parameters(), held)
    assert (sandbox.losses < before).all()
    assert sandbox.step == 50
    other = replace(sandbox.setup, problem=make_problem(6, 2, 0.5))
    with pytest.raises(SuperpositionError, match="stay"):
        sandbox.retune(other)
    with pytest.raises(SuperpositionError, match="Kinds and seeds stay"):
        sandbox.retune(replace(sandbox.setup, seeds=(4, 5)))


def test_only_models_that_changed_are_measured_again() -> None:
    sandbox = Sandbox(setup())
    sandbox.measure()
    before = sandbox.errors
    index = sandbox.indices_of((1, 1), np.eye(5, 3, dtype=bool))
    sandbox.write(index, np.full(3, 2.0, np.float32))
    sandbox.measure()
    changed = (sandbox.errors != before).any(-1)
    assert changed.tolist() == [[False, False], [False, True], [False, False]]
    fresh = Sandbox(setup())
    fresh.write(index, np.full(3, 2.0, np.float32))
    fresh.measure()
    np.testing.assert_allclose(sandbox.errors, fresh.errors, rtol=1e-6)


def test_written_entries_start_without_momentum_and_keep_their_second_moment() -> None:
    sandbox = Sandbox(setup())
    sandbox.advance(30)
    entries = np.zeros((5, 3), bool)
    entries[3] = True
    index = sandbox.indices_of((2, 0), entries)
    before = sandbox.checkpoint()
    sandbox.write(index, np.array([1, -2, 3], np.float32))
    after = sandbox.checkpoint()
    assert after.arrays["parameters"][2, 0, 3].tolist() == [1, -2, 3]
    assert not after.arrays["first_moment"][2, 0, 3].any()
    assert np.array_equal(after.arrays["second_moment"], before.arrays["second_moment"])
    others = np.ones((3, 2, 5), bool)
    others[2, 0, 3] = False
    for name in ("parameters", "first_moment"):
        assert np.array_equal(after.arrays[name][others], before.arrays[name][others])


def test_held_and_frozen_entries_stand_still_and_start_again_without_momentum() -> None:
    sandbox = Sandbox(setup())
    sandbox.advance(20)
    frozen = np.zeros((3, 2, 5), bool)
    frozen[0, 1, 2] = True
    sandbox.set_frozen(frozen)
    entries = np.zeros((5, 3), bool)
    entries[1, 0] = entries[4, 2] = True
    index = sandbox.indices_of((1, 0), entries)
    sandbox.hold(index)
    before = sandbox.parameters()
    sandbox.advance(20)
    still = np.repeat(frozen[..., None], 3, -1)
    still[1, 0] |= entries
    has_stood = sandbox.parameters() == before
    assert has_stood[still].all()
    assert has_stood[~still].mean() < 0.1  # a dead hidden unit apart, all others move
    sandbox.release()
    sandbox.set_frozen(np.zeros_like(frozen))
    assert not sandbox.checkpoint().arrays["first_moment"][still].any()
    sandbox.advance(1)
    assert (sandbox.parameters() != before)[still].all()


@pytest.mark.parametrize("steps", [0, 1, 37, 64, 65, 128])
def test_a_checkpoint_goes_on_to_the_same_bits(steps: int) -> None:
    sandbox = Sandbox(setup(0.98))
    sandbox.set_frozen(np.arange(5) == np.full((3, 2, 1), 1))
    sandbox.advance(steps)
    restored = Sandbox.restored(sandbox.checkpoint())
    assert restored.step == steps
    assert np.array_equal(restored.frozen, sandbox.frozen)
    for each in (sandbox, restored):
        each.advance(90)
    assert np.array_equal(restored.parameters(), sandbox.parameters())


def test_a_checkpoint_goes_on_to_the_same_bits_after_the_sparsity_moved_in_the_middle_of_a_block() -> None:
    sandbox = Sandbox(setup(0.98, ("relu",), 1))
    sandbox.advance(20)
    retuned(sandbox, 0.5)
    sandbox.advance(7)
    restored = Sandbox.restored(sandbox.checkpoint())
    for each in (sandbox, restored):
        each.advance(60)
        retuned(each, 0.99)
        each.advance(80)
    assert np.array_equal(restored.parameters(), sandbox.parameters())


def test_kept_seeds_go_on_as_they_were() -> None:
    sandbox = Sandbox(setup(seeds=4))
    sandbox.history.add(0, np.arange(12.0).reshape(3, 4))
    sandbox.advance(50)
    frozen = np.zeros((3, 4, 5), bool)
    frozen[1, 3, 0] = True
    sandbox.set_frozen(frozen)
    kept = sandbox.with_seeds((1, 3))
    assert kept.setup.seeds == (1, 3)
    assert kept.step == 50
    assert kept.history.curves.losses[0].tolist() == [[1, 3], [5, 7], [9, 11]]
    assert np.flatnonzero(kept.frozen).tolist() == np.flatnonzero(frozen[:, [1, 3]]).tolist()
    one, other = sandbox.checkpoint().arrays, kept.checkpoint().arrays
    for name in ("parameters", "first_moment", "second_moment"):
        assert np.array_equal(other[name], one[name][:, [1, 3]])
    kept.advance(1)
    assert np.isfinite(kept.parameters()).all()
    assert Sandbox(setup(seeds=2)).with_seeds((0,)).step == 0  # before there is any point of the curves


def test_kept_seeds_see_other_examples_than_they_have_seen() -> None:
    sandbox = Sandbox(setup(0.5, ("relu",), 3))
    sandbox.advance(10)
    kept = sandbox.with_seeds((2,))
    seen = sandbox._run.sampler.block.examples[:, 0, 2].clone()
    kept.advance(1)
    assert not np.isin(kept._run.sampler.block.examples[:, 0, 0].numpy()[0, 0], seen.numpy()).all()


def test_a_model_that_is_no_number_is_named() -> None:
    sandbox = Sandbox(setup())
    assert sandbox.first_bad() is None
    entries = np.zeros((5, 3), bool)
    entries[0, 0] = True
    sandbox.write(sandbox.indices_of((1, 1), entries), np.array([np.nan], np.float32))
    assert sandbox.first_bad() == (1, 1)
    assert sandbox.name_of((1, 1)) == "'ReLU on the output' of seed 1"


def test_the_absolute_value_learns_with_its_own_epsilon_and_has_two_matrices() -> None:
    task = make_problem(6, 3, 0.9, "0.8^i", (Group((0, 1), "anticorrelated"),))
    sandbox = Sandbox(Setup(task, ("abs",), (0,), FREE))
    assert sandbox._run.schedule.epsilon == 1e-12
    assert sandbox.shape == (1, 1, 6, 7)
    sandbox.advance(5)
    restored: SandboxCheckpoint = sandbox.checkpoint()
    again = Sandbox.restored(restored)
    for each in (sandbox, again):
        each.advance(5)
    assert np.array_equal(sandbox.parameters(), again.parameters())


def test_points_of_the_curves_lie_at_fixed_steps_of_a_bounded_number() -> None:
    steps = [step for step in range(100_000) if is_point(step)]
    assert steps[:40] == list(range(40))
    assert all(later - earlier <= max(1, earlier / 16) for earlier, later in pairwise(steps))
    assert len(steps) < 450
    step = 0
    walked = [0]
    while step < 50_000:  # going to the end of each spacing never jumps over a point
        step += point_spacing(step) - step % point_spacing(step)
        walked += [step] * is_point(step)
    assert walked == [step for step in steps if step <= walked[-1]]
