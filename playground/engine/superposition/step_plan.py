"""How many steps a sandbox makes in one call, and at which one it stops."""

from __future__ import annotations

import math

from playground.engine.superposition.loss_history import point_spacing
from playground.engine.superposition.sandbox import Sandbox


class StepPlan:
    """Steps at once: no further than to the next point of the curves, the step asked for, or the schedule's end."""

    def __init__(self) -> None:
        self.until: int | None = None  # the step that was asked for; None: on and on
        self._step_seconds = math.inf  # what one took last

    def ask_for(self, steps: int, sandbox: Sandbox, *, is_running: bool) -> None:
        """Stop after so many steps, counted from where an asked run that is under way will end."""
        # steps that were asked for are made, however fast they are asked for
        begun = self.until if is_running and self.until is not None else sandbox.step
        self.until = begun + steps

    def next_steps(self, sandbox: Sandbox, seconds: float) -> int:
        """Return how many steps to make at once: at most as many as take so long."""
        spacing = point_spacing(sandbox.step)
        steps = min(int(seconds / max(self._step_seconds, 1e-9)), spacing - sandbox.step % spacing)
        end = self.end(sandbox)
        return max(1, steps if end is None else min(steps, end - sandbox.step))

    def end(self, sandbox: Sandbox) -> int | None:
        """Return the step at which to stop, None where there is none."""
        ends = [end for end in (self.until, sandbox.setup.schedule.steps) if end is not None and end >= sandbox.step]
        return min(ends, default=None)

    def learn(self, steps: int, seconds: float) -> None:
        """Note how long steps took."""
        self._step_seconds = seconds / steps


def is_at_horizon(sandbox: Sandbox) -> bool:
    """Say whether the schedule has come to its end."""
    horizon = sandbox.setup.schedule.steps
    return horizon is not None and sandbox.step >= horizon


def horizon_words(sandbox: Sandbox) -> str:
    """Return why training stops at the end of the schedule, and what to do."""
    return (
        f"The {sandbox.setup.schedule.steps or 0:,} steps of the schedule are made, and the learning rate has fallen "
        "to 0. Set more steps, or none, to train on."
    )
