"""The canvas: one neuron's weights large, painted by mouse and keyboard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from playground.engine.commands import SetCells, TransformUnits
from playground.engine.snapshots import Snapshot
from playground.views.grid.canvas_keys import KeyMeaning, key_meaning
from playground.views.grid.canvas_mouse import MouseCanvas
from playground.views.grid.cell_entry import CellEntry
from playground.views.grid.clipboard_text import PasteError, grid_text, read_grid
from playground.views.grid.numerals import signed_text
from playground.views.grid.overlay import IndexArray
from playground.views.grid.stroke import FloatArray
from playground.views.grid.tools import DRAWN_OUT, MAX_SIZE, MIN_SIZE
from playground.views.look import Look

_ALONG = ("brush", "eraser", "freeze")  # tools that paint along with Shift and the arrow keys


class WeightCanvas(MouseCanvas):
    """One neuron's incoming weights, painted by hand.

    The left button paints towards +strength, the right one (or Ctrl or Alt with the left one) towards −strength.
    What the hand does shows at once, as an overlay; it goes when a snapshot has caught up with the number that the
    owner gave to ``acknowledge`` while the wish was emitted.
    """

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._entry = CellEntry(look, self)
        self._entry.entered.connect(self._set_cell)
        self._entry.refused.connect(self.show_error)
        self._entry.closed.connect(self.setFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(
            "Paint the weights: left button +, right button −; arrows move the cell cursor, digits set its weight,\n"
            "Shift and arrows paint along, Space dabs, Delete sets to 0, [ and ] change the brush, Esc takes back."
        )

    # ---- what others call ----

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Show a new moment."""
        was_painting = self.hand.is_painting
        if self.model.take(snapshot, is_scale_kept=was_painting):
            if was_painting:
                self._button = Qt.MouseButton.NoButton
                self.hand.drop()
                self.show_words("The structure of the network changed under the brush: the stroke ended here.")
            self._entry.close_entry()
            self._lay_out()
        self.update()

    def show_unit(self, layer_id: int, unit_id: int) -> None:
        """Show another neuron; a running stroke ends first."""
        if (layer_id, unit_id) != (self.model.layer_id, self.model.unit_id):
            self.end_stroke()
            self._entry.close_entry()
            self.show_words("")
            self.model.show_unit(layer_id, unit_id)
            self._lay_out()

    def transform(self, kind: str, amount: float = 1.0, *, dx: int = 0, dy: int = 0, seed: int = 0) -> None:
        """Ask for a transformation of the whole grid."""
        if self.model.is_there:
            self.end_stroke()
            units = (self.model.unit_id,)
            self.ask(TransformUnits(self.model.layer_id, units, kind, amount, dx=dx, dy=dy, seed=seed))

    def copy_grid(self) -> None:
        """Put the grid on the clipboard as rows of numbers."""
        if self.model.is_there:
            QGuiApplication.clipboard().setText(grid_text(self.model.shown(), self.model.arrangement))
            self.show_words(f"Copied the {self.model.arrangement.count:,} weights as rows of numbers.")

    def paste_grid(self) -> None:
        """Set the grid to the rows of numbers on the clipboard, or say why that cannot be."""
        if not self.model.is_there:
            return
        try:
            values = read_grid(QGuiApplication.clipboard().text(), self.model.arrangement)
        except PasteError as error:
            self.show_error(str(error))
            return
        self.end_stroke()
        self.show_words("")
        self._set(np.arange(values.size), values, f"{self.model.name}: grid pasted")

    # ---- keyboard ----

    def event(self, event: QEvent) -> bool:
        """Keep the canvas's keys from the window's actions, and end the stroke with the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            meaning = key_meaning(event)
            if meaning is not None and self._takes(meaning):
                event.accept()
                return True
        if event.type() == QEvent.Type.ToolTip:
            return True  # nothing may pop up under the brush; the words are for help and screen readers
        if event.type() == QEvent.Type.WindowDeactivate:
            self.end_stroke()
        return super().event(event)

    def _takes(self, meaning: KeyMeaning) -> bool:
        """Say whether a key is meant for the canvas: Space is only while there is a cell cursor."""
        if meaning.wish == "dab":
            return self.model.is_there and self._cursor.is_visible
        if meaning.wish == "cancel":
            return self.hand.is_painting
        return self.model.is_there

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on the cell cursor."""
        meaning = key_meaning(event)
        if meaning is None or not self._takes(meaning):
            super().keyPressEvent(event)
        elif not (meaning.wish == "dab" and event.isAutoRepeat()):
            self._act(meaning)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Lift the tool that painted along the arrow keys."""
        if event.key() == Qt.Key.Key_Shift and self._is_keyboard_stroke() and self.hand.tool in _ALONG:
            self.hand.end()
        super().keyReleaseEvent(event)

    def _goes_on(self, wish: str) -> bool:
        """Say whether a key belongs to the stroke of the keyboard that is going on."""
        wishes = ("move", "dab") if self.hand.tool in DRAWN_OUT else ("paint",)
        return self._is_keyboard_stroke() and wish in wishes

    def _is_keyboard_stroke(self) -> bool:
        return self.hand.is_painting and self._button == Qt.MouseButton.NoButton

    def _act(self, meaning: KeyMeaning) -> None:
        wish = meaning.wish
        if wish == "cancel":
            self._button = Qt.MouseButton.NoButton
            self.hand.cancel()
            self.show_words("The stroke was taken back.")
            return
        if wish not in ("smaller", "larger") and not self._goes_on(wish):
            self.end_stroke()
        self.show_words("")
        if wish in ("move", "paint"):
            self._move_cursor(meaning)
        elif wish == "dab":
            self._dab(is_negative=meaning.is_negative)
        elif wish in ("zero", "type", "open"):
            self._aim_at_hover()
            if wish == "zero":
                self._zero_cell()
            else:
                self._open_entry(meaning.text)
        elif wish in ("smaller", "larger"):
            size = self.hand.brush.size + (1 if wish == "larger" else -1)
            self.set_brush(replace(self.hand.brush, size=float(min(max(size, MIN_SIZE), MAX_SIZE))))
        elif wish == "freeze":
            self.set_tool("freeze" if self.hand.tool != "freeze" else self._tool_before)
        elif wish == "copy":
            self.copy_grid()
        else:
            self.paste_grid()

    def _move_cursor(self, meaning: KeyMeaning) -> None:
        cursor, arrangement = self._cursor, self.model.arrangement
        was_hidden, cursor.is_visible = not cursor.is_visible, True
        if meaning.wish == "paint" and self.hand.tool in _ALONG and not self.hand.is_painting:
            self.hand.begin(self._cursor_place(), is_negative=meaning.is_negative)
        if not was_hidden or meaning.wish == "paint":
            cursor.move(arrangement, *meaning.by)
        if self._is_keyboard_stroke():
            self.hand.move(self._cursor_place())
        self._announce_cell()
        self.update()

    def _cursor_place(self) -> tuple[float, float]:
        return float(self._cursor.row), float(self._cursor.column)

    def _dab(self, *, is_negative: bool) -> None:
        if self.hand.tool == "value":
            self._open_entry()
        elif self._is_keyboard_stroke():
            self.hand.end()
        else:
            self.hand.begin(self._cursor_place(), is_negative=is_negative)
            if self.hand.tool not in DRAWN_OUT:  # those wait for the second corner
                self.hand.end()
        self._announce_cell()

    def _aim_at_hover(self) -> None:
        """Put a hidden cell cursor under the mouse."""
        index = None if self._hover is None or self._cursor.is_visible else self._frame.index_at(self._hover)
        if index is not None:
            self._cursor.put(self.model.arrangement, index)
        self._cursor.is_visible = True

    # ---- single cells ----

    def _open_entry(self, text: str = "") -> None:
        index = self._cursor.index(self.model.arrangement)
        if index is not None:
            cell = self._frame.cell(*self.model.arrangement.place(index))
            number = text or signed_text(float(self.model.shown()[index]), 4, plus=False)
            self._entry.open_at(index, cell, number, is_selected=not text)

    def _set_cell(self, index: int, value: float) -> None:
        self.show_words("")
        label = f"{self.model.name}: {self.model.source(index)} = {signed_text(value)}"
        self._set(np.array([index]), np.array([value], np.float32), label)
        self._announce_cell()

    def _zero_cell(self) -> None:
        index = self._cursor.index(self.model.arrangement)
        if index is not None:
            self._set_cell(index, 0.0)

    def _set(self, indices: IndexArray, values: FloatArray, label: str) -> None:
        self.model.overlay.put(indices, values)
        self.model.overlay.sent(self.ask(SetCells(self.model.cells(indices), values, label)))
        self.update()

    # ---- going away ----

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the cells."""
        super().resizeEvent(event)
        self._entry.close_entry()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the cell cursor to whom comes by keyboard."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._cursor.is_visible = True
            self._announce_cell()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End the stroke with the focus."""
        super().focusOutEvent(event)
        self.end_stroke()
        self.update()
