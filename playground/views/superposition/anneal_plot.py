"""Absolute value, annealed: the loss as a share of answering 0, and how many features a neuron serves, by density."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from playground.engine.superposition.results import AnnealResult
from playground.views.look import Look
from playground.views.plots.points import loss_text
from playground.views.superposition.chart import Axis, Chart, Floats, Lines, sparsity_axis, sparsity_place

_TICKS = tuple((share / 100, f"{share} %") for share in range(0, 121, 20))


class AnnealPlot(Chart):
    """Shows an `AnnealResult`: every seed at every density, the mean as a line, and training from scratch beside."""

    model_chosen = Signal(int, int)  # places of the density and of the seed of a point that was clicked

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        hint = "100 % is answering 0. Lowering the density in stages works where training from scratch fails."
        super().__init__(look, "anneal_plot", "Absolute value, annealed", hint, parent)
        self._result: AnnealResult | None = None
        self._shares: Floats = np.zeros((0, 0))  # [P, R]
        self._index: list[tuple[int, int]] = []
        self.place_chosen.connect(self._choose)
        self.show_result(None)

    def show_result(self, result: AnnealResult | None) -> None:
        """Show the stages, all or those that have come."""
        self._result = result
        if result is None:
            self.set_title("Absolute value: loss as a share of answering 0")
            self.set_places(np.zeros((0, 2)))
            self.set_note("Press Start to anneal the absolute value.")
            return
        self.set_note("")
        self._shares = result.losses / result.trivial[:, None]
        share = f", {100 * result.done:.0f} %" if result.done < 1 else ""
        title = f"|x| of {result.features} features, {result.hidden} neurons: loss / answering 0{share}"
        self.set_title(title, (("good", "annealed"), ("bad", "from scratch")))
        held = np.append(self._shares, self._scratch())
        top = max(1.05, float(np.nanmax(held)) * 1.05 if np.isfinite(held).any() else 0.0)
        densities = result.densities
        self.set_axes(sparsity_axis(1 - densities[0], 1 - densities[-1]), Axis(0.0, min(top, 1.25), _TICKS))
        count, seeds = self._shares.shape
        self._index = [(p, r) for p in range(count) for r in range(seeds) if np.isfinite(self._shares[p, r])]
        places = [(sparsity_place(1 - densities[p]), float(self._shares[p, r])) for p, r in self._index]
        self.set_places(np.array(places).reshape(-1, 2))

    def shares(self) -> Floats:
        """Return the losses as shares of answering 0, ``[P, R]``."""
        return self._shares

    def _scratch(self) -> Floats:
        result = self._result
        return np.zeros(0) if result is None else result.scratch_losses / result.trivial[-1]

    def paint_content(self, painter: QPainter, _area: QRectF) -> None:
        """Draw the mean, all seeds, and those from scratch."""
        result = self._result
        if result is None:
            return
        em, palette = self._look.em(), self._look.palette
        means = [
            self.to_pixel(sparsity_place(1 - density), float(held.mean()))
            for density, held in zip(result.densities, self._shares, strict=True)
            if np.isfinite(held).all()
        ]
        painter.setPen(QPen(palette.colour("good"), max(1.5, 0.11 * em)))
        painter.drawPolyline(QPolygonF(means))
        pen = QPen(palette.colour("good"), max(3.0, 0.34 * em))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(self.to_pixels(self._places))
        pen.setColor(palette.colour("bad"))
        painter.setPen(pen)
        last = sparsity_place(1 - result.densities[-1])
        scratch = [self.to_pixel(last, float(share)) for share in self._scratch() if np.isfinite(share)]
        painter.drawPoints(QPolygonF(scratch))

    def describe(self, index: int) -> tuple[Lines, tuple[tuple[str, float], ...]]:
        """Return the loss of a seed at a density, and how its neurons are shared."""
        result = self._result
        if result is None:
            return (), ()
        p, r = self._index[index]
        served = result.features_per_neuron[p, r]
        shared, lone, idle = int((served > 1).sum()), int((served == 1).sum()), int((served == 0).sum())
        loss, share = loss_text(float(result.losses[p, r]), 5), 100 * self._shares[p, r]
        lines = [
            ("text", f"density {result.densities[p]:g}, seed {result.seeds[r]}"),
            (
                "good",
                f"loss {loss}, {share:.1f} % of answering 0",
            ),
            ("muted", f"neurons: {lone} serve one feature, {shared} several, {idle} none"),
        ]
        if p == len(result.densities) - 1 and np.isfinite(result.scratch_losses[r]):
            lines.append(("bad", f"from scratch {100 * self._scratch()[r]:.1f} %"))
        return tuple(lines), (("good", float(self._shares[p, r])),)

    def _choose(self, index: int) -> None:
        self.model_chosen.emit(*self._index[index])
