"""Tables and arrays off the window's thread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.engine.table_data import TableChoice
from playground.engine.table_form import with_kind
from playground.session.loading import DataLoading

TEXT = "a;b;class\n1,5;2;x\n2,5;4;y\n3,5;1;x\n4,5;2;y\n"


@pytest.fixture
def loading(tmp_path: Path, qtbot: QtBot) -> Iterator[DataLoading]:
    made = DataLoading(tmp_path / "cache")
    yield made
    made.close()


def test_dropped_files_find_their_reader(loading: DataLoading, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "t.csv").write_text(TEXT)
    np.savez(tmp_path / "a.npz", x=np.zeros((6, 2, 2), np.uint8), y=np.arange(6) % 2)
    for name, shape in (("t.csv", (2,)), ("a.npz", (2, 2))):
        with qtbot.waitSignal(loading.done) as waiting:
            loading.files((tmp_path / name,))
        assert waiting.args[0].input_shape == shape
    with qtbot.waitSignal(loading.failed) as waiting:
        loading.files((tmp_path / "nothing.csv",))
    assert "is no file" in waiting.args[0]


def test_a_pasted_table_is_looked_at_corrected_counted_and_made_into_data(loading: DataLoading, qtbot: QtBot) -> None:
    tables = loading.tables
    with qtbot.waitSignal(tables.looked) as waiting:
        tables.look(TEXT)
    assert waiting.args[0].form.kinds == ("number", "number", "category")
    form = with_kind(waiting.args[0].form, "b", "left out")
    with qtbot.waitSignal(tables.surveyed) as waiting:
        tables.survey(TEXT, form)
    survey = waiting.args[0]
    assert survey.facts.rows == 4
    assert survey.facts.columns["class"].counts == (("x", 2), ("y", 2))
    with qtbot.waitSignal(tables.made) as waiting:
        tables.make(TEXT, TableChoice("a", task="values"), form, survey.table)
    data = waiting.args[0]
    assert (data.task, data.features) == ("values", 2)
    with qtbot.waitSignal(tables.failed) as waiting:
        tables.look("")
    assert "is empty" in waiting.args[0]


def test_a_later_wish_takes_the_place_of_an_earlier_one(loading: DataLoading, qtbot: QtBot) -> None:
    told: list[Any] = []
    tables = loading.tables
    tables.looked.connect(told.append)
    tables.look(TEXT)
    tables.look("a,b\n1,2\n")
    with qtbot.waitSignal(tables.ended):
        pass
    assert [found.form.names for found in told] == [("a", "b")]
