"""First-layer neurons with their weights as faces, and the input as an image: pictures made from arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from playground.views.diagram.colours import mixed, rgb
from playground.views.diagram.lamps import paint_frozen
from playground.views.diagram.layout import Column
from playground.views.diagram.picture import INPUT, Picture, as_images, image_shape, magnitude
from playground.views.diagram.state import DiagramState
from playground.views.diagram.viewport import View
from playground.views.palette import Palette

BAR_WIDTH = 0.62  # of the room beside a face


def rgba_image(rgba: NDArray[np.uint8]) -> QImage:
    """Return ``[height, width, 3 or 4]`` as an image that owns its pixels."""
    height, width = rgba.shape[:2]
    solid = np.full((height, width, 4), 255, np.uint8)
    solid[..., : rgba.shape[2]] = rgba
    return QImage(solid.data, width, height, 4 * width, QImage.Format.Format_RGBX8888).convertToFormat(
        QImage.Format.Format_RGB32
    )


def input_image(picture: Picture, palette: Palette) -> QImage | None:
    """Return the current input as a picture, ink on paper; None where there is none."""
    act = picture.act(INPUT)
    if act is None or image_shape(picture.spec) is None:
        return None
    ink = np.clip(np.nan_to_num(as_images(act[None], picture.spec)[0]), 0.0, 1.0)[..., None]
    paper, drawn = (rgb(palette.colour(name)).astype(np.float32) for name in ("paper", "ink"))
    return rgba_image(np.rint(paper + (drawn - paper) * ink).astype(np.uint8))


def visible_rows(state: DiagramState, column: Column) -> range:
    """Return which of a column's neurons in sight lie on the stage under the present zoom."""
    view, layout = state.view, state.layout
    if layout is None or view.is_fit or not column.shown:
        return range(column.shown)
    y, reach = column.centres[:, 1] * view.zoom + view.dy, column.pitch * view.zoom
    near = np.flatnonzero((y > layout.stage.top() - reach) & (y < layout.stage.bottom() + reach))
    return range(int(near[0]), int(near[-1]) + 1) if len(near) else range(0)


def paint_bars(
    painter: QPainter, state: DiagramState, picture: Picture, column: Column, rows: range, boxes: list[QRectF]
) -> None:
    """Paint the activations for the current input as bars at the left of the faces ``boxes`` of ``rows`` in sight."""
    palette, reach = state.look.palette, column.bar * state.view.zoom
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.colour("raised"))
    painter.drawRects([QRectF(box.x() - reach, box.y(), BAR_WIDTH * reach, box.height()) for box in boxes])
    filled = bars(state, picture, column, rows, boxes)
    for name, found in filled.items():
        if found:
            painter.setBrush(palette.colour(name))
            painter.drawRects(found)


def bars(
    state: DiagramState, picture: Picture, column: Column, rows: range, boxes: list[QRectF]
) -> dict[str, list[QRectF]]:
    """Return the lit parts of the bars by the name of their colour."""
    reach, light = column.bar * state.view.zoom, picture.lamps(column.place)
    filled: dict[str, list[QRectF]] = {"activation": [], "negative": []}
    if light is None:
        return filled
    for box, lit in zip(boxes, light[rows.start + column.first : rows.stop + column.first].tolist(), strict=True):
        height = box.height() * min(abs(lit), 1.0)
        bar = QRectF(box.x() - reach, box.bottom() - height, BAR_WIDTH * reach, height)
        filled["activation" if lit >= 0 else "negative"].append(bar)
    return filled


def paint_frozen_faces(
    painter: QPainter, state: DiagramState, picture: Picture, column: Column, rows: range, boxes: list[QRectF]
) -> None:
    """Mark the faces whose neurons training leaves as they are."""
    if picture.snapshot.movable is None or column.place < 0:
        return
    side = column.size * state.view.zoom
    for spot, box in zip(rows, boxes, strict=True):
        if picture.is_frozen(column.place, spot + column.first):
            corner = box.topRight() + QPointF(-0.16 * side, 0.16 * side)
            paint_frozen(painter, corner, max(0.14 * side, 3.0), state.look.palette.colour("accent"))


_Places = tuple[range, list[QRectF], list[QRectF]]


class FacePainter:
    """Paints first-layer neurons: their weights as a picture, a bar of activation at its left."""

    def __init__(self, state: DiagramState) -> None:
        self._state = state
        self._atlas = QImage()  # all faces in sight, one below the other
        self._made_for: tuple[object, ...] = ()
        self._placed: tuple[Column, View, _Places] | None = None

    def paint_faces(self, painter: QPainter, picture: Picture, column: Column) -> None:
        """Paint the weights of the neurons in sight."""
        state = self._state
        palette = state.look.palette
        width = (image_shape(picture.spec) or (1, 1))[1]
        self._prepare(picture, column)
        side = column.size * state.view.zoom
        rows, boxes, parts = self._in_sight(picture, column)
        is_small = side * painter.device().devicePixelRatioF() < 2.5 * width  # whole pixels would come out unequal
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=is_small)
        for box, part in zip(boxes, parts, strict=True):
            painter.drawImage(box, self._atlas, part)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if side > 14:
            painter.setPen(QPen(mixed(palette.colour("line"), palette.colour("faint"), 0.25), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRects(boxes)
        paint_frozen_faces(painter, state, picture, column, rows, boxes)

    def paint_bars(self, painter: QPainter, picture: Picture, column: Column) -> None:
        """Paint the activations for the current input beside the faces."""
        rows, boxes, _ = self._in_sight(picture, column)
        paint_bars(painter, self._state, picture, column, rows, boxes)

    def _in_sight(self, picture: Picture, column: Column) -> _Places:
        """Return what ``_places`` says of this column and view, found once."""
        view = self._state.view
        if self._placed is None or self._placed[0] is not column or self._placed[1] != view:
            height, width = image_shape(picture.spec) or (1, 1)
            self._placed = (column, view, self._places(column, height, width))
        return self._placed[2]

    def _places(self, column: Column, height: int, width: int) -> _Places:
        """Return the rows in sight, where their faces stand, and where those are in the atlas."""
        rows, half, side = visible_rows(self._state, column), column.size / 2, column.size
        corners = (column.centres[rows.start : rows.stop] - half).tolist()
        boxes = [self._state.view.rect(QRectF(x, y, side, side)) for x, y in corners]
        return rows, boxes, [QRectF(0, spot * height, width, height) for spot in rows]

    def _prepare(self, picture: Picture, column: Column) -> None:
        """Make the atlas where weights, neurons in sight or look are others than last time."""
        palette, is_per_layer = self._state.look.palette, self._state.is_per_layer
        made_for = (picture.snapshot, column, palette, is_per_layer)
        if len(self._made_for) == 4 and all(a is b for a, b in zip(made_for, self._made_for, strict=True)):
            return
        self._made_for = made_for
        images = as_images(picture.weights[0][column.first : column.first + column.shown], picture.spec)
        if is_per_layer:
            scale = picture.scales[0] if len(picture.spec.input_shape) == 2 else magnitude(images)
        else:
            largest = np.abs(np.nan_to_num(images)).max(axis=(1, 2), keepdims=True)
            images, scale = images / np.maximum(largest, 1e-12), 1.0
        count, height, width = images.shape
        self._atlas = rgba_image(palette.signed_rgba(images.reshape(count * height, width), scale))
