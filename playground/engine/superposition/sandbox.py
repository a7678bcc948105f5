"""Models that someone has in hand: stepwise training, entries written and held, steady losses, checkpoints."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.superposition.checkpoint import SandboxCheckpoint
from playground.engine.superposition.evaluation import evaluator_of
from playground.engine.superposition.loss_history import LossHistory
from playground.engine.superposition.near import NearModel
from playground.engine.superposition.problem import KIND_NAMES, Floats, Problem, SuperpositionError
from playground.engine.superposition.setup import ABSOLUTE_EPSILON, Schedule, Setup
from playground.engine.superposition.training import Array, Run

IndexArray = NDArray[np.int64]
Bools = NDArray[np.bool_]
_BUFFERS = ("parameters", "first_moment", "second_moment")


class Sandbox:
    """All models of a setup: `advance` trains, everything else changes or reads them between two steps.

    Models are ``[K, R]`` (kinds, seeds), their parameters ``[K, R, n, columns]``; flat indices count in that array.

    Parameters
    ----------
    setup, device
        What to train, started from its seeds, and where.
    segment
        Which of the curves this is.

    Raises
    ------
    SuperpositionError
        Where the setup does not fit together or needs more memory than there is.
    """

    def __init__(self, setup: Setup, device: str = "cpu", segment: int = 0) -> None:
        self.setup = setup
        self._run = Run([setup.problem], setup.kinds, setup.seeds, _schedule(setup), device)
        self._evaluator = evaluator_of(self._run)
        self.history = LossHistory(segment)
        self.frozen = np.zeros((*setup.counts, setup.problem.features), bool)
        self._held = np.zeros(0, np.int64)
        self.errors = np.full((*setup.counts, setup.problem.features), np.nan)  # [K, R, n] as measured last
        self.measured_step = -1
        # the model before a change by hand that was measured last: kind, problem, parameters, what it made, errors
        self._near: tuple[str, Problem, Array, NearModel | None, Floats] | None = None
        self._is_stale = np.ones(setup.counts, bool)  # models that are not what ``errors`` says of them

    # ---- what there is ---------------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """Return the steps made since the start."""
        return self._run.step

    @property
    def device(self) -> str:
        """Return where the models are."""
        return str(self._run.device)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Return the shape of all parameters, ``[K, R, n, columns]``."""
        return (*self.setup.counts, self.setup.problem.features, self.setup.columns)

    def parameters(self) -> Array:
        """Return a copy of all parameters, ``[K, R, n, columns]``, read-only."""
        found = self._run.parameter_array()[:, 0]
        found.flags.writeable = False
        return found

    def model_parameters(self, model: tuple[int, int]) -> Array:
        """Return a copy of one model's parameters, ``[n, columns]``."""
        found: Array = np.array(self._run.parameters[self._row(model)].cpu().numpy(), copy=True)
        return found

    def first_bad(self) -> tuple[int, int] | None:
        """Return the first model with a weight that is no finite number, None where all are sound."""
        with torch.inference_mode():
            if bool(torch.isfinite(self._run.parameters.sum())):
                return None
            sound = torch.isfinite(self._run.parameters).flatten(1).all(1).cpu().numpy()
        bad = np.flatnonzero(~sound)
        return divmod(int(bad[0]), len(self.setup.seeds)) if len(bad) else None

    def name_of(self, model: tuple[int, int]) -> str:
        """Return what a sentence calls a model."""
        kind, seed = model
        return f"'{KIND_NAMES[self.setup.kinds[kind]]}' of seed {self.setup.seeds[seed]}"

    # ---- training --------------------------------------------------------------------------------------------

    def advance(self, steps: int) -> None:
        """Make that many steps on all models."""
        self._run.advance(steps)
        self._is_stale[...] = True

    @property
    def makes_many(self) -> bool:
        """Return whether `advance_many` is one call that does not need Python's interpreter."""
        return self._run.makes_many

    def advance_many(self, most: int, call: torch.Tensor) -> int:
        """Make up to ``most`` steps in one call, at least 1, and return how many.

        They end soon after ``call`` (bool, one element, on the CPU) was set.
        """
        self._is_stale[...] = True
        return self._run.advance_many(most, call)

    def retune(self, setup: Setup) -> None:
        """Take another sparsity, importance, learning rate or horizon from the next step on.

        Raises
        ------
        SuperpositionError
            Where the setup differs in more than that; nothing has changed then.
        """
        if (setup.kinds, setup.seeds) != (self.setup.kinds, self.setup.seeds):
            raise SuperpositionError("Kinds and seeds stay: make new models to change them.")
        if setup.problem != self.setup.problem:
            self._run.set_problems([setup.problem], restart=False)
            self._is_stale[...] = True
        self._run.set_schedule(_schedule(setup))
        self.setup = setup

    # ---- single entries --------------------------------------------------------------------------------------

    def read(self, indices: IndexArray) -> Array:
        """Return a copy of the parameters at flat ``indices``."""
        found: Array = self._run.parameters.view(-1)[self._places(indices)].cpu().numpy().copy()
        return found

    def write(self, indices: IndexArray, values: NDArray[np.floating]) -> None:
        """Put parameters to ``values``; their momentum starts at zero, Adam's second moment is kept.

        With the second moment at zero, fresh paint would run off at the largest step there is.
        """
        if not len(indices):
            return
        fresh = torch.from_numpy(np.array(values, np.float32)).to(self._run.device)
        self._run.parameters.view(-1)[self._places(indices)] = fresh
        self._calm(indices)
        size = self.shape[2] * self.shape[3]
        self._is_stale.reshape(-1)[np.unique(indices // size)] = True

    def indices_of(self, model: tuple[int, int], entries: Bools) -> IndexArray:
        """Return the flat indices of ``entries`` ``[n, columns]`` of one model."""
        return np.flatnonzero(entries).astype(np.int64) + self._row(model) * entries.size

    def hold(self, indices: IndexArray) -> None:
        """Keep training from moving these entries, until `release`."""
        self._held = indices
        self._refresh_movable()

    def release(self) -> None:
        """Let go of what `hold` holds; it starts without momentum."""
        self._near = None
        if len(self._held):
            self._calm(self._held)
            self.hold(np.zeros(0, np.int64))

    def set_frozen(self, frozen: Bools) -> None:
        """Hold the features named by ``frozen`` ``[K, R, n]`` and no others; those let go start without momentum."""
        let_go = np.repeat((self.frozen & ~frozen)[..., None], self.shape[3], -1)
        self._calm(np.flatnonzero(let_go).astype(np.int64))
        self.frozen = frozen.copy()
        self._refresh_movable()

    def _refresh_movable(self) -> None:
        """Lay frozen features and held entries over the update: momentum does not move them either."""
        free = np.repeat(~self.frozen[..., None], self.shape[3], -1).astype(np.float32)  # [K, R, n, columns]
        free.reshape(-1)[self._held] = 0
        run = self._run
        run.movable = None if free.all() else torch.from_numpy(free).reshape(run.parameters.shape).to(run.device)

    def _calm(self, indices: IndexArray) -> None:
        if len(indices):
            self._run.first_moment.view(-1)[self._places(indices)] = 0.0

    def _places(self, indices: IndexArray) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(indices)).to(self._run.device)

    def _row(self, model: tuple[int, int]) -> int:
        return model[0] * len(self.setup.seeds) + model[1]

    # ---- losses ----------------------------------------------------------------------------------------------

    @property
    def is_measured(self) -> bool:
        """Return whether ``errors`` are those of the present models."""
        return not self._is_stale.any()

    @property
    def losses(self) -> Floats:
        """Return the losses as measured last, ``[K, R]``: mean over the features, weighted by importance."""
        return np.asarray((self.errors * self.setup.problem.importances).mean(-1))

    def measure(self) -> None:
        """Measure the models that have changed since they were measured last."""
        if self.is_measured:
            return
        held = self.parameters()
        found = self.errors.copy()  # what a snapshot holds stays as it is
        for at, kind in enumerate(self.setup.kinds):
            chosen = self._is_stale[at]
            if chosen.any():
                found[at, chosen] = self._evaluator.errors(kind, held[at, chosen], self.setup.problem)
        self.errors = found
        self.measured_step = self.step
        self._is_stale[...] = False

    def errors_of(self, model: tuple[int, int], parameters: NDArray[np.floating]) -> Floats:
        """Return the errors ``[n]`` that ``model`` would have with ``parameters`` ``[n, columns]``."""
        return self._evaluator.errors(self.setup.kinds[model[0]], parameters, self.setup.problem)

    def compared(
        self, model: tuple[int, int], before: NDArray[np.floating], after: NDArray[np.floating]
    ) -> tuple[Floats, Floats]:
        """Return the errors ``[n]`` that ``model`` would have with either of two sets of parameters ``[n, columns]``.

        What was found for ``before`` is kept for the next call; ``after`` is reckoned from it where few rows differ.
        """
        key = self.setup.kinds[model[0]], self.setup.problem
        if self._near is None or self._near[:2] != key or not np.array_equal(self._near[2], before):
            near = self._evaluator.near(key[0], before, key[1])
            errors = self.errors_of(model, before) if near is None else near.errors
            self._near = (*key, np.array(before), near, errors)
        near, errors = self._near[3:]
        changed = None if near is None else near.errors_of(after)
        return errors, self.errors_of(model, after) if changed is None else changed

    def loss_of(self, errors: Floats) -> float:
        """Return the loss of a model with these ``errors`` ``[n]``."""
        return float((errors * self.setup.problem.importances).mean())

    # ---- keeping ---------------------------------------------------------------------------------------------

    def checkpoint(self) -> SandboxCheckpoint:
        """Return the whole state as numpy copies; `restored` goes on from it to the same bits."""
        run, curves = self._run, self.history.curves
        position, has_first, generators = run.sampler.state()
        arrays: dict[str, NDArray[np.generic]] = {
            name: np.array(getattr(run, name).cpu().numpy(), copy=True).reshape(self.shape) for name in _BUFFERS
        }
        arrays |= {"generators": np.stack(generators), "curves.steps": curves.steps, "curves.losses": curves.losses}
        if self.frozen.any():
            arrays["frozen"] = self.frozen.copy()
        return SandboxCheckpoint(
            self.setup,
            self.step,
            run.optimizer_steps,
            position,
            arrays,
            has_first,
            self.history.segment,
            self.history.marks,
        )

    @classmethod
    def restored(cls, saved: SandboxCheckpoint, device: str = "cpu") -> Sandbox:
        """Return the sandbox that a checkpoint holds (see `SandboxCheckpoint` for the arrays that it must have).

        On another kind of device than that of the checkpoint the examples come from fresh streams.
        """
        made = cls(saved.setup, device, saved.segment)
        run, arrays = made._run, saved.arrays
        for name in _BUFFERS:
            getattr(run, name).copy_(torch.from_numpy(np.array(arrays[name]).reshape(run.parameters.shape)))
        run.step, run.optimizer_steps = saved.step, saved.optimizer_steps
        made.history = LossHistory.of(saved.segment, arrays["curves.steps"], arrays["curves.losses"], saved.marks)
        if "frozen" in arrays:
            made.set_frozen(arrays["frozen"])
        states = list(arrays["generators"])
        _, _, own = run.sampler.state()
        if states and len(states[0]) == len(own[0]):
            run.sampler.restore(saved.position, states, has_first=saved.has_first)
        return made

    def with_seeds(self, places: tuple[int, ...]) -> Sandbox:
        """Return a sandbox of the models of these seeds (their places), trained as they are; examples go on."""
        chosen = list(places)
        made = Sandbox(
            replace(self.setup, seeds=tuple(self.setup.seeds[at] for at in chosen)), self.device, self.history.segment
        )
        old, run = self._run, made._run
        for name in _BUFFERS:
            held = getattr(old, name).reshape(self.shape)[:, chosen]
            getattr(run, name).copy_(held.reshape(run.parameters.shape))
        run.step, run.optimizer_steps = old.step, old.optimizer_steps
        run.sampler.follow(old.sampler, chosen)
        curves = self.history.curves
        losses = curves.losses[:, :, chosen] if len(curves.steps) else curves.losses
        made.history = LossHistory.of(self.history.segment, curves.steps, losses, self.history.marks)
        made.set_frozen(self.frozen[:, chosen])
        return made

    def take_parameters(self, parameters: NDArray[np.floating]) -> None:
        """Put all parameters ``[K, R, n, columns]`` at once, moments at zero."""
        run = self._run
        run.parameters.copy_(torch.from_numpy(np.array(parameters, np.float32).reshape(run.parameters.shape)))
        run.first_moment.zero_()
        run.second_moment.zero_()
        self._is_stale[...] = True


def _schedule(setup: Setup) -> Schedule:
    schedule = setup.schedule
    return replace(schedule, epsilon=min(schedule.epsilon, ABSOLUTE_EPSILON)) if setup.is_absolute else schedule
