"""How soon the window answers while it trains on data in the plane: ``python -m tests.measure_plane_reaction``.

For each network of the browser comparison: from the event in the window's queue to the end of the painting that shows
it, for the learning rate changed on its slider, for a neuron under the mouse, for a weight painted, and for a zero line
dragged. Milliseconds; the goal is 33 at the 95th percentile. It also prints frames, epochs and what a frame costs.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtWidgets import QSlider, QWidget

from playground.app.bench_meters import Mouse, PaintMeter, share_of
from playground.app.bench_models import small_models
from playground.app.bench_stage import Stage
from playground.app.bench_window import Playing, Rounds

EVENTS = 60
PAUSE = 0.05  # seconds between two events
SECONDS = 3.0  # of a round that measures frames
LEFT = Qt.MouseButton.LeftButton


class Reaction(QObject):
    """Notes for one widget when an event was posted, handled and painted; ``waits`` in milliseconds."""

    def __init__(self, stage: Stage, asked: QWidget, shown: QWidget) -> None:
        super().__init__(stage.window)
        self._asked, self._shown = asked, shown
        self._posted: list[float] = []
        self._handled = self._painted = self._told = 0
        self.waits: list[float] = []
        self._paints = PaintMeter(stage.window, self._note_painted)
        for widget in {asked, shown}:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count the moves that came, and those that a painting includes."""
        if watched is self._asked and event.type() == QEvent.Type.MouseMove:
            self._handled += 1
        if watched is self._shown and event.type() == QEvent.Type.Paint:
            self._painted = self._handled
        return False

    def note_posted(self) -> None:
        """A move is about to be posted."""
        self._posted.append(time.perf_counter())

    def _note_painted(self) -> None:
        now = time.perf_counter()
        while self._told < min(self._painted, len(self._posted)):
            self.waits.append(1_000 * (now - self._posted[self._told]))
            self._told += 1

    def close(self) -> None:
        """Leave the widgets alone."""
        for widget in {self._asked, self._shown}:
            widget.removeEventFilter(self)
        self._paints.close()


def drag(stage: Stage, widget: QWidget, place: Callable[[int], QPointF], *, is_held: bool = True) -> list[float]:
    """Move the mouse over ``widget``, with the left button down or not, and return how long each move waited."""
    mouse, reaction = Mouse(stage.window), Reaction(stage, widget, widget)
    if is_held:
        mouse.post(QEvent.Type.MouseButtonPress, place(0), widget, button=LEFT)
    stage.spin(0.2)
    for number in range(1, EVENTS + 1):
        reaction.note_posted()
        mouse.post(QEvent.Type.MouseMove, place(number), widget, button=LEFT if is_held else Qt.MouseButton.NoButton)
        stage.spin(PAUSE)
    if is_held:
        mouse.post(QEvent.Type.MouseButtonRelease, place(EVENTS), widget, button=LEFT)
    stage.spin(0.3)
    reaction.close()
    return reaction.waits


def rate_waits(stage: Stage) -> list[float]:
    """Return how long the slider of the learning rate waits for its painting."""
    slider = stage.lab.transport.fields["learning_rate"].findChild(QSlider)
    if slider is None:
        raise LookupError("The learning rate has no slider.")
    width, middle = slider.width(), slider.height() / 2
    return drag(stage, slider, lambda number: QPointF(width * (0.4 + 0.2 * (number % 10) / 10), middle))


def hover_waits(stage: Stage) -> list[float]:
    """Return how long a neuron under the mouse waits for its card."""
    diagram = stage.lab.diagram
    layout, view = diagram._state.layout, diagram._state.view
    if layout is None:
        raise LookupError("The diagram has no layout.")
    cells = [
        view.rect(cell).center()
        for place in range(len(stage.document.spec.layers))
        for row in range(stage.document.spec.layers[place].width)
        if (cell := layout.column(place).cell(row)) is not None
    ]
    return drag(stage, diagram, lambda number: cells[number % len(cells)], is_held=False)


def paint_waits(stage: Stage) -> list[float]:
    """Return how long a painted weight waits for its colour."""
    canvas = stage.lab.inspector.neuron.canvas
    bounds = canvas.frame().bounds.adjusted(4, 4, -4, -4)
    return drag(
        stage, canvas, lambda number: QPointF(bounds.left() + bounds.width() * (number % 20) / 20, bounds.center().y())
    )


def line_waits(stage: Stage) -> list[float]:
    """Return how long a zero line in the hand waits for its place."""
    canvas = stage.lab.data_panel.plane.canvas
    line = next(line for line in canvas.scene.lines if line.is_chosen)
    ends = line.ends(canvas.scene.low, canvas.scene.high)
    if ends is None:
        raise LookupError("The zero line lies outside of the picture.")
    (x, y), *_ = canvas.ground().screen(ends.mean(0)[None]).tolist()
    return drag(stage, canvas, lambda number: QPointF(x, y + 12 * ((number % 8) / 8)))


def main() -> None:
    """Print a line for each network and act."""
    chosen = [int(place) for place in sys.argv[1:]] or [0, 1, 2]
    stage = Stage(Path(tempfile.mkdtemp()))
    stage.open()
    for model in [small_models()[place] for place in chosen]:
        assert model.data is not None
        stage.begin(model.spec, model.settings, model.data)
        stage.lab.selection.set([(model.spec.layers[0].id, model.spec.layers[0].units[0])])
        playing, rounds = Playing(stage), Rounds()
        playing.round(rounds, SECONDS)
        playing.close()
        print(  # noqa: T201
            f"{model.key}: {rounds.epochs[0]:.0f} epochs/s, {rounds.states[0]:.1f} frames/s, a frame "
            f"{share_of(rounds.costs, 50):.1f} ms of the processor, p95 {share_of(rounds.costs, 95):.1f}"
        )
        stage.play()
        acts = {"learning rate": rate_waits, "hover": hover_waits, "weight": paint_waits}
        if model.spec.inputs == 2:
            acts["zero line"] = line_waits
        for name, act in acts.items():
            waits = act(stage)
            print(  # noqa: T201
                f"   {name:14} {len(waits):3} painted, median {share_of(waits, 50):5.1f} ms, "
                f"p95 {share_of(waits, 95):5.1f} ms, worst {max(waits, default=float('nan')):5.1f} ms"
            )
        stage.pause()
    stage.close()


if __name__ == "__main__":
    main()
