"""The card of the rarer settings of a sandbox, and of what the bar has no room for."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from playground.engine.superposition.setup import LARGEST_BATCH, LONGEST_HORIZON
from playground.labs.card import Card, Item
from playground.views.fields import NumberField
from playground.views.look import Look

_BATCH = (
    "Examples per step, fresh ones each time. All models of one seed see the same batch. Another batch size starts "
    "the models anew from their seeds; undo brings the trained ones back."
)
_HORIZON = (
    "Train to this step: over the last 30 % of the way the learning rate falls to 0, and the training stops. Empty: "
    "on and on at a constant rate, to watch and to play with."
)


class MoreCard(Card):
    """Floats over the lab at its top; ``fields`` holds its settings by name."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "more_card", 22.0, parent)
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
        self._add_folded()
        self._add_section("Training", [Item(name, field, name, is_wide=True) for name, field in self.fields.items()])
        look.changed.connect(self._render_look)
        self._render_look()
