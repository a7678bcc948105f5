"""Workbooks: sheets as a spreadsheet shows them, and a sentence for those that nobody can mean."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from playground.engine.datasets import Cancelled, DataError, data_from_source
from playground.engine.file_data import files_data, is_table
from playground.engine.plain_json import to_json
from playground.engine.table_data import TableChoice, table_data
from playground.engine.tables import look, read_table
from tests.engine.properties import checking

SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Sales"
    sheet.append(["Sales of 2024"])
    sheet.append([])
    sheet.append(["day", "sum", "share", "ok", "note"])
    for number in range(30):
        day = dt.datetime(2024, 2, 1) + dt.timedelta(days=number)  # noqa: DTZ001
        sheet.append([day, 1000.5 + number, number / 100, number % 2 == 0, f"a\tb\n{number % 3}"])
        sheet.cell(sheet.max_row, 3).number_format = "0 %"
    other = made.create_sheet("Other")
    for row in (["x", "y"], [1, 2], [3, 4]):
        other.append(row)
    path = tmp_path / "book.xlsx"
    made.save(path)
    return path


def altered(path: Path, part: str, content: bytes) -> Path:
    """Return a copy of a workbook with another content of one part."""
    made = path.with_name(f"altered-{part.replace('/', '-')}.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return made


def test_the_first_sheet_is_a_table_with_dates_numbers_and_words(book: Path) -> None:
    assert is_table(book)
    found = look(book)
    assert found.sheets == ("Sales", "Other")
    assert (found.form.sheet, found.form.skipped, found.form.names) == (
        "Sales", 2, ("day", "sum", "share", "ok", "note"),
    )  # fmt: skip
    assert found.form.kinds == ("date", "number", "number", "category", "category")
    told: list[float] = []
    table = read_table(book, found.form, progress=lambda share, _: told.append(share))
    assert told == sorted(told)
    np.testing.assert_allclose(table.values[:, 1], 1000.5 + np.arange(30))
    np.testing.assert_allclose(table.values[:, 2], np.arange(30) / 100, rtol=1e-6)
    assert table.values[3, 0] - table.values[0, 0] == 3
    assert table.words[3:] == (("TRUE", "FALSE"), ("a b 0", "a b 1", "a b 2"))
    assert files_data([book]).name == "book.xlsx"
    with pytest.raises(Cancelled):
        read_table(book, found.form, cancelled=lambda: True)


def test_another_sheet_is_looked_at_and_read(book: Path) -> None:
    form = look(book, replace(look(book).form, sheet="Other", skipped=0)).form
    assert (form.names, form.sheet) == (("x", "y"), "Other")
    assert read_table(book, form).values.tolist() == [[1, 2], [3, 4]]
    with pytest.raises(DataError, match="no sheet 'None there': it has Sales, Other"):
        look(book, replace(form, sheet="None there"))


def test_what_is_wrong_in_a_sheet_is_told_by_its_row(tmp_path: Path) -> None:
    made = Workbook()
    for row in (["a", "b"], [1, 2], [], ["two\nlines", 3], [4, "five"]):
        made.worksheets[0].append(row)
    path = tmp_path / "t.xlsx"
    made.save(path)
    form = replace(look(path).form, kinds=("category", "number"))
    with pytest.raises(DataError, match="row 5, column 'b': 'five' is no number"):
        read_table(path, form)


def test_formulas_are_their_values(book: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><f>1+{n}</f><v>{n + 1}</v></c><c r="B{n}"><v>{n}</v></c></row>' for n in range(1, 9)
    )
    path = altered(book, SHEET, f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode())
    assert read_table(path, look(path).form).values[:, 0].tolist() == list(range(2, 10))


@pytest.mark.parametrize("most", [5_000_000, 100])
def test_a_sheet_goes_with_the_project_or_is_known_by_its_file(
    book: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("playground.engine.table_data.KEPT_BYTES", most)
    data = table_data(book, TableChoice("sum", seed=2))
    source = json.loads(to_json(data.source))
    assert ("text" in source) == (most > 100)
    again = data_from_source(source)
    np.testing.assert_array_equal(again.train.inputs, data.train.inputs)
    assert again.name == "book.xlsx"


def test_a_sheet_with_a_cell_at_its_far_corner_takes_no_room(book: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    path = altered(book, SHEET, f"<worksheet {MAIN}><sheetData>{far}</sheetData></worksheet>".encode())
    with pytest.raises(DataError, match=r"row 1,048,576: there are 16,384 columns; 5,000 are the most"):
        read_table(path, replace(look(book).form, names=("a",), kinds=("number",), skipped=0))


@pytest.mark.parametrize(
    ("part", "content", "says"),
    [
        (SHEET, b"<worksheet", "cannot be read as a workbook"),
        (SHEET, b"", "cannot be read as a workbook"),
        (SHEET, f"<worksheet {MAIN}><sheetData>".encode() + b"<c>" * 2_000_000, "a row or a cell without an end"),
        (SHEET, f"<worksheet {MAIN}><sheetData><row><c><v>".encode() + b"1" * 3_000_000, "without an end"),
        (SHEET, b'<!DOCTYPE a [<!ENTITY b "bbbb">]>' + f"<worksheet {MAIN}/>".encode(), "declares XML of its own"),
        ("xl/styles.xml", b" " * (65 << 20), "too much text in 'xl/styles.xml'"),
        ("xl/workbook.xml", b"<x/>", "no sheet with cells"),
        ("[Content_Types].xml", b"<x/>", "cannot be read as a workbook"),
    ],
)
def test_workbooks_that_cannot_be(book: Path, part: str, content: bytes, says: str) -> None:
    with pytest.raises(DataError, match=r"\.$") as caught:
        look(altered(book, part, content))
    assert says in str(caught.value)


def test_files_that_only_claim_to_be_workbooks(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    for content, says in (
        (b"a,b\n1,2\n", "cannot be read"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "has a password"),
        (b"", "cannot be"),
    ):
        path.write_bytes(content)
        with pytest.raises(DataError, match=says):
            look(path)
    path.unlink()
    with pytest.raises(DataError, match="is no file"):
        look(path)


@given(st.data())
@checking(max_examples=60)
def test_no_damage_to_a_workbook_brings_anything_but_a_sentence(tmp_path_factory: Any, drawn: Any) -> None:
    folder = tmp_path_factory.mktemp("damage")
    made = Workbook()
    for row in (["a", "b"], [1, "x"], [2, "y"], [3, "x"]):
        made.worksheets[0].append(row)
    whole = folder / "whole.xlsx"
    made.save(whole)
    with zipfile.ZipFile(whole) as archive:
        part = drawn.draw(st.sampled_from(archive.namelist()))
        content = bytearray(archive.read(part))
    for _ in range(drawn.draw(st.integers(1, 4))):
        place = drawn.draw(st.integers(0, len(content) - 1))
        content[place : place + drawn.draw(st.integers(0, 6))] = drawn.draw(st.binary(max_size=4))
    says = "data"
    try:
        table_data(altered(whole, part, bytes(content)))
    except DataError as error:
        says = str(error)
    assert says == "data" or 15 < len(says) < 700
