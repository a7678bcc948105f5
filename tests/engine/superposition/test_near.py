"""A model that differs from another in few rows is measured by the difference, and the numbers are the same."""

from __future__ import annotations

import numpy as np
import pytest

from playground.engine.superposition.evaluation import Evaluator
from playground.engine.superposition.problem import ABS, LINEAR, RELU, RELU_RELU, Problem, make_problem
from playground.engine.superposition.sandbox import Sandbox
from playground.engine.superposition.setup import Schedule, Setup

PROBLEM = make_problem(60, 12, 0.9, "1:0.1")


def sandbox_of(kind: str, problem: Problem = PROBLEM) -> Sandbox:
    made = Sandbox(Setup(problem, (kind,), (3,), Schedule(steps=None)))
    made.advance(40)
    return made


def moved(parameters: np.ndarray, rows: tuple[int, ...]) -> np.ndarray:
    found = parameters.copy()
    found[list(rows)] += np.random.default_rng(5).normal(0, 0.4, found[list(rows)].shape).astype(np.float32)
    return found


@pytest.mark.parametrize("kind", [LINEAR, RELU, RELU_RELU, ABS])
@pytest.mark.parametrize("rows", [(), (7,), (0, 7, 59), tuple(range(60))])
def test_what_is_reckoned_from_before_is_what_a_full_reckoning_finds(kind: str, rows: tuple[int, ...]) -> None:
    sandbox = sandbox_of(kind)
    before = sandbox.model_parameters((0, 0))
    for after in (moved(before, rows), moved(moved(before, rows), rows)):  # the second from what was kept
        errors = sandbox.compared((0, 0), before, after)
        fresh = Evaluator(is_signed=kind == ABS)
        for found, parameters in zip(errors, (before, after), strict=True):
            np.testing.assert_allclose(found, fresh.errors(kind, parameters, PROBLEM), rtol=2e-5, atol=1e-9)


def test_another_model_sparsity_or_state_is_begun_anew() -> None:
    sandbox = sandbox_of(RELU)
    before = sandbox.model_parameters((0, 0))
    sandbox.compared((0, 0), before, moved(before, (1,)))
    other = moved(before, (2, 3))
    np.testing.assert_allclose(sandbox.compared((0, 0), other, before)[0], sandbox.errors_of((0, 0), other), rtol=2e-5)
    sandbox.retune(Setup(PROBLEM.with_sparsity(0.5), (RELU,), (3,), Schedule(steps=None)))
    found = sandbox.compared((0, 0), other, before)
    for errors, parameters in zip(found, (other, before), strict=True):
        fresh = Evaluator().errors(RELU, parameters, PROBLEM.with_sparsity(0.5))
        np.testing.assert_allclose(errors, fresh, rtol=2e-5)


def test_the_dragged_bias_alone_counts() -> None:
    sandbox = sandbox_of(RELU)
    before = sandbox.model_parameters((0, 0))
    after = before.copy()
    after[4, -1] += 0.5
    was, now = sandbox.compared((0, 0), before, after)
    assert now[4] != was[4]
    np.testing.assert_allclose(np.delete(now, 4), np.delete(was, 4), rtol=2e-5)
