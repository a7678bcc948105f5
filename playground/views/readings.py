"""A caption with a number below it, painted by itself: a label would lay its bar out anew at every step."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.views.look import Look

CAPTION, NUMBER = 9.0, 9.5  # points


class Reading(QWidget):
    """Shows ``text`` below ``caption``; ``longest`` is the text that it keeps room for."""

    def __init__(self, look: Look, name: str, caption: str, longest: str, tooltip: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._caption, self._longest = look, caption, longest
        self._text = ""
        self._is_warning = False
        self.setObjectName(name)
        self.setToolTip(tooltip)
        self.setAccessibleName(caption)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)
        self._render_look()

    def text(self) -> str:
        """Return what is shown."""
        return self._text

    def set_text(self, text: str, *, is_warning: bool = False) -> None:
        """Show another number; one that warns stands in the colour of warnings."""
        if (text, is_warning) == (self._text, self._is_warning):
            return
        self._text, self._is_warning = text, is_warning
        self.setAccessibleName(f"{self._caption} {text}")
        if len(text) > len(self._longest):
            self._longest = text
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for caption and longest number."""
        widths = (
            self._caption_metrics.horizontalAdvance(self._caption),
            self._number_metrics.horizontalAdvance(self._longest),
        )
        height = self._caption_metrics.height() + self._number_metrics.height()
        return QSize(round(max(widths)) + 2, round(height))

    def minimumSizeHint(self) -> QSize:
        """Return the same room."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both lines."""
        painter = QPainter(self)
        palette = self._look.palette
        line = self._caption_metrics.height()
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(self._caption_font)
        painter.setPen(palette.colour("muted"))
        painter.drawText(QRectF(0, 0, self.width(), line), flags, self._caption)
        painter.setFont(self._number_font)
        painter.setPen(palette.colour("bad" if self._is_warning else "text"))
        painter.drawText(QRectF(0, line, self.width(), self.height() - line), flags, self._text)
        painter.end()

    def _render_look(self) -> None:
        self._caption_font = self._look.font(CAPTION)
        self._number_font = self._look.font(NUMBER, mono=True)
        self._caption_metrics = QFontMetricsF(self._caption_font)
        self._number_metrics = QFontMetricsF(self._number_font)
        self.updateGeometry()
        self.update()
