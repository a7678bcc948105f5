"""The loss landscape on the stage: which directions, how far and how fine, the button that measures, and the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from playground.views.fields import ChoiceField, NumberField
from playground.views.heads import FlatButton
from playground.views.inspector.flow import FlowLayout
from playground.views.inspector.words import QuietLine
from playground.views.look import Look
from playground.views.plane.landscape_canvas import LandscapeCanvas

RANDOM, PARAMETERS = "random", "parameters"
_PARTS = 1000
_SPANS, _POINTS, _SEEDS = (0.01, 100.0), (5, 101), (0, 9_999)  # least and most
_LONGEST = 20  # characters of a place in the flat buffer


@dataclass(frozen=True)
class LandscapeWish:
    """What is asked for; ``axes`` are places of parameters, None for random directions."""

    axes: tuple[int, int] | None
    span: float
    resolution: int
    seed: int


class LandscapeStage(QWidget):
    """``asked`` carries a `LandscapeWish`; ``cancelled``: break off what is being measured."""

    asked = Signal(object)
    cancelled = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("landscape_stage")
        ways = ((RANDOM, "two random directions"), (PARAMETERS, "two parameters"))
        hint = (
            "Random directions: each neuron's part is as long as its own weights (filter-normalised, Li et al. 2018). "
            "Or two weights or biases of your choice."
        )
        self.way = ChoiceField(look, "landscape_way", "over", ways, RANDOM, hint, self)
        self.axes = tuple(
            ChoiceField(look, f"landscape_axis_{axis}", words, (), "", f"The weight or bias that goes {words}.", self)
            for axis, words in enumerate(("across", "up"))
        )
        self.span = NumberField(
            look, "landscape_span", "span ±",
            low=_SPANS[0], high=_SPANS[1], value=1.0, decimals=2, slider=False, compact=True,
            tooltip="How far to each side: of a parameter's value, or of the length of each neuron's weights.",
            parent=self,
        )  # fmt: skip
        self.resolution = NumberField(
            look, "landscape_resolution", "points",
            low=_POINTS[0], high=_POINTS[1], value=41, whole=True, slider=False, compact=True,
            tooltip="How many points a side, odd; the loss is measured at every crossing.", parent=self,
        )  # fmt: skip
        self.seed = NumberField(
            look, "landscape_seed", "seed",
            low=_SEEDS[0], high=_SEEDS[1], value=0, whole=True, slider=False, compact=True,
            tooltip="Other random directions.", parent=self,
        )  # fmt: skip
        self._numbers = {
            "span": (self.span, _SPANS),
            "resolution": (self.resolution, _POINTS),
            "seed": (self.seed, _SEEDS),
        }
        self._kept = ("", "")  # places of parameters that are to be chosen once there are some
        self.button = FlatButton(
            look, "landscape_measure", "Measure",
            "Measure the loss around the present weights, on a frozen copy: training may go on meanwhile.",
            framed=True, parent=self,
        )  # fmt: skip
        self._bar = QProgressBar(self)
        self._bar.setObjectName("landscape_progress")
        self._bar.setAccessibleName("Share of the landscape that is measured")
        self._bar.setToolTip("How much of the landscape is measured.")
        self._bar.setRange(0, _PARTS)
        self._bar.setTextVisible(False)
        self._cross = FlatButton(
            look, "landscape_cancel", "✕", "Break off the measurement; the map stays as it is.",
            accessible="Cancel the measurement", parent=self,
        )  # fmt: skip
        self._words = QuietLine(look, "", parent=self)
        self._words.setObjectName("landscape_words")
        self._error = QLabel(self)
        self._error.setObjectName("landscape_error")
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        self.canvas = LandscapeCanvas(look, self)
        self._arrange()
        self.hide_progress()
        self._show_way()
        self.way.chosen.connect(self._show_way)
        self.button.clicked.connect(self._ask)
        self._cross.clicked.connect(self.cancelled)
        look.changed.connect(self._render_look)
        self._render_look()

    def wish(self) -> LandscapeWish:
        """Return what the fields say; an even number of points becomes the next odd one."""
        axes = None
        if self.way.value() == PARAMETERS:
            axes = tuple(int(field.value()) for field in self.axes)
        points = int(self.resolution.value())
        found = None if axes is None else (axes[0], axes[1])
        return LandscapeWish(found, float(self.span.value()), points + (points % 2 == 0), int(self.seed.value()))

    def save_state(self) -> dict[str, Any]:
        """Return what the fields say as JSON values."""
        axes = [
            field.value() if field.value().isdecimal() else kept
            for field, kept in zip(self.axes, self._kept, strict=True)
        ]
        numbers = {name: number.value() for name, (number, _) in self._numbers.items()}
        return {"way": self.way.value(), "axes": axes, **numbers}

    def restore_state(self, state: Any) -> None:
        """Take up what ``save_state`` returned; what is wrong or out of range stays as it is."""
        if not isinstance(state, dict):
            return
        if state.get("way") in (RANDOM, PARAMETERS):
            self.way.set_value(state["way"])
            self._show_way()
        axes = state.get("axes")
        if isinstance(axes, list) and len(axes) == 2 and all(isinstance(axis, str) for axis in axes):
            self._kept = (axes[0][:_LONGEST], axes[1][:_LONGEST])  # until there are parameters to choose from
            for field, kept in zip(self.axes, self._kept, strict=True):
                field.set_value(kept)
        for name, (number, (low, high)) in self._numbers.items():
            value = state.get(name)
            if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
                number.set_value(float(value) if number is self.span else int(value))

    def show_parameters(self, options: Sequence[tuple[str, str]]) -> None:
        """Offer parameters by place and name; those chosen stay where they are still there."""
        for number, field in enumerate(self.axes):
            before = self._kept[number] or field.value()
            known = [entry for entry, _ in options]
            usual = known[min(number, len(known) - 1)] if known else ""
            field.set_options(options, before if before in known else usual)
        self._kept = ("", "")

    def show_progress(self, share: float) -> None:
        """Show how far the measurement is."""
        self._bar.setValue(round(_PARTS * share))
        self._bar.show()
        self._cross.show()

    def hide_progress(self) -> None:
        """Nothing is being measured."""
        self._bar.hide()
        self._cross.hide()

    def show_words(self, words: str) -> None:
        """Say what the map shows."""
        if words != self._words.text():
            self._words.setText(words)

    def show_error(self, sentence: str) -> None:
        """Say in place why there is no map; an empty sentence clears it."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def _ask(self) -> None:
        self.show_error("")
        self.asked.emit(self.wish())

    def _show_way(self, _way: object = None) -> None:
        is_random = self.way.value() == RANDOM
        self.seed.setVisible(is_random)
        for field in self.axes:
            field.setVisible(not is_random)

    def _arrange(self) -> None:
        self._box = QVBoxLayout(self)
        flow = FlowLayout(self._look, gap=1.0)
        for part in (self.way, *self.axes, self.span, self.resolution, self.seed, self.button):
            flow.addWidget(part)
        self._box.addLayout(flow)
        row = QHBoxLayout()
        row.addWidget(self._words, 1)
        row.addWidget(self._bar)
        row.addWidget(self._cross)
        self._box.addLayout(row)
        self._box.addWidget(self._error)
        self._box.addWidget(self.canvas, 1)

    def _render_look(self) -> None:
        side = round(0.6 * self._look.em())
        self._box.setContentsMargins(side, side // 2, side, side // 2)
        self._box.setSpacing(side // 2)
        self._error.setFont(self._look.font(9.0))
        self._bar.setFixedWidth(round(9 * self._look.em()))
