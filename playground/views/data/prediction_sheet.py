"""What the network answers to each example beside what it was to be; sortable, a part at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QLabel, QTableView, QVBoxLayout, QWidget

from playground.engine.columns import number_words
from playground.engine.predictions import PredictionColumn, Predictions
from playground.engine.targets import VALUES
from playground.views.data.prediction_pictures import PictureRows
from playground.views.data.source import ProgressLine
from playground.views.fields import ChoiceField
from playground.views.heads import FlatButton
from playground.views.look import Look

Index = QModelIndex | QPersistentModelIndex
PARTS = (("validation", "validation"), ("test", "test"), ("train", "training"))


class PredictionModel(QAbstractTableModel):
    """Columns of numbers and words; the order of the rows is that of the last sorting."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._columns: list[PredictionColumn] = []
        self._pictures: Callable[[int], QPixmap] | None = None
        self._order: NDArray[np.int64] = np.zeros(0, np.int64)
        self._sorted_by = (0, Qt.SortOrder.AscendingOrder)

    def set_columns(self, columns: list[PredictionColumn], pictures: Callable[[int], QPixmap] | None = None) -> None:
        """Show another table, sorted as before; ``pictures`` returns that of a row, to stand beside its number."""
        self.beginResetModel()
        self._columns, self._pictures = columns, pictures
        self._order = self._sorted(*self._sorted_by)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the names of the columns."""
        is_text = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        if is_text and orientation == Qt.Orientation.Horizontal and section < len(self._columns):
            return self._columns[section].name
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, face and colour of a cell."""
        if not index.isValid():
            return None
        column, row = self._columns[index.column()], int(self._order[index.row()])
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.text(row)
        if role == Qt.ItemDataRole.DecorationRole and column.name == "row" and self._pictures is not None:
            return self._pictures(row)
        if role == Qt.ItemDataRole.FontRole:
            return self._look.font(9.0, mono=not column.words)
        if role == Qt.ItemDataRole.TextAlignmentRole and not column.words:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole:
            if column.name == "right":
                return self._look.palette.colour("good" if column.values[row] else "bad")
            return self._look.palette.colour("muted" if column.name == "row" else "text")
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Bring the rows into the order of a column; how far off an answer is counts without its sign."""
        self._sorted_by = (max(column, 0), order)
        self.layoutAboutToBeChanged.emit()
        self._order = self._sorted(*self._sorted_by)
        self.layoutChanged.emit()

    def _sorted(self, column: int, order: Qt.SortOrder) -> NDArray[np.int64]:
        if not self._columns:
            return np.zeros(0, np.int64)
        chosen = self._columns[min(column, len(self._columns) - 1)]
        values = np.abs(chosen.values) if chosen.name.startswith("off by") else chosen.values
        keys = np.asarray(values, np.float64)
        return np.argsort(keys if order == Qt.SortOrder.AscendingOrder else -keys, kind="stable").astype(np.int64)


class PredictionSheet(QDialog):
    """Lies beside the window. ``asked`` carries the part that is to be answered, ``export_requested`` the same."""

    asked = Signal(str)
    export_requested = Signal(str)
    stop_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._found: Predictions | None = None
        self._rows: PictureRows | None = None
        self.setObjectName("prediction_sheet")
        self.setWindowTitle("Answers and targets")
        self.setAccessibleName("Answers and targets")
        self.part = ChoiceField(
            look, "prediction_part", "Part", PARTS, "validation", "Whose examples are answered.", self, compact=True
        )
        self._words, self._error = QLabel(self), QLabel(self)
        for label, name, role in (
            (self._words, "prediction_words", "muted"),
            (self._error, "prediction_error", "error"),
        ):
            label.setObjectName(name)
            label.setProperty("role", role)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.model = PredictionModel(look, self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        self.table.setObjectName("prediction_table")
        self.table.setAccessibleName("Answers and targets")
        self.table.setToolTip("Inputs, targets and answers as the data have them; a click on a head sorts by it.")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.table.setSortingEnabled(True)
        self._progress = ProgressLine(look, self)
        self._progress.hide()
        self._again = FlatButton(
            look, "prediction_again", "Measure again", "Ask the network as it is now.", framed=True, parent=self
        )
        self._export = FlatButton(
            look, "prediction_export", "Export as CSV …", "Write the answers to all examples of this part to a file.",
            framed=True, parent=self,
        )  # fmt: skip
        self._arrange()
        self.part.chosen.connect(self._ask)
        self._again.clicked.connect(self._ask)
        self._export.clicked.connect(self._request_export)
        self._progress.cancelled.connect(self.stop_requested)
        look.changed.connect(self._render_look)
        self._render_look()

    def begin(self) -> None:
        """Open, and ask for the answers."""
        em = self._look.em()
        if not self.isVisible():
            self.resize(round(60 * em), round(40 * em))
        self.show()
        self.raise_()
        self.activateWindow()
        self._ask()

    def show_found(self, found: Predictions, names: tuple[str, ...]) -> None:
        """Show answers, and the step that they belong to."""
        self._found = found
        self.show_error("")
        self._rows = PictureRows(self._look, found, self.devicePixelRatioF()) if PictureRows.are_in(found) else None
        if self._rows is None:
            self.model.set_columns(found.columns(names=names))
        else:
            self.model.set_columns(found.columns(0), self._rows.picture)
        self._render_look()
        self.render_step(found.step)

    def render_step(self, step: int) -> None:
        """Say what is shown, and whether the network has gone on since."""
        found = self._found
        if found is None:
            return
        shown = f"{found.total:,} examples"
        if len(found.indices) < found.total:
            shown = f"{len(found.indices):,} of {found.total:,} examples, evenly spread"
        if found.data.task == VALUES:
            of = f" ({found.data.value_names[0]})" if len(found.data.value_names) == 1 else ""
            quality = f"root mean squared distance of all {number_words(float(f'{found.right:.4g}'))}{of}"
        else:
            quality = f"{100 * found.right:.1f} % of all right"
        words = f"At step {found.step:,}: {shown}; {quality}."
        if not found.total:
            words = f"The {dict(PARTS)[found.part]} part has no examples."
        elif step != found.step:
            words += " The network has gone on since."
        if self._words.text() != words:
            self._words.setText(words)

    def show_stale(self) -> None:
        """The data are others now: what was found no longer belongs to them."""
        self._found = None
        self.model.set_columns([])
        self._words.setText("The data have changed: measure again.")

    def show_progress(self, share: float, text: str) -> None:
        """Show how far it has come."""
        self._progress.render_progress(share, text)
        self._progress.show()

    def hide_progress(self) -> None:
        """Take the bar away."""
        self._progress.hide()

    def show_error(self, sentence: str) -> None:
        """Show in place what went wrong; an empty sentence clears it."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def _ask(self, _value: object = None) -> None:
        self.asked.emit(self.part.value())

    def _request_export(self) -> None:
        self.export_requested.emit(self.part.value())

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.part)
        head.addWidget(self._words, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._progress, 1)
        foot.addStretch(0)
        foot.addWidget(self._again)
        foot.addWidget(self._export)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self._error)
        column.addLayout(foot)
        self._column, self._head = column, head

    def _render_look(self) -> None:
        em = self._look.em()
        side = round(0.9 * em)
        self._column.setContentsMargins(side, side, side, side)
        self._head.setSpacing(round(1.5 * em))
        for label in (self._words, self._error):
            label.setFont(self._look.font(9.5))
        side = 0 if self._rows is None else self._rows.side
        self.table.setIconSize(QSize(side, side))
        self.table.verticalHeader().setDefaultSectionSize(max(round(1.5 * em), side + 4))
        self.table.horizontalHeader().setDefaultSectionSize(max(round(7 * em), side + round(5 * em)))
