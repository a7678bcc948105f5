"""One plot of a quantity against steps: training and validation, the run before as a ghost, fixed ranges that grow."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPaintEngine, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.views.look import Look
from playground.views.plots.axes import QuietAxis
from playground.views.plots.ground import PlotGround
from playground.views.plots.line import Line
from playground.views.plots.overlay import Crosshair, Overlay
from playground.views.plots.points import grown, joined, pieces, thinned

Array = NDArray[np.float64]
Trace = tuple[Array, Array, Array]  # steps, training, validation

MAX_POINTS = 2_000
COLUMNS_PER_PIXEL = 0.6  # of the points that thinning leaves: finer ones cost time and cannot be told apart
NO_STEPS = 100.0  # where the axis ends before the first step
_EMPTY = np.zeros(0)


class WheelBox(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph is untyped
    """Drag a rectangle to zoom in; the wheel zooms the steps, with Shift the heights."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.setMouseMode(pg.ViewBox.RectMode)

    def wheelEvent(self, event: object, axis: int | None = None) -> None:
        """Zoom one axis."""
        if axis is None and hasattr(event, "modifiers"):
            axis = 1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0
        super().wheelEvent(event, axis=axis)


class TracePlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph is untyped
    """A plot whose ranges are set only when they must grow. ``kind`` is ``loss`` or ``share``.

    ``hovered`` carries the index of the point under the mouse (or chosen with the arrow keys), or -1.
    """

    is_kept = True  # whether all but the ends of the curves is painted from a kept picture: it may hold nothing else

    hovered = Signal(int)
    zoomed = Signal()
    reset_requested = Signal()

    def __init__(self, look: Look, kind: str, name: str, parent: QWidget | None = None) -> None:
        self._is_closing = False
        self._overlay: Overlay | None = None  # resize events come while the base class is being made
        axes = {"bottom": QuietAxis(look, "bottom", "step"), "left": QuietAxis(look, "left", kind)}
        self._box = WheelBox()
        super().__init__(parent=parent, background=None, viewBox=self._box, axisItems=axes, enableMenu=False)
        self._look, self._kind, self._axes = look, kind, axes
        self._is_log = False
        self._is_zoomed = False
        self._trace: Trace = (_EMPTY, _EMPTY, _EMPTY)
        self._ghost: Trace = (_EMPTY, _EMPTY, _EMPTY)
        self._breaks: tuple[float, ...] = ()
        self._ghost_breaks: tuple[float, ...] = ()
        self._limits = (
            NO_STEPS,
            math.inf,
            -math.inf,
        )  # last step, lowest and highest place of the plot
        self._reach = 0.0
        self._point = -1
        self.setObjectName(name)
        self.hideButtons()
        self.setCacheMode(pg.PlotWidget.CacheModeFlag.CacheNone)  # a cached ground would be pixels in an SVG
        axes["left"].setZValue(-1)  # its grid lines would hide a level curve
        self._box.setLimits(minXRange=4.0, minYRange=1e-5)
        self._ghosts = [self._line() for _ in range(2)]
        self._lines = [self._line() for _ in range(2)]
        self._ground = PlotGround(self, look, self._ghosts, self._lines)
        self._overlay = Overlay(look, self.to_pixel, self.area, self.viewport())
        self._overlay.labels_at_bottom = kind == "share"
        self._overlay.resize(self.viewport().size())
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, self.is_kept)
        self._box.sigRangeChangedManually.connect(self._note_zoom)
        self._box.sigXRangeChanged.connect(self._rethin)
        self._box.sigRangeChanged.connect(self._repaint)
        self.render_look()
        self._apply_limits()

    def _line(self) -> Line:
        line = Line()
        self.addItem(line, ignoreBounds=True)
        return line

    # ---- what others call --------------------------------------------------------------------------------------

    @property
    def overlay(self) -> Overlay:
        """Return what paints marks, ring and crosshair."""
        if self._overlay is None:
            raise RuntimeError("the plot is not made yet")
        return self._overlay

    @property
    def is_zoomed(self) -> bool:
        """Return whether the user looks at a part."""
        return self._is_zoomed

    @property
    def limits(self) -> tuple[float, float, float]:
        """Return the last step, the lowest and the highest value of the whole picture."""
        return self._limits

    def set_trace(self, steps: Array, train: Array, validation: Array) -> None:
        """Show another state of the curves; grows the ranges where it must."""
        self._trace = (steps, self._shown(train), self._shown(validation))
        self._draw(self._lines, self._trace)
        self._grow()

    def set_reach(self, step: float) -> None:
        """Let the axis hold this step: marks and rings may stand beyond the last point."""
        self._reach = step
        if step > self._limits[0]:
            self._grow()

    def set_breaks(self, steps: Sequence[float]) -> None:
        """Let no line join the points up to these steps with those behind: they measure something else."""
        if tuple(steps) != self._breaks:
            self._breaks = tuple(steps)
            self._draw(self._lines, self._trace)

    def set_ghost(self, steps: Array, train: Array, validation: Array) -> None:
        """Show the run before a reset, faint and broken where it was, and let the ranges start anew."""
        self._ghost = (steps, self._shown(train), self._shown(validation))
        self._ghost_breaks = self._breaks
        self._draw(self._ghosts, self._ghost)
        self._limits = (NO_STEPS, math.inf, -math.inf)

    def set_log(self, is_log: bool, trace: Trace, ghost: Trace) -> None:
        """Show logarithms of the heights, or the heights; both traces are given anew, as they were measured."""
        self._is_log = is_log
        self._axes["left"].set_kind("log" if is_log else self._kind)
        self._is_zoomed = False
        self.set_ghost(*ghost)
        self.set_trace(*trace)
        self._apply_limits()

    def show_all(self) -> None:
        """Go back to the whole picture."""
        self._is_zoomed = False
        self._apply_limits()
        self._rethin()

    def follow_zoom(self) -> None:
        """Stay at the part that the plot beside was zoomed to."""
        self._is_zoomed = True

    def show_point(self, crosshair: Crosshair | None, index: int) -> None:
        """Show the crosshair at a point, -1 for none."""
        self._point = index
        self.overlay.set_crosshair(crosshair)

    def ordinate(self, value: float) -> float:
        """Return where ``value`` stands on the vertical axis."""
        return math.log10(value) if self._is_log and value > 0 else value

    def to_pixel(self, step: float, height: float) -> QPointF:
        """Return the pixel of a place in the plot's coordinates."""
        (left, right), (low, high) = self._box.viewRange()
        area = self.area()
        x = area.left() + (step - left) / max(right - left, 1e-300) * area.width()
        y = area.bottom() - (height - low) / max(high - low, 1e-300) * area.height()
        return QPointF(x, y)

    def area(self) -> QRectF:
        """Return where the curves are, in pixels of the widget."""
        return QRectF(self._box.sceneBoundingRect())

    # ---- drawing -----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the kept picture and the ends of the curves; the whole scene where that would not be the same."""
        if self.is_kept:
            self.scene().prepareForPaint()
            painter = QPainter(self.viewport())
            is_zooming = self._box.rbScaleBox.isVisible()
            is_done = not is_zooming and self._ground.paint(painter, tuple(self._axes.values()))
            if not is_done and painter.paintEngine().type() == QPaintEngine.Type.Raster:
                painter.fillRect(event.rect(), self._look.palette.colour("window"))
            painter.end()
            if is_done:
                return
        super().paintEvent(event)

    def _shown(self, values: Array) -> Array:
        if not self._is_log:
            return np.where(np.isfinite(values), values, np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log10(values)
        return np.where(np.isfinite(logs), logs, np.nan)

    def _draw(self, lines: list[Line], trace: Trace) -> None:
        steps = trace[0]
        left, right = self._box.viewRange()[0]
        columns = self._columns()
        breaks = self._breaks if lines is self._lines else self._ghost_breaks
        for line, heights in zip(lines, trace[1:], strict=True):
            found = pieces(steps, heights, breaks)
            if len(steps) > 2 * columns:
                found = [thinned(*piece, left, right, columns) for piece in found]
            line.show_points(*joined(found))
        self._repaint()

    def _repaint(self) -> None:
        """Ask for a painting: the scene, which knows of none from the kept picture, takes its items for unseen."""
        self.viewport().update()

    def _rethin(self) -> None:
        for lines, trace in ((self._lines, self._trace), (self._ghosts, self._ghost)):
            if len(trace[0]) > 2 * self._columns():
                self._draw(lines, trace)

    def _columns(self) -> int:
        """Return how many columns the curves are thinned to: two points for each, at most 2,000."""
        return min(max(int(self.area().width() * COLUMNS_PER_PIXEL), 50), MAX_POINTS // 2)

    # ---- ranges ------------------------------------------------------------------------------------------------

    def _grow(self) -> None:
        traces = [trace for trace in (self._trace, self._ghost) if len(trace[0])]
        if not traces:
            return
        last, low, high = self._limits
        values = [heights[np.isfinite(heights)] for trace in traces for heights in trace[1:]]
        lows = [float(part.min()) for part in values if len(part)]
        highs = [float(part.max()) for part in values if len(part)]
        furthest = max(self._reach, *(float(trace[0][-1]) for trace in traces))
        wanted_last = last if furthest <= last else grown(furthest)
        wanted_low, wanted_high = (low, high) if not lows else self._wanted(min(lows), max(highs), low, high)
        if (wanted_last, wanted_low, wanted_high) != self._limits:
            self._limits = (wanted_last, wanted_low, wanted_high)
            if not self._is_zoomed:
                self._apply_limits()

    def _wanted(self, lowest: float, highest: float, low: float, high: float) -> tuple[float, float]:
        """Return the ends of the vertical axis that hold ``lowest`` to ``highest`` and what was in sight before."""
        if self._kind == "share":
            floor = max(math.floor(lowest * 10 - 1e-9) / 10, 0.0)
            return min(low, floor), 1.0
        if self._is_log:
            return min(low, math.floor(lowest * 2) / 2), max(high, math.ceil(highest * 4) / 4)
        return 0.0, high if highest <= high else grown(max(highest, 1e-6))

    def _apply_limits(self) -> None:
        last, low, high = self._limits
        if not low < high:
            low, high = (0.0, 1.0)
        rest = 0.012 * (high - low)
        for line in (*self._lines, *self._ghosts):
            line.set_room(QRectF(-0.02 * last, low - 2 * rest, 1.04 * last, high - low + 4 * rest))
        self._box.setRange(xRange=(0.0, last), yRange=(low - rest, high + rest), padding=0, disableAutoRange=True)
        self.overlay.update()

    def _note_zoom(self, _mask: object) -> None:
        self._is_zoomed = True
        self.zoomed.emit()

    # ---- mouse and keyboard ------------------------------------------------------------------------------------

    def viewportEvent(self, event: QEvent) -> bool:
        """Keep the tooltip off the curves, where the crosshair speaks."""
        if isinstance(event, QHelpEvent) and self.index_at(event.pos().x(), event.pos().y()) >= 0:
            return True
        return bool(super().viewportEvent(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Find the point under the mouse."""
        super().mouseMoveEvent(event)
        if not event.buttons():
            self.hovered.emit(self.index_at(event.position().x(), event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """Take the crosshair away."""
        if not self._is_closing:
            super().leaveEvent(event)
            self.hovered.emit(-1)

    def close(self) -> bool:
        """Take the plot apart; no event may reach what is gone already.

        pyqtgraph makes it a window of its own meanwhile, which a change of style would find: so it goes at once.
        """
        if not self._is_closing:
            self._is_closing = True
            super().close()
            self.deleteLater()
        return True

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go back to the whole picture."""
        event.accept()
        self.reset_requested.emit()

    def index_at(self, x: float, y: float) -> int:
        """Return the index of the point whose step is nearest to the pixel, -1 outside."""
        steps, area = self._trace[0], self.area()
        if not len(steps) or not area.adjusted(-3, -2, 3, 2).contains(QPointF(x, y)):
            return -1
        left, right = self._box.viewRange()[0]
        step = left + (x - area.left()) / max(area.width(), 1.0) * (right - left)
        after = int(np.clip(np.searchsorted(steps, step), 0, len(steps) - 1))
        before = max(after - 1, 0)
        return before if step - steps[before] < steps[after] - step else after

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go along the points with the arrow keys; Esc takes the crosshair, then the zoom away."""
        last = len(self._trace[0]) - 1
        moves = {
            Qt.Key.Key_Left: self._point - 1 if self._point > 0 else last if self._point < 0 else 0,
            Qt.Key.Key_Right: min(self._point + 1, last),
            Qt.Key.Key_Home: min(0, last),
            Qt.Key.Key_End: last,
        }
        goal = moves.get(Qt.Key(event.key()))
        if goal is not None:
            self.hovered.emit(goal)
        elif event.key() == Qt.Key.Key_Escape and (self._point >= 0 or self._is_zoomed):
            if self._point >= 0:
                self.hovered.emit(-1)
            else:
                self.reset_requested.emit()
        else:
            event.ignore()

    # ---- look --------------------------------------------------------------------------------------------------

    def render_look(self) -> None:
        """Take over colours and sizes."""
        palette, em = self._look.palette, self._look.em()
        width = max(1.0, 0.09 * em)
        for line, name in zip(self._lines, ("train", "validation"), strict=True):
            line.set_ink(palette.colour(name), width)
        for line, name in zip(self._ghosts, ("train", "validation"), strict=True):
            faint = palette.colour(name)
            faint.setAlphaF(0.28)
            line.set_ink(faint, width)
        for axis in self._axes.values():
            axis.render_look()
        self._repaint()
        self.plotItem.layout.setContentsMargins(0, round(0.25 * em), round(1.2 * em), 0)
        self.overlay.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the overlay over the whole picture."""
        super().resizeEvent(event)
        if self._overlay is not None:
            self._overlay.resize(self.viewport().size())
            self._rethin()

    def sizeHint(self) -> QSize:
        """Return a wide, low picture."""
        em = self._look.em()
        return QSize(round(22 * em), round(9 * em))

    def minimumSizeHint(self) -> QSize:
        """Return the least that can be read."""
        em = self._look.em()
        return QSize(round(9 * em), round(5 * em))
