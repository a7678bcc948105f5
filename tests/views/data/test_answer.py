"""The bars of the answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.views.data.answer import AnswerBars
from playground.views.look import Look

NAMES = tuple("0123456789")


@pytest.fixture
def bars(look: Look, qtbot: QtBot) -> AnswerBars:
    bars = AnswerBars(look)
    bars.resize(240, 200)
    qtbot.addWidget(bars)
    bars.show()
    return bars


def probabilities(winner: int) -> np.ndarray:
    values = np.full(10, 0.002, np.float32)
    values[winner] = 0.982
    return values


def test_the_highest_bar_is_lit_and_its_length_is_its_share(bars: AnswerBars, look: Look) -> None:
    bars.render_answer(probabilities(7), NAMES)
    assert bars.winner() == 7
    image = bars.grab().toImage()
    row = round(7.5 * bars.row_height())
    good = look.palette.colour("good")
    lit = [x for x in range(image.width()) if image.pixelColor(x, row) == good]
    left, right = bars._columns()
    assert lit[0] == pytest.approx(left, abs=2)
    assert len(lit) == pytest.approx(0.982 * (right - left), abs=3)
    other = round(2.5 * bars.row_height())
    assert all(image.pixelColor(x, other) != good for x in range(image.width()))


def test_the_answer_in_words_with_the_label(bars: AnswerBars) -> None:
    bars.render_answer(probabilities(7), NAMES, 3)
    assert bars.accessibleDescription().startswith("7 with 98.20 %, 0 with 0.20 %")
    assert bars.accessibleDescription().endswith("the label is 3")
    assert "label" in bars.hint_at(3)
    assert "label" not in bars.hint_at(7)
    assert bars.hint_at(7).startswith("7: 0.98199999")


def test_raw_activations_are_shown_as_they_are(bars: AnswerBars) -> None:
    values = np.array([-0.5, 0.25, 1.75], np.float32)
    bars.render_answer(values, ("a", "b", "c"), are_probabilities=False)
    assert [bars.text_of(i) for i in range(3)] == ["−0.500", "0.250", "1.750"]
    assert bars._limits() == (-0.5, 1.75)


def test_of_many_classes_the_strongest_and_the_label_are_shown(bars: AnswerBars) -> None:
    values = np.linspace(0, 0.05, 40, dtype=np.float32)
    bars.render_answer(values, tuple(f"class {i}" for i in range(40)), 2)
    assert bars._rows[:3] == [39, 38, 37]
    assert len(bars._rows) == 12
    assert bars._rows[-1] == 2
    assert "28 weaker classes" in bars.hint_at(0)


def test_no_number_is_said_and_not_lit(bars: AnswerBars) -> None:
    bars.render_answer(np.array([np.nan, 0.25, np.inf]), ("a", "b", "c"))
    assert bars.winner() == 1
    assert bars.text_of(0) == "no number"
    bars.grab()
    bars.render_answer(np.full(3, np.nan), ("a", "b", "c"))
    assert bars.winner() is None
    assert bars.accessibleDescription() == "no answer"
    bars.grab()
    bars.render_answer(None, NAMES)
    assert bars.hint_at(0) == ""


def test_the_same_answer_is_not_drawn_twice(bars: AnswerBars, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(bars, "update", lambda: calls.append(1))
    bars.render_answer(probabilities(2), NAMES)
    bars.render_answer(probabilities(2), NAMES)
    assert len(calls) == 1
    bars.render_answer(probabilities(2), NAMES, 2)
    assert len(calls) == 2


def test_only_rows_that_look_different_are_drawn_and_nothing_stale_stays(
    bars: AnswerBars, look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    original = AnswerBars._paint_row

    def noted(self: AnswerBars, painter: QPainter, index: int, *where: Any) -> None:
        drawn.append(index)
        original(self, painter, index, *where)

    monkeypatch.setattr(AnswerBars, "_paint_row", noted)
    bars.render_answer(probabilities(7), NAMES)
    QApplication.processEvents()
    drawn.clear()
    values = probabilities(7)
    values[[3, 7]] = 0.012, 0.972
    bars.render_answer(values, NAMES)
    QApplication.processEvents()
    assert sorted(drawn) == [3, 7]
    values[4] += 1e-7  # no digit of it is shown, no pixel of it moves
    drawn.clear()
    bars.render_answer(values, NAMES)
    QApplication.processEvents()
    assert not drawn
    random = np.random.default_rng(2)
    for _ in range(20):
        bars.render_answer(random.dirichlet(np.full(10, 0.3)), NAMES)
        QApplication.processEvents()
    on_screen = bars.screen().grabWindow(bars.winId()).toImage()
    assert on_screen == bars.grab().toImage().convertToFormat(on_screen.format())
    look.set(scale=1.6)
    assert not bars._bands
    bars.render_answer(probabilities(1), tuple("abcdefghij"))
    assert [band.words[0] for band in bars._placed()] == list("abcdefghij")


def test_names_that_do_not_fit_the_outputs_are_replaced(bars: AnswerBars) -> None:
    bars.render_answer(np.array([0.1, 0.9]), NAMES)
    assert bars.spoken().startswith("output 2 with 90.00 %")
    assert bars.rect().contains(QPoint(0, 0))


def test_raw_activations_take_the_colour_of_their_sign(bars: AnswerBars, look: Look) -> None:
    for value, name, other in ((-543.0, "negative", "positive"), (543.0, "positive", "negative")):
        bars.render_answer(np.array([value], np.float32), ("weighted sum",), are_probabilities=False)
        image = bars.grab().toImage()
        row = round(0.5 * bars.row_height())
        left, right = (round(edge) for edge in bars._columns())
        seen = {image.pixelColor(x, row).name() for x in range(left + 3, right - 3)}
        assert look.palette.colour(name).name() in seen
        assert look.palette.colour(other).name() not in seen
