"""Tables of two columns of numbers lie in the plane, of one on a line; all others do not."""

from __future__ import annotations

import numpy as np
import pytest

from playground.engine.plane import plane_points
from playground.engine.table_data import TableChoice, table_data

_RANDOM = np.random.default_rng(4)
_AGES, _PAY = _RANDOM.integers(18, 80, 90), _RANDOM.integers(20_000, 90_000, 90)
PEOPLE = "age,pay,buys,spent\n" + "\n".join(
    f"{age},{pay},{'yes' if pay > 1_000 * age else 'no'},{pay / 100 + age:.1f}"
    for age, pay in zip(_AGES.tolist(), _PAY.tolist(), strict=True)
)


def columns_of(*names: str) -> str:
    places = [PEOPLE.splitlines()[0].split(",").index(name) for name in names]
    return "\n".join(",".join(line.split(",")[place] for place in places) for line in PEOPLE.splitlines())


@pytest.mark.parametrize("scaling", ["standardised", "0..1"])
@pytest.mark.parametrize("target", ["buys", "spent"])
def test_two_columns_of_numbers_are_a_plane(target: str, scaling: str) -> None:
    data = table_data(columns_of("age", "pay", target), TableChoice(target, scaling=scaling))
    plane = data.plane
    assert plane is not None
    assert (plane.input_names, plane.features.names, plane.dimensions) == (("age", "pay"), ("x1", "x2"), 2)
    # a place of the plane is what the network receives, and all points lie within it
    np.testing.assert_array_equal(plane.train, data.train.inputs)
    np.testing.assert_array_equal(plane.inputs_at(plane.validation), data.validation.inputs)
    points, targets, is_training = plane_points(data)
    assert (len(points), len(targets), int(is_training.sum())) == (77, 77, 63)
    assert plane.low < points.min()
    assert points.max() < plane.high
    ages = plane.columns[0].scale.original(points[:, 0])
    assert set(ages.tolist()) <= set(_AGES.tolist())


def test_one_column_of_numbers_is_a_line_where_numbers_are_predicted() -> None:
    data = table_data(columns_of("pay", "spent"), TableChoice("spent"))
    assert data.plane is not None
    assert (data.plane.dimensions, data.plane.input_names) == (1, ("pay",))
    assert table_data(columns_of("pay", "buys"), TableChoice("buys")).plane is None


def test_words_more_columns_and_many_classes_lie_in_no_plane() -> None:
    assert table_data(PEOPLE, TableChoice("buys")).plane is None
    assert table_data(columns_of("age", "buys", "spent"), TableChoice("spent")).plane is None
    many = "a,b,n\n" + "\n".join(f"{number},{number % 7},{number % 21}" for number in range(90))
    assert table_data(many, TableChoice("n", task="classes")).plane is None


def test_columns_of_very_different_sizes_are_no_plane_until_they_are_scaled() -> None:
    data = table_data(columns_of("age", "pay", "buys"), TableChoice("buys", scaling="none"))
    assert data.plane is None
    assert data.columns is not None
    (note,) = data.columns.notes
    assert note.startswith("The columns 'pay' and 'age' are of so different sizes")
    still = "a,b,k\n" + "\n".join(f"{number},5,{'xy'[number % 2]}" for number in range(40))
    flat = table_data(still, TableChoice("k"))
    assert flat.plane is None
    assert flat.columns is not None
    assert len(flat.columns.notes) == 1  # that of the column itself
