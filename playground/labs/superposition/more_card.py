"""The card of the rarer settings of a sandbox, and of what the bar has no room for."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from playground.engine.superposition.setup import LARGEST_BATCH, LONGEST_HORIZON
from playground.views.fields import NumberField
from playground.views.heads import SectionHead
from playground.views.look import Look
from playground.views.popover import Popover

_BATCH = (
    "Examples per step, fresh ones each time. All models of one seed see the same batch. Another batch size starts "
    "the models anew from their seeds; undo brings the trained ones back."
)
_HORIZON = (
    "Train to this step: over the last 30 % of the way the learning rate falls to 0, and the training stops. Empty: "
    "on and on at a constant rate, to watch and to play with."
)


class MoreCard(Popover):
    """Floats over the lab at its top; ``fields`` holds its settings by name."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "more_card", "More settings", parent)
        self.fields = {
            "batch_size": NumberField(
                look, "batch_size", "batch", low=1, high=LARGEST_BATCH, value=256, log=True, whole=True,
                slider=False, tooltip=_BATCH, waits=True, parent=self,
            ),
            "horizon": NumberField(
                look, "horizon", "train to step", low=1, high=LONGEST_HORIZON, value=None, log=True, whole=True,
                optional=True, slider=False, digits=9, tooltip=_HORIZON, waits=True, parent=self,
            ),
        }  # fmt: skip
        self._folded_box = QWidget(self)
        self._folded = QGridLayout(self._folded_box)
        self._folded.setContentsMargins(0, 0, 0, 0)
        self._folded_box.hide()
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._folded_box)
        self._column.addWidget(SectionHead(look, "Training", self))
        for field in self.fields.values():
            self._column.addWidget(field)
        look.changed.connect(self._render_look)
        self._render_look()

    def take_folded(self, widgets: list[QWidget]) -> None:
        """Give room to the fields that the bar has none for, in their order."""
        while self._folded.count():
            self._folded.takeAt(0)
        for place, widget in enumerate(widgets):
            self._folded.addWidget(widget, place // 2, place % 2)
            widget.show()
        self._folded_box.setVisible(bool(widgets))

    def event(self, event: QEvent) -> bool:
        """Be as high as what stands on the card, also where that changes while it is open."""
        is_done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.adjustSize()
        return is_done

    def _render_look(self) -> None:
        em = self._look.em()
        margin = round(0.8 * em)
        self._column.setContentsMargins(margin, margin, margin, margin)
        self._column.setSpacing(round(0.5 * em))
        self._folded.setHorizontalSpacing(round(1.4 * em))
        self.setFixedWidth(round(22 * em))
