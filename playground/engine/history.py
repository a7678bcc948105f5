"""What has been measured along a training: append-only curves, marks, and the fixed steps at which to measure."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from playground.engine.snapshots import Curves, Evaluation, Mark

MAX_MARKS = 2_000

# Up to which step the curves get a point how often, in steps; and how often later on.
_EVALUATIONS = ((20, 1), (100, 5), (500, 20), (2_000, 100), (20_000, 500))
_LATE = 1_000


def is_evaluation_step(step: int) -> bool:
    """Say whether the curves get a point at ``step``: a function of the step alone, so that a run repeats exactly.

    Dense in the beginning, where much happens and steps are watched one by one; every 500 steps in the long run.
    """
    every = next((every for below, every in _EVALUATIONS if step <= below), _LATE)
    return step % every == 0


def steps_to_evaluation(step: int) -> int:
    """Return after how many more steps the curves get their next point, at least 1."""
    every = next((every for below, every in _EVALUATIONS if step < below), _LATE)
    return every - step % every


class History:
    """The curves and marks of one segment of training (a reset starts the next one)."""

    def __init__(self, segment: int = 0) -> None:
        self.segment = segment
        self._steps = np.zeros(256, np.int64)
        self._values = np.zeros((256, len(Curves.COLUMNS)), np.float64)
        self._count = 0
        self._marks: list[Mark] = []
        self._marks_frozen: tuple[Mark, ...] = ()

    @classmethod
    def of(cls, segment: int, curves: Curves, marks: tuple[Mark, ...], up_to: int | None = None) -> History:
        """Return a history that begins with the points and marks of another one, as far as step ``up_to``."""
        made = cls(segment)
        for step, row in zip(curves.steps.tolist(), curves.values, strict=True):
            if up_to is None or step <= up_to:
                made._append(step, row)
        made._marks = [mark for mark in marks if up_to is None or mark.step <= up_to]
        made._marks_frozen = tuple(made._marks)
        return made

    def emptied(self) -> History:
        """Return a history with the same marks and no points."""
        return History.of(self.segment, History().curves, self._marks_frozen)

    def add(self, evaluation: Evaluation) -> None:
        """Append a point; a step that has one already keeps it (no false point after a hand edit)."""
        if self._count and self._steps[self._count - 1] >= evaluation.step:
            return
        train, validation = evaluation.train, evaluation.validation
        self._append(evaluation.step, (train.loss, train.accuracy, validation.loss, validation.accuracy))

    def _append(self, step: int, row: NDArray[np.float64] | tuple[float, ...]) -> None:
        if self._count == len(self._steps):
            # new buffers: views of the old ones stay as they are in the window's hands
            self._steps = np.concatenate([self._steps, np.zeros_like(self._steps)])
            self._values = np.concatenate([self._values, np.zeros_like(self._values)])
        self._steps[self._count] = step
        self._values[self._count] = row
        self._count += 1

    @property
    def curves(self) -> Curves:
        """Return the points so far, as read-only views."""
        steps, values = self._steps[: self._count], self._values[: self._count]
        steps.flags.writeable = False
        values.flags.writeable = False
        return Curves(steps, values)

    def mark(self, mark: Mark, *, joins_last: bool = False) -> None:
        """Append a mark; ``joins_last`` (a drag goes on) puts it in the place of the last one if both are of a kind."""
        if joins_last and self._marks and self._marks[-1].kind == mark.kind:
            self._marks[-1] = mark
        else:
            self._marks.append(mark)
        del self._marks[:-MAX_MARKS]
        self._marks_frozen = tuple(self._marks)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Return all marks, oldest first."""
        return self._marks_frozen


def is_finite(evaluation: Evaluation) -> bool:
    """Say whether both losses are numbers."""
    return math.isfinite(evaluation.train.loss) and math.isfinite(evaluation.validation.loss)
