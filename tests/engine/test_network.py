"""The flat buffer, its views, its masks, and what the network computes."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from playground.engine.network import MASKS, Network, layer_views
from playground.engine.spec import build
from tests.engine.nets import bits, drawn

SPEC = build((4, 3, 2), activation="tanh")  # 4·3 + 3·2 + 5 = 23 parameters


def half() -> torch.Tensor:
    return torch.arange(SPEC.parameter_count) % 2 == 0


def test_weights_and_biases_are_views_of_one_buffer() -> None:
    network = drawn(SPEC)
    assert [weight.shape for weight in network.weights] == [(3, 4), (2, 3)]
    assert [bias.shape for bias in network.biases] == [(3,), (2,)]
    network.parameters.copy_(torch.arange(23))
    assert network.weights[0].tolist() == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    assert network.biases[0].tolist() == [12, 13, 14]
    assert network.weights[1].tolist() == [[15, 16, 17], [18, 19, 20]]
    assert network.biases[1].tolist() == [21, 22]
    network.weights[1][1, 0] = -5
    assert network.parameters[18] == -5


def test_the_buffer_cannot_be_exchanged_under_its_views() -> None:
    with pytest.raises(AttributeError):
        drawn(SPEC).parameters = torch.zeros(23)  # type: ignore[misc]
    with pytest.raises(ValueError, match="23"):
        Network(SPEC, torch.zeros(22))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_same_seed_gives_the_same_bits(dtype: torch.dtype) -> None:
    one, same, other = (drawn(SPEC, seed, dtype) for seed in (1, 1, 2))
    assert one.parameters.dtype == one.gradient.dtype == dtype
    assert bits(one.parameters) == bits(same.parameters)
    assert bits(one.parameters) != bits(other.parameters)
    assert one.first_moment is None
    assert one.second_moment is None
    assert one.optimizer_steps == 0


def test_empty_is_all_zero() -> None:
    assert not Network.empty(SPEC).parameters.any()


def as_torch_writes_it(network: Network) -> nn.Sequential:
    """Return the same network as torch's own layers."""
    first, second = nn.Linear(4, 3), nn.Linear(3, 2)
    model = nn.Sequential(first, nn.Tanh(), second).to(network.parameters.dtype)
    with torch.no_grad():
        for layer, (weight, bias) in zip((first, second), layer_views(SPEC, network.effective()), strict=True):
            layer.weight.copy_(weight)
            layer.bias.copy_(bias)
    return model


@pytest.mark.parametrize("with_cuts", [False, True])
def test_forward_is_torchs(with_cuts: bool) -> None:
    network, inputs = drawn(SPEC), torch.randn(7, 4, dtype=torch.float64)
    if with_cuts:
        network.set_mask("present", half())
    logits = as_torch_writes_it(network)(inputs)
    pre, act = network.forward(inputs, "cross_entropy")
    torch.testing.assert_close(pre[1], logits)
    torch.testing.assert_close(act[0], torch.tanh(pre[0]))
    torch.testing.assert_close(act[1], torch.softmax(logits, 1))
    _, act = network.forward(inputs, "squared_error")
    torch.testing.assert_close(act[1], torch.sigmoid(logits))  # the output layer's own activation
    assert not pre[0].requires_grad


def test_effective_is_the_buffer_itself_until_something_is_cut() -> None:
    network = drawn(SPEC)
    assert network.effective() is network.parameters
    network.parameters[1] = float("inf")
    network.set_mask("present", half())
    effective = network.effective()
    assert torch.equal(effective[half()], network.parameters[half()])
    assert not effective[~half()].any()  # also where the weight was not finite
    network.set_mask("present", None)
    assert network.effective() is network.parameters


def test_update_mask_joins_the_three() -> None:
    network, numbers = drawn(SPEC), torch.arange(23)
    assert network.update_mask() is None
    network.set_mask("movable", numbers != 3)
    network.set_mask("present", numbers != 5)
    network.set_mask("held", numbers == 7)
    joint = network.update_mask()
    assert joint is not None
    assert numbers[~joint].tolist() == [3, 5, 7]
    assert network.update_mask() is joint  # kept
    network.set_mask("present", None)
    joint = network.update_mask()
    assert joint is not None
    assert numbers[~joint].tolist() == [3, 7]
    for name in MASKS:
        network.set_mask(name, None)
    assert network.update_mask() is None


def test_a_mask_that_masks_nothing_is_none() -> None:
    network = drawn(SPEC)
    everything = torch.ones(23, dtype=torch.bool)
    network.set_mask("movable", everything)
    network.set_mask("present", everything)
    network.set_mask("held", ~everything)
    assert network.movable is network.present is network.held is network.update_mask() is None
    network.set_mask("held", everything)
    assert network.held is not None


def test_a_mask_is_the_networks_own_copy() -> None:
    network, mask = drawn(SPEC), half()
    network.set_mask("movable", mask)
    mask[:] = True
    assert network.movable is not None
    assert torch.equal(network.movable, half())


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("frozen", torch.ones(23, dtype=torch.bool)),
        ("movable", torch.ones(23)),
        ("held", torch.ones(22, dtype=torch.bool)),
    ],
)
def test_a_mask_that_does_not_fit_is_refused(name: str, mask: torch.Tensor) -> None:
    network = drawn(SPEC)
    with pytest.raises(ValueError, match=name):
        network.set_mask(name, mask)
    assert network.update_mask() is None


def test_moving_to_the_same_device_is_nothing() -> None:
    network = drawn(SPEC)
    assert network.to("cpu") is network


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_moving_to_a_gpu_and_back_takes_everything_along() -> None:
    network = drawn(SPEC)
    network.gradient.fill_(3)
    network.first_moment, network.optimizer_steps = torch.full_like(network.parameters, 4), 5
    network.set_mask("movable", half())
    away = network.to("cuda")
    assert away.parameters.is_cuda
    assert away.weights[0].is_cuda
    assert away.update_mask() is not None
    back = away.to("cpu")
    assert bits(back.parameters) == bits(network.parameters)
    assert back.movable is not None
    assert torch.equal(back.movable, half())
    assert back.first_moment is not None
    assert back.first_moment.tolist() == [4] * 23
    assert back.second_moment is None
    assert (back.optimizer_steps, back.gradient.tolist()) == (5, [3] * 23)
