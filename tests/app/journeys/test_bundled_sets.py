"""The sets of scikit-learn in the whole window: in the menu only where it is installed; tables are shown first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction

from playground.engine import bundled_sets as module
from playground.views.data.table_sheet import TableSheet
from tests.app.journeys.desk import Desk
from tests.engine.bundled_samples import install


def actions(desk: Desk) -> dict[str, QAction]:
    return {action.objectName(): action for action in desk.window.findChildren(QAction)}


def test_without_it_nothing_is_offered(start: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACKAGE", "a_package_that_nobody_has")
    assert not any(name.startswith("data_bundled") for name in actions(start()))


def test_a_table_is_shown_first_and_digits_come_at_once(
    start: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(tmp_path, monkeypatch)
    desk = start()
    actions(desk)["data_bundled_iris"].trigger()
    desk.wait(lambda: desk.window.findChild(TableSheet) is not None)
    sheet = desk.find(TableSheet, "table_sheet")
    desk.wait(lambda: sheet.isVisible() and "60 rows, 5 columns" in desk.sentence("table_detail"))
    assert sheet.choices.target.value() == "species"
    desk.click("table_use")
    desk.wait(lambda: not sheet.isVisible())
    assert desk.document.data.classes == ("setosa", "versicolor", "virginica")
    actions(desk)["data_bundled_digits"].trigger()
    desk.wait(lambda: desk.document.data.name == "Digits 8 × 8")
    desk.settle()
    assert desk.document.spec.input_shape == (8, 8)
    assert not sheet.isVisible()


def test_a_broken_one_is_told_in_its_place(
    start: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(tmp_path, monkeypatch, "raise ImportError('no compiled part')")
    desk = start()
    actions(desk)["data_bundled_wine"].trigger()
    desk.wait(lambda: "(no compiled part)" in desk.sentence("data_error"))
