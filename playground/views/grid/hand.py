"""The hand on the canvas: turns moves of mouse or cell cursor into strokes, collected per frame into one wish."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from playground.engine import grids
from playground.engine.commands import Paint, SetCells, SetMask
from playground.views.grid.canvas_model import CanvasModel
from playground.views.grid.intents import FRAME_MS, IntentWidget, next_stroke
from playground.views.grid.stroke import Stroke
from playground.views.grid.tools import DRAWN_OUT, Brush, Place, Stamp, footprint, stamp_cells

FILL_TOLERANCE = 0.2  # of the magnitude of full colour

FloatArray = NDArray[np.float32]
IndexArray = NDArray[np.int64]


class Hand(QObject):
    """Holds the tool and makes the strokes; ``moved`` says that the overlay changed."""

    moved = Signal()

    def __init__(self, canvas: IntentWidget, model: CanvasModel) -> None:
        super().__init__(canvas)
        self._canvas, self._model = canvas, model
        self.tool = "brush"
        self.brush = Brush()
        self.stamp = Stamp("Horizontal edge", "horizontal")
        self._stroke: Stroke | None = None
        self._set: tuple[IndexArray, FloatArray] | None = None  # a stamp's cells that wait for the frame
        self._start: Place = (0.0, 0.0)
        self._last: Place = (0.0, 0.0)
        self._timer = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._timer.timeout.connect(self.flush)

    @property
    def is_painting(self) -> bool:
        """Say whether a stroke is going on."""
        return self._stroke is not None

    # ---- a stroke ----

    def begin(self, place: Place, *, is_negative: bool) -> None:
        """Put the tool down."""
        if self.is_painting or not self._model.is_there:
            return
        sign = -1.0 if is_negative else 1.0
        value = {"eraser": 0.0, "freeze": 1.0 if is_negative else 0.0}.get(self.tool, sign * self.brush.strength)
        self._stroke = Stroke(next_stroke(), self._model.arrangement.count, value)
        self._start = self._last = place
        if self.tool == "stamp":
            self._put_stamp(place, sign)
        elif self.tool == "fill":
            self._put_fill(place)
        elif self.tool not in DRAWN_OUT:
            self._cover(footprint(self.tool, self.brush, self._model.arrangement.shape, place, place))
        self.moved.emit()

    def move(self, place: Place) -> None:
        """Move the tool: what lies between the last place and this one is passed over too."""
        if not self.is_painting or place == self._last:
            return
        if self.tool not in (*DRAWN_OUT, "stamp", "fill"):
            self._cover(footprint(self.tool, self.brush, self._model.arrangement.shape, self._last, place))
        self._last = place
        self.moved.emit()

    def end(self) -> None:
        """Lift the tool."""
        if self._stroke is None:
            return
        if self.tool in DRAWN_OUT:
            shape = self._model.arrangement.shape
            self._cover(footprint(self.tool, self.brush, shape, self._start, self._last))
        self.flush()
        stroke, self._stroke = self._stroke, None
        if stroke is not None and stroke.has_asked:
            self._canvas.end_asking(stroke.number)
        self.moved.emit()

    def cancel(self) -> None:
        """Take the stroke back."""
        self._timer.stop()
        stroke, self._stroke, self._set = self._stroke, None, None
        if stroke is None:
            return
        cells, before = stroke.covered()
        overlay = self._model.mask_overlay if self.tool == "freeze" else self._model.overlay
        overlay.put(cells, before)
        overlay.sent(self._canvas.end_asking(stroke.number, is_cancelled=True) if stroke.has_asked else None)
        self.moved.emit()

    def drop(self) -> None:
        """End the stroke where its cells are gone: nothing more is asked for."""
        self._timer.stop()
        stroke, self._stroke, self._set = self._stroke, None, None
        if stroke is not None and stroke.has_asked:
            self._canvas.end_asking(stroke.number)

    def flush(self) -> None:
        """Ask for what was collected since the last frame."""
        self._timer.stop()
        stroke, model = self._stroke, self._model
        if stroke is None:
            return
        if self._set is not None:
            (cells, values), self._set = self._set, None
            stroke.has_asked = True
            command = SetCells(model.cells(cells), values, f"stamp: {self.stamp.label.lower()}", stroke.number)
            model.overlay.sent(self._canvas.ask(command))
            return
        cells, alpha = stroke.take()
        if not cells.size:
            return
        stroke.has_asked = True
        if self.tool == "freeze":
            is_on = stroke.value > 0.5
            model.mask_overlay.sent(
                self._canvas.ask(SetMask("movable", model.cells(cells), is_on, stroke=stroke.number))
            )
        else:
            model.overlay.sent(self._canvas.ask(Paint(stroke.number, model.cells(cells), alpha, stroke.value)))

    # ---- what it covers ----

    def _cover(self, alpha: FloatArray) -> None:
        stroke, model = self._stroke, self._model
        if stroke is None:
            return
        is_mask = self.tool == "freeze"
        shown = model.movable_values() if is_mask else model.shown()
        cells = stroke.add(alpha.reshape(-1)[: model.arrangement.count], shown)
        if cells.size:
            (model.mask_overlay if is_mask else model.overlay).put(cells, stroke.values(cells))
            self._wake()

    def _put_fill(self, place: Place) -> None:
        row, column = round(place[0]), round(place[1])
        if self._model.arrangement.index(row, column) is None:
            return
        shown = self._model.in_rows(self._model.shown())
        mask = grids.fill_mask(shown, (row, column), FILL_TOLERANCE * self._model.scale)
        self._cover(mask.astype(np.float32))

    def _put_stamp(self, place: Place, sign: float) -> None:
        if self._stroke is None:
            return
        cells, values = self._stamped(place, sign)
        if cells.size:
            alpha = np.zeros(self._model.arrangement.count, np.float32)
            alpha[cells] = 1.0
            self._stroke.add(alpha, self._model.shown())  # remembers what was there, for Esc
            self._stroke.take()
            self._model.overlay.put(cells, values)
            self._set = (cells, values)
            self._wake()

    def _stamped(self, place: Place, sign: float) -> tuple[IndexArray, FloatArray]:
        count = self._model.arrangement.count
        centre = (float(round(place[0])), float(round(place[1])))
        values, mask = stamp_cells(self.stamp, self.brush, self._model.arrangement.shape, centre, sign)
        cells = np.flatnonzero(mask.reshape(-1)[:count])
        return cells, values.reshape(-1)[cells]

    def preview(self, place: Place | None, *, is_negative: bool) -> tuple[IndexArray, FloatArray] | None:
        """Return cells and values that lifting (line, rectangle) or pressing (stamp) would give."""
        model = self._model
        if not model.is_there:
            return None
        if self._stroke is not None and self.tool in DRAWN_OUT:
            alpha = footprint(self.tool, self.brush, model.arrangement.shape, self._start, self._last)
            flat = alpha.reshape(-1)[: model.arrangement.count]
            cells = np.flatnonzero(flat)
            before = model.shown()[cells]
            return cells, before + flat[cells] * (np.float32(self._stroke.value) - before)
        if self.tool == "stamp" and place is not None and self._stroke is None:
            return self._stamped(place, -1.0 if is_negative else 1.0)
        return None

    def _wake(self) -> None:
        if not self._timer.isActive():
            self._timer.start()
