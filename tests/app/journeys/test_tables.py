"""Tables before they become data: dropped, pasted and opened; corrected, used, left, refused; in the whole window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from playground.engine.datasets import DataSet
from playground.engine.table_form import LEFT_OUT
from playground.views.data.class_balance import ClassBalance
from playground.views.data.column_list import CONTENT, KIND, MISSING, NAME, ColumnList
from playground.views.data.table_sheet import TableSheet
from playground.views.heads import FlatButton
from tests.app.journeys.desk import Answers, Desk

ROWS = [f"{n % 7},{n / 3:.2f},{'ab'[n % 2]},note {n},{('low', 'high')[n % 3 == 0]}" for n in range(60)]
TABLE = "\n".join(["whole,part,letter,note,grade", *ROWS, ",,,,low", ""])


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "grades.csv"
    path.write_text(TABLE)
    return path


def sheet_of(desk: Desk) -> TableSheet:
    desk.wait(lambda: desk.window.findChild(TableSheet) is not None)
    return desk.find(TableSheet, "table_sheet")


def opened(desk: Desk) -> TableSheet:
    """Return the sheet once the table in it has been read."""
    sheet = sheet_of(desk)
    desk.wait(lambda: sheet.isVisible() and " rows, " in desk.sentence("table_detail"))
    return sheet


def choose(desk: Desk, field: str, value: str) -> None:
    box = desk.find(QComboBox, f"{field}_choice")
    assert box.findData(value) >= 0, f"{field} does not offer {value}"
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def cell(sheet: TableSheet, row: int, column: int) -> str:
    return str(sheet.columns.model().index(row, column).data())


def own_number(data: DataSet, scaled: float) -> str:
    """Return a number to be predicted as the table has it."""
    found = f"{float(data.target_scales[0].original(scaled)):.7g}"
    assert found in {f"{float(line.split(',')[1]):.7g}" for line in ROWS}
    return found


def tick(desk: Desk, row: int) -> None:
    columns = desk.find(ColumnList, "table_columns")
    cell_rect = columns.visualRect(columns.model().index(row, NAME))
    place = QPoint(cell_rect.left() + round(0.9 * columns._look.em()), cell_rect.center().y())
    QTest.mouseClick(columns.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def test_a_dropped_table_is_shown_with_what_stands_in_it_and_becomes_data_in_one_step(desk: Desk, table: Path) -> None:
    before = desk.document.data
    desk.drop(table)
    sheet = opened(desk)
    assert desk.document.data is before, "a look changes nothing"
    assert [cell(sheet, row, KIND) for row in range(5)] == ["numbers", "numbers", "words", "left out", "words"]
    assert [cell(sheet, row, MISSING) for row in range(3)] == ["1", "1", "1"]
    assert cell(sheet, 0, CONTENT) == "0 to 6"
    assert desk.find(ClassBalance, "class_balance").accessibleDescription() == "low: 41, high: 20"
    assert desk.find(QComboBox, "table_target_choice").currentText() == "grade"
    index = desk.document.undo_stack.index()
    desk.click("table_use")
    desk.wait(lambda: not sheet.isVisible())
    data = desk.document.data
    assert (data.name, data.features, data.classes) == ("grades.csv", 4, ("high", "low"))
    assert sum(map(len, (data.train, data.validation, data.test))) == 61
    assert abs(float(data.train.inputs[:, 1].mean())) < 0.05
    desk.settle()
    desk.window.activateWindow()  # as a window manager does once the sheet has gone
    desk.wait(desk.window.isActiveWindow)
    assert desk.document.spec.inputs == 4
    assert desk.document.undo_stack.index() == index + 1
    desk.undo()
    assert desk.document.data is before


def test_target_task_columns_scaling_share_and_seed_are_corrected(desk: Desk, table: Path) -> None:
    desk.drop(table)
    sheet = opened(desk)
    choose(desk, "table_target", "whole")
    assert sheet.choices.task.value() == "classes"
    choose(desk, "table_task", "values")
    assert "0 to 6" in desk.sentence("target_words")
    tick(desk, 2)
    desk.wait(lambda: "4 columns" not in desk.sentence("table_detail") and " rows, " in desk.sentence("table_detail"))
    form = sheet.form()
    assert form is not None
    assert form.kinds[2] == LEFT_OUT
    choose(desk, "table_scaling", "0..1")
    desk.type_in("table_share_number", "50")
    desk.type_in("table_seed_number", "3")
    desk.click("table_use")
    desk.wait(lambda: not sheet.isVisible())
    data = desk.document.data
    assert (data.task, data.value_names, len(data.train)) == ("values", ("whole",), 30)
    assert data.source["features"] == ["part", "grade = high", "grade = low"]
    assert data.source["choice"]["seed"] == 3
    assert float(data.train.inputs.min()) == 0.0
    assert float(data.train.inputs.max()) == 1.0


def test_cells_copied_from_a_spreadsheet_are_pasted_and_their_header_corrected(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("3\t1,5\tx\n4\t2,5\ty\n5\t3,5\tx\n6\t4,5\ty\n")
    desk.trigger("data.paste_table")
    sheet = opened(desk)
    form = sheet.form()
    assert form is not None
    assert (form.delimiter, form.decimal, form.has_header) == ("\t", ",", False)
    choose(desk, "table_header", "names")
    desk.wait(lambda: "3 rows" in desk.sentence("table_detail"))
    choose(desk, "table_header", "values")
    desk.wait(lambda: "4 rows" in desk.sentence("table_detail"))
    desk.click("table_leave")
    assert not sheet.isVisible()
    assert desk.document.data.name != "pasted table"


def test_what_a_spreadsheet_copies_is_read_as_it_stands_there_and_each_guess_can_be_corrected(desk: Desk) -> None:
    rows = ["Sales of 2024\t\t\t", "\t\t\t", "day\tsum\tshare\tnote", "\tEUR\t\t"]
    rows += [f'{n + 1:02}.02.2024\t1.{n:03},50\t{n} %\t"line\nbreak {n % 2}"' for n in range(20)]
    QGuiApplication.clipboard().setText("\r\n".join(rows) + "\r\n")
    desk.trigger("data.paste_table")
    sheet = opened(desk)
    form = sheet.form()
    assert form is not None
    assert form.names == ("day", "sum [EUR]", "share", "note")
    assert [cell(sheet, row, KIND) for row in range(4)] == ["dates", "numbers", "numbers", "words"]
    assert cell(sheet, 0, CONTENT) == "2024-02-01 to 2024-02-20"
    assert cell(sheet, 1, CONTENT) == "1000.5 to 1019.5"
    assert desk.sentence("table_detail").startswith("20 rows")
    choose(desk, "table_header", "names")
    desk.wait(lambda: cell(sheet, 1, KIND) == "words" and " rows, " in desk.sentence("table_detail"))
    choose(desk, "table_header", "units")
    choose(desk, "table_decimal", ",")
    desk.wait(lambda: cell(sheet, 1, KIND) == "words" and " rows, " in desk.sentence("table_detail"))
    choose(desk, "table_decimal", ",.")
    desk.wait(lambda: cell(sheet, 1, KIND) == "numbers" and " rows, " in desk.sentence("table_detail"))
    desk.type_in("table_skipped_number", "3")
    desk.wait(lambda: cell(sheet, 0, NAME) != "day" and " rows, " in desk.sentence("table_detail"))
    desk.type_in("table_skipped_number", "2")
    desk.wait(lambda: cell(sheet, 0, NAME) == "day" and " rows, " in desk.sentence("table_detail"))
    choose(desk, "table_target", "note")
    desk.click("table_use")
    desk.wait(lambda: not sheet.isVisible())
    assert desk.document.data.features == 3
    assert set(desk.document.data.classes) == {"line break 0", "line break 1"}


def test_what_is_wrong_is_said_in_place_with_line_and_column_and_can_be_put_right(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("a,b,y\n" + "1,2,0\n2,1,1\n" * 2_000 + "1,oops,0\n")
    desk.drop(path)
    sheet = sheet_of(desk)
    desk.wait(lambda: desk.sentence("table_error"))
    assert "odd.csv, line 4,002, column 'b': 'oops' is no number" in desk.sentence("table_error")
    assert not desk.find(FlatButton, "table_use").isEnabled()
    tick(desk, 1)
    desk.wait(lambda: "4,001 rows" in desk.sentence("table_detail"))
    assert desk.sentence("table_error") == ""
    desk.click("table_use")
    desk.wait(lambda: not sheet.isVisible())
    assert desk.document.data.features == 1


NO_TABLES = {
    b"": "is empty",
    b"a,b\n1,2\n3\n": "line 3: there are 1 cells instead of 2",
    b'a,b\n1,2\n1,"2\n3,4\n': "line 3: a quote opens there and never closes",
    b"\x00\x01\x02\x03" * 50: "zero bytes",
}


def test_a_file_that_is_no_table_gets_a_sentence_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    before = desk.document.data
    path = tmp_path / "bad.csv"
    for content, words in NO_TABLES.items():
        path.write_bytes(content)
        assert not desk.sentence("table_error")
        desk.drop(path)
        sheet = sheet_of(desk)
        desk.wait(lambda: desk.sentence("table_error"))
        assert words in desk.sentence("table_error")
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
        desk.wait(lambda sheet=sheet: not sheet.isVisible())
        assert desk.document.data is before


def test_one_class_only_is_said_when_it_is_to_be_used_and_another_target_can_be_chosen(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "one.csv"
    path.write_text("a,b,class\n" + "\n".join(f"{n},{n % 5},same" for n in range(30)) + "\n")
    desk.drop(path)
    sheet = opened(desk)
    desk.click("table_use")
    desk.wait(lambda: "one class only" in desk.sentence("table_error"))
    choose(desk, "table_target", "b")
    desk.click("table_use")
    desk.wait(lambda: not sheet.isVisible())
    assert len(desk.document.data.classes) == 5


def test_reading_is_stopped_and_the_table_used_all_the_same(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = "0.5,1.5,2,3,4,5,6,7,8,9,1,2.5\n1.5,0.5,3,2,1,5,6,7,8,4,2,3.5\n"
    path.write_text(",".join("abcdefghijkl") + "\n" + rows * 150_000)
    desk.drop(path)
    sheet = sheet_of(desk)
    cancel = sheet.findChild(FlatButton, "data_cancel")
    assert cancel is not None
    desk.wait(cancel.isVisible)
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert "Reading was stopped" in desk.sentence("table_detail")
    desk.click("table_use")
    desk.wait(lambda: not sheet.isVisible())
    assert desk.document.data.features == 11


def test_the_dialog_offers_everything_that_can_be_read(desk: Desk, answers: Answers, table: Path) -> None:
    answers.open = (table,)
    desk.trigger("data.open")
    sheet = opened(desk)
    desk.click("table_leave")
    assert not sheet.isVisible()


@pytest.mark.parametrize(("target", "first"), [("grade", "target: "), ("part", "target: part = ")])
def test_the_example_in_sight_tells_its_target_until_its_inputs_are_changed(
    desk: Desk, table: Path, target: str, first: str
) -> None:
    desk.drop(table)
    sheet = opened(desk)
    choose(desk, "table_target", target)
    desk.click("table_use")
    desk.wait(lambda: not sheet.isVisible())
    data, panel = desk.document.data, desk.view.data_panel
    for index in range(3):
        row = data.validation
        words = data.classes[row.labels[index]] if row.values is None else own_number(data, row.values[index, 0])
        assert desk.sentence("input_table_target") == first + words
        desk.trigger("data.next_example")
    panel.table.values_changed.emit(panel.table.values())
    assert desk.sentence("input_table_target") == ""
