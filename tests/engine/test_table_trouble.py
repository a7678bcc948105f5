"""Tables that cannot be learnt from, or only in part: each is a sentence, and nothing is infinite."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from playground.engine.datasets import DataError, DataSet
from playground.engine.table_data import TableChoice, table_data
from playground.engine.table_form import with_kind
from playground.engine.tables import look


def rows(*lines: str) -> str:
    return "\n".join(lines)


def refusal(text: str, choice: TableChoice, kinds: dict[str, str] | None = None) -> str:
    form = look(text).form
    for column, kind in (kinds or {}).items():
        form = with_kind(form, column, kind)
    with pytest.raises(DataError) as caught:
        table_data(text, choice, form)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    return sentence


def finite(data: DataSet) -> bool:
    parts = (data.train, data.validation, data.test)
    arrays = [part.inputs for part in parts] + [part.values for part in parts if part.values is not None]
    return all(bool(np.isfinite(array).all()) for array in arrays)


def test_one_class_only_is_refused_with_table_and_column() -> None:
    text = rows("a,kind", *(f"{number},dog" for number in range(30)))
    assert refusal(text, TableChoice("kind")) == (
        "pasted table, column 'kind': there is one class only, so there is nothing to tell apart."
    )
    numbers = rows("a,kind", *(f"{number},4" for number in range(30)))
    assert "one class only" in refusal(numbers, TableChoice("kind"))


def test_one_number_only_as_target_is_learnt_without_a_division_by_nothing() -> None:
    text = rows("a,n", *(f"{number / 3:.2f},4.5" for number in range(30)))
    for scaling in ("standardised", "0..1", "none"):
        data = table_data(text, TableChoice("n", task="values", target_scaling=scaling))
        assert finite(data)
        assert data.columns is not None
        assert data.train.values is not None
        assert data.columns.targets[0].original(data.train.values).tolist() == [[4.5]] * len(data.train)
        assert any("'n'" in note and "same number" in note for note in data.columns.notes)


@pytest.mark.parametrize("word", ["seven", "4.5.6", "1e", "0x10"])
def test_text_among_the_numbers_of_the_target_names_line_and_column(word: str) -> None:
    text = rows("a,n", *(f"{number},{number / 7:.3f}" for number in range(20)), f"20,{word}", "21,3.5")
    sentence = refusal(text, TableChoice("n", task="values"), {"n": "number"})
    assert sentence.startswith("pasted table, line 22, column 'n': ")
    assert word in sentence


def test_infinite_numbers_are_refused_with_line_and_column() -> None:
    text = rows("a,n", *(f"{number},{number / 7:.3f}" for number in range(20)), "20,inf", "-inf,3.5")
    assert refusal(text, TableChoice("n", task="values")).startswith("pasted table, line 22, column 'n': ")
    assert refusal(text.replace(",inf", ",1"), TableChoice("n", task="values")).startswith(
        "pasted table, line 23, column 'a': "
    )


@pytest.mark.parametrize("word", ["nan", "NaN", "", "NA"])
def test_what_is_no_number_counts_as_missing_in_target_and_inputs(word: str) -> None:
    lines = [f"{number},{number / 7:.3f}" for number in range(40)]
    data = table_data(rows("a,n", *lines, f"40,{word}", f"{word},5.5"), TableChoice("n", task="values"))
    assert finite(data)
    assert len(data.train) + len(data.validation) + len(data.test) == 41
    assert "41 rows, 1 input, numbers, 1 row without target left out" in data.detail


def test_a_target_without_any_number_is_refused() -> None:
    text = rows("a,n", *(f"{number}," for number in range(20)))
    assert "every value is missing" in refusal(text, TableChoice("n", task="values"))


def test_ten_thousand_classes_are_refused_whatever_they_are_written_as() -> None:
    numbers = rows("a,n", *(f"{number % 9},{number}" for number in range(10_000)))
    assert "10,000 classes, more than 1,000" in refusal(numbers, TableChoice("n", task="classes"))
    words = rows("a,n", *(f"{number % 9},id{number}" for number in range(10_000)))
    assert "more than 1,000 different words" in refusal(words, TableChoice("n"), {"n": "category"})


def test_columns_that_say_nothing_harm_nothing() -> None:
    text = rows("a,still,almost,kind", *(f"{n},0.1,{1e9 + (n == 39)},{'xy'[n % 2]}" for n in range(40)))
    for scaling in ("standardised", "0..1", "none"):
        data = table_data(text, TableChoice("kind", scaling=scaling))
        assert finite(data)
        assert data.columns is not None
        assert any("'still'" in note for note in data.columns.notes)


def test_a_word_that_only_the_test_part_has_is_told_and_reaches_the_network_as_its_own_input(tmp_path: Path) -> None:
    path = tmp_path / "towns.csv"
    path.write_text(rows("town,n", *(f"{('Rome', 'Oslo')[n % 2]},{n / 3:.2f}" for n in range(59)), "Bern,7.5"))
    found = [table_data(path, TableChoice("n", task="values", seed=seed)) for seed in range(20)]
    lacking = [data for data in found if data.columns is not None and data.columns.inputs[0].unseen]
    assert lacking
    for data in lacking:
        assert data.columns is not None
        place = data.columns.names.index("town = Bern")
        assert not data.train.inputs[:, place].any()
        assert max(data.validation.inputs[:, place].max(), data.test.inputs[:, place].max()) == 1
        (note,) = data.columns.notes
        assert note == "Column 'town': 'Bern' stands in no row of the training part, so nothing is learnt of it."
