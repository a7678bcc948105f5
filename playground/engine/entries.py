"""Single entries of the flat buffers of a live network: reading and writing them by flat index."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.network import Network

IndexArray = NDArray[np.int64]


def read(network: Network, target: str, flat: IndexArray) -> NDArray[Any]:
    """Return a copy of the entries ``flat`` of ``parameters``, ``movable`` or ``present``."""
    buffer = network.parameters if target == "parameters" else _mask(network, target)
    if buffer is None:
        return np.ones(flat.shape, np.bool_)
    copied: NDArray[Any] = buffer.detach()[_places(network, flat)].cpu().numpy().copy()
    return copied


def exchange(network: Network, target: str, flat: IndexArray, values: NDArray[Any]) -> NDArray[Any]:
    """Write ``values`` to the entries ``flat`` and return what they replaced.

    The momentum of weights that are written, cut or joined is put to zero, so that what training had under way
    does not carry them off; the second moment stays (without it the first steps after an edit are far too large).
    """
    before = read(network, target, flat)
    write(network, target, flat, values)
    if target != "movable":
        calm(network, flat)
    return before


def write(network: Network, target: str, flat: IndexArray, values: NDArray[Any]) -> None:
    """Write ``values`` to the entries ``flat`` (each named once), and nothing else."""
    if not flat.size:
        return
    at = _places(network, flat)
    fresh = torch.from_numpy(np.ascontiguousarray(values))
    if target == "parameters":
        with torch.no_grad():
            network.parameters[at] = fresh.to(network.parameters)
        return
    mask = _mask(network, target)
    changed = torch.ones_like(network.parameters, dtype=torch.bool) if mask is None else mask.clone()
    changed[at] = fresh.to(changed)
    network.set_mask(target, changed)


def calm(network: Network, flat: IndexArray) -> None:
    """Put the momentum of the entries ``flat`` to zero."""
    if network.first_moment is not None and flat.size:
        with torch.no_grad():
            network.first_moment[_places(network, flat)] = 0.0


def _mask(network: Network, name: str) -> torch.Tensor | None:
    return network.movable if name == "movable" else network.present


def _places(network: Network, flat: IndexArray) -> torch.Tensor:
    return torch.from_numpy(flat).to(network.parameters.device)
