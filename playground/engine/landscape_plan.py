"""The loss on a plane through a network's parameters: what is asked for, and what was found. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.datasets import DataSet
from playground.engine.snapshots import FloatArray
from playground.engine.spec import NetworkSpec

Floats = NDArray[np.float64]

RESOLUTIONS = (5, 101)
SPANS = (0.01, 100.0)
MOST_EXAMPLES = 2_000  # of the training part, on which the loss is measured


class LandscapeError(ValueError):
    """A landscape that cannot be had; the text is a sentence for the user."""


@dataclass(frozen=True, eq=False)
class LandscapePlan:
    """A frozen copy of what the loss is measured on, and where.

    Attributes
    ----------
    spec, loss, data
        As in the training; ``loss`` without penalties.
    parameters : ndarray [P], float32
        The point in the middle.
    present : ndarray [P], bool, or None
        Parameters that are cut count as 0.
    axes : (int, int) or None
        Two parameters, by their places in the flat buffer; None: two random directions drawn from ``seed``.
    span : float
        The picture goes so far to each side: in units of the parameters themselves, or of the directions, each neuron's
        part of which is as long as its own weights.
    resolution : int
        Points a side, odd: the middle is one of them.
    """

    spec: NetworkSpec
    loss: str
    data: DataSet
    parameters: FloatArray
    present: NDArray[np.bool_] | None = None
    axes: tuple[int, int] | None = None
    seed: int = 0
    span: float = 1.0
    resolution: int = 41

    def check(self) -> None:
        """Raise LandscapeError where something of it cannot be."""
        if not len(self.data.train):
            raise LandscapeError("There are no training examples: without any there is no loss to measure.")
        if self.spec.inputs != self.data.features or self.spec.outputs != self.data.outputs:
            raise LandscapeError("The network does not fit these data yet: wait a moment and measure again.")
        low, high = RESOLUTIONS
        if not low <= self.resolution <= high or self.resolution % 2 == 0:
            raise LandscapeError(f"The points a side must be an odd number from {low} to {high}.")
        if not SPANS[0] <= self.span <= SPANS[1]:
            raise LandscapeError(f"The span must lie between {SPANS[0]:g} and {SPANS[1]:g}.")
        if self.axes is not None and self.axes[0] == self.axes[1]:
            raise LandscapeError("Both directions are the same parameter: choose two different ones.")
        if not np.isfinite(self.parameters).all():
            raise LandscapeError("Some weights are no numbers any more: go back to the last good step first.")

    def directions(self) -> Floats:
        """Return both directions ``[2, P]``.

        Random ones are filter-normalised (Li, Xu, Taylor, Studer and Goldstein 2018, section 4): a normal draw in which
        the part of every neuron's incoming weights is scaled to the length that these weights have. Biases do not move.
        """
        size = self.spec.parameter_count
        found = np.zeros((2, size))
        if self.axes is not None:
            found[[0, 1], list(self.axes)] = 1.0
            return found
        random = np.random.Generator(np.random.PCG64(self.seed))
        exact = np.asarray(self.parameters, np.float64)
        is_there = np.ones(size, bool) if self.present is None else self.present
        for direction in found:
            for slots in self.spec.slots:
                weight = (exact * is_there)[slots.weight].reshape(slots.rows, slots.columns)
                draw = random.normal(size=weight.shape) * is_there[slots.weight].reshape(weight.shape)
                length = np.linalg.norm(draw, axis=1, keepdims=True)
                scale = np.linalg.norm(weight, axis=1, keepdims=True) / np.where(length > 0, length, 1.0)
                direction[slots.weight] = (draw * scale).ravel()
        return found

    @property
    def steps(self) -> Floats:
        """Return how far along each direction the points of the grid lie ``[resolution]``."""
        return np.linspace(-self.span, self.span, self.resolution)


@dataclass(frozen=True, eq=False)
class Landscape:
    """Losses ``[resolution, resolution]``: row by row from -span upwards along the second direction.

    ``directions`` ``[2, P]``; ``count`` examples were measured.
    """

    plan: LandscapePlan
    directions: Floats
    losses: Floats
    count: int

    def place(self, parameters: NDArray[np.floating]) -> tuple[float, float, float]:
        """Return where other parameters ``[P]`` stand: both steps, and which share of their distance lies in the plane.

        By orthogonal projection on the plane of both directions; the share is that of squared lengths, 1 at the middle.
        """
        away = np.asarray(parameters, np.float64) - self.plan.parameters
        gram = self.directions @ self.directions.T
        along = np.linalg.lstsq(gram, self.directions @ away, rcond=None)[0]
        whole = float(away @ away)
        inside = float(along @ gram @ along)
        return float(along[0]), float(along[1]), 1.0 if whole <= 0 else min(inside / whole, 1.0)
