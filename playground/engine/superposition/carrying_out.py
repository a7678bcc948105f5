"""Carry out a plan: results as they form, the last one whole. The one place where plans meet torch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from playground.engine.superposition.absolute import annealed
from playground.engine.superposition.closed_forms import trivial_loss
from playground.engine.superposition.phase import exact_phase, trained_phase
from playground.engine.superposition.plans import AnnealPlan, PairsPlan, PhasePlan, Plan, SparsityPlan, WarmPlan
from playground.engine.superposition.problem import ABS, make_problem
from playground.engine.superposition.results import (
    AnnealResult,
    PairsResult,
    PhaseResult,
    Result,
    SparsitySweepResult,
    WarmResult,
)
from playground.engine.superposition.setup import Schedule
from playground.engine.superposition.sweeps import grouped_sweep, sweep, warm_sweep
from playground.engine.superposition.training import Between

_PARTS = 40
# what the optimum takes of a diagram with training: 2 -> 1 is solved at once, 3 -> 2 searched
_EXACT_SHARE = {(2, 1): 0.03, (3, 2): 0.3}


def carried_out(plan: Plan, between: Between) -> Iterator[Result]:
    """Yield the result as it forms; ``between`` is called every few steps and raises to break off.

    Raises
    ------
    SuperpositionError
        Where the plan makes no sense or needs more memory than there is.
    """
    plan.check()
    if isinstance(plan, SparsityPlan):
        return _sparsities(plan, between)
    if isinstance(plan, WarmPlan):
        return _warm(plan, between)
    if isinstance(plan, PhasePlan):
        return _phase(plan, between)
    return _pairs(plan, between) if isinstance(plan, PairsPlan) else _annealed(plan, between)


def _sparsities(plan: SparsityPlan, between: Between) -> Iterator[Result]:
    problems = plan.problems()
    counts = (len(plan.kinds), len(problems), len(plan.seeds))
    schedule = Schedule(steps=plan.steps, batch=plan.batch)
    for state in sweep(problems, plan.kinds, plan.seeds, schedule, parts=_PARTS, between=between):
        losses = np.stack([one.loss for one in state.results]).reshape(counts)
        parameters = np.stack([one.parameters for one in state.results])
        parameters = parameters.reshape(*counts, *parameters.shape[2:])
        yield SparsitySweepResult(problems, plan.kinds, plan.seeds, plan.steps, losses, parameters, state.done)


def _warm(plan: WarmPlan, between: Between) -> Iterator[Result]:
    stops = plan.stops()
    count, problem = len(stops), plan.problem
    losses = np.full((2, count, len(plan.seeds)), np.nan)
    parameters = np.full((*losses.shape, problem.features, problem.hidden + 1), np.nan, np.float32)
    way = [(0, at) for at in range(count)] + [(1, at) for at in range(count - 2, -1, -1)]
    points = warm_sweep(problem, [stops[at] for _, at in way], plan.seeds, plan.steps, plan.kind, between)
    for made, ((direction, at), point) in enumerate(zip(way, points, strict=True), 1):
        for goal in {direction, 1} if at == count - 1 else {direction}:
            losses[goal, at], parameters[goal, at] = point.loss, point.parameters
        yield WarmResult(
            problem, stops, plan.kind, plan.seeds, plan.steps, losses.copy(), parameters.copy(), made / len(way)
        )


def _phase(plan: PhasePlan, between: Between) -> Iterator[Result]:
    grid = plan.grid
    share = _EXACT_SHARE[grid.features, grid.hidden] if plan.restarts else 1.0
    found = PhaseResult(grid, None, None, None, plan.restarts, plan.steps, 0.0)
    for done, cells in exact_phase(grid, between):
        found = replace(found, exact=cells, done=share * done)
        yield found
    if not plan.restarts:
        return
    for state in trained_phase(grid, restarts=plan.restarts, steps=plan.steps, seed=plan.seed, between=between):
        yield replace(found, best=state.best, single=state.single, done=share + (1 - share) * state.done)


def _pairs(plan: PairsPlan, between: Between) -> Iterator[Result]:
    problem = plan.problem
    states = grouped_sweep(
        problem.features,
        problem.hidden,
        problem.sparsity,
        problem.groups,
        plan.seeds,
        Schedule(steps=plan.steps),
        plan.kind,
        problem.importance,
        between,
    )
    for state in states:
        yield PairsResult(
            problem,
            plan.kind,
            plan.seeds,
            plan.steps,
            state.grouped.loss,
            state.control.loss,
            state.grouped.parameters,
            state.control.parameters,
            state.done,
        )


def _annealed(plan: AnnealPlan, between: Between) -> Iterator[Result]:
    stages, seeds, problem = plan.stages(), plan.seeds, plan.problem
    features, hidden, importance = problem.features, problem.hidden, problem.importance
    count = len(stages)
    tasks = [make_problem(features, hidden, 1 - density, importance) for density in stages]
    losses = np.full((count, len(seeds)), np.nan)
    served = np.full((*losses.shape, hidden), np.nan)
    parameters = np.full((*losses.shape, features, 2 * hidden + 1), np.nan, np.float32)
    scratch = np.full(len(seeds), np.nan)
    trivial = np.array([trivial_loss(ABS, task) for task in tasks])

    def found(made: int) -> AnnealResult:
        arrays = (losses.copy(), trivial, served.copy(), scratch.copy(), parameters.copy())
        return AnnealResult(features, hidden, importance, stages, seeds, plan.steps, *arrays, done=made / (count + 1))

    for at, stage in enumerate(annealed(features, hidden, importance, stages, seeds, plan.steps, between=between)):
        losses[at], served[at], parameters[at] = stage.losses, stage.features_per_neuron, stage.parameters
        yield found(at + 1)
    for stage in annealed(features, hidden, importance, stages[-1:], seeds, plan.steps, between=between):
        scratch[:] = stage.losses
        yield found(count + 1)
