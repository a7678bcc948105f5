"""A person before the whole program: the real window, a few hundred digits, file dialogs that answer at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from playground.session import downloads
from tests.app.journeys.desk import Answers, Desk
from tests.app.whole_program import programs


@pytest.fixture(autouse=True)
def few_digits_in_every_journey(few_digits: None) -> None:
    """Draw a few hundred digits."""


@pytest.fixture(autouse=True)
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Return what the file dialogs answer; nothing (cancelled) unless a test says otherwise."""
    found = Answers()
    monkeypatch.setattr(QFileDialog, "open", lambda dialog: found.answer(dialog))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", found.save_name)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", found.open_name)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", found.open_names)
    return found


SIZE = (1600, 1000)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no mirror be reachable: nobody listens at these addresses."""
    nowhere = {title: replace(data, mirrors=("http://127.0.0.1:9/",)) for title, data in downloads.DOWNLOADS.items()}
    monkeypatch.setattr(downloads, "Download", partial(downloads.Download, downloads=nowhere))


class Complaints(logging.Handler):
    """Collects what the program logs as a warning or worse: uncaught errors, and what Qt complains about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if "This plugin does not support" not in text:  # the offscreen platform has no window manager
            self.texts.append(f"{record.levelname}: {text}")


@pytest.fixture(autouse=True)
def complaints() -> Iterator[Complaints]:
    """Return the warnings and errors logged meanwhile; any that a test leaves there fails it."""
    found = Complaints()
    logger = logging.getLogger("playground")
    logger.addHandler(found)
    yield found
    logger.removeHandler(found)
    assert not found.texts, "\n".join(found.texts)


def ended(qtbot: QtBot, desk: Desk) -> None:
    """Close the window without a question and wait until it is gone."""
    desk.window.close_without_asking()
    qtbot.waitUntil(lambda: desk.is_gone, timeout=20_000)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # before another window is dressed


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    """Return a function that starts a program and waits until it has painted (``ready``: and has data and torch)."""
    with programs(qtbot, monkeypatch) as make_program:

        def make(path: Path | None = None, *, ready: bool = True, autosave_ms: int = 0) -> Desk:
            program = make_program()
            desk = Desk(qtbot, program)
            if autosave_ms:
                program.workspace.autosave._timer.setInterval(autosave_ms)
            program.window.resize(*SIZE)
            with qtbot.waitSignal(program.window.painted, timeout=20_000):
                program.begin(path)
            program.window.activateWindow()
            qtbot.waitUntil(program.window.isActiveWindow)
            if ready:
                desk.wait_until_ready()
            return desk

        yield make


@pytest.fixture
def desk(start: Callable[..., Desk]) -> Desk:
    return start()
