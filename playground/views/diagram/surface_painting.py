"""Neurons as pictures of what they answer over the plane, all of a column in one atlas."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from playground.views.diagram.colours import mixed
from playground.views.diagram.curve import FloatArray
from playground.views.diagram.faces import paint_bars, paint_frozen_faces, visible_rows
from playground.views.diagram.layout import Column
from playground.views.diagram.picture import INPUT, Picture
from playground.views.diagram.response_colours import Pixels, as_image, face_pixels
from playground.views.diagram.responses import PlaneInputs, responses
from playground.views.diagram.state import DiagramState
from playground.views.diagram.viewport import View
from playground.views.palette import Palette

_FINEST = 240  # pixels of a curve's picture: no more are drawn, however large it is


@dataclass(frozen=True, eq=False)
class _Atlas:
    """The pictures of the neurons ``rows`` of a place, and what they were made of."""

    image: QImage
    pixels: Pixels  # which the image reads
    values: FloatArray
    plane: PlaneInputs
    palette: Palette
    rows: range
    side: int  # pixels of a face on the screen

    def is_of(self, values: FloatArray, plane: PlaneInputs, palette: Palette, rows: range, side: int) -> bool:
        """Return whether it would be the same again."""
        is_same = self.values is values and self.plane is plane and self.palette is palette
        return is_same and self.rows == rows and self.side == side


@dataclass(frozen=True, eq=False)
class _Placed:
    """Where the faces of a column stand on the screen, to whole pixels of the device."""

    column: Column
    view: View
    ratio: float
    rows: range  # spots in sight
    boxes: list[QRectF]
    side: int  # in pixels of the device


class SurfacePainter:
    """Paints columns of such pictures; makes them anew where what was measured, the plan or the look is another."""

    def __init__(self, state: DiagramState) -> None:
        self._state = state
        self._atlases: dict[int, _Atlas] = {}
        self._placed: dict[int, _Placed] = {}

    def paint(self, painter: QPainter, picture: Picture, plane: PlaneInputs, column: Column) -> None:
        """Paint the neurons of a column in sight, with their bars and marks."""
        state, palette = self._state, self._state.look.palette
        placed = self._places(column, painter.device().devicePixelRatioF())
        if not placed.boxes:
            return
        atlas = self._atlas(picture, plane, placed)
        if atlas is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.colour("zero"))
            painter.drawRects(placed.boxes)
        else:
            _, high, wide = atlas.pixels.shape
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=high != placed.side)
            for spot, box in enumerate(placed.boxes):
                painter.drawImage(box, atlas.image, QRectF(0, spot * high, wide, high))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QPen(mixed(palette.colour("line"), palette.colour("faint"), 0.25), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRects(placed.boxes)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_bars(painter, state, picture, column, placed.rows, placed.boxes)
        paint_frozen_faces(painter, state, picture, column, placed.rows, placed.boxes)
        if column.place == INPUT:
            self._paint_names(painter, plane, placed)

    def _places(self, column: Column, ratio: float) -> _Placed:
        """Return where the faces stand, the last places where nothing has moved."""
        view, kept = self._state.view, self._placed.get(column.place)
        if kept is not None and kept.column is column and kept.view == view and kept.ratio == ratio:
            return kept
        rows, half = visible_rows(self._state, column), column.size / 2
        side = max(round(column.size * view.zoom * ratio), 1)
        boxes = []
        for x, y in column.centres[rows.start : rows.stop].tolist():
            corner = view.point(x - half, y - half)
            boxes.append(
                QRectF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio, side / ratio, side / ratio)
            )
        placed = _Placed(column, view, ratio, rows, boxes, side)
        self._placed[column.place] = placed
        return placed

    def _atlas(self, picture: Picture, plane: PlaneInputs, placed: _Placed) -> _Atlas | None:
        column, palette = placed.column, self._state.look.palette
        measured, kept = _measured(picture, plane, column.place), self._atlases.get(column.place)
        if measured is None:
            return None
        rows = range(placed.rows.start + column.first, placed.rows.stop + column.first)
        if kept is not None and kept.is_of(measured, plane, palette, rows, placed.side):
            return kept
        found = responses(picture, plane, column.place)
        if found is None:
            return None
        pixels = face_pixels(found, rows, min(placed.side, _FINEST), palette)
        atlas = _Atlas(as_image(pixels), pixels, measured, plane, palette, rows, placed.side)
        self._atlases[column.place] = atlas
        return atlas

    def _paint_names(self, painter: QPainter, plane: PlaneInputs, placed: _Placed) -> None:
        """Paint the names of the inputs at the left of their faces, as far as there is room."""
        look, column = self._state.look, placed.column
        painter.setFont(look.font(10.0))
        painter.setPen(look.palette.colour("muted"))
        metrics = QFontMetricsF(painter.font())
        reach = column.bar * placed.view.zoom + 0.4 * look.em()
        for spot, box in zip(placed.rows, placed.boxes, strict=True):
            room = QRectF(0, box.center().y() - look.em(), max(box.left() - reach, 0.0), 2 * look.em())
            name = metrics.elidedText(plane.names[spot + column.first], Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)


def _measured(picture: Picture, plane: PlaneInputs, place: int) -> FloatArray | None:
    """Return the array that a place's pictures are made of: another one whenever it was measured anew."""
    if place == INPUT:
        return plane.inputs
    surfaces = picture.snapshot.surfaces
    return None if surfaces is None else surfaces.act[place]
