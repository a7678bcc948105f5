"""What is selected in the network lab: neurons or edges, by their stable ids."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from playground.engine.spec import NetworkSpec

Unit = tuple[int, int]  # layer id, unit id
Edge = tuple[int, int, int]  # layer id, unit id, source id


class Selection(QObject):
    """One selection for diagram, gallery and inspector. Either neurons or edges are selected, not both."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.units: list[Unit] = []
        self.edges: list[Edge] = []
        self._is_untouched = True

    def set(self, units: list[Unit], edges: list[Edge] | None = None) -> None:
        """Select these neurons and edges."""
        edges = edges or []
        self._is_untouched = False
        if (units, edges) != (self.units, self.edges):
            self.units, self.edges = list(units), list(edges)
            self.changed.emit()

    def select_unit(self, layer: int, unit: int) -> None:
        """Select one neuron."""
        self.set([(layer, unit)])

    @property
    def layer(self) -> int | None:
        """Return the layer of the selection, None where nothing is selected."""
        return self.units[0][0] if self.units else self.edges[0][0] if self.edges else None

    def keep_to(self, spec: NetworkSpec) -> None:
        """Drop what is gone from the structure; where nothing is left of a selection, the first neuron is selected."""
        alive = {(layer.id, unit) for layer in spec.layers for unit in layer.units}
        sources = {layer.id: set(spec.sources(index)) for index, layer in enumerate(spec.layers)}
        units = [unit for unit in self.units if unit in alive]
        edges = [edge for edge in self.edges if edge[:2] in alive and edge[2] in sources[edge[0]]]
        if not units and not edges and (self.units or self.edges or self._is_untouched):
            units = [(spec.layers[0].id, spec.layers[0].units[0])]
        self.set(units, edges)


def by_layer(units: Iterable[Unit]) -> dict[int, list[int]]:
    """Return neurons as their unit ids, layer by layer."""
    found: dict[int, list[int]] = {}
    for layer, unit in units:
        found.setdefault(layer, []).append(unit)
    return found
