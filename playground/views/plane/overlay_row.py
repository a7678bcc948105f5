"""The switches for what lies over the plane, and what is to be said about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.views.inspector.buttons import IconButton
from playground.views.inspector.flow import FlowLayout
from playground.views.inspector.words import QuietLine
from playground.views.look import Look

LINE, ALL_LINES, REGIONS = "line", "all_lines", "regions"
_SWITCHES = {
    LINE: (
        "zero line",
        (
            "Where the selected neuron's pre-activation is 0; the arrow shows its positive side. Drag the line to "
            "shift it (its bias), a grip to turn it (its weights). Keys on the plane: Page up and down shift it, "
            "Home and End turn it, with Shift finer."
        ),
    ),
    ALL_LINES: ("all lines", "The zero lines of all neurons of the first layer. Each can be dragged."),
    REGIONS: (
        "regions",
        "Where the network is one linear function: the borders are where a ReLU goes on or off. Measured on the grid.",
    ),
}


class OverlayRow(QWidget):
    """``toggled`` carries what is to be shown or not; ``words`` is a line of its own, for whoever lays the page out."""

    toggled = Signal(str, bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plane_overlays")
        self.buttons: dict[str, IconButton] = {}
        flow = FlowLayout(look, gap=0.25)
        for name, (text, hint) in _SWITCHES.items():
            button = IconButton(look, f"plane_overlay_{name}", text, hint, text=text, checkable=True, parent=self)
            button.setProperty("overlay", name)
            button.toggled.connect(self._tell)
            flow.addWidget(button)
            self.buttons[name] = button
        self.words = QuietLine(look, "", parent=self)
        self.words.setObjectName("plane_overlay_words")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addLayout(flow)
        box.addStretch(1)
        self.words.hide()

    def show_words(self, words: str) -> None:
        """Say what is shown, or why something cannot be."""
        if words != self.words.text():
            self.words.setText(words)
            self.words.setVisible(bool(words))

    def _tell(self, is_on: bool) -> None:
        button = self.sender()
        if isinstance(button, IconButton):
            self.toggled.emit(str(button.property("overlay")), is_on)
