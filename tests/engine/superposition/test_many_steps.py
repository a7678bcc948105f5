"""Many steps in one call, and the blocks of examples that they need, are the steps made one by one, to the last bit."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given
from hypothesis import settings as checking
from hypothesis import strategies as any_of

from playground.engine import scripted
from playground.engine.superposition.data import Sampler
from playground.engine.superposition.problem import Group, Problem, make_problem
from playground.engine.superposition.sandbox import Sandbox
from playground.engine.superposition.setup import Schedule, Setup
from playground.engine.superposition.steps import make_steps
from playground.engine.superposition.training import Run
from tests.engine.nets import bits

KINDS = (("linear",), ("relu",), ("relu-relu",), ("linear", "relu", "relu-relu"), ("abs",))
GROUPS = (Group((0, 3), "correlated"), Group((4, 1), "anticorrelated"))
SPARSITIES = (0.5, 0.8, 0.96, 0.97, 0.98, 0.999)  # on both sides of where examples are drawn given that one is on
PROBLEM = make_problem(5, 2, 0.8, "1:0.5")
thorough = checking(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)


@dataclass(frozen=True)
class Case:
    """A run, and what is done to it between calls of so many steps."""

    kinds: tuple[str, ...]
    problems: tuple[Problem, ...]
    seeds: tuple[int, ...]
    schedule: Schedule
    calls: tuple[int, ...]
    sparsities: tuple[float | None, ...]  # taken after each call; None: as before
    held: tuple[float | None, ...]  # share of entries that is held from then on; None: none
    are_kept: tuple[bool, ...]  # whether the place in the streams is then told, and gone back to
    are_whole: tuple[bool, ...]  # whether the call is not divided before its last block

    def run(self) -> Run:
        return Run(self.problems, self.kinds, self.seeds, self.schedule)

    def change(self, run: Run, number: int) -> None:
        sparsity, held = self.sparsities[number], self.held[number]
        if sparsity is not None:
            run.set_problems([problem.with_sparsity(sparsity) for problem in run.problems], restart=False)
        dice = torch.Generator().manual_seed(number)
        shape = run.parameters.shape
        run.movable = None if held is None else (torch.rand(shape, generator=dice) >= held).float()
        if self.are_kept[number]:
            position, has_first, states = run.sampler.state()
            run.sampler.restore(position, states, has_first=has_first)


@any_of.composite
def cases(draw: Any) -> Case:
    """Return random set-ups; batches from 1 to 4,000, so that a block has from 1 to 64 steps."""
    features = draw(any_of.sampled_from([2, 3, 5, 9, 30]))
    hidden = draw(any_of.integers(1, min(features - 1, 8)))
    groups = GROUPS if features >= 5 and draw(any_of.booleans()) else ()
    importance = draw(any_of.sampled_from([None, "1:0.1", "0.9^i"]))
    chosen = draw(any_of.lists(any_of.sampled_from(SPARSITIES), min_size=1, max_size=3))
    calls = draw(any_of.lists(any_of.integers(1, 90), min_size=2, max_size=4))
    count = len(calls)

    def each(strategy: Any) -> tuple[Any, ...]:
        return tuple(draw(any_of.lists(strategy, min_size=count, max_size=count)))

    return Case(
        kinds=draw(any_of.sampled_from(KINDS)),
        problems=tuple(make_problem(features, hidden, sparsity, importance, groups) for sparsity in chosen),
        seeds=tuple(draw(any_of.lists(any_of.integers(0, 99), min_size=1, max_size=3, unique=True))),
        schedule=Schedule(
            steps=draw(any_of.sampled_from([None, 100])), batch=draw(any_of.sampled_from([1, 7, 64, 256, 4_000]))
        ),
        calls=tuple(calls),
        sparsities=each(any_of.none() | any_of.sampled_from(SPARSITIES)),
        held=each(any_of.none() | any_of.sampled_from([0.3, 1.0])),
        are_kept=each(any_of.booleans()),
        are_whole=each(any_of.booleans()),
    )


def state(run: Run) -> list[Any]:
    position, has_first, generators = run.sampler.state()
    kept = (run.parameters, run.gradient, run.first_moment, run.second_moment)
    streams = [one.tobytes() for one in generators]
    return [run.step, run.optimizer_steps, position, has_first, streams, *(bits(tensor) for tensor in kept)]


def single(run: Run, steps: int) -> None:
    for _ in range(steps):
        assert run.advance_many(1) == 1


def in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_function: object) -> None:
        raise RuntimeError("no TorchScript here")

    monkeypatch.setattr(torch.jit, "script", refuse)
    monkeypatch.setattr(scripted, "_found", {})


def undivided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make all steps in one call, as far as a call gets that is broken off in its last block."""
    monkeypatch.setattr(Sampler, "portions", lambda _self, steps: (steps,))


def test_the_steps_run_without_the_interpreter() -> None:
    assert isinstance(scripted.scripted(make_steps), torch.jit.ScriptFunction)
    assert Run([PROBLEM]).makes_many


