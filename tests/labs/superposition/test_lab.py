"""The superposition lab through its widgets: every panel reaches the document, and what comes back is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from playground.app.program import Program
from playground.engine.superposition.plans import PHASE_NAMES
from playground.engine.superposition.problem import ABS, Group
from playground.engine.superposition.snapshots import SandboxSnapshot
from playground.labs.superposition.transport import EXPORTS
from playground.labs.superposition.view import SuperpositionView
from playground.session.sandbox_document import SandboxDocument
from playground.views.superposition.animate_row import SweepRange
from playground.views.superposition.model_column_words import loss_words
from tests.app.whole_program import programs

LEFT = Qt.MouseButton.LeftButton


class Bench:
    """The lab in its window, and how to wait for it."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program, self._qtbot = program, qtbot
        view = program.window.show_lab("superposition")
        assert isinstance(view, SuperpositionView)
        self.view = view
        self.stage = view.stage
        self.document: SandboxDocument = view.document

    @property
    def snapshot(self) -> SandboxSnapshot:
        assert self.document.snapshot is not None
        return self.document.snapshot

    def wait(self, fact: Callable[[], bool], timeout: int = 60_000) -> None:
        self._qtbot.waitUntil(fact, timeout=timeout)

    def settle(self) -> None:
        """Wait until the window shows all that was asked for."""
        self.wait(lambda: self.document.is_settled and self.snapshot.setup == self.document.setup)

    def train(self, steps: int) -> None:
        wanted = (self.snapshot.step if self.document.snapshot else 0) + steps
        self.document.advance(steps=steps)
        self.wait(lambda: self.document.is_settled and self.snapshot.step >= wanted and not self.snapshot.is_running)

    def find(self, name: str) -> QWidget:
        found = self.program.window.findChild(QWidget, name)
        assert isinstance(found, QWidget), name
        return found

    def click(self, name: str) -> None:
        QTest.mouseClick(self.find(name), LEFT)

    def type(self, name: str, text: str) -> None:
        edit = self.find(name)
        assert isinstance(edit, QLineEdit)
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)


