"""The perceptron and its limits: a menu of gates to learn or to set by hand, a truth table, what to look for."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.views.heads import FlatButton
from playground.views.inspector.words import QuietLine, QuietMenu
from playground.views.look import Look
from playground.views.plane.truth import TruthRows, TruthView

LEARNT = {
    "and": "Learn AND by Rosenblatt's rule",
    "or": "Learn OR by Rosenblatt's rule",
    "xor-gate": "Learn XOR by Rosenblatt's rule: it cycles",
}
BY_HAND = {
    "AND": "AND: one neuron set by hand",
    "OR": "OR: one neuron set by hand",
    "NOT": "NOT x1: one neuron set by hand",
    "NAND": "NAND: one neuron set by hand",
    "XOR": "XOR: three neurons set by hand",
}


class PerceptronBox(QWidget):
    """``learning_asked`` carries a shape of the plane, ``gate_asked`` the name of a gate."""

    learning_asked = Signal(str)
    gate_asked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("perceptron_box")
        menu = QuietMenu(look, "perceptron_menu", self)
        for name, words in LEARNT.items():
            action = menu.addAction(words)
            action.setObjectName(f"perceptron_learn_{name.replace('-', '_')}")
            action.setData(("learn", name))
        menu.addSeparator()
        for name, words in BY_HAND.items():
            action = menu.addAction(words)
            action.setObjectName(f"perceptron_gate_{name.lower()}")
            action.setData(("gate", name))
        menu.triggered.connect(self._ask)
        hint = "One neuron with a step: what it learns by Rosenblatt's rule, and gates of McCulloch and Pitts."
        self.button = FlatButton(look, "perceptron_button", "Perceptron and gates", hint, menu=menu, parent=self)
        self._words = QuietLine(look, "", colour="text", parent=self)
        self._words.setObjectName("perceptron_words")
        self.table = TruthView(look, self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        for part in (self.button, self._words, self.table):
            box.addWidget(part)
        self.show_nothing()

    def show_gate(self, table: TruthRows, words: str) -> None:
        """Show the table of the network as it is, and what to look for."""
        self.table.show_table(table)
        self.table.show()
        if words != self._words.text():
            self._words.setText(words)
        self._words.show()

    def show_nothing(self) -> None:
        """The data are no gate."""
        self.table.hide()
        self._words.hide()

    def _ask(self, action: QAction) -> None:
        kind, name = action.data()
        (self.learning_asked if kind == "learn" else self.gate_asked).emit(name)
