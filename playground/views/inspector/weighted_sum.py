"""The weighted sum as a picture: the product map, the numbers, and the activation curve with the point on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.engine.snapshots import Snapshot
from playground.engine.spec import NetworkSpec
from playground.views.grid.arrangement import NO_NAMES, arrangement_of, source_name
from playground.views.grid.canvas_painter import rgba_image
from playground.views.grid.frame import GridFrame, fitted
from playground.views.grid.numerals import column_decimals, signed_text, weight_scale
from playground.views.inspector.activation_plot import ActivationPlot
from playground.views.inspector.neuron_sum import NeuronSum, neuron_sum
from playground.views.look import Look

_PICTURE = 5.6  # em: the side of product map and curve


class WeightedSum(QWidget):
    """w·x as a grid, Σ w·x, bias, pre and act as numbers below each other, the curve beside them."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._sum: NeuronSum | None = None
        self._spec: NetworkSpec | None = None
        self.names = NO_NAMES
        self._index = self._row = -1
        self._scale = 0.0
        self._texts: dict[str, str] = {}
        self._plot = ActivationPlot(look)
        self._frame: GridFrame | None = None
        self._framed: tuple[tuple[object, ...], GridFrame] | None = None  # the place of the products, and what for
        self.setObjectName("weighted_sum")
        self.setAccessibleName("weighted sum")
        self.setToolTip("pre = Σ w·x + bias, act = f(pre): all for the current input")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self._render_look)

    # ---- what others call ----

    def render_unit(self, snapshot: Snapshot, index: int, row: int) -> None:
        """Show the sum of neuron ``row`` of layer ``index``."""
        if (index, row) != (self._index, self._row):
            self._scale = 0.0
        self._spec, self._index, self._row = snapshot.spec, index, row
        self._sum = neuron_sum(snapshot, index, row)
        if self._sum is not None:
            self._scale = weight_scale(self._sum.products, self._scale)
        self._texts = {} if self._sum is None else _texts(self._sum)
        self.setAccessibleDescription(", ".join(f"{name} {text}" for name, text in self._texts.items()))
        self.update()

    def values(self) -> NeuronSum | None:
        """Return what is shown, None where there is no current input."""
        return self._sum

    def texts(self) -> dict[str, str]:
        """Return the numbers as they stand on the screen."""
        return self._texts

    def missing(self) -> str:
        """Return what there has to be before a sum can be shown; an empty text where it is."""
        if self._spec is None:
            return "The network is being made: the sum appears with its first weights."
        return "" if self._sum is not None else "No input yet: choose an example or draw one, and the sum appears here."

    # ---- size ----

    def _numbers_width(self) -> float:
        metrics = QFontMetricsF(self._look.font(9.5, mono=True))
        return metrics.horizontalAdvance("Σ w·x +0000.00")

    def _is_stacked(self, width: float) -> bool:
        em = self._look.em()
        return width < self._numbers_width() + 2 * 4.4 * em + 1.4 * em

    def _side(self, width: float) -> float:
        em = self._look.em()
        room = width - em if self._is_stacked(width) else width - self._numbers_width() - 1.4 * em
        return min(_PICTURE * em, room / 2)

    def heightForWidth(self, width: int) -> int:
        """Return the height: pictures with their captions, and the numbers below where they do not fit beside."""
        em = self._look.em()
        height = self._side(width) + 1.2 * em
        return round(height + (4 * 1.25 * em + 0.3 * em if self._is_stacked(width) else 0))

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def sizeHint(self) -> QSize:
        """Return the size with everything in one line."""
        width = round(self._numbers_width() + (2 * _PICTURE + 1.4) * self._look.em())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        width = round(self._numbers_width())
        return QSize(width, round(3 * self._look.em()))

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    # ---- painting ----

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw map, numbers and curve."""
        painter = QPainter(self)
        values, em, width = self._sum, self._look.em(), float(self.width())
        if values is None or self._spec is None:
            self._frame = None
            painter.setFont(self._look.font(9.0))
            painter.setPen(self._look.palette.colour("muted"))
            flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
            painter.drawText(QRectF(self.rect()), flags, self.missing())
            painter.end()
            return
        side = self._side(width)
        self._draw_products(painter, QRectF(0, 0, side, side), values)
        curve = QRectF(width - side, 0, side, side)
        self._plot.draw(painter, curve, values)
        self._draw_caption(painter, QRectF(0, side, side, 1.2 * em), "w · x")
        self._draw_caption(painter, QRectF(width - side, side, side, 1.2 * em), values.activation_name)
        if self._is_stacked(width):
            self._draw_numbers(painter, QRectF(0, side + 1.3 * em, width, 5 * em))
        else:
            left = side + 0.7 * em
            self._draw_numbers(painter, QRectF(left, 0, width - side - 0.7 * em - left, side))
        painter.end()

    def _draw_products(self, painter: QPainter, room: QRectF, values: NeuronSum) -> None:
        palette = self._look.palette
        arrangement = arrangement_of(self._spec, self._index) if self._spec is not None else None
        if arrangement is None:
            return
        key = (arrangement, room.getRect(), self.devicePixelRatioF())
        if self._framed is None or self._framed[0] != key:
            frame = fitted(arrangement, QSizeF(room.size()), self.devicePixelRatioF(), tallest=room.height())
            middle = round((room.height() * frame.ratio - frame.height) / 2)
            self._framed = (key, replace(frame, top=middle))
        self._frame = self._framed[1]
        products = values.products
        full = arrangement.rows * arrangement.columns
        rgba = palette.signed_rgba(products, self._scale)
        if full > arrangement.count:
            rgba = np.concatenate([rgba, np.zeros((full - arrangement.count, 4), np.uint8)])
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(self._frame.bounds, rgba_image(rgba.reshape(arrangement.rows, arrangement.columns, 4)))
        painter.setPen(QPen(palette.colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self._frame.bounds.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _draw_caption(self, painter: QPainter, room: QRectF, text: str) -> None:
        painter.setFont(self._look.font(8.0))
        painter.setPen(self._look.palette.colour("muted"))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), text)

    def _draw_numbers(self, painter: QPainter, room: QRectF) -> None:
        palette = self._look.palette
        font = self._look.font(9.5, mono=True)
        painter.setFont(font)
        line = min(1.35 * self._look.em(), room.height() / 4)
        top = (
            room.top() + max(0.0, (room.height() - 4 * line) / 2) if not self._is_stacked(self.width()) else room.top()
        )
        texts = self.texts()
        behind = max(_decimals(text) for text in texts.values())
        for place, (name, number) in enumerate(texts.items()):
            text = number + " " * (behind - _decimals(number))  # the points stand below each other
            row = QRectF(room.left(), top + place * line, room.width(), line)
            painter.setPen(palette.colour("activation" if name == "act" else "muted"))
            painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)
            painter.setPen(palette.colour("activation" if name == "act" else "text"))
            painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), text)
            if name == "pre":
                painter.setPen(QPen(palette.colour("line"), 1))
                painter.drawLine(QPointF(row.left(), row.top()), QPointF(row.right(), row.top()))

    # ---- hover ----

    def event(self, event: QEvent) -> bool:
        """Name input, weight and product of the cell under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self._told_at(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
                return True
        return super().event(event)

    def _told_at(self, point: QPointF) -> str:
        index = None if self._frame is None or not self._frame.bounds.contains(point) else self._frame.index_at(point)
        if index is None or self._sum is None or self._spec is None:
            return ""
        name = source_name(self._spec, self._index, index, self.names)
        weight, given = signed_text(self._sum.weights[index]), signed_text(self._sum.inputs[index], plus=False)
        return f"{name}: w {weight} · x {given} = {signed_text(self._sum.products[index])}"


def _texts(values: NeuronSum) -> dict[str, str]:
    decimals = column_decimals((values.total, values.bias, values.pre))
    texts = {"Σ w·x": values.total, "bias": values.bias, "pre": values.pre}
    found = {name: signed_text(value, decimals) for name, value in texts.items()}
    act = values.act
    found["act"] = signed_text(act, decimals if abs(act) >= 10 else 3, plus=act < 0 or act > 1)
    return found


def _decimals(text: str) -> int:
    """Return how many characters stand behind the point."""
    return len(text.partition(".")[2])
