"""How every neuron answers all over the plane: pre-activations and activations on a grid, for pictures."""

from __future__ import annotations

import math
import sys

import numpy as np
import torch
from torch import Tensor

from playground.engine.activations import write_activation
from playground.engine.input_features import PlaneCoordinates
from playground.engine.network import Network, layer_views
from playground.engine.snapshots import FloatArray, UnitSurfaces
from playground.engine.spec import NetworkSpec
from playground.engine.targets import answer_activation

MAX_VALUES = 4_000_000  # neurons x points of one picture: beyond, the grid is coarser
MOST_ROOMS = 4  # one is written, one waits for the window, one is shown, one is being let go
MAX_ROOM = 16 * 2**20  # bytes of memory that is kept for the next moment
_UNREAD = 3  # references to an array that nobody reads: the list's, the loop's and that of the question itself


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
        self._rooms: list[FloatArray] = []

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
        room = self._room(2 * sum(spec.widths[1:]), below)
        pre, act, start = [], [], 0
        with torch.inference_mode():
            for layer, (weight, bias) in zip(spec.layers, layer_views(spec, network.effective()), strict=True):
                middle, end = start + layer.width, start + 2 * layer.width
                # neuron by neuron, so that each picture lies in one piece
                torch.addmm(bias.unsqueeze(1), weight, below, out=room[start:middle])  # [out, in] @ [in, points]
                is_output = layer is spec.layers[-1]
                name = answer_activation(layer.activation, loss, layer.width) if is_output else layer.activation
                below = _activated(name, room[start:middle], room[middle:end])
                pre.append(room[start:middle])
                act.append(below)
                start = end
        return UnitSurfaces(
            plane.low,
            plane.high,
            tuple(_picture(each, shape) for each in pre),
            tuple(_picture(each, shape) for each in act),
        )

    def _room(self, rows: int, like: Tensor) -> Tensor:
        """Return memory ``[rows, points]`` on the device of ``like``, on the CPU such that no snapshot reads any more.

        Fresh memory for every moment costs more than what is reckoned in it: the system hands it out page by page. A
        picture refers to the array that it lies in, so the references to an array tell whether it is read.
        """
        shape = (rows, like.shape[1])
        if like.device.type != "cpu":
            return torch.empty(shape, device=like.device)
        self._rooms = [room for room in self._rooms if room.shape == shape]
        for room in self._rooms:
            if sys.getrefcount(room) <= _UNREAD:
                return torch.from_numpy(room)
        room = np.empty(shape, np.float32)
        if room.nbytes <= MAX_ROOM and len(self._rooms) < MOST_ROOMS:
            self._rooms.append(room)
        return torch.from_numpy(room)

    def _inputs_at(self, plane: PlaneCoordinates, side: int, like: Tensor) -> Tensor:
        points = side**plane.dimensions
        if plane is not self._plane or self._inputs.shape[1] != points or self._inputs.device != like.device:
            inputs = torch.from_numpy(plane.surface_inputs(side))  # [points, inputs]
            self._inputs = inputs.T.contiguous().to(like.device)
            self._plane = plane
        return self._inputs


def _activated(name: str, pre: Tensor, out: Tensor) -> Tensor:
    return torch.softmax(pre, 0, out=out) if name == "softmax" else write_activation(name, pre, out)


def _picture(values: Tensor, shape: tuple[int, int]) -> FloatArray:
    """Return ``[units, points]`` as read-only pictures ``[units, rows, columns]``; the tensor is given away."""
    found: FloatArray = values.cpu().numpy().reshape(len(values), *shape)
    found.flags.writeable = False
    return found
