"""What the diagram shows of one snapshot: arrays by layer, their scales, the answer."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from playground.engine.snapshots import FloatArray, Snapshot
from playground.engine.spec import ACTIVATION_NAMES, NetworkSpec
from playground.engine.targets import answer_activation

INPUT = -1  # the place of the input column; layers have their index

UnitKey = tuple[int, int]  # layer id, unit id
EdgeKey = tuple[int, int, int]  # layer id, unit id, id of its source (a pixel number for the first layer)


@dataclass(frozen=True, eq=False)
class Picture:
    """A snapshot seen by layer index and neuron index."""

    snapshot: Snapshot

    @property
    def spec(self) -> NetworkSpec:
        """Return the structure."""
        return self.snapshot.spec

    @cached_property
    def weights(self) -> tuple[FloatArray, ...]:
        """Return W ``[out, in]`` of every layer."""
        return tuple(self.snapshot.weight(index) for index in range(len(self.spec.layers)))

    @cached_property
    def scales(self) -> tuple[float, ...]:
        """Return the largest finite magnitude of every layer's weights."""
        return tuple(magnitude(weight) for weight in self.weights)

    def row_scale(self, index: int, row: int) -> float:
        """Return the largest magnitude of one neuron's weights."""
        return magnitude(self.weights[index][row])

    def act(self, place: int) -> FloatArray | None:
        """Return the activations of a layer, or the input values for ``INPUT``; None where nothing was read."""
        readings = self.snapshot.readings
        if readings is None:
            return None
        found = readings.inputs if place == INPUT else readings.act[place]
        return found if len(found) == self.width(place) else None

    def pre(self, index: int) -> FloatArray | None:
        """Return the pre-activations of a layer."""
        readings = self.snapshot.readings
        return None if readings is None or len(readings.pre[index]) != self.width(index) else readings.pre[index]

    def width(self, place: int) -> int:
        """Return the number of neurons (of inputs for ``INPUT``)."""
        return self.spec.inputs if place == INPUT else self.spec.layers[place].width

    @cached_property
    def _light(self) -> dict[int, FloatArray | None]:
        return {}

    def lamps(self, place: int) -> FloatArray | None:
        """Return how brightly the lamps of a place are lit, -1 to 1: scaled by the largest where it is beyond 1."""
        if place not in self._light:
            act = self.act(place)
            lit = None if act is None else act / np.float32(max(magnitude(act), 1.0))
            if lit is not None and not math.isfinite(lit.sum(dtype=np.float64)):
                lit = np.nan_to_num(lit)
            self._light[place] = lit
        return self._light[place]

    @property
    def is_sketch(self) -> bool:
        """Return whether the network has not been made yet, so that there are no weights to draw."""
        return self.snapshot.applied_seq < 0

    @property
    def is_classifier(self) -> bool:
        """Return whether the outputs are classes, so that the largest is the answer."""
        return self.spec.outputs > 1

    @property
    def answer(self) -> int | None:
        """Return the index of the largest output, None where there is no reading or nothing to choose from."""
        act = self.act(len(self.spec.layers) - 1)
        if act is None or not self.is_classifier or not np.isfinite(act).all():
            return None
        return int(np.argmax(act))

    def activation_name(self, index: int) -> str:
        """Return the activation as the screen names it; the output is a softmax or sigmoid under cross-entropy."""
        layer = self.spec.layers[index]
        if index == len(self.spec.layers) - 1:
            return ACTIVATION_NAMES[answer_activation(layer.activation, self.snapshot.settings.loss, layer.width)]
        return ACTIVATION_NAMES[layer.activation]

    @cached_property
    def step_above(self) -> frozenset[int]:
        """Return the layers that cannot learn by gradient, since a ``step`` layer lies between them and the loss."""
        layers = self.spec.layers
        steps = [index for index, layer in enumerate(layers) if layer.activation == "step"]
        return frozenset(range(max(steps) + 1)) if steps else frozenset()

    def silent_count(self, place: int) -> int:
        """Return how many ReLU neurons of a layer were 0 for all training examples that were measured."""
        found = self.snapshot.evaluation
        return len(found.silent[place]) if found is not None and 0 <= place < len(found.silent) else 0

    def mask(self, name: str, index: int) -> NDArray[np.bool_] | None:
        """Return the mask ``movable`` or ``present`` of a layer's weights, None where all are."""
        return self.snapshot.mask(name, index)

    def is_frozen(self, index: int, row: int) -> bool:
        """Return whether all incoming weights of a neuron and its bias are frozen."""
        movable = self.snapshot.movable
        if movable is None:
            return False
        slots = self.spec.slots[index]
        start = slots.weight.start + row * slots.columns
        return not movable[start : start + slots.columns].any() and not movable[slots.bias.start + row]

    def same_numbers(self, other: Picture) -> bool:
        """Return whether both show the same parameters, masks, activations, surfaces and loss."""
        mine, yours = self.snapshot, other.snapshot
        if mine is yours:
            return True
        return (
            mine.settings.loss == yours.settings.loss
            and _same(mine.parameters, yours.parameters)
            and _same(mine.present, yours.present)
            and _same(mine.movable, yours.movable)
            and mine.surfaces is yours.surfaces
            and self._same_readings(other)
        )

    def _same_readings(self, other: Picture) -> bool:
        mine, yours = self.snapshot.readings, other.snapshot.readings
        if mine is None or yours is None:
            return mine is yours
        return _all_same(mine.act, yours.act) and _same(mine.inputs, yours.inputs)


