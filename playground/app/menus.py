"""The menus, made of the actions table."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QMenuBar

from playground.app.action_table import FILLED_MENUS, MENUS
from playground.app.actions import Actions


class Menus:
    """The menu bar's menus by path (``File``, ``File/Open recent``)."""

    def __init__(self, bar: QMenuBar, actions: Actions) -> None:
        self._bar = bar
        self._menus: dict[str, QMenu] = {}
        for title in MENUS:
            # no "&" in the titles: this style would underline the letters all the time
            keys = QKeySequence(f"Alt+{title[0]}")
            QShortcut(keys, bar).activated.connect(partial(self._open, title))
        for row in actions.rows:
            if not row.menu:
                continue
            menu = self[row.menu]
            if row.section:
                menu.addSeparator()
            menu.addAction(actions[row.id])
            for path, after in FILLED_MENUS.items():
                if after == row.id:
                    self[path].setEnabled(False)

    def fit_actions(self) -> None:
        """Take menus out of sight that have nothing to offer because all of it is hidden."""
        for path in sorted(self._menus, key=len, reverse=True):  # the inner ones first
            if path not in FILLED_MENUS:
                menu = self._menus[path]
                is_wanted = any(action.isVisible() and not action.isSeparator() for action in menu.actions())
                menu.menuAction().setVisible(is_wanted)

    def _open(self, title: str) -> None:
        entry = self[title].menuAction()
        if entry.isVisible():
            self._bar.setActiveAction(entry)

    def __getitem__(self, path: str) -> QMenu:
        """Return the menu, made where it is asked for the first time."""
        found = self._menus.get(path)
        if found is None:
            parent, _, title = path.rpartition("/")
            found = self[parent].addMenu(title) if parent else self._bar.addMenu(title)
            found.setObjectName("menu_" + path.lower().replace("/", "_").replace(" ", "_"))
            found.setToolTipsVisible(True)
            self._menus[path] = found
        return found
