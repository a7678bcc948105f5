"""The canvas by keyboard: the cell cursor, numbers in place, painting along, and what is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow

from playground.engine.commands import Paint, SetCells
from playground.engine.snapshots import Snapshot
from playground.engine.spec import build
from playground.views.grid.canvas import WeightCanvas
from playground.views.grid.tools import Brush

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def go(canvas: WeightCanvas, row: int, column: int) -> None:
    """Bring the cell cursor to a cell by keys alone."""
    QTest.keyClick(canvas, Qt.Key.Key_PageUp)
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(canvas, Qt.Key.Key_Down)
    for _ in range(column):
        QTest.keyClick(canvas, Qt.Key.Key_Right)


def with_shift_held(canvas: WeightCanvas, key: Qt.Key) -> None:
    """Press a key while Shift stays down (QTest would lift it each time)."""
    QApplication.sendEvent(canvas, QKeyEvent(QEvent.Type.KeyPress, key, SHIFT))


def entry(canvas: WeightCanvas) -> Any:
    return canvas._entry


def test_arrows_move_a_cursor_that_is_spoken(canvas: WeightCanvas, qtbot: Any) -> None:
    go(canvas, 7, 20)
    with qtbot.waitSignal(canvas.announced) as said:
        QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.cursor_cell() == (8, 20)
    value = canvas.model.weights[8 * 28 + 20]
    assert said.args == [f"row 8, column 20, weight {value:+.2f}".replace("-", "−")]
    assert canvas.accessibleDescription() == said.args[0]
    QTest.keyClick(canvas, Qt.Key.Key_End)
    QTest.keyClick(canvas, Qt.Key.Key_PageDown)
    assert canvas.cursor_cell() == (27, 27)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.cursor_cell() == (27, 27)


@pytest.mark.parametrize(
    ("typed", "value"), [("-1.25", -1.25), (".5", 0.5), ("+2", 2.0), ("0,75", 0.75), ("1e-3", 0.001)]
)
def test_typing_sets_the_cell_on_enter(
    canvas: WeightCanvas, owner: Any, snapshot: Snapshot, typed: str, value: float
) -> None:
    go(canvas, 2, 3)
    QTest.keyClicks(canvas, typed[0])
    assert entry(canvas).isVisible()
    QTest.keyClicks(entry(canvas), typed[1:])
    assert owner.commands == []
    QTest.keyClick(entry(canvas), Qt.Key.Key_Return)
    command = owner.commands[0]
    assert isinstance(command, SetCells)
    assert command.cells.sources.tolist() == [2 * 28 + 3]
    assert command.cells.units.tolist() == [snapshot.spec.layers[0].units[2]]
    assert command.values.tolist() == [pytest.approx(value)]
    assert "row 2, column 3" in command.label
    assert canvas.model.shown()[2 * 28 + 3] == pytest.approx(value)
    assert not entry(canvas).isVisible()
    assert canvas.hasFocus()


def test_escape_leaves_the_cell_as_it_was(canvas: WeightCanvas, owner: Any) -> None:
    go(canvas, 2, 3)
    QTest.keyClicks(canvas, "9")
    QTest.keyClick(entry(canvas), Qt.Key.Key_Escape)
    assert owner.commands == []
    assert not entry(canvas).isVisible()


@pytest.mark.parametrize("typed", ["1.2.3", "--4", "1e99", "+", "nan", "5x"])
def test_what_is_no_weight_is_said_in_place(canvas: WeightCanvas, owner: Any, typed: str) -> None:
    go(canvas, 2, 3)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    entry(canvas).clear()
    QTest.keyClicks(entry(canvas), typed)
    QTest.keyClick(entry(canvas), Qt.Key.Key_Return)
    assert owner.commands == []
    assert entry(canvas).isVisible()
    assert "weight" in canvas.words()


def test_delete_zeroes_the_cell(canvas: WeightCanvas, owner: Any) -> None:
    go(canvas, 5, 5)
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    command = owner.commands[0]
    assert command.cells.sources.tolist() == [5 * 28 + 5]
    assert command.values.tolist() == [0.0]


def test_shift_and_arrows_paint_along_as_one_stroke(canvas: WeightCanvas, owner: Any) -> None:
    canvas.set_brush(Brush(size=1.0, strength=0.9))
    go(canvas, 4, 4)
    for _ in range(3):
        with_shift_held(canvas, Qt.Key.Key_Right)
    with_shift_held(canvas, Qt.Key.Key_Down)
    assert canvas.cursor_cell() == (5, 7)
    QTest.keyRelease(canvas, Qt.Key.Key_Shift)
    sources = np.concatenate([command.cells.sources for command in owner.commands])
    assert sorted(sources.tolist()) == [4 * 28 + column for column in (4, 5, 6, 7)] + [5 * 28 + 7]
    assert len({command.stroke for command in owner.commands}) == 1
    assert owner.ended == [owner.commands[0].stroke]


def test_another_key_ends_the_stroke_of_the_arrows(canvas: WeightCanvas, owner: Any) -> None:
    go(canvas, 4, 4)
    with_shift_held(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert owner.ended == [owner.commands[0].stroke]
    assert not canvas.hand.is_painting


def test_space_dabs_with_the_brush(canvas: WeightCanvas, owner: Any) -> None:
    canvas.set_brush(Brush(size=3.0, strength=0.4))
    go(canvas, 10, 10)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    QTest.keyClick(canvas, Qt.Key.Key_Space, CONTROL)
    assert [command.value for command in owner.commands] == [pytest.approx(0.4), pytest.approx(-0.4)]
    assert len(owner.commands[0].cells.sources) == 9
    assert len(owner.ended) == 2


def test_a_rectangle_by_keyboard_has_two_corners(canvas: WeightCanvas, owner: Any) -> None:
    canvas.set_tool("rectangle")
    go(canvas, 3, 3)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(canvas, key)
    assert owner.commands == []
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert isinstance(owner.commands[0], Paint)
    assert len(owner.commands[0].cells.sources) == 6


def test_brackets_change_the_size_and_f_takes_the_freeze_brush(canvas: WeightCanvas, qtbot: Any) -> None:
    with qtbot.waitSignal(canvas.brush_changed) as changed:
        QTest.keyClick(canvas, "]")
    assert changed.args[0].size == 4.0
    for _ in range(9):
        QTest.keyClick(canvas, "[")
    assert canvas.hand.brush.size == 1.0
    canvas.set_tool("eraser")
    QTest.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.hand.tool == "freeze"
    QTest.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.hand.tool == "eraser"


def test_the_exact_value_tool_opens_a_number_under_the_mouse(canvas: WeightCanvas, owner: Any) -> None:
    canvas.set_tool("value")
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.frame().point(6, 7).toPoint())
    assert entry(canvas).isVisible()
    assert float(entry(canvas).text().replace("−", "-")) == pytest.approx(canvas.model.weights[6 * 28 + 7], abs=1e-4)
    entry(canvas).setText("3")
    QTest.keyClick(entry(canvas), Qt.Key.Key_Enter)
    assert owner.commands[0].cells.sources.tolist() == [6 * 28 + 7]


def test_typing_goes_to_the_cell_under_the_mouse(canvas: WeightCanvas, owner: Any) -> None:
    QTest.mouseMove(canvas, canvas.frame().point(9, 11).toPoint())
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert owner.commands[0].cells.sources.tolist() == [9 * 28 + 11]


def test_window_actions_keep_their_keys_except_where_the_cursor_is(qtbot: Any, canvas: WeightCanvas) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(canvas)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    pressed: list[str] = []
    for keys in ("Space", "Delete", "Ctrl+Z", "S", "Esc"):
        action = QAction(keys, window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _on=False, name=keys: pressed.append(name))
        window.addAction(action)
    canvas.setFocus()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    QTest.keyClick(canvas, Qt.Key.Key_Space)  # the mouse was used last: there is no cursor, Space plays
    QTest.keyClick(canvas, Qt.Key.Key_S)
    QTest.keyClick(canvas, Qt.Key.Key_Z, CONTROL)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert pressed == ["Space", "S", "Ctrl+Z", "Esc"]
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert pressed == ["Space", "S", "Ctrl+Z", "Esc"]
    canvas.setParent(None)


def test_clicking_elsewhere_accepts_and_leaves_the_focus_there(qtbot: Any, canvas: WeightCanvas, owner: Any) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    other = QLineEdit(window)
    window.setCentralWidget(canvas)
    other.setGeometry(0, 0, 60, 20)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    canvas.setFocus()
    go(canvas, 2, 3)
    QTest.keyClicks(canvas, "4")
    other.setFocus()
    assert owner.commands[0].values.tolist() == [4.0]
    assert other.hasFocus()
    assert not entry(canvas).isVisible()
    canvas.setParent(None)


def test_a_key_that_sets_a_cell_ends_the_stroke_first(canvas: WeightCanvas, owner: Any) -> None:
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=canvas.frame().point(9, 9).toPoint())
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert [type(command) for command in owner.commands] == [Paint, SetCells]
    assert owner.ended == [owner.commands[0].stroke]
    assert not canvas.hand.is_painting


def test_the_cursor_of_a_strip_stays_on_its_cells(canvas: WeightCanvas, snapshot: Snapshot, owner: Any) -> None:
    spec = build((10, 3), input_shape=(10,))
    weights = np.arange(spec.parameter_count, dtype=np.float32)
    canvas.render_snapshot(replace(snapshot, spec=spec, parameters=weights))
    canvas.show_unit(spec.layers[0].id, spec.layers[0].units[1])
    arrangement = canvas.model.arrangement
    seen = set()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(canvas, key)
        index = arrangement.index(*canvas.cursor_cell())
        assert index is not None
        seen.add(index)
    assert len(seen) > 2
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert owner.commands[0].cells.units.tolist() == [spec.layers[0].units[1]]
    assert canvas.accessibleDescription().startswith("input ")
