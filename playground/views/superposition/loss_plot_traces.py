"""Curves of several kinds of models in one plot: the best seed bold, a band for the others, a dashed closed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from playground.views.look import Look
from playground.views.plots.line import Line
from playground.views.plots.points import thinned
from playground.views.plots.trace import Array, Trace, TracePlot

_BAND = 0.18  # opacity


@dataclass(frozen=True, eq=False)
class KindCurve:
    """The losses of one kind: of its best seed, and the range of all. ``colour`` is a name of the palette."""

    kind: str
    colour: str
    best: Array  # [points]
    lowest: Array  # [points]
    highest: Array  # [points]


class Band(Line):
    """The area between two curves, filled faintly."""

    def __init__(self) -> None:
        super().__init__()
        self._colour = QColor()

    def show_band(self, x: Array, low: Array, high: Array) -> None:
        """Fill between ``low`` and ``high``, where both are numbers."""
        held = np.isfinite(low) & np.isfinite(high)
        x, low, high = x[held], low[held], high[held]
        around = np.concatenate([x, x[::-1]]), np.concatenate([high, low[::-1]])
        self.setData(*around, connect="all", antialias=False, pen=None, fillLevel=None)

    def set_colour(self, colour: QColor) -> None:
        """Fill with this colour."""
        self._colour = QColor(colour)
        self._colour.setAlphaF(_BAND)

    def paint(self, painter: QPainter, *_rest: object) -> None:
        """Fill the area."""
        if self.xData is None or len(self.xData) < 4:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.fillPath(self.getPath(), self._colour)


class Dashes(Line):
    """A dashed line right across."""

    def set_dashes(self, colour: QColor, width: float) -> None:
        """Draw in this colour."""
        pen = QPen(colour, width)
        pen.setCosmetic(True)
        pen.setDashPattern([5, 4])
        self._pens = (pen, pen)
        self.setPen(pen)


class LossTraces(TracePlot):
    """A `TracePlot` whose curves are those of kinds; what its own two lines hold is the range of everything shown."""

    is_kept = False  # its own curves and bands change as a whole
    _extra: tuple[Line, ...] = ()  # ranges are applied while the base class is being made

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self._kinds: tuple[KindCurve, ...] = ()
        self._bests: list[Line] = []
        self._bands: list[Band] = []
        self._optimum: float | None = None
        self._optimum_line = Dashes()
        super().__init__(look, "loss", "sandbox_loss_plot", parent)
        for line in (*self._lines, *self._ghosts):
            line.hide()
        self.addItem(self._optimum_line, ignoreBounds=True)
        self._extra = (self._optimum_line,)
        self.render_look()

    # ---- what others call ----

    def show_kinds(self, steps: Array, kinds: tuple[KindCurve, ...], optimum: float | None) -> None:
        """Show other curves, in the units of the axis; ``optimum`` is where the dashed line lies."""
        self._prepare(len(kinds))
        is_recoloured = [kind.colour for kind in kinds] != [kind.colour for kind in self._kinds]
        self._kinds, self._optimum = kinds, optimum
        if is_recoloured:
            self._render_inks()
        lowest, highest = self._range(steps)
        self.set_trace(steps, lowest, highest)

    def start_anew(self) -> None:
        """Let the ranges begin again: these are the curves of another run."""
        nothing = np.zeros(0)
        self.set_ghost(nothing, nothing, nothing)

    def set_log_scale(self, is_log: bool, steps: Array) -> None:
        """Show logarithms of the losses, or the losses."""
        nothing = np.zeros(0)
        self.set_log(is_log, (steps, *self._range(steps)), (nothing, nothing, nothing))

    # ---- drawing ----

    def _range(self, steps: Array) -> tuple[Array, Array]:
        """Return the lowest and highest number at every step, the dashed line among them."""
        rows: list[NDArray[np.float64]] = []
        for kind in self._kinds:
            rows += [kind.lowest, kind.highest]
        if self._optimum is not None:
            rows.append(np.full(len(steps), self._optimum))
        if not rows:
            return np.full(len(steps), np.nan), np.full(len(steps), np.nan)
        table = np.where(np.isfinite(rows), rows, np.nan)
        return np.fmin.reduce(table), np.fmax.reduce(table)

    def _prepare(self, count: int) -> None:
        while len(self._bests) > count:
            self.removeItem(self._bests.pop())
            self.removeItem(self._bands.pop())
        while len(self._bests) < count:
            band, line = Band(), Line()
            for item in (band, line):
                item.room = QRectF(self._optimum_line.room)
                self.addItem(item, ignoreBounds=True)
            self._bands.append(band)
            self._bests.append(line)
        self._extra = (self._optimum_line, *self._bands, *self._bests)
        for line in self._bests:
            line.setZValue(1)
        self._render_inks()

    def _draw(self, lines: list[Line], trace: Trace) -> None:
        if lines is not self._lines:
            return
        steps, (left, right), columns = trace[0], self._box.viewRange()[0], self._columns()
        for kind, band, line in zip(self._kinds, self._bands, self._bests, strict=True):
            best, low, high = (self._shown(part) for part in (kind.best, kind.lowest, kind.highest))
            if len(steps) <= 2 * columns:
                line.show_points(steps, best)
                band.show_band(steps, low, high)
            else:
                line.show_points(*thinned(steps, best, left, right, columns))
                some = np.unique(np.linspace(0, len(steps) - 1, columns).astype(np.int64))
                band.show_band(steps[some], low[some], high[some])
        self._draw_optimum()

    def _draw_optimum(self) -> None:
        has_line = self._optimum is not None and np.isfinite(self.ordinate(self._optimum))
        self._optimum_line.setVisible(bool(has_line))
        if has_line and self._optimum is not None:
            height = self.ordinate(self._optimum)
            last = max(self.limits[0], float(self._trace[0][-1]) if len(self._trace[0]) else 0.0)
            self._optimum_line.show_points(np.array([0.0, 1.1 * last]), np.array([height, height]))

    def _apply_limits(self) -> None:
        super()._apply_limits()
        room = self._lines[0].room
        for line in self._extra:
            line.set_room(QRectF(room))
        if self._extra:
            self._draw_optimum()

    def _render_inks(self) -> None:
        palette, em = self._look.palette, self._look.em()
        for kind, band, line in zip(self._kinds, self._bands, self._bests, strict=False):
            line.set_ink(palette.colour(kind.colour), max(1.0, 0.12 * em))
            band.set_colour(palette.colour(kind.colour))
        self._optimum_line.set_dashes(palette.colour("muted"), max(1.0, 0.07 * em))

    def render_look(self) -> None:
        """Take over colours and sizes."""
        super().render_look()
        if self._extra:
            self._render_inks()
        self.setBackground(None)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
