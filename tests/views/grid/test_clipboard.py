"""Grids as text: there and back bit for bit, and nothing hostile gets in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from playground.views.grid.arrangement import Arrangement
from playground.views.grid.canvas import WeightCanvas
from playground.views.grid.clipboard_text import PasteError, grid_text, read_grid

CONTROL = Qt.KeyboardModifier.ControlModifier
PICTURE = Arrangement(2, 3, 6, is_image=True)
STRIP = Arrangement(2, 8, 10)


def test_copy_and_paste_give_the_same_weights(canvas: WeightCanvas, owner: Any) -> None:
    before = canvas.model.weights.copy()
    QTest.keyClick(canvas, Qt.Key.Key_C, CONTROL)
    text = QGuiApplication.clipboard().text()
    assert len(text.strip().split("\n")) == 28
    assert {len(line.split("\t")) for line in text.strip().split("\n")} == {28}
    QTest.keyClick(canvas, Qt.Key.Key_V, CONTROL)
    command = owner.commands[0]
    assert command.cells.sources.tolist() == list(range(784))
    np.testing.assert_array_equal(command.values, before)
    assert command.values.dtype == np.float32


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "1\t2\t3",
        "\n".join(["\t".join(["0"] * 28)] * 27 + ["\t".join(["x"] * 28)]),
        "\n".join(["\t".join(["0"] * 28)] * 27 + ["\t".join(["inf"] * 28)]),
        "\n".join(["\t".join(["0"] * 28)] * 27 + ["\t".join(["1e300"] * 28)]),
        "\n".join(["\t".join(["0"] * 28)] * 27 + ["\t".join(["0"] * 27)]),
        "9" * 50_000,
        "",
    ],
)
def test_what_is_no_grid_is_said_and_changes_nothing(canvas: WeightCanvas, owner: Any, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    before = canvas.model.shown().copy()
    QTest.keyClick(canvas, Qt.Key.Key_V, CONTROL)
    assert owner.commands == []
    assert canvas.words().endswith("Nothing was changed.")
    np.testing.assert_array_equal(canvas.model.shown(), before)


@pytest.mark.parametrize(
    "text",
    [
        "1.5\t-2\t0\n.25\t1e-3\t+4\n",
        "1,5\t−2\t0\r\n0,25\t1e-3\t+4\r\n",
        "1,5;-2;0;\n0,25;0,001;4",
        "1.5 -2 0\n0.25 0.001 4",
        "1.5,-2,0\n.25,.001,4",
        "1.5, -2, 0\n.25, .001, 4",
        "1.5\t-2\t0\t.25\t.001\t4",
        "1.5\n-2\n0\n.25\n.001\n4",
    ],
)
def test_tabs_semicolons_commas_and_decimal_commas_are_understood(text: str) -> None:
    np.testing.assert_allclose(read_grid(text, PICTURE), [1.5, -2, 0, 0.25, 0.001, 4])


def test_the_sentence_names_shapes_and_places() -> None:
    with pytest.raises(PasteError, match=r"3 × 2 numbers, this neuron takes 2 × 3"):
        read_grid("1\t2\n3\t4\n5\t6", PICTURE)
    with pytest.raises(PasteError, match=r"'abc' in row 1, column 2"):
        read_grid("1\t2\t3\n4\t5\tabc", PICTURE)


def test_a_strip_is_read_in_any_shape_with_the_right_count() -> None:
    values = np.arange(10, dtype=np.float32)
    np.testing.assert_array_equal(read_grid(grid_text(values, STRIP), STRIP), values)
    np.testing.assert_array_equal(read_grid("\t".join(map(str, range(10))), STRIP), values)
    with pytest.raises(PasteError):
        read_grid("\t".join(map(str, range(9))), STRIP)


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=6, max_size=6))
def test_every_float32_comes_back_as_it_was(numbers: list[float]) -> None:
    values = np.array(numbers, np.float32)
    np.testing.assert_array_equal(read_grid(grid_text(values, PICTURE), PICTURE), values)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        values = read_grid(text, PICTURE)
    except PasteError as error:
        assert str(error).endswith("Nothing was changed.")  # noqa: PT017
    else:
        assert values.shape == (6,)
        assert np.isfinite(values).all()
