"""The frame: labs in front, messages, files dropped, questions before closing, layout kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from playground.app.action_table import MENUS
from playground.app.window import MainWindow
from playground.labs.base import Message, Remedy, StatusItem
from playground.session.preferences import PreferenceFile
from playground.views.palette import light
from tests.app.windows import Project, SmallView


def front(window: MainWindow) -> SmallView:
    assert isinstance(window.lab, SmallView)
    return window.lab


# ---- labs ------------------------------------------------------------------------------------------------------


def test_the_rail_brings_labs_to_the_front(window: MainWindow, qtbot: QtBot) -> None:
    first = front(window)
    button = window.rail.findChild(QToolButton, "rail_second")
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.lab_name == "second"
    assert window.stack.currentWidget() is window.lab
    assert window.bars.currentWidget() is front(window).bar
    assert first.calls == ["front", "back"]
    assert front(window).calls == ["front"]
    assert window.actions_table["lab.second"].isChecked()


def test_a_lab_is_built_once(window: MainWindow) -> None:
    first = front(window)
    window.actions_table["lab.second"].trigger()
    window.actions_table["lab.first"].trigger()
    assert front(window) is first
    assert first.calls == ["front", "back", "front"]


def test_readings_belong_to_their_lab(window: MainWindow) -> None:
    first = front(window)
    window.show_lab("second")
    first.status_changed.emit(StatusItem("pace", "fast"))
    assert window.status_line.text("pace") == ""
    window.show_lab("first")
    assert window.status_line.text("pace") == "fast"


def test_frequent_readings_are_shown_together(window: MainWindow) -> None:
    for number in range(100):
        front(window).status_changed.emit(StatusItem("pace", f"{number} steps/s", is_error=number == 99))
    assert window.status_line.text("pace") == "99 steps/s"
    window.status_line.show_now()
    label = window.status_line.findChild(type(window._title), "status_pace")
    assert label is not None
    assert label.text() == "99 steps/s"
    assert label.property("role") == "error"


def test_a_sum_over_very_many_layers_leaves_the_other_readings_their_room(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 800)
    window.show()
    view, line, kind = front(window), window.status_line, type(window._title)
    view.status_changed.emit(StatusItem("sum", "13,002 parameters"))
    view.status_changed.emit(StatusItem("pace", "100 steps/s"))
    sum_label, pace = line.findChild(kind, "status_sum"), line.findChild(kind, "status_pace")
    assert sum_label is not None
    assert pace is not None
    qtbot.waitUntil(lambda: pace.x() >= sum_label.x() + sum_label.width())
    place, least = pace.x(), window.minimumSizeHint().width()
    long_sum = "3,770 parameters = 784·4" + " + 4·4" * 40 + " + 4·10 + 174"
    view.status_changed.emit(StatusItem("sum", long_sum))
    line.show_now()
    qtbot.waitUntil(lambda: pace.x() > place)
    assert pace.x() >= sum_label.x() + sum_label.width()
    assert pace.x() + pace.width() <= line.width() // 2 + 20 * window.look.em()
    assert "…" in sum_label.text()
    assert sum_label.text().endswith("174")
    assert (line.text("sum"), sum_label.accessibleName()) == (long_sum, long_sum)
    view.status_changed.emit(StatusItem("sum", "13,002 parameters"))
    line.show_now()
    qtbot.waitUntil(lambda: pace.x() == place)
    assert window.minimumSizeHint().width() == least


# ---- keys ------------------------------------------------------------------------------------------------------


def plays(window: MainWindow) -> int:
    return sum(1 for call in front(window).calls if isinstance(call, tuple) and call[0] == "play")


def test_space_plays(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window.centralWidget(), Qt.Key.Key_Space)
    assert plays(window) == 1


def test_space_is_typed_where_one_types(window: MainWindow, qtbot: QtBot) -> None:
    front(window).line.setFocus()
    qtbot.keyClick(front(window).line, Qt.Key.Key_Space)
    assert front(window).line.text() == " "
    assert plays(window) == 0


def test_space_presses_the_button_that_tab_has_reached(window: MainWindow, qtbot: QtBot) -> None:
    button = front(window).button
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert front(window).calls[-1] == "pressed"
    assert plays(window) == 0


def test_space_plays_after_a_click_on_a_button(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(front(window).button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert front(window).calls.count("pressed") == 1
    assert plays(window) == 1


def test_space_plays_after_what_had_the_focus_went_out_of_sight(window: MainWindow, qtbot: QtBot) -> None:
    button = front(window).button
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # which Tab would reach next
    for is_shown in (True, False):
        window.actions_table["help.lab"].trigger()
        assert window.help_view.isAncestorOf(QApplication.focusWidget()) is is_shown
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    front(window).line.setFocus()
    front(window).line.hide()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert plays(window) == 2
    assert "pressed" not in front(window).calls


def test_a_lab_that_comes_has_the_focus_where_it_was_there_and_first_of_all_nowhere(window: MainWindow) -> None:
    first = front(window).line
    first.setFocus()
    window.show_lab("second")
    assert QApplication.focusWidget() is window.centralWidget()
    window.show_lab("first")
    assert QApplication.focusWidget() is first


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # what the offscreen platform says of popups
def test_alt_and_its_letter_open_a_menu(window: MainWindow, qtbot: QtBot) -> None:
    assert len({title[0] for title in MENUS}) == len(MENUS)
    qtbot.keyClick(window.centralWidget(), Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    assert window.menus["Training"].isVisible()
    window.menus["Training"].close()


def test_the_menu_bar_keeps_its_height(window: MainWindow) -> None:
    before = window.menuBar().height()
    for scale in (1.4, 1.0):
        window.look.set(scale=scale)
    window.layout().activate()
    assert window.menuBar().sizeHint().height() <= before


# ---- messages --------------------------------------------------------------------------------------------------


def test_the_signs_of_a_message_follow_theme_and_type(window: MainWindow) -> None:
    window.show_message(Message("It diverged.", kind="trouble", is_error=True))
    close = window.messages.findChild(QToolButton, "message_trouble_close")
    sign = window.messages.findChild(QLabel, "message_trouble_sign")
    assert close is not None
    assert sign is not None
    before, width = sign.pixmap().toImage(), close.iconSize().width()
    window.look.set(palette=light(), scale=1.4)
    assert close.icon().cacheKey() == window.icon("close", "muted").cacheKey()
    assert close.iconSize().width() > width
    assert sign.pixmap().toImage() != before


def test_a_message_has_buttons_that_help(window: MainWindow, qtbot: QtBot) -> None:
    done: list[str] = []
    remedies = (Remedy("Learning rate / 10", lambda: done.append("slower")), Remedy("Look", lambda: None, False))
    front(window).message_raised.emit(Message("It diverged.", kind="trouble", is_error=True, remedies=remedies))
    assert window.messages.texts() == ("It diverged.",)
    look = window.messages.findChild(QPushButton, "remedy_look")
    rate = window.messages.findChild(QPushButton, "remedy_learning_rate_/_10")
    assert look is not None
    assert rate is not None
    qtbot.mouseClick(look, Qt.MouseButton.LeftButton)
    assert window.messages.texts() == ("It diverged.",)
    qtbot.mouseClick(rate, Qt.MouseButton.LeftButton)
    assert done == ["slower"]
    assert window.messages.texts() == ()
    assert not window.messages.isVisible()


def test_a_later_message_of_a_kind_takes_the_place_of_the_first(window: MainWindow) -> None:
    for text in ("one", "two"):
        window.show_message(Message(text, kind="file"))
    window.show_message(Message("other", kind="drop"))
    assert window.messages.texts() == ("other", "two")
    front(window).message_settled.emit("file")
    assert window.messages.texts() == ("other",)


def test_a_long_message_is_read_whole_beside_its_buttons(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 800)
    remedies = (Remedy("Back to the last good step", len), Remedy("Learning rate ÷ 10, and back", len))
    sentence = "Training diverged: at step 12,345 the weights of hidden 1 are no longer a number. " * 2
    window.show_message(Message(sentence, kind="long", is_error=True, remedies=remedies))
    text = window.messages.findChild(QLabel, "message_long_text")
    assert text is not None
    qtbot.waitUntil(lambda: text.height() >= text.heightForWidth(text.width()))
    assert window.messages.geometry().bottom() < window.messages.parentWidget().height()


def test_messages_do_not_pile_up(window: MainWindow) -> None:
    for number in range(9):
        window.show_message(Message(str(number), kind=f"kind{number}"))
    assert window.messages.texts() == ("8", "7", "6")


def test_a_message_goes_by_itself(window: MainWindow, qtbot: QtBot) -> None:
    window.show_message(Message("done", seconds=0.01))
    qtbot.waitUntil(lambda: window.messages.texts() == ())


def test_a_message_is_no_mark_up(window: MainWindow) -> None:
    window.show_message(Message("<b>name</b>.idx is no image file"))
    label = window.messages.findChild(type(window._title), "message_note_text")
    assert label is not None
    assert label.textFormat() == Qt.TextFormat.PlainText


# ---- files dropped ---------------------------------------------------------------------------------------------


def drop(window: MainWindow, *paths: str) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    none = Qt.MouseButton.NoButton
    event = QDropEvent(QPointF(QPoint(9, 9)), Qt.DropAction.CopyAction, mime, none, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(event)


def test_a_dropped_project_is_opened(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.project_dropped) as dropped:
        drop(window, "/home/me/mine.playground")
    assert dropped.args == [Path("/home/me/mine.playground")]


def test_dropped_data_go_to_the_lab(window: MainWindow) -> None:
    drop(window, "/data/a.idx", "/data/b.idx")
    assert front(window).calls[-1] == ("/data/a.idx", "/data/b.idx")


def test_a_foreign_file_is_answered_with_a_sentence(window: MainWindow) -> None:
    drop(window, "/home/me/song.mp3")
    assert window.messages.texts()[0].startswith("song.mp3: nothing here can open that.")


# ---- closing ---------------------------------------------------------------------------------------------------


def question(window: MainWindow) -> QMessageBox:
    found = window.findChild(QMessageBox, "save_question")
    assert found is not None
    return found


def test_a_clean_window_closes_at_once(window: MainWindow, qtbot: QtBot) -> None:
    window.set_project(Project())
    with qtbot.waitSignal(window.closed):
        window.close()
    assert front(window).calls[-1] == "closed"


@pytest.mark.parametrize(
    ("button", "can_save", "is_closed", "saved"),
    [
        (QMessageBox.StandardButton.Save, True, True, 1),
        (QMessageBox.StandardButton.Save, False, False, 1),
        (QMessageBox.StandardButton.Discard, True, True, 0),
        (QMessageBox.StandardButton.Cancel, True, False, 0),
    ],
)
def test_unsaved_work_is_asked_about(
    button: QMessageBox.StandardButton, can_save: bool, is_closed: bool, saved: int, window: MainWindow, qtbot: QtBot
) -> None:
    project = Project(is_dirty=True, can_save=can_save)
    window.set_project(project)
    window.close()
    assert window.isVisible()
    qtbot.mouseClick(question(window).button(button), Qt.MouseButton.LeftButton)
    assert window.isVisible() is not is_closed
    assert project.saved == saved


def test_the_question_is_asked_once(window: MainWindow) -> None:
    window.set_project(Project(is_dirty=True))
    window.close()
    window.close()
    assert len(window.findChildren(QMessageBox, "save_question")) == 1
    question(window).reject()


def test_the_title_names_the_project(window: MainWindow) -> None:
    project = Project(is_dirty=True)
    window.set_project(project)
    assert window.windowTitle().startswith("digits •")
    project.is_dirty = False
    window.render_title()
    assert window._title.text() == "digits"


# ---- layout ----------------------------------------------------------------------------------------------------


def test_the_layout_is_kept(open_window: Callable[[], MainWindow], preferences: PreferenceFile, own_home: Path) -> None:
    window = open_window()
    window.resize(1100, 700)
    window.show_lab("second")
    front(window).line.setText("kept")
    window.show_help()
    window.close()
    assert PreferenceFile(own_home / "preferences.json").values.layout == preferences.values.layout
    again = open_window()
    assert again.lab_name == "second"
    assert front(again).line.text() == "kept"
    assert again.help_view.isVisible()
    assert again.height() == 700  # the width gives way to the small screen of the tests


@pytest.mark.parametrize("layout", [b"\xff\xfe", b"[1]", b"{", b'{"front": 3, "lab first": 4, "help": "x"}'])
def test_a_damaged_layout_is_passed_over(
    layout: bytes, open_window: Callable[[], MainWindow], preferences: PreferenceFile
) -> None:
    preferences.change(layout=layout, geometry=b"nonsense")
    assert open_window().lab_name == "first"


def test_the_window_fits_a_small_screen(window: MainWindow) -> None:
    window.resize(1280, 800)
    assert (window.width(), window.height()) == (1280, 800)


# ---- help ------------------------------------------------------------------------------------------------------


def test_help_begins_with_the_words_of_the_lab(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_table["help.lab"].trigger()
    text = window.help_view.page.toPlainText()
    assert text.index("IN THIS LAB") < text.index("seed") < text.index("neuron")
    qtbot.keyClicks(window.help_view.search, "rms")
    assert "RMSprop" in window.help_view.page.toPlainText()
    assert "dropout" not in window.help_view.page.toPlainText()
    qtbot.keyClick(window.help_view.search, Qt.Key.Key_Escape)
    assert not window.help_view.isVisible()
    assert not window.actions_table["help.lab"].isChecked()


def test_help_says_where_it_knows_nothing(window: MainWindow) -> None:
    window.explain_term("quantum <b>")
    assert "No word here contains “quantum <b>”" in window.help_view.page.toPlainText()
