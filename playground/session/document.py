"""An open document: the thread behind it, the one door for change, and the list that takes changes back."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from playground.engine import commands as ask
from playground.engine.channel import Channel
from playground.engine.snapshots import Trouble
from playground.session.trainer import Loop, TrainingThread
from playground.session.undo import HandChange

UNDO_STEPS = 1_000
SWEEP_EVERY = 64  # pushes between two looks at which receipts undo can no longer ask for
DEVICES_TOKEN = 0
Moment = tuple[int, int]  # segment and step: where a training stands


class Document(QObject):
    """What is open and trained in a thread of its own; subclasses know what, and name their changes.

    Tensors live in the thread behind ``channel``. Every change posts a command and puts an entry on ``undo_stack``;
    ``poll`` takes what came up from the thread. ``face`` is what the window knows without asking the thread.
    """

    snapshot_ready = Signal(object)  # a snapshot of the document's own type
    dirty_changed = Signal(bool)
    said = Signal(str)  # a sentence for the user
    trouble_happened = Signal(object)  # Trouble
    devices_found = Signal(object)  # tuple of engine Device
    torch_ready = Signal()
    thread_failed = Signal(str)  # a report
    posted = Signal()  # something was asked of the thread: look at what comes back
    running_asked = Signal()  # play, a step or an epoch was asked for
    stroke_closing = Signal()  # what is still in the hand goes into the open stroke now, or never

    face: Any
    snapshot: Any

    def __init__(self, make_loop: Callable[[Channel[Any]], Loop], face: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.face = face
        self.channel: Channel[Any] = Channel()
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_STEPS)
        self.undo_stack.cleanChanged.connect(self._tell_dirty)
        self.snapshot = None
        self.last_seq = 0  # of the last command that changes what a snapshot shows
        self._thread = TrainingThread(self.channel, make_loop, self)
        self._thread.torch_ready.connect(self.torch_ready)
        self._thread.failed.connect(self._note_failure)
        self._tokens = itertools.count(DEVICES_TOKEN + 1)
        self._awaited: dict[int, Callable[[Any], None]] = {}
        self._drags = itertools.count(1)
        self._drag = 0
        self._open_stroke: int | None = None
        self._stroke_entry: HandChange | None = None
        self._is_closing = False
        self._has_failed = False
        self._seen_receipt = 0
        self._seen_trouble = 0
        self._seen_stop = ""
        self._saved_moment: Moment = (0, 0)
        self._is_dirty = False
        self._pushes = 0
        self._receipted: set[int] = set()  # numbers whose receipts the thread keeps for undo

    # ---- what subclasses know --------------------------------------------------------------------------------

    def _show(self, face: Any) -> None:
        """Make ``face`` what the window knows, and tell of what is different."""
        raise NotImplementedError

    def _turned_face(self, shown: Any, left: Any) -> Any:  # noqa: ARG002
        """Return what to show where an entry is undone or redone: ``shown``, which stood opposite ``left``."""
        return shown

    # ---- the thread ------------------------------------------------------------------------------------------

    def start_thread(self) -> None:
        """Start the training thread; commands posted before wait for it."""
        if not self._thread.isRunning():
            self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Say whether the thread runs: before it does, and after it failed, nothing that is asked is answered."""
        return self._thread.isRunning() and not self._has_failed

    @property
    def is_playing(self) -> bool:
        """Say whether training went on when it was looked at last."""
        return self.snapshot is not None and bool(self.snapshot.is_running)

    def _note_failure(self, report: str) -> None:
        self._has_failed = True
        waiting, self._awaited = list(self._awaited.values()), {}
        for then in waiting:
            then(None)
        self.thread_failed.emit(report)

    def close(self) -> None:
        """End the training thread; the document is of no use afterwards."""
        if self._thread.isRunning():
            self._thread.end()

    def poll(self) -> bool:
        """Take replies and the latest snapshot; say whether there was a new one."""
        for reply in self.channel.take_replies():
            if reply.token == DEVICES_TOKEN:
                self.devices_found.emit(reply.value)
            elif (waiting := self._awaited.pop(reply.token, None)) is not None:
                waiting(reply.value)
        snapshot = self.channel.take_snapshot()
        if snapshot is None:
            return False
        self.snapshot = snapshot
        self._tell_news(snapshot)
        self.snapshot_ready.emit(snapshot)
        self._tell_dirty()
        return True

    def _tell_news(self, snapshot: Any) -> None:
        for receipt in snapshot.receipts:
            if receipt.seq > self._seen_receipt:
                self._seen_receipt = receipt.seq
                if receipt.message:
                    self.said.emit(receipt.message)
        trouble = snapshot.trouble
        if trouble is not None and trouble.number > self._seen_trouble:
            self._seen_trouble = trouble.number
            self._meet(trouble)
        if snapshot.stopped_by != self._seen_stop:
            self._seen_stop = snapshot.stopped_by
            if self._seen_stop:
                self.said.emit(self._seen_stop)

    def _meet(self, trouble: Trouble) -> None:
        self.trouble_happened.emit(trouble)

    def _post(self, command: ask.Command) -> int:
        self.last_seq = self.channel.post(command)
        self.posted.emit()
        return self.last_seq

    @property
    def is_settled(self) -> bool:
        """Say whether the last snapshot includes everything that was posted."""
        return self.snapshot is not None and bool(self.snapshot.applied_seq >= self.channel.posted_seq)

    def request_checkpoint(self, then: Callable[[Any], None]) -> None:
        """Ask the thread for the whole state; ``poll`` calls ``then`` with it, or with None where there is none."""
        if self._has_failed:
            then(None)
            return
        token = next(self._tokens)
        self._awaited[token] = then
        self.channel.post(ask.RequestCheckpoint(token))
        self.posted.emit()

    # ---- running (not undone) --------------------------------------------------------------------------------

    def run(self) -> None:
        """Train on."""
        self._post(ask.Run())
        self.running_asked.emit()

    def pause(self) -> None:
        """Pause; the next snapshot shows the final state."""
        self._post(ask.Pause())

    def advance(self, *, steps: int = 0, epochs: int = 0) -> None:
        """Train exactly so far, then pause."""
        self._post(ask.Advance(steps, epochs))
        self.running_asked.emit()

    def set_speed(self, steps_per_second: float | None) -> None:
        """Train at most so fast; None is full speed."""
        self._post(ask.SetSpeed(steps_per_second))

    def set_device(self, name: str, threads: int = 1) -> None:
        """Move the training to another device."""
        self._post(ask.SetDevice(name, threads))

    def watch(self, probes: frozenset[str]) -> None:
        """Say what is in sight."""
        self._post(ask.Watch(probes))

    # ---- changes by hand: each an entry of the undo list -------------------------------------------------------

    def edit(self, command: ask.Command, label: str) -> int:
        """Post an edit of weights or masks and return its number; moves of one stroke are one entry."""
        stroke = getattr(command, "stroke", None)
        if stroke is not None and stroke == self._open_stroke:
            return self._post(command)
        self.close_stroke()
        seq = self._post(command)
        self._open_stroke = stroke
        self._stroke_entry = self._push(label, seq, self.face)
        return seq

    def end_stroke(self, stroke: int) -> None:
        """The mouse is up."""
        if stroke == self._open_stroke:
            self.close_stroke()

    def cancel_stroke(self, stroke: int) -> None:
        """Take the running stroke back, and what was set while it ran."""
        entry = self._stroke_entry
        if stroke == self._open_stroke and entry is not None:
            self.close_stroke()
            is_there = True
            while is_there and self.undo_stack.canUndo():
                is_there = self.undo_stack.command(self.undo_stack.index() - 1) is not entry
                self.undo_stack.undo()

    def close_stroke(self) -> None:
        """End the open stroke, if there is one; what the hand has not sent yet still belongs to it."""
        if self._open_stroke is None or self._is_closing:
            return
        self._is_closing = True
        self.stroke_closing.emit()
        self._is_closing = False
        self._post(ask.EndStroke(self._open_stroke))
        self._open_stroke = None

    def end_drag(self) -> None:
        """The drag on a setting is over: the next change is an entry of its own."""
        self._drag = 0

    def _drag_number(self, *, is_drag: bool) -> tuple[int, bool]:
        """Return the number of the running drag on a setting, and whether it has only now begun."""
        is_first = not (is_drag and self._drag)
        number = next(self._drags) if is_first else self._drag
        self._drag = number if is_drag else 0
        return number, is_first

    # ---- undo ------------------------------------------------------------------------------------------------

    def _push(self, label: str, seq: int, after: Any) -> HandChange:
        before, self._drag = self.face, 0
        self._receipted.add(seq)
        entry = HandChange(label, seq, before, after, self._turn)
        # listed before it is shown: what a view changes when it sees the new face comes after it
        self.undo_stack.push(entry)
        self._show(after)
        self._pushes += 1
        if self._pushes >= SWEEP_EVERY and self.undo_stack.canUndo():  # it cannot while a macro is open
            self._pushes = 0
            self._forget_unreachable()
        return entry

    def _turn(self, change: HandChange, *, is_redo: bool) -> None:
        self.close_stroke()
        self._post(ask.Reapply(change.seq) if is_redo else ask.Revert(change.seq))
        shown, left = (change.after, change.before) if is_redo else (change.before, change.after)
        self._show(self._turned_face(shown, left))

    def _forget_unreachable(self) -> None:
        stack = self.undo_stack
        entries = [stack.command(place) for place in range(stack.count())]
        entries += [entry.child(place) for entry in entries for place in range(entry.childCount())]  # of macros
        kept = {entry.seq for entry in entries if isinstance(entry, HandChange)}
        gone = tuple(sorted(self._receipted - kept))
        self._receipted = kept
        if gone:
            self.channel.post(ask.Forget(gone))

    # ---- keeping ---------------------------------------------------------------------------------------------

    def _begin_with(self, command: ask.Command, face: Any, moment: Moment) -> None:
        """Go over to another content by ``command``; the undo list starts empty."""
        self._open_stroke, self._drag = None, 0
        self._post(command)
        self.undo_stack.clear()
        self._show(face)
        self._saved_moment = moment
        self._tell_dirty()

    @property
    def is_dirty(self) -> bool:
        """Say whether something would be lost without saving: a change by hand, or steps of training."""
        return self._is_dirty

    def note_saved(self, moment: Moment, undo_index: int) -> None:
        """The state at ``moment``, taken when the undo list stood at ``undo_index``, is in a file now."""
        self._saved_moment = moment
        if self.undo_stack.index() == undo_index:
            self.undo_stack.setClean()
        else:
            self.undo_stack.resetClean()  # there were changes while it was written
        self._tell_dirty()

    def note_unsaved(self) -> None:
        """What is shown is in no file: work recovered after a crash."""
        self._saved_moment = (-1, -1)
        self._tell_dirty()

    def _tell_dirty(self, *_: object) -> None:
        snapshot = self.snapshot
        has_trained = snapshot is not None and (snapshot.segment, snapshot.step) != self._saved_moment
        is_dirty = has_trained or not self.undo_stack.isClean()
        if is_dirty != self._is_dirty:
            self._is_dirty = is_dirty
            self.dirty_changed.emit(is_dirty)
