"""Tables as spreadsheets and programs write them: what stands above, between and beside the rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.engine.datasets import DataError, data_from_source
from playground.engine.table_data import TableChoice, table_data
from playground.engine.table_numbers import DAY_FIRST, MONTH_FIRST, NumberStyle, days
from playground.engine.tables import look, read_table


def read(text: str, **changes: Any) -> Any:
    return read_table(text, replace(look(text).form, **changes))


@pytest.mark.parametrize(
    ("above", "skipped"),
    [
        ("", 0),
        ("\n", 1),
        ("\n \n\n", 3),
        ("sep=;\n", 1),
        ('"sep=;"\n\n', 2),
        (";;\n", 1),
        ("# made by hand\n# twice\n", 2),
        ("Report of 2024\n\n", 2),
        ("Report of 2024;;\n;;\n", 2),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_stands_above_a_table_is_passed_over(tmp_path: Path, above: str, skipped: int, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(above + "a;b;c\n1;2;x\n3;4;y\n", encoding=encoding)
    found = look(path)
    assert (found.form.names, found.form.skipped, found.form.has_header) == (("a", "b", "c"), skipped, True)
    assert read_table(path, found.form).values[:, :2].tolist() == [[1, 2], [3, 4]]
    path.write_text(above + "a;b;c\n1;2;x\n\n3;z;y\n", encoding=encoding)
    number = replace(found.form, kinds=("number", "number", "category"))
    with pytest.raises(DataError, match=f"line {skipped + 4}, column 'b': 'z' is no number"):
        read_table(path, number)


def test_comments_among_the_rows_keep_the_lines_numbers() -> None:
    text = "# one\na,b\n1,2\n# two, and a comma\n3,4\n5,six\n"
    form = look(text).form
    assert (form.comment, form.skipped, form.names) == ("#", 1, ("a", "b"))
    assert read("# one\na,b\n1,2\n# two, and, more\n3,4").values.tolist() == [[1, 2], [3, 4]]
    with pytest.raises(DataError, match="line 6, column 'b': 'six' is no number"):
        read_table(text, replace(form, kinds=("number", "number")))
    assert look("# x y z\n1 2 3\n4 5 6\n").form.names == ("x", "y", "z")
    colours = look("colour,n\n#ff0000,1\n#00ff00,2\n#ff0000,3\n").form
    assert (colours.comment, colours.kinds) == ("", ("category", "number"))


def test_a_comment_that_goes_over_two_pieces_of_the_file_is_left_out_whole(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("# c\na,b\n" + ("1,2\n# " + "long " * 3_000 + "\n") * 60)
    assert read_table(path, look(path).form).values.tolist() == [[1, 2]] * 60


def test_line_breaks_in_quoted_cells_are_part_of_them_and_are_counted() -> None:
    text = 'a,"b\nin m",c\n1,2,"x\n\ny"\n3,4,"say ""no""\n"\n5,2" tube,z\n6,seven,z\n'
    form = look(text).form
    assert form.names == ("a", "b in m", "c")
    table = read(text, kinds=("number", "category", "category"))
    assert table.words[2] == ("x y", 'say "no"', "z")
    assert table.words[1] == ("2", "4", '2" tube', "seven")
    with pytest.raises(DataError, match="line 8, column 'b"):
        read(text, kinds=("number", "number", "category"))
    with pytest.raises(DataError, match="line 10: there are 1 cells instead of 3"):
        read(text + "alone\n", kinds=("number", "category", "category"))


def test_empty_rows_and_cells_at_the_end_are_no_rows_and_no_columns() -> None:
    form = look("a;b;;\n1;2;;\n3;4;;\n").form
    assert form.kinds == ("number", "number", "left out", "left out")
    assert read("a;b;;\n1;2;;\n;;;\n3;4;;\n;;;\n;;;\n").values.tolist() == [[1, 2], [3, 4]]
    assert look("a,b\n1,2,\n3,4,\n").form.names == ("a", "b", "column 3")
    assert read("a,b\n1,2,\n3,4,\n").values.tolist() == [[1, 2], [3, 4]]
    r_style = look("a,b\nfirst,1,2\nsecond,3,4\n").form
    assert r_style.names == ("column 1", "a", "b")


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "values"),
    [
        ("a;b\n1.234,5;2\n-12,25;3\n", ",", ".", [1234.5, -12.25]),
        ('a,b\n"1,234.5",2\n7.25,3\n', ".", ",", [1234.5, 7.25]),
        ('a,b\n"1,234",2\n"12,345",3\n', ".", ",", [1234, 12345]),
        ('a,b\n"1,5",2\n"12,25",3\n', ",", "", [1.5, 12.25]),
        ("a;b\n1 234,5;2\n12\u202f345,25;3\n", ",", " ", [1234.5, 12345.25]),
        ("a;b\n1'234.5;2\n12’345.25;3\n", ".", "'", [1234.5, 12345.25]),
        ("a;b\n1.234;2\n12.5;3\n", ".", "", [1.234, 12.5]),
        ("a;b\n12 %;2\n50,5%;3\n", ",", "", [0.12, 0.505]),
        ("a;b\n\u22121.5;2\n+2;3\n", ".", "", [-1.5, 2]),
    ],
)
def test_numbers_as_they_are_written_elsewhere(text: str, decimal: str, thousands: str, values: list[float]) -> None:
    form = look(text).form
    assert (form.decimal, form.thousands) == (decimal, thousands)
    np.testing.assert_allclose(read_table(text, form).values[:, 0], values, rtol=1e-6)


@pytest.mark.parametrize("cell", ["1,23", "1.5", "1,2345", ",123", "1,234,5"])
def test_a_number_of_another_kind_is_refused_rather_than_misread(cell: str) -> None:
    text = f"a;b\n1;2\n{cell};3\n"
    form = replace(look(text).form, decimal=",", thousands="", kinds=("number", "number"))
    if cell in ("1,23", "1,2345", ",123"):
        assert read_table(text, form).values[1, 0] == np.float32(cell.replace(",", "."))
    else:
        with pytest.raises(DataError, match=f"line 3, column 'a': '{cell}' is no number"):
            read_table(text, form)
    grouped = replace(form, decimal=".", thousands=",")
    if cell == "1.5":
        assert read_table(text, grouped).values[1, 0] == 1.5
    else:
        with pytest.raises(DataError, match="is no number"):
            read_table(text, grouped)


@pytest.mark.parametrize(
    ("cell", "order", "date"),
    [
        ("2024-02-29", DAY_FIRST, "2024-02-29T00:00"),
        ("2024/3/4", DAY_FIRST, "2024-03-04T00:00"),
        ("3/4/2024", DAY_FIRST, "2024-04-03T00:00"),
        ("3/4/2024", MONTH_FIRST, "2024-03-04T00:00"),
        ("3.4.2024", MONTH_FIRST, "2024-04-03T00:00"),
        ("31.12.69", DAY_FIRST, "2069-12-31T00:00"),
        ("31.12.70", DAY_FIRST, "1970-12-31T00:00"),
        ("1815-12-10 18:30:15", DAY_FIRST, "1815-12-10T18:30:15"),
        ("2024-01-01T12:00:00Z", DAY_FIRST, "2024-01-01T12:00"),
        ("2024-01-01T12:00:00.5+02:00", DAY_FIRST, "2024-01-01T10:00:00.500"),
        ("1/2/2024 12:05 AM", MONTH_FIRST, "2024-01-02T00:05"),
        ("1/2/2024 1:05 PM", MONTH_FIRST, "2024-01-02T13:05"),
    ],
)
def test_dates_are_days_since_1970(cell: str, order: str, date: str) -> None:
    since = (dt.datetime.fromisoformat(date) - dt.datetime(1970, 1, 1)) / dt.timedelta(days=1)  # noqa: DTZ001
    assert days(cell, order) == pytest.approx(since, abs=1e-9)


@pytest.mark.parametrize("cell", ["2023-02-29", "31/31/2024", "1.2", "2024-1", "20240101", "2024-01-01 25:00", "x"])
def test_what_is_no_date(cell: str) -> None:
    assert days(cell, DAY_FIRST) is None


def test_columns_of_dates() -> None:
    text = "day;n\n13/01/2024;1\n;2\n02/02/2024;3\n"
    form = look(text).form
    assert (form.kinds, form.dates) == (("date", "number"), DAY_FIRST)
    first, gap, last = read_table(text, form).values[:, 0]
    assert (last - first, np.isnan(gap)) == (20, True)
    assert look("day;n\n01/13/2024;1\n02/02/2024;3\n").form.dates == MONTH_FIRST
    with pytest.raises(DataError, match="line 4, column 'day': '02/02/2024x' is no date"):
        read_table(text.replace("02/2024", "02/2024x"), form)
    assert table_data(text, TableChoice("day")).task == "values"


def test_a_row_of_units_goes_into_the_names() -> None:
    text = "time,speed,who\ns,m/s,-\n1,2.5,x\n2,3.5,y\n"
    form = look(text).form
    assert (form.has_units, form.names) == (True, ("time [s]", "speed [m/s]", "who"))
    assert read_table(text, form).values[:, 1].tolist() == [2.5, 3.5]
    with pytest.raises(DataError, match=r"line 4, column 'speed \[m/s\]': 'fast' is no number"):
        read_table(text.replace("3.5", "fast"), form)
    assert not look("a,b\nx,1\ny,2\n").form.has_units
    corrected = look(text, replace(form, has_units=False)).form
    assert (corrected.names, corrected.kinds[1]) == (("time", "speed", "who"), "category")


def test_yes_and_no_are_words_of_two_kinds() -> None:
    text = "ok,n\nyes,1\nno,2\nyes,3\n"
    assert table_data(text, TableChoice("ok", train_share=0.5)).classes == ("yes", "no")
    assert look("ok,n\nTRUE,1\nFALSE,2\n").form.kinds == ("category", "number")


def test_number_styles_read_what_they_match() -> None:
    style = NumberStyle(",", ".")
    assert [style.matches(cell) for cell in ("1.234,5", "12.34", "1.234.567", "5 %", "inf", "", "-", "%")] == [
        True, False, True, True, True, False, False, False,
    ]  # fmt: skip
    assert style.number("-1.234,5") == -1234.5


def test_a_description_of_an_older_version_is_read_as_it_was() -> None:
    source = dict(table_data("a;b\n1,5;x\n2,5;y\n3,5;x\n").source)
    form = {name: value for name, value in source["form"].items() if name in ("encoding", "delimiter", "decimal")}
    form |= {"has_header": True, "names": ["a", "b"], "kinds": ["number", "category"]}
    assert data_from_source({**source, "form": form}).features == 1
    for name, wrong in (("thousands", ","), ("skipped", -1), ("skipped", True), ("comment", "x"), ("dates", 3)):
        with pytest.raises(DataError, match="garbled"):
            data_from_source({**source, "form": {**asdict(look("a;b\n1,5;x\n").form), name: wrong}})
