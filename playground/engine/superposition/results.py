"""What sweeps came to, as views, project files and tables need it. Torch-free.

Axes: K kinds, Q sparsities, R seeds, P stops or pairs, n features, m hidden dimensions. ``done`` below 1 is a sweep on
its way, or one that was broken off: its models are not trained to the end, or some are missing (NaN).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from playground.engine.superposition.geometry import label
from playground.engine.superposition.metrics import Metrics, cosines, measure
from playground.engine.superposition.phase_cells import PhaseCells, PhaseGrid
from playground.engine.superposition.problem import ABS, RELU, Floats, Problem, make_problem, pairs_of
from playground.engine.superposition.setup import Setup

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ChosenModels:
    """Models of a result that are to be looked at, in the shape of the command `LoadModels`."""

    setup: Setup
    parameters: Array  # [K, R, n, columns]
    label: str
    model: tuple[int, int]  # places of kind and seed of the one that was pointed at


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

    def models_at(self, kind: int, sparsity: int, seed: int) -> ChosenModels:
        """Return all models of one sparsity."""
        setup = Setup(self.problems[sparsity], self.kinds, self.seeds)
        words = f"Models of the sweep at S = {self.sparsities[sparsity]:g}"
        return ChosenModels(setup, self.parameters[:, sparsity], words, (kind, seed))


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

    def model_at(self, cells: PhaseCells, row: int, column: int) -> ChosenModels:
        """Return the model of one cell of ``cells``, which are one of the three."""
        setup = Setup(self.grid.problem(row, column), (RELU,), (0,))
        ratio, density = self.grid.ratios[column], self.grid.densities[row]
        held = cells.parameters[row, column][None, None].astype(np.float32)
        return ChosenModels(setup, held, f"Cell r = {ratio:.3g}, p = {density:.3g}", (0, 0))


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

    def models_of(self, *, is_grouped: bool, seed: int) -> ChosenModels:
        """Return the models with groups, or those without."""
        problem = self.problem if is_grouped else replace(self.problem, groups=())
        held = (self.grouped if is_grouped else self.control)[None]
        words = "Models of features in groups" if is_grouped else "Models of independent features"
        return ChosenModels(Setup(problem, (self.kind,), self.seeds), held, words, (0, seed))

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

    def models_at(self, direction: int, place: int, seed: int) -> ChosenModels:
        """Return all seeds at one stop."""
        sparsity = self.sparsities[place]
        setup = Setup(self.problem.with_sparsity(sparsity), (self.kind,), self.seeds)
        words = f"Models at S = {sparsity:g} on the way {('up', 'down')[direction]}"
        return ChosenModels(setup, self.parameters[direction, place][None], words, (0, seed))


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

    def models_at(self, place: int, seed: int) -> ChosenModels:
        """Return all seeds at one density."""
        density = self.densities[place]
        problem = make_problem(self.features, self.hidden, 1 - density, self.importance)
        words = f"Absolute value annealed to density {density:g}"
        return ChosenModels(Setup(problem, (ABS,), self.seeds), self.parameters[place][None], words, (0, seed))


Result = SparsitySweepResult | PhaseResult | PairsResult | WarmResult | AnnealResult


def shares_of(labels: list[str]) -> dict[str, float]:
    """Return how large a share each label has, the most frequent first."""
    names, counts = np.unique(labels, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return {str(names[at]): float(counts[at] / counts.sum()) for at in order}
