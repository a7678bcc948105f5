"""How every neuron answers all over the plane: pre-activations and activations on a grid, for pictures."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from playground.engine.activations import FUNCTIONS
from playground.engine.input_features import PlaneCoordinates
from playground.engine.network import Network, layer_views
from playground.engine.snapshots import FloatArray, UnitSurfaces
from playground.engine.spec import NetworkSpec
from playground.engine.targets import answer_activation

MAX_VALUES = 4_000_000  # neurons x points of one picture: beyond, the grid is coarser


def fitting_resolution(spec: NetworkSpec, resolution: int, dimensions: int) -> int:
    """Return the resolution that is drawn: as asked for, or less where so many neurons would need too much memory."""
    points = MAX_VALUES // sum(spec.widths[1:])
    most = points if dimensions == 1 else math.isqrt(points)
    return max(2, min(resolution, most))


class PlaneSurfaces:
    """Runs networks over the grid of one plane; what they receive there is reckoned once."""

    def __init__(self) -> None:
        self._plane: PlaneCoordinates | None = None
        self._inputs = torch.empty(0, 0)

    def of(self, network: Network, loss: str, plane: PlaneCoordinates, resolution: int) -> UnitSurfaces | None:
        """Return all neurons' surfaces.

        Parameters
        ----------
        network : Network
        loss : str
            Says how the output is read (see ``targets.answer_activation``).
        plane : PlaneCoordinates
        resolution : int
            Points along a side of the grid.

        Returns
        -------
        UnitSurfaces or None
            None where the network does not take the features of the plane.
        """
        spec = network.spec
        if len(plane.features.names) != spec.inputs:
            return None
        side = fitting_resolution(spec, resolution, plane.dimensions)
        below = self._inputs_at(plane, side, network.parameters)  # [inputs, points]
        shape = (side, side) if plane.dimensions == 2 else (1, side)
        pre, act = [], []
        with torch.inference_mode():
            for layer, (weight, bias) in zip(spec.layers, layer_views(spec, network.effective()), strict=True):
                # neuron by neuron, so that each picture lies in one piece
                pre.append(torch.addmm(bias.unsqueeze(1), weight, below))  # [out, points] = [out, in] @ [in, points]
                is_output = layer is spec.layers[-1]
                name = answer_activation(layer.activation, loss, layer.width) if is_output else layer.activation
                below = _activated(name, pre[-1])
                act.append(below)
        return UnitSurfaces(
            plane.low,
            plane.high,
            tuple(_picture(each, shape) for each in pre),
            tuple(_picture(each, shape) for each in act),
        )

    def _inputs_at(self, plane: PlaneCoordinates, side: int, like: Tensor) -> Tensor:
        points = side**plane.dimensions
        if plane is not self._plane or self._inputs.shape[1] != points or self._inputs.device != like.device:
            inputs = torch.from_numpy(plane.surface_inputs(side))  # [points, inputs]
            self._inputs = inputs.T.contiguous().to(like.device)
            self._plane = plane
        return self._inputs


def _activated(name: str, pre: Tensor) -> Tensor:
    return torch.softmax(pre, 0) if name == "softmax" else FUNCTIONS[name](pre, torch.empty_like(pre))


def _picture(values: Tensor, shape: tuple[int, int]) -> FloatArray:
    """Return ``[units, points]`` as read-only pictures ``[units, rows, columns]``; the tensor is given away."""
    found: FloatArray = values.cpu().numpy().reshape(len(values), *shape)
    found.flags.writeable = False
    return found
