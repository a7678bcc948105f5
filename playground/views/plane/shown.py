"""What fills the plane: the network's answer, or the selected neuron before or after its activation."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QVBoxLayout, QWidget

from playground.views.inspector.buttons import IconButton
from playground.views.inspector.flow import FlowLayout
from playground.views.inspector.words import QuietLine
from playground.views.look import Look
from playground.views.plane.scene import ACT, ANSWER, PRE

NO_NEURON = "Select a neuron in the network: its answer over the plane is shown here."
_WAYS = {
    ANSWER: ("answer", "The answer", "What the whole network answers at every place of the plane."),
    ACT: ("activation", "The neuron's activation", "What the selected neuron passes on at every place of the plane."),
    PRE: ("pre", "The neuron's pre-activation", "The selected neuron's weighted sum, before its activation."),
}


class ShownSwitch(QWidget):
    """One of three ways, and the name of the neuron below; ``name`` begins the names of its buttons."""

    chosen = Signal(str)

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, IconButton] = {}
        self.row = FlowLayout(look, gap=0.25)
        for way, (text, title, hint) in _WAYS.items():
            button = IconButton(
                look, f"{name}_{way}", title, f"{title}. {hint}", text=text, checkable=True, parent=self
            )
            button.setProperty("way", way)
            self._group.addButton(button)
            self.row.addWidget(button)
            self.buttons[way] = button
        self.buttons[ANSWER].setChecked(True)
        self._line = QuietLine(look, "", parent=self)
        self._line.setObjectName(f"{name}_neuron")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addLayout(self.row)
        box.addWidget(self._line)
        self._line.hide()
        self._group.buttonClicked.connect(self._choose)

    def show_way(self, way: str, words: str) -> None:
        """Mark what fills the plane, and say which neuron it is (or why there is none)."""
        self.buttons[way].setChecked(True)
        self._line.setText(words)
        self._line.setVisible(bool(words))

    def _choose(self, button: QAbstractButton) -> None:
        self.chosen.emit(str(button.property("way")))
