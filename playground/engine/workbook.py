"""Sheets of workbooks (.xlsx) as the tables of text that a spreadsheet would save. Torch-free.

A workbook is a packed heap of XML from anywhere: how far it unpacks, how much may stand in one row and how many rows
there are is bounded before openpyxl reads it, row by row. Of formulas the values are read that were kept with them.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from playground.engine.datasets import DataError, IsCancelled, Progress, report
from playground.engine.table_form import MAX_COLUMNS

SUFFIXES = (".xlsx", ".xlsm")
DELIMITER = "\t"
MAX_ROWS = 1_048_576  # of a sheet, as spreadsheets have it
MAX_UNPACKED = 4 << 30
MAX_PART = 64 << 20  # of all that is neither a sheet nor the list of texts
MAX_TEXTS = 512 << 20  # of the list of texts, which is held in memory
MAX_WRITTEN = 4 << 30
MAX_PARTS = 20_000
_PIECE = 1 << 20
_MAX_TAGS = 1_000_000  # without the end of a row
_BROKEN = (
    OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, SyntaxError, EOFError,
    AssertionError, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip


def is_workbook(path: Path | str) -> bool:
    """Say whether a file is a workbook, by its name."""
    return isinstance(path, Path) and path.suffix.lower() in SUFFIXES


def sample_of(path: Path, sheet: str, rows: int) -> tuple[bytes, tuple[str, ...], bool]:
    """Return the first rows of a sheet as text, the names of all sheets, and whether these rows are all.

    Raises
    ------
    DataError
        Where it cannot be read.
    """
    with _opened(path) as book:
        names = tuple(str(name) for name in book.sheetnames)
        cells = _cells(book, path.name, sheet)
        found = [row for row, _ in zip(cells, range(rows), strict=False)]
        width = max(map(len, found), default=0)
        text = io.StringIO()
        writer = csv.writer(text, delimiter=DELIMITER, lineterminator="\n")
        writer.writerows([*row, *[""] * (width - len(row))] for row in found)
        return text.getvalue().encode(), names, next(cells, None) is None


def write_sheet(
    path: Path,
    sheet: str,
    width: int,
    stream: BinaryIO,
    *,
    most: int = MAX_WRITTEN,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> None:
    """Write a sheet as text: cells by `DELIMITER`, a row at its own place, so that its number is the sheet's.

    Parameters
    ----------
    path : Path
    sheet : str
        Empty for the first.
    width : int
        How many cells a row is filled up to.
    stream : file
        Where it is written.
    most : int
        Bytes that may be written.
    progress, cancelled : callables, optional
        See `datasets.report`.

    Raises
    ------
    DataError
        Where it cannot be read, or holds too much.
    """
    with _opened(path) as book:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=DELIMITER, lineterminator="\n")
        written = 0
        for number, row in enumerate(_cells(book, path.name, sheet)):
            writer.writerow([*row, *[""] * (width - len(row))] if any(row) else [])
            if text.tell() > _PIECE or number % 1_000 == 0:
                written += stream.write(text.getvalue().encode())
                text.seek(0)
                text.truncate()
                report(progress, cancelled, min(0.99, number / MAX_ROWS), f"Opening {path.name}")
                if written > most:
                    raise DataError(f"{path.name} holds more than {most:,} letters: save a part of it as CSV.")
        stream.write(text.getvalue().encode())


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a workbook after a look at how much there is in it; whatever is broken in it becomes a sentence."""
    from openpyxl import load_workbook  # only those who have a workbook wait for it

    try:
        with path.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and rules that are of no matter here
            _check_archive(stream, path.name)
            yield load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except DataError:
        raise
    except _BROKEN as error:
        raise DataError(_broken(path, error)) from error


def _broken(path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError | PermissionError):
        return f"{path} could not be read: {error.strerror}."
    why = str(error)[:80] or type(error).__name__
    return f"{path.name} cannot be read as a workbook ({why}): save it again as .xlsx or CSV."


def _check_archive(stream: BinaryIO, name: str) -> None:
    """Raise DataError where a workbook is none, or unpacks to more than there can be."""
    if stream.read(4) == b"\xd0\xcf\x11\xe0":
        raise DataError(f"{name} has a password or is of the old kind (.xls): save it as .xlsx without a password.")
    with zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise DataError(f"{name} unpacks to more than {MAX_UNPACKED >> 30} GB: save a part of it as CSV.")
        for part in parts:
            is_sheet, is_texts = "worksheets/" in part.filename, "sharedstrings" in part.filename.lower()
            if not part.filename.endswith((".xml", ".rels")):
                continue
            if part.file_size > (MAX_UNPACKED if is_sheet else MAX_TEXTS if is_texts else MAX_PART):
                raise DataError(f"{name} holds too much text in '{part.filename[:60]}': save it as CSV.")
            _check_part(archive, part, name)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Raise DataError where a part has what no spreadsheet writes: its own entities, rows or texts without an end."""
    tags, tail = 0, b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            if b"<!" in tail + piece and (b"<!DOCTYPE" in tail + piece or b"<!ENTITY" in tail + piece):
                raise DataError(f"{name} declares XML of its own in '{part.filename[:60]}': no spreadsheet does.")
            tail = piece[-16:]
            end = max(piece.rfind(b"row>"), piece.rfind(b"si>"))
            tags = piece.count(b"<", end) if end >= 0 else tags + piece.count(b"<")
            if tags > _MAX_TAGS or (len(piece) == _PIECE and b"</" not in piece and b"/>" not in piece):
                raise DataError(f"{name} has a row or a cell without an end in '{part.filename[:60]}'.")


def _cells(book: Any, name: str, wanted: str) -> Iterator[list[str]]:
    """Yield the texts of each row of a sheet, without the empty cells at its end."""
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if not sheets:
        raise DataError(f"{name} has no sheet with cells: save the table as CSV.")
    if wanted and wanted not in sheets:
        raise DataError(f"{name} has no sheet '{wanted[:60]}': it has {', '.join(list(sheets)[:12])}.")
    sheet = sheets[wanted] if wanted else next(iter(sheets.values()))
    sheet.reset_dimensions()  # what a file says of them may be wrong
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        if number >= MAX_ROWS:
            raise DataError(f"{name} has more than {MAX_ROWS:,} rows in a sheet.")
        texts = _texts(row)
        if len(texts) > MAX_COLUMNS:
            raise DataError(
                f"{name}, row {number + 1:,}: there are {len(texts):,} columns; {MAX_COLUMNS:,} are the most."
            )
        yield texts


def _texts(row: Sequence[Any]) -> list[str]:
    texts = [_text(cell) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _text(cell: Any) -> str:
    """Return a cell as text; dates as ISO has them, times of day and spans as parts of a day, as their numbers are."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime):
        is_day = (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0)
        return cell.date().isoformat() if is_day else cell.isoformat(" ")
    if isinstance(cell, dt.timedelta):
        return repr(cell / dt.timedelta(days=1))
    if isinstance(cell, dt.time):
        return repr((cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6) / 86_400)
    return cell.replace("\x00", "") if isinstance(cell, str) else str(cell)
