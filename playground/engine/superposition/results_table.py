"""Results of sweeps as tables: one header row with units, decimal points, every digit kept. Torch-free."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from playground.engine.superposition.geometry import label
from playground.engine.superposition.phase_cells import REGIONS
from playground.engine.superposition.problem import KIND_NAMES
from playground.engine.superposition.results import (
    AnnealResult,
    PairsResult,
    PhaseResult,
    Result,
    SparsitySweepResult,
    WarmResult,
)

_SPARSITY = "sparsity S (probability that a feature is 0)"
_LOSS = "loss (mean over features of importance times squared error)"
_DENSITY = "density p (probability that a feature is on)"
Row = Iterable[Any]


def csv_of(result: Result) -> str:
    """Return the table; reading its numbers gives the very same ones. What is not there yet is left empty."""
    if isinstance(result, SparsitySweepResult):
        rows = _sparsity_rows(result)
    elif isinstance(result, PhaseResult):
        rows = _phase_rows(result)
    elif isinstance(result, PairsResult):
        rows = _pairs_rows(result)
    else:
        rows = _warm_rows(result) if isinstance(result, WarmResult) else _annealed_rows(result)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, str | int):
        return str(value)
    number = float(value)
    return repr(number) if number == number else ""


def _sparsity_rows(result: SparsitySweepResult) -> Iterator[Row]:
    metrics, features = result.metrics, result.problems[0].features
    names = [f"D_{i} (dimensions)" for i in range(features)]
    yield (
        "model",
        _SPARSITY,
        "1/(1 - S)",
        "seed",
        "steps",
        _LOSS,
        "represented (features)",
        "mean |off-diagonal| of W W^T",
        "D* (dimensions per feature)",
        "sum of D (dimensions)",
        "mean bias of represented",
        "mean bias of the others",
        "formed",
        *names,
    )
    for k, kind in enumerate(result.kinds):
        for q, sparsity in enumerate(result.sparsities):
            for r, seed in enumerate(result.seeds):
                at = k, q, r
                yield (
                    KIND_NAMES[kind],
                    sparsity,
                    1 / (1 - sparsity),
                    seed,
                    result.steps,
                    result.losses[at],
                    int(metrics.represented[at]),
                    metrics.off_diagonal[at],
                    metrics.dims_per_feature[at],
                    metrics.sum_dimensionality[at],
                    metrics.bias_represented[at],
                    metrics.bias_dropped[at],
                    result.label(*at),
                    *metrics.dimensionality[at],
                )


def _phase_rows(result: PhaseResult) -> Iterator[Row]:
    grid = result.grid
    weights = [f"W_{i}{k}" for i in range(grid.features) for k in range(grid.hidden)]
    biases = [f"b_{i}" for i in range(grid.features)]
    yield "way", "relative importance r of the last feature", _DENSITY, "region", _LOSS, *weights, *biases
    words = {"exact": "optimum", "best": f"best of {result.restarts} seeds", "single": "one seed"}
    for way, cells in (("exact", result.exact), ("best", result.best), ("single", result.single)):
        if cells is None:
            continue
        for row, density in enumerate(grid.densities):
            for column, ratio in enumerate(grid.ratios):
                held = cells.parameters[row, column]
                loss = cells.losses[row, column]
                region = REGIONS[cells.regions[row, column]] if loss == loss else ""
                yield words[way], ratio, density, region, loss, *held[:, :-1].ravel(), *held[:, -1]


def _pairs_rows(result: PairsResult) -> Iterator[Row]:
    yield "features", "seed", "pair", "cosine", "steps", _LOSS
    sets = (
        ("in groups", result.grouped_cosines, result.grouped_losses),
        ("independent", result.control_cosines, result.control_losses),
    )
    for name, cosines, losses in sets:
        for r, seed in enumerate(result.seeds):
            for pair, cosine in zip(result.pairs, cosines[r], strict=True):
                yield name, seed, f"{pair[0]} and {pair[1]}", cosine, result.steps, losses[r]


def _warm_rows(result: WarmResult) -> Iterator[Row]:
    yield "direction", _SPARSITY, "seed", "steps at each sparsity", _LOSS, "formed"
    for direction, name in enumerate(("up", "down")):
        for q, sparsity in enumerate(result.sparsities):
            for r, seed in enumerate(result.seeds):
                has_come = result.has_come(direction, q)
                formed = label(result.parameters[direction, q, r, :, :-1]) if has_come else ""
                yield name, sparsity, seed, result.steps, result.losses[direction, q, r], formed


def _annealed_rows(result: AnnealResult) -> Iterator[Row]:
    served = [f"features served by neuron {k}" for k in range(result.hidden)]
    yield "way", _DENSITY, "seed", "steps at each density", _LOSS, "loss of answering 0", *served
    for p, density in enumerate(result.densities):
        for r, seed in enumerate(result.seeds):
            neurons = result.features_per_neuron[p, r]
            yield "annealed", density, seed, result.steps, result.losses[p, r], result.trivial[p], *neurons
    for seed, loss in zip(result.seeds, result.scratch_losses, strict=True):
        yield "from scratch", result.densities[-1], seed, result.steps, loss, result.trivial[-1]
