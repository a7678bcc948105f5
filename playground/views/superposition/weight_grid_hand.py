"""The hand on the numbers of a model: strokes from press to release, collected a frame at a time into one wish."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from playground.views.grid.intents import FRAME_MS, next_stroke
from playground.views.grid.stroke import Stroke
from playground.views.grid.tools import Brush, Place, footprint
from playground.views.superposition.weight_grid_model import GridModel

PAINT, ERASE = "brush", "eraser"


class GridHand(QObject):
    """Paints in the matrix in which a stroke began. ``asked`` carries its name, once a frame; ``moved`` repaints.

    ``ended`` and ``cancelled`` come only where something was asked for.
    """

    asked = Signal(str)
    ended = Signal()
    cancelled = Signal()
    moved = Signal()

    def __init__(self, model: GridModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self.tool = PAINT
        self.brush = Brush(size=1.0, strength=1.0)
        self._stroke: Stroke | None = None
        self._block = ""
        self._last: Place = (0.0, 0.0)
        self._is_pending = False
        self._timer = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._timer.timeout.connect(self.flush)

    @property
    def is_painting(self) -> bool:
        """Return whether a stroke is going on."""
        return self._stroke is not None

    def begin(self, place: Place, *, is_negative: bool) -> None:
        """Put the tool down."""
        if self.is_painting or not self._model.is_there:
            return
        sign = -1.0 if is_negative else 1.0
        value = 0.0 if self.tool == ERASE else sign * self.brush.strength
        self._stroke = Stroke(next_stroke(), self._model.arrangement.count, value)
        column = min(max(round(place[1]), 0), self._model.arrangement.columns - 1)
        self._block = self._model.block_of(column).name
        self._last = place
        self._cover(place, place)

    def move(self, place: Place) -> None:
        """Move the tool: what lies between the last place and this one is painted too."""
        if self.is_painting and place != self._last:
            self._cover(self._last, place)
            self._last = place

    def end(self) -> None:
        """Lift the tool."""
        if self._stroke is None:
            return
        self.flush()
        stroke, self._stroke = self._stroke, None
        if stroke is not None and stroke.has_asked:
            self.ended.emit()
        self.moved.emit()

    def cancel(self) -> None:
        """Take the stroke back."""
        self._timer.stop()
        stroke, self._stroke, self._is_pending = self._stroke, None, False
        if stroke is None:
            return
        cells, before = stroke.covered()
        self._model.overlay.put(cells, before)
        self._model.overlay.sent(None)  # what training made of the rest is in the next snapshot
        if stroke.has_asked:
            self.cancelled.emit()
        self.moved.emit()

    def drop(self) -> None:
        """End the stroke where its numbers are gone."""
        self._timer.stop()
        stroke, self._stroke, self._is_pending = self._stroke, None, False
        if stroke is not None and stroke.has_asked:
            self.ended.emit()

    def set_number(self, index: int, value: float) -> None:
        """Set one number, as a stroke of its own."""
        self.end()
        _, column = self._model.arrangement.place(index)
        self._block = self._model.block_of(column).name
        self._stroke = Stroke(next_stroke(), self._model.arrangement.count, value)
        alpha = np.zeros(self._model.arrangement.count, np.float32)
        alpha[index] = 1.0
        self._put(alpha)
        self.end()

    def set_matrix(self, name: str, values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
        """Set a whole matrix ``[n, columns]``, as a stroke of its own."""
        self.end()
        block = next(block for block in self._model.blocks if block.name == name)
        cells = np.arange(self._model.arrangement.count).reshape(self._model.values.shape)
        touched = cells[:, block.first : block.stop].reshape(-1)
        self._stroke = Stroke(next_stroke(), self._model.arrangement.count, 0.0)
        alpha = np.zeros(self._model.arrangement.count, np.float32)
        alpha[touched] = 1.0
        self._stroke.add(alpha, self._model.shown().reshape(-1))
        self._block, self._is_pending = name, True
        self._model.overlay.put(touched, values.reshape(-1))
        self.end()

    def flush(self) -> None:
        """Ask for what was painted since the last frame."""
        self._timer.stop()
        if self._stroke is not None and self._is_pending:
            self._is_pending = False
            self._stroke.has_asked = True
            self.asked.emit(self._block)

    def _cover(self, start: Place, end: Place) -> None:
        block = next(block for block in self._model.blocks if block.name == self._block)
        alpha = footprint(PAINT, self.brush, self._model.arrangement.shape, start, end)
        alpha[:, : block.first] = 0.0
        alpha[:, block.stop :] = 0.0
        self._put(alpha.reshape(-1))

    def _put(self, alpha: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
        if self._stroke is None:
            return
        cells = self._stroke.add(alpha, self._model.shown().reshape(-1))
        if cells.size:
            self._model.overlay.put(cells, self._stroke.values(cells))
            self._is_pending = True
            if not self._timer.isActive():
                self._timer.start()
            self.moved.emit()
