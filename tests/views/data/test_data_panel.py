"""The left column, used as a person would: choosing data and examples, drawing, adjusting, adding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QStyle,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from playground.engine.images import fit_and_centre, transformed
from playground.engine.vectors import none_data
from playground.views.data.panel import DataPanel
from playground.views.data.strip import ExampleStrip
from playground.views.fields import NumberField
from playground.views.look import Look
from playground.views.palette import light
from tests.views.data.data_samples import digits, drag, six_inputs, small_images

LEFT = Qt.MouseButton.LeftButton
SEVEN = [(0.3, 0.3), (0.7, 0.3), (0.5, 0.8)]


class Ear:
    """What the panel said."""

    def __init__(self, panel: DataPanel) -> None:
        self.inputs: list[tuple[Any, Any, str]] = []
        self.added: list[tuple[Any, int]] = []
        self.wishes: list[tuple[str, Any]] = []
        panel.input_changed.connect(lambda *args: self.inputs.append(args))
        panel.add_requested.connect(lambda *args: self.added.append(args))
        for name in ("digits_requested", "download_requested"):
            getattr(panel, name).connect(lambda value, name=name: self.wishes.append((name, value)))
        for name in ("open_requested", "cancel_requested"):
            getattr(panel, name).connect(lambda name=name: self.wishes.append((name, None)))


@pytest.fixture
def panel(look: Look, qtbot: QtBot) -> DataPanel:
    panel = DataPanel(look)
    panel.resize(270, 900)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def ear(panel: DataPanel) -> Ear:
    return Ear(panel)


def find(panel: QWidget, kind: type, name: str) -> Any:
    found = panel.findChild(kind, name)
    assert found is not None, name
    return found


def click(panel: QWidget, name: str) -> None:
    QTest.mouseClick(find(panel, QAbstractButton, name), LEFT)


def choose(panel: QWidget, name: str, text: str) -> None:
    box = find(panel, QComboBox, name)
    box.setFocus()
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


# ---- data ----------------------------------------------------------------------------------------------------------


def test_before_there_are_data_one_can_draw(panel: DataPanel, ear: Ear) -> None:
    drag(panel.drawing.pad, SEVEN)
    values, label, origin = ear.inputs[-1]
    np.testing.assert_array_equal(values, fit_and_centre(panel.drawing.pad.ink()).reshape(-1))
    assert label is None
    assert origin == "drawing"


def test_new_data_come_with_their_first_validation_example(panel: DataPanel, ear: Ear) -> None:
    dataset = digits()
    panel.set_data(dataset)
    values, label, origin = ear.inputs[-1]
    np.testing.assert_allclose(values, dataset.validation.inputs[0] / 255.0)
    assert values.dtype == np.float32
    assert (label, origin) == (0, "example")
    assert find(panel, QLabel, "data_name").text() == "Digits"
    detail = find(panel, QLabel, "data_detail").text().replace("\u00a0", " ")
    assert detail.splitlines() == ["40 train", "30 validation · 20 test", "28 × 28, 10 classes, easy"]


def test_more_examples_of_the_same_data_leave_the_input_alone(panel: DataPanel, ear: Ear) -> None:
    dataset = digits()
    panel.set_data(dataset)
    drag(panel.drawing.pad, SEVEN)
    before = len(ear.inputs)
    panel.set_data(dataset.with_added(ear.inputs[-1][0], 7))
    assert len(ear.inputs) == before
    assert not panel.drawing.pad.is_empty
    assert find(panel, QLabel, "data_detail").text().endswith("1\u00a0added by you")
    assert find(panel, QLabel, "added_note").isVisible()


@pytest.mark.parametrize(
    ("action", "wish"),
    [
        ("data_digits_easy", ("digits_requested", "easy")),
        ("data_digits_mnist_like", ("digits_requested", "mnist-like")),
        ("data_open", ("open_requested", None)),
        ("data_download_mnist", ("download_requested", "mnist")),
        ("data_download_fashion_mnist", ("download_requested", "fashion-mnist")),
    ],
)
def test_the_menu_tells_what_is_wanted(panel: DataPanel, ear: Ear, action: str, wish: tuple[str, Any]) -> None:
    menu = find(panel, QMenu, "data_menu")
    next(entry for entry in menu.actions() if entry.objectName() == action).trigger()
    assert ear.wishes == [wish]


@pytest.mark.qt_log_ignore("does not support raise", "does not support grabbing", extend=True)
def test_the_change_button_opens_the_menu(panel: DataPanel, qtbot: QtBot) -> None:
    click(panel, "data_change")
    menu = find(panel, QMenu, "data_menu")
    qtbot.waitUntil(menu.isVisible)
    menu.close()


def test_loading_shows_progress_cancel_and_errors_in_place(panel: DataPanel, ear: Ear) -> None:
    line = find(panel, QWidget, "data_progress")
    error = find(panel, QLabel, "data_error")
    assert not line.isVisible()
    panel.show_progress(0.37, "Drawing 20,000 digits")
    assert line.isVisible()
    assert line.accessibleDescription() == "Drawing 20,000 digits, 37%"
    click(panel, "data_cancel")
    assert ear.wishes == [("cancel_requested", None)]
    panel.show_error("The file is cut off: download it again.")
    assert not line.isVisible()
    assert error.isVisible()
    assert error.text() == "The file is cut off: download it again."
    click(panel, "data_open_instead")
    assert ear.wishes[1:] == [("open_requested", None)]
    click(panel, "data_error_close")
    assert not error.isVisible()
    assert not find(panel, QWidget, "data_open_instead").isVisible()
    panel.show_error("The file is cut off: download it again.")
    panel.set_data(digits())
    assert not error.isVisible()


def test_the_menu_shows_the_presets_large_enough_to_tell_them_apart(panel: DataPanel, look: Look) -> None:
    panel.set_preset_pictures({"easy": np.full((4, 28, 28), 255, np.uint8)})
    menu = find(panel, QMenu, "data_menu")
    action = next(each for each in menu.actions() if each.objectName() == "data_digits_easy")
    wanted = 3 * look.em()
    assert menu.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, menu) >= wanted
    assert action.icon().actualSize(QSize(500, 500)).width() >= wanted


# ---- examples ------------------------------------------------------------------------------------------------------


def strip_of(panel: DataPanel) -> ExampleStrip:
    return find(panel, ExampleStrip, "example_strip")


def test_a_click_on_an_example_sends_it(panel: DataPanel, ear: Ear) -> None:
    dataset = digits()
    panel.set_data(dataset)
    strip = strip_of(panel)
    width = strip.width() / strip.page_size
    QTest.mouseClick(strip, LEFT, pos=QPoint(round(2.5 * width), strip.height() // 2))
    values, label, origin = ear.inputs[-1]
    np.testing.assert_allclose(values, dataset.validation.inputs[2] / 255.0, rtol=1e-6)
    assert (label, origin) == (2, "example")
    assert find(panel, QLabel, "example_position").text() == "3 of 30"
    assert find(panel, QLabel, "answer_for").text() == "for validation example 3"


def test_keys_walk_through_the_examples(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    strip = strip_of(panel)
    strip.setFocus()
    for key, label in (
        (Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Left, 1), (Qt.Key.Key_End, 9), (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0),
    ):  # fmt: skip
        QTest.keyClick(strip, key)
        assert ear.inputs[-1][1] == label
    QTest.keyClick(strip, Qt.Key.Key_PageDown)
    assert strip.place == strip.page_size
    assert strip.accessibleDescription() == f"example {strip.page_size + 1}, label {strip.page_size % 10}"


def test_paging_turns_without_choosing(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    strip, before = strip_of(panel), len(ear.inputs)
    click(panel, "example_on")
    assert find(panel, QLabel, "example_position").text() == f"{strip.page_size + 1} of 30"
    for _ in range(20):
        click(panel, "example_on")
    click(panel, "example_back")
    assert len(ear.inputs) == before
    for _ in range(20):
        click(panel, "example_back")
    assert find(panel, QLabel, "example_position").text() == "1 of 30"


def test_part_and_class_filter_the_examples(panel: DataPanel, ear: Ear) -> None:
    dataset = digits()
    panel.set_data(dataset)
    choose(panel, "example_part", "training")
    assert ear.inputs[-1][1] == 0
    np.testing.assert_allclose(ear.inputs[-1][0], dataset.train.inputs[0] / 255.0)
    choose(panel, "example_class", "7")
    assert ear.inputs[-1][1] == 7
    assert find(panel, QLabel, "example_position").text() == "1 of 4"
    choose(panel, "example_part", "test")  # the class stays
    assert ear.inputs[-1][1] == 7
    assert find(panel, QLabel, "example_position").text() == "1 of 2"


def test_examples_added_by_hand_can_be_found_again(panel: DataPanel, ear: Ear) -> None:
    mine = np.full(784, 255, np.uint8)
    panel.set_data(digits().with_added(mine, 3))
    choose(panel, "example_part", "training")
    choose(panel, "example_class", "added by you")
    values, label, _ = ear.inputs[-1]
    assert label == 3
    assert values.min() == 1.0


def test_a_part_without_examples_is_not_offered(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(six_inputs())
    parts = find(panel, QComboBox, "example_part")
    assert [parts.itemText(i) for i in range(parts.count())] == ["training"]
    assert ear.inputs[-1][2] == "example"


# ---- drawing and adjusting -----------------------------------------------------------------------------------------


def test_a_drawing_becomes_the_input_fitted_and_centred(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    drag(panel.drawing.pad, SEVEN)
    values, label, origin = ear.inputs[-1]
    image = values.reshape(28, 28)
    rows, columns = np.flatnonzero((image > 0.05).any(1)), np.flatnonzero((image > 0.05).any(0))
    assert max(np.ptp(rows), np.ptp(columns)) == pytest.approx(19, abs=1)
    assert (label, origin) == (None, "drawing")
    np.testing.assert_array_equal(panel.received.picture.values(), image)
    assert "20 × 20" in find(panel, QLabel, "received_words").text()
    assert find(panel, QLabel, "answer_for").text() == "for your drawing"


def test_undo_clear_and_redo_buttons_follow_the_strokes(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    buttons = {name: find(panel, QAbstractButton, f"draw_{name}") for name in ("undo", "redo", "clear")}
    assert not any(button.isEnabled() for button in buttons.values())
    drag(panel.drawing.pad, SEVEN)
    drawn = ear.inputs[-1][0]
    assert buttons["undo"].isEnabled()
    click(panel, "draw_clear")
    assert not ear.inputs[-1][0].any()
    click(panel, "draw_undo")
    np.testing.assert_array_equal(ear.inputs[-1][0], drawn)
    click(panel, "draw_redo")
    assert not ear.inputs[-1][0].any()


def test_the_pen_menu_changes_the_pen(panel: DataPanel) -> None:
    menu = find(panel, QMenu, "draw_menu")
    actions = {action.objectName(): action for action in menu.actions()}
    actions["draw_broad"].trigger()
    assert panel.drawing.pad.pen_radius == 16.0
    actions["draw_eraser"].trigger()
    assert panel.drawing.pad.is_erasing
    actions["draw_fine"].trigger()
    assert not panel.drawing.pad.is_erasing
    assert actions["draw_fine"].isChecked()


def test_a_picture_that_cannot_be_used_says_so_below_the_pad(panel: DataPanel) -> None:
    panel.drawing.pad.failed.emit("cut.png cannot be read.")
    error = find(panel, QLabel, "draw_error")
    assert error.isVisible()
    drag(panel.drawing.pad, SEVEN)
    assert not error.isVisible()


def adjust(panel: DataPanel, name: str, text: str) -> None:
    if not panel.adjust.is_open():
        click(panel, "adjust_fold")
    edit = find(panel, QLineEdit, f"adjust_{name}_number")
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def test_the_sliders_change_what_the_network_receives(panel: DataPanel, ear: Ear) -> None:
    dataset = digits()
    panel.set_data(dataset)
    plain = ear.inputs[-1][0].reshape(28, 28)
    adjust(panel, "dx", "3")
    np.testing.assert_array_equal(ear.inputs[-1][0].reshape(28, 28)[:, 3:], plain[:, :-3])
    adjust(panel, "angle_degrees", "20")
    np.testing.assert_array_equal(ear.inputs[-1][0].reshape(28, 28), transformed(plain, dx=3, angle_degrees=20))
    assert ear.inputs[-1][1:] == (0, "example")
    assert "+3" in find(panel, QLabel, "adjust_summary").text()
    assert "adjusted" in find(panel, QLabel, "received_words").text()
    click(panel, "adjust_reset")
    np.testing.assert_array_equal(ear.inputs[-1][0].reshape(28, 28), plain)
    assert find(panel, NumberField, "adjust_dx").value() == 0
    assert not find(panel, QAbstractButton, "adjust_reset").isVisible()


def test_noise_stays_the_same_while_it_is_looked_at(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    adjust(panel, "noise", "0.3")
    noisy = ear.inputs[-1][0]
    assert np.unique(noisy).size > 100
    adjust(panel, "dx", "1")
    adjust(panel, "dx", "0")
    np.testing.assert_array_equal(ear.inputs[-1][0], noisy)


def test_a_wrong_number_is_told_beside_its_slider(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    before = len(ear.inputs)
    adjust(panel, "thicken", "fat")
    assert "thicken" in find(panel, QLabel, "adjust_thicken_error").text()
    assert len(ear.inputs) == before


# ---- adding --------------------------------------------------------------------------------------------------------


def test_a_drawing_is_added_as_what_the_network_takes_it_for(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    drag(panel.drawing.pad, SEVEN)
    panel.render_answer(np.eye(10, dtype=np.float32)[1])
    click(panel, "add_example")
    values, label = ear.added[-1]
    assert label == 1
    np.testing.assert_array_equal(values, ear.inputs[-1][0])
    panel.show_added(1)
    assert find(panel, QLabel, "added_note").text() == "1 example added by you"


def test_what_the_network_takes_it_for_does_not_change_under_the_hand(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    one, four = np.eye(10, dtype=np.float32)[[1, 4]]
    drag(panel.drawing.pad, SEVEN)
    panel.render_answer(one)
    row, button = panel.add_row, find(panel, QAbstractButton, "add_example")
    for reach in (button.setFocus, find(panel, QComboBox, "add_class").setFocus):
        reach()
        panel.render_answer(four)  # a network that trains may think again at any moment
        assert row.chosen_class() == 1
    panel.drawing.pad.setFocus()
    panel.render_answer(four)
    assert row.chosen_class() == 4


def test_a_drawing_that_is_turned_means_what_it_meant_before(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    one, four, nine = np.eye(10, dtype=np.float32)[[1, 4, 9]]
    drag(panel.drawing.pad, SEVEN)
    panel.render_answer(one)
    adjust(panel, "angle_degrees", "90")
    panel.render_answer(four)
    click(panel, "add_example")
    assert ear.added[-1][1] == 1
    drag(panel.drawing.pad, SEVEN)  # more ink: it may be another digit now, with the sliders where they are
    panel.render_answer(nine)
    assert panel.add_row.chosen_class() == 9


def test_what_the_sliders_do_never_makes_the_column_wider(panel: DataPanel) -> None:
    panel.set_data(digits())
    panel.adjust.set_open(is_open=False)
    least = panel.adjust.minimumSizeHint().width()
    panel.adjust.put({"dx": 6.24, "dy": -3.5, "angle_degrees": 96.8, "thicken": -1.25, "noise": 0.33})
    summary, reset = find(panel, QLabel, "adjust_summary"), find(panel, QAbstractButton, "adjust_reset")
    panel.adjust.layout().activate()
    assert panel.adjust.minimumSizeHint().width() <= least + reset.sizeHint().width() + 4
    assert "noise 0.33" in summary.text()
    assert summary.text() in summary.toolTip()
    assert reset.geometry().right() <= panel.adjust.width()


def test_before_a_projector_nothing_is_wider_than_the_column(panel: DataPanel) -> None:
    panel.set_data(digits())
    panel.show_added(1)
    panel.adjust.set_open(is_open=True)
    panel.adjust.put({"dx": 6.24, "angle_degrees": 96.8})
    button = find(panel, QAbstractButton, "add_example")
    panel._look.set(scale=1.4)
    wide = round(14.4 * panel._look.em())
    panel.resize(wide, 1400)
    QApplication.processEvents()
    assert panel._foot.minimumSizeHint().width() <= wide
    assert panel._body.minimumSizeHint().width() <= panel._scroll.viewport().width()
    assert button.text() == "Add to training set as"
    panel.add_row.resize(panel.add_row.minimumSizeHint().width(), panel.add_row.height())
    assert button.text() == "Add as"
    assert button.accessibleName() == "Add to training set as"
    assert button.width() >= button.sizeHint().width()


@pytest.mark.parametrize("name", ["a weighted sum", "a much longer name of a class than that"])
def test_long_names_of_classes_leave_the_button_words_that_it_can_show(panel: DataPanel, name: str) -> None:
    button = find(panel, QAbstractButton, "add_example")
    panel.set_data(digits())
    panel.resize(round(14.4 * panel._look.em()), 1400)
    QApplication.processEvents()
    assert button.text() == "Add to training set as"
    panel.add_row.set_classes((name,))
    QApplication.processEvents()
    assert button.text() == "Add as"
    assert button.width() >= button.sizeHint().width()


def test_the_whole_head_opens_the_sliders(panel: DataPanel) -> None:
    panel.set_data(digits())
    panel.adjust.set_open(is_open=False)
    head = find(panel, QAbstractButton, "adjust_fold")
    QTest.mouseClick(head, LEFT, pos=QPoint(6, head.height() // 2))
    assert panel.adjust.is_open()
    QTest.mouseClick(head, LEFT, pos=QPoint(head.width() - 4, head.height() // 2))
    assert not panel.adjust.is_open()


def test_the_class_that_the_user_chose_stays_until_another_drawing(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    drag(panel.drawing.pad, SEVEN)
    choose(panel, "add_class", "7")
    panel.render_answer(np.eye(10, dtype=np.float32)[1])
    click(panel, "add_example")
    assert ear.added[-1][1] == 7
    click(panel, "draw_clear")
    drag(panel.drawing.pad, SEVEN)
    panel.render_answer(np.eye(10, dtype=np.float32)[4])
    click(panel, "add_example")
    assert ear.added[-1][1] == 4


def test_an_example_is_added_with_its_label_as_it_is_adjusted(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    strip = strip_of(panel)
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_End)
    adjust(panel, "dy", "2")
    panel.render_answer(np.eye(10, dtype=np.float32)[1])  # a wrong answer does not change the label
    click(panel, "add_example")
    values, label = ear.added[-1]
    assert label == 9
    np.testing.assert_array_equal(values, ear.inputs[-1][0])


# ---- other kinds of data -------------------------------------------------------------------------------------------


def start_typing(panel: DataPanel, row: int) -> QLineEdit:
    view = find(panel, QTableView, "input_table")
    view.setFocus()
    view.setCurrentIndex(view.model().index(row, 1))
    return view.findChild(QLineEdit)


def test_plain_numbers_are_typed_in_a_table_and_count_at_once(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(six_inputs())
    assert not panel.drawing.isVisible()
    assert not panel.adjust.isVisible()
    np.testing.assert_array_equal(ear.inputs[-1][0], np.float32([8, 5, 22, -5, 2, -3]))
    assert find(panel, QTableView, "input_table").model().rowCount() == 6
    editor = start_typing(panel, 2)
    before = len(ear.inputs)
    QTest.keyClicks(editor, "-7,5")
    heard = [float(values[2]) for values, _, _ in ear.inputs[before:]]
    assert heard == [-7.0, -7.5]  # "-" is no number yet, "-7," is -7
    values, label, origin = ear.inputs[-1]
    np.testing.assert_array_equal(values, np.float32([8, 5, -7.5, -5, 2, -3]))
    assert (label, origin) == (None, "drawing")
    assert find(panel, QLabel, "answer_for").text() == "for your numbers"


def test_escape_takes_back_what_was_typed_in_the_table(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(six_inputs())
    editor = start_typing(panel, 0)
    QTest.keyClicks(editor, "99")
    assert ear.inputs[-1][0][0] == 99
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert ear.inputs[-1][0][0] == 8


@pytest.mark.parametrize("text", ["seven", "1e9", ""])
def test_a_number_that_cannot_be_is_refused_below_the_table(panel: DataPanel, ear: Ear, text: str) -> None:
    panel.set_data(six_inputs())
    before = len(ear.inputs)
    model = find(panel, QTableView, "input_table").model()
    assert not model.setData(model.index(0, 1), text)
    error = find(panel, QLabel, "input_table_error")
    assert error.isVisible()
    assert "x1" in error.text()
    assert len(ear.inputs) == before
    assert model.setData(model.index(0, 1), "9")
    assert not error.isVisible()


def test_images_of_another_size_are_drawn_on_paper_of_their_shape(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(small_images())
    assert panel.drawing.pad.ink().shape == (140, 280)
    drag(panel.drawing.pad, [(0.2, 0.5), (0.8, 0.5)])
    values, _, origin = ear.inputs[-1]
    assert values.shape == (128,)
    assert origin == "drawing"
    image = values.reshape(8, 16)
    assert image[3:5].max() > 0.3
    assert image[0].max() == 0
    assert image.sum() * 17.5**2 == pytest.approx(panel.drawing.pad.ink().sum(), rel=1e-3)


def test_going_over_to_inputs_of_another_kind_and_back(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    drag(panel.drawing.pad, SEVEN)
    panel.set_data(six_inputs())
    panel.set_data(digits())
    assert panel.drawing.pad.is_empty
    assert panel.drawing.isVisible()
    assert not panel.table.isVisible()
    assert ear.inputs[-1][0].shape == (784,)


def test_a_drawing_outlives_the_arrival_of_data_of_its_shape(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(none_data((28, 28), tuple("0123456789")))
    assert find(panel, QLabel, "data_name").text() == "No data yet"
    assert not panel.browser.isVisible()
    drag(panel.drawing.pad, SEVEN)
    drawn = ear.inputs[-1]
    panel.set_data(digits())
    assert panel.browser.isVisible()
    assert ear.inputs[-1][1:] == (None, "drawing")
    np.testing.assert_array_equal(ear.inputs[-1][0], drawn[0])
    assert not panel.drawing.pad.is_empty


def test_named_inputs_stand_under_their_names(panel: DataPanel) -> None:
    names = [f"pin {i}" for i in range(6)]
    panel.set_data(replace(six_inputs(), source={"kind": "vectors", "features": names}))
    model = find(panel, QTableView, "input_table").model()
    assert [model.index(row, 0).data() for row in range(6)] == names


def test_a_given_input_is_shown_and_told(panel: DataPanel, ear: Ear) -> None:
    panel.set_data(digits())
    values = np.linspace(0, 1, 784, dtype=np.float32)
    panel.set_input(values, None, "drawing")
    np.testing.assert_array_equal(ear.inputs[-1][0], values)
    np.testing.assert_array_equal(panel.current_input()[0], values)


# ---- look ----------------------------------------------------------------------------------------------------------


def test_every_control_has_a_name_for_tests_keyboard_and_voice(panel: DataPanel) -> None:
    panel.set_data(digits())
    controls = [
        *panel.findChildren(QAbstractButton),
        *panel.findChildren(QComboBox),
        strip_of(panel),
        panel.drawing.pad,
    ]
    names = []
    for control in controls:
        if control.objectName().startswith("qt_") or isinstance(control.parent(), QComboBox):
            continue
        names.append(control.objectName())
        assert control.objectName(), control
        assert control.accessibleName(), control.objectName()
        assert len(control.toolTip()) > len(control.accessibleName()), control.objectName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control.objectName()
    assert len(names) == len(set(names))


def test_the_sliders_open_by_themselves_only_where_there_is_room(look: Look, qtbot: QtBot) -> None:
    for height in (600, 1000):
        panel = DataPanel(look)
        qtbot.addWidget(panel)
        panel.resize(270, height)
        panel.show()
        assert panel.adjust.is_open() == (height == 1000)
        click(panel, "adjust_fold")
        assert panel.adjust.is_open() == (height == 600)
        panel.hide()
        panel.show()
        assert panel.adjust.is_open() == (height == 600)  # what the user chose stays


@pytest.mark.parametrize(("width", "height", "scale"), [(240, 640, 1.0), (320, 900, 1.0), (384, 1000, 1.6)])
def test_nothing_is_cut_off_at_any_size(panel: DataPanel, look: Look, width: int, height: int, scale: float) -> None:
    panel.set_data(digits())
    look.set(palette=light(), scale=scale)
    panel.resize(width, height)
    panel.grab()
    pad = panel.drawing.pad
    assert panel.width() == width
    assert pad.height() <= pad.width() + 2
    assert panel._body.width() <= panel._scroll.viewport().width()
    assert panel.answer.geometry().bottom() < panel._foot.height()
    for label in panel.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()) - 1, label.objectName()


def test_closing_stops_all_timers(panel: DataPanel) -> None:
    panel.set_data(digits())
    QTest.mousePress(panel.drawing.pad, LEFT, pos=QPoint(60, 60))
    QTest.mouseMove(panel.drawing.pad, QPoint(90, 60))
    panel.close()
    assert not panel.drawing.pad._frame.isActive()
