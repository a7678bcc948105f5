"""Sweeps below the models: a picture of one sweep at the left, a phase diagram at the right, what runs underneath."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from playground.engine.superposition.plans import ANNEALED, DIMENSIONS, NAMES, PAIRS, PHASE_NAMES, SPARSITY, WARM
from playground.engine.superposition.results import (
    AnnealResult,
    ChosenModels,
    PairsResult,
    PhaseResult,
    Result,
    SparsitySweepResult,
    WarmResult,
)
from playground.engine.superposition.setup import Setup
from playground.views.look import Look
from playground.views.superposition.anneal_plot import AnnealPlot
from playground.views.superposition.dimension_scatter import DimensionScatter
from playground.views.superposition.option_row import OptionRow
from playground.views.superposition.pairs import GROUPED, PairsPlot
from playground.views.superposition.phase_map import BEST, EXACT, SINGLE, PhaseMap
from playground.views.superposition.sweep_card import SweepCard
from playground.views.superposition.sweep_plot import DIMENSIONS as DIMENSIONS_SHOWN
from playground.views.superposition.sweep_plot import LOSS, OFF_DIAGONAL, REPRESENTED, SweepPlot
from playground.views.superposition.sweep_progress import SweepProgress
from playground.views.superposition.warm_plot import WarmPlot

TWO, THREE = PHASE_NAMES[2, 1], PHASE_NAMES[3, 2]
TITLES = {
    SPARSITY: "Sparsity sweep",
    DIMENSIONS: "Dimensions per feature",
    WARM: "Up and down",
    PAIRS: "Pairs",
    ANNEALED: "Absolute value",
    TWO: "Phase diagram 2 → 1",
    THREE: "Phase diagram 3 → 2",
}
_TABS = (
    (SPARSITY, "Sparsity", "Represented features, interference, loss and D* against sparsity, for all models."),
    (DIMENSIONS, "Dimensions", "The dimensionality of every feature against 1/(1 − S)."),
    (WARM, "Up and down", "Sparsity up and down with the weights carried on: hysteresis."),
    (PAIRS, "Pairs", "Cosines within correlated or anticorrelated groups, beside an independent control."),
    (ANNEALED, "|x|", "The absolute value of many features through few neurons, the density lowered in stages."),
)
_PHASE_TABS = (
    (TWO, "Phases 2 → 1", "What becomes of the second of two features in one dimension; solved exactly."),
    (
        THREE,
        "Phases 3 → 2",
        "What becomes of the third of three features in two dimensions.",
    ),
)
_QUANTITIES = (
    (REPRESENTED, "features", "How many features are represented: norm above 1/2."),
    (OFF_DIAGONAL, "interference", "Mean absolute off-diagonal entry of W Wᵀ."),
    (LOSS, "loss", "Loss; dashed: the best that a linear model can do."),
    (DIMENSIONS_SHOWN, "D*", "Dimensions per feature: m over the sum of the squared norms."),
)
_WAYS = (
    (EXACT, "exact", "The optimum of every cell."),
    (BEST, "best of the seeds", "Of several trained seeds the one with the least loss, cell by cell."),
    (SINGLE, "one seed", "A single trained seed a cell: often wrong, since zero cannot be crossed."),
)
_BESIDE = 50.0  # ems from which both pictures stand side by side


class SweepPanel(QWidget):
    """All sweeps: shows results by name, makes plans from the models on the screen, loads what is clicked."""

    plan_requested = Signal(object)  # Plan: the user pressed Start
    cancel_requested = Signal()
    models_requested = Signal(object)  # ChosenModels: a point or cell was clicked
    saved = Signal(str)  # path of a picture or table that was written

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._results: dict[str, Result] = {}
        self.setObjectName("sweep_panel")
        self.setAccessibleName("Sweeps and phase diagrams")
        self.sweep, self.scatter, self.warm = SweepPlot(look, self), DimensionScatter(look, self), WarmPlot(look, self)
        self.pairs, self.anneal = PairsPlot(look, self), AnnealPlot(look, self)
        self.phase = PhaseMap(look, self)
        self.quantity = OptionRow(look, "sweep_quantity", "What is shown", _QUANTITIES, self)
        self.way = OptionRow(look, "phase_way", "Which models", _WAYS, self)
        charts = {
            SPARSITY: self.sweep,
            DIMENSIONS: self.scatter,
            WARM: self.warm,
            PAIRS: self.pairs,
            ANNEALED: self.anneal,
        }
        self.left = SweepCard(look, "sweeps", _TABS, charts, {SPARSITY: self.quantity}, self)
        phases = dict.fromkeys((TWO, THREE), self.phase)
        self.right = SweepCard(look, "phases", _PHASE_TABS, phases, dict.fromkeys((TWO, THREE), self.way), self)
        self.switch = OptionRow(
            look,
            "sweep_side",
            "Which pictures",
            (("left", "Sweeps", "Sweeps over sparsity."), ("right", "Phase diagrams", "2 → 1 and 3 → 2.")),
            self,
        )
        self.progress = SweepProgress(look, self)
        self._arrange()
        self._connect()
        self._render_look()

    # ---- what others call ----------------------------------------------------------------------------------------

    def show_setup(self, setup: Setup) -> None:
        """Take the task, models and seeds from which sweeps are planned."""
        for card in (self.left, self.right):
            card.controls.show_setup(setup)

    def show_result(self, name: str, result: Result) -> None:
        """Show what a sweep has come to, whole or on its way."""
        self._results[name] = result
        for card in (self.left, self.right):
            card.set_result(name, result)
        self._render_result(name)

    def show_results(self, results: dict[str, Result]) -> None:
        """Show these results and no others: those of a project that was opened."""
        self._results = {}
        for card in (self.left, self.right):
            card.forget()
        for name in NAMES:
            if name in results:
                self.show_result(name, results[name])
            else:
                self._render_result(name)

    def show_sweep(self, name: str) -> None:
        """Put a sweep in front, such as that of a bundled experiment."""
        card, side = (self.right, "right") if name in (TWO, THREE) else (self.left, "left")
        card.set_tab(name)
        self.switch.set_value(side)
        self._fold()
        self._render_result(name)

    def show_progress(self, name: str, done: float, seconds_left: float) -> None:
        """Show how far the sweep of this name is."""
        self.progress.show_progress(TITLES[name], done, seconds_left)
        self._set_running(is_running=True)

    def show_ended(self) -> None:
        """Show that nothing runs any more."""
        self.progress.hide()
        self._set_running(is_running=False)

    def show_error(self, sentence: str) -> None:
        """Say why a sweep did not start, or what went wrong in it."""
        is_right = self.right.isVisible() and not self.left.isVisible()
        (self.right if is_right else self.left).controls.show_error(sentence)

    # ---- results -------------------------------------------------------------------------------------------------

    def _render_result(self, name: str) -> None:
        """Hand a result to its picture; one of another type is as good as none."""
        result = self._results.get(name)
        if name == SPARSITY:
            self.sweep.show_result(result if isinstance(result, SparsitySweepResult) else None)
        elif name == DIMENSIONS:
            self.scatter.show_result(result if isinstance(result, SparsitySweepResult) else None)
        elif name == WARM:
            self.warm.show_result(result if isinstance(result, WarmResult) else None)
        elif name == PAIRS:
            self.pairs.show_result(result if isinstance(result, PairsResult) else None)
        elif name == ANNEALED:
            self.anneal.show_result(result if isinstance(result, AnnealResult) else None)
        elif name == self.right.tab():
            self.phase.show_result(result if isinstance(result, PhaseResult) else None)

    def _load_sweep(self, kind: int, sparsity: int, seed: int) -> None:
        self._load_sparsity(SPARSITY, kind, sparsity, seed)

    def _load_dimensions(self, kind: int, sparsity: int, seed: int) -> None:
        self._load_sparsity(DIMENSIONS, kind, sparsity, seed)

    def _load_sparsity(self, name: str, kind: int, sparsity: int, seed: int) -> None:
        result = self._results.get(name)
        if isinstance(result, SparsitySweepResult):
            self._load(result.models_at(kind, sparsity, seed))

    def _load_warm(self, direction: int, place: int, seed: int) -> None:
        result = self._results.get(WARM)
        if isinstance(result, WarmResult):
            self._load(result.models_at(direction, place, seed))

    def _load_pairs(self, side: int, seed: int) -> None:
        result = self._results.get(PAIRS)
        if isinstance(result, PairsResult):
            self._load(result.models_of(is_grouped=side == GROUPED, seed=seed))

    def _load_anneal(self, place: int, seed: int) -> None:
        result = self._results.get(ANNEALED)
        if isinstance(result, AnnealResult):
            self._load(result.models_at(place, seed))

    def _load_cell(self, row: int, column: int) -> None:
        result, cells = self._results.get(self.right.tab()), self.phase.cells()
        if isinstance(result, PhaseResult) and cells is not None:
            self._load(result.model_at(cells, row, column))

    def _load(self, chosen: ChosenModels) -> None:
        self.models_requested.emit(chosen)

    def _set_running(self, *, is_running: bool) -> None:
        for card in (self.left, self.right):
            card.controls.set_running(is_running=is_running)

    # ---- building ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self._row = QHBoxLayout()
        self._row.addWidget(self.left, 3)
        self._row.addWidget(self.right, 2)
        foot = QHBoxLayout()
        foot.addWidget(self.switch)
        foot.addWidget(self.progress, 1)
        self._column = QVBoxLayout(self)
        self._column.setDirection(QBoxLayout.Direction.TopToBottom)
        self._column.addLayout(self._row, 1)
        self._column.addLayout(foot)

    def _connect(self) -> None:
        self.quantity.chosen.connect(self.sweep.set_quantity)
        self.way.chosen.connect(self.phase.set_way)
        self.switch.chosen.connect(self._choose_side)
        self.right.tab_chosen.connect(self._render_result)
        self.sweep.model_chosen.connect(self._load_sweep)
        self.scatter.model_chosen.connect(self._load_dimensions)
        self.warm.model_chosen.connect(self._load_warm)
        self.pairs.model_chosen.connect(self._load_pairs)
        self.anneal.model_chosen.connect(self._load_anneal)
        self.phase.cell_chosen.connect(self._load_cell)
        self.progress.cancelled.connect(self.cancel_requested)
        for card in (self.left, self.right):
            card.controls.plan_made.connect(self.plan_requested)
            card.saving.saved.connect(self.saved)
        self._look.changed.connect(self._render_look)

    def _choose_side(self, _side: str) -> None:
        self._fold()

    def _fold(self) -> None:
        """Show both pictures where there is room, else the one that is chosen."""
        has_room = self.width() >= _BESIDE * self._look.em()
        self.switch.setVisible(not has_room)
        self.left.setVisible(has_room or self.switch.value() == "left")
        self.right.setVisible(has_room or self.switch.value() == "right")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold."""
        super().resizeEvent(event)
        self._fold()

    def _render_look(self) -> None:
        em = self._look.em()
        self._column.setContentsMargins(round(0.8 * em), round(0.4 * em), round(0.8 * em), round(0.4 * em))
        self._column.setSpacing(round(0.3 * em))
        self._row.setSpacing(round(1.2 * em))
        self._fold()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of what is pointed at."""
        self.phase.point_at(-1)
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let no timer of the cards run on."""
        for card in (self.left, self.right):
            card.close()
        super().closeEvent(event)
