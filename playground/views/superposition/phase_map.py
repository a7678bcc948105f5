"""A phase diagram: what becomes of the last feature, over its relative importance and the density."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from playground.engine.superposition.closed_forms import simple_border
from playground.engine.superposition.phase_cells import REGIONS, PhaseCells
from playground.engine.superposition.results import PhaseResult
from playground.views.look import Look
from playground.views.plots.overlay import Crosshair, Overlay
from playground.views.plots.points import loss_text
from playground.views.superposition.chart import Chart, ChartOverlay, Lines, log_axis

REGION_COLOURS = ("train", "good", "activation")  # names in the palette, in the order of REGIONS
EXACT, BEST, SINGLE = "exact", "best", "single"
_STRENGTH = {"dark": (0.42, 0.62, 0.75), "light": (0.42, 0.55, 0.8)}  # of the colours over the ground
_LINE = "simple theory"
_TITLES = ("↑ density", "→ relative importance")
_LOW, _BESIDE = 13.0, 22.0  # ems: heights below which the legend stands beside the picture, and the room it needs
_ONE_ROW = 33.0  # ems from which the legend stands in one row
_WORDS = {2: ("feature 2", "of 1"), 3: ("feature 3", "of the others")}


class _CellOverlay(ChartOverlay):
    """The numbers of a cell, without line and dot."""

    def _paint_crosshair(self, painter: QPainter, area: QRectF, crosshair: Crosshair) -> None:
        self._paint_box(painter, area, self._to_pixel(crosshair.step, 0.0).x(), crosshair.lines)


class PhaseMap(Chart):
    """Shows a `PhaseResult` in one of three ways: the optimum, the best of several seeds, or one seed a cell."""

    cell_chosen = Signal(int, int)  # row and column of a cell that was clicked

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        hint = "Hover a cell for its numbers; click it to load its model. Arrow keys walk along, Enter loads."
        super().__init__(look, "phase_map", "Phase diagram", hint, parent)
        self._result: PhaseResult | None = None
        self._way = EXACT
        self.place_chosen.connect(self._choose)
        self._render()

    def make_overlay(self) -> Overlay:
        """Return an overlay that writes beside the cell."""
        return _CellOverlay(self._look, self.to_pixel, self.area, self)

    def show_result(self, result: PhaseResult | None) -> None:
        """Show a diagram, whole or on its way."""
        self._result = result
        self._render()

    def set_way(self, way: str) -> None:
        """Show the optimum, the best of the trained seeds, or a single seed."""
        self._way = way
        self._render()

    def way(self) -> str:
        """Return which of the three is shown."""
        return self._way

    def cells(self) -> PhaseCells | None:
        """Return what is drawn."""
        return getattr(self._result, self._way) if self._result is not None else None

    def _render(self) -> None:
        result, cells = self._result, self.cells()
        if result is None or cells is None:
            self.set_title("Phase diagram")
            self.set_places(np.zeros((0, 2)))
            missing = "Press Start to draw the phase diagram."
            self.set_note(missing if result is None or result.done == 1 else "The training has not come here yet.")
            return
        self.set_note("")
        grid = result.grid
        words = self._way_words(result)
        title = f"Phase diagram {grid.features} → {grid.hidden}: {words}"
        self.set_title(title, short=words)
        ratios, densities = np.log10(grid.ratios), np.log10(grid.densities)
        half = np.ptp(ratios) / (2 * len(ratios) - 2), np.ptp(densities) / (2 * len(densities) - 2)
        across = log_axis(ratios[0] - half[0], ratios[-1] + half[0])
        self.set_axes(across, log_axis(densities[-1] - half[1], densities[0] + half[1]))
        rows, columns = grid.shape
        places = np.stack([np.tile(ratios, rows), np.repeat(densities, columns)], -1)
        self.set_places(places)

    def _way_words(self, result: PhaseResult) -> str:
        if self._way == EXACT:
            return "exact" if result.grid.features == 2 else "best of 20 minimisations"
        words = f"best of {result.restarts} seeds" if self._way == BEST else "a single seed"
        if result.exact is None or result.best is None:
            return words
        cells = self.cells()
        differing = 0 if cells is None else int((cells.regions != result.exact.regions).sum())
        rows, columns = result.grid.shape
        share = "" if result.done == 1 else f", {100 * result.done:.0f} %"
        return f"{words}, {differing} of {rows * columns} cells differ{share}"

    def margins(self) -> tuple[float, float, float, float]:
        """Leave room for the legend below the axis, of two rows where the picture is narrow; none where it is low."""
        if self._is_low():
            return 3.0, 1.9, 0.9, 1.5
        return 3.0, 1.9, 0.9, 3.0 if self.width() >= _ONE_ROW * self._look.em() else 4.0

    def _is_low(self) -> bool:
        """Return whether the legend stands beside the picture, which is the larger for it."""
        em = self._look.em()
        return self.height() < _LOW * em and self.width() > 1.6 * self.height() + _BESIDE * em

    def area(self) -> QRectF:
        """Return a picture that is not much wider than high; words in its place have all of the room."""
        area = super().area()
        if self.note():
            return area
        return QRectF(area.left(), area.top(), min(area.width(), 1.6 * area.height()), area.height())

    # ---- painting ------------------------------------------------------------------------------------------------

    def paint_content(self, painter: QPainter, area: QRectF) -> None:
        """Draw cells, theory line and legend."""
        result, cells = self._result, self.cells()
        if result is None or cells is None:
            return
        strengths = _STRENGTH[self._look.palette.name]
        colours = [self.mixed(name, share) for name, share in zip(REGION_COLOURS, strengths, strict=True)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        rows, columns = result.grid.shape
        for row in range(rows):
            for column in range(columns):
                if np.isfinite(cells.losses[row, column]):
                    painter.fillRect(self._cell(row, column), colours[cells.regions[row, column]])
        painter.setPen(QPen(self._look.palette.colour("window"), 1.0))
        for row in range(1, rows):
            y = self._cell(row, 0).top()
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        for column in range(1, columns):
            x = self._cell(0, column).left()
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_line(painter, result)
        self._paint_pointed(painter)
        painter.setClipping(False)
        self._paint_titles(painter, area)
        self._paint_legend(painter, colours, has_line=result.grid.simple_line() is not None)

    def _paint_titles(self, painter: QPainter, area: QRectF) -> None:
        """Say beside the picture what its axes are, where there is room."""
        em = self._look.em()
        painter.setFont(self._look.font(8.0))
        painter.setPen(self._look.palette.colour("muted"))
        metrics, left = QFontMetricsF(painter.font()), area.right() + 0.6 * em
        for words, y in ((_TITLES[0], area.top()), (_TITLES[1], area.bottom() + 0.35 * em)):
            if left + metrics.horizontalAdvance(words) < self.width():
                painter.drawText(QPointF(left, y + metrics.ascent()), words)

    def _cell(self, row: int, column: int) -> QRectF:
        rows, columns = self._result.grid.shape if self._result is not None else (1, 1)
        area = self.area()
        xs = [round(area.left() + area.width() * at / columns) for at in (column, column + 1)]
        ys = [round(area.top() + area.height() * at / rows) for at in (row, row + 1)]
        return QRectF(xs[0], ys[0], xs[1] - xs[0], ys[1] - ys[0])

    def _paint_line(self, painter: QPainter, result: PhaseResult) -> None:
        """Draw the simple theory's border, finer than the cells."""
        if result.grid.simple_line() is None:
            return
        ratios = np.geomspace(result.grid.ratios[0], result.grid.ratios[-1], 81)
        border = simple_border(ratios)
        pen = QPen(self._look.palette.colour("text"), max(1.5, 0.1 * self._look.em()))
        pen.setDashPattern([3, 2.5])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        points = [self.to_pixel(math.log10(r), math.log10(p)) for r, p in zip(ratios, border, strict=True)]
        painter.drawPolyline(QPolygonF(points))

    def _paint_pointed(self, painter: QPainter) -> None:
        if self._at >= 0 and self._result is not None:
            painter.setPen(QPen(self._look.palette.colour("text"), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._cell(*divmod(self._at, self._result.grid.shape[1])))

    def _paint_legend(self, painter: QPainter, colours: list[QColor], *, has_line: bool) -> None:
        em, palette = self._look.em(), self._look.palette
        painter.setFont(self._look.font(8.0))
        for x, baseline, region in self.legend_places(has_line=has_line):
            if region >= 0:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colours[region])
                painter.drawRect(QRectF(x, baseline - 0.6 * em, 0.65 * em, 0.65 * em))
            else:
                pen = QPen(palette.colour("text"), 1.5)
                pen.setDashPattern([3, 2.5])
                painter.setPen(pen)
                painter.drawLine(QPointF(x - 0.2 * em, baseline - 0.3 * em), QPointF(x + 0.8 * em, baseline - 0.3 * em))
            painter.setPen(palette.colour("muted"))
            painter.drawText(QPointF(x + 0.95 * em, baseline), REGIONS[region] if region >= 0 else _LINE)

    def legend_places(self, *, has_line: bool) -> list[tuple[float, float, int]]:
        """Return left end, baseline and region of the words below the picture; region -1 is the theory's line.

        They stand in one row where that is wide enough, else in as many as they need; beside a picture that is low.
        """
        em = self._look.em()
        metrics = QFontMetricsF(self._look.font(8.0))
        if self._is_low():
            area = self.area()
            x = area.right() + 1.6 * em + metrics.horizontalAdvance(_TITLES[1])
            regions = (2, 1, 0, -1)[: 3 + has_line]
            return [(x, area.top() + metrics.ascent() + at * metrics.height(), one) for at, one in enumerate(regions)]
        entries = [(2, REGIONS[2]), (1, REGIONS[1]), (0, REGIONS[0]), *([(-1, _LINE)] if has_line else [])]
        left = 0.6 * em
        widths = [0.95 * em + metrics.horizontalAdvance(words) for _, words in entries]
        if sum(widths) + 0.75 * em * (len(widths) - 1) < self.width() - self.area().left() - 0.2 * em:
            left = self.area().left()
        rows: list[list[tuple[float, int]]] = [[]]
        x = left
        for (region, _), width in zip(entries, widths, strict=True):
            if rows[-1] and x + width > self.width() - 0.2 * em:
                rows.append([])
                x = left
            rows[-1].append((x, region))
            x += width + 0.75 * em
        height, last = metrics.height(), self.height() - 0.45 * em
        return [(x, last - height * (len(rows) - 1 - at), region) for at, row in enumerate(rows) for x, region in row]

    # ---- pointing ------------------------------------------------------------------------------------------------

    def place_near(self, position: QPointF) -> int:
        """Return the cell under the mouse."""
        area = self.area()
        if self._result is None or self.cells() is None or not area.contains(position):
            return -1
        rows, columns = self._result.grid.shape
        row = min(int((position.y() - area.top()) / area.height() * rows), rows - 1)
        column = min(int((position.x() - area.left()) / area.width() * columns), columns - 1)
        cells = self.cells()
        is_there = cells is not None and np.isfinite(cells.losses[row, column])
        return row * columns + column if is_there else -1

    def point_at(self, index: int) -> None:
        """Show a cell's numbers and frame it."""
        super().point_at(index)
        self.update()

    def describe(self, index: int) -> tuple[Lines, tuple[tuple[str, float], ...]]:
        """Return the exact numbers of a cell."""
        result, cells = self._result, self.cells()
        if result is None or cells is None:
            return (), ()
        row, column = divmod(index, result.grid.shape[1])
        region = int(cells.regions[row, column])
        norms = np.linalg.norm(cells.parameters[row, column, :, :-1], axis=-1)
        feature, others = _WORDS[result.grid.features]
        lines = [
            (REGION_COLOURS[region], f"{feature}: {REGIONS[region]}"),
            ("text", f"r = {result.grid.ratios[column]:.4g} {others}, p = {result.grid.densities[row]:.4g}"),
            ("text", f"loss {loss_text(float(cells.losses[row, column]), 5)}"),
            ("muted", "norms " + ", ".join(f"{norm:.3f}" for norm in norms)),
        ]
        if self._way != EXACT and result.exact is not None:
            lines.append(("muted", f"optimum {loss_text(float(result.exact.losses[row, column]), 5)}"))
        return tuple(lines), (("text", float(self._places[index, 1])),)

    def moved(self, key: Qt.Key) -> int | None:
        """Go to another row with the arrows up and down."""
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._result is not None and self._at >= 0:
            goal = self._at + (1 if key == Qt.Key.Key_Down else -1) * self._result.grid.shape[1]
            return goal if 0 <= goal < len(self._places) else self._at
        return super().moved(key)

    def _choose(self, index: int) -> None:
        if self._result is not None:
            self.cell_chosen.emit(*divmod(index, self._result.grid.shape[1]))

    def minimumSizeHint(self) -> QSize:
        """Return the least that can be read."""
        em = self._look.em()
        return QSize(round(15 * em), round(9 * em))
