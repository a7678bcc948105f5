"""A schedule that has brought the learning rate down to 0: what is said, once, and the ways out of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from playground.engine.schedule import learning_rate
from playground.engine.settings import Settings
from playground.engine.snapshots import Snapshot
from playground.engine.spec import build
from playground.labs.base import Message
from playground.labs.network.running import Running
from playground.labs.network.schedule_end import KIND, ScheduleEnd

SPEC = build((4, 3, 2))


class Document(QObject):
    """Takes changes of settings."""

    snapshot_ready = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.settings = Settings(schedule="cosine", schedule_epochs=2.0)
        self.changes: list[tuple[str, Any]] = []

    def change_setting(self, field: str, value: Any, *, is_drag: bool = False) -> None:
        assert not is_drag
        self.changes.append((field, value))


def moment(epoch: float, settings: Settings, *, is_running: bool = True) -> Snapshot:
    weights = np.zeros(SPEC.parameter_count, np.float32)
    rate = learning_rate(settings, epoch)
    return Snapshot(0, 10, epoch, is_running, SPEC, settings, weights, learning_rate=rate)


@pytest.fixture
def told(qtbot: QtBot) -> tuple[ScheduleEnd, Document, list[Any]]:
    assert qtbot
    document = Document()
    watch = ScheduleEnd(Running(document, document), document)  # type: ignore[arg-type]
    heard: list[Any] = []
    watch.raised.connect(heard.append)
    watch.settled.connect(heard.append)
    return watch, document, heard


def test_it_is_said_once_and_taken_back(told: tuple[ScheduleEnd, Document, list[Any]]) -> None:
    watch, document, heard = told
    settings = document.settings
    watch.render_snapshot(moment(1.99, settings))
    watch.render_snapshot(moment(2.0, settings, is_running=False))
    assert heard == [], "a run that paused there needs no word"
    for epoch in (2.0, 2.1, 2.2):
        watch.render_snapshot(moment(epoch, settings))
    (message,) = heard
    assert isinstance(message, Message)
    assert "cosine" in message.text
    assert "learning rate is 0" in message.text
    watch.render_snapshot(moment(2.3, replace(settings, schedule="constant")))
    assert heard[1:] == [KIND]


def test_the_ways_out_bring_a_rate_again(told: tuple[ScheduleEnd, Document, list[Any]]) -> None:
    watch, document, heard = told
    watch.render_snapshot(moment(2.5, document.settings))
    for remedy in heard[0].remedies:
        remedy.act()
    assert document.changes == [("schedule", "constant"), ("schedule_epochs", 5.0)]
    for field, value in document.changes:
        assert learning_rate(replace(document.settings, **{field: value}), 2.5) > 0


def test_a_step_schedule_that_underflows_is_said_too(told: tuple[ScheduleEnd, Document, list[Any]]) -> None:
    watch, _, heard = told
    watch.render_snapshot(moment(100.0, Settings(schedule="step", schedule_epochs=1.0, schedule_factor=1e-6)))
    assert len(heard[0].remedies) == 1
