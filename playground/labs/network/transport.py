"""The bar of the network lab: play, step, epoch, and the settings that one changes while training."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.engine.settings import OPTIMIZER_NAMES, Settings
from playground.engine.snapshots import Snapshot
from playground.labs.bar import Bar
from playground.labs.base import LabContext
from playground.labs.network.setting_fields import SettingField, connect_field, setting_field
from playground.labs.network.settings_card import SettingsCard
from playground.labs.network.structure_field import StructureField
from playground.views.fields import ChoiceField
from playground.views.readings import Reading

SPEEDS: tuple[tuple[str, float | None], ...] = (
    ("full", None),
    ("100 /s", 100.0),
    ("30 /s", 30.0),
    ("10 /s", 10.0),
    ("3 /s", 3.0),
    ("1 /s", 1.0),
)
WITH_MOMENTUM = ("momentum", "nesterov", "adam", "adamw")
BAR_FIELDS = ("learning_rate", "batch_size", "optimizer", "loss", "l2")
FOLDED_FIRST = ("l2", "loss", "speed", "device", "rate", "batch_size", "optimizer")  # where the window is narrow
WIDEST_CHOICES = {"optimizer": 5.8, "loss": 7.5}  # em in the bar: longer names end in dots
WIDEST_DEVICE = 8.5


class Transport(Bar):
    """Emits what the user wants; shows settings and snapshots. Fields without room move to the card."""

    speeds = SPEEDS
    folded_first = FOLDED_FIRST

    step_requested = Signal()
    epoch_requested = Signal()
    reset_requested = Signal()
    new_seed_requested = Signal()
    setting_changed = Signal(str, object, bool)  # field, value, whether it is part of a drag
    setting_edit_finished = Signal(str)
    structure_typed = Signal(str)

    def __init__(self, context: LabContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.card: SettingsCard = SettingsCard(self._look, context.explain, context.icon, context.actions, self)
        self._build()
        self._connect()
        self._place(self._ordered())
        self._look.changed.connect(self._render_look)
        self._render_look()

    # ---- building --------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._reset = self._tool("reset", "reset", "training.reset")
        self._build_play()
        self._step = self._word("step", "Step", "training.step")
        self._epoch = self._word("epoch", "Epoch", "training.epoch")
        self._undo = self._default("undo", "undo", "edit.undo")
        self._redo = self._default("redo", "redo", "edit.redo")
        self.structure = StructureField(self._look, self)
        explain = self._explain
        self._epoch_reading = Reading(self._look, "epoch_reading", "epoch", "000.00", explain("epoch"), self)
        self._step_reading = Reading(self._look, "step_reading", "step", "000,000", explain("training step"), self)
        self._build_rate()
        self.fields: dict[str, SettingField] = {
            name: setting_field(self._look, name, explain, self, compact=True, slider=name == "learning_rate")
            for name in BAR_FIELDS
        }
        self.fields.update(self.card.fields)
        self._more = self._tool("more_settings", "settings", "", role="flat")
        self._more.setCheckable(True)
        self._more.setAccessibleName("More settings")
        self._more.setToolTip("More settings: schedule, momentum, L1, initialisation, seed, stop rules")
        self._build_choices()

    def _connect(self) -> None:
        self._reset.clicked.connect(self.reset_requested)
        self._step.clicked.connect(self.step_requested)
        self._epoch.clicked.connect(self.epoch_requested)
        self._more.toggled.connect(self._show_card)
        self.card.closed.connect(self._close_card)
        self.card.new_seed_requested.connect(self.new_seed_requested)
        self.structure.typed.connect(self.structure_typed)
        for field in self.fields.values():
            connect_field(field, self.setting_changed.emit, self.setting_edit_finished.emit)

    def _ordered(self) -> tuple[tuple[str, QWidget], ...]:
        names = ("learning_rate", "rate", "batch_size", "optimizer", "loss", "l2")
        settings = [(name, self._rate_reading if name == "rate" else self.fields[name]) for name in names]
        return (
            ("reset", self._reset),
            ("play", self._play),
            ("step", self._step),
            ("epoch", self._epoch),
            ("structure", self.structure),
            ("epoch_reading", self._epoch_reading),
            ("step_reading", self._step_reading),
            *settings,
            ("more", self._more),
            ("", QWidget(self)),
            ("speed", self.speed),
            ("device", self.device),
            ("undo", self._undo),
            ("redo", self._redo),
        )

    # ---- what the lab tells the bar --------------------------------------------------------------------------

    def show_error(self, field: str, sentence: str) -> None:
        """Show beside a field why its value cannot be."""
        found = self.fields.get(field)
        if found is not None and not isinstance(found, ChoiceField):
            found.show_error(sentence)

    def edit_structure(self) -> None:
        """Put the cursor into the field of the structure."""
        self.structure.begin()

    def show_structure(self, text: str) -> None:
        """Show the structure, for example 784-16-16-10."""
        self.structure.set_text(text)

    def render_settings(self, settings: Settings) -> None:
        """Show the settings; fields in the middle of an edit stay as they are."""
        for name, field in self.fields.items():
            field.set_value(getattr(settings, name))
        has_factor = settings.schedule == "step"
        self.fields["schedule_factor"].setEnabled(has_factor)
        self.fields["schedule_epochs"].setEnabled(settings.schedule != "constant")
        has_momentum = settings.optimizer in WITH_MOMENTUM
        self.fields["momentum"].setEnabled(has_momentum)
        self.card.set_note("" if has_momentum else f"{OPTIMIZER_NAMES[settings.optimizer]} has no momentum.")
        self._offer_rate(settings.schedule != "constant")

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Show step, epoch and what the schedule makes of the learning rate."""
        self._step_reading.set_text(f"{snapshot.step:,}")
        self._epoch_reading.set_text(f"{snapshot.epoch:.2f}")
        self._render_rate(snapshot.learning_rate)

    # ---- intents ---------------------------------------------------------------------------------------------

    def _show_card(self, is_shown: bool) -> None:
        if is_shown:
            self.card.show_below(self._more)
        else:
            self.card.hide()

    def _close_card(self) -> None:
        self._more.setChecked(False)

    # ---- layout ----------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold and unfold fields by the room there is; the card follows."""
        super().resizeEvent(event)
        if self.card.isVisible():
            self.card.show_below(self._more)

    def hideEvent(self, event: Any) -> None:
        """Close the card with the bar."""
        self._close_card()
        super().hideEvent(event)

    def _render_look(self) -> None:
        em = self._look.em()
        self.fields["learning_rate"].setFixedWidth(round(10.5 * em))
        for name, width in WIDEST_CHOICES.items():
            self.fields[name].setMaximumWidth(round(width * em))
        self.device.setMaximumWidth(round(WIDEST_DEVICE * em))
        super()._render_look()
