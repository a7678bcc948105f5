"""A network with plausible weights, and an owner that answers as the window's does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject

from playground.engine.commands import Command
from playground.engine.settings import Settings
from playground.engine.snapshots import Snapshot
from playground.engine.spec import build
from playground.views.grid.canvas import WeightCanvas
from playground.views.look import Look


@pytest.fixture
def look(qapp: Any) -> Look:
    return Look()


@pytest.fixture
def snapshot() -> Snapshot:
    """Return a 784-16-16-10 network at command 0."""
    spec = build((784, 16, 16, 10), input_shape=(28, 28))
    weights = np.random.default_rng(4).normal(0.0, 0.4, spec.parameter_count).astype(np.float32)
    weights.setflags(write=False)
    return Snapshot(0, 12, 0.1, True, spec, Settings(), weights)


class Owner(QObject):
    """Takes wishes, numbers them, and says the number at once."""

    def __init__(self, widget: Any) -> None:
        super().__init__(widget)
        self.widget = widget
        self.seq = 0
        self.commands: list[Command] = []
        self.ended: list[int] = []
        self.cancelled: list[int] = []
        for signal in (
            widget.paint_requested,
            widget.set_requested,
            widget.mask_requested,
            widget.mask_whole_requested,
            widget.transform_requested,
        ):
            signal.connect(self.take)
        widget.stroke_ended.connect(self.ended.append)
        widget.stroke_cancelled.connect(self.cancelled.append)

    def take(self, command: Command) -> None:
        self.commands.append(command)
        self.seq += 1
        self.widget.acknowledge(self.seq)


@pytest.fixture
def own() -> type[Owner]:
    return Owner


@pytest.fixture
def canvas(qtbot: Any, look: Look, snapshot: Snapshot) -> Iterator[WeightCanvas]:
    """Return a canvas of 280 x 280 that shows the third neuron of the first layer."""
    widget = WeightCanvas(look)
    qtbot.addWidget(widget)
    layer = snapshot.spec.layers[0]
    widget.show_unit(layer.id, layer.units[2])
    widget.render_snapshot(snapshot)
    widget.resize(282, 282)
    widget.show()
    widget.setFocus()
    yield widget
    widget.close()


@pytest.fixture
def owner(canvas: WeightCanvas) -> Owner:
    return Owner(canvas)


@pytest.fixture
def painted(snapshot: Snapshot) -> Callable[..., Snapshot]:
    """Return a function that makes a later snapshot with some weights of the third neuron changed."""

    def change(seq: int, cells: dict[int, float]) -> Snapshot:
        weights = snapshot.parameters.copy()
        for cell, value in cells.items():
            weights[2 * 784 + cell] = value
        return replace(snapshot, applied_seq=seq, parameters=weights)

    return change
