"""Tables of text: how they are written, what their columns mean, and a sentence for all that cannot be."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.datasets import Cancelled, DataError, data_from_source
from playground.engine.plain_json import to_json
from playground.engine.table_data import TableChoice, table_data
from playground.engine.table_form import SAMPLE_BYTES, TableForm, with_kind
from playground.engine.table_guess import find_encoding, look_at
from playground.engine.table_stream import MAX_LINE_BYTES
from playground.engine.tables import look, read_table
from tests.engine.properties import checking

FLOWERS = """width,height,colour,species
1.5,2,red,rose
2.5,,blue,iris
-3e1,4,red,rose
0.5,6,,iris
"""


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def read(text: str, **changes: Any) -> Any:
    form = look(text).form
    return read_table(text, replace(form, **changes))


def test_a_table_is_what_stands_in_it() -> None:
    found = look(FLOWERS)
    assert found.form == TableForm(
        "utf-8", ",", ".", True, ("width", "height", "colour", "species"), ("number", "number", "category", "category")
    )
    assert found.target == "species"
    assert found.rows[1] == ("2.5", "", "blue", "iris")
    table = read_table(FLOWERS, found.form)
    nan = np.nan
    expected = [[1.5, 2, 0, 0], [2.5, nan, 1, 1], [-30, 4, 0, 0], [0.5, 6, nan, 1]]
    np.testing.assert_array_equal(table.values, np.array(expected, np.float32))
    assert table.words == ((), (), ("red", "blue"), ("rose", "iris"))
    fewer = read_table(FLOWERS, with_kind(found.form, "height", "left out"))
    assert fewer.names == ("width", "colour", "species")
    assert fewer.values.shape == (4, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_letters_delimiters_and_ends_of_lines(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    rows = [["größe", "art"], ["1.5", "käse"], ["2.5", "brot"], ["3.5", "käse"]]
    text = end.join(delimiter.join(row) for row in rows) + end
    path = write(tmp_path / "t.csv", text, encoding)
    found = look(path)
    assert found.form.names == ("größe", "art")
    assert found.form.delimiter == delimiter
    table = read_table(path, found.form)
    assert table.values[:, 0].tolist() == [1.5, 2.5, 3.5]
    assert table.words[1] == ("käse", "brot")


def test_decimal_commas_and_blanks() -> None:
    table = read("a;b\n1,5; 2\n-2,25;3 \n,5;4\n")
    assert table.values.tolist() == [[1.5, 2], [-2.25, 3], [0.5, 4]]
    assert look("a;b\n1.5;2\n").form.decimal == "."
    assert look("1 2 3\n4 5 6\n").form.delimiter == " "
    assert read("1,5;2,5\n3,5;4,5\n").values.tolist() == [[1.5, 2.5], [3.5, 4.5]]
    assert look("text, with; marks,2\nmore, of; it,3\nand, more,4\n").form.delimiter == ","


@pytest.mark.parametrize(
    ("text", "has_header"),
    [
        ("a,b\n1,2\n", True),
        ("1,2\n3,4\n", False),
        ("a,b\nc,d\n", True),
        ("a,b\na,d\n", False),
        ("a,a\n1,2\n", True),
        ("a,a\nb,c\n", False),
        (",b\n1,2\n", True),
        ("2020,2021\n1,2\n", False),
        ("x\n1\n2\n", True),
    ],
)
def test_headers(text: str, has_header: bool) -> None:
    form = look(text).form
    assert form.has_header == has_header
    if not has_header:
        assert form.names[0] == "column 1"


def test_quotes_missing_words_and_names_that_come_twice() -> None:
    table = read('name;"a;b";name\n"x ""y""";1;NA\nz;?;2\n', has_header=True, names=("name", "a;b", "name 2"))
    assert table.words[0] == ('x "y"', "z")
    assert np.isnan(table.values[1, 1])
    assert np.isnan(table.values[0, 2])
    again = look_at(b"n,n,\n1,2,3\n", "t", replace(look("a,b,c\n1,2,3\n").form, has_header=True), is_whole=True)
    assert again.form.names == ("n", "n 2", "column 3")


def test_wild_columns_are_left_out_of_their_own_accord() -> None:
    rows = "\n".join(f"name {number},{number % 3}" for number in range(200))
    found = look(f"id,class\n{rows}\n")
    assert found.form.kinds == ("left out", "number")
    assert found.target == "class"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"a,b\n", "no rows under its header"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "holds zero bytes"),
        (b"a,b\n1,2\n3\n4,5\n", "t.csv, line 3: there are 1 cells instead of 2"),
        (b"a,b\n1,2\n3,4,5\n", "t.csv, line 3: there are 3 cells instead of 2"),
        (b'a,b\n1,2\n"3,4\n5,6\n', "t.csv, line 3: a quote opens there and never closes"),
        (b"x" * (SAMPLE_BYTES + 10), "no end of line"),
    ],
)
def test_files_that_cannot_be(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"\.$") as caught:
        read_table(path, replace(look(path).form, has_header=True) if content.startswith(b"a,b") else look(path).form)
    assert says in str(caught.value)


