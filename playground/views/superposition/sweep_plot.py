"""A sparsity sweep: features, interference, loss or D* against S, one line a model with a band over its seeds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from playground.engine.superposition.closed_forms import linear_optimum
from playground.engine.superposition.problem import KIND_NAMES, LINEAR, RELU, RELU_RELU
from playground.engine.superposition.results import SparsitySweepResult
from playground.views.look import Look
from playground.views.plots.points import loss_text
from playground.views.superposition.chart import (
    Chart,
    Floats,
    Lines,
    loss_axis,
    loss_height,
    round_above,
    sparsity_axis,
    sparsity_place,
    value_axis,
)
from playground.views.superposition.model_column_words import SHORT_NAMES

KIND_COLOURS = {LINEAR: "train", RELU: "good", RELU_RELU: "validation"}  # names in the palette
REPRESENTED, OFF_DIAGONAL, LOSS, DIMENSIONS = "represented", "off_diagonal", "loss", "dims_per_feature"
QUANTITIES = {
    REPRESENTED: "Represented features",
    OFF_DIAGONAL: "Mean |off-diagonal| of W Wᵀ",
    LOSS: "Loss × 10⁻³",
    DIMENSIONS: "Dimensions per feature D*",
}
_LEAST = {REPRESENTED: 1.0, OFF_DIAGONAL: 0.01, DIMENSIONS: 0.1}  # how high the axis goes at least


class SweepPlot(Chart):
    """Shows a `SparsitySweepResult`; the line is the mean, the band goes from the least to the largest seed."""

    model_chosen = Signal(int, int, int)  # places of kind, sparsity and seed (the best one) of a point that was clicked

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        hint = "Hover a point for its numbers; click it to load its models. Arrow keys walk along, Enter loads."
        super().__init__(look, "sweep_plot", "Sparsity sweep", hint, parent)
        self._quantity = REPRESENTED
        self._result: SparsitySweepResult | None = None
        self._values: Floats = np.zeros((0, 0, 0))  # [K, Q, R]
        self.place_chosen.connect(self._choose)
        self._render()

    def show_result(self, result: SparsitySweepResult | None) -> None:
        """Show a sweep, whole or on its way."""
        self._result = result
        self._render()

    def set_quantity(self, quantity: str) -> None:
        """Show another of `QUANTITIES`."""
        self._quantity = quantity
        self._render()

    def quantity(self) -> str:
        """Return what is shown."""
        return self._quantity

    def values(self) -> Floats:
        """Return the numbers that are drawn, ``[K, Q, R]``."""
        return self._values

    def _render(self) -> None:
        result = self._result
        if result is None:
            self.set_title(f"{QUANTITIES[self._quantity]} against sparsity")
            self.set_places(np.zeros((0, 2)))
            self.set_note("Press Start to sweep the sparsity.")
            return
        self.set_note("")
        if self._quantity == LOSS:
            self._values = 1000 * result.losses
        else:
            found = np.asarray(getattr(result.metrics, self._quantity), np.float64)
            self._values = np.where(np.isfinite(found), found, np.nan)
        share = f", {100 * result.done:.0f} % of the steps" if result.done < 1 else ""
        seeds = f"{len(result.seeds)} seed{'s' if len(result.seeds) > 1 else ''}"
        legend = tuple((KIND_COLOURS[kind], KIND_NAMES[kind]) for kind in result.kinds)
        short = tuple((KIND_COLOURS[kind], SHORT_NAMES[kind]) for kind in result.kinds)
        title = QUANTITIES[self._quantity]
        self.set_title(f"{title}, {seeds}{share}", legend, title, short)
        sparsities = result.sparsities
        if self._quantity == LOSS:
            heights = loss_axis(np.append(self._values, self._dashed()))
        else:
            heights = value_axis(0.0, round_above(self._values, _LEAST[self._quantity]))
        self.set_axes(sparsity_axis(sparsities[0], sparsities[-1]), heights)
        places = [
            (sparsity_place(sparsity), self._height(self._mean(k, q)))
            for k in range(len(result.kinds))
            for q, sparsity in enumerate(sparsities)
        ]
        self.set_places(np.array(places))

    def _height(self, value: float) -> float:
        """Return where a value stands: losses on a logarithmic axis."""
        return float(loss_height(np.array(value))) if self._quantity == LOSS else value

    def _mean(self, kind: int, sparsity: int) -> float:
        held = self._values[kind, sparsity]
        return float(np.nanmean(held)) if np.isfinite(held).any() else np.nan

    def _dashed(self) -> Floats:
        """Return the loss of the linear optimum at each sparsity, in thousandths."""
        problems = self._result.problems if self._result is not None else ()
        return np.array([1000 * linear_optimum(problem).loss for problem in problems])

    # ---- painting ------------------------------------------------------------------------------------------------

    def paint_content(self, painter: QPainter, _area: QRectF) -> None:
        """Draw bands, lines and points."""
        result = self._result
        if result is None:
            return
        em, palette = self._look.em(), self._look.palette
        places = [sparsity_place(sparsity) for sparsity in result.sparsities]
        if self._quantity == LOSS and not result.problems[0].groups:
            pen = QPen(palette.colour("muted"), max(1.2, 0.08 * em))
            pen.setDashPattern([3, 3])
            painter.setPen(pen)
            painter.drawPolyline(
                QPolygonF([self.to_pixel(x, y) for x, y in zip(places, loss_height(self._dashed()), strict=True)])
            )
        for k, kind in enumerate(result.kinds):
            colour = palette.colour(KIND_COLOURS[kind])
            held = self._values[k]
            shown = [q for q in range(len(places)) if np.isfinite(held[q]).any()]
            low = [self.to_pixel(places[q], self._height(float(np.nanmin(held[q])))) for q in shown]
            high = [self.to_pixel(places[q], self._height(float(np.nanmax(held[q])))) for q in shown]
            band = palette.colour(KIND_COLOURS[kind])
            band.setAlphaF(0.2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(band)
            painter.drawPolygon(QPolygonF([*low, *reversed(high)]))
            points = [self.to_pixel(places[q], self._height(self._mean(k, q))) for q in shown]
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, max(1.5, 0.11 * em)))
            painter.drawPolyline(QPolygonF(points))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            for point in points:
                painter.drawEllipse(QPointF(point), 0.16 * em, 0.16 * em)

    # ---- pointing ------------------------------------------------------------------------------------------------

    def describe(self, index: int) -> tuple[Lines, tuple[tuple[str, float], ...]]:
        """Return the exact values of a model at a sparsity."""
        result = self._result
        if result is None:
            return (), ()
        k, q = divmod(index, len(result.problems))
        held, kind = self._values[k, q], result.kinds[k]
        best = result.best_seed(k, q)
        text = _text(self._quantity)
        lines = [
            ("text", f"S = {result.sparsities[q]:g}"),
            (KIND_COLOURS[kind], f"{KIND_NAMES[kind]}: {text(self._mean(k, q))}"),
        ]
        if len(held) > 1:
            lines.append(("muted", f"seeds {text(float(np.nanmin(held)))} to {text(float(np.nanmax(held)))}"))
        if self._quantity == LOSS and not result.problems[0].groups:
            lines.append(("muted", f"linear optimum {text(float(self._dashed()[q]))}"))
        lines.append(("muted", f"seed {result.seeds[best]} has the least loss: {result.label(k, q, best)}"))
        return tuple(lines), ((KIND_COLOURS[kind], self._height(self._mean(k, q))),)

    def moved(self, key: Qt.Key) -> int | None:
        """Go to another model with the arrows up and down."""
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._result is not None and self._at >= 0:
            count = len(self._result.problems)
            step = count if key == Qt.Key.Key_Down else -count
            return (self._at + step) % (count * len(self._result.kinds))
        return super().moved(key)

    def _choose(self, index: int) -> None:
        if self._result is not None:
            k, q = divmod(index, len(self._result.problems))
            self.model_chosen.emit(k, q, self._result.best_seed(k, q))


def _text(quantity: str) -> Callable[[float], str]:
    """Return how a number of this quantity is written."""
    if quantity == REPRESENTED:
        return lambda value: f"{value:.4g}"
    return lambda value: loss_text(value, 5)
