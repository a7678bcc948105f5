"""Cells of a table as numbers: decimal signs, groups of thousands, hundredths, dates. Torch-free."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property

DECIMALS = (".", ",")
GROUPS = ("", ",", ".", " ", "'")  # between thousands; a blank stands for the narrow and the unbreakable too
DAY_FIRST, MONTH_FIRST = "day first", "month first"
DATE_ORDERS = (DAY_FIRST, MONTH_FIRST)

_LETTERS = {"": "", ",": ",", ".": ".", " ": " \u00a0\u202f\u2009", "'": "'\u2019"}  # as each sign is written
_MINUS = str.maketrans({"\u2212": "-"})
_EPOCH = dt.date(1970, 1, 1).toordinal()
_TIME = (
    r"(?:(?:[T ]|, )(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))? ?(?:([AaPp])\.?[Mm]\.?)?(?:Z|([+-])(\d{2}):?(\d{2}))?)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME, re.ASCII)


@dataclass(frozen=True)
class NumberStyle:
    """How numbers are written: ``decimal`` of `DECIMALS`, ``group`` of `GROUPS`, never the same."""

    decimal: str = "."
    group: str = ""

    @property
    def group_letters(self) -> str:
        """Return all letters that stand between thousands."""
        return _LETTERS[self.group]

    @cached_property
    def plain_pattern(self) -> str:
        """Return, for readers of regular expressions of any kind, what a number without a per cent sign looks like."""
        point = re.escape(self.decimal)
        grouped = f"[0-9]{{1,3}}(?:[{self.group_letters}][0-9]{{3}})+|" if self.group else ""
        return f"^[+-]?(?:(?:{grouped}[0-9]+)(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?$"

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        number = self.plain_pattern.removeprefix("^[+-]?").removesuffix("$")
        return re.compile(f"[+\u2212-]?(?:{number}[ \u00a0\u202f]?%?|inf(?:inity)?)", re.IGNORECASE)

    def matches(self, cell: str) -> bool:
        """Say whether a cell is a number."""
        return self._pattern.fullmatch(cell) is not None

    def number(self, cell: str) -> float:
        """Return the number of a cell that `matches`; 12 % is 0.12, as a spreadsheet has it."""
        for letter in self.group_letters:
            cell = cell.replace(letter, "")
        cell = cell.replace(self.decimal, ".").translate(_MINUS)
        return float(cell[:-1]) / 100 if cell.endswith("%") else float(cell)


def days(cell: str, order: str) -> float | None:
    """Return a date as days since the first of January 1970, the time of day as a part of one; None where it is none.

    ``order`` (see `DATE_ORDERS`) is what 3/4/2024 means; years that come first are followed by month and day, and a
    point between them means that the day comes first. Years of two digits lie between 1970 and 2069.
    """
    if found := _YEAR_FIRST.fullmatch(cell):
        year, month, day = (int(found[place]) for place in (1, 3, 4))
    elif found := _YEAR_LAST.fullmatch(cell):
        day, month, year = (int(found[place]) for place in (1, 3, 4))
        if order == MONTH_FIRST and found[2] != ".":
            day, month = month, day
        if len(found[4]) == 2:
            year += 1900 if year >= 70 else 2000
    else:
        return None
    try:
        date = dt.date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None
    seconds = _seconds(*found.groups()[4:])
    return None if seconds is None else date + seconds / 86_400


def date_words(since: float) -> str:
    """Return the date of a number of `days`."""
    try:
        return dt.date.fromordinal(int(since // 1) + _EPOCH).isoformat()
    except (ValueError, OverflowError):
        return f"{since:g} days since 1970"


def _seconds(
    hours: str | None, minutes: str, seconds: str | None, half: str | None, sign: str | None, east: str, west: str
) -> float | None:
    """Return the seconds since midnight, in the time of Greenwich where a zone is told; None beyond a day."""
    if hours is None:
        return 0.0
    hour, second = int(hours), float((seconds or "0").replace(",", "."))
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "pP" else 0)
    if hour > 24 or int(minutes) > 59 or second >= 61:
        return None
    shift = 0 if sign is None else (int(east) * 3600 + int(west) * 60) * (-1 if sign == "-" else 1)
    return hour * 3600 + int(minutes) * 60 + second - shift
