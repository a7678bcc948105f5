from playground.engine.pace import Pace


def test_full_speed_never_waits() -> None:
    pace = Pace()
    pace.begin(5.0)
    assert all(pace.may_step(5.0) for _ in range(1000))
    assert pace.waiting_time(5.0) == 0.0


def test_slow_motion_makes_one_step_a_period() -> None:
    pace = Pace()
    pace.limit(2.0)
    pace.begin(10.0)
    assert pace.may_step(10.0)
    assert not pace.may_step(10.4)
    assert pace.waiting_time(10.4) == 10.5 - 10.4
    assert pace.may_step(10.5)
    assert not pace.may_step(10.5)


def test_lost_time_is_not_caught_up() -> None:
    pace = Pace()
    pace.limit(10.0)
    pace.begin(0.0)
    assert pace.may_step(0.0)
    assert pace.may_step(60.0)  # the machine slept
    assert pace.may_step(60.0)  # the step that was due then
    assert not pace.may_step(60.0)


def test_steps_per_second_over_the_last_second() -> None:
    pace = Pace()
    pace.begin(0.0)
    assert pace.steps_per_second == 0.0
    for tick in range(31):
        pace.count(tick * 0.1, tick * 10 if tick <= 10 else 100 + (tick - 10) * 50)
    assert round(pace.steps_per_second) == 500


def test_a_new_start_forgets_the_old_pace() -> None:
    pace = Pace()
    pace.count(0.0, 0)
    pace.count(1.0, 100)
    pace.begin(50.0)
    assert pace.steps_per_second == 0.0
