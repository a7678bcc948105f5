"""What mouse and keyboard set off: selection, focus, view, and the wishes that go out as signals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from playground.views.diagram.accessible import announce_focus
from playground.views.diagram.beyond import moved_on
from playground.views.diagram.edge_layer import EdgeLayer
from playground.views.diagram.intents import DiagramIntents
from playground.views.diagram.menus import MATRIX, are_masked
from playground.views.diagram.picture import INPUT, EdgeKey, UnitKey
from playground.views.diagram.state import NOTHING, DiagramState, Target
from playground.views.diagram.viewport import View
from playground.views.diagram.wording import spoken

_Key = TypeVar("_Key")
_BUTTONS = ("menu", "minus", "plus", "insert", "neurons", "matrix", "earlier", "later")


class DiagramActions(QObject):
    """Changes the state of the diagram by the user's hand and tells the owner of it through ``intents``."""

    plan_outdated = Signal()
    menu_wanted = Signal(object)  # Target

    def __init__(self, state: DiagramState, edges: EdgeLayer, intents: DiagramIntents) -> None:
        super().__init__(intents)
        self._state, self._edges, self._intents = state, edges, intents
        self._pointed_out: UnitKey | None = None

    # ---- view and pointer --------------------------------------------------------------------------------------

    def set_view(self, view: View) -> None:
        """Zoom or pan."""
        if self._state.layout is None:
            return
        view = view.kept_near(self._state.layout.stage, self._state.layout.extent)
        if view != self._state.view:
            self._state.view = view
            self._edges.move(view)
            self._intents.update()

    def scroll_column(self, place: int, rows: int) -> None:
        """Scroll a column that shows a part of its neurons."""
        if self._state.scroll(place, rows):
            self.plan_outdated.emit()

    def update(self) -> None:
        """Paint anew."""
        self._intents.update()

    def set_hover(self, target: Target) -> None:
        """Take note of what lies under the mouse."""
        if target == self._state.hover:
            return
        self._state.hover = target
        self._state.current_layer()
        hand = Qt.CursorShape.PointingHandCursor if target.kind in _BUTTONS else Qt.CursorShape.ArrowCursor
        if self._intents.cursor().shape() != hand:
            self._intents.setCursor(hand)
        self._point_out(target)

    def forget_hover(self) -> None:
        """Take note that the structure is another one, so that what lay under the mouse may be gone."""
        self._state.hover = NOTHING
        self._point_out(NOTHING)

    def _point_out(self, target: Target) -> None:
        """Let the edges of a neuron, or one edge, stand out, and tell the owner which neuron it is."""
        spot = (target.place, target.row) if target.kind == "unit" else None
        edge = (target.place, target.row, target.column) if target.kind == "edge" else None
        self._edges.emphasise(spot, edge)
        self._edges.show_pixels_of(self._state.pixel_row())
        key = self._unit_key(target)
        if key != self._pointed_out:
            self._pointed_out = key
            self._intents.unit_hovered.emit(key)
        self._intents.update()

    def _unit_key(self, target: Target) -> UnitKey | None:
        if target.kind != "unit" or target.place == INPUT or self._state.places is None:
            return None
        return self._state.places.unit_key(target.place, target.row)

    # ---- selection ---------------------------------------------------------------------------------------------

    def selection(self) -> tuple[list[UnitKey], list[EdgeKey]]:
        """Return the selected neurons and edges."""
        return list(self._state.units), list(self._state.edges)

    def set_selection(self, units: Sequence[UnitKey], edges: Sequence[EdgeKey]) -> None:
        """Show these neurons and edges as selected; says nothing back."""
        state = self._state
        if (list(units), list(edges)) == (state.units, state.edges):
            return
        state.units, state.edges = list(units), list(edges)
        last = units[-1][0] if units else edges[-1][0] if edges else None
        place = None if last is None or state.places is None else state.places.layer(last)
        if place is not None:
            state.make_current(place)
        self._edges.show_pixels_of(state.pixel_row())
        self._intents.update()

    def _select(self, units: list[UnitKey], edges: list[EdgeKey]) -> None:
        if (units, edges) != self.selection():
            self.set_selection(units, edges)
            self._intents.selection_changed.emit(units, edges)

    def select(self, target: Target, *, adds: bool, toggles: bool) -> None:
        """Select a neuron or an edge, or nothing where empty ground was clicked."""
        units, edges = self.selection() if adds else ([], [])
        unit, places = self._unit_key(target), self._state.places
        if unit is not None:
            self._state.focus, self._state.is_focus_shown = (target.place, target.row), False
            units = _with(units, unit, toggles=toggles)
        elif target.kind in ("edge", "cell") and places is not None:
            edges = _with(edges, places.edge_key(target.place, target.row, target.column), toggles=toggles)
        self._select(units, edges)

    def select_spots(self, spots: Iterable[tuple[int, int]], *, adds: bool) -> None:
        """Select the neurons at these places and rows."""
        if self._state.places is None:
            return
        units, edges = self.selection() if adds else ([], [])
        known = set(units)
        found = [self._state.places.unit_key(*spot) for spot in spots]
        self._select(units + [key for key in found if key not in known], edges)

    def select_layer(self, layer_id: int) -> None:
        """Select all neurons of a layer."""
        index = None if self._state.places is None else self._state.places.layer(layer_id)
        if index is not None and self._state.picture is not None:
            self._select([(layer_id, unit) for unit in self._state.picture.spec.layers[index].units], [])

    def clear_selection(self) -> None:
        """Select nothing."""
        self._select([], [])

    # ---- focus -------------------------------------------------------------------------------------------------

    def move_focus(self, place: int, row: int) -> None:
        """Put the focus cell on another neuron and say so to screen readers."""
        state = self._state
        state.focus, state.is_focus_shown = (place, row), True
        view = state.view
        if state.bring_into_sight(place, row):
            if state.view != view:
                self._edges.move(state.view)
            else:
                self.plan_outdated.emit()
        state.make_current(place)
        self._speak(spoken(state, place, row))
        self._point_out(Target("unit", place, row))

    def leave_focus(self) -> None:
        """Hide the focus cell: the keyboard is elsewhere."""
        if self._state.is_focus_shown:
            self._state.is_focus_shown = False
            self._point_out(self._state.hover)

    def _speak(self, words: str) -> None:
        self._intents.setAccessibleDescription(words)
        announce_focus(self._intents, self._state)

    def select_focus(self, *, adds: bool) -> None:
        """Select the neuron that the focus cell is on."""
        focus = self._state.focus
        if focus is not None and focus[0] != INPUT:
            self.select(Target("unit", *focus), adds=adds, toggles=False)
            self._state.is_focus_shown = True
            self._speak(spoken(self._state, *focus))

    def select_focus_layer(self) -> None:
        """Select all neurons of the focus cell's layer."""
        place = self._state.focus[0] if self._state.focus is not None else self._state.current_layer()
        if place != INPUT:
            self.select_layer(self._state.layer_id(place))

    # ---- wishes ------------------------------------------------------------------------------------------------

    def activate(self, target: Target) -> None:
        """Open what was double-clicked."""
        key = self._unit_key(target)
        if key is not None:
            self._intents.unit_activated.emit(key)

    def press_button(self, target: Target) -> None:
        """Do what a button of the diagram stands for."""
        layer_id = self._state.layer_id(target.place)
        if target.kind in ("plus", "minus"):
            self.change_width(target.place, more=target.kind == "plus")
        elif target.kind == "insert":
            self._ask("insert_layer_requested", layer_id)
        elif target.kind in ("neurons", "matrix"):
            self.show_matrix(layer_id, target.kind == "matrix")
        elif target.kind in ("earlier", "later"):
            self.set_view(moved_on(self._state, is_later=target.kind == "later"))
        elif target.kind == "menu":
            self.menu_wanted.emit(target)
        elif target.place != INPUT:
            self._state.make_current(target.place)
            self._intents.update()

    def change_width(self, place: int, *, more: bool) -> None:
        """Wish for one neuron more or less in a hidden layer."""
        if self._state.picture is None or not 0 <= place < len(self._state.picture.spec.layers) - 1:
            return
        self._ask("add_unit_requested" if more else "remove_unit_requested", self._state.layer_id(place))

    def show_matrix(self, layer_id: int, on: bool) -> None:
        """Show a layer as matrix, or as neurons joined by edges."""
        if (layer_id in self._state.matrix_ids) != on:
            self._state.matrix_ids ^= {layer_id}
            self.plan_outdated.emit()
            self._intents.matrix_shown.emit(layer_id, on)

    def show_matrices(self, on: bool) -> None:
        """Show all layers as matrix, or as neurons joined by edges."""
        for layer in () if self._state.picture is None else self._state.picture.spec.layers:
            self.show_matrix(layer.id, on)

    def toggle_matrices(self) -> None:
        """Show all layers as matrix, or as neurons again where all are."""
        picture = self._state.picture
        if MATRIX in self._state.withheld:
            self._intents.withheld_wished.emit()
            return
        self.show_matrices(picture is not None and len(self._state.matrix_ids) < len(picture.spec.layers))

    def toggle_matrix(self) -> None:
        """Show the current layer as matrix, or as neurons again."""
        if MATRIX in self._state.withheld:
            self._intents.withheld_wished.emit()
            return
        layer_id = self._state.layer_id(self._state.current_layer())
        self.show_matrix(layer_id, layer_id not in self._state.matrix_ids)

    def delete_selection(self) -> None:
        """Wish for the selected neurons to go, or for the selected edges to be cut (joined where all are cut)."""
        units, edges = self.selection()
        if units:
            self.delete_units(units)
        elif edges and self._state.picture is not None:
            is_cut = are_masked(self._state, self._state.picture, edges, "present")
            self._ask("cut_edges_requested", edges, not is_cut)

    def delete_units(self, units: Sequence[UnitKey]) -> None:
        """Wish for neurons to go; outputs follow the data and stay."""
        if hidden := self._hidden(units):
            self._ask("delete_units_requested", hidden)

    def duplicate_selection(self) -> None:
        """Wish for the selected neurons to be duplicated."""
        self.duplicate_units(self._state.units)

    def duplicate_units(self, units: Sequence[UnitKey]) -> None:
        """Wish for neurons to be duplicated."""
        if hidden := self._hidden(units):
            self._ask("duplicate_units_requested", hidden)

    def freeze_units(self, units: Sequence[UnitKey], freeze: bool) -> None:
        """Wish for neurons to be frozen, or to train again."""
        self._ask("freeze_units_requested", list(units), freeze)

    def _ask(self, wish: str, *values: object) -> None:
        """Tell the owner of a wish, or that this one is not offered."""
        if wish in self._state.withheld:
            self._intents.withheld_wished.emit()
        else:
            getattr(self._intents, wish).emit(*values)

    def _hidden(self, units: Sequence[UnitKey]) -> list[UnitKey]:
        picture = self._state.picture
        last = None if picture is None else picture.spec.layers[-1].id
        return [key for key in units if key[0] != last]


def _with(keys: list[_Key], key: _Key, *, toggles: bool) -> list[_Key]:
    if key not in keys:
        return [*keys, key]
    return [kept for kept in keys if kept != key] + ([] if toggles else [key])
