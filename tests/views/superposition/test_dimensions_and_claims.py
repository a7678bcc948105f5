"""The strip of dimensionalities and the band of claims."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from playground.engine.superposition.metrics import measure
from playground.views.look import Look
from playground.views.palette import light
from playground.views.superposition.claims_band import ClaimsBand, HeldClaim
from playground.views.superposition.dimensions import DimensionStrip, sum_words
from tests.views.superposition.column_samples import diverged, pentagon

CLAIMS = (HeldClaim("One.", "Your runs: yes.", "holds", "good"), HeldClaim("Two.", "Your runs: no.", "false", "bad"))


@pytest.fixture
def look(qapp: QApplication) -> Look:
    return Look(qapp)


@pytest.fixture
def strip(look: Look, qtbot: QtBot) -> DimensionStrip:
    widget = DimensionStrip(look)
    qtbot.addWidget(widget)
    widget.resize(320, 200)
    widget.show_metrics(measure(pentagon(), np.zeros(5)), 2)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_the_sum_stands_beside_its_bound_with_the_gap(strip: DimensionStrip) -> None:
    assert strip.lines() == ("Σ Dᵢ 2.000 of at most 2, gap 0.000", f"D* = m/‖W‖² = {2 / (5 * 1.21):.3f}")
    random = np.random.default_rng(1).normal(0, 1, (5, 2))
    gap = float(measure(random, np.zeros(5)).dimensionality_gap)
    assert gap > 0.05
    assert sum_words(measure(random, np.zeros(5)), 2)[0].endswith(f"gap {gap:.3f}")


def test_dots_lie_at_their_dimensionality(strip: DimensionStrip) -> None:
    room = strip.plot_room()
    strip.show_metrics(measure(np.eye(5, 2), np.zeros(5)), 2)
    high, low = strip.dot(0).y(), strip.dot(4).y()
    strip.show_metrics(measure(pentagon(), np.zeros(5)), 2)
    assert strip.dot(2).y() == pytest.approx(low + 0.4 * (high - low), abs=1e-6)
    assert room.contains(strip.dot(2))


def test_hover_and_keys_tell_a_feature(strip: DimensionStrip) -> None:
    pointed: list[int] = []
    strip.feature_pointed.connect(pointed.append)
    QTest.mouseMove(strip, strip.dot(3).toPoint() + QPoint(1, 1))
    assert pointed == [3]
    assert strip.told(3) == "feature 3: D = 0.400, norm 1.100"
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert strip.accessibleDescription().startswith("feature 4: D = 0.400")
    QTest.keyClick(strip, Qt.Key.Key_Escape)
    assert pointed == [3, 4, -1]


def test_a_zero_and_a_diverged_model_are_drawn(strip: DimensionStrip) -> None:
    strip.show_metrics(measure(np.zeros((5, 2)), np.zeros(5)), 2)
    assert strip.lines()[1].endswith("∞")
    assert not strip.grab().isNull()
    strip.show_metrics(diverged().metrics, 2)
    strip.show_feature(1)
    assert not strip.grab().isNull()
    assert "ran away" in strip.lines()[0]
    assert "NaN" in strip.told(1)


@pytest.fixture
def band(look: Look, qtbot: QtBot) -> ClaimsBand:
    widget = ClaimsBand(look)
    qtbot.addWidget(widget)
    widget.resize(700, 60)
    return widget


def text(band: ClaimsBand, name: str) -> str:
    label = band.findChild(QLabel, name)
    assert label is not None
    return str(label.text())


def test_the_band_is_hidden_without_claims_and_steps_through_them(band: ClaimsBand, qtbot: QtBot) -> None:
    assert band.isHidden()
    band.show_claims(CLAIMS)
    assert not band.isHidden()
    assert (text(band, "claim_text"), text(band, "claim_verdict")) == ("“One.”", "holds")
    button = band.findChild(QAbstractButton, "next_claim")
    assert button.text() == "claim 1 of 2 ›"
    with qtbot.waitSignal(band.claim_shown, timeout=1000) as caught:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert caught.args == [1]
    assert text(band, "claim_finding") == "Your runs: no."
    QTest.keyClick(button, Qt.Key.Key_Left)
    assert band.place() == 0
    band.show_claims(())
    assert band.isHidden()


def test_news_of_the_same_claims_keep_the_place(band: ClaimsBand) -> None:
    band.show_claims(CLAIMS)
    band.show_next()
    band.show_claims((CLAIMS[0], HeldClaim("Two.", "Your runs: 3 % now.")))
    assert band.place() == 1
    assert text(band, "claim_finding") == "Your runs: 3 % now."
    band.show_claims((HeldClaim("Other.", ""),))
    assert band.place() == 0


def test_a_narrow_band_and_the_light_theme_are_drawn(band: ClaimsBand, look: Look) -> None:
    band.show_claims(CLAIMS)
    band.show()
    look.set(palette=light(), scale=1.5)
    for width in (260, 900):
        band.resize(width, 200)
        assert not band.grab().isNull()
        verdict, words = band.findChild(QLabel, "claim_verdict"), band.findChild(QLabel, "claim_text")
        QApplication.processEvents()
        assert (verdict.y() > words.y() + words.height() - 1) == (width == 260)
