"""What the keys mean on the canvas, and the cell cursor that they move."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from playground.views.grid.arrangement import Arrangement

CELL_MOVES = {  # rows, columns
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Home: (0, -10_000),
    Qt.Key.Key_End: (0, 10_000),
    Qt.Key.Key_PageUp: (-10_000, 0),
    Qt.Key.Key_PageDown: (10_000, 0),
}
_PLAIN = {
    Qt.Key.Key_Delete: "zero",
    Qt.Key.Key_Backspace: "zero",
    Qt.Key.Key_Return: "open",
    Qt.Key.Key_Enter: "open",
    Qt.Key.Key_Escape: "cancel",
    Qt.Key.Key_F: "freeze",
    Qt.Key.Key_BracketLeft: "smaller",
    Qt.Key.Key_BracketRight: "larger",
}
_TYPED = "0123456789+-.−"


@dataclass(frozen=True)
class KeyMeaning:
    """What a key asks for: move, paint, dab, type, zero, open, cancel, freeze, smaller, larger, copy, paste."""

    wish: str
    by: tuple[int, int] = (0, 0)
    text: str = ""
    is_negative: bool = False


def key_meaning(event: QKeyEvent) -> KeyMeaning | None:
    """Return what a key means here, None where it is the window's."""
    if event.matches(QKeySequence.StandardKey.Copy):
        return KeyMeaning("copy")
    if event.matches(QKeySequence.StandardKey.Paste):
        return KeyMeaning("paste")
    key = Qt.Key(event.key())
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    if held & ~(shift | control):
        return None if event.text() not in ("[", "]") else _bracket(event.text())
    is_shift, is_control = bool(held & shift), bool(held & control)
    if key in CELL_MOVES and (is_shift or not is_control):
        return KeyMeaning("paint" if is_shift else "move", by=CELL_MOVES[key], is_negative=is_control)
    if key == Qt.Key.Key_Space and not is_shift:
        return KeyMeaning("dab", is_negative=is_control)
    if is_control:
        return None
    if event.text() in ("[", "]"):
        return _bracket(event.text())
    if event.text() and event.text() in _TYPED:
        return KeyMeaning("type", text=event.text())
    return KeyMeaning(_PLAIN[key]) if key in _PLAIN and not is_shift else None


def _bracket(text: str) -> KeyMeaning:
    return KeyMeaning("smaller" if text == "[" else "larger")


class CellCursor:
    """The cell that the keyboard acts on; it hides while the mouse paints."""

    def __init__(self) -> None:
        self.row = self.column = 0
        self.is_visible = False

    def index(self, arrangement: Arrangement) -> int | None:
        """Return the weight under the cursor."""
        return arrangement.index(self.row, self.column)

    def put(self, arrangement: Arrangement, index: int) -> None:
        """Go to weight ``index``."""
        self.row, self.column = arrangement.place(index)

    def fit(self, arrangement: Arrangement) -> None:
        """Stay inside another arrangement."""
        self.move(arrangement, 0, 0)

    def move(self, arrangement: Arrangement, down: int, right: int) -> bool:
        """Move by cells, as far as there are any; return whether it went anywhere."""
        row = min(max(self.row + down, 0), arrangement.rows - 1)
        column = min(max(self.column + right, 0), arrangement.columns - 1)
        while arrangement.count and arrangement.index(row, column) is None and (row or column):
            row, column = (row - 1, column) if down > 0 and row > self.row else (row, column - 1)
        is_moved = (row, column) != (self.row, self.column)
        self.row, self.column = row, column
        return is_moved
