"""Numbers as fields show them: their text, their place on a slider, the next step up or down."""

from __future__ import annotations

import math
from dataclasses import dataclass

_DECADES_ABOVE_ZERO = 7  # a logarithmic slider that begins at 0 shows this many decades


def number_text(value: float | None, *, decimals: int = 3, whole: bool = False, log: bool = False) -> str:
    """Return the text of a number: fixed decimals where they say it all, else as many digits as it needs.

    On a logarithmic scale (``log``) nothing is just 0, and from 1 on no zeros stand behind the point.
    """
    if value is None:
        return ""
    if whole:
        return str(int(value))
    if log and value == 0:
        return "0"
    number = float(value) + 0.0  # no minus in front of a zero
    fixed = f"{number:.{decimals}f}"
    if log and 1 <= abs(number) < 1e6:
        fixed = fixed.rstrip("0").rstrip(".")  # 20 and 1000: decimals count where the number is small
    if abs(number) < 1e6 and abs(float(fixed) - number) <= 1e-6 * abs(number):
        return fixed
    mantissa, _, exponent = f"{number:.6g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def parsed_number(
    text: str, label: str, *, low: float, high: float, whole: bool = False, optional: bool = False
) -> float | int | None:
    """Return the number that the user typed; a decimal comma is understood.

    Raises
    ------
    ValueError
        With a sentence that names the field and its bounds.
    """
    cleaned = "".join(text.split()).replace(",", ".")
    span = f"{low:g} and {high:g}"
    if not cleaned:
        if optional:
            return None
        raise ValueError(f"Type a number: the {label} lies between {span}.")
    try:
        number = float(cleaned)
    except ValueError:
        raise ValueError(f"'{text.strip()[:40]}' is no number: the {label} lies between {span}.") from None
    if not math.isfinite(number):
        raise ValueError(f"The {label} must be a number between {span}.")
    if whole and number != int(number):
        raise ValueError(f"The {label} must be a whole number between {span}.")
    if not low <= number <= high:
        raise ValueError(f"The {label} must lie between {span}; {number:g} does not.")
    return int(number) if whole else number


@dataclass(frozen=True)
class Scale:
    """The line on which a slider moves, linear or logarithmic; ``low`` and ``high`` are its ends.

    A logarithmic scale may begin at 0: that is then the place at the far left, seven decades below the end.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    @property
    def _first(self) -> float:
        return self.low if self.low > 0 else self.high * 10.0**-_DECADES_ABOVE_ZERO

    def share(self, value: float) -> float:
        """Return where ``value`` stands, 0 at the left to 1 at the right; beyond the ends, or NaN, it is an end."""
        if self.high <= self.low or math.isnan(value):
            return 0.0
        if not self.log:
            return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        if value <= self._first:
            return 0.0
        return min(math.log(value / self._first) / math.log(self.high / self._first), 1.0)

    def value(self, share: float) -> float:
        """Return the value at ``share``, rounded to what a hand can mean: two or three digits, or a whole number."""
        if share <= 0:
            return int(self.low) if self.whole else self.low
        if share >= 1:
            return int(self.high) if self.whole else self.high
        if self.log:
            found = self._first * (self.high / self._first) ** share
            found = float(f"{found:.3g}" if self.whole else f"{found:.2g}")
        else:
            grain = 10.0 ** math.floor(math.log10((self.high - self.low) / 400))
            found = round((self.low + share * (self.high - self.low)) / grain) * grain
            found = float(f"{found:.12g}")
        found = min(max(found, self.low), self.high)
        return round(found) if self.whole else found

    def stepped(self, value: float, steps: float, low: float, high: float) -> float:
        """Return the value ``steps`` key strokes further, within ``low`` and ``high``."""
        if self.whole and not self.log:
            found = value + math.copysign(max(1, round(abs(steps) * max(1.0, (self.high - self.low) / 1000))), steps)
        elif self.log:
            found = self._first if value <= 0 and steps > 0 else value * 10.0 ** (0.1 * steps)
            found = float(f"{found:.3g}")
            if self.whole and round(found) == value:
                found = value + math.copysign(1, steps)
            if found < self._first and self.low <= 0:
                found = self.low
        else:
            grain = 10.0 ** math.floor(math.log10((self.high - self.low) / 50))
            found = float(f"{value + steps * grain:.12g}")
        found = min(max(found, low), high)
        return round(found) if self.whole else found
