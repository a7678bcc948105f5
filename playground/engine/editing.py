"""Edits by hand in the training thread: receipts, undo, and what the hand does to the validation loss."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from playground.engine import commands as ask
from playground.engine.edits import Editor
from playground.engine.journal import Journal
from playground.engine.jumps import Jumps
from playground.engine.snapshots import Mark, Measure, Receipt, StrokeEffect
from playground.engine.training import Training

MAX_RECEIPTS = 64
STROKE_SECONDS = 0.012  # between two measurements of what the painting does
AGAIN_SECONDS = 0.1  # the same where nothing was painted since
WHOLE_SECONDS = 0.2  # between two that measure the training part as well


class Editing:
    """Applies edits to the training and keeps what undo needs; ``clock`` is the time in seconds."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._journal = Journal()
        self._editor = Editor(self._journal)
        self.jumps = Jumps(self._journal)
        self._receipts: deque[Receipt] = deque(maxlen=MAX_RECEIPTS)
        self.stroke_effect: StrokeEffect | None = None
        self._measured_at = -math.inf
        self._pause = STROKE_SECONDS
        self._measured_seq = -1
        self._whole_at = -math.inf
        self.has_evaluated = False  # the last measurement was one of the training part too

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """Return the latest receipts, oldest first."""
        return tuple(self._receipts)

    @property
    def is_painting(self) -> bool:
        """Say whether the mouse is down on some weights."""
        return self._editor.open_stroke is not None

    def clear(self) -> None:
        """Forget everything: another document begins."""
        self._journal.clear()
        self._editor = Editor(self._journal)
        self.jumps.clear()
        self._receipts.clear()
        self.stroke_effect = None

    def close(self) -> None:
        """Remove what was spilled to disk."""
        self._journal.close()

    def release(self, training: Training) -> None:
        """End all strokes: the structure or the whole state changes under the brush."""
        self._editor.end_all_strokes(training.network)
        self.stroke_effect = None

    def note(self, receipt: Receipt) -> None:
        """Put a receipt on the list; a further move of a stroke takes the place of the earlier one."""
        same = next((place for place, old in enumerate(self._receipts) if old.seq == receipt.seq), None)
        if same is not None:
            del self._receipts[same]
        self._receipts.append(receipt)

    def apply(self, training: Training, command: ask.Command, seq: int) -> bool:
        """Apply an edit; say whether it changed anything that must be measured again."""
        if isinstance(command, ask.EndStroke):
            self._end_stroke(training, command, seq)
            return True
        before = training.measured(training.validation) if _is_measured_alone(command) else None
        receipt = self._editor.apply(training.network, command, seq, training.step)
        if receipt.seq == seq and receipt.count:
            training.history.mark(Mark(training.step, "edit", receipt.label, seq))
        if before is not None and receipt.count:
            self.compare(training, before, seq)
        self.note(receipt)
        return receipt.count > 0

    def compare(self, training: Training, before: Measure, seq: int) -> None:
        """Say what a whole change by hand does: the validation part measured ``before`` it, and now, at this step."""
        now = training.measured(training.validation)
        self.stroke_effect = StrokeEffect(seq, training.step, before, now, is_open=False, after_seq=seq)

    def turn_back(self, training: Training, edit: int, seq: int, *, is_redo: bool) -> bool:
        """Undo or redo the edit or jump with number ``edit``; say whether there was one."""
        act: Callable[..., Receipt | None] = self._editor.reapply if is_redo else self._editor.revert
        word = "redone" if is_redo else "undone"
        self.stroke_effect = None  # what it said is no longer so
        receipt = act(training.network, edit, training.step)
        if receipt is not None:
            self.note(replace(receipt, seq=seq))
            training.history.mark(Mark(training.step, "edit", f"{word}: {receipt.label}", seq))
            return True
        self.release(training)
        jump = self.jumps.swap(edit, training)
        if jump is None:
            self.note(Receipt(seq, training.step, "", 0, 0, "There is nothing left to take back of that change."))
            return False
        training.history.mark(Mark(training.step, jump.kind, f"{word}: {jump.label}", seq))
        return True

    def forget(self, seqs: tuple[int, ...]) -> None:
        """Drop what undo will never ask for again."""
        self._journal.forget(seqs)
        self.jumps.forget(seqs)

    def measure_stroke(self, training: Training, seq: int, now: float) -> bool:
        """Measure the validation part without and with the open stroke, both at this step; not too often.

        However long a measurement takes, at least half of the time is left to the training. The training part is
        measured now and then, and where the hand rests.
        """
        is_same = seq == self._measured_seq
        pause = max(self._pause, AGAIN_SECONDS) if is_same else self._pause
        if self._editor.open_stroke is None or now - self._measured_at < pause:
            return False
        begun = self._clock()
        self._measure(training, seq, is_whole=is_same or now - self._whole_at >= WHOLE_SECONDS)
        self._pause = max(STROKE_SECONDS, 2 * (self._clock() - begun))
        self._measured_at, self._measured_seq = now, seq
        if self.has_evaluated:
            self._whole_at = now
        return True

    def _measure(self, training: Training, seq: int, *, is_whole: bool) -> None:
        stroke = self._editor.open_stroke
        if stroke is None:
            return
        with self._editor.without_stroke(training.network):
            without = training.measured(training.validation)
        if is_whole:
            found = training.evaluate(seq, with_test=False).validation
        else:
            found = training.measured(training.validation)
        self.has_evaluated = is_whole
        self.stroke_effect = StrokeEffect(stroke.id, training.step, without, found, is_open=True, after_seq=seq)

    def _end_stroke(self, training: Training, command: ask.EndStroke, seq: int) -> None:
        """Measure once more, since what was said last may be of an earlier move or stroke; then let go."""
        if self._editor.open_stroke is not None and self._editor.open_stroke.id == command.stroke:
            self._measure(training, seq, is_whole=True)
        self._editor.apply(training.network, command, seq, training.step)
        if self.stroke_effect is not None:
            self.stroke_effect = replace(self.stroke_effect, is_open=False)


def _is_measured_alone(command: ask.Command) -> bool:
    """Say whether an edit is a whole change of what the network computes: no move of a stroke, and no freezing."""
    if isinstance(command, ask.SetMask | ask.SetMaskWhole) and command.mask == "movable":
        return False
    return getattr(command, "stroke", None) is None
