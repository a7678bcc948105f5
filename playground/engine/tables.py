"""Tables (CSV, TSV, pasted from a spreadsheet, sheets of workbooks) into one array of numbers. Torch-free."""

from __future__ import annotations

import io
import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from playground.engine.datasets import DataError, IsCancelled, Progress, report
from playground.engine.table_blocks import TableBlocks
from playground.engine.table_form import LEFT_OUT, SAMPLE_BYTES, TableForm, TableLook
from playground.engine.table_guess import MAX_TITLES, SAMPLE_ROWS, look_at
from playground.engine.table_stream import MAX_LINE_BYTES, TableStream, record_lines
from playground.engine.workbook import DELIMITER, is_workbook, sample_of, write_sheet

MAX_VALUES = 400_000_000
MAX_FILE_BYTES = 16 << 30
PASTED = "pasted table"
_WRITING = 0.7  # of reading a workbook: the rest is as quick as for text
_SURPLUS = 1.1  # of rows that are made room for; what is not written takes no memory

Floats32 = NDArray[np.float32]
Mark = tuple[int, int] | None  # size and time of a file: whether it is still what it was


@dataclass(frozen=True, eq=False)
class Table:
    """A table that has been read.

    Attributes
    ----------
    name : str
    names, kinds : tuple of str
        Of the columns that are there: those left out are gone.
    values : ndarray [rows, columns], float32
        Numbers, dates as days since 1970, and for words their index; NaN where a value is missing. Rows of which
        nothing stands there are left out.
    words : tuple
        For each column its words, empty for numbers.
    mark : Mark
        Of the file as it was when it was read.
    """

    name: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    values: Floats32
    words: tuple[tuple[str, ...], ...]
    mark: Mark = None

    def column(self, name: str) -> int:
        """Return the place of a column (raises DataError)."""
        if name not in self.names:
            raise DataError(f"{self.name} has no column '{name[:60]}': it has {', '.join(self.names[:12])}.")
        return self.names.index(name)


def look(source: Path | str, form: TableForm | None = None) -> TableLook:
    """Look at the beginning of a file, or of a pasted text, for a preview.

    Raises
    ------
    DataError
        Where it cannot be read or is no table.
    """
    name = source.name if isinstance(source, Path) else PASTED
    if is_workbook(source) and isinstance(source, Path):
        _opened(source).close()  # with a sentence where it is no file
        sample, sheets, is_whole = sample_of(source, form.sheet if form else "", SAMPLE_ROWS + MAX_TITLES)
        told = None if form is None else replace(form, encoding="utf-8", delimiter=DELIMITER)
        seen = look_at(sample, name, told, is_whole=is_whole, delimiter=DELIMITER)
        sheet = form.sheet if form and form.sheet else sheets[0]
        return replace(seen, form=replace(seen.form, sheet=sheet), sheets=sheets)
    with _opened(source) as stream:
        sample = stream.read(SAMPLE_BYTES)
        return look_at(sample, name, form, is_whole=len(sample) < SAMPLE_BYTES)


