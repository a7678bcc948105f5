"""The quiet line below a lab that says that something is hidden, with the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from playground.views.look import Look

SENTENCE = "Some controls are hidden for this project."


class HiddenLine(QWidget):
    """In sight only while something is hidden."""

    show_all_wished = Signal()
    choice_wished = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("hidden_line")
        self.setProperty("role", "status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._words = QLabel(SENTENCE, self)
        self._words.setObjectName("hidden_words")
        self._words.setProperty("role", "small")
        show_all = self._button(
            "hidden_show_all", "Show all", "Show every part again; what was set meanwhile stays as it is"
        )
        show_all.clicked.connect(self.show_all_wished)
        choose = self._button("hidden_choose", "Choose …", "Choose which parts of the window are shown")
        choose.clicked.connect(self.choice_wished)
        self._row = QHBoxLayout(self)
        for widget in (self._words, show_all, choose):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self.hide()
        look.changed.connect(self._render_look)
        self._render_look()

    def show_count(self, count: int) -> None:
        """Say that so many parts are hidden; none: the line goes."""
        self._words.setToolTip(f"{count} part{'s' if count > 1 else ''} of the window; what is hidden keeps its value")
        self.setVisible(count > 0)

    def _button(self, name: str, text: str, hint: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setProperty("role", "link")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(text)
        button.setToolTip(hint)
        return button

    def _render_look(self) -> None:
        em = self._look.em()
        self.setFixedHeight(round(1.75 * em))
        self._row.setContentsMargins(round(0.8 * em), 0, round(0.8 * em), 0)
        self._row.setSpacing(round(0.8 * em))
