"""What a network receives of a point in the plane: x1, x2, their squares, product, waves, or typed formulas.

Torch-free. A feature is named as the screen writes it, and its name is enough to reckon it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.columns import InputColumn
from playground.engine.formula import Formula, FormulaError, parse_formula

Floats32 = NDArray[np.float32]

VARIABLES = ("x1", "x2")
# what can be switched on, in the order of the screen: name -> formula
FEATURES = {
    "x1": "x1",
    "x2": "x2",
    "x1²": "x1^2",
    "x2²": "x2^2",
    "x1 x2": "x1*x2",
    "sin x1": "sin(x1)",
    "sin x2": "sin(x2)",
    "cos x1": "cos(x1)",
    "cos x2": "cos(x2)",
    "radius": "sqrt(x1^2+x2^2)",
}
# the first harmonics over the width of the plane (Tancik et al. 2020, Fourier features)
FOURIER = tuple(f"{wave} {count}π x{axis}/6" for count in (1, 2, 3) for axis in (1, 2) for wave in ("sin", "cos"))
MAX_FEATURES = 32
MAX_NAME = 120
PROBED = 61  # points a side at which a typed feature must have a value

_FOURIER = re.compile(r"(sin|cos) ?([1-9][0-9]?)?(?:π|pi) ?(x[12]) ?/ ?6")


class FeatureError(ValueError):
    """A feature that cannot be had; the text is a sentence for the user."""


@dataclass(frozen=True, eq=False)
class InputFeatures:
    """A tuple of features: points in, the matrix of inputs out.

    Attributes
    ----------
    names : tuple of str
        As the screen writes them.
    dimensions : int
        2 for points in the plane, 1 for points on a line, where there is only x1.
    """

    names: tuple[str, ...]
    dimensions: int
    _formulas: tuple[Formula, ...]

    def matrix(self, points: NDArray[np.floating], *, is_picture: bool = False) -> Floats32:
        """Return the inputs ``[n, features]`` for ``points`` ``[n, dimensions]``.

        ``is_picture``: where a typed feature has no value the input is 0 instead of an error.

        Raises
        ------
        FeatureError
            Where a feature has no value, or none that float32 holds.
        """
        exact = np.asarray(points, np.float64)
        columns = {VARIABLES[axis]: np.ascontiguousarray(exact[:, axis]) for axis in range(self.dimensions)}
        found = np.empty((len(self.names), len(exact)), np.float32)
        for row, (name, formula) in enumerate(zip(self.names, self._formulas, strict=True)):
            if not len(exact):
                continue
            try:
                values = formula.finite_values(columns) if is_picture else formula.values(columns)
            except FormulaError as error:
                raise FeatureError(f"The feature {name} has no value everywhere. {error}") from error
            if not is_picture and np.abs(values).max() > 1e6:
                raise FeatureError(f"The feature {name} becomes larger than a million: scale it down.")
            found[row] = np.clip(values, -1e6, 1e6)
        return np.ascontiguousarray(found.T)


def input_features(names: Iterable[str], dimensions: int = 2, reach: float = 6.0) -> InputFeatures:
    """Return the features of these names: those of `FEATURES`, `FOURIER`, or formulas in x1 and x2.

    Parameters
    ----------
    names : iterable of str
        ``x1^2`` and ``x1²``, ``x1x2`` and ``x1*x2`` mean the same.
    dimensions : int
        1 or 2.
    reach : float
        The plane goes from -reach to reach; every feature must have a value all over it.

    Raises
    ------
    FeatureError
        Where one of them is no feature, stands there twice, or has no value somewhere in the plane.
    """
    variables = VARIABLES[:dimensions]
    written, formulas = [], []
    for given in names:
        name, formula = _feature(str(given), variables)
        if name in written:
            raise FeatureError(f"The feature {name} is there twice: leave one of them out.")
        written.append(name)
        formulas.append(formula)
        if len(written) > MAX_FEATURES:
            raise FeatureError(f"A network takes at most {MAX_FEATURES} features of the plane.")
    if not written:
        raise FeatureError("Choose at least one feature: without any the network receives nothing.")
    found = InputFeatures(tuple(written), dimensions, tuple(formulas))
    found.matrix(_grid(PROBED, -reach, reach, dimensions))
    return found


def split_features(text: str) -> tuple[str, ...]:
    """Return the features of a list joined by commas, those within brackets belonging to a formula."""
    parts, depth, begun = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(text[begun:place])
            begun = place + 1
    parts.append(text[begun:])
    return tuple(part.strip() for part in parts)


def _feature(given: str, variables: Sequence[str]) -> tuple[str, Formula]:
    """Return the name as the screen writes it, and the formula."""
    if len(given) > MAX_NAME:
        raise FeatureError(f"The name of a feature has at most {MAX_NAME} letters; write a shorter formula.")
    name = " ".join(given.split())
    short = name.replace("^2", "²").replace(" ", "").replace("*", "").lower()
    for known, text in FEATURES.items():
        if short in (known.replace(" ", ""), text.replace("*", "").replace("^2", "²")):
            name, formula = known, text
            break
    else:
        wave = _FOURIER.fullmatch(name)
        if wave is not None:
            function, count, variable = wave.groups()
            name = f"{function} {count or 1}π {variable}/6"
            formula = f"{function}({count or 1}*pi*{variable}/6)"
        else:
            formula = name
    try:
        return name, parse_formula(formula, variables)
    except FormulaError as error:
        known = ", ".join(FEATURES)
        raise FeatureError(
            f"'{name[:40]}' is no feature of {'the plane' if len(variables) == 2 else 'a line'}: use {known}, or a "
            f"formula. {error}"
        ) from error


def _grid(count: int, low: float, high: float, dimensions: int) -> Floats32:
    """Return the points of a grid ``[count ** dimensions, dimensions]``, x2 row after row from below, x1 in the row."""
    line = np.linspace(low, high, count, dtype=np.float32)
    if dimensions == 1:
        return line[:, None]
    x2, x1 = np.meshgrid(line, line, indexing="ij")
    return np.stack([x1.ravel(), x2.ravel()], axis=1)


@dataclass(frozen=True, eq=False)
class PlaneCoordinates:
    """Where the examples of a data set lie in the plane, beside the features that the network receives.

    Attributes
    ----------
    features : InputFeatures
        By them the inputs follow from the points.
    train, validation : ndarray [n, dimensions], float32
        The points of the examples of both parts, in their order; read-only.
    low, high : float
        The plane that is drawn goes from low to high in both directions.
    columns : tuple of InputColumn
        What its directions stand for, where the data were a table; empty: x1 and x2 as they are.
    """

    features: InputFeatures
    train: Floats32
    validation: Floats32
    low: float = -6.0
    high: float = 6.0
    columns: tuple[InputColumn, ...] = ()

    def __post_init__(self) -> None:
        for name in ("train", "validation"):
            points = np.array(getattr(self, name), np.float32)
            points.setflags(write=False)
            object.__setattr__(self, name, points)

    @property
    def dimensions(self) -> int:
        """Return 2 for points in the plane, 1 for points on a line."""
        return self.features.dimensions

    @property
    def input_names(self) -> tuple[str, ...]:
        """Return how the screen calls what the network receives: the columns of a table, else the features."""
        return tuple(column.name for column in self.columns) or self.features.names

    def grid(self, resolution: int) -> Floats32:
        """Return the points of a grid over the plane ``[resolution ** dimensions, dimensions]``.

        Row after row from x2 = low upwards, in each row x1 from low to high; the corners are points of it.
        """
        return _grid(resolution, self.low, self.high, self.dimensions)

    def surface_inputs(self, resolution: int) -> Floats32:
        """Return what the network receives at the points of `grid`: ``[resolution ** dimensions, features]``."""
        return self.inputs_at(self.grid(resolution))

    def inputs_at(self, points: NDArray[np.floating]) -> Floats32:
        """Return what the network receives at any ``points`` ``[n, dimensions]``: ``[n, features]``."""
        return self.features.matrix(points, is_picture=True)
