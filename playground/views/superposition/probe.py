"""An input to switch on by hand, what each model makes of it, and which other features interfere."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.engine.superposition.problem import ABS, KIND_NAMES, Floats
from playground.engine.superposition.setup import Setup
from playground.engine.superposition.snapshots import ProbeReading
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.words import QuietLine, SectionHead
from playground.views.look import Look
from playground.views.superposition.probe_strips import ProbeStrips
from playground.views.superposition.probe_words import output_sentence, worst_output

_QUIET = "Switch features on: click x, drag up and down for the value."
_ALL_WELL = "no feature that is off reads more than 0.01"


class ProbePanel(QWidget):
    """The strips with words below. ``inputs_changed`` carries the input ``[n]``, None where all is off."""

    inputs_changed = Signal(object)
    feature_chosen = Signal(int)
    output_pointed = Signal(object)  # (kind place, output) under the mouse, None: none

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._kinds: tuple[str, ...] = ()
        self._kind = 0
        self._reading: ProbeReading | None = None
        self._pointed: tuple[int, int] | None = None
        self.setObjectName("probe_panel")
        self._head = SectionHead(look, "Probe an input", parent=self)
        self._clear = IconButton(
            look, "probe_clear", "Switch all off", "Switch all features of the probe off", text="all off",
            is_flat=True, parent=self,
        )  # fmt: skip
        self._random = IconButton(
            look, "probe_random", "Random input", "Draw an input as the models see them in training: each feature is "
            "on with its density, with a random value (at least one is on)", text="random", is_flat=True, parent=self,
        )  # fmt: skip
        self.strips = ProbeStrips(look, self)
        self._words = QuietLine(look, _QUIET, parent=self)
        self._words.setObjectName("probe_words")
        self._density: Floats = np.full(2, 0.1)
        self._draws = np.random.default_rng(0)
        self._arrange()
        self._clear.clicked.connect(self.clear)
        self._random.clicked.connect(self.draw_random)
        self.strips.inputs_changed.connect(self._tell)
        self.strips.feature_chosen.connect(self.feature_chosen)
        self.strips.pointed.connect(self._point)
        look.changed.connect(self._render_look)
        self._render_look()

    # ---- what others tell ---------------------------------------------------------------------------------------

    def show_setup(self, setup: Setup) -> None:
        """Be laid out for these models."""
        problem = setup.problem
        had_inputs = bool(self.strips.inputs().any())
        self._kinds, self._density = setup.kinds, problem.density
        self._kind = min(self._kind, len(setup.kinds) - 1)
        low = -1.0 if setup.is_absolute else 0.0
        names = tuple(KIND_NAMES[kind] for kind in setup.kinds)
        self.strips.show_models(problem.features, problem.hidden, names, low)
        if had_inputs and not self.strips.inputs().any():
            self.inputs_changed.emit(None)
        if self._reading is not None and not self._fits(self._reading):
            self.render_reading(None)

    def set_kind(self, kind: int) -> None:
        """Say which model the words are about while no output is pointed at."""
        self._kind = kind
        self._explain()

    def set_selected(self, feature: int | None) -> None:
        """Mark a feature that is selected elsewhere."""
        self.strips.set_selected(feature)

    def render_reading(self, reading: ProbeReading | None) -> None:
        """Show what the models make of the input."""
        if reading is not None and not self._fits(reading):
            return
        self._reading = reading
        self._explain()

    def set_inputs(self, inputs: Floats) -> None:
        """Show and tell another input ``[n]``; one of another length is passed over."""
        if len(inputs) == len(self.strips.inputs()):
            self.strips.set_inputs(inputs)
            self._tell(self.strips.inputs())

    def inputs(self) -> Floats:
        """Return the input, ``[n]``."""
        return self.strips.inputs()

    def words(self) -> str:
        """Return what stands below the strips."""
        return self._words.text()

    # ---- intents -------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Switch all features off."""
        self.set_inputs(np.zeros_like(self.strips.inputs()))

    def draw_random(self) -> None:
        """Draw an input as training sees it, with at least one feature on."""
        count = len(self.strips.inputs())
        is_on = self._draws.random(count) < self._density
        if not is_on.any():
            is_on[self._draws.integers(count)] = True
        values = self._draws.uniform(-1 if self._kinds == (ABS,) else 0.1, 1, count)
        self.set_inputs(np.where(is_on, values.round(2), 0.0))

    def _tell(self, inputs: Floats) -> None:
        if not inputs.any():
            self.render_reading(None)
        self.inputs_changed.emit(inputs if inputs.any() else None)

    def _point(self, output: tuple[int, int] | None) -> None:
        if output != self._pointed:
            self._pointed = output
            self._explain()
            self.output_pointed.emit(output)

    def _fits(self, reading: ProbeReading) -> bool:
        return reading.output.shape == (len(self._kinds), len(self.strips.inputs()))

    def _explain(self) -> None:
        reading = self._reading
        if reading is None:
            self.strips.render_reading(None, None)
            self._words.setText(_QUIET)
            return
        output = self._pointed
        if output is None or output[0] >= len(self._kinds) or output[1] >= len(reading.inputs):
            worst = worst_output(reading, self._kind)
            output = None if worst is None else (self._kind, worst)
        self.strips.render_reading(reading, output)
        name = KIND_NAMES[self._kinds[self._kind if output is None else output[0]]]
        said = _ALL_WELL if output is None else output_sentence(reading, self._kinds, *output)
        self._words.setText(f"{name}: {said}" if len(self._kinds) > 1 else said)

    # ---- layout --------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._head, 1)
        top.addWidget(self._random)
        top.addWidget(self._clear)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(top)
        self._column.addWidget(self.strips)
        self._column.addWidget(self._words)

    def _render_look(self) -> None:
        em = self._look.em()
        self._column.setSpacing(round(0.3 * em))
        self._words.setMinimumHeight(round(3.9 * em))  # three lines: what stands below does not jump
