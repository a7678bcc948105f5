"""Number and choice fields, driven by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.engine.settings import parsed
from playground.views.fields import ChoiceField, NumberField, align
from playground.views.look import Look
from playground.views.numbers import Scale, number_text
from playground.views.palette import light
from playground.views.slider import TrackSlider


class Journal:
    """What a field said, in order."""

    def __init__(self, field: NumberField) -> None:
        self.entries: list[Any] = []
        field.edit_started.connect(self._start)
        field.edit_finished.connect(self._finish)
        field.changed.connect(self.entries.append)

    def _start(self) -> None:
        self.entries.append("start")

    def _finish(self) -> None:
        self.entries.append("finish")


@pytest.fixture
def look(qapp: QApplication) -> Look:
    return Look(qapp)


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[QWidget]:
    """Return a window with another field beside, so that the focus can leave."""
    window = QWidget()
    QVBoxLayout(window)
    other = QLineEdit(window)
    other.setObjectName("other")
    window.layout().addWidget(other)
    window.resize(420, 200)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.close()


def put(page: QWidget, field: QWidget) -> None:
    page.layout().addWidget(field)
    field.show()
    QApplication.processEvents()


def rate(look: Look, **options: Any) -> NumberField:
    options = {"low": 1e-8, "high": 1e3, "value": 0.01, "log": True, "slider_range": (1e-5, 10.0)} | options
    return NumberField(look, "learning_rate", "learning rate", **options)


def edit_of(field: NumberField) -> QLineEdit:
    return field.findChild(QLineEdit, f"{field.objectName()}_number")


def slider_of(field: NumberField) -> TrackSlider:
    return field.findChild(TrackSlider, f"{field.objectName()}_slider")


def type_in(field: NumberField, text: str) -> QLineEdit:
    edit = edit_of(field)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)
    return edit


def test_each_valid_keystroke_counts_at_once_and_all_are_one_edit(look: Look, page: QWidget) -> None:
    field = rate(look)
    put(page, field)
    journal = Journal(field)
    edit = type_in(field, "0.25")
    assert journal.entries == ["start", 0.2, 0.25]  # "0", "0." and "0.0" cannot be
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert journal.entries == ["start", 0.2, 0.25, "finish"]
    assert edit.text() == "0.250"
    assert field.value() == 0.25


def test_a_pause_ends_the_edit(look: Look, page: QWidget, qtbot: QtBot) -> None:
    field = rate(look)
    put(page, field)
    type_in(field, "3")
    with qtbot.waitSignal(field.edit_finished, timeout=5000):
        pass
    assert not field.is_editing()


def test_leaving_the_field_accepts(look: Look, page: QWidget) -> None:
    field = rate(look)
    put(page, field)
    journal = Journal(field)
    type_in(field, "5")
    page.findChild(QLineEdit, "other").setFocus()
    assert journal.entries == ["start", 5.0, "finish"]
    assert edit_of(field).text() == "5"


def test_escape_takes_back(look: Look, page: QWidget) -> None:
    field = rate(look)
    put(page, field)
    journal = Journal(field)
    edit = type_in(field, "7")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert journal.entries == ["start", 7.0, 0.01, "finish"]
    assert edit.text() == "0.010"


@pytest.mark.parametrize("text", ["0", "-3", "1e9", "fast", "nan", "inf", ""])
def test_what_cannot_be_gets_a_sentence_in_place_and_changes_nothing(look: Look, page: QWidget, text: str) -> None:
    field = rate(look)
    put(page, field)
    journal = Journal(field)
    edit = edit_of(field)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    QTest.keyClicks(edit, text)
    applied = [entry for entry in journal.entries if not isinstance(entry, str)]
    QTest.keyClick(edit, Qt.Key.Key_Return)
    label = field.findChild(QLabel, "learning_rate_error")
    assert label.isVisible()
    assert "learning rate" in label.text()
    assert edit.text() == text
    assert field.value() == (applied[-1] if applied else 0.01)
    assert text not in ("0", "-3", "fast", "nan", "inf", "") or not applied
    type_in(field, "0.5")
    assert not label.isVisible()
    assert field.error() == ""


def test_a_field_that_waits_takes_the_whole_number(look: Look, page: QWidget) -> None:
    field = rate(look, waits=True)
    put(page, field)
    journal = Journal(field)
    edit = type_in(field, "1e-3")
    assert journal.entries == []
    assert field.value() == 0.01
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert journal.entries == ["start", 0.001, "finish"]
    QTest.keyClicks(edit, "4")
    page.findChild(QLineEdit, "other").setFocus()
    assert journal.entries[3:] == ["start", 4.0, "finish"]


def test_a_field_that_waits_takes_a_number_after_a_pause_and_esc_takes_it_back(
    look: Look, page: QWidget, qtbot: QtBot
) -> None:
    field = rate(look, waits=True)
    put(page, field)
    journal = Journal(field)
    with qtbot.waitSignal(field.edit_finished, timeout=5000):
        edit = type_in(field, "3")
    assert journal.entries == ["start", 3.0, "finish"]
    QTest.keyClicks(edit, "0")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert journal.entries == ["start", 3.0, "finish", "start", 0.01, "finish"]
    assert edit.text() == "0.010"


def test_a_field_that_waits_counts_before_a_shortcut_acts_and_yields_to_its_slider(look: Look, page: QWidget) -> None:
    field = rate(look, waits=True)
    put(page, field)
    heard: list[Any] = []
    field.changed.connect(heard.append)
    shortcut = QShortcut(QKeySequence("Ctrl+R"), page)
    shortcut.activated.connect(lambda: heard.append("reset"))
    edit = type_in(field, "0.5")
    QTest.keyClick(edit, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert heard == [0.5, "reset"]
    type_in(field, "0.25")
    slider = slider_of(field)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, slider.height() // 2))
    assert field.value() == heard[-1] != 0.25
    assert field._waiting is not None
    assert not field._waiting._pause.isActive()


def test_the_sentence_of_a_half_typed_number_waits(look: Look, page: QWidget, qtbot: QtBot) -> None:
    field = rate(look)
    put(page, field)
    type_in(field, "1e")
    assert field.error() == ""
    qtbot.waitUntil(lambda: "no number" in field.error(), timeout=5000)
    QTest.keyClicks(edit_of(field), "-4")
    assert field.error() == ""
    assert field.value() == 1e-4


def test_a_parser_reads_the_text_and_its_sentence_is_shown(look: Look, page: QWidget) -> None:
    field = rate(look, parser=lambda text: parsed("learning_rate", text))
    put(page, field)
    edit = type_in(field, "1e9")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert field.error() == "The learning rate must lie between 1e-08 and 1000; 1e+09 does not."
    type_in(field, "0,03")
    assert field.value() == 0.03


def test_a_drag_of_the_slider_is_one_edit(look: Look, page: QWidget) -> None:
    field = NumberField(look, "bias", "bias", low=-10, high=10, value=0.0, decimals=2, signed=True)
    put(page, field)
    journal = Journal(field)
    slider = slider_of(field)
    middle = slider.rect().center()
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    for step in (10, 20, 30):
        QTest.mouseMove(slider, middle + QPoint(step, 0))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=middle + QPoint(30, 0))
    values = journal.entries[1:-1]
    assert journal.entries[0] == "start"
    assert journal.entries[-1] == "finish"
    assert journal.entries.count("start") == 1
    assert len(values) >= 3
    assert values == sorted(values)
    assert values[0] > 0
    assert float(edit_of(field).text()) == pytest.approx(values[-1], abs=0.005)


def test_a_click_on_the_line_jumps_there(look: Look, page: QWidget) -> None:
    field = NumberField(look, "noise", "noise", low=0, high=1, value=0.0)
    put(page, field)
    slider = slider_of(field)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, slider.height() // 2))
    assert field.value() == pytest.approx(0.5, abs=0.02)


def test_set_value_is_silent_and_spares_what_is_being_typed(look: Look, page: QWidget) -> None:
    field = rate(look)
    put(page, field)
    journal = Journal(field)
    field.set_value(0.5)
    assert edit_of(field).text() == "0.500"
    assert journal.entries == []
    edit = type_in(field, "2.")
    field.set_value(0.7)
    assert edit.text() == "2."
    assert field.value() == 2.0
    QTest.keyClick(edit, Qt.Key.Key_Return)
    field.set_value(0.7)
    assert edit.text() == "0.700"
    assert journal.entries == ["start", 2.0, "finish"]


def test_an_error_outlives_the_same_value_but_not_another(look: Look, page: QWidget) -> None:
    field = rate(look)
    put(page, field)
    edit = type_in(field, "fast")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    page.findChild(QLineEdit, "other").setFocus()
    field.set_value(0.01)
    assert field.error()
    assert edit.text() == "fast"
    field.set_value(0.02)
    assert field.error() == ""
    assert edit.text() == "0.020"


def test_keys_step_and_shift_is_finer(look: Look, page: QWidget) -> None:
    field = NumberField(look, "angle", "rotate", low=-180, high=180, value=0.0, decimals=1)
    put(page, field)
    edit = edit_of(field)
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_Up)
    assert field.value() == 1.0
    QTest.keyClick(edit, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert field.value() == pytest.approx(0.9)
    QTest.keyClick(edit, Qt.Key.Key_PageUp)
    assert field.value() == pytest.approx(10.9)
    slider = slider_of(field)
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert field.value() == pytest.approx(9.9)
    assert edit.text() == "9.9"


def test_whole_numbers_stay_whole_and_move(look: Look, page: QWidget) -> None:
    field = NumberField(look, "batch", "batch", low=1, high=4096, value=1, whole=True, log=True)
    put(page, field)
    journal = Journal(field)
    edit = edit_of(field)
    edit.setFocus()
    for _ in range(12):
        QTest.keyClick(edit, Qt.Key.Key_Up)
    values = [entry for entry in journal.entries if not isinstance(entry, str)]
    assert all(isinstance(value, int) for value in values)
    assert values == sorted(set(values))
    assert len(values) == 12
    type_in(field, "2.5")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert "whole number" in field.error()


def test_an_optional_field_may_be_empty(look: Look, page: QWidget) -> None:
    field = NumberField(look, "stop", "stop after", low=1, high=100, value=5, whole=True, optional=True, slider=False)
    put(page, field)
    journal = Journal(field)
    edit = edit_of(field)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    assert journal.entries == ["start", None]
    assert field.value() is None


def wheel(widget: QWidget, delta: int) -> bool:
    centre = QPointF(widget.rect().center())
    event = QWheelEvent(
        centre, QPointF(widget.mapToGlobal(widget.rect().center())), QPoint(), QPoint(0, delta),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_the_wheel_is_left_to_the_panel_unless_the_field_has_the_focus(look: Look, page: QWidget) -> None:
    field = NumberField(look, "noise", "noise", low=0, high=1, value=0.5)
    choice = ChoiceField(look, "loss", "loss", [("a", "A"), ("b", "B")], "a")
    put(page, field)
    put(page, choice)
    page.findChild(QLineEdit, "other").setFocus()
    for widget in (edit_of(field), slider_of(field), choice.findChild(QComboBox)):
        wheel(widget, -120)
    assert field.value() == 0.5
    assert choice.value() == "a"
    edit_of(field).setFocus()
    assert wheel(edit_of(field), -120)
    assert field.value() < 0.5


def test_undo_and_space_go_to_the_window_unless_something_is_being_typed(look: Look, page: QWidget) -> None:
    field = rate(look)
    put(page, field)
    heard: list[str] = []
    for name, keys in (("undo", QKeySequence.StandardKey.Undo), ("play", Qt.Key.Key_Space)):
        shortcut = QShortcut(QKeySequence(keys), page)
        shortcut.setObjectName(name)
        shortcut.activated.connect(lambda name=name: heard.append(name))
    edit = edit_of(field)
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(edit, Qt.Key.Key_Space)
    assert heard == ["undo", "play"]
    QTest.keyClicks(edit, "5")
    QTest.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert heard == ["undo", "play"]
    assert edit.text() == "0.010"


def test_in_a_bar_the_error_floats_below_the_field(look: Look, page: QWidget) -> None:
    field = rate(look, compact=True)
    put(page, field)
    height = field.height()
    edit = type_in(field, "fast")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    bubble = page.findChild(QLabel, "learning_rate_error", Qt.FindChildOption.FindDirectChildrenOnly)
    assert bubble.isVisible()
    assert "fast" in bubble.text()
    assert page.rect().contains(bubble.geometry().topLeft())
    assert field.height() == height
    type_in(field, "1")
    assert not bubble.isVisible()


def test_hiding_the_field_ends_the_edit(look: Look, page: QWidget) -> None:
    field = rate(look)
    put(page, field)
    journal = Journal(field)
    type_in(field, "4")
    field.hide()
    assert journal.entries == ["start", 4.0, "finish"]


def test_another_look_keeps_value_and_text(look: Look, page: QWidget) -> None:
    field = rate(look)
    put(page, field)
    width = edit_of(field).width()
    look.set(palette=light(), scale=1.6)
    assert edit_of(field).width() > width
    assert light().text in edit_of(field).styleSheet()
    assert edit_of(field).text() == "0.010"


def test_fields_in_line_give_their_labels_the_same_room(look: Look, page: QWidget) -> None:
    fields = [NumberField(look, f"f{i}", "x" * i, low=0, high=1, value=0, suffix="px" * (i == 2)) for i in (1, 2, 9)]
    for field in fields:
        put(page, field)
    align(fields)
    QApplication.processEvents()
    assert len({slider_of(field).mapTo(page, QPoint()).x() for field in fields}) == 1
    assert len({edit_of(field).mapTo(page, QPoint()).x() for field in fields}) == 1


def test_names_and_hints_for_keyboard_and_voice(look: Look, page: QWidget) -> None:
    field = rate(look, tooltip="How far each step goes down the gradient.", parent=page)
    choice = ChoiceField(look, "loss", "loss", [("a", "A")], "a", "What is made small.", page)
    for widget in (*field.findChildren(QLineEdit), *field.findChildren(TrackSlider), *choice.findChildren(QComboBox)):
        assert widget.objectName()
        assert widget.accessibleName()
        assert len(widget.toolTip()) > len(widget.accessibleName())
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_choice_tells_what_the_user_took_and_nothing_else(look: Look, page: QWidget) -> None:
    field = ChoiceField(
        look, "optimizer", "optimizer", [("adam", "Adam"), ("sgd", "SGD"), ("rmsprop", "RMSprop")], "adam"
    )
    put(page, field)
    heard: list[str] = []
    field.chosen.connect(heard.append)
    field.set_value("rmsprop")
    assert field.value() == "rmsprop"
    assert heard == []
    box = field.findChild(QComboBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert heard == ["sgd"]
    assert field.value() == "sgd"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.01, 3, "0.010"), (1e-4, 3, "0.0001"), (1e-7, 3, "1e-7"), (-0.0, 2, "0.00"), (0.00123, 3, "0.00123"),
        (-543.0, 1, "-543.0"), (2e7, 2, "2e7"), (None, 3, ""), (0.1234567, 3, "0.123457"),
    ],
)  # fmt: skip
def test_the_text_of_a_number_says_it_all(value: float | None, decimals: int, text: str) -> None:
    assert number_text(value, decimals=decimals) == text


@pytest.mark.parametrize("scale", [Scale(0, 1), Scale(-8, 8), Scale(1e-5, 10, log=True), Scale(0, 10, log=True)])
def test_a_slider_goes_from_end_to_end_and_back(scale: Scale) -> None:
    values = [scale.value(place / 1000) for place in range(1001)]
    assert values == sorted(values)
    assert values[0] == scale.low
    assert values[-1] == scale.high
    for place in (0, 250, 777, 1000):
        assert scale.share(scale.value(place / 1000)) == pytest.approx(place / 1000, abs=0.01)


def test_a_slider_keeps_to_the_decimals_of_its_number_and_minus_is_a_true_one(look: Look, qtbot: QtBot) -> None:
    field = NumberField(look, "dx", "shift right", low=-10.0, high=10.0, value=0.0, decimals=1)
    qtbot.addWidget(field)
    field.resize(320, 30)
    field.show()
    slider = field.findChild(TrackSlider)
    assert slider is not None
    for share in (0.812, 0.0871, 0.333):
        slider.set_share(share)
        assert field.value() == round(field.value(), 1)
        assert edit_of(field).text() == f"{field.value():.1f}".replace("-", "−")
    edit = edit_of(field)
    edit.selectAll()
    QTest.keyClicks(edit, "-6.24")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert field.value() == -6.24, "what is typed stays, a hyphen is a minus"
    assert edit.text() == "−6.24"
    edit.selectAll()
    QApplication.clipboard().setText("−2")
    edit.paste()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert field.value() == -2.0
