"""What a hand can do to the features of one model, as a row of buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.engine.superposition.metrics import REPRESENTED_NORM
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.flow import FlowLayout
from playground.views.look import Look
from playground.views.superposition.hand_tools_paste import PasteNumbers
from playground.views.superposition.space_canvas import DRAG, SELECT

FREEZE, UNFREEZE, SILENCE, FLIP, SWAP = "freeze", "unfreeze", "silence", "flip", "swap"
EQUALISE, SNAP, SPREAD, COPY, PASTE, TRAIN = "equalise", "snap", "spread", "copy", "paste", "train"

# name -> icon, label, what it does
_TOOLS: dict[str, tuple[str, str, str]] = {
    FREEZE: ("freeze", "Freeze", "training and gradients leave them as they are, hands may still move them"),
    SILENCE: ("silence", "Silence", "their rows of W become zero: the model no longer sees them"),
    FLIP: ("opposite", "Flip", "they point the other way"),
    SWAP: ("flip", "Swap", "the two features change places, with their biases"),
    EQUALISE: ("equal", "Equalise norms", "they get their mean length, directions stay"),
    SNAP: ("polygon", "Snap to a polygon", "they go to the nearest regular polygon, in the order around the circle"),
    SPREAD: ("spread", "Spread all", "every feature, also a silent one, gets its place on one regular polygon"),
    PASTE: ("paste", "Paste W or b", "put numbers from a spreadsheet or a program into the model"),
    COPY: ("copy", "Copy W", "one row a feature, parted by tabs, with all digits"),
}
_CHOOSE = "Choose features first: click one in hidden space, Ctrl+click or a frame for more."
_DIVERGED = "The weights are no longer numbers: restart, or paste others."


@dataclass(frozen=True)
class _Offer:
    """Whom a tool would change; ``reason`` says why it cannot."""

    features: tuple[int, ...] = ()
    reason: str = ""


class HandTools(QWidget):
    """Buttons for W of one model. They know the model only to say what they would change, and why they cannot."""

    tool_asked = Signal(str, object)  # name of a tool (constants of this module), tuple of the features it is for
    mode_chosen = Signal(str)  # drag or select: what the mouse does in hidden space
    weight_pasted = Signal(object)  # W [n, m] float64
    bias_pasted = Signal(object)  # b [n] float64

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._weight: NDArray[np.floating] | None = None
        self._frozen: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._selected: tuple[int, ...] = ()
        self._offers: dict[str, _Offer] = {}
        self.setObjectName("hand_tools")
        self.setAccessibleName("what hands can do to the features")
        self._paste = PasteNumbers(look, self)
        self._paste.numbers_ready.connect(self._pass_numbers)
        self._modes = {
            DRAG: self._mode(DRAG, "pointer", "Drag", "Drag tips to move features; beside them a frame chooses"),
            SELECT: self._mode(
                SELECT, "frame", "Choose", "Frames and clicks choose features; nothing is moved by accident"
            ),
        }
        self._buttons = {name: self._tool(name) for name in _TOOLS}
        self._train = IconButton(look, "tool_train", "Train from here", "", text="Train from here", parent=self)
        self._train.setProperty("tool", TRAIN)
        self._train.clicked.connect(self._ask)
        line = FlowLayout(look, gap=0.16)
        for button in (*self._modes.values(), *self._buttons.values(), self._train):
            line.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(line)
        self._modes[DRAG].setChecked(True)
        self._render_offers()

    def _mode(self, name: str, icon: str, label: str, tooltip: str) -> IconButton:
        button = IconButton(self._look, f"mode_{name}", label, tooltip, icon=icon, checkable=True, parent=self)
        button.setProperty("mode", name)
        button.clicked.connect(self._choose_mode)
        return button

    def _tool(self, name: str) -> IconButton:
        icon, label, _ = _TOOLS[name]
        button = IconButton(self._look, f"tool_{name}", label, "", icon=icon, checkable=name == FREEZE, parent=self)
        button.setProperty("tool", name)
        button.clicked.connect(self._ask)
        return button

    # ---- what others call ----

    def render_model(self, weight: NDArray[np.floating], frozen: NDArray[np.bool_] | None = None) -> None:
        """Take W ``[n, m]`` of the model in hand, and which of its features are frozen ``[n]``."""
        self._weight = weight
        self._frozen = np.zeros(len(weight), np.bool_) if frozen is None else np.asarray(frozen, np.bool_)
        self._selected = tuple(feature for feature in self._selected if feature < len(weight))
        self._paste.set_shape((int(weight.shape[0]), int(weight.shape[1])))
        self._render_offers()

    def render_selection(self, features: Sequence[int]) -> None:
        """Take the chosen features."""
        count = 0 if self._weight is None else len(self._weight)
        self._selected = tuple(feature for feature in features if 0 <= feature < count)
        self._render_offers()

    def features_for(self, tool: str) -> tuple[int, ...]:
        """Return which features a tool would change."""
        return self._offers[tool].features

    # ---- what is possible ----

    def _offer(self, tool: str) -> _Offer:
        if self._weight is None:
            return _Offer(reason="There is no model yet.")
        weight, chosen, hidden = self._weight, self._selected, self._weight.shape[1]
        everything = tuple(range(len(weight)))
        if tool == PASTE:
            return _Offer(everything)
        if not np.isfinite(weight).all():
            return _Offer(reason=_DIVERGED)
        if tool in (COPY, TRAIN):
            return _Offer(everything)
        if tool in (FREEZE, SILENCE, FLIP):
            return _Offer(chosen, "" if chosen else _CHOOSE)
        if tool == SWAP:
            are = f"{len(chosen)} are chosen" if len(chosen) != 1 else "1 is chosen"
            return _Offer(chosen, "" if len(chosen) == 2 else f"Two features change places; {are}. Choose two.")
        if tool in (SNAP, SPREAD) and hidden != 2:
            return _Offer(
                reason=f"A polygon lies in a plane; this hidden space has {hidden} "
                f"{'dimension' if hidden == 1 else 'dimensions'}. Set m to 2."
            )
        if tool == SPREAD:
            return _Offer(everything, "" if len(everything) > 1 else "One feature alone forms no polygon.")
        return self._offer_group(tool, weight, chosen)

    def _offer_group(self, tool: str, weight: NDArray[np.floating], chosen: tuple[int, ...]) -> _Offer:
        """Offer what takes the chosen features, or all that are represented where fewer than two are chosen."""
        norms = np.linalg.norm(np.asarray(weight, np.float64), axis=1)
        if len(chosen) < 2:
            chosen = tuple(int(at) for at in np.flatnonzero(norms > REPRESENTED_NORM))
        if len(chosen) < 2:
            return _Offer(
                reason=f"Fewer than two features are represented (norm above {REPRESENTED_NORM}): choose two."
            )
        silent = [feature for feature in chosen if norms[feature] <= 0]
        if tool == EQUALISE and silent:
            return _Offer(reason=f"Feature {silent[0]} is zero and has no direction to lengthen: leave it out.")
        return _Offer(chosen)

    def _render_offers(self) -> None:
        is_held = bool(self._selected) and bool(self._frozen[list(self._selected)].all())
        self._buttons[FREEZE].setChecked(is_held)
        for name, button in (*self._buttons.items(), (TRAIN, self._train)):
            offer = self._offers[name] = self._offer(name)
            button.setEnabled(not offer.reason)
            words = self._words(name, offer, is_held=is_held)
            if words != button.toolTip():
                button.setToolTip(words)
                button.setAccessibleDescription(words)

    def _words(self, name: str, offer: _Offer, *, is_held: bool) -> str:
        if name == TRAIN:
            words = "Train from here: go on from these weights, as the hand left them, at the learning rate that is set"
            return f"{words}.\n{offer.reason}" if offer.reason else f"{words}."
        _, label, does = _TOOLS[name]
        if name == FREEZE and is_held:
            label, does = "Let go", "training moves them again"
        words = f"{label}: {does}."
        if offer.reason:
            return f"{words}\n{offer.reason}"
        return words if name in (PASTE, COPY, SPREAD) else f"{words}\nFor {self._whom(offer.features)}."

    def _whom(self, features: tuple[int, ...]) -> str:
        if features != self._selected:
            return f"the {len(features)} represented features"
        if len(features) == 1:
            return f"feature {features[0]}"
        if len(features) <= 6:
            return f"features {', '.join(map(str, features[:-1]))} and {features[-1]}"
        return f"the {len(features)} chosen features"

    # ---- what is asked ----

    def _choose_mode(self) -> None:
        name = str(self.sender().property("mode"))
        for mode, button in self._modes.items():
            button.setChecked(mode == name)
        self.mode_chosen.emit(name)

    def _ask(self) -> None:
        name = str(self.sender().property("tool"))
        offer = self._offers[name]
        weight = self._weight
        if offer.reason or weight is None:
            return
        if name == PASTE:
            self._paste.open_for((int(weight.shape[0]), int(weight.shape[1])))
            return
        if name == COPY:
            lines = ("\t".join(f"{value:.9g}" for value in row) for row in weight.tolist())
            QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
        if name == FREEZE and not self._buttons[FREEZE].isChecked():
            name = UNFREEZE
        self.tool_asked.emit(name, offer.features)
        self._render_offers()  # the button shows what is frozen, not what was clicked

    def _pass_numbers(self, which: str, numbers: object) -> None:
        (self.weight_pasted if which == "weight" else self.bias_pasted).emit(numbers)
