"""How a table is written, as it was found, to be corrected: what parts cells, heads, numbers, dates, letters."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from playground.engine.table_form import DATE, DELIMITERS, ENCODINGS, MAX_SKIPPED, TableForm, TableLook
from playground.engine.table_numbers import DAY_FIRST, MONTH_FIRST
from playground.views.choices import ChoiceField
from playground.views.fields import NumberField
from playground.views.look import Look

HEADER, UNITS, NO_HEADER = "names", "units", "values"
HEADS = ((HEADER, "names of columns"), (UNITS, "names, then units"), (NO_HEADER, "values already"))
NUMBERS = (  # decimal sign, then what stands between thousands
    (".", "point: 1.5"),
    (",", "comma: 1,5"),
    (".,", "1,234.5"),
    (",.", "1.234,5"),
    (". ", "1 234.5"),
    (", ", "1 234,5"),
    (".'", "1'234.5"),
    (",'", "1'234,5"),
)
DATES = ((DAY_FIRST, "day, month: 31/12"), (MONTH_FIRST, "month, day: 12/31"))


class TableWriting(QWidget):
    """A line of choices; ``changed`` tells that one was made, ``corrected`` what the form is by it."""

    changed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._sheet = ChoiceField(
            look, "table_sheet_name", "Sheet", (), "", "Which sheet of the workbook is read.", self, compact=True
        )
        self._delimiter = ChoiceField(
            look, "table_delimiter", "Between columns", list(DELIMITERS.items()), ",",
            "What stands between two cells of a row.", self, compact=True,
        )  # fmt: skip
        self._skipped = NumberField(
            look, "table_skipped", "Lines above", low=0, high=MAX_SKIPPED, value=0, whole=True, slider=False,
            waits=True, compact=True, digits=4, parent=self,
            tooltip="How many lines stand above the table: titles, comments, empty ones.",
        )  # fmt: skip
        self._header = ChoiceField(
            look, "table_header", "First row", HEADS, HEADER,
            "Whether the first row names the columns, with a row of units under it, or is an example already.", self,
            compact=True,
        )  # fmt: skip
        self._numbers = ChoiceField(
            look, "table_decimal", "Numbers", NUMBERS, ".",
            "The decimal sign of numbers, and what stands between their thousands.", self, compact=True,
        )  # fmt: skip
        self._dates = ChoiceField(
            look, "table_dates", "Dates", DATES, DAY_FIRST,
            "Which comes first where a date could be read in two ways. Dates become days since 1970.", self,
            compact=True,
        )  # fmt: skip
        self._encoding = ChoiceField(
            look, "table_encoding", "Letters", [(name, name) for name in ENCODINGS], "utf-8",
            "The encoding: choose another one where letters look wrong.", self, compact=True,
        )  # fmt: skip
        self._choices = (
            self._sheet, self._delimiter, self._header, self._numbers, self._dates, self._encoding,
        )  # fmt: skip
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for field in (self._sheet, self._delimiter, self._skipped, *self._choices[2:]):
            row.addWidget(field)
        row.addStretch(1)
        for choice in self._choices:
            choice.chosen.connect(self._tell)
        self._skipped.changed.connect(self._tell)

    def set_look(self, seen: TableLook) -> None:
        """Show how a table is written; silently."""
        form = seen.form
        self._sheet.set_options([(name, name) for name in seen.sheets], form.sheet)
        self._delimiter.set_value(form.delimiter)
        self._skipped.set_value(form.skipped)
        self._header.set_value(UNITS if form.has_units else HEADER if form.has_header else NO_HEADER)
        self._numbers.set_value(form.decimal + form.thousands)
        self._dates.set_value(form.dates)
        self._encoding.set_value(form.encoding)
        self._sheet.setVisible(len(seen.sheets) > 1)
        self._dates.setVisible(DATE in form.kinds)
        for field in (self._delimiter, self._encoding):
            field.setVisible(not seen.sheets)

    def corrected(self, form: TableForm) -> TableForm:
        """Return the form as it is chosen here."""
        numbers, header = self._numbers.value(), self._header.value()
        return replace(
            form,
            sheet=self._sheet.value() or "",
            delimiter=self._delimiter.value(),
            skipped=self._skipped.value(),
            has_header=header != NO_HEADER,
            has_units=header == UNITS,
            decimal=numbers[0],
            thousands=numbers[1:],
            dates=self._dates.value(),
            encoding=self._encoding.value(),
        )

    def _tell(self, _value: object) -> None:
        self.changed.emit()
