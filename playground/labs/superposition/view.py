"""The superposition lab as one sees it: the task at the left, models side by side, hidden space at the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.engine.superposition.experiments import EXPERIMENTS
from playground.engine.superposition.plans import PHASE_NAMES
from playground.engine.superposition.problem import SuperpositionError
from playground.engine.superposition.setup import Setup
from playground.engine.superposition.snapshots import PROBE, SandboxSnapshot
from playground.labs.base import LabContext, LabView, Message, StatusItem, frames_item
from playground.labs.superposition.action_slots import action_slots
from playground.labs.superposition.animation import SparsityAnimation
from playground.labs.superposition.asking import Asking
from playground.labs.superposition.chosen import Chosen
from playground.labs.superposition.experimenting import plan_of, setup_of
from playground.labs.superposition.exporting import Exporting
from playground.labs.superposition.hands import SandboxHands
from playground.labs.superposition.hiding import SandboxHiding
from playground.labs.superposition.judging import are_told, held_claims
from playground.labs.superposition.pointing import Pointing
from playground.labs.superposition.running import SandboxRunning
from playground.labs.superposition.showing import Showing
from playground.labs.superposition.stage import PANELS, Stage
from playground.labs.superposition.sweeps import Sweeps
from playground.labs.superposition.transport import SandboxTransport
from playground.labs.superposition.trouble import trouble_message
from playground.labs.superposition.view_state import restored_state, saved_state
from playground.session.sandbox_document import SandboxDocument
from playground.session.workspace import Workspace
from playground.views.superposition.model_column import GRAM, WEIGHTS

HELP_TERMS = (
    "superposition",
    "feature",
    "sparsity",
    "importance",
    "interference",
    "feature dimensionality",
    "dimensions per feature",
    "phase diagram",
    "hysteresis",
    "panels that take turns",
)


class SuperpositionView(LabView):
    """Composes the views and ties them to the sandbox of the project."""

    def __init__(self, context: LabContext) -> None:
        super().__init__()
        self.setObjectName("superposition_lab")
        look = context.look
        self._context = context
        self.workspace: Workspace = context.services["workspace"]
        self.document: SandboxDocument = self.workspace.sandbox
        self.chosen = Chosen(self.document.setup, self)
        self.stage = stage = Stage(look, self)
        self.transport = SandboxTransport(context, self)
        self.running = SandboxRunning(self.document, self)
        self.asking = Asking(
            self.document, self.stage.task, self.stage.curve, self.stage.groups, self.stage.seeds, self
        )
        self.animation = SparsityAnimation(self.document, self)
        self.hands = SandboxHands(
            self.document, self.chosen, self.stage.space, self.stage.tools, self.stage.columns, self
        )
        self.showing = Showing(stage, self.chosen, self.hands, self)
        self.pointing = Pointing(stage, self.chosen, self)
        self.sweeps = Sweeps(self.document, self.stage.sweep_panel, self)
        self.exporting = Exporting(look, self.document, self.chosen, self.stage.columns, self.stage.losses, self)
        self._is_in_front = True
        self._plays_in_front = False  # it played when another lab came to the front
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(stage)
        self._hiding = SandboxHiding(self, context.actions)
        self._connect()
        self._show_setup(self.document.setup)

    # ---- wiring ----------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        document, transport, stage = self.document, self.transport, self.stage
        document.snapshot_ready.connect(self._render)
        document.setup_changed.connect(self._show_setup)
        document.said.connect(self._say)
        document.trouble_happened.connect(self._say_trouble)
        document.devices_found.connect(transport.set_devices)
        self.workspace.sandbox_clock.rate_measured.connect(self._show_rate)
        self.running.playing_changed.connect(self._note_playing)
        self.running.speed_changed.connect(transport.set_speed)
        self.running.refused.connect(transport.show_error)
        self.running.went_on.connect(self._say_goes_on)
        transport.play_toggled.connect(self.running.set_playing)
        transport.step_requested.connect(self.running.step)
        transport.restart_requested.connect(self.running.restart)
        transport.setting_changed.connect(self.running.change)
        transport.setting_edit_finished.connect(self._end_setting)
        transport.speed_chosen.connect(self.running.set_speed)
        transport.device_chosen.connect(self.running.set_device)
        transport.experiment_chosen.connect(self.run_experiment)
        transport.export_chosen.connect(self.exporting.export)
        self.stage.experiment_band.closed.connect(self._close_experiment)
        self.stage.turned.connect(self._show_all)
        for source in (self.asking, self.hands, self.exporting, self.sweeps):
            source.said.connect(self._say)
            source.refused.connect(self._refuse)
        self.animation.refused.connect(self._refuse)
        self.animation.running_changed.connect(self._note_animation)
        self.stage.task.animation_toggled.connect(self.set_animated)
        self.stage.task.continuing_chosen.connect(self._note_continuing)
        self.stage.task.sparsity.edit_started.connect(self.animation.stop)
        self.hands.training_asked.connect(self._train_from_here)
        self.chosen.model_changed.connect(self._show_model)
        self.stage.columns.kind_chosen.connect(self.chosen.set_kind)
        self.stage.columns.picture_changed.connect(self._note_picture)
        self.stage.seeds.seed_chosen.connect(self.chosen.set_seed)
        self.stage.probe.inputs_changed.connect(self._set_probe)
        self.sweeps.model_loaded.connect(self._choose_loaded)
        self.sweeps.results_changed.connect(self._show_claims)
        self.sweeps.sweeping.started.connect(self._make_room)
        self.sweeps.progress_told.connect(stage.show_progress)

    # ---- rendering -------------------------------------------------------------------------------------------

    def _render(self, snapshot: SandboxSnapshot) -> None:
        if not self._is_in_front:
            return
        self.transport.render_snapshot(snapshot)
        if self.showing.render(snapshot):
            self._show_claims()
        rate = f"{snapshot.steps_per_second:,.0f} steps/s" if snapshot.is_running else "paused"
        self.status_changed.emit(StatusItem("pace", rate, "Training steps a second, of all models together"))

    def _show_rate(self, rate: float) -> None:
        self.status_changed.emit(frames_item(rate))

    def _show_setup(self, setup: Setup) -> None:
        self.stage.probe.show_setup(setup)  # first: what is chosen is probed at once
        self.chosen.keep_to(setup)
        self.stage.task.show_setup(setup)
        self.stage.curve.show_problem(setup.problem)
        self.stage.groups.show_problem(setup.problem)
        self.stage.sweep_panel.show_setup(setup)
        self.transport.render_setup(setup)
        problem = setup.problem
        count = setup.models * problem.features * setup.columns
        words = f"{setup.models} model{'s' if setup.models > 1 else ''}, {count:,} parameters"
        sizes = f"{problem.features} × {problem.hidden} weights and {problem.features} biases a model"
        self.status_changed.emit(StatusItem("parameters", words, sizes))
        scale = "Losses are a thousandth of what stands here: the mean over the features, weighted by importance"
        self.status_changed.emit(StatusItem("loss", "loss × 10⁻³", scale))

    def _show_model(self) -> None:
        """Another kind or seed is chosen: everything shows it at once."""
        self.stage.probe.set_kind(self.chosen.kind)
        if self._is_in_front and self.stage.probe.inputs().any():
            self._set_probe(self.stage.probe.inputs())
        self._show_all()
        setup = self.document.setup
        seed = setup.seeds[self.chosen.seed]
        self.status_changed.emit(StatusItem("shown_seed", f"seed {seed}", "The seed that is shown", at_right=True))

    def _show_all(self) -> None:
        """Something else is in sight: show it the last moment at once."""
        snapshot = self.document.snapshot
        if snapshot is not None and self._is_in_front:
            self.showing.render(snapshot, is_answer=True)

    def _show_claims(self) -> None:
        snapshot = self.document.snapshot
        if snapshot is None or not self._is_in_front:
            return
        is_shown = are_told(snapshot.setup)
        self.stage.claims.show_claims(held_claims(snapshot, self.sweeps.results()) if is_shown else ())

    # ---- intents ---------------------------------------------------------------------------------------------

    def _end_setting(self, _field: str) -> None:
        self.document.end_drag()

    def _set_probe(self, inputs: Any) -> None:
        try:
            self.document.set_probe(inputs, self.chosen.seed)
        except SuperpositionError as error:
            self._refuse(str(error))

    def _train_from_here(self) -> None:
        self.running.set_playing(is_playing=True)

    def _say_goes_on(self) -> None:
        self._say(
            "The steps of the schedule were made: training goes on at a constant learning rate. Undo restores it."
        )

    def _note_playing(self, is_playing: bool) -> None:
        self.transport.set_playing(is_playing)
        if not is_playing:
            self.animation.stop()

    def set_animated(self, is_animated: bool) -> None:
        """Let S go up and down while the models train on, or leave it where it is."""
        if not is_animated:
            self.animation.stop()
            return
        self.set_continuing(is_continuing=True)
        if not self.running.is_playing:
            self.running.set_playing(is_playing=True)
        self.animation.start(self.stage.task.animation.range())

    def _note_animation(self, is_running: bool) -> None:
        self.stage.task.animation.set_running(is_running=is_running)
        self._context.actions["superposition.animate"].setChecked(is_running)

    def set_continuing(self, is_continuing: bool) -> None:
        """Say what a move of S means: continue from the present weights, or restart."""
        self.stage.task.set_continuing(is_continuing=is_continuing)
        self._note_continuing(is_continuing)

    def _note_continuing(self, is_continuing: bool) -> None:
        if not is_continuing:
            self.animation.stop()  # it continues by its nature
        self._context.actions["superposition.continue"].setChecked(is_continuing)

    def run_experiment(self, name: str) -> None:
        """Set an experiment up, play it, and start its sweep."""
        one = next(one for one in EXPERIMENTS if one.name == name)
        self.animation.stop()
        try:
            self.document.rebuild(setup_of(one), one.title)
        except SuperpositionError as error:
            self._refuse(str(error))
            return
        self.stage.experiment_band.show_experiment(one)
        self.running.set_playing(is_playing=True)
        self.sweeps.start_instead(plan_of(one))

    def _make_room(self, sweep: str) -> None:
        """Give a phase diagram, whose cells are to be told apart, the height that it needs."""
        if sweep in PHASE_NAMES.values():
            self.stage.favour_sweeps()

    def _close_experiment(self) -> None:
        self.stage.experiment_band.show_experiment(None)

    def _choose_loaded(self, model: tuple[int, int]) -> None:
        self.chosen.set_kind(model[0])
        self.chosen.set_seed(model[1])

    def choose_next_kind(self) -> None:
        """Go on to the next kind of model."""
        self.chosen.set_kind((self.chosen.kind + 1) % len(self.document.setup.kinds))

    def choose_next_seed(self) -> None:
        """Go on to the next seed."""
        self.chosen.set_seed((self.chosen.seed + 1) % len(self.document.setup.seeds))

    def choose_best_seed(self) -> None:
        """Go to the seed of the smallest loss of the kind that is shown."""
        snapshot = self.document.snapshot
        if snapshot is not None and snapshot.setup == self.document.setup:
            losses = snapshot.losses[self.chosen.kind]
            if np.isfinite(losses).any():
                self.chosen.set_seed(int(np.nanargmin(losses)))

    def show_weights(self, is_shown: bool) -> None:
        """Show W in the place of W Wᵀ."""
        self.stage.columns.set_picture(WEIGHTS if is_shown else GRAM)

    def _note_picture(self, picture: str) -> None:
        self._context.actions["superposition.weights"].setChecked(picture == WEIGHTS)

    # ---- words -----------------------------------------------------------------------------------------------

    def _say(self, sentence: str) -> None:
        self.message_raised.emit(Message(sentence, seconds=8.0))

    def _refuse(self, sentence: str) -> None:
        self.message_raised.emit(Message(sentence, kind="superposition", is_error=True, seconds=12.0))

    def _say_trouble(self, trouble: Any) -> None:
        self.message_raised.emit(trouble_message(trouble, self.document, self.running))

    # ---- the seam --------------------------------------------------------------------------------------------

    def open_document(self) -> SandboxDocument:
        """Return the sandbox of the project."""
        return self.document

    def top_bar(self) -> QWidget:
        """Return the transport bar."""
        return self.transport

    def action_slots(self) -> Mapping[str, Callable[..., object]]:
        """Return what answers the actions of the window."""
        return action_slots(self)

    def help_terms(self) -> tuple[str, ...]:
        """Return the words of this lab."""
        return HELP_TERMS

    def show_panel(self, name: str, is_shown: bool) -> None:
        """Show or hide ``data`` (task, seeds, probe), ``plots`` (sweeps) or ``inspector`` (hidden space)."""
        self.stage.show_panel(name, is_shown=is_shown)
        self._context.actions[f"view.panel_{name}"].setChecked(is_shown)

    def save_view(self) -> dict[str, Any]:
        """Return how the panels lie and what is chosen."""
        return saved_state(self)

    def restore_view(self, state: dict[str, Any]) -> None:
        """Take up what ``save_view`` returned."""
        restored_state(self, state)

    def set_hidden(self, parts: frozenset[str]) -> None:
        """Hide these parts for a class, and show all others as they were."""
        self._hiding.set(parts)

    def set_in_front(self, is_in_front: bool) -> None:
        """Behind another lab nothing is computed: training pauses, S stands still, nothing is watched."""
        self._is_in_front = is_in_front
        self.document.watch(frozenset({PROBE}) if is_in_front else frozenset())
        if not is_in_front:
            self.animation.stop()
            self._plays_in_front = self.running.is_playing
            if self._plays_in_front:
                self.running.set_playing(is_playing=False)
            return
        actions = self._context.actions
        for name in PANELS:
            actions[f"view.panel_{name}"].setChecked(self.stage.is_shown(name))
        actions["superposition.continue"].setChecked(self.stage.task.is_continuing())
        actions["superposition.weights"].setChecked(self.stage.columns.picture() == WEIGHTS)
        actions["superposition.animate"].setChecked(False)
        actions["training.play"].setChecked(self.running.is_playing)
        network = self.workspace.document.snapshot
        if self._plays_in_front and not (network is not None and network.is_running):  # it would take its place
            self.running.set_playing(is_playing=True)
        self._show_setup(self.document.setup)
        self._show_model()

    def close_lab(self) -> None:
        """Stop timers and jobs, and take the plots apart in order."""
        self.animation.stop()
        self.hands.close()
        self.sweeps.close()
        self.stage.sweep_panel.close()
        self.stage.losses.close()
