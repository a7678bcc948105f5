"""Dimensions per feature against 1/(1 - S), with the dimensionality of every feature as a point."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from playground.engine.superposition.metrics import DIMENSION_LINES
from playground.engine.superposition.results import SparsitySweepResult
from playground.views.look import Look
from playground.views.superposition.chart import (
    Axis,
    Chart,
    Floats,
    Lines,
    crowding_axis,
    sparsity_place,
)

_TOP = 1.08
_SPREAD = 0.7  # of the room between two sparsities over which the features of one lie side by side


class DimensionScatter(Chart):
    """Shows the seed with the least loss of the first model of a `SparsitySweepResult`."""

    model_chosen = Signal(int, int, int)  # places of kind, sparsity and seed of a point that was clicked

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        hint = "Each point is a feature, the line the mean D* = m / ‖W‖². Hover for numbers, click to load the model."
        super().__init__(look, "dimension_scatter", "Dimensionality of every feature", hint, parent)
        self._result: SparsitySweepResult | None = None
        self._dimensionality: Floats = np.zeros((0, 0))  # [Q, n] of the best seeds
        self._means: Floats = np.zeros(0)  # [Q] D* of the same models
        self.place_chosen.connect(self._choose)
        self.show_result(None)

    def show_result(self, result: SparsitySweepResult | None) -> None:
        """Show a sweep, whole or on its way."""
        self._result = result
        if result is None:
            self.set_title("Dimensions per feature against 1/(1 − S)")
            self.set_places(np.zeros((0, 2)))
            self.set_note("Press Start to see how features share dimensions.")
            return
        self.set_note("")
        best = [result.best_seed(0, q) for q in range(len(result.problems))]
        at = np.arange(len(best))
        self._dimensionality = result.metrics.dimensionality[0][at, best]
        self._means = result.metrics.dims_per_feature[0][at, best]
        problem = result.problems[0]
        share = f", {100 * result.done:.0f} % of the steps" if result.done < 1 else ""
        title = f"Dimensionality of {problem.features} features in {problem.hidden} dimensions, best seed{share}"
        self.set_title(title, (("accent", "every Dᵢ"), ("activation", "D*")))
        ticks = tuple((line, str(Fraction(line).limit_denominator(9))) for line in (0.0, *sorted(DIMENSION_LINES)))
        places = self._spread()
        self.set_axes(crowding_axis(places[:, 0].min(), places[:, 0].max()), Axis(-0.03, _TOP, ticks))
        self.set_places(places)

    def _spread(self) -> Floats:
        """Return where the points lie: the features of a sparsity side by side, the largest dimensionality first."""
        sparsities = self._result.sparsities if self._result is not None else ()
        places = np.array([sparsity_place(sparsity) for sparsity in sparsities])
        count, features = self._dimensionality.shape
        gaps = np.diff(places)
        room = _SPREAD * (float(gaps.min()) if len(gaps) else 0.1)
        offsets = np.linspace(-room / 2, room / 2, features)
        rank = np.argsort(np.argsort(-self._dimensionality, axis=1, kind="stable"), axis=1)
        across = places[:, None] + offsets[rank]
        return np.stack([across.ravel(), self._dimensionality.ravel()], -1).reshape(count * features, 2)

    # ---- painting ------------------------------------------------------------------------------------------------

    def paint_content(self, painter: QPainter, _area: QRectF) -> None:
        """Draw all points, and D* as a line."""
        if self._result is None:
            return
        em, palette = self._look.em(), self._look.palette
        count = self._dimensionality.shape[1]
        colour = palette.colour("accent")
        colour.setAlphaF(0.85 if count < 100 else 0.5)
        pen = QPen(colour, max(2.0, (0.22 if count < 60 else 0.14) * em))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(self.to_pixels(self._places))
        painter.setPen(QPen(palette.colour("activation"), max(1.5, 0.11 * em)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        line = [
            self.to_pixel(sparsity_place(sparsity), float(mean))
            for sparsity, mean in zip(self._result.sparsities, self._means, strict=True)
            if np.isfinite(mean)
        ]
        painter.drawPolyline(QPolygonF(line))

    def describe(self, index: int) -> tuple[Lines, tuple[tuple[str, float], ...]]:
        """Return the exact values of a feature."""
        result = self._result
        if result is None:
            return (), ()
        q, feature = divmod(index, self._dimensionality.shape[1])
        value, sparsity = float(self._dimensionality[q, feature]), float(result.sparsities[q])
        seed = result.best_seed(0, q)
        norm = float(result.metrics.norms[0, q, seed, feature])
        lines = (
            ("text", f"S = {sparsity:g}, 1/(1 − S) = {1 / (1 - sparsity):.4g}"),
            ("accent", f"feature {feature}: D = {value:.4f}, ‖W‖ = {norm:.3f}"),
            ("activation", f"D* = {self._means[q]:.4f}"),
            ("muted", f"sum of all D {self._dimensionality[q].sum():.3f} of {result.problems[q].hidden}"),
        )
        return lines, (("accent", value),)

    def _choose(self, index: int) -> None:
        if self._result is not None:
            q = index // self._dimensionality.shape[1]
            self.model_chosen.emit(0, q, self._result.best_seed(0, q))
