"""The bar of the superposition lab: restart, play, step, the learning rate, experiments and exports."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget

from playground.engine.superposition.experiments import EXPERIMENTS
from playground.engine.superposition.setup import Schedule, Setup
from playground.engine.superposition.snapshots import SandboxSnapshot
from playground.labs.bar import Bar
from playground.labs.base import LabContext
from playground.labs.superposition.more_card import MoreCard
from playground.views.fields import NumberField
from playground.views.popover import Popover
from playground.views.readings import Reading
from playground.views.superposition.experiments import ExperimentsCard

_SPEEDS = (("full", None), ("1,000 /s", 1000.0), ("100 /s", 100.0), ("10 /s", 10.0), ("1 /s", 1.0))
_EXPERIMENTS = "Experiments of the literature, one click each, with what to look for"
_EXPORT = "Save what is shown: pictures, curves, the numbers of this model"
_MODELS = "Models trained at once: kinds × seeds, as one batch; all of one seed see the same examples"
EXPORTS = (
    ("models_png", "Models as a picture (PNG)…"),
    ("loss_svg", "Loss curves as a drawing (SVG)…"),
    ("loss_png", "Loss curves as a picture (PNG)…"),
    ("weights_csv", "W and b of the chosen model (CSV)…"),
    ("readings_csv", "Readings of all models (CSV)…"),
)


class SandboxTransport(Bar):
    """Emits what the user wants; shows setup and snapshots."""

    speeds = _SPEEDS
    folded_first = ("speed", "models", "device", "rate")

    step_requested = Signal()
    restart_requested = Signal()
    setting_changed = Signal(str, object, bool)  # field, value, whether it is part of a drag
    setting_edit_finished = Signal(str)
    experiment_chosen = Signal(str)
    export_chosen = Signal(str)  # one of EXPORTS

    def __init__(self, context: LabContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.card: MoreCard = MoreCard(self._look, self)
        self.experiments = ExperimentsCard(self._look, EXPERIMENTS, self)
        self._build()
        self._connect()
        self._place(self._ordered())
        self._look.changed.connect(self._render_look)
        self._render_look()

    # ---- building --------------------------------------------------------------------------------------------

    def _build(self) -> None:
        look, explain = self._look, self._explain
        self._restart = self._tool("reset", "reset", "training.reset")
        self._build_play()
        self._step = self._word("step", "Step", "training.step")
        self._step_reading = Reading(look, "step_reading", "step", "000,000", explain("training step"), self)
        self._models_reading = Reading(look, "models_reading", "models at once", "000", _MODELS, self)
        self._build_rate()
        self.rate = NumberField(
            look, "learning_rate", "learning rate", low=1e-7, high=10.0, value=Schedule().learning_rate, log=True,
            slider_range=(1e-5, 1.0), tooltip=explain("learning_rate"), compact=True, waits=True, parent=self,
        )  # fmt: skip
        self.fields: dict[str, NumberField] = {"learning_rate": self.rate, **self.card.fields}
        self._more = self._tool("more_settings", "settings", "", role="flat")
        self._more.setCheckable(True)
        self._more.setAccessibleName("More settings")
        self._more.setToolTip("More settings: batch, and the step at which the training ends")
        self._experiments = self._menu_button("experiments", "Experiments ▾", _EXPERIMENTS)
        self._experiments.setCheckable(True)
        self._export = self._menu_button("export", "Export ▾", _EXPORT)
        self._export_menu = QMenu(self._export)
        for name, text in EXPORTS:
            self._export_menu.addAction(text).setData(name)
        self._build_choices()
        self._undo = self._default("undo", "undo", "edit.undo")
        self._redo = self._default("redo", "redo", "edit.redo")

    def _menu_button(self, name: str, text: str, tooltip: str) -> QPushButton:
        button = self._word(name, text, "")
        button.setToolTip(tooltip)
        button.setAccessibleName(text.removesuffix(" ▾"))
        return button

    def _connect(self) -> None:
        self._restart.clicked.connect(self.restart_requested)
        self._step.clicked.connect(self.step_requested)
        self._more.toggled.connect(self._show_card)
        self.card.closed.connect(self._close_cards)
        self._experiments.toggled.connect(self.show_experiments)
        self.experiments.closed.connect(self._close_cards)
        self.experiments.experiment_chosen.connect(self.experiment_chosen)
        self._export.clicked.connect(self._open_export)
        self._export_menu.triggered.connect(self._choose_export)
        for name, field in self.fields.items():
            field.setProperty("setting", name)
            field.changed.connect(self._change)
            field.edit_finished.connect(self._finish)

    def _ordered(self) -> tuple[tuple[str, QWidget], ...]:
        return (
            ("reset", self._restart),
            ("play", self._play),
            ("step", self._step),
            ("step_reading", self._step_reading),
            ("models", self._models_reading),
            ("rate", self._rate_reading),
            ("learning_rate", self.rate),
            ("more", self._more),
            ("", QWidget(self)),
            ("experiments", self._experiments),
            ("export", self._export),
            ("speed", self.speed),
            ("device", self.device),
            ("undo", self._undo),
            ("redo", self._redo),
        )

    # ---- what the lab tells the bar --------------------------------------------------------------------------

    def show_error(self, field: str, sentence: str) -> None:
        """Show beside a field why its value cannot be."""
        if field in self.fields:
            self.fields[field].show_error(sentence)

    def render_setup(self, setup: Setup) -> None:
        """Show the schedule and how many models there are."""
        schedule = setup.schedule
        self.rate.set_value(schedule.learning_rate)
        self.card.fields["batch_size"].set_value(schedule.batch)
        self.card.fields["horizon"].set_value(schedule.steps)
        self._models_reading.set_text(f"{setup.models}")
        self._offer_rate(schedule.steps is not None)

    def render_snapshot(self, snapshot: SandboxSnapshot) -> None:
        """Show the step, and what the horizon makes of the learning rate."""
        self._step_reading.set_text(f"{snapshot.step:,}")
        self._render_rate(snapshot.learning_rate)
        self.render_device(snapshot.device)

    # ---- intents ---------------------------------------------------------------------------------------------

    def show_experiments(self, is_shown: bool = True) -> None:
        """Open or close the card of experiments."""
        self._experiments.setChecked(is_shown)
        self._show_popover(self.experiments, self._experiments, is_shown=is_shown)

    def _show_card(self, is_shown: bool) -> None:
        self._show_popover(self.card, self._more, is_shown=is_shown)

    def _show_popover(self, card: Popover, anchor: QWidget, *, is_shown: bool) -> None:
        if is_shown:
            card.show_below(anchor)
        elif card.isVisible():
            held = QApplication.focusWidget()
            if held is not None and card.isAncestorOf(held):
                held.clearFocus()  # else the next button of the bar would get it
            card.hide()

    def _close_cards(self) -> None:
        self._more.setChecked(False)
        self._experiments.setChecked(False)

    def _change(self, value: object) -> None:
        self.setting_changed.emit(str(self.sender().property("setting")), value, True)  # noqa: FBT003 - ends below

    def _finish(self) -> None:
        self.setting_edit_finished.emit(str(self.sender().property("setting")))

    def _open_export(self) -> None:
        self._export_menu.popup(self._export.mapToGlobal(self._export.rect().bottomLeft()))

    def _choose_export(self, action: Any) -> None:
        self.export_chosen.emit(str(action.data()))

    # ---- layout ----------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold and unfold fields by the room there is; the cards follow."""
        super().resizeEvent(event)
        for card, anchor in ((self.card, self._more), (self.experiments, self._experiments)):
            if card.isVisible():
                card.show_below(anchor)

    def hideEvent(self, event: QEvent) -> None:
        """Close the cards with the bar."""
        self._close_cards()
        super().hideEvent(event)  # type: ignore[arg-type]

    def _render_look(self) -> None:
        self.rate.setFixedWidth(round(10.5 * self._look.em()))
        super()._render_look()
