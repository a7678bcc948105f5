"""How rows or pictures lie over their classes: a bar for each of the largest."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.views.look import Look

MOST = 8  # bars


class ClassBalance(QWidget):
    """The classes from the largest down, with how many rows (``noun``) each has; the rest in one line."""

    def __init__(self, look: Look, parent: QWidget | None = None, *, noun: str = "rows") -> None:
        super().__init__(parent)
        self._look, self._noun = look, noun
        self._counts: tuple[tuple[str, int], ...] = ()
        self.setObjectName("class_balance")
        self.setAccessibleName(f"{noun.capitalize()} of each class")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)

    def set_counts(self, counts: tuple[tuple[str, int], ...]) -> None:
        """Show classes with their counts; none empties it."""
        self._counts = tuple(sorted(counts, key=lambda pair: -pair[1]))
        self.setAccessibleDescription(", ".join(f"{name}: {count:,}" for name, count in self._counts[:40]))
        self.setToolTip("\n".join(f"{name}: {count:,} {self._noun}" for name, count in self._counts[:40]))
        self._render_look()

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of the bars."""
        rows = min(len(self._counts), MOST) + (len(self._counts) > MOST)
        return QSize(round(12 * self._look.em()), round(1.35 * rows * self._look.em()))

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw name, bar and count of each."""
        if not self._counts:
            return
        em, palette, width = self._look.em(), self._look.palette, self.width()
        painter = QPainter(self)
        painter.setFont(self._look.font(9.0))
        metrics = QFontMetricsF(painter.font())
        largest = max(count for _, count in self._counts) or 1
        name_room = 0.42 * width
        count_room = metrics.horizontalAdvance(f"{largest:,}") + 0.4 * em
        for place, (name, count) in enumerate(self._counts[:MOST]):
            row = QRectF(0, place * 1.35 * em, width, 1.35 * em)
            words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, name_room - 0.5 * em)
            painter.setPen(palette.colour("text"))
            painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
            bar = QRectF(
                name_room, row.top() + 0.45 * em, (width - name_room - count_room) * count / largest, 0.45 * em
            )
            painter.fillRect(bar, palette.colour("accent"))
            painter.setPen(palette.colour("muted"))
            painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), f"{count:,}")
        if len(self._counts) > MOST:
            rest = self._counts[MOST:]
            row = QRectF(0, MOST * 1.35 * em, width, 1.35 * em)
            words = f"and {len(rest):,} more with {sum(count for _, count in rest):,} {self._noun}"
            painter.setPen(palette.colour("muted"))
            painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        painter.end()
