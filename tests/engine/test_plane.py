"""Data in the plane: rules, noise, parts, features, and descriptions that somebody else wrote."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.datasets import DataError, DataSet, data_from_source
from playground.engine.input_features import FEATURES, FOURIER, FeatureError, input_features, split_features
from playground.engine.plain_json import to_json
from playground.engine.plane import (
    MAX_DRAWN,
    PlaneSetup,
    drawn_data,
    plane_data,
    plane_points,
    with_features,
)
from playground.engine.plane_shapes import GATES, SHAPES
from tests.engine.properties import checking

BROWSER = PlaneSetup(is_browser=True)
POINTS = np.array([[1.0, 2.0], [-3.0, 0.5], [0.0, -6.0]], np.float32)


def whole(data: DataSet) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    points, targets, _ = plane_points(data)
    return points.astype(np.float64), targets


@pytest.mark.parametrize("is_browser", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_repeats_and_comes_back_from_json(shape: str, is_browser: bool) -> None:
    setup = PlaneSetup(shape=shape, count=101, noise=0.1, seed=3, is_browser=is_browser)
    data, again = plane_data(setup), plane_data(setup)
    other = plane_data(replace(setup, seed=4))
    restored = data_from_source(json.loads(to_json(data.source)))
    for found in (again, restored):
        np.testing.assert_array_equal(found.train.inputs, data.train.inputs)
        np.testing.assert_array_equal(found.validation.inputs, data.validation.inputs)
        np.testing.assert_array_equal(plane_points(found)[1], plane_points(data)[1])
    is_gate = shape in GATES
    assert is_gate or not np.array_equal(other.train.inputs, data.train.inputs)
    assert (len(data.train), len(data.validation), len(data.test)) == ((4, 0, 0) if is_gate else (50, 51, 0))
    assert data.outputs == {"two": 1, "values": 1}.get(data.task, len(data.classes))
    assert data.plane is not None
    assert data.plane.surface_inputs(7).shape == (49, 2)


def test_the_rules_of_the_browser_playground() -> None:
    for shape in ("circle", "gauss", "xor", "spiral"):
        data = plane_data(replace(BROWSER, shape=shape, seed=5))
        assert (len(data.train), len(data.validation)) == (250, 250)
        assert data.task == "two"
        points, labels = whole(data)
        radius = np.hypot(*points.T)
        first, second = points[labels == 1], points[labels == 0]
        if shape == "circle":
            assert radius[labels == 1].max() < 2.5
            assert 3.5 <= radius[labels == 0].min() < 3.6
            assert 4.9 < radius.max() <= 5
            assert np.median(radius[labels == 1]) == pytest.approx(1.25, abs=0.2)  # uniform in the radius
        elif shape == "gauss":
            assert first.mean(axis=0) == pytest.approx([2, 2], abs=0.15)
            assert second.mean(axis=0) == pytest.approx([-2, -2], abs=0.15)
            assert first.var(axis=0) == pytest.approx([0.5, 0.5], abs=0.12)
        elif shape == "xor":
            assert 0.3 <= np.abs(points).min() < 0.35
            assert 5.2 < np.abs(points).max() <= 5.3
            np.testing.assert_array_equal(labels, points.prod(axis=1) > 0)
        else:
            for arm, turn in ((first, 0.0), (second, math.pi)):
                along = np.sort(np.hypot(*arm.T)) / 5
                np.testing.assert_allclose(along, np.arange(250) / 250, atol=1e-5)
                arm = arm[np.argsort(np.hypot(*arm.T))]
                angle = 2 * math.pi * 1.75 * np.arange(250) / 250 + turn
                np.testing.assert_allclose(arm[:, 0], 5 * along * np.sin(angle), atol=1e-4)
                np.testing.assert_allclose(arm[:, 1], 5 * along * np.cos(angle), atol=1e-4)


def test_noise_by_the_browsers_rule_moves_labels_and_by_ours_points() -> None:
    for shape in ("circle", "xor"):
        points, labels = whole(plane_data(replace(BROWSER, shape=shape, noise=0.3)))
        clean, _ = whole(plane_data(replace(BROWSER, shape=shape)))
        assert np.abs(points).max() == pytest.approx(np.abs(clean).max(), abs=0.3)
        inside = np.hypot(*points.T) < 3 if shape == "circle" else points.prod(axis=1) > 0
        assert 0.02 < np.mean(labels != inside) < 0.4
    moved, labels = whole(plane_data(PlaneSetup(noise=0.2)))
    assert np.hypot(*moved[labels == 1].T).max() > 2.5
    values = plane_data(PlaneSetup("sin", noise=0.2)).train.values
    assert values is not None
    points = plane_data(PlaneSetup("sin", noise=0.2)).plane.train.astype(float)  # type: ignore[union-attr]
    rest = values[:, 0] - np.sin(points[:, 0]) * np.cos(points[:, 1])
    assert rest.std() == pytest.approx(0.2, rel=0.2)


@pytest.mark.parametrize(
    ("setup", "rule"),
    [
        (PlaneSetup("slope"), lambda x, y: (x + y) / 10),
        (PlaneSetup("step"), lambda x, y: np.where(x + y > 0, 1, -1)),
        (PlaneSetup("abs"), lambda x, y: (abs(x) + abs(y)) / 6 - 1),
        (PlaneSetup("formula", formula="x1*x2 - 1"), lambda x, y: x * y - 1),
        (PlaneSetup("sin", inputs=1), lambda x: np.sin(x)),
        (PlaneSetup("abs", inputs=1), lambda x: abs(x) / 3 - 1),
        (PlaneSetup("formula", inputs=1, formula="x1^2"), lambda x: x**2),
    ],
)
def test_numbers_follow_their_rule(setup: PlaneSetup, rule: Any) -> None:
    names = ("x1", "x2")[: setup.inputs]
    data = plane_data(replace(setup, features=names))
    points, values = whole(data)
    assert (data.task, data.outputs, data.classes, data.value_names) == ("values", 1, (), ("y",))
    np.testing.assert_allclose(values, rule(*points.T), atol=1e-4)
    assert data.plane is not None
    assert data.plane.dimensions == setup.inputs


def test_hills_are_one_high_at_their_tops() -> None:
    points, values = whole(plane_data(PlaneSetup("hills", count=5_000)))
    for x, y, height in ((-4, 2.5, 1), (0, 2.5, -1), (4, -2.5, -1), (0, -2.5, 1)):
        away = np.hypot(points[:, 0] - x, points[:, 1] - y)
        nearest = int(away.argmin())
        assert values[nearest] == pytest.approx(height * (1 - away[nearest] / 2), abs=1e-5)
    assert values[np.hypot(points[:, 0], points[:, 1]) < 0.4] == pytest.approx(0)


def test_several_classes() -> None:
    for shape, parts in (("spiral", 5), ("rings", 4), ("clusters", 10)):
        data = plane_data(PlaneSetup(shape, parts=parts))
        assert (data.task, data.outputs, len(data.classes)) == ("classes", parts, parts)
        assert np.bincount(whole(data)[1]).tolist() == [500 // parts] * parts
    points, labels = whole(plane_data(PlaneSetup("checkerboard", parts=3, count=900)))
    np.testing.assert_array_equal(labels, np.floor((points + 6) / 4).sum(axis=1) % 2)
    assert plane_data(PlaneSetup("circle", task="classes")).outputs == 2
    above, labels = whole(plane_data(PlaneSetup("boundary", formula="x^2/4 - 2")))
    np.testing.assert_array_equal(labels, above[:, 1] > above[:, 0] ** 2 / 4 - 2)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"shape": "star"}, "no shape of the plane"),
        ({"shape": None}, "no shape"),
        ({"shape": ["circle"]}, "no shape"),
        ({"count": 1}, "number of points"),
        ({"count": 10**9}, "number of points"),
        ({"count": 10.5}, "whole number"),
        ({"count": True}, "whole number"),
        ({"noise": float("nan")}, "noise"),
        ({"noise": "much"}, "noise"),
        ({"seed": -1}, "seed"),
        ({"train_share": 1.0}, "share for training"),
        ({"parts": 9}, "spiral", ),
        ({"features": []}, "at least one feature"),
        ({"features": ["x1", "x1"]}, "twice"),
        ({"features": ["x1", "x3"]}, "'x3' is no feature of the plane"),
        ({"features": ["1/x1"]}, "has no value everywhere"),
        ({"features": ["exp(x1^2)"]}, "larger than a million"),
        ({"features": "x1"}, "which features"),
        ({"features": [1]}, "which features"),
        ({"features": [f"x1+{number}" for number in range(40)]}, "at most 32"),
        ({"task": "values"}, "gives classes"),
        ({"task": "three"}, "nothing that a network can answer"),
        ({"inputs": 1}, "needs two inputs"),
        ({"inputs": 3}, "inputs"),
        ({"is_browser": 1}, "garbled"),
        ({"shape": "boundary", "formula": "x2"}, "'x2' is not known here: the formula can use x"),
        ({"shape": "boundary", "formula": "1/(x-x)"}, "division by zero"),
        ({"shape": "formula", "formula": "__import__(x1)"}, "no function"),
        ({"shape": "sin", "task": "two"}, "gives numbers"),
        ({"shape": "clusters", "task": "two"}, "One output can tell two classes"),
        ({"shape": "sin", "inputs": 1}, "no feature of a line"),
    ],
)  # fmt: skip
def test_what_cannot_be_gets_a_sentence(change: dict[str, Any], says: str) -> None:
    with pytest.raises(DataError, match=r"\.$") as caught:
        data_from_source({"kind": "plane", "shape": "spiral", **change})
    assert says.lower() in str(caught.value).lower()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
KEYS = (
    "shape",
    "count",
    "noise",
    "seed",
    "train_share",
    "features",
    "task",
    "is_browser",
    "parts",
    "formula",
    "inputs",
)
KEYS += ("points", "targets", "is_training", "classes", "reach")


@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4), st.booleans())
@checking(max_examples=400)
def test_no_description_does_anything_but_become_data_or_a_sentence(change: dict[str, Any], is_drawn: bool) -> None:
    source: dict[str, Any] = {"kind": "plane", "count": 20}
    if is_drawn:
        source = dict(drawn_data(POINTS, np.array([0, 1, 1]), np.array([True, True, False])).source)
    says = "data"
    try:
        data_from_source({**source, **change})
    except DataError as error:
        says = str(error)
    assert says == "data" or 15 < len(says) < 900


# ---- features ----------------------------------------------------------------------------------------------------


def test_features_are_what_their_names_say() -> None:
    names = (*FEATURES, "sin 2π x2/6", "x1 - x2^3/9")
    matrix = input_features(names).matrix(POINTS)
    x, y = POINTS.astype(float).T
    expected = [x, y, x**2, y**2, x * y, np.sin(x), np.sin(y), np.cos(x), np.cos(y), np.hypot(x, y)]
    expected += [np.sin(2 * math.pi * y / 6), x - y**3 / 9]
    np.testing.assert_allclose(matrix, np.array(expected).T, rtol=1e-6, atol=1e-6)
    assert matrix.dtype == np.float32
    assert matrix.flags.c_contiguous


def test_names_are_understood_as_people_write_them() -> None:
    written = ("x1^2", "X2²", "x1x2", "x1*x2", "sin(x1)", "sinx2", "cos 1pi x1/6", "sqrt(x1^2+x2^2)")
    meant = ("x1²", "x2²", "x1 x2", "x1 x2", "sin x1", "sin x2", "cos 1π x1/6", "radius")
    for one, other in zip(written, meant, strict=True):
        assert input_features([one]).names == (other,)
    assert len(input_features(FOURIER).names) == len(FOURIER) == 12
    assert split_features("x1, max(x1,x2) , sin x1") == ("x1", "max(x1,x2)", "sin x1")


def test_surfaces_see_the_plane_from_below_upwards() -> None:
    data = plane_data(PlaneSetup(features=("x1", "x2", "x1²")))
    assert data.plane is not None
    grid = data.plane.grid(3)
    assert grid.tolist() == [[-6, -6], [0, -6], [6, -6], [-6, 0], [0, 0], [6, 0], [-6, 6], [0, 6], [6, 6]]
    np.testing.assert_array_equal(data.plane.surface_inputs(3)[:, :2], grid)
    np.testing.assert_array_equal(data.plane.surface_inputs(3)[:, 2], grid[:, 0] ** 2)
    np.testing.assert_array_equal(data.plane.inputs_at(data.plane.train), data.train.inputs)
    with pytest.raises(ValueError, match="read-only"):
        data.plane.train[0] = 1


def test_other_features_keep_the_points() -> None:
    data = plane_data(PlaneSetup("xor"))
    other = with_features(data, ("sin x1", "radius"))
    np.testing.assert_array_equal(plane_points(other)[0], plane_points(data)[0])
    np.testing.assert_array_equal(other.train.labels, data.train.labels)
    assert other.features == 2
    with pytest.raises(DataError, match="no feature"):
        with_features(data, ("x9",))


def test_one_feature_that_is_none_is_refused() -> None:
    for name in ("", "x" * 200, "import os", "log(x1)"):
        with pytest.raises(FeatureError):
            input_features([name])


# ---- drawn by hand -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", ["two", "classes", "values"])
def test_points_drawn_by_hand_are_kept_in_their_description(task: str) -> None:
    targets = np.array([0.25, -1.5, 2.0]) if task == "values" else np.array([0, 1, 1])
    data = drawn_data(POINTS, targets, np.array([True, False, True]), task=task, features=("x1", "x2", "radius"))
    again = data_from_source(json.loads(to_json(data.source)))
    for found in (data, again):
        points, kept, is_training = plane_points(found)
        np.testing.assert_array_equal(points, POINTS[[0, 2, 1]])
        np.testing.assert_array_equal(kept, targets[[0, 2, 1]])
        assert is_training.tolist() == [True, True, False]
    assert data.task == task
    assert drawn_data(*plane_points(data), task=task).train.features == 2


def test_a_shape_can_be_drawn_further() -> None:
    data = plane_data(PlaneSetup("moons"))
    points, labels, is_training = plane_points(data)
    more = drawn_data(np.vstack([points, [[1, 1]]]), np.append(labels, 0), np.append(is_training, True))
    assert len(more.train) == len(data.train) + 1
    assert more.train.labels[-1] == 0
    empty = drawn_data(np.zeros((0, 2)), np.zeros(0), np.zeros(0, bool))
    assert (len(empty.train), empty.outputs) == (0, 1)


@pytest.mark.parametrize("name", GATES)
def test_the_classes_of_a_gate_are_its_bits_and_it_stays_in_its_plane_when_drawn_further(name: str) -> None:
    data = plane_data(PlaneSetup(name))
    plane = data.plane
    assert plane is not None
    assert data.classes == ("0", "1")
    more = drawn_data(*plane_points(data), classes=data.classes, reach=(plane.low, plane.high))
    again = data_from_source(json.loads(to_json(more.source)))
    for found in (more, again):
        assert found.plane is not None
        assert (found.plane.low, found.plane.high, found.classes) == (plane.low, plane.high, ("0", "1"))
    older = {name: value for name, value in more.source.items() if name != "reach"}
    plane = data_from_source(older).plane
    assert plane is not None
    assert (plane.low, plane.high) == (-6, 6)


@pytest.mark.parametrize(
    "change",
    [
        {"points": [[1, 2]]},
        {"points": [[1, 2, 3]] * 3},
        {"points": [[1, float("nan")]] * 3},
        {"points": [[1, 2e9]] * 3},
        {"points": [[0, 0]] * (MAX_DRAWN + 1)},
        {"targets": [0, 1, 2]},
        {"targets": [0, 1, 0.5]},
        {"is_training": [0, 1, 1]},
        {"classes": ["A"]},
        {"classes": ["A", ""]},
        {"task": "much"},
        {"inputs": 3},
        {"reach": None},
        {"reach": [0]},
        {"reach": [1, 1]},
        {"reach": [6, -6]},
        {"reach": [-6, float("inf")]},
        {"reach": [-6, float("nan")]},
        {"reach": ["-6", "6"]},
    ],
)
def test_drawn_points_that_cannot_be(change: dict[str, Any]) -> None:
    source = drawn_data(POINTS, np.array([0, 1, 1]), np.array([True, True, False])).source
    with pytest.raises(DataError, match=r"\.$"):
        data_from_source({**source, **change})
