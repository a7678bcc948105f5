"""Choosing and moving features of hidden space from the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from playground.engine.superposition.problem import Floats
from playground.views.superposition.plane import KEEP_DIRECTION, KEEP_NORM
from playground.views.superposition.space_state import SpaceState

_STEP = 0.05  # units that a key moves a tip
_TURN = np.radians(2.0)
_FEW = 20  # features up to which Tab goes from one to the next
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_MOVING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier


class SpaceKeys(QWidget):
    """Which features are chosen, and what the keys do to them. ``current`` is the one that keys move."""

    feature_dragged = Signal(int, object)
    drag_released = Signal()
    drag_cancelled = Signal()
    selection_changed = Signal(object)

    state: SpaceState

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selected: tuple[int, ...] = ()
        self._current = -1
        self._is_key_drag = False

    # ---- to be had from the canvas ----

    def describe(self) -> None:
        """Say in words what is chosen."""
        raise NotImplementedError

    def tell_moved(self, feature: int, row: Floats) -> None:
        """Show and tell that a hand has moved a feature."""
        raise NotImplementedError

    def cancel(self) -> bool:
        """Take back the drag that is going on."""
        raise NotImplementedError

    # ---- choosing ----

    def selection(self) -> tuple[int, ...]:
        """Return the chosen features, in order."""
        return self._selected

    def current(self) -> int:
        """Return the feature that keys move, -1: none."""
        return self._current

    def set_selection(self, features: Sequence[int]) -> None:
        """Choose features without a word to anybody."""
        self._selected = tuple(sorted({feature for feature in features if 0 <= feature < self.state.count}))
        if self._current not in self._selected:
            self._current = self._selected[-1] if self._selected else -1
        self.describe()
        self.update()

    def drop_features(self, count: int) -> None:
        """Forget what was chosen beyond ``count`` features."""
        self._is_key_drag = False
        left = tuple(feature for feature in self._selected if feature < count)
        if left != self._selected:
            self.choose(left, left[-1] if left else -1)

    def choose(self, features: Sequence[int], current: int) -> None:
        """Choose features and tell it."""
        self._current = current
        found = tuple(sorted(set(features)))
        if found != self._selected:
            self._selected = found
            self.selection_changed.emit(found)
        self.describe()
        self.update()

    def toggle(self, feature: int) -> None:
        """Add a feature to those chosen, or take it out."""
        left = set(self._selected) ^ {feature}
        self.choose(sorted(left), feature if feature in left else max(left, default=-1))

    # ---- keys ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose, move, take back."""
        key, held = Qt.Key(event.key()), event.modifiers() & _MOVING
        if key == Qt.Key.Key_Escape:
            if self._is_key_drag or self.state.dragged >= 0:
                self._is_key_drag = False
                self.cancel()
            elif not self.cancel() and self._selected:
                self.choose((), -1)
            else:
                super().keyPressEvent(event)
        elif key in _ARROWS and self.state.count and self.state.is_finite:
            if held and self._current >= 0:
                self._move(*_ARROWS[key], held)
            elif not held:
                across, up = _ARROWS[key]
                self._step(across - up)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.state.count:
            place = 0 if key == Qt.Key.Key_Home else self.state.count - 1
            self.choose((place,), place)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End the move that the key began: it is one step of undo."""
        if Qt.Key(event.key()) in _ARROWS and not event.isAutoRepeat():
            self.end_key_drag()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End a move by keys: the release goes elsewhere."""
        super().focusOutEvent(event)
        self.end_key_drag()
        self.update()

    def end_key_drag(self) -> None:
        """Let go of what the keys move."""
        if self._is_key_drag:
            self._is_key_drag = False
            self.state.finish()
            self.update()
            self.drag_released.emit()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Go on to the next feature by Tab, where they are few and one is chosen; else leave."""
        following = self._current + (1 if is_next else -1)
        if self._current >= 0 and self.state.count <= _FEW and 0 <= following < self.state.count:
            self.end_key_drag()
            self.choose((following,), following)
            return True
        return super().focusNextPrevChild(is_next)

    def _step(self, by: int) -> None:
        if self.state.dragged >= 0:
            return
        following = 0 if self._current < 0 else (self._current + by) % self.state.count
        self.choose((following,), following)

    def _move(self, across: int, up: int, held: Qt.KeyboardModifier) -> None:
        if self.state.dragged >= 0 and not self._is_key_drag:
            return  # the mouse has it
        if not self._is_key_drag:
            self._is_key_drag = True
            self.state.begin(self._current)
        row = self.state.weight[self.state.dragged].copy()
        here = row @ self.state.plane.axes
        length = float(np.linalg.norm(here))
        if held & Qt.KeyboardModifier.ShiftModifier and self.state.hidden > 1:
            angle = np.arctan2(here[1], here[0]) + _TURN * (up or -across)
            moved = self.state.drag(length * np.array([np.cos(angle), np.sin(angle)]), KEEP_NORM, start=row)
        elif held & Qt.KeyboardModifier.AltModifier and length > 0:
            target = here * max(length + _STEP * (up or across), 1e-3) / length
            moved = self.state.drag(target, KEEP_DIRECTION, start=row)
        else:
            moved = self.state.drag(
                here + _STEP * np.array([across or (up if self.state.hidden == 1 else 0), up]), start=row
            )
        self.tell_moved(self.state.dragged, moved)
