"""What a sweep is to run over: range, stops, seeds, steps, and the button that starts it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.engine.superposition.experiments import experiment
from playground.engine.superposition.phase_cells import phase_grid
from playground.engine.superposition.plans import (
    ANNEALED,
    DIMENSIONS,
    MOST_SEEDS,
    MOST_STEPS,
    MOST_STOPS,
    PAIRS,
    PHASE_NAMES,
    SPARSITY,
    WARM,
    AnnealPlan,
    PairsPlan,
    PhasePlan,
    Plan,
    SparsityPlan,
    WarmPlan,
    spaced_sparsities,
)
from playground.engine.superposition.problem import (
    HIGHEST_SPARSITY,
    RELU,
    TIED_KINDS,
    Problem,
    SuperpositionError,
    make_problem,
)
from playground.engine.superposition.setup import Setup
from playground.views.fields import NumberField
from playground.views.heads import FlatButton
from playground.views.look import Look

_PHASES = {name: pair for pair, name in PHASE_NAMES.items()}
_RANGE = ("low", "high", "stops", "seeds", "steps")


@dataclass(frozen=True)
class _Field:
    """One number: its label, bounds and what the tooltip adds."""

    label: str
    low: float
    high: float
    hint: str
    decimals: int = 0


_FIELDS = {
    "low": _Field("from S", 0, 0.998, "Where the sparsity begins.", 3),
    "high": _Field("to S", 0.001, HIGHEST_SPARSITY, "Where the sparsity ends.", 3),
    "stops": _Field("sparsities", 2, MOST_STOPS, "How many sparsities, in equal factors of 1 − S."),
    "cells": _Field("cells a side", 2, 60, "Relative importances and densities, each in equal factors."),
    "restarts": _Field("seeds a cell", 0, MOST_SEEDS, "Trained beside the optimum; 0 trains none."),
    "seeds": _Field("seeds", 1, MOST_SEEDS, "How many models of each kind, told apart by their first weights."),
    "steps": _Field("steps", 1, MOST_STEPS, "Training steps; up and down and annealed, at each stop."),
}
_SHOWN = {
    SPARSITY: _RANGE,
    DIMENSIONS: _RANGE,
    WARM: _RANGE,
    PAIRS: ("seeds", "steps"),
    ANNEALED: ("seeds", "steps"),
    **dict.fromkeys(_PHASES, ("cells", "restarts", "steps")),
}
_DEFAULTS: dict[str, dict[str, float]] = {
    SPARSITY: {"low": 0.0, "high": 0.99, "stops": 9, "seeds": 4, "steps": 3000},
    DIMENSIONS: {"low": 0.0, "high": 0.99, "stops": 20, "seeds": 2, "steps": 3000},
    WARM: {"low": 0.3, "high": 0.97, "stops": 12, "seeds": 8, "steps": 1000},
    PAIRS: {"seeds": 8, "steps": 5000},
    ANNEALED: {"seeds": 4, "steps": 1200},
    **{name: {"cells": 12, "restarts": 10, "steps": 3000} for name in _PHASES},
}


class SweepControls(QWidget):
    """The numbers of the sweep that is in front. ``plan_made`` carries a plan that makes sense."""

    plan_made = Signal(object)  # Plan

    def __init__(self, look: Look, name: str, sweep: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._name = look, sweep
        self._setup: Setup | None = None
        self._values = {sweep_name: dict(values) for sweep_name, values in _DEFAULTS.items()}
        self.setObjectName(name)
        self.setAccessibleName("Numbers of the sweep")
        self._fields = {key: self._made(name, key, field) for key, field in _FIELDS.items()}
        self.start = FlatButton(
            look, f"{name}_start", "Start", "Run this sweep in the background; everything else goes on.", framed=True,
            accessible="Start the sweep", parent=self,
        )  # fmt: skip
        self._error = QLabel(self)
        self._error.setObjectName(f"{name}_error")
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        self._row = QHBoxLayout()
        for field in self._fields.values():
            self._row.addWidget(field)
        self._row.addWidget(self.start, 0, Qt.AlignmentFlag.AlignBottom)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._row)
        column.addWidget(self._error)
        self.start.clicked.connect(self._make_plan)
        look.changed.connect(self._render_look)
        self._render_look()
        self.set_sweep(sweep)

    def _made(self, name: str, key: str, field: _Field) -> NumberField:
        made = NumberField(
            self._look, f"{name}_{key}", field.label, low=field.low, high=field.high, value=field.low,
            whole=not field.decimals, decimals=field.decimals, slider=False, compact=True, tooltip=field.hint,
            digits=6, parent=self,
        )  # fmt: skip
        made.changed.connect(self._read)
        return made

    # ---- what others call ----------------------------------------------------------------------------------------

    def show_setup(self, setup: Setup) -> None:
        """Take the task, models and seeds that sweeps start from."""
        self._setup = setup

    def set_sweep(self, sweep: str) -> None:
        """Put another sweep's numbers in front."""
        self._name = sweep
        for key, field in self._fields.items():
            field.setVisible(key in _SHOWN[sweep])
            if key in _SHOWN[sweep]:
                field.set_value(self._values[sweep][key])
        self.show_error("")

    def set_running(self, *, is_running: bool) -> None:
        """Let nothing start while a sweep runs."""
        self.start.setEnabled(not is_running)

    def show_error(self, sentence: str) -> None:
        """Say why a sweep cannot start; an empty text takes it away."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def plan(self) -> Plan:
        """Return what Start would run (raises SuperpositionError)."""
        setup = self._setup
        if self._name not in _PHASES and setup is None:
            raise SuperpositionError("There is no model to sweep yet.")
        made = self._phase() if setup is None or self._name in _PHASES else self._of_setup(setup)
        made.check()
        return made

    # ---- plans ---------------------------------------------------------------------------------------------------

    def _phase(self) -> PhasePlan:
        held = self._values[self._name]
        grid = phase_grid(*_PHASES[self._name], int(held["cells"]))
        return PhasePlan(grid, int(held["restarts"]), int(held["steps"]))

    def _of_setup(self, setup: Setup) -> Plan:
        held = self._values[self._name]
        first = setup.seeds[0]
        seeds, steps = tuple(range(first, first + int(held["seeds"]))), int(held["steps"])
        kinds = tuple(kind for kind in setup.kinds if kind in TIED_KINDS) or (RELU,)
        lone = RELU if RELU in kinds else kinds[0]
        if self._name == PAIRS:
            return PairsPlan(setup.problem, lone, seeds, steps)
        if self._name == ANNEALED:
            return AnnealPlan(setup.problem if setup.is_absolute else _bundled_absolute(), seeds=seeds, steps=steps)
        sparsities = spaced_sparsities(held["low"], held["high"], int(held["stops"]))
        if self._name == WARM:
            return WarmPlan(setup.problem, sparsities, lone, seeds, steps)
        chosen = (lone,) if self._name == DIMENSIONS else kinds
        return SparsityPlan(setup.problem, sparsities, chosen, seeds, steps, setup.schedule.batch, self._name)

    def _make_plan(self) -> None:
        try:
            plan = self.plan()
        except SuperpositionError as error:
            self.show_error(str(error))
            return
        self.show_error("")
        self.plan_made.emit(plan)

    def _read(self, _value: object) -> None:
        for key in _SHOWN[self._name]:
            value = self._fields[key].value()
            if value is not None:
                self._values[self._name][key] = value

    def _render_look(self) -> None:
        self._row.setSpacing(round(0.7 * self._look.em()))
        self._error.setFont(self._look.font(9.0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the sentence break its lines anew."""
        super().resizeEvent(event)
        self._error.updateGeometry()


def _bundled_absolute() -> Problem:
    one = experiment("absolute")
    return make_problem(one.features, one.hidden, 0.0, one.importance)
