"""How the hands ask: every wish is a signal with a command in it, and the owner answers with its number."""

from __future__ import annotations

from itertools import count

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from playground.engine.commands import (
    Cells,
    Command,
    FloatArray,
    Paint,
    SetCells,
    SetMask,
    SetMaskWhole,
    TransformUnits,
)

FRAME_MS = 16

_strokes = count(1)


def next_stroke() -> int:
    """Return a number for a stroke that no other stroke of this run has."""
    return next(_strokes)


class IntentWidget(QWidget):
    """A widget that asks for edits.

    While it emits a wish the owner posts the command and calls ``acknowledge`` with its sequence number; where
    nobody does, the wish counts as refused. A stroke ends with ``stroke_ended``, or, taken back, with
    ``stroke_cancelled``; both only where something was asked for in it.
    """

    paint_requested = Signal(object)  # Paint
    set_requested = Signal(object)  # SetCells
    mask_requested = Signal(object)  # SetMask
    mask_whole_requested = Signal(object)  # SetMaskWhole
    transform_requested = Signal(object)  # TransformUnits
    stroke_ended = Signal(int)
    stroke_cancelled = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_asking = False
        self._answer: int | None = None
        self._parts: list[IntentWidget] = []

    def ask(self, command: Command) -> int | None:
        """Emit the wish and return the number under which it was posted, None where nobody took it."""
        self._is_asking, self._answer = True, None
        try:
            self._signal_for(command).emit(command)
        finally:
            self._is_asking = False
        return self._answer

    def end_asking(self, stroke: int, *, is_cancelled: bool = False) -> int | None:
        """Say that a stroke has ended, and return the number of what the owner posted for it."""
        self._is_asking, self._answer = True, None
        try:
            (self.stroke_cancelled if is_cancelled else self.stroke_ended).emit(stroke)
        finally:
            self._is_asking = False
        return self._answer

    def acknowledge(self, seq: int) -> None:
        """Be told the number under which the wish that is just being emitted was posted."""
        if self._is_asking:
            self._answer = seq
        for part in self._parts:
            part.acknowledge(seq)

    def pass_on(self, part: IntentWidget) -> None:
        """Let the wishes of ``part`` be wishes of this widget."""
        self._parts.append(part)
        part.paint_requested.connect(self.paint_requested)
        part.set_requested.connect(self.set_requested)
        part.mask_requested.connect(self.mask_requested)
        part.mask_whole_requested.connect(self.mask_whole_requested)
        part.transform_requested.connect(self.transform_requested)
        part.stroke_ended.connect(self.stroke_ended)
        part.stroke_cancelled.connect(self.stroke_cancelled)

    def _signal_for(self, command: Command) -> SignalInstance:
        if isinstance(command, Paint):
            return self.paint_requested
        if isinstance(command, SetCells):
            return self.set_requested
        if isinstance(command, SetMask):
            return self.mask_requested
        if isinstance(command, SetMaskWhole):
            return self.mask_whole_requested
        if isinstance(command, TransformUnits):
            return self.transform_requested
        raise TypeError(f"{type(command).__name__} is no wish of a weight grid.")


class CellDrag(QObject):
    """A drag of a slider, or typing in a field, as one edit: moves are collected per frame into one wish."""

    def __init__(self, owner: IntentWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._stroke: int | None = None
        self._waiting: dict[int, SetCells] = {}  # layer -> its latest move
        self._has_asked = False
        self._seq = -1
        self._timer = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._timer.timeout.connect(self.flush)

    @property
    def is_open(self) -> bool:
        """Say whether a drag is going on."""
        return self._stroke is not None

    def is_behind(self, applied_seq: int) -> bool:
        """Say whether a snapshot with this number does not show yet what was asked for last."""
        return self.is_open or self._seq > applied_seq

    def begin(self) -> None:
        """Begin a drag."""
        self.end()
        self._stroke, self._has_asked = next_stroke(), False

    def move(self, cells: Cells, values: FloatArray, label: str) -> None:
        """Ask for ``values`` in this frame; outside a drag at once, as an edit of its own."""
        given = np.asarray(values, np.float32)
        if self._stroke is None:
            self._post(SetCells(cells, given, label))
            return
        self._waiting[cells.layer] = SetCells(cells, given, label, self._stroke)
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Ask for what was collected."""
        self._timer.stop()
        waiting, self._waiting = self._waiting, {}
        for command in waiting.values():
            self._has_asked = True
            self._post(command)

    def end(self) -> None:
        """End the drag."""
        self.flush()
        stroke, self._stroke = self._stroke, None
        if stroke is not None and self._has_asked:
            self._owner.end_asking(stroke)

    def cancel(self) -> None:
        """Take the drag back."""
        self._timer.stop()
        stroke, self._stroke, self._waiting = self._stroke, None, {}
        if stroke is not None and self._has_asked:
            self._owner.end_asking(stroke, is_cancelled=True)
            self._seq = -1

    def _post(self, command: SetCells) -> None:
        seq = self._owner.ask(command)
        if seq is not None:
            self._seq = seq
