"""Where the strips of the probe stand: x on top, then h and x' of each model."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from playground.views.superposition.feature_cells import Cells, columns_for

_LEAST = 0.3  # em: the least width of a cell
_ROW, _LOW_ROW = 1.35, 0.75  # em: the height of a strip of one row, and of each row of several
_GAP, _KIND_GAP, _NAME = 0.35, 0.7, 1.15  # em: between strips, above a model, and the height of its name
LABEL = 1.5  # em: the room for the names of the strips


@dataclass(frozen=True)
class ProbeLayout:
    """The strips: ``inputs``, and of each model its name, ``hidden`` and ``outputs``."""

    inputs: Cells
    names: tuple[QRectF, ...]
    hidden: tuple[Cells, ...]
    outputs: tuple[Cells, ...]
    height: float

    def input_at(self, point: QPointF) -> int | None:
        """Return the feature of the input at ``point``."""
        return self.inputs.at(point)

    def output_at(self, point: QPointF) -> tuple[int, int] | None:
        """Return model and feature of the output at ``point``."""
        for kind, cells in enumerate(self.outputs):
            place = cells.at(point)
            if place is not None:
                return kind, place
        return None


def laid_out(features: int, hidden: int, models: int, width: float, em: float) -> ProbeLayout:
    """Return the layout in a column ``width`` wide."""
    left = LABEL * em
    room = max(width - left - 1, 4 * em)
    top = 1.0

    def strip(count: int) -> Cells:
        nonlocal top
        columns = columns_for(count, room, _LEAST * em)
        rows = -(-count // columns)
        height = _ROW * em if rows == 1 else rows * _LOW_ROW * em
        cells = Cells(QRectF(left, top, room, height), count, columns)
        top += height + _GAP * em
        return cells

    inputs = strip(features)
    names, inner, outputs = [], [], []
    for _ in range(models):
        top += _KIND_GAP * em
        names.append(QRectF(left, top, room, _NAME * em))
        top += _NAME * em
        inner.append(strip(hidden))
        outputs.append(strip(features))
    return ProbeLayout(inputs, tuple(names), tuple(inner), tuple(outputs), top)