@given(cases())
@thorough
def test_many_steps_are_single_steps_in_python_to_the_last_bit(case: Case) -> None:
    many, plain = case.run(), case.run()
    for number, steps in enumerate(case.calls):
        with pytest.MonkeyPatch.context() as patch:
            if case.are_whole[number]:
                undivided(patch)
            assert many.advance_many(steps) == steps
        with pytest.MonkeyPatch.context() as patch:
            in_python(patch)
            assert not plain.makes_many
            single(plain, steps)
        assert state(many) == state(plain)
        for run in (many, plain):
            case.change(run, number)
    assert state(many) == state(plain)


@pytest.mark.parametrize("sparsity", [0.8, 0.98])
def test_the_place_in_the_streams_is_told_after_several_blocks_in_one_call(
    sparsity: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    undivided(monkeypatch)
    problem = PROBLEM.with_sparsity(sparsity)
    many, plain = (Run([problem], seeds=(0, 7)) for _ in range(2))
    length = many.sampler.length
    many.advance_many(3 * length + 5)
    single(plain, 3 * length + 5)
    assert state(many) == state(plain)
    again = Run([problem], seeds=(0, 7))
    position, has_first, generators = many.sampler.state()
    assert (position, has_first) == (5, sparsity > 0.9)
    again.sampler.restore(position, generators, has_first=has_first)
    assert bits(again.sampler.block.examples) == bits(many.sampler.block.examples)


def test_a_sparsity_that_draws_what_is_on_first_after_several_blocks_that_did_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    undivided(monkeypatch)
    many, plain = (Run([PROBLEM]) for _ in range(2))
    steps = 2 * many.sampler.length + 9
    many.advance_many(steps)
    single(plain, steps)
    for run in (many, plain):
        run.set_problems([PROBLEM.with_sparsity(0.98)], restart=False)
    assert many.sampler.state()[1]
    assert state(many) == state(plain)


@pytest.mark.parametrize(("position", "steps"), [(0, 51), (0, 52), (9, 200), (9, 42), (9, 93), (9, 94), (51, 300)])
def test_the_streams_are_known_where_the_block_in_use_begins(position: int, steps: int) -> None:
    run, plain = Run([PROBLEM]), Run([PROBLEM])
    assert run.sampler.length == 51
    if position:
        run.advance_many(position)
    portions = run.sampler.portions(steps)
    assert sum(portions) == steps
    assert min(portions) > 0
    run.advance_many(steps)
    assert run.sampler._between == 0
    single(plain, position + steps)
    assert state(run) == state(plain)


def test_they_end_when_they_are_called() -> None:
    run, plain = Run([PROBLEM]), Run([PROBLEM])
    assert run.advance_many(500, torch.ones(1, dtype=torch.bool)) == 1
    single(plain, 1)
    assert state(run) == state(plain)


def test_a_call_from_another_thread_ends_them_and_nothing_is_half_done() -> None:
    run, plain = (Run([make_problem(40, 5, 0.98, "1:0.1")], seeds=(0, 1)) for _ in range(2))
    call = torch.zeros(1, dtype=torch.bool)
    caller = threading.Timer(0.05, lambda: call.fill_(1))
    made = run.advance_many(1)  # made ready
    caller.start()
    made += run.advance_many(200_000, call)  # a minute of work
    caller.join()
    assert 1 < made < 200_000
    single(plain, made)
    assert state(run) == state(plain)


def test_where_they_cannot_be_compiled_they_run_in_python(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    in_python(monkeypatch)
    sandbox = Sandbox(Setup(PROBLEM, ("relu",), (0,), Schedule(steps=None)))
    with caplog.at_level(logging.WARNING):
        sandbox.advance(150)
    assert caplog.text.count("make_steps runs in Python: no TorchScript here") == 1
    assert not sandbox.makes_many
    monkeypatch.undo()
    other = Sandbox(sandbox.setup)
    other.advance(150)
    assert other.makes_many
    assert np.array_equal(sandbox.parameters(), other.parameters())


def test_a_checkpoint_in_the_middle_of_a_block_goes_on_to_the_same_bits() -> None:
    sandbox = Sandbox(Setup(PROBLEM.with_sparsity(0.98), ("relu", "relu-relu"), (0, 3), Schedule(steps=700)))
    frozen = np.zeros((2, 2, 5), bool)
    frozen[0, 1, 2] = frozen[1, 0, 4] = True
    sandbox.advance(200)
    sandbox.set_frozen(frozen)
    sandbox.advance(133)
    restored = Sandbox.restored(sandbox.checkpoint())
    for each in (sandbox, restored):
        each.advance(300)
        each.retune(replace(each.setup, problem=each.setup.problem.with_sparsity(0.6)))
        each.advance(60)  # into the falling part of the schedule
    one, other = sandbox.checkpoint(), restored.checkpoint()
    assert (one.position, one.has_first, one.step) == (other.position, other.has_first, 693)
    assert all(np.array_equal(one.arrays[name], other.arrays[name]) for name in one.arrays)


def test_a_step_that_follows_another_run_follows_its_streams() -> None:
    run = Run([PROBLEM], seeds=(4, 9))
    run.advance(3 * run.sampler.length - 7)
    follower = Sampler([PROBLEM], [9], run.schedule.batch)
    follower.follow(run.sampler, [1])
    states = follower.state()[2]
    run.advance(7)  # to the end of the block
    assert [one.tobytes() for one in states] == [one.tobytes() for one in run.sampler.state()[2][1::2]]