@pytest.fixture
def bench(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with programs(qtbot, monkeypatch) as make:
        program = make()
        program.window.resize(1600, 1000)
        program.begin(lab="superposition")
        qtbot.waitExposed(program.window)
        found = Bench(program, qtbot)
        found.wait(lambda: found.document.snapshot is not None)
        found.settle()
        yield found


def test_playing_shows_every_model_and_pausing_the_final_state(bench: Bench) -> None:
    bench.click("play_button")
    bench.wait(lambda: bench.snapshot.step > 50)
    bench.click("play_button")
    bench.wait(lambda: bench.document.is_settled and not bench.snapshot.is_running)
    snapshot = bench.snapshot
    assert bench.view.transport._step_reading.text() == f"{snapshot.step:,}"
    columns = bench.stage.columns.columns
    assert len(columns) == 3
    for kind, column in enumerate(columns):
        reading = column.reading()
        assert reading is not None
        np.testing.assert_array_equal(reading.weight, snapshot.weights[kind, 0])
        assert reading.loss == snapshot.losses[kind, 0]


@pytest.mark.parametrize("size", [(1280, 800), (1600, 1000), (2560, 1440)])
def test_hidden_space_is_about_as_high_as_it_is_wide(bench: Bench, size: tuple[int, int]) -> None:
    bench.program.window.resize(*size)
    canvas = bench.stage.space.canvas
    bench.wait(lambda: canvas.height() > 0.85 * canvas.width() and canvas.width() < size[0] / 3)


@pytest.mark.parametrize(("size", "scale"), [((1280, 800), 1.0), ((1280, 800), 1.4), ((1600, 1000), 1.4)])
def test_what_has_no_room_beside_takes_turns_and_the_bars_are_in_sight(
    bench: Bench, size: tuple[int, int], scale: float
) -> None:
    window, stage = bench.program.window, bench.stage
    window.resize(*size)
    bench.program.appearance.look.set(scale=scale)
    bench.wait(lambda: stage.card.isVisible() or stage.task.isVisible())
    is_narrow = scale > 1
    assert (window.width(), window.height()) == size
    assert stage.space.isVisible() is not is_narrow
    assert stage.columns.isVisible()
    assert not stage.sweep_panel.isVisible()
    room = bench.find("superposition_models")

    def are_in_sight() -> bool:
        ends = [column.biases.mapTo(room, QPoint(0, column.biases.height())) for column in stage.columns.columns]
        sides = [column.mapTo(room, QPoint(column.width(), 0)).x() for column in stage.columns.columns]
        return max(sides) <= room.width() and max(end.y() for end in ends) <= room.height()

    bench.wait(are_in_sight)
    if scale == 1.0:  # there is room for pictures that tell something
        bench.wait(lambda: all(column.gram.width() > 0.6 * column.width() for column in stage.columns.columns))
    bench.click("superposition_page_plots")
    assert stage.sweep_panel.isVisible()
    assert not stage.columns.isVisible()
    if is_narrow:
        bench.click("superposition_side_inspector")
        assert stage.space.isVisible()
        assert not stage.task.isVisible()
        bench.wait(lambda: stage.space.canvas.mapTo(window, QPoint(0, 0)).x() < size[0] / 2)
        bench.train(3)
        bench.click("superposition_page_models")
        reading = stage.columns.columns[0].reading()
        assert reading is not None
        np.testing.assert_array_equal(reading.weight, bench.snapshot.weights[0, bench.view.chosen.seed])
    bench.program.appearance.look.set(scale=1.0)
    window.resize(1600, 1000)
    bench.wait(lambda: stage.space.isVisible() and stage.sweep_panel.isVisible() and stage.columns.isVisible())
    bench.wait(lambda: stage.space.mapTo(window, QPoint(0, 0)).x() > 1_000)


def test_panels_that_are_put_away_stay_away_however_large_the_window_is(bench: Bench) -> None:
    stage = bench.stage
    bench.view.show_panel("plots", is_shown=False)
    bench.program.window.resize(1280, 800)
    assert stage.columns.isVisible()
    assert bench.find("superposition_page").isHidden()
    bench.program.window.resize(1600, 1000)
    assert not stage.sweep_panel.isVisible()
    state = bench.view.save_view()
    assert state["panels"]["plots"] is False
    bench.view.show_panel("plots", is_shown=True)
    assert stage.sweep_panel.isVisible()
    assert min(bench.view.save_view()["middle"]) > 100


def test_the_status_line_has_room_for_its_words_on_a_projector(bench: Bench) -> None:
    line = bench.program.window.status_line
    line.show_now()
    bench.program.window.actions_table["view.projector"].trigger()
    labels = [label for label in line.findChildren(QLabel) if label.isVisible()]
    assert len(labels) >= 3
    for label in labels:
        assert label.width() >= label.sizeHint().width(), label.text()
        assert label.height() == label.sizeHint().height(), label.text()


def test_sizes_change_the_task_and_undo_brings_the_trained_models_back(bench: Bench) -> None:
    bench.train(30)
    trained = bench.snapshot.weights.copy()
    bench.type("features_number", "12")
    bench.type("hidden_number", "4")
    bench.settle()
    assert bench.snapshot.weights.shape == (3, 8, 12, 4)
    assert bench.snapshot.step == 0
    for _ in range(2):
        bench.document.undo_stack.undo()
    bench.settle()
    np.testing.assert_array_equal(bench.snapshot.weights, trained)
    assert bench.stage.task.features.value() == 5


def test_a_wrong_number_is_told_in_place_and_nothing_is_lost(bench: Bench) -> None:
    before = bench.document.setup
    count = bench.document.undo_stack.count()
    words = {"hidden": "more hidden dimensions", "features": "at least 2", "sparsity": "nothing to learn"}
    for field, word in words.items():
        bench.type(f"{field}_number", "7" if field == "hidden" else "1")
        assert word in getattr(bench.stage.task, field).error()
        assert bench.document.setup == before, field
        assert bench.document.undo_stack.count() == count, field


def test_a_move_of_s_continues_or_restarts_as_the_switch_says(bench: Bench) -> None:
    bench.train(40)
    trained = bench.snapshot.weights.copy()
    bench.type("sparsity_number", "0.5")
    bench.settle()
    np.testing.assert_array_equal(bench.snapshot.weights, trained)
    assert bench.snapshot.step == 40
    bench.click("sparsity_restarts")
    bench.type("sparsity_number", "0.8")
    bench.settle()
    assert bench.snapshot.step == 0
    assert bench.document.setup.problem.sparsity == (0.8,) * 5


def test_the_importance_is_drawn_by_hand_and_is_one_entry(bench: Bench) -> None:
    canvas = bench.stage.curve.canvas
    count = bench.document.undo_stack.count()
    QTest.mousePress(canvas, LEFT, pos=QPoint(4, 4))
    QTest.mouseMove(canvas, QPoint(canvas.width() // 2, canvas.height() // 2))
    QTest.mouseMove(canvas, QPoint(canvas.width() - 4, canvas.height() - 4))
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(canvas.width() - 4, canvas.height() - 4))
    bench.settle()
    importance = bench.snapshot.setup.problem.importance
    assert importance[0] > importance[2] > importance[4] > 0
    assert bench.document.undo_stack.count() == count + 1
    bench.document.undo_stack.undo()
    bench.settle()
    assert list(canvas.values()) == [1.0] * 5


def test_a_cancelled_stroke_over_the_curve_leaves_nothing(bench: Bench) -> None:
    canvas = bench.stage.curve.canvas
    index = bench.document.undo_stack.index()
    QTest.mousePress(canvas, LEFT, pos=QPoint(4, canvas.height() - 10))
    QTest.mouseMove(canvas, QPoint(canvas.width() - 4, canvas.height() - 10))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, LEFT)
    bench.settle()
    assert bench.document.setup.problem.importance == (1.0,) * 5
    assert bench.document.undo_stack.index() == index


def test_a_stroke_that_changed_nothing_takes_nothing_back(bench: Bench) -> None:
    bench.type("sparsity_number", "0.7")
    canvas = bench.stage.curve.canvas
    QTest.mousePress(canvas, LEFT, pos=QPoint(4, 1))  # at the top, where the bars end
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, LEFT)
    assert bench.document.setup.problem.sparsity == (0.7,) * 5
    bench.settle()


