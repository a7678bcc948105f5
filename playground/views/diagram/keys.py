"""The grammar of the keyboard on the diagram."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from playground.views.diagram.beyond import whole_view
from playground.views.diagram.picture import INPUT, image_shape
from playground.views.diagram.state import DiagramState
from playground.views.diagram.viewport import View

_ZOOM_PER_KEY = 1.25
_ARROWS = {
    Qt.Key.Key_Up.value: (0, -1),
    Qt.Key.Key_Down.value: (0, 1),
    Qt.Key.Key_Left.value: (-1, 0),
    Qt.Key.Key_Right.value: (1, 0),
}


class KeyWishes(Protocol):
    """What the keyboard asks of the diagram."""

    def move_focus(self, place: int, row: int) -> None:
        """Put the focus cell on another neuron."""

    def select_focus(self, *, adds: bool) -> None:
        """Select the neuron that the focus cell is on."""

    def select_focus_layer(self) -> None:
        """Select all neurons of the focus cell's layer."""

    def delete_selection(self) -> None:
        """Remove the selected neurons, or cut the selected edges."""

    def duplicate_selection(self) -> None:
        """Duplicate the selected neurons."""

    def clear_selection(self) -> None:
        """Select nothing."""

    def change_width(self, place: int, *, more: bool) -> None:
        """Add a neuron to a layer, or remove its last one."""

    def toggle_matrix(self) -> None:
        """Show the current layer as matrix, or as neurons again."""

    def toggle_matrices(self) -> None:
        """The same for all layers."""

    def set_view(self, view: View) -> None:
        """Zoom or pan."""


class KeyGrammar:
    """Turns key strokes into wishes."""

    def __init__(self, state: DiagramState, wishes: KeyWishes) -> None:
        self._state, self._wishes = state, wishes

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key; return whether it meant something."""
        if self._state.picture is None or self._state.layout is None:
            return False
        key = event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if control:
            return self._with_control(key)
        if key == Qt.Key.Key_M:
            self._wishes.toggle_matrices() if shift else self._wishes.toggle_matrix()
            return True
        if key in _ARROWS:
            self._step(*_ARROWS[key])
            if shift:
                self._wishes.select_focus(adds=True)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._wishes.select_focus(adds=shift)
        else:
            return self._plain(key)
        return True

    def _with_control(self, key: int) -> bool:
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(_ZOOM_PER_KEY)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self._zoom(1 / _ZOOM_PER_KEY)
        elif key == Qt.Key.Key_0:
            self._wishes.set_view(whole_view(self._state))
        elif key == Qt.Key.Key_D:
            self._wishes.duplicate_selection()
        elif key == Qt.Key.Key_A:
            self._wishes.select_focus_layer()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
            self._wishes.select_focus(adds=True)
        else:
            return False
        return True

    def _plain(self, key: int) -> bool:
        place = self._focus()[0]
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._wishes.delete_selection()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self._wishes.change_width(place, more=key == Qt.Key.Key_Plus)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._state.picture is not None:
            self._wishes.move_focus(place, 0 if key == Qt.Key.Key_Home else self._state.picture.width(place) - 1)
        elif key == Qt.Key.Key_Escape and (self._state.units or self._state.edges):
            self._wishes.clear_selection()
        else:
            return False
        return True

    def _zoom(self, factor: float) -> None:
        if self._state.layout is not None:
            middle: QPointF = self._state.layout.stage.center()
            self._wishes.set_view(self._state.view.zoomed(factor, middle))

    def _focus(self) -> tuple[int, int]:
        """Return the focus cell; it begins at the last selected neuron, else at the first of the first layer."""
        if self._state.focus is not None:
            return self._state.focus
        spots = self._state.selected_spots()
        return spots[-1] if spots else (0, 0)

    def _step(self, dx: int, dy: int) -> None:
        """Move the focus cell: up and down in its column, left and right through the block, then to the next."""
        state = self._state
        if state.picture is None or state.layout is None:
            return
        if state.focus is None:
            self._wishes.move_focus(*self._focus())
            return
        place, row = state.focus
        column = state.layout.column(place)
        inside = row % column.across + dx
        if dy:
            moved = row + dy * column.across
            self._wishes.move_focus(place, moved if 0 <= moved < column.total else row)
        elif 0 <= inside < column.across and row + dx < column.total:
            self._wishes.move_focus(place, row + dx)
        else:
            self._to_column(place + dx, row, dx)

    def _to_column(self, place: int, row: int, dx: int) -> None:
        state = self._state
        if state.picture is None or state.layout is None:
            return
        first = 0 if image_shape(state.picture.spec) is not None else INPUT
        old = state.layout.column(place - dx).cell(row)
        if not first <= place < len(state.picture.spec.layers) or old is None:
            return
        column = state.layout.column(place)
        away = np.abs(column.centres[:, 1] - old.center().y())
        side = column.centres[:, 0] if dx > 0 else -column.centres[:, 0]
        nearest = np.lexsort((side, away))[0]  # the nearest row, there the side that one comes from
        self._wishes.move_focus(place, int(nearest) + column.first)
