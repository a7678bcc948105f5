"""The role of a widget, from which the style takes its colours: "muted", "error", "quiet" and others."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def set_role(widget: QWidget, role: str) -> None:
    """Give ``widget`` another role while it is on the screen."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
