from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.engine.settings import Settings
from playground.engine.snapshots import Measure, Snapshot, StrokeEffect, Trouble
from playground.engine.spec import build
from playground.engine.vectors import vectors_data
from playground.session.frames import (
    DRAWING_SHARE,
    FASTEST_MS,
    FIRST_COST_MS,
    FLUENT_MS,
    HAND_SHARE,
    SLOWEST_MS,
    THRIFTY_SHARE,
    FrameBudget,
    FrameClock,
    is_answer,
)
from playground.session.network_document import NetworkDocument

SPEC = build((2, 3, 2))
POINTS = {
    "features": ["a", "b"],
    "classes": ["low", "high"],
    "inputs": [[1.0, 0.0], [0.0, 1.0]] * 8,
    "labels": [0, 1] * 8,
}


def snapshot(step: int = 1, seq: int = 1, *, is_running: bool = True) -> Snapshot:
    parameters = np.zeros(SPEC.parameter_count, np.float32)
    return Snapshot(seq, step, 0.0, is_running, SPEC, Settings(), parameters)


def effect(*, is_open: bool) -> StrokeEffect:
    return StrokeEffect(1, 1, Measure(1.0, 0.5, 10), Measure(0.9, 0.6, 10), is_open)


# ---- the budget ------------------------------------------------------------------------------------------------


def spent(budget: FrameBudget, cost_ms: float) -> FrameBudget:
    for _ in range(60):
        budget.note_cost(cost_ms)
    return budget


@pytest.mark.parametrize("cost_ms", [8.5, 10.0, 15.0])
def test_dear_frames_are_so_far_apart_that_drawing_has_its_share(cost_ms: float) -> None:
    assert cost_ms / spent(FrameBudget(), cost_ms).period_ms == pytest.approx(DRAWING_SHARE, rel=1e-3)


def test_what_is_less_dear_comes_at_a_fluent_rate_and_what_is_cheap_more_often() -> None:
    assert spent(FrameBudget(), 5.0).period_ms == FLUENT_MS
    assert spent(FrameBudget(), 7.0).period_ms == FLUENT_MS
    assert 2.0 / spent(FrameBudget(), 2.0).period_ms == pytest.approx(THRIFTY_SHARE, rel=1e-3)


def test_the_rate_stays_between_sixty_and_ten_a_second() -> None:
    assert spent(FrameBudget(), 0.1).period_ms == FASTEST_MS
    assert spent(FrameBudget(), 500.0).period_ms == SLOWEST_MS


def test_the_next_frame_is_due_a_period_after_the_last() -> None:
    budget = spent(FrameBudget(), 10.0)
    assert budget.due_in(5.0) == 0.0, "the first one at once"
    budget.note_frame(5.0)
    assert budget.due_in(5.0) == pytest.approx(10.0 / DRAWING_SHARE, rel=1e-3)
    assert budget.due_in(5.0 + 0.020) == pytest.approx(10.0 / DRAWING_SHARE - 20, rel=1e-2)
    assert budget.due_in(5.2) == 0.0


def test_an_answer_to_the_hand_may_come_before_that() -> None:
    budget = spent(FrameBudget(), 16.0)
    budget.note_frame(5.0)
    at_once = 5.0 + 16.0 / HAND_SHARE / 1_000
    assert budget.due_in(at_once) > 40
    assert budget.may_answer(at_once)
    assert not budget.may_answer(5.005), "the last frame is hardly painted"


# ---- what answers the hand -------------------------------------------------------------------------------------


def test_more_steps_are_no_answer() -> None:
    assert not is_answer(snapshot(9), snapshot(1))


@pytest.mark.parametrize(
    "waiting",
    [
        snapshot(2, seq=2),
        snapshot(2, is_running=False),
        replace(snapshot(2), stroke_effect=effect(is_open=True)),
        replace(snapshot(2), trouble=Trouble(1, "divergence", 2, "Training diverged.")),
    ],
)
def test_a_command_a_pause_a_measured_stroke_and_trouble_are_answers(waiting: Snapshot) -> None:
    assert is_answer(waiting, snapshot(1))


def test_while_paused_everything_is_an_answer() -> None:
    assert is_answer(snapshot(2, is_running=False), snapshot(1, is_running=False))
    assert is_answer(snapshot(2), None)


def test_in_a_stroke_only_its_effect_is_an_answer_and_its_end() -> None:
    stroke = effect(is_open=True)
    shown = replace(snapshot(1), stroke_effect=stroke)
    assert not is_answer(replace(snapshot(2, seq=2), stroke_effect=stroke), shown)
    assert is_answer(replace(snapshot(2, seq=2), stroke_effect=effect(is_open=True)), shown)
    assert is_answer(replace(snapshot(2, seq=2), stroke_effect=effect(is_open=False)), shown)


# ---- the clock, on a training ----------------------------------------------------------------------------------


