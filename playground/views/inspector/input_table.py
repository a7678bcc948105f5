"""Inputs, weights and products as a table, for neurons with few inputs; weights can be typed."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.engine.commands import Cells, SetCells
from playground.engine.snapshots import Snapshot
from playground.views.grid.arrangement import NO_NAMES, short_source_name, source_name
from playground.views.grid.intents import IntentWidget
from playground.views.grid.numerals import signed_text
from playground.views.inspector.neuron_sum import NeuronSum
from playground.views.inspector.numbers_table import NumbersModel, NumbersTable
from playground.views.inspector.words import QuietLine
from playground.views.look import Look

MOST_INPUTS = 64


class InputTable(IntentWidget):
    """One row an input: its value, its weight (editable), their product."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._where = (-1, -1)
        self._sources: tuple[int, ...] = ()
        self._names: tuple[str, ...] = ()
        self._long_names: tuple[str, ...] = ()
        self._key: object = None
        self._unit_name = ""
        self.names = NO_NAMES
        self.setObjectName("input_table")
        self.model = NumbersModel(("", "x", "w", "w · x"), 2, look, self)
        self.table = NumbersTable(look, self.model, parent=self)
        self.table.setObjectName("inputs_of_neuron")
        self.table.setAccessibleName("inputs, weights and products")
        self.table.setToolTip("Each input with its weight and their product; double-click a weight to type another")
        self.words = QuietLine(look, colour="bad", parent=self)
        self.words.setObjectName("input_table_error")
        self.words.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.table)
        box.addWidget(self.words)
        self.model.entered.connect(self._set)
        self.model.refused.connect(self._say)
        self.hide()  # until there are inputs to show

    def render_unit(self, snapshot: Snapshot, index: int, row: int, values: NeuronSum | None) -> None:
        """Show the inputs of a neuron; hides where there are too many or none are known."""
        count = snapshot.spec.widths[index]
        self.setVisible(values is not None and count <= MOST_INPUTS)
        if values is None or count > MOST_INPUTS:
            return
        key = (snapshot.spec, index, row, self.names)
        if self._key != key:
            self._key = key
            layer = snapshot.spec.layers[index]
            self._where = (layer.id, layer.units[row])
            self._sources = tuple(snapshot.spec.sources(index))
            self._long_names = tuple(source_name(snapshot.spec, index, k, self.names) for k in range(count))
            self._names = tuple(short_source_name(snapshot.spec, index, k, self.names) for k in range(count))
            self._unit_name = f"neuron {row + 1} of {snapshot.spec.layer_name(index)}"
            self.model.set_first_header("from" if index == 0 else snapshot.spec.layer_name(index - 1))
            self._say("")
        stored = np.asarray(snapshot.weight(index)[row], np.float64)
        self.model.show_rows(self._names, np.column_stack([values.inputs, stored, values.products]))

    def _set(self, row: int, value: float) -> None:
        cells = Cells.of_unit(*self._where, self._sources[row])
        label = f"{self._unit_name}: {self._long_names[row]} = {signed_text(value)}"
        self.ask(SetCells(cells, np.array([value], np.float32), label))

    def _say(self, sentence: str) -> None:
        self.words.setText(sentence)
        self.words.setVisible(bool(sentence))
