"""The sheet on which a teacher chooses what a class sees: every part with a sentence, and choices with a name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from playground.views.inspector.flow import FlowLayout
from playground.views.look import Look
from playground.views.parts import Part, Preset

WHAT_IT_DOES = (
    "Choose what those who work with this project see; the window follows at once. What is hidden keeps its value, and "
    "its keys rest. The choice is saved with the project and goes with its text to share. Hiding is not locking: "
    "anybody can show everything again, here or with one click below the lab."
)
_SHOWN, _GONE = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_ID = Qt.ItemDataRole.UserRole


class PartsSheet(QDialog):
    """Lies beside the window. ``hidden_chosen`` carries the ids that are to be hidden, and nothing else is."""

    hidden_chosen = Signal(object)  # frozenset

    def __init__(
        self, look: Look, parts: Sequence[Part], presets: Sequence[Preset], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._items: dict[str, QTreeWidgetItem] = {}
        self._groups: dict[str, QTreeWidgetItem] = {}
        self._presets: dict[QPushButton, Preset] = {}
        self._hidden: frozenset[str] = frozenset()
        self.setObjectName("parts_sheet")
        self.setWindowTitle("For a class")
        self.setAccessibleName("For a class: what is shown")
        self._words = QLabel(WHAT_IT_DOES, self)
        self._words.setObjectName("parts_words")
        self._words.setProperty("role", "muted")
        self._words.setWordWrap(True)
        self._search = self._search_field()
        self._tree = self._built_tree(parts)
        self._count = QLabel(self)
        self._count.setObjectName("parts_count")
        self._arrange(presets)
        self._tree.itemChanged.connect(self._note_change)
        look.changed.connect(self._render_look)
        self._render_look()
        self.resize(round(52 * look.em()), round(40 * look.em()))
        self.show_hidden(frozenset())

    def show_hidden(self, hidden: frozenset[str]) -> None:
        """Show what is hidden now."""
        self._hidden = hidden
        with QSignalBlocker(self._tree):
            for part, item in self._items.items():
                item.setCheckState(0, _GONE if part in hidden else _SHOWN)
        self._render_count()

    def hidden(self) -> frozenset[str]:
        """Return the ids that are not checked."""
        return frozenset(part for part, item in self._items.items() if item.checkState(0) == _GONE)

    # ---- building --------------------------------------------------------------------------------------------

    def _search_field(self) -> QLineEdit:
        found = QLineEdit(self)
        found.setObjectName("parts_search")
        found.setPlaceholderText("Find a part …")
        found.setAccessibleName("Find a part")
        found.setToolTip("Show only the parts whose name or sentence has these letters")
        found.setClearButtonEnabled(True)
        found.textChanged.connect(self._filter)
        return found

    def _built_tree(self, parts: Sequence[Part]) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setObjectName("parts_tree")
        tree.setAccessibleName("Parts of the window")
        tree.setToolTip("A check: the part is shown. Space checks and unchecks the line that the arrow keys are on")
        tree.setColumnCount(2)
        tree.setHeaderLabels(["Shown", "What it is"])
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        tree.setUniformRowHeights(True)
        tree.setIndentation(round(1.2 * self._look.em()))
        groups = self._groups
        for part in parts:
            group = groups.get(part.group)
            if group is None:
                group = groups[part.group] = QTreeWidgetItem(tree, [part.group])
                group.setFlags(group.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
                group.setFirstColumnSpanned(True)
            item = QTreeWidgetItem(group, [part.title, part.sentence])
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setData(0, _ID, part.id)
            item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, part.sentence)
            item.setToolTip(1, part.sentence)
            self._items[part.id] = item
        tree.expandAll()
        return tree

    def _arrange(self, presets: Sequence[Preset]) -> None:
        row = FlowLayout(self._look, gap=0.5)
        for number, preset in enumerate(presets):
            button = QPushButton(preset.title, self)
            button.setObjectName(f"parts_preset_{number}")
            button.setAccessibleName(preset.title)
            button.setToolTip(preset.sentence)
            button.setAutoDefault(False)
            button.setCheckable(True)
            button.clicked.connect(partial(self._choose, preset.hidden))
            self._presets[button] = preset
            row.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, Qt.Orientation.Horizontal, self)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setObjectName("parts_close")
        close.setToolTip("Close the sheet (Esc); what was chosen stays")
        buttons.rejected.connect(self.reject)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._words)
        self._column.addLayout(row)
        self._column.addWidget(self._search)
        self._column.addWidget(self._tree, 1)
        self._column.addWidget(self._count)
        self._column.addWidget(buttons)

    # ---- choosing --------------------------------------------------------------------------------------------

    def _choose(self, hidden: frozenset[str], _is_checked: bool = False) -> None:
        self.show_hidden(hidden & frozenset(self._items))
        self.hidden_chosen.emit(self._hidden)

    def _note_change(self, _item: QTreeWidgetItem, _column: int) -> None:
        """One check of a group changes many lines: it is told once, when the last of them has followed."""
        found = self.hidden()
        if found != self._hidden:
            self._hidden = found
            self._render_count()
            self.hidden_chosen.emit(found)

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for group in self._groups.values():
            group.setHidden(True)
        for item in self._items.values():
            head = item.parent()
            said = f"{item.text(0)} {item.text(1)}".casefold()
            is_found = all(word in said for word in words)
            item.setHidden(not is_found)
            if is_found and head is not None:
                head.setHidden(False)

    def _render_count(self) -> None:
        hidden = len(self._hidden & frozenset(self._items))
        self._count.setText(f"{hidden} of {len(self._items)} parts are hidden." if hidden else "Everything is shown.")
        for button, preset in self._presets.items():
            button.setChecked(self._hidden == preset.hidden & frozenset(self._items))

    def _render_look(self) -> None:
        em = self._look.em()
        margin = round(0.8 * em)
        self._column.setContentsMargins(margin, margin, margin, margin)
        self._column.setSpacing(round(0.6 * em))
        muted = QBrush(self._look.palette.colour("muted"))
        with QSignalBlocker(self._tree):
            for item in self._items.values():
                item.setForeground(1, muted)
