"""How the incoming weights of a neuron lie on the screen, and what their sources are called."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

from playground.engine.grids import grid_shape
from playground.engine.spec import NetworkSpec


@dataclass(frozen=True)
class Arrangement:
    """Weights row after row: as the input picture, or a strip wrapped into rows (the last may be short)."""

    rows: int
    columns: int
    count: int
    is_image: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """Return (rows, columns)."""
        return self.rows, self.columns

    def place(self, index: int) -> tuple[int, int]:
        """Return (row, column) of weight ``index``."""
        return divmod(index, self.columns)

    def index(self, row: int, column: int) -> int | None:
        """Return which weight lies at (row, column), None where none does."""
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            return None
        found = row * self.columns + column
        return found if found < self.count else None


def arrangement_of(spec: NetworkSpec, index: int) -> Arrangement:
    """Return how the weights into layer ``index`` lie on the screen."""
    count = spec.widths[index]
    rows, columns = grid_shape(spec.input_shape) if index == 0 else (1, count)
    if rows > 1:
        return Arrangement(rows, columns, count, is_image=True)
    columns = _strip_columns(count)
    return Arrangement(ceil(count / columns), columns, count)


def _strip_columns(count: int) -> int:
    if count <= 8:
        return count
    if count <= 40:
        return 8 if count % 5 or count > 20 else 5
    return 16 if count <= 256 else ceil(sqrt(count))


@dataclass(frozen=True)
class Names:
    """How the data call what goes into the network and what comes out; empty where they have no names for it."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    def output(self, spec: NetworkSpec, index: int, row: int) -> str:
        """Return the name of a neuron of layer ``index`` where it is an output that has one, else an empty text."""
        is_named = index == len(spec.layers) - 1 and len(self.outputs) == spec.outputs
        return self.outputs[row] if is_named else ""


NO_NAMES = Names()


def place_of(spec: NetworkSpec, layer_id: int, unit_id: int) -> tuple[int, int] | None:
    """Return (layer index, row of the weight matrix) of a neuron, None where it is gone."""
    index = spec.index_of(layer_id)
    if index is None:
        return None
    try:
        return index, spec.layers[index].units.index(unit_id)
    except ValueError:
        return None


def unit_name(spec: NetworkSpec, index: int, row: int) -> str:
    """Return the name of a neuron: ``neuron 6 of hidden 1``."""
    return f"neuron {row + 1} of {spec.layer_name(index)}"


def short_source_name(spec: NetworkSpec, index: int, source: int, names: Names = NO_NAMES) -> str:
    """Return the name of a source where its layer is known: ``3``."""
    return str(source + 1) if index > 0 else source_name(spec, index, source, names)


def source_name(spec: NetworkSpec, index: int, source: int, names: Names = NO_NAMES) -> str:
    """Return the name of what feeds layer ``index`` at position ``source``."""
    if index > 0:
        return unit_name(spec, index - 1, source)
    if len(names.inputs) == spec.inputs:
        return names.inputs[source]
    arrangement = arrangement_of(spec, 0)
    if arrangement.is_image:
        row, column = arrangement.place(source)
        return f"row {row}, column {column}"
    return f"input {source + 1}"
