"""A project whose table was moved, changed or replaced: opened all the same, and the file asked for by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from playground.engine import table_data as tables
from playground.engine.table_data import TableChoice, table_data
from tests.app.journeys.conftest import ended
from tests.app.journeys.desk import Answers, Desk

ROWS = "\n".join(f"{n % 9},{n % 7},{'ab'[n % 2]}" for n in range(90))


@pytest.fixture
def moved(
    start: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot, answers: Answers
) -> tuple[Desk, Path]:
    """Return a program with a project open whose table lies elsewhere now, and where."""
    monkeypatch.setattr(tables, "KEPT_BYTES", 10)  # so that the table is kept by its path
    path, project = tmp_path / "letters.csv", tmp_path / "a.playground"
    path.write_text("x,y,letter\n" + ROWS)
    desk = start()
    desk.document.set_data(table_data(path, TableChoice("letter")))
    desk.settle()
    answers.save = project
    desk.trigger("file.save")
    desk.wait(project.exists)
    desk.wait(lambda: not desk.program.workspace.keeping.is_busy)
    ended(qtbot, desk)
    (tmp_path / "elsewhere").mkdir()
    new = path.rename(tmp_path / "elsewhere" / "letters-2.csv")
    again = start(project, ready=False)
    again.wait_for_message("its data are not there")
    again.wait(lambda: again.document.snapshot is not None and again.document.is_settled)
    return again, new


def find_file(desk: Desk) -> None:
    def buttons() -> list[QAbstractButton]:
        return [b for b in desk.window.findChildren(QAbstractButton) if b.text() == "Find the file…"]

    desk.wait(lambda: len(buttons()) == 1)  # the message before this one has gone
    buttons()[0].click()


def test_the_missing_file_is_asked_for_by_name_and_found(moved: tuple[Desk, Path], answers: Answers) -> None:
    desk, new = moved
    assert len(desk.messages) == 1
    assert "letters.csv" in desk.messages[0]
    before = desk.parameters.copy()
    answers.open = (new,)
    find_file(desk)
    desk.wait(lambda: len(desk.document.data.train))
    desk.settle()
    assert desk.messages == ()
    assert desk.document.data.source["path"] == str(new)
    assert (desk.parameters == before).all(), "the network is the one that was trained"
    desk.wait(lambda: desk.snapshot.evaluation is not None)


def test_a_file_that_differs_is_taken_and_said(moved: tuple[Desk, Path], answers: Answers) -> None:
    desk, new = moved
    new.write_text("x,y,letter\n" + ROWS + "\n1,1,a\n")
    answers.open = (new,)
    find_file(desk)
    desk.wait_for_message("its checksum differs")
    assert len(desk.document.data.train)


OTHERS = {
    "x,y,z,letter\n" + "1,2,3,a\n4,5,6,b\n" * 9: "instead of 3",
    "x,y,letter\n" + "1,2,a\n4,5,b\n6,6,c\n" * 9: "this is another file",
    "": "is empty",
}


def test_a_file_that_does_not_fit_changes_nothing_and_can_be_looked_for_again(
    moved: tuple[Desk, Path], answers: Answers, tmp_path: Path
) -> None:
    desk, new = moved
    other = tmp_path / "other.csv"
    for content, words in OTHERS.items():
        other.write_text(content)
        answers.open = (other,)
        find_file(desk)
        desk.wait_for_message(words)
        assert not len(desk.document.data.train), words
    answers.open = (new,)
    find_file(desk)
    desk.wait(lambda: len(desk.document.data.train))
