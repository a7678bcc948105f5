"""The strip of examples: parts and classes to choose from, a page of pictures, one of them selected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.engine.datasets import Examples
from playground.views.data.ink import ink_picture, ink_table
from playground.views.look import Look
from playground.views.palette import Palette

MAX_STRIPES = 64
STRIPE = 16  # pixels


def image_shape(input_shape: Sequence[int]) -> tuple[int, int] | None:
    """Return rows and columns where an input is one picture, else None."""
    shape = [size for size in input_shape if size != 1] if len(input_shape) > 2 else list(input_shape)
    return (shape[0], shape[1]) if len(shape) == 2 else None


def example_values(examples: Examples, index: int) -> NDArray[np.float32]:
    """Return the values ``[features]`` of one example, uint8 as 0 to 1."""
    row = examples.inputs[index]
    if row.dtype == np.uint8:
        return np.asarray(row, np.float32) / np.float32(255)
    return np.asarray(row, np.float32).copy()


def example_picture(
    examples: Examples, index: int, shape: tuple[int, int] | None, palette: Palette, table: NDArray[np.uint32]
) -> QImage:
    """Return the picture of one example; of plain numbers, stripes in the colours of their signs."""
    row = examples.inputs[index]
    if shape is not None:
        return ink_picture(row.reshape(shape), table)
    values = example_values(examples, index)[:MAX_STRIPES]
    rgba = np.ascontiguousarray(palette.signed_rgba(values[:, None], float(np.abs(values).max(initial=0.0))))
    stripes = QImage(rgba.data, 1, len(values), 4, QImage.Format.Format_RGBA8888)
    return stripes.scaled(len(values), STRIPE * len(values))  # unsmoothed, and large enough to stay so


class ExampleStrip(QWidget):
    """One page of example pictures; ``chosen`` carries the place in the filtered list of the one that was taken.

    Arrow keys go to the neighbour, page keys to the next page, Home and End to the ends.
    """

    chosen = Signal(int)
    page_changed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._examples: Examples | None = None
        self._names: tuple[str, ...] = ()
        self._shape: tuple[int, int] | None = None
        self._indices: NDArray[np.int64] = np.zeros(0, np.int64)
        self._place = 0  # of the selected example in the list
        self._first = 0  # place of the first picture of the page
        self._is_input = True  # the selected example is what the network receives
        self._pictures: dict[int, QImage] = {}  # by index
        self._table = ink_table(look.palette)
        self._hovered: int | None = None
        self._notes: Mapping[int, str] = {}
        self.setObjectName("example_strip")
        self.setAccessibleName("Examples")
        self.setToolTip("Click an example to send it through the network.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)

    # ---- what others call --------------------------------------------------------------------------------------

    def set_examples(
        self,
        examples: Examples,
        indices: NDArray[np.int64],
        shape: tuple[int, int] | None,
        names: tuple[str, ...],
        place: int = 0,
        notes: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        """Show the examples at ``indices``, with the one at ``place`` selected; silently.

        ``notes`` are words about some of them, by index.
        """
        self._notes = notes
        self._examples, self._indices, self._shape, self._names = examples, indices, shape, names
        self._pictures.clear()
        self._first = 0
        self._select(place)

    def set_is_input(self, is_input: bool) -> None:
        """Show whether the selected example is what the network receives, or something else is."""
        if is_input != self._is_input:
            self._is_input = is_input
            self.update()

    @property
    def count(self) -> int:
        """Return how many examples there are to page through."""
        return len(self._indices)

    @property
    def place(self) -> int:
        """Return the place of the selected example in the list."""
        return self._place

    @property
    def page_size(self) -> int:
        """Return how many pictures stand side by side."""
        return max(int((self.width() - 2 + self._gap()) // (0.94 * self._least_side() + self._gap())), 1)

    def index(self) -> int | None:
        """Return the index in its part of the selected example."""
        return int(self._indices[self._place]) if len(self._indices) else None

    def choose(self, place: int) -> None:
        """Select the example at ``place`` and tell so."""
        if len(self._indices):
            self._select(place)
            self.chosen.emit(self._place)

    def turn(self, pages: int) -> None:
        """Turn over ``pages`` pages, without selecting anything."""
        last = max(len(self._indices) - 1, 0) // self.page_size * self.page_size
        self._first = min(max(self._first + pages * self.page_size, 0), last)
        self.page_changed.emit()
        self.update()

    def position_text(self) -> str:
        """Return where the page stands: ``1,204 of 4,000``."""
        if not len(self._indices):
            return "no examples"
        end = min(self._first + self.page_size, len(self._indices))
        here = self._place if self._first <= self._place < end else self._first
        return f"{here + 1:,} of {len(self._indices):,}"

    # ---- choosing ----------------------------------------------------------------------------------------------

    def _select(self, place: int) -> None:
        self._place = min(max(place, 0), max(len(self._indices) - 1, 0))
        size = self.page_size
        if not self._first <= self._place < self._first + size:
            self._first = self._place // size * size
        self._describe()
        self.page_changed.emit()
        self.update()

    def _describe(self) -> None:
        index = self.index()
        self.setAccessibleDescription("no examples" if index is None else self._words(self._place))

    def _words(self, place: int) -> str:
        index = int(self._indices[place])
        label = int(self._examples.labels[index]) if self._examples is not None else -1
        name = self._names[label] if 0 <= label < len(self._names) else "unknown"
        note = self._notes.get(index, "")
        return f"example {index + 1:,}, label {name}{note and f', {note}'}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the picture under the mouse."""
        place = self._place_at(event.position().x())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the picture under the mouse."""
        self._hovered = self._place_at(event.position().x())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Put the light out."""
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the neighbour, the next page or an end."""
        moves = {
            Qt.Key.Key_Left: self._place - 1,
            Qt.Key.Key_Right: self._place + 1,
            Qt.Key.Key_PageUp: self._place - self.page_size,
            Qt.Key.Key_PageDown: self._place + self.page_size,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._indices) - 1,
        }
        goal = moves.get(Qt.Key(event.key()))
        if goal is None:
            super().keyPressEvent(event)
        else:
            self.choose(goal)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn pages where the strip has the focus; else leave the wheel to the panel behind."""
        if self.hasFocus() and event.angleDelta().y():
            self.turn(-1 if event.angleDelta().y() > 0 else 1)
            event.accept()
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Tell number and label of the picture under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._place_at(event.pos().x())
            hint = self.toolTip() if place is None else f"{self._words(place).capitalize()}.\n{self.toolTip()}"
            QToolTip.showText(event.globalPos(), hint, self)
            return True
        return super().event(event)

    # ---- showing -----------------------------------------------------------------------------------------------

    def _gap(self) -> float:
        return max(1.0, round(0.12 * self._look.em()))

    def _least_side(self) -> float:
        return float(round(1.9 * self._look.em()))

    def _side(self) -> float:
        """Return the side of a picture such that a page fills the width."""
        return (self.width() - 2 - (self.page_size - 1) * self._gap()) / self.page_size

    def _place_at(self, x: float) -> int | None:
        column = int((x - 1) // (self._side() + self._gap()))
        place = self._first + column
        return place if 0 <= column < self.page_size and place < len(self._indices) else None

    def _picture(self, index: int) -> QImage:
        found = self._pictures.get(index)
        if found is None and self._examples is not None:
            if len(self._pictures) > 200:
                self._pictures.clear()
            found = self._pictures[index] = example_picture(
                self._examples, index, self._shape, self._look.palette, self._table
            )
        return found or QImage()

    def _render_look(self) -> None:
        self._table = ink_table(self._look.palette)
        self._pictures.clear()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of a row of pictures."""
        side = self._least_side()
        return QSize(round(8 * (side + self._gap())), round(1.12 * side) + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the room of three pictures."""
        side = self._least_side()
        return QSize(round(3 * (side + self._gap())), round(1.12 * side) + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the page."""
        palette, side = self._look.palette, self._side()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for column in range(self.page_size):
            place = self._first + column
            if place >= len(self._indices):
                break
            frame = QRectF(round(column * (side + self._gap())) + 1, 2, round(side), round(side))
            painter.fillRect(frame, palette.colour("paper"))
            painter.drawImage(frame, self._picture(int(self._indices[place])))
            is_selected = place == self._place
            if is_selected or place == self._hovered:
                colour = palette.colour("accent" if is_selected and self._is_input else "muted")
                painter.setPen(QPen(colour, 2.0 if is_selected and self.hasFocus() else 1.4))
                painter.drawRect(frame)
            elif palette.name == "light":
                painter.setPen(QPen(palette.colour("line"), 1.0))
                painter.drawRect(frame)
        painter.end()
