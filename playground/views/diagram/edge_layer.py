"""The edges as a layer of the picture: when they are chosen, rasterised and drawn, and how highlights ease in."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QPainter

from playground.engine.snapshots import Snapshot
from playground.views.calm import Calm
from playground.views.diagram import edges as edge_sets
from playground.views.diagram.coverage import FINE
from playground.views.diagram.curve import FloatArray
from playground.views.diagram.edges import NO_EDGES, EdgeSet
from playground.views.diagram.layout import Layout
from playground.views.diagram.picture import INPUT, Picture
from playground.views.diagram.raster import Raster, Rasteriser, Stretch, region_of
from playground.views.diagram.tone import tone_table
from playground.views.diagram.viewport import View
from playground.views.look import Look

EASE_MS = 200
LATE_MS = 110  # while training the next picture comes before: the edges are drawn with it, in one painting
IDLE_MS = 120  # after so long without zooming or resizing, edges are rasterised anew
RETHIN_MS = 2000  # which edges are the strongest is looked at again so often
_DIMMED = 0.12  # what is left of edges that do not touch the neuron under the mouse
_VISIBLE_CHANGE = 0.01  # smaller changes of opacity are not drawn

_CHANGED_EDGES = 0.03  # so large a share of other edges, or of edges without room to grow wider, is rasterised anew
_OUTGROWN_EDGES = 0.08

Spot = tuple[int, int]  # place and row of a neuron
EdgeSpot = tuple[int, int, int]  # layer index, row and column


class EdgeLayer(QObject):
    """Draws the edges of the diagram; ``changed`` says that they were drawn anew."""

    changed = Signal()

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self.interval_ms = 66
        self.edges = NO_EDGES
        self.pixels = NO_EDGES
        self.cut = NO_EDGES
        self.shown: Picture | None = None  # what the edges were drawn for; None before they were
        self.drawings = 0  # so many so far
        self._picture: Picture | None = None
        self._layout: Layout | None = None
        self._hidden: frozenset[int] = frozenset()
        self._view, self._ratio, self._chosen_at, self._drawn_at = View(), 1.0, 0.0, 0.0
        self._raster: Raster | None = None
        self._span = self._pixel_span = QRectF()  # of the plans that they were rasterised for
        self._pixel_raster: Raster | None = None
        self._coming: tuple[EdgeSet, Rasteriser, QRectF] | None = None
        self._pixel_row: int | None = None
        self._pixels_of: FloatArray | None = None  # the input, the moment and the plan that they were chosen for
        self._pixels_at = 0.0
        self._pixels_on: Layout | None = None
        self._spot: Spot | None = None
        self._edge: EdgeSpot | None = None
        self._drawn = self._drawn_pixels = np.zeros(0, np.float32)  # opacities, signs and widths as last drawn
        self._factor = self._from = self._to = np.ones(0, np.float32)
        self._eased_from = 0.0
        self._tones = tone_table(look.palette)
        self._pace = self._timer(self._draw_late)
        self._idle = self._timer(self._rasterise_again, IDLE_MS)
        self._slices = self._timer(self._rasterise_slice, 0)
        self._easing = self._timer(self._ease, 16)

    def _timer(self, slot: Callable[[], None], interval: int = 0) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(slot)
        return timer

    # ---- what the widget tells ---------------------------------------------------------------------------------

    def arrange(
        self, picture: Picture, layout: Layout, hidden: frozenset[int], view: View, ratio: float, *, soon: bool = False
    ) -> None:
        """Take over another structure, size or look; with ``soon`` the old picture stands in until all is idle."""
        self._picture, self._layout, self._hidden, self._view, self._ratio = picture, layout, hidden, view, ratio
        self._tones = tone_table(self._look.palette)
        if soon and self._raster is not None:
            self._idle.start()
            return
        self._raster = self._pixel_raster = self.shown = None
        self.edges = self.pixels = NO_EDGES
        self._begin(edge_sets.choose(picture, layout, hidden))

    def render(self, picture: Picture) -> None:
        """Take over other numbers of the same structure: draw now, or later where the last drawing is too fresh.

        What the hand did and a pause are drawn now in any case.
        """
        before, self._picture = self._picture, picture
        if self._raster is None:
            return
        wait = self.interval_ms - (time.monotonic() - self._drawn_at) * 1000
        if wait <= 0 or (before is not None and _is_news(picture.snapshot, before.snapshot)):
            self._pace.stop()
            self._draw_late()
        elif not self._pace.isActive():
            self._pace.start(int(wait) + (LATE_MS if picture.snapshot.is_running else 1))

    def move(self, view: View) -> None:
        """Take over another zoom or pan: stretch the picture now, rasterise anew when it rests."""
        self._view = view
        self._idle.start()

    def show_pixels_of(self, row: int | None) -> None:
        """Show the strongest edges from the input image to this first-layer neuron."""
        if row != self._pixel_row:
            self._pixel_row = row
            self._draw_pixels()
            self._tell()

    def emphasise(self, spot: Spot | None, edge: EdgeSpot | None = None) -> None:
        """Let the edges of a neuron (or one edge) stand out, the rest fade, within 200 ms."""
        if (spot, edge) == (self._spot, self._edge):
            return
        self._spot, self._edge = spot, edge
        self._from, self._to = self._factor, self._target()
        self._eased_from = time.monotonic()
        self._easing.start()

    def settle(self) -> None:
        """Finish at once what is under way: rasterising, easing, late drawing."""
        if self._idle.isActive():
            self._rasterise_again()
        self._idle.stop()
        while self._coming is not None:
            self._rasterise_slice()
        self._easing.stop()
        self._factor = self._target()
        self._draw()

    def stop(self) -> None:
        """Stop all timers; what was under way begins anew with the next picture."""
        for timer in (self._pace, self._slices, self._easing):
            timer.stop()
        self._factor = self._target()
        if self._coming is not None:
            self._coming = None
            self._idle.start()
        if self._idle.isActive():
            self._idle.stop()
            self._raster = None

    @property
    def needs_arranging(self) -> bool:
        """Return whether there is no picture and none on its way."""
        return self._raster is None and self._coming is None

    def paint(self, painter: QPainter, view: View) -> None:
        """Paint the edges as last drawn."""
        if self._layout is None:
            return
        if self._raster is not None:
            self._raster.paint(painter, view, Stretch(self._span, self._layout.span))
        if self._pixel_raster is not None:
            self._pixel_raster.paint(painter, view, Stretch(self._pixel_span, self._layout.span))

    # ---- rasterising -------------------------------------------------------------------------------------------

    def _begin(self, chosen: EdgeSet) -> None:
        if self._picture is None or self._layout is None:
            return
        self._chosen_at = time.monotonic()
        self.cut = edge_sets.cut_edges(self._picture, self._layout, self._hidden)
        work = self._rasteriser(chosen, self._picture)
        self._coming = (chosen, work, self._layout.span)
        self._idle.stop()
        if self._raster is None and work.is_small:
            while self._coming is not None:
                self._rasterise_slice()
        else:
            self._slices.start()

    def _rasteriser(self, chosen: EdgeSet, picture: Picture) -> Rasteriser:
        region = region_of(self._view.points(chosen.ends), self._stage(), self._ratio)
        weights, _ = chosen.values(picture)
        half = edge_sets.half_widths(chosen, weights, picture.scales, self._widest())
        return Rasteriser(chosen.ends, self._view, region, half, self._widest())

    def _rasterise_slice(self) -> None:
        if self._coming is None:
            return
        chosen, work, span = self._coming
        work.advance()
        if not work.is_done:
            self._slices.start()
            return
        self._slices.stop()
        self._coming = None
        self.edges, self._raster, self._span = chosen, work.raster(), span
        self._factor = self._from = self._to = self._target()
        self._drawn = np.zeros(0, np.float32)
        self._draw()

    def _rasterise_again(self) -> None:
        if self._picture is not None and self._layout is not None:
            self._pixel_raster = None
            self._begin(edge_sets.choose(self._picture, self._layout, self._hidden))

    def _stage(self) -> QRectF:
        return QRectF() if self._layout is None else self._layout.stage

    def _widest(self) -> float:
        """Return the half width in widget pixels of the widest edge."""
        em = 16.0 if self._layout is None else self._layout.em * self._layout.grain**0.7
        return float(0.105 * em * min(max(self._view.zoom, 0.7), 6.0) ** 0.5)

    # ---- drawing -----------------------------------------------------------------------------------------------

    def _draw_late(self) -> None:
        if self._coming is None and (time.monotonic() - self._chosen_at) * 1000 > RETHIN_MS:
            self._reconsider()
        self._draw()
        Calm.take_turn()  # the dearest part of a frame: it is not to meet the next dearest

    def _reconsider(self) -> None:
        """Rasterise anew where others have become the strongest edges, or many have outgrown their room."""
        if self._picture is None or self._layout is None or self._raster is None:
            return
        self._chosen_at = time.monotonic()
        chosen = self.edges
        if any(note.shown < note.total for note in self.edges.thinned):
            chosen = edge_sets.choose(self._picture, self._layout, self._hidden)
        weights, _ = self.edges.values(self._picture)
        half = edge_sets.half_widths(self.edges, weights, self._picture.scales, self._widest())
        if chosen.differs(self.edges) > _CHANGED_EDGES or self._raster.outgrown(half) > _OUTGROWN_EDGES:
            self._begin(chosen)

    def _draw(self) -> None:
        """Draw the edges where they look different from the last time."""
        if self._picture is None or self._raster is None:
            return
        self._drawn_at = time.monotonic()
        self.shown = self._picture
        weights, flows = self.edges.values(self._picture)
        opacity = edge_sets.strengths(self.edges, weights, flows, self._picture.scales) * self._factor
        half = edge_sets.half_widths(self.edges, weights, self._picture.scales, self._widest())
        look = _look(opacity, weights, half)
        if _differs(look, self._drawn):
            self._drawn = look
            self._raster.draw(opacity, weights > 0, half, self._tones)
        self._draw_pixels()
        self._tell()

    def _tell(self) -> None:
        self.drawings += 1
        self.changed.emit()

    def _draw_pixels(self) -> None:
        """Draw the edges of one neuron from the input image; they are few, so they are rasterised as they change."""
        if self._picture is None or self._layout is None:
            return
        chosen = self._chosen_pixels(self._picture, self._layout)
        if not len(chosen):
            self._pixel_raster, self.pixels = None, NO_EDGES
            return
        if self._pixel_raster is None or not np.array_equal(chosen.ends, self.pixels.ends):
            self._pixel_raster = self._rasteriser(chosen, self._picture).raster()
            self._pixel_span = self._layout.span
            self._drawn_pixels = np.zeros(0, np.float32)
        self.pixels = chosen
        weights, flows = chosen.values(self._picture)
        opacity = 0.25 + 0.6 * edge_sets.strengths(chosen, weights, flows, self._picture.scales)
        half = edge_sets.half_widths(chosen, weights, self._picture.scales, 0.6 * self._widest())
        look = _look(opacity, weights, half)
        if _differs(look, self._drawn_pixels):
            self._drawn_pixels = look
            self._pixel_raster.draw(opacity, weights > 0, half, self._tones)

    def _chosen_pixels(self, picture: Picture, layout: Layout) -> EdgeSet:
        """Return the edges from the input image to show; while training others only now and then.

        The weakest of them change places at every step; rasterising them each time took longer than all the rest.
        """
        if self._pixel_row is None:
            return NO_EDGES
        act, now = picture.act(INPUT), time.monotonic()
        is_same = act is self._pixels_of or (
            act is not None and self._pixels_of is not None and np.array_equal(act, self._pixels_of)
        )
        is_fresh = (now - self._pixels_at) * 1000 < RETHIN_MS and layout is self._pixels_on
        is_fresh &= picture.snapshot.is_running
        if is_same and is_fresh and len(self.pixels) and int(self.pixels.rows[0]) == self._pixel_row:
            return self.pixels
        self._pixels_of, self._pixels_at, self._pixels_on = act, now, layout
        return edge_sets.pixel_edges(picture, layout, self._pixel_row)

    # ---- easing ------------------------------------------------------------------------------------------------

    def _target(self) -> FloatArray:
        factor = np.ones(len(self.edges), np.float32)
        if self._spot is not None:
            factor = np.where(self.edges.touching(*self._spot), 1.25, _DIMMED)
        elif self._edge is not None:
            layer, row, column = self._edge
            edges = self.edges
            factor = np.where((edges.layers == layer) & (edges.rows == row) & (edges.columns == column), 1.4, 0.5)
        return factor.astype(np.float32)

    def _ease(self) -> None:
        share = min((time.monotonic() - self._eased_from) * 1000 / EASE_MS, 1.0)
        if len(self._from) != len(self._to):
            self._from = np.ones_like(self._to)
        smooth = np.float32(share * share * (3 - 2 * share))
        self._factor = self._from + (self._to - self._from) * smooth
        self._draw()
        if share < 1.0:
            self._easing.start()


def _is_news(snapshot: Snapshot, before: Snapshot) -> bool:
    """Say whether a snapshot tells of more than steps: of a pause, or of a command that is no move of a stroke."""
    if snapshot.is_running != before.is_running:
        return True
    stroke = snapshot.stroke_effect
    return snapshot.applied_seq != before.applied_seq and (stroke is None or not stroke.is_open)


def _look(opacity: FloatArray, weights: FloatArray, half: FloatArray) -> FloatArray:
    """Return how edges look, as numbers in which ``_VISIBLE_CHANGE`` is what an eye can tell apart."""
    return np.concatenate([np.copysign(opacity, weights), half * np.float32(_VISIBLE_CHANGE / FINE)])


def _differs(look: FloatArray, drawn: FloatArray) -> bool:
    """Say whether edges look different from the last drawing to an eye."""
    return len(look) != len(drawn) or bool(np.abs(look - drawn).max(initial=0.0) > _VISIBLE_CHANGE)
