"""What stands in the middle of the lab: the network, all weights of a layer as grids, the plane, or the loss."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QToolButton, QWidget

from playground.views.look import Look

NETWORK, GALLERY, PLANE, BENT = "network", "gallery", "plane", "bent"
LANDSCAPE = "landscape"
OF_THE_PLANE = (PLANE, BENT)  # pages that only data in the plane have
_PAGES = {
    NETWORK: ("Network", "The network: neurons, edges, activations (G)"),
    GALLERY: ("All weights", "The weights into every neuron of a layer as grids, side by side on one colour scale (G)"),
    PLANE: ("Plane", "The plane of the data, large: the answer or a neuron, zero lines and regions, points to draw"),
    BENT: ("Bent plane", "The plane as the layers bend it, and how well a straight cut parts the points in each layer"),
    LANDSCAPE: (
        "Loss landscape",
        "The training loss around the present weights, and the way that training takes in it",
    ),
}


class StageSwitch(QWidget):
    """A button for each page, one of them down."""

    page_chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("stage_switch")
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._buttons = {page: self._button(page, *words) for page, words in _PAGES.items()}
        self._row.addStretch(1)
        self._buttons[NETWORK].setChecked(True)
        for page in OF_THE_PLANE:
            self._buttons[page].hide()
        self._group.buttonClicked.connect(self._choose)
        look.changed.connect(self._render_look)
        self._render_look()

    def button(self, page: str) -> QToolButton:
        """Return the button of a page."""
        return self._buttons[page]

    def set_page(self, page: str) -> None:
        """Show which one stands there."""
        self._buttons[page].setChecked(True)

    def offer(self, page: str, is_offered: bool) -> None:
        """Offer a page, or not: the plane only where the data lie in one."""
        self._buttons[page].setVisible(is_offered)

    def _button(self, page: str, text: str, hint: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"stage_{page}")
        button.setProperty("page", page)
        button.setText(text)
        button.setToolTip(hint)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setProperty("role", "flat")
        self._group.addButton(button)
        self._row.addWidget(button)
        return button

    def _choose(self, button: QAbstractButton) -> None:
        self.page_chosen.emit(str(button.property("page")))

    def _render_look(self) -> None:
        space = round(0.2 * self._look.em())
        self._row.setContentsMargins(2 * space, space, space, 0)
        self._row.setSpacing(space)
        for button in self._buttons.values():
            button.setFont(self._look.font(9.5))
