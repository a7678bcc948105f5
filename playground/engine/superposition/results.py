"""What sweeps came to, as views, project files and tables need it. Torch-free.

Axes: K kinds, Q sparsities, R seeds, P stops or pairs, n features, m hidden dimensions. ``done`` below 1 is a sweep on
its way, or one that was broken off: its models are not trained to the end, or some are missing (NaN).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from playground.engine.superposition.geometry import label
from playground.engine.superposition.metrics import Metrics, cosines, measure
from playground.engine.superposition.phase_cells import PhaseCells, PhaseGrid
from playground.engine.superposition.problem import Floats, Problem, pairs_of

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SparsitySweepResult:
    """Every kind at every sparsity with every seed; also what dimensions per feature are read off."""

    problems: tuple[Problem, ...]  # [Q] by rising sparsity
    kinds: tuple[str, ...]
    seeds: tuple[int, ...]
    steps: int
    losses: Floats  # [K, Q, R] mean over the features, weighted by importance
    parameters: Array  # [K, Q, R, n, m + 1] W, b
    done: float = 1.0

    @cached_property
    def metrics(self) -> Metrics:
        """Return the readings, ``[K, Q, R]`` and ``[K, Q, R, n]``."""
        return measure(self.parameters[..., :-1], self.parameters[..., -1])

    @property
    def sparsities(self) -> Floats:
        """Return the sparsity of each place, ``[Q]``; the mean where features differ."""
        values = [problem.sparsity for problem in self.problems]
        return np.array([one[0] if len(set(one)) == 1 else float(np.mean(one)) for one in values])

    def best_seed(self, kind: int, sparsity: int) -> int:
        """Return the place of the seed with the smallest loss."""
        return int(np.argmin(self.losses[kind, sparsity]))

    def label(self, kind: int, sparsity: int, seed: int) -> str:
        """Return what has formed in one model."""
        return label(self.parameters[kind, sparsity, seed, :, :-1])


@dataclass(frozen=True, eq=False)
class PhaseResult:
    """A phase diagram: the optimum of each cell, the best of several trained seeds, and one seed drawn for each."""

    grid: PhaseGrid
    exact: PhaseCells | None  # NaN losses in cells that are still to come
    best: PhaseCells | None
    single: PhaseCells | None
    restarts: int
    steps: int
    done: float = 1.0


@dataclass(frozen=True, eq=False)
class PairsResult:
    """Features in groups beside the same ones without."""

    problem: Problem  # with the groups
    kind: str
    seeds: tuple[int, ...]
    steps: int
    grouped_losses: Floats  # [R]
    control_losses: Floats  # [R]
    grouped: Array  # [R, n, m + 1]
    control: Array  # [R, n, m + 1]
    done: float = 1.0

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Return the pairs of features that share a group, ``[P]``."""
        return pairs_of(self.problem.groups)

    @property
    def grouped_cosines(self) -> Floats:
        """Return the cosines within the pairs of the grouped models, ``[R, P]``."""
        return self._cosines(self.grouped)

    @property
    def control_cosines(self) -> Floats:
        """Return the cosines of the same pairs in the models of independent features, ``[R, P]``."""
        return self._cosines(self.control)

    def _cosines(self, parameters: Array) -> Floats:
        left, right = np.array(self.pairs).T
        return np.asarray(cosines(parameters[..., :-1])[:, left, right])


@dataclass(frozen=True, eq=False)
class WarmResult:
    """Sparsity swept up and then down again, each stop from the weights of the one before: where hysteresis shows.

    The topmost stop is trained once and stands in both directions.
    """

    problem: Problem  # its sparsity is that of no stop in particular
    sparsities: tuple[float, ...]  # [P] rising
    kind: str
    seeds: tuple[int, ...]
    steps: int  # at each stop
    losses: Floats  # [2, P, R] up, down; NaN where not yet come
    parameters: Array  # [2, P, R, n, m + 1]; NaN where not yet come
    done: float = 1.0

    def has_come(self, direction: int, place: int) -> bool:
        """Return whether this stop has been reached."""
        return bool(np.isfinite(self.losses[direction, place]).all())

    def shares(self, direction: int, place: int) -> dict[str, float]:
        """Return how large a share of the seeds has formed what, the most frequent first."""
        return shares_of([label(one[:, :-1]) for one in self.parameters[direction, place]])


@dataclass(frozen=True, eq=False)
class AnnealResult:
    """Absolute value, the density lowered in stages, beside models trained from scratch at the last density."""

    features: int
    hidden: int
    importance: tuple[float, ...]
    densities: tuple[float, ...]  # [P] falling
    seeds: tuple[int, ...]
    steps: int  # at each stage
    losses: Floats  # [P, R] NaN where not yet come
    trivial: Floats  # [P] the loss of answering 0
    features_per_neuron: Floats  # [P, R, m] NaN where not yet come
    scratch_losses: Floats  # [R] at the last density, trained there alone; NaN where not yet come
    parameters: Array  # [P, R, n, 2 m + 1] W, V, b; NaN where not yet come
    done: float = 1.0


Result = SparsitySweepResult | PhaseResult | PairsResult | WarmResult | AnnealResult


def shares_of(labels: list[str]) -> dict[str, float]:
    """Return how large a share each label has, the most frequent first."""
    names, counts = np.unique(labels, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return {str(names[at]): float(counts[at] / counts.sum()) for at in order}
