"""In which numbers a loss is, and how that is told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from playground.engine.columns import AS_IT_IS, Scale
from playground.engine.datasets import DataSet
from playground.views.plots.errors import LossScale, loss_scale


def priced(*scales: Scale) -> DataSet:
    """Return as much of data as is looked at: names of numbers to be predicted, and how each is scaled."""
    names = ("price", "rooms", "age", "floor")[: len(scales)]
    return cast("DataSet", SimpleNamespace(value_names=names, target_scales=scales))


@pytest.mark.parametrize(
    ("scales", "title", "words"),
    [
        ((AS_IT_IS,), "Loss", "½ (answer − target)², the mean over the examples."),
        ((Scale(51_234.5, 12_000.0),), "Loss, scaled", "(price − 51230) / 12000."),
        ((Scale(-3.0, 2.0),), "Loss, scaled", "(price + 3) / 2."),
        ((Scale(0.0, 2.0),), "Loss, scaled", "price / 2."),
        ((Scale(5.0, 1.0),), "Loss, scaled", "(price − 5)."),
        ((Scale(0.0, 2.0),), "Loss, scaled", "in the unit of price is 2 × √(2 × loss)."),
        ((Scale(0.0, 2.0), AS_IT_IS), "Loss, scaled", "½ Σ (answer − target)²"),
        ((Scale(0.0, 2.0), AS_IT_IS), "Loss, scaled", "price / 2, rooms."),
        ((Scale(0.0, 2.0),) * 4, "Loss, scaled", "age / 2 and 1 more."),
    ],
)
def test_what_is_scaled_is_told_with_its_formula(scales: tuple[Scale, ...], title: str, words: str) -> None:
    found = loss_scale(priced(*scales))
    assert found.title == title
    assert words in found.hint


def test_classes_have_no_unit() -> None:
    assert loss_scale(priced()) == LossScale("Loss", "")
