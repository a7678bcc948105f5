"""What the pad, a photo and the data do to an image, against hand-made pictures and real digits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import ndimage

from playground.engine.digits import generate
from playground.engine.idx import read_idx
from playground.engine.images import FAINTEST, PHOTO_SIDE, fit_and_centre, from_photo, transformed

Image = NDArray[np.float32]


def _mass_centre(image: Image) -> tuple[float, float]:
    row, column = ndimage.center_of_mass(image)
    return float(row), float(column)


def _box(image: Image, level: float = 0.1) -> tuple[int, int]:
    ink = image > level
    return int(ink.any(1).sum()), int(ink.any(0).sum())


def _bar(height: int, width: int, canvas: int, top: int = 3, left: int = 5) -> Image:
    image = np.zeros((canvas, canvas), np.float32)
    image[top : top + height, left : left + width] = 1
    return image


# --- fit and centre -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("drawing", [np.zeros((50, 70)), np.zeros((0, 0)), np.zeros((0, 5)), np.full((4, 4), np.nan)])
def test_an_empty_drawing_stays_empty(drawing: Any) -> None:
    result = fit_and_centre(drawing)
    assert result.shape == (28, 28)
    assert result.dtype == np.float32
    assert result.max() == 0


@pytest.mark.parametrize(("height", "width"), [(100, 40), (40, 100), (100, 100), (5, 2), (20, 10), (37, 12)])
def test_the_longer_side_takes_20_pixels_and_the_aspect_is_kept(height: int, width: int) -> None:
    result = fit_and_centre(_bar(height, width, 200))
    rows, columns = _box(result)
    scale = 20 / max(height, width)
    assert rows == pytest.approx(height * scale, abs=1)
    assert columns == pytest.approx(width * scale, abs=1)
    assert max(rows, columns) == 20
    assert result.sum() == pytest.approx(height * width * scale**2, rel=0.06)
    assert result.max() == pytest.approx(1)
    assert np.abs(np.array(_mass_centre(result)) - 14).max() <= 0.5 + 1e-6


def test_a_bar_comes_out_as_computed_by_hand() -> None:
    # 60 x 15 pixels: three by three become one, 20 x 5; its mass centre (9.5, 2) goes to (14, 14), to whole pixels
    expected = np.zeros((28, 28), np.float32)
    expected[5:25, 12:17] = 1
    np.testing.assert_allclose(fit_and_centre(_bar(60, 15, 100)), expected, atol=1e-6)


def test_downscaling_means_over_areas() -> None:
    drawing = np.zeros((40, 40), np.float32)
    drawing[:, 0] = drawing[:, 39] = 1
    drawing[0, :] = 1
    result = fit_and_centre(drawing)
    assert sorted(np.unique(result.round(5))) == [0.0, 0.5, 0.75]
    assert result.sum() * 4 == pytest.approx(drawing.sum())


def test_place_and_scale_of_the_drawing_do_not_matter() -> None:
    image = generate(1, "medium", 3)[0][0] / 255
    big = np.kron(image, np.ones((7, 7)))
    reference = fit_and_centre(big)
    moved = np.zeros((400, 500))
    moved[150 : 150 + 196, 290 : 290 + 196] = big
    np.testing.assert_allclose(fit_and_centre(moved), reference, atol=1e-5)
    np.testing.assert_allclose(fit_and_centre(np.kron(big, np.ones((2, 2)))), reference, atol=1e-5)


def test_what_is_fitted_already_stays(mnist10k: Path) -> None:
    real = read_idx(mnist10k / "train-images-idx3-ubyte.gz")[:500] / np.float32(255)
    same = [np.abs(fit_and_centre(image) - image).max() < 1e-6 for image in real]
    assert np.mean(same) > 0.8  # the others have faint pixels at the rim, which shift the box a little
    difference = np.mean([np.abs(fit_and_centre(image) - image).mean() for image in real])
    assert difference < 0.01


@settings(max_examples=150, deadline=None)
@given(arrays(np.float32, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.floats(width=32)))
@example(np.array([[0, 1e-45, 0]], np.float32))
@example(np.array([[0] * 30, [0] * 29 + [2 * FAINTEST]], np.float32))
def test_any_drawing_fits(drawing: Image) -> None:
    result = fit_and_centre(drawing)
    assert result.shape == (28, 28)
    assert np.isfinite(result).all()
    assert 0 <= result.min() <= result.max() <= 1 + 1e-6
    if np.nan_to_num(drawing, nan=0.0, neginf=0.0).max() >= FAINTEST:
        assert result.max() > 0


def test_an_image_has_two_dimensions() -> None:
    with pytest.raises(ValueError, match="rows and columns"):
        fit_and_centre(np.zeros((3, 3, 3)))


# --- the sliders --------------------------------------------------------------------------------------------------


@pytest.fixture
def digit() -> Image:
    return np.asarray(generate(1, "easy", 4)[0][0] / 255, np.float32)


def test_without_a_change_the_very_image(digit: Image) -> None:
    np.testing.assert_array_equal(transformed(digit), digit)
    np.testing.assert_array_equal(transformed(digit, angle_degrees=360), digit)


@pytest.mark.parametrize(("dx", "dy"), [(3, 0), (-2, 1), (0, -4)])
def test_whole_shifts_move_pixels(digit: Image, dx: int, dy: int) -> None:
    moved = transformed(digit, dx=dx, dy=dy)
    padded = np.pad(digit, 5)
    np.testing.assert_allclose(moved, padded[5 - dy : 33 - dy, 5 - dx : 33 - dx], atol=1e-6)


@pytest.mark.parametrize(("dx", "dy"), [(0.5, 0.25), (-1.3, 0.0), (0.1, -2.7)])
def test_fractional_shifts_move_the_centre_of_mass(digit: Image, dx: float, dy: float) -> None:
    row, column = _mass_centre(digit)
    assert _mass_centre(transformed(digit, dx=dx, dy=dy)) == pytest.approx((row + dy, column + dx), abs=0.05)


def test_a_turn_is_counter_clockwise_about_the_middle() -> None:
    image = np.zeros((28, 28), np.float32)
    image[13:15, 20:22] = 1  # to the right of the middle
    turned = transformed(image, angle_degrees=90)
    assert _mass_centre(turned) == pytest.approx((13.5 - 7, 13.5), abs=0.01)  # now above it
    np.testing.assert_allclose(turned, np.rot90(image), atol=1e-4)


def test_turned_and_turned_back(digit: Image) -> None:
    there = transformed(digit, angle_degrees=17)
    back = transformed(there, angle_degrees=-17)
    assert np.abs(there - digit).mean() > 0.05
    assert np.abs(back - digit).mean() < 0.02


def test_thickening_moves_every_border_by_as_many_pixels() -> None:
    bar = _bar(10, 4, 28, 9, 12)
    assert transformed(bar, thicken=1).sum() == pytest.approx(12 * 6, abs=4 * (1 - 0.58))  # round corners
    assert _box(transformed(bar, thicken=1)) == (12, 6)
    assert _box(transformed(bar, thicken=-1)) == (8, 2)
    masses = [float(transformed(bar, thicken=t).sum()) for t in np.arange(-2, 2.1, 0.25)]
    assert np.diff(masses).min() > 0  # it grows smoothly, without dead stretches of the slider
    assert np.diff(masses).max() < 20
    assert masses[0] == 0


def test_noise_is_repeatable_and_has_the_spread_asked_for() -> None:
    grey = np.full((28, 28), 0.5, np.float32)
    noisy = transformed(grey, noise=0.1, noise_seed=5)
    np.testing.assert_array_equal(noisy, transformed(grey, noise=0.1, noise_seed=5))
    assert np.abs(noisy - transformed(grey, noise=0.1, noise_seed=6)).max() > 0.1
    assert noisy.std() == pytest.approx(0.1, rel=0.1)


@settings(max_examples=80, deadline=None)
@given(
    st.floats(-60, 60),
    st.floats(-60, 60),
    st.floats(-1e4, 1e4),
    st.floats(-20, 20),
    st.floats(0, 9),
    st.integers(0, 99),
)
def test_every_position_of_the_sliders_gives_an_image(
    dx: float, dy: float, angle: float, thicken: float, noise: float, seed: int
) -> None:
    image = generate(1, "easy", 4)[0][0] / 255
    result = transformed(image, dx=dx, dy=dy, angle_degrees=angle, thicken=thicken, noise=noise, noise_seed=seed)
    assert result.shape == (28, 28)
    assert result.dtype == np.float32
    assert 0 <= result.min() <= result.max() <= 1


# --- photos -------------------------------------------------------------------------------------------------------


def _photo(image: Image, seed: int, *, chalk: bool = False, colour: tuple[float, ...] = (1, 1, 1)) -> NDArray[np.uint8]:
    """Return a picture of an image: enlarged, off centre, unevenly lit, with grain."""
    random = np.random.default_rng(seed)
    big = np.clip(ndimage.zoom(image, 10, order=1), 0, 1)
    big = np.pad(big, ((40, 90), (120, 30)))
    rows, columns = np.mgrid[0 : big.shape[0], 0 : big.shape[1]] / max(big.shape)
    light = 0.6 + 0.35 * columns - 0.25 * rows**2
    scene = light * (0.25 + 0.6 * big) if chalk else light * (1 - 0.7 * big)
    scene = scene + random.normal(0, 0.015, scene.shape)
    return (np.clip(scene[..., None] * np.array(colour), 0, 1) * 255).astype(np.uint8)


def _likeness(a: Image, b: Image) -> float:
    """Return the correlation of two images; a pixel of shift, to which the centring rounds, does not count."""
    shifted = [np.roll(a, (row, column), (0, 1)) for row in (-1, 0, 1) for column in (-1, 0, 1)]
    return max(float(np.corrcoef(image.ravel(), b.ravel())[0, 1]) for image in shifted)


@pytest.mark.parametrize("chalk", [False, True])
def test_a_photo_gives_what_the_network_received(chalk: bool) -> None:
    images = generate(40, "medium", 8)[0] / np.float32(255)
    wanted = [fit_and_centre(image) for image in images]
    seen = [fit_and_centre(from_photo(_photo(image, k, chalk=chalk))) for k, image in enumerate(images)]
    likeness = [_likeness(a, b) for a, b in zip(wanted, seen, strict=True)]
    assert min(likeness) > 0.85
    assert np.mean(likeness) > 0.95


def test_thin_strokes_and_coloured_paper() -> None:
    thin = transformed(np.asarray(generate(1, "easy", 4)[0][0] / 255, np.float32), thicken=-0.8)
    seen = fit_and_centre(from_photo(_photo(thin, 0, colour=(1.0, 0.95, 0.6))))
    assert _likeness(seen, fit_and_centre(thin)) > 0.85


def test_blank_paper_has_no_ink() -> None:
    assert from_photo(_photo(np.zeros((28, 28), np.float32), 3)).max() == 0
    assert from_photo(np.full((30, 40, 3), 200, np.uint8)).max() == 0
    assert from_photo(np.full((1, 1, 3), 200, np.uint8)).max() == 0


def test_dirt_and_the_edge_of_the_table_are_left_out() -> None:
    page = np.full((200, 200, 3), 230, np.uint8)
    page[60:140, 90:110] = 30  # a one
    clean = from_photo(page)
    page[20:23, 30:33] = 30  # a speck
    page[190:, :] = 10  # the table
    dirty = from_photo(page)
    assert dirty[:150].sum() == pytest.approx(clean.sum(), rel=0.02)
    assert dirty[185:].max() == 0
    assert _box(fit_and_centre(dirty)) == (20, 5)


def test_transparent_pictures() -> None:
    picture = np.zeros((60, 60, 4), np.uint8)
    picture[10:50, 25:35, 3] = 255  # black on nothing
    assert _box(from_photo(picture), 0.5) == (40, 10)
    picture[10:50, 25:35, :3] = 255  # white on nothing
    assert _box(from_photo(picture), 0.5) == (40, 10)


def test_pictures_are_bounded() -> None:
    huge = np.full((4000, 3000), 250, np.uint8)
    huge[1000:3000, 1400:1700] = 20
    ink = from_photo(huge)
    assert ink.shape == (PHOTO_SIDE, PHOTO_SIDE * 3 // 4)
    assert _box(ink, 0.5) == pytest.approx((2000 * PHOTO_SIDE / 4000, 300 * PHOTO_SIDE / 4000), abs=2)
    long = np.full((2, 9000, 3), 250, np.uint8)
    assert max(from_photo(long).shape) <= PHOTO_SIDE


@pytest.mark.parametrize("picture", [np.zeros((3, 3)), np.zeros((3, 3, 2), np.uint8), np.zeros((0, 5, 3), np.uint8)])
def test_what_is_no_picture(picture: Any) -> None:
    with pytest.raises(ValueError, match="picture"):
        from_photo(picture)


@settings(max_examples=80, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.sampled_from([3, 4]))))
def test_any_picture_gives_ink(picture: NDArray[np.uint8]) -> None:
    ink = from_photo(picture)
    assert ink.shape == picture.shape[:2]
    assert ink.dtype == np.float32
    assert np.isfinite(ink).all()
    assert 0 <= ink.min() <= ink.max() <= 1


def test_real_digits_survive_a_photo(mnist10k: Path) -> None:
    real = read_idx(mnist10k / "train-images-idx3-ubyte.gz")[:60] / np.float32(255)
    seen = [fit_and_centre(from_photo(_photo(image, k))) for k, image in enumerate(real)]
    likeness = [_likeness(a, b) for a, b in zip(real, seen, strict=True)]
    assert min(likeness) > 0.8
    assert np.mean(likeness) > 0.95
