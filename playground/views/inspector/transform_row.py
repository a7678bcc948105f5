"""Transformations of whole grids as a row of small buttons."""

from __future__ import annotations

from random import Random

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from playground.views.inspector.amount_entry import AmountEntry
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.flow import FlowLayout
from playground.views.inspector.words import QuietMenu
from playground.views.look import Look

BLUR_SIGMA = 0.8
# what wants an amount: its presets, and the name, the lowest and the highest of any other
_AMOUNTS: dict[str, tuple[tuple[tuple[str, float], ...], tuple[str, float, float]]] = {
    "scale": (
        (("× 2", 2.0), ("× 1.1", 1.1), ("× 0.9", 0.9), ("× ½", 0.5), ("× 10", 10.0), ("× 0.1", 0.1)),
        ("factor", -1000.0, 1000.0),
    ),
    "blur": (
        (("0.5 cells", 0.5), (f"{BLUR_SIGMA:g} cells", BLUR_SIGMA), ("1.5 cells", 1.5), ("3 cells", 3.0)),
        ("width in cells", 0.1, 20.0),
    ),
}

# icon and kind, words, hint, dx, dy
_ROW = (
    ("mirror_horizontal", "Mirror left to right", "Swap left and right", 0, 0),
    ("mirror_vertical", "Mirror top to bottom", "Swap top and bottom", 0, 0),
    ("left", "Shift left", "Move the grid one cell to the left; zeros come in", -1, 0),
    ("right", "Shift right", "Move the grid one cell to the right; zeros come in", 1, 0),
    ("up", "Shift up", "Move the grid one cell up; zeros come in", 0, -1),
    ("down", "Shift down", "Move the grid one cell down; zeros come in", 0, 1),
    ("invert", "Invert", "Turn every sign: w ← −w", 0, 0),
    ("scale", "Scale", "Multiply all weights by a factor", 0, 0),
    ("blur", "Blur", "Smooth the grid with a Gaussian as wide as you choose", 0, 0),
    ("randomise", "Randomise", "Draw all weights anew, as widely spread as they are now", 0, 0),
    ("zero", "Zero", "Set all weights to 0; the bias stays", 0, 0),
)
_NEEDS_ROWS = ("mirror_vertical", "up", "down")


class TransformRow(QWidget):
    """Asks for transformations: ``chosen`` carries kind, amount (None: the owner decides), dx, dy and seed."""

    chosen = Signal(str, object, int, int, int)

    def __init__(self, look: Look, parent: QWidget | None = None, *, prefix: str = "transform") -> None:
        super().__init__(parent)
        self._random = Random()
        self._buttons: dict[str, IconButton] = {}
        line = FlowLayout(look, self, gap=0.0)
        for name, label, hint, dx, dy in _ROW:
            button = IconButton(
                look, f"{prefix}_{name}", label, f"{label}: {hint}.", icon=name, is_flat=True, parent=self
            )
            button.setProperty("wish", [name, dx, dy])
            self._buttons[name] = button
            line.addWidget(button)
            if name in _AMOUNTS:
                button.set_menu(self._amount_menu(look, prefix, name))
            else:
                button.clicked.connect(self._choose)

    def set_is_strip(self, *, is_strip: bool) -> None:
        """Offer for a strip only what moves sideways."""
        for name in _NEEDS_ROWS:
            self._buttons[name].setEnabled(not is_strip)

    def _choose(self) -> None:
        name, dx, dy = self.sender().property("wish")
        kind = "shift" if dx or dy else name
        amount = None if kind == "randomise" else 1.0
        seed = self._random.getrandbits(31) if kind == "randomise" else 0
        self.chosen.emit(kind, amount, dx, dy, seed)

    def _amount_menu(self, look: Look, prefix: str, kind: str) -> QuietMenu:
        presets, (label, low, high) = _AMOUNTS[kind]
        menu = QuietMenu(look, f"{prefix}_{kind}_menu", self)
        for text, amount in presets:
            action = QAction(text, menu)
            action.setData((kind, amount))
            action.triggered.connect(self._choose_amount)
            menu.addAction(action)
        menu.addSeparator()
        entry = AmountEntry(look, f"{prefix}_{kind}_amount", label, low, high, menu)
        entry.setProperty("kind", kind)
        entry.chosen.connect(self._take_amount)
        menu.addAction(entry)
        return menu

    def _choose_amount(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            kind, amount = action.data()
            self.chosen.emit(kind, float(amount), 0, 0, 0)

    def _take_amount(self, amount: float) -> None:
        self.chosen.emit(self.sender().property("kind"), amount, 0, 0, 0)
