"""Numbers as the grids say them, and the magnitude of full colour."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.views.grid.numerals import row_scales, signed_text, weight_scale


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "+0.50"),
        (-5.0, "−5.00"),
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (0.0031, "+0.0031"),
        (-6.04e-5, "−6.0e−5"),
        (0.00096, "+9.6e−4"),
        (2.5e7, "+2.5e7"),
        (float("nan"), "NaN"),
        (float("-inf"), "−∞"),
    ],
)
def test_texts(value: float, text: str) -> None:
    assert signed_text(value) == text


@given(st.floats(-1e300, 1e300), st.integers(0, 4))
def test_a_text_never_hides_the_sign_or_the_size(value: float, decimals: int) -> None:
    text = signed_text(value, decimals)
    read = float(text.replace("−", "-"))
    assert math.copysign(1, read) == math.copysign(1, value) or value == 0
    assert read == pytest.approx(value, rel=0.06, abs=0.51 * 10.0**-decimals)
    assert (read == 0) == (value == 0)


@given(st.lists(st.floats(-1e5, 1e5, width=32), min_size=1, max_size=300))
def test_the_scale_is_round_covers_the_weights_and_keeps_still(values: list[float]) -> None:
    weights = np.array(values, np.float32)
    scale = weight_scale(weights)
    largest = float(np.abs(weights).max())
    assert scale > 0
    if len(values) < 256 and largest > 1e-9:
        assert largest * (1 - 1e-6) <= scale <= 1.34 * largest
    assert weight_scale(weights * np.float32(0.97), scale) == scale


def test_one_outlier_does_not_darken_a_picture() -> None:
    weights = np.full(784, 0.5, np.float32)
    weights[3] = 100.0
    assert weight_scale(weights) == 0.5
    assert row_scales(weights[None])[0] == pytest.approx(0.5)
    assert weight_scale(np.full(784, np.nan, np.float32)) == 1.0


def test_half_a_unit_is_not_rounded_to_nothing() -> None:
    assert signed_text(0.5, 0) == "+0.5000"
    assert signed_text(-0.05, 1) == "−0.0500"