def test_a_number_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    rows = [f"{number},{number % 2}" for number in range(3_000)]
    rows[2_500] = "twelve,1"
    path = write(tmp_path / "t.csv", "\n".join(["a,class", *rows[:40], "", *rows[40:]]) + "\n")
    with pytest.raises(DataError, match=r"t\.csv, line 2,503, column 'a': 'twelve' is no number"):
        read_table(path, look(path).form)
    for word, says in (
        ("1_000", "is no number"),
        ("1e99", "is too large"),
        ("inf", "is too large"),
        ("0x1", "is no number"),
    ):
        rows[2_500] = f"{word},1"
        write(path, "\n".join(["a,class", *rows]) + "\n")
        with pytest.raises(DataError, match=f"line 2,502, column 'a': '{word}' {says}"):
            read_table(path, look(path).form)


def test_an_endless_line_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "a,b\n" + "1,2\n" * 100_000 + "9" * (2 * MAX_LINE_BYTES) + ",1\n")
    with pytest.raises(DataError, match=r"t\.csv, line 100,002: a row of more than 2 MB begins there"):
        read_table(path, look(path).form)


def test_wrong_encoding_and_missing_files(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "a,b\n" + "1,x\n" * SAMPLE_BYTES + "2,ä\n", "cp1252")
    assert find_encoding(b"a,b\n1,2\n", "t") == "utf-8"
    with pytest.raises(DataError, match=r"t\.csv, line 262,146: this is not written in utf-8. Choose another encoding"):
        read_table(path, look(path).form)
    assert read_table(path, replace(look(path).form, encoding="cp1252")).words[1] == ("x", "ä")
    for missing in (tmp_path / "no.csv", tmp_path, Path("a\0b")):
        with pytest.raises(DataError, match=r"\.$"):
            look(missing)


def test_progress_and_cancel(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "a,b\n" + "1.25,2.5\n" * 1_500_000)
    told: list[float] = []
    table = read_table(path, look(path).form, progress=lambda share, _: told.append(share))
    assert len(table.values) == 1_500_000
    assert told == sorted(told)
    assert len(told) >= 3
    assert told[-1] == 1.0
    with pytest.raises(Cancelled):
        read_table(path, look(path).form, cancelled=lambda: True)


# ---- data of a table ---------------------------------------------------------------------------------------------


def numbers(count: int = 200) -> str:
    random = np.random.default_rng(0)
    a, b = random.normal(3, 2, count), random.uniform(0, 9, count)
    words = np.where(b > 4, "high", "low")
    lines = [f"{x:.4f},{y:.4f},{word},{2 * x - y:.4f}" for x, y, word in zip(a, b, words, strict=True)]
    return "a,b,level,y\n" + "\n".join(lines) + "\n"


def test_scaling_is_fitted_on_the_training_part_alone() -> None:
    for scaling in ("standardised", "0..1", "none"):
        data = table_data(numbers(), TableChoice(target="y", scaling=scaling, train_share=0.5, seed=3))
        inputs = data.train.inputs[:, :2]
        assert (len(data.train), len(data.validation), len(data.test)) == (100, 50, 50)
        assert data.source["features"] == ["a", "b", "level = low", "level = high"] or data.features == 4
        if scaling == "standardised":
            np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-5)
            np.testing.assert_allclose(inputs.std(axis=0), 1, atol=1e-5)
            assert abs(data.test.inputs[:, :2].mean()) > 1e-4
        elif scaling == "0..1":
            np.testing.assert_allclose([inputs.min(axis=0), inputs.max(axis=0)], [[0, 0], [1, 1]], atol=1e-6)
        assert (data.task, data.value_names, data.outputs) == ("values", ("y",), 1)
        assert np.isin(data.train.inputs[:, 2:], (0, 1)).all()
        assert (data.train.inputs[:, 2:].sum(axis=1) == 1).all()


def test_the_task_follows_the_target() -> None:
    assert table_data(FLOWERS).task == "classes"
    assert set(table_data(FLOWERS, TableChoice(train_share=0.5)).classes) == {"rose", "iris"}
    few = "a,n\n" + "\n".join(f"{number / 7},{number % 4}" for number in range(100)) + "\n"
    assert table_data(few, TableChoice("n")).classes == ("0", "1", "2", "3")
    assert table_data(few, TableChoice("n", task="values")).task == "values"
    many = "a,n\n" + "\n".join(f"{number / 7},{number}" for number in range(100)) + "\n"
    assert table_data(many, TableChoice("n")).task == "values"


def test_missing_targets_are_left_out_and_missing_inputs_become_the_mean() -> None:
    text = "a,b\n" + "1,0\n,1\n3,\n5,1\n7,0\n" * 10
    data = table_data(text, TableChoice("b", scaling="none", task="classes"))
    assert len(data.train) + len(data.validation) + len(data.test) == 40
    assert "10 rows without target left out" in data.detail
    known = data.train.inputs[np.isin(data.train.inputs, (1, 5, 7))]
    filled = data.train.inputs[~np.isin(data.train.inputs, (1, 5, 7))]
    assert len(filled)
    np.testing.assert_allclose(filled, known.mean(), rtol=1e-6)


