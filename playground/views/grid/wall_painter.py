"""Draws the tiles of a gallery: all faces out of one picture, activation bars, numbers and marks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from playground.engine.snapshots import Snapshot
from playground.views.grid.arrangement import Arrangement
from playground.views.grid.canvas_painter import rgba_image
from playground.views.grid.numerals import row_scales
from playground.views.grid.tiles import Tiles
from playground.views.look import Look


@dataclass(frozen=True, eq=False)
class WallState:
    """What is drawn: tile t shows neuron ``rows[t]`` of layer ``index``; only the tiles ``seen`` are computed."""

    snapshot: Snapshot
    index: int
    arrangement: Arrangement
    tiles: Tiles
    rows: NDArray[np.int64]
    seen: range

    @property
    def seen_rows(self) -> NDArray[np.int64]:
        """Return the neurons in sight."""
        return self.rows[self.seen.start : self.seen.stop]


def draw_mark(painter: QPainter, room: QRectF, *, is_cross: bool) -> None:
    """Draw the sign of frozen (a hatch) or cut weights (a cross), as on the canvas, in the painter's pen."""
    middle = room.center()
    painter.drawRect(room)
    painter.drawLine(room.bottomLeft(), room.topRight())
    if is_cross:
        painter.drawLine(room.topLeft(), room.bottomRight())
    else:
        painter.drawLine(QPointF(room.left(), middle.y()), QPointF(middle.x(), room.top()))
        painter.drawLine(QPointF(middle.x(), room.bottom()), QPointF(room.right(), middle.y()))


class WallPainter:
    """Draws a `WallState`."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def draw(self, painter: QPainter, state: WallState, scale: float) -> None:
        """Draw the tiles in sight; ``scale`` is the magnitude of full colour, 0: every neuron has its own."""
        self._draw_faces(painter, state, scale)
        self._draw_bars(painter, state)
        self._draw_captions(painter, state)

    def draw_selection(self, painter: QPainter, face: QRectF, *, has_focus: bool) -> None:
        """Frame the chosen neuron."""
        width = max(2.0, 0.14 * self._look.em())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._look.palette.colour("accent" if has_focus else "text"), width))
        edge = width / 2 + 1
        painter.drawRect(face.adjusted(-edge, -edge, edge, edge))

    def _draw_faces(self, painter: QPainter, state: WallState, scale: float) -> None:
        rows, columns = state.arrangement.shape
        weights = state.snapshot.weight(state.index)[state.seen_rows]
        atlas = rgba_image(self._coloured(weights, state.arrangement, scale).reshape(-1, columns, 4))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        faces = [state.tiles.face(tile) for tile in state.seen]
        for place, face in enumerate(faces):
            painter.drawImage(face, atlas, QRectF(0, place * rows, columns, rows))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._look.palette.colour("line"), 1))
        painter.drawRects([face.adjusted(-0.5, -0.5, 0.5, 0.5) for face in faces])

    def _coloured(self, weights: NDArray[np.float32], arrangement: Arrangement, scale: float) -> NDArray[np.uint8]:
        if not scale:
            weights, scale = np.divide(weights, row_scales(weights)[:, None], dtype=np.float32), 1.0
        rgba = self._look.palette.signed_rgba(weights, scale)
        void = arrangement.rows * arrangement.columns - arrangement.count
        if void:
            rgba = np.concatenate([rgba, np.zeros((len(weights), void, 4), np.uint8)], axis=1)
        return rgba

    def _draw_bars(self, painter: QPainter, state: WallState) -> None:
        """Draw each neuron's activation as a bar left of its face."""
        readings = state.snapshot.readings
        if readings is None or state.index >= len(readings.act):
            return
        palette, act = self._look.palette, np.abs(np.asarray(readings.act[state.index], np.float64))
        largest = max(1.0, float(np.nanmax(act, initial=1.0)))
        width = state.tiles.bar / state.tiles.ratio
        grooves, lit = [], []
        for tile, row in zip(state.seen, state.seen_rows, strict=True):
            face = state.tiles.face(tile)
            groove = QRectF(face.left() - width, face.top(), width * 0.56, face.height())
            grooves.append(groove)
            if row < act.size and np.isfinite(act[row]):
                lit.append(groove.adjusted(0, groove.height() * (1.0 - act[row] / largest), 0, 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.colour("raised"))
        painter.drawRects(grooves)
        painter.setBrush(palette.colour("activation"))
        painter.drawRects(lit)

    def _draw_captions(self, painter: QPainter, state: WallState) -> None:
        painter.setFont(self._look.font(8.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._look.palette.colour("muted"))
        marks = [_touched(state, "movable"), _touched(state, "present")]
        height = state.tiles.caption / state.tiles.ratio
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        for place, (tile, row) in enumerate(zip(state.seen, state.seen_rows, strict=True)):
            face = state.tiles.face(tile)
            below = QRectF(face.left(), face.bottom(), face.width(), height)
            painter.drawText(below, flags, str(row + 1))
            right, side = below.right(), 0.62 * height
            for mark, is_cross in zip(marks, (False, True), strict=True):
                if mark is not None and mark[place]:
                    room = QRectF(right - side, below.center().y() - side / 2, side, side)
                    draw_mark(painter, room, is_cross=is_cross)
                    right -= 1.3 * side


def _touched(state: WallState, name: str) -> NDArray[np.bool_] | None:
    """Return which neurons in sight have frozen or cut weights."""
    mask = state.snapshot.mask(name, state.index)
    return None if mask is None else np.logical_not(np.all(mask[state.seen_rows], axis=1))
