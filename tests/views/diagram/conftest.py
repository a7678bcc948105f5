"""Snapshots made by hand, and the diagram in a window of a known size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF
from pytestqt.qtbot import QtBot

from playground.engine.settings import Settings
from playground.engine.snapshots import Snapshot, UnitReadings
from playground.engine.spec import NetworkSpec, build
from playground.views.diagram import NetworkDiagram
from playground.views.diagram.picture import INPUT
from playground.views.look import Look

MakeSnapshot = Callable[..., Snapshot]
MakeDiagram = Callable[..., NetworkDiagram]


def _activated(name: str, pre: NDArray[np.float32]) -> NDArray[np.float32]:
    if name == "sigmoid":
        return (1 / (1 + np.exp(-pre))).astype(np.float32)
    return np.maximum(pre, 0) if name == "relu" else np.tanh(pre) if name == "tanh" else pre


def _readings(spec: NetworkSpec, flat: NDArray[np.float32], inputs: NDArray[np.float32], loss: str) -> UnitReadings:
    pres, acts, act = [], [], inputs
    for slots, layer in zip(spec.slots, spec.layers, strict=True):
        pre = flat[slots.weight].reshape(slots.rows, slots.columns) @ act + flat[slots.bias]
        if layer is spec.layers[-1] and loss == "cross_entropy":
            shares = np.exp(pre - pre.max())
            act = (shares / shares.sum()).astype(np.float32)
        else:
            act = _activated(layer.activation, pre)
        pres.append(pre)
        acts.append(act)
    return UnitReadings(tuple(pres), tuple(acts), inputs)


@pytest.fixture
def make_snapshot() -> MakeSnapshot:
    """Return a function that makes a snapshot of a network with random weights and honest readings."""

    def make(
        widths: tuple[int, ...] = (64, 6, 5, 3),
        *,
        spec: NetworkSpec | None = None,
        flat: NDArray[np.float32] | None = None,
        seed: int = 0,
        loss: str = "cross_entropy",
        reads: bool = True,
        **fields: Any,
    ) -> Snapshot:
        random = np.random.default_rng(seed)
        if spec is None:
            side = round(widths[0] ** 0.5)
            shape = (side, side) if side > 2 and side * side == widths[0] else (widths[0],)
            spec = build(widths, input_shape=shape, output_activation="identity")
        if flat is None:
            flat = random.normal(0, 1, spec.parameter_count).astype(np.float32)
        inputs = np.random.default_rng(seed + 1).random(spec.inputs).astype(np.float32)
        readings = _readings(spec, flat, inputs, loss) if reads else None
        settings = Settings(loss=loss)
        return Snapshot(1, 1, 0.0, False, spec, settings, flat, readings=readings, **fields)

    return make


@pytest.fixture
def make_diagram(qtbot: QtBot) -> MakeDiagram:
    """Return a function that shows a snapshot in a window, everything rasterised."""

    def make(snapshot: Snapshot, size: tuple[int, int] = (920, 690), look: Look | None = None) -> NetworkDiagram:
        diagram = NetworkDiagram(look or Look())
        qtbot.addWidget(diagram)
        diagram.resize(*size)
        with qtbot.waitActive(diagram):
            diagram.show()
        diagram.render_snapshot(snapshot)
        diagram.settle()
        return diagram

    return make


class Places:
    """Where things are on a diagram, for the mouse."""

    def __init__(self, diagram: NetworkDiagram) -> None:
        self._diagram = diagram

    def unit(self, place: int, row: int) -> QPoint:
        """Return the middle of a neuron (of an input at place -1)."""
        layout = self._diagram._state.layout
        assert layout is not None
        cell = layout.column(place).cell(row)
        assert cell is not None
        return self._diagram._state.view.rect(cell).center().toPoint()

    def edge(self, layer: int, row: int, column: int, along: float = 0.5) -> QPointF:
        """Return a point on the curve of an edge."""
        edges = self._diagram._edges.edges
        number = np.flatnonzero((edges.layers == layer) & (edges.rows == row) & (edges.columns == column))[0]
        x0, y0, x1, y1 = self._diagram._state.view.points(edges.ends[number]).tolist()
        t = np.linspace(0, 1, 4001)  # the Bézier curve itself, not the table that the program uses
        x = x0 + (x1 - x0) * (1.5 * t * (1 - t) ** 2 + 1.5 * t**2 * (1 - t) + t**3)
        y = y0 + (y1 - y0) * (3 * t**2 * (1 - t) + t**3)
        at = int(np.argmin(np.abs(x - (x0 + (x1 - x0) * along))))
        return QPointF(float(x[at]), float(y[at]))

    def ground(self) -> QPoint:
        """Return a point of the stage with nothing under it."""
        layout = self._diagram._state.layout
        assert layout is not None
        return QPoint(round(layout.column(INPUT).body.center().x()), round(layout.stage.top()) + 6)


@pytest.fixture
def places() -> type[Places]:
    """Return what finds places on a diagram."""
    return Places
