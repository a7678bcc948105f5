"""Where columns and neurons stand, for all kinds of networks and canvases."""

from __future__ import annotations

import numpy as np
import pytest

from playground.engine.spec import NetworkSpec, build
from playground.views.diagram.layout import Layout, arrange
from playground.views.diagram.picture import INPUT

EM = 16.0
SIZES = [(700, 480), (920, 690), (2200, 1600)]


def spec_of(text: str) -> NetworkSpec:
    widths = tuple(int(part) for part in text.split("-"))
    return build(widths, input_shape=(28, 28) if widths[0] == 784 else (widths[0],))


def plan(text: str, size: tuple[int, int] = (920, 690), **options: object) -> Layout:
    return arrange(spec_of(text), *size, EM, label_width=50, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("text", ["784-16-16-10", "784-128-10", "2-4-2-1", "6-1", "784-300-100-50-10", "900-20-5"])
def test_every_neuron_in_sight_lies_on_the_stage(text: str, size: tuple[int, int]) -> None:
    layout = plan(text, size)
    for column in layout.columns:
        assert column.body.left() >= 0
        assert column.body.right() <= size[0]
        for row in range(column.first, column.first + column.shown):
            cell = column.cell(row)
            assert cell is not None
            assert layout.stage.contains(cell)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("text", ["784-16-16-10", "784-128-10", "2-4-2-1", "784-300-100-50-10"])
def test_neurons_of_a_column_do_not_overlap_and_columns_stand_in_order(text: str, size: tuple[int, int]) -> None:
    layout = plan(text, size)
    for column in layout.columns[1:]:
        reach = column.size + column.bar
        for row in range(column.shown):
            dx, dy = np.abs(column.centres - column.centres[row]).T
            touching = (dx < reach - 0.01) & (dy < column.size - 0.01)
            assert touching.sum() == 1  # itself
    for left, right in zip(layout.columns, layout.columns[1:], strict=False):
        assert left.body.right() < right.body.left()


def test_all_neurons_are_shown_while_they_fit() -> None:
    for text in ("784-16-16-10", "784-128-10", "784-300-100-50-10"):
        for column in plan(text).columns[1:]:
            assert column.shown == column.total


def test_a_wide_layer_stands_abreast_and_a_very_wide_one_shows_a_part() -> None:
    assert plan("784-128-10").column(0).across > 1
    wide = plan("784-2000-10").column(0)
    assert wide.is_part
    assert wide.shown >= 100
    assert wide.cell(wide.shown) is None


def test_scrolling_shows_later_neurons_and_stops_at_the_end() -> None:
    top = plan("784-2000-10").column(0)
    down = plan("784-2000-10", scrolled={0: 3}).column(0)
    assert down.first == 3 * top.across
    end = plan("784-2000-10", scrolled={0: 10**6}).column(0)
    assert end.cell(1999) is not None
    assert end.first + end.shown == 2000


def test_an_image_stands_for_its_pixels() -> None:
    column = plan("784-16-16-10").column(INPUT)
    assert column.kind == "image"
    assert column.shown == 0
    x, y = column.pixel(28 * 27 + 27, (28, 28))
    assert column.body.contains(x, y)
    assert x > column.body.right() - column.body.width() / 28
    assert y > column.body.bottom() - column.body.height() / 28


def test_inputs_that_are_no_image_are_lamps() -> None:
    column = plan("2-4-2-1").column(INPUT)
    assert (column.kind, column.shown) == ("lamps", 2)


def test_a_matrix_gets_a_wider_gap() -> None:
    plain, wide = plan("784-16-16-10"), plan("784-16-16-10", matrices=frozenset({1}))
    assert wide.gaps[1].width() > 1.25 * plain.gaps[1].width()


def test_a_large_canvas_is_drawn_larger() -> None:
    small, large = plan("784-16-16-10"), plan("784-16-16-10", (2200, 1600))
    assert large.column(0).size > 1.8 * small.column(0).size


def test_few_neurons_are_drawn_larger_than_many() -> None:
    assert plan("2-4-2-1").column(0).size > 1.3 * plan("30-16-2").column(0).size