def test_groups_are_put_together_and_lose_features_that_go(bench: Bench) -> None:
    bench.click("add_correlated")
    picker = bench.stage.groups.picker
    for feature in (3, 4):
        QTest.mouseClick(picker, LEFT, pos=picker._cells().rect(feature).center().toPoint())
    bench.click("group_accept")
    bench.settle()
    assert list(bench.snapshot.setup.problem.groups) == [Group((3, 4))]
    bench.type("features_number", "4")
    bench.settle()
    assert list(bench.snapshot.setup.problem.groups) == []
    assert any("A group is gone" in text for text in bench.program.window.messages.texts())


def test_a_dragged_arrow_is_held_while_training_runs_and_is_one_entry(bench: Bench) -> None:
    bench.train(100)
    bench.click("play_button")
    bench.wait(lambda: bench.snapshot.is_running)
    space, model = bench.stage.space, bench.view.chosen.model
    count = bench.document.undo_stack.count()
    row = np.array([1.25, -0.5])
    for share in (0.3, 0.6, 1.0):
        space.feature_dragged.emit(2, share * row)
    bench.wait(lambda: bench.snapshot.stroke is not None and bench.snapshot.stroke.is_open)
    bench.wait(lambda: bool(np.allclose(bench.snapshot.weights[model][2], row)))
    step = bench.snapshot.step
    bench.wait(lambda: bench.snapshot.step > step + 20)
    np.testing.assert_allclose(bench.snapshot.weights[model][2], row, rtol=1e-6)  # held against the training
    lines = {line.name: line for line in bench.stage.card.lines()}
    assert any(line.before for line in lines.values())
    space.drag_released.emit()
    bench.wait(lambda: not np.allclose(bench.snapshot.weights[model][2], row))  # and trained again
    assert bench.document.undo_stack.count() == count + 1
    bench.click("play_button")
    bench.settle()


