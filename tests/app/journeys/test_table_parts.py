"""Tables in two or three files in the whole window: dropped together, or a test file added in the preview."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from playground.views.data.table_sheet import TableSheet
from tests.app.journeys.desk import Answers, Desk

ROWS = [f"{n % 7},{n / 3:.2f},{'ab'[n % 2]}" for n in range(60)]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    found = {}
    for part, rows in (("train", 60), ("test", 20), ("validation", 10)):
        found[part] = tmp_path / f"{part}.csv"
        found[part].write_text("\n".join(["u,v,kind", *ROWS[:rows], ""]))
    return found


def opened(desk: Desk) -> TableSheet:
    """Return the sheet once the table for training has been read."""
    desk.wait(lambda: desk.window.findChild(TableSheet) is not None)
    sheet = desk.find(TableSheet, "table_sheet")
    button = desk.find(QAbstractButton, "table_use")
    desk.wait(lambda: sheet.isVisible() and " rows, " in desk.sentence("table_detail") and button.isEnabled())
    return sheet


def sizes(desk: Desk) -> list[int]:
    data = desk.document.data
    return [len(data.train), len(data.validation), len(data.test)]


def test_files_that_are_dropped_together_are_the_parts(desk: Desk, files: dict[str, Path]) -> None:
    desk.drop(files["test"], files["train"])
    sheet = opened(desk)
    assert "60 rows" in desk.sentence("table_detail")
    assert desk.find(QLabel, "table_part_test").text() == "Test: test.csv"
    assert desk.find(QAbstractButton, "table_add_validation").isVisible()
    assert not desk.find(QAbstractButton, "table_add_test").isVisible()
    desk.click("table_use")
    desk.wait(lambda: not sheet.isVisible())
    assert sizes(desk) == [42, 18, 20]
    assert "test from test.csv" in desk.sentence("data_detail").replace("\u00a0", " ")


def test_files_are_added_and_removed_in_the_preview(desk: Desk, files: dict[str, Path], answers: Answers) -> None:
    desk.drop(files["train"])
    sheet = opened(desk)
    for part in ("test", "validation"):
        answers.open = (files[part],)
        desk.click(f"table_add_{part}")
        label = desk.find(QLabel, f"table_part_{part}")
        desk.wait(lambda label=label, part=part: f"{part}.csv" in label.text())
    assert not sheet.choices.share.isEnabled(), "all rows are for training"
    desk.click("table_remove_validation")
    assert sheet.choices.share.isEnabled()
    desk.type_in("table_share_number", "50")
    desk.click("table_use")
    desk.wait(lambda: not sheet.isVisible())
    assert sizes(desk) == [30, 30, 20]
    desk.drop(files["train"])  # another look begins without them
    opened(desk)
    assert desk.find(QLabel, "table_part_test").text() == ""


def test_columns_that_do_not_agree_are_told_in_place(desk: Desk, files: dict[str, Path]) -> None:
    files["test"].write_text("u,w,kind\n1,2,a\n3,4,b\n")
    desk.drop(files["train"], files["test"])
    sheet = opened(desk)
    before = desk.document.data
    desk.click("table_use")
    desk.wait(lambda: "test.csv has no column 'v'" in desk.sentence("table_error"))
    assert desk.document.data is before
    desk.click("table_remove_test")
    desk.click("table_use")
    desk.wait(lambda: not sheet.isVisible())
    assert sizes(desk) == [42, 9, 9]
