"""The figures of a benchmark: each with its unit and with what it is compared with, as a table or as one object."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One number. ``against`` says what it is to be read beside; ``rounds`` are the single measurements."""

    key: str
    name: str
    value: float
    unit: str
    against: str = ""
    rounds: tuple[float, ...] = ()


def median(key: str, name: str, rounds: Sequence[float], unit: str, against: str = "") -> Figure:
    """Return the median of several rounds as a figure."""
    known = [value for value in rounds if math.isfinite(value)]
    return Figure(key, name, statistics.median(known) if known else math.nan, unit, against, tuple(rounds))


def table(sections: Sequence[tuple[str, Sequence[Figure]]]) -> str:
    """Return all figures as text, a section each."""
    lines: list[str] = []
    for title, figures in sections:
        if not figures:
            continue
        lines += ["", title]
        wide = max(len(figure.name) for figure in figures)
        for figure in figures:
            lines.append(
                f"  {figure.name:<{wide}}  {_number(figure.value):>9} {figure.unit:<8} {figure.against}".rstrip()
            )
    return "\n".join(lines).lstrip("\n")


def as_object(sections: Sequence[tuple[str, Sequence[Figure]]]) -> dict[str, Any]:
    """Return all figures by their keys, for JSON: what is no number is null."""
    return {
        figure.key: {
            "name": figure.name,
            "value": _finite(figure.value),
            "unit": figure.unit,
            "against": figure.against,
            "rounds": [_finite(value) for value in figure.rounds],
        }
        for _, figures in sections
        for figure in figures
    }


def _finite(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"
