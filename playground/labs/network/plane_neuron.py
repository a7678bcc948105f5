"""One neuron over the plane, as the canvas shows it."""

from __future__ import annotations

import math

import numpy as np

from playground.engine.snapshots import Snapshot
from playground.labs.network.selection import Unit
from playground.views.plane.scene import ACT, NeuronSurface, Surface

BOUNDED = ("sigmoid", "tanh", "step")  # activations that never go beyond 1
_STEPS = (1.0, 2.0, 5.0, 10.0)


def neuron_name(snapshot: Snapshot, unit: Unit) -> str:
    """Return how the screen calls a neuron, an empty text where it is not there."""
    index = snapshot.spec.index_of(unit[0])
    if index is None or unit[1] not in snapshot.spec.layers[index].units:
        return ""
    return f"neuron {snapshot.spec.layers[index].units.index(unit[1]) + 1} of {snapshot.spec.layer_name(index)}"


def neuron_surface(snapshot: Snapshot, unit: Unit, way: str) -> NeuronSurface | None:
    """Return activation or pre-activation of a neuron over the plane; None where it is not there or not measured."""
    surfaces, name = snapshot.surfaces, neuron_name(snapshot, unit)
    index = snapshot.spec.index_of(unit[0])
    if surfaces is None or not name or index is None:
        return None
    layer = snapshot.spec.layers[index]
    found = (surfaces.act if way == ACT else surfaces.pre)[index]
    if len(found) != layer.width:
        return None
    values = found[layer.units.index(unit[1])]  # [g, g], over a line [1, g]
    is_output = index == len(snapshot.spec.layers) - 1
    is_bounded = layer.activation in BOUNDED or (is_output and snapshot.settings.loss == "cross_entropy")
    scale = 1.0 if way == ACT and is_bounded else round_above(float(np.abs(np.nan_to_num(values)).max()))
    kind = "activation" if way == ACT else "pre-activation"
    return NeuronSurface(name, kind, Surface(values if len(values) == 1 else values[None]), scale)


def round_above(size: float) -> float:
    """Return the next of 1, 2, 5, 10, ... above ``size``: a scale that does not flicker as numbers drift."""
    if not 1e-30 < size < 1e30:
        return 1.0
    decade = 10.0 ** math.floor(math.log10(size))
    return next((step * decade for step in _STEPS if step * decade >= size), 10.0 * decade)