def read_table(
    source: Path | str,
    form: TableForm,
    *,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> Table:
    """Read a whole table.

    Parameters
    ----------
    source : Path or str
        A file, or the text itself.
    form : TableForm
        As `look` found it, or as the user corrected it.
    progress, cancelled : callables, optional
        See `datasets.report`.

    Raises
    ------
    DataError
        With file, line and column, where a row has more or fewer cells, a number is none, or there is too much.
    Cancelled
        When ``cancelled`` said so.
    """
    name = source.name if isinstance(source, Path) else PASTED
    chosen = [place for place, kind in enumerate(form.kinds) if kind != LEFT_OUT]
    if not chosen:
        raise DataError(f"All columns of {name} are left out: choose at least two.")
    mark = _mark(source)
    try:
        with _as_text(source, form, progress, cancelled) as (stream, share):
            rows = _Rows(name, len(chosen), stream.seek(0, io.SEEK_END))
            stream.seek(0)
            passing = TableStream(stream, name, form.encoding, form.comment)
            blocks = TableBlocks(name, form, chosen, lambda row: _line_of(source, name, form, row))
            try:
                for batch in blocks.of(passing):
                    report(progress, cancelled, share + (1 - share) * rows.share(passing.tell()), f"Reading {name}")
                    rows.keep(blocks.numbers(batch, rows.room(batch.num_rows)))
            except DataError:
                _refuse_open_quote(source, name, form, passing, cancelled)
                raise
            _refuse_open_quote(source, name, form, passing, cancelled)
    except DataError as error:
        refuse_changed(source, mark, error)
        raise
    refuse_changed(source, mark)
    values = rows.taken()
    return Table(
        name,
        tuple(form.names[place] for place in chosen),
        tuple(form.kinds[place] for place in chosen),
        values,
        tuple(tuple(blocks.words[place]) for place in chosen),
        mark,
    )


def refuse_changed(source: Path | str, mark: Mark, cause: Exception | None = None) -> None:
    """Raise DataError where a file is not what it was when it had this mark."""
    if isinstance(source, Path) and _mark(source) != mark:
        raise DataError(f"{source.name} was changed while it was read: read it again.") from cause


class _Rows:
    """The rows read so far: written into one array, so that no second one stands beside it."""

    def __init__(self, name: str, columns: int, size: int) -> None:
        self._name, self._size = name, size
        self._values = np.empty((0, columns), np.float32)
        self._blocks = 0
        self._rows = 0

    def room(self, rows: int) -> Floats32:
        """Return where the next rows are to be written."""
        self._blocks += 1
        columns = self._values.shape[1]
        needed = self._rows + rows
        if needed * columns > MAX_VALUES + MAX_LINE_BYTES:
            raise DataError(f"{self._name} has more than {MAX_VALUES:,} values, too many: leave columns out.")
        if needed > len(self._values):
            share = min(1.0, self._blocks * MAX_LINE_BYTES / self._size) if self._size else 1.0
            guess = min(needed / share * _SURPLUS, MAX_VALUES / columns) if share < 1 else 0
            grown = np.empty((max(needed, int(guess)), columns), np.float32)
            grown[: self._rows] = self._values[: self._rows]
            self._values = grown
        return self._values[self._rows : needed]

    def share(self, passed: int) -> float:
        """Return the part of the file that has gone by."""
        return min(1.0, passed / max(1, self._size))

    def keep(self, rows: int) -> None:
        """Say how many of them were written."""
        self._rows += rows

    def taken(self) -> Floats32:
        """Return all rows that were written (raises DataError where there are none)."""
        if not self._rows:
            raise DataError(f"{self._name} has no rows under its header.")
        if self._rows * self._values.shape[1] > MAX_VALUES:
            raise DataError(f"{self._name} has more than {MAX_VALUES:,} values, too many: leave columns out.")
        return self._values[: self._rows]


def _mark(source: Path | str) -> Mark:
    if isinstance(source, str):
        return None
    with _opened(source) as stream:
        known = os.fstat(stream.fileno())
    return known.st_size, known.st_mtime_ns


@contextmanager
def _as_text(
    source: Path | str, form: TableForm, progress: Progress | None, cancelled: IsCancelled | None
) -> Iterator[tuple[BinaryIO, float]]:
    """Open a table as text, a sheet of a workbook by writing it so first, and say which part of the work that was."""
    if not is_workbook(source) or not isinstance(source, Path):
        with _opened(source) as stream:
            yield stream, 0.0
        return

    def opening(share: float, text: str) -> None:
        if progress is not None:
            progress(share * _WRITING, text)

    with tempfile.TemporaryFile() as written:
        write_sheet(source, form.sheet, len(form.names), written, progress=opening, cancelled=cancelled)
        try:
            yield written, _WRITING
        except DataError as error:
            raise DataError(str(error).replace(", line ", ", row ", 1)) from error


def _line_of(source: Path | str, name: str, form: TableForm, row: int) -> int:
    """Return the line in which a row begins, by its number from 1 on: cells with line breaks make rows of many.

    The table is opened anew, since its reader reads ahead. Of a sheet the row is told.
    """
    if form.sheet:
        return row
    with _opened(source) as stream:
        lines = TableStream(stream, name, form.encoding, form.comment).texts()
        _pass(lines, form.skipped)
        rows = itertools.islice(record_lines(lines, form.delimiter), row - form.skipped - 1)
        last = max((last for _, last, _ in rows), default=0)
    return form.skipped + last + 1


def _pass(lines: Iterator[str], count: int) -> None:
    for _ in itertools.islice(lines, count):
        pass


def _refuse_open_quote(
    source: Path | str, name: str, form: TableForm, passing: TableStream, cancelled: IsCancelled | None
) -> None:
    """Raise DataError where the last row has swallowed all lines after a quote that never closes."""
    if passing.quotes % 2 == 0 or not passing.is_at_end or form.sheet:
        return
    with _opened(source) as stream:
        lines = TableStream(stream, name, form.encoding, form.comment).texts()
        _pass(lines, form.skipped)
        for number, (first, _, is_closed) in enumerate(record_lines(lines, form.delimiter)):
            if not is_closed:
                raise DataError(
                    f"{name}, line {form.skipped + first:,}: a quote opens there and never closes, so all that follows "
                    "is one cell. Correct the row."
                )
            if number % 10_000 == 0:
                report(None, cancelled, 1.0, "")


def _opened(source: Path | str) -> BinaryIO:
    if isinstance(source, str):
        return io.BytesIO(source.encode("utf-8"))
    try:
        if not source.is_file():
            raise DataError(f"{source} is no file: choose a table (CSV, TSV or text).")
        if source.stat().st_size > MAX_FILE_BYTES:
            raise DataError(f"{source.name} is larger than {MAX_FILE_BYTES >> 30} GB: take a part of it.")
        return source.open("rb")
    except OSError as error:
        raise DataError(f"{source} could not be read: {error.strerror or error}.") from error
    except ValueError as error:  # a NUL in the path
        if isinstance(error, DataError):
            raise
        raise DataError(f"{str(source)[:200]!r} is no path of a file.") from error
