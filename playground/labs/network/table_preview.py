"""A table that was opened, dropped or pasted: looked at, corrected, and made the data in use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from playground.engine.datasets import DataSet
from playground.labs.network.data_preview import DataPreview
from playground.session.network_document import NetworkDocument
from playground.session.table_reading import Survey, TableReading
from playground.views.data.panel import DataPanel
from playground.views.file_choice import ask_to_open
from playground.views.look import Look

if TYPE_CHECKING:  # the sheet and the readers are imported when a table is opened
    from playground.engine.table_data import TableChoice
    from playground.engine.table_form import TableForm, TableLook
    from playground.views.data.table_sheet import TableSheet

PAUSE_MS = 350  # several columns are switched off one after the other: then it is read again once
MOST_PASTED = 50_000_000  # letters


class TablePreview(DataPreview["TableSheet", TableReading]):
    """Ties the sheet to the reading of tables and to the document."""

    def __init__(
        self, document: NetworkDocument, reading: TableReading, panel: DataPanel, look: Look, parent: QObject
    ) -> None:
        super().__init__(document, reading, panel, look, parent)
        self._source: Path | str = ""
        self._survey: Survey | None = None
        self._others: dict[str, Path] = {}  # files for validation and test
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._read)
        reading.looked.connect(self._looked)
        reading.surveyed.connect(self._surveyed)
        reading.made.connect(self._made)

    def _new_sheet(self, window: QWidget) -> TableSheet:
        from playground.views.data.table_sheet import TableSheet

        sheet = TableSheet(self._look, window)
        sheet.form_changed.connect(self._look_again)
        sheet.kinds_changed.connect(self._read_again)
        sheet.choices.parts.asked.connect(self._ask_for_part)
        sheet.choices.parts.removed.connect(self._remove_part)
        return sheet

    def open(self, source: Path | str, others: Mapping[str, Path] = MappingProxyType({})) -> None:
        """Show what is in a file, or in a pasted text; ``others`` are files for validation and test."""
        from playground.engine.tables import PASTED

        self._source, self._survey, self._others = source, None, dict(others)
        self.sheet.columns.columns.form = None
        self.sheet.begin(source.name if isinstance(source, Path) else PASTED)
        self._show_parts()
        self._reading.look(source)

    def _ask_for_part(self, part: str) -> None:
        from playground.engine.file_data import TABLES

        title = f"Add a table for the {part}: its columns bear the same names"
        kinds = f"Tables ({' '.join(f'*{suffix}' for suffix in TABLES)});;All files (*)"
        ask_to_open(self.sheet, title, kinds, partial(self._add_part, part))

    def _add_part(self, part: str, name: str) -> None:
        self._others[part] = Path(name)
        self._show_parts()

    def _remove_part(self, part: str) -> None:
        self._others.pop(part, None)
        self._show_parts()

    def _show_parts(self) -> None:
        self.sheet.choices.set_part_files({part: path.name for part, path in self._others.items()})

    def paste(self) -> None:
        """Show the table on the clipboard."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self._panel.show_error("There is no text on the clipboard: copy some cells of a spreadsheet first.")
        elif len(text) > MOST_PASTED:
            self._panel.show_error("The clipboard holds more than 50 million letters: save them as a CSV file first.")
        else:
            self.open(text)

    def _looked(self, seen: TableLook) -> None:
        self.sheet.show_look(seen)
        self._reading.survey(self._source, seen.form)

    def _surveyed(self, survey: Survey) -> None:
        self._survey = survey
        self.sheet.show_facts(survey.facts)

    def _look_again(self, form: TableForm) -> None:
        self._pause.stop()
        self._survey = None
        self._reading.look(self._source, form)

    def _read_again(self, _form: TableForm) -> None:
        self._reading.cancel()
        self._survey = None  # let go before the table is read again: two of them may be too many
        self._pause.start()

    def _read(self) -> None:
        form = self.sheet.form()
        if form is not None:
            self._reading.survey(self._source, form)

    def _use(self, choice: TableChoice) -> None:
        form = self.sheet.form()
        if form is not None:
            read = self._survey.table if self._survey is not None and self._survey.form == form else None
            self._reading.make(self._source, choice, form, read, dict(self._others))

    def _made(self, data: DataSet) -> None:
        self._survey = None  # let go before the training thread takes its copy; another wish reads the table again
        if self._take(data) and data.columns is not None and data.columns.notes:
            self._document.said.emit(" ".join(data.columns.notes))

    def _leave(self, result: int) -> None:
        self._pause.stop()
        super()._leave(result)
        self._source, self._survey, self._others = "", None, {}
