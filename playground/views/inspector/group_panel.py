"""The panel of several neurons: what it does, it does to all of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.engine.commands import TransformUnits
from playground.engine.snapshots import Snapshot
from playground.views.grid.arrangement import place_of
from playground.views.grid.intents import IntentWidget
from playground.views.grid.wall import TileWall
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.flow import FlowLayout
from playground.views.inspector.panel_box import space_out
from playground.views.inspector.transform_row import TransformRow
from playground.views.inspector.words import QuietLine, SectionHead
from playground.views.look import Look

Unit = tuple[int, int]  # layer id, unit id


class GroupPanel(IntentWidget):
    """Several neurons, by (layer id, unit id). What it asks for is one change, however many layers they stand in."""

    unit_selected = Signal(object, object)  # layer id, unit id
    transforms_requested = Signal(object)  # tuple of TransformUnits, one a layer: together one change
    freeze_requested = Signal(object, bool)  # units, whether they are to be frozen
    duplicate_requested = Signal(object)  # units
    delete_requested = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._units: tuple[Unit, ...] = ()
        self._snapshot: Snapshot | None = None
        self.setObjectName("group_panel")
        self._head = SectionHead(look, "Neurons", parent=self)
        self._words = QuietLine(look, "What you do here is done to all of them.", parent=self)
        self.wall = TileWall(look, self)
        self.wall.setObjectName("group_faces")
        self.wall.setAccessibleName("selected neurons")
        self.wall.setToolTip("The selected neurons; a click shows one of them alone")
        self.wall.unit_chosen.connect(self._choose)
        self._transform_head = SectionHead(look, "Incoming weights", parent=self)
        self.transforms = TransformRow(look, self, prefix="group_transform")
        self.transforms.chosen.connect(self._transform)
        self.freeze = self._button("freeze", "freeze", "Keep all weights and biases of these neurons as they are")
        self.freeze.setCheckable(True)
        self.freeze.clicked.connect(self._toggle_frozen)
        self.duplicate = self._button("duplicate", "duplicate", "Copy each neuron; both of a pair send on half")
        self.duplicate.clicked.connect(self._duplicate)
        self.delete = self._button("trash", "delete", "Remove these neurons with all their weights")
        self.delete.clicked.connect(self._delete)
        self._arrange()
        look.changed.connect(self._render_look)

    def set_units(self, units: Sequence[Unit]) -> None:
        """Show other neurons."""
        self._units = tuple(units)
        self._render()

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Show a new moment."""
        self._snapshot = snapshot
        self._render()

    def _button(self, icon: str, text: str, hint: str) -> IconButton:
        return IconButton(self._look, f"group_{text}", text, f"{hint}.", icon=icon, text=text, parent=self)

    def _arrange(self) -> None:
        line = FlowLayout(self._look, gap=0.3)
        for button in (self.freeze, self.duplicate, self.delete):
            line.addWidget(button)
        self._box = QVBoxLayout(self)
        self._box.addWidget(self._head)
        self._box.addWidget(self._words)
        self._box.addWidget(self.wall)
        self._box.addLayout(line)
        self._box.addWidget(self._transform_head)
        self._box.addWidget(self.transforms)
        self._box.addStretch(1)
        self._render_look()

    def _render_look(self) -> None:
        space_out(self._box, self._look)

    def _places(self) -> list[tuple[int, int]]:
        if self._snapshot is None:
            return []
        found = (place_of(self._snapshot.spec, *unit) for unit in self._units)
        return [place for place in found if place is not None]

    def _render(self) -> None:
        snapshot, places = self._snapshot, self._places()
        if snapshot is None or not places:
            return
        spec = snapshot.spec
        layers = sorted({index for index, _ in places})
        names = " and ".join(spec.layer_name(index) for index in layers)
        self._head.set_text(f"{len(places)} neurons of {names}")
        last = len(spec.layers) - 1
        self.duplicate.setEnabled(last not in layers)
        self.delete.setEnabled(last not in layers)
        is_image = layers == [0] and len(spec.input_shape) > 1
        self.transforms.set_is_strip(is_strip=not is_image)
        self.wall.show_only([row for index, row in places if index == places[0][0]])
        self.wall.render_snapshot(snapshot, places[0][0])
        self._fit_wall()
        self.freeze.setChecked(_are_frozen(snapshot, places))

    def _fit_wall(self) -> None:
        height = self.wall.height_for(self.wall.viewport().width(), round(13 * self._look.em()))
        if height != self.wall.height():
            self.wall.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the faces take the height that they need."""
        super().resizeEvent(event)
        self._fit_wall()

    def _by_layer(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, list[int]] = {}
        for layer, unit in self._units:
            found.setdefault(layer, []).append(unit)
        return {layer: tuple(units) for layer, units in found.items()}

    def _transform(self, kind: str, amount: float | None, dx: int, dy: int, seed: int) -> None:
        if self._snapshot is None:
            return
        found = []
        for layer, units in self._by_layer().items():
            index = self._snapshot.spec.index_of(layer)
            if index is not None:
                size = float(np.std(self._snapshot.weight(index))) if amount is None else amount
                found.append(TransformUnits(layer, units, kind, size, dx=dx, dy=dy, seed=seed))
        if found:
            self.transforms_requested.emit(tuple(found))

    def _toggle_frozen(self) -> None:
        self.freeze_requested.emit(self._units, self.freeze.isChecked())

    def _choose(self, row: int) -> None:
        places = self._places()
        if self._snapshot is not None and places:
            layer = self._snapshot.spec.layers[places[0][0]]
            self.unit_selected.emit(layer.id, layer.units[row])

    def _duplicate(self) -> None:
        self.duplicate_requested.emit(self._units)

    def _delete(self) -> None:
        self.delete_requested.emit(self._units)


def _are_frozen(snapshot: Snapshot, places: Sequence[tuple[int, int]]) -> bool:
    if snapshot.movable is None:
        return False
    for index, row in places:
        weights = snapshot.mask("movable", index)
        if weights is None or weights[row].any():
            return False
    return True
