"""The plane on the stage: as large as there is room, with what is shown of it chosen above."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.views.look import Look
from playground.views.plane.large_canvas import LargeCanvas
from playground.views.plane.overlay_row import OverlayRow
from playground.views.plane.shown import ShownSwitch


class PlaneStage(QWidget):
    """The switch, and the large canvas below it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("plane_stage")
        self.shown = ShownSwitch(look, "stage_shown", self)
        self.overlays = OverlayRow(look, self)
        self.canvas = LargeCanvas(look, self)
        self._row = QHBoxLayout()
        self._row.addWidget(self.shown, 1)
        self._row.addWidget(self.overlays, 1)
        self._box = QVBoxLayout(self)
        self._box.addLayout(self._row)
        self._box.addWidget(self.overlays.words)
        self._box.addWidget(self.canvas, 1)
        look.changed.connect(self._render_look)
        self._render_look()

    def _render_look(self) -> None:
        side = round(0.6 * self._look.em())
        self._box.setContentsMargins(side, side // 2, side, side // 2)
        self._box.setSpacing(side // 2)
