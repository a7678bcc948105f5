"""The rules that follow a gradient, against ``torch.optim``, and what becomes of the moments when the rule changes."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from playground.engine.network import Network, layer_views
from playground.engine.optimizers import Update
from playground.engine.settings import OPTIMIZERS, Settings
from playground.engine.spec import build
from tests.engine.nets import bits, drawn

SPEC = build((5, 4, 3))
BY_GRADIENT = [name for name in OPTIMIZERS if name != "perceptron"]
RATES = [0.1, 0.1, 0.05, 0.02, 0.0, 0.3] * 5  # as a schedule may have it, 0 included


def torchs(settings: Settings, groups: list[dict[str, Any]]) -> torch.optim.Optimizer:
    """Return torch's own optimizer of these settings."""
    momentum = settings.momentum
    if settings.optimizer == "adam":
        return torch.optim.Adam(groups, betas=(momentum, 0.999), eps=1e-8)
    if settings.optimizer == "adamw":
        return torch.optim.AdamW(groups, betas=(momentum, 0.999), eps=1e-8)
    if settings.optimizer == "rmsprop":
        return torch.optim.RMSprop(groups, alpha=0.99, eps=1e-8)
    if settings.optimizer == "sgd":
        return torch.optim.SGD(groups)
    return torch.optim.SGD(groups, momentum=momentum, nesterov=settings.optimizer == "nesterov")


def gradients(count: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Return ``[count, P]`` gradients of many sizes, some of them 0."""
    generator = torch.Generator().manual_seed(9)
    shape = (count, SPEC.parameter_count)
    drawn_ = torch.randn(shape, generator=generator, dtype=torch.float64)
    sizes = 10.0 ** torch.randint(-6, 2, (SPEC.parameter_count,), generator=generator)
    return (drawn_ * sizes * (torch.rand(shape, generator=generator) > 0.1)).to(dtype)


@pytest.mark.parametrize("is_fused", [False, True])
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.0), (0.0, 0.03), (0.02, 0.0), (0.02, 0.03)])
@pytest.mark.parametrize("momentum", [0.9, 0.5])
@pytest.mark.parametrize("optimizer", BY_GRADIENT)
def test_rule_is_torchs(optimizer: str, momentum: float, l1: float, l2: float, is_fused: bool) -> None:
    network = drawn(SPEC)
    settings = Settings(optimizer=optimizer, momentum=momentum, l1=l1, l2=l2)
    update = Update(network, settings, is_fused=is_fused)
    weights = [weight.clone().requires_grad_() for weight in network.weights]
    biases = [bias.clone().requires_grad_() for bias in network.biases]
    oracle = torchs(settings, [{"params": weights, "weight_decay": l2}, {"params": biases, "weight_decay": 0.0}])
    for rate, gradient in zip(RATES, gradients(len(RATES)), strict=True):
        for (weight_gradient, bias_gradient), weight, bias in zip(
            layer_views(SPEC, gradient), weights, biases, strict=True
        ):
            weight.grad = weight_gradient + l1 * weight.detach().sign()
            bias.grad = bias_gradient.clone()
        for group in oracle.param_groups:
            group["lr"] = rate
        oracle.step()
        network.gradient.copy_(gradient)
        update(rate)
        assert bits(network.gradient) == bits(gradient)  # the penalties do not show in it
        for mine, theirs in zip((*network.weights, *network.biases), (*weights, *biases), strict=True):
            torch.testing.assert_close(mine, theirs.detach(), rtol=1e-11, atol=1e-13)
    assert network.optimizer_steps == len(RATES)


def test_sgd_by_hand() -> None:
    network = Network(build((1, 1)), torch.tensor([2.0, -4.0], dtype=torch.float64))
    network.gradient.copy_(torch.tensor([0.5, 1.0]))
    Update(network, Settings(optimizer="sgd", l1=0.1, l2=0.25))(0.1)
    # the weight: 2 - 0.1 (0.5 + 0.25 * 2 + 0.1); the bias, without penalty: -4 - 0.1
    assert network.parameters.tolist() == pytest.approx([1.89, -4.1], abs=1e-15)


def test_the_first_step_of_adam_is_the_learning_rate() -> None:
    for is_fused in (False, True):
        network = Network(build((1, 1)), torch.tensor([1.0, 1.0], dtype=torch.float64))
        network.gradient.copy_(torch.tensor([3.0, -1e-3]))
        Update(network, Settings(optimizer="adam"), is_fused=is_fused)(0.01)
        # both corrections undo the start from 0: m̂ / √v̂ = ±1, but for ε
        assert network.parameters.tolist() == pytest.approx([0.99, 1.01 - 0.01 * 1e-5], abs=1e-8)


def run(network: Network, optimizer: str, rate: float = 0.01) -> None:
    network.gradient.copy_(gradients(1)[0])
    Update(network, Settings(optimizer=optimizer))(rate)


@pytest.mark.parametrize("old", OPTIMIZERS)
@pytest.mark.parametrize("new", OPTIMIZERS)
def test_moments_go_on_where_they_mean_the_same_and_begin_at_zero_elsewhere(old: str, new: str) -> None:
    alike = {
        "momentum": "velocity",
        "nesterov": "velocity",
        "adam": "adam",
        "adamw": "adam",
        "sgd": "none",
        "perceptron": "none",
    }
    network, fresh = drawn(SPEC), drawn(SPEC)
    for _ in range(3):
        run(network, old)
    fresh.parameters.copy_(network.parameters)
    run(network, new)
    if alike.get(old, old) == alike.get(new, new):
        assert network.optimizer_steps == 4
        return
    run(fresh, new)
    assert network.optimizer_steps == 1
    assert bits(network.parameters) == bits(fresh.parameters)
    for mine, theirs in ((network.first_moment, fresh.first_moment), (network.second_moment, fresh.second_moment)):
        assert (mine is None) == (theirs is None)
        assert mine is None or theirs is None or bits(mine) == bits(theirs)


def test_a_change_of_rule_that_is_taken_back_before_a_step_loses_nothing() -> None:
    network, untouched = drawn(SPEC), drawn(SPEC)
    for each in (network, untouched):
        run(each, "adam")
    for other in ("sgd", "momentum", "rmsprop"):
        Update(network, Settings(optimizer=other))
    run(network, "adam")
    run(untouched, "adam")
    assert bits(network.parameters) == bits(untouched.parameters)
    assert network.optimizer_steps == 2


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_a_moment_put_to_zero_between_steps_counts(optimizer: str) -> None:
    network = drawn(SPEC)
    update = Update(network, Settings(optimizer=optimizer))
    network.gradient.fill_(1.0)
    update(0.01)
    before = network.parameters.clone()
    assert network.first_moment is not None
    network.first_moment[::2] = 0.0
    network.gradient.zero_()
    update(0.01)
    assert torch.equal(network.parameters[::2], before[::2])
    assert (network.parameters[1::2] < before[1::2]).all()
    network.first_moment = torch.zeros_like(network.parameters)  # or exchanged
    before = network.parameters.clone()
    update(0.01)
    assert torch.equal(network.parameters, before)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_is_not_fused_reads_nothing_back_from_the_device(optimizer: str) -> None:
    network = Network.empty(SPEC, "meta")  # has no numbers that could be read
    update = Update(network, Settings(optimizer=optimizer, l1=0.1, l2=0.1))
    for _ in range(2):
        update(0.01)
    assert network.optimizer_steps == 2
