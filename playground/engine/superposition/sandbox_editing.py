"""Changes by hand in the thread of a sandbox: strokes, receipts, undo of entries and of whole states."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.editing import MAX_RECEIPTS, STROKE_SECONDS
from playground.engine.journal import Journal
from playground.engine.snapshots import Mark, Receipt
from playground.engine.superposition.commands import EditModel, FreezeFeatures
from playground.engine.superposition.problem import SuperpositionError
from playground.engine.superposition.sandbox import Bools, IndexArray, Sandbox
from playground.engine.superposition.snapshots import Array, SandboxStroke

PARAMETERS, FROZEN = "parameters", "frozen"
QUICK_SECONDS = 0.012  # of measuring, that the hand does not feel
NOTHING_LEFT = "There is nothing left to take back of that change."


@dataclass(frozen=True, eq=False)
class _Edit:
    """What an edit replaced: ``indices`` into the flat parameters or frozen features, and ``values`` to put there."""

    target: str
    label: str
    arrays: dict[str, NDArray[Any]]
    is_reverted: bool = False


@dataclass(eq=False)
class _Stroke:
    """What the mouse is down on: every entry that it met, and what it was then."""

    id: int
    seq: int
    model: tuple[int, int]
    label: str
    indices: IndexArray
    before: Array


class SandboxEditing:
    """Applies edits to the sandbox and keeps what undo needs; ``clock`` is the time in seconds."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._journal = Journal()
        self._jumps: dict[int, str] = {}  # labels of changes of the whole state, by seq
        self._receipts: deque[Receipt] = deque(maxlen=MAX_RECEIPTS)
        self._stroke: _Stroke | None = None
        self.effect: SandboxStroke | None = None
        self._measured_at = -math.inf
        self._pause = STROKE_SECONDS

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """Return the latest receipts, oldest first."""
        return tuple(self._receipts)

    @property
    def is_in_stroke(self) -> bool:
        """Say whether the mouse is down on a model."""
        return self._stroke is not None

    def clear(self) -> None:
        """Forget everything: another content begins."""
        self._journal.clear()
        self._jumps.clear()
        self._receipts.clear()
        self._stroke = self.effect = None

    def close(self) -> None:
        """Remove what was spilled to disk."""
        self._journal.close()

    def note(self, receipt: Receipt) -> None:
        """Put a receipt on the list; a further move of a stroke takes the place of the earlier one."""
        same = next((place for place, old in enumerate(self._receipts) if old.seq == receipt.seq), None)
        if same is not None:
            del self._receipts[same]
        self._receipts.append(receipt)

    # ---- edits -----------------------------------------------------------------------------------------------

    def edit(self, sandbox: Sandbox, command: EditModel, seq: int) -> None:
        """Write what the command says into one model; with a stroke, hold it.

        Raises
        ------
        SuperpositionError
            Where there is no such model or a shape does not fit; nothing has changed then.
        """
        wanted, touched = _wanted(sandbox, command)
        if command.stroke is None:
            self.release(sandbox)
            self._write_once(sandbox, command, seq, wanted, touched)
            return
        if self._stroke is None or self._stroke.id != command.stroke or self._stroke.model != command.model:
            self.release(sandbox)
            none = np.zeros(0, np.int64)
            self._stroke = _Stroke(command.stroke, seq, command.model, command.label, none, np.zeros(0, np.float32))
        self._move(sandbox, self._stroke, wanted, touched)

    def _write_once(self, sandbox: Sandbox, command: EditModel, seq: int, wanted: Array, touched: Bools) -> None:
        changed = touched & (wanted != sandbox.model_parameters(command.model))
        indices = sandbox.indices_of(command.model, changed)
        self._keep(seq, PARAMETERS, command.label, indices, sandbox.read(indices))
        sandbox.write(indices, wanted[changed])
        self.effect = None
        self._tell(sandbox, seq, command.label, len(indices))

    def _move(self, sandbox: Sandbox, stroke: _Stroke, wanted: Array, touched: Bools) -> None:
        """Make one move: entries that it meets for the first time are held from here on."""
        met = sandbox.indices_of(stroke.model, touched)
        fresh = np.setdiff1d(met, stroke.indices, assume_unique=True)
        is_first = not len(stroke.indices)
        stroke.indices = np.concatenate([stroke.indices, fresh])
        stroke.before = np.concatenate([stroke.before, sandbox.read(fresh)])
        sandbox.write(met, wanted[touched])
        sandbox.hold(stroke.indices)
        self._keep(stroke.seq, PARAMETERS, stroke.label, stroke.indices, stroke.before)
        if is_first:
            self._tell(sandbox, stroke.seq, stroke.label, len(stroke.indices))

    def end_stroke(self, sandbox: Sandbox, number: int) -> None:
        """The mouse is up: measure once more, then let go."""
        if self._stroke is not None and self._stroke.id == number:
            self._measure(sandbox, self._stroke)
            self._tell_empty(sandbox, self._stroke)
            self.release(sandbox)

    def _tell_empty(self, sandbox: Sandbox, stroke: _Stroke) -> None:
        """Where everything is as the stroke met it, it was none: say so, and leave no mark."""
        if np.array_equal(sandbox.read(stroke.indices), stroke.before):
            sandbox.history.unmark(stroke.seq)
            self.note(Receipt(stroke.seq, sandbox.step, stroke.label, 0))

    def release(self, sandbox: Sandbox) -> None:
        """End the open stroke; what was said of it stays, of a hand that is gone."""
        self._stroke = None
        sandbox.release()
        if self.effect is not None:
            self.effect = replace(self.effect, is_open=False)

    def freeze(self, sandbox: Sandbox, command: FreezeFeatures, seq: int) -> None:
        """Hold features of one model or let them go (raises SuperpositionError)."""
        _check_model(sandbox, command.model)
        features = sandbox.shape[2]
        if not all(0 <= feature < features for feature in command.features):
            raise SuperpositionError(f"There are {features} features, counted from 0; nothing was changed.")
        frozen = sandbox.frozen.copy()
        frozen[(*command.model, list(command.features))] = command.on
        indices = np.flatnonzero(frozen != sandbox.frozen).astype(np.int64)
        word = "freeze" if command.on else "let go"
        self._keep(seq, FROZEN, word, indices, sandbox.frozen.reshape(-1)[indices])
        sandbox.set_frozen(frozen)
        self._tell(sandbox, seq, f"{word} {len(indices)} features", len(indices))

    def _keep(self, seq: int, target: str, label: str, indices: IndexArray, values: NDArray[Any]) -> None:
        self._journal.put_state(seq, _Edit(target, label, {"indices": indices, "values": values}))

    def _tell(self, sandbox: Sandbox, seq: int, label: str, count: int) -> None:
        self.note(Receipt(seq, sandbox.step, label, count))
        if count:
            sandbox.history.mark(Mark(sandbox.step, "edit", label, seq))

    # ---- whole states ----------------------------------------------------------------------------------------

    def keep_state(self, seq: int, label: str, sandbox: Sandbox) -> None:
        """Keep the present state under ``seq``: called before a change of everything is made."""
        self._journal.put_state(seq, sandbox.checkpoint())
        self._jumps[seq] = label

    def has_state(self, seq: int) -> bool:
        """Say whether a change of everything with this number can be taken back."""
        return seq in self._jumps

    # ---- undo ------------------------------------------------------------------------------------------------

    def turn_back(self, sandbox: Sandbox, number: int, seq: int, *, is_redo: bool) -> Sandbox:
        """Undo or redo the change ``number``; return the sandbox to go on with, another one after whole states."""
        word = "redone" if is_redo else "undone"
        self.release(sandbox)
        self.effect = None
        if number in self._jumps:
            saved = self._journal.swap_state(number, sandbox.checkpoint())
            made = Sandbox.restored(saved, sandbox.device)
            made.history.mark(Mark(made.step, "restart", f"{word}: {self._jumps[number]}", seq))
            return made
        edit = self._journal.swap_state(number, _NO_EDIT) if self._journal.has_state(number) else None
        if edit is None or edit.is_reverted is not is_redo:
            if edit is not None:
                self._journal.put_state(number, edit)
            self.note(Receipt(seq, sandbox.step, "", 0, 0, NOTHING_LEFT))
            return sandbox
        count = self._swap(sandbox, number, edit)
        self.note(Receipt(seq, sandbox.step, edit.label, count))
        sandbox.history.mark(Mark(sandbox.step, "edit", f"{word}: {edit.label}", seq))
        return sandbox

    def _swap(self, sandbox: Sandbox, number: int, edit: _Edit) -> int:
        """Write what the edit holds and keep what that replaced; training elsewhere stays."""
        indices, values = edit.arrays["indices"], edit.arrays["values"]
        if edit.target == FROZEN:
            frozen = sandbox.frozen.copy()
            replaced = frozen.reshape(-1)[indices].copy()
            frozen.reshape(-1)[indices] = values
            sandbox.set_frozen(frozen)
        else:
            replaced = sandbox.read(indices)
            sandbox.write(indices, values)
        turned = replace(edit, arrays={"indices": indices, "values": replaced}, is_reverted=not edit.is_reverted)
        self._journal.put_state(number, turned)
        return len(indices)

    def forget(self, seqs: Iterable[int]) -> None:
        """Drop what undo will never ask for again."""
        self._journal.forget(seqs)
        for seq in seqs:
            self._jumps.pop(seq, None)

    # ---- what the stroke does ----------------------------------------------------------------------------------

    def measure_stroke(self, sandbox: Sandbox, now: float) -> bool:
        """Measure the model without and with the open stroke, both at this step; not too often.

        However long a measurement takes, at least half of the time is left to the training.
        """
        if self._stroke is None or now - self._measured_at < self._pause:
            return False
        begun = self._clock()
        self._measure(sandbox, self._stroke)
        self._pause = 2 * (self._clock() - begun)
        self._measured_at = now
        return True

    def measure_quickly(self, sandbox: Sandbox) -> bool:
        """Measure the open stroke for a snapshot, so that its loss is that of the weights shown beside it.

        Returns False, with nothing measured, where no stroke is open or a measurement takes so long that the hand
        would feel it.
        """
        if self._stroke is None or self._pause > 2 * QUICK_SECONDS:
            return False
        begun = self._clock()
        self._measure(sandbox, self._stroke)
        self._measured_at = self._clock()
        self._pause = 2 * (self._measured_at - begun)
        return True

    def _measure(self, sandbox: Sandbox, stroke: _Stroke) -> None:
        with_stroke = sandbox.model_parameters(stroke.model)
        without = with_stroke.copy()
        without.reshape(-1)[stroke.indices % without.size] = stroke.before
        errors = sandbox.compared(stroke.model, without, with_stroke)
        hidden = sandbox.setup.problem.hidden
        self.effect = SandboxStroke(
            stroke.id,
            stroke.model,
            sandbox.step,
            without[:, :hidden],
            without[:, -1],
            sandbox.loss_of(errors[0]),
            sandbox.loss_of(errors[1]),
            errors[0],
            errors[1],
            is_open=True,
        )


