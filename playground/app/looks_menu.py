"""Theme, colours of sign and projector mode in the View menu."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from playground.app.appearance import Appearance
from playground.app.window import MainWindow
from playground.session.preferences import SIGNS, THEMES, PreferenceFile


class LooksMenu(QObject):
    """Ties the entries to the preferences, in both directions."""

    def __init__(self, window: MainWindow, appearance: Appearance, preferences: PreferenceFile) -> None:
        super().__init__(window)
        self._actions = window.actions_table
        self._appearance = appearance
        self._preferences = preferences
        for theme in THEMES:
            self._actions.answer(f"view.theme_{theme}", partial(self._choose_theme, theme))
        for signs in SIGNS:
            self._actions.answer(_signs_id(signs), partial(self._choose_signs, signs))
        self._actions.answer("view.projector", self._set_projector)
        preferences.changed.connect(self._render)
        self._render()

    def _choose_theme(self, theme: str, _is_checked: bool = False) -> None:
        self._appearance.set_theme(theme)

    def _choose_signs(self, signs: str, _is_checked: bool = False) -> None:
        self._preferences.change(sign_colours=signs)

    def _set_projector(self, is_projector: bool) -> None:
        self._preferences.change(is_projector=is_projector)

    def _render(self, _field: str = "") -> None:
        values = self._preferences.values
        self._actions[f"view.theme_{self._appearance.theme}"].setChecked(True)
        self._actions[_signs_id(values.sign_colours)].setChecked(True)
        self._actions["view.projector"].setChecked(values.is_projector)


def _signs_id(signs: str) -> str:
    return "view.signs_" + signs.replace("-", "_")
