"""W, V and b of a model as a grid of signs and magnitudes, to be painted and typed into."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.engine.superposition.problem import SuperpositionError
from playground.engine.superposition.reading import read_matrix
from playground.views.grid.arrangement import Arrangement
from playground.views.grid.canvas_keys import CellCursor, KeyMeaning, key_meaning
from playground.views.grid.cell_entry import CellEntry
from playground.views.grid.clipboard_text import grid_text
from playground.views.grid.tools import Brush
from playground.views.look import Look
from playground.views.superposition.focus_painted import FocusPainted
from playground.views.superposition.model_column_reading import ColumnReading
from playground.views.superposition.model_column_words import announce
from playground.views.superposition.weight_grid_hand import ERASE, PAINT, GridHand
from playground.views.superposition.weight_grid_model import BIAS, DECODE, WEIGHT, BlockFrame, GridModel, fitted_blocks
from playground.views.superposition.weight_grid_painter import CAPTION, GAP, SIDE, GridPainter

_NEGATIVE_KEYS = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier


class WeightGrid(FocusPainted):
    """The numbers of one model. Left paints +strength, right (or Ctrl, Alt) −strength, the eraser 0.

    A wish carries the whole matrix as it is to be; `touched` tells which of its numbers the stroke has painted. While
    it is emitted the owner may call ``acknowledge`` with the number of the command: the paint then stays on the screen
    until a moment that includes it is shown.
    """

    cells_painted = Signal(object)  # W [n, m]
    decode_painted = Signal(object)  # V [n, m]
    bias_painted = Signal(object)  # b [n]
    released = Signal()
    cancelled = Signal()
    feature_pointed = Signal(int)  # -1: none
    cell_pointed = Signal(str)  # what the number is and how much, for the readout
    refused = Signal(str)  # a sentence

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.model = GridModel()
        self.hand = GridHand(self.model, self)
        self._painter = GridPainter(look, self.model)
        self._frame: BlockFrame | None = None
        self._cursor = CellCursor()
        self._hover: tuple[int, int] | None = None
        self._button = Qt.MouseButton.NoButton
        self._marked = -1
        self._said = ""
        self._answers: list[int] = []  # the number of the command, given while a wish is emitted
        self.setObjectName("superposition_weights")
        self.setAccessibleName("Weights of the model")
        self.setToolTip(
            "Paint the weights: left button +, right button (or Ctrl) −. Arrow keys move the cell cursor, digits set\n"
            "its number, Delete sets 0, Esc takes a stroke back; copy and paste W as rows of numbers."
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._entry = CellEntry(look, self)
        self._entry.entered.connect(self.hand.set_number)
        self._entry.refused.connect(self.refused)
        self._entry.closed.connect(self.setFocus)
        self.hand.asked.connect(self._ask)
        self.hand.ended.connect(self.released)
        self.hand.cancelled.connect(self.cancelled)
        self.hand.moved.connect(self.update)
        look.changed.connect(self._render_look)

    # ---- what others call ----

    def show_model(self, reading: ColumnReading, scale: float, applied_seq: int | None = None) -> None:
        """Show another moment; ``scale`` is the magnitude of full colour."""
        if self.model.take(reading, scale, applied_seq, is_painting=self.hand.is_painting):
            self._button = Qt.MouseButton.NoButton
            self.hand.drop()
            self._entry.close_entry()
            self._hover, self._marked = None, -1
            self._cursor.fit(self.model.arrangement)
            self._frame = None
        self.update()
        self._tell()

    def set_tool(self, tool: str) -> None:
        """Take ``brush`` or ``eraser`` in the hand (raises ValueError for another tool)."""
        if tool not in (PAINT, ERASE):
            raise ValueError(f"There is no tool '{tool}' for the weights: take {PAINT} or {ERASE}.")
        self.end_stroke()
        self.hand.tool = tool

    def set_brush(self, brush: Brush) -> None:
        """Take another brush."""
        self.hand.brush = brush

    def show_feature(self, feature: int) -> None:
        """Mark the row of a feature, -1: none."""
        if feature != self._marked:
            self._marked = feature
            self.update()

    def touched(self, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Return which numbers of W or V ``[n, m]`` or b ``[n]`` are painted and not in a snapshot yet."""
        found = np.zeros(self.model.arrangement.count, np.bool_)
        found[self.model.overlay.cells] = True
        block = next(block for block in self.model.blocks if block.name == name)
        part = found.reshape(self.model.values.shape)[:, block.first : block.stop]
        return part[:, 0] if name == BIAS else part

    def acknowledge(self, seq: int) -> None:
        """Take the number under which the wish that is being emitted was asked for."""
        self._answers.append(seq)

    def end_stroke(self) -> None:
        """Lift the tool, wherever it is."""
        self._button = Qt.MouseButton.NoButton
        self.hand.end()

    def cell_centre(self, row: int, column: int) -> QPointF:
        """Return the middle of a cell; columns count through W, V and b."""
        return self._fitted().cell(row, column).center()

    # ---- wishes ----

    def _ask(self, name: str) -> None:
        self._answers.clear()
        signal = {WEIGHT: self.cells_painted, DECODE: self.decode_painted, BIAS: self.bias_painted}[name]
        signal.emit(self.model.part(name))
        if self._answers:
            self.model.overlay.sent(self._answers[-1])

    # ---- size and look ----

    def sizeHint(self) -> QSize:
        """Return a size at which cells can be hit."""
        side = round(14 * self._look.em())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        side = round(6 * self._look.em())
        return QSize(side, side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the cells."""
        self._frame = None
        super().resizeEvent(event)

    def _render_look(self) -> None:
        self._frame = None
        self.updateGeometry()
        self.update()

    def _fitted(self) -> BlockFrame:
        ratio = self.devicePixelRatioF()
        if self._frame is None or self._frame.ratio != ratio:
            em = self._look.em(8.0)
            room = (self.width() - SIDE * em - 1, self.height() - 1)
            self._frame = fitted_blocks(self.model, *room, CAPTION * em, GAP * em, ratio, left=SIDE * em)
        return self._frame

    # ---- painting ----

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the matrices, the marked feature, and the cell under mouse or cursor."""
        if not self.model.is_there:
            return
        painter = QPainter(self)
        frame = self._fitted()
        self._painter.draw(painter, frame)
        if 0 <= self._marked < frame.rows:
            self._painter.draw_row(painter, frame, self._marked)
        cell = self._pointed_cell()
        if cell is not None:
            self._painter.draw_cursor(painter, frame.cell(*cell), is_keyboard=self._cursor.is_visible)
        painter.end()

    def _pointed_cell(self) -> tuple[int, int] | None:
        if self._cursor.is_visible:
            return (self._cursor.row, self._cursor.column) if self.hasFocus() else None
        return self._hover

    # ---- mouse ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the tool down."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton) or not self.model.is_there:
            event.ignore()
            return
        if self._button != Qt.MouseButton.NoButton:
            return
        self._cursor.is_visible = False
        cell = self._fitted().cell_at(event.position())
        if cell is None:
            return
        self._cursor.row, self._cursor.column = cell
        self._button = event.button()
        is_negative = event.button() == Qt.MouseButton.RightButton or bool(event.modifiers() & _NEGATIVE_KEYS)
        self.hand.begin((float(cell[0]), float(cell[1])), is_negative=is_negative)
        self._tell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Paint along, or show what is under the mouse."""
        if not self.model.is_there:
            return
        self._cursor.is_visible = self._cursor.is_visible and self.hasFocus() and event.buttons() == self._button
        if self._button != Qt.MouseButton.NoButton and event.buttons() & self._button:
            self.hand.move(self._fitted().place(event.position()))
        elif self._button != Qt.MouseButton.NoButton:
            self.end_stroke()  # the button went up somewhere else
        self._hover_at(self._fitted().cell_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the tool."""
        if event.button() == self._button:
            self.end_stroke()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse is gone."""
        super().leaveEvent(event)
        self._hover_at(None)

    def hideEvent(self, event: QHideEvent) -> None:
        """End the stroke out of sight."""
        self.end_stroke()
        super().hideEvent(event)

    def _hover_at(self, cell: tuple[int, int] | None) -> None:
        if cell != self._hover:
            self._hover = cell
            self.update()
            self.feature_pointed.emit(-1 if cell is None else cell[0])
            self._tell()

    def _tell(self) -> None:
        """Tell which number is pointed at, and how much it is now."""
        cell = self._pointed_cell()
        index = None if cell is None else self.model.arrangement.index(*cell)
        said = "" if index is None else self.model.readout(index)
        if said != self._said:
            self._said = said
            self.cell_pointed.emit(said)

    # ---- keyboard ----

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the grid from the window's actions."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.model.is_there:
            meaning = key_meaning(event)
            if meaning is not None and self._takes(meaning):
                event.accept()
                return True
        if event.type() == QEvent.Type.WindowDeactivate:
            self.end_stroke()
        return super().event(event)

    def _takes(self, meaning: KeyMeaning) -> bool:
        if meaning.wish in ("freeze", "smaller", "larger", "paint"):
            return False
        return self.hand.is_painting if meaning.wish == "cancel" else meaning.wish != "dab" or self._cursor.is_visible

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on the cell cursor."""
        meaning = key_meaning(event)
        if meaning is None or not self.model.is_there or not self._takes(meaning):
            super().keyPressEvent(event)
        elif meaning.wish == "cancel":
            self._button = Qt.MouseButton.NoButton
            self.hand.cancel()
        else:
            self.end_stroke()
            self._act(meaning)

    def _act(self, meaning: KeyMeaning) -> None:
        if meaning.wish == "move":
            if self._cursor.is_visible:
                self._cursor.move(self.model.arrangement, *meaning.by)
            self._show_cursor()
        elif meaning.wish in ("type", "open"):
            self._show_cursor()
            self._open_entry(meaning.text)
        elif meaning.wish in ("zero", "dab"):
            strength = 0.0 if meaning.wish == "zero" or self.hand.tool == ERASE else self.hand.brush.strength
            self._show_cursor()
            self.hand.set_number(self._index(), -strength if meaning.is_negative else strength)
            announce(self, self.model.spoken(self._index()))
        elif meaning.wish == "copy":
            self.copy_weights()
        elif meaning.wish == "paste":
            self.paste_weights()
        self._tell()

    def _show_cursor(self) -> None:
        self._cursor.is_visible = True
        self.update()
        announce(self, self.model.spoken(self._index()))
        self.feature_pointed.emit(self._cursor.row)

    def _index(self) -> int:
        return self._cursor.index(self.model.arrangement) or 0

    def _open_entry(self, typed: str) -> None:
        value = float(self.model.shown().reshape(-1)[self._index()])
        cell = self._fitted().cell(self._cursor.row, self._cursor.column)
        self._entry.open_at(self._index(), cell, typed or f"{value:.6g}", is_selected=not typed)

    # ---- clipboard ----

    def copy_weights(self) -> None:
        """Put W on the clipboard as rows of numbers."""
        weight = self.model.part(WEIGHT)
        rows, columns = weight.shape
        text = grid_text(weight.reshape(-1), Arrangement(rows, columns, weight.size, is_image=True))
        QGuiApplication.clipboard().setText(text)

    def paste_weights(self) -> None:
        """Set W to the rows of numbers on the clipboard, or say why that cannot be."""
        rows, columns = self.model.part(WEIGHT).shape
        try:
            values = read_matrix(QGuiApplication.clipboard().text(), rows, columns)
        except SuperpositionError as error:
            self.refused.emit(str(error))
            return
        self.hand.set_matrix(WEIGHT, values.astype(np.float32))
