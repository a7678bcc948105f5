"""The diagram as screen readers see it: a list whose items are the neurons, each with a spoken value.

Qt asks for these interfaces only while an assistive program listens. It keeps what it was given for the life of the
application, so the items are kept here as well, and read the diagram anew each time they are asked.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QWidget

from playground.views.diagram.hit import unit_at
from playground.views.diagram.picture import INPUT, image_shape
from playground.views.diagram.state import DiagramState
from playground.views.diagram.wording import spoken

if TYPE_CHECKING:
    from playground.views.diagram.intents import DiagramIntents

Spot = tuple[int, int]

_KEPT: list[QAccessibleInterface] = []
_STATES: weakref.WeakKeyDictionary[QObject, DiagramState] = weakref.WeakKeyDictionary()
_INSTALLED: list[bool] = []


def make_accessible(diagram: DiagramIntents, state: DiagramState) -> None:
    """Let screen readers reach the neurons of this diagram."""
    _STATES[diagram] = state
    if not _INSTALLED:
        _INSTALLED.append(True)
        QAccessible.installFactory(_interface_of)


def _interface_of(_name: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, QWidget) or thing not in _STATES:
        return None
    found = DiagramAccessible(thing, _STATES[thing])
    _KEPT.append(found)
    return found


def announce_focus(diagram: QWidget, state: DiagramState) -> None:
    """Tell screen readers which neuron the keyboard is on."""
    if not QAccessible.isActive() or state.focus is None:
        return
    event = QAccessibleEvent(diagram, QAccessible.Event.Focus)
    event.setChild(child_of(state, state.focus))
    QAccessible.updateAccessibility(event)


def _places(state: DiagramState) -> range:
    """Return the columns whose neurons are items: the input's only where they are lamps."""
    if state.picture is None:
        return range(0)
    first = 0 if image_shape(state.picture.spec) is not None else INPUT
    return range(first, len(state.picture.spec.layers))


def child_count(state: DiagramState) -> int:
    """Return the number of items: all neurons (and inputs that are lamps), column after column."""
    picture = state.picture
    return 0 if picture is None else sum(picture.width(place) for place in _places(state))


def child_of(state: DiagramState, spot: Spot) -> int:
    """Return the number of the item for the neuron at a place and row."""
    picture = state.picture
    return -1 if picture is None else sum(picture.width(at) for at in _places(state) if at < spot[0]) + spot[1]


def spot_of(state: DiagramState, index: int) -> Spot | None:
    """Return place and row of an item, None where there is none."""
    for place in _places(state):
        width = 0 if state.picture is None else state.picture.width(place)
        if index < width:
            return place, index
        index -= width
    return None


