"""All actions of the program in one table, and the registry that makes QActions of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from playground.app.action_table import ACTIONS, ActionRow


@dataclass(frozen=True)
class LabKey:
    """What the registry needs to know of a lab for its entry in the View menu."""

    name: str
    title: str
    description: str


def rows_with_labs(labs: Iterable[LabKey]) -> tuple[ActionRow, ...]:
    """Return the table with an entry for each lab: the first nine have Ctrl+1 to Ctrl+9."""
    rows = [
        ActionRow(
            f"lab.{lab.name}",
            f"{lab.title} lab",
            "View/Labs",
            lab.description,
            shortcuts=(f"Ctrl+{place}",) if place < 10 else (),
            group="lab",
        )
        for place, lab in enumerate(labs, 1)
    ]
    return (*ACTIONS, *rows)


def shortcut_text(row: ActionRow) -> str:
    """Return the keys of an action as the user reads them: ``Ctrl+Shift+Z or Ctrl+Y``."""
    native = QKeySequence.SequenceFormat.NativeText
    return " or ".join(QKeySequence(keys).toString(native) for keys in row.shortcuts)


class Actions(QObject):
    """The QActions of the table, by id.

    An action is disabled until somebody answers it: a key that nothing answers stays with the widget in focus.
    Actions of labs are answered by the lab in front (``route``), those of the window by ``answer``. Those that are
    hidden for a class stand in no menu; whoever presses the key of one is told so.
    """

    hidden_wished = Signal(str)  # the name of a hidden action whose key was pressed

    def __init__(self, owner: QWidget, labs: Iterable[LabKey] = ()) -> None:
        super().__init__(owner)
        self.rows = rows_with_labs(labs)
        self._actions: dict[str, QAction] = {}
        self._rows = {row.id: row for row in self.rows}
        self._groups: dict[str, QActionGroup] = {}
        self._slots: dict[str, Callable[..., object]] = {}  # of the lab in front
        self._owner = owner
        self._resting: dict[str, list[QShortcut]] = {}  # keys of hidden actions
        for row in self.rows:
            action = self._built(row)
            self._actions[row.id] = action
            owner.addAction(action)

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def __contains__(self, action_id: str) -> bool:
        return action_id in self._actions

    def row(self, action_id: str) -> ActionRow:
        """Return the line of the table."""
        return self._rows[action_id]

    def answer(self, action_id: str, slot: Callable[..., object], *, checked: bool | None = None) -> QAction:
        """Let ``slot`` answer the action and enable it; checkable ones call it with their new state."""
        action = self._actions[action_id]
        if checked is not None:
            action.setChecked(checked)
        action.triggered.connect(slot)
        action.setEnabled(True)
        return action

    def route(self, slots: Mapping[str, Callable[..., object]]) -> None:
        """Let the lab in front answer the actions that belong to labs; those that it does not know are disabled.

        Raises
        ------
        KeyError
            Where a name is in no line of the table.
        """
        unknown = sorted(set(slots) - set(self._actions))
        if unknown:
            raise KeyError(f"no such actions: {', '.join(unknown)}")
        self._slots = dict(slots)
        for row in self.rows:
            if row.place == "lab":
                self._actions[row.id].setEnabled(row.id in slots)

    def set_hidden(self, ids: frozenset[str]) -> None:
        """Hide these actions with their keys, and offer all others; unknown ids are passed over.

        An action that is not in sight is disabled for Qt, and gets back what it was said to be meanwhile.
        """
        for action_id in [one for one in self._resting if one not in ids]:
            for shortcut in self._resting.pop(action_id):
                shortcut.setEnabled(False)  # at once: else both would claim the key until it is gone
                shortcut.deleteLater()
            self._actions[action_id].setVisible(True)
        for action_id in sorted(ids & set(self._actions) - set(self._resting)):
            self._actions[action_id].setVisible(False)
            self._resting[action_id] = [self._rested(action_id, keys) for keys in self._rows[action_id].shortcuts]

    def _rested(self, action_id: str, keys: str) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self._owner)
        shortcut.setObjectName(action_id)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(self._tell_hidden)
        return shortcut

    def _tell_hidden(self) -> None:
        self.hidden_wished.emit(self._rows[self.sender().objectName()].text.rstrip("…"))

    def _call_lab(self, is_checked: bool) -> None:
        action = self._actions[self.sender().objectName()]
        slot = self._slots.get(action.objectName())
        if slot is not None:
            slot(is_checked) if action.isCheckable() else slot()

    def _built(self, row: ActionRow) -> QAction:
        action = QAction(row.text, self)
        action.setObjectName(row.id)
        action.setEnabled(False)
        action.setIconVisibleInMenu(False)
        action.setMenuRole(_MENU_ROLES.get(row.id, QAction.MenuRole.NoRole))
        action.setShortcuts([QKeySequence(keys) for keys in row.shortcuts])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setAutoRepeat(row.repeats)
        keys = shortcut_text(row)
        action.setToolTip(f"{row.tooltip} ({keys})" if keys else row.tooltip)
        action.setStatusTip(row.tooltip)
        action.setWhatsThis(row.tooltip)
        if row.place == "lab":
            action.triggered.connect(self._call_lab)
        if row.checkable or row.group:
            action.setCheckable(True)
        if row.group:
            group = self._groups.get(row.group)
            if group is None:
                group = self._groups[row.group] = QActionGroup(self)
            group.addAction(action)
        return action


_MENU_ROLES = {
    "file.quit": QAction.MenuRole.QuitRole,
    "help.about": QAction.MenuRole.AboutRole,
}
