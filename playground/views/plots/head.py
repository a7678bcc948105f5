"""The line above a plot: its name, and what each curve stands at now, in the curve's colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.views.look import Look

NAMES = ("train", "validation")
LEGENDS = (NAMES, ("train", "valid."), ("tr.", "val."))


class PlotHead(QWidget):
    """Name at the left; at the right the legend with the latest values. Too little room drops the values first."""

    def __init__(self, look: Look, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._title = look, title
        self._values = ("", "")
        self._has_ghost = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)

    def set_values(self, train: str, validation: str, *, has_ghost: bool = False) -> None:
        """Show the latest values."""
        if (train, validation) != self._values or has_ghost != self._has_ghost:
            self._values, self._has_ghost = (train, validation), has_ghost
            self.update()

    def set_title(self, title: str, hint: str) -> None:
        """Name what is plotted; ``hint`` says how it is reckoned."""
        self._title = title
        self.setToolTip(hint)
        self.setAccessibleName(title)
        self.setAccessibleDescription(hint)
        self.update()

    def title(self) -> str:
        """Return the name of what is plotted."""
        return self._title

    def values(self) -> tuple[str, str]:
        """Return the texts that are shown."""
        return self._values

    def legend(self) -> tuple[str, ...]:
        """Return the words of the legend that have room beside the name: whole, short, or none."""
        em, metrics = self._look.em(9.0), QFontMetricsF(self._look.font(9.0))
        room = self.width() - metrics.horizontalAdvance(self._title) - em
        for words in LEGENDS:
            if sum(metrics.horizontalAdvance(word) + 0.9 * em for word in words) - 0.9 * em <= room:
                return words
        return ("", "")

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return one line of text."""
        em = self._look.em(9.0)
        return QSize(round(10 * em), round(1.35 * em))

    def minimumSizeHint(self) -> QSize:
        """Return room for the name."""
        em = self._look.em(9.0)
        return QSize(round(4 * em), round(1.35 * em))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw name and legend."""
        palette, em = self._look.palette, self._look.em(9.0)
        painter = QPainter(self)
        plain, mono = self._look.font(9.0), self._look.font(8.5, mono=True)
        metrics, digits = QFontMetricsF(plain), QFontMetricsF(mono)
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
        painter.setFont(plain)
        painter.setPen(palette.colour("muted"))
        painter.drawText(QPointF(0, baseline), self._title)
        left = metrics.horizontalAdvance(self._title) + em
        entries = [
            (name, word, value) for name, word, value in zip(NAMES, self.legend(), self._values, strict=True) if word
        ]
        words = sum(metrics.horizontalAdvance(word) + 0.9 * em for _, word, _ in entries)
        numbers = sum(digits.horizontalAdvance(value) + 0.35 * em for _, _, value in entries)
        shows_values = left + words + numbers <= self.width()
        x = self.width() - words - (numbers if shows_values else 0.0) + 0.9 * em
        if self._has_ghost and x - left > metrics.horizontalAdvance("faint: before the reset") + em:
            painter.setPen(palette.colour("faint"))
            painter.drawText(QPointF(left, baseline), "faint: before the reset")
        for name, word, value in entries:
            painter.setPen(palette.colour(name))
            painter.setFont(plain)
            painter.drawText(QPointF(x, baseline), word)
            x += metrics.horizontalAdvance(word) + 0.35 * em
            if shows_values:
                painter.setFont(mono)
                painter.drawText(QPointF(x, baseline), value)
                x += digits.horizontalAdvance(value) + 0.35 * em
            x += 0.55 * em
        painter.end()
