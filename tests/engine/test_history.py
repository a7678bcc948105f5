import math

import numpy as np
import pytest

from playground.engine.history import MAX_MARKS, History, is_evaluation_step, is_finite, steps_to_evaluation
from playground.engine.snapshots import Evaluation, Mark, Measure


def _evaluation(step: int, loss: float = 1.0) -> Evaluation:
    return Evaluation(step, Measure(loss, 0.5, 10), Measure(loss + 1, 0.25, 10))


def test_points_stand_at_fixed_steps_dense_in_the_beginning() -> None:
    steps = [step for step in range(3_001) if is_evaluation_step(step)]
    assert steps[:24] == [*range(21), 25, 30, 35]
    assert steps[-3:] == [2_000, 2_500, 3_000]
    assert is_evaluation_step(30_000)
    assert not is_evaluation_step(30_500)


def test_the_way_to_the_next_point_passes_none() -> None:
    for step in (*range(3_000), 19_999, 20_000, 20_500, 30_000):
        steps = steps_to_evaluation(step)
        assert [is_evaluation_step(step + more) for more in range(1, steps + 1)] == [False] * (steps - 1) + [True]


def test_curves_hold_what_was_added_and_cannot_be_written() -> None:
    history = History()
    history.add(_evaluation(0, 2.0))
    history.add(_evaluation(5, 1.0))
    curves = history.curves
    assert curves.steps.tolist() == [0, 5]
    assert curves.values.tolist() == [[2.0, 0.5, 3.0, 0.25], [1.0, 0.5, 2.0, 0.25]]
    with pytest.raises(ValueError, match="read-only"):
        curves.values[0, 0] = 9.0


def test_curves_in_the_windows_hands_stay_as_they_are_while_the_buffer_grows() -> None:
    history = History()
    history.add(_evaluation(0, 7.0))
    early = history.curves
    for step in range(1, 1_000):
        history.add(_evaluation(step, float(step)))
    assert early.steps.tolist() == [0]
    assert early.values[0, 0] == 7.0
    assert np.array_equal(history.curves.steps, np.arange(1_000))


def test_a_hand_edit_adds_no_false_point() -> None:
    history = History()
    history.add(_evaluation(10, 1.0))
    history.add(_evaluation(10, 99.0))
    assert history.curves.values[:, 0].tolist() == [1.0]


def test_a_history_can_begin_with_a_part_of_another() -> None:
    history = History(segment=1)
    for step in (0, 10, 20):
        history.add(_evaluation(step))
        history.mark(Mark(step, "edit", f"at {step}", step))
    cut = History.of(2, history.curves, history.marks, up_to=10)
    assert cut.segment == 2
    assert cut.curves.steps.tolist() == [0, 10]
    assert [mark.step for mark in cut.marks] == [0, 10]


def test_marks_of_a_drag_join() -> None:
    history = History()
    history.mark(Mark(1, "setting", "learning rate 0.1", 1))
    history.mark(Mark(4, "setting", "learning rate 0.2", 2), joins_last=True)
    history.mark(Mark(5, "edit", "painted", 3), joins_last=True)
    assert [mark.label for mark in history.marks] == ["learning rate 0.2", "painted"]


def test_marks_are_bounded() -> None:
    history = History()
    for number in range(MAX_MARKS + 5):
        history.mark(Mark(number, "edit", "", number))
    assert len(history.marks) == MAX_MARKS
    assert history.marks[0].step == 5


def test_is_finite_asks_both_losses() -> None:
    assert is_finite(_evaluation(0))
    assert not is_finite(_evaluation(0, math.inf))
    assert not is_finite(_evaluation(0, math.nan))
