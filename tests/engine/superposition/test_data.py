"""Examples: distribution, groups, streams of random numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.engine.superposition.closed_forms import covariance_of, mean_of
from playground.engine.superposition.data import Sampler
from playground.engine.superposition.problem import Group, Problem, make_problem
from tests.engine.superposition.sampling import next_place

Drawn = np.ndarray[Any, np.dtype[np.float32]]


def drawn(sampler: Sampler, steps: int) -> Drawn:
    """Return examples ``[steps, Q, R, n, B]``."""
    return np.stack([sampler.block.examples[next_place(sampler)].numpy().copy() for _ in range(steps)])


def columns(problem: Problem, steps: int = 40, batch: int = 2000) -> tuple[Drawn, float]:
    """Return examples ``[n, N]`` of one problem and the probability of an example that is drawn."""
    sampler = Sampler([problem], [1], batch)
    found = drawn(sampler, steps)[:, 0, 0]
    return found.transpose(1, 0, 2).reshape(problem.features, -1), float(sampler.chance_of_any[0])


def assert_moments(problem: Problem) -> None:
    examples, any_on = columns(problem)
    count = examples.shape[1]
    mean = any_on * examples.mean(1)
    second = any_on * (examples @ examples.T) / count
    expected = covariance_of(problem) + np.outer(mean_of(problem.density), mean_of(problem.density))
    np.testing.assert_allclose(mean, mean_of(problem.density), atol=5 * np.sqrt(any_on / 3 / count))
    np.testing.assert_allclose(second, expected, atol=5 * np.sqrt(any_on / 5 / count))
    np.testing.assert_allclose(any_on * (examples > 0).mean(1), problem.density, atol=5 * np.sqrt(any_on / count))


@pytest.mark.parametrize("sparsity", [0.0, 0.5, 0.9, 0.98, 0.999])
def test_means_and_products_are_those_of_the_definition(sparsity: float) -> None:
    assert_moments(make_problem(4, 2, sparsity))


def test_each_feature_has_its_own_sparsity() -> None:
    assert_moments(make_problem(4, 2, [0.0, 0.3, 0.8, 0.95]))
    assert_moments(make_problem(4, 2, [0.97, 0.98, 0.99, 0.999]))


@pytest.mark.parametrize("sparsity", [0.6, 0.98])
def test_groups_have_the_products_of_their_kind(sparsity: float) -> None:
    groups = [Group((0, 3), "correlated"), Group((4, 1), "anticorrelated")]
    problem = make_problem(6, 2, sparsity, None, groups)
    assert_moments(problem)
    examples, _ = columns(problem, 4)
    assert np.array_equal(examples[0] > 0, examples[3] > 0)
    assert not ((examples[1] > 0) & (examples[4] > 0)).any()
    both = examples[0] > 0
    assert abs(np.corrcoef(examples[0][both], examples[3][both])[0, 1]) < 0.2  # values are independent


def test_above_the_bound_no_example_is_all_zero_and_below_it_some_are() -> None:
    sparse, any_on = columns(make_problem(5, 2, 0.97), 4)
    assert (sparse > 0).any(0).all()
    assert any_on == pytest.approx(1 - 0.97**5)
    dense, any_on = columns(make_problem(5, 2, 0.96), 4)
    assert not (dense > 0).any(0).all()
    assert any_on == 1.0


def test_given_that_something_is_on_the_number_that_is_on_is_binomial() -> None:
    examples, any_on = columns(make_problem(5, 2, 0.97))
    two = ((examples > 0).sum(0) == 2).mean() * any_on
    assert two == pytest.approx(10 * 0.03**2 * 0.97**3, rel=0.05)


def test_values_of_the_absolute_value_are_signed() -> None:
    sampler = Sampler([make_problem(3, 1, 0.5)], [0], 4000, is_signed=True)
    at = next_place(sampler)
    examples, targets = sampler.block.examples[at], sampler.block.targets[at]
    assert (targets == examples.abs()).all()
    assert examples.min() < -0.99
    assert examples.max() > 0.99
    assert float((examples == 0).float().mean()) == pytest.approx(0.5, abs=0.03)
    assert float((examples < 0).float().mean()) == pytest.approx(0.25, abs=0.03)


def test_a_seed_gives_the_same_examples_whatever_runs_beside_it() -> None:
    one, other = make_problem(3, 1, 0.5), make_problem(3, 1, 0.98)
    together = drawn(Sampler([one, other], [4, 9], 16), 70)
    alone = drawn(Sampler([other], [9], 16), 70)
    assert np.array_equal(together[:, 1, 1], alone[:, 0, 0])
    assert not np.array_equal(together[:, 0, 0], together[:, 0, 1])


@pytest.mark.parametrize("steps", [5, 64])  # in the middle of a block of examples, and where one is used up
def test_the_place_in_the_streams_is_kept(steps: int) -> None:
    problem = make_problem(3, 1, 0.98)
    sampler = Sampler([problem], [0], 16)
    drawn(sampler, steps)
    position, has_first, states = sampler.state()
    expected = drawn(sampler, 90)
    restored = Sampler([problem], [0], 16)
    restored.restore(position, states, has_first=has_first)
    assert np.array_equal(drawn(restored, 90), expected)


def test_another_sparsity_acts_from_the_next_example_on() -> None:
    sampler = Sampler([make_problem(3, 1, 0.0)], [0], 1000)
    assert (drawn(sampler, 1) > 0).mean() > 0.99
    sampler.set_problems([make_problem(3, 1, 0.9)])
    assert (drawn(sampler, 1) > 0).mean() == pytest.approx(0.1, abs=0.03)
