"""The cells of a row that is typed in: numbers, and of a table also words chosen from a list."""

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
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from playground.engine.columns import MISSING_WORD, InputColumn, TableColumns, number_words
from playground.views.look import Look
from playground.views.numbers import number_text, parsed_number

Index = QModelIndex | QPersistentModelIndex
LIMIT = 1e6  # the largest magnitude that may be typed
_LARGEST = 1e30  # in the unit of a column


def number_in(text: str, label: str) -> float:
    """Return the number that was typed (raises ValueError with a sentence)."""
    return float(parsed_number(text.replace("−", "-"), label, low=-LIMIT, high=LIMIT) or 0.0)


class InputModel(QAbstractTableModel):
    """Name and value of each input, or of each column of a table, whose words stand for themselves.

    A value that cannot be is refused with a sentence (``refused``); ``remarked`` carries one on a value that can.
    """

    edited = Signal()
    refused = Signal(str)
    remarked = Signal(str)

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._names: tuple[str, ...] = ()
        self._columns: TableColumns | None = None
        self._values: NDArray[np.float64] = np.zeros(0)  # by row: an input, or a number or the place of a word

    def set_columns(self, columns: TableColumns | None) -> None:
        """Show the columns of a table from now on; None: the inputs themselves."""
        if columns is not self._columns:
            self.beginResetModel()
            self._columns, self._names, self._values = columns, (), np.zeros(0)
            self.endResetModel()

    def set_inputs(self, inputs: NDArray[np.float32], names: tuple[str, ...]) -> None:
        """Show what an input ``[inputs]`` stands for; ``names`` are those of the inputs; silently."""
        values = np.array(inputs, np.float64)
        if self._columns is not None and len(inputs) == len(self._columns.names):
            values = np.array(self._columns.row(inputs))
            names = tuple(column.name for column in self._columns.inputs)
        if names == self._names:
            self._values = values
            if len(names):
                self.dataChanged.emit(self.index(0, 1), self.index(len(names) - 1, 1))
            return
        self.beginResetModel()
        self._names, self._values = names, values
        self.endResetModel()

    def inputs(self) -> NDArray[np.float32]:
        """Return what the network receives ``[inputs]``."""
        if self._columns is not None and len(self._values) == len(self._columns.inputs):
            return self._columns.inputs_of(self._values.tolist())
        return self._values.astype(np.float32)

    def column_of(self, row: int) -> InputColumn | None:
        """Return the column of a table that stands in a row, None where there is an input."""
        return None if self._columns is None or not len(self._values) else self._columns.inputs[row]

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
        name, value = self._names[index.row()], float(self._values[index.row()])
        column = self.column_of(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            text = number_text(value, decimals=2) if column is None else column.text(value)
            return name if index.column() == 0 else text
        if role == Qt.ItemDataRole.FontRole:
            return self._look.font(9.5, mono=index.column() == 1 and (column is None or not column.words))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 1:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._look.palette.colour("muted" if index.column() == 0 else "text")
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{name} = {value:.8g}" if column is None else f"{name} = {column.text(value)}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take what was typed, or refuse it with a sentence."""
        if role != Qt.ItemDataRole.EditRole or index.column() != 1:
            return False
        name, column = self._names[index.row()], self.column_of(index.row())
        try:
            number = number_in(str(value), f"input {name}") if column is None else self._typed(column, value)
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        self.refused.emit("")
        self.remarked.emit("" if column is None else remark(column, number))
        if math.isclose(number, float(self._values[index.row()]), rel_tol=1e-7):
            return True
        self._values[index.row()] = number
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True

    def _typed(self, column: InputColumn, value: Any) -> float:
        """Return the number or the place of the word that was entered (raises ValueError with a sentence)."""
        if not column.words:
            return typed_number(str(value), column)
        if type(value) is int and 0 <= value <= len(column.words):
            return float(value)
        if str(value) not in column.words:
            raise ValueError(f"'{str(value)[:40]}' is no word of the column '{column.name}': choose one of its list.")
        return float(column.words.index(str(value)))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let values be edited, names not."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 1 else flags


def typed_number(text: str, column: InputColumn) -> float:
    """Return the number that was typed into a column; nothing typed means missing: the mean stands for it.

    Raises
    ------
    ValueError
        With a sentence.
    """
    cleaned = text.replace("−", "-").strip()
    if not cleaned:
        return column.usual
    if "," in cleaned and "." in cleaned:  # as large numbers are shown: 58,000.5
        cleaned = cleaned.replace(",", "")
    return float(parsed_number(cleaned, column.name[:40], low=-_LARGEST, high=_LARGEST) or 0.0)


def remark(column: InputColumn, value: float) -> str:
    """Return a sentence on a value that the training part does not have, an empty text for all others."""
    if column.words:
        if value == len(column.words):
            return f"Where '{column.name}' is missing, none of its words is given to the network."
        if int(value) in column.unseen:
            return f"'{column.words[int(value)][:40]}' stands in no row of the training part: nothing was learnt of it."
        return ""
    if column.low <= value <= column.high:
        return ""
    low, high = number_words(column.low), number_words(column.high)
    return f"'{column.name}' lies between {low} and {high} in the training part: what is answered beyond is a guess."


class InputDelegate(QStyledItemDelegate):
    """Lets each keystroke that makes a number count at once; Esc takes all of them back."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a line to type in, or the list of a column's words."""
        column = column_at(index)
        if column is not None and column.words:
            return self._list(parent, column)
        editor = QLineEdit(parent)
        editor.setFrame(False)
        editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        editor.setAccessibleName(str(index.sibling(index.row(), 0).data()))
        editor.setProperty("before", index.data(Qt.ItemDataRole.EditRole))
        editor.textEdited.connect(self._commit_number)
        return editor

    def _list(self, parent: QWidget, column: InputColumn) -> QComboBox:
        box = QComboBox(parent)
        box.setMaxVisibleItems(16)
        for place, word in enumerate(column.words):
            box.addItem(f"{word}  (never learnt)" if place in column.unseen else word, place)
        box.addItem(MISSING_WORD, len(column.words))
        box.setAccessibleName(column.name)
        box.activated.connect(self._commit_word)
        return box

    def _commit_word(self, _place: int) -> None:
        editor = self.sender()
        if isinstance(editor, QComboBox):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the value, unless it is being typed."""
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(index.data(Qt.ItemDataRole.EditRole)))
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand the text, or the place of the word, to the model."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())
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


def column_at(index: Index) -> InputColumn | None:
    """Return the column of a table that a cell belongs to."""
    model = index.model()
    return model.column_of(index.row()) if isinstance(model, InputModel) else None
