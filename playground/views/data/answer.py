"""The answer: a bar for each class, the highest lit, the example's own label marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.views.look import Look

MAX_ROWS = 12
NOT_YET, EMPTY = "the network is being made …", "draw, or choose an example"
LEAST_ROWS = 3  # of a low window
_LEAST_BAR = 4.0  # heights of a line


@dataclass(frozen=True)
class _Look:
    """What a row shows: its number, where 0 and the value stand on the bar (0 to 1), whether it is the winner's."""

    text: str
    zero: float
    share: float
    is_winner: bool

    def is_like(self, other: _Look, fine: float) -> bool:
        """Say whether both look the same, shares that differ by less than ``fine`` included."""
        is_near = abs(self.share - other.share) < fine and abs(self.zero - other.zero) < fine
        return is_near and self.text == other.text and self.is_winner == other.is_winner


@dataclass(frozen=True)
class _Band:
    """Where the parts of a row stand, and its name in the plain and in the bold face."""

    row: QRectF
    bar: QRectF
    name: QRectF
    words: tuple[str, str]

    @property
    def area(self) -> QRect:
        """Return the pixels that the row may touch: a little less than its height, none of its neighbours'."""
        margin = 0.05 * self.row.height()
        return self.row.adjusted(0, margin, 0, -margin).toAlignedRect()


