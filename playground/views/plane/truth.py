"""A truth table: every combination of bits, which neurons fire, and whether the answer is the one that is wanted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.views.look import Look

MOST_COLUMNS = 8  # neurons beside the inputs that have room


@dataclass(frozen=True)
class TruthRows:
    """``heads`` over the columns; ``rows`` hold bits, neurons that fire and the answer; ``wanted`` a bit a row."""

    heads: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]
    wanted: tuple[int, ...]

    @property
    def right(self) -> int:
        """Return how many answers are the wanted ones."""
        return sum(row[-1] == wanted for row, wanted in zip(self.rows, self.wanted, strict=True))

    def spoken(self) -> str:
        """Return the table in words."""
        lines = [
            ", ".join(f"{head} {bit}" for head, bit in zip(self.heads, row, strict=True)) + f", wanted {wanted}"
            for row, wanted in zip(self.rows, self.wanted, strict=True)
        ]
        return "; ".join(lines)


class TruthView(QWidget):
    """Draws the table."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.table: TruthRows | None = None
        self.setObjectName("truth_table")
        self.setAccessibleName("Truth table")
        self.setToolTip(
            "What each neuron says to every combination of two bits: 1 where its pre-activation is above 0 (McCulloch "
            "and Pitts). The last column says what is wanted."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)

    def show_table(self, table: TruthRows) -> None:
        """Show another table."""
        if table != self.table:
            is_other = self.table is None or len(table.rows) != len(self.table.rows)
            self.table = table
            self.setAccessibleDescription(table.spoken())
            if is_other:
                self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room of all rows."""
        em = self._look.em()
        return QSize(round(13 * em), round((1.45 + 1.25 * (4 if self.table is None else len(self.table.rows))) * em))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw heads and rows; a wrong answer stands in the colour of errors."""
        if self.table is None:
            return
        em, palette, table = self._look.em(), self._look.palette, self.table
        painter = QPainter(self)
        is_narrow = len(table.heads) > 3
        heads = (*table.heads[:-1], "out", "goal") if is_narrow else (*table.heads, "wanted")
        width = self.width() / len(heads)
        painter.setFont(self._look.font(8.5))
        painter.setPen(palette.colour("muted"))
        metrics = QFontMetricsF(painter.font())
        for place, head in enumerate(heads):
            box = QRectF(place * width, 0, width, 1.3 * em)
            words = metrics.elidedText(head, Qt.TextElideMode.ElideRight, width - 2)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
        painter.setPen(QPen(palette.colour("line"), 1.0))
        painter.drawLine(QPointF(0, 1.35 * em), QPointF(self.width(), 1.35 * em))
        painter.setFont(self._look.font(9.5, mono=True))
        for line, (row, wanted) in enumerate(zip(table.rows, table.wanted, strict=True)):
            top = (1.45 + 1.25 * line) * em
            is_right = row[-1] == wanted
            for place, bit in enumerate((*row, wanted)):
                is_answer = place == len(row) - 1
                colour = ("good" if is_right else "bad") if is_answer else "text" if bit else "faint"
                painter.setPen(palette.colour(colour))
                box = QRectF(place * width, top, width, 1.2 * em)
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(bit))
        painter.end()

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()
