"""The picture of hidden space: arrows to drag, to choose and to turn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.engine.superposition.problem import Floats
from playground.views.look import Look
from playground.views.superposition.plane import FREE, KEEP_DIRECTION, KEEP_NORM
from playground.views.superposition.space_keys import SpaceKeys
from playground.views.superposition.space_painter import Scene, SpacePainter
from playground.views.superposition.space_placing import Frame, Placed, feature_at, features_within
from playground.views.superposition.space_state import SpaceState
from playground.views.superposition.space_words import NOT_FINITE, formed, moved_words, spoken, told

DRAG, SELECT = "drag", "select"
_SLOP = 3.0  # pixels that the mouse may move before a click becomes a drag
_TURN_MS = 33
_TURN_STEP = 0.012  # radians a frame, of itself
_TURN_PER_PIXEL = 0.01
_WHEEL = 1.0015  # zoom for an eighth of a degree


class SpaceCanvas(SpaceKeys):
    """Arrows of one model; see `HiddenSpace` for the signals."""

    hovered = Signal(int)  # the feature under the mouse, -1: none

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.state = SpaceState()
        self._painter = SpacePainter(look)
        self._tool = DRAG
        self._label = ""
        self._hovered = -1
        self._press: QPointF | None = None
        self._taken = -1  # the feature on which the mouse went down
        self._offset: Floats = np.zeros(2)  # from the mouse to the tip, in units
        self._mode = ""  # what the mouse does while it is down: drag, band, turn
        self._band = QRectF()
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._turn_on)
        self.setObjectName("hidden_space_canvas")
        self.setAccessibleName("hidden space")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self._render_look)

    # ---- what others call ----

    def render_model(
        self, weight: NDArray[np.floating], frozen: NDArray[np.bool_] | None = None, *, is_settled: bool = True
    ) -> None:
        """Show W ``[n, m]`` and which features are frozen ``[n]``."""
        was_dragging = self.state.dragged >= 0
        if self.state.take(weight, frozen, is_settled=is_settled):
            self._press, self._mode, self._band = None, "", QRectF()
            self.drop_features(self.state.count)
            self._hovered = -1
            self.setCursor(Qt.CursorShape.ArrowCursor)
        self._label = formed(self.state.weight)
        self.describe()
        self.update()
        if was_dragging and self.state.dragged < 0:  # what it moved is gone: the edit ends
            self.drag_released.emit()

    def set_tool(self, tool: str) -> None:
        """Let the mouse move arrows (``drag``) or frame them (``select``)."""
        self._tool = tool

    def set_turning(self, *, is_turning: bool) -> None:
        """Turn space slowly by itself, or stop."""
        if is_turning and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()

    def is_turning(self) -> bool:
        """Return whether space turns by itself."""
        return self._timer.isActive()

    def placed(self) -> Placed:
        """Return where the features are on the screen."""
        return self.state.placed(self._frame())

    def label(self) -> str:
        """Return what has formed."""
        return self._label

    # ---- look ----

    def _frame(self) -> Frame:
        return self.state.frame(self.width(), self.height(), self._look.em())

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square in which a pentagon reads well."""
        side = round(18 * self._look.em())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Return the least square."""
        side = round(9 * self._look.em())
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, arrows and words."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.palette.colour("sunken"))
        if self.state.count and self.state.is_finite:
            self._painter.draw(painter, self._scene())
        elif self.state.count:
            painter.setFont(self._look.font(9.5))
            painter.setPen(self._look.palette.colour("bad"))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            edge = round(self._look.em())
            painter.drawText(self.rect().adjusted(edge, edge, -edge, -edge), flags, f"The weights are {NOT_FINITE}.")
        painter.end()

    def _scene(self) -> Scene:
        state, frame = self.state, self._frame()
        words = ""
        if state.dragged >= 0 and state.before is not None:
            words = moved_words(state.dragged, state.weight[state.dragged], state.before)
        return Scene(
            weight=state.weight,
            plane=state.plane,
            frame=frame,
            placed=state.placed(frame),
            frozen=state.frozen,
            label=self._label,
            selected=self.selection(),
            current=self.current(),
            hovered=self._hovered,
            dragged=state.dragged,
            ghost=state.before,
            words=words,
            band=self._band,
            has_focus=self.hasFocus(),
        )

    def describe(self) -> None:
        """Say in words what is shown and what is chosen."""
        state = self.state
        name = f"hidden space, {state.count} features in {state.hidden} dimensions: {self._label}"
        words = ""
        if 0 <= self.current() < state.count:
            feature = self.current()
            words = spoken(state.weight, feature, is_frozen=bool(state.frozen[feature]))
        self.setAccessibleName(name)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            if QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # ---- mouse ----

    def _feature_at(self, place: QPointF) -> int:
        if not self.state.count or not self.state.is_finite:
            return -1
        return feature_at(self.placed(), place, 0.9 * self._look.em(), self.selection())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take an arrow, begin a frame, or begin to turn."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.end_key_drag()
        self._press, self._mode = event.position(), ""
        self._taken = self._feature_at(event.position())
        if self._taken < 0:
            return
        is_adding = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not is_adding and self._taken not in self.selection():
            self.choose((self._taken,), self._taken)
        elif not is_adding:
            self.choose(self.selection(), self._taken)
        tip, target = self.placed().tip(self._taken), event.position()
        self._offset = np.array([tip.x() - target.x(), target.y() - tip.y()]) / self._frame().unit

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the arrow, the frame or space; without a button tell which feature is below."""
        if self._press is None:
            self._hover(self._feature_at(event.position()))
            return
        if not self._mode and (event.position() - self._press).manhattanLength() > _SLOP:
            self._begin(event)
        if self._mode == "drag":
            self._drag(event)
        elif self._mode == "turn":
            by = event.position() - self._press
            self._press = event.position()
            self.state.turn_by(_TURN_PER_PIXEL * by.x(), _TURN_PER_PIXEL * by.y())
            self.update()
        elif self._mode == "band":
            self._band = QRectF(self._press, event.position()).normalized()
            self.update()

    def _begin(self, event: QMouseEvent) -> None:
        if self._taken >= 0 and self._tool == DRAG:
            self._mode = "drag"
            self.state.begin(self._taken)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.state.can_turn and self._tool == DRAG and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._mode = "turn"
        else:
            self._mode = "band"

    def _drag(self, event: QMouseEvent) -> None:
        held = event.modifiers()
        keep = FREE
        if held & Qt.KeyboardModifier.ShiftModifier:
            keep = KEEP_NORM
        elif held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            keep = KEEP_DIRECTION
        frame = self._frame()
        target = frame.target(event.position()) + self._offset
        row = self.state.drag(target, keep)
        self.tell_moved(self.state.dragged, row)

    def tell_moved(self, feature: int, row: Floats) -> None:
        """Show and tell that a hand has moved a feature."""
        self._label = formed(self.state.weight)
        self.describe()
        self.update()
        self.feature_dragged.emit(feature, row)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            return
        mode, band, taken = self._mode, self._band, self._taken
        is_adding = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._press, self._mode, self._band, self._taken = None, "", QRectF(), -1
        self._hover_cursor()
        if mode == "drag":
            self.state.finish()
            self.drag_released.emit()
        elif mode == "band":
            found = features_within(self.placed(), band) if self.state.count and self.state.is_finite else ()
            chosen = tuple(sorted({*self.selection(), *found})) if is_adding else found
            self.choose(chosen, chosen[-1] if chosen else -1)
        elif not mode and taken >= 0 and is_adding:
            self.toggle(taken)
        elif not mode and taken >= 0:
            self.choose((taken,), taken)
        elif not mode and not is_adding:
            self.choose((), -1)
        self.update()

    def cancel(self) -> bool:
        """Take back the drag that is going on; return whether there was one."""
        if self.state.dragged < 0:
            if self._mode:
                self._press, self._mode, self._band = None, "", QRectF()
                self.update()
                return True
            return False
        self.state.cancel()
        self._press, self._mode, self._taken = None, "", -1
        self._hover_cursor()
        self._label = formed(self.state.weight)
        self.describe()
        self.update()
        self.drag_cancelled.emit()
        return True

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fit everything in the picture."""
        if event.button() == Qt.MouseButton.LeftButton and self.state.count:
            self.state.fit()
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Come closer or go away."""
        if self.state.count and self.state.dragged < 0 and event.angleDelta().y():
            self.state.zoom_by(_WHEEL ** event.angleDelta().y())
            self.update()
        event.accept()

    def _hover(self, feature: int) -> None:
        if feature != self._hovered:
            self._hovered = feature
            self._hover_cursor()
            self.hovered.emit(feature)
            self.update()

    def _hover_cursor(self) -> None:
        shape = Qt.CursorShape.OpenHandCursor if self._tool == DRAG else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape if self._hovered >= 0 else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget what was below the mouse."""
        super().leaveEvent(event)
        if self._press is None:
            self._hover(-1)

    def event(self, event: QEvent) -> bool:
        """Tell exact numbers on hover."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told(self._feature_at(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def told(self, feature: int) -> str:
        """Return what is said of a feature on hover; -1: of the picture."""
        if 0 <= feature < self.state.count:
            return told(self.state.weight, feature, is_frozen=bool(self.state.frozen[feature]))
        turning = "drag beside the arrows to turn, " if self.state.can_turn else ""
        return (
            f"Drag a tip to move a feature: Shift keeps its length, Ctrl or Alt its direction, Esc takes back.\n"
            f"Click, Ctrl+click or a frame choose; {turning}wheel zooms, double click fits.\n"
            "Keys: arrows choose, Ctrl+arrows move, Shift+arrows turn, Alt+arrows lengthen."
        )

    # ---- turning ----

    def _turn_on(self) -> None:
        if self.state.can_turn and not self._mode and self.state.dragged < 0:
            self.state.turn_by(_TURN_STEP, 0.0)
            self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop turning, and take back what is half done."""
        super().hideEvent(event)
        self._timer.stop()
        self.cancel()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys go here."""
        super().focusInEvent(event)
        self.update()
