"""Columns of a table: scales, words, rows there and back, what the training part does not say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.columns import MISSING_WORD, InputColumn, Scale, TableColumns
from playground.engine.datasets import data_from_source
from playground.engine.plain_json import to_json
from playground.engine.table_data import TableChoice, table_data
from playground.engine.table_inputs import usual_target_scaling

HOUSES = "rooms,town,price\n" + "\n".join(
    f"{2 + number % 5},{('Rome', 'Oslo', 'Bern')[number % 3]},{150_000 + 37_500 * (number % 5) + 100 * number}"
    for number in range(60)
)


def houses(**more: object) -> TableChoice:
    return TableChoice(target="price", task="values", **more)  # type: ignore[arg-type]


@given(
    st.floats(-1e6, 1e6, width=32),
    st.floats(0.015625, 1e6, width=32),
    st.integers(-400, 400),
)
def test_a_scaled_number_comes_back(shift: float, size: float, quarters: int) -> None:
    scale = Scale(float(np.float32(shift)), float(np.float32(size)))
    number = scale.shift + quarters / 100 * scale.size
    kept = np.float32(scale.scaled(number))
    assert abs(float(scale.original(kept)) - number) <= 1.2e-5 * scale.size


def test_whole_numbers_come_back_whole() -> None:
    ages = np.arange(18, 91, dtype=np.float32)
    scale = Scale(float(ages.mean()), float(ages.std()))
    assert scale.original((ages - np.float32(scale.shift)) / np.float32(scale.size)).tolist() == ages.tolist()


def test_rows_are_told_in_the_unit_of_their_columns() -> None:
    data = table_data(HOUSES, houses())
    columns = data.columns
    assert columns is not None
    assert columns.names == ("rooms", "town = Rome", "town = Oslo", "town = Bern") == tuple(data.source["features"])
    lines = [line.split(",") for line in HOUSES.splitlines()[1:]]
    known = {(float(rooms), town, float(price)) for rooms, town, price in lines}
    for part in (data.train, data.validation, data.test):
        assert part.values is not None
        prices = columns.targets[0].original(part.values[:, 0])
        for inputs, price in zip(part.inputs, prices, strict=True):
            rooms, town = columns.row(inputs)
            assert (rooms, columns.inputs[1].text(town), price) in known
            np.testing.assert_allclose(columns.inputs_of((rooms, town)), inputs, atol=1e-5)


def test_a_missing_word_is_told_and_kept() -> None:
    column = InputColumn("town", 0, ("Rome", "Oslo"))
    columns = TableColumns((column,))
    assert columns.row(np.zeros(2)) == (2.0,)
    assert column.text(2.0) == MISSING_WORD
    assert columns.inputs_of((2.0,)).tolist() == [0.0, 0.0]


def test_large_targets_are_standardised_by_the_training_part_and_small_ones_left_alone() -> None:
    data = table_data(HOUSES, houses())
    assert data.train.values is not None
    assert data.test.values is not None
    assert data.source["choice"]["target_scaling"] == "standardised"
    assert abs(float(data.train.values.mean())) < 1e-5
    assert abs(float(data.train.values.std()) - 1) < 1e-5
    assert abs(float(data.test.values.mean())) > 1e-4
    assert [usual_target_scaling(*reach) for reach in ((0, 1), (-3, 3), (0, 3.1), (-9, 0))] == [
        "none", "none", "standardised", "standardised",
    ]  # fmt: skip
    to_one = table_data(HOUSES, houses(target_scaling="0..1"))
    assert to_one.train.values is not None
    assert (float(to_one.train.values.min()), float(to_one.train.values.max())) == (0.0, 1.0)
    plain = table_data(HOUSES, houses(target_scaling="none"))
    assert plain.train.values is not None
    assert plain.columns is not None
    assert plain.columns.targets[0].is_plain
    assert float(plain.train.values.min()) >= 150_000


def test_a_description_from_before_targets_were_scaled_means_the_same_as_then() -> None:
    source = dict(table_data(HOUSES, houses()).source)
    again = data_from_source(source)
    assert again.train.values is not None
    assert abs(float(again.train.values.mean())) < 1e-5
    choice = {name: value for name, value in source["choice"].items() if name != "target_scaling"}
    old = data_from_source({**source, "choice": choice})
    assert old.train.values is not None
    assert float(old.train.values.min()) >= 150_000
    assert to_json(source)


def test_a_column_of_one_number_is_told_and_harms_nothing() -> None:
    text = "a,b,kind\n" + "\n".join(f"{number / 7:.3f},0.1,{'xy'[number % 2]}" for number in range(40))
    for scaling in ("standardised", "0..1"):
        data = table_data(text, TableChoice("kind", scaling=scaling))
        assert (data.train.inputs[:, 1] == 0).all()
        assert data.columns is not None
        assert data.columns.notes == (
            "Column 'b' has the same number in every row of the training part: nothing can be learnt from it.",
        )
    rows = [f"{number / 7:.3f},{number % 5},{7 if number else 8}" for number in range(40)]
    data = table_data("a,b,n\n" + "\n".join(rows), houses_of("n"))
    assert data.train.values is not None
    assert np.isfinite(data.train.values).all()
    assert np.abs(data.test.inputs).max() < 10


def houses_of(target: str) -> TableChoice:
    return TableChoice(target, "values", target_scaling="standardised", seed=1)


@pytest.mark.parametrize("target", ["side", "n"])
def test_words_that_the_training_part_lacks_are_told(target: str) -> None:
    rows = [f"{number % 3},{('right', 'left')[number % 2]},{'a' if number else 'rare'}" for number in range(40)]
    text = "n,side,town\n" + "\n".join(rows)
    lacking = [
        data.columns.notes
        for seed in range(12)
        if (data := table_data(text, TableChoice(target, seed=seed))).columns is not None and data.columns.notes
    ]
    assert lacking
    assert set(lacking) == {
        ("Column 'town': 'rare' stands in no row of the training part, so nothing is learnt of it.",)
    }


def test_a_class_that_the_training_part_lacks_is_told() -> None:
    rows = [f"{number % 10},{'rare' if not number else 'left' if number % 2 else 'right'}" for number in range(40)]
    made = [table_data("n,side\n" + "\n".join(rows), TableChoice("side", seed=seed)).columns for seed in range(12)]
    notes = {note for columns in made if columns is not None for note in columns.notes}
    assert len(notes) == 1
    assert notes.pop().startswith("Column 'side': no row of the training part is of the class 'rare', so it is never")
