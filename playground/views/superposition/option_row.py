"""A row of words of which one is chosen: tabs, or what a picture shows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from playground.views.heads import FlatButton
from playground.views.look import Look


class OptionRow(QWidget):
    """Buttons side by side; ``chosen`` carries the value that the user took. The arrow keys go along the row."""

    chosen = Signal(str)

    def __init__(
        self,
        look: Look,
        name: str,
        accessible: str,
        options: Sequence[tuple[str, str, str]],
        parent: QWidget | None = None,
    ) -> None:
        """Build the row; ``options`` are value, word and tooltip of each."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self._values = [value for value, _, _ in options]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for at, (value, word, hint) in enumerate(options):
            button = FlatButton(look, f"{name}_{value}", word, hint, accessible=f"{accessible}: {word}", parent=self)
            button.setCheckable(True)
            self._group.addButton(button, at)
            row.addWidget(button)
        row.addStretch(1)
        self._group.idClicked.connect(self._choose)
        self.set_value(self._values[0])

    def value(self) -> str:
        """Return what is chosen."""
        return self._values[self._group.checkedId()]

    def set_value(self, value: str) -> None:
        """Show ``value`` without a word to anybody."""
        self._button(self._values.index(value)).setChecked(True)

    def _button(self, at: int) -> QAbstractButton:
        return self._group.button(at)

    def _choose(self, at: int) -> None:
        self.chosen.emit(self._values[at])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go along the row."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            event.ignore()
            return
        button = self._button((self._group.checkedId() + step) % len(self._values))
        button.setFocus()
        button.click()
