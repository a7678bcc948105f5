"""The card of the rarer settings, below the bar: it stays open while one tries, and everything acts at once."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from playground.labs.card import Card, Item
from playground.labs.network.setting_fields import SettingField, setting_field
from playground.views.look import Look
from playground.views.sources import ActionSource, Explain, IconSource

# head -> settings, two a row
SECTIONS = (
    ("Schedule of the learning rate", ("schedule", "schedule_epochs", "schedule_factor")),
    ("Optimizer and penalty", ("momentum", "l1")),
    ("Start: these begin anew", ("initialization", "seed")),
    ("Stop by itself", ("stop_epochs", "stop_accuracy")),
)
# settings that are hidden together -> the name of that
_TOGETHER = {
    "schedule_epochs": "schedule",
    "schedule_factor": "schedule",
    "stop_epochs": "stop",
    "stop_accuracy": "stop",
}


class SettingsCard(Card):
    """Floats over the lab at its top; ``fields`` holds its settings by name."""

    new_seed_requested = Signal()

    def __init__(
        self, look: Look, explain: Explain, icon: IconSource, actions: ActionSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, "settings_card", 30.0, parent)
        self._icon = icon
        self.fields: dict[str, SettingField] = {}
        self._column.addLayout(self._head())
        self._add_folded()
        self._note = QLabel(self)
        self._note.setObjectName("momentum_note")
        self._note.setProperty("role", "muted")
        self._note.hide()
        self._sentence = ""
        self._new_seed = QPushButton("New seed", self)
        self._new_seed.setObjectName("new_seed")
        self._new_seed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._new_seed.setAccessibleName("New seed")
        self._new_seed.setToolTip(actions["training.new_seed"].toolTip())
        self._new_seed.clicked.connect(self.new_seed_requested)
        for title, names in SECTIONS:
            items = [self._item(name, explain) for name in names]
            if "momentum" in names:
                items.append(Item("momentum_note", self._note, "momentum", is_wide=True, is_note=True))
            if "seed" in names:
                items.append(Item("new_seed", self._new_seed, "seed", is_last=True))
            self._add_section(title, items)
        QWidget.setTabOrder(self.fields["seed"], self._new_seed)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_note(self, sentence: str) -> None:
        """Say below the momentum why it does not count; an empty sentence: it does."""
        self._sentence = sentence
        self._show_note()

    def set_hidden(self, places: frozenset[str]) -> None:
        """Hide the settings of these names; what is noted of one goes with it."""
        super().set_hidden(places)
        self._show_note()

    def _show_note(self) -> None:
        self._note.setText(self._sentence)
        self._note.setVisible(bool(self._sentence) and "momentum" not in self._hidden)

    def _item(self, name: str, explain: Explain) -> Item:
        field = self.fields[name] = setting_field(self._look, name, explain, self, compact=False)
        return Item(name, field, _TOGETHER.get(name, name))

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        title = QLabel("More settings", self)
        title.setProperty("role", "heading")
        self._close_button = QToolButton(self)
        self._close_button.setObjectName("settings_card_close")
        self._close_button.setProperty("role", "flat")
        self._close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close_button.setAccessibleName("Close the card")
        self._close_button.setToolTip("Close the card (Esc); what was set stays")
        self._close_button.clicked.connect(self.closed)
        row.addWidget(title, 1)
        row.addWidget(self._close_button)
        return row

    def _render_look(self) -> None:
        em = self._look.em()
        self._close_button.setIcon(self._icon("close", "muted"))
        self._close_button.setIconSize(QSize(round(em), round(em)))
        super()._render_look()
        margin = round(0.8 * em)
        self._column.setContentsMargins(margin, round(0.5 * em), margin, margin)
