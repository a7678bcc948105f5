"""Animation: S goes up and down by itself while the models train on."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from playground.engine.superposition.problem import SuperpositionError
from playground.session.sandbox_document import SandboxDocument
from playground.views.superposition.animate_row import SweepRange
from playground.views.superposition.controls import mean_sparsity
from playground.views.superposition.sparsity_scale import SparsityScale

PERIOD_MS = 50


class SparsityAnimation(QObject):
    """Moves S between two ends, evenly on the scale of the slider; the whole of it is one entry of the undo list."""

    running_changed = Signal(bool)
    refused = Signal(str)  # a sentence

    def __init__(self, document: SandboxDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._range = SweepRange(0.5, 0.99, 10.0)
        self._way = 1.0  # up or down
        self._share = 0.0  # of the way up
        self._at = 0.0  # seconds: of the last move
        self._asked: object = None  # the setup that the last move has made
        self._timer = QTimer(self, interval=PERIOD_MS)
        self._timer.timeout.connect(self._move)

    @property
    def is_running(self) -> bool:
        """Return whether S moves."""
        return self._timer.isActive()

    def start(self, wanted: SweepRange) -> None:
        """Begin where S is now, upwards; beyond the ends at the nearer one."""
        self._document.end_drag()
        self._range, self._way = wanted, 1.0
        scale = SparsityScale(wanted.low, wanted.high)
        self._share = scale.share(mean_sparsity(self._document.setup.problem))
        self._at = time.perf_counter()
        self._asked = self._document.setup
        self._timer.start()
        self.running_changed.emit(True)  # noqa: FBT003 - the word of a signal

    def stop(self) -> None:
        """Leave S where it is; the next change is an entry of its own."""
        if self._timer.isActive():
            self._timer.stop()
            self._document.end_drag()
            self.running_changed.emit(False)  # noqa: FBT003

    def _move(self) -> None:
        if self._document.setup != self._asked:  # somebody else has changed the task: undo, another experiment
            self.stop()
            return
        now = time.perf_counter()
        self._share += self._way * min(now - self._at, 0.5) / self._range.seconds
        self._at = now
        if not 0.0 < self._share < 1.0:
            self._way = -1.0 if self._share >= 1.0 else 1.0
            self._share = min(max(self._share, 0.0), 1.0)
        scale = SparsityScale(self._range.low, self._range.high)
        density = (1 - scale.low) * ((1 - scale.high) / (1 - scale.low)) ** self._share
        try:
            self._document.set_sparsity(round(1 - density, 4), restart=False, is_drag=True)
        except SuperpositionError as error:
            self.stop()
            self.refused.emit(str(error))
            return
        self._asked = self._document.setup
