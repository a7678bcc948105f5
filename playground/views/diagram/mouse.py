"""The grammar of the mouse: what pressing, dragging, releasing and turning the wheel mean on the diagram."""

from __future__ import annotations

from typing import Literal, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from playground.views.diagram.beyond import whole_view
from playground.views.diagram.edge_layer import EdgeLayer
from playground.views.diagram.hit import target_at, units_in
from playground.views.diagram.picture import INPUT
from playground.views.diagram.state import NOTHING, DiagramState, Target
from playground.views.diagram.viewport import View

_DRAG_FROM = 4.0  # pixels of movement that make a press a drag
_ZOOM_PER_NOTCH = 1.2
_PAN_PER_NOTCH = 5.0  # heights of a line: about a layer


class MouseWishes(Protocol):
    """What the mouse asks of the diagram."""

    def select(self, target: Target, *, adds: bool, toggles: bool) -> None:
        """Select what was clicked."""

    def select_spots(self, spots: list[tuple[int, int]], *, adds: bool) -> None:
        """Select the neurons in a rubber band."""

    def press_button(self, target: Target) -> None:
        """Do what a button of the diagram stands for."""

    def set_view(self, view: View) -> None:
        """Zoom or pan."""

    def set_hover(self, target: Target) -> None:
        """Take note of what lies under the mouse."""

    def scroll_column(self, place: int, rows: int) -> None:
        """Scroll a column that shows a part of its neurons."""

    def activate(self, target: Target) -> None:
        """Open what was double-clicked."""

    def update(self) -> None:
        """Paint anew."""


class MouseGrammar:
    """Turns mouse events into wishes."""

    def __init__(self, state: DiagramState, edges: EdgeLayer, wishes: MouseWishes) -> None:
        self._state, self._edges, self._wishes = state, edges, wishes
        self._pressed: Target | None = None
        self._from = QPointF()
        self._last = QPointF()
        self._mode: Literal["none", "maybe", "pan", "band"] = "none"
        self._was_double = False
        self._at: QPointF | None = None  # where the mouse hovers
        self.band: QRectF | None = None

    @property
    def is_dragging(self) -> bool:
        """Return whether the mouse pans or draws a rubber band."""
        return self._mode in ("pan", "band")

    def press(self, event: QMouseEvent) -> None:
        """Note where a press begins."""
        self._from = self._last = event.position()
        self._pressed = target_at(self._state, self._edges, event.position())
        if event.button() == Qt.MouseButton.MiddleButton:
            self._mode = "pan"
        elif event.button() == Qt.MouseButton.LeftButton:
            self._mode = "maybe"

    def move(self, event: QMouseEvent) -> None:
        """Follow the mouse: hover, pan or draw the rubber band."""
        at = self._at = event.position()
        if self._mode == "none":
            self.look_again()
            return
        if self._mode == "maybe" and (at - self._from).manhattanLength() >= _DRAG_FROM and self._may_drag():
            with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._mode = "band" if with_shift else "pan"
            self._wishes.set_hover(NOTHING)
        if self._mode == "pan":
            step = at - self._last
            self._wishes.set_view(self._state.view.panned(step.x(), step.y()))
        elif self._mode == "band":
            self.band = QRectF(self._from, at).normalized()
            self._wishes.update()
        self._last = at

    def _may_drag(self) -> bool:
        return self._pressed is not None and self._pressed.kind in ("empty", "edge", "pixel")

    def release(self, event: QMouseEvent) -> None:
        """End a drag, or click."""
        mode, self._mode = self._mode, "none"
        keys = event.modifiers()
        adds = bool(keys & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
        if mode == "band" and self.band is not None:
            band, self.band = self.band, None
            self._wishes.select_spots(
                units_in(self._state, band), adds=bool(keys & Qt.KeyboardModifier.ControlModifier)
            )
        elif mode == "maybe" and self._pressed is not None and not self._was_double:
            self._click(self._pressed, event, adds=adds)
        self._was_double = False
        self._pressed = None
        self._at = event.position()
        self.look_again()

    def look_again(self) -> None:
        """Find what lies under the mouse now, also where the diagram changed beneath it."""
        if self._mode == "none" and self._at is not None:
            self._wishes.set_hover(target_at(self._state, self._edges, self._at))

    def _click(self, pressed: Target, event: QMouseEvent, *, adds: bool) -> None:
        if target_at(self._state, self._edges, event.position()) != pressed:
            return
        if pressed.kind in ("menu", "minus", "plus", "insert", "neurons", "matrix", "title", "earlier", "later"):
            self._wishes.press_button(pressed)
        elif pressed.kind != "unit" or pressed.place != INPUT:
            toggles = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._wishes.select(pressed, adds=adds, toggles=toggles)

    def double_click(self, event: QMouseEvent) -> None:
        """Open a neuron; fit the picture on empty ground."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        target = target_at(self._state, self._edges, event.position())
        self._was_double = True
        self._mode, self._pressed, self._from = "maybe", target, event.position()
        if target.kind in ("plus", "minus", "insert"):  # two quick clicks on a button are two clicks
            self._was_double = False
        elif target.kind == "empty":
            self._wishes.set_view(whole_view(self._state))
        else:
            self._wishes.activate(target)

    def wheel(self, event: QWheelEvent) -> bool:
        """Zoom with Ctrl, scroll the column under the mouse; return whether the wheel was used."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        notches = turned / 120.0
        if not notches or self._state.layout is None:
            return False
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._wishes.set_view(self._state.view.zoomed(_ZOOM_PER_NOTCH**notches, event.position()))
            return True
        for column in self._state.layout.columns:
            body = self._state.view.rect(column.body).adjusted(-8, 0, 24, 0)
            if column.is_part and column.kind != "image" and body.contains(event.position()):
                rows = round(-notches * 3) or (-1 if notches > 0 else 1)
                self._wishes.scroll_column(column.place, rows)
                return True
        if self._state.layout.is_wide:
            self._wishes.set_view(self._state.view.panned(notches * _PAN_PER_NOTCH * self._state.layout.em, 0.0))
            return True
        return False

    def leave(self) -> None:
        """Forget what lay under the mouse."""
        self._at = None
        if self._mode == "none":
            self._wishes.set_hover(NOTHING)
