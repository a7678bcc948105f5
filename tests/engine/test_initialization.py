"""Initialisations by their statistics, and the same bits from the same seed."""

from __future__ import annotations

import math

import pytest
import torch

from playground.engine.initialization import draw
from playground.engine.settings import INITIALIZATIONS

ROWS, COLUMNS = 500, 300


def drawn(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    return draw(ROWS, COLUMNS, name, torch.Generator().manual_seed(1), torch.float64)


@pytest.mark.parametrize(
    ("name", "bound"),
    [("torch", 1 / math.sqrt(COLUMNS)), ("xavier", math.sqrt(6 / (ROWS + COLUMNS))), ("browser", 0.5)],
)
def test_uniform_weights_fill_their_interval(name: str, bound: float) -> None:
    weight, _ = drawn(name)
    assert weight.shape == (ROWS, COLUMNS)
    assert bound * 0.999 < weight.max() < bound
    assert -bound < weight.min() < -bound * 0.999
    assert weight.std().item() == pytest.approx(bound / math.sqrt(3), rel=0.01)
    assert abs(weight.mean().item()) < 5 * bound / math.sqrt(3 * weight.numel())


@pytest.mark.parametrize(
    ("name", "deviation"),
    [("he", math.sqrt(2 / COLUMNS)), ("normal", 1.0), ("normal_fan_in", 1 / math.sqrt(COLUMNS))],
)
def test_normal_weights_have_their_deviation(name: str, deviation: float) -> None:
    weight, _ = drawn(name)
    assert weight.std().item() == pytest.approx(deviation, rel=0.01)
    assert abs(weight.mean().item()) < 5 * deviation / math.sqrt(weight.numel())
    beyond = (weight.abs() > 2 * deviation).double().mean().item()
    assert beyond == pytest.approx(math.erfc(math.sqrt(2)), abs=0.004)


def test_biases() -> None:
    for name in ("xavier", "he", "zero"):
        assert not drawn(name)[1].any()
    bound = 1 / math.sqrt(COLUMNS)
    assert 0.95 * bound < drawn("torch")[1].abs().max() < bound
    for name in ("normal", "normal_fan_in"):
        assert drawn(name)[1].std().item() == pytest.approx(1, rel=0.15)
    assert not drawn("zero")[0].any()
    assert (drawn("browser")[1] == 0.1).all()


def test_torchs_default_is_that_of_its_linear_layer() -> None:
    linear = torch.nn.Linear(COLUMNS, ROWS)
    ours = draw(ROWS, COLUMNS, "torch", torch.Generator().manual_seed(2))
    for theirs, mine in zip((linear.weight, linear.bias), ours, strict=True):
        assert mine.shape == theirs.shape
        assert mine.abs().max().item() == pytest.approx(theirs.abs().max().item(), rel=0.05)


@pytest.mark.parametrize("name", [name for name in INITIALIZATIONS if name != "zero"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_same_seed_draws_the_same_bits(name: str, dtype: torch.dtype) -> None:
    one, same, other = (draw(5, 7, name, torch.Generator().manual_seed(seed), dtype) for seed in (3, 3, 4))
    assert one[0].dtype == one[1].dtype == dtype
    assert torch.equal(one[0], same[0])
    assert torch.equal(one[1], same[1])
    assert not torch.equal(one[0], other[0])


def test_every_initialisation_of_the_vocabulary_is_known_and_no_other() -> None:
    for name in INITIALIZATIONS:
        draw(2, 2, name, torch.Generator())
    with pytest.raises(ValueError, match="orthogonal"):
        draw(2, 2, "orthogonal", torch.Generator())
