"""Inputs that are plain numbers, or a row of a table: typed in, and answered at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QSizePolicy, QTableView, QVBoxLayout, QWidget

from playground.engine.columns import TableColumns
from playground.views.data.row_cells import InputDelegate, InputModel
from playground.views.heads import SectionHead
from playground.views.look import Look

VISIBLE_ROWS = 12
OWN_INPUTS = "Type a value: the network answers at once."
OWN_ROW = (
    "Type a row of your own in the units of the table, or choose its words: the network answers at once. An empty "
    "number is missing, and the mean of the training part stands for it."
)


class RowView(QTableView):
    """Names at the left take what values and words leave."""

    def __init__(self, look: Look, model: InputModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setWordWrap(False)
        self.setModel(model)
        model.modelReset.connect(self._share_width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width anew."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        room = self.viewport().width()
        value = min(max(round(6.5 * self._look.em()), round(0.38 * room)), round(0.5 * room))
        self.setColumnWidth(1, value)
        self.setColumnWidth(0, room - value)


class InputTable(QWidget):
    """The inputs, or the columns of a table, one below the other: a row of one's own is typed here.

    ``values_changed`` carries what the network receives ``[features]`` after a keystroke that counts.
    """

    values_changed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._model = InputModel(look, self)
        self._view = RowView(look, self._model, self)
        self._view.setItemDelegate(InputDelegate(self._view))
        self._view.setObjectName("input_table")
        self._view.setAccessibleName("Inputs of the network")
        self._view.setToolTip(OWN_INPUTS)
        self._view.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self._view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._view.setTabKeyNavigation(False)
        self._view.verticalHeader().hide()
        self._view.horizontalHeader().hide()
        self._view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
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
        self._remark = QLabel(self)
        self._remark.setObjectName("input_table_remark")
        self._remark.setProperty("role", "muted")
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self._remark.setWordWrap(True)
        self._remark.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._head = SectionHead(look, "Inputs", self)
        for widget in (self._head, self._view, self._target, self._remark, self._error):
            column.addWidget(widget)
        self._model.edited.connect(self._tell)
        self._model.refused.connect(self._render_error)
        self._model.remarked.connect(self._render_remark)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_columns(self, columns: TableColumns | None) -> None:
        """Let the columns of a table be typed in their own units and words; None: the inputs themselves."""
        self._model.set_columns(columns)
        self._head.set_text("Own row" if columns is not None else "Inputs")
        self._view.setToolTip(OWN_ROW if columns is not None else OWN_INPUTS)

    def set_values(self, values: NDArray[np.float32], names: tuple[str, ...] = ()) -> None:
        """Show other values ``[features]`` as the network receives them; silently."""
        if len(names) != len(values):
            names = tuple(f"x{i + 1}" for i in range(len(values)))
        before = self._model.rowCount()
        self._model.set_inputs(values, names)
        self._render_remark("")
        if self._model.rowCount() != before:
            self._render_look()

    def set_target(self, words: str) -> None:
        """Show what the answer to these inputs is to be; an empty text where nobody knows."""
        self._target.setText(words)
        self._target.setVisible(bool(words))

    def values(self) -> NDArray[np.float32]:
        """Return what the network receives ``[features]``."""
        return self._model.inputs()

    def _tell(self) -> None:
        self.values_changed.emit(self.values())

    def _render_error(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def _render_remark(self, sentence: str) -> None:
        self._remark.setText(sentence)
        self._remark.setVisible(bool(sentence))

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
        for label in (self._error, self._remark):
            label.setFont(self._look.font(9.0))
        self._target.setFont(self._look.font(9.5))
