"""Parts side by side or below each other, between which the mouse shares out the room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget


def splitter(orientation: Qt.Orientation, name: str, *widgets: QWidget) -> QSplitter:
    """Return a splitter whose parts cannot be folded away by accident."""
    found = QSplitter(orientation)
    found.setObjectName(name)
    found.setChildrenCollapsible(False)
    found.setHandleWidth(1)
    for widget in widgets:
        found.addWidget(widget)
    return found
