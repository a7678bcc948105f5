"""Thinning, ranges, ticks and CSV of the curves."""

from __future__ import annotations

import csv
import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.snapshots import Curves
from playground.views.plots.points import (
    csv_text,
    decade_ticks,
    grown,
    joined,
    loss_text,
    percent_text,
    pieces,
    round_ticks,
    step_text,
    thinned,
    within,
)
from tests.views.plots.curve_samples import curves


def test_few_points_stay_as_they_are() -> None:
    x, y = np.arange(50.0), np.arange(50.0) ** 2
    kept = thinned(x, y, 0, 49, 100)
    np.testing.assert_array_equal(kept, (x, y))


def test_no_peak_is_lost_among_many_points() -> None:
    x = np.arange(20_000.0)
    y = np.sin(x / 500)
    y[12_345], y[777] = 9.0, -9.0
    few_x, few_y = thinned(x, y, 0, 19_999, 300)
    assert len(few_x) <= 602
    assert (few_y.max(), few_y.min()) == (9.0, -9.0)
    assert abs(few_x[few_y.argmax()] - 12_345) <= 20_000 / 300
    assert np.all(np.diff(few_x) >= 0)


def test_each_column_keeps_its_lowest_and_highest_value() -> None:
    random = np.random.default_rng(1)
    x, y = np.arange(5_000.0), random.standard_normal(5_000)
    few_x, few_y = thinned(x, y, 0, 5_000, 100)
    for column in range(100):
        mine = few_y[(few_x >= 50 * column) & (few_x < 50 * (column + 1))]
        block = y[50 * column : 50 * (column + 1)]
        assert {mine.min(), mine.max()} == {block.min(), block.max()}


def test_a_part_reaches_one_point_beyond_its_ends() -> None:
    x = np.arange(0.0, 1000.0, 10.0)
    kept, _ = thinned(x, x, 205, 395, 100)
    assert (kept[0], kept[-1]) == (200.0, 400.0)


def test_gaps_stay_gaps() -> None:
    x, y = np.arange(10_000.0), np.full(10_000, np.nan)
    y[5_000:] = 1.0
    _, few = thinned(x, y, 0, 9_999, 100)
    assert np.isnan(few[0])
    assert few[-1] == 1.0


@given(st.floats(1e-9, 1e12))
def test_a_range_grows_to_the_next_round_number(value: float) -> None:
    found = grown(value)
    assert value * (1 - 1e-6) <= found <= 1.5 * value
    mantissa = found / 10 ** math.floor(math.log10(found) + 1e-12)
    assert min(abs(mantissa - nice) for nice in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)) < 1e-6


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e6), st.integers(2, 12))
def test_ticks_are_round_and_inside(low: float, span: float, count: int) -> None:
    spacing, ticks = round_ticks(low, low + span, count)
    assert len(ticks) <= count + 1
    for tick in ticks:
        assert low - 1e-6 * spacing <= tick <= low + span + 1e-6 * spacing + 1e-9 * abs(low)
        assert tick / spacing == pytest.approx(round(tick / spacing), abs=1e-4)


def test_logarithmic_ticks() -> None:
    assert decade_ticks(-2, 1, 4) == [-2, -1, 0, 1]
    assert decade_ticks(-1, 0, 6) == pytest.approx([-1, math.log10(0.2), math.log10(0.5), 0])
    assert len(decade_ticks(-12, 12, 5)) <= 6


@pytest.mark.parametrize(
    ("step", "text"), [(0, "0"), (500, "500"), (1000, "1k"), (2500, "2.5k"), (1_000_000, "1M"), (3e9, "3G")]
)
def test_steps_on_the_axis(step: float, text: str) -> None:
    assert step_text(step) == text


@pytest.mark.parametrize(
    ("loss", "text"),
    [(2.302585, "2.303"), (0.287123, "0.2871"), (0.0, "0.0000"), (1.3e-5, "1.30e-5"), (12.5, "12.50"), (1e7, "1.00e7"),
     (math.nan, "no number"), (math.inf, "no number")],
)  # fmt: skip
def test_losses_in_words(loss: float, text: str) -> None:
    assert loss_text(loss) == text


def test_shares_in_words() -> None:
    assert percent_text(0.91254) == "91.25 %"
    assert percent_text(math.nan) == "no number"


def test_csv_gives_the_same_numbers_back() -> None:
    run = curves(200)
    values = run.values.copy()
    values[3, 1] = np.nan
    run = Curves(run.steps, values)
    rows = list(csv.reader(io.StringIO(csv_text(run))))
    assert rows[0] == ["step", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy"]
    np.testing.assert_array_equal([int(row[0]) for row in rows[1:]], run.steps)
    np.testing.assert_array_equal([[float(cell) for cell in row[1:]] for row in rows[1:]], run.values)


def test_pieces_end_with_the_last_point_up_to_each_break() -> None:
    x, y = np.arange(6.0), np.arange(6.0) * 2
    found = pieces(x, y, (2.0, 2.0, 3.5, 99.0))
    assert [part.tolist() for part, _ in found] == [[0, 1, 2], [3], [4, 5]]
    steps, heights = joined(found)
    assert steps.tolist() == [0, 1, 2, 2, 3, 3, 4, 5]
    assert np.flatnonzero(np.isnan(heights)).tolist() == [3, 5]
    np.testing.assert_array_equal(joined(pieces(x, y, ()))[1], y)


@pytest.mark.parametrize(("loss", "text"), [(2e23, "2e23"), (-5e12, "-5e12"), (2.5e11, "250G"), (1.5e300, "1.5e300")])
def test_beyond_all_letters_stand_powers_of_ten(loss: float, text: str) -> None:
    assert step_text(loss) == text


def test_a_line_is_cut_where_it_leaves_the_room() -> None:
    x, y = np.array([0.0, 2.0, 4.0, 6.0, 7.0, 8.0]), np.array([0.0, 4.0, 0.0, np.nan, 1.0, 1.0])
    seen = np.column_stack(within(x, y, (1.0, 7.5, 0.5, 3.0)))
    expected = [(1.0, 2.0), (1.5, 3.0), (2.5, 3.0), (3.75, 0.5), (7.0, 1.0), (7.5, 1.0)]
    np.testing.assert_allclose(seen[~np.isnan(seen[:, 0])], expected)
    assert np.isnan(seen[2::3]).all()  # between the pieces
    assert not len(within(x, y, (1.0, 7.5, 10.0, 11.0))[0])
