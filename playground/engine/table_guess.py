"""Finding how a table is written from its beginning. Torch-free.

What is found is a guess that the user can correct; nothing here reads more than a sample.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from playground.engine.datasets import DataError
from playground.engine.table_form import (
    CATEGORY,
    COMMENT,
    DATE,
    DELIMITERS,
    ENCODINGS,
    LEFT_OUT,
    MAX_COLUMNS,
    MAX_NAME,
    MAX_SKIPPED,
    MAX_WORDS,
    MISSING,
    NUMBER,
    SAMPLE_BYTES,
    SHOWN_ROWS,
    TableForm,
    TableLook,
)
from playground.engine.table_numbers import DATE_ORDERS, DAY_FIRST, NumberStyle, days

SAMPLE_ROWS = 1_000
MAX_TITLES = 20  # lines of words above a table
MAX_UNIT = 20  # letters
MAX_TRIED = 4_000  # cells that are read in every way in which numbers are written
TARGET_NAMES = ("target", "label", "labels", "class", "species", "ziel", "klasse", "y", "output")

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATOR = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_STYLES = tuple(NumberStyle(point, group) for group in ("", ",", ".", " ", "'") for point in ".," if point != group)

Cells = Sequence[str]
Rows = Sequence[Cells]


@dataclass(frozen=True)
class _Found:
    """How the rows of a sample are written, and the rows: ``names`` where a comment above them has some."""

    rows: list[list[str]]
    delimiter: str
    skipped: int
    comment: str
    names: tuple[str, ...] = ()


def look_at(
    sample: bytes, name: str, form: TableForm | None = None, *, is_whole: bool = False, delimiter: str = ""
) -> TableLook:
    """Find how a table is written.

    Parameters
    ----------
    sample : bytes
        Its beginning, up to `SAMPLE_BYTES`.
    name : str
        As sentences call it: the name of the file, or "pasted table".
    form : TableForm, optional
        What the user has corrected: all but names and kinds of columns is then taken from it.
    is_whole : bool
        Whether the sample is all there is.
    delimiter : str
        Where it is known; the sample is UTF-8 then.

    Raises
    ------
    DataError
        Where it is empty, no text, or a single endless line.
    """
    encoding = form.encoding if form else "utf-8" if delimiter else find_encoding(sample, name)
    lines = _lines(_decoded(sample, encoding, name), name, is_whole=is_whole)
    found = _as_told(lines, form) if form else _as_found(lines, delimiter)
    if not found.rows:
        raise DataError(f"{name} is empty: there is no row in it.")
    width = _width(found.rows)
    if width > MAX_COLUMNS:
        raise DataError(f"{name} has {width:,} columns; {MAX_COLUMNS:,} are the most.")
    style = NumberStyle(form.decimal, form.thousands) if form else _find_style(found.rows, found.delimiter)
    dates = form.dates if form else _date_order(found.rows)
    kinds_of = _Kinds(style, dates)
    has_header = form.has_header if form else _has_header(found.rows, kinds_of)
    under = found.rows[int(has_header) :]
    has_units = form.has_units if form else has_header and _has_units(under, width, kinds_of)
    body = under[int(has_units) :]
    columns = [[row[place] for row in body if len(row) > place] for place in range(width)]
    names = _names(found, width, columns, has_header=has_header, has_units=has_units)
    kinds = tuple(kinds_of.kind(column) for column in columns)
    written = TableForm(
        encoding, found.delimiter, style.decimal, has_header, names, kinds, style.group, dates, has_units,
        found.skipped, found.comment,
    )  # fmt: skip
    shown = tuple(tuple(" ".join(cell[:MAX_NAME].split()) for cell in row) for row in body[:SHOWN_ROWS])
    return TableLook(name, written, shown, _target(written))


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


# ---- lines and cells ---------------------------------------------------------------------------------------------


def _lines(text: str, name: str, *, is_whole: bool) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not is_whole:
        lines = lines[:-1]  # cut off in the middle
        if not lines:
            raise DataError(f"{name} has no end of line in its first {SAMPLE_BYTES:,} bytes: this is no table.")
    if not any(map(str.strip, lines)):
        raise DataError(f"{name} is empty: there is no row in it.")
    return lines if is_whole else [*lines, ""]


def _as_told(lines: list[str], form: TableForm) -> _Found:
    """Return the rows as the form has them."""
    rows = _rows(lines[form.skipped :], form.delimiter, form.comment)
    names = _commented_names(lines[: form.skipped], form.delimiter, _width(rows)) if rows and form.comment else ()
    return _Found(rows, form.delimiter, form.skipped, form.comment, names)


def _as_found(lines: list[str], known: str) -> _Found:
    """Return the rows, and what stands above and between them."""
    told = _SEPARATOR.fullmatch(lines[0].strip("\n"))
    skipped = int(told is not None)
    has_comments = False
    while skipped < min(len(lines), MAX_SKIPPED) and (_is_blank(lines[skipped]) or _is_comment(lines[skipped])):
        has_comments |= _is_comment(lines[skipped])
        skipped += 1
    body = lines[skipped:]
    plain = [line for line in body if line.strip() and not (has_comments and _is_comment(line))]
    delimiter = known or (told[1] if told and told[1] in DELIMITERS else _find_delimiter(plain))
    width = _width([_parsed([line], delimiter)[0] for line in plain[:100]]) if plain else 1
    if not has_comments:
        has_comments = any(_is_comment(line) and len(_parsed([line], delimiter)[0]) != width for line in plain)
    titles = _titles(body, delimiter, width)
    rows = _rows(body[titles:], delimiter, COMMENT if has_comments else "")
    names = _commented_names(lines[:skipped], delimiter, _width(rows)) if rows and has_comments else ()
    return _Found(rows, delimiter, skipped + titles, COMMENT if has_comments else "", names)


def _is_blank(line: str) -> bool:
    return not line.strip(' \t;,|"')


def _is_comment(line: str) -> bool:
    return line.lstrip(" \t").startswith(COMMENT)


def _titles(lines: list[str], delimiter: str, width: int) -> int:
    """Return how many lines above a table of several columns are words over it."""
    for number, line in enumerate(lines[: MAX_TITLES + 1]):
        cells = _parsed([line], delimiter)
        filled = [cell for cell in cells[0] if cell] if cells else []
        is_title = len(filled) < 2 and (
            not filled or len(cells[0]) == 1 or (width > 2 and bool(cells[0][0]) and not cells[0][0][0].isdigit())
        )
        if not is_title or width < 2:
            return number
    return 0


def _commented_names(lines: list[str], delimiter: str, width: int) -> tuple[str, ...]:
    """Return the names of columns in the last comment above a table, where there is one for each."""
    above = [line for line in lines if line.strip()]
    if not above or not _is_comment(above[-1]):
        return ()
    cells = _parsed([above[-1].strip().lstrip(COMMENT)], delimiter)
    return tuple(cells[0]) if width > 1 and cells and len(cells[0]) == width and all(cells[0]) else ()


def _rows(lines: list[str], delimiter: str, comment: str) -> list[list[str]]:
    """Return the cells of up to `SAMPLE_ROWS` rows that are not empty."""
    kept = [line for line in lines if line.strip() and not (comment and _is_comment(line))]
    rows = _parsed(kept[: SAMPLE_ROWS + 1], delimiter)
    if len(rows) > 2 and (len(kept) > SAMPLE_ROWS + 1 or lines[-1:] == [""]) and any("\n" in cell for cell in rows[-1]):
        rows.pop()  # its quoted cell is cut off in the middle
    return [row for row in rows if any(row)]


def _parsed(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, skipinitialspace=delimiter == " ")
        return [[cell.strip() for cell in row] for row in reader if row]
    except csv.Error:  # a field beyond the limit: a quote that never closes
        return [[cell.strip() for cell in line.split(delimiter)] for line in lines]


def _width(rows: Rows) -> int:
    """Return the number of columns: of most rows, and of a header that names more."""
    usual = Counter(len(row) for row in rows[:100]).most_common(1)[0][0]
    return max(usual, len([cell for cell in rows[0] if cell]))


def _find_delimiter(lines: Sequence[str]) -> str:
    """Return what parts all lines alike; commas come late, since they may be decimal signs, and blanks last."""
    best, found = 0.0, ","
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in _parsed(lines[:100], delimiter))
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        evenness = count / max(1, widths.total())
        if width > 1 and evenness > max(best, 0.5) + 1e-9:
            best, found = evenness, delimiter
    return found


# ---- numbers, header, kinds --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Kinds:
    """Tells numbers and dates in the way in which they are written here."""

    style: NumberStyle
    dates: str

    def is_value(self, cell: str) -> bool:
        """Say whether a cell is a number or a date."""
        return self.style.matches(cell) or days(cell, self.dates) is not None

    def kind(self, cells: Cells) -> str:
        """Return the kind of a column; one of which nothing is there, and one of names, are left out."""
        known = [cell for cell in cells if cell not in MISSING]
        if not known:
            return LEFT_OUT
        if all(map(self.style.matches, known)):
            return NUMBER
        if all(days(cell, self.dates) is not None for cell in known):
            return DATE
        words = len(set(known))
        return LEFT_OUT if words > MAX_WORDS or (words > 50 and words > 0.5 * len(known)) else CATEGORY


def _find_style(rows: Rows, delimiter: str) -> NumberStyle:
    """Return the way in which most cells are numbers, the plainer one where two say the same."""
    cells = [cell for row in rows[1:200] or rows for cell in row if any(map(str.isdigit, cell))][:MAX_TRIED]
    styles = list(_STYLES)
    if all(map(styles[0].matches, cells)):
        return styles[0]
    if delimiter == ",":  # then 1,234 in quotes is rather a thousand
        styles.insert(1, styles.pop(2))
    return max(styles, key=lambda style: sum(map(style.matches, cells)))


def _date_order(rows: Rows) -> str:
    """Return what comes first in dates that could be either, by those that can be one only."""
    cells = [cell for row in rows for cell in row if cell.count("/") == 2 or cell.count("-") == 2]
    return max(DATE_ORDERS, key=lambda order: sum(days(cell, order) is not None for cell in cells), default=DAY_FIRST)


def _has_header(rows: Rows, kinds: _Kinds) -> bool:
    """Return whether the first row names columns: words above numbers, or words that no column repeats."""
    first, body = rows[0], rows[1:]
    named = [cell for cell in first if cell]
    if not body or not named or any(cell in MISSING or kinds.is_value(cell) for cell in named):
        return False
    columns = [[row[place] for row in body if len(row) > place] for place in range(len(first))]
    below = [column[1:] if len(column) > 1 else column for column in columns]  # under a row of units
    if any(name and kinds.kind(column) in (NUMBER, DATE) for name, column in zip(first, below, strict=True)):
        return True
    is_repeated = any(cell and cell in column for cell, column in zip(first, columns, strict=True))
    return len(set(first)) == len(first) == len(named) and not is_repeated


def _has_units(rows: Rows, width: int, kinds: _Kinds) -> bool:
    """Return whether the row under the names has short words over all columns of numbers."""
    if len(rows) < 2:
        return False
    first = [*rows[0], *[""] * width][:width]
    if all(cell in MISSING or kinds.is_value(cell) for cell in first):
        return False
    columns = [[row[place] for row in rows[1:] if len(row) > place] for place in range(width)]
    above = [cell for cell, column in zip(first, columns, strict=True) if kinds.kind(column) == NUMBER]
    words = [cell for cell in above if cell not in MISSING]
    return bool(words) and not any(kinds.is_value(cell) or len(cell) > MAX_UNIT for cell in words)


def _names(
    found: _Found, width: int, columns: Sequence[Cells], *, has_header: bool, has_units: bool
) -> tuple[str, ...]:
    """Return the names of the columns, with their units; where one is lacking the first column has none, as in R."""
    names = list(found.rows[0] if has_header else found.names)
    if has_header and len(names) == width - 1 and any(columns[-1]):
        names.insert(0, "")
    names = [*names, *[""] * width][:width]
    if has_units:
        units = [*found.rows[1], *[""] * width]
        names = [f"{name} [{unit}]" if unit not in MISSING else name for name, unit in zip(names, units, strict=False)]
    return _unique(names)


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """Return names in one line each, of which no two are the same."""
    found: list[str] = []
    for number, written in enumerate(names, 1):
        letters = (letter for letter in written[:MAX_NAME] if letter.isprintable() or letter.isspace())
        given = " ".join("".join(letters).split()) or f"column {number}"
        name, again = given, 2
        while name in found:
            name = f"{given} {again}"
            again += 1
        found.append(name)
    return tuple(found)


def _target(form: TableForm) -> str:
    usable = [name for name, kind in zip(form.names, form.kinds, strict=True) if kind != LEFT_OUT] or list(form.names)
    named = {name.lower(): name for name in usable}
    return next((named[word] for word in TARGET_NAMES if word in named), usable[-1])
