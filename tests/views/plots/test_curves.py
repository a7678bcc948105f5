"""The plots of loss and accuracy: what they show, where their ranges end, what hover tells, what they save."""

from __future__ import annotations

import csv
import os
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QFontMetricsF, QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QMenu
from pytestqt.qtbot import QtBot

from playground.engine.snapshots import Curves, Mark, Snapshot
from playground.views.look import Look
from playground.views.palette import light
from playground.views.plots.curves import CurvePlots
from playground.views.plots.head import PlotHead
from playground.views.plots.mark_labels import label_text
from playground.views.plots.trace import Line, TracePlot
from tests.views.plots.curve_samples import curves, evaluation, part, snapshot

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def look(qapp: QApplication) -> Look:
    return Look(qapp)


@pytest.fixture
def plots(look: Look, qtbot: QtBot) -> Iterator[CurvePlots]:
    plots = CurvePlots(look)
    plots.resize(800, 220)
    qtbot.addWidget(plots)
    plots.show()
    QApplication.processEvents()
    yield plots
    plots.close()


def drawn(line: Line) -> tuple[np.ndarray, np.ndarray]:
    x, y = line.getData()
    return (np.zeros(0), np.zeros(0)) if x is None else (x, y)


def ranges(plot: TracePlot) -> tuple[tuple[float, float], tuple[float, float]]:
    (left, right), (low, high) = plot._box.viewRange()
    return (left, right), (low, high)


# ---- what is drawn -------------------------------------------------------------------------------------------------


def test_the_curves_show_training_and_validation_against_true_steps(plots: CurvePlots) -> None:
    run = curves(100)
    plots.render_snapshot(snapshot(run))
    for plot, columns in ((plots.loss, (0, 2)), (plots.accuracy, (1, 3))):
        for line, column in zip(plot._lines, columns, strict=True):
            x, y = drawn(line)
            np.testing.assert_array_equal(x, run.steps)
            np.testing.assert_array_equal(y, run.values[:, column])


def test_only_what_changed_is_drawn_again(plots: CurvePlots, monkeypatch: pytest.MonkeyPatch) -> None:
    run = curves(100)
    calls: list[int] = []
    original = Line.setData
    monkeypatch.setattr(Line, "setData", lambda *a, **k: calls.append(1) or original(*a, **k))
    plots.render_snapshot(snapshot(part(run, 50)))
    assert len(calls) == 4
    plots.render_snapshot(snapshot(part(run, 50)))  # other objects, the same points
    assert len(calls) == 4
    plots.render_snapshot(snapshot(part(run, 51)))
    assert len(calls) == 8


def test_going_back_in_time_shortens_the_curve(plots: CurvePlots) -> None:
    run = curves(100)
    plots.render_snapshot(snapshot(run))
    plots.render_snapshot(snapshot(part(run, 40)))
    assert len(drawn(plots.loss._lines[0])[0]) == 40
    other = curves(40, seed=5)
    plots.render_snapshot(snapshot(other))  # another run of the same length
    np.testing.assert_array_equal(drawn(plots.loss._lines[0])[1], other.values[:, 0])


def test_very_many_points_are_thinned_to_what_the_screen_shows(plots: CurvePlots) -> None:
    run = curves(30_000)
    run.values[20_000, 0] = 2.45  # a peak of one point
    plots.render_snapshot(snapshot(run))
    x, y = drawn(plots.loss._lines[0])
    assert len(x) <= 2_000
    assert y.max() == 2.45
    plots.loss._box.setXRange(199_000, 201_000, padding=0)
    x, _ = drawn(plots.loss._lines[0])
    inside = (x >= 199_000) & (x <= 201_000)
    np.testing.assert_array_equal(x[inside], np.arange(199_000, 201_001, 10))  # all of them, in the part in sight


def test_infinite_losses_leave_gaps_and_ranges_alone(plots: CurvePlots) -> None:
    run = curves(50)
    run.values[30:, 0] = np.inf
    run.values[30:, 2] = np.nan
    plots.render_snapshot(snapshot(run))
    assert plots.loss.limits[2] == 2.5
    assert np.isnan(drawn(plots.loss._lines[0])[1][30:]).all()
    plots.grab()


