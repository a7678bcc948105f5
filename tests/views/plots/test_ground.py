"""A plot that is painted from a kept picture looks, pixel for pixel, as its whole scene does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.views.look import Look
from playground.views.palette import Palette, dark, light
from playground.views.plots.trace import TracePlot

POINTS = 420
Array = NDArray[np.float64]


class WholePlot(TracePlot):
    """The same without a kept picture."""

    is_kept = False


class Paintings(QObject):
    """Counts how often what it watches is painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count the paintings; hold nothing up."""
        self.count += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def trace() -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(3)
    train: Array = 2 * np.exp(-np.arange(POINTS) / 60) + 0.1 + 0.03 * rng.random(POINTS)
    validation = 1.05 * train + 0.02 * rng.random(POINTS)
    train[37], validation[110] = np.nan, np.inf
    return np.arange(POINTS, dtype=np.float64) * 500.0, train, validation


def plot_of(kind: type[TracePlot], look: Look, qtbot: QtBot) -> TracePlot:
    plot = kind(look, "loss", "loss_plot")
    qtbot.addWidget(plot)
    plot.setStyleSheet(f"background: {look.palette.window};")
    plot.resize(440, 150)
    plot.show()
    return plot


def image(plot: TracePlot) -> QImage:
    found: QImage = plot.grab().toImage()
    return found.convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.parametrize(("palette", "scale"), [(dark, 1.0), (light, 1.7)])
def test_a_growing_plot_looks_as_its_whole_scene_does(
    palette: Callable[[], Palette], scale: float, qtbot: QtBot
) -> None:
    look = Look(palette=palette(), scale=scale)
    kept, whole = (plot_of(kind, look, qtbot) for kind in (TracePlot, WholePlot))
    steps, train, validation = trace()
    for count in (*range(1, 40), *range(100, 112), *range(245, 256), 30, 31, *range(360, POINTS, 7)):
        for plot in (kept, whole):
            plot.set_trace(steps[:count], train[:count], validation[:count])
            if count == 38:
                plot.set_ghost(steps[:20], 0.9 * train[:20], 0.9 * validation[:20])
            if count == 105:
                plot.set_breaks([40_000.0])
        assert image(kept) == image(whole), count
    for plot in (kept, whole):
        plot.plotItem.vb.setRange(xRange=(20_000, 90_000), yRange=(0.2, 0.8), padding=0)
    assert image(kept) == image(whole)
    look.set(palette=dark() if palette is light else light())
    for plot in (kept, whole):
        plot.render_look()
        plot.setStyleSheet(f"background: {look.palette.window};")
    assert image(kept) == image(whole)


def test_a_new_point_does_not_make_the_picture_anew(qtbot: QtBot) -> None:
    plot = plot_of(TracePlot, Look(), qtbot)
    steps, train, validation = trace()
    plot.set_trace(steps, train, validation)  # the range is that of all
    plot.grab()
    makings = []
    for count in (200, 201, 202, 210):
        plot.set_trace(steps[:count], train[:count], validation[:count])
        plot.grab()
        makings.append(plot._ground.makings)
    assert makings == [makings[0]] * 4
    changed = train.copy()
    changed[50] += 0.5
    plot.set_trace(steps[:210], changed[:210], validation[:210])
    plot.grab()
    assert plot._ground.makings == makings[0] + 1


def test_each_new_point_and_each_other_range_is_painted_though_the_scene_was_not(qtbot: QtBot) -> None:
    plot = plot_of(TracePlot, Look(), qtbot)
    qtbot.waitExposed(plot)
    paintings = Paintings(plot)
    plot.viewport().installEventFilter(paintings)
    steps, train, validation = trace()

    def change(name: str, count: int) -> None:
        if name == "zoom":
            plot.plotItem.vb.setRange(xRange=(10.0 * count, 90_000), padding=0)
        elif name == "whole":
            plot.show_all()
        else:
            show = plot.set_trace if name == "point" else plot.set_ghost
            show(steps[:count], train[:count], validation[:count])

    alone = [("point", count) for count in range(2, 30)]
    mixed = [(name, count) for count in (30, 31, 200, 201, 202) for name in ("point", "ghost", "zoom", "whole")]
    for name, count in (*alone, *mixed):
        before = paintings.count
        change(name, count)
        QApplication.processEvents()
        assert paintings.count > before, (name, count)
