"""The columns of a table that is not data yet: which are used, as what, what is missing in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from playground.engine.table_facts import ColumnFacts, TableFacts
from playground.engine.table_form import CATEGORY, DATE, LEFT_OUT, NUMBER, TableForm
from playground.engine.table_numbers import date_words
from playground.views.look import Look

Index = QModelIndex | QPersistentModelIndex
HEADS = ("Column", "Taken as", "Missing", "What stands in it")
NAME, KIND, MISSING, CONTENT = range(4)
KIND_WORDS = {NUMBER: "numbers", DATE: "dates", CATEGORY: "words", LEFT_OUT: "left out"}
NOT_COUNTED = "–"


def content_words(facts: ColumnFacts) -> str:
    """Return in a few words what stands in a column."""
    if np.isnan(facts.low):
        return "nothing: every value is missing"
    if facts.is_words:
        named = ", ".join(f"{word} {count:,}" for word, count in facts.counts[:4])
        more = ", …" if len(facts.counts) > 4 else ""
        return f"{len(facts.counts):,} different: {named}{more}"
    if facts.is_dates:
        return f"{date_words(facts.low)} to {date_words(facts.high)}"
    return f"{facts.low:g} to {facts.high:g}"


class ColumnModel(QAbstractTableModel):
    """A row for each column of the table; ``changed`` tells that another kind was chosen."""

    changed = Signal()

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.form: TableForm | None = None
        self._found: TableForm | None = None  # before anything was left out
        self._facts: TableFacts | None = None
        self._target = ""

    def set_form(self, form: TableForm) -> None:
        """Show the columns of a table that was looked at; silently."""
        self.beginResetModel()
        self.form = self._found = form
        self._facts = None
        self.endResetModel()

    def set_facts(self, facts: TableFacts | None) -> None:
        """Show what was counted, or that it is being counted."""
        self._facts = facts
        self._renew()

    def set_target(self, name: str) -> None:
        """Mark the column that is to be predicted."""
        self._target = name
        self._renew()

    def _renew(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, CONTENT))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Return the number of columns of the table."""
        return 0 if parent.isValid() or self.form is None else len(self.form.names)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Return 4: name, kind, missing, content."""
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the heads."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return HEADS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, tick, colour and spoken words of a cell."""
        if not index.isValid() or self.form is None:
            return None
        column, kind = index.column(), self.form.kinds[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(index.row(), column)
        if role == Qt.ItemDataRole.EditRole:
            return kind
        if role == Qt.ItemDataRole.CheckStateRole and column == NAME:
            return Qt.CheckState.Unchecked if kind == LEFT_OUT else Qt.CheckState.Checked
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._look.palette.colour(self._colour(index.row(), column))
        if role == Qt.ItemDataRole.FontRole:
            return self._look.font(9.5, bold=column == NAME and self.form.names[index.row()] == self._target)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == MISSING:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _facts_of(self, row: int) -> ColumnFacts | None:
        if self.form is None or self._facts is None:
            return None
        return self._facts.columns.get(self.form.names[row])

    def _colour(self, row: int, column: int) -> str:
        if self.form is None or self.form.kinds[row] == LEFT_OUT:
            return "faint"
        if self.form.names[row] == self._target and column == NAME:
            return "accent"
        found = self._facts_of(row)
        return "bad" if column == MISSING and found is not None and found.missing else "text"

    def _text(self, row: int, column: int) -> str:
        if self.form is None:
            return ""
        if column == NAME:
            return self.form.names[row]
        if column == KIND:
            return KIND_WORDS[self.form.kinds[row]]
        found = self._facts_of(row)
        if found is None:
            return NOT_COUNTED if self.form.kinds[row] == LEFT_OUT or self._facts is not None else "…"
        return f"{found.missing:,}" if column == MISSING else content_words(found)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take another kind, or a tick."""
        form, found = self.form, self._found
        if form is None or found is None or not index.isValid():
            return False
        row, kind = index.row(), str(value)
        if role == Qt.ItemDataRole.CheckStateRole:
            was = found.kinds[row] if found.kinds[row] != LEFT_OUT else CATEGORY
            kind = was if Qt.CheckState(value) == Qt.CheckState.Checked else LEFT_OUT
        if kind not in KIND_WORDS or kind == form.kinds[row]:
            return False
        kinds = list(form.kinds)
        kinds[row] = kind
        self.form = replace(form, kinds=tuple(kinds))
        self.dataChanged.emit(self.index(row, 0), self.index(row, CONTENT))
        self.changed.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let names be ticked and kinds be chosen."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == NAME:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == KIND else flags


class KindDelegate(QStyledItemDelegate):
    """Lets a kind be chosen from a list."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        """Return the list, open."""
        box = QComboBox(parent)
        for kind, words in KIND_WORDS.items():
            box.addItem(words, kind)
        box.setAccessibleName("Taken as")
        box.activated.connect(self._commit)
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the present kind."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand the choice to the model."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())

    def _commit(self, _place: int) -> None:
        editor = self.sender()
        if isinstance(editor, QComboBox):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor)


class ColumnList(QTableView):
    """The columns one below the other, of thousands too."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.columns = ColumnModel(look, self)
        self.setModel(self.columns)
        self.setItemDelegateForColumn(KIND, KindDelegate(self))
        self.setObjectName("table_columns")
        self.setAccessibleName("Columns of the table")
        self.setToolTip(
            "Untick what is not to be used; click on 'numbers', 'dates' or 'words' to take a column as"
            " something else. Dates are counted as days since 1970."
        )
        self.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        look.changed.connect(self._render_look)
        self._render_look()

    def _render_look(self) -> None:
        em = self._look.em()
        self.verticalHeader().setDefaultSectionSize(round(1.7 * em))
        for column, width in ((NAME, 11), (KIND, 6), (MISSING, 5)):
            self.setColumnWidth(column, round(width * em))
