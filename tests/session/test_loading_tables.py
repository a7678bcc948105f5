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


def test_a_pasted_table_is_looked_at_corrected_and_read(loading: DataLoading, qtbot: QtBot) -> None:
    looks: list[Any] = []
    loading.look_at_table(TEXT, looks.append, looks.append)
    qtbot.waitUntil(lambda: len(looks) == 1)
    assert looks[0].form.kinds == ("number", "number", "category")
    form = with_kind(looks[0].form, "b", "left out")
    with qtbot.waitSignal(loading.done) as waiting:
        loading.table(TEXT, TableChoice("a", task="values"), form)
    data = waiting.args[0]
    assert (data.task, data.features) == ("values", 2)
    loading.look_at_table("", looks.append, looks.append)
    qtbot.waitUntil(lambda: len(looks) == 2)
    assert "is empty" in looks[1]