def test_without_classes_the_accuracy_says_so(plots: CurvePlots) -> None:
    run = curves(20)
    run.values[:, [1, 3]] = np.nan
    plots.render_snapshot(snapshot(run))
    assert plots.accuracy.overlay._note == "no classes, no accuracy"
    assert plots._heads[1].values() == ("–", "–")


def test_a_snapshot_without_curves_is_shown(plots: CurvePlots) -> None:
    plots.render_snapshot(snapshot(None))
    plots.render_snapshot(snapshot(Curves(np.zeros(0, np.int64), np.zeros((0, 4)))))
    plots.grab()
    assert plots._heads[0].values() == ("", "")


# ---- ranges --------------------------------------------------------------------------------------------------------


def test_ranges_grow_in_round_steps_and_rest_in_between(plots: CurvePlots, monkeypatch: pytest.MonkeyPatch) -> None:
    run = curves(400)
    calls: list[object] = []
    original = plots.loss._box.setRange
    monkeypatch.setattr(plots.loss._box, "setRange", lambda *a, **k: calls.append(k) or original(*a, **k))
    for points in range(1, 401):
        plots.render_snapshot(snapshot(part(run, points)))
    assert plots.loss.limits == (4000.0, 0.0, 2.5)
    assert len(calls) < 25
    (left, right), (low, high) = ranges(plots.loss)
    assert (left, right) == (0.0, 4000.0)
    assert low <= 0 < 2.5 <= high < 2.6


def test_the_accuracy_keeps_to_100_percent_and_goes_down_as_far_as_it_must(plots: CurvePlots) -> None:
    run = curves(100)
    run.values[0, 1] = 0.08
    late = Curves(run.steps, run.values * [1, 0, 1, 0] + [0, 0.72, 0, 0.75])
    plots.render_snapshot(snapshot(late))
    assert plots.accuracy.limits[1:] == (0.7, 1.0)
    plots.render_snapshot(snapshot(run))
    assert plots.accuracy.limits[1:] == (0.0, 1.0)


def test_logarithmic_loss_and_back(plots: CurvePlots) -> None:
    run = curves(100)
    run.values[50, 0] = 0.0  # has no logarithm
    plots.render_snapshot(snapshot(run))
    QTest.mouseClick(plots.findChild(QAbstractButton, "loss_log"), LEFT)
    assert plots.is_log()
    _, y = drawn(plots.loss._lines[0])
    expected = np.log10(run.values[:50, 0])
    np.testing.assert_allclose(y[:50], expected)
    assert np.isnan(y[50])
    _, (low, high) = ranges(plots.loss)
    assert low <= expected.min() < expected.max() <= high
    axis = plots.loss._axes["left"]
    (_, ticks), *_ = axis.tickValues(low, high, 150)
    assert axis.tickStrings([0.0, -1.0], 1, 1) == ["1", "0.1"]
    assert len(ticks) >= 2
    plots.set_log(False)
    np.testing.assert_array_equal(drawn(plots.loss._lines[0])[1], run.values[:, 0])
    assert plots.loss.limits[1:] == (0.0, 2.5)


def test_dragging_zooms_the_wheel_zooms_and_a_double_click_shows_all(plots: CurvePlots) -> None:
    run = part(curves(300), 200)
    plots.render_snapshot(snapshot(run))
    QApplication.processEvents()
    whole = ranges(plots.loss)
    view = plots.loss.viewport()
    start, end = plots.loss.to_pixel(500, 1.5).toPoint(), plots.loss.to_pixel(1000, 0.5).toPoint()
    QTest.mousePress(view, LEFT, pos=start)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(view, start + (end - start) * share)
    QTest.mouseRelease(view, LEFT, pos=end)
    (left, right), (low, high) = ranges(plots.loss)
    assert (left, right) == pytest.approx((500, 1000), abs=15)
    assert (low, high) == pytest.approx((0.5, 1.5), abs=0.03)
    assert ranges(plots.accuracy)[0] == pytest.approx((left, right))  # both show the same steps
    all_button = plots.findChild(QAbstractButton, "curves_all")
    assert all_button.isVisible()
    plots.render_snapshot(snapshot(curves(300)))  # growing does not disturb
    assert ranges(plots.loss)[0] == pytest.approx((left, right))
    QTest.mouseDClick(view, LEFT, pos=start)
    QTest.mouseRelease(view, LEFT, pos=start)  # QTest leaves the button down
    assert ranges(plots.loss)[0] == (0.0, 3000.0)
    assert ranges(plots.loss)[1] == pytest.approx(whole[1])
    assert not all_button.isVisible()


