"""Building by clicking: what the diagram and the menu ask for becomes a change of structure, or a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal

from playground.engine import structure
from playground.engine.commands import BIAS, Cells, Restructure, SetMask, SetMaskWhole
from playground.engine.spec import WARN_PARAMETERS, NetworkSpec, SpecError
from playground.labs.network.selection import Edge, Selection, Unit, by_layer
from playground.session.memory import check_memory
from playground.session.network_document import NetworkDocument
from playground.views.diagram import NetworkDiagram
from playground.views.grid.intents import next_stroke


class Building(QObject):
    """Turns intents about structure into commands of the document."""

    refused = Signal(str)  # a sentence: why it cannot be
    warned = Signal(str)  # a sentence: done, but
    settled = Signal()  # the last refusal no longer holds

    def __init__(self, document: NetworkDocument, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._selection = selection

    def listen_to(self, diagram: NetworkDiagram) -> None:
        """Connect the diagram's intents."""
        diagram.add_unit_requested.connect(self.add_unit)
        diagram.remove_unit_requested.connect(self.remove_last_unit)
        diagram.insert_layer_requested.connect(self.insert_layer)
        diagram.remove_layer_requested.connect(self.remove_layer)
        diagram.move_layer_requested.connect(self.move_layer)
        diagram.activation_chosen.connect(self.set_activation)
        diagram.dropout_chosen.connect(self.set_dropout)
        diagram.delete_units_requested.connect(self.delete_units)
        diagram.duplicate_units_requested.connect(self.duplicate_units)
        diagram.freeze_units_requested.connect(self.freeze_units)
        diagram.freeze_layer_requested.connect(self.freeze_layer)
        diagram.cut_edges_requested.connect(self.cut_edges)
        diagram.freeze_edges_requested.connect(self.freeze_edges)

    def _change(self, make: Callable[[NetworkSpec], Restructure]) -> None:
        try:
            change = make(self._document.spec)
            if change.spec.parameter_count > self._document.spec.parameter_count:
                check_memory(change.spec)
        except SpecError as error:
            self.refused.emit(str(error))
            return
        self.settled.emit()
        count = change.spec.parameter_count
        if count > WARN_PARAMETERS >= self._document.spec.parameter_count:
            self.warned.emit(f"{count:,} parameters: training will be slow, and undo needs room on the disk.")
        self._document.restructure(change)

    # ---- of the diagram --------------------------------------------------------------------------------------

    def add_unit(self, layer: int) -> None:
        """Add a neuron to a hidden layer."""
        self._change(lambda spec: structure.add_units(spec, layer))

    def remove_last_unit(self, layer: int) -> None:
        """Remove the last neuron of a hidden layer."""
        self._change(lambda spec: structure.remove_units(spec, layer))

    def delete_units(self, units: Iterable[Unit]) -> None:
        """Remove these neurons, those of several layers as one change."""
        groups = by_layer(units)
        self._change_layers(groups, "removed", lambda spec, layer: structure.remove_units(spec, layer, groups[layer]))

    def duplicate_units(self, units: Iterable[Unit]) -> None:
        """Put a copy beside each of these neurons, those of several layers as one change."""
        groups = by_layer(units)
        self._change_layers(
            groups, "duplicated", lambda spec, layer: structure.duplicate_units(spec, layer, groups[layer])
        )

    def _change_layers(
        self, groups: Mapping[int, Sequence[int]], done: str, make: Callable[[NetworkSpec, int], Restructure]
    ) -> None:
        """Change one layer after the other, all in one command."""

        def change(spec: NetworkSpec) -> Restructure:
            changes = []
            for layer in groups:
                changes.append(make(spec, layer))
                spec = changes[-1].spec
            if len(changes) == 1:
                return changes[0]
            count = sum(map(len, groups.values()))
            copies = tuple(pair for each in changes for pair in each.copies)
            return Restructure(spec, f"{count} neurons of {len(groups)} layers {done}", copies=copies)

        if groups:
            self._change(change)

    def insert_layer(self, before: int) -> None:
        """Insert a hidden layer in front of layer ``before``."""
        self._change(lambda spec: structure.insert_layer(spec, before, activation=_usual_activation(spec)))

    def remove_layer(self, layer: int) -> None:
        """Remove a hidden layer."""
        self._change(lambda spec: structure.remove_layer(spec, layer))

    def move_layer(self, layer: int, places: int) -> None:
        """Move a hidden layer towards the output, or the input where ``places`` is negative."""
        self._change(lambda spec: structure.move_layer(spec, layer, places))

    def set_activation(self, layer: int, name: str) -> None:
        """Give a layer another activation."""
        self._change(lambda spec: structure.set_activation(spec, layer, name))

    def set_dropout(self, layer: int, share: float) -> None:
        """Give a hidden layer another dropout."""
        self._change(lambda spec: structure.set_dropout(spec, layer, share))

    def type_structure(self, text: str) -> bool:
        """Go over to the typed widths; say whether they could be read."""
        try:
            change = structure.retyped(self._document.spec, text)
        except SpecError as error:
            self.refused.emit(str(error))
            return False
        if change.spec.widths != self._document.spec.widths:
            self._change(lambda _spec: change)
        self.settled.emit()
        return True

    def freeze_layer(self, layer: int, is_frozen: bool) -> None:
        """Freeze or release a whole layer."""
        self._document.edit(
            SetMaskWhole("movable", layer, (), not is_frozen), f"{_freezing(is_frozen)} {self._name(layer)}"
        )

    def freeze_units(self, units: Iterable[Unit], is_frozen: bool) -> None:
        """Freeze or release whole neurons, those of several layers as one change."""
        groups = by_layer(units)
        word = _freezing(is_frozen)
        if len(groups) == 1:
            layer, chosen = next(iter(groups.items()))
            label = f"{word} {_counted(len(chosen), 'neuron')} of {self._name(layer)}"
            self._document.edit(SetMaskWhole("movable", layer, tuple(chosen), not is_frozen), label)
        elif groups:
            cells = [found for layer, chosen in groups.items() if (found := self._cells_of(layer, chosen)) is not None]
            count = sum(map(len, groups.values()))
            self._set_mask("movable", cells, not is_frozen, f"{word} {count} neurons of {len(groups)} layers")

    def cut_edges(self, edges: Iterable[Edge], is_cut: bool) -> None:
        """Cut edges, or join them again, those of several layers as one change."""
        self._mask_edges("present", edges, not is_cut, "cut" if is_cut else "join")

    def freeze_edges(self, edges: Iterable[Edge], is_frozen: bool) -> None:
        """Freeze edges, or let them train again, those of several layers as one change."""
        self._mask_edges("movable", edges, not is_frozen, _freezing(is_frozen))

    def _mask_edges(self, mask: str, edges: Iterable[Edge], is_on: bool, word: str) -> None:
        groups: dict[int, list[Edge]] = {}
        for edge in edges:
            groups.setdefault(edge[0], []).append(edge)
        if not groups:
            return
        cells = [
            Cells(layer, np.array([edge[1] for edge in group], np.int64), np.array([e[2] for e in group], np.int64))
            for layer, group in groups.items()
        ]
        where = self._name(next(iter(groups))) if len(groups) == 1 else f"{len(groups)} layers"
        self._set_mask(mask, cells, is_on, f"{word} {_counted(sum(map(len, groups.values())), 'edge')} of {where}")

    def _set_mask(self, mask: str, groups: Sequence[Cells], is_on: bool, label: str) -> None:
        stroke = next_stroke() if len(groups) > 1 else None  # what lies in several layers is one step of undo
        for cells in groups:
            self._document.edit(SetMask(mask, cells, is_on, stroke), label)
        if stroke is not None:
            self._document.end_stroke(stroke)

    def _cells_of(self, layer: int, units: Sequence[int]) -> Cells | None:
        """Return all incoming weights and the biases of neurons, None where the layer is gone."""
        spec = self._document.spec
        index = spec.index_of(layer)
        if index is None:
            return None
        sources = np.array([*spec.sources(index), BIAS], np.int64)
        return Cells(layer, np.repeat(np.array(units, np.int64), len(sources)), np.tile(sources, len(units)))

    # ---- of the menu: what is selected -------------------------------------------------------------------------

    def add_to_selected(self) -> None:
        """Add a neuron to the layer of the selection."""
        self._with_hidden_layer(self.add_unit)

    def remove_from_selected(self) -> None:
        """Remove the last neuron of the layer of the selection."""
        self._with_hidden_layer(self.remove_last_unit)

    def duplicate_selected(self) -> None:
        """Duplicate the selected neurons."""
        if self._has_units():
            self.duplicate_units(self._selection.units)

    def delete_selected(self) -> None:
        """Remove the selected neurons, or cut the selected edges."""
        if self._selection.edges:
            self.cut_edges(self._selection.edges, is_cut=True)
            return
        if self._has_units():
            self.delete_units(self._selection.units)

    def insert_at_selected(self) -> None:
        """Insert a layer behind the layer of the selection; in front of the output where that is selected."""
        spec = self._document.spec
        index = spec.index_of(self._selection.layer) if self._selection.layer is not None else None
        place = min((index if index is not None else len(spec.layers) - 2) + 1, len(spec.layers) - 1)
        self.insert_layer(spec.layers[place].id)

    def remove_selected_layer(self) -> None:
        """Remove the layer of the selection."""
        self._with_hidden_layer(self.remove_layer)

    def move_selected_layer(self, places: int) -> None:
        """Move the layer of the selection."""
        self._with_hidden_layer(lambda layer: self.move_layer(layer, places))

    def freeze_selected(self) -> None:
        """Freeze the selected neurons or edges, or release them where all their weights are frozen."""
        edges = self._selection.edges
        if edges:
            self.freeze_edges(edges, not all(self._is_masked("movable", edge) for edge in edges))
        elif self._has_units():
            groups = by_layer(self._selection.units)
            are_frozen = all(self._is_frozen(layer, units) for layer, units in groups.items())
            self.freeze_units(self._selection.units, not are_frozen)

    def cut_selected(self) -> None:
        """Cut the selected edges, or join them where all are cut."""
        edges = self._selection.edges
        if edges:
            self.cut_edges(edges, not all(self._is_masked("present", edge) for edge in edges))
        else:
            self.refused.emit("Select an edge first: click it in the diagram.")

    def select_whole_layer(self) -> None:
        """Select all neurons of the layer of the selection."""
        spec = self._document.spec
        index = spec.index_of(self._selection.layer) if self._selection.layer is not None else 0
        if index is not None:
            layer = spec.layers[index]
            self._selection.set([(layer.id, unit) for unit in layer.units])

    def _has_units(self) -> bool:
        if not self._selection.units:
            self.refused.emit("Select a neuron first: click it in the diagram.")
        return bool(self._selection.units)

    def _with_hidden_layer(self, act: Callable[[int], None]) -> None:
        layer = self._selection.layer
        if layer is None:
            self.refused.emit("Select a neuron of the layer first.")
        else:
            act(layer)

    def _is_frozen(self, layer: int, units: Iterable[int]) -> bool:
        snapshot = self._document.snapshot
        index = snapshot.spec.index_of(layer) if snapshot else None
        if snapshot is None or index is None:
            return False
        mask = snapshot.mask("movable", index)
        chosen = set(units)
        rows = [row for row, unit in enumerate(snapshot.spec.layers[index].units) if unit in chosen]
        return mask is not None and not mask[rows].any()

    def _is_masked(self, name: str, edge: Edge) -> bool:
        snapshot = self._document.snapshot
        index = snapshot.spec.index_of(edge[0]) if snapshot else None
        if snapshot is None or index is None:
            return False
        mask = snapshot.mask(name, index)
        spec = snapshot.spec
        if mask is None or edge[1] not in spec.layers[index].units or edge[2] not in spec.sources(index):
            return False
        row, column = spec.layers[index].units.index(edge[1]), spec.sources(index).index(edge[2])
        return not mask[row, column]

    def _name(self, layer: int) -> str:
        spec = self._document.spec
        index = spec.index_of(layer)
        return "a layer" if index is None else spec.layer_name(index)


def _freezing(is_frozen: bool) -> str:
    return "freeze" if is_frozen else "release"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _usual_activation(spec: NetworkSpec) -> str:
    """Return the activation of the hidden layers there are; ReLU where there is none."""
    return spec.layers[0].activation if len(spec.layers) > 1 else "relu"
