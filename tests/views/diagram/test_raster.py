"""The sparse product draws the same curves as a painter would, in the colour of their signs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from playground.views.diagram import curve
from playground.views.diagram.coverage import Coverage, fragments
from playground.views.diagram.raster import Rasteriser, Region, Stretch, region_of
from playground.views.diagram.tone import FULL_DENSITY, density, tone_table, toned
from playground.views.diagram.viewport import View
from playground.views.palette import Palette, dark, light

WIDTH, HEIGHT = 120, 80
ENDS = np.array([[5, 10, 115, 70], [5, 40, 115, 40], [5, 75, 115, 5]], np.float32)


def covered(ends: NDArray[np.float32], half: NDArray[np.float32], reach: float = 2.0) -> NDArray[np.float32]:
    coverage = Coverage([fragments(ends, reach, WIDTH, HEIGHT)], WIDTH, HEIGHT)
    coverage.set_half_widths(half)
    picture = np.zeros((WIDTH * HEIGHT, len(ends)), np.float32)
    for edge, alone in enumerate(np.eye(len(ends), dtype=np.float32)):
        picture[coverage.touched, edge] = coverage.accumulate(alone)[:, 0]
    return picture.T.reshape(-1, HEIGHT, WIDTH)


def painted(ends: NDArray[np.float32], width: float) -> NDArray[np.float32]:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(255, 255, 255), width)
    painter.setPen(pen)
    painter.drawPath(curve.path(*ends.tolist()))
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(HEIGHT, image.bytesPerLine())[:, :WIDTH]
    return rows.astype(np.float32) / 255.0


@pytest.mark.parametrize("half", [0.625, 1.0, 1.75])  # a painter has a rougher way for lines of one pixel
@pytest.mark.parametrize("edge", [0, 1, 2])
def test_coverage_is_that_of_an_antialiased_painter(edge: int, half: float) -> None:
    mine = covered(ENDS[edge : edge + 1], np.array([half], np.float32))[0]
    theirs = painted(ENDS[edge], 2 * half)
    inner = slice(8, WIDTH - 8)  # the painter's ends have a shape of their own
    assert np.abs(mine - theirs)[:, inner].mean() < 0.012
    assert mine.sum() == pytest.approx(theirs.sum(), rel=0.06)


def test_a_width_that_changes_is_the_same_as_one_from_the_start() -> None:
    coverage = Coverage([fragments(ENDS, 2.0, WIDTH, HEIGHT)], WIDTH, HEIGHT)
    coverage.set_half_widths(np.array([0.5, 1.0, 1.5], np.float32))
    coverage.set_half_widths(np.array([0.5, 2.0, 0.25], np.float32))
    fresh = Coverage([fragments(ENDS, 2.0, WIDTH, HEIGHT)], WIDTH, HEIGHT)
    fresh.set_half_widths(np.array([0.5, 2.0, 0.25], np.float32))
    ones = np.ones(3, np.float32)
    assert np.array_equal(coverage.accumulate(ones), fresh.accumulate(ones))


def test_many_changes_at_once_give_the_same_as_few() -> None:
    ends = np.repeat(ENDS, 40, 0)
    many = Coverage([fragments(ends, 2.0, WIDTH, HEIGHT)], WIDTH, HEIGHT)
    half = np.linspace(0.3, 2.0, len(ends)).astype(np.float32)
    many.set_half_widths(half)
    few = Coverage([fragments(ends, 2.0, WIDTH, HEIGHT)], WIDTH, HEIGHT)
    for edge in range(0, len(ends), 30):
        partly = few._half.copy()
        partly[edge : edge + 30] = half[edge : edge + 30]
        few.set_half_widths(np.where(partly < 0, 0.0, partly).astype(np.float32))
    ones = np.ones(len(ends), np.float32)
    np.testing.assert_allclose(many.accumulate(ones), few.accumulate(ones), rtol=1e-5)


@pytest.mark.parametrize("count", [1, 40])  # of each edge: few signs change one by one, many at once
def test_signs_that_change_are_told_apart(count: int) -> None:
    ends, half = np.repeat(ENDS, count, 0), np.full(3 * count, 1.0, np.float32)
    coverage = Coverage([fragments(ends, 2.0, WIDTH, HEIGHT)], WIDTH, HEIGHT)
    coverage.set_half_widths(half)
    densities = np.linspace(0.1, 0.9, len(ends)).astype(np.float32)
    for seed in range(4):
        is_negative = np.random.default_rng(seed).random(len(ends)) < 0.5
        coverage.set_signs(is_negative)
        lying = coverage.accumulate(densities)
        for channel, chosen in enumerate((~is_negative, is_negative)):
            alone = Coverage([fragments(ends, 2.0, WIDTH, HEIGHT)], WIDTH, HEIGHT)
            alone.set_half_widths(half)
            wanted = alone.accumulate(np.where(chosen, densities, 0.0).astype(np.float32))
            np.testing.assert_allclose(lying[:, channel], wanted[:, 0], rtol=1e-5, atol=1e-6)
            assert not wanted[:, 1].any()


def test_curves_beyond_the_border_are_clipped() -> None:
    ends = np.array([[-300, -500, 400, 900]], np.float32)
    picture = covered(ends, np.array([1.0], np.float32))[0]
    assert picture.shape == (HEIGHT, WIDTH)
    assert 0 < picture.sum() < 3 * (WIDTH + HEIGHT) * 3


@pytest.mark.parametrize("palette", [dark(), light(), dark("blue-orange"), light("green-red")])
def test_tones_take_the_colour_of_the_sign(palette: Palette) -> None:
    table = tone_table(palette)
    for opacity in (0.3, 0.6):
        for channel, name in ((0, "positive"), (1, "negative")):
            lying = np.zeros((1, 2), np.float32)
            lying[0, channel] = density(np.array([opacity]))[0]
            drawn = int(toned(lying, table)[0])
            alpha = (drawn >> 24) / 255
            assert alpha == pytest.approx(opacity, abs=0.02)
            parts = np.array([(drawn >> shift & 255) / 255 / alpha for shift in (16, 8, 0)])
            wanted = palette.colour(name)
            close = np.array([wanted.redF(), wanted.greenF(), wanted.blueF()])
            assert np.abs(parts - close).max() < 0.06


def test_nothing_is_transparent_and_much_is_opaque() -> None:
    table = tone_table(dark())
    assert table[0] == 0
    assert toned(np.full((1, 2), FULL_DENSITY, np.float32), table)[0] >> 24 > 245


def test_the_stronger_sign_wins_where_edges_cross() -> None:
    table = tone_table(light())
    drawn = int(toned(np.array([[1.5, 0.4]], np.float32), table)[0])
    red, green = drawn >> 16 & 255, drawn >> 8 & 255
    assert green > red  # green is positive


def raster_of(ends: NDArray[np.float32], half: NDArray[np.float32], region: Region) -> Any:
    return Rasteriser(ends, View(), region, half, 2.0).raster()


def test_a_raster_draws_each_edge_with_its_own_opacity() -> None:
    region = Region(QRectF(0, 0, WIDTH, HEIGHT), 1.0)
    ends = np.array([[5, 20, 115, 20], [5, 60, 115, 60]], np.float32)
    half = np.array([1.75, 1.75], np.float32)
    raster = raster_of(ends, half, region)
    raster.draw(np.array([0.8, 0.2], np.float32), np.array([True, False]), half, tone_table(dark()))
    strong, weak = raster.image.pixelColor(60, 20), raster.image.pixelColor(60, 60)
    assert strong.alphaF() == pytest.approx(0.8, abs=0.03)
    assert weak.alphaF() == pytest.approx(0.2, abs=0.03)
    assert strong.green() > strong.red()
    assert weak.red() > weak.green()
    assert raster.image.pixelColor(60, 40).alpha() == 0


def test_slices_give_the_same_as_one_go() -> None:
    random = np.random.default_rng(1)
    ends = np.stack([np.full(500, 5), random.uniform(0, 80, 500), np.full(500, 115), random.uniform(0, 80, 500)], 1)
    half = random.uniform(0.5, 2.0, 500).astype(np.float32)
    region = Region(QRectF(0, 0, WIDTH, HEIGHT), 1.0)
    whole = raster_of(ends.astype(np.float32), half, region)
    work = Rasteriser(ends.astype(np.float32), View(), region, half, 2.0)
    work._costs = work._costs * 100  # many slices
    steps = 0
    while not work.is_done:
        work.advance()
        steps += 1
    sliced = work.raster()
    assert steps > 3 + 6  # six of them join the slices
    opacity = random.uniform(0, 1, 500).astype(np.float32)
    for raster in (whole, sliced):
        raster.draw(opacity, opacity > 0.5, half, tone_table(dark()))
    assert whole.image == sliced.image


def test_edges_that_outgrow_their_room_are_noticed() -> None:
    half = np.full(len(ENDS), 0.5, np.float32)
    raster = raster_of(ENDS, half, Region(QRectF(0, 0, WIDTH, HEIGHT), 1.0))
    assert raster.outgrown(half) == 0.0
    assert raster.outgrown(np.full(len(ENDS), 2.0, np.float32)) == 1.0


def test_large_pictures_are_drawn_coarser() -> None:
    ends = np.array([[0, 0, 4000, 3000]], np.float32)
    region = region_of(ends, QRectF(0, 0, 4000, 3000), 2.0)
    assert region.scale < 1.0
    assert region.width * region.height < 1.1e6
    assert region_of(ENDS, QRectF(0, 0, WIDTH, HEIGHT), 2.0).scale == 2.0


def test_a_picture_stretches_with_its_plan() -> None:
    stretch = Stretch(QRectF(100, 50, 200, 100), QRectF(150, 50, 400, 300))
    assert stretch.rect(QRectF(100, 50, 200, 100)) == QRectF(150, 50, 400, 300)
    assert stretch.rect(QRectF(200, 100, 10, 10)) == QRectF(350, 200, 20, 30)


def test_parts_are_joined_in_steps_to_the_same() -> None:
    parts = [fragments(ENDS + offset, 2.0, WIDTH, HEIGHT) for offset in (0.0, 1.5, 3.0)]
    whole, steps, joined = Coverage(parts, WIDTH, HEIGHT), 0, None
    work = Coverage.in_steps(parts, WIDTH, HEIGHT)
    while joined is None:
        try:
            next(work)
        except StopIteration as end:
            joined = end.value
        else:
            steps += 1
    assert steps == 5
    half = np.linspace(0.3, 1.4, whole.edges, dtype=np.float32)
    signs = np.arange(whole.edges) % 2 == 0
    for coverage in (whole, joined):
        coverage.set_half_widths(half)
        coverage.set_signs(signs)
    density = np.linspace(0.1, 0.9, whole.edges, dtype=np.float32)
    assert np.array_equal(whole.touched, joined.touched)
    assert np.array_equal(whole.accumulate(density), joined.accumulate(density))
