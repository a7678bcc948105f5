"""Inputs that are plain numbers: a small table to type them in."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from playground.views.heads import SectionHead
from playground.views.look import Look
from playground.views.numbers import number_text, parsed_number

Index = QModelIndex | QPersistentModelIndex
LIMIT = 1e6  # the largest magnitude that may be typed
VISIBLE_ROWS = 12


def number_in(text: str, label: str) -> float:
    """Return the number that was typed (raises ValueError with a sentence)."""
    return float(parsed_number(text.replace("−", "-"), label, low=-LIMIT, high=LIMIT) or 0.0)


class InputModel(QAbstractTableModel):
    """Name and value of each input; a value that cannot be is refused with a sentence (``refused``)."""

    edited = Signal()
    refused = Signal(str)

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._names: tuple[str, ...] = ()
        self.values: NDArray[np.float32] = np.zeros(0, np.float32)

    def set_values(self, values: NDArray[np.float32], names: tuple[str, ...]) -> None:
        """Show other values; silently."""
        if names == self._names:
            self.values = np.array(values, np.float32)
            if len(names):
                self.dataChanged.emit(self.index(0, 1), self.index(len(names) - 1, 1))
            return
        self.beginResetModel()
        self._names, self.values = names, np.array(values, np.float32)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Return the number of inputs."""
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Return 2: name and value."""
        return 0 if parent.isValid() else 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, face and spoken words of a cell."""
        if not index.isValid():
            return None
        name, value = self._names[index.row()], float(self.values[index.row()])
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return name if index.column() == 0 else number_text(value, decimals=2)
        if role == Qt.ItemDataRole.FontRole:
            return self._look.font(9.5, mono=index.column() == 1)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 1:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._look.palette.colour("muted" if index.column() == 0 else "text")
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{name} = {value:.8g}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take what was typed, or refuse it with a sentence."""
        if role != Qt.ItemDataRole.EditRole or index.column() != 1:
            return False
        name = self._names[index.row()]
        try:
            number = number_in(str(value), f"input {name}")
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        self.refused.emit("")
        if math.isclose(number, float(self.values[index.row()]), rel_tol=1e-7):
            return True
        self.values[index.row()] = number
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let values be edited, names not."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 1 else flags


class InputDelegate(QStyledItemDelegate):
    """Lets each keystroke that makes a number count at once; Esc takes all of them back."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a line to type in."""
        editor = QLineEdit(parent)
        editor.setFrame(False)
        editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        editor.setAccessibleName(str(index.sibling(index.row(), 0).data()))
        editor.setProperty("before", index.data(Qt.ItemDataRole.EditRole))
        editor.textEdited.connect(self._commit_number)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the value, unless it is being typed."""
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand the text to the model."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Take back on Esc."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.KeyPress and isinstance(editor, QLineEdit):
            editor.setText(editor.property("before"))
            self.commitData.emit(editor)
        return super().eventFilter(editor, event)

    def _commit_number(self, text: str) -> None:
        editor = self.sender()
        if not isinstance(editor, QLineEdit):
            return
        try:
            number_in(text, "input")
        except ValueError:
            return  # half-typed; the sentence comes when the line is left
        self.commitData.emit(editor)


class InputTable(QWidget):
    """The inputs as a table; ``values_changed`` carries the values ``[features]`` after a keystroke that counts."""

    values_changed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._model = InputModel(look, self)
        self._view = QTableView(self)
        self._view.setModel(self._model)
        self._view.setItemDelegate(InputDelegate(self._view))
        self._view.setObjectName("input_table")
        self._view.setAccessibleName("Inputs of the network")
        self._view.setToolTip("Type a value: the network answers at once.")
        self._view.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self._view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._view.setTabKeyNavigation(False)
        self._view.verticalHeader().hide()
        self._view.horizontalHeader().hide()
        self._view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._view.setShowGrid(False)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._target = QLabel(self)
        self._target.setObjectName("input_table_target")
        self._target.setTextFormat(Qt.TextFormat.PlainText)
        self._target.setWordWrap(True)
        self._target.setToolTip("What the network is to answer to this example.")
        self._target.hide()
        self._error = QLabel(self)
        self._error.setObjectName("input_table_error")
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(SectionHead(look, "Inputs", self))
        column.addWidget(self._view)
        column.addWidget(self._target)
        column.addWidget(self._error)
        self._model.edited.connect(self._tell)
        self._model.refused.connect(self._render_error)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_values(self, values: NDArray[np.float32], names: tuple[str, ...] = ()) -> None:
        """Show other values; silently."""
        if len(names) != len(values):
            names = tuple(f"x{i + 1}" for i in range(len(values)))
        self._model.set_values(values, names)
        self._render_look()

    def set_target(self, words: str) -> None:
        """Show what the answer to these inputs is to be; an empty text where nobody knows."""
        self._target.setText(words)
        self._target.setVisible(bool(words))

    def values(self) -> NDArray[np.float32]:
        """Return a copy of the values."""
        return self._model.values.copy()

    def _tell(self) -> None:
        self.values_changed.emit(self.values())

    def _render_error(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def _render_look(self) -> None:
        palette = self._look.palette
        row = round(1.5 * self._look.em())
        self._view.verticalHeader().setDefaultSectionSize(row)
        self._view.setFixedHeight(row * min(max(self._model.rowCount(), 1), VISIBLE_ROWS) + 4)
        self._view.setStyleSheet(
            f"QTableView {{ background: {palette.sunken}; border: 1px solid {palette.line}; outline: none; }}"
            f"QTableView::item:selected {{ background: {palette.raised}; color: {palette.text}; }}"
            f"QLineEdit {{ background: {palette.sunken}; color: {palette.text}; border: 1px solid {palette.accent};"
            f" selection-background-color: {palette.accent}; }}"
        )
        self._error.setFont(self._look.font(9.0))
        self._target.setFont(self._look.font(9.5))
