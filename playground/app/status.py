"""The status line below: readings of the lab at the left, seed and autosave at the right."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from playground.labs.base import StatusItem
from playground.views.look import Look
from playground.views.roles import set_role

PACE_MS = 200  # numbers that change faster cannot be read
LARGEST_SHARE = 0.45  # of the line for one reading; the sum over very many layers would push the others out


class _Reading(QLabel):
    """One item, its words in full; what is shown of them may be cut. Tells when its type is another one."""

    restyled = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = ""
        self.setObjectName(f"status_{name}")
        self.setProperty("role", "small")
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_within(self, width: float) -> QSize:
        """Show the words, the middle left out where they are wider than ``width``; return the room that they need.

        The size hint would not do: for a label it is never below the least size, so that no room would be given back.
        """
        metrics = QFontMetricsF(self.font())
        shown = metrics.elidedText(self.words, Qt.TextElideMode.ElideMiddle, width)
        if shown != self.text():
            self.setText(shown)
        return QSize(math.ceil(metrics.horizontalAdvance(shown)) + 2, math.ceil(metrics.height()))

    def changeEvent(self, event: QEvent) -> None:
        """Tell of another type."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.restyled.emit()


class StatusLine(QWidget):
    """Items by name, in the order in which they first came; changes are shown together, a few times a second."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("status")
        self.setProperty("role", "status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._labels: dict[str, _Reading] = {}
        self._waiting: dict[str, StatusItem] = {}
        self._row = QHBoxLayout(self)
        self._left, self._right = QHBoxLayout(), QHBoxLayout()
        self._row.addLayout(self._left, 1)
        self._left.addStretch(1)
        self._row.addLayout(self._right)
        self._pace = QTimer(self, singleShot=True, interval=PACE_MS)
        self._pace.timeout.connect(self._show_waiting)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_item(self, item: StatusItem) -> None:
        """Show an item, at once where it is new, else with the next lot."""
        if item.name not in self._labels:
            self._add(item)
            self._show(item)
            return
        self._waiting[item.name] = item
        if not self._pace.isActive():
            self._pace.start()

    def clear_items(self) -> None:
        """Take all items away."""
        self._pace.stop()
        self._waiting.clear()
        for label in self._labels.values():
            label.hide()
            label.deleteLater()
        self._labels.clear()

    def show_now(self) -> None:
        """Show what waits for its turn."""
        self._pace.stop()
        self._show_waiting()

    def text(self, name: str) -> str:
        """Return what is shown, or about to be shown, under ``name``."""
        waiting = self._waiting.get(name)
        if waiting is not None:
            return waiting.text
        return self._labels[name].words if name in self._labels else ""

    def _add(self, item: StatusItem) -> None:
        label = _Reading(item.name, self)
        if item.at_right:
            self._right.addWidget(label)
        else:
            self._left.insertWidget(self._left.count() - 1, label)
        self._labels[item.name] = label
        label.restyled.connect(self._fit_restyled)

    def _show(self, item: StatusItem) -> None:
        label = self._labels[item.name]
        if label.words != item.text:
            label.words = item.text
            self._fit(label)
            label.setAccessibleName(item.text)
            label.setVisible(bool(item.text))
        if label.toolTip() != item.tooltip:
            label.setToolTip(item.tooltip)
        role = "error" if item.is_error else "small"
        if label.property("role") != role:
            set_role(label, role)

    def _fit(self, label: _Reading) -> None:
        """Give a label the room that it needs and a little more: other room means laying out the whole window."""
        room, em = label.maximumSize(), self._look.em()
        needed = label.show_within(max(LARGEST_SHARE * self.width(), 10 * em))
        is_other = label.minimumSize() != room or needed.height() != room.height()
        if is_other or not 0 <= room.width() - needed.width() <= 3 * em:
            label.setFixedSize(needed.width() + round(0.5 * em), needed.height())

    def _fit_restyled(self) -> None:
        """Give the label whose type has another size its room, as for a projector."""
        label = self.sender()
        if isinstance(label, _Reading):
            self._fit(label)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show more of the words that were cut, or cut others."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            for label in self._labels.values():
                self._fit(label)

    def _show_waiting(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for item in waiting.values():
            self._show(item)

    def _render_look(self) -> None:
        em = self._look.em()
        self.setFixedHeight(round(1.65 * em))
        self._row.setContentsMargins(round(0.8 * em), 0, round(0.8 * em), 0)
        for row in (self._left, self._right):
            row.setSpacing(round(1.4 * em))
