"""The bent plane on the stage: layers, how well a straight cut parts the points in each, and the picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from playground.views.fields import ChoiceField
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.flow import FlowLayout
from playground.views.inspector.words import QuietLine
from playground.views.look import Look
from playground.views.plane.bent_canvas import BentCanvas

_NO_CUT = "Not measured: there are no points to fit to."


class BentStage(QWidget):
    """``layer_chosen`` carries the place of a layer (0: the inputs), ``axes_chosen`` those of its two neurons."""

    layer_chosen = Signal(int)
    axes_chosen = Signal(int, int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("bent_stage")
        self._layers = QWidget(self)
        self._flow = FlowLayout(look, self._layers, gap=0.3)
        self._group = QButtonGroup(self)
        self.buttons: list[IconButton] = []
        self.axes = tuple(
            ChoiceField(look, f"bent_axis_{axis}", words, (), "", f"The neuron whose activation goes {words}.", self)
            for axis, words in enumerate(("across", "up"))
        )
        self._words = QuietLine(look, "", parent=self)
        self._words.setObjectName("bent_words")
        self.canvas = BentCanvas(look, self)
        self._row = QHBoxLayout()
        for field in self.axes:
            field.chosen.connect(self._choose_axes)
            self._row.addWidget(field)
        self._row.addStretch(1)
        self._box = QVBoxLayout(self)
        for part in (self._layers, self._words):
            self._box.addWidget(part)
        self._box.addLayout(self._row)
        self._box.addWidget(self.canvas, 1)
        self._group.buttonClicked.connect(self._choose_layer)
        self._shown: tuple[object, ...] = ()
        look.changed.connect(self._render_look)
        self._render_look()

    def show_layers(self, names: Sequence[str], chosen: int) -> None:
        """Offer the layers, the inputs first."""
        if tuple(names) != tuple(button.property("layer_name") for button in self.buttons):
            for button in self.buttons:
                self._group.removeButton(button)
                self._flow.removeWidget(button)
                button.hide()
                button.deleteLater()
            self.buttons = [self._button(place, name) for place, name in enumerate(names)]
        if self.buttons:
            self.buttons[chosen].setChecked(True)

    def show_split(self, place: int, share: str, hint: str) -> None:
        """Say behind a layer's name how well a straight cut does there."""
        button = self.buttons[place]
        text = f"{button.property('layer_name')} {share}"
        if button.text() != text:
            button.setText(text)
            button.updateGeometry()
            button.setToolTip(hint or _NO_CUT)
            button.setAccessibleName(text)

    def show_axes(self, names: Sequence[str], across: int, up: int) -> None:
        """Offer the neurons of the layer; one alone leaves nothing to choose."""
        options = [(str(place), name) for place, name in enumerate(names)]
        if (tuple(names), across, up) != self._shown:
            self._shown = (tuple(names), across, up)
            for field, value in zip(self.axes, (across, up), strict=True):
                field.set_options(options, str(value))
                field.setVisible(len(names) > 1)

    def show_words(self, words: str) -> None:
        """Say what the shares are."""
        if self._words.text() != words:
            self._words.setText(words)

    def _button(self, place: int, name: str) -> IconButton:
        button = IconButton(
            self._look, f"bent_layer_{place}", name, _NO_CUT, text=name, checkable=True, parent=self._layers
        )
        button.setProperty("place", place)
        button.setProperty("layer_name", name)
        self._group.addButton(button)
        self._flow.addWidget(button)
        button.show()
        return button

    def _choose_layer(self, button: QAbstractButton) -> None:
        self.layer_chosen.emit(int(button.property("place")))

    def _choose_axes(self, _value: object) -> None:
        across, up = (int(field.value()) for field in self.axes)
        self._shown = ()
        self.axes_chosen.emit(across, up)

    def _render_look(self) -> None:
        side = round(0.6 * self._look.em())
        self._box.setContentsMargins(side, side // 2, side, side // 2)
        self._box.setSpacing(side // 2)
        self._row.setSpacing(2 * side)
