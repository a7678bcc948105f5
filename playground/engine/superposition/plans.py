"""What a sweep is to do: described, checked and refused before anything is computed. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.engine.superposition.memory import bytes_needed, check_memory
from playground.engine.superposition.phase_cells import PhaseGrid
from playground.engine.superposition.problem import ABS, RELU, Problem, SuperpositionError, check_kinds, make_problem
from playground.engine.superposition.setup import Schedule

SPARSITY, DIMENSIONS, WARM, PAIRS, ANNEALED = "sparsity", "dimensions", "warm", "pairs", "annealed"
PHASE_NAMES = {(2, 1): "phase-2-1", (3, 2): "phase-3-2"}
NAMES = (SPARSITY, DIMENSIONS, *PHASE_NAMES.values(), WARM, PAIRS, ANNEALED)
MOST_STOPS = 60
MOST_SEEDS = 64
MOST_STEPS = 1_000_000
ANNEALED_DENSITIES = (1.0, 0.6, 0.3, 0.15, 0.1, 0.06, 0.03, 0.01)
_MEASURED_EXAMPLES = 65_536  # of the set that a finished sweep is measured on
_COPIES = 3  # of all parameters: on the way, on the screen, kept


@dataclass(frozen=True)
class SparsityPlan:
    """Train every kind at every sparsity with every seed. ``name``: `SPARSITY` or `DIMENSIONS`."""

    problem: Problem
    sparsities: tuple[float, ...]
    kinds: tuple[str, ...]
    seeds: tuple[int, ...]
    steps: int = 5000
    batch: int = Schedule().batch
    name: str = SPARSITY

    def problems(self) -> tuple[Problem, ...]:
        """Return the tasks by rising sparsity (raises SuperpositionError)."""
        return tuple(self.problem.with_sparsity(sparsity) for sparsity in sorted(set(self.sparsities)))

    def check(self) -> None:
        """Raise SuperpositionError where this makes no sense or needs more memory than there is."""
        _check_tied(self.kinds)
        _check_numbers(self.sparsities, self.seeds, self.steps)
        cells = len(self.problems()) * len(self.seeds)
        _check_room(self.problem, cells * len(self.kinds), cells, self.batch)


@dataclass(frozen=True)
class WarmPlan:
    """Train at rising sparsities and then down again, each stop from the weights of the one before."""

    problem: Problem
    sparsities: tuple[float, ...]
    kind: str = RELU
    seeds: tuple[int, ...] = tuple(range(8))
    steps: int = 2000
    name: str = WARM

    def stops(self) -> tuple[float, ...]:
        """Return the sparsities, rising."""
        return tuple(sorted(set(self.sparsities)))

    def check(self) -> None:
        """Raise SuperpositionError where this makes no sense or needs more memory than there is."""
        _check_numbers(self.sparsities, self.seeds, self.steps)
        _check_tied((self.kind,))
        for sparsity in self.stops():
            self.problem.with_sparsity(sparsity)
        if len(self.stops()) < 2:
            raise SuperpositionError("Sweeping up and down needs at least two sparsities.")
        models = 2 * len(self.stops()) * len(self.seeds)
        _check_room(self.problem, models, len(self.seeds), Schedule().batch)


@dataclass(frozen=True)
class PhasePlan:
    """Draw a phase diagram: the optimum of each cell, then (with ``restarts``) training from so many seeds a cell."""

    grid: PhaseGrid
    restarts: int = 10  # 0: the optimum alone
    steps: int = 3000
    seed: int = 0

    @property
    def name(self) -> str:
        """Return under which name the result is kept."""
        return PHASE_NAMES[self.grid.features, self.grid.hidden]

    def check(self) -> None:
        """Raise SuperpositionError where this makes no sense or needs more memory than there is."""
        if not 0 <= self.restarts <= MOST_SEEDS:
            raise SuperpositionError(f"{self.restarts} seeds a cell do not go: choose from 0 to {MOST_SEEDS}.")
        _check_steps(self.steps)
        rows, columns = self.grid.shape
        models = rows * columns * max(self.restarts, 1)
        _check_room(self.grid.problem(0, 0), models, models, Schedule().batch)


@dataclass(frozen=True)
class PairsPlan:
    """Train with the problem's groups and without."""

    problem: Problem
    kind: str = RELU
    seeds: tuple[int, ...] = tuple(range(8))
    steps: int = 5000
    name: str = PAIRS

    def check(self) -> None:
        """Raise SuperpositionError where this makes no sense or needs more memory than there is."""
        _check_tied((self.kind,))
        if not self.problem.groups:
            raise SuperpositionError("Put at least two features into a group to compare them with independent ones.")
        _check_seeds(self.seeds)
        _check_steps(self.steps)
        _check_room(self.problem, 2 * len(self.seeds), 2 * len(self.seeds), Schedule().batch)


