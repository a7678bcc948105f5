"""Closed forms, exact expectations and fixed weighted sets against each other and against plain integration."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.engine.superposition import closed_forms, exact
from playground.engine.superposition.data import Sampler
from playground.engine.superposition.evaluation import Evaluator
from playground.engine.superposition.fixed_set import feature_errors, fixed_set
from playground.engine.superposition.models import output_of
from playground.engine.superposition.phase import weighted_loss_and_gradient
from playground.engine.superposition.problem import TIED_KINDS, Group, SuperpositionError, make_problem
from tests.engine.superposition.sampling import next_place


@pytest.mark.parametrize(("sparsity", "loss"), [(0.1, 42.000), (0.5, 44.872), (0.9, 13.282)])
def test_the_linear_optimum_of_40_features_in_5(sparsity: float, loss: float) -> None:
    found = closed_forms.linear_optimum(make_problem(40, 5, sparsity, "1:0.1"))
    assert round(found.loss * 1e3, 3) == loss
    assert found.kept.tolist() == [0, 1, 2, 3, 4]
    assert found.bias[5:] == pytest.approx((1 - sparsity) / 2)
    assert not found.bias[:5].any()


def test_the_linear_optimum_is_what_its_weights_lose_and_no_neighbour_loses_less() -> None:
    problem = make_problem(6, 2, 0.7, "1:0.3")
    optimum = closed_forms.linear_optimum(problem)
    weight, importance = np.eye(6)[:, :2], problem.importances
    loss = (closed_forms.linear_errors(weight, optimum.bias, problem) * importance).mean()
    assert loss == pytest.approx(optimum.loss, rel=1e-12)
    generator = np.random.default_rng(0)
    near = weight + generator.normal(size=(200, 6, 2)) * 0.05
    bias = optimum.bias + generator.normal(size=(200, 6)) * 0.01
    assert (closed_forms.linear_errors(near, bias, problem) * importance).mean(-1).min() > loss


@pytest.mark.parametrize("kind", TIED_KINDS)
def test_the_exact_loss_of_two_features_is_that_of_a_fine_grid(kind: str) -> None:
    generator = np.random.default_rng(3)
    weight, bias = generator.normal(size=(8, 2)), generator.normal(size=(8, 2)) * 0.3
    weight[0], weight[1, 0], bias[2], weight[3] = (1, -1), 0, 0, (0, 0)
    problem = make_problem(2, 1, [0.4, 0.7])
    chances = exact.mask_chances(problem)
    found = exact.expected_errors(kind, weight, bias, np.broadcast_to(chances, (8, 4)))
    middle = (np.arange(1500) + 0.5) / 1500
    first, second = np.meshgrid(middle, middle)
    parts = [(0 * middle, 0 * middle), (middle, 0 * middle), (0 * middle, middle), (first.ravel(), second.ravel())]
    for at in range(8):
        parameters = torch.from_numpy(np.stack([weight[at], bias[at]], 1))
        expected = np.zeros(2)
        for chance, part in zip(chances, parts, strict=True):
            inputs = torch.from_numpy(np.stack(part))
            expected += chance * ((output_of(kind, parameters, inputs) - inputs) ** 2).mean(1).numpy()
        np.testing.assert_allclose(found[at], expected, rtol=1e-6, atol=1e-7)  # the midpoint rule's own error


def test_simple_solutions_lose_what_their_closed_forms_say() -> None:
    for density, ratio in ((0.3, 0.5), (1.0, 3.0), (0.02, 1.0)):
        problem = make_problem(2, 1, 1 - density, [1, ratio])
        chances = exact.mask_chances(problem)[None]
        importance = problem.importances
        antipodal = exact.expected_errors("relu", np.array([[1.0, -1.0]]), np.zeros((1, 2)), chances)[0] @ importance
        assert antipodal == pytest.approx(float(closed_forms.antipodal_loss(np.array(density), *importance)), rel=1e-12)
        kept = exact.expected_errors("relu", np.array([[1.0, 0.0]]), np.array([[0.0, density / 2]]), chances)[0]
        dropped = float(closed_forms.single_loss(np.array(density), np.array(ratio)))
        assert kept @ importance == pytest.approx(dropped, rel=1e-12)


def test_on_the_simple_border_both_solutions_lose_the_same() -> None:
    ratios = np.array([0.1, 0.316, 1.0, 3.0, 10.0])
    border = closed_forms.simple_border(ratios)
    assert border[1] == pytest.approx(0.353, abs=5e-4)
    kept = closed_forms.single_loss(border, np.minimum(ratios, 1))
    np.testing.assert_allclose(closed_forms.antipodal_loss(border, np.ones(5), ratios), kept, rtol=1e-12)


def test_the_gradient_of_the_exact_loss_is_that_of_differences() -> None:
    generator = np.random.default_rng(1)
    places = generator.normal(size=(40, 4)) * [1, 1, 0.3, 0.3]
    importance = np.tile([1.0, 0.4], (40, 1))
    chances = np.tile(exact.mask_chances(make_problem(2, 1, 0.6)), (40, 1))
    _, gradient = exact.relu_loss_and_gradient(places, importance, chances)
    for at in range(4):
        small = np.eye(4)[at] * 1e-6
        up, down = (exact.relu_loss_and_gradient(places + one, importance, chances)[0] for one in (small, -small))
        np.testing.assert_allclose(gradient[:, at], (up - down) / 2e-6, atol=1e-8)


def test_the_gradient_on_the_weighted_set_is_that_of_autograd() -> None:
    problem = make_problem(3, 2, 0.6, [1, 1, 0.3])
    chosen = fixed_set(problem)
    points, weights = chosen.points.double(), torch.from_numpy(chosen.weights(problem))
    generator = torch.Generator().manual_seed(0)
    parameters = torch.randn(70, 3, 3, generator=generator, dtype=torch.float64).requires_grad_()
    importance = torch.tensor([problem.importance] * 70, dtype=torch.float64)
    error = (output_of("relu", parameters, points) - points) ** 2
    losses = ((error @ weights) * importance).mean(1)
    (expected,) = torch.autograd.grad(losses.sum(), parameters)
    found, gradient = weighted_loss_and_gradient(parameters.detach(), points, weights, importance)
    assert (found - losses).abs().max() < 1e-12
    assert (gradient - expected).abs().max() <= 1e-10


def models(features: int, hidden: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(4, features, hidden + 1, generator=generator, dtype=torch.float64) * 0.4


@pytest.mark.parametrize("sparsity", [0.0, 0.5, 0.95, 0.999])
def test_the_full_set_agrees_with_the_exact_loss(sparsity: float) -> None:
    problem = make_problem(2, 1, sparsity)
    chosen = fixed_set(problem)
    weights = chosen.weights(problem)
    assert weights.sum() == pytest.approx(1)
    parameters = models(2, 1)
    found = feature_errors("relu", parameters, chosen.points, torch.from_numpy(weights)).numpy()
    held = parameters.numpy()
    chances = np.broadcast_to(exact.mask_chances(problem), (4, 4))
    np.testing.assert_allclose(found, exact.expected_errors("relu", held[..., 0], held[..., 1], chances), rtol=2e-3)


def test_the_full_set_has_every_mask_and_the_point_zero_once() -> None:
    points = fixed_set(make_problem(5, 2, 0.5)).points
    assert points.shape == (5, 31 * 128 + 1)
    assert not points[:, 0].any()
    assert len({tuple(column) for column in (points > 0).T.tolist()}) == 32


@pytest.mark.parametrize("is_tuned", [False, True])
@pytest.mark.parametrize("sparsity", [0.1, 0.9, 0.995, tuple(np.linspace(0.5, 0.99, 20))])
def test_the_stratified_set_agrees_with_the_moments_of_a_linear_model(
    sparsity: float | tuple[float, ...], is_tuned: bool
) -> None:
    problem = make_problem(20, 5, sparsity)
    examples, densities = (65_536, [problem.density]) if is_tuned else (4_096, [])
    chosen = fixed_set(problem, examples=examples, densities=densities)
    weights = torch.from_numpy(chosen.weights(problem))
    parameters = models(20, 5)
    found = feature_errors("linear", parameters, chosen.points, weights).numpy()
    held = parameters.numpy()
    expected = closed_forms.linear_errors(held[..., :-1], held[..., -1], problem)
    np.testing.assert_allclose(found.mean(-1), expected.mean(-1), rtol=0.006 if is_tuned else 0.03)


@pytest.mark.parametrize("features", [4, 8])
def test_the_set_knows_groups(features: int) -> None:
    groups = [Group((0, 2), "correlated"), Group((1, 3), "anticorrelated")]
    problem = make_problem(features, 2, 0.6, None, groups)
    chosen = fixed_set(problem, examples=65_536)
    weights = torch.from_numpy(chosen.weights(problem))
    parameters = models(features, 2)
    held = parameters.numpy()
    expected = closed_forms.linear_errors(held[..., :-1], held[..., -1], problem)
    found = feature_errors("linear", parameters, chosen.points, weights).numpy()
    np.testing.assert_allclose(found.mean(-1), expected.mean(-1), rtol=0.03)


def test_the_loss_of_the_set_is_that_of_many_batches() -> None:
    problem = make_problem(8, 3, 0.8, "1:0.5")
    parameters = models(8, 3)
    shown = Evaluator().errors("relu-relu", parameters.numpy(), problem)
    sampler = Sampler([problem], [0], 20_000)
    total = np.zeros((4, 8))
    for _ in range(10):
        inputs = sampler.block.examples[next_place(sampler), 0].double()
        total += ((output_of("relu-relu", parameters, inputs) - inputs) ** 2).mean(-1).numpy() / 10
    np.testing.assert_allclose(shown.mean(-1), total.mean(-1), rtol=0.03)


def test_the_set_is_the_same_whenever_it_is_made() -> None:
    problem = make_problem(12, 3, 0.8)
    assert torch.equal(fixed_set(problem).points, fixed_set(problem.with_sparsity(0.2)).points)


def test_there_is_no_exact_loss_of_the_absolute_value() -> None:
    with pytest.raises(SuperpositionError, match="no exact loss"):
        exact.expected_errors("abs", np.ones((1, 2)), np.ones((1, 2)), np.ones((1, 4)))
