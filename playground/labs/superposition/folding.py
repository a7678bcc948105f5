"""Panels that stand side by side where there is room for both, else in one place with a switch between them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from playground.views.superposition.option_row import OptionRow


class Fold(QObject):
    """Two panels by the values of ``switch``; a panel that is not wanted is in sight in no case."""

    turned = Signal()  # another panel is in sight

    def __init__(self, switch: OptionRow, panels: Mapping[str, QWidget], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._switch, self._panels = switch, dict(panels)
        self._wanted = set(panels)
        self.is_folded = False
        switch.chosen.connect(self._turn)
        self._render()

    def is_wanted(self, name: str) -> bool:
        """Say whether a panel is to be seen, now or after a turn of the switch."""
        return name in self._wanted

    @property
    def is_whole(self) -> bool:
        """Say whether both panels are in sight."""
        return not self.is_folded and len(self._wanted) == len(self._panels)

    def set_folded(self, *, is_folded: bool) -> None:
        """Put both panels in one place, or side by side."""
        if is_folded != self.is_folded:
            self.is_folded = is_folded
            self._render()

    def want(self, name: str, *, is_wanted: bool) -> None:
        """Have a panel, which comes to the front then, or do without it."""
        if is_wanted:
            self._wanted.add(name)
            self._switch.set_value(name)
        else:
            self._wanted.discard(name)
        self._render()

    def bring(self, name: str) -> None:
        """Put a panel in front, if it is wanted."""
        if name in self._wanted and self._switch.value() != name:
            self._switch.set_value(name)
            self._render()

    def front(self) -> str:
        """Return which panel the switch is at."""
        return self._switch.value()

    def _turn(self, _name: str) -> None:
        self._render()

    def _render(self) -> None:
        has_choice = self.is_folded and len(self._wanted) > 1
        before = [panel.isHidden() for panel in self._panels.values()]
        for name, panel in self._panels.items():
            panel.setVisible(name in self._wanted and (not has_choice or self._switch.value() == name))
        self._switch.setVisible(has_choice)
        if before != [panel.isHidden() for panel in self._panels.values()]:
            self.turned.emit()
