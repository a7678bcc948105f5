"""What stands in the middle of the lab: the network, or all weights of a layer as grids."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from playground.views.look import Look


class StageSwitch(QWidget):
    """Two buttons, one of them down."""

    gallery_chosen = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("stage_switch")
        self._network = self._button("stage_network", "Network", "The network: neurons, edges, activations (G)")
        hint = "The weights into every neuron of a layer as grids, side by side on one colour scale (G)"
        self._gallery = self._button("stage_gallery", "All weights", hint)
        self._group = QButtonGroup(self)
        self._group.addButton(self._network)
        self._group.addButton(self._gallery)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._network)
        self._row.addWidget(self._gallery)
        self._row.addStretch(1)
        self._network.setChecked(True)
        self._network.clicked.connect(self._choose_network)
        self._gallery.clicked.connect(self._choose_gallery)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_gallery(self, is_gallery: bool) -> None:
        """Show which one stands there."""
        (self._gallery if is_gallery else self._network).setChecked(True)

    def _button(self, name: str, text: str, hint: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(hint)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setProperty("role", "flat")
        return button

    def _choose_network(self) -> None:
        self.gallery_chosen.emit(False)  # noqa: FBT003

    def _choose_gallery(self) -> None:
        self.gallery_chosen.emit(True)  # noqa: FBT003

    def _render_look(self) -> None:
        space = round(0.2 * self._look.em())
        self._row.setContentsMargins(2 * space, space, space, 0)
        self._row.setSpacing(space)
        for button in (self._network, self._gallery):
            button.setFont(self._look.font(9.5))
