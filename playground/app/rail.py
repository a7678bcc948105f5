"""The rail at the left: one button a lab."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from playground.labs.base import Lab
from playground.views.look import Look
from playground.views.sources import IconSource

_NAME = 7.5  # points of the names, as the style sheet has them


class Rail(QWidget):
    """The labs by icon and name, the one in front marked."""

    lab_chosen = Signal(str)

    def __init__(self, look: Look, labs: Iterable[Lab], icon: IconSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._icon = look, icon
        self.setObjectName("rail")
        self.setProperty("role", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._icons: dict[str, str] = {}
        self._column = QVBoxLayout(self)
        for place, lab in enumerate(labs, 1):
            self._add(lab, place)
        self._column.addStretch(1)
        self._group.buttonClicked.connect(self._choose)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_front(self, name: str) -> None:
        """Mark the lab that is in front."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)

    def set_hidden(self, names: frozenset[str]) -> None:
        """Hide the labs of these names, and show all others; the one in front stays in front."""
        for name, button in self._buttons.items():
            button.setVisible(name not in names)

    def _add(self, lab: Lab, place: int) -> None:
        button = QToolButton(self)
        button.setObjectName(f"rail_{lab.name}")
        button.setProperty("role", "rail")
        button.setProperty("lab", lab.name)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setText(lab.title)
        button.setCheckable(True)
        button.setAccessibleName(f"{lab.title} lab")
        button.setToolTip(f"{lab.description} (Ctrl+{place})" if place < 10 else lab.description)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._group.addButton(button)
        self._buttons[lab.name] = button
        self._icons[lab.name] = lab.icon
        self._column.addWidget(button)

    def _choose(self, button: QToolButton) -> None:
        self.lab_chosen.emit(button.property("lab"))

    def _render_look(self) -> None:
        em = self._look.em()
        names = QFontMetricsF(self._look.font(_NAME))
        longest = max((names.horizontalAdvance(button.text()) for button in self._buttons.values()), default=0.0)
        self.setFixedWidth(round(max(4.3 * em, longest + 1.1 * em)))
        margin = round(0.2 * em)
        self._column.setContentsMargins(margin, round(0.6 * em), margin, margin)
        self._column.setSpacing(round(0.25 * em))
        side = round(1.4 * em)
        for name, button in self._buttons.items():
            button.setIconSize(QSize(side, side))
            button.setIcon(self._icon(self._icons[name], "muted", "text"))