@pytest.fixture
def document(qtbot: QtBot) -> Iterator[NetworkDocument]:
    found = NetworkDocument()
    found.start_thread()
    found.start_anew(SPEC, Settings(batch_size=4), vectors_data(POINTS))
    yield found
    found.close()


@pytest.fixture
def clock(document: NetworkDocument) -> Iterator[FrameClock]:
    found = FrameClock(document)
    found.wake()
    yield found
    found.close()


def burn(seconds: float) -> None:
    """Compute for so long, as drawing does."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_costly_drawing_lowers_the_rate_until_it_takes_its_share(
    qtbot: QtBot, document: NetworkDocument, clock: FrameClock
) -> None:
    frames: list[float] = []

    def draw(_snapshot: Snapshot) -> None:
        frames.append(time.perf_counter())
        burn(0.012)

    document.snapshot_ready.connect(draw)
    document.run()
    qtbot.waitUntil(lambda: len(frames) > 40, timeout=60_000)
    document.pause()
    span = frames[-1] - frames[-16]
    drawing = sum(list(clock.costs)[-16:]) / 1_000
    assert min(clock.costs) >= 12.0
    assert drawing / span < 1.25 * DRAWING_SHARE


def test_the_final_state_is_shown_after_a_pause(qtbot: QtBot, document: NetworkDocument, clock: FrameClock) -> None:
    document.run()
    qtbot.waitUntil(lambda: document.snapshot is not None and document.snapshot.step > 100, timeout=60_000)
    document.pause()

    def is_final() -> bool:
        shown = document.snapshot
        return document.is_settled and shown is not None and not shown.is_running and shown.evaluation is not None

    qtbot.waitUntil(is_final, timeout=60_000)
    shown = document.snapshot
    assert shown is not None
    assert shown.evaluation is not None
    assert shown.evaluation.step == shown.step


def test_a_reply_comes_without_any_snapshot(qtbot: QtBot, document: NetworkDocument, clock: FrameClock) -> None:
    qtbot.waitUntil(lambda: document.is_settled, timeout=60_000)
    found: list[object] = []
    document.request_checkpoint(found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=60_000)


def test_what_drawing_costs_is_kept(qtbot: QtBot, document: NetworkDocument, clock: FrameClock) -> None:
    qtbot.waitUntil(lambda: len(clock.costs) > 0, timeout=60_000)
    assert clock.drawing_seconds == pytest.approx(sum(clock.costs) / 1_000)


def test_answers_to_the_hand_are_outside_the_budget(qtbot: QtBot, document: NetworkDocument, clock: FrameClock) -> None:
    document.snapshot_ready.connect(lambda _: burn(0.02))
    qtbot.waitUntil(lambda: len(clock.costs) > 0, timeout=60_000)
    for _ in range(3):
        count = len(clock.costs)
        document.pause()
        qtbot.waitUntil(lambda count=count: len(clock.costs) > count, timeout=60_000)  # type: ignore[misc]
    assert max(clock.costs) >= 20.0
    assert clock.budget.cost_ms == FIRST_COST_MS


def test_a_frame_shows_the_moment_in_which_it_is_due(
    qtbot: QtBot, document: NetworkDocument, clock: FrameClock
) -> None:
    """The thread is asked for it, instead of copying all the time: as many snapshots are made as are shown."""
    made: list[int] = []
    shown: list[int] = []
    publish = document.channel.publish

    def count(snapshot: Snapshot) -> None:
        made.append(snapshot.step)
        publish(snapshot)

    document.channel.publish = count  # type: ignore[method-assign]
    document.snapshot_ready.connect(lambda _: burn(0.005))
    document.snapshot_ready.connect(lambda snapshot: shown.append(snapshot.step))
    document.run()
    qtbot.waitUntil(lambda: len(shown) > 40, timeout=60_000)
    document.pause()
    assert len(set(shown)) > 35, "each frame shows another state"
    assert len(made) <= 1.25 * len(shown)


def test_the_training_stands_aside_from_the_snapshot_until_all_is_painted(
    qtbot: QtBot, document: NetworkDocument, clock: FrameClock
) -> None:
    held: list[bool] = []
    document.snapshot_ready.connect(lambda _: held.append(document.channel.is_held))
    document.run()
    qtbot.waitUntil(lambda: len(held) > 5, timeout=60_000)
    assert all(held)
    document.pause()
    qtbot.waitUntil(lambda: not document.is_playing and not document.channel.is_held, timeout=60_000)
    found: list[object] = []
    document.request_checkpoint(found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=60_000)
    assert not document.channel.is_held, "a reply is nothing to paint"


def test_nothing_is_shown_after_the_end(
    qtbot: QtBot, document: NetworkDocument, clock: FrameClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: document.is_settled, timeout=60_000)
    looked: list[int] = []

    def poll() -> bool:
        looked.append(1)
        return False

    monkeypatch.setattr(document, "poll", poll)
    clock.close()
    document.pause()
    qtbot.waitUntil(lambda: document.channel.waiting is not None, timeout=60_000)
    assert not looked
