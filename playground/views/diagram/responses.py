"""What every neuron answers over the plane, as numbers to be coloured: arrays, scales, zero lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from playground.engine.targets import CLASSES, TWO, VALUES, two_targets
from playground.views.diagram.curve import FloatArray
from playground.views.diagram.picture import INPUT, Picture, magnitude
from playground.views.plane.axis import PLAIN_AXES, Axis

BOUNDED = ("sigmoid", "tanh", "step")  # activations that never go beyond 1
SIGNS = "signs"  # a neuron that is no output: its numbers in the colours of their signs


@dataclass(frozen=True, eq=False)
class PlaneInputs:
    """The plane that data lie in, from ``low`` to ``high``, and what each input is there.

    ``inputs`` is ``[inputs, rows, columns]``, the first row that of the lowest x2; over a line there is one row.
    """

    names: tuple[str, ...]  # of the inputs, such as x1²
    inputs: FloatArray
    task: str  # what the outputs are asked for (see ``targets``)
    low: float
    high: float
    value_scale: float = 1.0  # of numbers to be predicted: the size of full colour
    axes: tuple[Axis, ...] = PLAIN_AXES
    variables: tuple[int, ...] = ()  # which inputs are the directions of the plane themselves

    @cached_property
    def scales(self) -> FloatArray:
        """Return the largest magnitude of each input ``[inputs]``: they are of different kinds."""
        return np.array([magnitude(each) for each in self.inputs], np.float32)

    @property
    def is_line(self) -> bool:
        """Return whether there is one variable, and numbers over it."""
        return bool(self.inputs.shape[1] == 1)


@dataclass(frozen=True, eq=False)
class Responses:
    """The neurons of one place over the plane: ``values`` ``[neurons, rows, columns]``, full colour at ``scales``.

    ``task`` says how they are coloured: SIGNS, or as the answer to that task is on the large plane. Of two classes on
    one output the values are centred: 0 is the border between them.
    """

    values: FloatArray
    scales: FloatArray  # [neurons], the same for all but inputs
    task: str = SIGNS


def responses(picture: Picture, plane: PlaneInputs, place: int) -> Responses | None:
    """Return what the neurons of a place answer; None where nothing was measured yet."""
    if place == INPUT:
        return Responses(plane.inputs, plane.scales)
    surfaces = picture.snapshot.surfaces
    if surfaces is None or len(surfaces.act[place]) != picture.width(place):
        return None
    ones = np.ones(picture.width(place), np.float32)
    act, layer = surfaces.act[place], picture.spec.layers[place]
    loss, is_output = picture.snapshot.settings.loss, place == len(picture.spec.layers) - 1
    if is_output and plane.task == TWO and len(act) == 1:
        low, high = two_targets(layer.activation, loss)
        return Responses((act - np.float32((low + high) / 2)) / np.float32((high - low) / 2), ones, TWO)
    if is_output and plane.task == VALUES:
        return Responses(act, ones * np.float32(plane.value_scale), VALUES)
    if is_output and plane.task == CLASSES and len(act) > 1:
        return Responses(act, ones, CLASSES)
    is_bounded = layer.activation in BOUNDED or (is_output and loss == "cross_entropy")
    return Responses(act, ones if is_bounded else ones * np.float32(magnitude(act)))


def zero_surface(picture: Picture, plane: PlaneInputs, place: int, row: int) -> tuple[FloatArray, str] | None:
    """Return a surface ``[rows, columns]`` whose zero is the line that says most of a neuron, and what that line is.

    It is where the pre-activation changes its sign; of an output that answers by class, where the answer changes.
    """
    found, surfaces = responses(picture, plane, place), picture.snapshot.surfaces
    if found is None:
        return None
    if place == INPUT:
        return found.values[row], "where it is 0"
    if found.task == TWO:
        return found.values[row], "between the classes"
    if found.task == CLASSES:
        others = np.delete(found.values, row, 0).max(0)
        return found.values[row] - others, "around where it is the answer"
    if surfaces is None or len(surfaces.pre[place]) != picture.width(place):
        return None
    return surfaces.pre[place][row], "where pre = 0"


def sampled(values: FloatArray, rows: int, columns: int) -> FloatArray:
    """Return ``[n, rows, columns]`` of ``values`` ``[n, g, g]`` at the nearest points, the highest x2 first."""
    high, wide = values.shape[1:]
    return values.take(nearest(high, rows)[::-1], axis=1).take(nearest(wide, columns), axis=2)


@lru_cache(maxsize=64)
def nearest(points: int, count: int) -> NDArray[np.intp]:
    """Return ``count`` of so many points, from the first to the last."""
    return np.rint(np.linspace(0, points - 1, count)).astype(np.intp)


def levels(values: FloatArray, scales: FloatArray) -> NDArray[np.int16]:
    """Return for ``values`` ``[n, rows, columns]`` the rows of the palette's table of signs.

    0 stands for -scale, 255 for 0, 510 for scale; ``scales`` is ``[n]``.
    """
    found = values * (np.float32(255.0) / np.maximum(scales, np.float32(1e-12)))[:, None, None]
    if not np.isfinite(found.sum(dtype=np.float32)):  # some are no numbers, or too large to be added
        np.nan_to_num(found, copy=False, nan=0.0, posinf=255.0, neginf=-255.0)
    np.clip(found, -255.0, 255.0, out=found)
    index = found.astype(np.int16)
    index += 255
    return index
