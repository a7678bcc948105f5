"""What is set up and trained side by side: the task, the models, the seeds, how fast to learn. Torch-free."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from playground.engine.superposition.problem import (
    ABS,
    TIED_KINDS,
    Problem,
    SuperpositionError,
    check_kinds,
    make_problem,
)

MOST_SEEDS_SHOWN = 64
HIGHEST_SEED = 2**31
LARGEST_BATCH = 65_536
LONGEST_HORIZON = 100_000_000

# Gradients weighted by importance fall to 1e-8 in the absolute-value model: a larger epsilon would stop them.
ABSOLUTE_EPSILON = 1e-12


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to learn.

    ``steps`` is the horizon: over its last ``tail`` the learning rate falls linearly to 0. None: it stays constant, for
    a model that is trained for as long as someone watches.
    """

    steps: int | None = 5000
    learning_rate: float = 1e-2
    tail: float = 0.3
    batch: int = 256
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def rate(self, step: int) -> float:
        """Return the learning rate of step ``step``, counted from 0."""
        if self.steps is None or self.tail <= 0:
            return self.learning_rate
        left = (self.steps - step) / (self.tail * self.steps)
        return self.learning_rate * min(1.0, max(0.0, left))


@dataclass(frozen=True)
class Setup:
    """Models on the screen: every kind with every seed on one problem, trained as one batch.

    ``kinds`` are of the tied models, or ``("abs",)``; see `problem.KIND_NAMES`. ``seeds`` are whole numbers from 0.
    """

    problem: Problem
    kinds: tuple[str, ...] = TIED_KINDS
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6, 7)
    schedule: Schedule = field(default_factory=lambda: Schedule(steps=None))

    @property
    def is_absolute(self) -> bool:
        """Return whether this is computation in superposition: y = |x|."""
        return self.kinds == (ABS,)

    @property
    def models(self) -> int:
        """Return how many models are trained at once."""
        return len(self.kinds) * len(self.seeds)

    @property
    def counts(self) -> tuple[int, int]:
        """Return how many kinds and seeds there are."""
        return len(self.kinds), len(self.seeds)

    @property
    def columns(self) -> int:
        """Return how many numbers a model has for a feature: W, V where it has one, and b."""
        return (2 if self.is_absolute else 1) * self.problem.hidden + 1


def check_setup(setup: Setup) -> None:
    """Raise SuperpositionError with a sentence where a setup makes no sense; everything of it is looked at."""
    problem, schedule = setup.problem, setup.schedule
    make_problem(problem.features, problem.hidden, problem.sparsity, problem.importance, problem.groups)
    check_kinds(setup.kinds)
    if not 1 <= len(setup.seeds) <= MOST_SEEDS_SHOWN:
        raise SuperpositionError(f"{len(setup.seeds)} seeds do not go: choose from 1 to {MOST_SEEDS_SHOWN}.")
    if len(set(setup.seeds)) != len(setup.seeds):
        raise SuperpositionError("A seed is named twice: its models would be the same.")
    for seed in setup.seeds:
        if type(seed) is not int or not 0 <= seed < HIGHEST_SEED:
            raise SuperpositionError(f"{str(seed)[:40]} is no seed: take whole numbers from 0.")
    _check_schedule(schedule)


def _check_schedule(schedule: Schedule) -> None:
    if not 0 < schedule.learning_rate <= 10:
        raise SuperpositionError(
            f"A learning rate of {schedule.learning_rate:g} does not go: choose above 0, up to 10."
        )
    if not 1 <= schedule.batch <= LARGEST_BATCH:
        raise SuperpositionError(f"A batch of {schedule.batch:,} does not go: choose from 1 to {LARGEST_BATCH:,}.")
    if schedule.steps is not None and not 1 <= schedule.steps <= LONGEST_HORIZON:
        raise SuperpositionError(f"{schedule.steps:,} steps do not go: choose from 1 to {LONGEST_HORIZON:,}, or none.")
    rates = (schedule.beta1, schedule.beta2, schedule.tail)
    if not all(math.isfinite(value) and 0 <= value < 1 for value in rates[:2]) or not 0 <= schedule.tail <= 1:
        raise SuperpositionError("The rates at which Adam forgets lie between 0 and 1, the tail as well.")
    if not 0 < schedule.epsilon < 1:
        raise SuperpositionError(f"An epsilon of {schedule.epsilon:g} does not go: choose a small number above 0.")
