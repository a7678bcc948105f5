"""The drawing pad: pen, eraser, pictures dropped or pasted on it; the ink goes out at the screen's pace."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.views.data.ink import InkBuffer, PenPoint, area_mean, ink_picture, ink_table, placed
from playground.views.data.intake import PictureIntake
from playground.views.data.pictures import has_picture
from playground.views.data.stroke import Stroke
from playground.views.look import Look

SIDE = 280  # buffer pixels on the longer side
FRAME_MS = 16
PEN_RADII = {"fine": 7.0, "medium": 11.0, "broad": 16.0}  # buffer pixels
ERASER_GROWTH = 1.7
MIN_RADIUS, MAX_RADIUS = 3.0, 40.0


class DrawPad(QWidget):
    """Draws with mouse, tablet pen or arrow keys; ``drawing_changed`` carries the ink ``[h, w]``, 0 to 1, read-only.

    The left button draws, the right one (or the eraser end of a pen) erases. ``failed`` carries a sentence where a
    picture could not be used.
    """

    drawing_changed = Signal(object)
    stroke_started = Signal()
    history_changed = Signal()
    pen_changed = Signal()
    failed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._buffer = InkBuffer(SIDE, SIDE)
        self._placeholder = "draw a digit"
        self._radius = PEN_RADII["medium"]
        self._is_erasing = False
        self._stroke: Stroke | None = None  # while the pen is down
        self._intake = PictureIntake(self)
        self._intake.found.connect(self._place_ink)
        self._intake.failed.connect(self.failed)
        self._pointer: QPointF | None = None  # where the pen hovers, in pixels of the widget
        self._key_pen = QPointF(SIDE / 2, SIDE / 2)
        self._table = ink_table(look.palette)
        self._picture = ink_picture(self._buffer.values, self._table)
        self._frame = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._frame.timeout.connect(self._send)
        self.setObjectName("draw_pad")
        self.setAccessibleName("Drawing pad")
        self.setToolTip(
            "Draw with the left button, erase with the right one, or drop a photo of something written.\n"
            "[ and ] change the pen; Ctrl+V pastes a picture; arrow keys with Shift draw, Delete clears."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self._render_look)

    # ---- what others call --------------------------------------------------------------------------------------

    def ink(self) -> NDArray[np.float32]:
        """Return a read-only copy of the drawing ``[h, w]``, 0 to 1."""
        copy = self._buffer.values.copy()
        copy.setflags(write=False)
        return copy

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is drawn."""
        return self._buffer.is_empty

    @property
    def can_undo(self) -> bool:
        """Return whether there is a stroke to take back."""
        return self._buffer.can_undo

    @property
    def can_redo(self) -> bool:
        """Return whether there is a stroke to draw again."""
        return self._buffer.can_redo

    @property
    def pen_radius(self) -> float:
        """Return half the width of the pen, in pixels of the drawing."""
        return self._radius

    @property
    def is_erasing(self) -> bool:
        """Return whether the left button erases."""
        return self._is_erasing

    def set_pen(self, radius: float | None = None, *, erasing: bool | None = None) -> None:
        """Choose the width of the pen, or pen or eraser."""
        if radius is not None:
            self._radius = min(max(radius, MIN_RADIUS), MAX_RADIUS)
        if erasing is not None:
            self._is_erasing = erasing
        self.pen_changed.emit()
        self.update()

    def set_shape(self, rows: int, columns: int, placeholder: str) -> None:
        """Take paper of the proportions rows : columns; another proportion clears the drawing."""
        longer = max(rows, columns)
        shape = (max(round(SIDE * rows / longer), 8), max(round(SIDE * columns / longer), 8))
        self._placeholder = placeholder
        if shape != self._buffer.values.shape:
            self._buffer = InkBuffer(*shape)
            self._key_pen = QPointF(shape[1] / 2, shape[0] / 2)
            self._render_ink()
            self.history_changed.emit()
        self.update()

    def discard(self) -> None:
        """Take a new sheet for other data, silently and without a way back."""
        self._end_stroke()
        self._buffer = InkBuffer(*self._buffer.values.shape)
        self._render_ink()
        self.history_changed.emit()

    def lay(self, ink: NDArray[np.float32]) -> None:
        """Put a drawing of the paper's own size on it, silently and without a way back."""
        self.discard()
        self._buffer.values[:] = ink
        self._render_ink()
        self.history_changed.emit()

    def clear(self) -> None:
        """Take a new sheet; undo brings the drawing back."""
        self.set_ink(np.zeros_like(self._buffer.values))

    def set_ink(self, ink: NDArray[np.floating]) -> None:
        """Put a drawing ``[h, w]``, 0 to 1, on the paper, as one step of undo."""
        rows, columns = self._buffer.values.shape
        fitting = np.asarray(ink, np.float32) if ink.shape == (rows, columns) else area_mean(ink, rows, columns)
        self._end_stroke()
        self._buffer.replace(fitting)
        self._change(now=True)

    def undo(self) -> None:
        """Take the last stroke back."""
        self._buffer.undo()
        self._change(now=True)

    def redo(self) -> None:
        """Draw the stroke again that was taken back."""
        self._buffer.redo()
        self._change(now=True)

    def paste(self) -> None:
        """Put the picture of the clipboard on the paper."""
        self._intake.take(QGuiApplication.clipboard().mimeData())

    def open_picture(self, path: Path) -> None:
        """Put a photo or a scan on the paper; ``drawing_changed`` or ``failed`` follow when it has been read."""
        self._intake.open(path)

    # ---- pictures ----------------------------------------------------------------------------------------------

    def _place_ink(self, ink: NDArray[np.float32]) -> None:
        self.set_ink(placed(ink, *self._buffer.values.shape))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take pictures; other files are for the window."""
        if has_picture(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put the picture on the paper."""
        if has_picture(event.mimeData()):
            event.acceptProposedAction()
            self._intake.take(event.mimeData())
        else:
            event.ignore()

    # ---- the pen -----------------------------------------------------------------------------------------------

    def _paper(self) -> QRectF:
        """Return where the paper lies in the widget: the largest rectangle of its proportions."""
        rows, columns = self._buffer.values.shape
        scale = min((self.width() - 2) / columns, (self.height() - 2) / rows)
        width, height = columns * scale, rows * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _point(self, position: QPointF, pressure: float, *, erases: bool) -> PenPoint:
        paper = self._paper()
        scale = self._buffer.values.shape[1] / max(paper.width(), 1.0)
        radius = self._radius * (0.5 + pressure) * (ERASER_GROWTH if erases else 1.0)
        return PenPoint((position.x() - paper.x()) * scale, (position.y() - paper.y()) * scale, radius)

    def _begin_stroke(self, position: QPointF, pressure: float, *, erases: bool) -> None:
        self.stroke_started.emit()
        self._stroke = Stroke(self._buffer, self._point(position, pressure, erases=erases), erases=erases)
        self._change()

    def _continue_stroke(self, position: QPointF, pressure: float) -> None:
        if self._stroke is not None:
            self._stroke.add(self._point(position, pressure, erases=self._stroke.erases))
            self._change()

    def _end_stroke(self) -> None:
        if self._stroke is not None:
            self._stroke.finish()
            self._stroke = None
            self._change(now=True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Set the pen (left) or the eraser (right) on the paper."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton) or self._stroke is not None:
            event.ignore()
            return
        erases = self._is_erasing or event.button() == Qt.MouseButton.RightButton
        self._begin_stroke(event.position(), 0.5, erases=erases)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on, or show where the pen would draw."""
        self._pointer = event.position()
        if self._stroke is not None:
            self._continue_stroke(event.position(), 0.5)
        else:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the pen."""
        if not event.buttons():
            self._end_stroke()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen whose pressure is its width; its other end erases."""
        self._pointer = event.position()
        kind = event.type()
        if kind == QEvent.Type.TabletPress:
            is_eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
            self._begin_stroke(event.position(), event.pressure(), erases=self._is_erasing or is_eraser)
        elif kind == QEvent.Type.TabletMove:
            self._continue_stroke(event.position(), event.pressure())
        elif kind == QEvent.Type.TabletRelease:
            self._end_stroke()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the outline of the pen."""
        self._pointer = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the pen with the arrow keys, draw with Shift, erase with Alt."""
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = Qt.Key(event.key())
        if key in moves:
            self._move_by_key(*moves[key], event.modifiers())
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self.set_pen(self._radius * (1.15 if key == Qt.Key.Key_BracketRight else 1 / 1.15))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def _move_by_key(self, across: int, down: int, modifiers: Qt.KeyboardModifier) -> None:
        rows, columns = self._buffer.values.shape
        step = SIDE / 28
        goal = QPointF(
            min(max(self._key_pen.x() + across * step, 0.0), columns),
            min(max(self._key_pen.y() + down * step, 0.0), rows),
        )
        paper = self._paper()
        scale = paper.width() / columns
        places = [paper.topLeft() + point * scale for point in (self._key_pen, goal)]
        self._key_pen, self._pointer = goal, places[1]
        erase = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        if erase or modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._begin_stroke(places[0], 0.5, erases=erase or self._is_erasing)
            self._continue_stroke(places[1], 0.5)
            self._end_stroke()
        self.update()

    # ---- showing -----------------------------------------------------------------------------------------------

    def _change(self, *, now: bool = False) -> None:
        if now:
            self._frame.stop()
            self._send()
            self.history_changed.emit()
        elif not self._frame.isActive():
            self._frame.start()

    def _send(self) -> None:
        self._render_ink()
        self.drawing_changed.emit(self.ink())

    def _render_ink(self) -> None:
        self._picture = ink_picture(self._buffer.values, self._table)
        self.update()

    def _render_look(self) -> None:
        self._table = ink_table(self._look.palette)
        self._render_ink()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the least sheet that one likes to draw on; it grows to the width of the column where there is room."""
        side = round(8 * self._look.em())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Return the least sheet."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Grow no higher than the paper is at this width."""
        rows, columns = self._buffer.values.shape
        self.setMaximumHeight(max(round((self.width() - 2) * rows / columns) + 2, self.sizeHint().height()))
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw paper, ink and the outline of the pen."""
        palette, em, paper = self._look.palette, self._look.em(), self._paper()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        edge = QPainterPath()
        edge.addRoundedRect(paper, 0.3 * em, 0.3 * em)
        painter.fillPath(edge, palette.colour("paper"))
        painter.save()
        painter.setClipPath(edge)
        painter.drawImage(paper, self._picture)
        painter.restore()
        painter.setPen(QPen(palette.colour("accent" if self.hasFocus() else "line"), 1.0))
        painter.drawPath(edge)
        if self._buffer.is_empty and self._stroke is None:
            painter.setFont(self._look.font(10.0))
            painter.setPen(palette.colour("faint"))
            painter.drawText(paper, int(Qt.AlignmentFlag.AlignCenter), self._placeholder)
        self._paint_pen(painter, paper)
        painter.end()

    def _paint_pen(self, painter: QPainter, paper: QRectF) -> None:
        if self._pointer is None or not paper.contains(self._pointer):
            return
        erases = self._is_erasing if self._stroke is None else self._stroke.erases
        scale = paper.width() / self._buffer.values.shape[1]
        radius = self._radius * (ERASER_GROWTH if erases else 1.0) * scale
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._look.palette.colour("bad" if erases else "muted"), 1.0))
        painter.drawEllipse(self._pointer, radius, radius)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Lift the pen where the window loses the mouse in mid-stroke."""
        if event.reason() == Qt.FocusReason.ActiveWindowFocusReason:
            self._end_stroke()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Lift the pen and stop the timer."""
        self._end_stroke()
        self._frame.stop()
        self._intake.wait()
        super().hideEvent(event)