def test_the_wheel_zooms_the_steps_only(plots: CurvePlots) -> None:
    plots.render_snapshot(snapshot(part(curves(300), 200)))
    QApplication.processEvents()
    before = ranges(plots.loss)
    place = plots.loss.to_pixel(1000, 1.0)
    view = plots.loss.viewport()
    event = QWheelEvent(
        place, QPointF(view.mapToGlobal(place.toPoint())), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)
    after = ranges(plots.loss)
    assert after[0][1] - after[0][0] < 0.95 * (before[0][1] - before[0][0])
    assert after[1] == pytest.approx(before[1])
    plots.show_all()
    assert ranges(plots.loss) == before


def reset(shown: Curves, segment: int) -> Snapshot:
    """Return what comes after the ``segment``-th reset of a training."""
    marks = (Mark(0, "reset", "reset, seed 7", 10 * segment),)
    return snapshot(shown, segment=segment, applied_seq=10 * segment, marks=marks)


def test_another_project_has_no_ghost_of_the_one_before(plots: CurvePlots) -> None:
    plots.render_snapshot(snapshot(curves(200), segment=0, applied_seq=3))
    large = Curves(curves(60).steps, curves(60).values * 1e9)
    plots.render_snapshot(replace(reset(large, 1), applied_seq=12))
    other = curves(40, seed=2)
    # opened: at another segment, with a reset that was made when that project was trained
    old_mark = (Mark(0, "reset", "reset, seed 7", 5),)
    plots.render_snapshot(snapshot(other, segment=3, applied_seq=14, marks=old_mark))
    assert not len(drawn(plots.loss._ghosts[0])[0])
    assert ranges(plots.loss)[1][1] < 10
    np.testing.assert_array_equal(drawn(plots.loss._lines[0])[1], other.values[:, 0])
    plots.render_snapshot(snapshot(None, segment=0, applied_seq=16))  # a new one
    assert not len(drawn(plots.loss._ghosts[0])[0])


def test_a_reset_leaves_the_old_curve_as_a_ghost(plots: CurvePlots) -> None:
    first, second = curves(200, seed=1), curves(20, seed=2)
    plots.render_snapshot(snapshot(first, segment=0))
    plots.render_snapshot(reset(second, 1))
    np.testing.assert_array_equal(drawn(plots.loss._ghosts[0])[1], first.values[:, 0])
    np.testing.assert_array_equal(drawn(plots.loss._lines[0])[1], second.values[:, 0])
    assert plots.loss.limits[0] == 2000.0  # the ghost stays in sight
    plots.render_snapshot(reset(curves(3), 2))
    np.testing.assert_array_equal(drawn(plots.loss._ghosts[0])[1], second.values[:, 0])
    assert plots.loss.limits[0] == 200.0


# ---- rings and marks -----------------------------------------------------------------------------------------------


def test_a_measurement_after_an_edit_is_a_ring_and_no_point(plots: CurvePlots) -> None:
    run = curves(50)
    plots.render_snapshot(snapshot(run, evaluation=evaluation(490, run.values[-1])))
    assert plots.loss.overlay.ring() is None
    edited = evaluation(490, [0.9, 0.5, 1.0, 0.45])
    plots.render_snapshot(snapshot(run, evaluation=edited))
    assert plots.loss.overlay.ring() == (490.0, (("train", 0.9), ("validation", 1.0)))
    assert plots.accuracy.overlay.ring() == (490.0, (("train", 0.5), ("validation", 0.45)))
    assert len(drawn(plots.loss._lines[0])[0]) == 50
    assert plots._heads[0].values() == ("0.9000", "1.000")
    assert plots._heads[1].values() == ("50.00 %", "45.00 %")
    plots.render_snapshot(snapshot(curves(51), evaluation=edited))  # the training went on
    assert plots.loss.overlay.ring() is None


