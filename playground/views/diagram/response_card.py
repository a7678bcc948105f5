"""What the neuron under the mouse (or the keyboard) answers over the plane, large, on a card beside it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from playground.engine.targets import CLASSES
from playground.views.diagram import wording
from playground.views.diagram.colours import mixed
from playground.views.diagram.picture import INPUT, Picture
from playground.views.diagram.response_colours import LINE_REACH, Pixels, as_image, face_pixels
from playground.views.diagram.responses import PlaneInputs, Responses, responses, zero_surface
from playground.views.diagram.state import DiagramState
from playground.views.plane.axis import NO_AXIS
from playground.views.plane.contours import zero_segments

_SIDE = 14.0  # of the picture, in em
_PAD, _LEFT, _TICKS = 0.7, 1.9, 1.5  # around it, and for the numbers at its left and below it
_WORDS = 16.0  # least width of the card in em: so wide are its words
_MOST_TICKS = 4  # about so many along each side
_LINES = 5  # most lines of words above it

Spot = tuple[int, int]


class ResponseCard:
    """Paints the card; its picture is made anew with every frame that it is in sight."""

    def __init__(self, state: DiagramState) -> None:
        self._state = state
        self._kept: tuple[tuple[object, ...], QImage, Pixels, list[QLineF], str] | None = None

    def spot(self) -> Spot | None:
        """Return the neuron that is shown, by place and row: under the mouse, else under the keyboard."""
        state = self._state
        if state.plane is None or state.layout is None or state.picture is None:
            return None
        if state.hover.kind == "unit":
            return state.hover.place, state.hover.row
        return state.focus if state.is_focus_shown else None

    def area(self) -> QRectF:
        """Return where the card stands on the widget: beside its neuron, within the stage; empty where none is."""
        spot, layout = self.spot(), self._state.layout
        cell = None if spot is None or layout is None else layout.column(spot[0]).cell(spot[1])
        if cell is None or layout is None or spot is None:
            return QRectF()
        em, stage = self._state.look.em(), layout.stage
        side = self._side(stage, spot)
        width = min(max(side + (self._left() + 2 * _PAD) * em, _WORDS * em), stage.width())
        height = min(side + self._around(spot) * em, stage.height())
        beside = self._state.view.rect(cell)
        left = beside.right() + 1.1 * em
        if left + width > stage.right():
            left = beside.left() - layout.column(spot[0]).bar * self._state.view.zoom - 1.1 * em - width
        top = min(max(beside.center().y() - height / 2, stage.top()), stage.bottom() - height)
        return QRectF(max(left, stage.left()), top, width, height)

    def _around(self, spot: Spot) -> float:
        """Return the height in em of all but the picture."""
        lines = min(len(wording.card_lines(self._state, *spot)), _LINES)
        return lines * 1.2 + 1.3 + _TICKS + 1.6 * _PAD

    def _left(self) -> float:
        """Return the width in em of the numbers at the left of the picture."""
        plane, look = self._state.plane, self._state.look
        if plane is None or plane.is_line or plane.axes[1].scale.is_plain:
            return _LEFT
        metrics = QFontMetricsF(look.font(8.5))
        ticks = plane.axes[1].ticks(plane.low, plane.high, _MOST_TICKS)
        widest = max((metrics.horizontalAdvance(words) for _, words in ticks), default=0.0)
        return float(max(_LEFT, widest / look.em() + 0.4))

    def _side(self, stage: QRectF, spot: Spot) -> float:
        em = self._state.look.em()
        room = stage.height() - self._around(spot) * em
        return max(min(_SIDE * em, room, 0.6 * stage.width()), 4 * em)

    def paint(self, painter: QPainter) -> None:
        """Paint the card where there is a neuron to show."""
        spot, picture, plane = self.spot(), self._state.picture, self._state.plane
        area = self.area()
        if spot is None or picture is None or plane is None or area.isEmpty():
            return
        palette, em = self._state.look.palette, self._state.look.em()
        painter.setPen(QPen(palette.colour("faint"), 1.0))
        painter.setBrush(palette.colour("panel"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 0.5 * em, 0.5 * em)
        y = self._paint_words(painter, spot, area)
        stage = self._state.layout.stage if self._state.layout is not None else area
        side = round(self._side(stage, spot))
        left = self._left()
        spare = max(area.width() - side - (left + 2 * _PAD) * em, 0.0)
        box = QRectF(round(area.left() + (_PAD + left) * em + spare / 2), round(y), side, side)
        found = responses(picture, plane, spot[0])
        if found is None:
            painter.fillRect(box, palette.colour("zero"))
            return
        self._paint_picture(painter, picture, plane, found, spot, box)
        self._paint_ticks(painter, plane, found, spot[1], box)
        self._paint_place(painter, picture, plane, box)

    def _paint_words(self, painter: QPainter, spot: Spot, area: QRectF) -> float:
        """Paint name and values; return where the picture begins."""
        look, em = self._state.look, self._state.look.em()
        title, *lines = wording.card_lines(self._state, *spot)
        room = QRectF(area.left() + _PAD * em, area.top() + 0.6 * _PAD * em, area.width() - 2 * _PAD * em, 1.2 * em)
        for number, words in enumerate((title, *lines[: _LINES - 1])):
            font = look.font(10.0, bold=True) if number == 0 else look.font(9.0, mono=True)
            painter.setFont(font)
            painter.setPen(look.palette.colour("text" if number == 0 else "muted"))
            shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
            room.translate(0, 1.2 * em)
        return room.top() + 0.3 * em

    def _paint_picture(
        self, painter: QPainter, picture: Picture, plane: PlaneInputs, found: Responses, spot: Spot, box: QRectF
    ) -> None:
        ratio, palette = painter.device().devicePixelRatioF(), self._state.look.palette
        made_for = (picture.snapshot, plane, palette, spot, box, ratio)
        if self._kept is None or not _same(self._kept[0], made_for):
            side = round(box.width() * ratio)
            pixels = face_pixels(found, range(spot[1], spot[1] + 1), side, palette)
            lines, words = self._zero_lines(picture, plane, spot, box)
            self._kept = (made_for, as_image(pixels), pixels, lines, words)
        _, image, _, lines, words = self._kept
        painter.drawImage(box, image)
        em = self._state.look.em()
        if lines:
            painter.setPen(QPen(palette.colour("window"), 0.2 * em))
            painter.drawLines(lines)
            painter.setPen(QPen(palette.colour("text"), 0.09 * em))
            painter.drawLines(lines)
        painter.setPen(QPen(mixed(palette.colour("line"), palette.colour("faint"), 0.4), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        painter.setFont(self._state.look.font(8.5))
        painter.setPen(palette.colour("muted"))
        self._paint_caption(painter, found, spot, f"line: {words}" if lines else "", box)

    def _paint_caption(self, painter: QPainter, found: Responses, spot: Spot, line: str, box: QRectF) -> None:
        """Say what colour and line stand for, as much of it as there is room for."""
        em = self._state.look.em()
        has_scale = found.task != CLASSES and found.values.shape[1] > 1
        scale = f"colour to ±{found.scales[spot[1]]:.3g}" if has_scale else ""
        area = self.area()
        room = QRectF(box.left(), box.bottom() + 1.35 * em, area.right() - _PAD * em - box.left(), 1.2 * em)
        metrics = QFontMetricsF(painter.font())
        for words in (" · ".join(word for word in (scale, line) if word), line, scale):
            if words and metrics.horizontalAdvance(words) <= room.width():
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
                return

    def _zero_lines(self, picture: Picture, plane: PlaneInputs, spot: Spot, box: QRectF) -> tuple[list[QLineF], str]:
        """Return the pieces of the zero line on the screen, and which line it is."""
        zero = None if plane.is_line else zero_surface(picture, plane, *spot)
        if zero is None or not np.isfinite(zero[0]).all():
            return [], ""
        share = zero_segments(zero[0][None], 0.0, 1.0).reshape(-1, 4)
        ends = share * np.array([box.width(), -box.height()] * 2) + np.array([box.left(), box.bottom()] * 2)
        return [QLineF(*piece) for piece in ends.tolist()], zero[1]

    def _paint_ticks(self, painter: QPainter, plane: PlaneInputs, found: Responses, row: int, box: QRectF) -> None:
        """Paint the numbers along both sides: x1 below, x2 (or over a line the neuron's own) at the left."""
        look, em = self._state.look, self._state.look.em()
        painter.setFont(look.font(8.5))
        painter.setPen(look.palette.colour("muted"))
        metrics = QFontMetricsF(painter.font())
        span = plane.high - plane.low
        for tick, words in plane.axes[0].ticks(plane.low, plane.high, _MOST_TICKS):
            x = box.left() + (tick - plane.low) / span * box.width()
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x, box.bottom() + 0.2 * em))
            painter.drawText(
                QPointF(x - metrics.horizontalAdvance(words) / 2, box.bottom() + 0.25 * em + metrics.ascent()), words
            )
        reach = LINE_REACH * float(found.scales[row])
        low, high = (-reach, reach) if plane.is_line else (plane.low, plane.high)
        upward = NO_AXIS if plane.is_line else plane.axes[1]
        for tick, words in upward.ticks(low, high, _MOST_TICKS):
            y = box.bottom() - (tick - low) / max(high - low, 1e-12) * box.height()
            painter.drawLine(QPointF(box.left() - 0.2 * em, y), QPointF(box.left(), y))
            at = box.left() - 0.3 * em - metrics.horizontalAdvance(words)
            painter.drawText(QPointF(at, y + 0.35 * metrics.ascent()), words)

    def _paint_place(self, painter: QPainter, picture: Picture, plane: PlaneInputs, box: QRectF) -> None:
        """Mark where the current input lies, as far as the inputs tell."""
        act = picture.act(INPUT)
        if act is None or len(plane.variables) != (1 if plane.is_line else 2):
            return
        share = [(float(act[row]) - plane.low) / (plane.high - plane.low) for row in plane.variables]
        if not all(0 <= part <= 1 for part in share):
            return
        em = self._state.look.em()
        x = box.left() + share[0] * box.width()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in (("window", 0.26 * em), ("activation", 0.13 * em)):
            painter.setPen(QPen(self._state.look.palette.colour(colour), wide))
            if plane.is_line:
                painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
            else:
                painter.drawEllipse(QPointF(x, box.bottom() - share[1] * box.height()), 0.4 * em, 0.4 * em)


def _same(mine: tuple[object, ...], yours: tuple[object, ...]) -> bool:
    return all(one is other or one == other for one, other in zip(mine, yours, strict=True))
