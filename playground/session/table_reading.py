"""Reading a table for its preview, and making data of it, off the window's thread: one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from playground.engine.datasets import DataSet, IsCancelled, Progress
from playground.session.one_job import OneJob

if TYPE_CHECKING:  # the readers are imported when a table is read: no window waits for them
    from playground.engine.table_data import TableChoice
    from playground.engine.table_facts import TableFacts
    from playground.engine.table_form import TableForm, TableLook
    from playground.engine.tables import Table

_READING = 0.9  # of the bar; counting takes the rest


@dataclass(frozen=True, eq=False)
class Survey:
    """A table that was read whole, and what stands in it."""

    form: TableForm
    table: Table
    facts: TableFacts


class TableReading(OneJob):
    """What a table holds, and the data that are made of it."""

    looked = Signal(object)  # TableLook
    surveyed = Signal(object)  # Survey
    made = Signal(object)  # DataSet

    def look(self, source: Path | str, form: TableForm | None = None) -> None:
        """Find how a table is written, from its beginning; a ``form`` says what the user has corrected."""

        def work(_progress: Progress, _cancelled: IsCancelled) -> TableLook:
            from playground.engine.tables import look

            return look(source, form)

        self._begin(work, self.looked.emit)

    def survey(self, source: Path | str, form: TableForm) -> None:
        """Read a table whole and count what stands in it."""

        def work(progress: Progress, cancelled: IsCancelled) -> Survey:
            from playground.engine.table_facts import table_facts
            from playground.engine.tables import read_table

            def read(share: float, text: str) -> None:
                progress(share * _READING, text)

            def count(share: float, text: str) -> None:
                progress(_READING + share * (1 - _READING), text)

            table = read_table(source, form, progress=read, cancelled=cancelled)
            return Survey(form, table, table_facts(table, progress=count, cancelled=cancelled))

        self._begin(work, self.surveyed.emit)

    def make(
        self,
        source: Path | str,
        choice: TableChoice,
        form: TableForm,
        read: Table | None = None,
        others: Mapping[str, Path] | None = None,
    ) -> None:
        """Make data of a table; ``read`` spares reading it again, ``others`` are files for validation and test."""

        def work(progress: Progress, cancelled: IsCancelled) -> DataSet:
            from playground.engine.table_data import table_data

            return table_data(source, choice, form, read=read, others=others, progress=progress, cancelled=cancelled)

        self._begin(work, self.made.emit)
