"""The card "while you paint": both numbers of the same step, green where better, the test part as such."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from playground.engine.snapshots import Evaluation, Measure, Snapshot, StrokeEffect
from playground.views.inspector.stroke_card import NO_VALIDATION, StrokeCard, card_note, card_rows

NAN = float("nan")


def effect(before: tuple[float, float], after: tuple[float, float]) -> StrokeEffect:
    return StrokeEffect(3, 1012, Measure(*before, 4000), Measure(*after, 4000), is_open=True)


def test_without_and_with_the_stroke(snapshot: Snapshot, qtbot: Any, look: Any) -> None:
    test = Measure(0.29, 0.912, 4000)
    moment = replace(
        snapshot,
        stroke_effect=effect((0.287, 0.916), (0.281, 0.919)),
        evaluation=Evaluation(1000, test, Measure(0.28, 0.92, 4000), test, 900),
    )
    accuracy, loss, kept_apart = card_rows(moment)
    assert (accuracy.name, accuracy.without, accuracy.now, accuracy.verdict) == (
        "validation accuracy",
        "91.6 %",
        "91.9 %",
        "good",
    )
    assert (loss.without, loss.now, loss.verdict) == ("0.287", "0.281", "good")
    assert (kept_apart.name, kept_apart.now, kept_apart.verdict) == ("test accuracy, not for tuning", "91.2 %", "muted")
    assert card_note(moment).startswith("at step 1,012, measured on 4,000 validation images")
    assert card_note(moment).endswith("; test at step 900")
    card = StrokeCard(look)
    qtbot.addWidget(card)
    card.render_snapshot(moment)
    card.resize(300, card.heightForWidth(300))
    card.grab()
    assert "validation accuracy 91.6 % to 91.9 %" in card.accessibleDescription()


@pytest.mark.parametrize(
    ("before", "after", "verdicts"),
    [
        ((0.3, 0.9), (0.4, 0.8), ["bad", "bad"]),
        ((0.3, 0.9), (0.25, 0.85), ["bad", "good"]),
        ((0.3, 0.9), (0.3, 0.9), ["text", "text"]),
        ((0.3, 0.9), (NAN, 0.1), ["bad", "bad"]),
    ],
)
def test_verdicts(
    snapshot: Snapshot, before: tuple[float, float], after: tuple[float, float], verdicts: list[str]
) -> None:
    rows = card_rows(replace(snapshot, stroke_effect=effect(before, after)))
    assert [row.verdict for row in rows] == verdicts


def test_after_the_stroke_it_stays_with_what_holds_now(snapshot: Snapshot) -> None:
    ended = replace(effect((0.287, 0.916), (0.281, 0.919)), is_open=False)
    part = Measure(0.25, 0.931, 4000)
    moment = replace(snapshot, stroke_effect=ended, evaluation=Evaluation(1100, part, part))
    assert [row.name for row in card_rows(moment)] == ["validation accuracy", "validation loss", "accuracy now"]
    assert card_rows(moment)[-1].now == "93.1 %"
    same = replace(moment, evaluation=Evaluation(1012, part, part))
    assert len(card_rows(same)) == 2


def test_data_without_classes_have_a_loss_only(snapshot: Snapshot) -> None:
    rows = card_rows(replace(snapshot, stroke_effect=effect((2.0, NAN), (1.0, NAN))))
    assert [(row.name, row.now, row.verdict) for row in rows] == [("validation loss", "1.000", "good")]


def test_before_the_first_stroke_it_says_how_to_begin(snapshot: Snapshot) -> None:
    assert card_rows(snapshot) == ()
    assert "Paint" in card_note(snapshot)


def test_without_validation_examples_it_says_so(snapshot: Snapshot) -> None:
    none, train = Measure(NAN, NAN, 0), Measure(0.2, 0.95, 4000)
    moment = replace(snapshot, evaluation=Evaluation(1000, train, none, none, 1000))
    painted = replace(moment, stroke_effect=StrokeEffect(3, 1000, none, none, is_open=True))
    ended = replace(painted, stroke_effect=StrokeEffect(3, 900, none, none, is_open=False))
    for shown in (moment, painted, ended):
        assert card_rows(shown) == ()
        assert card_note(shown) == NO_VALIDATION


def test_each_line_stands_in_one_as_long_as_it_fits(snapshot: Snapshot, qtbot: Any, look: Any) -> None:
    part = Measure(0.055, 0.987, 4000)
    ended = replace(effect((0.068, 0.985), (0.055, 0.987)), is_open=False)
    card = StrokeCard(look)
    qtbot.addWidget(card)
    card.render_snapshot(replace(snapshot, stroke_effect=ended, evaluation=Evaluation(9000, part, part, part, 9000)))
    assert len(card.rows()) == 4
    assert card.heightForWidth(298) < 10 * look.em(), "the card leaves the canvas its room"
    assert card.heightForWidth(150) > card.heightForWidth(298)


def test_a_shorter_note_does_not_make_the_panel_jump(snapshot: Snapshot, qtbot: Any, look: Any) -> None:
    card = StrokeCard(look)
    qtbot.addWidget(card)
    snapshot = replace(snapshot, is_running=False)
    measure, nothing = Measure(0.28, 0.92, 4000), Measure(NAN, NAN, 0)
    card.render_snapshot(replace(snapshot, evaluation=Evaluation(1000, measure, measure, measure, 900)))
    tall = card.heightForWidth(300)
    card.render_snapshot(replace(snapshot, evaluation=Evaluation(1000, measure, measure, measure, 1000)))
    fresh = StrokeCard(look)
    qtbot.addWidget(fresh)
    fresh.render_snapshot(replace(snapshot, evaluation=Evaluation(1000, measure, measure, measure, 1000)))
    assert fresh.heightForWidth(300) < tall == card.heightForWidth(300)
    card.render_snapshot(replace(snapshot, evaluation=Evaluation(1000, measure, nothing, None)))
    assert card.heightForWidth(300) < tall


def test_a_loss_that_ran_away_takes_no_more_room_than_others(snapshot: Snapshot, qtbot: Any, look: Any) -> None:
    card = StrokeCard(look)
    qtbot.addWidget(card)
    card.resize(300, 200)
    snapshot = replace(snapshot, is_running=False)
    usual, lost = Measure(0.28, 0.92, 4000), Measure(3.1e23, 0.1, 4000)
    card.render_snapshot(replace(snapshot, evaluation=Evaluation(1000, usual, usual, None)))
    height = card.heightForWidth(300)
    card.render_snapshot(replace(snapshot, evaluation=Evaluation(2000, lost, lost, None)))
    assert [row.now for row in card.rows()] == ["10.0 %", "3.1e+23"]
    assert card.heightForWidth(300) == height


def test_lines_that_fit_again_give_their_room_back(snapshot: Snapshot, qtbot: Any, look: Any) -> None:
    card = StrokeCard(look)
    qtbot.addWidget(card)
    snapshot = replace(snapshot, is_running=False)

    def show(before: float, after: float) -> int:
        shown = replace(effect((before, 0.9), (after, 0.9)), is_open=False)
        card.render_snapshot(replace(snapshot, stroke_effect=shown))
        return card.heightForWidth(card.width())

    show(0.3, 0.2)
    card.resize(next(width for width in range(100, 500) if not card._is_stacked(width)), 200)
    low = show(0.3, 0.25)
    assert show(12345678901.0, 12345678902.0) > low
    assert show(0.4, 0.2) == low


def test_training_changes_the_card_calmly_and_the_hand_at_once(snapshot: Snapshot, qtbot: Any, look: Any) -> None:
    card = StrokeCard(look)
    qtbot.addWidget(card)
    card.show()
    measures = [Measure(loss, 0.9, 4000) for loss in (0.3, 0.2, 0.1)]
    first, second, third = (replace(snapshot, evaluation=Evaluation(7, each, each)) for each in measures)
    for moment in (first, second, third):
        card.render_snapshot(moment)
    assert card.rows()[1].now == "0.300"
    qtbot.waitUntil(lambda: card.rows()[1].now == "0.100", timeout=2000)
    for loss in (0.29, 0.28):
        card.render_snapshot(replace(third, stroke_effect=effect((0.1, 0.9), (loss, 0.8))))
        assert card.rows()[1].now == f"{loss:.3f}"
    card.render_snapshot(replace(first, is_running=False))
    assert card.rows()[1].now == "0.300"
    card.render_snapshot(second)
    card.hide()
    assert not card._calm._timer.isActive()
