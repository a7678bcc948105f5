"""The answer: a bar for each class, the highest lit, the example's own label marked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.views.look import Look

MAX_ROWS = 12


class AnswerBars(QWidget):
    """Bars for probabilities, or for raw activations where the outputs are none; exact values on hover.

    Of more than 12 classes the strongest are shown, and the label of the example.
    """

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._values = np.zeros(0, np.float64)
        self._names: tuple[str, ...] = ()
        self._label: int | None = None
        self._are_probabilities = True
        self._rows: list[int] = []
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
    ) -> None:
        """Show ``values`` ``[classes]``; None empties the bars. ``label`` is the class of the example, if known."""
        found = np.zeros(0) if values is None else np.array(values, np.float64)
        names = tuple(names) if len(names) == len(found) else tuple(f"output {i + 1}" for i in range(len(found)))
        state = (names, label, are_probabilities)
        if state == (self._names, self._label, self._are_probabilities) and np.array_equal(
            found, self._values, equal_nan=True
        ):
            return
        had_rows = len(self._rows)
        self._values, (self._names, self._label, self._are_probabilities) = found, state
        self._rows = self._chosen_rows()
        if len(self._rows) != had_rows:
            self.updateGeometry()
        self.setAccessibleDescription(self.spoken())
        self.update()

    def winner(self) -> int | None:
        """Return the class with the highest value."""
        return self._order()[0] if np.isfinite(self._values).any() else None

    def _order(self) -> list[int]:
        """Return the classes from the strongest to the weakest; what is no number comes last."""
        values = np.where(np.isfinite(self._values), self._values, -np.inf)
        return [int(index) for index in np.argsort(-values, kind="stable")]

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
        return f"{100 * value:.2f} %" if self._are_probabilities else f"{value:.3f}".replace("-", "−")

    def _label_name(self) -> str:
        known = self._label is not None and 0 <= self._label < len(self._names)
        return self._names[self._label] if known and self._label is not None else "unknown"

    def _chosen_rows(self) -> list[int]:
        if len(self._values) <= MAX_ROWS:
            return list(range(len(self._values)))
        rows = self._order()[:MAX_ROWS]
        if self._label is not None and self._label < len(self._values) and self._label not in rows:
            rows[-1] = self._label
        return rows

    # ---- showing -----------------------------------------------------------------------------------------------

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def _row_height(self) -> float:
        return 1.22 * self._look.em()

    def sizeHint(self) -> QSize:
        """Return the room of all rows."""
        return QSize(round(12 * self._look.em()), round(max(len(self._rows), 1) * self._row_height()) + 2)

    def minimumSizeHint(self) -> QSize:
        """Return the room of all rows."""
        return self.sizeHint()

    def _columns(self) -> tuple[float, float]:
        """Return where the bars begin and end."""
        metrics = QFontMetricsF(self._look.font(9.0))
        numbers = QFontMetricsF(self._look.font(9.0, mono=True))
        em = self._look.em()
        widest = max((metrics.horizontalAdvance(self._names[i]) for i in self._rows), default=0.0)
        left = min(max(widest, 0.7 * em), 0.4 * self.width()) + 0.9 * em
        return left, self.width() - numbers.horizontalAdvance("100.00 %") - 0.3 * em

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw one row for each class."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._rows:
            painter.setFont(self._look.font(9.0))
            painter.setPen(self._look.palette.colour("faint"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), "draw, or choose an example")
        low, high = self._limits()
        winner, (left, right) = self.winner(), self._columns()
        for place, index in enumerate(self._rows):
            row = QRectF(0, place * self._row_height(), self.width(), self._row_height())
            bar = QRectF(left, row.y() + 0.16 * row.height(), max(right - left, 4.0), 0.68 * row.height())
            self._paint_row(painter, index, row, bar, (low, high), is_winner=index == winner)
        painter.end()

    def _limits(self) -> tuple[float, float]:
        """Return the values at the left and the right end of the bars."""
        if self._are_probabilities:
            return 0.0, 1.0
        finite = self._values[np.isfinite(self._values)]
        return (min(0.0, float(finite.min())), max(1.0, float(finite.max()))) if len(finite) else (0.0, 1.0)

    def _paint_row(
        self, painter: QPainter, index: int, row: QRectF, bar: QRectF, limits: tuple[float, float], *, is_winner: bool
    ) -> None:
        palette, em = self._look.palette, self._look.em()
        is_label = index == self._label
        colour = palette.colour("text" if is_winner else "muted")
        painter.setPen(colour)
        painter.setFont(self._look.font(9.0, bold=is_winner))
        name = QRectF(0.55 * em, row.y(), bar.x() - 0.9 * em, row.height())
        words = QFontMetricsF(painter.font()).elidedText(
            self._names[index], Qt.TextElideMode.ElideRight, name.width() + 0.3 * em
        )
        painter.drawText(name.adjusted(0, 0, 0.3 * em, 0), int(Qt.AlignmentFlag.AlignVCenter), words)
        painter.setFont(self._look.font(9.0, mono=True))
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self.text_of(index))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.colour("raised"))
        painter.drawRoundedRect(bar, 1.5, 1.5)
        value = float(np.nan_to_num(self._values[index], nan=0.0, posinf=limits[1], neginf=limits[0]))
        zero, end = (bar.x() + bar.width() * (v - limits[0]) / (limits[1] - limits[0]) for v in (0.0, value))
        filled = QRectF(min(zero, end), bar.y(), max(abs(end - zero), 1.5), bar.height())
        painter.setBrush(palette.colour("good" if is_winner else "faint"))
        painter.drawRoundedRect(filled, 1.5, 1.5)
        if is_label:
            middle, size = row.center().y(), 0.22 * em
            painter.setBrush(palette.colour("activation"))
            painter.drawPolygon(
                QPolygonF([QPointF(0, middle - size), QPointF(1.5 * size, middle), QPointF(0, middle + size)])
            )

    def event(self, event: QEvent) -> bool:
        """Tell the exact value under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = int(event.pos().y() // self._row_height())
            QToolTip.showText(event.globalPos(), self.hint_at(place), self)
            return True
        return super().event(event)

    def hint_at(self, place: int) -> str:
        """Return what the tooltip says at the row ``place``."""
        if not 0 <= place < len(self._rows):
            return ""
        index = self._rows[place]
        kind = "probability (softmax of the outputs)" if self._are_probabilities else "activation of the output neuron"
        note = "\nThis is the label of the example." if index == self._label else ""
        more = len(self._values) - len(self._rows)
        rest = f"\n{more} weaker classes are not shown." if more else ""
        return f"{self._names[index]}: {float(self._values[index]):.8g}, the {kind}.{note}{rest}"
