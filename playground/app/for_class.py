"""What is hidden for a class: the sheet that chooses it, the actions that rest, and the way back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from playground.app.class_parts import all_parts, lab_part, presets
from playground.app.window import MainWindow
from playground.labs.base import Message, Remedy
from playground.session.hiding import Hiding
from playground.views.parts import actions_of

if TYPE_CHECKING:
    from playground.views.parts_sheet import PartsSheet

KIND = "hidden"


class ForClass(QObject):
    """Applies what the project hides to the window and to the lab in front, at once and whenever either changes."""

    def __init__(self, window: MainWindow, hiding: Hiding) -> None:
        super().__init__(window)
        self._window = window
        self._hiding = hiding
        self._parts = all_parts(window.labs)
        self._groups = {lab.name: frozenset(part.id for part in lab.parts) for lab in window.labs}
        self._sheet: PartsSheet | None = None
        window.actions_table.answer("view.class", self.open_sheet)
        window.actions_table.hidden_wished.connect(self._say_hidden)
        window.hidden_line.show_all_wished.connect(self.show_all)
        window.hidden_line.choice_wished.connect(self.open_sheet)
        window.lab_changed.connect(self._apply_to_front)
        window.closed.connect(self._close_sheet)
        hiding.changed.connect(self._apply)
        self._apply()

    def open_sheet(self) -> None:
        """Show the sheet; the window can be used meanwhile."""
        if self._sheet is None:
            from playground.views.parts_sheet import PartsSheet  # seldom opened: not before the window stands

            self._sheet = PartsSheet(self._window.look, self._parts, presets(self._parts), self._window)
            self._sheet.hidden_chosen.connect(self._hiding.choose)
        self._sheet.show_hidden(self._hiding.parts)
        self._sheet.show()
        self._sheet.activateWindow()

    def show_all(self) -> None:
        """Show every part again; one click hides them again."""
        before = self._hiding.parts
        if before:
            self._hiding.choose(frozenset())
            again = Remedy("Hide again", partial(self._hiding.choose, before))
            self._window.show_message(Message("Everything is shown again.", kind=KIND, remedies=(again,), seconds=12.0))

    def _apply(self) -> None:
        hidden = self._hiding.parts
        known = frozenset(part.id for part in self._parts)
        self._window.hidden_line.show_count(len(hidden & known))
        self._window.messages.settle(KIND)
        self._window.rail.set_hidden(frozenset(name for name in self._groups if lab_part(name) in hidden))
        if self._sheet is not None:
            self._sheet.show_hidden(hidden)
        self._apply_to_front()

    def _apply_to_front(self, _name: str = "") -> None:
        """Hide in the lab in front, and let the actions rest that belong to what it hides."""
        front, hidden = self._window.lab, self._hiding.parts
        others = frozenset().union(*(ids for name, ids in self._groups.items() if name != self._window.lab_name))
        actions = actions_of(self._parts, hidden - others)
        self._window.actions_table.set_hidden(actions)
        self._window.menus.fit_actions()
        if front is not None:
            front.set_hidden(hidden)

    def _say_hidden(self, text: str) -> None:
        sentence = f"“{text}” is hidden for this project, and its key rests."
        remedies = (Remedy("Show all", self.show_all), Remedy("Choose …", self.open_sheet))
        self._window.show_message(Message(sentence, kind=KIND, remedies=remedies, seconds=10.0))

    def _close_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.close()
