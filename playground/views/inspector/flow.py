"""A layout that lays widgets in lines and breaks where a line is full."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from playground.views.look import Look


class FlowLayout(QLayout):
    """Items from left to right, ``gap`` em apart, as many as fit in a line.

    With ``is_filled`` those of a line share its width.
    """

    def __init__(self, look: Look, parent: QWidget | None = None, *, gap: float, is_filled: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._look, self._gap = look, gap
        self._is_filled = is_filled
        self.setContentsMargins(0, 0, 0, 0)
        look.changed.connect(self._render_look)
        self._render_look()

    def _render_look(self) -> None:
        self.setSpacing(round(self._gap * self._look.em()))

    def addItem(self, item: QLayoutItem) -> None:
        """Take up an item."""
        self._items.append(item)

    def swap(self, old: QWidget, new: QWidget) -> None:
        """Put ``new`` where ``old`` stands (Qt's own ``replaceWidget`` knows no layouts but Qt's)."""
        place = next(at for at, item in enumerate(self._items) if item.widget() is old)
        self.addWidget(new)
        self._items[place] = self._items.pop()
        self.invalidate()

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, None beyond the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return that it wants no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at ``width``."""
        return self._arrange(QRect(0, 0, width, 0), is_dry=True)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._arrange(rect, is_dry=False)

    def sizeHint(self) -> QSize:
        """Return the size of one line."""
        hints = [self._hint(item) for item in self._shown()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        """Return the room of the largest item."""
        hints = [self._hint(item) for item in self._shown()]
        return QSize(
            max((hint.width() for hint in hints), default=0), max((hint.height() for hint in hints), default=0)
        )

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _hint(self, item: QLayoutItem) -> QSize:
        return item.minimumSize() if self._is_filled else item.sizeHint()

    def _arrange(self, rect: QRect, *, is_dry: bool) -> int:
        gap, below, y = self.spacing(), min(self.spacing(), round(0.35 * self._look.em())), rect.y()
        for line in self._lines(rect.width()):
            height = max(self._hint(item).height() for item in line)
            extra = rect.width() - sum(self._hint(item).width() for item in line) - gap * (len(line) - 1)
            x = rect.x()
            for place, item in enumerate(line):
                share = extra * (place + 1) // len(line) - extra * place // len(line) if self._is_filled else 0
                width = self._hint(item).width() + max(0, share)
                if not is_dry:
                    item.setGeometry(QRect(x, y, width, height))
                x += width + gap
            y += height + below
        return max(0, y - below - rect.y())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        room = -1
        for item in self._shown():
            needed = self._hint(item).width()
            if not lines or needed > room:
                lines.append([])
                room = width
            lines[-1].append(item)
            room -= needed + self.spacing()
        return lines
