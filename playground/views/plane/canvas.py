"""The plane to look at and to draw in: points, and what the network answers between them."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.engine.targets import VALUES
from playground.views.grid.intents import IntentWidget
from playground.views.look import Look
from playground.views.plane.kept import KeptPicture
from playground.views.plane.line_hand import LINE_KEYS, LineHand
from playground.views.plane.line_hand import TURN as TURN_LINE
from playground.views.plane.overlay import OverlayPainter
from playground.views.plane.painting import PlanePainter, square
from playground.views.plane.points import Floats, Points
from playground.views.plane.scene import Ground, Scene
from playground.views.plane.strokes import ADD, LOOK, MOVE, SPRAY, STROKE_WORDS, TOOLS, Stroke
from playground.views.plane.words import place_words

TELL_MS = 100  # between two tellings of points that are being drawn
MOST_TOLD = 2_000  # points: of more the network hears when they are drawn
_KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class PlaneCanvas(IntentWidget):
    """Shows a `Scene`; the mouse chooses the current input, or draws with a tool.

    The right button draws the other (the next) class. A zero line is shifted and turned, which asks for edits. While
    the mouse is down the points are the canvas's own; ``points_dragged`` carries them now and then, so that the network
    can follow, ``points_drawn`` when it is up.
    """

    place_chosen = Signal(object)  # [dimensions] float64: the network is to receive this place
    points_drawn = Signal(object, str)  # Points, and what was done: "points added"
    points_dragged = Signal(object, str)  # the same while the mouse is down
    points_dropped = Signal()  # what ``points_dragged`` told is taken back
    hovered = Signal(object)  # [dimensions] float64, or None
    line_taken = Signal(int, int)  # layer and unit whose zero line the hand takes
    redrawn = Signal()  # the hand has changed the scene: who shows the same one paints anew

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.scene = Scene()
        self.tool = LOOK
        self.target = 0.0  # the class (or number) that is drawn
        self.train_share = 0.5
        self.reach = 0.6  # of spray, eraser and turning, in units of the plane
        self._painter, self._overlay = PlanePainter(look), OverlayPainter(look)
        self._frame = KeptPicture()
        self.line_hand = LineHand(look, self)
        self.line_hand.moved.connect(self.update)
        self._pressed: QPointF | None = None  # on a line, which has not been moved yet
        self._before: Points | None = None  # while the mouse is down
        self._has_told = False  # of points that are being drawn
        self._telling = QTimer(self, singleShot=True, interval=TELL_MS)
        self._telling.timeout.connect(self._tell)
        self._held: np.ndarray[tuple[int], np.dtype[np.int64]] | None = None
        self._last: Floats | None = None
        self._is_right = False
        self._cursor: Floats | None = None  # of the keyboard
        self.setObjectName("plane_canvas")
        self.setAccessibleName("Plane with the points")
        self.setToolTip(
            "The points of the data and what the network answers between them. Click: the network receives this place."
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        look.changed.connect(self._render_look)

    @cached_property
    def _random(self) -> np.random.Generator:  # made for the first spray: no window waits for numpy's generators
        return np.random.default_rng(0)

    # ---- what others call ------------------------------------------------------------------------------------

    def show_scene(self, scene: Scene) -> None:
        """Show another scene; what is being drawn stays in the hand."""
        if self._before is not None:
            scene.points = self.scene.points
            scene.is_wrong = scene.answers = None
        is_other = scene.is_line != self.scene.is_line
        self.scene = scene
        if is_other:
            self.updateGeometry()
        self.update()

    def set_tool(self, tool: str) -> None:
        """Draw with ``tool`` from now on."""
        self.tool = tool if tool in TOOLS else LOOK
        self.setCursor(Qt.CursorShape.ArrowCursor if self.tool == LOOK else Qt.CursorShape.CrossCursor)
        self.update()

    def ground(self) -> Ground:
        """Return where the plane lies in the widget."""
        return Ground(square(self.width(), self.height(), 1.0, is_line=self.scene.is_line), self.scene)

    def sizeHint(self) -> QSize:
        """Return a square."""
        side = round(15 * self._look.em())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Return the least in which points can be told apart."""
        side = round(8 * self._look.em())
        return QSize(side, side)

    def heightForWidth(self, width: int) -> int:
        """Return the width: the plane is square; numbers over a line need less."""
        return round(0.7 * width) if self.scene.is_line else width

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    # ---- painting --------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint surface, points and the tool."""
        painter = QPainter(self)
        ground, ratio = self.ground(), self.devicePixelRatioF()
        painter.drawPixmap(0, 0, self._frame.of(self._around(), self.size(), ratio, self._draw_around))
        self._painter.paint(painter, self.scene, ground, ratio)
        lines = self.line_hand.lines(self.scene)
        self._overlay.paint(painter, self.scene, lines, ground, ratio)
        if self.hasFocus() and self._cursor is not None:
            self._paint_cursor(painter, ground)
        painter.end()

    def _around(self) -> Hashable:
        """Return what the picture around the plane depends on."""
        return self._look.palette

    def _draw_around(self, painter: QPainter) -> None:
        """Draw what lies around the plane; the plane itself is painted over it."""
        painter.fillRect(self.rect(), self._look.palette.colour("panel"))

    def _paint_cursor(self, painter: QPainter, ground: Ground) -> None:
        assert self._cursor is not None  # noqa: S101 - for the type checker
        (x, y), *_ = ground.screen(self._cursor[None]).tolist()
        arm = 0.7 * self._look.em()
        painter.setPen(QPen(self._look.palette.colour("accent"), 0.12 * self._look.em()))
        painter.drawLine(QPointF(x - arm, y), QPointF(x + arm, y))
        painter.drawLine(QPointF(x, y - arm), QPointF(x, y + arm))

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    # ---- drawing ---------------------------------------------------------------------------------------------

    def _begin(self, place: Floats, height: float, *, is_right: bool) -> None:
        self._before, self._last, self._is_right = self.scene.points, place, is_right
        self._held = None
        if self.tool == MOVE:
            near = self.scene.points.near(place, self.reach)
            self._held = near[:1]
        else:
            self._draw(place, height)

    def _draw(self, place: Floats, height: float) -> None:
        """Do what the tool does at ``place``."""
        stroke = Stroke(self.tool, self._drawn_target(height), self.train_share, self.reach, self._held, self._last)
        self._last = place
        points = stroke.at(self.scene, place, self._random)
        self._put(points)
        if points is not self._before and len(points) <= MOST_TOLD and not self._telling.isActive():
            self._telling.start()

    def _drawn_target(self, height: float) -> float:
        """Return the class or number of what is drawn: over a line the number is the height of the mouse."""
        scene = self.scene
        if scene.task == VALUES:
            return height if scene.is_line else -self.target if self._is_right else self.target
        return float((int(self.target) + 1) % max(len(scene.classes), 1)) if self._is_right else self.target

    def _tell(self) -> None:
        if self._before is not None:
            self._has_told = True
            self.points_dragged.emit(self.scene.points, STROKE_WORDS[self.tool])

    def _put(self, points: Points) -> None:
        self.scene.points = points
        self.scene.is_wrong = self.scene.answers = None  # measured at the points of before
        self.update()
        self.redrawn.emit()

    def _end(self) -> None:
        before, self._before, self._held = self._before, None, None
        self._telling.stop()
        self._has_told = False
        if before is not None and self.scene.points is not before:
            self.points_drawn.emit(self.scene.points, STROKE_WORDS[self.tool])

    def cancel(self) -> None:
        """Take back what the mouse, still down, has drawn."""
        if self._before is not None:
            self._put(self._before)
            self._before = self._held = None
            self._telling.stop()
            if self._has_told:
                self._has_told = False
                self.points_dropped.emit()
        self._pressed = None
        self.line_hand.cancel()

    # ---- events ----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a place, or begin to draw."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        place, height = self.ground().plane(event.position())
        if not self._is_inside(place):
            return
        if self.tool == LOOK:
            line = self.line_hand.press(self.scene, self.ground(), event.position())
            if line is None:
                self._choose(place)
            else:
                self._pressed = event.position()
                self.line_taken.emit(line.layer, line.unit)
        elif self._before is None:
            self._begin(place, height, is_right=event.button() == Qt.MouseButton.RightButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on, move the input, or tell what lies under the mouse."""
        place, height = self.ground().plane(event.position())
        is_inside = self._is_inside(place)
        self.hovered.emit(place if is_inside else None)
        if self._before is not None and self._last is not None:
            far = self.tool in (ADD, SPRAY) and np.abs(place - self._last).max() < 0.45 * self.reach
            if is_inside and not far:
                self._draw(place, height)
        elif self.line_hand.is_dragging:
            self._pressed = None
            self.line_hand.move(place)
        elif self.tool == LOOK and event.buttons() & Qt.MouseButton.LeftButton and is_inside:
            self._choose(place)
        elif not event.buttons():
            self._show_cursor(event.position())
            spoken = self._words(place) if is_inside else ""
            QToolTip.showText(event.globalPosition().toPoint(), spoken, self)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Hand over what was drawn; a line that was only clicked is a place like any other."""
        self._end()
        self.line_hand.end()
        pressed, self._pressed = self._pressed, None
        if pressed is not None:
            self._choose(self.ground().plane(pressed)[0])

    def _show_cursor(self, spot: QPointF) -> None:
        """Show by the cursor that a line can be taken."""
        found = self.line_hand.hit(self.scene, self.ground(), spot) if self.tool == LOOK else None
        shapes = Qt.CursorShape
        hand = shapes.PointingHandCursor if found is not None and found[1] == TURN_LINE else shapes.SizeAllCursor
        self.setCursor(hand if found else shapes.ArrowCursor if self.tool == LOOK else shapes.CrossCursor)

    def end_line(self) -> None:
        """Let go of a line: its stroke ends."""
        self.line_hand.end()
        self._pressed = None

    def leaveEvent(self, _event: QEvent) -> None:
        """Nothing lies under the mouse."""
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move a cross, Space does what the tool does there, Escape takes it back; `LINE_KEYS` move the line."""
        key = Qt.Key(event.key())
        modifiers = event.modifiers()
        is_fine = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Escape and (self._before is not None or self.line_hand.is_dragging):
            self.cancel()
        elif key in LINE_KEYS:
            if not self.line_hand.press_key(self.scene, key, is_fine=is_fine):
                super().keyPressEvent(event)
        elif key in _KEYS:
            self._move_cursor(*_KEYS[key], is_fine=is_fine)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cursor is not None:
            self._press_at_cursor(is_right=bool(modifiers & Qt.KeyboardModifier.ControlModifier))
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End what the keys did to a line."""
        if not event.isAutoRepeat() and Qt.Key(event.key()) in LINE_KEYS and not self.line_hand.is_dragging:
            self.line_hand.end()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End what the keys did to a line."""
        if not self.line_hand.is_dragging:
            self.line_hand.end()
        super().focusOutEvent(event)

    def _press_at_cursor(self, *, is_right: bool) -> None:
        assert self._cursor is not None  # noqa: S101 - for the type checker
        if self.tool == LOOK:
            self._choose(self._cursor)
            return
        self._begin(self._cursor, self.target, is_right=is_right)
        self._end()

    def _move_cursor(self, x: int, y: int, *, is_fine: bool) -> None:
        scene = self.scene
        step = (scene.high - scene.low) / (240 if is_fine else 24)
        at = np.zeros(scene.points.at.shape[1]) if self._cursor is None else self._cursor
        by = np.array([x, y], np.float64)[: len(at)] * step
        self._cursor = np.clip(at + by, scene.low, scene.high)
        self.setAccessibleDescription(self._words(self._cursor))
        self.update()

    # ---- words -----------------------------------------------------------------------------------------------

    def _choose(self, place: Floats) -> None:
        near = self.scene.points.near(place, self.ground().length(0.4 * self._look.em()))
        self.place_chosen.emit(self.scene.points.at[near[0]] if len(near) else place)

    def _is_inside(self, place: Floats) -> bool:
        return bool((place >= self.scene.low).all() and (place <= self.scene.high).all())

    def _words(self, place: Floats) -> str:
        return place_words(self.scene, place, self.ground().length(0.5 * self._look.em()))
