"""What the diagram is told of data in the plane, so that every neuron can show what it answers there."""

from __future__ import annotations

import numpy as np

from playground.engine.datasets import DataSet
from playground.engine.input_features import VARIABLES
from playground.engine.plane import plane_points
from playground.engine.targets import VALUES
from playground.views.diagram.responses import PlaneInputs
from playground.views.plane.axis import axes_of

RESOLUTION = 100  # points a side


def plane_inputs(data: DataSet) -> PlaneInputs | None:
    """Return each input over the plane; None where the data lie in none."""
    plane = data.plane
    if plane is None:
        return None
    inputs = plane.surface_inputs(RESOLUTION).T.reshape(len(plane.features.names), -1, RESOLUTION)
    inputs = np.ascontiguousarray(inputs)
    inputs.setflags(write=False)
    targets = np.abs(plane_points(data)[1]) if data.task == VALUES else np.zeros(0)
    scale = max(float(targets.max()), 1e-6) if len(targets) else 1.0
    names = plane.features.names
    variables = tuple(names.index(name) for name in VARIABLES[: plane.dimensions] if name in names)
    return PlaneInputs(plane.input_names, inputs, data.task, plane.low, plane.high, scale, axes_of(plane), variables)
