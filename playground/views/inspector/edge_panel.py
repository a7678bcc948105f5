"""The panel of selected edges: number, slider, zero, flip, cut, freeze; several at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from playground.engine.commands import SetMask
from playground.engine.snapshots import Snapshot
from playground.views.fields import NumberField
from playground.views.grid.arrangement import NO_NAMES, Names
from playground.views.grid.intents import CellDrag, IntentWidget, next_stroke
from playground.views.grid.numerals import signed_text
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.edge_places import Edge, EdgePlaces, FloatArray, edge_name, edge_places, short_edge_name
from playground.views.inspector.flow import FlowLayout
from playground.views.inspector.leaving import leave_field
from playground.views.inspector.numbers_table import NumbersModel, NumbersTable
from playground.views.inspector.panel_box import space_out
from playground.views.inspector.words import QuietLine, SectionHead
from playground.views.look import Look

LARGEST = 1e6
WEIGHT_SLIDER = (-5.0, 5.0)
FACTOR_SLIDER = (-2.0, 2.0)


class EdgePanel(IntentWidget):
    """One or several edges, by (layer id, unit id, source id)."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._edges: tuple[Edge, ...] = ()
        self._places: EdgePlaces | None = None
        self._snapshot: Snapshot | None = None
        self._before: FloatArray = np.zeros(0, np.float32)
        self._names: list[str] = []
        self._short_names: list[str] = []
        self._data_names = NO_NAMES
        self.setObjectName("edge_panel")
        self._head = SectionHead(look, "Edge", parent=self)
        self._name = QuietLine(look, colour="text", parent=self)
        self._name.setObjectName("edge_name")
        self._flow = QuietLine(look, parent=self)
        self._flow.setObjectName("edge_flow")
        self._build_fields()
        self._connect_fields()
        self._build_buttons()
        self._build_list()
        self._arrange()
        look.changed.connect(self._render_look)

    # ---- what others call ----

    def set_names(self, names: Names) -> None:
        """Call inputs and outputs as the data do."""
        if names != self._data_names:
            self._data_names, self._places = names, None
            self._render()

    def set_edges(self, edges: Sequence[Edge]) -> None:
        """Show other edges."""
        if tuple(edges) != self._edges:
            self._end_drags()
            self._edges, self._places = tuple(edges), None
            self._say("")
            self._render()

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Show a new moment."""
        if self._snapshot is None or self._snapshot.spec is not snapshot.spec:
            self._places = None
        self._snapshot = snapshot
        self._render()

    def values(self) -> FloatArray:
        """Return the weights of the edges that are there ``[edges]``."""
        if self._snapshot is None or self._places is None:
            return np.zeros(0, np.float32)
        return self._snapshot.parameters[self._places.flat]

    # ---- building ----

    def _build_fields(self) -> None:
        self.weight_field = NumberField(
            self._look,
            "edge_weight",
            "weight",
            low=-LARGEST,
            high=LARGEST,
            value=0.0,
            signed=True,
            slider_range=WEIGHT_SLIDER,
            tooltip="The weight of the edge: what the neuron before it counts for in the one behind it",
            parent=self,
        )
        self.all_field = NumberField(
            self._look,
            "edge_weight_of_all",
            "set all to",
            low=-LARGEST,
            high=LARGEST,
            value=None,
            optional=True,
            slider=False,
            tooltip="A number sets all selected weights; empty while they differ",
            parent=self,
        )
        self.factor_field = NumberField(
            self._look,
            "edge_factor",
            "all times",
            low=-1000.0,
            high=1000.0,
            value=1.0,
            signed=True,
            slider_range=FACTOR_SLIDER,
            tooltip="Multiply all selected weights by a factor; it starts again at 1",
            parent=self,
        )

    def _connect_fields(self) -> None:
        for edit in self.all_field.findChildren(QLineEdit):
            edit.setPlaceholderText("differ")
        self._weight_drag, self._factor_drag = CellDrag(self), CellDrag(self)
        for field in (self.weight_field, self.all_field):
            field.edit_started.connect(self._weight_drag.begin)
            field.changed.connect(self._set_all)
            field.edit_finished.connect(self._weight_drag.end)
        self.factor_field.edit_started.connect(self._begin_scaling)
        self.factor_field.changed.connect(self._scale_all)
        self.factor_field.edit_finished.connect(self._factor_drag.end)

    def _build_buttons(self) -> None:
        rows = (
            ("zero", "zero", "Set the weights to 0; training may move them again", False, self._zero),
            ("flip", "flip", "Turn the sign: w ← −w", False, self._flip),
            ("cut", "cut", "Let nothing pass: the weight counts as 0 until it is joined again", True, self._cut),
            ("freeze", "freeze", "Keep the weights as they are while the rest trains on", True, self._freeze),
        )
        self.buttons: dict[str, IconButton] = {}
        for name, text, hint, checkable, act in rows:
            button = IconButton(
                self._look, f"edge_{name}", text, f"{hint}.", icon=name, text=text, checkable=checkable, parent=self
            )
            button.clicked.connect(act)
            self.buttons[name] = button

    def _build_list(self) -> None:
        self.model = NumbersModel(("edge", "weight"), 1, self._look, self)
        self.model.entered.connect(self._set_one)
        self.model.refused.connect(self._say)
        self.table = NumbersTable(self._look, self.model, most_rows=12, parent=self)
        self.table.setObjectName("edge_list")
        self.table.setAccessibleName("selected edges")
        self.table.setToolTip("The selected edges; double-click a weight to type another")
        self.words = QuietLine(self._look, colour="bad", parent=self)
        self.words.setObjectName("edge_error")
        self.words.hide()

    def _arrange(self) -> None:
        self._box = QVBoxLayout(self)
        for above in (self._head, self._name, self.weight_field, self.all_field, self.factor_field):
            self._box.addWidget(above)
        line = FlowLayout(self._look, gap=0.3)
        for button in self.buttons.values():
            line.addWidget(button)
        self._box.addLayout(line)
        for below in (self._flow, self.table, self.words):
            self._box.addWidget(below)
        self._box.addStretch(1)
        self._render_look()

    def _render_look(self) -> None:
        space_out(self._box, self._look)

    # ---- showing ----

    def _render(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        is_new = self._places is None
        if self._places is None:
            self._places = edge_places(snapshot.spec, self._edges)
        places = self._places
        is_single = places.count == 1
        self._head.set_text("Edge" if is_single else f"{places.count:,} edges")
        self._name.setVisible(is_single)
        self.weight_field.setVisible(is_single)
        self.all_field.setVisible(not is_single)
        self.factor_field.setVisible(not is_single)
        self.table.setVisible(places.count > 1)
        if is_new:
            self._names = [edge_name(snapshot.spec, edge, self._data_names) for edge in places.edges]
            self._short_names = [short_edge_name(snapshot.spec, edge, self._data_names) for edge in places.edges]
            self._name.setText(self._names[0] if is_single else "")
        values = self.values()
        if not self._is_behind(snapshot.applied_seq):
            is_same = bool(values.size) and bool((values == values[0]).all())
            shown = round(float(values[0]), 4) if is_same else None
            self.weight_field.set_value(shown)
            self.all_field.set_value(shown)
            self.factor_field.set_value(1.0)
        self.model.show_rows(self._short_names, values[:, None].astype(np.float64))
        self._render_masks(snapshot, places)
        self._render_flow(snapshot, places)

    def _render_masks(self, snapshot: Snapshot, places: EdgePlaces) -> None:
        for name, mask in (("cut", snapshot.present), ("freeze", snapshot.movable)):
            is_off = mask is not None and bool(places.count) and not mask[places.flat].any()
            self.buttons[name].setChecked(is_off)
        for button in self.buttons.values():
            button.setEnabled(places.count > 0)

    def _render_flow(self, snapshot: Snapshot, places: EdgePlaces) -> None:
        readings = snapshot.readings
        self._flow.setVisible(places.count == 1 and readings is not None)
        if places.count != 1 or readings is None:
            return
        index, column = int(places.layers[0]), int(places.columns[0])
        given = float(readings.inputs[column] if index == 0 else readings.act[index - 1][column])
        is_cut = snapshot.present is not None and not snapshot.present[places.flat[0]]
        weight = 0.0 if is_cut else float(self.values()[0])
        product = signed_text(weight * given)
        shown = f"{signed_text(weight)} × {signed_text(given, plus=False)} = {product}"
        self._flow.setText(f"carries {shown} for the current input{' (cut)' if is_cut else ''}")

    def _is_behind(self, applied_seq: int) -> bool:
        return self._weight_drag.is_behind(applied_seq) or self._factor_drag.is_behind(applied_seq)

    def _say(self, sentence: str) -> None:
        self.words.setText(sentence)
        self.words.setVisible(bool(sentence))

    # ---- wishes ----

    def _label(self, what: str) -> str:
        names = self._names
        return f"{names[0]}: {what}" if len(names) == 1 else f"{len(names)} edges: {what}"

    def _move(self, drag: CellDrag, values: FloatArray, label: str) -> None:
        if self._places is not None:
            for cells, part in self._places.grouped(values):
                drag.move(cells, part, label)

    def _set_all(self, value: float | None) -> None:
        if value is not None and self._places is not None:
            values = np.full(self._places.count, value, np.float32)
            self._move(self._weight_drag, values, self._label(f"set to {signed_text(value)}"))

    def _begin_scaling(self) -> None:
        self._before = self.values().copy()
        self._factor_drag.begin()

    def _scale_all(self, factor: float) -> None:
        if self._places is not None and self._before.size == self._places.count:
            self._move(self._factor_drag, self._before * np.float32(factor), self._label(f"times {factor:g}"))

    def _set_one(self, row: int, value: float) -> None:
        values = self.values().copy()
        if row < values.size and self._places is not None and self._snapshot is not None:
            one = edge_places(self._snapshot.spec, [self._places.edges[row]])
            for cells, part in one.grouped(np.array([value], np.float32)):
                self._weight_drag.move(cells, part, f"{self._names[row]}: set to {signed_text(value)}")

    def _at_once(self, values: FloatArray, label: str) -> None:
        self._end_drags()
        self._weight_drag.begin()
        self._move(self._weight_drag, values, label)
        self._weight_drag.end()

    def _zero(self) -> None:
        self._at_once(np.zeros_like(self.values()), self._label("zero"))

    def _flip(self) -> None:
        self._at_once(-self.values(), self._label("flipped"))

    def _cut(self) -> None:
        self._mask("present", is_on=not self.buttons["cut"].isChecked())

    def _freeze(self) -> None:
        self._mask("movable", is_on=not self.buttons["freeze"].isChecked())

    def _mask(self, mask: str, *, is_on: bool) -> None:
        if self._places is None:
            return
        self._end_drags()
        groups = self._places.grouped(self.values())
        stroke = next_stroke() if len(groups) > 1 else None  # edges of several layers are one edit
        for cells, _ in groups:
            self.ask(SetMask(mask, cells, is_on, stroke=stroke))
        if stroke is not None:
            self.end_asking(stroke)

    def _end_drags(self) -> None:
        for field in (self.weight_field, self.all_field, self.factor_field):
            leave_field(field)
        self._weight_drag.end()
        self._factor_drag.end()
