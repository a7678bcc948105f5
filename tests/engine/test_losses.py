"""Losses by hand and against torch's."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from playground.engine.autograd_step import FUNCTIONS
from playground.engine.losses import example_losses, loss_room, written_loss
from playground.engine.settings import LOSSES, Settings
from playground.engine.spec import OUTPUT_ACTIVATIONS

LABELS = torch.tensor([2, 0, 1, 1])
NUMBERS = torch.rand(4, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


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


@pytest.mark.parametrize("targets", [LABELS, NUMBERS], ids=["classes", "numbers"])
@pytest.mark.parametrize("by_class", [True, False])
@pytest.mark.parametrize("activation", OUTPUT_ACTIVATIONS)
@pytest.mark.parametrize("name", LOSSES)
def test_written_losses_are_the_mean_and_its_slope(
    name: str, activation: str, by_class: bool, targets: torch.Tensor
) -> None:
    pre = pre_activations().requires_grad_()
    act = FUNCTIONS[activation](pre)
    expected = example_losses(name, pre, act, targets).mean()
    slope = torch.autograd.grad(expected, pre)[0] if expected.requires_grad else torch.zeros_like(pre)
    with torch.no_grad():
        own = pre.T.contiguous().T if by_class else pre.clone()  # in either layout
        delta = torch.empty_like(own)
        room = loss_room(Settings(loss=name), own, delta, activation)
        for _ in range(2):  # nothing of the first call is left in the second
            assert written_loss(room, targets).item() == pytest.approx(expected.item(), rel=1e-13)
            torch.testing.assert_close(delta, slope, rtol=1e-12, atol=1e-15)


def test_numbers_by_hand() -> None:
    pre = torch.tensor([[0.0, math.log(3)]], dtype=torch.float64)
    act = torch.tensor([[0.25, -2.0]], dtype=torch.float64)
    assert example_losses("squared_error", pre, act, torch.tensor([[1.0, 1.0]])).item() == (0.75**2 + 9) / 2
    # sigmoid 1/2 and 3/4: -log 1/2 - log 1/4 for the targets 1 and 0
    found = example_losses("cross_entropy", pre, act, torch.tensor([[1.0, 0.0]], dtype=torch.float64))
    assert found.item() == pytest.approx(math.log(8), rel=1e-14)


def test_rosenblatts_errors_by_hand() -> None:
    pre, delta = torch.tensor([[0.5], [-0.5], [0.0], [2.0]]), torch.empty(4, 1)
    room = loss_room(Settings(optimizer="perceptron"), pre, delta, "step")
    loss = written_loss(room, torch.tensor([[1.0], [1.0], [-1.0], [-1.0]]))
    assert (delta * 4).tolist() == [[0.0], [-1.0], [0.0], [1.0]]
    assert loss.item() == 2 / 4 / 2


def test_no_loss_is_known_but_those_of_the_vocabulary() -> None:
    room = loss_room(Settings(), pre_activations(), pre_activations(), "identity")._replace(name="hinge")
    with pytest.raises(ValueError, match="hinge"):
        written_loss(room, LABELS)
    with pytest.raises(ValueError, match="hinge"):
        example_losses("hinge", pre_activations(), pre_activations(), LABELS)
