"""What the canvas shows: the grid in its frame, words over it, the readout, and what is said of a cell."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QEnterEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.views.grid.canvas_keys import CellCursor
from playground.views.grid.canvas_model import CanvasModel
from playground.views.grid.canvas_painter import CanvasPainter
from playground.views.grid.frame import GridFrame, fitted
from playground.views.grid.hand import Hand
from playground.views.grid.intents import IntentWidget
from playground.views.look import Look

_TALLEST_CELL = 2.6  # em: of a strip
_GHOST = 0.7  # how much a stamp covers before it is set
_TALLEST_PICTURE = 1.4  # times its width


class CanvasFace(IntentWidget):
    """The canvas without its hands: draws the model, the brush under the mouse and the cell cursor."""

    announced = Signal(str)  # what a screen reader says

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.model = CanvasModel()
        self.hand = Hand(self, self.model)
        self.hand.moved.connect(self.update)
        self._painter = CanvasPainter(look, self.model)
        self._cursor = CellCursor()
        self._hover: QPointF | None = None
        self._is_hand_negative = False
        self._words, self._is_error = "", False
        self.setObjectName("weight_canvas")
        self.setAccessibleName("weights of the neuron")
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._frame = self._fitted()
        look.changed.connect(self._lay_out)

    # ---- words ----

    def show_words(self, sentence: str) -> None:
        """Show a sentence over the grid until the next action; an empty one clears it."""
        self._words, self._is_error = sentence, False
        if sentence:
            self._announce(sentence)
        self.update()

    def show_error(self, sentence: str) -> None:
        """Show what is wrong over the grid until the next action."""
        self.show_words(sentence)
        self._is_error = bool(sentence)

    def words(self) -> str:
        """Return the sentence that stands over the grid."""
        return self._words

    def cursor_cell(self) -> tuple[int, int]:
        """Return (row, column) of the cell cursor."""
        return self._cursor.row, self._cursor.column

    def _announce_cell(self) -> None:
        index = self._cursor.index(self.model.arrangement)
        if index is not None:
            self._announce(self.model.spoken(index))

    def _announce(self, sentence: str) -> None:
        self.setAccessibleDescription(sentence)
        self.announced.emit(sentence)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    # ---- size ----

    def heightForWidth(self, width: int) -> int:
        """Return the height at which the grid fills ``width``."""
        arrangement = self.model.arrangement
        if arrangement.is_image or not arrangement.count:
            share = arrangement.rows / arrangement.columns
            return max(1, round(width * min(share, _TALLEST_PICTURE)))
        cell = min(width / arrangement.columns, _TALLEST_CELL * self._look.em())
        return round(arrangement.rows * cell + self._below() + 2)

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def sizeHint(self) -> QSize:
        """Return a size at which cells can be hit."""
        width = round(18 * self._look.em())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        side = round(8 * self._look.em())
        return QSize(side, min(side, self.heightForWidth(side)))

    def frame(self) -> GridFrame:
        """Return where the cells lie."""
        return self._frame

    def _below(self) -> float:
        """Return the room for the readout below a strip; on a picture it stands in a corner."""
        return 0.0 if self.model.arrangement.is_image else 1.7 * self._look.em()

    def _fitted(self) -> GridFrame:
        room = QSizeF(self.width(), max(1.0, self.height() - self._below()))
        return fitted(self.model.arrangement, room, self.devicePixelRatioF(), tallest=_TALLEST_CELL * self._look.em())

    def _lay_out(self) -> None:
        self._cursor.fit(self.model.arrangement)
        self.updateGeometry()
        self._frame = self._fitted()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the cells."""
        super().resizeEvent(event)
        self._frame = self._fitted()

    # ---- hover ----

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the brush."""
        super().enterEvent(event)
        self._hover = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show the brush no more."""
        super().leaveEvent(event)
        self._hover = None
        self.update()

    def _pointed(self) -> int | None:
        """Return the weight under the mouse, else that under a visible cell cursor."""
        if self._hover is not None and not self._cursor.is_visible:
            return self._frame.index_at(self._hover)
        return self._cursor.index(self.model.arrangement) if self._cursor.is_visible else None

    def _tool_place(self) -> tuple[float, float] | None:
        """Return where the tool would be put down."""
        if self._cursor.is_visible:
            return float(self._cursor.row), float(self._cursor.column)
        return None if self._hover is None else self._frame.place(self._hover)

    # ---- painting ----

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw grid, tool, readout and words."""
        if self._frame.ratio != self.devicePixelRatioF():
            self._frame = self._fitted()
        painter = QPainter(self)
        room = QRectF(self.rect())
        if not self.model.is_there:
            self._painter.draw_words(painter, room, self._words or "No weights to show yet.", is_error=False)
            painter.end()
            return
        place = self._tool_place()
        ghost = self.hand.preview(place, is_negative=self._is_hand_negative)
        if ghost is not None and not self.hand.is_painting:  # not set yet: what lies below shines through
            below = self.model.shown()[ghost[0]]
            ghost = ghost[0], below + _GHOST * (ghost[1] - below)
        self._painter.draw_cells(painter, self._frame, ghost)
        self._draw_tool(painter)
        pointed = self._pointed()
        if pointed is not None:
            self._draw_readout(painter, room, pointed)
        if self._words:
            self._painter.draw_words(painter, room, self._words, is_error=self._is_error)
        painter.end()

    def _draw_tool(self, painter: QPainter) -> None:
        frame, hand = self._frame, self.hand
        painter.save()
        painter.setClipRect(QRectF(self.rect()))
        index = self._cursor.index(self.model.arrangement)
        if self._cursor.is_visible and index is not None and self.hasFocus():
            cell = frame.cell(self._cursor.row, self._cursor.column)
            self._painter.draw_outline(painter, cell, is_cursor=True)
        elif self._hover is not None:
            pointed = frame.index_at(self._hover)
            if hand.tool in ("fill", "value", "rectangle") and pointed is not None:
                cell = frame.cell(*self.model.arrangement.place(pointed))
                self._painter.draw_outline(painter, cell, is_cursor=False)
            elif hand.tool not in ("fill", "value", "rectangle", "stamp"):
                radius = hand.brush.radius / frame.ratio
                reach = QPointF(radius * frame.cell_width, radius * frame.cell_height)
                softness = hand.brush.softness if hand.tool != "freeze" else 0.0
                self._painter.draw_brush(painter, self._hover, reach, softness)
        painter.restore()

    def _draw_readout(self, painter: QPainter, room: QRectF, index: int) -> None:
        text = self.model.readout(index)
        if not self.model.arrangement.is_image:
            self._painter.draw_chip(painter, room, text, at_left=False)
            return
        row, column = self.model.arrangement.place(index)
        rows, columns = self.model.arrangement.shape
        is_in_the_way = row > 0.8 * rows and column > 0.4 * columns
        self._painter.draw_chip(painter, self._frame.bounds, text, at_left=is_in_the_way)
