"""The activation functions and their derivatives against torch's own and autograd's."""

from __future__ import annotations

import math

import pytest
import torch

from playground.engine.activations import activate, draw_dropout_mask, write_activation, write_slope
from playground.engine.autograd_step import FUNCTIONS as REFERENCE
from playground.engine.spec import ACTIVATIONS, OUTPUT_ACTIVATIONS


def points() -> torch.Tensor:
    """Return pre-activations ``[rows, 8]`` near 0, exactly 0, and far out on both sides."""
    fine = torch.linspace(-6, 6, 97, dtype=torch.float64)
    far = torch.tensor([0.0, -0.0, 1e-12, -1e-12, 22, -30, 90], dtype=torch.float64)
    return torch.cat([fine, far]).reshape(-1, 8)


def test_every_activation_of_the_vocabulary_is_written() -> None:
    assert set(REFERENCE) == set(ACTIVATIONS)  # and each of them is compared below
    assert set(OUTPUT_ACTIVATIONS) <= set(ACTIVATIONS)
    room = torch.zeros(2, 2)
    with pytest.raises(ValueError, match="'swish' is no activation"):
        write_activation("swish", room, room.clone())
    with pytest.raises(ValueError, match="'swish' is no activation"):
        write_slope("swish", room, room, room.clone())


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_function_is_torchs(name: str) -> None:
    pre = points()
    kept, out = pre.clone(), torch.full_like(pre, math.nan)
    assert write_activation(name, pre, out) is out
    assert torch.equal(pre, kept)
    torch.testing.assert_close(out, REFERENCE[name](pre), rtol=1e-13, atol=1e-14)
    assert torch.equal(activate(name, pre), out)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_is_autograds(name: str) -> None:
    pre = points().requires_grad_()
    act = REFERENCE[name](pre)
    if act.requires_grad:
        (expected,) = torch.autograd.grad(act.sum(), pre)
    else:
        expected = torch.zeros_like(pre)  # step: autograd, too, sees nothing to follow
    with torch.no_grad():
        out = torch.full_like(pre, math.nan)
        kept = act.clone()
        assert write_slope(name, pre, act, out) is out
    assert torch.equal(act, kept)
    torch.testing.assert_close(out, expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_derivative_is_the_slope_of_the_function(name: str, dtype: torch.dtype) -> None:
    pre = torch.tensor([-3.0, -0.75, 0.2, 1.0, 2.5], dtype=dtype)
    slope = write_slope(name, pre, activate(name, pre), torch.empty_like(pre))
    wide, width = pre.double(), 1e-5
    expected = (activate(name, wide + width) - activate(name, wide - width)) / (2 * width)
    torch.testing.assert_close(slope.double(), expected, rtol=1e-5, atol=1e-6)


def test_values_by_hand() -> None:
    pre = torch.tensor([-1.0, 0.0, 2.0], dtype=torch.float64)
    normal = 0.5 * math.erfc(1 / math.sqrt(2)), 0.5 * math.erfc(-2 / math.sqrt(2))  # Phi(-1), Phi(2)
    expected = {
        "identity": [-1, 0, 2],
        "sigmoid": [1 / (1 + math.e), 0.5, 1 / (1 + math.exp(-2))],
        "tanh": [math.tanh(-1), 0, math.tanh(2)],
        "relu": [0, 0, 2],
        "leaky_relu": [-0.01, 0, 2],
        "gelu": [-normal[0], 0, 2 * normal[1]],
        "softplus": [math.log1p(math.exp(-1)), math.log(2), math.log1p(math.exp(2))],
        "step": [0, 0, 1],
    }
    for name, values in expected.items():
        assert activate(name, pre).tolist() == pytest.approx(values, abs=1e-14)


def test_softmax_is_taken_over_the_units() -> None:
    act = activate("softmax", torch.tensor([[0.0, math.log(3)], [1000.0, 1000.0]]))
    torch.testing.assert_close(act, torch.tensor([[0.25, 0.75], [0.5, 0.5]]))
    assert act.is_contiguous()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_pre_activation_that_is_no_number_stays_visible(name: str) -> None:
    assert activate(name, torch.tensor([math.nan])).isnan().all() or name == "step"


def test_dropout_keeps_the_mean() -> None:
    mask = draw_dropout_mask(torch.empty(400, 500), 0.3, torch.Generator().manual_seed(1))
    assert set(mask.unique().tolist()) == {0.0, torch.tensor(1 / 0.7).item()}
    share = (mask == 0).double().mean().item()
    assert share == pytest.approx(0.3, abs=5 * math.sqrt(0.3 * 0.7 / mask.numel()))
    assert mask.double().mean().item() == pytest.approx(1, abs=0.01)


def test_dropout_is_repeatable() -> None:
    one, same, other = (
        draw_dropout_mask(torch.empty(8, 9), 0.5, torch.Generator().manual_seed(seed)) for seed in (3, 3, 4)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
