"""The room around and between the parts of a panel of the inspector."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from playground.views.look import Look

_AROUND = (0.8, 0.5, 0.8, 0.8)  # em: left, above, right, below


def space_out(box: QVBoxLayout, look: Look, gap: float = 0.5) -> None:
    """Give ``box`` its margins, and ``gap`` em between its parts."""
    em = look.em()
    box.setSpacing(round(gap * em))
    box.setContentsMargins(*(round(side * em) for side in _AROUND))
