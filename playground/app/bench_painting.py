"""A hand that paints while training runs: from the mouse's move to changed pixels, and to the accuracy on the card."""

from __future__ import annotations

import time
from collections import deque

from PySide6.QtCore import QEvent, QObject, QPointF, Qt

from playground.app.bench_figures import Figure
from playground.app.bench_meters import Mouse, PaintMeter, share_of
from playground.app.bench_stage import Stage
from playground.engine.snapshots import Snapshot

MOVE_SECONDS = 0.016
CELLS_A_MOVE = 1.3


class Painting(QObject):
    """Paints strokes on the canvas of the first neuron; ``to_pixels`` and ``to_accuracy`` in milliseconds."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.window)
        self._stage = stage
        self._canvas = stage.lab.inspector.neuron.canvas
        self._mouse = Mouse(stage.window)
        self._paints = PaintMeter(stage.window, self._note_painted)
        self._posted: list[float] = []  # when each move of the mouse was posted
        self._handled = self._painted = self._asked = self._shown = 0  # so many moves have come so far
        self._awaited: deque[tuple[int, float]] = deque()  # command, and when its first move was posted
        self._answered: list[float] = []  # moves whose accuracy is about to be painted
        self.to_pixels: list[float] = []
        self.to_accuracy: list[float] = []
        self.measured_on = 0
        self._canvas.installEventFilter(self)
        stage.document.posted.connect(self._note_posted)
        stage.document.snapshot_ready.connect(self._note_snapshot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count the moves that reach the canvas, and which of them a painting includes."""
        if watched is not self._canvas:
            return False
        if event.type() == QEvent.Type.MouseMove:
            self._handled += 1
        elif event.type() == QEvent.Type.Paint:
            self._painted = self._handled
        return False

    def _note_painted(self) -> None:
        now = time.perf_counter()
        while self._shown < self._painted:
            self.to_pixels.append(1_000 * (now - self._posted[self._shown]))
            self._shown += 1
        self.to_accuracy += [1_000 * (now - posted) for posted in self._answered]
        self._answered.clear()

    def _note_posted(self) -> None:
        if self._asked < self._handled:
            self._awaited.append((self._stage.document.last_seq, self._posted[self._asked]))
            self._asked = self._handled

    def _note_snapshot(self, snapshot: Snapshot) -> None:
        effect = snapshot.stroke_effect
        if effect is None or not effect.is_open:
            return
        self.measured_on = effect.with_stroke.count
        while self._awaited and self._awaited[0][0] <= effect.after_seq:
            self._answered.append(self._awaited.popleft()[1])

    def stroke(self, moves: int) -> None:
        """Paint one stroke of so many moves, to and fro over the grid."""
        bounds = self._canvas.frame().bounds.adjusted(8, 8, -8, -8)
        step = CELLS_A_MOVE * self._canvas.frame().cell_width / self._canvas.frame().ratio
        self._posted.clear()
        self._awaited.clear()
        self._handled = self._painted = self._asked = self._shown = 0
        left = Qt.MouseButton.LeftButton
        self._mouse.post(QEvent.Type.MouseButtonPress, bounds.topLeft(), self._canvas, button=left)
        self._stage.spin(0.1)
        for place in range(1, moves + 1):
            across, line = (place * step) % (2 * bounds.width()), int(place * step / bounds.width())
            x = across if across < bounds.width() else 2 * bounds.width() - across
            y = min(bounds.height(), 0.08 * bounds.height() * line)
            self._posted.append(time.perf_counter())
            self._mouse.post(QEvent.Type.MouseMove, bounds.topLeft() + QPointF(x, y), self._canvas, button=left)
            self._stage.spin(MOVE_SECONDS)
        self._stage.spin(0.3)
        self._mouse.post(QEvent.Type.MouseButtonRelease, bounds.center(), self._canvas, button=left)
        self._stage.spin(0.2)

    def figures(self, key: str) -> list[Figure]:
        """Return medians and p95 of both."""
        pixels, accuracy = self.to_pixels, self.to_accuracy
        moves, measured = f"{len(pixels)} moves, training", f"on {self.measured_on:,} examples, training"
        return [
            Figure(f"{key} paint to pixels median", "mouse move to pixels, median", share_of(pixels, 50), "ms", moves),
            Figure(f"{key} paint to pixels p95", "mouse move to pixels, p95", share_of(pixels, 95), "ms", moves),
            Figure(f"{key} paint to accuracy median", "to accuracy, median", share_of(accuracy, 50), "ms", measured),
            Figure(f"{key} paint to accuracy p95", "to accuracy, p95", share_of(accuracy, 95), "ms", measured),
        ]

    def close(self) -> None:
        """Leave canvas and window alone."""
        self._canvas.removeEventFilter(self)
        self._paints.close()
