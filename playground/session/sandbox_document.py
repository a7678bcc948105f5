"""The open superposition sandbox: every change that can be made to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand

from playground.engine import commands as ask
from playground.engine.channel import Channel
from playground.engine.snapshots import Trouble
from playground.engine.superposition import commands as sandbox
from playground.engine.superposition.checkpoint import SandboxCheckpoint, StoredResult
from playground.engine.superposition.memory import check_room
from playground.engine.superposition.problem import Floats, Problem, SuperpositionError, make_problem
from playground.engine.superposition.setup import Schedule, Setup, check_setup
from playground.engine.superposition.snapshots import SandboxSnapshot
from playground.session import sandbox_edits as edits
from playground.session.document import Document
from playground.session.trainer import Loop
from playground.session.undo import HandChange, SettingChange

NO_WAY_BACK = "Nothing was changed: the models have not diverged, so there is no step to go back to."


def first_setup() -> Setup:
    """Return what there is before anything was set: 5 features in 2 hidden dimensions, sparse, of equal importance."""
    return Setup(make_problem(5, 2, 0.9), schedule=Schedule(steps=None))


def _sandbox_loop(channel: Channel[SandboxSnapshot]) -> Loop:
    from playground.engine.superposition.sandbox_runner import SandboxRunner

    return SandboxRunner(channel)


@dataclass(frozen=True, eq=False)
class SandboxFace:
    """What the window knows of the sandbox without asking the thread."""

    setup: Setup


class SandboxDocument(Document):
    """Task, models and seeds as the window shows them; the weights live in the thread.

    Everything that is asked for and makes no sense raises SuperpositionError with a sentence, before anything changed.
    Models are named by the places of their kind and their seed.
    """

    setup_changed = Signal(object)  # Setup
    results_changed = Signal()  # what is kept of sweeps and diagrams

    face: SandboxFace
    snapshot: SandboxSnapshot | None

    def __init__(self, parent: QObject | None = None, *, setup: Setup | None = None) -> None:
        begun = setup or first_setup()
        super().__init__(_sandbox_loop, SandboxFace(begun), parent)
        self._drag_entry: HandChange | None = None  # of a drag that starts the models anew at every move
        self._results: dict[str, StoredResult] = {}
        self._post(sandbox.BeginSandbox(begun))

    # ---- what the window shows -------------------------------------------------------------------------------

    @property
    def setup(self) -> Setup:
        """Return task, kinds, seeds and schedule."""
        return self.face.setup

    @property
    def results(self) -> Mapping[str, StoredResult]:
        """Return what is kept with the project of sweeps and diagrams, by name."""
        return self._results

    def keep_result(self, name: str, result: StoredResult | None) -> None:
        """Keep a result with the project, in place of the one of that name; None: no longer."""
        if result is None:
            self._results.pop(name, None)
        else:
            self._results[name] = result
        self.note_unsaved()
        self.results_changed.emit()

    def _show(self, face: SandboxFace) -> None:
        before, self.face = self.face, face
        if face.setup != before.setup:
            self.setup_changed.emit(face.setup)

    # ---- the task: continue, or start from the seeds -----------------------------------------------------------

    def set_sparsity(self, sparsity: float | Sequence[float], *, restart: bool, is_drag: bool = False) -> None:
        """Make the features so sparse: continue from the present weights, or start anew from the seeds."""
        problem = self.setup.problem.with_sparsity(sparsity)
        self._set_problem(problem, _sparsity_words(problem), restart=restart, is_drag=is_drag)

    def set_importance(
        self, importance: str | Sequence[float] | None, *, restart: bool = False, is_drag: bool = False
    ) -> None:
        """Weigh the features so, as `problem.importance_vector` takes it."""
        problem = self.setup.problem.with_importance(importance)
        self._set_problem(problem, "importance", restart=restart, is_drag=is_drag)

    def _set_problem(self, problem: Problem, label: str, *, restart: bool, is_drag: bool) -> None:
        setup = replace(self.setup, problem=problem)
        if restart:
            self._restart_with(setup, label, is_drag=is_drag)
        else:
            self._retune(setup, label, is_drag=is_drag)

    def set_learning_rate(self, rate: float, *, is_drag: bool = False) -> None:
        """Learn so fast from here on."""
        schedule = replace(self.setup.schedule, learning_rate=float(rate))
        self._retune(replace(self.setup, schedule=schedule), f"learning rate {rate:g}", is_drag=is_drag)

    def set_horizon(self, steps: int | None, *, is_drag: bool = False) -> None:
        """Train to this step, the learning rate falling to 0 at the end; None: on and on at a constant rate."""
        label = "no horizon" if steps is None else f"horizon {steps:,} steps"
        schedule = replace(self.setup.schedule, steps=steps)
        self._retune(replace(self.setup, schedule=schedule), label, is_drag=is_drag)

    def _retune(self, setup: Setup, label: str, *, is_drag: bool) -> None:
        check_setup(setup)
        before = self.setup
        if setup == before:
            return
        drag, is_first = self._drag_number(is_drag=is_drag)
        self._drag_entry = None
        self._post(sandbox.Retune(setup, label, is_quiet=not is_first))
        self._show(SandboxFace(setup))
        self.undo_stack.push(SettingChange(label, drag, {"setup": before}, {"setup": setup}, self._put_setup))

    def _put_setup(self, values: Mapping[str, Any]) -> None:
        self.end_drag()
        setup = values["setup"]
        self._post(sandbox.Retune(setup, ""))
        self._show(SandboxFace(setup))

    def _restart_with(self, setup: Setup, label: str, *, is_drag: bool) -> None:
        check_setup(setup)
        check_room(setup)
        self.close_stroke()
        if is_drag and setup == self.setup:
            return
        if is_drag and self._drag_entry is not None:
            self._post(sandbox.Rebuild(setup, label, joins=self._drag_entry.seq))
            self._drag_entry.after = SandboxFace(setup)
            self._drag_entry.setText(label)
            self._show(self._drag_entry.after)
            return
        entry = self._jump(sandbox.Rebuild(setup, label), setup, label)
        self._drag_entry = entry if is_drag else None

    def end_drag(self) -> None:
        """The drag on a setting is over: the next change is an entry of its own."""
        super().end_drag()
        self._drag_entry = None

    # ---- other models ----------------------------------------------------------------------------------------

    def rebuild(self, setup: Setup, label: str, *, is_drag: bool = False) -> None:
        """Go over to other features, dimensions, groups, kinds, seeds or batch, started from the seeds."""
        self._restart_with(setup, label, is_drag=is_drag)

    def restart(self, label: str = "restart") -> None:
        """Start all models again from their seeds; undo brings the trained ones back."""
        self._restart_with(self.setup, label, is_drag=False)

    def load_models(self, setup: Setup, parameters: NDArray[np.floating], label: str) -> None:
        """Go over to ``setup`` with these weights, ``[K, R, n, columns]``: a cell of a phase diagram, pasted models."""
        check_setup(setup)
        check_room(setup)
        wanted = (*setup.counts, setup.problem.features, setup.columns)
        values = edits.numbers("The parameters", parameters, wanted)
        self._jump(sandbox.LoadModels(setup, values, label), setup, label)

    def keep_seeds(self, places: Sequence[int], label: str = "") -> None:
        """Keep only the models of the seeds at these places, trained as they are."""
        seeds = self.setup.seeds
        chosen = tuple(sorted(set(places)))
        if not chosen:
            raise SuperpositionError("Choose at least one seed to keep.")
        if not 0 <= chosen[0] <= chosen[-1] < len(seeds):
            raise SuperpositionError(f"There are {len(seeds)} seeds, so there is no place {chosen[-1]} among them.")
        words = label or f"keep {len(chosen)} of {len(seeds)} seeds"
        setup = replace(self.setup, seeds=tuple(seeds[place] for place in chosen))
        self._jump(sandbox.KeepSeeds(chosen, words), setup, words)

    @property
    def can_go_back(self) -> bool:
        """Say whether the models have diverged, and there is a step to go back to."""
        trouble = None if self.snapshot is None else self.snapshot.trouble
        return trouble is not None and trouble.can_go_back

    def back_to_last_good(self) -> None:
        """After a divergence: return to the last moment whose losses were numbers. Else say that there is none."""
        if not self.can_go_back:
            self.said.emit(NO_WAY_BACK)
            return
        self._jump(ask.BackToLastGood(), self.setup, "back to the last good step")

    def _jump(self, command: ask.Command, setup: Setup, label: str) -> HandChange:
        self.close_stroke()
        self.end_drag()
        return self._push(label, self._post(command), SandboxFace(setup))

    def _meet(self, trouble: Trouble) -> None:
        self._take_back_refused()
        super()._meet(trouble)

    def _take_back_refused(self) -> None:
        """Where the thread could not do what the window shows already, show again what there is."""
        snapshot, entry = self.snapshot, self._last_entry()
        if snapshot is None or not self.is_settled or snapshot.setup == self.setup or not isinstance(entry, HandChange):
            return
        if snapshot.setup == entry.before.setup:
            before = entry.before
            self.end_drag()
            self._drop(entry)
            self._show(before)

    def _tell_news(self, snapshot: SandboxSnapshot) -> None:
        super()._tell_news(snapshot)
        self._drop_empty(snapshot)

    def _drop_empty(self, snapshot: SandboxSnapshot) -> None:
        """Where the thread says that the last edits have changed nothing, there is nothing to take back."""
        if not self.is_settled or self._open_stroke is not None:
            return
        empty = {receipt.seq for receipt in snapshot.receipts if not receipt.count and not receipt.message}
        while isinstance(entry := self._last_entry(), HandChange) and entry.seq in empty:
            self._drop(entry)

    def _last_entry(self) -> QUndoCommand | None:
        at = self.undo_stack.index() - 1
        return self.undo_stack.command(at) if at >= 0 else None

    def _drop(self, entry: HandChange) -> None:
        """Take the last entry off the list; there is nothing to take back in the thread."""
        entry.setObsolete(True)
        self.undo_stack.undo()

    # ---- by hand ---------------------------------------------------------------------------------------------

    def edit_model(
        self, model: tuple[int, int], label: str, *, stroke: int | None = None, **change: Unpack[edits.Change]
    ) -> int:
        """Put W ``[n, m]``, V ``[n, m]`` or b ``[n]`` of one model to these values and return the edit's number.

        All moves with the same ``stroke`` are one entry; its entries are held until `end_stroke`. While training runs
        the rest of the arrays is old by the time it arrives: ``features`` or ``entries`` ``[n, m]`` (of W and V) says
        what is meant, the rest is left alone. What is there already is no edit: the number is the last one then.
        """
        command = edits.edit_of(self.setup, model, label, stroke, **change)
        goes_on = stroke is not None and stroke == self._open_stroke
        shown = None if goes_on else self._certain()
        if shown is not None and edits.is_there_already(shown, command):
            return self.last_seq
        return self.edit(command, label)

    def freeze(self, model: tuple[int, int], features: Sequence[int], on: bool) -> None:
        """Hold features of one model where they are, or let them go."""
        edits.check_model(self.setup, model)
        edits.check_features(self.setup, features)
        command = sandbox.FreezeFeatures(model, tuple(features), on)
        shown = self._certain()
        if features and not (shown is not None and edits.is_held_already(shown, command)):
            named = f"feature {features[0]}" if len(features) == 1 else f"{len(features)} features"
            self.edit(command, f"{'freeze' if on else 'let go'} {named}")

    def _certain(self) -> SandboxSnapshot | None:
        """Return what the models are, None where something is under way or trains."""
        shown = self.snapshot
        return None if shown is None or shown.is_running or shown.applied_seq < self.last_seq else shown

    def set_probe(self, inputs: Floats | None, seed: int = 0) -> None:
        """Show what the models of the seed at this place make of ``inputs`` ``[n]`` (while "probe" is watched)."""
        if inputs is not None:
            inputs = edits.numbers("The input", inputs, (self.setup.problem.features,)).astype(np.float64)
        if not 0 <= seed < len(self.setup.seeds):
            raise SuperpositionError(
                f"There are {len(self.setup.seeds)} seeds, so there is no place {seed} among them."
            )
        self._post(sandbox.SetProbe(inputs, seed))

    # ---- keeping ---------------------------------------------------------------------------------------------

    def restore(self, checkpoint: SandboxCheckpoint, results: Mapping[str, StoredResult] | None = None) -> None:
        """Go over to a checkpoint and the results kept with it; the undo list starts empty."""
        check_room(checkpoint.setup)
        self._take_results(results or {})
        moment = (checkpoint.segment, checkpoint.step)
        self._begin_with(sandbox.RestoreSandbox(checkpoint), SandboxFace(checkpoint.setup), moment)

    def start_anew(self, setup: Setup | None = None, parameters: NDArray[np.floating] | None = None) -> None:
        """Go over to fresh models, or to these weights ``[K, R, n, columns]``; the undo list starts empty."""
        begun = setup or first_setup()
        if setup is not None:
            check_setup(setup)
            check_room(setup)
        self._take_results({})
        self._begin_with(sandbox.BeginSandbox(begun), SandboxFace(begun), (0, 0))
        if parameters is not None:
            wanted = (*begun.counts, begun.problem.features, begun.columns)
            self._post(sandbox.LoadModels(begun, edits.numbers("The parameters", parameters, wanted), "shared models"))

    def _take_results(self, results: Mapping[str, StoredResult]) -> None:
        self.end_drag()
        self._results = dict(results)
        self.results_changed.emit()


def _sparsity_words(problem: Problem) -> str:
    lowest, highest = min(problem.sparsity), max(problem.sparsity)
    return f"sparsity {lowest:g}" if lowest == highest else f"sparsity {lowest:g} to {highest:g}"