def test_what_is_done_beyond_the_last_point_is_in_sight(plots: CurvePlots) -> None:
    run = curves(51)  # to step 500, where the axis would end
    marks = (Mark(569, "edit", "hidden 1: painted", 1),)
    measured = evaluation(569, (0.5, 0.8, 0.6, 0.75))
    plots.render_snapshot(snapshot(run, step=569, evaluation=measured, marks=marks))
    for plot in (plots.loss, plots.accuracy):
        assert ranges(plot)[0] == (0.0, 600.0)
        assert [label.x for label in plot.overlay.labels()] == [pytest.approx(plot.to_pixel(569, 0.0).x())]
        assert plot.area().contains(plot.to_pixel(569, 0.6))
    marks = (Mark(0, "reset", "reset, seed 7", 2),)
    plots.render_snapshot(snapshot(part(run, 1), applied_seq=2, segment=1, marks=marks))
    assert ranges(plots.loss)[0] == (0.0, 500.0)  # of the ghost


def test_a_ring_at_the_edge_is_round_in_large_type(plots: CurvePlots, look: Look) -> None:
    look.set(scale=2.0)
    run = curves(1)
    plots.render_snapshot(snapshot(run, evaluation=evaluation(0, run.values[0])))
    QApplication.processEvents()
    picture = plots.loss.overlay.grab().toImage()
    spot = plots.loss.to_pixel(0, float(run.values[0, 2]))
    ink = look.palette.colour("validation").getRgb()[:3]
    inked = [x for x in range(picture.width()) if picture.pixelColor(x, round(spot.y())).getRgb()[:3] == ink]
    assert inked
    assert spot.x() - inked[0] == pytest.approx(inked[-1] - spot.x(), abs=1.5)


def test_a_single_point_can_be_seen(plots: CurvePlots) -> None:
    run = curves(1)
    plots.render_snapshot(snapshot(run, evaluation=evaluation(0, run.values[0])))
    assert plots.loss.overlay.ring()[0] == 0.0
    plots.render_snapshot(snapshot(curves(2)))
    assert plots.loss.overlay.ring() is None


@pytest.mark.parametrize(
    ("kind", "low", "high", "texts"),
    [
        ("share", 0.9, 1.0, ["90.0 %", "92.5 %", "95.0 %", "97.5 %", "100.0 %"]),
        ("share", 0.0, 1.0, ["0 %", "25 %", "50 %", "75 %", "100 %"]),
        ("loss", 0.0, 2.5, ["0", "1", "2"]),
        ("loss", 0.0, 150_000.0, ["0", "50k", "100k", "150k"]),
    ],
)
def test_the_words_of_an_axis_are_true(plots: CurvePlots, kind: str, low: float, high: float, texts: list[str]) -> None:
    axis = plots.loss._axes["left"]
    axis.set_kind(kind)
    ((spacing, ticks),) = axis.tickValues(low, high, 4.2 * 1.7 * plots._look.em(8.0))
    words = axis.tickStrings(ticks, 1.0, spacing)
    for word, tick in zip(words, ticks, strict=True):
        number = float(word.rstrip(" %k"))
        factor = 0.01 if "%" in word else 1000.0 if "k" in word else 1.0
        assert number * factor == pytest.approx(tick)
    assert words == texts


def test_the_ring_moves_with_the_logarithm(plots: CurvePlots) -> None:
    run = curves(50)
    plots.set_log(True)
    plots.render_snapshot(snapshot(run, evaluation=evaluation(490, [0.1, 0.5, 1.0, 0.45])))
    assert plots.loss.overlay.ring() == (490.0, (("train", pytest.approx(-1.0)), ("validation", 0.0)))


def mark(step: int, label: str = "painted", kind: str = "edit") -> Mark:
    return Mark(step, kind, label, step)


def test_marks_that_stand_close_share_a_label(plots: CurvePlots) -> None:
    marks = (
        mark(100),
        mark(110, "learning rate 0.003", "setting"),
        mark(115),
        mark(1500, "1 neuron added", "structure"),
    )
    plots.render_snapshot(snapshot(curves(200), marks=marks))
    labels = plots.loss.overlay.labels()
    assert [len(label.marks) for label in labels] == [3, 1]
    assert [label.text for label in labels] == ["✎ painted +2", "▦ 1 neuron added"]
    assert label_text([mark(1, "x" * 99)]) == "✎ " + "x" * 21 + "…"
    many = tuple(mark(step) for step in range(0, 2000, 2))
    plots.render_snapshot(snapshot(curves(200), marks=many))
    assert 0 < len(plots.loss.overlay.labels()) < 20
    plots.grab()


