"""The written-out step against autograd, against numbers computed by hand, and against what it must leave alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from hypothesis import HealthCheck, given
from hypothesis import settings as checking
from torch import Tensor

from playground.engine.autograd_step import AutogradStep
from playground.engine.network import Network
from playground.engine.settings import LOSSES, OPTIMIZERS, Settings
from playground.engine.spec import ACTIVATIONS, build
from playground.engine.step import WrittenStep
from playground.engine.step_choice import is_covered, make_step
from tests.engine.nets import PATHS, Case, bits, cases, digit_like, drawn

BY_GRADIENT = [name for name in OPTIMIZERS if name != "perceptron"]
thorough = checking(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)


def parts(network: Network, flat: Tensor) -> Iterator[Tensor]:
    """Yield the weights and the biases of every layer, as they lie in ``flat``."""
    for slots in network.spec.slots:
        yield flat[slots.weight]
        yield flat[slots.bias]


def distance(found: Tensor, expected: Tensor) -> float:
    """Return ||found - expected|| / ||expected||, by the larger norm of the two: 1 where only one of them is 0."""
    found, expected = found.double(), expected.double()
    norm = max(found.norm().item(), expected.norm().item())
    return (found - expected).norm().item() / norm if norm else 0.0


def by_autograd(case: Case, parameters: Tensor, batch: tuple[Tensor, Tensor], dice: Tensor) -> tuple[Network, float]:
    """Return a network after one step from ``parameters``, the dropout drawn from the state ``dice``; and its loss."""
    network = case.network(parameters.dtype)
    network.parameters.copy_(parameters)
    generator = torch.Generator()
    generator.set_state(dice)
    step = AutogradStep(network, case.settings, generator)
    step(*batch, 0.01)
    return network, step.loss.item()


def rounding_noise(case: Case, parameters: Tensor, batch: tuple[Tensor, Tensor], dice: Tensor) -> list[float]:
    """Return how far rounding alone moves autograd's own gradient at this precision, part by part.

    Where large terms cancel, or an activation is so saturated that 1 - act has lost its digits, that is far.
    Measured in single precision against double, from weights that are off in their last digit, and scaled.
    """
    inputs, targets = batch
    in_double, in_single = (targets.double(), targets.float()) if case.has_numbers else (targets, targets)
    exact, _ = by_autograd(case, parameters.double(), (inputs.double(), in_double), dice)
    single, generator = torch.finfo(torch.float32).eps, torch.Generator().manual_seed(0)
    noise = [0.0 for _ in parts(exact, exact.gradient)]
    for _ in range(5):
        nudge = single * torch.empty(parameters.shape).uniform_(-1, 1, generator=generator)
        rough, _ = by_autograd(case, parameters.float() * (1 + nudge), (inputs.float(), in_single), dice)
        pairs = zip(parts(rough, rough.gradient), parts(exact, exact.gradient), strict=True)
        noise = [max(old, distance(*pair)) for old, pair in zip(noise, pairs, strict=True)]
    scale = torch.finfo(parameters.dtype).eps / single
    return [blur * scale if blur < 0.3 else math.inf for blur in noise]  # no digit left: such a case says nothing


def check_gradients(case: Case, dtype: torch.dtype, tolerance: float) -> None:
    """Step through a full, a short and a full batch and compare each gradient, tensor by tensor."""
    network, generator = case.network(dtype), torch.Generator().manual_seed(case.seed)
    step = WrittenStep(network, case.settings, generator)
    for rows in case.batches:
        parameters, batch, dice = network.parameters.clone(), case.batch(rows, dtype), generator.get_state()
        step(*batch, 0.01)
        reference, loss = by_autograd(case, parameters, batch, dice)
        pairs = zip(parts(network, network.gradient), parts(reference, reference.gradient), strict=True)
        distances = [distance(*pair) for pair in pairs]
        if max(distances) > tolerance:  # one case in some hundred
            noise = rounding_noise(case, parameters, batch, dice)
            assert all(found <= max(tolerance, 20 * blur) for found, blur in zip(distances, noise, strict=True))
        assert step.loss.item() == pytest.approx(loss, rel=tolerance, abs=tolerance)


@given(cases())
@thorough
def test_gradients_are_those_of_autograd_in_double_precision(case: Case) -> None:
    check_gradients(case, torch.float64, 1e-12)


@given(cases())
@thorough
def test_gradients_are_those_of_autograd_in_single_precision(case: Case) -> None:
    check_gradients(case, torch.float32, 1e-5)


@given(cases())
@checking(max_examples=150, deadline=None, derandomize=True, database=None)
def test_what_may_not_move_stays_to_the_last_bit(case: Case) -> None:
    for path in PATHS:
        network = case.network(torch.float32)
        network.parameters[::7] = -0.0  # its bits change where a 0 is added
        before, may_move = network.parameters.clone(), network.update_mask()
        step = path(network, case.settings, torch.Generator().manual_seed(0))
        for rows in case.batches:
            step(*case.batch(rows, torch.float32), 0.1)
        if may_move is not None:
            assert bits(network.parameters[~may_move]) == bits(before[~may_move])
        assert torch.isfinite(network.parameters).all()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("mask", ["movable", "present", "held"])
@pytest.mark.parametrize("optimizer", BY_GRADIENT)
def test_a_mask_set_in_full_swing_stops_those_entries_and_no_others(
    path: type[WrittenStep | AutogradStep], mask: str, optimizer: str
) -> None:
    settings = Settings(optimizer=optimizer, l1=0.01, l2=0.1)
    network = drawn(build((20, 8, 5)), dtype=torch.float32)
    step = path(network, settings, torch.Generator())
    inputs, labels = torch.rand(16, 20), torch.arange(16) % 5
    for _ in range(5):
        step(inputs, labels, 0.01)  # momentum has gathered
    stopped = torch.zeros_like(network.parameters, dtype=torch.bool)
    stopped[::3] = True
    network.set_mask(mask, stopped if mask == "held" else ~stopped)
    before = network.parameters.clone()
    for _ in range(3):
        step(inputs, labels, 0.01)
    assert bits(network.parameters[stopped]) == bits(before[stopped])
    assert (network.parameters[~stopped] != before[~stopped]).all()
    network.set_mask(mask, None)
    step(inputs, labels, 0.01)
    assert (network.parameters != before).all()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("optimizer", BY_GRADIENT)
def test_a_divergence_does_not_reach_frozen_weights(path: type[WrittenStep | AutogradStep], optimizer: str) -> None:
    network = drawn(build((4, 3, 2)), dtype=torch.float32)
    frozen = torch.arange(network.spec.parameter_count) % 2 == 0
    network.set_mask("movable", ~frozen)
    before = network.parameters.clone()
    step = path(network, Settings(optimizer=optimizer, l2=0.1), torch.Generator())
    step(torch.full((2, 4), math.nan), torch.tensor([0, 1]), 0.1)
    assert network.parameters[~frozen].isnan().all()
    assert bits(network.parameters[frozen]) == bits(before[frozen])


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
@pytest.mark.parametrize(("optimizer", "rate"), [("adam", 0.003), ("momentum", 0.02)])
def test_both_paths_tell_the_same_losses_for_500_steps(activation: str, optimizer: str, rate: float) -> None:
    pictures, classes = digit_like(1_010)
    losses = []
    for path in PATHS:
        network = drawn(build((784, 16, 16, 10), activation=activation), dtype=torch.float32)
        step = path(network, Settings(optimizer=optimizer), torch.Generator())
        order = torch.Generator().manual_seed(3)
        told: list[Tensor] = []
        while len(told) < 500:
            for chosen in torch.randperm(len(pictures), generator=order).split(32):  # the last one is short
                step(pictures[chosen], classes[chosen], rate)
                told.append(step.loss.clone())
        losses.append(torch.stack(told)[:500])
    written, reference = losses
    assert (written - reference).abs().max() <= 1e-4
    assert written[-50:].mean() < 0.5 * written[:50].mean()  # it did learn


def test_one_step_by_hand() -> None:
    # 2-2-2, sigmoid, squared error, one example x = (1, 0) of class 1, learning rate 2:
    # hidden: pre = (0, ln 3), act = (1/2, 3/4);  output: pre = (0, 0), act = (1/2, 1/2), target (0, 1)
    # loss = 1/2 (1/4 + 1/4) = 1/4
    # output delta = (1/2 - 0, 1/2 - 1) / 4 = (1/8, -1/8)
    # hidden: d loss / d act = W2.T delta = (2/8 - 0, -1/8 + 1/8 * 4/3) -> times act (1 - act) = (1/4, 3/16)
    network = Network.empty(build((2, 2, 2)), dtype=torch.float64)
    network.weights[0].copy_(torch.tensor([[1.0, 5.0], [0.5, -7.0]]))
    network.biases[0].copy_(torch.tensor([-1.0, math.log(3) - 0.5], dtype=torch.float64))
    network.weights[1].copy_(torch.tensor([[2.0, -1.0], [0.0, -4 / 3]], dtype=torch.float64))
    network.biases[1].copy_(torch.tensor([-0.25, 1.0], dtype=torch.float64))
    hidden = torch.tensor([2 / 8 / 4, (-1 / 8 + 4 / 24) * 3 / 16], dtype=torch.float64)
    output = torch.tensor([1 / 8, -1 / 8], dtype=torch.float64)
    expected = torch.cat([
        torch.tensor([1.0 - 2 * hidden[0], 5.0, 0.5 - 2 * hidden[1], -7.0]),
        torch.tensor([-1.0 - 2 * hidden[0], math.log(3) - 0.5 - 2 * hidden[1]]),
        torch.tensor([2 - 2 * output[0] / 2, -1 - 2 * output[0] * 0.75, -2 * output[1] / 2, -4 / 3 - 1.5 * output[1]]),
        torch.tensor([-0.25 - 2 * output[0], 1.0 - 2 * output[1]]),
    ])  # fmt: skip
    for path in PATHS:
        stepped = Network(network.spec, network.parameters.clone())
        step = path(stepped, Settings(optimizer="sgd", loss="squared_error"), torch.Generator())
        step(torch.tensor([[1.0, 0.0]], dtype=torch.float64), torch.tensor([1]), 2.0)
        assert step.loss.item() == pytest.approx(0.25, abs=1e-12)
        assert (stepped.parameters - expected).abs().max() <= 1e-6


def test_cross_entropy_by_hand() -> None:
    # 1-2, zero weights: softmax (1/2, 1/2), loss ln 2, delta (1/2, -1/2) for class 1; input 3
    for path in PATHS:
        network = Network.empty(build((1, 2)), dtype=torch.float64)
        step = path(network, Settings(optimizer="sgd"), torch.Generator())
        step(torch.tensor([[3.0]], dtype=torch.float64), torch.tensor([1]), 0.1)
        assert step.loss.item() == pytest.approx(math.log(2), abs=1e-12)
        assert network.gradient.tolist() == pytest.approx([1.5, -1.5, 0.5, -0.5], abs=1e-12)
        assert network.parameters.tolist() == pytest.approx([-0.15, 0.15, -0.05, 0.05], abs=1e-12)


@pytest.mark.parametrize("path", PATHS)
def test_huge_logits_give_a_finite_loss(path: type[WrittenStep | AutogradStep]) -> None:
    network = Network.empty(build((1, 3)), dtype=torch.float32)
    network.weights[0].copy_(torch.tensor([[1e4], [-1e4], [0.0]]))
    step = path(network, Settings(optimizer="sgd"), torch.Generator())
    step(torch.tensor([[1.0]]), torch.tensor([1]), 0.0)
    assert step.loss.item() == pytest.approx(2e4)
    assert network.gradient.tolist() == pytest.approx([1, -1, 0, 1, -1, 0])


@pytest.mark.parametrize("path", PATHS)
def test_the_same_seed_gives_the_same_bits(path: type[WrittenStep | AutogradStep]) -> None:
    spec = build((30, 12, 9, 4), activation="gelu")
    spec = spec.with_layers(replace(layer, dropout=0.3) for layer in spec.layers)
    inputs, labels = torch.rand(40, 30, generator=torch.Generator().manual_seed(1)), torch.arange(40) % 4
    ends = []
    for _ in range(2):
        network = drawn(spec, dtype=torch.float32)
        step = path(network, Settings(), torch.Generator().manual_seed(5))
        for start in (0, 16, 32) * 10:
            step(inputs[start : start + 16], labels[start : start + 16], 0.01)
        ends.append(bits(network.parameters))
    assert ends[0] == ends[1]


def test_the_working_tensors_are_made_once() -> None:
    network = drawn(build((6, 5, 3)), dtype=torch.float32)
    step = WrittenStep(network, Settings(), torch.Generator())
    inputs, labels = torch.rand(8, 6), torch.arange(8) % 3
    step(inputs, labels, 0.01)
    step(inputs[:3], labels[:3], 0.01)
    kept = dict(step._stacks)
    for _ in range(3):
        step(inputs, labels, 0.01)
        step(inputs[:3], labels[:3], 0.01)
    assert step._stacks == kept
    for rows in range(1, 9):
        step(inputs[:rows], labels[:rows], 0.01)
    assert len(step._stacks) <= 4


def test_moments_can_be_edited_after_a_step() -> None:
    network = drawn(build((3, 2)), dtype=torch.float32)
    WrittenStep(network, Settings(), torch.Generator())(torch.rand(4, 3), torch.arange(4) % 2, 0.01)
    assert network.first_moment is not None
    network.first_moment[2] = 0.0  # refused where the tensor belongs to inference mode
    assert network.first_moment[2] == 0


def test_which_path_runs_depends_on_spec_and_settings_alone() -> None:
    for activation in ACTIVATIONS:
        for loss in LOSSES:
            for optimizer in OPTIMIZERS:
                assert is_covered(build((3, 4, 2), activation=activation), Settings(loss=loss, optimizer=optimizer))
    spec = build((3, 4, 2))
    unknown = spec.with_layers([replace(spec.layers[0], activation="swish"), spec.layers[1]])
    assert not is_covered(unknown, Settings())
    network = drawn(spec)
    network.set_mask("held", torch.arange(network.spec.parameter_count) < 3)
    assert isinstance(make_step(network, Settings(), torch.Generator()), WrittenStep)
    network.spec = unknown
    assert isinstance(make_step(network, Settings(), torch.Generator()), AutogradStep)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_gpu_trains_like_the_cpu(path: type[WrittenStep | AutogradStep], optimizer: str) -> None:
    inputs, labels = digit_like(64)
    losses = []
    for device in ("cpu", "cuda"):
        network = drawn(build((784, 16, 10)), dtype=torch.float64).to(device)
        step = path(network, Settings(optimizer=optimizer, l2=0.01), torch.Generator(device))
        told = []
        for rows in (64, 40, 64, 64):
            batch = inputs[:rows].to(device, torch.float64), labels[:rows].to(device)
            step(*batch, 0.01)
            told.append(step.loss.item())
        losses.append(told)
    assert losses[0] == pytest.approx(losses[1], rel=1e-9)