class UnitPlaces:
    """Where the neurons with certain ids stand; built once per structure."""

    def __init__(self, spec: NetworkSpec) -> None:
        self.spec = spec
        self._layers = {layer.id: index for index, layer in enumerate(spec.layers)}
        self._rows: dict[int, dict[int, int]] = {}

    def layer(self, layer_id: int) -> int | None:
        """Return the index of a layer, None where it is gone."""
        return self._layers.get(layer_id)

    def unit(self, key: UnitKey) -> tuple[int, int] | None:
        """Return layer index and row of a neuron, None where it is gone."""
        index = self._layers.get(key[0])
        row = None if index is None else self._row(index, key[1])
        return None if index is None or row is None else (index, row)

    def edge(self, key: EdgeKey) -> tuple[int, int, int] | None:
        """Return layer index, row and column of an edge, None where one of its ends is gone."""
        found = self.unit(key[:2])
        if found is None:
            return None
        index, row = found
        if index == 0:
            return (index, row, key[2]) if 0 <= key[2] < self.spec.inputs else None
        column = self._row(index - 1, key[2])
        return None if column is None else (index, row, column)

    def unit_key(self, index: int, row: int) -> UnitKey:
        """Return the ids of a neuron."""
        layer = self.spec.layers[index]
        return layer.id, layer.units[row]

    def edge_key(self, index: int, row: int, column: int) -> EdgeKey:
        """Return the ids of an edge."""
        return (*self.unit_key(index, row), self.spec.sources(index)[column])

    def _row(self, index: int, unit: int) -> int | None:
        if index not in self._rows:
            self._rows[index] = {found: row for row, found in enumerate(self.spec.layers[index].units)}
        return self._rows[index].get(unit)


def image_shape(spec: NetworkSpec) -> tuple[int, int] | None:
    """Return height and width where an example is an image (channels, if any, come first), else None."""
    shape = spec.input_shape
    if len(shape) not in (2, 3) or min(shape[-2:]) < 2:
        return None
    return shape[-2], shape[-1]


def as_images(rows: NDArray[np.floating], spec: NetworkSpec) -> FloatArray:
    """Return ``[n, inputs]`` as ``[n, height, width]``, the mean over channels where there are several."""
    height, width = spec.input_shape[-2:]
    images: FloatArray = rows.reshape(len(rows), -1, height, width)
    return images[:, 0] if images.shape[1] == 1 else images.mean(1, dtype=np.float32)


def magnitude(values: NDArray[np.floating]) -> float:
    """Return the largest finite magnitude of ``values``, 0 where there is none."""
    if not values.size:
        return 0.0
    found = max(float(values.max()), -float(values.min()))
    if not math.isfinite(found):
        finite = values[np.isfinite(values)]
        found = float(np.abs(finite).max()) if finite.size else 0.0
    return found


def _same(mine: NDArray[np.generic] | None, yours: NDArray[np.generic] | None) -> bool:
    if mine is None or yours is None:
        return mine is yours
    return mine is yours or bool(np.array_equal(mine, yours))


def _all_same(mine: Iterable[NDArray[np.generic]], yours: Iterable[NDArray[np.generic]]) -> bool:
    return all(_same(one, other) for one, other in zip(mine, yours, strict=True))
