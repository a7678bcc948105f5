"""Sparsity swept up and down with the weights carried on: two ways through the same sparsities, not the same models."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from playground.engine.superposition.results import WarmResult
from playground.views.look import Look
from playground.views.plots.points import loss_text
from playground.views.superposition.chart import (
    Chart,
    Floats,
    Lines,
    loss_axis,
    loss_height,
    sparsity_axis,
    sparsity_place,
)

UP, DOWN = 0, 1
_COLOURS = ("good", "validation")  # names in the palette
_WORDS = ("up", "down")


class WarmPlot(Chart):
    """Shows a `WarmResult`: the mean loss up and down with a band over the seeds, and what most have formed."""

    model_chosen = Signal(int, int, int)  # UP or DOWN, places of the sparsity and of the seed with the least loss

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        hint = "What has formed survives where something else would be better. Hover for numbers, click to load."
        super().__init__(look, "warm_plot", "Sparsity swept up and down", hint, parent)
        self._result: WarmResult | None = None
        self._losses: Floats = np.zeros((2, 0, 0))
        self._index: list[tuple[int, int]] = []  # direction and stop of each place
        self.place_chosen.connect(self._choose)
        self.show_result(None)

    def show_result(self, result: WarmResult | None) -> None:
        """Show the sweep, whole or on its way."""
        self._result = result
        if result is None:
            self.set_title("Loss × 10⁻³, sparsity swept up and down")
            self.set_places(np.zeros((0, 2)))
            self.set_note("Press Start to sweep the sparsity up and down again.")
            return
        self.set_note("")
        self._losses = 1000 * result.losses
        count = len(result.sparsities)
        self._index = [(way, at) for way in (UP, DOWN) for at in range(count) if result.has_come(way, at)]
        share = f", {100 * result.done:.0f} %" if result.done < 1 else ""
        problem = result.problem
        title = f"Loss × 10⁻³, {problem.features} → {problem.hidden}, {len(result.seeds)} seeds{share}"
        self.set_title(title, tuple(zip(_COLOURS, _WORDS, strict=True)))
        axis = sparsity_axis(result.sparsities[0], result.sparsities[-1])
        self.set_axes(axis, loss_axis(self._losses))
        xs = [sparsity_place(result.sparsities[at]) for _, at in self._index]
        means = [_height(self._losses[way, at].mean()) for way, at in self._index]
        self.set_places(np.array([xs, means]).T.reshape(-1, 2))

    def paint_content(self, painter: QPainter, area: QRectF) -> None:
        """Draw both ways, and the name of what most seeds have formed where it changes."""
        result = self._result
        if result is None:
            return
        em, palette = self._look.em(), self._look.palette
        for way in (UP, DOWN):
            colour = palette.colour(_COLOURS[way])
            stops = [at for one, at in self._index if one == way]
            xs = [sparsity_place(result.sparsities[at]) for at in stops]
            band = palette.colour(_COLOURS[way])
            band.setAlphaF(0.16)
            low = [self.to_pixel(x, _height(self._losses[way, at].min())) for x, at in zip(xs, stops, strict=True)]
            high = [self.to_pixel(x, _height(self._losses[way, at].max())) for x, at in zip(xs, stops, strict=True)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(band)
            painter.drawPolygon(QPolygonF([*low, *reversed(high)]))
            line = [self.to_pixel(x, _height(self._losses[way, at].mean())) for x, at in zip(xs, stops, strict=True)]
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, max(1.5, 0.11 * em)))
            painter.drawPolyline(QPolygonF(line))
            painter.setBrush(colour)
            for point in line:
                painter.drawEllipse(point, 0.16 * em, 0.16 * em)
            self._paint_names(painter, area, way, stops)

    def _paint_names(self, painter: QPainter, area: QRectF, way: int, stops: list[int]) -> None:
        """Write what most seeds have formed along the top, one row for each way, where it changes."""
        if self._result is None:
            return
        painter.setFont(self._look.font(8.0))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(self._look.palette.colour(_COLOURS[way]))
        last, end = "", -1e9
        y = area.bottom() - (2.1 - 1.1 * way) * metrics.height() + metrics.ascent() * 0.7
        for at in stops:
            name = next(iter(self._result.shares(way, at)))
            x = self.to_pixel(sparsity_place(self._result.sparsities[at]), 0.0).x()
            x = min(x, area.right() - metrics.horizontalAdvance(name))
            if name != last and x > end:
                painter.drawText(int(x), int(y), name)
                last, end = name, x + metrics.horizontalAdvance(name) + self._look.em()

    def describe(self, index: int) -> tuple[Lines, tuple[tuple[str, float], ...]]:
        """Return the losses at a stop, and what has formed."""
        result = self._result
        if result is None:
            return (), ()
        way, at = self._index[index]
        held = self._losses[way, at]
        shares = result.shares(way, at)
        lines = [
            ("text", f"S = {result.sparsities[at]:g}, on the way {_WORDS[way]}"),
            (_COLOURS[way], f"loss {loss_text(float(held.mean()), 5)}"),
            ("muted", f"seeds {loss_text(float(held.min()), 5)} to {loss_text(float(held.max()), 5)}"),
            *(("muted", f"{100 * share:.0f} % {name}") for name, share in list(shares.items())[:4]),
        ]
        return tuple(lines), ((_COLOURS[way], _height(held.mean())),)

    def _choose(self, index: int) -> None:
        way, at = self._index[index]
        self.model_chosen.emit(way, at, int(np.argmin(self._losses[way, at])))


def _height(loss: np.floating[Any]) -> float:
    return float(loss_height(np.array(loss)))
