"""The card of the rarer settings, below the bar: it stays open while one tries, and everything acts at once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from playground.labs.network.setting_fields import SettingField, setting_field
from playground.views.heads import SectionHead
from playground.views.look import Look
from playground.views.popover import Popover
from playground.views.sources import ActionSource, Explain, IconSource

# head -> settings, two a row
SECTIONS = (
    ("Schedule of the learning rate", ("schedule", "schedule_epochs", "schedule_factor")),
    ("Optimizer and penalty", ("momentum", "l1")),
    ("Start: these begin anew", ("initialization", "seed")),
    ("Stop by itself", ("stop_epochs", "stop_accuracy")),
)


class SettingsCard(Popover):
    """Floats over the lab at its top; ``fields`` holds its settings by name."""

    new_seed_requested = Signal()

    def __init__(
        self, look: Look, explain: Explain, icon: IconSource, actions: ActionSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, "settings_card", "More settings", parent)
        self._icon = icon
        self.fields: dict[str, SettingField] = {}
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head())
        self._folded = QGridLayout()
        self._folded_box = QWidget(self)
        self._folded_box.setLayout(self._folded)
        for column in (0, 1):
            self._folded.setColumnStretch(column, 1)
        self._folded_box.hide()
        self._column.addWidget(self._folded_box)
        self._grids = [self._folded]
        self._note = QLabel(self)
        self._note.setObjectName("momentum_note")
        self._note.setProperty("role", "muted")
        self._note.hide()
        for title, names in SECTIONS:
            self._column.addWidget(SectionHead(look, title, self))
            self._column.addLayout(self._section(names, explain))
        self._new_seed = QPushButton("New seed", self)
        self._new_seed.setObjectName("new_seed")
        self._new_seed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._new_seed.setAccessibleName("New seed")
        self._new_seed.setToolTip(actions["training.new_seed"].toolTip())
        self._new_seed.clicked.connect(self.new_seed_requested)
        self._grids[3].addWidget(self._new_seed, 1, 1)
        self._grids[2].addWidget(self._note, 1, 0, 1, 2)
        look.changed.connect(self._render_look)
        self._render_look()

    def take_folded(self, widgets: list[QWidget]) -> None:
        """Give room to the fields that the bar has none for, in their order."""
        while self._folded.count():
            self._folded.takeAt(0)
        for place, widget in enumerate(widgets):
            self._folded.addWidget(widget, place // 2, place % 2)
            widget.show()
        self._folded_box.setVisible(bool(widgets))

    def set_note(self, sentence: str) -> None:
        """Say below the momentum why it does not count; an empty sentence: it does."""
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))

    def event(self, event: QEvent) -> bool:
        """Be as high as what stands on the card, also where that changes while it is open."""
        is_done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.adjustSize()
        return is_done

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

    def _section(self, names: tuple[str, ...], explain: Explain) -> QGridLayout:
        grid = QGridLayout()
        for place, name in enumerate(names):
            field = setting_field(self._look, name, explain, self, compact=False)
            self.fields[name] = field
            grid.addWidget(field, place // 2, place % 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        self._grids.append(grid)
        return grid

    def _render_look(self) -> None:
        em = self._look.em()
        self._close_button.setIcon(self._icon("close", "muted"))
        self._close_button.setIconSize(QSize(round(em), round(em)))
        margin = round(0.8 * em)
        self._column.setContentsMargins(margin, round(0.5 * em), margin, margin)
        self._column.setSpacing(round(0.6 * em))
        for grid in self._grids:
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setHorizontalSpacing(round(1.4 * em))
            grid.setVerticalSpacing(round(0.4 * em))
        self.setFixedWidth(round(30 * em))
        if self.isVisible():
            self.adjustSize()
