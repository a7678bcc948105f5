"""The legend: which colour is which weight, always in sight."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.views.grid.canvas_painter import rgba_image
from playground.views.look import Look


def scale_text(scale: float) -> str:
    """Return the magnitude at the end of the legend."""
    return f"{scale:g}"


class Legend(QWidget):
    """A bar from −scale over 0 to +scale with its numbers; beyond its ends weights keep the full colour."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._scale = 0.0
        self._note = ""
        self._is_relative = False
        self.setObjectName("weight_legend")
        self.setAccessibleName("colours of the weights")
        self.setToolTip("Colour for the sign, brightness for the size; larger weights keep the full colour.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)
        self.set_scale(1.0)

    def set_scale(self, scale: float, note: str = "", *, is_relative: bool = False) -> None:
        """Show the magnitude of full colour, and a quiet word beside it.

        ``is_relative``: every grid has a scale of its own, and its ends are its largest weights.
        """
        if (scale, note, is_relative) != (self._scale, self._note, self._is_relative):
            self._scale, self._note, self._is_relative = scale, note, is_relative
            low, high = self.ends()
            self.setAccessibleDescription(f"full colour at {low} and {high}")
            self.update()

    def ends(self) -> tuple[str, str]:
        """Return the words at both ends of the bar."""
        if self._is_relative:
            return "−max", "+max"
        return f"−{scale_text(self._scale)}", f"+{scale_text(self._scale)}"

    def scale(self) -> float:
        """Return the magnitude of full colour."""
        return self._scale

    def sizeHint(self) -> QSize:
        """Return the room of one line."""
        return QSize(round(10 * self._look.em()), round(1.15 * self._look.em()))

    def minimumSizeHint(self) -> QSize:
        """Return the least room."""
        return QSize(round(6 * self._look.em()), round(1.15 * self._look.em()))

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw numbers and bar."""
        palette, em = self._look.palette, self._look.em()
        painter = QPainter(self)
        font = self._look.font(8.0, mono=True)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(palette.colour("muted"))
        room = QRectF(self.rect())
        low, high = self.ends()
        if self._note:
            note = QRectF(room)
            painter.setFont(self._look.font(8.0))
            painter.drawText(note, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._note)
            room.setWidth(room.width() - QFontMetricsF(painter.font()).horizontalAdvance(self._note) - em)
            painter.setFont(font)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), low)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), high)
        left = metrics.horizontalAdvance(low) + 0.4 * em
        right = metrics.horizontalAdvance(high) + 0.4 * em
        bar = QRectF(left, (room.height() - 0.42 * em) / 2, max(1.0, room.width() - left - right), 0.42 * em)
        ramp = palette.signed_rgba(np.linspace(-1.0, 1.0, 129)[None], 1.0)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(bar, rgba_image(ramp))
        painter.setPen(QPen(palette.colour("line"), 1))
        painter.drawRect(bar)
        middle = bar.center().x()
        painter.drawLine(QPointF(middle, bar.top() - 2), QPointF(middle, bar.bottom() + 2))
        painter.end()