def test_a_drag_that_is_cancelled_puts_the_row_back(bench: Bench) -> None:
    before = bench.snapshot.weights[bench.view.chosen.model].copy()
    bench.stage.space.feature_dragged.emit(1, np.array([2.0, 2.0]))
    bench.settle()
    bench.stage.space.drag_cancelled.emit()
    bench.settle()
    np.testing.assert_array_equal(bench.snapshot.weights[bench.view.chosen.model], before)


def test_tools_change_the_chosen_features_alone(bench: Bench) -> None:
    model = bench.view.chosen.model
    before = bench.snapshot.weights[model].copy()
    bench.stage.space.selection_changed.emit((0, 3))
    bench.click("tool_flip")
    bench.settle()
    after = bench.snapshot.weights[model]
    np.testing.assert_array_equal(after[[0, 3]], -before[[0, 3]])
    np.testing.assert_array_equal(after[[1, 2, 4]], before[[1, 2, 4]])
    bench.click("tool_spread")
    bench.settle()
    norms = np.linalg.norm(bench.snapshot.weights[model], axis=1)
    np.testing.assert_allclose(norms, norms[0], rtol=1e-5)
    bench.click("tool_freeze")
    bench.settle()
    held = bench.snapshot.weights[model].copy()
    bench.train(20)
    np.testing.assert_array_equal(bench.snapshot.weights[model][[0, 3]], held[[0, 3]])
    assert not np.array_equal(bench.snapshot.weights[model][1], held[1])


def test_a_painted_cell_reaches_the_model_of_its_column(bench: Bench) -> None:
    bench.view.show_weights(is_shown=True)
    bench.settle()
    column = bench.stage.columns.columns[0]
    values = bench.snapshot.weights[0, 0].copy()
    values[4, 1] = 0.75
    column.grid.cells_painted.emit(values)
    column.grid.released.emit()
    bench.settle()
    assert bench.snapshot.weights[0, 0, 4, 1] == 0.75
    assert not np.array_equal(bench.snapshot.weights[1, 0], bench.snapshot.weights[0, 0])


def test_paint_that_is_there_already_leaves_no_entry_to_take_back(bench: Bench) -> None:
    bench.view.show_weights(is_shown=True)
    bench.settle()
    grid, stack = bench.stage.columns.columns[0].grid, bench.document.undo_stack
    places = [grid.cell_centre(row, 0).toPoint() for row in (1, 2)]
    QTest.mouseClick(grid, LEFT, pos=places[0])
    bench.settle()
    painted, count = bench.snapshot.weights[0, 0].copy(), stack.count()
    QTest.mouseClick(grid, LEFT, pos=places[0])  # the same paint once more
    bench.settle()
    assert stack.count() == count
    np.testing.assert_array_equal(bench.snapshot.weights[0, 0], painted)
    QTest.mousePress(grid, LEFT, pos=places[0])  # a stroke that begins on it and goes on to another cell
    bench.settle()
    QTest.mouseMove(grid, places[1])
    QTest.mouseRelease(grid, LEFT, pos=places[1])
    bench.settle()
    assert stack.count() == count + 1
    assert bench.snapshot.weights[0, 0, 2, 0] == painted[1, 0]
    stack.undo()
    bench.settle()
    np.testing.assert_array_equal(bench.snapshot.weights[0, 0], painted)


def test_the_probe_answers_and_names_who_interferes(bench: Bench) -> None:
    bench.stage.space.canvas.set_selection(())
    bench.click("tool_spread")
    bench.settle()
    probe = bench.stage.probe
    probe.set_inputs(np.array([1.0, 0, 0, 0, 0]))
    bench.wait(lambda: bench.snapshot.probe is not None and bench.document.is_settled)
    reading = bench.snapshot.probe
    assert reading is not None
    weight = bench.snapshot.weights[bench.view.chosen.model].astype(np.float64)
    np.testing.assert_allclose(reading.share[1, :, 0], weight @ weight[0], rtol=1e-5)
    assert "from feature 0" in probe.words()
    probe.clear()
    bench.settle()
    assert bench.snapshot.probe is None


