"""Straight cuts against cases whose answer is known, activations against the training engine's own."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from playground.engine import separability
from playground.engine.network import Network
from playground.engine.separability import layer_activations, linear_fit, linear_split
from playground.engine.spec import build


@pytest.mark.parametrize(
    "activation", ["sigmoid", "tanh", "relu", "leaky_relu", "gelu", "softplus", "step", "identity"]
)
@pytest.mark.parametrize(("widths", "loss"), [((2, 5, 4, 3), "cross_entropy"), ((3, 4, 1), "squared_error")])
def test_activations_are_those_of_the_network(activation: str, widths: tuple[int, ...], loss: str) -> None:
    spec = build(widths, activation=activation, output_activation="tanh")
    network = Network.create(spec, "torch", torch.Generator().manual_seed(4))
    present = torch.rand(spec.parameter_count, generator=torch.Generator().manual_seed(1)) > 0.2
    network.set_mask("present", present)
    inputs = torch.randn(30, widths[0], generator=torch.Generator().manual_seed(2))
    _, expected = network.forward(inputs, loss)
    found = layer_activations(spec, network.parameters.numpy(), inputs.numpy(), loss, present.numpy())
    assert len(found) == len(widths)
    assert found[0] == pytest.approx(inputs.double().numpy())
    for ours, theirs in zip(found[1:], expected, strict=True):
        assert np.abs(ours - theirs.numpy()).max() < 1e-5


CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
ALL = np.ones(4, bool)


@pytest.mark.parametrize("labels", [(0, 0, 0, 1), (0, 1, 1, 1)])
def test_and_and_or_are_parted_whole(labels: tuple[int, ...]) -> None:
    split = linear_split(CORNERS, np.array(labels), ALL, 2)
    assert split.train == 1.0
    assert np.isnan(split.held_back)


def test_xor_is_not_parted_but_its_product_is() -> None:
    labels = np.array([0, 1, 1, 0])
    assert linear_split(CORNERS, labels, ALL, 2).train <= 0.75
    with_product = np.concatenate([CORNERS, CORNERS[:, :1] * CORNERS[:, 1:]], 1)
    assert linear_split(with_product, labels, ALL, 2).train == 1.0


def test_two_gaussians_are_parted_as_well_as_theory_allows() -> None:
    random = np.random.default_rng(3)
    labels = np.arange(8_000) % 2
    points = random.normal(size=(8_000, 2)) + np.where(labels == 1, 1.0, -1.0)[:, None]
    is_training = np.arange(8_000) < 4_000
    split = linear_split(points, labels, is_training, 2)
    # the best cut of all is x1 + x2 = 0: right with the normal distribution up to sqrt 2, .9214
    assert split.train == pytest.approx(0.9214, abs=0.013)
    assert split.held_back == pytest.approx(0.9214, abs=0.013)


def test_three_classes_around_a_point_are_parted() -> None:
    random = np.random.default_rng(0)
    labels = np.arange(300) % 3
    angle = 2 * np.pi * labels / 3 + random.uniform(-0.8, 0.8, 300)
    points = np.stack([np.cos(angle), np.sin(angle)], 1) * random.uniform(0.5, 3, (300, 1))
    assert linear_split(points, labels, np.arange(300) < 200, 3).held_back == 1.0


def test_both_ways_of_two_classes_find_the_same_least_loss() -> None:
    random = np.random.default_rng(8)
    act = random.normal(size=(200, 3)) @ random.normal(size=(3, 3))
    labels = (act[:, 0] + random.normal(size=200) > 0).astype(np.int64)
    design = separability._scaled(act, np.ones(200, bool))
    newton = separability._two_classes(design, labels == 1)
    wanted = minimize(
        lambda w: np.logaddexp(0, np.where(labels == 1, -1, 1) * (design @ w)).mean()
        + separability.RIDGE * (w[:-1] ** 2).sum() / 2,
        np.zeros(4), tol=1e-12,
    )  # fmt: skip
    assert newton == pytest.approx(wanted.x, abs=2e-4)


def test_the_fit_to_numbers_is_the_square_of_the_correlation() -> None:
    random = np.random.default_rng(1)
    x = random.normal(size=(400, 1))
    y = 2 * x[:, 0] + random.normal(size=400)
    fit = linear_fit(x, y, np.ones(400, bool))
    assert fit.train == pytest.approx(np.corrcoef(x[:, 0], y)[0, 1] ** 2)
    assert linear_fit(x, 3 * x[:, 0] - 1, np.arange(400) < 200).held_back == pytest.approx(1)


def test_without_points_or_numbers_nothing_is_said() -> None:
    assert np.isnan(linear_split(np.zeros((0, 2)), np.zeros(0, np.int64), np.zeros(0, bool), 2).train)
    assert np.isnan(linear_split(np.full((4, 2), np.nan), np.zeros(4, np.int64), ALL, 2).train)
    assert np.isnan(linear_fit(np.zeros((4, 2)), np.zeros(4), np.zeros(4, bool)).train)
