"""The grid of a phase diagram and what becomes of the last feature in each cell. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.superposition.closed_forms import simple_border
from playground.engine.superposition.metrics import REPRESENTED_NORM, gram
from playground.engine.superposition.problem import Floats, Problem, SuperpositionError, make_problem

NOT_REPRESENTED, DEDICATED, SUPERPOSED = 0, 1, 2
REGIONS = ("not represented", "has the dimension", "superposition")
PHASES = ((2, 1), (3, 2))


@dataclass(frozen=True)
class PhaseGrid:
    """Where the diagram is computed: relative importances (columns, rising) and densities (rows, falling)."""

    features: int
    hidden: int
    ratios: tuple[float, ...]
    densities: tuple[float, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Return rows and columns."""
        return len(self.densities), len(self.ratios)

    def problem(self, row: int, column: int) -> Problem:
        """Return the task of one cell."""
        importance = [1.0] * (self.features - 1) + [self.ratios[column]]
        return make_problem(self.features, self.hidden, 1 - self.densities[row], importance)

    def problems(self) -> list[Problem]:
        """Return the tasks of all cells, row by row."""
        rows, columns = self.shape
        return [self.problem(row, column) for row in range(rows) for column in range(columns)]

    def simple_line(self) -> Floats | None:
        """Return below which density superposition wins by the simple theory, ``[columns]``; None but for 2 -> 1."""
        return simple_border(np.array(self.ratios)) if (self.features, self.hidden) == (2, 1) else None


def phase_grid(features: int, hidden: int, size: int) -> PhaseGrid:
    """Return a grid of ``size`` x ``size`` cells: r from .1 to 10, p from 1 to .01, both in equal factors.

    Raises
    ------
    SuperpositionError
        Where there is no diagram for these numbers, or the grid is too small or large.
    """
    if (features, hidden) not in PHASES:
        raise SuperpositionError(f"There is no phase diagram {features}:{hidden}: choose 2:1 or 3:2.")
    if not 2 <= size <= 100:
        raise SuperpositionError(f"A grid of {size} does not go: choose from 2 to 100 cells a side.")
    ratios, densities = np.geomspace(0.1, 10, size), np.geomspace(1, 0.01, size)
    return PhaseGrid(features, hidden, tuple(map(float, ratios)), tuple(map(float, densities)))


@dataclass(frozen=True, eq=False)
class PhaseCells:
    """One way to fill the grid."""

    regions: NDArray[np.int64]  # [rows, columns] index into REGIONS
    losses: Floats  # [rows, columns] mean over the features, weighted by importance
    parameters: Floats  # [rows, columns, n, m + 1] of the model in each cell; NaN where not yet computed


def regions_of(weight: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return what becomes of the last feature in models with W ``[..., n, m]``.

    Not represented: its norm is at most 1/2. Superposition: features that point against it reach more than 1/2 along
    its direction. Has the dimension: neither; where a longer feature lies side by side with it (dense and equally
    important: they merge), the dimension is counted as the longer one's.
    """
    rows = np.asarray(weight, np.float64)
    norms = np.linalg.norm(rows, axis=-1)
    last = norms[..., -1]
    along = gram(rows)[..., -1, :-1] / np.maximum(last, 1e-12)[..., None]  # [..., n - 1]
    against = np.sqrt((np.minimum(along, 0) ** 2).sum(-1))
    is_behind = ((along > REPRESENTED_NORM) & (norms[..., :-1] > last[..., None])).any(-1)
    is_long = last > REPRESENTED_NORM
    with_dimension = np.where(is_long & ~is_behind, DEDICATED, NOT_REPRESENTED)
    return np.where(is_long & (against > REPRESENTED_NORM), SUPERPOSED, with_dimension)


def cells_of(parameters: NDArray[np.floating], losses: Floats) -> PhaseCells:
    """Return cells with copies of these parameters ``[rows, columns, n, m + 1]`` and losses."""
    held = np.asarray(parameters, np.float64).copy()
    return PhaseCells(regions_of(held[..., :-1]), losses.copy(), held)
