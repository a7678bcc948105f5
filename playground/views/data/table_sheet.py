"""A table before it becomes data: what was found in it, to be corrected, and what is to be made of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from playground.engine.table_data import TableChoice
from playground.engine.table_facts import TableFacts
from playground.engine.table_form import LEFT_OUT, TableForm, TableLook
from playground.views.data.column_list import ColumnList
from playground.views.data.data_sheet import DataSheet
from playground.views.data.first_rows import FirstRows
from playground.views.data.table_choices import TableChoices
from playground.views.data.table_writing import TableWriting
from playground.views.heads import SectionHead
from playground.views.look import Look

STOPPED = "Reading was stopped, so nothing is counted. 'Use these data' reads the table and takes it."


class TableSheet(DataSheet):
    """Shows columns and first rows, to be corrected; ``used`` carries the `TableChoice`.

    ``form_changed`` carries a `TableForm` in whose light the table is to be looked at again, ``kinds_changed`` one in
    which it is to be read again.
    """

    form_changed = Signal(object)
    kinds_changed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "table", "A table as data", "A table before it becomes data", parent)
        self._is_ready = False
        self._target = ""
        self._writing = TableWriting(look, self)
        self.columns = ColumnList(look, self)
        self.rows = FirstRows(look, self)
        self.choices = TableChoices(look, self)
        self._arrange()
        self._writing.changed.connect(self._correct)
        self.columns.columns.changed.connect(self._change_kinds)
        self.choices.changed.connect(self._renew_choice)
        self._render_look()
        self._render_state()

    # ---- what others call --------------------------------------------------------------------------------------

    def begin(self, name: str) -> None:
        """Open for a table of this name that is being looked at."""
        self._is_ready = False
        self._set_parts(shown=False)
        self._open(name, "being opened …", 78, 50)

    def show_look(self, seen: TableLook) -> None:
        """Show what was found in the beginning of the table; all of it is still being read."""
        form = seen.form
        self._target = seen.target
        self._title.setText(seen.name)
        self._writing.set_look(seen)
        self.columns.columns.set_form(form)
        self.rows.rows.set_look(seen)
        self.choices.set_form(form, seen.target)
        self._set_parts(shown=True)
        self.await_facts()
        self.columns.setFocus(Qt.FocusReason.PopupFocusReason)

    def await_facts(self) -> None:
        """What was counted no longer holds: it is being counted again."""
        self._is_ready = False
        self.show_error("")
        self._show_facts(None)
        self._detail.setText("being read …")

    def show_facts(self, facts: TableFacts) -> None:
        """Show what stands in all of the table: it can be used."""
        self._is_ready = True
        self._show_facts(facts)
        missing = sum(column.missing for column in facts.columns.values())
        words = f"{missing:,} values are missing: means stand in for numbers." if missing else "No value is missing."
        self._detail.setText(f"{facts.rows:,} rows, {len(facts.columns):,} columns in use. {words}")
        self._render_state()

    def show_error(self, sentence: str) -> None:
        """Show in place why the table cannot be used as it is; an empty sentence clears it."""
        if sentence:
            self._is_ready = False
            self._detail.setText("")
            self._set_parts(shown=self.form() is not None)
        super().show_error(sentence)

    def show_stopped(self) -> None:
        """Reading was broken off: the table can be used uncounted."""
        self._is_ready = self.form() is not None
        self._detail.setText(STOPPED)
        self._render_state()

    def form(self) -> TableForm | None:
        """Return how the table is read, as far as it was looked at."""
        return self.columns.columns.form

    def choice(self) -> TableChoice:
        """Return what is to be made of it."""
        return self.choices.choice()

    # ---- acting ------------------------------------------------------------------------------------------------

    def _correct(self) -> None:
        form = self.form()
        if form is not None:
            self.form_changed.emit(self._writing.corrected(form))

    def _change_kinds(self) -> None:
        form = self.form()
        if form is None:
            return
        self.choices.set_form(form, self._target)
        self._mark_target()
        self.await_facts()
        self.kinds_changed.emit(form)

    def _mark_target(self) -> None:
        form, target = self.form(), self.choices.target.value()
        self.columns.columns.set_target(target)
        if form is not None:
            self.rows.rows.set_form(form, target)

    def _renew_choice(self) -> None:
        self._mark_target()
        if self._error.text():
            self._error.hide()
            self._error.setText("")
            self._is_ready = True  # what could not be made may be made with another choice
            self._render_state()

    def _take(self) -> None:
        if self.form() is not None:
            self.used.emit(self.choice())

    def _show_facts(self, facts: TableFacts | None) -> None:
        self.columns.columns.set_facts(facts)
        self.choices.set_facts(facts)
        self._mark_target()
        self._render_state()

    def _is_usable(self) -> bool:
        form = self.form()
        used = 0 if form is None else sum(kind != LEFT_OUT for kind in form.kinds)
        return self._is_ready and used > 1

    # ---- layout ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        tables = QSplitter(Qt.Orientation.Vertical, self)
        tables.setChildrenCollapsible(False)
        tables.addWidget(_headed(self._look, "Columns", self.columns, self))
        tables.addWidget(_headed(self._look, "First rows", self.rows, self))
        tables.setStretchFactor(0, 3)
        tables.setStretchFactor(1, 2)
        self._tables = tables
        self._middle.addWidget(tables, 1)
        self._middle.addWidget(self.choices)
        self._column.addWidget(self._writing)
        self._column.addLayout(self._middle, 1)
        self._column.addWidget(self._error)
        self._column.addLayout(self._foot("Train on them; undo brings the old data back."))

    def _set_parts(self, *, shown: bool) -> None:
        for widget in (self._writing, self._tables, self.choices):
            widget.setVisible(shown)


def _headed(look: Look, words: str, table: QWidget, parent: QWidget) -> QWidget:
    box = QWidget(parent)
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(SectionHead(look, words, box))
    column.addWidget(table, 1)
    return box
