"""The open network: the one door through which everything about it is changed, and where it is undone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from playground.engine import commands as ask
from playground.engine.channel import Channel
from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataSet
from playground.engine.settings import RESETTING, Settings, change_words, changed
from playground.engine.snapshots import Snapshot, Trouble
from playground.engine.spec import FIRST_ID, NetworkSpec, SpecError, build
from playground.engine.structure import fitted_to
from playground.engine.vectors import none_data
from playground.session.trainer import TrainingThread
from playground.session.undo import Face, HandChange, SettingChange

UNDO_STEPS = 1_000
SWEEP_EVERY = 64  # pushes between two looks at which receipts undo can no longer ask for
DEVICES_TOKEN = 0


def first_spec() -> NetworkSpec:
    """Return the network of the film: 784-16-16-10, sigmoid."""
    return build((784, 16, 16, 10), input_shape=(28, 28), first_id=FIRST_ID)


def no_data(spec: NetworkSpec) -> DataSet:
    """Return a data set without examples that fits ``spec``: what there is before the first data have come."""
    return none_data(spec.input_shape, tuple(str(number) for number in range(spec.outputs)))


class NetworkDocument(QObject):
    """Structure, settings and data as the window shows them; weights live in the training thread behind ``channel``.

    Every change posts a command and puts an entry on ``undo_stack``; ``poll`` takes what came up from the thread.
    """

    snapshot_ready = Signal(object)  # Snapshot
    structure_changed = Signal(object)  # NetworkSpec
    settings_changed = Signal(object)  # Settings
    data_changed = Signal(object)  # DataSet
    dirty_changed = Signal(bool)
    said = Signal(str)  # a sentence for the user
    trouble_happened = Signal(object)  # Trouble
    devices_found = Signal(object)  # tuple of engine Device
    torch_ready = Signal()
    thread_failed = Signal(str)  # a report
    posted = Signal()  # something was asked of the thread: look at what comes back
    stroke_closing = Signal()  # what is still in the hand goes into the open stroke now, or never

    def __init__(self, parent: QObject | None = None, *, settings: Settings | None = None) -> None:
        super().__init__(parent)
        spec = first_spec()
        self.face = Face(spec, settings or Settings(), no_data(spec))
        self.channel = Channel()
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_STEPS)
        self.undo_stack.cleanChanged.connect(self._tell_dirty)
        self.snapshot: Snapshot | None = None
        self.last_seq = 0  # of the last command that changes what a snapshot shows
        self._thread = TrainingThread(self.channel, self)
        self._thread.torch_ready.connect(self.torch_ready)
        self._thread.failed.connect(self.thread_failed)
        self._tokens = itertools.count(1)
        self._awaited: dict[int, Callable[[Checkpoint | None], None]] = {}
        self._drags = itertools.count(1)
        self._drag = 0
        self._open_stroke: int | None = None
        self._is_closing = False
        self._seen_receipt = 0
        self._seen_trouble = 0
        self._seen_stop = ""
        self._next_id, self._version = spec.next_id, spec.version
        self._saved_moment: tuple[int, int] = (0, 0)
        self._is_dirty = False
        self._pushes = 0
        self._receipted: set[int] = set()  # numbers whose receipts the thread keeps for undo
        self._post(ask.Start(spec, self.face.settings, self.face.data))

    # ---- the thread ------------------------------------------------------------------------------------------

    def start_thread(self) -> None:
        """Start the training thread; commands posted before wait for it."""
        if not self._thread.isRunning():
            self._thread.start()

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

    def _tell_news(self, snapshot: Snapshot) -> None:
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
        return self.snapshot is not None and self.snapshot.applied_seq >= self.channel.posted_seq

    def request_checkpoint(self, then: Callable[[Checkpoint | None], None]) -> None:
        """Ask the thread for the whole state; ``then`` is called with it from ``poll``."""
        token = next(self._tokens)
        self._awaited[token] = then
        self.channel.post(ask.RequestCheckpoint(token))
        self.posted.emit()

    # ---- what the window shows -------------------------------------------------------------------------------

    @property
    def spec(self) -> NetworkSpec:
        """Return the structure, its counters above all ids that ever were in use."""
        return replace(self.face.spec, next_id=self._next_id, version=self._version)

    @property
    def settings(self) -> Settings:
        """Return the settings."""
        return self.face.settings

    @property
    def data(self) -> DataSet:
        """Return the data."""
        return self.face.data

    def _show(self, face: Face) -> None:
        before, self.face = self.face, face
        self._next_id = max(self._next_id, face.spec.next_id)
        self._version = max(self._version, face.spec.version)
        if face.spec is not before.spec:
            self.structure_changed.emit(face.spec)
        if face.settings is not before.settings:
            self.settings_changed.emit(face.settings)
        if face.data is not before.data:
            self.data_changed.emit(face.data)

    # ---- running (not undone) --------------------------------------------------------------------------------

    def run(self) -> None:
        """Train on."""
        self._post(ask.Run())

    def pause(self) -> None:
        """Pause; the next snapshot shows the final state."""
        self._post(ask.Pause())

    def advance(self, *, steps: int = 0, epochs: int = 0) -> None:
        """Train exactly so far, then pause."""
        self._post(ask.Advance(steps, epochs))

    def set_speed(self, steps_per_second: float | None) -> None:
        """Train at most so fast; None is full speed."""
        self._post(ask.SetSpeed(steps_per_second))

    def set_device(self, name: str, threads: int = 1) -> None:
        """Move the training to another device."""
        self._post(ask.SetDevice(name, threads))

    def set_input(self, values: NDArray[np.float32] | None, label: int | None = None) -> None:
        """Show what the network makes of ``values``."""
        self._post(ask.SetInput(values, label))

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
        self._push(label, seq, self.face)
        return seq

    def end_stroke(self, stroke: int) -> None:
        """The mouse is up."""
        if stroke == self._open_stroke:
            self.close_stroke()

    def cancel_stroke(self, stroke: int) -> None:
        """Take the running stroke back."""
        if stroke == self._open_stroke:
            self.close_stroke()
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

    def restructure(self, change: ask.Restructure) -> None:
        """Go over to another structure (made by the functions of ``engine.structure`` from ``spec``)."""
        self.close_stroke()
        seq = self._post(change)
        self._push(change.label, seq, replace(self.face, spec=change.spec))

    def change_setting(self, field: str, value: Any, *, is_drag: bool = False) -> None:
        """Change one setting (raises SettingError); all values of a drag, up to ``end_drag``, are one entry."""
        self.change_settings({field: value}, is_drag=is_drag)

    def change_settings(self, changes: Mapping[str, Any], *, is_drag: bool = False) -> None:
        """Change several settings at once (raises SettingError); those that need it start the training anew."""
        settings = changed(self.settings, changes)
        before = {field: getattr(self.settings, field) for field in changes}
        after = {field: getattr(settings, field) for field in changes}
        if before == after:
            return
        if any(field in RESETTING for field in changes):
            self.reset(after)
            return
        is_first = not (is_drag and self._drag)
        if is_first:
            self._drag = next(self._drags)
        self._post(ask.Change(after, is_quiet=not is_first))
        self._show(replace(self.face, settings=settings))
        names = change_words(after)
        self.undo_stack.push(SettingChange(names, self._drag, before, after, self._put_settings))
        if not is_drag:
            self._drag = 0

    def end_drag(self) -> None:
        """The drag on a setting is over: the next change is an entry of its own."""
        self._drag = 0

    def _put_settings(self, values: Mapping[str, Any]) -> None:
        self._drag = 0
        self._post(ask.Change(dict(values)))
        self._show(replace(self.face, settings=changed(self.settings, values)))

    def reset(self, changes: Mapping[str, Any] | None = None) -> None:
        """Start again at step 0 from the seed; undo brings the trained weights back."""
        self.close_stroke()
        seq = self._post(ask.Reset(dict(changes or {})))
        settings = changed(self.settings, changes or {})
        label = f"reset, seed {settings.seed}"
        self._push(label, seq, replace(self.face, settings=settings) if changes else self.face)

    def take_weights(self, widths: tuple[int, ...], parameters: NDArray[np.float32], label: str) -> None:
        """Go over to imported weights (flat, layer by layer W then b); activations stay as far as there are layers.

        Raises
        ------
        SpecError
            Where they do not fit the data.
        """
        data = self.data
        if (widths[0], widths[-1]) != (data.features, len(data.classes)):
            raise SpecError(
                f"Those weights are of a {'-'.join(map(str, widths))} network, but '{data.name}' has {data.features} "
                f"inputs and {len(data.classes)} classes: open data that fit first."
            )
        self.close_stroke()
        old = self.spec
        made = build(widths, input_shape=data.input_shape, first_id=old.next_id, version=old.version + 1)
        names = [layer.activation for layer in old.layers[:-1]] or ["relu"]
        hidden = [
            replace(layer, activation=names[min(place, len(names) - 1)]) for place, layer in enumerate(made.layers[:-1])
        ]
        spec = replace(made, layers=(*hidden, replace(made.layers[-1], activation=old.layers[-1].activation)))
        seq = self._post(ask.TakeWeights(spec, parameters, label))
        self._push(label, seq, replace(self.face, spec=spec))

    def back_to_last_good(self) -> None:
        """After a divergence: return to the last moment whose loss was a number."""
        self.close_stroke()
        self._push("back to the last good step", self._post(ask.BackToLastGood()), self.face)

    def set_data(self, data: DataSet, label: str = "", *, is_undoable: bool = True) -> None:
        """Train on other data; input and output widths follow them (raises SpecError)."""
        self.close_stroke()
        change, spec = None, self.face.spec
        if spec.input_shape != data.input_shape or spec.outputs != len(data.classes):
            change = fitted_to(self.spec, data.input_shape, len(data.classes))
            spec = change.spec
        seq = self._post(ask.SetData(data, label or data.name, change))
        face = Face(spec, self.face.settings, data)
        if is_undoable:
            self._push(label or f"data: {data.name}", seq, face)
        else:
            self._show(face)

    def add_example(self, values: NDArray[np.float32], label: int) -> None:
        """Add an input with its class to the training part."""
        data = self.data.with_added(values[None, :], np.array([label]))
        self.set_data(data, f"drawing added as {self.data.classes[label]}")

    # ---- undo ------------------------------------------------------------------------------------------------

    def _push(self, label: str, seq: int, after: Face) -> None:
        before, self._drag = self.face, 0
        self._receipted.add(seq)
        # listed before it is shown: what a view changes when it sees the new face comes after it
        self.undo_stack.push(HandChange(label, seq, before, after, self._turn))
        self._show(after)
        self._pushes += 1
        if self._pushes >= SWEEP_EVERY and self.undo_stack.canUndo():  # it cannot while a macro is open
            self._pushes = 0
            self._forget_unreachable()

    def _turn(self, change: HandChange, *, is_redo: bool) -> None:
        self.close_stroke()
        self._post(ask.Reapply(change.seq) if is_redo else ask.Revert(change.seq))
        face, other = (change.after, change.before) if is_redo else (change.before, change.after)
        # settings are put back only where this change touched them: entries of their own hold the others
        settings = face.settings if face.settings is not other.settings else self.face.settings
        self._show(Face(face.spec, settings, face.data))

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

    def restore(self, checkpoint: Checkpoint, data: DataSet) -> None:
        """Go over to another document: a checkpoint on its data; the undo list starts empty."""
        self._open_stroke, self._drag = None, 0
        self._post(ask.Restore(checkpoint, data))
        self.undo_stack.clear()
        self._show(Face(checkpoint.spec, checkpoint.settings, data))
        self._saved_moment = (checkpoint.segment, checkpoint.step)
        self._tell_dirty()

    def start_anew(self, spec: NetworkSpec, settings: Settings, data: DataSet) -> None:
        """Go over to a fresh document."""
        self._open_stroke, self._drag = None, 0
        self._post(ask.Start(spec, settings, data))
        self.undo_stack.clear()
        self._show(Face(spec, settings, data))
        self._saved_moment = (0, 0)
        self._tell_dirty()

    @property
    def is_dirty(self) -> bool:
        """Say whether something would be lost without saving: a change by hand, or steps of training."""
        return self._is_dirty

    def note_saved(self, checkpoint: Checkpoint, undo_index: int) -> None:
        """The state of ``checkpoint``, taken when the undo list stood at ``undo_index``, is in a file now."""
        self._saved_moment = (checkpoint.segment, checkpoint.step)
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