class DiagramAccessible(QAccessibleInterface):
    """The diagram as a list of neurons."""

    def __init__(self, diagram: QWidget, state: DiagramState) -> None:
        super().__init__()
        self._diagram, self._state = diagram, state
        self._items: dict[int, UnitAccessible] = {}

    def isValid(self) -> bool:
        """Return whether the diagram is still there."""
        try:
            self._diagram.objectName()
        except RuntimeError:  # Qt has deleted the widget; only its Python half is left
            return False
        return True

    def object(self) -> QObject:
        """Return the widget."""
        return self._diagram

    def role(self) -> QAccessible.Role:
        """Return that this is a list."""
        return QAccessible.Role.List

    def text(self, kind: QAccessible.Text, /) -> str:
        """Return name and description."""
        if kind == QAccessible.Text.Name:
            return self._diagram.accessibleName()
        return self._diagram.accessibleDescription() if kind == QAccessible.Text.Description else ""

    def setText(self, kind: QAccessible.Text, words: str, /) -> None:
        """Change nothing: the words come from the network."""

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return the widget around the diagram."""
        around = self._diagram.parentWidget()
        return None if around is None else QAccessible.queryAccessibleInterface(around)

    def childCount(self) -> int:
        """Return the number of neurons."""
        return child_count(self._state)

    def child(self, index: int, /) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return one neuron."""
        if not 0 <= index < self.childCount():
            return None
        if index not in self._items:
            self._items[index] = UnitAccessible(self, index)
            _KEPT.append(self._items[index])
        return self._items[index]

    def childAt(self, x: int, y: int, /) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return the neuron at a point of the screen."""
        point = QPointF(self._diagram.mapFromGlobal(QPointF(x, y).toPoint()))
        for column in () if self._state.layout is None else self._state.layout.columns:
            row = unit_at(self._state, column, point)
            if row is not None:
                return self.child(child_of(self._state, (column.place, row)))
        return None

    def indexOfChild(self, child: QAccessibleInterface, /) -> int:
        """Return the number of a neuron."""
        return child.index if isinstance(child, UnitAccessible) else -1

    def rect(self) -> QRect:
        """Return where the diagram is on the screen."""
        return QRect(self._diagram.mapToGlobal(self._diagram.rect().topLeft()), self._diagram.size())

    def state(self) -> QAccessible.State:
        """Return that it can be focused, and is."""
        found = QAccessible.State()
        found.focusable, found.focused = 1, int(self._diagram.hasFocus())
        return found

    def spoken(self, index: int) -> str:
        """Return what is said of a neuron."""
        spot = spot_of(self._state, index)
        return "" if spot is None else spoken(self._state, *spot)

    def unit_rect(self, index: int) -> QRect:
        """Return where a neuron is on the screen, empty where it is out of sight."""
        spot = spot_of(self._state, index)
        cell = None if spot is None or self._state.layout is None else self._state.layout.column(spot[0]).cell(spot[1])
        if cell is None:
            return QRect()
        shown = self._state.view.rect(cell).toRect()
        return QRect(self._diagram.mapToGlobal(shown.topLeft()), shown.size())

    def unit_state(self, index: int) -> QAccessible.State:
        """Return whether a neuron is focused or selected."""
        found = QAccessible.State()
        spot = spot_of(self._state, index)
        if spot is None:
            found.invalid = 1
            return found
        found.focusable = found.selectable = 1
        found.focused = int(self._diagram.hasFocus() and self._state.focus == spot)
        found.selected = int(spot[1] in self._state.selected_rows(spot[0]))
        return found


class UnitAccessible(QAccessibleInterface):
    """One neuron as an item of the list."""

    def __init__(self, diagram: DiagramAccessible, index: int) -> None:
        super().__init__()
        self._diagram, self.index = diagram, index

    def isValid(self) -> bool:
        """Return whether there is such a neuron now."""
        return self._diagram.isValid() and self.index < self._diagram.childCount()

    def object(self) -> QObject | None:  # type: ignore[override]
        """Return nothing: a neuron is no widget."""
        return None

    def role(self) -> QAccessible.Role:
        """Return that this is an item of a list."""
        return QAccessible.Role.ListItem

    def text(self, kind: QAccessible.Text, /) -> str:
        """Return the spoken value."""
        return self._diagram.spoken(self.index) if kind == QAccessible.Text.Name and self.isValid() else ""

    def setText(self, kind: QAccessible.Text, words: str, /) -> None:
        """Change nothing: the words come from the network."""

    def parent(self) -> QAccessibleInterface:
        """Return the diagram."""
        return self._diagram

    def childCount(self) -> int:
        """Return that a neuron has no parts."""
        return 0

    def child(self, _index: int, /) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return no part."""
        return None

    def childAt(self, _x: int, _y: int, /) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return no part."""
        return None

    def indexOfChild(self, _child: QAccessibleInterface, /) -> int:
        """Return that nothing is a part."""
        return -1

    def rect(self) -> QRect:
        """Return where the neuron is on the screen."""
        return self._diagram.unit_rect(self.index) if self._diagram.isValid() else QRect()

    def state(self) -> QAccessible.State:
        """Return whether the neuron is focused or selected."""
        return self._diagram.unit_state(self.index) if self._diagram.isValid() else QAccessible.State()
