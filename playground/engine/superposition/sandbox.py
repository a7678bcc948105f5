"""A run that someone has in hand: stepwise training, edits of W and b that can be taken back, readings, checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.superposition.evaluation import evaluator_of, run_errors
from playground.engine.superposition.problem import ABS, LINEAR, Floats, Problem, SuperpositionError
from playground.engine.superposition.setup import Schedule
from playground.engine.superposition.training import Array, Run


@dataclass(frozen=True, eq=False)
class Change:
    """What an edit found and left: all that undo and redo need. Indices into the flat parameters of the run."""

    step: int
    indices: NDArray[np.int64]
    before: Array
    after: Array


@dataclass(frozen=True, eq=False)
class SandboxState:
    """One step of the training, as read-only copies. K kinds, Q problems, R seeds, n features, m hidden dimensions."""

    step: int
    kinds: tuple[str, ...]
    problems: tuple[Problem, ...]
    seeds: tuple[int, ...]
    weights: Array  # [K, Q, R, n, m]
    decode: Array  # [K, Q, R, n, m] V; W itself where weights are tied
    biases: Array  # [K, Q, R, n]
    feature_errors: Floats  # [K, Q, R, n] not weighted
    losses: Floats  # [K, Q, R] mean over the features, weighted by importance
    movable: NDArray[np.bool_] | None  # [K, Q, R, n, columns]


@dataclass(frozen=True, eq=False)
class SandboxCheckpoint:
    """Everything that decides how a run goes on."""

    kinds: tuple[str, ...]
    problems: tuple[Problem, ...]
    seeds: tuple[int, ...]
    schedule: Schedule
    step: int
    optimizer_steps: int
    position: int
    arrays: dict[str, NDArray[np.generic]]  # parameters, first_moment, second_moment, movable?
    generators: tuple[NDArray[np.uint8], ...]


class Sandbox:
    """Models on the screen: `advance` trains, everything else changes or reads them between two steps.

    Parameters
    ----------
    problems
        One for what is looked at; more for a sweep.
    kinds, seeds, schedule, device
        As `Run` takes them; without a schedule the learning rate stays constant.

    Raises
    ------
    SuperpositionError
        Where the parts do not fit together or need more memory than there is.
    """

    def __init__(
        self,
        problems: Sequence[Problem],
        kinds: Sequence[str] = (LINEAR, "relu", "relu-relu"),
        seeds: Sequence[int] = (0,),
        schedule: Schedule | None = None,
        device: str = "cpu",
    ) -> None:
        epsilon = 1e-12 if tuple(kinds) == (ABS,) else Schedule().epsilon
        self.run = Run(problems, kinds, seeds, schedule or Schedule(steps=None, epsilon=epsilon), device)
        self._evaluator = evaluator_of(self.run)

    @property
    def step(self) -> int:
        """Return the steps made since the start."""
        return self.run.step

    def advance(self, steps: int) -> None:
        """Make that many steps on all models."""
        self.run.advance(steps)

    def state(self) -> SandboxState:
        """Return all models as they are, with their losses on the fixed weighted set (or exact)."""
        run, held = self.run, self.run.parameter_array()
        errors = run_errors(run, self._evaluator)
        importance = np.stack([problem.importances for problem in run.problems])[None, :, None]
        hidden = run.shape.hidden
        mask = None if run.movable is None else run.movable.cpu().numpy().reshape(held.shape) > 0
        return SandboxState(
            run.step,
            run.kinds,
            run.problems,
            run.seeds,
            held[..., :hidden],
            held[..., -hidden - 1 : -1],
            held[..., -1],
            errors,
            np.asarray((errors * importance).mean(-1)),
            mask,
        )

    def losses_of(self, kind: str, parameters: NDArray[np.floating], problem: Problem) -> Floats:
        """Return what models that are only being tried out would lose, ``[...]``, for ``[..., n, columns]``."""
        return self._evaluator.losses(kind, parameters, problem)

    # ---- the task --------------------------------------------------------------------------------------------

    def set_sparsity(self, sparsity: float | Sequence[float], *, restart: bool) -> None:
        """Put every problem to this sparsity: continue from the present weights or restart from the seeds.

        Raises
        ------
        SuperpositionError
            Where the value does not go; nothing has changed then.
        """
        self.run.set_problems([problem.with_sparsity(sparsity) for problem in self.run.problems], restart=restart)

    def set_importance(self, importance: str | Sequence[float] | None, *, restart: bool = False) -> None:
        """Weigh the features anew in every problem (raises SuperpositionError; nothing has changed then)."""
        self.run.set_problems([problem.with_importance(importance) for problem in self.run.problems], restart=restart)

    # ---- by hand ---------------------------------------------------------------------------------------------

    def edit(
        self,
        model: tuple[int, int, int],
        *,
        weight: NDArray[np.floating] | None = None,
        decode: NDArray[np.floating] | None = None,
        bias: NDArray[np.floating] | None = None,
    ) -> Change:
        """Put W ``[n, m]``, V ``[n, m]`` or b ``[n]`` of one model to these values and return what undo needs.

        Only entries that differ are touched. Their momentum starts at zero; Adam's second moment is kept, so that fresh
        paint does not run off.

        Parameters
        ----------
        model
            Place of kind, problem and seed.

        Raises
        ------
        SuperpositionError
            Where there is no such model, a shape does not fit, or a value is no number; nothing has changed then.
        """
        held = self.run.parameter_array()
        if not all(0 <= at < count for at, count in zip(model, self.run.counts, strict=True)):
            raise SuperpositionError(f"There is no model {model}: there are {self.run.counts}.")
        wanted, hidden = held[model].copy(), self.run.shape.hidden
        if decode is not None and not self.run.is_absolute:
            raise SuperpositionError("The weights of this model are tied: change W, and its answers change with it.")
        for name, values, part in (
            ("W", weight, wanted[:, :hidden]),
            ("V", decode, wanted[:, -hidden - 1 : -1]),
            ("b", bias, wanted[:, -1]),
        ):
            if values is not None:
                part[...] = _fitting(name, values, part.shape)
        flat = np.ravel_multi_index(model, self.run.counts) * wanted.size
        indices = np.flatnonzero((wanted != held[model]).ravel())
        change = Change(self.run.step, indices + flat, held[model].ravel()[indices], wanted.ravel()[indices])
        self._write(change.indices, change.after)
        return change

    def revert(self, change: Change) -> Change:
        """Write back what an edit found, and return what that replaced; training elsewhere stays."""
        replaced = self._read(change.indices)
        self._write(change.indices, change.before)
        return Change(self.run.step, change.indices, replaced, change.before)

    def freeze(self, frozen: NDArray[np.bool_] | None) -> None:
        """Hold entries still: a mask ``[K, Q, R, n, columns]`` or one that broadcasts to it; None frees all.

        The mask multiplies the update, not the gradient: momentum does not move a frozen entry either.

        Raises
        ------
        SuperpositionError
            Where the shape does not fit.
        """
        run = self.run
        if frozen is None:
            run.movable = None
            return
        shape = (*run.counts, *run.parameters.shape[1:])
        try:
            mask = np.broadcast_to(frozen, shape)
        except ValueError as error:
            raise SuperpositionError(f"The mask has shape {np.shape(frozen)}; {shape} belongs there.") from error
        free = np.ascontiguousarray(~mask, np.float32).reshape(run.parameters.shape)
        run.movable = None if free.all() else torch.from_numpy(free).to(run.device)

    def _read(self, indices: NDArray[np.int64]) -> Array:
        found: Array = self.run.parameters.view(-1)[torch.from_numpy(indices)].cpu().numpy()
        return found

    def _write(self, indices: NDArray[np.int64], values: Array) -> None:
        places = torch.from_numpy(indices).to(self.run.device)
        self.run.parameters.view(-1)[places] = torch.from_numpy(np.array(values, np.float32)).to(self.run.device)
        self.run.first_moment.view(-1)[places] = 0.0

    # ---- keeping ---------------------------------------------------------------------------------------------

    def checkpoint(self) -> SandboxCheckpoint:
        """Return the whole state as numpy copies; `restored` goes on from it to the same bits."""
        run = self.run
        arrays: dict[str, NDArray[np.generic]] = {}
        for name in ("parameters", "first_moment", "second_moment", "movable"):
            tensor = getattr(run, name)
            if tensor is not None:
                arrays[name] = np.array(tensor.cpu().numpy(), copy=True)
        position, generators = run.sampler.state()
        return SandboxCheckpoint(
            run.kinds,
            run.problems,
            run.seeds,
            run.schedule,
            run.step,
            run.optimizer_steps,
            position,
            arrays,
            tuple(generators),
        )

    @classmethod
    def restored(cls, saved: SandboxCheckpoint, device: str = "cpu") -> Sandbox:
        """Return the sandbox that a checkpoint holds.

        Raises
        ------
        SuperpositionError
            Where its arrays do not fit its problems.
        """
        made = cls(saved.problems, saved.kinds, saved.seeds, saved.schedule, device)
        run = made.run
        for name, array in saved.arrays.items():
            if name not in ("parameters", "first_moment", "second_moment", "movable"):
                raise SuperpositionError(f"A superposition model has no '{name[:40]}'.")
            values = torch.from_numpy(_fitting(name, array.astype(np.float32), tuple(run.parameters.shape)))
            if name == "movable":
                run.movable = values.to(run.device)
            else:
                getattr(run, name).copy_(values)
        run.step, run.optimizer_steps = saved.step, saved.optimizer_steps
        run.sampler.restore(saved.position, list(saved.generators))
        return made


def _fitting(name: str, values: NDArray[np.floating], shape: tuple[int, ...]) -> Array:
    found = np.array(values, np.float32)
    if found.shape != shape:
        raise SuperpositionError(f"{name} here has the shape {shape}, not {found.shape}; nothing was changed.")
    if not np.isfinite(found).all():
        raise SuperpositionError(f"{name} holds something that is no finite number; nothing was changed.")
    return found
