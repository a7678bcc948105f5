"""What the user can wish for in the diagram: signals, past the widget's own business."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class DiagramIntents(QWidget):
    """The signals of the network diagram. Layers and neurons go by their stable ids.

    ``units`` are lists of (layer id, unit id), ``edges`` lists of (layer id, unit id, id of the source; a
    pixel number in layer one).
    """

    selection_changed = Signal(object, object)  # units, edges
    unit_hovered = Signal(object)  # (layer id, unit id) or None
    unit_activated = Signal(object)  # double click: (layer id, unit id)
    add_unit_requested = Signal(int)
    remove_unit_requested = Signal(int)
    insert_layer_requested = Signal(int)  # in front of this layer
    remove_layer_requested = Signal(int)
    move_layer_requested = Signal(int, int)  # places towards the output, negative: towards the input
    activation_chosen = Signal(int, str)
    dropout_chosen = Signal(int, float)
    delete_units_requested = Signal(object)  # units: those of several layers are one wish
    duplicate_units_requested = Signal(object)
    freeze_units_requested = Signal(object, bool)  # units, True: freeze, False: let them train
    freeze_layer_requested = Signal(int, bool)
    cut_edges_requested = Signal(object, bool)  # edges, True: cut, False: join again
    freeze_edges_requested = Signal(object, bool)
    matrix_shown = Signal(int, bool)
    withheld_wished = Signal()  # a key asked for what is not offered (see ``set_withheld``)
