"""The right column: shows the panel that fits the selection, and passes on what its hands ask for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from playground.engine.snapshots import Snapshot
from playground.views.grid.arrangement import Names
from playground.views.grid.intents import IntentWidget
from playground.views.inspector.edge_panel import EdgePanel
from playground.views.inspector.edge_places import Edge
from playground.views.inspector.group_panel import GroupPanel, Unit
from playground.views.inspector.neuron_panel import NeuronPanel
from playground.views.inspector.nothing_panel import NothingPanel
from playground.views.inspector.stroke_card import StrokeCard
from playground.views.look import Look

BRIEF_BELOW = 60  # heights of a line: with less, the card below is told in fewer lines
GRID_SHARE = 0.35  # of the inspector's height, for the weights of a neuron: its tools stay in sight below them


class Inspector(IntentWidget):
    """One neuron, several, edges, or nothing, in an area that scrolls; below it what the hands do to the accuracy."""

    selection_requested = Signal(object, object)  # units, edges
    transforms_requested = Signal(object)  # tuple of TransformUnits: together one change
    freeze_requested = Signal(object, bool)  # units, whether they are to be frozen
    duplicate_requested = Signal(object)  # units
    delete_requested = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self.setObjectName("inspector")
        self.setProperty("role", "panel")
        self.neuron = NeuronPanel(look, self)
        self.edges = EdgePanel(look, self)
        self.group = GroupPanel(look, self)
        self.nothing = NothingPanel(look, self)
        self.card = StrokeCard(look, self)
        self._look = look
        self._panels = (self.neuron, self.edges, self.group, self.nothing)
        self._front: IntentWidget = self.nothing
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._scrolling_panels(), 1)
        self._foot = QVBoxLayout()
        self._foot.addWidget(self.card)
        box.addLayout(self._foot)
        self.neuron.unit_selected.connect(self._select_unit)
        self.group.unit_selected.connect(self._select_unit)
        for name in ("transforms", "freeze", "duplicate", "delete"):
            getattr(self.group, f"{name}_requested").connect(getattr(self, f"{name}_requested"))
        look.changed.connect(self._render_look)
        self._render_look()

    def _scrolling_panels(self) -> QScrollArea:
        """Return the area with the panels; the card stays in sight below it, however low the window is."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        for panel in self._panels:
            self.pass_on(panel)
            panel.setVisible(panel is self._front)
            column.addWidget(panel)
        area = QScrollArea(self)
        area.setObjectName("inspector_scroll")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def _render_look(self) -> None:
        self._foot.setContentsMargins(*(round(side * self._look.em()) for side in (0.8, 0.4, 0.8, 0.6)))
        self._part_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the tools of a neuron their room: grid and card take less where the window is low."""
        super().resizeEvent(event)
        self._part_height()

    def _part_height(self) -> None:
        em = self._look.em()
        self.card.set_brief(self.height() < BRIEF_BELOW * em)
        self.neuron.canvas.setMaximumHeight(max(round(8 * em), round(GRID_SHARE * self.height())))

    def set_selection(self, units: Sequence[Unit], edges: Sequence[Edge]) -> None:
        """Show these neurons (layer id, unit id), or these edges (layer id, unit id, source id)."""
        if edges:
            self.edges.set_edges([(edge[0], edge[1], edge[2]) for edge in edges])
        elif len(units) == 1:
            self.neuron.show_unit(*units[0])
        elif units:
            self.group.set_units(units)
        several = self.group if len(units) > 1 else self.neuron if units else self.nothing
        self._bring(self.edges if edges else several)

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Show a new moment in the panel in front."""
        self._snapshot = snapshot
        self._render_front()
        self.card.render_snapshot(snapshot)

    def set_names(self, names: Names) -> None:
        """Call inputs and outputs as the data do."""
        self.neuron.set_names(names)
        self.edges.set_names(names)

    def set_class_means(self, names: Sequence[str], means: Sequence[NDArray[np.floating]]) -> None:
        """Offer the mean image of each class as a stamp."""
        self.neuron.set_class_means(names, means)

    def set_drawing(self, image: NDArray[np.floating] | None) -> None:
        """Offer the current drawing as a stamp."""
        self.neuron.set_drawing(image)

    def copy_grid(self) -> None:
        """Put the weights of the neuron on the clipboard as rows of numbers."""
        if self._front is self.neuron:
            self.neuron.canvas.copy_grid()

    @property
    def takes_grid(self) -> bool:
        """Say whether the weights of a neuron are in sight, for ``paste_grid``."""
        return self._front is self.neuron

    def paste_grid(self) -> None:
        """Set the weights of the neuron to the rows of numbers on the clipboard."""
        if self.takes_grid:
            self.neuron.canvas.paste_grid()

    def end_stroke(self) -> None:
        """Lift the brush, wherever it is."""
        self.neuron.canvas.end_stroke()

    def _bring(self, front: IntentWidget) -> None:
        if front is not self._front:
            self._front = front
            for panel in self._panels:
                panel.setVisible(panel is front)
        self._render_front()

    def _render_front(self) -> None:
        if self._snapshot is None:
            return
        for panel in self._panels:
            if panel is self._front:
                panel.render_snapshot(self._snapshot)

    def _select_unit(self, layer: int, unit: int) -> None:
        self.selection_requested.emit([(layer, unit)], [])
