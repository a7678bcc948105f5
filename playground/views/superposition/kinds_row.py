"""Which models are trained side by side: three with tied weights, or the absolute value by itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.engine.superposition.problem import ABS, KIND_NAMES, LINEAR, RELU, RELU_RELU, TIED_KINDS
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.flow import FlowLayout
from playground.views.inspector.words import QuietLine
from playground.views.look import Look

_TEXTS = {LINEAR: "linear", RELU: "ReLU", RELU_RELU: "ReLU + ReLU", ABS: "|x|"}
_TIPS = {
    LINEAR: "Linear: x' = W Wᵀ x + b. It keeps the most important features and drops the others",
    RELU: "ReLU on the output: x' = relu(W Wᵀ x + b). The ReLU can cut small interference off",
    RELU_RELU: "ReLU on hidden and output: x' = relu(W relu(Wᵀ x) + b). The hidden ReLU makes neurons matter",
    ABS: (
        "Absolute value: y = relu(Vᵀ relu(Wᵀ x) + b) is to be |x|, x from −1 to 1: computation in superposition. "
        "It has examples and weights of its own, so it stands alone"
    ),
}
_HINT = "Choose at least one model."


class KindsRow(QWidget):
    """One button a kind. The three tied models can be combined; the absolute value takes the place of all three."""

    kinds_chosen = Signal(object)  # tuple of kinds, never empty

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds: tuple[str, ...] = TIED_KINDS
        self._last_tied: tuple[str, ...] = TIED_KINDS
        self.setObjectName("kinds_row")
        self._buttons: dict[str, IconButton] = {}
        line = FlowLayout(look, gap=0.35)
        for kind in (*TIED_KINDS, ABS):
            button = IconButton(
                look, f"kind_{kind}", KIND_NAMES[kind], _TIPS[kind], text=_TEXTS[kind], checkable=True, parent=self
            )
            button.clicked.connect(self._choose)
            self._buttons[kind] = button
            line.addWidget(button)
        self._word = QuietLine(look, parent=self)
        self._word.setObjectName("kinds_word")
        self._word.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
        column.addWidget(self._word)
        self.show_kinds(self._kinds)

    def show_kinds(self, kinds: tuple[str, ...]) -> None:
        """Show which kinds there are."""
        self._kinds = kinds
        if kinds != (ABS,):
            self._last_tied = kinds
        for kind, button in self._buttons.items():
            button.setChecked(kind in kinds)
        self._say("")

    def _choose(self) -> None:
        kind = self.sender().objectName().removeprefix("kind_")
        is_on = self._buttons[kind].isChecked()
        if kind == ABS:
            wanted = (ABS,) if is_on else self._last_tied
        elif self._kinds == (ABS,):
            wanted = (kind,)
        else:
            wanted = tuple(one for one in TIED_KINDS if (one in self._kinds and one != kind) or (one == kind and is_on))
        if not wanted:
            self._buttons[kind].setChecked(True)
            self._say(_HINT)
            return
        if wanted != self._kinds:
            self.show_kinds(wanted)
            self.kinds_chosen.emit(wanted)

    def _say(self, sentence: str) -> None:
        self._word.setText(sentence)
        self._word.setVisible(bool(sentence))
