"""The losses along a training of a sandbox: points at fixed steps, and marks of what was done."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.engine.history import MAX_MARKS
from playground.engine.snapshots import Mark
from playground.engine.superposition.problem import Floats
from playground.engine.superposition.snapshots import LossCurves

POINTS_PER_DOUBLING = 32


def is_point(step: int) -> bool:
    """Say whether the curves get a point at ``step``: every one in the beginning, then 32 for each doubling.

    A function of the step alone, so that a run repeats exactly; ten million steps have fewer than 700 points.
    """
    return step % point_spacing(step) == 0


def point_spacing(step: int) -> int:
    """Return how far the points lie apart at ``step``."""
    return 1 << max(0, (max(step, 1) // POINTS_PER_DOUBLING).bit_length() - 1)


class LossHistory:
    """The points and marks of one segment of training (a restart begins the next one)."""

    def __init__(self, segment: int = 0) -> None:
        self.segment = segment
        self._steps: list[int] = []
        self._losses: list[Floats] = []
        self._curves: LossCurves | None = None
        self._marks: list[Mark] = []
        self.marks: tuple[Mark, ...] = ()

    @classmethod
    def of(cls, segment: int, steps: NDArray[np.int64], losses: Floats, marks: tuple[Mark, ...]) -> LossHistory:
        """Return a history that begins with these points and marks."""
        made = cls(segment)
        made._steps, made._losses = steps.tolist(), list(losses)
        made._marks, made.marks = list(marks), marks
        return made

    def add(self, step: int, losses: Floats) -> None:
        """Append a point, ``[K, R]``; a step that has one keeps it (no false point after an edit by hand)."""
        if not self._steps or step > self._steps[-1]:
            self._steps.append(step)
            self._losses.append(losses)
            self._curves = None

    @property
    def last_step(self) -> int:
        """Return the step of the last point, -1 before there is one."""
        return self._steps[-1] if self._steps else -1

    @property
    def curves(self) -> LossCurves:
        """Return the points so far, read-only."""
        if self._curves is None:
            steps = np.array(self._steps, np.int64)
            losses = np.array(self._losses) if self._losses else np.zeros((0, 0, 0))
            steps.flags.writeable = losses.flags.writeable = False
            self._curves = LossCurves(steps, losses)
        return self._curves

    def mark(self, mark: Mark, *, joins_last: bool = False) -> None:
        """Append a mark; ``joins_last`` (a drag goes on) puts it in the place of the last one of its kind."""
        if joins_last and self._marks and self._marks[-1].kind == mark.kind:
            self._marks[-1] = mark
        else:
            self._marks.append(mark)
        del self._marks[:-MAX_MARKS]
        self.marks = tuple(self._marks)

    def unmark(self, seq: int) -> None:
        """Take the mark of a change away that turned out to be none."""
        self._marks = [mark for mark in self._marks if mark.seq != seq]
        self.marks = tuple(self._marks)
