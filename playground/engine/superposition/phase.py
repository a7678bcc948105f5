"""Phase diagrams: what becomes of the last feature, over its relative importance and the density.

n features share m = n - 1 dimensions; all have importance 1 but the last, which has r. 2 -> 1 is solved exactly: the
piecewise polynomial expected loss is minimised from several starts. For 3 -> 2 the minimum over 20 starts of the fixed
weighted set stands for exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.superposition import exact
from playground.engine.superposition.evaluation import evaluator_of, run_losses
from playground.engine.superposition.fixed_set import fixed_set
from playground.engine.superposition.minimise import minimise
from playground.engine.superposition.phase_cells import PhaseCells, PhaseGrid, cells_of
from playground.engine.superposition.problem import RELU, Floats, Problem
from playground.engine.superposition.setup import Schedule
from playground.engine.superposition.training import Between, Run, advance, go_on

STARTS = 20  # of the fixed weighted set
TRAINED_STEPS = 3000
_PARTS = 20
_SLICE_NUMBERS = 131_072
_PROBLEMS = 400  # minimised at once
# (w1, w2) and what b starts at, as a share of p/2: one feature, the other, opposite, side by side
_EXACT_STARTS = (
    (1.0, 0.05, 0.0, 1.0),
    (0.05, 1.0, 1.0, 0.0),
    (1.0, -0.05, 0.0, 1.0),
    (-0.05, 1.0, 1.0, 0.0),
    (1.0, -1.0, 0.0, 0.0),
    (1.0, -0.6, -0.1, 0.3),
    (0.6, -1.0, 0.3, -0.1),
    (0.7, 0.7, 0.5, 0.5),
)


@dataclass(frozen=True, eq=False)
class TrainedPhase:
    """The grid by training: the best of several seeds by the shown loss, and one seed drawn for each cell."""

    done: float  # share of the steps
    best: PhaseCells
    single: PhaseCells
    losses: Floats  # [rows, columns, seeds]


def exact_phase(grid: PhaseGrid, between: Between = go_on) -> Iterator[tuple[float, PhaseCells]]:
    """Yield the share done and the cells so far: the optimum of every cell.

    2 -> 1 comes in one piece; 3 -> 2 a row at a time. ``between`` is called often and may raise to break off.
    """
    if (grid.features, grid.hidden) == (2, 1):
        parameters, losses = _exact_pairs(grid, between)
        yield 1.0, cells_of(parameters, losses)
        return
    rows, columns = grid.shape
    parameters = np.full((rows, columns, grid.features, grid.hidden + 1), np.nan)
    losses = np.full((rows, columns), np.nan)
    for row in range(rows):
        parameters[row], losses[row] = _searched_row(grid, row, between)
        yield (row + 1) / rows, cells_of(parameters, losses)


def trained_phase(
    grid: PhaseGrid,
    *,
    restarts: int = 10,
    steps: int = TRAINED_STEPS,
    seed: int = 0,
    device: str = "cpu",
    between: Between = go_on,
) -> Iterator[TrainedPhase]:
    """Yield the diagram by training, as it forms; the last one is the result.

    All cells and seeds are one batch. A single seed is wrong in many cells: both weights start with the same
    sign half the time, and zero cannot be crossed.

    Raises
    ------
    SuperpositionError
        Where the run needs more memory than there is.
    """
    schedule = Schedule(steps=steps)
    run = Run(grid.problems(), (RELU,), range(seed, seed + restarts), schedule, device)
    evaluator = evaluator_of(run)
    # first weights are those of the seed in every cell: one seed for all cells would be lucky or unlucky throughout
    lone = np.random.default_rng(seed).integers(restarts, size=grid.shape)
    for part in range(_PARTS):
        advance(run, steps * (part + 1) // _PARTS - steps * part // _PARTS, between)
        losses = run_losses(run, evaluator)[0].reshape(*grid.shape, restarts)
        parameters = run.parameter_array()[0].reshape(*grid.shape, restarts, grid.features, -1)
        best = np.argmin(losses, axis=-1)
        chosen = np.take_along_axis(parameters, best[..., None, None, None], axis=2)[:, :, 0]
        least = np.take_along_axis(losses, best[..., None], axis=2)[..., 0]
        drawn = np.take_along_axis(parameters, lone[..., None, None, None], axis=2)[:, :, 0]
        single = cells_of(drawn, np.take_along_axis(losses, lone[..., None], axis=2)[..., 0])
        yield TrainedPhase((part + 1) / _PARTS, cells_of(chosen, least), single, losses)


def exact_pair(problem: Problem) -> tuple[Floats, float]:
    """Return the optimum of one 2 -> 1 task: parameters ``[2, 2]`` (w and b of each feature) and loss (mean)."""
    parameters, losses = _minimised_pairs([problem])
    return parameters[0], float(losses[0])


def _exact_pairs(grid: PhaseGrid, between: Between) -> tuple[Floats, Floats]:
    problems = grid.problems()
    parts = [_minimised_pairs(problems[low : low + _PROBLEMS], between) for low in range(0, len(problems), _PROBLEMS)]
    parameters, losses = (np.concatenate([part[at] for part in parts]) for at in (0, 1))
    return parameters.reshape(*grid.shape, 2, 2), losses.reshape(grid.shape)


def _minimised_pairs(problems: list[Problem], between: Between = go_on) -> tuple[Floats, Floats]:
    density = np.array([problem.density.mean() for problem in problems])
    starts = np.repeat(np.array(_EXACT_STARTS)[None], len(problems), 0)  # [C, starts, 4]
    starts[..., 2:] *= density[:, None, None] / 2
    importance = np.repeat([problem.importances for problem in problems], len(_EXACT_STARTS), 0)
    chances = np.repeat([exact.mask_chances(problem) for problem in problems], len(_EXACT_STARTS), 0)
    scale = np.repeat(density, len(_EXACT_STARTS)) * importance.max(1)

    def objective(parameters: Floats, names: NDArray[np.int64]) -> tuple[Floats, Floats]:
        between()
        loss, gradient = exact.relu_loss_and_gradient(parameters, importance[names], chances[names])
        return loss / scale[names], gradient / scale[names, None]

    found, values = minimise(objective, starts.reshape(-1, 4), iterations=150, tolerance=1e-12)
    losses = (values * scale / 2).reshape(len(problems), -1)  # a mean over the two features
    best = losses.argmin(1)
    chosen = found.reshape(len(problems), -1, 4)[np.arange(len(problems)), best]
    return np.stack([chosen[:, :2], chosen[:, 2:]], -1), losses[np.arange(len(problems)), best]


def _searched_row(grid: PhaseGrid, row: int, between: Between) -> tuple[Floats, Floats]:
    """Return the best of the starts for all cells of one density: ``[columns, n, m + 1]`` and ``[columns]``."""
    problem = grid.problem(row, 0)
    chosen = fixed_set(problem)
    points = chosen.points.double()
    weights = torch.from_numpy(chosen.weights(problem))
    features, width = grid.features, grid.hidden + 1
    importance = np.repeat([grid.problem(row, column).importances for column in range(len(grid.ratios))], STARTS, 0)
    scale = grid.densities[row] * importance.max(1)

    def objective(parameters: Floats, names: NDArray[np.int64]) -> tuple[Floats, Floats]:
        between()
        held = torch.from_numpy(parameters.reshape(-1, features, width))
        loss, gradient = weighted_loss_and_gradient(held, points, weights, torch.from_numpy(importance[names]))
        return loss.numpy() / scale[names], gradient.reshape(len(names), -1).numpy() / scale[names, None]

    generator = np.random.default_rng(row)
    starts = generator.normal(size=(len(grid.ratios), STARTS, features, width)) * (2 / (features + grid.hidden)) ** 0.5
    starts[..., -1] = grid.densities[row] / 2
    found, values = minimise(objective, starts.reshape(-1, features * width), tolerance=1e-7)
    losses = (values * scale).reshape(len(grid.ratios), STARTS)
    best = losses.argmin(1)
    places = found.reshape(len(grid.ratios), STARTS, features, width)
    columns = np.arange(len(grid.ratios))
    return places[columns, best], losses[columns, best]


def weighted_loss_and_gradient(
    parameters: torch.Tensor, points: torch.Tensor, weights: torch.Tensor, importance: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return loss ``[M]`` (mean over the features) and gradient ``[M, n, m + 1]`` of ReLU models on a weighted set.

    Parameters
    ----------
    parameters, importance
        ``[M, n, m + 1]`` and ``[M, n]``.
    points, weights
        ``[n, N]`` and ``[N]``.
    """
    features, count = points.shape
    size = max(1, _SLICE_NUMBERS // (features * count))
    losses, gradients = [], []
    for low in range(0, len(parameters), size):
        held, weighing = parameters[low : low + size], importance[low : low + size, :, None] / features
        weight = held[..., :-1]
        hidden = weight.transpose(1, 2) @ points  # [M, m, N]
        output = torch.baddbmm(held[..., -1:], weight, hidden).clamp_(min=0)  # [M, n, N]
        error = (output - points) * weights
        losses.append(((output - points) * error).sum(-1).mul_(weighing[..., 0]).sum(-1))
        slope = error.mul_(output > 0).mul_(2 * weighing)  # d loss / d z
        through = weight.transpose(1, 2) @ slope  # [M, m, N]
        matrix = slope @ hidden.transpose(1, 2) + points @ through.transpose(1, 2)
        gradients.append(torch.cat([matrix, slope.sum(-1, keepdim=True)], -1))
    return torch.cat(losses), torch.cat(gradients)
