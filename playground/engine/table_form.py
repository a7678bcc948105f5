"""How a table is written, found from its beginning: letters, delimiter, header, decimal sign, kinds of columns.

Torch-free. What is found is a guess that the user can correct; nothing here reads more than a sample.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from playground.engine.datasets import DataError
from playground.engine.table_numbers import DAY_FIRST

SAMPLE_BYTES = 1 << 18
SAMPLE_ROWS = 1_000
SHOWN_ROWS = 20
MAX_COLUMNS = 5_000
MAX_NAME = 120
MAX_WORDS = 1_000  # different words of a column of categories

NUMBER, DATE, CATEGORY, LEFT_OUT = "number", "date", "category", "left out"
KINDS = (NUMBER, DATE, CATEGORY, LEFT_OUT)
DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma", " ": "blank"}  # as they are tried
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1")
MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?", "-", "#N/A")
TARGET_NAMES = ("target", "label", "labels", "class", "species", "ziel", "klasse", "y", "output")

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NUMBER = {
    ".": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE),
    ",": re.compile(r"[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE),
}


@dataclass(frozen=True)
class TableForm:
    """How a table is written: everything that its reader has to know.

    ``decimal`` is ``.`` or ``,``; ``names`` and ``kinds`` (see `KINDS`) are those of the columns, in order.
    """

    encoding: str
    delimiter: str
    decimal: str
    has_header: bool
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    thousands: str = ""
    dates: str = DAY_FIRST
    has_units: bool = False
    skipped: int = 0
    comment: str = ""

    @property
    def heads(self) -> int:
        """Return how many rows stand above the first example."""
        return int(self.has_header) + int(self.has_units)


@dataclass(frozen=True, eq=False)
class TableLook:
    """The first rows of a table, for a preview: texts as they stand, and the form that was found.

    ``target`` is the column that looks most like what is to be predicted.
    """

    name: str
    form: TableForm
    rows: tuple[tuple[str, ...], ...]
    target: str


def look_at(sample: bytes, name: str, form: TableForm | None = None, *, is_whole: bool = False) -> TableLook:
    """Find how a table is written.

    Parameters
    ----------
    sample : bytes
        Its beginning, up to `SAMPLE_BYTES`.
    name : str
        As sentences call it: the name of the file, or "pasted table".
    form : TableForm, optional
        What the user has corrected: encoding, delimiter, decimal sign and header are then taken from it.
    is_whole : bool
        Whether the sample is all there is.

    Raises
    ------
    DataError
        Where it is empty, no text, or a single endless line.
    """
    encoding = form.encoding if form else find_encoding(sample, name)
    text = _decoded(sample, encoding, name)
    lines = _whole_lines(text, name, is_whole=is_whole)
    delimiter = form.delimiter if form else _find_delimiter(lines)
    rows = _parsed(lines, delimiter)
    if not rows:
        raise DataError(f"{name} is empty: there is no row in it.")
    width = max(len(row) for row in rows[: 1 if len(rows) == 1 else 2])
    if width > MAX_COLUMNS:
        raise DataError(f"{name} has {width:,} columns; {MAX_COLUMNS:,} are the most.")
    decimal = form.decimal if form else _find_decimal(rows, delimiter)
    has_header = form.has_header if form else _has_header(rows, decimal)
    body = rows[1:] if has_header else rows
    names = _unique(rows[0] if has_header else [f"column {number}" for number in range(1, width + 1)])
    kinds = tuple(_kind([row[place] for row in body if len(row) > place], decimal) for place in range(len(names)))
    found = TableForm(encoding, delimiter, decimal, has_header, names, kinds)
    shown = tuple(tuple(cell[:MAX_NAME] for cell in row) for row in body[:SHOWN_ROWS])
    return TableLook(name, found, shown, _target(found))


def with_kind(form: TableForm, column: str, kind: str) -> TableForm:
    """Return the form with another kind for a column (raises DataError)."""
    if column not in form.names or kind not in KINDS:
        raise DataError(f"There is no column '{column[:40]}', or columns are no '{kind[:20]}'.")
    return replace(
        form, kinds=tuple(kind if name == column else old for name, old in zip(form.names, form.kinds, strict=True))
    )


def find_encoding(sample: bytes, name: str) -> str:
    """Return the encoding of a text: by its first bytes, by whether it is valid UTF-8, else that of western Windows.

    Raises
    ------
    DataError
        Where it is no text.
    """
    if not sample.strip():
        raise DataError(f"{name} is empty: there is nothing in it.")
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    even, odd = sample[0:400:2], sample[1:400:2]
    for zeros, letters, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros and zeros.count(0) > 0.7 * len(zeros) and not letters.count(0):
            return encoding
    if b"\x00" in sample:
        raise DataError(f"{name} is no table of text: it holds zero bytes. Save it as CSV first.")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        try:
            sample.decode("cp1252")
        except UnicodeDecodeError:
            return "latin-1"
        return "cp1252"
    return "utf-8"


def _decoded(sample: bytes, encoding: str, name: str) -> str:
    if encoding not in ENCODINGS:
        raise DataError(f"'{encoding[:20]}' is no encoding that tables are read in: use {', '.join(ENCODINGS)}.")
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{name} is not written in {encoding} (byte {error.start:,}): choose another encoding."
        ) from error


def _whole_lines(text: str, name: str, *, is_whole: bool) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not is_whole:
        lines = lines[:-1]  # cut off in the middle
        if not lines:
            raise DataError(f"{name} has no end of line in its first {SAMPLE_BYTES:,} bytes: this is no table.")
    lines = [line for line in lines if line.strip()]
    if not lines:
        raise DataError(f"{name} is empty: there is no row in it.")
    return lines[: SAMPLE_ROWS + 1]


def _parsed(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, skipinitialspace=delimiter == " ")
        return [[cell.strip() for cell in row] for row in reader if row]
    except csv.Error:  # a field beyond the limit: a quote that never closes
        return [[cell.strip() for cell in line.split(delimiter)] for line in lines]


def _find_delimiter(lines: Sequence[str]) -> str:
    """Return what parts all lines alike; commas come late, since they may be decimal signs, and blanks last."""
    best, found = 0.0, ","
    for delimiter in DELIMITERS:
        widths = [len(row) for row in _parsed(lines[:100], delimiter)]
        if not widths or widths[0] < 2:
            continue
        evenness = widths.count(widths[0]) / len(widths)
        if evenness > max(best, 0.5) + 1e-9:
            best, found = evenness, delimiter
    return found


def _find_decimal(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    if delimiter == ",":
        return "."
    cells = [cell for row in rows[1:200] or rows for cell in row]
    commas = sum("," in cell and bool(_NUMBER[","].fullmatch(cell)) for cell in cells)
    points = sum("." in cell and bool(_NUMBER["."].fullmatch(cell)) for cell in cells)
    return "," if commas > points else "."


def _has_header(rows: Sequence[Sequence[str]], decimal: str) -> bool:
    """Return whether the first row names columns: words, each once, that no column repeats."""
    first, body = rows[0], rows[1:]
    if not body or len(set(first)) < len(first) or any(cell in MISSING or is_number(cell, decimal) for cell in first):
        return False
    columns = [[row[place] for row in body if len(row) > place] for place in range(len(first))]
    if any(_kind(column, decimal) == NUMBER for column in columns):
        return True
    return not any(cell in column for cell, column in zip(first, columns, strict=True))


def is_number(cell: str, decimal: str) -> bool:
    """Say whether a cell is a number, with ``.`` or ``,`` for its decimal sign."""
    return _NUMBER[decimal].fullmatch(cell) is not None


def _kind(cells: Sequence[str], decimal: str) -> str:
    known = [cell for cell in cells if cell not in MISSING]
    if all(is_number(cell, decimal) for cell in known):
        return NUMBER
    words = len(set(known))
    return LEFT_OUT if words > MAX_WORDS or (words > 50 and words > 0.5 * len(known)) else CATEGORY


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for number, given in enumerate(names, 1):
        name = "".join(letter for letter in given[:MAX_NAME] if letter.isprintable()) or f"column {number}"
        again = 2
        while name in found:
            name = f"{given[:MAX_NAME]} {again}"
            again += 1
        found.append(name)
    return tuple(found)


def _target(form: TableForm) -> str:
    usable = [name for name, kind in zip(form.names, form.kinds, strict=True) if kind != LEFT_OUT] or list(form.names)
    named = {name.lower(): name for name in usable}
    return next((named[word] for word in TARGET_NAMES if word in named), usable[-1])
