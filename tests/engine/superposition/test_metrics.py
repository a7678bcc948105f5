"""Readings of W and b, and the names of what has formed, on arrangements known by heart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from playground.engine.superposition import hands
from playground.engine.superposition.geometry import gaps, label
from playground.engine.superposition.metrics import cosines, measure, projected
from playground.engine.superposition.problem import SuperpositionError

TETRAHEDRON = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / 3**0.5


@pytest.mark.parametrize(
    ("weight", "dimensionality"),
    [
        (np.eye(3), 1.0),
        (np.array([[1.0, 0], [-1, 0], [0, 1], [0, -1]]), 1 / 2),
        (hands.polygon(3), 2 / 3),
        (hands.polygon(5, 1.2), 2 / 5),
        (TETRAHEDRON, 3 / 4),
    ],
)
def test_dimensionality_of_regular_arrangements(weight: np.ndarray[Any, Any], dimensionality: float) -> None:
    found = measure(weight, np.zeros(len(weight)))
    np.testing.assert_allclose(found.dimensionality, dimensionality, rtol=1e-12)
    assert found.sum_dimensionality == pytest.approx(weight.shape[1])
    assert found.dimensionality_gap == pytest.approx(0, abs=1e-12)


def test_readings_computed_by_hand() -> None:
    weight = np.array([[1.0, 0.0], [0.6, 0.8], [0.3, 0.0], [0.0, 0.0]])
    found = measure(weight, np.array([0.1, 0.3, 0.5, 0.7]))
    assert found.is_represented.tolist() == [True, True, False, False]
    assert found.represented == 2
    assert found.interference[0] == pytest.approx(0.36 + 0.09)
    assert found.dimensionality[0] == pytest.approx(1 / 1.45)
    assert found.dimensionality[3] == 0
    assert found.interference[3] == 0
    assert found.dims_per_feature == pytest.approx(2 / 2.09)
    assert found.off_diagonal == pytest.approx(2 * (0.6 + 0.3 + 0.18) / 12)
    assert found.bias_represented == pytest.approx(0.2)
    assert found.bias_dropped == pytest.approx(0.6)


def test_the_sum_of_dimensionalities_stays_below_the_rank() -> None:
    weight = np.random.default_rng(0).normal(size=(500, 5, 2))
    found = measure(weight, np.zeros((500, 5)))
    assert found.sum_dimensionality.max() <= 2 + 1e-12
    assert 1.5 < found.sum_dimensionality.mean() < 1.9
    assert (found.dimensionality_gap > 0).all()


def test_zero_weights_and_nothing_dropped() -> None:
    found = measure(np.zeros((3, 2)), np.zeros(3))
    assert found.sum_dimensionality == 0
    assert np.isinf(found.dims_per_feature)
    assert np.isnan(found.bias_represented)
    assert np.isnan(measure(np.eye(2), np.zeros(2)).bias_dropped)
    assert not cosines(np.zeros((2, 2))).any()


@pytest.mark.parametrize(
    ("weight", "name"),
    [
        (np.zeros((4, 2)), "nothing"),
        (np.array([[1.0, 0], [0.4, 0]]), "1 feature"),
        (np.array([[1.0, 0], [0, -1.1], [0.1, 0.1]]), "2 orthogonal"),
        (np.array([[1.0, 0.1], [-1, 0]]), "antipodal pair"),
        (np.array([[1.0, 0], [0.6, 0.8]]), "2 features"),
        (hands.polygon(3), "triangle"),
        (hands.polygon(4, turn=0.3), "cross"),
        (hands.polygon(5, 1.1, 0.2), "pentagon"),
        (hands.polygon(6), "hexagon"),
        (np.array([[1.0, 0], [-1, 0], [0, 1], [0.1, 0.1]]), "3 features, two opposite"),
        (np.array([[1.0, 0], [1, 0.1], [0, 1], [0.1, 1]]), "4 features in 2 directions, side by side"),
        (np.array([[1.0, 0], [-1, 0], [0.6, 0.8], [-0.6, -0.8]]), "2 antipodal pairs"),
        (np.array([[1.0], [-0.9]]), "antipodal pair"),
        (np.array([[1.0], [0.9], [-0.7]]), "2 against 1"),
        (np.array([[1.0], [0.9]]), "2 side by side"),
        (np.eye(4)[:, :3], "3 orthogonal"),
        (TETRAHEDRON, "1 tetrahedron"),
        (TETRAHEDRON * [[1, 1, 1.9]], "1 group of 4 in 3"),  # as many in as many dimensions, and no tetrahedron
        (np.concatenate([np.eye(3), -np.eye(3)]), "3 antipodal pairs"),
        (np.concatenate([np.eye(3)[2:], np.pad(hands.polygon(3), ((0, 0), (0, 1)))]), "1 triangle + 1 single"),
        (np.eye(3)[[0, 0, 1]], "1 pair side by side + 1 single"),
    ],
)
def test_what_has_formed_has_a_name(weight: np.ndarray[Any, Any], name: str) -> None:
    assert label(weight) == name


def test_the_gaps_of_a_pentagon() -> None:
    np.testing.assert_allclose(gaps(hands.polygon(5, turn=1.0)), 72)
    assert not len(gaps(np.zeros((3, 2))))


def test_a_projection_says_what_it_leaves_out() -> None:
    weight = np.diag([3.0, 2.0, 1.0])
    flat, residual = projected(weight)
    np.testing.assert_allclose(np.abs(flat), [[3, 0], [0, 2], [0, 0]], atol=1e-12)
    assert residual == pytest.approx(1 / 14)
    assert projected(weight, (1, 2))[1] == pytest.approx(9 / 14)
    assert projected(np.ones((3, 1)))[1] == 0


def test_hands_change_what_they_say_and_nothing_else() -> None:
    weight = np.random.default_rng(1).normal(size=(5, 2)) + 1
    kept = weight.copy()
    assert not hands.silenced(weight, [2])[2].any()
    np.testing.assert_array_equal(hands.flipped(weight, [1])[1], -weight[1])
    np.testing.assert_array_equal(hands.swapped(weight, 0, 4)[[0, 4]], weight[[4, 0]])
    even = hands.equalised(weight, range(5))
    np.testing.assert_allclose(np.linalg.norm(even, axis=1), np.linalg.norm(weight, axis=1).mean())
    np.testing.assert_allclose(np.diagonal(cosines(np.concatenate([even, weight]))[:5, 5:]), 1)
    np.testing.assert_array_equal(weight, kept)


def test_a_crooked_pentagon_snaps_to_the_nearest_regular_one() -> None:
    regular = hands.polygon(5, 1.1, 0.4)
    crooked = regular + np.random.default_rng(2).normal(size=(5, 2)) * 0.05
    snapped = hands.snapped(crooked)
    assert label(snapped) == "pentagon"
    np.testing.assert_allclose(gaps(snapped), 72, atol=1e-9)
    assert np.abs(snapped - regular).max() < 0.1


@pytest.mark.parametrize(
    ("hand", "values", "features", "word"),
    [
        (hands.snapped, np.eye(3), None, "plane"),
        (hands.snapped, np.eye(2), [0], "two features"),
        (hands.equalised, np.zeros((2, 2)), [0], "no direction"),
        (hands.equalised, np.zeros((2, 2)), None, "No feature"),
    ],
)
def test_hands_say_what_does_not_go(
    hand: Callable[..., Any], values: np.ndarray[Any, Any], features: list[int] | None, word: str
) -> None:
    with pytest.raises(SuperpositionError, match=word):
        hand(values, features)
