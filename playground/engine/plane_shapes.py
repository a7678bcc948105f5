"""Points in the plane -6 to 6 by rule: circle, exclusive or, spirals, ... for classes; waves and hills for numbers.

Torch-free. Where a rule "as in the browser playground" is asked for, points, classes and noise follow that of the
best-known one (500 points, half for training; noise moves the place at which a label is read, not the point).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from playground.engine.formula import Formula
from playground.engine.targets import CLASSES, TWO, VALUES

if TYPE_CHECKING:  # numpy imports its generators when they are mentioned, which the window's start need not wait for
    from numpy.random import Generator

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REACH = 6.0  # the plane goes from -6 to 6
RADIUS = 5.0  # of the circle, the spirals, the rings
_GAP = 0.3  # by which points are pushed off an axis
_TURNS = 1.75  # of a spiral's arm


@dataclass(frozen=True, eq=False)
class Drawing:
    """What a shape is drawn with. ``parts`` counts arms, rings, cells of a side or classes."""

    random: Generator
    count: int
    noise: float
    parts: int
    is_browser: bool
    formula: Formula | None
    dimensions: int


@dataclass(frozen=True, eq=False)
class Shape:
    """One rule.

    Attributes
    ----------
    title : str
        As the screen names it.
    task : str
        ``two`` where it parts two classes, ``classes`` where several, ``values`` where it gives numbers.
    draw : callable
        From a `Drawing` the points ``[n, dimensions]`` and their targets ``[n]``: classes, or numbers.
    parts : (low, usual, high) or None
        How many parts can be asked for.
    formula : str
        The usual formula, where one can be typed; else empty.
    variables : tuple of str
        What can stand in that formula.
    low, high : float
        The plane that is drawn.
    """

    title: str
    task: str
    draw: Callable[[Drawing], tuple[Floats, NDArray[np.generic]]]
    parts: tuple[int, int, int] | None = None
    formula: str = ""
    variables: tuple[str, ...] = ("x1", "x2")
    low: float = -REACH
    high: float = REACH


def _shares(drawing: Drawing, kinds: int) -> Ints:
    """Return a class for each point, as evenly as it goes."""
    return np.arange(drawing.count, dtype=np.int64) % kinds


def _polar(radius: Floats, angle: Floats) -> Floats:
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)


def _moved(drawing: Drawing, points: Floats) -> Floats:
    """Return the points moved by the noise: normal, its deviation in units of the plane."""
    return points + drawing.random.normal(0.0, 1.0, points.shape) * drawing.noise


def _labelled(
    drawing: Drawing, points: Floats, reach: float, label: Callable[[Floats], NDArray[np.bool_]]
) -> tuple[Floats, Ints]:
    """Return points and classes: by the browser's rule noise moves the place where the label is read, else the point.

    ``reach`` is how far noise of 1 moves at most by the browser's rule.
    """
    if drawing.is_browser:
        jitter = drawing.random.uniform(-reach, reach, points.shape) * drawing.noise
        return points, label(points + jitter).astype(np.int64)
    return _moved(drawing, points), label(points).astype(np.int64)


# ---- classes -----------------------------------------------------------------------------------------------------


def _circle(drawing: Drawing) -> tuple[Floats, Ints]:
    random, is_inner = drawing.random, _shares(drawing, 2) == 1
    radius = np.where(
        is_inner,
        random.uniform(0.0, 0.5 * RADIUS, drawing.count),
        random.uniform(0.7 * RADIUS, RADIUS, drawing.count),
    )
    points = _polar(radius, random.uniform(0.0, 2 * pi, drawing.count))
    return _labelled(drawing, points, RADIUS, lambda at: np.hypot(at[:, 0], at[:, 1]) < 0.5 * RADIUS)


def _xor(drawing: Drawing) -> tuple[Floats, Ints]:
    points = drawing.random.uniform(-RADIUS, RADIUS, (drawing.count, 2))
    points += np.where(points > 0, _GAP, -_GAP)
    return _labelled(drawing, points, RADIUS, lambda at: at[:, 0] * at[:, 1] >= 0)


def _gaussians(drawing: Drawing) -> tuple[Floats, Ints]:
    labels = _shares(drawing, 2)
    variance = 0.5 + 7.0 * drawing.noise  # as the browser playground has it: .5 to 4 for noise 0 to .5
    points = drawing.random.normal(0.0, np.sqrt(variance), (drawing.count, 2))
    return points + np.where(labels == 1, 2.0, -2.0)[:, None], labels


def _spiral(drawing: Drawing) -> tuple[Floats, Ints]:
    arms = drawing.parts
    arm = _shares(drawing, arms)
    along = (np.arange(drawing.count) // arms) / max(1, drawing.count // arms)
    points = _polar(RADIUS * along, 2 * pi * (_TURNS * along + arm / arms))
    if drawing.is_browser:
        points = points + drawing.random.uniform(-1.0, 1.0, points.shape) * drawing.noise
    else:
        points = _moved(drawing, points)
    return points, arms - 1 - arm


def _moons(drawing: Drawing) -> tuple[Floats, Ints]:
    labels = _shares(drawing, 2)
    angle = drawing.random.uniform(0.0, pi, drawing.count)
    side = np.where(labels == 1, 1.0, -1.0)
    points = np.stack([3.0 * np.cos(angle) - 1.5 * side, side * (3.0 * np.sin(angle) - 0.75)], axis=1)
    return _moved(drawing, points), labels


def _rings(drawing: Drawing) -> tuple[Floats, Ints]:
    labels, width = _shares(drawing, drawing.parts), RADIUS / drawing.parts
    radius = width * (labels + drawing.random.uniform(0.15, 0.85, drawing.count))
    points = _polar(radius, drawing.random.uniform(0.0, 2 * pi, drawing.count))
    return _moved(drawing, points), labels


def _checkerboard(drawing: Drawing) -> tuple[Floats, Ints]:
    points = drawing.random.uniform(-REACH, REACH, (drawing.count, 2))
    cell = np.floor((points + REACH) * drawing.parts / (2 * REACH)).astype(np.int64)
    return _moved(drawing, points), cell.sum(axis=1) % 2


def _boundary(drawing: Drawing) -> tuple[Floats, Ints]:
    points = drawing.random.uniform(-REACH, REACH, (drawing.count, 2))
    assert drawing.formula is not None  # noqa: S101 - the shape has one
    above = points[:, 1] > drawing.formula.values({"x": points[:, 0]})
    return _moved(drawing, points), above.astype(np.int64)


def _clusters(drawing: Drawing) -> tuple[Floats, Ints]:
    labels = _shares(drawing, drawing.parts)
    angle = 2 * pi * labels / drawing.parts
    spread = min(0.7, 2.2 / drawing.parts) + drawing.noise
    points = _polar(np.full(drawing.count, 3.8), angle)
    return points + drawing.random.normal(0.0, spread, points.shape), labels


def _gate(truth: tuple[int, int, int, int]) -> Callable[[Drawing], tuple[Floats, Ints]]:
    def draw(_drawing: Drawing) -> tuple[Floats, Ints]:
        corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float64)
        return corners, np.array(truth, np.int64)

    return draw


# ---- numbers -----------------------------------------------------------------------------------------------------

_HILLS = np.array([[-4, 2.5, 1], [0, 2.5, -1], [4, 2.5, 1], [-4, -2.5, -1], [0, -2.5, 1], [4, -2.5, -1]], np.float64)


def _numbers(rule: Callable[[Floats], Floats]) -> Callable[[Drawing], tuple[Floats, Floats]]:
    """Return a shape of points all over the plane (or line); ``rule`` gives the number for points ``[n, dims]``."""

    def draw(drawing: Drawing) -> tuple[Floats, Floats]:
        points = drawing.random.uniform(-REACH, REACH, (drawing.count, drawing.dimensions))
        if drawing.is_browser:
            jitter = drawing.random.uniform(-REACH, REACH, points.shape) * drawing.noise
            return points, rule(points + jitter)
        return points, rule(points) + drawing.random.normal(0.0, 1.0, drawing.count) * drawing.noise

    return draw


def _slope(at: Floats) -> Floats:
    return np.asarray(at.sum(axis=1) / 10.0)


def _hills(at: Floats) -> Floats:
    """Return of six cones (three on a line), 1 high and 2 wide, the value of the one that is largest there."""
    hills = _HILLS if at.shape[1] == 2 else _HILLS[:3][:, [0, 2]]
    away = np.linalg.norm(at[:, None, :] - hills[None, :, :-1], axis=2)  # [n, hills]
    heights = np.clip(1.0 - away / 2.0, 0.0, 1.0) * hills[:, -1]
    return np.take_along_axis(heights, np.abs(heights).argmax(axis=1)[:, None], axis=1)[:, 0]


def _wave(at: Floats) -> Floats:
    return np.asarray(np.sin(at[:, 0]) if at.shape[1] == 1 else np.sin(at[:, 0]) * np.cos(at[:, 1]))


def _stair(at: Floats) -> Floats:
    return np.where(at.sum(axis=1) > 0, 1.0, -1.0)


def _fold(at: Floats) -> Floats:
    return np.asarray(np.abs(at).mean(axis=1) / 3.0 - 1.0)


def _typed(drawing: Drawing) -> tuple[Floats, Floats]:
    formula = drawing.formula
    assert formula is not None  # noqa: S101 - the shape has one

    def rule(at: Floats) -> Floats:
        return formula.values({f"x{axis + 1}": at[:, axis] for axis in range(at.shape[1])})

    return _numbers(rule)(drawing)


SHAPES: dict[str, Shape] = {
    "circle": Shape("circle", TWO, _circle),
    "xor": Shape("exclusive or", TWO, _xor),
    "gauss": Shape("two Gaussians", TWO, _gaussians),
    "spiral": Shape("spiral", TWO, _spiral, parts=(2, 2, 5)),
    "moons": Shape("moons", TWO, _moons),
    "rings": Shape("rings", CLASSES, _rings, parts=(2, 3, 6)),
    "checkerboard": Shape("checkerboard", TWO, _checkerboard, parts=(2, 4, 8)),
    "boundary": Shape("boundary y > f(x)", TWO, _boundary, formula="2*sin(x)", variables=("x",)),
    "clusters": Shape("several classes", CLASSES, _clusters, parts=(3, 5, 10)),
    "and": Shape("AND", TWO, _gate((0, 0, 0, 1)), low=-0.5, high=1.5),
    "or": Shape("OR", TWO, _gate((0, 1, 1, 1)), low=-0.5, high=1.5),
    "xor-gate": Shape("XOR of two bits", TWO, _gate((0, 1, 1, 0)), low=-0.5, high=1.5),
    "nand": Shape("NAND", TWO, _gate((1, 1, 1, 0)), low=-0.5, high=1.5),
    "not": Shape("NOT x1", TWO, _gate((1, 1, 0, 0)), low=-0.5, high=1.5),
    "slope": Shape("plane", VALUES, _numbers(_slope)),
    "hills": Shape("hills and valleys", VALUES, _numbers(_hills)),
    "sin": Shape("sine", VALUES, _numbers(_wave)),
    "step": Shape("step", VALUES, _numbers(_stair)),
    "abs": Shape("absolute value", VALUES, _numbers(_fold)),
    "formula": Shape("formula", VALUES, _typed, formula="sin(x1)*x1/6"),
}
GATES = ("and", "or", "xor-gate", "nand", "not")  # four points that are all there is: nothing to hold back
