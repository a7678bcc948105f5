"""Which marks on a plot get words, and where: what the user did last comes first, nothing stands over anything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playground.engine.snapshots import Mark

SIGNS = {"edit": "✎", "setting": "⚙", "loss": "⚙", "structure": "▦", "data": "≡", "reset": "↺", "device": "▣"}
LABEL_LETTERS = 22
QUIET = ("undone: ", "redone: ")  # these marks are lines without words: the edit itself has its own
GAP = 4.0  # pixels between a line and its words


@dataclass(frozen=True)
class MarkLabel:
    """Words at ``left`` in line ``row`` for the marks that stand together at the pixel ``x``."""

    x: float
    left: float
    row: int
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class MarkRoom:
    """Where lines may stand (``left`` to ``right``), where words end, in how many rows, and what stands together."""

    left: float
    right: float
    edge: float
    rows: int
    reach: float


def placed_labels(
    marks: Sequence[Mark], places: Sequence[float], room: MarkRoom, width_of: Callable[[str], float]
) -> tuple[tuple[MarkLabel, ...], tuple[float, ...]]:
    """Return the labels from left to right, and the places of the lines that get no words."""
    labels: list[MarkLabel] = []
    silent: list[float] = []
    taken: list[list[tuple[float, float]]] = [[] for _ in range(room.rows)]
    for x, group in reversed(_groups(marks, places, room)):
        loud = [mark for mark in group if not mark.label.startswith(QUIET)]
        text = label_text(loud) if loud else ""
        spot = _spot(x, width_of(text), room, taken) if text else None
        if spot is None:
            silent.append(x)
            continue
        row, left = spot
        taken[row].append((left, left + width_of(text)))
        labels.append(MarkLabel(x, left, row, text, tuple(group)))
    return tuple(reversed(labels)), tuple(reversed(silent))


def label_text(group: Sequence[Mark]) -> str:
    """Return the small label of marks that stand together: the first one's sign and words, and how many more."""
    first = group[0]
    words = first.label if len(first.label) <= LABEL_LETTERS else f"{first.label[: LABEL_LETTERS - 1]}…"
    more = f" +{len(group) - 1}" if len(group) > 1 else ""
    return f"{SIGNS.get(first.kind, '•')} {words}{more}"


def _groups(marks: Sequence[Mark], places: Sequence[float], room: MarkRoom) -> list[tuple[float, list[Mark]]]:
    """Return the marks in sight; those nearer to the first of a group than the reach belong to it."""
    found: list[tuple[float, list[Mark]]] = []
    for mark, x in zip(marks, places, strict=True):
        if not room.left - 1 <= x <= room.right + 1:
            continue
        if found and 0 <= x - found[-1][0] < room.reach:
            found[-1][1].append(mark)
        else:
            found.append((x, [mark]))
    return found


def _spot(x: float, width: float, room: MarkRoom, taken: list[list[tuple[float, float]]]) -> tuple[int, float] | None:
    """Return (row, left) where words of ``width`` at the line ``x`` are free of all others; right of it if possible."""
    for row, others in enumerate(taken):
        for left in (x + GAP, x - GAP - width):
            if left + width > room.edge or left < room.left - room.reach:
                continue
            if all(left > end + GAP or left + width < start - GAP for start, end in others):
                return row, left
    return None
