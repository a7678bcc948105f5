"""The tools of the canvas, the brush, the stamps, and which cells they cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine import grids

FloatArray = NDArray[np.float32]
Place = tuple[float, float]  # (row, column) in cells, whole numbers at the centre of a cell

MIN_SIZE, MAX_SIZE = 1.0, 28.0
MAX_STRENGTH = 20.0


@dataclass(frozen=True)
class ToolWords:
    """A tool as the screen names and explains it."""

    name: str
    label: str
    hint: str
    icon: str


TOOLS = (
    ToolWords("brush", "Brush", "Paint towards +strength, with the right button towards −strength", "brush"),
    ToolWords("eraser", "Eraser", "Paint towards 0", "eraser"),
    ToolWords("line", "Line", "Drag a straight line as thick as the brush", "line"),
    ToolWords("rectangle", "Rectangle", "Drag a filled rectangle; softness fades its edges", "rectangle"),
    ToolWords("fill", "Fill", "Set the connected area of like weights around a cell", "fill"),
    ToolWords(
        "freeze",
        "Freeze brush",
        "Keep what it passes over as it is while the rest trains; right button thaws",
        "freeze",
    ),
    ToolWords("value", "Exact value", "Click a cell and type its number", "value"),
    ToolWords("stamp", "Stamp", "Set a small detector, a mean digit or your drawing with one click", "stamp"),
)
TOOL_NAMES = tuple(tool.name for tool in TOOLS)
INK = 0.04  # of its peak: a picture covers what is darker
DRAWN_OUT = ("line", "rectangle")  # shown while the mouse is down, asked for when it is up


@dataclass(frozen=True)
class Brush:
    """``size`` is the diameter in cells, ``strength`` what it paints, ``softness`` 0 (hard) to 1."""

    size: float = 3.0
    strength: float = 0.5
    softness: float = 0.0

    @property
    def radius(self) -> float:
        """Return half the size."""
        return self.size / 2.0


@dataclass(frozen=True, eq=False)
class Stamp:
    """A stamp: a ``kind`` of the engine, or a ``picture`` ``[rows, columns]`` that covers the whole grid."""

    label: str
    kind: str = ""
    picture: FloatArray | None = None


EDGE_STAMPS = (
    Stamp("Horizontal edge", "horizontal"),
    Stamp("Vertical edge", "vertical"),
    Stamp("Diagonal edge ╲", "diagonal_down"),
    Stamp("Diagonal edge ╱", "diagonal_up"),
    Stamp("Loop", "loop"),
)


def stamp_size(brush: Brush) -> float:
    """Return how long a stamp is for a brush: some three times its width."""
    return max(3.0, 3.2 * brush.size)


def footprint(tool: str, brush: Brush, shape: tuple[int, int], start: Place, end: Place) -> FloatArray:
    """Return how strongly a move from ``start`` to ``end`` covers each cell, 0 to 1 ``[rows, columns]``."""
    if tool == "rectangle":
        alpha = grids.rectangle_alpha(shape, start, end, brush.softness)
    elif start == end:
        alpha = grids.brush_alpha(shape, end, brush.radius, brush.softness)
    else:
        alpha = grids.line_alpha(shape, start, end, brush.radius, brush.softness)
    covered = (alpha >= 0.5) if tool == "freeze" else alpha
    return covered.astype(np.float32)


def stamp_cells(
    stamp: Stamp, brush: Brush, shape: tuple[int, int], centre: Place, sign: float
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return the values of a stamp and where it lies ``[rows, columns]``; pictures of another shape lie nowhere."""
    strength = sign * brush.strength
    if stamp.picture is not None:
        if stamp.picture.shape != shape:
            return np.zeros(shape, np.float32), np.zeros(shape, np.bool_)
        values, _ = grids.picture_stamp(stamp.picture, strength)
        return values, np.abs(values) > INK * brush.strength
    return grids.stamp(stamp.kind, shape, centre, stamp_size(brush), strength)
