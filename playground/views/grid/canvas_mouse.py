"""The canvas under the mouse: tools in the hand, strokes from press to release, and all the ways they end."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from playground.views.grid.canvas_face import CanvasFace
from playground.views.grid.tools import TOOL_NAMES, Brush, Stamp
from playground.views.look import Look

_NEGATIVE_KEYS = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier


class MouseCanvas(CanvasFace):
    """A canvas that is painted by mouse; the exact value opens a field, which the keyboard's half brings."""

    tool_changed = Signal(str)
    brush_changed = Signal(object)  # Brush

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._button = Qt.MouseButton.NoButton
        self._tool_before = "brush"
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    # ---- what is in the hand ----

    def set_tool(self, tool: str) -> None:
        """Take another tool in the hand (raises ValueError for an unknown one)."""
        if tool not in TOOL_NAMES:
            raise ValueError(f"There is no tool '{tool}'.")
        if tool != self.hand.tool:
            self.end_stroke()
            self._tool_before = self.hand.tool
            self.hand.tool = tool
            self.tool_changed.emit(tool)
            self.update()

    def set_brush(self, brush: Brush) -> None:
        """Take another brush."""
        if brush != self.hand.brush:
            self.hand.brush = brush
            self.brush_changed.emit(brush)
            self.update()

    def set_stamp(self, stamp: Stamp) -> None:
        """Take a stamp in the hand."""
        self.end_stroke()
        self.hand.stamp = stamp
        self.set_tool("stamp")
        self.update()

    def end_stroke(self) -> None:
        """Lift the tool, wherever it is."""
        self._button = Qt.MouseButton.NoButton
        self.hand.end()

    # ---- mouse ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the tool down."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            event.ignore()
            return
        if self._button != Qt.MouseButton.NoButton or not self.model.is_there:
            return
        self.end_stroke()
        self.show_words("")
        self._hover = event.position()
        self._cursor.is_visible = False
        index = self._frame.index_at(event.position())
        if index is not None:
            self._cursor.put(self.model.arrangement, index)
        if self.hand.tool == "value":
            if index is not None:
                self._open_entry()
            return
        self._button = event.button()
        self._is_hand_negative = self._is_negative(event)
        self.hand.begin(self._frame.place(event.position()), is_negative=self._is_hand_negative)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Paint along, or show what is under the mouse."""
        self._hover = event.position()
        if self._button == Qt.MouseButton.NoButton:
            self._is_hand_negative = bool(event.modifiers() & _NEGATIVE_KEYS)
        elif event.buttons() & self._button:
            self.hand.move(self._frame.place(event.position()))
        else:
            self.end_stroke()  # the button went up somewhere else
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the tool."""
        if event.button() == self._button:
            self.hand.move(self._frame.place(event.position()))
            self.end_stroke()

    def _is_negative(self, event: QMouseEvent) -> bool:
        return event.button() == Qt.MouseButton.RightButton or bool(event.modifiers() & _NEGATIVE_KEYS)

    def _open_entry(self, text: str = "") -> None:
        """Open a field for the number of the cell under the cursor."""
        raise NotImplementedError

    # ---- going away ----

    def hideEvent(self, event: QHideEvent) -> None:
        """End the stroke out of sight."""
        self.end_stroke()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the stroke, and its timer with it."""
        self.end_stroke()
        super().closeEvent(event)
