"""Figures that can wait: one at a time, the latest always, and what is wanted at once is shown at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.engine.snapshots import Snapshot
from playground.views import calm
from playground.views.calm import CALM_MS, TURN_MS, Calm, is_news
from tests.views.plots.curve_samples import snapshot


class Clock:
    """A time that tests move by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(calm, "time", found)
    monkeypatch.setattr(Calm, "_turn_at", float("-inf"))
    return found


@pytest.fixture
def owner(qapp: QApplication) -> Iterator[QObject]:
    found = QObject()
    yield found
    found.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Shown(QObject):
    """A calm figure and the steps that it showed."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self.steps: list[int] = []
        self.calm = Calm(self)
        self.calm.due.connect(self._show)

    def _show(self, moment: Snapshot) -> None:
        self.steps.append(moment.step)

    def offer(self, step: int, *, at_once: bool = False) -> None:
        self.calm.offer(replace(snapshot(None), step=step), at_once=at_once)


def test_the_first_is_shown_and_then_one_in_a_while(owner: QObject, clock: Clock) -> None:
    figure = Shown(owner)
    for step in range(30):
        figure.offer(step)
        clock.now += 0.1 * CALM_MS / 1_000
    assert len(figure.steps) == 3
    assert figure.steps[0] == 0
    figure.offer(77, at_once=True)
    assert figure.steps[-1] == 77
    figure.calm.stop()


def test_those_that_can_wait_take_turns(owner: QObject, clock: Clock) -> None:
    one, other = Shown(owner), Shown(owner)
    for step, seconds in enumerate((0.0, 0.001 + CALM_MS / 1_000, 0.001 + TURN_MS / 1_000)):
        clock.now += seconds
        one.offer(step)
        other.offer(step)
    assert one.steps == [0, 1]
    assert other.steps == [0, 2], "its turn came with the next frame"
    for figure in (one, other):
        figure.calm.stop()


def test_what_is_dear_takes_a_turn_too(owner: QObject, clock: Clock) -> None:
    kept = Calm(owner)
    shown: list[object] = []
    kept.due.connect(shown.append)
    kept.offer(snapshot(None), at_once=False)
    clock.now += 0.001 + CALM_MS / 1_000
    Calm.take_turn()
    kept.offer(snapshot(None), at_once=False)
    assert len(shown) == 1  # the frame is long enough
    clock.now += 0.001 + TURN_MS / 1_000
    kept.offer(snapshot(None), at_once=False)
    assert len(shown) == 2
    kept.stop()


def test_the_last_is_shown_though_none_comes_after_it(owner: QObject, qtbot: QtBot) -> None:
    figure = Shown(owner)
    figure.offer(1, at_once=True)
    figure.offer(2)
    figure.offer(3)
    assert figure.steps == [1]
    qtbot.waitUntil(lambda: figure.steps == [1, 3], timeout=2000)


def test_what_is_news() -> None:
    running = snapshot(None, is_running=True)
    assert is_news(running, None)
    assert not is_news(replace(running, step=9), running)
    assert is_news(replace(running, applied_seq=1), running)
    assert is_news(replace(running, is_running=False), running)