class AnswerBars(QWidget):
    """Bars for probabilities, or for raw activations where the outputs are none; exact values on hover.

    Of more than 12 classes (fewer in a low window) the strongest are shown, and the label of the example.
    """

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._values = np.zeros(0, np.float64)
        self._ordered: tuple[NDArray[np.float64], list[int]] = (self._values, [])
        self._names: tuple[str, ...] = ()
        self._label: int | None = None
        self._are_probabilities = True
        self._reach: tuple[float, float] | None = None
        self._most, self._empty = MAX_ROWS, NOT_YET
        self._rows: list[int] = []
        self._looks: list[_Look] = []
        self._bands: list[_Band] = []  # found anew where names, rows, size or type change
        self.setObjectName("answer_bars")
        self.setAccessibleName("Answer of the network")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)

    def render_answer(
        self,
        values: NDArray[np.floating] | None,
        names: Sequence[str],
        label: int | None = None,
        *,
        are_probabilities: bool = True,
        reach: tuple[float, float] | None = None,
    ) -> None:
        """Show ``values`` ``[classes]``; None empties the bars. ``label`` is the class of the example, if known.

        ``reach``: these are numbers in their own unit, which lie between two others in the data.
        """
        found = np.zeros(0) if values is None else np.array(values, np.float64)
        names = tuple(names) if len(names) == len(found) else tuple(f"output {i + 1}" for i in range(len(found)))
        state = (names, label, are_probabilities)
        if (*state, reach) == (self._names, self._label, self._are_probabilities, self._reach) and np.array_equal(
            found, self._values, equal_nan=True
        ):
            return
        self._reach = reach
        had_rows, had_looks = self._rows, self._looks
        has_same_frame = state == (self._names, self._label, self._are_probabilities)
        self._values, (self._names, self._label, self._are_probabilities) = found, state
        self._rows = self._chosen_rows()
        self._looks = self._row_looks()
        if len(self._rows) != len(had_rows):
            self.updateGeometry()
        self.setAccessibleDescription(self.spoken())
        if has_same_frame and self._rows == had_rows:
            self._update_rows(had_looks)
        else:
            self._bands = []
            self.update()

    def set_ready(self) -> None:
        """Take note that the network is there: without an answer it is the input that is missing."""
        if self._empty != EMPTY:
            self._empty = EMPTY
            self.update()

    def set_most(self, most: int) -> None:
        """Show at most so many rows."""
        most = min(max(most, LEAST_ROWS), MAX_ROWS)
        if most != self._most:
            self._most, self._bands = most, []
            self._rows = self._chosen_rows()
            self._looks = self._row_looks() if self._rows else []
            self.updateGeometry()
            self.update()

    def _row_looks(self) -> list[_Look]:
        """Return for each row what may change from answer to answer: number, place of the bar's end, winner or not."""
        winner, (low, high) = self.winner(), self._limits()
        shown = np.clip(np.nan_to_num(self._values, nan=0.0, posinf=high, neginf=low), low, high)
        shares = (shown - low) / (high - low)
        zero = min(max(-low / (high - low), 0.0), 1.0)
        return [_Look(self.text_of(i), zero, float(shares[i]), is_winner=i == winner) for i in self._rows]

    def _update_rows(self, before: list[_Look]) -> None:
        """Paint anew the rows that look different: of ten probabilities most stay next to 0."""
        fine = 0.25 / max(self.width(), 1)  # of a bar: a quarter of a pixel
        for place, (old, new) in enumerate(zip(before, self._looks, strict=True)):
            if not new.is_like(old, fine):
                self.update(self._placed()[place].area)

    def winner(self) -> int | None:
        """Return the class with the highest value."""
        order = self._order()
        return order[0] if order and math.isfinite(self._values[order[0]]) else None

    def _order(self) -> list[int]:
        """Return the classes from the strongest to the weakest; what is no number comes last."""
        if self._ordered[0] is not self._values:
            values = np.where(np.isfinite(self._values), self._values, -np.inf)
            self._ordered = (self._values, np.argsort(-values, kind="stable").tolist())
        return self._ordered[1]

    def spoken(self) -> str:
        """Return the answer in words: the three strongest classes."""
        if self.winner() is None:
            return "no answer"
        words = ", ".join(f"{self._names[i]} with {self.text_of(i)}" for i in self._order()[:3])
        return words if self._label is None else f"{words}; the label is {self._label_name()}"

    def text_of(self, index: int) -> str:
        """Return the value of a class as it stands beside its bar."""
        value = float(self._values[index])
        if not np.isfinite(value):
            return "no number"
        if self._reach is not None:
            low, high = self._reach
            decimals = 3 - math.floor(math.log10(high - low)) if high > low else 3
            return f"{value:,.{min(max(decimals, 0), 9)}f}".replace("-", "−")
        return f"{100 * value:.2f} %" if self._are_probabilities else f"{value:.3f}".replace("-", "−")

    def _label_name(self) -> str:
        known = self._label is not None and 0 <= self._label < len(self._names)
        return self._names[self._label] if known and self._label is not None else "unknown"

    def _chosen_rows(self) -> list[int]:
        if len(self._values) <= self._most:
            return list(range(len(self._values)))
        rows = self._order()[: self._most]
        if self._label is not None and self._label < len(self._values) and self._label not in rows:
            rows[-1] = self._label
        return rows

    # ---- showing -----------------------------------------------------------------------------------------------

    def _render_look(self) -> None:
        self._bands = []
        self.updateGeometry()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find anew where the rows stand."""
        self._bands = []
        super().resizeEvent(event)

    def row_height(self) -> float:
        """Return the height of one bar with its name."""
        return 1.22 * self._look.em()

    def sizeHint(self) -> QSize:
        """Return the room of all rows."""
        return QSize(round(12 * self._look.em()), round(max(len(self._rows), 1) * self.row_height()) + 2)

    def minimumSizeHint(self) -> QSize:
        """Return the room of all rows."""
        return self.sizeHint()

    def _columns(self) -> tuple[float, float]:
        """Return where the bars begin and end."""
        metrics = QFontMetricsF(self._look.font(9.0, bold=True))  # so the winner's name stands
        numbers = QFontMetricsF(self._look.font(9.0, mono=True))
        em = self._look.em()
        widest = max((metrics.horizontalAdvance(self._names[i]) for i in self._rows), default=0.0)
        texts = ["100.00 %"] if self._reach is None else [look.text for look in self._looks]
        right = self.width() - max(map(numbers.horizontalAdvance, texts), default=0.0) - 0.3 * em
        most = max(0.4 * self.width(), right - _LEAST_BAR * em)  # names come first, up to a short bar
        return min(max(widest + 0.3 * em, 0.7 * em), most) + 0.9 * em, right

    def _placed(self) -> list[_Band]:
        """Return where the rows stand."""
        if self._bands or not self._rows:
            return self._bands
        em, height, (left, right) = self._look.em(), self.row_height(), self._columns()
        faces = [QFontMetricsF(self._look.font(9.0, bold=is_bold)) for is_bold in (False, True)]
        for place, index in enumerate(self._rows):
            row = QRectF(0, place * height, self.width(), height)
            bar = QRectF(left, row.y() + 0.16 * height, max(right - left, 4.0), 0.68 * height)
            name = QRectF(0.55 * em, row.y(), bar.x() - 0.6 * em, height)
            plain, bold = (
                face.elidedText(self._names[index], Qt.TextElideMode.ElideRight, name.width()) for face in faces
            )
            self._bands.append(_Band(row, bar, name, (plain, bold)))
        return self._bands

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a row for each class, of those that are to be drawn."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._rows:
            painter.setFont(self._look.font(9.0))
            painter.setPen(self._look.palette.colour("faint"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), self._empty)
        region = event.region()
        for index, band, look in zip(self._rows, self._placed(), self._looks, strict=True):
            if region.intersects(band.area):
                self._paint_row(painter, index, band, look)
        painter.end()

    def _limits(self) -> tuple[float, float]:
        """Return the values at the left and the right end of the bars."""
        if self._are_probabilities:
            return 0.0, 1.0
        if self._reach is not None and self._reach[1] > self._reach[0]:
            return self._reach
        finite = self._values[np.isfinite(self._values)]
        return (min(0.0, float(finite.min())), max(1.0, float(finite.max()))) if len(finite) else (0.0, 1.0)

    def _paint_row(self, painter: QPainter, index: int, band: _Band, look: _Look) -> None:
        palette, row, bar = self._look.palette, band.row, band.bar
        painter.setPen(palette.colour("text" if look.is_winner else "muted"))
        painter.setFont(self._look.font(9.0, bold=look.is_winner))
        painter.drawText(band.name, int(Qt.AlignmentFlag.AlignVCenter), band.words[look.is_winner])
        painter.setFont(self._look.font(9.0, mono=True))
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), look.text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.colour("raised"))
        painter.drawRoundedRect(bar, 1.5, 1.5)
        zero, end = (bar.x() + bar.width() * share for share in (look.zero, look.share))
        filled = QRectF(min(zero, end), bar.y(), max(abs(end - zero), 1.5), bar.height())
        painter.setBrush(self._bar_colour(index, is_winner=look.is_winner))
        painter.drawRoundedRect(filled, 1.5, 1.5)
        if index == self._label:
            middle, size = row.center().y(), 0.22 * self._look.em()
            painter.setBrush(palette.colour("activation"))
            painter.drawPolygon(
                QPolygonF([QPointF(0, middle - size), QPointF(1.5 * size, middle), QPointF(0, middle + size)])
            )

    def _bar_colour(self, index: int, *, is_winner: bool) -> QColor:
        """Return the colour of a bar: the winner's is lit; what is no probability takes the colour of its sign."""
        palette = self._look.palette
        if self._are_probabilities:
            return palette.colour("good" if is_winner else "faint")
        colour = palette.colour("negative" if self._values[index] < 0 else "positive")
        colour.setAlphaF(1.0 if is_winner else 0.5)
        return colour

    def event(self, event: QEvent) -> bool:
        """Tell the exact value under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = int(event.pos().y() // self.row_height())
            QToolTip.showText(event.globalPos(), self.hint_at(place), self)
            return True
        return super().event(event)

    def hint_at(self, place: int) -> str:
        """Return what the tooltip says at the row ``place``."""
        if not 0 <= place < len(self._rows):
            return ""
        index = self._rows[place]
        kind = "probability (softmax of the outputs)" if self._are_probabilities else "activation of the output neuron"
        if self._reach is not None:
            kind = "answer in the unit of the data, in which the training part has {:,.6g} to {:,.6g}".format(
                *self._reach
            )
        note = "\nThis is the label of the example." if index == self._label else ""
        more = len(self._values) - len(self._rows)
        rest = f"\n{more} weaker classes are not shown." if more else ""
        return f"{self._names[index]}: {float(self._values[index]):.8g}, the {kind}.{note}{rest}"
