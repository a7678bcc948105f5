"""How examples are parted by share: the fields that every choice of data has for it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from playground.views.fields import NumberField
from playground.views.look import Look


def share_field(look: Look, name: str, tooltip: str, parent: QWidget) -> NumberField:
    """Return the field of the share for training, in percent."""
    return NumberField(
        look, f"{name}_share", "For training", low=10, high=95, value=70, whole=True, suffix="%", tooltip=tooltip,
        parent=parent,
    )  # fmt: skip


def seed_field(look: Look, name: str, examples: str, parent: QWidget) -> NumberField:
    """Return the field of the seed that parts the ``examples``, called as people call them."""
    return NumberField(
        look, f"{name}_seed", "Seed", low=0, high=2**31 - 1, value=0, whole=True, slider=False,
        tooltip=f"Which {examples} come into which part: the same seed parts them in the same way.", parent=parent,
    )  # fmt: skip
