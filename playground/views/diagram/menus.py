"""The context menus of layers, neurons and edges. Each action carries what it asks for as its data."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QMenu, QWidget, QWidgetAction

from playground.engine.spec import ACTIVATION_NAMES, ACTIVATIONS, OUTPUT_ACTIVATIONS
from playground.views.diagram.picture import EdgeKey, Picture, UnitKey
from playground.views.diagram.state import DiagramState

Wish = tuple[object, ...]  # name of the signal (or of the diagram's own method) and its arguments

DROPOUT_NAME = "diagram-dropout"
MATRIX = "show_matrix"  # the wish of one layer stands for that of all
OWN_ACTIONS = (
    "select_layer",
    "show_matrix",
    "duplicate_units",
    "delete_units",
    "freeze_units",
    "clear_selection",
    "show_matrices",
)


def add(menu: QMenu, name: str, text: str, wish: Wish, tip: str = "", *, enabled: bool = True) -> QAction:
    """Add an action that carries its wish."""
    action = menu.addAction(text)
    action.setObjectName(f"diagram-{name}")
    action.setData(wish)
    action.setEnabled(enabled)
    action.setToolTip(tip or text)
    return action


def _new_menu(parent: QWidget, name: str, title: str) -> QMenu:
    menu = QMenu(title, parent)
    menu.setObjectName(f"diagram-{name}-menu")
    menu.setAccessibleName(title)
    menu.setToolTipsVisible(True)
    return menu


def _add_head(menu: QMenu, text: str) -> None:
    """Name on top of the menu what it is about (the style of the window draws no names of sections)."""
    label = QLabel(text, menu)
    label.setObjectName("diagram-menu-head")
    label.setProperty("role", "muted")
    label.setContentsMargins(24, 3, 12, 3)
    head = QWidgetAction(menu)
    head.setObjectName("diagram-head")
    head.setDefaultWidget(label)
    head.setEnabled(False)
    menu.addAction(head)


def without(menu: QMenu, withheld: frozenset[str]) -> QMenu:
    """Take what is not offered out of a menu."""
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            without(inner, withheld)
            is_gone = not inner.actions()
        else:
            wish = "dropout_chosen" if action.objectName() == "diagram-dropout-action" else (action.data() or ("",))[0]
            is_gone = wish in withheld or (wish == "show_matrices" and MATRIX in withheld)
        if is_gone:
            menu.removeAction(action)
    return menu


def has_choices(menu: QMenu) -> bool:
    """Say whether a menu has more than its head."""
    return any(action.isEnabled() and not action.isSeparator() for action in menu.actions())


def layer_menu(parent: QWidget, state: DiagramState, picture: Picture, place: int) -> QMenu:
    """Return the menu of a layer."""
    layer, last = picture.spec.layers[place], len(picture.spec.layers) - 1
    is_output = place == last
    menu = _new_menu(parent, "layer", picture.spec.layer_name(place))
    _add_head(menu, picture.spec.layer_name(place))
    _add_activations(menu, picture, place)
    if not is_output:
        menu.addAction(_dropout_action(menu, layer.id, layer.dropout))
        menu.addSeparator()
        add(menu, "add-unit", "Add a neuron", ("add_unit_requested", layer.id), "Its outgoing weights start at 0")
        add(menu, "remove-unit", "Remove the last neuron", ("remove_unit_requested", layer.id), enabled=layer.width > 1)
    menu.addSeparator()
    before = ("insert_layer_requested", layer.id)
    add(
        menu,
        "insert-before",
        "Insert a layer before",
        before,
        "It starts as near the identity as its activation allows",
    )
    if not is_output:
        after = ("insert_layer_requested", picture.spec.layers[place + 1].id)
        add(
            menu,
            "insert-after",
            "Insert a layer after",
            after,
            "It starts as near the identity as its activation allows",
        )
        add(menu, "move-left", "Move left", ("move_layer_requested", layer.id, -1), enabled=place > 0)
        add(menu, "move-right", "Move right", ("move_layer_requested", layer.id, 1), enabled=place < last - 1)
        add(menu, "remove-layer", f"Remove {picture.spec.layer_name(place)}", ("remove_layer_requested", layer.id))
    menu.addSeparator()
    add(menu, "select-all", "Select all neurons", ("select_layer", layer.id))
    all_frozen = all(picture.is_frozen(place, row) for row in range(min(layer.width, 4096)))
    freeze: Wish = ("freeze_layer_requested", layer.id, not all_frozen)
    add(menu, "freeze-layer", "Let the layer train" if all_frozen else "Freeze the layer", freeze)
    is_matrix = layer.id in state.matrix_ids
    show = ("show_matrix", layer.id, not is_matrix)
    add(
        menu, "matrix", "Show as neurons" if is_matrix else "Show as matrix", show, "Read the layer as act = f(W x + b)"
    )
    return menu


def _add_activations(menu: QMenu, picture: Picture, place: int) -> None:
    layer = picture.spec.layers[place]
    is_output = place == len(picture.spec.layers) - 1
    chooser = menu.addMenu("Activation" if not is_output else "Activation (under squared error)")
    chooser.setObjectName("diagram-activation-menu")
    chooser.menuAction().setObjectName("diagram-activation")
    chooser.setToolTipsVisible(True)
    group = QActionGroup(chooser)
    for name in OUTPUT_ACTIVATIONS if is_output else ACTIVATIONS:
        tip = (
            "Nothing below a step can learn by gradient"
            if name == "step"
            else f"act = {ACTIVATION_NAMES[name]}(W x + b)"
        )
        action = add(chooser, f"activation-{name}", ACTIVATION_NAMES[name], ("activation_chosen", layer.id, name), tip)
        action.setCheckable(True)
        action.setChecked(name == layer.activation)
        group.addAction(action)


def _dropout_action(menu: QMenu, layer_id: int, share: float) -> QWidgetAction:
    """Return a line of the menu with the dropout as a number to type."""
    line = QWidget(menu)
    row = QHBoxLayout(line)
    row.setContentsMargins(24, 2, 12, 2)
    label = QLabel("Dropout", line)
    field = QDoubleSpinBox(line)
    field.setObjectName(DROPOUT_NAME)
    field.setAccessibleName("Dropout")
    field.setToolTip("The share of this layer's activations that each training step sets to 0: 0 is none, below 1.")
    field.setRange(0.0, 0.95)
    field.setSingleStep(0.05)
    field.setDecimals(2)
    field.setKeyboardTracking(False)
    field.setValue(share)
    field.setProperty("layer", layer_id)
    field.lineEdit().returnPressed.connect(menu.close)
    label.setBuddy(field)
    line.setFocusProxy(field)  # the arrow keys of the menu reach the field
    line.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    row.addWidget(label)
    row.addStretch(1)
    row.addWidget(field)
    action = QWidgetAction(menu)
    action.setObjectName("diagram-dropout-action")
    action.setDefaultWidget(line)
    return action


def units_menu(parent: QWidget, state: DiagramState, picture: Picture, units: Sequence[UnitKey]) -> QMenu:
    """Return the menu of one or several neurons."""
    count = len(units)
    title = f"{count} neurons" if count > 1 else "Neuron"
    menu = _new_menu(parent, "units", title)
    _add_head(menu, title)
    by_layer = state.units_by_layer(units)
    output = picture.spec.layers[-1]
    is_hidden = output.id not in by_layer
    what = f"these {count} neurons" if count > 1 else "this neuron"
    add(
        menu,
        "duplicate",
        f"Duplicate {what}\tCtrl+D",
        ("duplicate_units", units),
        "Each pair halves its outgoing weights",
        enabled=is_hidden,
    )
    add(menu, "delete", f"Delete {what}\tDel", ("delete_units", units), enabled=is_hidden)
    menu.addSeparator()
    frozen = all(picture.is_frozen(*spot) for key in units if state.places and (spot := state.places.unit(key)))
    words = f"Let {what} train" if frozen else f"Freeze {what}"
    add(
        menu,
        "freeze",
        f"{words}\tF",
        ("freeze_units", units, not frozen),
        "Frozen weights stay as they are while the rest trains",
    )
    add(menu, "select-layer", "Select all neurons of the layer", ("select_layer", units[-1][0]))
    return menu


def edges_menu(parent: QWidget, state: DiagramState, picture: Picture, edges: Sequence[EdgeKey]) -> QMenu:
    """Return the menu of one or several edges."""
    count = len(edges)
    title = f"{count} edges" if count > 1 else "Edge"
    menu = _new_menu(parent, "edges", title)
    _add_head(menu, title)
    what = f"these {count} edges" if count > 1 else "this edge"
    cut, frozen = are_masked(state, picture, edges, "present"), are_masked(state, picture, edges, "movable")
    words = f"Join {what} again" if cut else f"Cut {what}"
    add(
        menu,
        "cut",
        f"{words}\tDel",
        ("cut_edges_requested", list(edges), not cut),
        "A cut edge carries nothing until it is joined again",
    )
    words = f"Let {what} train" if frozen else f"Freeze {what}"
    add(menu, "freeze-edges", f"{words}\tF", ("freeze_edges_requested", list(edges), not frozen))
    return menu


def are_masked(state: DiagramState, picture: Picture, edges: Sequence[EdgeKey], mask: str) -> bool:
    """Return whether all these edges are masked: ``present`` cut, ``movable`` frozen."""
    if state.places is None:
        return False
    for key in edges:
        spot = state.places.edge(key)
        found = None if spot is None else picture.mask(mask, spot[0])
        if spot is None or found is None or found[spot[1], spot[2]]:
            return False
    return bool(edges)


def ground_menu(parent: QWidget, state: DiagramState) -> QMenu:
    """Return the menu of empty ground."""
    menu = _new_menu(parent, "ground", "Diagram")
    add(menu, "fit", "Fit into the window\tCtrl+0", ("fit",), "Show the whole network (double click on empty ground)")
    is_all = state.picture is not None and len(state.matrix_ids) == len(state.picture.spec.layers)
    words = "Show all layers as neurons" if is_all else "Show all layers as matrix"
    add(menu, "matrices", f"{words}\tShift+M", ("show_matrices", not is_all), "Read each layer as act = f(W x + b)")
    has_selection = bool(state.units or state.edges)
    add(menu, "clear", "Select nothing\tEsc", ("clear_selection",), enabled=has_selection)
    return menu
