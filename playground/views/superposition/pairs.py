"""Cosines within correlated or anticorrelated pairs, beside the same features without groups; a point a seed."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from playground.engine.superposition.results import PairsResult
from playground.views.look import Look
from playground.views.plots.points import loss_text
from playground.views.superposition.chart import Axis, Chart, Floats, Lines

GROUPED, CONTROL = 0, 1
_COLOURS = ("activation", "train")  # names in the palette
_WORDS = ("in groups", "independent")
_TICKS = ((-1.0, "−1"), (-0.5, "−.5"), (0.0, "0"), (0.5, ".5"), (1.0, "1"))


class PairsPlot(Chart):
    """Shows a `PairsResult`: for every pair two columns, grouped and control."""

    model_chosen = Signal(int, int)  # GROUPED or CONTROL, and the place of the seed of a point that was clicked

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        hint = "The cosine of two features of a group, seed by seed. 0 is orthogonal, −1 antipodal, 1 side by side."
        super().__init__(look, "pairs_plot", "Cosines within pairs", hint, parent)
        self._result: PairsResult | None = None
        self._cosines: Floats = np.zeros((2, 0, 0))  # grouped and control, [R, P]
        self.place_chosen.connect(self._choose)
        self.show_result(None)

    def show_result(self, result: PairsResult | None) -> None:
        """Show the comparison, whole or on its way."""
        self._result = result
        if result is None:
            self.set_title("Cosines within the pairs of groups")
            self.set_places(np.zeros((0, 2)))
            self.set_note("Make a group of features, then press Start.")
            return
        self.set_note("")
        self._cosines = np.stack([result.grouped_cosines, result.control_cosines])
        kinds = " and ".join(sorted({group.kind for group in result.problem.groups}))
        share = f", {100 * result.done:.0f} % of the steps" if result.done < 1 else ""
        legend = tuple(zip(_COLOURS, _WORDS, strict=True))
        self.set_title(f"Cosines within {kinds} pairs, {len(result.seeds)} seeds{share}", legend)
        pairs = result.pairs
        ticks = tuple((at + 0.5, f"{one} and {other}") for at, (one, other) in enumerate(pairs))
        self.set_axes(Axis(0.0, float(len(pairs)), ticks), Axis(-1.1, 1.1, _TICKS))
        self.set_places(self._spread())

    def cosines(self) -> Floats:
        """Return the numbers that are drawn, ``[2, R, P]``."""
        return self._cosines

    def _spread(self) -> Floats:
        sets, seeds, pairs = self._cosines.shape
        offsets = np.linspace(-0.12, 0.12, seeds) if seeds > 1 else np.zeros(1)
        centre = np.array([0.29, 0.71])[:sets, None, None]
        across = np.arange(pairs)[None, None] + centre + offsets[None, :, None]
        return np.stack([across.ravel(), self._cosines.ravel()], -1)

    def paint_content(self, painter: QPainter, area: QRectF) -> None:
        """Draw zero, the points and the mean of each column."""
        if self._result is None:
            return
        em, palette = self._look.em(), self._look.palette
        painter.setPen(QPen(palette.colour("faint"), 1.0))
        zero = self.to_pixel(0.0, 0.0).y()
        painter.drawLine(self.to_pixel(self._x.low, 0.0), self.to_pixel(self._x.high, 0.0))
        for at in range(1, self._cosines.shape[2]):
            x = self.to_pixel(at, 0.0).x()
            painter.setPen(QPen(palette.colour("line"), 1.0))
            painter.drawLine(int(x), int(area.top()), int(x), int(area.bottom()))
        places = self._places.reshape(2, -1, 2)
        for side in (GROUPED, CONTROL):
            colour = palette.colour(_COLOURS[side])
            for pair, mean in enumerate(self._cosines[side].mean(0)):
                faint = palette.colour(_COLOURS[side])
                faint.setAlphaF(0.22)
                left = self.to_pixel(pair + (0.1, 0.52)[side], float(mean))
                right = self.to_pixel(pair + (0.48, 0.9)[side], 0.0)
                top, height = min(left.y(), zero), abs(left.y() - zero)
                painter.fillRect(QRectF(left.x(), top, right.x() - left.x(), height), faint)
            pen = QPen(colour, max(3.0, 0.38 * em))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints(self.to_pixels(places[side]))

    def describe(self, index: int) -> tuple[Lines, tuple[tuple[str, float], ...]]:
        """Return the exact cosine of a pair in a seed."""
        result = self._result
        if result is None:
            return (), ()
        side, seed, pair = self._parts(index)
        one, other = result.pairs[pair]
        value = float(self._cosines[side, seed, pair])
        loss = (result.grouped_losses, result.control_losses)[side][seed]
        lines = (
            ("text", f"features {one} and {other}, seed {result.seeds[seed]}"),
            (_COLOURS[side], f"{_WORDS[side]}: cosine {value:.4f}"),
            ("muted", f"mean of the seeds {self._cosines[side, :, pair].mean():.3f}"),
            ("muted", f"loss {loss_text(float(loss), 5)}"),
        )
        return lines, ((_COLOURS[side], value),)

    def _parts(self, index: int) -> tuple[int, int, int]:
        _, seeds, pairs = self._cosines.shape
        return index // (seeds * pairs), index // pairs % seeds, index % pairs

    def _choose(self, index: int) -> None:
        side, seed, _ = self._parts(index)
        self.model_chosen.emit(side, seed)
