"""Results of sweeps with planted numbers: nothing is trained."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.engine.superposition.phase_cells import PhaseCells, cells_of, phase_grid
from playground.engine.superposition.problem import CORRELATED, Floats, Group, make_problem
from playground.engine.superposition.results import (
    AnnealResult,
    PairsResult,
    PhaseResult,
    SparsitySweepResult,
    WarmResult,
)

KINDS = ("linear", "relu", "relu-relu")


def planted_sweep(
    sparsities: Sequence[float] = (0.1, 0.5, 0.9),
    kinds: Sequence[str] = KINDS,
    *,
    features: int = 8,
    hidden: int = 3,
    seeds: int = 2,
    losses: Sequence[Sequence[float]] | None = None,
    weights: dict[tuple[str, float], Floats] | None = None,
    importance: str = "1:0.1",
) -> SparsitySweepResult:
    """Return a sweep with these losses [K][Q] and weights [n, m] by kind and sparsity (else the m first features)."""
    problems = tuple(make_problem(features, hidden, sparsity, importance) for sparsity in sparsities)
    counts = len(kinds), len(sparsities), seeds
    parameters = np.zeros((*counts, features, hidden + 1), np.float32)
    parameters[..., :hidden] = np.eye(features, hidden)
    for (kind, sparsity), weight in (weights or {}).items():
        parameters[tuple(kinds).index(kind), tuple(sparsities).index(sparsity), :, :, :hidden] = weight
    held = np.full(counts, 0.01) if losses is None else np.repeat(np.array(losses, float)[..., None], seeds, -1)
    return SparsitySweepResult(problems, tuple(kinds), tuple(range(seeds)), 100, held, parameters)


def antipodal(features: int, hidden: int) -> Floats:
    """Return W with two features in each dimension, as long as there are features."""
    weight = np.zeros((features, hidden))
    for feature in range(min(features, 2 * hidden)):
        weight[feature, feature // 2] = 1.0 if feature % 2 == 0 else -1.0
    return weight


def turned(weight: Floats) -> Floats:
    """Return W ``[n, 3]`` with its hidden space turned so that no row lies along one neuron."""
    return np.asarray(weight @ (np.array([[2, -1, 2], [2, 2, -1], [-1, 2, 2]]) / 3))


def planted_cells(size: int = 4, features: int = 2, hidden: int = 1) -> PhaseCells:
    """Return cells with random models."""
    generator = np.random.default_rng(1)
    parameters = generator.normal(size=(size, size, features, hidden + 1))
    return cells_of(parameters, generator.random((size, size)))


def planted_phase(size: int = 4, features: int = 2, hidden: int = 1) -> PhaseResult:
    """Return a diagram in all three ways."""
    grid = phase_grid(features, hidden, size)
    return PhaseResult(grid, *(planted_cells(size, features, hidden) for _ in range(3)), restarts=10, steps=3000)


def planted_pairs() -> PairsResult:
    """Return two correlated pairs."""
    generator = np.random.default_rng(2)
    problem = make_problem(4, 2, 0.95, None, (Group((0, 1), CORRELATED), Group((2, 3), CORRELATED)))
    shape = (5, 4, 3)
    models = [generator.normal(size=shape).astype(np.float32) for _ in range(2)]
    return PairsResult(problem, "relu", tuple(range(5)), 400, generator.random(5), generator.random(5), *models)


def planted_warm() -> WarmResult:
    """Return a sweep up and down whose two ways part."""
    generator = np.random.default_rng(3)
    sparsities = (0.5, 0.7, 0.8, 0.9)
    parameters = generator.normal(size=(2, 4, 3, 5, 3)).astype(np.float32)
    losses = generator.random((2, 4, 3))
    losses[1, 3], parameters[1, 3] = losses[0, 3], parameters[0, 3]
    return WarmResult(make_problem(5, 2, 0.5), sparsities, "relu", (0, 1, 2), 500, losses, parameters)


def planted_annealed() -> AnnealResult:
    """Return three stages of an annealing."""
    generator = np.random.default_rng(4)
    return AnnealResult(
        6,
        2,
        (1.0,) * 6,
        (1.0, 0.3, 0.1),
        (0, 1),
        50,
        generator.random((3, 2)),
        generator.random(3),
        generator.integers(0, 4, (3, 2, 2)).astype(float),
        generator.random(2),
        generator.normal(size=(3, 2, 6, 5)).astype(np.float32),
    )
