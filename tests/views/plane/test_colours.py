from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from playground.engine.targets import CLASSES, TWO, VALUES
from playground.views.palette import Palette, dark, light
from playground.views.plane.colours import class_colours, pixel_image, surface_image, surface_pixels, surface_rgb


def likeness(shown: np.ndarray, colour: QColor, palette: Palette) -> float:
    """Return the cosine between two colours as seen from the colour of zero."""
    ground = palette.diverging[255, :3].astype(float)
    one, other = shown.astype(float) - ground, np.array(colour.getRgb()[:3], float) - ground
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


@pytest.mark.parametrize("palette", [dark(), light()])
class TestSurface:
    def test_the_border_of_two_classes_has_the_colour_of_zero(self, palette: Palette) -> None:
        rgb = surface_rgb(np.array([[[-1.0, 0.0, 1.0]]]), TWO, palette)
        assert rgb[0, 1].tolist() == palette.diverging[255, :3].tolist()
        ends = class_colours(2, TWO, palette)
        for spot, end in ((0, ends[0]), (2, ends[1])):
            assert likeness(rgb[0, spot], end, palette) > 0.999

    def test_in_steps_two_classes_have_two_colours(self, palette: Palette) -> None:
        rgb = surface_rgb(np.linspace(-1, 1, 40).reshape(1, 4, 10), TWO, palette, in_steps=True)
        assert len(np.unique(rgb.reshape(-1, 3), axis=0)) == 2
        smooth = surface_rgb(np.linspace(-1, 1, 40).reshape(1, 4, 10), TWO, palette)
        assert len(np.unique(smooth.reshape(-1, 3), axis=0)) > 20

    def test_numbers_take_the_whole_scale(self, palette: Palette) -> None:
        small = surface_rgb(np.array([[[0.5, 5.0]]]), VALUES, palette, scale=5.0)
        full = surface_rgb(np.array([[[1.0]]]), VALUES, palette)
        assert small[0, 1].tolist() == full[0, 0].tolist()
        assert small[0, 0].tolist() != full[0, 0].tolist()

    def test_each_class_has_its_colour_and_chance_has_none(self, palette: Palette) -> None:
        sure = np.eye(3, dtype=np.float32)[:, None, :]  # at spot k the answer is class k
        rgb = surface_rgb(np.concatenate([sure, np.full((3, 1, 1), 1 / 3)], axis=2), CLASSES, palette)
        assert rgb[0, 3].tolist() == palette.diverging[255, :3].tolist()
        for place, colour in enumerate(class_colours(3, CLASSES, palette)):
            assert likeness(rgb[0, place], colour, palette) > 0.999

    @pytest.mark.parametrize("task", [TWO, CLASSES, VALUES])
    def test_what_is_no_number_is_shown_without_a_word(self, palette: Palette, task: str) -> None:
        values = np.full((2, 3, 3), np.nan, np.float32)
        values[0, 0] = np.inf
        assert surface_rgb(values, task, palette).shape == (3, 3, 3)


@pytest.mark.parametrize("palette", [dark(), light()])
@pytest.mark.parametrize("in_steps", [False, True])
@pytest.mark.parametrize(("task", "outputs"), [(TWO, 1), (VALUES, 1), (CLASSES, 2), (CLASSES, 10)])
def test_the_pixels_of_a_screen_are_the_same_colours(palette: Palette, in_steps: bool, task: str, outputs: int) -> None:
    values = np.random.default_rng(1).normal(size=(outputs, 7, 9)).astype(np.float32)
    values[0, 0, :3] = np.nan, np.inf, -np.inf
    rgb = surface_rgb(values, task, palette, scale=1.3, in_steps=in_steps)
    image = pixel_image(surface_pixels(values, task, palette, scale=1.3, in_steps=in_steps))
    assert (image.width(), image.height()) == (9, 7)
    for row in range(7):
        for column in range(9):
            assert image.pixelColor(column, 6 - row).getRgb()[:3] == tuple(rgb[row, column].tolist())


def test_the_first_row_is_the_lowest() -> None:
    rgb = np.zeros((2, 1, 3), np.uint8)
    rgb[0] = 255
    image = surface_image(rgb)
    assert image.pixelColor(0, 1).red() == 255
    assert image.pixelColor(0, 0).red() == 0
