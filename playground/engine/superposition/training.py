"""Training of many models as one tensor: kinds x problems x seeds, Adam with a linear tail. No thread, no window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.scripted import is_scripted, scripted
from playground.engine.superposition.data import Sampler
from playground.engine.superposition.gradients import Workspace, slice_of
from playground.engine.superposition.memory import bytes_needed, check_memory
from playground.engine.superposition.models import Shape, initial_parameters
from playground.engine.superposition.problem import ABS, Problem, SuperpositionError, check_kinds
from playground.engine.superposition.setup import ABSOLUTE_EPSILON, Schedule
from playground.engine.superposition.steps import Adam, make_steps

Array = NDArray[np.float32]
# so many numbers of one layer are worked on at once: what a step touches stays in the processor's cache
_SLICE_NUMBERS = 65_536


ABSOLUTE_SCHEDULE = Schedule(epsilon=ABSOLUTE_EPSILON)


class Run:
    """Models of several kinds, problems and seeds, trained together.

    Model ``[k, q, r]`` has the kind ``kinds[k]``, solves ``problems[q]`` and started from ``seeds[r]``; all kinds see
    the same examples. A seed gives the same examples and first weights whatever runs beside it.

    Parameters
    ----------
    problems
        Same features, hidden dimensions and groups; sparsity and importance may differ.
    kinds
        Of the tied models, or ``("abs",)``.
    seeds
        Whole numbers from 0.
    schedule
        Learning rate, batch, horizon.
    device
        ``cpu``, ``cuda:0``.

    Raises
    ------
    SuperpositionError
        Where the parts do not fit together or need more memory than there is.
    """

    def __init__(
        self,
        problems: Sequence[Problem],
        kinds: Sequence[str] = ("relu",),
        seeds: Sequence[int] = (0,),
        schedule: Schedule | None = None,
        device: str = "cpu",
    ) -> None:
        self.kinds, self.seeds = tuple(kinds), tuple(seeds)
        check_kinds(self.kinds)
        self.problems = _checked(problems)
        self.is_absolute = self.kinds == (ABS,)
        self.schedule = schedule or (ABSOLUTE_SCHEDULE if self.is_absolute else Schedule())
        self.device = torch.device(device)
        self.shape = Shape(self.kinds[0], self.problems[0].hidden)
        self._check_size()
        self._begin()

    def _begin(self) -> None:
        """Make fresh weights, moments and streams."""
        self.step = 0
        self.optimizer_steps = 0
        self.parameters = self._fresh()  # [K Q R, n, columns]
        self.gradient = torch.zeros_like(self.parameters)
        self.first_moment = torch.zeros_like(self.parameters)
        self.second_moment = torch.zeros_like(self.parameters)
        self._divisor = torch.zeros_like(self.parameters)
        self._no_call = torch.zeros(1, dtype=torch.bool)
        self.movable: Tensor | None = None  # 1 where training may move an entry, 0 where it is held; None: everywhere
        self.sampler = Sampler(
            self.problems, self.seeds, self.schedule.batch, str(self.device), is_signed=self.is_absolute
        )
        self._cut()

    # ---- what there is ---------------------------------------------------------------------------------------

    @property
    def counts(self) -> tuple[int, int, int]:
        """Return how many kinds, problems and seeds there are."""
        return len(self.kinds), len(self.problems), len(self.seeds)

    def parameter_array(self) -> Array:
        """Return a copy of all parameters, ``[K, Q, R, n, columns]``, read-only."""
        found: Array = np.array(self.parameters.cpu().numpy(), copy=True)
        found = found.reshape(*self.counts, *found.shape[1:])
        found.flags.writeable = False
        return found

    def weights(self) -> Array:
        """Return a copy of W, ``[K, Q, R, n, m]``, read-only."""
        return self.parameter_array()[..., : self.shape.hidden]

    def biases(self) -> Array:
        """Return a copy of b, ``[K, Q, R, n]``, read-only."""
        return self.parameter_array()[..., -1]

    # ---- training --------------------------------------------------------------------------------------------

    def advance(self, steps: int) -> None:
        """Make ``steps`` steps of Adam on all models."""
        while steps > 0:
            steps -= self.advance_many(steps)

    @property
    def makes_many(self) -> bool:
        """Return whether many steps are one call that does not need Python's interpreter."""
        return self.device.type == "cpu" and is_scripted(make_steps)

    def advance_many(self, most: int, call: Tensor | None = None) -> int:
        """Make up to ``most`` steps, at least 1, and return how many.

        They end soon after ``call`` (bool, one element, on the CPU) was set.
        """
        made = 0
        for steps in self.sampler.portions(most):
            found = self._make(steps, self._no_call if call is None else call)
            made += found
            if found < steps:
                break
        return made

    def _make(self, most: int, call: Tensor) -> int:
        sampler, rate = self.sampler, self.schedule.rate
        rates = [rate(self.step + at) for at in range(most)]
        function = scripted(make_steps) if self.makes_many else make_steps
        sampler.expect(most)
        with torch.inference_mode():
            made, blocks = function(
                self._slices,
                self._adam(),
                sampler.block,
                sampler.odds,
                sampler.position,
                self.optimizer_steps,
                rates,
                call,
            )
        sampler.went_on(made, blocks)
        self.step += made
        self.optimizer_steps += made
        return made

    def _adam(self) -> Adam:
        schedule = self.schedule
        return Adam(
            parameters=self.parameters,
            gradient=self.gradient,
            first_moment=self.first_moment,
            second_moment=self.second_moment,
            divisor=self._divisor,
            movable=self.movable,
            beta1=schedule.beta1,
            beta2=schedule.beta2,
            decay=torch.tensor(schedule.beta2),
            epsilon=schedule.epsilon,
        )

    # ---- changes ---------------------------------------------------------------------------------------------

    def set_problems(self, problems: Sequence[Problem], *, restart: bool) -> None:
        """Take other sparsities or importances: continue from the present weights, or restart from the seeds.

        The two give different answers: what has formed at one sparsity may survive at another (hysteresis).

        Raises
        ------
        SuperpositionError
            Where their number, shape or groups are other than those of the run.
        """
        found = _checked(problems)
        old = self.problems
        if len(found) != len(old) or _frame(found[0]) != _frame(old[0]):
            raise SuperpositionError("Features, hidden dimensions and groups stay: make a new model to change them.")
        self.problems = found
        if restart:
            self._begin()
        else:
            self.sampler.set_problems(found)
            self._cut()

    def restart(self) -> None:
        """Start again at step 0 from the seeds."""
        self._begin()

    def set_schedule(self, schedule: Schedule) -> None:
        """Change the learning rate or the horizon in mid-run; the batch size stays."""
        self.schedule = replace(schedule, batch=self.schedule.batch)

    def _fresh(self) -> Tensor:
        made = []
        for kind in self.kinds:
            for problem in self.problems:
                for seed in self.seeds:
                    generator = torch.Generator().manual_seed(seed)
                    made.append(initial_parameters(kind, problem.features, problem.hidden, problem.density, generator))
        return torch.stack(made).to(self.device)

    # ---- slices ----------------------------------------------------------------------------------------------

    def _cut(self) -> None:
        """Lay the slices over parameters and examples: what to work on in turn."""
        problem, sampler = self.problems[0], self.sampler
        cells = len(self.problems) * len(self.seeds)
        size = max(1, min(cells, _SLICE_NUMBERS // (problem.features * self.schedule.batch)))
        workspace = Workspace(
            size, problem.features, problem.hidden, self.schedule.batch, self.device, self.parameters.dtype
        )
        scale, zero_scale = self._scales()
        examples = sampler.block.examples.flatten(1, 2)  # [T, cells, n, B], views
        targets = sampler.block.targets.flatten(1, 2)
        self._slices = [
            slice_of(
                Shape(kind, problem.hidden),
                self.parameters[at * cells + low : at * cells + high],
                self.gradient[at * cells + low : at * cells + high],
                scale[low:high],
                None if zero_scale is None else zero_scale[low:high],
                examples[:, low:high],
                targets[:, low:high],
                workspace,
            )
            # the same examples are read by all kinds while they are in the cache
            for low, high in [(low, min(low + size, cells)) for low in range(0, cells, size)]
            for at, kind in enumerate(self.kinds)
        ]

    def _scales(self) -> tuple[Tensor, Tensor | None]:
        """Return ``2 I q / (B n)`` ``[cells, n, 1]`` and ``2 I (1 - q) / n`` ``[cells, n]`` or None."""
        features, any_on = self.problems[0].features, self.sampler.chance_of_any[:, None]
        importance = np.stack([problem.importances for problem in self.problems])  # [Q, n]
        scale = self._cells(2 * importance * any_on / (self.schedule.batch * features))[..., None]
        if not self.sampler.has_zero_term:
            return scale, None
        return scale, self._cells(2 * importance * (1 - any_on) / features)

    def _cells(self, values: NDArray[np.float64]) -> Tensor:
        repeated = np.repeat(values, len(self.seeds), axis=0)
        return torch.from_numpy(repeated).to(self.device, self.parameters.dtype)

    def _check_size(self) -> None:
        kinds, problems, seeds = self.counts
        features = self.problems[0].features
        needed = bytes_needed(
            kinds * problems * seeds, problems * seeds, features, self.shape.columns, self.schedule.batch
        )
        check_memory(needed, f"Training {kinds * problems * seeds:,} models of {features} features at once")


Between = Callable[[], None]  # called between pieces of work; raises to break off
_PIECE = 20  # steps


def go_on() -> None:
    """Do nothing between pieces of work."""


def advance(run: Run, steps: int, between: Between) -> None:
    """Make ``steps`` steps and call ``between`` after every few."""
    for low in range(0, steps, _PIECE):
        run.advance(min(_PIECE, steps - low))
        between()


def _frame(problem: Problem) -> tuple[object, ...]:
    return problem.features, problem.hidden, problem.groups


def _checked(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    found = tuple(problems)
    if not found:
        raise SuperpositionError("Choose at least one sparsity.")
    if any(_frame(problem) != _frame(found[0]) for problem in found):
        raise SuperpositionError("Models that are trained together need the same features, dimensions and groups.")
    return found