def test_another_task_starts_with_an_empty_probe_and_no_word_of_trouble(bench: Bench) -> None:
    bench.stage.probe.set_inputs(np.ones(5))
    bench.settle()
    bench.type("features_number", "9")
    bench.settle()
    assert bench.snapshot.probe is None
    assert not bench.stage.probe.inputs().any()
    assert list(bench.program.window.messages.texts()) == []


def test_kind_and_seed_are_chosen_once_for_all_panels(bench: Bench) -> None:
    bench.stage.columns.kind_chosen.emit(2)
    bench.stage.seeds.seed_chosen.emit(5)
    assert bench.view.chosen.model == (2, 5)
    assert bench.stage.columns.columns[2].is_chosen
    np.testing.assert_array_equal(bench.stage.space.canvas.state.weight, bench.snapshot.weights[2, 5])
    bench.click("kind_relu-relu")  # the chosen kind goes: the ReLU model takes its place
    bench.settle()
    assert bench.view.chosen.model == (1, 5)


def test_the_absolute_value_stands_alone_with_its_own_weights(bench: Bench) -> None:
    bench.click(f"kind_{ABS}")
    bench.settle()
    assert bench.snapshot.setup.kinds == (ABS,)
    assert len(bench.stage.columns.columns) == 1
    assert bench.stage.claims.isHidden()
    bench.train(5)
    bench.document.undo_stack.undo()
    bench.settle()
    assert len(bench.stage.columns.columns) == 3


def test_seeds_are_added_and_the_best_is_kept(bench: Bench) -> None:
    bench.train(50)
    bench.stage.seeds.count_asked.emit(10)
    bench.settle()
    assert bench.snapshot.setup.seeds == tuple(range(10))
    bench.train(50)
    bench.view.choose_best_seed()
    best = bench.view.chosen.seed
    assert bench.snapshot.losses[1].argmin() == best
    bench.stage.seeds.keep_asked.emit((best,))
    bench.settle()
    assert bench.snapshot.setup.seeds == (best,)
    assert bench.view.chosen.seed == 0


