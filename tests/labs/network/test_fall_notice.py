"""A training that has lost most of what it had learnt: what is said, once a fall, and the way back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from playground.engine.settings import Settings
from playground.engine.snapshots import Fall, Measure, Snapshot
from playground.engine.spec import build
from playground.labs.base import Message
from playground.labs.network.fall_notice import KIND, FallNotice, fall_sentence

SPEC = build((4, 3, 2))
FALL = Fall(1, 1_300, Measure(2.31, 0.1, 4_000), 900, Measure(0.05, 0.987, 4_000))


class Document(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.went_back = 0

    def back_to_last_good(self) -> None:
        self.went_back += 1


def moment(fall: Fall | None) -> Snapshot:
    weights = np.zeros(SPEC.parameter_count, np.float32)
    return Snapshot(0, 10, 1.0, True, SPEC, Settings(), weights, fall=fall)


@pytest.fixture
def told(qtbot: QtBot) -> tuple[FallNotice, Document, list[Any]]:
    assert qtbot
    document = Document()
    notice = FallNotice(document, document)  # type: ignore[arg-type]
    heard: list[Any] = []
    notice.raised.connect(heard.append)
    notice.settled.connect(heard.append)
    return notice, document, heard


def test_it_is_said_once_a_fall_and_taken_back_when_it_is_over(told: tuple[FallNotice, Document, list[Any]]) -> None:
    notice, document, heard = told
    notice.render_snapshot(moment(None))
    assert not heard
    notice.render_snapshot(moment(FALL))
    notice.render_snapshot(moment(FALL))
    (message,) = heard
    assert isinstance(message, Message)
    assert not message.is_error
    assert message.text == fall_sentence(FALL)
    (remedy,) = message.remedies
    assert remedy.text == "Back to step 900"
    remedy.act()
    assert document.went_back == 1
    notice.render_snapshot(moment(None))
    assert heard[1:] == [KIND]


def test_the_sentence_holds_what_was_measured() -> None:
    assert fall_sentence(FALL) == (
        "The validation loss has become 46 times its best: a loss of 2.31 and 10.0 % right at step 1,300, where step "
        "900 had a loss of 0.05 and 98.7 % right, measured on 4,000 examples."
    )
    ran_away = Fall(1, 900, Measure(9_924.4, 0.175, 200), 500, Measure(0.5, 0.9, 200))
    assert "19,849 times its best: a loss of 9,924 and 17.5 % right at step 900" in fall_sentence(ran_away)
    none = float("nan")
    values = Fall(1, 60, Measure(8.0, none, 70), 40, Measure(0.0, none, 70))
    assert fall_sentence(values) == (
        "The validation loss has become larger by far than its best, 0: a loss of 8 at step 60, where step 40 had a "
        "loss of 0, measured on 70 examples."
    )
