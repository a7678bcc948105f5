"""The pictures of sweeps: what they draw, what hover and keys tell, what a click loads, what is saved."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from playground.engine.superposition.closed_forms import linear_optimum, simple_border
from playground.engine.superposition.phase_cells import REGIONS
from playground.engine.superposition.plans import AnnealPlan, PairsPlan, PhasePlan, SparsityPlan, WarmPlan
from playground.engine.superposition.problem import CORRELATED, Group, make_problem
from playground.engine.superposition.results import ChosenModels, PhaseResult
from playground.engine.superposition.setup import Setup
from playground.views.fields import NumberField
from playground.views.look import Look
from playground.views.palette import dark, light
from playground.views.superposition.chart import Chart, loss_height, sparsity_place
from playground.views.superposition.phase_map import REGION_COLOURS, PhaseMap
from playground.views.superposition.sweep_panel import THREE, TWO, SweepPanel
from playground.views.superposition.sweep_plot import SweepPlot
from playground.views.superposition.sweep_progress import left_text
from tests.engine.superposition.sweep_samples import (
    antipodal,
    planted_annealed,
    planted_pairs,
    planted_phase,
    planted_sweep,
    planted_warm,
)

LEFT = Qt.MouseButton.LeftButton
RESULTS = {
    "sparsity": planted_sweep,
    "dimensions": lambda: planted_sweep(kinds=("relu",), weights={("relu", 0.9): antipodal(8, 3)}),
    "warm": planted_warm,
    "pairs": planted_pairs,
    "annealed": planted_annealed,
    TWO: planted_phase,
    THREE: lambda: planted_phase(3, 3, 2),
}


@pytest.fixture
def look(qapp: QApplication) -> Look:
    return Look(qapp)


@pytest.fixture
def panel(look: Look, qtbot: QtBot) -> Iterator[SweepPanel]:
    made = SweepPanel(look)
    qtbot.addWidget(made)
    made.resize(1400, 420)
    made.show()
    QApplication.processEvents()
    yield made
    made.close()


def shown(chart: Chart, qtbot: QtBot) -> Chart:
    qtbot.addWidget(chart)
    chart.resize(500, 300)
    chart.show()
    QApplication.processEvents()
    return chart


def spot(chart: Chart, index: int) -> QPoint:
    x, y = chart._places[index]
    return chart.to_pixel(float(x), float(y)).toPoint()


def lines(chart: Chart) -> list[str]:
    crosshair = chart.overlay.crosshair()
    return [] if crosshair is None else [text for _, text in crosshair.lines]


def filled(panel: SweepPanel) -> dict[str, Any]:
    results = {name: make() for name, make in RESULTS.items()}
    for name, result in results.items():
        panel.show_result(name, result)
    return results


# ---- the sweep -----------------------------------------------------------------------------------------------------


def test_each_quantity_stands_where_its_numbers_say(look: Look, qtbot: QtBot) -> None:
    plot = SweepPlot(look)
    result = planted_sweep(weights={("relu", 0.9): antipodal(8, 3)}, losses=np.full((3, 3), 0.02).tolist())
    shown(plot, qtbot)
    assert plot.note()
    plot.show_result(result)
    assert not plot.note()
    expected = {
        "represented": result.metrics.represented,
        "off_diagonal": result.metrics.off_diagonal,
        "loss": 1000 * result.losses,
        "dims_per_feature": result.metrics.dims_per_feature,
    }
    for quantity, values in expected.items():
        plot.set_quantity(quantity)
        np.testing.assert_array_equal(plot.values(), values)
        means = values.mean(-1).ravel()
        np.testing.assert_allclose(plot._places[:, 1], np.log10(means) if quantity == "loss" else means)
        np.testing.assert_allclose(plot._places[:3, 0], [sparsity_place(s) for s in (0.1, 0.5, 0.9)])
        inside = plot.area().adjusted(-1, -1, 1, 1)
        assert all(inside.contains(plot.to_pixel(x, y)) for x, y in plot._places)
    np.testing.assert_allclose(plot._dashed(), [1000 * linear_optimum(one).loss for one in result.problems])


@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_the_words_of_the_progress_are_never_cut_and_the_bar_does_not_jump(
    scale: float, look: Look, panel: SweepPanel
) -> None:
    look.set(scale=scale)
    panel.show_progress(THREE, 0.0, math.nan)
    QApplication.processEvents()
    words = panel.progress.findChild(QLabel, "sweep_progress_words")
    bar = panel.progress.findChild(QProgressBar, "sweep_progress_bar")
    assert words is not None
    assert bar is not None
    left = bar.x()
    for done, seconds in ((0.09, 9.0), (0.5, 3571.0), (1.0, 99.0)):
        panel.show_progress(THREE, done, seconds)
        assert words.width() >= words.sizeHint().width(), words.text()  # before anything is laid out anew
        QApplication.processEvents()
        assert bar.x() == left


def test_a_narrow_picture_says_what_it_shows_in_fewer_words(look: Look, qtbot: QtBot) -> None:
    plot = SweepPlot(look)
    shown(plot, qtbot)
    plot.show_result(planted_sweep(weights={("relu", 0.9): antipodal(8, 3)}))
    plot.resize(1200, 300)
    whole, long_legend = plot.shown_title()
    assert whole == plot.title()
    plot.resize(330, 300)
    short, short_legend = plot.shown_title()
    assert whole.startswith(short)
    assert [name for name, _ in short_legend] == [name for name, _ in long_legend]
    assert [len(word) for _, word in short_legend] < [len(word) for _, word in long_legend]
    metrics = QFontMetricsF(look.font(9.0))
    assert metrics.horizontalAdvance(short + "".join(word for _, word in short_legend)) < 330


def test_hover_tells_exact_values_and_a_click_names_the_model(look: Look, qtbot: QtBot) -> None:
    plot = SweepPlot(look)
    shown(plot, qtbot)
    result = planted_sweep(weights={("relu", 0.9): antipodal(8, 3)})
    result.losses[1, 2, 0] = 0.02  # seed 1 is the better one
    plot.show_result(result)
    chosen: list[tuple[int, int, int]] = []
    plot.model_chosen.connect(lambda *places: chosen.append(places))
    QTest.mouseMove(plot, spot(plot, 5))
    assert lines(plot) == [
        "S = 0.9",
        "ReLU on the output: 6",
        "seeds 6 to 6",
        "seed 1 has the least loss: 3 antipodal pairs",
    ]
    QTest.mouseClick(plot, LEFT, pos=spot(plot, 5))
    assert chosen == [(1, 2, 1)]
    QTest.mouseMove(plot, QPoint(250, 4))
    assert plot.pointed() == -1
    assert lines(plot) == []


def test_keys_walk_along_change_the_model_choose_and_let_go(look: Look, qtbot: QtBot) -> None:
    plot = SweepPlot(look)
    shown(plot, qtbot)
    plot.show_result(planted_sweep())
    chosen: list[tuple[int, int, int]] = []
    plot.model_chosen.connect(lambda *places: chosen.append(places))
    walk = [(Qt.Key.Key_Home, 0), (Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 4), (Qt.Key.Key_Up, 1), (Qt.Key.Key_Up, 7)]
    for key, place in walk:
        QTest.keyClick(plot, key)
        assert plot.pointed() == place
    assert plot.accessibleDescription().startswith("S = 0.5")
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert chosen == [(2, 1, 0)]
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.pointed() == -1


def test_a_point_that_is_read_stays_while_partial_results_come(look: Look, qtbot: QtBot) -> None:
    plot = SweepPlot(look)
    shown(plot, qtbot)
    plot.show_result(planted_sweep())
    plot.set_quantity("loss")
    plot.point_at(4)
    before = lines(plot)
    plot.show_result(planted_sweep(losses=np.full((3, 3), 0.005).tolist()))
    assert plot.pointed() == 4
    assert lines(plot) != before
    assert "5.0000" in lines(plot)[1]


# ---- phases --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [230, 300, 500, 900])
def test_every_word_of_the_legend_is_inside_the_picture(width: int, look: Look, qtbot: QtBot) -> None:
    chart = PhaseMap(look)
    shown(chart, qtbot)
    chart.resize(width, 300)
    chart.show_result(planted_phase())
    metrics = QFontMetricsF(look.font(8.0))
    places = chart.legend_places(has_line=True)
    assert [region for _, _, region in places] == [2, 1, 0, -1]
    boxes = []
    for x, baseline, region in places:
        words = REGIONS[region] if region >= 0 else "simple theory"
        boxes.append(QRectF(x, baseline - metrics.ascent(), 0.95 * look.em() + metrics.horizontalAdvance(words), 1.0))
    assert all(box.left() >= 0 and box.right() <= width for box in boxes)
    assert all(box.top() > chart.area().bottom() + metrics.height() for box in boxes)  # below the numbers of the axis
    for one, box in enumerate(boxes):
        assert not any(box.intersects(other) for other in boxes[one + 1 :])


def test_in_a_low_card_the_legend_stands_beside_the_picture(look: Look, qtbot: QtBot) -> None:
    chart = PhaseMap(look)
    shown(chart, qtbot)
    chart.show_result(planted_phase())
    em = look.em()
    chart.resize(round(44 * em), round(9 * em))
    assert chart.area().height() > 5 * em
    metrics = QFontMetricsF(look.font(8.0))
    places = chart.legend_places(has_line=True)
    assert [region for _, _, region in places] == [2, 1, 0, -1]
    for x, baseline, _ in places:
        assert x > chart.area().right() + metrics.horizontalAdvance("→ relative importance")  # clear of the axis
        assert x + metrics.horizontalAdvance("has the dimension") < chart.width()
        assert baseline < chart.height()


def test_cells_have_the_colour_of_their_region_in_both_themes(look: Look, qtbot: QtBot) -> None:
    chart = PhaseMap(look)
    shown(chart, qtbot)
    result = planted_phase()
    chart.show_result(result)
    for palette in (dark(), light()):
        look.set(palette=palette)
        for way in ("exact", "best", "single"):
            chart.set_way(way)
            image = chart.grab().toImage()
            cells = getattr(result, way)
            found: dict[int, set[int]] = {}
            for row in range(4):
                for column in range(4):
                    cell = chart._cell(row, column)
                    corner = QPoint(int(cell.left()) + 4, int(cell.bottom()) - 4)
                    found.setdefault(int(cells.regions[row, column]), set()).add(image.pixel(corner))
            # the theory line may cross a corner: the commonest colour of each region is one of its own
            assert len(found) == len(set(cells.regions.ravel()))
            hues = {region: chart.mixed(REGION_COLOURS[region], 1.0).hsvHue() for region in found}
            assert len(set(hues.values())) == len(hues)
            assert all(not found[a] & found[b] for a in found for b in found if a != b)


def test_a_cell_tells_its_numbers_and_a_click_loads_it(look: Look, qtbot: QtBot) -> None:
    chart = PhaseMap(look)
    shown(chart, qtbot)
    result = planted_phase()
    chart.show_result(result)
    chosen: list[tuple[int, int]] = []
    chart.cell_chosen.connect(lambda *cell: chosen.append(cell))
    for row, column in ((0, 0), (2, 3), (3, 1)):
        QTest.mouseMove(chart, chart._cell(row, column).center().toPoint())
        text = " ".join(lines(chart))
        assert f"r = {result.grid.ratios[column]:.4g}" in text
        assert f"p = {result.grid.densities[row]:.4g}" in text
        QTest.mouseClick(chart, LEFT, pos=chart._cell(row, column).center().toPoint())
    assert chosen == [(0, 0), (2, 3), (3, 1)]
    chart.point_at(5)
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.pointed() == 9
    QTest.mouseMove(chart, QPoint(2, 2))
    assert chart.pointed() == -1


def test_the_theory_line_runs_where_the_formula_says(look: Look, qtbot: QtBot) -> None:
    chart = PhaseMap(look)
    shown(chart, qtbot)
    chart.show_result(planted_phase())
    for ratio in (0.1, 1.0, 10.0):
        border = float(simple_border(np.array([ratio]))[0])
        point = chart.to_pixel(math.log10(ratio), math.log10(border))
        assert chart.area().contains(point)
    assert chart.to_pixel(-1.0, 0.0).y() == pytest.approx(chart._cell(0, 0).center().y(), abs=1)
    assert chart.to_pixel(1.0, -2.0).x() == pytest.approx(chart._cell(3, 3).center().x(), abs=1)


def test_cells_that_have_not_come_are_not_pointed_at(look: Look, qtbot: QtBot) -> None:
    chart = PhaseMap(look)
    shown(chart, qtbot)
    result = planted_phase()
    assert result.exact is not None
    result.exact.losses[2:] = np.nan
    chart.show_result(PhaseResult(result.grid, result.exact, None, None, 10, 3000, 0.5))
    assert chart.place_near(QPointF(chart._cell(1, 1).center())) == 5
    assert chart.place_near(QPointF(chart._cell(2, 1).center())) == -1
    chart.set_way("best")
    assert chart.note() == "The training has not come here yet."


# ---- the panel -----------------------------------------------------------------------------------------------------


def test_every_picture_can_be_hovered_and_clicked_through_the_panel(panel: SweepPanel) -> None:
    results = filled(panel)
    chosen: list[ChosenModels] = []
    panel.models_requested.connect(chosen.append)
    charts = {**panel.left._charts, TWO: panel.phase, THREE: panel.phase}
    for name, chart in charts.items():
        panel.show_sweep(name)
        QApplication.processEvents()
        assert chart.isVisible()
        for index in range(len(chart._places)):
            chart.point_at(index)
            assert len(lines(chart)) >= 3, name
        assert chart.grab().toImage().pixelColor(chart.width() // 2, 4).isValid()
        chosen.clear()
        index = len(chart._places) - 1
        chart.place_chosen.emit(index)
        (one,) = chosen
        kinds, seeds = len(one.setup.kinds), len(one.setup.seeds)
        assert one.parameters.shape[:3] == (kinds, seeds, one.setup.problem.features), name
        assert one.parameters.shape[3] == (2 if one.setup.is_absolute else 1) * one.setup.problem.hidden + 1
        assert 0 <= one.model[0] < kinds
        assert 0 <= one.model[1] < seeds
        assert one.label
    assert len(results) == len(charts)


def test_the_cell_that_is_loaded_is_that_of_the_way_that_is_shown(panel: SweepPanel) -> None:
    result = planted_phase()
    panel.show_result(TWO, result)
    chosen: list[ChosenModels] = []
    panel.models_requested.connect(chosen.append)
    panel.findChild(QAbstractButton, "phase_way_single").click()
    QTest.mouseClick(panel.phase, LEFT, pos=panel.phase._cell(1, 2).center().toPoint())
    assert result.single is not None
    np.testing.assert_array_equal(chosen[0].parameters[0, 0], result.single.parameters[1, 2].astype(np.float32))
    assert chosen[0].setup.problem == result.grid.problem(1, 2)


def test_start_makes_a_plan_of_the_models_on_the_screen(panel: SweepPanel, qtbot: QtBot) -> None:
    plans: list[Any] = []
    panel.plan_requested.connect(plans.append)
    start = panel.left.controls.start
    start.click()
    assert plans == []
    assert "no model" in panel.findChild(QLabel, "sweeps_controls_error").text()
    problem = make_problem(4, 2, 0.5, None, (Group((0, 1), CORRELATED),))
    setup = Setup(problem, ("linear", "relu"), (7, 8))
    panel.show_setup(setup)
    for name, kind in (
        ("sparsity", SparsityPlan),
        ("dimensions", SparsityPlan),
        ("warm", WarmPlan),
        ("pairs", PairsPlan),
        ("annealed", AnnealPlan),
    ):
        panel.findChild(QAbstractButton, f"sweeps_tab_{name}").click()
        start.click()
        assert isinstance(plans[-1], kind)
        assert plans[-1].name == name
        assert plans[-1].seeds[0] == 7
    assert plans[0].kinds == ("linear", "relu")
    assert plans[0].sparsities[0] == 0.0
    assert plans[0].sparsities[-1] == 0.99
    assert plans[1].kinds == ("relu",)
    assert plans[4].problem.features == 100
    panel.findChild(QAbstractButton, "phases_tab_phase-3-2").click()
    panel.right.controls.start.click()
    assert isinstance(plans[-1], PhasePlan)
    assert plans[-1].grid.features == 3
    assert panel.findChild(QLabel, "sweeps_controls_error").isHidden()


def test_numbers_are_kept_for_each_sweep_and_nonsense_is_said_in_place(panel: SweepPanel) -> None:
    plans: list[Any] = []
    panel.plan_requested.connect(plans.append)
    panel.show_setup(Setup(make_problem(5, 2, 0.5)))
    controls = panel.left.controls
    high = panel.findChild(NumberField, "sweeps_controls_high")
    high._edit.setText("0")
    high._edit.setText("0.2")
    high._edit.textEdited.emit("0.2")
    low = panel.findChild(NumberField, "sweeps_controls_low")
    low._edit.setText("0.5")
    low._edit.textEdited.emit("0.5")
    controls.start.click()
    assert plans == []
    assert "from 0.5 to 0.2" in panel.findChild(QLabel, "sweeps_controls_error").text()
    low._edit.setText("0.1")
    low._edit.textEdited.emit("0.1")
    controls.start.click()
    assert plans[-1].sparsities[-1] == 0.2
    panel.findChild(QAbstractButton, "sweeps_tab_pairs").click()
    controls.start.click()
    assert "into a group" in panel.findChild(QLabel, "sweeps_controls_error").text()


def test_progress_with_remaining_time_and_cancel(panel: SweepPanel, qtbot: QtBot) -> None:
    assert panel.progress.isHidden()
    panel.show_progress("sparsity", 0.0, math.nan)
    assert panel.progress.words() == "Sparsity sweep: 0 %, starting"
    panel.show_progress("sparsity", 0.425, 17.2)
    assert panel.progress.words() == "Sparsity sweep: 42 %, 18 s left"
    assert panel.findChild(QProgressBar, "sweep_progress_bar").value() == 425
    assert not panel.left.controls.start.isEnabled()
    assert not panel.right.controls.start.isEnabled()
    with qtbot.waitSignal(panel.cancel_requested):
        panel.findChild(QAbstractButton, "sweep_cancel").click()
    panel.show_ended()
    assert panel.progress.isHidden()
    assert panel.left.controls.start.isEnabled()
    assert [left_text(seconds) for seconds in (0.2, 99, 200, 3900)] == ["1 s", "99 s", "3 min 20 s", "1 h 5 min"]


def test_a_narrow_panel_shows_one_side_and_a_switch(panel: SweepPanel) -> None:
    assert panel.left.isVisible()
    assert panel.right.isVisible()
    assert not panel.switch.isVisible()
    panel.resize(620, 420)
    QApplication.processEvents()
    assert panel.left.isVisible()
    assert not panel.right.isVisible()
    panel.findChild(QAbstractButton, "sweep_side_right").click()
    assert panel.right.isVisible()
    assert not panel.left.isVisible()
    panel.show_error("It does not go.")
    assert panel.findChild(QLabel, "phases_controls_error").text() == "It does not go."
    panel.show_sweep("warm")
    assert panel.left.isVisible()


@pytest.mark.parametrize("name", RESULTS)
def test_pictures_and_numbers_are_saved(panel: SweepPanel, name: str, tmp_path: Path) -> None:
    panel.show_sweep(name)
    card = panel.right if name in (TWO, THREE) else panel.left
    saved: list[str] = []
    panel.saved.connect(saved.append)
    assert not card.saving.save(tmp_path / "early.csv")
    assert list(tmp_path.iterdir()) == []
    filled(panel)
    for ending in ("csv", "png", "svg"):
        assert card.saving.save(tmp_path / f"{name}.{ending}")
    assert len(saved) == 3
    rows = list(csv.reader(io.StringIO((tmp_path / f"{name}.csv").read_text(encoding="utf-8"))))
    assert len({len(row) for row in rows[:-2]}) == 1
    assert QImage(str(tmp_path / f"{name}.png")).width() > 500
    text = (tmp_path / f"{name}.svg").read_text(encoding="utf-8")
    assert "<image" not in text
    assert "<text" in text
    assert not card.saving.save(tmp_path / "picture.bmp")
    assert not card.saving.save(tmp_path / "nowhere" / "picture.csv")


def test_another_project_takes_its_results_along_and_the_old_ones_go(panel: SweepPanel) -> None:
    filled(panel)
    warm = planted_warm()
    panel.show_results({"warm": warm})
    assert panel.sweep.note()
    assert panel.phase.note()
    assert not panel.warm.note()
    assert not panel.left.saving.save(Path("never.csv"))


def test_everything_to_touch_has_a_name_and_says_more(panel: SweepPanel) -> None:
    filled(panel)
    for widget in [*panel.findChildren(QAbstractButton), *panel.findChildren(Chart)]:
        if widget.objectName().startswith("qt_"):
            continue
        assert widget.objectName()
        assert widget.accessibleName()
        assert len(widget.toolTip()) > len(widget.accessibleName()) / 2
        assert widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def test_losses_of_nothing_have_a_place() -> None:
    assert np.isfinite(loss_height(np.array([0.0, 1.0]))).all()