def test_words_never_stand_over_words_and_the_last_ones_come_first(plots: CurvePlots) -> None:
    marks = (mark(0, "reset, seed 7", "reset"), *(mark(step) for step in (900, 1100, 1500, 1800)))
    marks += (mark(1980, "learning rate 1000", "setting"),)
    plots.render_snapshot(snapshot(curves(200), marks=marks))
    for plot in (plots.loss, plots.accuracy):
        labels = plot.overlay.labels()
        width = QFontMetricsF(plots._look.font(8.0)).horizontalAdvance
        assert labels[-1].text == "⚙ learning rate 1000"
        assert labels[-1].left < labels[-1].x, "it stands at the left where there is no room at the right"
        for label in labels:
            assert label.left + width(label.text) <= plot.overlay.width()
            for other in labels:
                if other is not label and other.row == label.row:
                    assert other.left > label.left + width(label.text) or other.left + width(other.text) < label.left


def test_an_undo_is_a_line_without_words(plots: CurvePlots) -> None:
    marks = (mark(300, "hidden 1: painted"), mark(1200, "undone: hidden 1: painted"))
    plots.render_snapshot(snapshot(curves(200), marks=marks))
    overlay = plots.loss.overlay
    assert [label.text for label in overlay.labels()] == ["✎ hidden 1: painted"]
    x = plots.loss.to_pixel(1200, 0).x()
    assert overlay.marks_near(x) == [marks[1]], "pointing at it still tells"
    image = plots.loss.viewport().grab().toImage()
    ground = image.pixelColor(round(x) + 8, 40)
    assert any(image.pixelColor(round(x), y) != ground for y in range(30, 60)), "its line is there"


def test_marks_are_painted_where_they_belong(plots: CurvePlots, look: Look) -> None:
    plots.render_snapshot(snapshot(curves(200), marks=(mark(1200),)))
    view = plots.loss.viewport()
    QTest.mouseMove(view, QPoint(2, 2))  # no crosshair from where the mouse happens to be
    QApplication.processEvents()
    image = view.grab().toImage()
    x = round(plots.loss.to_pixel(1200, 0).x())
    wanted = look.palette.colour("activation")

    def yellow(column: int) -> int:
        colours = [image.pixelColor(column, y) for y in range(image.height())]
        return sum(
            abs(c.red() - wanted.red()) + abs(c.green() - wanted.green()) + abs(c.blue() - wanted.blue()) < 40
            for c in colours
        )

    assert yellow(x) > 0.3 * plots.loss.area().height()
    assert yellow(x - 6) == 0


# ---- exact values --------------------------------------------------------------------------------------------------


def hover(plots: CurvePlots, step: float) -> None:
    view = plots.loss.viewport()
    QTest.mouseMove(view, plots.loss.to_pixel(step, 1.0).toPoint())
    QApplication.processEvents()


def box(plot: TracePlot) -> list[str]:
    crosshair = plot.overlay.crosshair()
    return [] if crosshair is None else [text for _, text in crosshair.lines]


def test_hovering_tells_step_and_exact_values_in_both_plots(plots: CurvePlots) -> None:
    run = curves(200)
    run.values[101] = [0.2871234, 0.91254, 0.3012345, 0.90123]
    plots.render_snapshot(snapshot(run))
    QApplication.processEvents()
    hover(plots, 1013)
    assert box(plots.loss) == ["step 1,010", "train 0.287123", "valid. 0.301235"]
    assert box(plots.accuracy) == ["step 1,010", "train 91.254 %", "valid. 90.123 %"]
    assert plots.loss.overlay.crosshair().dots == (("train", 0.2871234), ("validation", 0.3012345))
    hover(plots, 1016)
    assert box(plots.loss)[0] == "step 1,020"
    QTest.mouseMove(plots.loss.viewport(), QPoint(2, 2))
    QApplication.processEvents()
    assert box(plots.loss) == []


def test_hovering_near_a_mark_tells_its_full_text(plots: CurvePlots) -> None:
    marks = (mark(1000, "learning rate 0.01 to 0.003", "setting"),)
    plots.render_snapshot(snapshot(curves(200), marks=marks))
    QApplication.processEvents()
    hover(plots, 1000)
    assert box(plots.loss)[-1] == "⚙ 1k: learning rate 0.01 to 0.003"


