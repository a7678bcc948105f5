"""How the network lab hides what a class is not to see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from playground.labs.hiding import HiddenParts, head_named
from playground.labs.network.parts import PARTS
from playground.labs.network.stage_switch import BENT, GALLERY, LANDSCAPE, NETWORK, PLANE
from playground.views.diagram.menus import MATRIX

if TYPE_CHECKING:
    from playground.labs.network.view import NetworkView

# parts that the diagram offers by signs, menus and keys of its own -> the wishes that it then withholds
_WISHES = {
    "network.building": (
        "add_unit_requested", "remove_unit_requested", "insert_layer_requested", "remove_layer_requested",
        "move_layer_requested", "activation_chosen", "dropout_chosen", "delete_units", "delete_units_requested",
        "duplicate_units", "duplicate_units_requested",
    ),
    "network.freeze": (
        "freeze_units", "freeze_units_requested", "freeze_layer_requested", "freeze_edges_requested",
        "cut_edges_requested",
    ),
    "network.matrix": (MATRIX,),
}  # fmt: skip
_PAGES = {
    "network.gallery": GALLERY,
    "network.plane_stage": PLANE,
    "network.bent": BENT,
    "network.landscape": LANDSCAPE,
}
_PANELS = {"data": "network.data_panel", "plots": "network.curves", "inspector": "network.neuron_panel"}


class NetworkHiding:
    """Hides parts of the network lab, and shows them again as they were."""

    def __init__(self, view: NetworkView) -> None:
        self._view = view
        self._parts = HiddenParts(PARTS, _widgets(view), view.transport)

    def set(self, hidden: frozenset[str]) -> None:
        """Hide these parts and show all others."""
        self._parts.set(hidden)
        wishes = frozenset(wish for part, group in _WISHES.items() if part in hidden for wish in group)
        self._view.diagram.set_withheld(wishes)
        if self._view.page() in (page for part, page in _PAGES.items() if part in hidden):
            self._view.show_page(NETWORK)


def _widgets(view: NetworkView) -> Mapping[str, tuple[QWidget, ...]]:
    panel, plane, inspector = view.data_panel, view.data_panel.plane, view.inspector
    neuron, group, edges, stage = inspector.neuron, inspector.group, inspector.edges, view.stage_switch
    return {
        **{part: (stage.button(page),) for part, page in _PAGES.items()},
        "network.data_source": (panel.source,),
        "network.plane_shapes": (plane.shapes, plane.formula, *plane.fields.values()),
        "network.plane_points": (plane.tools,),
        "network.features": (head_named(plane, "Inputs"), plane.features),
        "network.perceptron": (plane.perceptron,),
        "network.examples": (panel.browser,),
        "network.drawing": (panel.drawing, panel.received),
        "network.adjust": (panel.adjust,),
        "network.add": (panel.add_row,),
        "network.answer": (_box_of(panel.answer),),
        "network.predictions": (_named(panel, "answer_all"),),
        "network.building": (group.duplicate, group.delete),
        "network.freeze": (
            _named(neuron, "freeze_neuron"),
            _named(neuron, "freeze_layer"),
            group.freeze,
            edges.buttons["cut"],
            edges.buttons["freeze"],
        ),
        "network.brush": (neuron.tools,),
        "network.transforms": (neuron.transforms, head_named(group, "Incoming weights"), group.transforms),
        "network.bias": (neuron.bias_field,),
        "network.sum": (head_named(neuron, "Weighted sum"), neuron.weighted_sum, neuron.table),
        "network.edge_tools": (
            edges.weight_field,
            edges.all_field,
            edges.factor_field,
            edges.buttons["zero"],
            edges.buttons["flip"],
        ),
        "network.effect": (inspector.card,),
        "network.gradients": (view.gradients,),
        **{_PANELS[name]: (panel,) for name, panel in view.panels().items()},
    }


def _named(parent: QWidget, name: str) -> QWidget:
    return next(widget for widget in parent.findChildren(QWidget) if widget.objectName() == name)


def _box_of(widget: QWidget) -> QWidget:
    """Return what holds a widget with its head."""
    return widget.parentWidget() or widget