_NO_EDIT = _Edit("", "", {})


def _check_model(sandbox: Sandbox, model: tuple[int, int]) -> None:
    kinds, seeds = sandbox.setup.counts
    if not (0 <= model[0] < kinds and 0 <= model[1] < seeds):
        raise SuperpositionError(f"There is no model {model}: there are {kinds} kinds with {seeds} seeds each.")


def _wanted(sandbox: Sandbox, command: EditModel) -> tuple[Array, Bools]:
    """Return what one model is to hold and which entries are meant, both ``[n, columns]``."""
    _check_model(sandbox, command.model)
    wanted = sandbox.model_parameters(command.model)
    hidden = sandbox.setup.problem.hidden
    touched = np.zeros(wanted.shape, bool)
    if command.decode is not None and not sandbox.setup.is_absolute:
        raise SuperpositionError("The weights of this model are tied: change W, and its answers change with it.")
    for name, values, columns in (
        ("W", command.weight, slice(0, hidden)),
        ("V", command.decode, slice(-hidden - 1, -1)),
        ("b", command.bias, slice(-1, None)),
    ):
        if values is None:
            continue
        part = wanted[:, columns] if values.ndim == 2 else wanted[:, -1]
        if part.shape != values.shape or not np.isfinite(values).all():
            raise SuperpositionError(f"{name} does not fit this model any more; nothing was changed.")
        part[...] = values
        touched[:, columns] = True
    if command.touched is None:
        return wanted, touched & (wanted != sandbox.model_parameters(command.model))
    if command.touched.shape != touched.shape:
        raise SuperpositionError("The entries that were meant do not fit this model any more; nothing was changed.")
    return wanted, touched & command.touched
