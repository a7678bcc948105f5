"""What lies under a point of the widget: buttons first, then neurons, matrix cells, edges, pixels."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from playground.views.diagram import curve
from playground.views.diagram.beyond import sign_target
from playground.views.diagram.edge_layer import EdgeLayer
from playground.views.diagram.edges import EdgeSet
from playground.views.diagram.footer import footer_target
from playground.views.diagram.headers import head_target
from playground.views.diagram.layout import Column, Layout
from playground.views.diagram.picture import INPUT, image_shape
from playground.views.diagram.state import NOTHING, DiagramState, Target

EDGE_REACH = 8.0  # pixels beside an edge that still count as the edge
_UNIT_REACH = 4.0  # and around a lamp


def target_at(state: DiagramState, edges: EdgeLayer, point: QPointF) -> Target:
    """Return what lies under a point of the widget."""
    layout = state.layout
    if layout is None or state.picture is None:
        return NOTHING
    if (sign := sign_target(state, point)) is not None:
        return sign
    if point.y() < layout.stage.top():
        return head_target(state, point) or NOTHING
    on_footer = footer_target(state, point)
    if on_footer is not None:
        return on_footer
    if not layout.stage.contains(point):
        return NOTHING
    return _on_stage(state, layout, edges, point)


def _on_stage(state: DiagramState, layout: Layout, edges: EdgeLayer, point: QPointF) -> Target:
    for column in layout.columns:
        row = unit_at(state, column, point)
        if row is not None:
            return Target("unit", column.place, row)
    plan_point = state.view.plan(point)
    for plan in state.matrices():
        cell = plan.cell_at(plan_point)
        if cell is not None:
            kind, row, column_number = cell
            return Target("cell" if kind == "cell" else "x" if kind == "x" else "b", plan.layer, row, column_number)
    for drawn in (edges.edges, edges.cut, edges.pixels):
        number = edge_at(state, drawn, point)
        if number is not None:
            return Target("edge", int(drawn.layers[number]), int(drawn.rows[number]), int(drawn.columns[number]))
    return _pixel_at(state, layout.column(INPUT), plan_point)


def unit_at(state: DiagramState, column: Column, point: QPointF) -> int | None:
    """Return the row of the neuron of a column under a point, None where there is none."""
    if not column.shown:
        return None
    at = state.view.plan(point)
    reach = min(_UNIT_REACH / state.view.zoom, 0.5 * max(column.pitch - column.size, 1.0))
    dx = at.x() - column.centres[:, 0]
    dy = at.y() - column.centres[:, 1]
    half = column.size / 2 + reach
    left = half + column.bar
    near = np.flatnonzero((dx >= -left) & (dx <= half) & (np.abs(dy) <= half))
    if not len(near):
        return None
    return int(near[np.argmin(dx[near] ** 2 + dy[near] ** 2)]) + column.first


def edge_at(state: DiagramState, edges: EdgeSet, point: QPointF) -> int | None:
    """Return the number of the nearest edge within reach of a point, None where there is none."""
    if not len(edges):
        return None
    away = curve.distances(state.view.points(edges.ends), point.x(), point.y())
    nearest = int(np.argmin(away))
    return nearest if away[nearest] <= EDGE_REACH else None


def units_in(state: DiagramState, band: QRectF) -> list[tuple[int, int]]:
    """Return place and row of all neurons in sight whose middle lies within a rectangle of the widget."""
    if state.layout is None:
        return []
    low, high = state.view.plan(band.topLeft()), state.view.plan(band.bottomRight())
    found: list[tuple[int, int]] = []
    for column in state.layout.columns:
        if column.place == INPUT:
            continue
        x, y = column.centres[:, 0], column.centres[:, 1]
        within = np.flatnonzero((x >= low.x()) & (x <= high.x()) & (y >= low.y()) & (y <= high.y()))
        found.extend((column.place, spot + column.first) for spot in within.tolist())
    return found


def _pixel_at(state: DiagramState, column: Column, point: QPointF) -> Target:
    shape = None if state.picture is None else image_shape(state.picture.spec)
    if column.kind != "image" or shape is None or not column.body.contains(point):
        return NOTHING
    height, width = shape
    row = min(int((point.y() - column.body.top()) / column.body.height() * height), height - 1)
    across = min(int((point.x() - column.body.left()) / column.body.width() * width), width - 1)
    return Target("pixel", INPUT, -1, row * width + across)
