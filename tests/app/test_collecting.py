from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from playground.app import collecting as module
from playground.app.collecting import Collecting


class Dropped:
    """Stands for a widget in a cycle: says in which thread it went."""

    went: list[threading.Thread]

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        Dropped.went.append(threading.current_thread())


@pytest.fixture
def collecting(qapp: object) -> Iterator[Collecting]:
    Dropped.went = []
    owner = QObject()
    gc.enable()
    found = Collecting(owner)
    assert not gc.isenabled()
    yield found
    found.close()
    assert gc.isenabled()
    gc.disable()  # as all tests run
    assert gc.get_freeze_count() == 0
    again = Collecting(owner)
    again.close()
    assert not gc.isenabled()


MANY = 2 * module.YOUNG  # far beyond Python's own threshold


def make_many() -> None:
    for _ in range(MANY):
        Dropped()


def test_no_other_thread_collects(collecting: Collecting) -> None:
    worker = threading.Thread(target=make_many)
    worker.start()
    worker.join()
    make_many()  # nor this one, wherever it is just now
    assert not Dropped.went
    collecting.look()
    assert len(Dropped.went) == 2 * MANY
    assert set(Dropped.went) == {threading.current_thread()}


def test_it_looks_by_itself_while_events_are_awaited(
    qtbot: QtBot, collecting: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_many()
    collecting._timer.setInterval(1)
    qtbot.waitUntil(lambda: len(Dropped.went) == MANY)


def test_where_nothing_has_gathered_nothing_is_looked_at(
    collecting: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    gc.collect()
    looked: list[int] = []
    monkeypatch.setattr(module.gc, "collect", looked.append)
    collecting.look()
    assert not looked


def test_older_objects_are_looked_at_now_and_then(collecting: Collecting, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(module.gc, "get_count", lambda: (module.YOUNG, 0, 0))
    monkeypatch.setattr(module.gc, "collect", looked.append)
    for _ in range(module.ALL_EVERY):
        collecting.look()
    assert looked.count(2) == 1
    assert looked.count(1) == module.ALL_EVERY // module.OLDER_EVERY - 1
    assert looked[:5] == [0, 0, 0, 0, 1]


def test_what_has_settled_is_passed_over(collecting: Collecting) -> None:
    Dropped()
    collecting.settle()
    gc.collect()
    assert not Dropped.went
    collecting.close()
    gc.collect()
    assert len(Dropped.went) == 1


def test_nothing_is_set_aside_after_the_end(collecting: Collecting) -> None:
    collecting.close()
    collecting.settle()
    assert gc.get_freeze_count() == 0