@dataclass(frozen=True)
class AnnealPlan:
    """Train the absolute value at falling densities, and from scratch at the last one."""

    problem: Problem  # features, hidden dimensions and importance count
    densities: tuple[float, ...] = ANNEALED_DENSITIES
    seeds: tuple[int, ...] = (0, 1, 2, 3)
    steps: int = 1200  # at each density
    name: str = ANNEALED

    def stages(self) -> tuple[float, ...]:
        """Return the densities, falling."""
        return tuple(sorted(set(self.densities), reverse=True))

    def check(self) -> None:
        """Raise SuperpositionError where this makes no sense or needs more memory than there is."""
        _check_numbers(tuple(1 - density for density in self.densities), self.seeds, self.steps)
        for density in self.densities:
            make_problem(self.problem.features, self.problem.hidden, 1 - density, self.problem.importance)
        models = (len(self.densities) + 1) * len(self.seeds)
        _check_room(self.problem, 2 * models, len(self.seeds), Schedule().batch)


Plan = SparsityPlan | WarmPlan | PhasePlan | PairsPlan | AnnealPlan


def spaced_sparsities(low: float, high: float, count: int) -> tuple[float, ...]:
    """Return ``count`` sparsities from ``low`` to ``high``, by equal factors of 1 - S, in four decimals.

    Raises
    ------
    SuperpositionError
        Where there are too few or too many, or the ends do not go.
    """
    if not 0 <= low < high < 1:
        raise SuperpositionError(f"Sparsities from {low:g} to {high:g} do not go: rise from 0 or more to below 1.")
    if not 2 <= count <= MOST_STOPS:
        raise SuperpositionError(f"{count} sparsities do not go: choose from 2 to {MOST_STOPS}.")
    return tuple(round(1 - float(density), 4) for density in np.geomspace(1 - low, 1 - high, count))


def _check_numbers(stops: tuple[float, ...], seeds: tuple[int, ...], steps: int) -> None:
    if not 1 <= len(stops) <= MOST_STOPS:
        raise SuperpositionError(f"{len(stops)} sparsities do not go: choose from 1 to {MOST_STOPS}.")
    _check_seeds(seeds)
    _check_steps(steps)


def _check_tied(kinds: tuple[str, ...]) -> None:
    check_kinds(kinds)
    if ABS in kinds:
        raise SuperpositionError("The absolute value has a sweep of its own: choose annealing, or one of the others.")


def _check_seeds(seeds: tuple[int, ...]) -> None:
    if not 1 <= len(seeds) <= MOST_SEEDS:
        raise SuperpositionError(f"{len(seeds)} seeds do not go: choose from 1 to {MOST_SEEDS}.")


def _check_steps(steps: int) -> None:
    if not 1 <= steps <= MOST_STEPS:
        raise SuperpositionError(f"{steps:,} steps do not go: choose from 1 to {MOST_STEPS:,}.")


def _check_room(problem: Problem, models: int, cells: int, batch: int) -> None:
    columns = problem.hidden + 1
    needed = bytes_needed(models, cells, problem.features, columns, batch)
    needed += 4 * (_COPIES * models * problem.features * columns + _MEASURED_EXAMPLES * problem.features)
    check_memory(needed, f"A sweep over {models:,} models of {problem.features} features")
