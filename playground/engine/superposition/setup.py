"""What is set up and trained side by side: the task, the models, the seeds, how fast to learn. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass, field

from playground.engine.superposition.problem import ABS, TIED_KINDS, Problem

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
