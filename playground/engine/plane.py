"""Data in the plane: from a description that is small enough for a project file to a data set. Torch-free."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.datasets import DataError, DataSet, Examples
from playground.engine.formula import Formula, FormulaError, parse_formula
from playground.engine.input_features import VARIABLES, FeatureError, PlaneCoordinates, input_features
from playground.engine.plane_shapes import GATES, REACH, SHAPES, Drawing, Shape
from playground.engine.targets import CLASSES, TASKS, TWO, VALUES

MAX_POINTS = 20_000
MAX_DRAWN = 5_000  # they stand in the description, and in every entry of the undo list
MAX_CLASSES = 20
MAX_NAME = 60
DRAWN = "drawn"  # the shape of points that were drawn by hand
LETTERS = "ABCDEFGHIJKLMNOPQRST"
BITS = ("0", "1")  # the classes of a gate

Floats32 = NDArray[np.float32]


@dataclass(frozen=True)
class PlaneSetup:
    """What is asked for in the plane; every value is checked by `plane_data`.

    Attributes
    ----------
    shape : str
        One of `SHAPES`.
    count : int
        Points, those for training and those held back.
    noise : float
        0 to 1: how far points are moved (in units of the plane), or, by the browser's rule, labels are misread.
    seed : int
    train_share : float
        0.1 to 0.9.
    features : tuple of str
        See `input_features`.
    task : str
        One of `TASKS`, or empty for what the shape usually asks for.
    is_browser : bool
        As in the browser playground.
    parts : int
        Arms, rings, cells of a side, classes; 0 for the usual number.
    formula : str
        Of the shapes that have one; empty for the usual one.
    inputs : int
        2, or 1 for numbers over a line.
    """

    shape: str = "circle"
    count: int = 500
    noise: float = 0.0
    seed: int = 0
    train_share: float = 0.5
    features: tuple[str, ...] = ("x1", "x2")
    task: str = ""
    is_browser: bool = False
    parts: int = 0
    formula: str = ""
    inputs: int = 2


def plane_data(setup: PlaneSetup) -> DataSet:
    """Draw the points of a shape, part them and reckon their features.

    The part held back is the data set's validation part; its test part is empty.

    Raises
    ------
    DataError
        Where a value of ``setup`` cannot be.
    """
    shape = _checked(setup)
    drawing = Drawing(
        random=np.random.Generator(np.random.PCG64(setup.seed)),
        count=setup.count,
        noise=setup.noise,
        parts=_parts(setup, shape),
        is_browser=setup.is_browser,
        formula=_formula(setup, shape),
        dimensions=setup.inputs,
    )
    try:
        points, targets = shape.draw(drawing)
    except FormulaError as error:
        raise DataError(str(error)) from error
    order = drawing.random.permutation(len(points))
    share = 1.0 if setup.shape in GATES else setup.train_share
    is_training = np.arange(len(points)) < max(1, math.floor(len(points) * share))
    classes = 2 if shape.task == TWO and setup.shape != "spiral" else drawing.parts
    return _data(
        name=shape.title,
        source={"kind": "plane", **{field.name: getattr(setup, field.name) for field in fields(setup)}},
        points=points[order].astype(np.float32),
        targets=targets[order],
        is_training=is_training,
        features=setup.features,
        task=_task(setup, shape, classes),
        classes=BITS if setup.shape in GATES else tuple(LETTERS[:classes]),
        reach=(shape.low, shape.high),
    )


def drawn_data(
    points: NDArray[np.floating],
    targets: NDArray[np.generic],
    is_training: NDArray[np.bool_],
    *,
    features: Sequence[str] = ("x1", "x2"),
    task: str = TWO,
    classes: Sequence[str] = ("A", "B"),
    reach: tuple[float, float] = (-REACH, REACH),
) -> DataSet:
    """Return the data of points that somebody has drawn; they are kept in the description itself.

    Parameters
    ----------
    points : ndarray [n, 1 or 2]
        In the plane; n may be 0.
    targets : ndarray [n]
        The index of each one's class, or (``task`` ``values``) its number.
    is_training : ndarray [n], bool
        Which points are trained on; the others are held back.
    features, task, classes
        As in `PlaneSetup`; ``classes`` are names.
    reach : tuple of float
        The plane that is drawn goes from the first to the second in both directions.

    Raises
    ------
    DataError
        Where something of it cannot be.
    """
    exact = np.asarray(points, np.float64)
    numbers = np.asarray(targets, np.float64)
    source = {
        "kind": "plane",
        "shape": DRAWN,
        "inputs": int(exact.shape[1]) if exact.ndim == 2 else 0,
        "points": np.round(exact, 4).tolist(),
        "targets": np.round(numbers, 4).tolist() if task == VALUES else numbers.astype(np.int64).tolist(),
        "is_training": np.asarray(is_training, bool).tolist(),
        "features": list(features),
        "task": task,
        "classes": list(classes),
        "reach": list(reach),
    }
    return plane_from_source(source)


def plane_points(data: DataSet) -> tuple[Floats32, NDArray[Any], NDArray[np.bool_]]:
    """Return the points ``[n, dimensions]`` of data in the plane, their targets and which are trained on.

    Targets ``[n]`` are classes, or numbers where those are predicted: what `drawn_data` takes again, so that any
    shape can be drawn further by hand.

    Raises
    ------
    DataError
        Where the data do not lie in a plane.
    """
    plane = data.plane
    if plane is None:
        raise DataError(f"The data set {data.name} does not lie in a plane.")
    points = np.concatenate([plane.train, plane.validation])
    parts = [_targets(data.train), _targets(data.validation)]
    return points, np.concatenate(parts), np.arange(len(points)) < len(plane.train)


def plane_from_source(source: Mapping[str, Any]) -> DataSet:
    """Build data in the plane again from a description that somebody else may have written (raises DataError)."""
    names = source.get("features", ["x1", "x2"])
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise DataError("The description of the plane does not say which features there are.")
    if source.get("shape") == DRAWN:
        return _drawn(source, tuple(names))
    known = {field.name for field in fields(PlaneSetup)}
    given = {name: value for name, value in source.items() if name in known}
    return plane_data(PlaneSetup(**{**given, "features": tuple(names)}))


def with_features(data: DataSet, features: Sequence[str]) -> DataSet:
    """Return the same points with other features for the network (raises DataError)."""
    if data.plane is None:
        raise DataError(f"The data set {data.name} does not lie in a plane: it has no features to choose.")
    return plane_from_source({**data.source, "features": list(features)})


# ---- checking ----------------------------------------------------------------------------------------------------


def _checked(setup: PlaneSetup) -> Shape:
    shape = SHAPES.get(setup.shape) if isinstance(setup.shape, str) else None
    if shape is None:
        raise DataError(f"'{str(setup.shape)[:40]}' is no shape of the plane: use one of {', '.join(SHAPES)}.")
    _number("count", setup.count, 2, MAX_POINTS, is_whole=True)
    _number("noise", setup.noise, 0.0, 1.0)
    _number("seed", setup.seed, 0, 2**31 - 1, is_whole=True)
    _number("train_share", setup.train_share, 0.1, 0.9)
    _number("parts", setup.parts, 0, MAX_CLASSES, is_whole=True)
    _number("inputs", setup.inputs, 1, 2, is_whole=True)
    if not isinstance(setup.formula, str) or not isinstance(setup.is_browser, bool):
        raise DataError("The description of the plane is garbled: choose the data again.")
    if setup.inputs == 1 and shape.task != VALUES:
        raise DataError(f"{shape.title} lies in the plane: it needs two inputs.")
    if setup.task and setup.task not in TASKS:
        raise DataError(f"'{str(setup.task)[:40]}' is nothing that a network can answer: use {', '.join(TASKS)}.")
    return shape


_WORDS = {"count": "number of points", "train_share": "share for training", "parts": "number of parts"}


def _number(name: str, value: Any, low: float, high: float, *, is_whole: bool = False) -> None:
    is_number = isinstance(value, int) or (isinstance(value, float) and not is_whole)
    if isinstance(value, bool) or not is_number or not low <= value <= high:
        kind = "a whole number" if is_whole else "a number"
        raise DataError(
            f"The {_WORDS.get(name, name)} of the plane must be {kind} from {low:g} to {high:,g}; "
            f"'{str(value)[:40]}' is not."
        )


def _parts(setup: PlaneSetup, shape: Shape) -> int:
    if shape.parts is None:
        return 2
    low, usual, high = shape.parts
    if setup.parts and not low <= setup.parts <= high:
        raise DataError(f"{shape.title.capitalize()} can have {low} to {high} parts, not {setup.parts}.")
    return setup.parts or usual


def _formula(setup: PlaneSetup, shape: Shape) -> Formula | None:
    if not shape.formula:
        return None
    variables = shape.variables if len(shape.variables) == 1 else VARIABLES[: setup.inputs]
    try:
        return parse_formula(setup.formula or shape.formula, variables)
    except FormulaError as error:
        raise DataError(str(error)) from error


def _task(setup: PlaneSetup, shape: Shape, classes: int) -> str:
    if shape.task == VALUES:
        if setup.task in (CLASSES, TWO):
            raise DataError(f"{shape.title.capitalize()} gives numbers, not classes.")
        return VALUES
    if setup.task == VALUES:
        raise DataError(f"{shape.title.capitalize()} gives classes, not numbers.")
    if setup.task == TWO and classes != 2:
        raise DataError(f"One output can tell two classes; {shape.title} has {classes} here.")
    usual = TWO if classes == 2 and shape.task == TWO else CLASSES
    return setup.task or usual


def _drawn(source: Mapping[str, Any], features: tuple[str, ...]) -> DataSet:
    task, classes, dimensions = source.get("task"), source.get("classes"), source.get("inputs")
    points, targets, is_training = (source.get(name) for name in ("points", "targets", "is_training"))
    lists = (points, targets, is_training)
    if not all(isinstance(found, list) and len(found) <= MAX_DRAWN for found in lists):
        raise DataError(f"The drawn points need at most {MAX_DRAWN:,} places, targets and parts.")
    assert isinstance(points, list) and isinstance(targets, list) and isinstance(is_training, list)  # noqa: S101, PT018
    if len({len(points), len(targets), len(is_training)}) != 1 or dimensions not in (1, 2) or task not in TASKS:
        raise DataError("The description of the drawn points does not hold together.")
    names = _class_names(classes, task)
    for point in points:
        if not isinstance(point, list) or len(point) != dimensions or not all(_is_near(value) for value in point):
            raise DataError(f"Every drawn point needs {dimensions} numbers between -1,000 and 1,000.")
    is_right = _is_near if task == VALUES else lambda label: type(label) is int and 0 <= label < len(names)
    if not all(map(is_right, targets)) or not all(type(flag) is bool for flag in is_training):
        raise DataError("Every drawn point needs one of the classes, or a number, and its part.")
    at = np.array(points, np.float32).reshape(len(points), dimensions)
    return _data(
        name="drawn points",
        source=source,
        points=at,
        targets=np.array(targets, np.float64 if task == VALUES else np.int64),
        is_training=np.array(is_training, bool),
        features=features,
        task=str(task),
        classes=names,
        reach=_reach(source.get("reach", [-REACH, REACH])),
    )


def _reach(reach: Any) -> tuple[float, float]:
    if not isinstance(reach, list) or len(reach) != 2 or not all(map(_is_near, reach)) or reach[1] - reach[0] < 0.1:
        raise DataError("The plane of drawn points must go from one number to a larger one, within -1,000 to 1,000.")
    return float(reach[0]), float(reach[1])


def _class_names(classes: Any, task: Any) -> tuple[str, ...]:
    if task == VALUES:
        return ()
    is_list = isinstance(classes, list) and 2 <= len(classes) <= MAX_CLASSES
    if not is_list or not all(isinstance(name, str) and 1 <= len(name) <= MAX_NAME for name in classes):
        raise DataError(f"The drawn points need the names of 2 to {MAX_CLASSES} classes.")
    return tuple(classes)


def _is_near(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1_000


# ---- putting together --------------------------------------------------------------------------------------------


def _data(
    *,
    name: str,
    source: Mapping[str, Any],
    points: Floats32,
    targets: NDArray[np.generic],
    is_training: NDArray[np.bool_],
    features: Sequence[str],
    task: str,
    classes: tuple[str, ...],
    reach: tuple[float, float],
) -> DataSet:
    dimensions = points.shape[1]
    try:
        chosen = input_features(features, dimensions, max(map(abs, reach)))
        inputs = chosen.matrix(points)
    except FeatureError as error:
        raise DataError(str(error)) from error
    if task == VALUES:
        numbers = np.asarray(targets, np.float32)[:, None]
        labels = np.zeros(len(points), np.int64)
        whole = Examples(inputs, labels, numbers)
    else:
        whole = Examples(inputs, np.asarray(targets, np.int64))
    train, held = np.flatnonzero(is_training), np.flatnonzero(~is_training)
    kind = {TWO: "two classes, one output", VALUES: "numbers"}.get(task, f"{len(classes)} classes")
    return DataSet(
        name=name,
        source={**source, "features": list(chosen.names)},
        input_shape=(len(chosen.names),),
        classes=classes if task != VALUES else (),
        train=whole.taken(train),
        validation=whole.taken(held),
        test=whole.taken([]),
        detail=f"{len(points):,} points, {len(chosen.names)} input{'s' * (len(chosen.names) > 1)}, {kind}",
        task=task,
        value_names=("y",) if task == VALUES else (),
        plane=PlaneCoordinates(chosen, points[train], points[held], *reach),
    )


def _targets(examples: Examples) -> NDArray[Any]:
    return examples.labels if examples.values is None else examples.values[:, 0]
