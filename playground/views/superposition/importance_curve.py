"""Bars that are drawn by hand: one number a feature, the mouse goes over them like a pen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.engine.superposition.problem import Floats
from playground.views.look import Look
from playground.views.numbers import Scale

_SMALL, _LARGE = 0.05, 0.2  # of the height, for a key stroke
_KEYS = {
    Qt.Key.Key_Up: _SMALL,
    Qt.Key.Key_Down: -_SMALL,
    Qt.Key.Key_PageUp: _LARGE,
    Qt.Key.Key_PageDown: -_LARGE,
}


class CurveCanvas(QWidget):
    """``dragged`` carries all values at each move while the button is down, then ``released`` or ``cancelled``."""

    dragged = Signal(object)  # [n]
    released = Signal()
    cancelled = Signal()

    def __init__(self, look: Look, name: str, label: str, tooltip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._label = look, label
        self._values: Floats = np.ones(2)
        self._before: Floats = self._values
        self._scale = Scale(0.0, 1.0)
        self._cursor = -1  # the feature under the mouse or of the keys
        self._last: tuple[int, float] | None = None  # feature and height of the pen while it is down
        self._floor = 0.0
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setToolTip(tooltip)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)

    def show_values(self, values: Sequence[float], scale: Scale, floor: float = 0.0) -> None:
        """Show numbers on a scale; none is drawn below ``floor``. While the pen is down its own drawing stays."""
        if self._last is not None:
            return
        self._values, self._scale, self._floor = np.array(values, np.float64), scale, floor
        self._cursor = min(self._cursor, len(self._values) - 1)
        self._tell_screen_reader()
        self.update()

    def values(self) -> Floats:
        """Return what is shown, ``[n]``."""
        return self._values.copy()

    def sizeHint(self) -> QSize:
        """Return a strip that can be drawn on."""
        em = self._look.em()
        return QSize(round(10 * em), round(3.9 * em))

    def minimumSizeHint(self) -> QSize:
        """Return the least that is still of use."""
        return QSize(round(6 * self._look.em()), self.sizeHint().height())

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    # ---- the pen -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._before = self._values
            self._last = self._pen(event)
            self._draw_to(*self._last)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on, through all features that the mouse has passed; without a button tell the one below it."""
        place, height = self._pen(event)
        if self._last is not None:
            self._draw_to(place, height)
        else:
            self._point_at(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if event.button() == Qt.MouseButton.LeftButton and self._last is not None:
            self._last = None
            self.released.emit()

    def leaveEvent(self, event: object) -> None:
        """Point at nothing."""
        super().leaveEvent(event)  # type: ignore[arg-type]
        if not self.hasFocus():
            self._point_at(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes a stroke back; left and right choose a feature, up and down change it."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._last is not None:
            self._last, self._values = None, self._before
            self.cancelled.emit()
            self.update()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            self._point_at(min(max(self._cursor + step, 0), len(self._values) - 1))
        elif key in _KEYS and self._last is None:
            place = max(self._cursor, 0)
            height = self._scale.share(float(self._values[place])) + _KEYS[key]
            self._cursor, self._last = place, (place, height)
            self._draw_to(place, height)
            self._last = None
            self.released.emit()
        else:
            super().keyPressEvent(event)

    def _pen(self, event: QMouseEvent) -> tuple[int, float]:
        frame = self._frame()
        place = int((event.position().x() - frame.left()) / frame.width() * len(self._values))
        height = (frame.bottom() - event.position().y()) / frame.height()
        return min(max(place, 0), len(self._values) - 1), min(max(height, 0.0), 1.0)

    def _draw_to(self, place: int, height: float) -> None:
        start, begun = self._last if self._last is not None else (place, height)
        found = self._values.copy()
        for at in range(min(start, place), max(start, place) + 1):
            share = 1.0 if start == place else (at - start) / (place - start)
            found[at] = max(self._scale.value(min(max(begun + share * (height - begun), 0.0), 1.0)), self._floor)
        self._last, self._cursor, self._values = (place, height), place, found
        self._tell_screen_reader()
        self.update()
        self.dragged.emit(found.copy())

    def _point_at(self, place: int) -> None:
        if place != self._cursor:
            self._cursor = place
            self._tell_screen_reader()
            self.update()

    def _tell_screen_reader(self) -> None:
        self.setAccessibleDescription(self._reading())

    def _reading(self) -> str:
        if not 0 <= self._cursor < len(self._values):
            return ""
        return f"feature {self._cursor}: {self._values[self._cursor]:.4g}"

    # ---- painting ------------------------------------------------------------------------------------------------

    def _frame(self) -> QRectF:
        return QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, bars, the line over them, and what is below the mouse."""
        palette, em, frame = self._look.palette, self._look.em(), self._frame()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.colour("accent" if self.hasFocus() else "line"), 1.0))
        painter.setBrush(palette.colour("sunken"))
        painter.drawRect(frame.adjusted(-0.5, -0.5, 0.5, 0.5))
        count = len(self._values)
        step = frame.width() / count
        heights = [self._scale.share(float(value)) * frame.height() for value in self._values]
        gap = 0.18 * step if step > 3 else 0.0
        bar = palette.colour("accent")
        painter.setPen(Qt.PenStyle.NoPen)
        for place, height in enumerate(heights):
            bar.setAlpha(255 if place == self._cursor else 120)
            painter.setBrush(bar)
            left = frame.left() + place * step
            painter.drawRect(QRectF(left + gap / 2, frame.bottom() - height, step - gap, height))
        if count > 1:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.colour("accent"), max(1.2, 0.09 * em)))
            middle = [frame.left() + (place + 0.5) * step for place in range(count)]
            points = [QPointF(x, frame.bottom() - height) for x, height in zip(middle, heights, strict=True)]
            painter.drawPolyline(QPolygonF(points))
        self._paint_reading(painter, frame)
        painter.end()

    def _paint_reading(self, painter: QPainter, frame: QRectF) -> None:
        text = self._reading()
        if not text:
            return
        painter.setFont(self._look.font(8.5, mono=True))
        painter.setPen(self._look.palette.colour("text"))
        room = frame.adjusted(0.3 * self._look.em(), 1, -0.3 * self._look.em(), 0)
        right = self._cursor < len(self._values) / 2
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignTop), text)
