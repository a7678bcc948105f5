from __future__ import annotations

import numpy as np
import pytest

from playground.views.plane.points import Points


def some() -> Points:
    return Points(
        np.array([[0.0, 0.0], [3.0, 4.0], [0.5, 0.0]]), np.array([0.0, 1.0, 0.0]), np.array([True, False, True])
    )


def test_near_finds_points_within_reach_the_nearest_first() -> None:
    assert some().near(np.array([0.4, 0.0]), 0.6).tolist() == [2, 0]
    assert some().near(np.array([3.0, 4.0]), 0.0).tolist() == [1]
    assert some().near(np.array([9.0, 9.0]), 1.0).tolist() == []
    assert Points.none().near(np.array([0.0, 0.0]), 5.0).tolist() == []
    assert Points.none(1).near(np.array([0.0]), 5.0).tolist() == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.75, 0.9])
def test_added_points_keep_the_share_that_is_trained_on(share: float) -> None:
    points = Points.none()
    for _ in range(40):  # one by one, as a hand adds them
        points = points.with_added(np.zeros((1, 2)), 1.0, share)
    assert points.is_training.mean() == pytest.approx(share, abs=1 / 40)
    assert Points.none().with_added(np.zeros((40, 2)), 1.0, share).is_training.tolist() == points.is_training.tolist()


def test_erased_moved_and_turned_points_leave_the_others_alone() -> None:
    points = some()
    assert points.without(np.array([1])).at.tolist() == [[0.0, 0.0], [0.5, 0.0]]
    moved = points.moved(np.array([1]), np.array([10.0, -1.0]), -6.0, 6.0)
    assert moved.at.tolist() == [[0.0, 0.0], [6.0, 3.0], [0.5, 0.0]]
    assert points.turned(np.array([0, 2]), 1.0).targets.tolist() == [1.0, 1.0, 1.0]
    assert points.at.tolist() == some().at.tolist()
