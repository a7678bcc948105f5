"""What is kept between frames never shows in a picture: it is the same as on a canvas that saw nothing before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from playground.engine.columns import Scale
from playground.engine.targets import CLASSES, TWO, VALUES
from playground.views.look import Look
from playground.views.palette import light
from playground.views.plane.axis import Axis
from playground.views.plane.canvas import PlaneCanvas
from playground.views.plane.large_canvas import LargeCanvas
from playground.views.plane.painting import PlanePainter
from playground.views.plane.point_layer import PointLayer
from playground.views.plane.points import Points
from playground.views.plane.scene import Ground, NeuronSurface, Scene, Surface

RANDOM = np.random.default_rng(3)
AT = RANDOM.uniform(-6, 6, (40, 2))
SIGNS = (AT[:, 0] > 0).astype(np.float64)
FLAGS = np.arange(40) % 3 > 0


def plane(task: str = TWO, classes: tuple[str, ...] = ("A", "B")) -> Scene:
    targets = AT[:, 1] if task == VALUES else SIGNS
    surface = Surface(RANDOM.normal(size=(max(len(classes), 1), 20, 20)).astype(np.float32))
    return Scene(Points(AT, targets, FLAGS), task, classes, surface=surface)


def line() -> Scene:
    surface = Surface(np.sin(np.linspace(-3, 3, 50, dtype=np.float32))[None])
    answers = np.sin(AT[:, 0]).astype(np.float32)
    return Scene(Points(AT[:, :1], AT[:, 1], FLAGS), VALUES, (), surface=surface, answers=answers)


def with_rings(scene: Scene) -> Scene:
    return replace(scene, is_wrong=np.arange(40) % 5 == 0)


def with_other_rings(scene: Scene) -> Scene:
    return replace(scene, is_wrong=np.arange(40) % 7 == 0)


def with_no_rings(scene: Scene) -> Scene:
    return replace(scene, is_wrong=np.zeros(40, bool))


def in_steps(scene: Scene) -> Scene:
    return replace(scene, in_steps=True)


def with_names(scene: Scene) -> Scene:
    return replace(scene, axes=(Axis("width", Scale(2.0, 30.0)), Axis("height")), classes=("one", "two", "three"))


def without_an_answer(scene: Scene) -> Scene:
    return replace(scene, surface=None)


def without_held_back(scene: Scene) -> Scene:
    return replace(scene, has_held_back=False)


def with_fewer_points(scene: Scene) -> Scene:
    return replace(scene, points=scene.points.without(np.arange(9)), is_wrong=None, answers=None)


def with_a_neuron(scene: Scene) -> Scene:
    surface = Surface(np.ones((1, 20) if scene.is_line else (1, 20, 20), np.float32))
    return replace(scene, neuron=NeuronSurface("neuron", "activation", surface, 2.0))


def on_a_smaller_plane(scene: Scene) -> Scene:
    return replace(scene, low=-7.0, high=7.0)


def with_larger_numbers(scene: Scene) -> Scene:
    points = replace(scene.points, targets=4.0 * scene.points.targets if scene.task == VALUES else scene.points.targets)
    return replace(scene, points=points)


CHANGES = (
    with_rings, with_other_rings, without_held_back, with_fewer_points, with_a_neuron, on_a_smaller_plane,
    with_larger_numbers, with_no_rings, in_steps, with_names, without_an_answer,
)  # fmt: skip


@pytest.fixture(params=[PlaneCanvas, LargeCanvas])
def canvas(request: pytest.FixtureRequest, qtbot: QtBot, look: Look) -> PlaneCanvas:
    return made(request.param, qtbot, look)


def made(kind: type[PlaneCanvas], qtbot: QtBot, look: Look) -> PlaneCanvas:
    found = kind(look)
    qtbot.addWidget(found)
    found.resize(*((240, 240) if kind is PlaneCanvas else (520, 420)))  # the large one with a legend
    return found


def picture(canvas: PlaneCanvas, scene: Scene) -> QImage:
    canvas.show_scene(scene)
    return canvas.grab().toImage()


@pytest.mark.parametrize("start", [plane(), plane(CLASSES, ("A", "B", "C")), plane(VALUES, ()), line()])
@pytest.mark.parametrize("change", CHANGES)
def test_after_any_change_the_picture_is_that_of_a_fresh_canvas(
    qtbot: QtBot, look: Look, canvas: PlaneCanvas, start: Scene, change: Callable[[Scene], Scene]
) -> None:
    before = picture(canvas, with_rings(start))
    changed = change(with_rings(start))
    assert picture(canvas, changed) == picture(made(type(canvas), qtbot, look), changed)
    assert picture(canvas, with_rings(start)) == before


def test_another_look_and_size_are_drawn_anew(qtbot: QtBot, look: Look, canvas: PlaneCanvas) -> None:
    shown = with_rings(plane())
    dark = picture(canvas, shown)
    look.set(palette=light(), scale=1.5)
    assert picture(canvas, shown) == picture(made(type(canvas), qtbot, look), shown) != dark
    canvas.resize(560, 440)
    fresh = made(type(canvas), qtbot, look)
    fresh.resize(560, 440)
    assert picture(canvas, shown) == picture(fresh, shown)


def test_points_that_stay_are_not_drawn_again(monkeypatch: pytest.MonkeyPatch, canvas: PlaneCanvas) -> None:
    drawn: list[int] = []
    draw = PointLayer._draw

    def counted(layer: PointLayer, *parts: object, **others: bool) -> None:
        drawn.append(1)
        draw(layer, *parts, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(PointLayer, "_draw", counted)
    scene = plane()
    for _ in range(4):  # another answer at every moment of a training, and other rings
        surface = Surface(RANDOM.normal(size=(1, 20, 20)).astype(np.float32))
        picture(canvas, replace(scene, surface=surface, is_wrong=RANDOM.uniform(size=40) > 0.5))
    assert len(drawn) == 1
    picture(canvas, with_fewer_points(scene))
    assert len(drawn) == 2


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_fine_screen_has_fine_points(look: Look, ratio: float) -> None:
    scene = plane()
    ground = Ground(QRectF(10.3, 12.7, 180, 180), scene)
    shown = QPixmap(round(200 * ratio), round(205 * ratio))
    shown.setDevicePixelRatio(ratio)
    painter = QPainter(shown)
    PlanePainter(look).paint(painter, scene, ground, ratio)
    painter.end()
    image, seen = shown.toImage(), 0
    spots = ground.screen(AT)
    for (x, y), target in zip(spots[FLAGS].tolist(), SIGNS[FLAGS].tolist(), strict=True):
        if np.sort(np.hypot(*(spots - (x, y)).T))[1] > 14:  # nothing lies over it
            found = image.pixelColor(round(x * ratio), round(y * ratio))
            wanted = look.palette.colour("positive" if target else "negative")
            assert abs(found.red() - wanted.red()) + abs(found.green() - wanted.green()) < 10
            seen += 1
    assert seen > 3