def test_arrow_keys_read_the_points_and_say_them(plots: CurvePlots) -> None:
    run = curves(20)
    plots.render_snapshot(snapshot(run))
    plots.accuracy.setFocus()
    QTest.keyClick(plots.accuracy, Qt.Key.Key_Left)
    assert box(plots.accuracy)[0] == "step 190"
    QTest.keyClick(plots.accuracy, Qt.Key.Key_Left)
    assert plots.accuracy.accessibleDescription().startswith("step 180, train ")
    QTest.keyClick(plots.accuracy, Qt.Key.Key_Home)
    QTest.keyClick(plots.accuracy, Qt.Key.Key_Left)
    assert box(plots.loss)[0] == "step 0"
    QTest.keyClick(plots.accuracy, Qt.Key.Key_Escape)
    assert box(plots.loss) == []


# ---- pictures and numbers ------------------------------------------------------------------------------------------


def test_numbers_saved_as_csv_are_the_numbers_shown(plots: CurvePlots, tmp_path: Path, qtbot: QtBot) -> None:
    run = curves(120)
    plots.render_snapshot(snapshot(run))
    path = tmp_path / "curves.csv"
    with qtbot.waitSignal(plots.saving.saved) as heard:
        assert plots.saving.save(path)
    assert heard.args == [str(path)]
    with path.open() as file:
        rows = list(csv.reader(file))
    np.testing.assert_array_equal(np.array(rows[1:], float), np.column_stack([run.steps, run.values]))
    assert "Saved as curves.csv" in plots.findChild(QLabel, "curves_message").text()


def test_the_svg_holds_lines_and_letters_and_no_pixels(plots: CurvePlots, tmp_path: Path) -> None:
    plots.render_snapshot(snapshot(curves(120), marks=(mark(600),)))
    path = tmp_path / "curves.svg"
    assert plots.saving.save(path)
    text = path.read_text()
    tags = re.findall(r"<([a-z]+)[ >\n]", text)
    words = {word.strip() for word in re.findall(r"<text[^>]*>([^<]*)</text>", text)}
    assert {"Loss", "Accuracy", "train", "validation", "100 %", "✎ painted"} <= words
    assert "image" not in tags
    assert "log" not in words  # buttons do not belong in a picture
    assert sum(tag in ("path", "polyline") for tag in tags) > 4


def test_the_svg_of_a_part_has_no_ring_of_a_step_beyond_it(plots: CurvePlots, tmp_path: Path) -> None:
    plots.render_snapshot(snapshot(curves(120), evaluation=evaluation(1_190, (0.2, 0.9, 0.3, 0.8))))
    rings = []
    for last in (1_200, 300):
        plots.loss._box.setXRange(100, last, padding=0)
        assert plots.saving.save(tmp_path / "curves.svg")
        rings.append(len(re.findall("<(?:circle|ellipse)", (tmp_path / "curves.svg").read_text())))
    assert rings == [4, 0]


def test_the_svg_of_a_part_has_no_curve_beyond_its_axes(plots: CurvePlots, tmp_path: Path) -> None:
    plots.render_snapshot(snapshot(curves(120)))
    plots.loss._box.setRange(xRange=(100, 300), yRange=(1.2, 1.6), padding=0)
    areas = [
        plot.area().translated(QPointF(plot.pos())).adjusted(-1, -1, 1, 1) for plot in (plots.loss, plots.accuracy)
    ]
    assert plots.saving.save(tmp_path / "curves.svg")
    group = r'<g [^>]*stroke="{}"[^>]*matrix\(([^)]*)\)[^>]*>\s*<path [^>]*d="([^"]*)"'
    drawn_train = re.findall(group.format(plots._look.palette.train), (tmp_path / "curves.svg").read_text())
    assert len(drawn_train) == 2
    for area, (matrix, path) in zip(areas, drawn_train, strict=True):
        a, _, _, d, left, top = map(float, matrix.split(","))
        places = re.findall(r"[ML](-?[\d.e+-]+),(-?[\d.e+-]+)", path)
        assert places
        assert all(area.contains(QPointF(a * float(x) + left, d * float(y) + top)) for x, y in places)


