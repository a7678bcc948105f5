"""The first rows of a table as they stand in the file."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from playground.engine.table_form import LEFT_OUT, TableForm, TableLook
from playground.views.look import Look

Index = QModelIndex | QPersistentModelIndex


class FirstRowsModel(QAbstractTableModel):
    """Texts of cells; columns that are left out are faint."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._seen: TableLook | None = None
        self._form: TableForm | None = None
        self._target = ""

    def set_look(self, seen: TableLook) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._seen, self._form = seen, seen.form
        self.endResetModel()

    def set_form(self, form: TableForm, target: str) -> None:
        """Follow what is left out and what is predicted."""
        self._form, self._target = form, target
        if self.rowCount() and self.columnCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Return the number of rows that were looked at."""
        return 0 if parent.isValid() or self._seen is None else len(self._seen.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Return the number of columns."""
        return 0 if parent.isValid() or self._form is None else len(self._form.names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return names of columns, numbers of rows."""
        if self._form is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        if section >= len(self._form.names):
            return None
        name = self._form.names[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return name
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._look.palette.colour(self._colour(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text and colour of a cell."""
        if not index.isValid() or self._seen is None:
            return None
        row = self._seen.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return row[index.column()] if index.column() < len(row) else ""
        if role == Qt.ItemDataRole.FontRole:
            return self._look.font(9.0, mono=True)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._look.palette.colour(self._colour(index.column()))
        return None

    def _colour(self, column: int) -> str:
        if self._form is None or self._form.kinds[column] == LEFT_OUT:
            return "faint"
        return "accent" if self._form.names[column] == self._target else "text"


class FirstRows(QTableView):
    """Read-only; scrolls in both directions."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.rows = FirstRowsModel(look, self)
        self.setModel(self.rows)
        self.setObjectName("table_rows")
        self.setAccessibleName("First rows of the table")
        self.setToolTip("The first rows as they stand in the file; what is left out is faint.")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        look.changed.connect(self._render_look)
        self._render_look()

    def _render_look(self) -> None:
        em = self._look.em()
        self.verticalHeader().setDefaultSectionSize(round(1.5 * em))
        self.horizontalHeader().setDefaultSectionSize(round(7.5 * em))