@pytest.mark.parametrize(
    ("text", "choice", "says"),
    [
        (FLOWERS, TableChoice("size"), "no column 'size': it has width, height"),
        ("a,b\n1,x\n2,x\n", TableChoice("b"), "one class only"),
        ("a,b\n1,\n2,\n", TableChoice("b"), "column 'b' is left out: every value is missing there"),
        ("b\n1\n2\n", TableChoice("b"), "no column but the target"),
        (FLOWERS, TableChoice("species", task="values"), "these are words"),
        (FLOWERS, TableChoice(scaling="loud"), "no scaling"),
        (FLOWERS, TableChoice(train_share=1.0), "share for training"),
        (FLOWERS, TableChoice(seed=-1), "seed"),
        (FLOWERS, TableChoice(task="two"), "nothing that a table can ask for"),
    ],
)
def test_choices_that_cannot_be(text: str, choice: TableChoice, says: str) -> None:
    with pytest.raises(DataError, match=r"\.$") as caught:
        table_data(text, choice)
    assert says in str(caught.value)


def test_a_column_of_nothing_is_left_out_and_told_where_it_is_wanted_all_the_same() -> None:
    text = "a,b,c\n,1,2\n,2,4\n,1,5\n"
    form = look(text).form
    assert form.kinds == ("left out", "number", "number")
    assert table_data(text).features == 1
    with pytest.raises(DataError, match="column 'a': every value of the training part is missing"):
        table_data(text, TableChoice("c"), with_kind(form, "a", "number"))
    with pytest.raises(DataError, match="column 'a': every value is missing, so there is nothing to learn"):
        table_data(text, TableChoice("a"), with_kind(form, "a", "number"))


def test_ten_thousand_classes_are_too_many() -> None:
    text = "a,n\n" + "\n".join(f"{number % 5},{number}" for number in range(10_000)) + "\n"
    with pytest.raises(DataError, match="10,000 classes, more than 1,000"):
        table_data(text, TableChoice("n", task="classes"))
    words = "a,n\n" + "\n".join(f"{number % 5},w{number}" for number in range(10_000)) + "\n"
    form = with_kind(look(words).form, "n", "category")
    with pytest.raises(DataError, match="more than 1,000 different words"):
        table_data(words, TableChoice("n"), form)


def test_small_tables_go_with_the_project_and_large_ones_by_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "t.csv", numbers(), "utf-16")
    small = table_data(path, TableChoice("y", seed=5))
    source = json.loads(to_json(small.source))
    path.unlink()
    again = data_from_source(source)
    np.testing.assert_array_equal(again.train.inputs, small.train.inputs)
    np.testing.assert_array_equal(again.test.values, small.test.values)
    assert again.name == "t.csv"
    monkeypatch.setattr("playground.engine.table_data.KEPT_BYTES", 100)
    write(path, numbers(), "utf-16")
    large = table_data(path, TableChoice("y", seed=5))
    source = json.loads(to_json(large.source))
    assert "text" not in source
    np.testing.assert_array_equal(data_from_source(source).train.inputs, small.train.inputs)
    write(path, numbers().replace("3", "4", 1), "utf-16")
    with pytest.raises(DataError, match="another file than the one"):
        data_from_source(source)
    path.unlink()
    with pytest.raises(DataError, match="is no file"):
        data_from_source(source)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
@checking(max_examples=300)
def test_no_description_does_anything_but_become_data_or_a_sentence(drawn: Any) -> None:
    source = json.loads(to_json(table_data(FLOWERS).source))
    place = drawn.draw(st.sampled_from(["", "form", "choice"]))
    inside = source[place] if place else source
    inside[drawn.draw(st.sampled_from(sorted(inside)))] = drawn.draw(JSON)
    says = "data"
    try:
        data_from_source({**source, "kind": "table"})
    except DataError as error:
        says = str(error)
    assert says == "data" or 15 < len(says) < 500


@given(st.text(alphabet=st.sampled_from(list("ab1,;\t\"'\n\r .-e\u00e4\x00|")), max_size=120))
@checking(max_examples=600)
def test_no_text_does_anything_but_become_data_or_a_sentence(text: str) -> None:
    says = "data"
    try:
        table_data(text)
    except DataError as error:
        says = str(error)
    assert says == "data" or 15 < len(says) < 500


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_quote_that_never_closes_is_told_with_the_line_in_which_it_opens(
    tmp_path: Path, encoding: str, end: str
) -> None:
    path = tmp_path / "open.csv"
    path.write_text('a,b\n1,x\n\n2,"y\n3,z\n4,x' + end, encoding=encoding)
    with pytest.raises(DataError, match=r"open\.csv, line 4: a quote opens there and never closes"):
        read_table(path, look(path).form)
    for sound in ('a,b\n1,x\n2,"y\nand more"\n4,x', 'a,b\n1,x\n3,5" tube\n4,x'):
        path.write_text(sound + end, encoding=encoding)
        assert len(read_table(path, look(path).form).values) == 3
