"""What stands still on the stage between two drawings of the edges, painted once: input, edges, faces, their marks."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from playground.views.diagram import curve
from playground.views.diagram.colours import mixed
from playground.views.diagram.curve import FloatArray
from playground.views.diagram.edge_layer import EdgeLayer
from playground.views.diagram.edge_numbers import paint_edge_numbers
from playground.views.diagram.edges import EdgeSet, edge_ends
from playground.views.diagram.faces import FacePainter, input_image
from playground.views.diagram.lamps import paint_frozen
from playground.views.diagram.layout import Column, Layout
from playground.views.diagram.picture import INPUT, Picture
from playground.views.diagram.state import DiagramState
from playground.views.palette import Palette

_MOST_MARKS = 200  # frozen edges beyond so many are not marked one by one


class Ground:
    """An image of the stage without lamps, bars and names, of the moment whose edges were drawn last.

    Weights move little from step to step and are dear to paint; activations are cheap and painted above it each time.
    """

    def __init__(self, state: DiagramState, edges: EdgeLayer, faces: FacePainter) -> None:
        self._state, self._edges, self._faces = state, edges, faces
        self._input: tuple[FloatArray, Palette, QImage] | None = None
        self._image = QImage()
        self._corner = QPointF()
        self._ratio = 1.0
        self._made_for: tuple[object, ...] = ()

    @property
    def picture(self) -> Picture | None:
        """Return what is shown: what the edges were drawn for, the present moment where they are still to come."""
        drawn, present = self._edges.shown, self._state.picture
        return drawn if drawn is not None and present is not None and drawn.spec == present.spec else present

    @property
    def is_outdated(self) -> bool:
        """Say whether it would look different if it were painted now."""
        wanted = self._wanted()
        return len(wanted) != len(self._made_for) or any(
            mine is not yours and not (isinstance(mine, tuple) and mine == yours)
            for mine, yours in zip(wanted, self._made_for, strict=True)
        )

    def _wanted(self) -> tuple[object, ...]:
        state, picture = self._state, self.picture
        image = None if picture is None else self._input_image(picture, state.look.palette)
        view, hover = state.view, state.hover
        return (
            state.layout,
            state.look.palette,
            picture,
            image,
            (view.zoom, view.dx, view.dy, self._ratio, self._edges.drawings, state.is_per_layer),
            (hover.place, hover.row, hover.column) if hover.kind == "edge" else (),
            tuple(state.edges),
        )

    def paint(self, painter: QPainter, layout: Layout, *, is_whole: bool) -> bool:
        """Paint it; say whether it is up to date: it is made anew only where the whole stage is painted with it."""
        ratio = painter.device().devicePixelRatioF()
        if ratio != self._ratio:
            self._ratio, self._made_for = ratio, ()
        is_outdated = self.is_outdated
        if is_outdated and (is_whole or not self._made_for or self._made_for[0] is not layout):
            self._make(layout)
            is_outdated = False
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)  # pixel for pixel
        painter.drawImage(self._corner, self._image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        return not is_outdated

    def _make(self, layout: Layout) -> None:
        stage, ratio = layout.stage.toAlignedRect(), self._ratio
        left, top = floor(stage.left() * ratio), floor(stage.top() * ratio)
        width = max(ceil((stage.right() + 1) * ratio) - left, 1)
        height = max(ceil((stage.bottom() + 1) * ratio) - top, 1)
        if (self._image.width(), self._image.height()) != (width, height):
            self._image = QImage(width, height, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(ratio)
        self._corner = QPointF(left / ratio, top / ratio)
        self._image.fill(self._state.look.palette.colour("window"))
        self._made_for = self._wanted()
        picture = self.picture
        if picture is None:
            return
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(-self._corner)
        painter.setClipRect(layout.stage)
        self._paint_all(painter, picture, layout)
        painter.end()

    def _paint_all(self, painter: QPainter, picture: Picture, layout: Layout) -> None:
        self._paint_input(painter, picture, layout.column(INPUT))
        self._edges.paint(painter, self._state.view)
        self._paint_special_edges(painter, picture, layout)
        paint_edge_numbers(painter, self._state, picture, self._edges.edges)
        for column in layout.columns:
            if column.kind == "faces":
                self._faces.paint_faces(painter, picture, column)
            if column.is_part and column.kind in ("faces", "lamps"):
                self.paint_scroll(painter, column)

    # ---- input -------------------------------------------------------------------------------------------------

    def _paint_input(self, painter: QPainter, picture: Picture, column: Column) -> None:
        if column.kind != "image":
            return
        palette, box = self._state.look.palette, self._state.view.rect(column.body)
        image = self._input_image(picture, palette)
        if image is None:
            painter.fillRect(box, palette.colour("paper"))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
            painter.drawImage(box, image)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(mixed(palette.colour("line"), palette.colour("faint"), 0.35), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)

    def _input_image(self, picture: Picture, palette: Palette) -> QImage | None:
        """Return the input as a picture, the last one where it is the same input."""
        act = picture.act(INPUT)
        if (
            act is None
            or self._input is None
            or self._input[1] is not palette
            or not (act is self._input[0] or np.array_equal(act, self._input[0]))
        ):
            image = input_image(picture, palette)
            self._input = None if act is None or image is None else (act, palette, image)
            return image
        return self._input[2]

    # ---- columns -----------------------------------------------------------------------------------------------

    def paint_scroll(self, painter: QPainter, column: Column) -> None:
        """Paint how far a column is scrolled that shows a part of its neurons."""
        palette, view = self._state.look.palette, self._state.view
        body = view.rect(column.body)
        em = self._state.look.em()
        track = QRectF(body.left() - 0.7 * em, body.top(), 0.22 * em, body.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.colour("line"))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(palette.colour("faint"))
        length = max(track.height() * column.shown / column.total, em)
        top = track.top() + (track.height() - length) * column.first / max(column.total - column.shown, 1)
        painter.drawRoundedRect(QRectF(track.left(), top, track.width(), length), 2, 2)

    # ---- edges of their own kind ---------------------------------------------------------------------------------

    def _paint_special_edges(self, painter: QPainter, picture: Picture, layout: Layout) -> None:
        """Paint cut edges dashed, frozen ones with a mark, selected and hovered ones bright."""
        state, palette = self._state, self._state.look.palette
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(self._edges.cut):
            cut = QPen(mixed(palette.colour("faint"), palette.colour("muted"), 0.4), 1.1, Qt.PenStyle.DashLine)
            painter.setPen(cut)
            for ends in state.view.points(self._edges.cut.ends).tolist():
                painter.drawPath(curve.path(*ends))
        self._paint_frozen_edges(painter, picture)
        for key in state.edges:
            spot = None if state.places is None else state.places.edge(key)
            if spot is not None:
                self._paint_bright_edge(painter, picture, layout, spot, palette.colour("text"))
        hover = state.hover
        if hover.kind == "edge":
            self._paint_bright_edge(
                painter, picture, layout, (hover.place, hover.row, hover.column), palette.colour("accent")
            )

    def _paint_bright_edge(
        self, painter: QPainter, picture: Picture, layout: Layout, spot: tuple[int, int, int], rim: QColor
    ) -> None:
        ends = edge_ends(picture.spec, layout, *spot)
        if ends is None or spot[0] in self._state.matrix_layers():
            return
        em, palette = self._state.look.em(), self._state.look.palette
        weight = float(picture.weights[spot[0]][spot[1], spot[2]])
        width = (0.1 + 0.14 * min(abs(weight) / max(picture.scales[spot[0]], 1e-12), 1.0)) * em
        drawn = curve.path(*self._state.view.points(np.array(ends, np.float32)).tolist())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(rim, width + 0.16 * em))
        painter.drawPath(drawn)
        painter.setPen(QPen(palette.colour("positive" if weight >= 0 else "negative"), width))
        painter.drawPath(drawn)

    def _paint_frozen_edges(self, painter: QPainter, picture: Picture) -> None:
        if picture.snapshot.movable is None:
            return
        edges = self._edges.edges
        frozen = np.flatnonzero(_frozen_alone(picture, edges))
        if len(frozen) > _MOST_MARKS:
            return
        colour = self._state.look.palette.colour("accent")
        for x0, y0, x1, y1 in self._state.view.points(edges.ends[frozen]).tolist():
            paint_frozen(painter, QPointF((x0 + x1) / 2, (y0 + y1) / 2), 0.24 * self._state.look.em(), colour)


def _frozen_alone(picture: Picture, edges: EdgeSet) -> NDArray[np.bool_]:
    """Return which edges are frozen whose neuron is not frozen as a whole."""
    found = np.zeros(len(edges), np.bool_)
    for layer in np.unique(edges.layers).tolist():
        movable = picture.mask("movable", layer)
        if movable is not None:
            chosen = edges.layers == layer
            is_partly = np.asarray(movable.any(axis=1))
            rows = edges.rows[chosen]
            found[chosen] = ~movable[rows, edges.columns[chosen]] & is_partly[rows]
    return found
