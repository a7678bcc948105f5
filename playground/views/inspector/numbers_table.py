"""A table of numbers with one column that can be typed in; only the rows in sight are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from playground.views.grid.numerals import signed_text
from playground.views.look import Look
from playground.views.numbers import parsed_number

LARGEST = 1e6
_Index = QModelIndex | QPersistentModelIndex


class NumbersModel(QAbstractTableModel):
    """Names at the left, numbers behind; ``entered`` carries row and typed number, ``refused`` a sentence."""

    entered = Signal(int, float)
    refused = Signal(str)

    def __init__(self, headers: Sequence[str], editable: int, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._headers, self._editable, self._look = tuple(headers), editable, look
        self._names: tuple[str, ...] = ()
        self._values: NDArray[np.float64] = np.zeros((0, len(self._headers) - 1))

    def show_rows(self, names: Sequence[str], values: NDArray[np.float64]) -> None:
        """Show ``values`` ``[rows, columns]`` behind ``names``."""
        if tuple(names) != self._names:
            self.beginResetModel()
            self._names, self._values = tuple(names), values
            self.endResetModel()
        elif not np.array_equal(values, self._values, equal_nan=True):
            self._values = values
            if self._names:
                self.dataChanged.emit(self.index(0, 1), self.index(len(self._names) - 1, len(self._headers) - 1))

    def set_first_header(self, text: str) -> None:
        """Show another word above the names."""
        if text != self._headers[0]:
            self._headers = (text, *self._headers[1:])
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the heads of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section == 0:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a name or a number as text."""
        row, column = index.row(), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._names[row] if column == 0 else signed_text(float(self._values[row, column - 1]), plus=False)
        if role == Qt.ItemDataRole.EditRole and column == self._editable:
            return f"{float(np.float32(self._values[row, column - 1])):.7g}"
        if role == Qt.ItemDataRole.TextAlignmentRole and column > 0:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.FontRole:
            return self._look.font(9.0, mono=column > 0)
        if role == Qt.ItemDataRole.ForegroundRole and column == self._editable:
            value = self._values[row, column - 1]
            return self._look.palette.colour("text" if value == 0 else "positive" if value > 0 else "negative")
        if role == Qt.ItemDataRole.ToolTipRole and column == 0:
            return self._names[row]
        if role == Qt.ItemDataRole.ToolTipRole and column == self._editable:
            return f"{self._names[row]}: type another weight, Enter sets it"
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Say that one column can be typed in."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == self._editable else flags

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a typed number, or say why it is none."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        try:
            number = parsed_number(str(value)[:80].replace("−", "-"), "weight", low=-LARGEST, high=LARGEST)
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        if number is None:
            return False
        self.refused.emit("")
        self.entered.emit(index.row(), float(number))
        return True


class NumbersTable(QTableView):
    """The view of a `NumbersModel`: as high as its rows, up to ``most_rows``."""

    def __init__(self, look: Look, model: NumbersModel, *, most_rows: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._most_rows = look, most_rows
        self.setModel(model)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        for column in range(model.columnCount()):
            mode = QHeaderView.ResizeMode.Stretch if column == 0 else QHeaderView.ResizeMode.Fixed
            header.setSectionResizeMode(column, mode)
        model.modelReset.connect(self._render_look)
        look.changed.connect(self._render_look)
        self._render_look()

    def _render_look(self) -> None:
        em, palette = self._look.em(), self._look.palette
        font = self._look.font(8.5)
        self.horizontalHeader().setFont(font)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(round(1.35 * em))
        self.horizontalHeader().setFixedHeight(round(1.5 * em))
        for column in range(1, self.model().columnCount()):
            self.setColumnWidth(column, round(4.4 * em))
        self.setStyleSheet(
            f"QTableView {{ background: {palette.sunken}; color: {palette.text}; border: 1px solid {palette.line};"
            f" border-radius: {round(0.3 * em)}px; selection-background-color: {palette.raised};"
            f" selection-color: {palette.text}; }}"
            f"QTableView::item {{ padding: 0 {round(0.35 * em)}px; }}"
            f"QTableView:focus {{ border-color: {palette.accent}; }}"
            f"QHeaderView::section {{ background: {palette.sunken}; color: {palette.muted}; border: none;"
            f" border-bottom: 1px solid {palette.line}; padding: 0 {round(0.35 * em)}px; }}"
            f"QLineEdit {{ background: {palette.sunken}; color: {palette.text}; border: 1px solid {palette.accent};"
            " padding: 0; }"
        )
        rows = min(self.model().rowCount(), self._most_rows)
        self.setFixedHeight(round(1.5 * em) + rows * round(1.35 * em) + 4)

    def minimumSizeHint(self) -> QSize:
        """Return a width at which names can be read."""
        return QSize(round(12 * self._look.em()), self.height())
