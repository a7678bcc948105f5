"""The gallery: every neuron of a layer with its incoming weights as a grid, in one colour scale or one each."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.engine.snapshots import Snapshot
from playground.engine.spec import NetworkSpec
from playground.views.fields import ChoiceField
from playground.views.grid.arrangement import place_of
from playground.views.grid.legend import Legend
from playground.views.grid.wall import TileWall
from playground.views.look import Look

_SCALES = (("layer", "per layer"), ("neuron", "per neuron"))


class WeightGallery(QWidget):
    """Layer choice, colour scale, legend, and the wall of tiles."""

    unit_selected = Signal(object, object)  # layer id, unit id

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._snapshot: Snapshot | None = None
        self._spec: NetworkSpec | None = None
        self._layer_id = -1
        self._selected = (-1, -1)
        self.setObjectName("weight_gallery")
        self.setAccessibleName("weights of a layer")
        self.layer_field = ChoiceField(
            look, "gallery_layer", "weights into", (("", ""),), "", "The layer whose neurons are shown", self
        )
        self.scale_field = ChoiceField(
            look,
            "gallery_scale",
            "colour scale",
            _SCALES,
            "layer",
            "One scale per layer lets neurons be compared; one per neuron shows the pattern of faint ones too",
            self,
        )
        self.legend = Legend(look, self)
        self.wall = TileWall(look, self)
        self.layer_field.chosen.connect(self._choose_layer)
        self.scale_field.chosen.connect(self._choose_scale)
        self.wall.unit_chosen.connect(self._choose_unit)
        self.wall.scale_changed.connect(self._render_legend)
        self._line = QHBoxLayout()
        self._line.addWidget(self.layer_field)
        self._line.addWidget(self.scale_field)
        self._line.addStretch(1)
        self._line.addWidget(self.legend)
        self._box = QVBoxLayout(self)
        self._box.addLayout(self._line)
        self._box.addWidget(self.wall, 1)
        look.changed.connect(self._render_look)
        self._render_look()

    # ---- what others call ----

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Show a new moment."""
        self._snapshot = snapshot
        if self._spec is not snapshot.spec:
            self._spec = snapshot.spec
            self._offer_layers(snapshot.spec)
        index = snapshot.spec.index_of(self._layer_id)
        if index is not None:
            self.wall.render_snapshot(snapshot, index)
            self._mark_selected()

    def set_layer(self, layer_id: int) -> None:
        """Show the neurons of another layer."""
        if layer_id == self._layer_id:
            return
        self._layer_id = layer_id
        self.layer_field.set_value(str(layer_id))
        if self._snapshot is not None:
            self.render_snapshot(self._snapshot)

    def layer(self) -> int:
        """Return the id of the layer that is shown."""
        return self._layer_id

    def set_selected(self, layer_id: int, unit_id: int) -> None:
        """Mark a neuron, and show its layer."""
        self._selected = (layer_id, unit_id)
        self.set_layer(layer_id)
        self._mark_selected()

    # ---- parts ----

    def _offer_layers(self, spec: NetworkSpec) -> None:
        if spec.index_of(self._layer_id) is None:
            self._layer_id = spec.layers[0].id
        options = [
            (str(layer.id), f"{spec.layer_name(index)} ({layer.width})") for index, layer in enumerate(spec.layers)
        ]
        self.layer_field.set_options(options, str(self._layer_id))

    def _mark_selected(self) -> None:
        place = None if self._snapshot is None else place_of(self._snapshot.spec, *self._selected)
        self.wall.set_selected(place[1] if place is not None and self._selected[0] == self._layer_id else -1)

    def _choose_layer(self, layer_id: str) -> None:
        if layer_id:
            self.set_layer(int(layer_id))

    def _choose_scale(self, name: str) -> None:
        self.wall.set_per_neuron(is_per_neuron=name == "neuron")
        self._render_legend(self.legend.scale())

    def _choose_unit(self, row: int) -> None:
        if self._snapshot is None:
            return
        index = self._snapshot.spec.index_of(self._layer_id)
        if index is not None and row < self._snapshot.spec.layers[index].width:
            self._selected = (self._layer_id, self._snapshot.spec.layers[index].units[row])
            self.unit_selected.emit(*self._selected)

    def _render_legend(self, scale: float) -> None:
        self.legend.set_scale(scale, is_relative=self.scale_field.value() == "neuron")

    def _render_look(self) -> None:
        em = self._look.em()
        self._line.setSpacing(round(1.2 * em))
        self._line.setContentsMargins(round(0.8 * em), round(0.5 * em), round(0.8 * em), 0)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(round(0.2 * em))
        self.legend.setMaximumWidth(round(14 * em))
