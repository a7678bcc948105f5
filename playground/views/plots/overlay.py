"""What lies over the curves: marks of edits, the ring of the latest measurement, the crosshair with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from playground.engine.snapshots import Mark
from playground.views.look import Look
from playground.views.plots.mark_labels import SIGNS, MarkLabel, MarkRoom, placed_labels
from playground.views.plots.points import step_text

MAX_HINTS = 4
MANY_MARKS = 40
LABEL_ROWS = 2

Placed = tuple[tuple[MarkLabel, ...], tuple[float, ...]]  # labels, and the lines without


@dataclass(frozen=True)
class Crosshair:
    """A step under the mouse and the words that belong to it: colour names of the palette and texts."""

    step: float
    lines: tuple[tuple[str, str], ...]
    dots: tuple[tuple[str, float], ...]  # colour name and height, in the coordinates of the plot


class Overlay(QWidget):
    """Paints over a plot; ``to_pixel`` maps its coordinates, ``area`` is where the curves are."""

    def __init__(
        self, look: Look, to_pixel: Callable[[float, float], QPointF], area: Callable[[], QRectF], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._look, self._to_pixel, self._area = look, to_pixel, area
        self._marks: tuple[Mark, ...] = ()
        self._ring: tuple[float, tuple[tuple[str, float], ...]] | None = None
        self._crosshair: Crosshair | None = None
        self._placed_for: tuple[tuple[Mark, ...], tuple[Any, ...]] | None = None
        self._found: Placed = ((), ())
        self._note = ""
        self.labels_at_bottom = False  # where the curves run along the top
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def set_marks(self, marks: tuple[Mark, ...]) -> None:
        """Show these marks."""
        if marks is not self._marks:
            self._marks = marks
            self.update()

    def set_ring(self, ring: tuple[float, tuple[tuple[str, float], ...]] | None) -> None:
        """Show the latest measurement, which is no point of the curve: step, then colour name and height."""
        if ring != self._ring:
            self._ring = ring
            self.update()

    def set_crosshair(self, crosshair: Crosshair | None) -> None:
        """Show exact values at a step, or none."""
        if crosshair != self._crosshair:
            self._crosshair = crosshair
            self.update()

    def set_note(self, note: str) -> None:
        """Say in the middle why there is no curve."""
        if note != self._note:
            self._note = note
            self.update()

    def crosshair(self) -> Crosshair | None:
        """Return the crosshair that is shown."""
        return self._crosshair

    def ring(self) -> tuple[float, tuple[tuple[str, float], ...]] | None:
        """Return the ring that is shown."""
        return self._ring

    def marks_near(self, x: float) -> list[Mark]:
        """Return the marks within a few pixels of ``x``."""
        reach = 0.35 * self._look.em()
        return [mark for mark in self._marks if abs(self._to_pixel(mark.step, 0.0).x() - x) <= reach]

    def labels(self) -> tuple[MarkLabel, ...]:
        """Return the words at the marks in sight, and where they stand."""
        return self._placed()[0]

    def _placed(self) -> Placed:
        """Return labels and the lines without; found anew only where marks, range or size have changed."""
        area, font = self._area(), self._look.font(8.0)
        key = (self._to_pixel(0.0, 0.0).x(), self._to_pixel(1.0, 0.0).x(), area, self.width(), font)
        if self._placed_for is None or self._placed_for[0] is not self._marks or self._placed_for[1] != key:
            metrics = QFontMetricsF(font)
            rows = LABEL_ROWS if area.height() > 5 * metrics.height() else 1
            room = MarkRoom(area.left(), area.right(), self.width(), rows, 0.8 * metrics.height())
            places = [key[0] + mark.step * (key[1] - key[0]) for mark in self._marks]
            self._found = placed_labels(self._marks, places, room, metrics.horizontalAdvance)
            self._placed_for = (self._marks, key)
        return self._found

    # ---- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw marks, ring and crosshair."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        if self._note:
            painter.setFont(self._look.font(9.0))
            painter.setPen(self._look.palette.colour("faint"))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self._note)
        self._paint_marks(painter, area)
        if self._ring is not None:
            rest = self._radius() + 1
            painter.setClipRect(area.adjusted(-rest, -rest, rest, rest))
            self._paint_ring(painter, area, *self._ring)
            painter.setClipping(False)
        if self._crosshair is not None:
            self._paint_crosshair(painter, area, self._crosshair)
        painter.end()

    def _paint_marks(self, painter: QPainter, area: QRectF) -> None:
        colour = self._look.palette.colour("activation")
        painter.setFont(self._look.font(8.0))
        metrics = QFontMetricsF(painter.font())
        labels, silent = self._placed()
        self._paint_silent(painter, area, silent)
        line = QPen(colour, max(1.2, 0.08 * self._look.em()))
        line.setDashPattern([2.5, 2.5])
        painter.setPen(line)
        for label in labels:
            x = round(label.x) + 0.5
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            down = label.row * metrics.height()
            baseline = area.bottom() - 3 - down if self.labels_at_bottom else area.top() + metrics.ascent() + down
            painter.drawText(QPointF(label.left, baseline), label.text)

    def _paint_silent(self, painter: QPainter, area: QRectF, silent: Sequence[float]) -> None:
        """Draw the marks without words: faint lines, or short ones where there are very many."""
        places = {round(x) for x in silent}
        quiet = self._look.palette.colour("activation")
        quiet.setAlphaF(0.4)
        painter.setPen(QPen(quiet, 1.0, Qt.PenStyle.DotLine))
        top = area.top() if len(places) <= MANY_MARKS else area.bottom() - 0.5 * self._look.em()
        for x in places:
            painter.drawLine(QPointF(x + 0.5, top), QPointF(x + 0.5, area.bottom()))

    def _radius(self) -> float:
        return max(3.5, 0.24 * self._look.em())

    def _paint_ring(self, painter: QPainter, area: QRectF, step: float, dots: Sequence[tuple[str, float]]) -> None:
        """Draw a ring for each value; one beyond the picture is a tip at its edge, and the head tells the number."""
        radius = self._radius()
        for name, height in dots:
            painter.setPen(QPen(self._look.palette.colour(name), 1.6))
            painter.setBrush(self._look.palette.colour("window"))
            point = self._to_pixel(step, height)
            if not area.left() - radius <= point.x() <= area.right() + radius:
                continue  # (a drawing for a file does not clip)
            if area.top() - radius <= point.y() <= area.bottom() + radius:
                painter.drawEllipse(point, radius, radius)
                continue
            is_above = point.y() < area.top()
            tip = QPointF(point.x(), area.top() if is_above else area.bottom())
            base = tip.y() + (1.6 if is_above else -1.6) * radius
            painter.setBrush(self._look.palette.colour(name))
            painter.drawPolygon([tip, QPointF(tip.x() - radius, base), QPointF(tip.x() + radius, base)])

    def _paint_crosshair(self, painter: QPainter, area: QRectF, crosshair: Crosshair) -> None:
        palette, em = self._look.palette, self._look.em(8.5)
        x = self._to_pixel(crosshair.step, 0.0).x()
        if not area.left() - 1 <= x <= area.right() + 1:
            return
        painter.setPen(QPen(palette.colour("muted"), 1.0))
        painter.drawLine(QPointF(round(x) + 0.5, area.top()), QPointF(round(x) + 0.5, area.bottom()))
        for name, height in crosshair.dots:
            point = self._to_pixel(crosshair.step, height)
            if area.adjusted(-1, -1, 1, 1).contains(point):
                painter.setPen(QPen(palette.colour("window"), 1.5))
                painter.setBrush(palette.colour(name))
                painter.drawEllipse(point, 0.26 * em, 0.26 * em)
        self._paint_box(painter, area, x, crosshair.lines)

    def _paint_box(self, painter: QPainter, area: QRectF, x: float, lines: Sequence[tuple[str, str]]) -> None:
        palette, em, font = self._look.palette, self._look.em(8.5), self._look.font(8.5, mono=True)
        metrics = QFontMetricsF(font)
        widest = max(metrics.horizontalAdvance(text) for _, text in lines)
        width = min(widest, 0.75 * self.width()) + em
        height = len(lines) * metrics.height() + 0.6 * em
        left = x + 0.6 * em if x + 0.6 * em + width <= self.width() else x - 0.6 * em - width
        left = min(max(left, 0.0), self.width() - width)
        top = max(min(area.top() + 0.3 * em, self.height() - height), 0.0)
        painter.setPen(QPen(palette.colour("line"), 1.0))
        painter.setBrush(palette.colour("raised"))
        painter.drawRoundedRect(QRectF(left, top, width, height), 0.3 * em, 0.3 * em)
        painter.setFont(font)
        for place, (name, text) in enumerate(lines):
            painter.setPen(palette.colour(name))
            baseline = top + 0.3 * em + place * metrics.height() + metrics.ascent()
            words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - em + 1)
            painter.drawText(QPointF(left + 0.5 * em, baseline), words)


def mark_lines(marks: Sequence[Mark]) -> list[tuple[str, str]]:
    """Return the full words of marks under the mouse, as lines of the crosshair's box."""
    lines = [
        ("activation", f"{SIGNS.get(mark.kind, '•')} {step_text(mark.step)}: {mark.label[:60]}")
        for mark in marks[:MAX_HINTS]
    ]
    more = len(marks) - MAX_HINTS
    return [*lines, ("activation", f"and {more} more")] if more > 0 else lines
