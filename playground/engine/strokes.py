"""One stroke of a brush: what it has met so far, and what each move makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.entries import exchange, read
from playground.engine.journal import Edit, Part
from playground.engine.network import Network
from playground.engine.places import IndexArray
from playground.engine.spec import NetworkSpec

FloatArray = NDArray[np.float64]


@dataclass(eq=False)
class _Met:
    """Entries of one buffer that a stroke has met, in ascending order."""

    indices: IndexArray
    before: NDArray[Any]  # when first met
    alpha: FloatArray  # the largest so far

    def take_in(self, fresh: IndexArray, before: NDArray[Any]) -> None:
        at = np.searchsorted(self.indices, fresh)
        self.indices = np.insert(self.indices, at, fresh)
        self.before = np.insert(self.before, at, before)
        self.alpha = np.insert(self.alpha, at, -1.0)


class Stroke:
    """The moves of the mouse between down and up, one edit together.

    Attributes
    ----------
    id : int
        The number that the window gave it.
    seq : int
        The number of the command of its first move, under which the journal keeps it.
    label : str
        What it is called in the undo list.
    spec : NetworkSpec
        The structure that its indices count in.
    dropped : int
        The most parameters that one of its moves named and that were gone.
    """

    def __init__(self, number: int, seq: int, label: str, spec: NetworkSpec, earlier: Edit | None = None) -> None:
        self.id = number
        self.seq = seq
        self.label = label if earlier is None else earlier.label
        self.spec = spec
        self.dropped = 0
        self._earlier = () if earlier is None else earlier.parts  # before the structure changed under the brush
        self._met: dict[str, _Met] = {}

    @property
    def indices(self) -> IndexArray:
        """Return the flat indices of the weights and biases met so far, ascending."""
        met = self._met.get("parameters")
        return np.zeros(0, np.int64) if met is None else met.indices

    @property
    def before(self) -> NDArray[Any]:
        """Return what these weights and biases were when the stroke first met them."""
        met = self._met.get("parameters")
        return np.zeros(0, np.float32) if met is None else met.before

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return what takes this stroke back."""
        return tuple(Part(target, self.spec, met.indices, met.before) for target, met in self._met.items())

    @property
    def edit(self) -> Edit:
        """Return the step of the undo list that this stroke is so far."""
        return Edit(self.label, (*self._earlier, *self.parts))

    @property
    def count(self) -> int:
        """Return how many parameters it has met."""
        return sum(part.indices.size for part in (*self._earlier, *self.parts))

    def move(self, network: Network, target: str, flat: IndexArray, alpha: FloatArray, values: NDArray[Any]) -> None:
        """Make one move: ``w <- before + alpha (value - before)`` where alpha is not below that of an earlier move.

        Parameters
        ----------
        network : Network
            Changed in place.
        target : str
            ``parameters``, or the mask ``movable`` or ``present``, of which alpha 1 sets the values.
        flat : int64 array, ``[n]``
            Each entry once, ascending.
        alpha : float64 array, ``[n]``
            Above 0; 1 and more is full.
        values : array, ``[n]``
        """
        met = self._met.get(target)
        if met is None:
            none = np.zeros(0, np.int64)
            met = self._met[target] = _Met(none, read(network, target, none), np.zeros(0))
        fresh = flat[~_are_in(flat, met.indices)]
        met.take_in(fresh, read(network, target, fresh))
        at = np.searchsorted(met.indices, flat)
        wins = alpha >= met.alpha[at]
        flat, at, alpha, values = flat[wins], at[wins], alpha[wins], values[wins]
        met.alpha[at] = alpha
        if target == "parameters":
            before = met.before[at].astype(np.float64)
            values = np.where(alpha >= 1.0, values, before + alpha * (values - before))
        exchange(network, target, flat, values)


def _are_in(wanted: IndexArray, ordered: IndexArray) -> NDArray[np.bool_]:
    if not ordered.size:
        return np.zeros(wanted.shape, np.bool_)
    near = np.minimum(np.searchsorted(ordered, wanted), ordered.size - 1)
    found: NDArray[np.bool_] = ordered[near] == wanted
    return found
