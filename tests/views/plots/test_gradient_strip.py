"""The strip of gradient norms."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.engine.spec import build
from playground.views.look import Look
from playground.views.plots.gradient import MOST_LETTERS, GradientStrip, norm_text
from tests.views.plots.curve_samples import snapshot


@pytest.fixture
def strip(qapp: QApplication, qtbot: QtBot) -> GradientStrip:
    strip = GradientStrip(Look(qapp))
    strip.resize(500, 24)
    qtbot.addWidget(strip)
    strip.show()
    return strip


def test_bars_are_logarithmic_with_their_numbers(strip: GradientStrip) -> None:
    strip.render_snapshot(snapshot(None, gradient_norms=(0.01, 1.0)))
    assert strip.share(0) == pytest.approx(0.5)
    assert strip.share(1) == pytest.approx(0.75)
    assert strip.words(0) == "hidden 1 0.010"
    assert strip.accessibleDescription() == "hidden 1 0.010, output 1"
    assert strip.hint_at(150).startswith("hidden 1: ||g|| = 0.01")
    assert strip.hint_at(400).startswith("output: ||g|| = 1")
    assert strip.hint_at(5) == strip.toolTip()


def test_a_layer_that_hardly_learns_and_one_that_burst_are_told(strip: GradientStrip) -> None:
    strip.render_snapshot(snapshot(None, gradient_norms=(1e-7, 1.0)))
    assert strip.colour_name(0) == "bad"
    assert strip.colour_name(1) == "accent"
    assert "hardly learns" in strip.hint_at(150)
    strip.render_snapshot(snapshot(None, gradient_norms=(math.nan, math.inf)))
    assert strip.colour_name(0) == strip.colour_name(1) == "bad"
    assert strip.share(0) == 1.0
    assert "no number" in strip.hint_at(150)
    strip.grab()


def test_other_weights_take_the_numbers_away(strip: GradientStrip) -> None:
    strip.render_snapshot(snapshot(None, step=7, gradient_norms=(0.3, 0.2)))
    filled = strip.grab().toImage()
    strip.render_snapshot(snapshot(None, step=7))
    assert strip.accessibleDescription() == ""
    assert strip.grab().toImage() != filled
    assert strip.hint_at(150) == strip.toolTip()


def test_training_changes_the_numbers_calmly(strip: GradientStrip, qtbot: QtBot) -> None:
    for norm in (0.1, 0.2, 0.3):
        strip.render_snapshot(snapshot(None, gradient_norms=(norm, 1.0), is_running=True))
    assert strip.words(0) == "hidden 1 0.10"
    qtbot.waitUntil(lambda: strip.words(0) == "hidden 1 0.30", timeout=2000)
    strip.render_snapshot(snapshot(None, gradient_norms=(0.4, 1.0), is_running=True))
    strip.render_snapshot(snapshot(None, gradient_norms=(0.5, 1.0)))
    assert strip.words(0) == "hidden 1 0.50", "a paused window shows the final state"


def test_bars_lie_where_they_should(strip: GradientStrip) -> None:
    look = strip._look
    strip.render_snapshot(snapshot(None, gradient_norms=(100.0, 1e-6)))
    image = strip.grab().toImage()
    accent = look.palette.colour("accent")
    middle = image.height() // 2
    lit = [x for x in range(image.width()) if image.pixelColor(x, middle) == accent]
    assert lit
    assert max(lit) < 300
    assert len(lit) > 40


@pytest.mark.parametrize(
    ("norm", "text"),
    [(0.31, "0.31"), (0.0022, "0.0022"), (12.44, "12.4"), (3e-7, "3.0e-7"), (0.0, "0"), (5e5, "5.0e5"), (123.4, "123")],
)
def test_norms_in_few_letters(norm: float, text: str) -> None:
    assert norm_text(norm) == text


@pytest.mark.parametrize("power", range(-14, 13))
@pytest.mark.parametrize("lead", [1.0, 0.97, 9.995, 4.44, 9.94999])
def test_every_norm_fits_beside_its_bar(lead: float, power: int) -> None:
    text = norm_text(lead * 10.0**power)
    assert len(text) <= MOST_LETTERS
    assert float(text) == pytest.approx(lead * 10.0**power, rel=0.06 if abs(power) < 9 else 0.2)


def test_many_layers_stand_upright_side_by_side_with_the_extremes_in_words(strip: GradientStrip) -> None:
    norms = tuple(10.0 ** (-6 + 0.2 * place) for place in range(31))
    spec = build((4, *[3] * 30, 2))
    strip.render_snapshot(replace(snapshot(None, gradient_norms=norms), spec=spec))
    strip.resize(900, strip.sizeHint().height())
    image = strip.grab().toImage()
    assert strip._is_profile()
    assert strip._extremes() == "least hidden 1 1.0e-6 · most output 1"
    left, width = strip._bars or (0.0, 0.0)
    assert width > 8, "no slivers"

    def height(index: int) -> int:
        x = round(left + (index + 0.5) * width)
        colour = strip._look.palette.colour(strip.colour_name(index))
        return sum(image.pixelColor(x, y) == colour for y in range(image.height()))

    assert height(30) > height(25) > height(21) > 2
    assert strip.hint_at(left + 20.5 * width).startswith("hidden 21: ")
