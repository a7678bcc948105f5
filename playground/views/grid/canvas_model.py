"""The neuron that a canvas shows: its weights and masks from the snapshot, and the hand's overlay on them."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from playground.engine.commands import Cells
from playground.engine.snapshots import Snapshot
from playground.engine.spec import NetworkSpec
from playground.views.grid.arrangement import NO_NAMES, Arrangement, arrangement_of, place_of, source_name, unit_name
from playground.views.grid.numerals import signed_text, weight_scale
from playground.views.grid.overlay import IndexArray, Overlay

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]
_Scalar = TypeVar("_Scalar", bound=np.generic)

_NOWHERE = Arrangement(1, 1, 0)


class CanvasModel:
    """Incoming weights of one neuron; ``index`` and ``row`` say where it stands in the present structure."""

    def __init__(self) -> None:
        self.layer_id = self.unit_id = -1
        self.spec: NetworkSpec | None = None
        self.index = self.row = -1
        self.arrangement = _NOWHERE
        self.weights: FloatArray = np.zeros(0, np.float32)
        self.movable: BoolArray | None = None
        self.present: BoolArray | None = None
        self.scale = 1.0
        self.applied_seq = -1
        self.names = NO_NAMES
        self.overlay = Overlay(0)
        self.mask_overlay = Overlay(0)
        self._sources: IndexArray = np.zeros(0, np.int64)
        self._snapshot: Snapshot | None = None

    # ---- what is shown ----

    @property
    def is_there(self) -> bool:
        """Say whether there is a neuron to show."""
        return self.arrangement.count > 0

    def show_unit(self, layer_id: int, unit_id: int) -> None:
        """Show another neuron."""
        if (layer_id, unit_id) != (self.layer_id, self.unit_id):
            self.layer_id, self.unit_id = layer_id, unit_id
            self.scale = 0.0
            self._lay_out()
            self._read(is_scale_kept=False)

    def take(self, snapshot: Snapshot, *, is_scale_kept: bool) -> bool:
        """Take up a snapshot; return whether the structure became another."""
        self._snapshot = snapshot
        is_other = self.spec is not snapshot.spec and self.spec != snapshot.spec
        self.spec = snapshot.spec
        if is_other:
            self._lay_out()
        self.applied_seq = snapshot.applied_seq
        self.overlay.catch_up(snapshot.applied_seq)
        self.mask_overlay.catch_up(snapshot.applied_seq)
        self._read(is_scale_kept=is_scale_kept)
        return is_other

    def _lay_out(self) -> None:
        place = None if self.spec is None else place_of(self.spec, self.layer_id, self.unit_id)
        if place is None or self.spec is None:
            self.index = self.row = -1
            self.arrangement = _NOWHERE
            self._sources = np.zeros(0, np.int64)
        else:
            self.index, self.row = place
            self.arrangement = arrangement_of(self.spec, self.index)
            sources = self.spec.sources(self.index)
            self._sources = np.arange(len(sources)) if isinstance(sources, range) else np.array(sources, np.int64)
        self.overlay = Overlay(self.arrangement.count)
        self.mask_overlay = Overlay(self.arrangement.count)

    def _read(self, *, is_scale_kept: bool) -> None:
        snapshot = self._snapshot
        if snapshot is None or not self.is_there:
            self.weights, self.movable, self.present = np.zeros(0, np.float32), None, None
            return
        self.weights = snapshot.weight(self.index)[self.row]
        movable, present = snapshot.mask("movable", self.index), snapshot.mask("present", self.index)
        self.movable = None if movable is None else movable[self.row]
        self.present = None if present is None else present[self.row]
        if not is_scale_kept or not self.scale:
            self.scale = weight_scale(self.weights, self.scale)

    def shown(self) -> FloatArray:
        """Return the weights with the overlay on them ``[count]``."""
        return self.overlay.over(self.weights)

    def shown_frozen(self) -> BoolArray | None:
        """Return which weights are frozen, with the overlay ``[count]``; None where none is."""
        if self.movable is None and self.mask_overlay.is_empty:
            return None
        movable = np.ones(self.arrangement.count, np.float32) if self.movable is None else self.movable
        frozen: BoolArray = self.mask_overlay.over(np.asarray(movable, np.float32)) < 0.5
        return frozen if frozen.any() else None

    def shown_cut(self) -> BoolArray | None:
        """Return which weights are cut ``[count]``; None where none is."""
        return None if self.present is None or self.present.all() else ~self.present

    def movable_values(self) -> FloatArray:
        """Return 1 where a weight can move, 0 where it is frozen, with the overlay ``[count]``."""
        frozen = self.shown_frozen()
        return np.ones(self.arrangement.count, np.float32) if frozen is None else (~frozen).astype(np.float32)

    def in_rows(self, values: NDArray[_Scalar]) -> NDArray[_Scalar]:
        """Return ``values`` ``[count]`` as ``[rows, columns]``, zeros behind the last."""
        rows, columns = self.arrangement.shape
        if rows * columns == self.arrangement.count:
            return values.reshape(rows, columns)
        full = np.zeros(rows * columns, values.dtype)
        full[: values.size] = values
        return full.reshape(rows, columns)

    # ---- words and commands ----

    def cells(self, indices: IndexArray) -> Cells:
        """Return the weights at ``indices`` by their stable ids."""
        return Cells.of_unit(self.layer_id, self.unit_id, self._sources[indices])

    @property
    def name(self) -> str:
        """Return the neuron's name."""
        return "" if self.spec is None or not self.is_there else unit_name(self.spec, self.index, self.row)

    def source(self, index: int) -> str:
        """Return the name of what weight ``index`` comes from."""
        return "" if self.spec is None else source_name(self.spec, self.index, index, self.names)

    def readout(self, index: int) -> str:
        """Return the chip's text: ``w[8, 20] = +0.50``."""
        value = signed_text(float(self.shown()[index]))
        if self.arrangement.is_image:
            row, column = self.arrangement.place(index)
            return f"w[{row}, {column}] = {value}"
        return f"{self.source(index)}   w = {value}"

    def spoken(self, index: int) -> str:
        """Return what a screen reader says of a cell: ``row 8, column 20, weight +0.50``."""
        words = f"{self.source(index)}, weight {signed_text(float(self.shown()[index]))}"
        frozen, cut = self.shown_frozen(), self.shown_cut()
        if frozen is not None and frozen[index]:
            words += ", frozen"
        return f"{words}, cut" if cut is not None and cut[index] else words
