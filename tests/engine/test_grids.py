"""Weight grids as pictures: transformations, stamps and brushes, against numbers worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from playground.engine import grids
from tests.engine.properties import checking

GRID = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
ANY_GRID = arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.integers(1, 6)),
    elements=st.floats(-100, 100, allow_subnormal=False),
)


def transform(grid: Any, kind: str, amount: float = 1.0, dx: int = 0, dy: int = 0, seed: int = 0) -> Any:
    return grids.transformed(grid, kind, amount, dx, dy, np.random.default_rng(seed))


def test_inputs_are_laid_out_as_pictures_or_strips() -> None:
    assert grids.grid_shape((28, 28)) == (28, 28)
    assert grids.grid_shape((1, 28, 20)) == (28, 20)
    assert grids.grid_shape((6,)) == (1, 6)
    assert grids.grid_shape((3, 4, 5)) == (1, 60)


# ---- transformations -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("mirror_horizontal", {}, [[3, 2, 1], [6, 5, 4]]),
        ("mirror_vertical", {}, [[4, 5, 6], [1, 2, 3]]),
        ("invert", {}, [[-1, -2, -3], [-4, -5, -6]]),
        ("scale", {"amount": -0.5}, [[-0.5, -1, -1.5], [-2, -2.5, -3]]),
        ("zero", {}, [[0, 0, 0], [0, 0, 0]]),
        ("shift", {"dx": 1}, [[0, 1, 2], [0, 4, 5]]),
        ("shift", {"dx": -2}, [[3, 0, 0], [6, 0, 0]]),
        ("shift", {"dy": 1}, [[0, 0, 0], [1, 2, 3]]),
        ("shift", {"dx": -1, "dy": -1}, [[5, 6, 0], [0, 0, 0]]),
        ("shift", {"dx": 3}, [[0, 0, 0], [0, 0, 0]]),
        ("shift", {"dy": -(10**12)}, [[0, 0, 0], [0, 0, 0]]),
        ("shift", {}, [[1, 2, 3], [4, 5, 6]]),
        ("blur", {"amount": 0.0}, [[1, 2, 3], [4, 5, 6]]),
    ],
)
def test_transformations_by_hand(kind: str, more: dict[str, Any], expected: list[list[float]]) -> None:
    before = GRID.copy()
    np.testing.assert_array_equal(transform(GRID, kind, **more), expected)
    np.testing.assert_array_equal(GRID, before)


def test_a_strip_has_no_rows_to_shift_along_and_no_rows_to_blur_over() -> None:
    strip = np.array([[1.0, 2.0, 3.0]])
    np.testing.assert_array_equal(transform(strip, "shift", dx=1, dy=4), [[0, 1, 2]])
    np.testing.assert_array_equal(transform(strip, "mirror_vertical"), strip)
    assert transform(strip, "blur", 1.0).sum() == pytest.approx(6.0)


def test_blur_is_a_gaussian() -> None:
    grid = np.zeros((21, 21))
    grid[10, 10] = 1.0
    found = transform(grid, "blur", 1.5)
    kernel = np.exp(-0.5 * (np.arange(-6, 7) / 1.5) ** 2)
    kernel /= kernel.sum()
    np.testing.assert_allclose(found[4:17, 4:17], np.outer(kernel, kernel), atol=1e-12)
    assert found[10, 12] / found[10, 10] == pytest.approx(math.exp(-0.5 * (2 / 1.5) ** 2))


def test_random_weights_repeat_with_their_seed_and_have_the_spread_asked_for() -> None:
    grid = np.zeros((100, 100))
    first = transform(grid, "randomise", 0.3, seed=5)
    np.testing.assert_array_equal(first, transform(grid, "randomise", 0.3, seed=5))
    assert not np.array_equal(first, transform(grid, "randomise", 0.3, seed=6))
    assert first.std() == pytest.approx(0.3, rel=0.05)
    assert abs(first.mean()) < 0.015  # five standard errors


@pytest.mark.parametrize(
    ("kind", "amount", "says"),
    [
        ("sharpen", 1.0, "no transformation 'sharpen'"),
        ("scale", math.nan, "finite number"),
        ("scale", math.inf, "finite number"),
        ("blur", -1.0, "between 0 and 3 cells"),
        ("blur", 1e9, "between 0 and 3 cells"),
        ("blur", math.nan, "finite number"),
        ("randomise", -0.1, "cannot be negative"),
        ("randomise", math.inf, "finite number"),
    ],
)
def test_impossible_transformations_get_a_sentence(kind: str, amount: float, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        transform(GRID, kind, amount)
    assert str(caught.value).endswith("nothing was changed.")


def test_a_row_is_no_grid() -> None:
    with pytest.raises(ValueError, match="rows and columns"):
        grids.inverted([1.0, 2.0])


@checking()
@given(ANY_GRID)
def test_mirrors_and_inversion_are_their_own_inverse(grid: Any) -> None:
    for kind in ("mirror_horizontal", "mirror_vertical", "invert"):
        np.testing.assert_array_equal(transform(transform(grid, kind), kind), grid)


@checking()
@given(ANY_GRID, st.integers(-7, 7), st.integers(-7, 7))
def test_a_shift_moves_every_cell_or_drops_it(grid: Any, dx: int, dy: int) -> None:
    found = transform(grid, "shift", dx=dx, dy=dy)
    height, width = grid.shape
    down = 0 if height == 1 else dy
    for row in range(height):
        for column in range(width):
            is_inside = 0 <= row - down < height and 0 <= column - dx < width
            assert found[row, column] == (grid[row - down, column - dx] if is_inside else 0.0)


@checking()
@given(ANY_GRID, st.floats(0, 1))
def test_blur_keeps_the_sum(grid: Any, share: float) -> None:
    found = transform(grid, "blur", share * max(grid.shape))
    assert found.sum() == pytest.approx(grid.sum(), abs=1e-9 * (1 + np.abs(grid).sum()))


# ---- stamps --------------------------------------------------------------------------------------------------------


def test_a_horizontal_edge_is_two_by_ten_with_two_rows_on_either_side() -> None:
    values, mask = grids.stamp("horizontal", (28, 28), (6.5, 13.5), 10)
    expected = np.zeros((28, 28))
    expected[4:6, 9:19] = -1
    expected[6:8, 9:19] = 1
    expected[8:10, 9:19] = -1
    np.testing.assert_array_equal(values, expected)
    np.testing.assert_array_equal(mask, expected != 0)
    assert values.dtype == np.float32


def test_a_vertical_edge_is_the_horizontal_one_turned() -> None:
    flat, flat_mask = grids.stamp("horizontal", (20, 28), (9.0, 13.0), 10, 2.5)
    upright, upright_mask = grids.stamp("vertical", (28, 20), (13.0, 9.0), 10, 2.5)
    np.testing.assert_array_equal(upright, flat.T)
    np.testing.assert_array_equal(upright_mask, flat_mask.T)
    assert upright.max() == 2.5
    assert upright.min() == -2.5


def test_diagonals_are_mirror_images_and_run_where_they_say() -> None:
    down, _ = grids.stamp("diagonal_down", (21, 21), (10, 10), 10)
    up, _ = grids.stamp("diagonal_up", (21, 21), (10, 10), 10)
    np.testing.assert_array_equal(down[:, ::-1], up)
    assert [down[10 + step, 10 + step] for step in range(-3, 4)] == [1.0] * 7
    assert down[10 - 2, 10 + 2] == down[10 + 2, 10 - 2] == -1.0  # across it
    assert down[0, 0] == down[20, 20] == 0.0  # beyond its ends


def test_a_loop_is_a_ring_with_a_surround_inside_and_outside() -> None:
    values, mask = grids.stamp("loop", (21, 21), (10, 10), 10)  # the ring lies 3 to 5 cells from the centre
    assert values[10].tolist() == [0] * 3 + [-1] * 2 + [1] * 3 + [-1] * 5 + [1] * 3 + [-1] * 2 + [0] * 3
    np.testing.assert_array_equal(values, values.T)
    np.testing.assert_array_equal(values, values[::-1])
    np.testing.assert_array_equal(mask, values != 0)


def test_stamps_are_cut_off_at_the_border_and_may_lie_outside() -> None:
    values, mask = grids.stamp("horizontal", (8, 8), (0, 0), 10)
    assert values[0, :5].tolist() == [1.0] * 5
    assert values[1, :5].tolist() == [-1.0] * 5
    assert mask.sum() == 15  # one row of the bar and two of the surround, five cells each
    assert not grids.stamp("loop", (8, 8), (100, 100), 10)[1].any()


def test_the_smallest_stamp_is_one_cell_with_its_surround() -> None:
    values, _ = grids.stamp("horizontal", (5, 5), (2, 2), 0.2)
    assert values[:, 2].tolist() == [0, -1, 1, -1, 0]
    assert np.count_nonzero(values) == 3


@pytest.mark.parametrize(("kind", "size"), [("star", 5.0), ("loop", 0.0), ("loop", -1.0), ("loop", math.nan)])
def test_impossible_stamps_get_a_sentence(kind: str, size: float) -> None:
    with pytest.raises(ValueError, match=r"no stamp 'star'|one cell or larger"):
        grids.stamp(kind, (5, 5), (2, 2), size)


@checking()
@given(st.sampled_from(grids.STAMPS), st.floats(0.5, 40), st.floats(-5, 15), st.floats(-5, 15), st.floats(0.1, 9))
def test_every_stamp_holds_three_values_and_only_on_its_mask(
    kind: str, size: float, row: float, column: float, strength: float
) -> None:
    values, mask = grids.stamp(kind, (9, 11), (row, column), size, strength)
    assert set(np.unique(values)) <= {np.float32(-strength), np.float32(0), np.float32(strength)}
    np.testing.assert_array_equal(values != 0, mask)


def test_a_picture_as_a_stamp() -> None:
    values, mask = grids.picture_stamp([[0.0, 0.5], [0.25, 0.25]], 2.0)
    np.testing.assert_array_equal(values, [[0, 2], [1, 1]])
    assert mask.all()
    balanced, _ = grids.picture_stamp([[0.0, 0.5], [0.25, 0.25]], 2.0, is_balanced=True)
    np.testing.assert_array_equal(balanced, [[-2, 2], [0, 0]])
    assert not grids.picture_stamp(np.zeros((3, 3)))[0].any()


# ---- brushes -------------------------------------------------------------------------------------------------------


def test_a_hard_brush_covers_a_disc() -> None:
    found = grids.brush_alpha((5, 5), (2, 2), 1.0)
    np.testing.assert_array_equal(
        found, [[0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]]
    )


def test_a_soft_brush_falls_off_in_a_smooth_step() -> None:
    found = grids.brush_alpha((1, 9), (0, 0), 4.0, 1.0)[0]
    steps = [(4 - distance) / 4 for distance in range(5)]
    assert found[:5].tolist() == pytest.approx([step * step * (3 - 2 * step) for step in steps])
    assert found[5:].tolist() == [0, 0, 0, 0]
    half = grids.brush_alpha((1, 9), (0, 0), 4.0, 0.5)[0]
    assert half[:5].tolist() == pytest.approx([1, 1, 1, 0.5, 0])


@checking()
@given(st.floats(0, 8), st.floats(0, 9), st.floats(0, 1), st.floats(0, 0.7))
def test_the_smallest_brush_paints_the_cell_under_it(row: float, column: float, softness: float, radius: float) -> None:
    found = grids.brush_alpha((9, 10), (row, column), radius, softness)
    assert found[round(row), round(column)] == 1.0
    assert found.min() >= 0.0
    assert found.max() <= 1.0


def test_a_brush_outside_covers_nothing() -> None:
    assert not grids.brush_alpha((5, 5), (-3, 2), 1.0).any()
    assert grids.brush_alpha((5, 5), (-1, 2), 1.0).sum() == 1.0


def test_lines() -> None:
    thin = grids.line_alpha((4, 6), (0, 0), (3, 5), 0.1)
    assert thin[0, 0] == thin[3, 5] == 1.0
    assert (thin.max(axis=0) == 1.0).all()  # no column is passed over
    thick = grids.line_alpha((5, 7), (2, 1), (2, 5), 1.0)
    expected = np.zeros((5, 7))
    expected[2, 0:7] = 1
    expected[[1, 3], 1:6] = 1
    np.testing.assert_array_equal(thick, expected)
    point = grids.line_alpha((5, 5), (2, 2), (2, 2), 1.0, 0.3)
    np.testing.assert_array_equal(point, grids.brush_alpha((5, 5), (2, 2), 1.0, 0.3))
    assert not grids.line_alpha((5, 5), (-900, -1e9), (-900, 1e9), 2.0).any()


@checking()
@given(
    st.tuples(st.integers(0, 7), st.integers(0, 7)),
    st.tuples(st.integers(0, 7), st.integers(0, 7)),
    st.floats(0, 3),
    st.floats(0, 1),
)
def test_a_line_covers_what_the_brush_covers_on_its_way(
    start: tuple[int, int], end: tuple[int, int], radius: float, softness: float
) -> None:
    line = grids.line_alpha((8, 8), start, end, radius, softness)
    for place in (start, end):
        assert (line >= grids.brush_alpha((8, 8), place, radius, softness) - 1e-12).all()


def test_rectangles() -> None:
    found = grids.rectangle_alpha((4, 5), (2, 3), (1, 1))
    expected = np.zeros((4, 5))
    expected[1:3, 1:4] = 1
    np.testing.assert_array_equal(found, expected)
    assert grids.rectangle_alpha((4, 5), (-9, -9), (99, 99)).min() == 1.0
    soft = grids.rectangle_alpha((5, 5), (0, 0), (4, 4), 1.0)
    assert soft[2, 2] == 1.0
    assert soft[0, 0] == soft[0, 2] == soft[4, 4] == pytest.approx(0.4 * 0.4 * (3 - 0.8))
    assert soft[1, 2] == pytest.approx(0.8 * 0.8 * (3 - 1.6))


def test_fill_follows_sides_and_stops_at_other_values() -> None:
    picture = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.1, 1.0, 0.0]])
    expected = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=bool)
    np.testing.assert_array_equal(grids.fill_mask(picture, (0, 0)), expected)
    expected[2, 0] = True
    np.testing.assert_array_equal(grids.fill_mask(picture, (0, 0), 0.1), expected)
    assert grids.fill_mask(picture, (1, 2)).sum() == 2
    assert grids.fill_mask(picture, (0, 0), 1.0).all()
    assert not grids.fill_mask(picture, (3, 0)).any()
    assert not grids.fill_mask(picture, (0, -1)).any()


@checking()
@given(ANY_GRID, st.floats(0, 50), st.data())
def test_fill_holds_its_cell_and_nothing_that_differs_more(grid: Any, tolerance: float, data: st.DataObject) -> None:
    cell = (data.draw(st.integers(0, grid.shape[0] - 1)), data.draw(st.integers(0, grid.shape[1] - 1)))
    found = grids.fill_mask(grid, cell, tolerance)
    assert found[cell]
    assert (np.abs(grid[found] - grid[cell]) <= tolerance).all()
