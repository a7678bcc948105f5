"""What the canvas shows under the brush is, bit for bit, what the engine makes of its commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.engine.commands import EndStroke
from playground.engine.edits import Editor
from playground.engine.journal import Journal
from playground.engine.network import Network
from playground.engine.snapshots import Snapshot
from playground.views.grid.canvas import WeightCanvas
from playground.views.grid.tools import Brush, Stamp

LEFT = Qt.MouseButton.LeftButton


class Engine:
    """An owner that applies every wish at once."""

    def __init__(self, canvas: WeightCanvas, snapshot: Snapshot) -> None:
        self.canvas, self.snapshot, self.seq = canvas, snapshot, 0
        self.network = Network(snapshot.spec, torch.from_numpy(snapshot.parameters.copy()))
        self.journal = Journal()
        self.editor = Editor(self.journal)
        for signal in (canvas.paint_requested, canvas.set_requested, canvas.mask_requested, canvas.transform_requested):
            signal.connect(self.take)
        canvas.stroke_ended.connect(self.end)

    def take(self, command: Any) -> None:
        self.seq += 1
        self.editor.apply(self.network, command, self.seq, 0)
        self.canvas.acknowledge(self.seq)

    def end(self, stroke: int) -> None:
        self.take(EndStroke(stroke))

    def weights(self) -> np.ndarray[Any, Any]:
        return self.network.parameters.numpy()[2 * 784 : 3 * 784].copy()

    def moment(self) -> Snapshot:
        movable = self.network.movable
        return replace(
            self.snapshot,
            applied_seq=self.seq,
            parameters=self.network.parameters.numpy().copy(),
            movable=None if movable is None else movable.numpy().copy(),
        )


@pytest.fixture
def engine(canvas: WeightCanvas, snapshot: Snapshot) -> Iterator[Engine]:
    engine = Engine(canvas, snapshot)
    yield engine
    engine.journal.close()


def drag(canvas: WeightCanvas, *places: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
    points = [canvas.frame().point(*place) for place in places]
    QTest.mousePress(canvas, button, pos=points[0].toPoint())
    for point in points[1:]:
        moved = QPointF(point)
        plain = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(QEvent.Type.MouseMove, moved, canvas.mapToGlobal(moved), LEFT, button, plain)
        QApplication.sendEvent(canvas, event)
        canvas.hand.flush()  # a frame passes
    QTest.mouseRelease(canvas, button, pos=points[-1].toPoint())


@pytest.mark.parametrize("tool", ["brush", "eraser", "line", "rectangle", "fill"])
@pytest.mark.parametrize("softness", [0.0, 0.7])
def test_overlay_and_engine_agree(canvas: WeightCanvas, engine: Engine, tool: str, softness: float) -> None:
    canvas.set_tool(tool)
    canvas.set_brush(Brush(size=5.0, strength=1.3, softness=softness))
    before = engine.weights()
    drag(canvas, (4, 4), (9.4, 15.2), (20, 8), (9, 15), (-5, 40))
    assert (engine.weights() != before).any()
    np.testing.assert_array_equal(canvas.model.shown(), engine.weights())
    canvas.render_snapshot(engine.moment())
    assert canvas.model.overlay.is_empty
    np.testing.assert_array_equal(canvas.model.shown(), engine.weights())


def test_a_second_stroke_over_the_first_before_any_snapshot(canvas: WeightCanvas, engine: Engine) -> None:
    canvas.set_brush(Brush(size=7.0, strength=2.0, softness=1.0))
    drag(canvas, (5, 5), (20, 20))
    drag(canvas, (5, 20), (20, 5), button=Qt.MouseButton.RightButton)
    np.testing.assert_array_equal(canvas.model.shown(), engine.weights())


def test_stamps_freezing_typing_and_pasting_agree_too(canvas: WeightCanvas, engine: Engine) -> None:
    canvas.set_stamp(Stamp("Loop", "loop"))
    drag(canvas, (12, 12))
    canvas.set_tool("freeze")
    drag(canvas, (2, 2), (2, 9))
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    canvas.copy_grid()
    canvas.transform("invert")
    canvas.paste_grid()
    np.testing.assert_array_equal(canvas.model.shown(), engine.weights())
    frozen = canvas.model.shown_frozen()
    assert frozen is not None
    assert engine.network.movable is not None
    np.testing.assert_array_equal(~frozen, engine.network.movable.numpy()[2 * 784 : 3 * 784])
    canvas.render_snapshot(engine.moment())
    assert canvas.model.overlay.is_empty
    assert canvas.model.mask_overlay.is_empty
    np.testing.assert_array_equal(canvas.model.shown(), engine.weights())
