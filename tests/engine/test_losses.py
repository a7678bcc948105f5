"""Losses by hand and against torch's."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from playground.engine.losses import WRITTEN_LOSSES, example_losses
from playground.engine.settings import LOSSES
from playground.engine.spec import OUTPUT_ACTIVATIONS

LABELS = torch.tensor([2, 0, 1, 1])


def pre_activations() -> torch.Tensor:
    return torch.randn(4, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


def test_example_losses_by_hand() -> None:
    pre = torch.tensor([[0.0, math.log(3)], [math.log(7), 0.0]], dtype=torch.float64)
    labels = torch.tensor([1, 1])
    assert example_losses("cross_entropy", pre, pre, labels).tolist() == pytest.approx([math.log(4 / 3), math.log(8)])
    act = torch.tensor([[0.5, 0.75], [1.0, 0.0]], dtype=torch.float64)
    assert example_losses("squared_error", pre, act, labels).tolist() == pytest.approx([(0.25 + 0.0625) / 2, 1.0])


def test_cross_entropy_is_torchs_and_stable() -> None:
    pre = pre_activations()
    torch.testing.assert_close(
        example_losses("cross_entropy", pre, pre, LABELS), F.cross_entropy(pre, LABELS, reduction="none")
    )
    huge = torch.tensor([[1e5, -1e5, 0.0]])
    assert example_losses("cross_entropy", huge, huge, torch.tensor([1])).tolist() == [2e5]


@pytest.mark.parametrize("by_class", [True, False])
@pytest.mark.parametrize("activation", OUTPUT_ACTIVATIONS)
@pytest.mark.parametrize("name", LOSSES)
def test_written_losses_are_the_mean_and_its_slope(name: str, activation: str, by_class: bool) -> None:
    functions = {"identity": lambda pre: pre, "softplus": F.softplus}
    pre = pre_activations().requires_grad_()
    act = functions.get(activation, getattr(torch, activation, None))(pre)
    expected = example_losses(name, pre, act, LABELS).mean()
    (slope,) = torch.autograd.grad(expected, pre)
    with torch.no_grad():
        own = pre.T.contiguous().T if by_class else pre.clone()  # in either layout
        delta = torch.empty_like(own)
        loss = WRITTEN_LOSSES[name](own, delta, activation)
        for _ in range(2):  # nothing of the first call is left in the second
            assert loss(LABELS).item() == pytest.approx(expected.item(), rel=1e-13)
            torch.testing.assert_close(delta, slope, rtol=1e-12, atol=1e-15)


def test_every_loss_of_the_vocabulary_is_written_and_no_other_known() -> None:
    assert set(WRITTEN_LOSSES) == set(LOSSES)
    with pytest.raises(ValueError, match="hinge"):
        example_losses("hinge", pre_activations(), pre_activations(), LABELS)
