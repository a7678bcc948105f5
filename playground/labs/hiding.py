"""What a lab does to hide its parts for a class: curtains before widgets, places of its bar."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from playground.labs.bar import Bar
from playground.labs.bar_parts import BAR_PARTS
from playground.views.curtain import Curtain
from playground.views.parts import Part, places_of


class HiddenParts:
    """The curtains of one workspace. ``widgets`` are drawn before by the ids of the parts that they belong to."""

    def __init__(self, parts: tuple[Part, ...], widgets: Mapping[str, tuple[QWidget, ...]], bar: Bar) -> None:
        self._parts = (*BAR_PARTS, *parts)
        self._widgets = widgets
        self._bar = bar
        self._curtains: dict[str, list[Curtain]] = {}

    def set(self, hidden: frozenset[str]) -> None:
        """Hide these parts and show all others; ids of other labs are passed over."""
        for part, widgets in self._widgets.items():
            if part not in hidden:
                for curtain in self._curtains.pop(part, []):
                    curtain.open()
            elif part not in self._curtains:
                self._curtains[part] = [Curtain(widget) for widget in widgets]
        self._bar.set_hidden(places_of(self._parts, hidden))


def head_named(panel: QWidget, name: str) -> QWidget:
    """Return the head of a section of a panel, to be hidden with it."""
    return next(widget for widget in panel.findChildren(QWidget) if widget.accessibleName() == name)