def test_s_goes_up_and_down_while_training_runs_as_one_entry(bench: Bench) -> None:
    bench.stage.task.animation.set_range(SweepRange(0.6, 0.95, 1.0))
    count = bench.document.undo_stack.count()
    bench.click("animate_sparsity")
    seen: list[float] = []

    def both_ends() -> bool:
        seen.append(bench.document.setup.problem.sparsity[0])
        return max(seen) > 0.949 and min(seen) < 0.65

    bench.wait(both_ends)
    assert bench.snapshot.is_running
    assert bench.snapshot.step > 0
    slider = bench.find("sparsity_slider")
    QTest.mousePress(slider, LEFT, pos=QPoint(slider.width() // 2, slider.height() // 2))
    assert not bench.view.animation.is_running
    QTest.mouseRelease(slider, LEFT, pos=QPoint(slider.width() // 2, slider.height() // 2))
    assert bench.document.undo_stack.count() == count + 2  # the animation, and the drag
    for _ in range(2):
        bench.document.undo_stack.undo()
    assert bench.document.setup.problem.sparsity == (0.9,) * 5
    bench.click("play_button")
    bench.settle()


def test_restart_ends_the_animation_which_continues_by_its_nature(bench: Bench) -> None:
    bench.click("sparsity_restarts")
    bench.click("animate_sparsity")
    assert bench.stage.task.is_continuing()
    bench.wait(lambda: bench.view.animation.is_running and bench.snapshot.is_running)
    bench.click("sparsity_restarts")
    assert not bench.view.animation.is_running
    bench.click("play_button")
    bench.settle()


def test_an_experiment_sets_up_plays_and_sweeps_with_one_click(bench: Bench) -> None:
    bench.click("experiments_button")
    assert bench.view.transport.experiments.isVisible()
    bench.click("experiment_phase-2-1")
    assert not bench.view.transport.experiments.isVisible()
    bench.wait(lambda: bench.snapshot.setup.problem.features == 2 and bench.snapshot.is_running)
    assert "theory" in bench.stage.experiment_band._text.text()
    assert bench.view.sweeps.sweeping.running == "phase-2-1"
    bench.view.sweeps.sweeping.cancel()
    bench.click("experiment_band_fold")
    assert "theory" not in bench.stage.experiment_band._text.text()
    bench.click("experiment_band_fold")
    assert "theory" in bench.stage.experiment_band._text.text()
    bench.click("experiment_band_close")
    assert bench.stage.experiment_band.isHidden()
    bench.document.undo_stack.undo()
    bench.settle()
    assert bench.document.setup.problem.features == 5


def test_an_experiment_after_the_end_of_another_keeps_its_own_schedule(bench: Bench) -> None:
    bench.type("features_number", "6")
    bench.settle()
    bench.document.set_horizon(20)
    bench.train(20)
    said: list[bool] = []
    bench.view.running.went_on.connect(lambda: said.append(True))
    bench.view.run_experiment("geometry")
    schedule = bench.document.setup.schedule
    assert schedule.steps is not None
    assert schedule.steps > 1000
    assert not said
    bench.wait(lambda: bench.document.is_settled and bench.snapshot.step > 20)
    assert bench.document.setup.schedule == schedule
    bench.view.sweeps.close()


def test_an_experiment_puts_its_sweep_in_the_place_of_the_one_that_runs(bench: Bench) -> None:
    panel = bench.stage.sweep_panel
    bench.view.run_experiment("article")
    assert bench.view.sweeps.sweeping.running == "sparsity"
    bench.view.run_experiment("phase-3-2")
    assert bench.view.sweeps.sweeping.running == panel.right.tab() == PHASE_NAMES[3, 2]
    upper, below = bench.stage._middle.sizes()
    assert below > 0.45 * (upper + below)
    assert "Phase diagram 3 → 2" in panel.progress.words()
    assert not panel.progress.isHidden()
    assert panel.left.controls._error.isHidden()
    bench.wait(lambda: panel.phase.cells() is not None)
    bench.view.sweeps.close()
    assert panel.progress.isHidden()


def test_play_goes_on_beyond_the_end_of_the_schedule(bench: Bench) -> None:
    bench.document.set_horizon(20)
    bench.train(20)
    bench.click("play_button")
    bench.wait(lambda: bench.snapshot.step > 40)
    assert bench.document.setup.schedule.steps is None
    bench.click("play_button")
    bench.settle()


def test_behind_another_lab_nothing_is_computed(bench: Bench) -> None:
    bench.click("play_button")
    bench.wait(lambda: bench.snapshot.is_running)
    bench.view.set_animated(is_animated=True)
    bench.program.window.show_lab("network")
    assert not bench.view.animation.is_running
    bench.wait(lambda: bench.document.is_settled and not bench.snapshot.is_running)
    step = bench.snapshot.step
    bench.program.window.show_lab("superposition")
    bench.wait(lambda: bench.snapshot.is_running and bench.snapshot.step > step)
    bench.click("play_button")
    bench.settle()


def test_how_it_lies_and_what_is_chosen_comes_back(bench: Bench) -> None:
    view, stage = bench.view, bench.stage
    view.chosen.set_kind(2)
    view.chosen.set_seed(3)
    view.chosen.set_features((1, 4))
    view.set_continuing(is_continuing=False)
    view.show_panel("plots", is_shown=False)
    stage.probe.set_inputs(np.array([0, 0.5, 0, 0, 1.0]))
    stage.task.animation.set_range(SweepRange(0.2, 0.8, 4.0))
    kept = view.save_view()
    view.chosen.set_kind(0)
    view.chosen.set_features(())
    view.set_continuing(is_continuing=True)
    view.show_panel("plots", is_shown=True)
    stage.probe.clear()
    view.restore_view(kept)
    assert view.save_view() == kept
    view.restore_view({"model": [9, "x"], "features": [99], "probe": [5.0], "animation": [1], "columns": "wide"})
    assert view.save_view() == kept


def exported(bench: Bench, what: str, folder: Path) -> bytes:
    bench.view.exporting.export(what)
    (dialog,) = (found for found in bench.view.findChildren(QFileDialog) if found.isVisible())
    path = folder / f"{what}.{what.rsplit('_', 1)[1]}"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    return path.read_bytes()


def test_what_is_shown_is_exported(bench: Bench, own_home: Path) -> None:
    bench.train(20)
    found = {what: exported(bench, what, own_home) for what, _ in EXPORTS}
    rows = [line.split(",") for line in found.pop("weights_csv").decode().splitlines()]
    assert rows[0] == ["feature", "W0", "W1", "b"]
    weights = np.array([[float(value) for value in row[1:3]] for row in rows[1:]], np.float32)
    np.testing.assert_array_equal(weights, bench.snapshot.weights[bench.view.chosen.model])
    rows = [line.split(",") for line in found.pop("readings_csv").decode().splitlines()]
    assert len(rows) == 1 + 24
    assert float(rows[1][3]) == pytest.approx(bench.snapshot.losses[0, 0])
    assert set(found) == {"models_png", "loss_svg", "loss_png"}
    for what, picture in found.items():
        assert picture.startswith(b"\x89PNG" if what.endswith("png") else b"<?xml"), what
        assert len(picture) > 2_000, what


def test_an_export_that_cannot_be_written_is_told(bench: Bench, own_home: Path) -> None:
    bench.view.exporting.export("weights_csv")
    dialog = bench.view.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(own_home / "no such folder" / "w.csv"))
    dialog.reject()
    assert any("could not be saved" in text for text in bench.program.window.messages.texts())


def test_the_window_closes_while_a_sweep_and_an_animation_run(bench: Bench) -> None:
    bench.view.run_experiment("geometry")
    bench.view.set_animated(is_animated=True)
    bench.wait(lambda: bench.view.animation.is_running and bench.view.sweeps.sweeping.running != "")


def test_a_model_that_has_not_changed_is_not_read_again(bench: Bench) -> None:
    before = bench.view.showing.readings
    bench.stage.space.feature_dragged.emit(1, np.array([0.5, 0.25]))
    bench.wait(lambda: bool(np.allclose(bench.snapshot.weights[bench.view.chosen.model][1], [0.5, 0.25])))
    bench.settle()
    after = bench.view.showing.readings
    chosen = bench.view.chosen.kind
    assert [one is other for one, other in zip(before, after, strict=True)] == [at != chosen for at in range(3)]
    bench.stage.space.drag_cancelled.emit()
    bench.settle()
    np.testing.assert_array_equal(bench.view.showing.readings[chosen].weight, before[chosen].weight)
    bench.document.set_importance("0.9^i")
    bench.settle()
    bench.wait(lambda: all(one is not other for one, other in zip(bench.view.showing.readings, after, strict=True)))


def test_the_card_says_what_a_stroke_did_until_training_goes_on(bench: Bench) -> None:
    stage = bench.stage
    bench.stage.space.feature_dragged.emit(2, np.array([1.5, -1.5]))
    bench.settle()
    stage.space.drag_released.emit()
    bench.settle()
    loss = next(line for line in stage.card.lines() if line.name.startswith("loss"))
    assert loss.before
    bench.train(50)
    bench.wait(lambda: bench.snapshot.measured_step == bench.snapshot.step)
    loss = next(line for line in stage.card.lines() if line.name.startswith("loss"))
    assert not loss.before
    assert loss.now == loss_words(float(bench.snapshot.losses[bench.view.chosen.model]))


def test_columns_have_their_width_again_after_large_type_came_and_went_out_of_sight(bench: Bench) -> None:
    window, preferences = bench.program.window, bench.program.preferences
    columns = bench.stage._columns
    bench.wait(lambda: bench.stage.space.isVisible())
    left = columns.sizes()[0]
    preferences.change(is_projector=True)
    bench.wait(lambda: not bench.stage._later.isActive() and not bench.stage.space.isVisible())
    window.show_lab("network")
    preferences.change(is_projector=False)
    window.resize(1600, 1000)
    bench.wait(lambda: not bench.stage._later.isActive())
    window.show_lab("superposition")
    bench.wait(lambda: columns.sizes()[0] == left, timeout=5_000)
