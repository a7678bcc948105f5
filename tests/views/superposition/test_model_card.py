"""The card of the model in hand against the readings, and its layout during a drag."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.engine.superposition.hands import polygon
from playground.engine.superposition.metrics import measure
from playground.views.look import Look
from playground.views.superposition.model_card import CardModel, ModelCard, card_lines


def model(weight: Any, loss: float = 0.00178) -> CardModel:
    count = len(weight)
    return CardModel(np.asarray(weight), np.zeros(count), loss, np.linspace(0.001, 0.002, count))


@pytest.fixture
def card(qtbot: Any) -> ModelCard:
    widget = ModelCard(Look())
    qtbot.addWidget(widget)
    widget.resize(300, 240)
    widget.show()
    return widget


def texts(now: CardModel, before: CardModel | None = None, feature: int = -1) -> dict[str, tuple[str, str, str]]:
    return {line.name: (line.before, line.now, line.verdict) for line in card_lines(now, before, feature)}


def test_the_lines_are_the_readings() -> None:
    weight = polygon(5, 1.1)
    read = measure(weight, np.zeros(5))
    lines = texts(model(weight), feature=3)
    assert lines["formed"][1] == "pentagon"
    assert lines["loss ×10⁻³"][1] == "1.78"
    assert lines["error of 3"][1] == "1.75"
    assert lines["represented"][1] == "5 of 5"
    assert lines["interf. of 3"][1] == f"{read.interference[3]:.3f}"
    assert lines["Σ Dᵢ of 2"][1] == "2.000"
    assert lines["gap to 2"][1] == "0.000"
    assert lines["D*"][1] == f"{2 / (5 * 1.21):.3f}"


def test_before_and_now_are_coloured_by_which_is_better() -> None:
    before, moved = polygon(5), polygon(5)
    moved[3] *= 1.6
    lines = texts(model(moved, 0.00231), model(before), 3)
    assert lines["loss ×10⁻³"] == ("1.78", "2.31", "bad")
    assert lines["Σ Dᵢ of 2"][2] == "bad"
    assert lines["error of 3"] == ("1.75", "1.75", "text")
    back = texts(model(before), model(moved, 0.00231), 3)
    assert back["loss ×10⁻³"][2] == "good"
    assert back["Σ Dᵢ of 2"][2] == "good"


def test_the_layout_does_not_jump(card: ModelCard) -> None:
    card.render_model(model(polygon(5)), feature=3)
    height, names = card.heightForWidth(300), [line.name for line in card.lines()]
    for turn in np.linspace(0, 3, 8):
        moved = polygon(5)
        moved[3] = [np.cos(turn), np.sin(turn)]
        card.render_model(model(moved * 12, 123.4), model(polygon(5)), 3, is_live=True)
        assert card.heightForWidth(300) == height
        assert [line.name for line in card.lines()] == names
        card.grab()
    for scale in (1.0, 1.5, 2.0):
        card._look.set(scale=scale)
        for width in (200, 280, 500):
            card.resize(width, card.heightForWidth(width))
            card.grab()


def test_the_card_is_spoken(card: ModelCard) -> None:
    card.render_model(model(polygon(5), 0.002), model(polygon(5)), 1, name="ReLU output, seed 3", is_live=True)
    assert card.accessibleName() == "this model: ReLU output, seed 3"
    assert "loss ×10⁻³ 1.78 to 2.00" in card.accessibleDescription()


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e38, 0.0])
def test_diverged_models_are_said(card: ModelCard, value: float) -> None:
    weight = polygon(5)
    weight[2] = value
    for loss in (np.nan, np.inf, 0.1):
        card.render_model(model(weight, loss), model(polygon(5)), 2)
        card.grab()
        card.render_model(model(polygon(5)), model(weight, loss), 2)
        card.grab()
    if not np.isfinite(value):
        assert texts(model(weight, np.nan), model(polygon(5)))["formed"][1] == "diverged"
        assert texts(model(weight, np.nan), model(polygon(5)))["loss ×10⁻³"][1:] == ("no number", "bad")


@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (400, 100)])
def test_every_shape_and_a_choice_beyond_it(card: ModelCard, shape: tuple[int, int]) -> None:
    card.render_model(model(np.ones(shape)), feature=500)
    assert len(card.lines()) == 8
    card.render_model(model(np.ones(shape)), model(polygon(5)), 0)
    assert all(not line.before for line in card.lines())  # another shape is no "before"
    card.grab()
