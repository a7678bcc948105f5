"""The panel of an empty selection: it says so, and how to select something."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.engine.snapshots import Snapshot
from playground.views.grid.intents import IntentWidget
from playground.views.inspector.panel_box import space_out
from playground.views.inspector.words import QuietLine, SectionHead
from playground.views.look import Look

WAYS = (
    "Click a neuron in the diagram, or a grid under All weights: its weights and its bias stand here, to be set.",
    "Click an edge: its weight stands here as a number.",
    "Ctrl and a click adds to what is selected, Shift and a drag takes all neurons in a frame, Ctrl+A the whole layer.",
)


class NothingPanel(IntentWidget):
    """Asks for nothing and shows nothing but words."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("nothing_panel")
        self.setAccessibleName("Nothing is selected")
        self._box = QVBoxLayout(self)
        self._box.addWidget(SectionHead(look, "Nothing selected", parent=self))
        for sentence in WAYS:
            self._box.addWidget(QuietLine(look, sentence, parent=self))
        self._box.addStretch(1)
        look.changed.connect(self._render_look)
        self._render_look()

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Stay as it is: no moment of a training shows here."""

    def _render_look(self) -> None:
        space_out(self._box, self._look, gap=0.6)
