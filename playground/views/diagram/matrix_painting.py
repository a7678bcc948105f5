"""Paints layers that are shown as matrix."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from playground.views.diagram import wording
from playground.views.diagram.colours import ink_on, lamp_colour, of_rgb, rgb
from playground.views.diagram.faces import rgba_image
from playground.views.diagram.matrix import MatrixPlan, matrix_values
from playground.views.diagram.picture import Picture
from playground.views.diagram.state import DiagramState

_NAME = 8.5


class MatrixPainter:
    """Paints W as a heat map with x above and b beside it; the heat map is made once per snapshot."""

    def __init__(self, state: DiagramState) -> None:
        self._state = state
        self._images: dict[int, tuple[tuple[object, ...], QImage]] = {}

    def paint(self, painter: QPainter) -> None:
        """Paint all layers that are shown as matrix."""
        if self._state.picture is None:
            return
        for plan in self._state.matrices():
            self._paint_matrix(painter, self._state.picture, plan)
            self._paint_strips(painter, self._state.picture, plan)
            self._paint_marks(painter, plan)

    def _image(self, picture: Picture, index: int, width: int, height: int) -> QImage:
        palette = self._state.look.palette
        made_for = (picture.snapshot, palette, width, height)
        kept = self._images.get(index)
        if kept is None or any(
            mine is not yours and mine != yours for mine, yours in zip(kept[0], made_for, strict=True)
        ):
            values = matrix_values(picture, index, width, height)
            kept = self._images[index] = (made_for, rgba_image(palette.signed_rgba(values, picture.scales[index])))
        return kept[1]

    def _paint_matrix(self, painter: QPainter, picture: Picture, plan: MatrixPlan) -> None:
        state = self._state
        palette, box = state.look.palette, state.view.rect(plan.weight)
        step_x, step_y = box.width() / plan.columns, box.height() / plan.rows
        image = self._image(picture, plan.layer, max(round(box.width()), 1), max(round(box.height()), 1))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(box, image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QPen(palette.colour("window"), 1.0))
        if min(step_x, step_y) > 5:
            for column in range(1, plan.columns):
                painter.drawLine(
                    round(box.left() + column * step_x),
                    round(box.top()),
                    round(box.left() + column * step_x),
                    round(box.bottom()),
                )
            for row in range(1, plan.rows):
                painter.drawLine(
                    round(box.left()),
                    round(box.top() + row * step_y),
                    round(box.right()),
                    round(box.top() + row * step_y),
                )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.colour("line"), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        if step_x > 2.3 * state.look.em() and step_y > 1.1 * state.look.em():
            self._paint_numbers(painter, picture, plan)

    def _paint_numbers(self, painter: QPainter, picture: Picture, plan: MatrixPlan) -> None:
        state = self._state
        palette = state.look.palette
        weight = picture.weights[plan.layer]
        colours = palette.signed_rgba(weight, picture.scales[plan.layer])
        painter.setFont(state.look.font(8.5, mono=True))
        for row in range(plan.rows):
            for column in range(plan.columns):
                ground = of_rgb(colours[row, column])
                painter.setPen(ink_on(ground, palette))
                box = state.view.rect(plan.weight_cell(row, column))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, wording.signed(float(weight[row, column]), 2))

    def _paint_strips(self, painter: QPainter, picture: Picture, plan: MatrixPlan) -> None:
        state = self._state
        palette, view = state.look.palette, state.view
        light = picture.lamps(plan.layer - 1)
        box = view.rect(plan.inputs)
        if light is None:
            painter.fillRect(box, palette.colour("raised"))
        else:
            table = np.array([rgb(lamp_colour(palette, value / 64)) for value in range(-64, 65)]).astype(np.uint8)
            levels = np.rint(np.clip(light, -1, 1) * 64).astype(np.int16) + 64
            self._paint_strip(painter, box, rgba_image(table[levels][None]))
        bias = np.asarray(picture.snapshot.bias(plan.layer))
        scale = max(float(np.abs(np.nan_to_num(bias)).max()), 1e-12)
        bias_box = view.rect(plan.bias)
        self._paint_strip(painter, bias_box, rgba_image(palette.signed_rgba(bias[:, None], scale)))
        self._paint_names(painter, box, bias_box)

    def _paint_strip(self, painter: QPainter, box: QRectF, image: QImage) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=box.width() < image.width())
        painter.drawImage(box, image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(self._state.look.palette.colour("line"), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)

    def _paint_names(self, painter: QPainter, inputs: QRectF, bias: QRectF) -> None:
        look = self._state.look
        em = look.em()
        painter.setFont(look.font(_NAME, mono=True))
        painter.setPen(look.palette.colour("muted"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            QRectF(inputs.left() - 2.2 * em, inputs.top() - em, 2 * em, inputs.height() + 2 * em), right, "x"
        )
        painter.drawText(
            QRectF(bias.left(), bias.top() - 1.3 * em, bias.width(), 1.3 * em), Qt.AlignmentFlag.AlignCenter, "b"
        )

    def _paint_marks(self, painter: QPainter, plan: MatrixPlan) -> None:
        """Frame the cell under the mouse, its row and column, and the cells of selected edges."""
        state = self._state
        palette = state.look.palette
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for key in state.edges:
            spot = None if state.places is None else state.places.edge(key)
            if spot is not None and spot[0] == plan.layer:
                painter.setPen(QPen(palette.colour("text"), 2.0))
                painter.drawRect(state.view.rect(plan.weight_cell(spot[1], spot[2])))
        hover = state.hover
        if hover.place != plan.layer or hover.kind not in ("cell", "x", "b", "unit"):
            return
        painter.setPen(QPen(palette.colour("accent"), 1.5))
        if hover.row >= 0:
            row = plan.weight_cell(hover.row, 0).united(plan.weight_cell(hover.row, plan.columns - 1))
            painter.drawRect(state.view.rect(row))
            painter.drawRect(state.view.rect(plan.bias_cell(hover.row)))
        if hover.column >= 0:
            column = plan.weight_cell(0, hover.column).united(plan.weight_cell(plan.rows - 1, hover.column))
            painter.drawRect(state.view.rect(column))
            painter.drawRect(state.view.rect(plan.input_cell(hover.column)))
