"""The corners of the menu bar: the name of the program at the left, that of the project at the right."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QMenuBar

from playground.app.save_question import OpenProject
from playground.views.look import Look


class TitleCorners(QObject):
    """A dot behind the project's name says that something is not saved."""

    def __init__(self, look: Look, bar: QMenuBar) -> None:
        super().__init__(bar)
        self._look, self._bar = look, bar
        self._name = QLabel("Playground", bar)
        self._name.setProperty("role", "heading")
        self.title = QLabel(bar)
        self.title.setObjectName("document_title")
        self.title.setProperty("role", "muted")
        self.title.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        bar.setCornerWidget(self._name, Qt.Corner.TopLeftCorner)
        bar.setCornerWidget(self.title, Qt.Corner.TopRightCorner)

    def show_project(self, project: OpenProject) -> str:
        """Show the project's name; return the title that the window is to have."""
        mark = " •" if project.is_dirty else ""
        self.title.setText(f"{project.title}{mark}")
        self._place_title()
        self.title.setToolTip(
            "The project in this window; the dot says that something is not saved yet" if mark else "All is saved"
        )
        return f"{project.title}{mark} – Playground"

    def render_look(self) -> None:
        """Take the room of the present type."""
        side = round(0.8 * self._look.em())
        self._name.setContentsMargins(side, 0, side, 0)
        self.title.setContentsMargins(0, 0, side, 0)
        self._place_title()

    def _place_title(self) -> None:
        """Give the corner the height of the menus and the width of the name: a menu bar does neither by itself."""
        self.title.setFixedHeight(round(1.85 * self._look.em()))
        self.title.setMinimumWidth(self.title.sizeHint().width())
        self._bar.setCornerWidget(self.title, Qt.Corner.TopRightCorner)
