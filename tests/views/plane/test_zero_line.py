"""Zero lines, contours and linear regions against numbers worked out otherwise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.linear_regions import kinked_surfaces, region_codes, why_no_regions
from playground.engine.snapshots import UnitSurfaces
from playground.engine.spec import build
from playground.views.plane.contours import zero_segments
from playground.views.plane.zero_line import ZeroLine

weights = st.floats(-4, 4).filter(lambda value: abs(value) > 1e-3)


def line(w1: float, w2: float, bias: float) -> ZeroLine:
    return ZeroLine(1, 2, "neuron", (w1, w2), bias)


@given(weights, weights, st.floats(-8, 8))
def test_the_ends_lie_on_the_line_and_on_the_rim(w1: float, w2: float, bias: float) -> None:
    ends = line(w1, w2, bias).ends(-6, 6)
    corners = np.array([[x, y] for x in (-6, 6) for y in (-6, 6)])
    sides = corners @ (w1, w2) + bias
    if ends is None:
        assert (sides >= -1e-9).all() or (sides <= 1e-9).all()
        return
    assert ends @ np.array([w1, w2]) + bias == pytest.approx([0, 0], abs=1e-9)
    assert np.abs(ends).max(1) == pytest.approx([6, 6])
    ahead = ends[1] - ends[0]
    assert ahead[0] * w2 - ahead[1] * w1 > 0  # the positive side is on the left


@given(weights, weights, st.floats(-8, 8), st.floats(-3, 3), st.floats(-3, 3))
def test_a_shifted_line_goes_where_the_old_one_went(w1: float, w2: float, bias: float, dx: float, dy: float) -> None:
    moved = line(w1, w2, bias).shifted(np.array([dx, dy]))
    assert moved.weight == (w1, w2)
    at = np.array([1.3, -0.4])
    before = w1 * at[0] + w2 * at[1] + bias
    after = np.dot(moved.weight, at + np.array([dx, dy])) + moved.bias
    assert after == pytest.approx(before, abs=1e-9)


@given(weights, weights, st.floats(-8, 8), st.floats(-3.1, 3.1))
def test_a_turned_line_keeps_its_norm_and_its_pivot(w1: float, w2: float, bias: float, angle: float) -> None:
    old, pivot = line(w1, w2, bias), np.array([0.7, -1.1])
    new = old.turned(pivot, angle)
    assert new.norm == pytest.approx(old.norm)
    assert np.dot(new.weight, pivot) + new.bias == pytest.approx(np.dot(old.weight, pivot) + bias, abs=1e-9)
    turned_by = math.atan2(new.weight[1], new.weight[0]) - math.atan2(w2, w1)
    assert math.cos(turned_by - angle) == pytest.approx(1, abs=1e-9)


def test_a_neuron_without_weights_has_no_line() -> None:
    assert line(0, 0, 1).ends(-6, 6) is None
    assert line(0, 2, -4).ends(-6, 6) == pytest.approx(np.array([[-6, 2], [6, 2]]))


def test_the_contour_of_a_plane_is_its_straight_line() -> None:
    axis = np.linspace(-6, 6, 37)
    values = 1.5 * axis[None, :] - 0.7 * axis[:, None] + 0.9
    segments = zero_segments(values[None], -6, 6)
    on_line = 1.5 * segments[..., 0] - 0.7 * segments[..., 1] + 0.9
    assert np.abs(on_line).max() < 1e-9
    ends = line(1.5, -0.7, 0.9).ends(-6, 6)
    assert ends is not None
    lengths = np.hypot(*(segments[:, 1] - segments[:, 0]).T)
    assert lengths.sum() == pytest.approx(np.hypot(*(ends[1] - ends[0])))


def test_the_contour_of_a_cone_is_a_circle() -> None:
    axis = np.linspace(-6, 6, 200)
    segments = zero_segments((np.hypot(axis[None, :], axis[:, None]) - 4)[None], -6, 6)
    assert np.hypot(segments[..., 0], segments[..., 1]) == pytest.approx(4, abs=1e-3)
    assert np.hypot(*(segments[:, 1] - segments[:, 0]).T).sum() == pytest.approx(8 * math.pi, rel=1e-3)


def test_nothing_that_is_nowhere_zero_has_a_contour() -> None:
    assert zero_segments(np.ones((3, 9, 9)), -6, 6).shape == (0, 2, 2)
    assert zero_segments(np.zeros((0, 9, 9)), -6, 6).shape == (0, 2, 2)


def surfaces(*lines: tuple[float, float, float]) -> UnitSurfaces:
    axis = np.linspace(-6, 6, 100, dtype=np.float32)
    hidden = np.stack([a * axis[None, :] + b * axis[:, None] + c for a, b, c in lines]).astype(np.float32)
    output = hidden[:1] + 100
    return UnitSurfaces(-6, 6, (hidden, output), (hidden, output))


def test_lines_part_the_plane_into_as_many_regions_as_geometry_says() -> None:
    spec = build((2, 3, 1), activation="relu")
    # three lines in general position that all cross in sight: 1 + 3 + 3 = 7 (Zaslavsky)
    found = kinked_surfaces(spec, surfaces((1, 0, 0.1), (0, 1, 0.2), (1, 1, -1.3)), "cross_entropy")
    assert found.shape == (3, 100, 100)
    codes = region_codes(found)
    assert codes.max() + 1 == 7
    # three parallel lines: four strips
    strips = region_codes(kinked_surfaces(spec, surfaces((1, 0, 3), (1, 0, 0.1), (1, 0, -3)), "cross_entropy"))
    assert strips.max() + 1 == 4
    assert (strips == strips[:1]).all()


def test_what_receives_steps_has_no_borders_of_its_own() -> None:
    spec = build((2, 3, 1), activation="step", output_activation="step")
    lines = surfaces((1, 0, 0.1), (0, 1, 0.2), (1, 1, -1.3))
    steps = (lines.pre[0] > 0).astype(np.float32)
    above = steps.sum(0, keepdims=True) - np.float32(1.5)  # changes its sign where a neuron below changes
    found = kinked_surfaces(spec, UnitSurfaces(-6, 6, (lines.pre[0], above), (steps, above)), "squared_error")
    np.testing.assert_array_equal(found, lines.pre[0])


def test_regions_are_those_of_patterns_counted_one_by_one() -> None:
    random = np.random.default_rng(5)
    pre = random.normal(size=(19, 12, 12)).astype(np.float32)
    pre = np.repeat(np.repeat(pre, 3, 1), 3, 2)
    codes = region_codes(pre)
    patterns = {tuple((pre[:, row, column] > 0).tolist()) for row in range(36) for column in range(36)}
    assert codes.max() + 1 == len(patterns)
    for a, b in random.integers(0, 36, (200, 2, 2)):
        is_same = ((pre[:, a[0], a[1]] > 0) == (pre[:, b[0], b[1]] > 0)).all()
        assert (codes[tuple(a)] == codes[tuple(b)]) == is_same


def test_bent_activations_have_no_linear_regions() -> None:
    assert why_no_regions(build((2, 3, 1), activation="leaky_relu")) == ""
    assert "tanh" in why_no_regions(build((2, 3, 1), activation="tanh"))
    squared = build((2, 3, 1), activation="identity", output_activation="step")
    assert kinked_surfaces(squared, surfaces((1, 0, 0), (0, 1, 0), (1, 1, 0)), "squared_error").shape[0] == 1
    assert kinked_surfaces(squared, surfaces((1, 0, 0), (0, 1, 0), (1, 1, 0)), "cross_entropy").shape[0] == 0
