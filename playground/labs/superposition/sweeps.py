"""Sweeps: what the panel plans is carried out in the background, kept with the document, and loaded by a click."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from playground.engine.superposition.plans import Plan
from playground.engine.superposition.problem import SuperpositionError
from playground.engine.superposition.results import ChosenModels, Result
from playground.engine.superposition.results_file import ResultError, restored_results, stored_results
from playground.session.sandbox_document import SandboxDocument
from playground.session.sweeping import Sweeping
from playground.views.superposition.sweep_panel import SweepPanel
from playground.views.superposition.sweep_progress import progress_words


class Sweeps(QObject):
    """Ties the sweep panel to the job that carries plans out, and to what the document keeps."""

    results_changed = Signal()
    progress_told = Signal(str)  # how far the sweep is, in words; empty: none runs
    model_loaded = Signal(tuple)  # places of kind and seed that were pointed at
    said = Signal(str)
    refused = Signal(str)

    def __init__(self, document: SandboxDocument, panel: SweepPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._panel = document, panel
        self._is_keeping = False
        self.sweeping = Sweeping(self)
        panel.plan_requested.connect(self.start)
        panel.cancel_requested.connect(self.sweeping.cancel)
        panel.models_requested.connect(self._load)
        panel.saved.connect(self._tell_saved)
        self.sweeping.told.connect(self._show)
        self.sweeping.advanced.connect(panel.show_progress)
        self.sweeping.finished.connect(self._keep)
        self.sweeping.failed.connect(panel.show_error)
        self.sweeping.ended.connect(panel.show_ended)
        self.sweeping.advanced.connect(self._tell_progress)
        self.sweeping.ended.connect(self._tell_end)
        document.results_changed.connect(self._take_kept)
        self._take_kept()

    def start(self, plan: Plan) -> None:
        """Carry a plan out; where that does not go, the panel says why."""
        if self.sweeping.start(plan):
            self._panel.show_sweep(plan.name)

    def start_instead(self, plan: Plan) -> None:
        """Carry a plan out in the place of what runs: an experiment was chosen, and its sweep is a part of it."""
        self.sweeping.cancel()
        self.start(plan)

    def results(self) -> dict[str, Result]:
        """Return the results that are whole, by name."""
        return self.sweeping.results()

    def close(self) -> None:
        """Cancel what runs and wait for it."""
        self.sweeping.close()

    def _show(self, name: str, result: Result) -> None:
        self._panel.show_result(name, result)

    def _keep(self, name: str) -> None:
        """Keep a whole result with the document."""
        stored = stored_results({name: self.sweeping.results()[name]})
        self._is_keeping = True
        for place, result in stored.items():
            self._document.keep_result(place, result)
        self._is_keeping = False
        self.results_changed.emit()

    def _take_kept(self) -> None:
        """Show what is kept with a project that was opened."""
        if self._is_keeping:
            return
        try:
            results = restored_results(self._document.results)
        except ResultError as error:
            self.refused.emit(str(error))
            results = {}
        self.sweeping.restore(results)
        self._panel.show_results(results)
        self.results_changed.emit()

    def _load(self, chosen: ChosenModels) -> None:
        try:
            self._document.load_models(chosen.setup, chosen.parameters, chosen.label)
        except SuperpositionError as error:
            self.refused.emit(str(error))
            return
        self.model_loaded.emit(chosen.model)

    def _tell_progress(self, _name: str, done: float, seconds_left: float) -> None:
        self.progress_told.emit(progress_words(done, seconds_left))

    def _tell_end(self) -> None:
        self.progress_told.emit("")

    def _tell_saved(self, path: str) -> None:
        self.said.emit(f"Saved: {path}")
