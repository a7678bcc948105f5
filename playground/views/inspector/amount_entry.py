"""A line in a menu into which an amount is typed: Enter applies it, what cannot be is answered below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QVBoxLayout, QWidget, QWidgetAction

from playground.views.inspector.words import QuietLine
from playground.views.look import Look
from playground.views.numbers import parsed_number


class AmountEdit(QLineEdit):
    """Keeps Enter to itself: the menu would take it for a choice and close."""

    accepted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept on Enter; Esc is the menu's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self.accepted.emit()
        else:
            super().keyPressEvent(event)


class AmountEntry(QWidgetAction):
    """``chosen`` carries the number; the menu closes with it."""

    chosen = Signal(float)

    def __init__(self, look: Look, name: str, label: str, low: float, high: float, menu: QMenu) -> None:
        super().__init__(menu)
        self._menu, self._label, self._low, self._high = menu, label, low, high
        self._look = look
        self._row = QWidget(menu)
        self._text = QLabel(label, self._row)
        self.edit = AmountEdit(self._row)
        self.edit.setObjectName(name)
        self.edit.setAccessibleName(label)
        self.edit.setToolTip(f"Another {label}, from {low:g} to {high:g}: Enter applies it")
        self.edit.setPlaceholderText("type one")
        self._error = QuietLine(look, colour="bad", parent=self._row)
        self._error.setObjectName(f"{name}_error")
        self._error.hide()
        self._line = QHBoxLayout()
        self._line.addWidget(self._text)
        self._line.addWidget(self.edit)
        self._column = QVBoxLayout(self._row)
        self._column.addLayout(self._line)
        self._column.addWidget(self._error)
        self.setDefaultWidget(self._row)
        self.edit.accepted.connect(self._accept)
        menu.aboutToShow.connect(self._begin)
        look.changed.connect(self._render_look)
        self._render_look()

    def _begin(self) -> None:
        self._say("")
        self.edit.clear()
        self.edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def _accept(self) -> None:
        try:
            found = parsed_number(self.edit.text(), self._label, low=self._low, high=self._high)
        except ValueError as error:
            self._say(str(error))
            return
        if found is not None:
            self._menu.close()
            self.chosen.emit(float(found))

    def _say(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self._row.adjustSize()
        self.setText(sentence)  # which the menu never shows: it is what makes it ask for the room of its lines again
        self._menu.adjustSize()
        if self._menu.isVisible():
            room = self._menu.screen().availableGeometry()
            last = room.bottomRight() - self._menu.rect().bottomRight()
            self._menu.move(min(self._menu.x(), last.x()), min(self._menu.y(), last.y()))

    def _render_look(self) -> None:
        em = self._look.em()
        for widget in (self._text, self.edit):
            widget.setFont(self._look.font(10.0))
        self._text.setStyleSheet(f"QLabel {{ color: {self._look.palette.muted}; background: transparent; }}")
        self.edit.setFixedWidth(round(5.5 * em))
        self._line.setSpacing(round(0.6 * em))
        self._error.setFixedWidth(round(13 * em))
        side = round(0.5 * em)
        self._column.setContentsMargins(2 * side, side // 2, side, side)
