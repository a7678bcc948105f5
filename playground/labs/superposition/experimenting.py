"""Experiments: one click sets the models up, plays, and starts the sweep that belongs to it."""

from __future__ import annotations

from playground.engine.superposition.experiments import ANNEAL, GROUPS, PHASE, Experiment
from playground.engine.superposition.phase_cells import phase_grid
from playground.engine.superposition.plans import AnnealPlan, PairsPlan, PhasePlan, Plan, SparsityPlan
from playground.engine.superposition.problem import Problem, make_problem
from playground.engine.superposition.setup import Schedule, Setup

_SHOWN = 0.9  # the sparsity that is trained on the screen, or the nearest of the experiment's
_PHASE_SIDE = 12  # cells of a phase diagram in a row


def setup_of(one: Experiment) -> Setup:
    """Return the models on the screen while an experiment runs."""
    seeds = tuple(range(one.seeds))
    schedule = Schedule(steps=None if one.way in (PHASE, ANNEAL) else one.steps)
    return Setup(_shown_problem(one), one.kinds, seeds, schedule)


def plan_of(one: Experiment) -> Plan:
    """Return the sweep of an experiment."""
    problem, seeds = _shown_problem(one), tuple(range(one.seeds))
    if one.way == PHASE:
        grid = phase_grid(one.features, one.hidden, _PHASE_SIDE)
        return PhasePlan(grid, restarts=one.seeds, steps=one.steps)
    if one.way == GROUPS:
        return PairsPlan(problem, one.kinds[0], seeds, one.steps)
    if one.way == ANNEAL:
        return AnnealPlan(problem, seeds=seeds, steps=one.steps)
    return SparsityPlan(problem, one.sparsities, one.kinds, seeds, one.steps)


def _shown_problem(one: Experiment) -> Problem:
    if one.way == ANNEAL:  # it begins dense
        return make_problem(one.features, one.hidden, 0.0, one.importance, one.groups)
    sparsity = min(one.sparsities, key=lambda value: abs(value - _SHOWN), default=_SHOWN)
    return make_problem(one.features, one.hidden, sparsity, one.importance, one.groups)
