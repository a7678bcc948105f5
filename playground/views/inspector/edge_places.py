"""Where selected edges lie in the flat buffer, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.commands import Cells
from playground.engine.spec import NetworkSpec
from playground.views.grid.arrangement import NO_NAMES, Names, source_name, unit_name

Edge = tuple[int, int, int]  # layer id, unit id, id of the source (a pixel number in the first layer)
FloatArray = NDArray[np.float32]


GONE = "an edge that is gone"


@dataclass(frozen=True, eq=False)
class EdgePlaces:
    """The edges that are there: ``edges[k]`` has the entry ``flat[k]`` and stands in column ``columns[k]``."""

    edges: tuple[Edge, ...]
    flat: NDArray[np.int64]
    layers: NDArray[np.int64]  # index of the layer
    columns: NDArray[np.int64]  # which source

    @property
    def count(self) -> int:
        """Return the number of edges."""
        return len(self.edges)

    def grouped(self, values: FloatArray) -> list[tuple[Cells, FloatArray]]:
        """Return the edges as cells with their part of ``values``, layer by layer."""
        found = []
        for layer in dict.fromkeys(edge[0] for edge in self.edges):
            picked = [k for k, edge in enumerate(self.edges) if edge[0] == layer]
            units = np.array([self.edges[k][1] for k in picked], np.int64)
            sources = np.array([self.edges[k][2] for k in picked], np.int64)
            found.append((Cells(layer, units, sources), values[picked]))
        return found


def edge_places(spec: NetworkSpec, edges: Sequence[Edge]) -> EdgePlaces:
    """Return where the edges lie; those that are gone are left out."""
    rows: dict[int, dict[int, int]] = {}
    kept: list[Edge] = []
    found: list[tuple[int, int, int]] = []
    for layer, unit, source in edges:
        index = spec.index_of(layer)
        if index is None:
            continue
        if index not in rows:
            rows[index] = {one: place for place, one in enumerate(spec.layers[index].units)}
        column = _column(spec, index, source)
        row = rows[index].get(unit)
        if row is not None and column is not None:
            slots = spec.slots[index]
            kept.append((layer, unit, source))
            found.append((slots.weight.start + row * slots.columns + column, index, column))
    table = np.array(found, np.int64).reshape(-1, 3)
    return EdgePlaces(tuple(kept), table[:, 0], table[:, 1], table[:, 2])


def _column(spec: NetworkSpec, index: int, source: int) -> int | None:
    if index == 0:
        return source if 0 <= source < spec.inputs else None
    try:
        return spec.layers[index - 1].units.index(source)
    except ValueError:
        return None


def short_edge_name(spec: NetworkSpec, edge: Edge, names: Names = NO_NAMES) -> str:
    """Return ``3 of hidden 1 → 5 of hidden 2``."""
    place = _place(spec, edge)
    if place is None:
        return GONE
    index, row, column = place
    source = source_name(spec, index, column, names)
    short = source if index == 0 else source.removeprefix("neuron ")
    return f"{short} → {unit_name(spec, index, row).removeprefix('neuron ')}"


def edge_name(spec: NetworkSpec, edge: Edge, names: Names = NO_NAMES) -> str:
    """Return ``neuron 3 of hidden 1 → neuron 5 of hidden 2``."""
    place = _place(spec, edge)
    if place is None:
        return GONE
    index, row, column = place
    own = names.output(spec, index, row)
    return f"{source_name(spec, index, column, names)} → {unit_name(spec, index, row)}{f' ({own})' if own else ''}"


def _place(spec: NetworkSpec, edge: Edge) -> tuple[int, int, int] | None:
    """Return layer, row and column of an edge; None where it is gone."""
    index = spec.index_of(edge[0])
    column = None if index is None else _column(spec, index, edge[2])
    if index is None or column is None or edge[1] not in spec.layers[index].units:
        return None
    return index, spec.layers[index].units.index(edge[1]), column
