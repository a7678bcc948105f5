"""Runs: repeatable, independent of what trains beside them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.engine.superposition.models import initial_parameters, output_of
from playground.engine.superposition.problem import Group, Problem, SuperpositionError, make_problem
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
        inputs = run.sampler.block.examples[run.sampler.position - 1, 0, 0]
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
