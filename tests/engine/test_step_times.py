from __future__ import annotations

from playground.engine.step_times import StepTimes


def test_as_many_as_take_so_long() -> None:
    times = StepTimes()
    assert times.steps_in(1.0) == 1, "nothing is known yet"
    times.note(1, 0.25)
    times.note(4, 0.5)
    assert times.steps_in(1.0) == 4, "the slower of the two"
    times.note(10, 1.25)
    assert times.steps_in(1.0) == 8
    assert times.steps_in(0.01) == 1
    assert times.steps_in(-1.0) == 1


def test_the_short_batch_at_the_end_of_an_epoch_does_not_make_the_next_call_long() -> None:
    times = StepTimes()
    for _ in range(3):
        times.note(8, 0.5)
        times.note(1, 0.001)
        assert times.steps_in(1.0) == 16


def test_a_slow_beginning_is_forgotten_and_so_is_what_has_changed() -> None:
    times = StepTimes()
    for seconds in (5.0, 0.125, 0.125):
        times.note(1, seconds)
    assert times.steps_in(1.0) == 8
    times.forget()
    assert times.steps_in(1.0) == 1


def test_a_clock_that_stands_still_is_no_division_by_zero() -> None:
    times = StepTimes()
    times.note(3, 0.0)
    times.note(3, 0.0)
    assert times.steps_in(0.001) > 1_000
