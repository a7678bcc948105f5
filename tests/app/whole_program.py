"""The whole program in the process of the tests: made, and ended so that nothing of it is left."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from playground.app import collecting
from playground.app.program import Program
from playground.session.folders import folders

PATIENCE_MS = 60_000


@contextmanager
def programs(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Program]]:
    """Yield a function that makes programs, which have not begun; end them."""
    _leave_setting_aside_to_the_tests(monkeypatch)
    made: list[tuple[Program, list[bool]]] = []

    def make() -> Program:
        program = Program(folders())
        gone: list[bool] = []
        program.window.destroyed.connect(lambda: gone.append(True))
        made.append((program, gone))
        return program

    yield make
    for program, gone in reversed(made):
        if not gone:
            program.window.close_without_asking()
        qtbot.waitUntil(partial(bool, gone), timeout=PATIENCE_MS)
        program.finish()
        program.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _leave_setting_aside_to_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let programs collect, but neither set objects aside for good nor bring back what was set aside before them.

    Python has one place for what is set aside, and tests/conftest.py keeps the libraries there. Each program that ends
    would bring them back, and to look at them all before the next test takes as long as to make a window.
    """
    own = {name: getattr(gc, name) for name in ("collect", "disable", "enable", "get_count", "isenabled")}
    monkeypatch.setattr(collecting, "gc", SimpleNamespace(**own, freeze=lambda: None, unfreeze=lambda: None))
