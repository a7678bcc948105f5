"""Weights written beside the edges where a network is small enough to read them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from playground.views.diagram import curve, wording
from playground.views.diagram.edges import EdgeSet
from playground.views.diagram.layout import Layout
from playground.views.diagram.picture import Picture
from playground.views.diagram.state import DiagramState

_MOST = 16  # so many edges into a layer at most get a number
_PLACES = (0.24, 0.4)  # how far along an edge its number stands, from the side with more neurons


def paint_edge_numbers(painter: QPainter, state: DiagramState, picture: Picture, edges: EdgeSet) -> None:
    """Paint the weight of each edge into layers with few of them; one side must have one or two neurons."""
    layout = state.layout
    if layout is None:
        return
    for layer, _ in edges.by_layer:
        if _is_readable(state, layout, picture, layer):
            _paint_layer(painter, state, picture, edges, layer)


def _is_readable(state: DiagramState, layout: Layout, picture: Picture, layer: int) -> bool:
    rows, columns = picture.weights[layer].shape
    if rows * columns > _MOST or min(rows, columns) > len(_PLACES):
        return False
    many = layout.column(layer if rows > columns else layer - 1)
    em = layout.em
    return many.pitch * state.view.zoom > 2.2 * em and layout.gaps[layer].width() * state.view.zoom > 9 * em


def _paint_layer(painter: QPainter, state: DiagramState, picture: Picture, edges: EdgeSet, layer: int) -> None:
    look = state.look
    palette, em = look.palette, look.em()
    rows, columns = picture.weights[layer].shape
    painter.setFont(look.font(8.5, mono=True))
    metrics = QFontMetricsF(painter.font())
    ground = palette.colour("window")
    ground.setAlphaF(0.93)
    for edge in np.flatnonzero(edges.layers == layer).tolist():
        row, column = int(edges.rows[edge]), int(edges.columns[edge])
        weight = float(picture.weights[layer][row, column])
        along = _PLACES[column % 2] if rows > columns else _PLACES[row % 2]
        along = 1.0 - along if rows > columns else along
        x0, y0, x1, y1 = state.view.points(edges.ends[edge]).tolist()
        height, _ = curve.height_and_slope(np.array([along]))
        middle = QPointF(x0 + (x1 - x0) * along, y0 + (y1 - y0) * float(height[0]))
        words = wording.signed(weight, 2)
        width = metrics.horizontalAdvance(words) + 0.5 * em
        box = QRectF(middle.x() - width / 2, middle.y() - 0.55 * em, width, 1.1 * em)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 0.3 * em, 0.3 * em)
        painter.setPen(palette.colour("positive" if weight > 0 else "negative" if weight < 0 else "muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
