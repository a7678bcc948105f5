"""Painting W, V and b: mouse, keys, clipboard, and what stays on the screen until a snapshot has caught up."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from playground.views.grid.tools import Brush
from playground.views.look import Look
from playground.views.superposition.weight_grid import WeightGrid
from tests.views.superposition.column_samples import Array, diverged, pentagon, reading

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CONTROL = Qt.KeyboardModifier.ControlModifier


class Wishes:
    """Notes what a grid asks for, in order."""

    def __init__(self, grid: WeightGrid) -> None:
        self.names: list[str] = []
        self.weights: list[Array] = []
        self.biases: list[Array] = []
        self.sentences: list[str] = []
        grid.cells_painted.connect(self.note_weights)
        grid.bias_painted.connect(self.note_bias)
        grid.released.connect(self.note_release)
        grid.cancelled.connect(self.note_cancel)
        grid.refused.connect(self.sentences.append)

    def note_weights(self, weights: Array) -> None:
        self.names.append("cells")
        self.weights.append(weights)

    def note_bias(self, bias: Array) -> None:
        self.names.append("bias")
        self.biases.append(bias)

    def note_release(self) -> None:
        self.names.append("released")

    def note_cancel(self) -> None:
        self.names.append("cancelled")


@pytest.fixture
def grid(qapp: QApplication, qtbot: QtBot) -> WeightGrid:
    widget = WeightGrid(Look(qapp))
    qtbot.addWidget(widget)
    widget.resize(300, 300)
    widget.show_model(reading(), 1.2)
    widget.show()
    qtbot.waitExposed(widget)
    widget.setFocus()
    return widget


@pytest.fixture
def wishes(grid: WeightGrid) -> Wishes:
    return Wishes(grid)


def at(grid: WeightGrid, row: int, column: int) -> QPoint:
    return grid.cell_centre(row, column).toPoint()


def test_left_paints_positive_right_negative_and_only_that_cell(grid: WeightGrid, wishes: Wishes) -> None:
    grid.set_brush(Brush(size=1.0, strength=0.75))
    QTest.mouseClick(grid, LEFT, pos=at(grid, 3, 1))
    wanted = pentagon()
    wanted[3, 1] = 0.75
    np.testing.assert_array_equal(wishes.weights[-1], wanted)
    QTest.mouseClick(grid, RIGHT, pos=at(grid, 0, 0))
    QTest.mouseClick(grid, LEFT, CONTROL, pos=at(grid, 1, 0))
    assert wishes.weights[-1][:2, 0].tolist() == [-0.75, -0.75]
    assert wishes.names == ["cells", "released"] * 3


def test_a_stroke_paints_all_cells_on_its_way_and_stays_in_its_matrix(grid: WeightGrid, wishes: Wishes) -> None:
    QTest.mousePress(grid, LEFT, pos=at(grid, 0, 1))
    QTest.mouseMove(grid, at(grid, 4, 1))
    QTest.mouseMove(grid, at(grid, 4, 2))  # over the gap into b
    QTest.mouseRelease(grid, LEFT, pos=at(grid, 4, 2))
    assert wishes.weights[-1][:, 1].tolist() == [1.0] * 5
    assert wishes.biases == []
    assert wishes.names.count("released") == 1
    assert grid.model.part("b").tolist() == pytest.approx([-0.2] * 5)


def test_the_bias_column_asks_for_biases(grid: WeightGrid, wishes: Wishes) -> None:
    grid.set_tool("eraser")
    QTest.mouseClick(grid, LEFT, pos=at(grid, 2, 2))
    assert wishes.biases[-1].tolist() == pytest.approx([-0.2, -0.2, 0.0, -0.2, -0.2])
    assert wishes.names == ["bias", "released"]
    with pytest.raises(ValueError, match="no tool 'broom'"):
        grid.set_tool("broom")


def test_untied_weights_are_a_matrix_of_their_own(grid: WeightGrid, qtbot: QtBot) -> None:
    grid.show_model(reading("abs", decode=2 * pentagon()), 1.2)
    with qtbot.waitSignal(grid.decode_painted, timeout=1000) as caught:
        QTest.mouseClick(grid, LEFT, pos=at(grid, 1, 3))
    assert caught.args is not None
    wanted = 2 * pentagon()
    wanted[1, 1] = 1.0
    np.testing.assert_array_equal(caught.args[0], wanted)


def test_escape_takes_the_stroke_back(grid: WeightGrid, wishes: Wishes) -> None:
    QTest.mousePress(grid, LEFT, pos=at(grid, 3, 1))
    grid.hand.flush()
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    assert wishes.names == ["cells", "cancelled"]
    np.testing.assert_array_equal(grid.model.part("W"), pentagon())
    QTest.mouseRelease(grid, LEFT, pos=at(grid, 3, 1))
    assert wishes.names == ["cells", "cancelled"]


def test_paint_stays_until_a_moment_includes_it(grid: WeightGrid, wishes: Wishes) -> None:
    grid.cells_painted.connect(lambda _: grid.acknowledge(7))
    QTest.mouseClick(grid, LEFT, pos=at(grid, 3, 1))
    assert grid.touched("W").sum() == 1
    grid.show_model(reading(weight=pentagon(0.9)), 1.2, 6)
    assert grid.model.part("W")[3, 1] == 1.0
    assert grid.model.part("W")[0, 0] == pytest.approx(0.9)
    grid.show_model(reading(weight=pentagon(0.8)), 1.2, 7)
    np.testing.assert_array_equal(grid.model.part("W"), pentagon(0.8))


def test_training_goes_on_around_a_stroke(grid: WeightGrid) -> None:
    QTest.mousePress(grid, LEFT, pos=at(grid, 3, 1))
    grid.show_model(reading(weight=pentagon(0.9)), 1.2)
    assert grid.model.part("W")[3, 1] == 1.0
    assert grid.model.part("W")[0, 0] == pytest.approx(0.9)
    QTest.mouseRelease(grid, LEFT, pos=at(grid, 3, 1))
    grid.show_model(reading(weight=pentagon(0.8)), 1.2)
    np.testing.assert_array_equal(grid.model.part("W"), pentagon(0.8))


def test_a_model_of_another_shape_ends_the_stroke(grid: WeightGrid, wishes: Wishes) -> None:
    QTest.mousePress(grid, LEFT, pos=at(grid, 4, 1))
    grid.hand.flush()
    grid.show_model(reading(weight=np.ones((3, 1), np.float32)), 1.2)
    assert wishes.names == ["cells", "released"]
    assert not grid.hand.is_painting
    assert not grid.grab().isNull()


def test_arrows_and_digits_set_a_cell(grid: WeightGrid, wishes: Wishes) -> None:
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(grid, key)
    assert grid.accessibleDescription().startswith("W of feature 1, dimension 1: ")
    QTest.keyClick(grid, Qt.Key.Key_Minus)
    entry = grid.findChild(QLineEdit, "cell_number")
    QTest.keyClicks(entry, "0,375")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert wishes.weights[-1][1, 1] == np.float32(-0.375)
    assert wishes.names == ["cells", "released"]
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    assert wishes.weights[-1][1, 1] == 0.0
    assert "0" in grid.accessibleDescription()


def test_a_wrong_number_is_explained_and_changes_nothing(grid: WeightGrid, wishes: Wishes) -> None:
    QTest.keyClick(grid, Qt.Key.Key_Return)
    entry = grid.findChild(QLineEdit, "cell_number")
    entry.setText("one")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert "'one' is no number" in wishes.sentences[-1]
    assert wishes.names == []


def test_w_goes_to_the_clipboard_and_back(grid: WeightGrid, wishes: Wishes) -> None:
    grid.copy_weights()
    grid.show_model(reading(weight=np.zeros((5, 2), np.float32)), 1.2)
    grid.paste_weights()
    np.testing.assert_array_equal(wishes.weights[-1], pentagon())
    assert wishes.names == ["cells", "released"]


def test_a_w_of_another_shape_is_refused_with_both_shapes(grid: WeightGrid, wishes: Wishes) -> None:
    QGuiApplication.clipboard().setText("1\t2\n3\t4")
    grid.paste_weights()
    assert "5 rows (features) of 2 numbers" in wishes.sentences[-1]
    assert wishes.names == []


def test_frozen_features_are_hatched_and_spoken(grid: WeightGrid) -> None:
    before = grid.grab().toImage()
    grid.show_model(reading(frozen=np.array([False, True, False, False, False])), 1.2)
    after = grid.grab().toImage()
    cell = grid._fitted().cell(1, 0).toRect()
    other = grid._fitted().cell(3, 0).toRect()
    assert before.copy(cell) != after.copy(cell)
    assert before.copy(other) == after.copy(other)
    assert grid.model.spoken(3).endswith("frozen")


def test_hover_tells_the_number(grid: WeightGrid) -> None:
    said: list[str] = []
    grid.cell_pointed.connect(said.append)
    QTest.mouseMove(grid, at(grid, 0, 0) + QPoint(1, 0))
    assert said[-1] == "W₀,₀ = 1.100"
    QTest.mouseMove(grid, at(grid, 0, 2))
    assert said[-1] == "b₀ = −0.200"


def test_weights_that_are_no_numbers_are_drawn_and_can_be_painted_over(grid: WeightGrid, wishes: Wishes) -> None:
    grid.show_model(diverged(), 1.2)
    assert not grid.grab().isNull()
    QTest.mouseClick(grid, LEFT, pos=at(grid, 1, 0))
    assert wishes.weights[-1][1, 0] == 1.0


@pytest.mark.parametrize(("features", "hidden"), [(2, 1), (40, 5), (400, 100)])
def test_every_size_is_drawn(grid: WeightGrid, features: int, hidden: int) -> None:
    weight = np.random.default_rng(0).normal(0, 1, (features, hidden)).astype(np.float32)
    for width in (180, 400):
        grid.resize(width, width)
        grid.show_model(reading(weight=weight), 2.0)
        assert not grid.grab().isNull()
        assert grid._fitted().cell_at(grid.cell_centre(0, hidden)) is not None
