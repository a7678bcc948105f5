"""A layer read as matrix: W [out, in] as a heat map in the gap, x above it, b beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from playground.views.diagram.curve import FloatArray
from playground.views.diagram.layout import Layout
from playground.views.diagram.picture import Picture

MOST_CELLS = 1_500_000  # larger matrices are drawn from every k-th row and column


@dataclass(frozen=True, eq=False)
class MatrixPlan:
    """Where the parts of one layer's matrix stand (plan coordinates)."""

    layer: int
    weight: QRectF  # W: a row per neuron, a column per input
    inputs: QRectF  # x, above the columns
    bias: QRectF  # b, right of the rows
    rows: int
    columns: int

    def weight_cell(self, row: int, column: int) -> QRectF:
        """Return the rectangle of W[row, column]."""
        step_x, step_y = self.weight.width() / self.columns, self.weight.height() / self.rows
        return QRectF(self.weight.left() + column * step_x, self.weight.top() + row * step_y, step_x, step_y)

    def bias_cell(self, row: int) -> QRectF:
        """Return the rectangle of b[row]."""
        step = self.bias.height() / self.rows
        return QRectF(self.bias.left(), self.bias.top() + row * step, self.bias.width(), step)

    def input_cell(self, column: int) -> QRectF:
        """Return the rectangle of x[column]."""
        step = self.inputs.width() / self.columns
        return QRectF(self.inputs.left() + column * step, self.inputs.top(), step, self.inputs.height())

    def cell_at(self, point: QPointF) -> tuple[str, int, int] | None:
        """Return which part (``cell``, ``x``, ``b``), row and column lie under a plan point."""
        column = int((point.x() - self.weight.left()) / self.weight.width() * self.columns)
        row = int((point.y() - self.weight.top()) / self.weight.height() * self.rows)
        column, row = min(max(column, 0), self.columns - 1), min(max(row, 0), self.rows - 1)
        if self.weight.contains(point):
            return "cell", row, column
        if self.inputs.contains(point):
            return "x", -1, column
        if self.bias.contains(point):
            return "b", row, -1
        return None


def matrix_plan(layout: Layout, index: int) -> MatrixPlan:
    """Return where the matrix of layer ``index`` stands: its rows beside their neurons where these stand in a row."""
    gap, column, source = layout.gaps[index], layout.column(index), layout.column(index - 1)
    em = layout.em
    strip, space = 0.75 * em, 0.3 * em
    pad = min(0.9 * em, 0.08 * gap.width())
    lies_in_rows = column.across == 1 and not column.is_part
    top, height = (column.body.top(), column.body.height()) if lies_in_rows else (gap.top(), gap.height())
    width = max(gap.width() - 2 * pad - strip - space, 8.0)
    height = max(height, 8.0)
    weight = QRectF(gap.left() + pad, top, width, height)
    return MatrixPlan(
        index,
        weight,
        QRectF(weight.left(), top - space - strip, width, strip),
        QRectF(weight.right() + space, top, strip, height),
        column.total,
        source.total,
    )


def matrix_values(picture: Picture, index: int, width: int, height: int) -> FloatArray:
    """Return W ``[out, in]`` for a picture of ``width`` x ``height`` pixels: cut entries are 0.

    Where several entries fall on a pixel the one of largest magnitude stands for them: a mean would let strong
    weights of both signs vanish. Huge matrices are read at every k-th row and column.
    """
    weight = picture.weights[index]
    step = 1
    while (weight.shape[0] // step) * (weight.shape[1] // step) > MOST_CELLS:
        step += 1
    shown = weight[::step, ::step]
    present = picture.mask("present", index)
    if present is not None:
        shown = np.where(present[::step, ::step], shown, np.float32(0.0))
    return _strongest(_strongest(shown, width).T, height).T


def _strongest(values: FloatArray, most: int) -> FloatArray:
    """Return ``[n, m]`` with its columns gathered to at most ``most``, each the largest magnitude of its bin."""
    columns = values.shape[1]
    if columns <= most:
        return values
    starts = np.unique(np.arange(most) * columns // most)
    high, low = np.maximum.reduceat(values, starts, axis=1), np.minimum.reduceat(values, starts, axis=1)
    return np.where(high >= -low, high, low)
