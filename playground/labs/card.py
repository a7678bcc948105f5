"""The card of the rarer settings of a bar: its sections, and what the bar itself has no room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from playground.views.heads import SectionHead
from playground.views.look import Look
from playground.views.popover import Popover

COLUMNS = 2


@dataclass(frozen=True, eq=False)
class Item:
    """A widget on the card. ``name``: of the setting; ``place``: what it is hidden with, by its name."""

    name: str
    widget: QWidget
    place: str
    is_wide: bool = False  # over all columns
    is_last: bool = False  # in the last column, wherever the one before it stands
    is_note: bool = False  # its owner shows and hides it


@dataclass(frozen=True, eq=False)
class _Section:
    head: SectionHead
    grid: QGridLayout
    items: tuple[Item, ...]


class Card(Popover):
    """Floats over the lab at its top and stays open while one tries. As high as what stands on it."""

    def __init__(self, look: Look, name: str, em_wide: float, parent: QWidget | None = None) -> None:
        super().__init__(look, name, "More settings", parent)
        self._em_wide = em_wide
        self._hidden: frozenset[str] = frozenset()
        self._sections: list[_Section] = []
        self._folded_box = QWidget(self)
        self._folded = QGridLayout(self._folded_box)
        self._folded_box.hide()
        self._column = QVBoxLayout(self)

    @property
    def has_sections(self) -> bool:
        """Say whether there is anything on it besides what the bar has no room for."""
        return any(self._shown(section) for section in self._sections)

    def take_folded(self, widgets: list[QWidget]) -> None:
        """Give room to the fields that the bar has none for, in their order."""
        while self._folded.count():
            self._folded.takeAt(0)
        for place, widget in enumerate(widgets):
            self._folded.addWidget(widget, place // COLUMNS, place % COLUMNS)
            widget.show()
        self._folded_box.setVisible(bool(widgets))

    def set_hidden(self, places: frozenset[str]) -> None:
        """Hide the items of these places; those that stay close up."""
        if places != self._hidden:
            self._hidden = places
            for section in self._sections:
                self._lay_out(section)

    def event(self, event: QEvent) -> bool:
        """Be as high as what stands on the card, also where that changes while it is open."""
        is_done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.adjustSize()
        return is_done

    def _add_folded(self) -> None:
        self._column.addWidget(self._folded_box)

    def _add_section(self, title: str, items: Sequence[Item]) -> None:
        section = _Section(SectionHead(self._look, title, self), QGridLayout(), tuple(items))
        self._sections.append(section)
        self._column.addWidget(section.head)
        self._column.addLayout(section.grid)
        self._lay_out(section)

    def _shown(self, section: _Section) -> list[Item]:
        return [item for item in section.items if item.place not in self._hidden]

    def _lay_out(self, section: _Section) -> None:
        while section.grid.count():
            section.grid.takeAt(0)
        shown = self._shown(section)
        section.head.setVisible(bool(shown))
        at = 0
        for item in section.items:
            if item not in shown:
                item.widget.hide()
                continue
            if item.is_wide:
                at += -at % COLUMNS
            elif item.is_last:
                at += (COLUMNS - 1 - at) % COLUMNS
            wide = COLUMNS if item.is_wide else 1
            section.grid.addWidget(item.widget, at // COLUMNS, at % COLUMNS, 1, wide)
            at += wide
            if not item.is_note:
                item.widget.show()

    def _render_look(self) -> None:
        em = self._look.em()
        margin = round(0.8 * em)
        self._column.setContentsMargins(margin, margin, margin, margin)
        self._column.setSpacing(round(0.6 * em))
        for grid in (self._folded, *(section.grid for section in self._sections)):
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setHorizontalSpacing(round(1.4 * em))
            grid.setVerticalSpacing(round(0.4 * em))
            for column in range(COLUMNS):
                grid.setColumnStretch(column, 1)
        self.setFixedWidth(round(self._em_wide * em))
        if self.isVisible():
            self.adjustSize()
