"""A layout that lays widgets in lines and breaks where a line is full."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from playground.views.look import Look

Want = tuple[QLayoutItem, QSize]  # an item that takes room, and how much it asks for
Wants = tuple[Want, ...]


class FlowLayout(QLayout):
    """Items from left to right, ``gap`` em apart, as many as fit in a line.

    With ``is_filled`` those of a line share its width. What the items ask for is asked once for each change: Qt wants
    to know heights many times before it places anything.
    """

    # set here already: Qt invalidates a layout while it is being made
    _wanted: Wants | None = None
    _placed: QRect | None = None  # where the items stand, while that is right

    def __init__(self, look: Look, parent: QWidget | None = None, *, gap: float, is_filled: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width
        self._look, self._gap = look, gap
        self._is_filled = is_filled
        self.setContentsMargins(0, 0, 0, 0)
        look.changed.connect(self._render_look)
        self._render_look()

    def _render_look(self) -> None:
        self.setSpacing(round(self._gap * self._look.em()))

    def invalidate(self) -> None:
        """Forget what the items asked for: one of them has changed."""
        self._wanted = self._placed = None
        super().invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        """Take up an item."""
        self._items.append(item)
        self.invalidate()

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
        self._wanted = self._placed = None  # the item may be deleted next
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return that it wants no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at ``width``."""
        wanted = self._wants()
        if width not in self._heights:
            self._heights[width] = self._arrange(wanted, QRect(0, 0, width, 0), is_dry=True)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        if rect == self._placed:
            return
        super().setGeometry(rect)
        self._arrange(self._wants(), rect, is_dry=False)
        self._placed = QRect(rect)

    def sizeHint(self) -> QSize:
        """Return the size of one line."""
        hints = [hint for _, hint in self._wants()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        """Return the room of the largest item."""
        hints = [hint for _, hint in self._wants()]
        return QSize(
            max((hint.width() for hint in hints), default=0), max((hint.height() for hint in hints), default=0)
        )

    def _wants(self) -> Wants:
        if self._wanted is None:
            shown = (item for item in self._items if not item.isEmpty())
            self._wanted = tuple((item, item.minimumSize() if self._is_filled else item.sizeHint()) for item in shown)
            self._heights.clear()
        return self._wanted

    def _arrange(self, wanted: Wants, rect: QRect, *, is_dry: bool) -> int:
        gap, below, y = self.spacing(), min(self.spacing(), round(0.35 * self._look.em())), rect.y()
        for line in _lines(wanted, rect.width(), gap):
            height = max(hint.height() for _, hint in line)
            extra = rect.width() - sum(hint.width() for _, hint in line) - gap * (len(line) - 1)
            x = rect.x()
            for place, (item, hint) in enumerate(line):
                share = extra * (place + 1) // len(line) - extra * place // len(line) if self._is_filled else 0
                width = hint.width() + max(0, share)
                if not is_dry:
                    item.setGeometry(QRect(x, y, width, height))
                x += width + gap
            y += height + below
        return max(0, y - below - rect.y())


def _lines(wanted: Wants, width: int, gap: int) -> list[list[Want]]:
    lines: list[list[Want]] = []
    room = -1
    for item, hint in wanted:
        if not lines or hint.width() > room:
            lines.append([])
            room = width
        lines[-1].append((item, hint))
        room -= hint.width() + gap
    return lines
