"""The biases of a model as bars that can be dragged, typed and stepped, held against p/2."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from playground.views.grid.cell_entry import CellEntry
from playground.views.look import Look
from playground.views.superposition.bars import FeatureBars, Values, first_fitting
from playground.views.superposition.model_column_reading import ColumnReading, ColumnScales

_NUDGES = {Qt.Key.Key_Up: 0.01, Qt.Key.Key_Down: -0.01, Qt.Key.Key_PageUp: 0.1, Qt.Key.Key_PageDown: -0.1}
_TYPED = "0123456789+-.,−"


class BiasBars(FeatureBars):
    """The bias of every feature; the dashed line is p/2, what a model answers for a feature that it drops.

    ``bias_dragged`` carries the feature and its bias while the mouse is down; ``bias_released`` ends the drag,
    ``bias_cancelled`` takes it back (Esc).
    """

    bias_dragged = Signal(int, float)
    bias_released = Signal()
    bias_cancelled = Signal()
    refused = Signal(str)  # a sentence about what was typed

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "bias_bars", parent)
        self._held: tuple[int, float] | None = None  # bar in the hand and its value
        self._after: tuple[int, float, float] | None = None  # bar, its value when let go, what it was shown as then
        self._halves: Values = np.zeros(0)
        self.setAccessibleName("Biases of the features")
        self.setToolTip(
            "Drag a bar to set that bias. The dashed line is p/2, the mean of a feature: what is best for one that\n"
            "the model does not represent. Arrow keys: left and right choose, up and down change, digits set a number."
        )
        self._entry = CellEntry(look, self)
        self._entry.setAccessibleName("bias of the feature")
        self._entry.setToolTip("The bias of this feature: Enter sets it, Esc leaves it as it was.")
        self._entry.entered.connect(self._set_bias)
        self._entry.refused.connect(self.refused)
        self._entry.closed.connect(self.setFocus)

    @property
    def is_dragging(self) -> bool:
        """Return whether a bar is in the hand."""
        return self._held is not None

    def _read(self, reading: ColumnReading, scales: ColumnScales) -> tuple[Values, float, float]:
        values = np.asarray(reading.bias, np.float64)
        self._halves = reading.half_density
        if self._held is not None:
            if self._held[0] >= values.size:
                self._held = None
            else:
                return _with(values, *self._held), self._low, self._high  # the scale stays under the hand
        if self._after is not None:
            feature, value, before = self._after
            if feature < values.size and values[feature] == before:
                return _with(values, feature, value), scales.low_bias, scales.high_bias
            self._after = None
        return values, scales.low_bias, scales.high_bias

    def _groups(self) -> list[tuple[QColor, NDArray[np.int64]]]:
        palette = self._look.palette
        is_negative = self._values < 0
        parts = ((palette.colour("negative"), is_negative), (palette.colour("positive"), ~is_negative))
        return [(colour, np.flatnonzero(members)) for colour, members in parts if members.any()]

    def _draw_line(self, painter: QPainter) -> None:
        painter.setPen(self._look.palette.colour("line"))
        zero = round(self.y_of(0.0)) + 0.5
        painter.drawLine(QPointF(0, zero), QPointF(self.width(), zero))
        painter.setPen(self._dash())
        halves, side = self._halves, self.width() / max(1, self._halves.size)
        starts = np.flatnonzero(np.concatenate([[True], halves[1:] != halves[:-1]])).tolist()
        for start, stop in zip(starts, [*starts[1:], halves.size], strict=True):
            self._draw_dashed(painter, float(halves[start]), start * side, stop * side)

    def _draw_caption(self, painter: QPainter, room: QRectF) -> None:
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        halves = self._halves
        same = f" = {halves[0]:.3g}" if halves.size and (halves == halves[0]).all() else ""
        choices = (f"bias bᵢ, dashed p/2{same}", "bias bᵢ, dashed p/2", "bias bᵢ")
        painter.drawText(room, flags, first_fitting(painter, room.width(), choices))

    # ---- mouse ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a bar in the hand."""
        feature = self.bar_at(event.position().x())
        if event.button() != Qt.MouseButton.LeftButton or feature < 0 or self.is_dragging:
            event.ignore()
            return
        self._drag(feature, event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the bar, or tell of the one under the mouse."""
        if self._held is None:
            super().mouseMoveEvent(event)
            self.setCursor(Qt.CursorShape.SizeVerCursor if self._cursor >= 0 else Qt.CursorShape.ArrowCursor)
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(self._held[0], event.position().y())
        else:
            self._let_go()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the bar go."""
        if event.button() == Qt.MouseButton.LeftButton and self._held is not None:
            self._drag(self._held[0], event.position().y())
            self._let_go()

    def _drag(self, feature: int, y: float) -> None:
        room = self.bar_room()  # the mouse may go beyond it: the scale grows when the bar is let go
        grain = 10.0 ** np.floor(np.log10((self._high - self._low) / room.height()))
        value = round(round(self.value_at(y) / grain) * grain, 9)
        self._point_at(feature)
        if self._held != (feature, value):
            self._show(feature, value)
            self.bias_dragged.emit(feature, value)

    def _show(self, feature: int, value: float) -> None:
        self._held = feature, value
        self._values = _with(self._values, feature, value)
        self.update()

    def _let_go(self) -> None:
        if self._held is None or self._reading is None:
            return
        (feature, value), self._held = self._held, None
        self._after = feature, value, float(self._reading.bias[feature])
        self.bias_released.emit()

    def _cancel(self) -> None:
        self._held = self._after = None
        if self._reading is not None:
            self._values = np.asarray(self._reading.bias, np.float64)
        self.update()
        self.bias_cancelled.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Keep the bar in the hand where the mouse goes beyond the edge."""
        if self._held is None:
            super().leaveEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the bar go out of sight."""
        self._let_go()
        super().hideEvent(event)

    # ---- keyboard ----

    def event(self, event: QEvent) -> bool:
        """Keep Esc and the digits from the window's actions while they are meant for a bar."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._cursor >= 0:
            is_digit = bool(event.text()) and event.text() in _TYPED
            if is_digit or event.key() == Qt.Key.Key_Escape or Qt.Key(event.key()) in _NUDGES:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change the chosen bias by a step, or open a field for its number."""
        key, feature = Qt.Key(event.key()), self._cursor
        if self.is_dragging:
            if key == Qt.Key.Key_Escape:
                self._cancel()
            return
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        is_typed = bool(event.text()) and event.text() in _TYPED
        if feature < 0 or not plain:
            super().keyPressEvent(event)
        elif key in _NUDGES:
            self._set_bias(feature, round(float(np.nan_to_num(self._values[feature])) + _NUDGES[key], 9))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or is_typed:
            self._open_entry(feature, event.text() if is_typed else "")
        else:
            super().keyPressEvent(event)

    def _open_entry(self, feature: int, typed: str) -> None:
        room, side = self.bar_room(), self.width() / self._values.size
        cell = QRectF(feature * side, room.top(), side, room.height())
        text = typed or f"{self._values[feature]:.4g}"
        self._entry.open_at(feature, cell, text, is_selected=not typed)

    def _set_bias(self, feature: int, value: float) -> None:
        if 0 <= feature < self._values.size:
            self._show(feature, value)
            self.bias_dragged.emit(feature, value)
            self._let_go()


def _with(values: Values, feature: int, value: float) -> Values:
    found = values.copy()
    found[feature] = value
    return found