def test_the_png_and_the_clipboard_hold_the_picture(plots: CurvePlots, tmp_path: Path, look: Look) -> None:
    plots.render_snapshot(snapshot(curves(120)))
    assert plots.saving.save(tmp_path / "curves.png")
    saved = QImage(str(tmp_path / "curves.png"))
    assert (saved.width(), saved.height()) == (1600, 440)
    plots.saving.copy_picture()
    copied = QGuiApplication.clipboard().image()
    colours = {copied.pixelColor(x, y).name() for x in range(0, 1600, 2) for y in range(0, 440, 2)}
    assert {look.palette.train, look.palette.validation, look.palette.window} <= colours


@pytest.mark.parametrize("name", ["missing/curves.csv", "file/curves.svg", "curves.doc"])
def test_what_cannot_be_saved_is_told_in_place(plots: CurvePlots, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("no folder")
    plots.render_snapshot(snapshot(curves(20)))
    assert not plots.saving.save(tmp_path / name)
    message = plots.findChild(QLabel, "curves_message")
    assert message.isVisible()
    assert message.property("role") == "error"
    assert Path(name).name in message.text()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder_is_told_in_place(plots: CurvePlots, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert not plots.saving.save(tmp_path / "curves.csv")
    assert "Choose another folder" in plots.findChild(QLabel, "curves_message").text()
    tmp_path.chmod(0o700)


def test_the_menu_asks_for_a_file_and_saves_there(plots: CurvePlots, tmp_path: Path) -> None:
    plots.render_snapshot(snapshot(curves(20)))
    menu = plots.findChild(QMenu, "curves_actions")
    action = next(a for a in menu.actions() if isinstance(a, QAction) and a.objectName() == "curves_csv")
    action.trigger()
    dialog = plots.findChild(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("curves.csv")
    dialog.fileSelected.emit(str(tmp_path / "mine.csv"))
    dialog.close()
    assert (tmp_path / "mine.csv").stat().st_size > 100


# ---- cost and end --------------------------------------------------------------------------------------------------


def test_a_frame_costs_little(plots: CurvePlots) -> None:
    run = curves(2_100)
    plots.resize(800, 200)
    plots.render_snapshot(snapshot(part(run, 1_950)))
    QApplication.processEvents()
    costs = []
    for points in range(1_951, 2_001):
        frame = snapshot(part(run, points))
        start = time.process_time()
        plots.render_snapshot(frame)
        QApplication.processEvents()
        costs.append(time.process_time() - start)
    assert np.median(costs) < 0.008  # 1.6 ms on a quiet machine, both plots painted; 20 ms if all were smooth
    same = snapshot(part(run, 2_000))
    start = time.process_time()
    for _ in range(200):
        plots.render_snapshot(same)
    assert (time.process_time() - start) / 200 < 0.0003


def test_another_look_recolours_the_curves(plots: CurvePlots, look: Look) -> None:
    plots.render_snapshot(snapshot(curves(100)))
    look.set(palette=light(), scale=1.6)
    assert plots.loss._lines[0].opts["pen"].color().name() == light().train
    assert plots.loss._lines[1].opts["pen"].color().name() == light().validation
    plots.grab()


def test_closing_leaves_nothing_running(plots: CurvePlots, tmp_path: Path) -> None:
    plots.render_snapshot(snapshot(curves(100)))
    plots.saving.save(tmp_path / "curves.csv")
    assert plots.saving.message._fade.isActive()
    plots.close()
    assert not plots.saving.message._fade.isActive()


@pytest.mark.parametrize(("width", "legend"), [(400, ("train", "validation")), (30, ("", ""))])
def test_the_legend_gives_way_to_the_name(look: Look, qtbot: QtBot, width: int, legend: tuple[str, str]) -> None:
    head = PlotHead(look, "Accuracy")
    qtbot.addWidget(head)
    head.set_values("91.00 %", "90.00 %")
    head.resize(width, 20)
    assert head.legend() == legend
    head.grab()


def test_the_legend_never_stands_over_the_name(look: Look, qtbot: QtBot) -> None:
    head = PlotHead(look, "Accuracy")
    qtbot.addWidget(head)
    width = QFontMetricsF(look.font(9.0)).horizontalAdvance
    for room in range(30, 300, 7):
        head.resize(room, 20)
        words = [word for word in head.legend() if word]
        assert width("Accuracy") + sum(map(width, words)) <= max(room, width("Accuracy"))


def test_points_without_numbers_leave_the_axis_readable(plots: CurvePlots) -> None:
    plots.render_snapshot(snapshot(Curves(np.array([0]), np.full((1, 4), np.nan))))
    axis = plots.loss._axes["left"]
    (low, high) = ranges(plots.loss)[1]
    ((spacing, ticks),) = axis.tickValues(low, high, 100)
    assert max(map(len, axis.tickStrings(ticks, 1.0, spacing))) <= 4


def test_a_measurement_beyond_the_picture_is_a_tip_at_its_edge(plots: CurvePlots, look: Look) -> None:
    run = curves(50)
    plots.render_snapshot(snapshot(run, evaluation=evaluation(490, [50.0, 0.1, 60.0, 0.1])))
    image = plots.loss.viewport().grab().toImage()
    x, top = round(plots.loss.to_pixel(490, 0).x()), round(plots.loss.area().top())
    colours = {look.palette.colour(name).rgb() for name in ("train", "validation")}
    near = {image.pixelColor(x, y).rgb() for y in range(top, top + 8)}
    assert near & colours
    assert ranges(plots.loss)[1][1] < 10, "the curve is not pressed flat for it"


def test_another_training_begins_with_an_axis_of_its_own(plots: CurvePlots) -> None:
    first = curves(40)
    large = Curves(first.steps, first.values * 60_000.0)
    plots.render_snapshot(snapshot(large))
    plots.render_snapshot(reset(curves(20), 1))
    assert ranges(plots.loss)[1][1] > 10_000, "the run before a reset stays in sight"
    plots.render_snapshot(snapshot(curves(10, seed=3), segment=1))  # another project, also at its segment 1
    assert ranges(plots.loss)[1][1] < 10
    assert not len(drawn(plots.loss._ghosts[0])[0]), "no ghost of another project"
    plots.render_snapshot(snapshot(None, segment=1))
    plots.render_snapshot(snapshot(curves(300, seed=5), segment=1))
    assert ranges(plots.loss)[0][1] == pytest.approx(3000)


def test_what_is_being_read_stays_while_training_goes_on(plots: CurvePlots) -> None:
    whole = curves(300)
    plots.render_snapshot(snapshot(part(whole, 100)))
    plots._point_at(60)
    told = plots.loss.overlay.crosshair()
    assert told is not None
    plots.render_snapshot(snapshot(part(whole, 220)))
    assert plots.loss.overlay.crosshair() == told
    plots.loss.hovered.emit(-1)
    plots.render_snapshot(snapshot(whole))
    assert plots.loss.overlay.crosshair() is None
    plots._point_at(60)
    plots.render_snapshot(snapshot(curves(20, seed=4), segment=1))
    assert plots.loss.overlay.crosshair() is None, "a run in which there is no such step yet"


def test_while_training_goes_on_the_curves_follow_calmly(plots: CurvePlots, qtbot: QtBot) -> None:
    whole = curves(100)
    plots.render_snapshot(snapshot(part(whole, 10), is_running=True))
    for points in range(11, 40):
        plots.render_snapshot(snapshot(part(whole, points), is_running=True))
    assert len(plots.curves().steps) == 10
    qtbot.waitUntil(lambda: len(plots.curves().steps) == 39, timeout=2000)
    marks = (Mark(380, "edit", "a stroke", 3),)
    plots.render_snapshot(snapshot(part(whole, 40), is_running=True, marks=marks))
    assert len(plots.curves().steps) == 40, "what the user did shows at once"
    plots.render_snapshot(snapshot(part(whole, 41), is_running=True, marks=marks))
    plots.render_snapshot(snapshot(part(whole, 42), marks=marks))
    assert len(plots.curves().steps) == 42, "a paused window shows the final state"


@pytest.mark.parametrize("count", [30, 5_000])
def test_the_loss_is_broken_where_it_becomes_another_one_and_the_accuracy_is_not(plots: CurvePlots, count: int) -> None:
    found = curves(count)
    change = int(found.steps[20])
    plots.render_snapshot(
        snapshot(found, marks=(Mark(change, "setting", "batch 8", 1), Mark(change, "loss", "loss", 2)))
    )
    for line in plots.loss._lines:
        x, y = drawn(line)
        (gap,) = np.flatnonzero(np.isnan(y))
        assert x[gap - 1] <= change < x[gap + 1]
        assert line.opts["connect"] == "finite"
    for line in plots.accuracy._lines:
        assert np.isfinite(drawn(line)[1]).all()
    assert plots.curves() is found, "no point is added, neither for hover nor for the file"
