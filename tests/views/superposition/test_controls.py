"""The left column: numbers of the task, the curve, groups; what makes no sense stands beside its field."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from playground.engine.superposition.problem import ABS, ANTICORRELATED, CORRELATED, Group, make_problem
from playground.engine.superposition.setup import Setup
from playground.views.look import Look
from playground.views.superposition.controls import TaskPanel
from playground.views.superposition.groups import GroupsPanel
from playground.views.superposition.importance import IMPORTANCE, SPARSITY, ImportanceEditor
from playground.views.superposition.importance_words import importance_for, pattern_of
from playground.views.superposition.sparsity_scale import SparsityScale
from playground.views.superposition.task_field import TaskField


def shown(qtbot: QtBot, widget: QWidget, width: int = 250) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, 700)
    widget.show()
    qtbot.waitExposed(widget)


def child(widget: QWidget, name: str) -> QWidget:
    found = widget.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found


@pytest.fixture
def task(qtbot: QtBot) -> TaskPanel:
    panel = TaskPanel(Look())
    shown(qtbot, panel)
    panel.show_setup(Setup(make_problem(5, 2, 0.9)))
    return panel


def typed(field: TaskField, text: str) -> str:
    """Type into a field, press Enter, and return what stands there afterwards."""
    edit = field.focusProxy()
    assert isinstance(edit, QLineEdit)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    return edit.text()


def test_the_sparsity_slider_moves_by_factors_of_density() -> None:
    scale = SparsityScale()
    assert scale.share(0.0) == 0
    assert scale.share(0.999) == 1
    assert scale.share(0.9) == pytest.approx(1 / 3)
    assert scale.share(0.99) == pytest.approx(2 / 3)
    for sparsity in (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999):
        assert scale.value(scale.share(sparsity)) == pytest.approx(sparsity)
    assert scale.stepped(0.9, 10, 0.0, 0.999) == pytest.approx(0.99)


@pytest.mark.parametrize(
    ("field", "text", "word"),
    [
        ("hidden", "9", "more hidden dimensions than features"),
        ("hidden", "5", "a dimension for every feature"),
        ("features", "1", "at least 2"),
        ("features", "401", "400"),
        ("features", "2.5", "whole number"),
        ("features", "inf", "whole number"),
        ("sparsity", "1", "nothing to learn"),
        ("sparsity", "1,5", "probability"),
        ("sparsity", "-0.1", "probability"),
        ("sparsity", "many", "no number"),
    ],
)
def test_what_makes_no_sense_is_told_in_place_and_goes_back(task: TaskPanel, field: str, text: str, word: str) -> None:
    heard: list[object] = []
    task.sizes_chosen.connect(lambda *sizes: heard.append(sizes))
    task.sparsity_changed.connect(heard.append)
    widget: TaskField = getattr(task, field)
    before = widget.value()
    assert float(typed(widget, text)) == before
    assert word in widget.error()
    assert widget.value() == before
    assert heard == []


def test_good_numbers_are_told_and_clear_the_sentence(task: TaskPanel) -> None:
    heard: list[object] = []
    task.sizes_chosen.connect(lambda *sizes: heard.append(sizes))
    task.sparsity_changed.connect(heard.append)
    typed(task.hidden, "9")
    typed(task.hidden, "3")
    assert task.hidden.error() == ""
    typed(task.features, "40")
    typed(task.sparsity, "0,5")
    assert heard == [(5, 3), (40, 2), 0.5]


def test_a_slider_dragged_beyond_what_holds_comes_back_when_it_is_let_go(task: TaskPanel) -> None:
    slider = task.hidden.findChild(QWidget, "hidden_slider")
    assert slider is not None
    heard: list[tuple[int, int]] = []
    task.sizes_chosen.connect(lambda *sizes: heard.append(sizes))
    middle = slider.height() // 2
    start = round(slider.width() * math.log(2) / math.log(100))
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(start, middle))
    QTest.mouseMove(slider, QPoint(slider.width() - 5, middle))
    assert "Choose hidden dimensions from 1 to 4" in task.hidden.error()
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 5, middle))
    assert task.hidden.value() == 2
    assert slider.property("value") == round(1000 * math.log(2) / math.log(100))
    assert all(sizes[1] < 5 for sizes in heard)


def test_the_switch_says_what_a_move_of_s_means(task: TaskPanel, qtbot: QtBot) -> None:
    for name in ("sparsity_continues", "sparsity_restarts"):
        button = task.findChild(QWidget, name)
        assert button is not None
        assert button.isVisible()
        assert "hysteresis" in button.toolTip()
    with qtbot.waitSignal(task.continuing_chosen) as heard:
        QTest.mouseClick(child(task, "sparsity_restarts"), Qt.MouseButton.LeftButton)
    assert heard.args == [False]
    assert not task.is_continuing()


def test_kinds_are_combined_or_the_absolute_value_stands_alone(task: TaskPanel) -> None:
    heard: list[tuple[str, ...]] = []
    task.kinds_chosen.connect(heard.append)
    for name in ("linear", "relu-relu", "relu", ABS, ABS):
        QTest.mouseClick(child(task, f"kind_{name}"), Qt.MouseButton.LeftButton)
    assert heard == [("relu", "relu-relu"), ("relu",), (ABS,), ("relu",)]


def test_s_runs_from_the_smaller_number(task: TaskPanel) -> None:
    heard: list[bool] = []
    task.animation_toggled.connect(heard.append)
    button = task.findChild(QWidget, "animate_sparsity")
    low = task.animation.findChild(QLineEdit, "animate_low_number")
    assert button is not None
    assert low is not None
    low.setFocus()
    low.selectAll()
    QTest.keyClicks(low, "0.995")
    QTest.keyClick(low, Qt.Key.Key_Return)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard == []
    assert not task.animation.is_running()
    word = task.findChild(QWidget, "animate_error")
    assert word is not None
    assert word.isVisible()


@pytest.fixture
def editor(qtbot: QtBot) -> ImportanceEditor:
    found = ImportanceEditor(Look())
    shown(qtbot, found)
    found.show_problem(make_problem(5, 2, 0.9))
    return found


def test_a_stroke_draws_every_feature_that_it_passes(editor: ImportanceEditor) -> None:
    canvas = editor.canvas
    dragged: list[tuple[str, object]] = []
    ended: list[str] = []
    editor.curve_dragged.connect(lambda mode, values: dragged.append((mode, values)))
    editor.curve_released.connect(ended.append)
    left, right = QPoint(3, 3), QPoint(canvas.width() - 3, canvas.height() - 3)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=left)
    QTest.mouseMove(canvas, right)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=right)
    assert dragged[-1][0] == IMPORTANCE
    assert ended == [IMPORTANCE]


def test_the_drawn_curve_falls_from_feature_to_feature_and_never_to_zero(editor: ImportanceEditor) -> None:
    canvas = editor.canvas
    heard: list[list[float]] = []
    editor.curve_dragged.connect(lambda _mode, values: heard.append(list(values)))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    QTest.mouseMove(canvas, QPoint(canvas.width() - 3, canvas.height() - 1))
    values = heard[-1]
    assert all(one > other for one, other in pairwise(values))
    assert values[-1] > 0
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert list(canvas.values()) == [1.0] * 5
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("1; 2; 0; 1; 1", "above 0"),
        ("1 1 -3 1 1", "above 0"),
        ("1; 2; ; 1; 1", "there is nothing"),
        ("1 2 3", "3 importances for 5"),
        ("1 2 nan 4 5", "no number"),
        ("", "0 importances"),
    ],
)
def test_numbers_that_make_no_sense_stay_to_be_mended(editor: ImportanceEditor, text: str, word: str) -> None:
    heard: list[object] = []
    editor.curve_chosen.connect(lambda *told: heard.append(told))
    editor.entry.setFocus()
    editor.entry.selectAll()
    editor.entry.insert(text) if text else editor.entry.clear()
    QTest.keyClick(editor.entry, Qt.Key.Key_Return)
    assert word in editor.error()
    assert editor.entry.text() == text
    assert list(editor.canvas.values()) == [1.0] * 5
    assert heard == []


def test_numbers_are_pasted_from_a_spreadsheet_with_commas(editor: ImportanceEditor) -> None:
    heard: list[tuple[str, object]] = []
    editor.curve_chosen.connect(lambda mode, values: heard.append((mode, values)))
    QGuiApplication.clipboard().setText("1,0\n0,8\n0,6\n0,4\n0,2\n")
    editor.entry.setFocus()
    editor.entry.selectAll()
    editor.entry.paste()
    QTest.keyClick(editor.entry, Qt.Key.Key_Return)
    assert heard == [(IMPORTANCE, (1.0, 0.8, 0.6, 0.4, 0.2))]


def test_sparsity_by_feature_is_the_second_mode(editor: ImportanceEditor) -> None:
    heard: list[tuple[str, object]] = []
    editor.curve_chosen.connect(lambda mode, values: heard.append((mode, values)))
    QTest.mouseClick(child(editor, "curve_of_sparsity"), Qt.MouseButton.LeftButton)
    assert editor.mode() == SPARSITY
    for text in ("0.5", "0.5 0.6 0.7 0.8 0.9", "0.5 0.6 0.7 0.8 1"):
        editor.entry.setFocus()
        editor.entry.selectAll()
        QTest.keyClicks(editor.entry, text)
        QTest.keyClick(editor.entry, Qt.Key.Key_Return)
    assert heard == [(SPARSITY, (0.5,) * 5), (SPARSITY, (0.5, 0.6, 0.7, 0.8, 0.9))]
    assert "nothing to learn" in editor.error()


@pytest.mark.parametrize(("words", "count"), [("equal", 4), ("1:0.1", 40), ("0.9^i", 20), ("1:0.5", 2)])
def test_patterns_are_recognised_and_go_on_over_other_features(words: str, count: int) -> None:
    values = make_problem(count, 1, 0.5, words).importance
    assert pattern_of(values) == words
    assert importance_for(values, 30) == pytest.approx(make_problem(30, 1, 0.5, words).importance)


def test_a_drawn_curve_is_stretched_over_other_features() -> None:
    assert pattern_of((1.0, 0.2, 0.9)) == ""
    assert importance_for((1.0, 0.2, 0.9), 5) == pytest.approx((1.0, 0.6, 0.2, 0.55, 0.9))


@pytest.fixture
def groups(qtbot: QtBot) -> GroupsPanel:
    panel = GroupsPanel(Look())
    shown(qtbot, panel)
    panel.show_problem(make_problem(6, 2, 0.9, None, (Group((0, 1)),)))
    return panel


def pick(panel: GroupsPanel, *features: int) -> None:
    for feature in features:
        centre = panel.picker._cells().rect(feature).center().toPoint()
        QTest.mouseClick(panel.picker, Qt.MouseButton.LeftButton, pos=centre)


def test_a_group_is_picked_feature_by_feature(groups: GroupsPanel) -> None:
    heard: list[tuple[Group, ...]] = []
    groups.groups_chosen.connect(lambda told, _words: heard.append(told))
    QTest.mouseClick(child(groups, "add_anticorrelated"), Qt.MouseButton.LeftButton)
    pick(groups, 0, 2, 5, 3, 3)  # feature 0 is in a group already, 3 is let go again
    QTest.mouseClick(child(groups, "group_accept"), Qt.MouseButton.LeftButton)
    assert heard == [(Group((0, 1), CORRELATED), Group((2, 5), ANTICORRELATED))]


def test_a_group_of_one_is_refused_and_what_was_chosen_stays(groups: GroupsPanel) -> None:
    heard: list[object] = []
    groups.groups_chosen.connect(lambda *told: heard.append(told))
    QTest.mouseClick(child(groups, "add_correlated"), Qt.MouseButton.LeftButton)
    pick(groups, 4)
    accept = child(groups, "group_accept")
    QTest.mouseClick(accept, Qt.MouseButton.LeftButton)
    assert "group of one" in groups.error()
    assert groups.picker.chosen() == (4,)
    assert heard == []
    pick(groups, 5)
    assert groups.error() == ""
    QTest.mouseClick(accept, Qt.MouseButton.LeftButton)
    assert len(heard) == 1


def test_densities_that_exclude_each_other_too_often_are_refused(groups: GroupsPanel) -> None:
    groups.show_problem(make_problem(6, 2, 0.2))
    groups.begin(ANTICORRELATED)
    pick(groups, 0, 1)
    QTest.mouseClick(child(groups, "group_accept"), Qt.MouseButton.LeftButton)
    assert "raise the sparsity to 0.500" in groups.error()


def test_a_group_is_dissolved(groups: GroupsPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(groups.groups_chosen) as heard:
        QTest.mouseClick(child(groups, "group_0_remove"), Qt.MouseButton.LeftButton)
    assert heard.args is not None
    assert heard.args[0] == ()
