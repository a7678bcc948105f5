"""The panel of one neuron: its weights to paint, its bias, its weighted sum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.engine.commands import BIAS, Cells, SetMaskWhole
from playground.engine.snapshots import Snapshot
from playground.views.calm import Calm, is_news
from playground.views.fields import NumberField
from playground.views.grid.arrangement import NO_NAMES, Names, place_of, unit_name
from playground.views.grid.canvas import WeightCanvas
from playground.views.grid.intents import CellDrag, IntentWidget
from playground.views.grid.legend import Legend
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.flow import FlowLayout
from playground.views.inspector.input_table import InputTable
from playground.views.inspector.leaving import leave_field
from playground.views.inspector.panel_box import space_out
from playground.views.inspector.tool_row import ToolRow
from playground.views.inspector.transform_row import TransformRow
from playground.views.inspector.weighted_sum import WeightedSum
from playground.views.inspector.words import QuietLine, SectionHead
from playground.views.look import Look

BIAS_DECIMALS = 3
BIAS_SLIDER = (-10.0, 10.0)
LARGEST = 1e6


class NeuronPanel(IntentWidget):
    """Everything about one neuron; ``unit_selected`` asks for the one before or after it."""

    unit_selected = Signal(object, object)  # layer id, unit id

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._snapshot: Snapshot | None = None
        self._calm = Calm(self)
        self._calm.due.connect(self._show_numbers)
        self._names = NO_NAMES
        self.setObjectName("neuron_panel")
        self._build_parts()
        self._arrange()
        look.changed.connect(self._render_look)

    # ---- what others call ----

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Show a new moment: its weights now, the numbers as calmly as they can be read while training runs."""
        before, self._snapshot = self._snapshot, snapshot
        self.canvas.render_snapshot(snapshot)
        if self.canvas.model.is_there:
            self.legend.set_scale(self.canvas.model.scale, "weight")
        self._calm.offer(snapshot, at_once=is_news(snapshot, before))

    def hideEvent(self, event: QHideEvent) -> None:
        """Let no timer run out of sight."""
        self._calm.stop()
        super().hideEvent(event)

    def show_unit(self, layer_id: int, unit_id: int) -> None:
        """Show another neuron."""
        if (layer_id, unit_id) != self.unit():
            leave_field(self.bias_field)
            self._bias_drag.end()
            self.canvas.show_unit(layer_id, unit_id)
            self._render_unit()

    def unit(self) -> tuple[int, int]:
        """Return (layer id, unit id) of the neuron."""
        return self.canvas.model.layer_id, self.canvas.model.unit_id

    def set_names(self, names: Names) -> None:
        """Call inputs and outputs as the data do."""
        self._names = self.canvas.model.names = self.weighted_sum.names = self.table.names = names
        self._render_unit()

    def set_class_means(self, names: Sequence[str], means: Sequence[NDArray[np.floating]]) -> None:
        """Offer the mean image of each class as a stamp."""
        self.tools.set_class_means(names, means)

    def set_drawing(self, image: NDArray[np.floating] | None) -> None:
        """Offer the current drawing as a stamp."""
        self.tools.set_drawing(image)

    # ---- building ----

    def _build_parts(self) -> None:
        look = self._look
        self._head = SectionHead(look, "Neuron", parent=self)
        self._previous = self._step_button(
            "previous", "Previous neuron", "Show the neuron before this one (its row above)"
        )
        self._next = self._step_button("next", "Next neuron", "Show the neuron after this one")
        self._previous.clicked.connect(self._go_back)
        self._next.clicked.connect(self._go_on)
        self.canvas = WeightCanvas(look, self)
        self.pass_on(self.canvas)
        self.legend = Legend(look, self)
        self.tools = ToolRow(look, self.canvas, self)
        self.transforms = TransformRow(look, self)
        self.transforms.chosen.connect(self._transform)
        self._freeze_unit = self._freeze_button(
            "freeze_neuron", "neuron", "Keep all weights and the bias of this neuron as they are while the rest trains"
        )
        self._freeze_layer = self._freeze_button(
            "freeze_layer", "layer", "Keep the whole layer as it is, also against momentum and weight decay"
        )
        self._freeze_unit.clicked.connect(self._toggle_unit)
        self._freeze_layer.clicked.connect(self._toggle_layer)
        self._build_bias()
        self._sum_head = SectionHead(look, "Weighted sum", "for the current input", parent=self)
        self.weighted_sum = WeightedSum(look, self)
        self.silence = QuietLine(look, colour="validation", parent=self)
        self.silence.setObjectName("neuron_silence")
        self.silence.hide()
        self.table = InputTable(look, self)
        self.pass_on(self.table)

    def _build_bias(self) -> None:
        self.bias_field = NumberField(
            self._look,
            "bias",
            "bias",
            low=-LARGEST,
            high=LARGEST,
            value=0.0,
            decimals=BIAS_DECIMALS,
            signed=True,
            slider_range=BIAS_SLIDER,
            tooltip="The bias b of act = f(Σ w·x + b): how easily the neuron fires without any input",
            parent=self,
        )
        self._bias_drag = CellDrag(self)
        self.bias_field.edit_started.connect(self._bias_drag.begin)
        self.bias_field.changed.connect(self._set_bias)
        self.bias_field.edit_finished.connect(self._bias_drag.end)

    def _step_button(self, icon: str, label: str, hint: str) -> IconButton:
        return IconButton(self._look, f"{icon}_neuron", label, hint, icon=icon, is_flat=True, parent=self)

    def _freeze_button(self, name: str, text: str, hint: str) -> IconButton:
        return IconButton(
            self._look, name, f"freeze {text}", hint, icon="freeze", text=f"freeze {text}", checkable=True, parent=self
        )

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._head)
        head.addWidget(self._previous)
        head.addWidget(self._next)
        freeze = FlowLayout(self._look, gap=0.3)
        freeze.addWidget(self._freeze_unit)
        freeze.addWidget(self._freeze_layer)
        self._box = QVBoxLayout(self)
        self._box.addLayout(head)
        for above in (self.canvas, self.legend, self.tools, self.transforms):
            self._box.addWidget(above)
        self._box.addLayout(freeze)
        for below in (self.bias_field, self.silence, self._sum_head, self.weighted_sum, self.table):
            self._box.addWidget(below)
        self._box.addStretch(1)
        self._render_look()

    def _render_look(self) -> None:
        space_out(self._box, self._look, gap=0.45)

    # ---- showing ----

    def _show_numbers(self, _snapshot: Snapshot) -> None:
        self._render_unit()  # of the latest moment, which is the one in the canvas

    def _render_unit(self) -> None:
        snapshot = self._snapshot
        place = None if snapshot is None else place_of(snapshot.spec, *self.unit())
        is_there = place is not None and snapshot is not None
        for widget in (self.tools, self.transforms, self._freeze_unit, self._freeze_layer, self.bias_field):
            widget.setEnabled(is_there)
        if place is None or snapshot is None:
            self._head.set_text("No neuron" if snapshot is not None else "Neurons are being made …")
            return
        index, row = place
        self._head.set_text(unit_name(snapshot.spec, index, row), self._names.output(snapshot.spec, index, row))
        self.legend.set_scale(self.canvas.model.scale, "weight")
        self.transforms.set_is_strip(is_strip=not self.canvas.model.arrangement.is_image)
        if not self._bias_drag.is_behind(snapshot.applied_seq):
            self.bias_field.set_value(round(float(snapshot.bias(index)[row]), BIAS_DECIMALS))
        self._render_frozen(snapshot, index, row)
        sentence = silence_of(snapshot, index, self.unit()[1])
        self.silence.setText(sentence)
        self.silence.setVisible(bool(sentence))
        self.weighted_sum.render_unit(snapshot, index, row)
        self.table.render_unit(snapshot, index, row, self.weighted_sum.values())

    def _render_frozen(self, snapshot: Snapshot, index: int, row: int) -> None:
        unit = layer = False
        if snapshot.movable is not None:
            slots = snapshot.spec.slots[index]
            weights = snapshot.mask("movable", index)
            unit = weights is not None and not weights[row].any() and not snapshot.movable[slots.bias][row]
            layer = not snapshot.movable[slots.whole].any()
        self._freeze_unit.setChecked(unit)
        self._freeze_layer.setChecked(layer)

    # ---- wishes ----

    def _transform(self, kind: str, amount: float | None, dx: int, dy: int, seed: int) -> None:
        if amount is None:
            weights = self.canvas.model.shown()
            spread = float(weights.std()) if weights.size > 1 else 0.0
            amount = spread or 1.0 / max(1.0, float(weights.size)) ** 0.5
        self.canvas.transform(kind, amount, dx=dx, dy=dy, seed=seed)

    def _set_bias(self, value: float) -> None:
        layer, unit = self.unit()
        label = f"{self.canvas.model.name}: bias"
        self._bias_drag.move(Cells.of_unit(layer, unit, BIAS), np.array([value], np.float32), label)

    def _toggle_unit(self) -> None:
        layer, unit = self.unit()
        self.ask(SetMaskWhole("movable", layer, (unit,), not self._freeze_unit.isChecked()))

    def _toggle_layer(self) -> None:
        self.ask(SetMaskWhole("movable", self.unit()[0], (), not self._freeze_layer.isChecked()))

    def _go_back(self) -> None:
        self._step(-1)

    def _go_on(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        """Ask for the neuron ``by`` further, round the end into the neighbouring layer."""
        place = None if self._snapshot is None else place_of(self._snapshot.spec, *self.unit())
        if place is None or self._snapshot is None:
            return
        layers = self._snapshot.spec.layers
        index, row = place[0], place[1] + by
        if not 0 <= row < layers[index].width:
            index = (index + by) % len(layers)
            row = 0 if by > 0 else layers[index].width - 1
        self.unit_selected.emit(layers[index].id, layers[index].units[row])


def silence_of(snapshot: Snapshot, index: int, unit: int) -> str:
    """Return what is to be said of a ReLU that lets nothing through, an empty text where it does."""
    found = snapshot.evaluation
    if found is None or not found.is_silent(index, unit):
        return ""
    return (
        f"Its activation is 0 for all {found.train.count:,} training examples it was measured on at step "
        f"{found.step:,}: they pass no gradient to its weights. A larger bias can wake it."
    )
