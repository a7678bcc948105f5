"""How a table is written: letters, delimiter, header, numbers, kinds of columns. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass, replace

from playground.engine.datasets import DataError
from playground.engine.table_numbers import DAY_FIRST

SAMPLE_BYTES = 1 << 18
SHOWN_ROWS = 20
MAX_COLUMNS = 5_000
MAX_NAME = 120
MAX_WORDS = 1_000  # different words of a column of categories
MAX_SKIPPED = 10_000  # lines above a table

NUMBER, DATE, CATEGORY, LEFT_OUT = "number", "date", "category", "left out"
KINDS = (NUMBER, DATE, CATEGORY, LEFT_OUT)
DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma", " ": "blank"}  # as they are tried
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1")
MISSING = (
    "", "NA", "N/A", "n/a", "n.a.", "N.A.", "NaN", "nan", "NAN", "-nan", "NULL", "null", "None", "?", "-", "--",
    "#N/A", "#NV", "#DIV/0!", "#VALUE!", "#WERT!", "#REF!", "#NAME?", "#NUM!", "#NULL!",
)  # fmt: skip
COMMENT = "#"


@dataclass(frozen=True)
class TableForm:
    """How a table is written: everything that its reader has to know.

    Attributes
    ----------
    encoding, delimiter : str
    decimal : str
        ``.`` or ``,``.
    has_header : bool
        Whether the first row names the columns.
    names, kinds : tuple of str
        Of the columns, in order; see `KINDS`.
    thousands : str
        What stands between groups of digits, of `table_numbers.GROUPS`.
    dates : str
        What 3/4/2024 means, of `table_numbers.DATE_ORDERS`.
    has_units : bool
        Whether a row of units stands under the names.
    skipped : int
        How many lines stand above the table: titles, comments, empty ones.
    comment : str
        What begins lines among the rows that are none; empty for nothing.
    sheet : str
        Of a workbook; empty for the first.
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
    sheet: str = ""

    @property
    def heads(self) -> int:
        """Return how many rows stand above the first example."""
        return int(self.has_header) + int(self.has_units)


@dataclass(frozen=True, eq=False)
class TableLook:
    """The first rows of a table, for a preview: texts as they stand, and the form that was found.

    ``target`` is the column that looks most like what is to be predicted, ``sheets`` are those of a workbook.
    """

    name: str
    form: TableForm
    rows: tuple[tuple[str, ...], ...]
    target: str
    sheets: tuple[str, ...] = ()


def with_kind(form: TableForm, column: str, kind: str) -> TableForm:
    """Return the form with another kind for a column (raises DataError)."""
    if column not in form.names or kind not in KINDS:
        raise DataError(f"There is no column '{column[:40]}', or columns are no '{kind[:20]}'.")
    return replace(
        form, kinds=tuple(kind if name == column else old for name, old in zip(form.names, form.kinds, strict=True))
    )
