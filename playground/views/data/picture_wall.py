"""A few pictures as the network would receive them, each with the name of its class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.views.data.ink import ink_picture, ink_table
from playground.views.look import Look

SIDE = 5.6  # of a picture with its frame, in heights of a line
WORDS = 1.4


class PictureWall(QWidget):
    """As many pictures as there is room for, in rows from the top left."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._inputs: list[NDArray[np.uint8]] = []
        self._names: list[str] = []
        self._notes: list[str] = []
        self._pictures: list[QImage] = []
        self.setObjectName("picture_wall")
        self.setAccessibleName("Some of the pictures, as the network receives them")
        self.setToolTip("What the network would receive of these pictures: 0 is paper, 1 is ink.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self._render_look)

    def set_pictures(self, inputs: Sequence[NDArray[np.uint8]], names: Sequence[str], notes: Sequence[str]) -> None:
        """Show inputs ``[rows, columns]``, the names of their classes, and a few words about each."""
        self._inputs, self._names, self._notes = list(inputs), list(names), list(notes)
        self.setAccessibleDescription(", ".join(self._names))
        self._render_look()

    def inputs(self) -> tuple[NDArray[np.uint8], ...]:
        """Return what is shown."""
        return tuple(self._inputs)

    def _render_look(self) -> None:
        table = ink_table(self._look.palette)
        self._pictures = [ink_picture(values, table) for values in self._inputs]
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of six in a row, four rows of them."""
        em = self._look.em()
        return QSize(round(6 * SIDE * em), round(4 * (SIDE + WORDS) * em))

    def minimumSizeHint(self) -> QSize:
        """Return the room of three in a row, two rows of them."""
        em = self._look.em()
        return QSize(round(3 * SIDE * em), round(2 * (SIDE + WORDS) * em))

    def cell(self, place: int) -> QRectF:
        """Return where a picture stands, with its words; an empty place where there is no room for it."""
        em = self._look.em()
        across = max(1, int(self.width() // (SIDE * em)))
        row, column = divmod(place, across)
        found = QRectF(column * SIDE * em, row * (SIDE + WORDS) * em, SIDE * em, (SIDE + WORDS) * em)
        return found if found.bottom() <= self.height() + 1 or not row else QRectF()

    def event(self, event: QEvent) -> bool:
        """Tell the class and the size of the picture under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            under = [note for place, note in enumerate(self._notes) if self.cell(place).contains(event.pos())]
            QToolTip.showText(event.globalPos(), under[0] if under else self.toolTip(), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw them, unsmoothed."""
        em, palette = self._look.em(), self._look.palette
        painter = QPainter(self)
        painter.setFont(self._look.font(8.5))
        metrics = QFontMetricsF(painter.font())
        for place, (picture, name) in enumerate(zip(self._pictures, self._names, strict=True)):
            cell = self.cell(place)
            if cell.isEmpty():
                break
            frame = QRectF(cell.x(), cell.y(), (SIDE - 0.6) * em, (SIDE - 0.6) * em)
            painter.setPen(QPen(palette.colour("line"), 1.0))
            painter.setBrush(palette.colour("paper"))
            painter.drawRect(frame)
            scale = (frame.width() - 4) / max(picture.width(), picture.height())
            inside = QRectF(0, 0, picture.width() * scale, picture.height() * scale)
            inside.moveCenter(frame.center())
            painter.drawImage(inside, picture)
            painter.setPen(palette.colour("muted"))
            words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, frame.width())
            line = QRectF(frame.x(), frame.bottom(), frame.width(), WORDS * em)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignHCenter), words)
        painter.end()
