"""Reading a table for its preview, and making data of it, off the window's thread: one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.engine.datasets import DataSet, IsCancelled, Progress
from playground.engine.table_data import TableChoice, table_data
from playground.engine.table_facts import TableFacts, table_facts
from playground.engine.table_form import TableForm, TableLook
from playground.engine.tables import Table, look, read_table
from playground.session.job import Job, Work

_READING = 0.9  # of the bar; counting takes the rest


@dataclass(frozen=True, eq=False)
class Survey:
    """A table that was read whole, and what stands in it."""

    form: TableForm
    table: Table
    facts: TableFacts


class TableReading(QObject):
    """A later wish takes the place of what still runs; what was broken off is not told any more."""

    progressed = Signal(float, str)
    looked = Signal(object)  # TableLook
    surveyed = Signal(object)  # Survey
    made = Signal(object)  # DataSet
    failed = Signal(str)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._alive: list[Job] = []  # with those that were cancelled and have not ended yet

    def look(self, source: Path | str, form: TableForm | None = None) -> None:
        """Find how a table is written, from its beginning; a ``form`` says what the user has corrected."""

        def work(_progress: Progress, _cancelled: IsCancelled) -> TableLook:
            return look(source, form)

        self._begin(work, self.looked.emit)

    def survey(self, source: Path | str, form: TableForm) -> None:
        """Read a table whole and count what stands in it."""

        def work(progress: Progress, cancelled: IsCancelled) -> Survey:
            def read(share: float, text: str) -> None:
                progress(share * _READING, text)

            def count(share: float, text: str) -> None:
                progress(_READING + share * (1 - _READING), text)

            table = read_table(source, form, progress=read, cancelled=cancelled)
            return Survey(form, table, table_facts(table, progress=count, cancelled=cancelled))

        self._begin(work, self.surveyed.emit)

    def make(self, source: Path | str, choice: TableChoice, form: TableForm, read: Table | None = None) -> None:
        """Make data of a table; ``read`` spares reading it again."""

        def work(progress: Progress, cancelled: IsCancelled) -> DataSet:
            return table_data(source, choice, form, read=read, progress=progress, cancelled=cancelled)

        self._begin(work, self.made.emit)

    def cancel(self) -> None:
        """Break off what runs."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self.ended.emit()

    def close(self) -> None:
        """Cancel and wait for the threads."""
        self.cancel()
        for job in self._alive:
            job.end()

    def _begin(self, work: Work, then: Callable[[Any], None]) -> None:
        self.cancel()
        job = Job(work, self)
        self._job = job
        self._alive.append(job)
        job.progressed.connect(self._tell)
        job.done.connect(then)
        job.failed.connect(self.failed.emit)
        job.ended.connect(self._job_ended)
        job.start()

    def _tell(self, share: float, text: str) -> None:
        if self.sender() is self._job:
            self.progressed.emit(share, text)

    def _job_ended(self) -> None:
        ended = self.sender()
        self._alive = [job for job in self._alive if job is not ended]
        if ended is self._job:
            self._job = None
            self.ended.emit()
