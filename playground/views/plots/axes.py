"""Axes with few, round and readable ticks; horizontal grid lines only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen

from playground.views.look import Look
from playground.views.plots.points import decade_ticks, loss_text, round_ticks, step_text


class QuietAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph is untyped
    """An axis without a line; ``kind`` is ``step``, ``loss``, ``log`` (values are logarithms) or ``share``."""

    def __init__(self, look: Look, orientation: str, kind: str) -> None:
        self._look = look  # the base class asks for the room while it is being made
        super().__init__(orientation, maxTickLength=0)
        self.kind = kind
        self._spacing = 1.0
        self.render_look()

    def set_kind(self, kind: str) -> None:
        """Read the values otherwise."""
        self.kind = kind
        self._redraw()

    def render_look(self) -> None:
        """Take over colours and sizes."""
        em, palette = self._look.em(), self._look.palette
        self.setPen(QPen(palette.colour("line"), 1.0))
        self.setTickPen(QPen(palette.colour("line"), 1.0))
        self.setTextPen(palette.colour("faint" if palette.name == "dark" else "muted"))
        self.setStyle(
            tickFont=self._look.font(8.0),
            tickTextOffset=round(0.3 * em),
            tickAlpha=255,
            tickLength=0,
            hideOverlappingLabels=False,
        )
        if self.orientation == "bottom":
            self.setHeight(round(1.35 * em))
        else:
            self.setWidth(round(3.6 * em))
            self.setGrid(255)
        self._redraw()

    def _redraw(self) -> None:
        self.picture = None
        self.update()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return one level of ticks, as many as can be read at this size."""
        em = self._look.em(8.0)
        count = max(int(size / (5.5 * em if self.orientation == "bottom" else 1.7 * em)), 2)
        low, high = min(low, high), max(low, high)
        if self.kind == "log":
            return [(1.0, decade_ticks(low, high, count))]
        self._spacing, ticks = round_ticks(low, high, count)
        if self.kind == "step":
            ticks = [tick for tick in ticks if tick == int(tick) and tick >= 0]
        return [(self._spacing, ticks)]

    def tickStrings(self, values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
        """Return the words at the ticks."""
        if self.kind == "step":
            return [step_text(value) for value in values]
        if self.kind == "share":
            return [f"{100 * value:.{decimals_of(100 * self._spacing)}f} %" for value in values]
        if self.kind == "log":
            return [loss_text(10.0**value, 3) if value < -3 else f"{10.0**value:.3g}" for value in values]
        if values and max(abs(value) for value in values) >= 1e4:
            return [step_text(value) for value in values]
        return [f"{value:.{decimals_of(self._spacing)}f}" for value in values]

    def boundingRect(self) -> QRectF:
        """Return the room of the axis, and some more for the words at its ends."""
        more = self._look.em()
        return QRectF(super().boundingRect()).adjusted(-more, -more, more, more)

    def generateDrawSpecs(self, painter: Any) -> Any:
        """Leave out the line of the axis itself."""
        specs = super().generateDrawSpecs(painter)
        if specs is None:
            return None
        (_, start, end), ticks, texts = specs
        return (QPen(Qt.PenStyle.NoPen), start, end), ticks if self.orientation == "left" else [], texts


def decimals_of(spacing: float) -> int:
    """Return how many decimals tell multiples of ``spacing`` apart."""
    return next((d for d in range(9) if abs(round(spacing, d) - spacing) < 1e-9), 9)
