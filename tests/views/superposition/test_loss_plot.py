"""Losses of all kinds against steps: what is bold, where the dashed line lies, what hover tells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from playground.engine.snapshots import Mark
from playground.engine.superposition.snapshots import LossCurves
from playground.views.look import Look
from playground.views.palette import light
from playground.views.superposition.loss_plot import LossPlot

KINDS = ("linear", "relu")


def curves(points: int = 50, bad: bool = False) -> LossCurves:
    """Return losses that fall to 13, 14 (linear) and 9, 10 thousandths; the second seed of each is worse."""
    steps = np.arange(points) * 10
    fall = 20e-3 * np.exp(-steps / 100)[:, None, None]
    losses = fall + np.array([[13e-3, 14e-3], [9e-3, 10e-3]])[None]
    if bad:
        losses[-1, 1] = np.nan
    return LossCurves(steps, losses)


@pytest.fixture
def plot(qapp: QApplication, qtbot: QtBot) -> Iterator[LossPlot]:
    widget = LossPlot(Look(qapp))
    widget.resize(420, 240)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    widget.close()
    widget.deleteLater()


def test_the_head_tells_the_best_seed_of_every_kind(plot: LossPlot) -> None:
    plot.show_curves(curves(500), KINDS, optimum=13e-3)
    assert [entry[1:] for entry in plot.head.entries()] == [("linear", "13.00"), ("relu", "9.000")]
    assert plot.plot.limits[0] >= 4990
    assert plot.plot.limits[2] >= 34


def test_the_dashed_line_lies_at_the_closed_form(plot: LossPlot) -> None:
    plot.show_curves(curves(), KINDS, optimum=13.282e-3)
    line = plot.plot._optimum_line
    assert line.isVisible()
    assert line.getData()[1].tolist() == pytest.approx([13.282] * 2)
    plot.set_log(True)
    assert line.getData()[1].tolist() == pytest.approx([np.log10(13.282)] * 2)
    plot.show_curves(curves(), KINDS, optimum=None)
    assert not line.isVisible()


def test_hover_tells_exact_values_and_the_range_of_the_seeds(plot: LossPlot) -> None:
    marks = (Mark(200, "edit", "drag feature 3", 5),)
    plot.show_curves(curves(500), KINDS, optimum=13e-3, marks=marks)
    plot._point_at(20)
    found = plot.plot.overlay.crosshair()
    assert found is not None
    words = [words for _, words in found.lines]
    fallen = 20 * np.exp(-2)
    assert words[0] == "step 200"
    assert words[1] == f"Linear {fallen + 13:.2f}  ({fallen + 13:.2f} to {fallen + 14:.2f})"
    assert words[3] == "linear optimum 13.00"
    assert "drag feature 3" in words[4]


def test_arrow_keys_read_the_points(plot: LossPlot) -> None:
    plot.show_curves(curves(), KINDS)
    plot.plot.setFocus()
    QTest.keyClick(plot.plot, Qt.Key.Key_End)
    assert plot.plot.accessibleDescription().startswith("step 490, Linear 13.15")
    plot.show_curves(curves(60), KINDS)
    assert plot.plot.accessibleDescription().startswith("step 490, ")
    QTest.keyClick(plot.plot, Qt.Key.Key_Escape)
    assert plot.plot.overlay.crosshair() is None


def test_another_segment_starts_the_ranges_anew(plot: LossPlot) -> None:
    plot.show_curves(curves(500), KINDS, segment=0)
    assert plot.plot.limits[0] >= 4990
    plot.show_curves(curves(5), KINDS, segment=1)
    assert plot.plot.limits[0] == 100.0
    plot.show_curves(None, ("abs",), segment=2)
    assert plot.head.entries() == ()


def test_the_log_button_switches_the_scale(plot: LossPlot) -> None:
    plot.show_curves(curves(), KINDS, optimum=13e-3)
    button = plot.findChild(QAbstractButton, "sandbox_loss_log")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert plot.is_log()
    assert plot.plot.limits[2] < 2
    assert plot.plot._bests[0].getData()[1][-1] == pytest.approx(np.log10(13.0 + 20 * np.exp(-4.9)))


def test_diverged_losses_leave_a_gap_and_a_word(plot: LossPlot) -> None:
    plot.show_curves(curves(bad=True), KINDS, optimum=13e-3)
    assert plot.head.entries()[1][2] == "no number"
    assert not plot.grab().isNull()
    nothing = LossCurves(np.arange(3), np.full((3, 2, 2), np.inf))
    plot.show_curves(nothing, KINDS, segment=4)
    assert not plot.grab().isNull()


def test_more_and_fewer_kinds_and_the_other_theme_are_drawn(plot: LossPlot) -> None:
    losses = np.random.default_rng(0).random((900, 3, 8))
    plot.show_curves(LossCurves(np.arange(900), losses), ("linear", "relu", "relu-relu"))
    assert len(plot.plot._bests) == 3
    plot._look.set(palette=light(), scale=1.5)
    assert not plot.grab().isNull()
    plot.show_curves(LossCurves(np.arange(900), losses[:, :1]), ("abs",))
    assert len(plot.plot._bests) == 1
    assert not plot.grab().isNull()
    assert plot.figure().parts == (plot.head, plot.plot)
