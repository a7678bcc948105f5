"""Many models over sparsities and seeds, measured while they train. Iterators: whoever stops asking has cancelled."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from playground.engine.superposition.evaluation import Evaluator, evaluator_of, run_losses
from playground.engine.superposition.fixed_set import MEASURED_EXAMPLES, SHOWN_EXAMPLES
from playground.engine.superposition.geometry import label
from playground.engine.superposition.metrics import Metrics, cosines, measure
from playground.engine.superposition.problem import (
    RELU,
    Floats,
    Group,
    Problem,
    SuperpositionError,
    make_problem,
    pairs_of,
)
from playground.engine.superposition.setup import Schedule
from playground.engine.superposition.training import Array, Between, Run, advance, go_on

_PARTS = 20
MOST_SEEDS = 10_000


@dataclass(frozen=True, eq=False)
class ModelResult:
    """What all seeds of one kind and problem came to."""

    kind: str
    problem: Problem
    loss: Floats  # [R] mean over the features, weighted by importance
    metrics: Metrics  # readings [R] and [R, n]
    labels: tuple[str, ...]  # [R] what has formed
    parameters: Array  # [R, n, columns]

    @property
    def best(self) -> int:
        """Return the seed (its place) with the smallest loss."""
        return int(np.argmin(self.loss))

    @property
    def sparsity(self) -> float:
        """Return the sparsity; the mean where features differ."""
        values = self.problem.sparsity
        return values[0] if len(set(values)) == 1 else float(np.mean(values))


@dataclass(frozen=True, eq=False)
class SweepState:
    """A sweep on its way: the share done, the seconds it took and still takes, and all models as they are now."""

    done: float
    seconds: float
    seconds_left: float
    results: tuple[ModelResult, ...]


def results_of(run: Run, evaluator: Evaluator) -> tuple[ModelResult, ...]:
    """Return the readings of a run, kind by kind and problem by problem."""
    losses, parameters = run_losses(run, evaluator), run.parameter_array()
    hidden = run.shape.hidden
    found = []
    for kind_at, kind in enumerate(run.kinds):
        for at, problem in enumerate(run.problems):
            held = parameters[kind_at, at]
            weight = held[..., :hidden]
            metrics = measure(weight, held[..., -1])
            labels = tuple(label(one) for one in weight)
            found.append(ModelResult(kind, problem, losses[kind_at, at], metrics, labels, held))
    return tuple(found)


def sweep(
    problems: Sequence[Problem],
    kinds: Sequence[str] = (RELU,),
    seeds: Sequence[int] = tuple(range(8)),
    schedule: Schedule | None = None,
    device: str = "cpu",
    parts: int = _PARTS,
    between: Between = go_on,
) -> Iterator[SweepState]:
    """Train every kind on every problem with every seed as one batch; yield ``parts`` states, the last is the result.

    ``between`` is called every few steps and may raise to break off.

    Raises
    ------
    SuperpositionError
        Where the run needs more memory than there is.
    """
    steps = (schedule or Schedule()).steps
    if steps is None:
        raise SuperpositionError("A sweep needs a number of steps.")
    began = time.perf_counter()
    run = Run(problems, kinds, seeds, schedule, device)
    quick = evaluator_of(run, SHOWN_EXAMPLES)
    for part in range(parts):
        advance(run, steps * (part + 1) // parts - steps * part // parts, between)
        is_last = part + 1 == parts
        evaluator = evaluator_of(run, MEASURED_EXAMPLES, is_tuned=True) if is_last else quick
        results = results_of(run, evaluator)
        done, seconds = (part + 1) / parts, time.perf_counter() - began
        yield SweepState(done, seconds, seconds / done - seconds, results)


def sparsity_problems(
    features: int, hidden: int, sparsities: Sequence[float], importance: str | Sequence[float] | None = None
) -> list[Problem]:
    """Return one problem for each sparsity (raises SuperpositionError)."""
    return [make_problem(features, hidden, sparsity, importance) for sparsity in sparsities]


@dataclass(frozen=True, eq=False)
class PairsState:
    """Features in groups beside an independent control: absolute readings of the seeds."""

    done: float
    grouped: ModelResult
    control: ModelResult
    grouped_cosines: Floats  # [R, pairs] cosine within each group's pairs
    control_cosines: Floats  # [R, pairs] of the same features without groups


def grouped_sweep(
    features: int,
    hidden: int,
    sparsity: float | Sequence[float],
    groups: Sequence[Group],
    seeds: Sequence[int] = tuple(range(8)),
    schedule: Schedule | None = None,
    kind: str = RELU,
    importance: str | Sequence[float] | None = None,
    between: Between = go_on,
) -> Iterator[PairsState]:
    """Train on grouped features and on independent ones; yield the cosines within the groups' pairs as they form.

    Raises
    ------
    SuperpositionError
        Where the groups do not go.
    """
    if not groups:
        raise SuperpositionError("Put at least two features into a group to compare them with independent ones.")
    with_groups = make_problem(features, hidden, sparsity, importance, groups)
    without = make_problem(features, hidden, sparsity, importance)
    left, right = np.array(pairs_of(groups)).T
    both = zip(
        sweep([with_groups], (kind,), seeds, schedule, between=between),
        sweep([without], (kind,), seeds, schedule, between=between),
        strict=True,
    )
    for one, other in both:
        grouped, control = one.results[0], other.results[0]
        found = [cosines(result.parameters[..., :hidden])[:, left, right] for result in (grouped, control)]
        yield PairsState(one.done, grouped, control, found[0], found[1])


@dataclass(frozen=True, eq=False)
class WarmPoint:
    """One stop of a sweep that carries its weights on: where hysteresis shows."""

    sparsity: float
    loss: Floats  # [R]
    labels: tuple[str, ...]  # [R]
    parameters: Array  # [R, n, columns]


def warm_sweep(
    problem: Problem,
    sparsities: Sequence[float],
    seeds: Sequence[int] = tuple(range(8)),
    steps: int = 2000,
    kind: str = RELU,
    between: Between = go_on,
) -> Iterator[WarmPoint]:
    """Train at each sparsity in turn, every one from the weights of the one before; yield each stop.

    What has formed survives far beyond the sparsity where something else is better (5 -> 2: the cross above S = .775).
    """
    run = Run([problem.with_sparsity(sparsities[0])], (kind,), seeds, Schedule(steps=None))
    evaluator = evaluator_of(run)
    for at, sparsity in enumerate(sparsities):
        if at:
            run.set_problems([problem.with_sparsity(sparsity)], restart=False)
        advance(run, steps, between)
        result = results_of(run, evaluator)[0]
        yield WarmPoint(float(sparsity), result.loss, result.labels, result.parameters)
