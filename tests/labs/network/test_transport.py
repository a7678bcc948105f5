"""The bar of the network lab: what it emits, what it shows, and how it folds where the window is narrow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.app.actions import Actions
from playground.app.help_texts import explain
from playground.app.icons import Icons
from playground.engine.settings import Settings
from playground.engine.snapshots import Snapshot
from playground.engine.spec import build
from playground.labs.base import LabContext
from playground.labs.network.transport import FOLDED_FIRST, SPEEDS, Transport
from playground.views.fields import ChoiceField, NumberField
from playground.views.look import Look

SPEC = build((4, 3, 2))
SNAPSHOT = Snapshot(
    applied_seq=1,
    step=12_345,
    epoch=3.237,
    is_running=True,
    spec=SPEC,
    settings=Settings(),
    parameters=np.zeros(SPEC.parameter_count, np.float32),
    learning_rate=0.00316,
)


@dataclass(frozen=True)
class Device:
    name: str
    text: str


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QMainWindow]:
    found = QMainWindow()
    qtbot.addWidget(found)
    yield found
    found.close()


@pytest.fixture
def bar(window: QMainWindow, qtbot: QtBot) -> Transport:
    look = Look(window)
    context = LabContext(look, Actions(window), Icons(look, window), explain, {})
    central = QWidget(window)
    column = QVBoxLayout(central)
    column.setContentsMargins(0, 0, 0, 0)
    found = Transport(context, central)
    column.addWidget(found)
    column.addStretch(1)
    window.setCentralWidget(central)
    window.resize(1700, 700)
    window.show()
    qtbot.waitExposed(window)
    found.render_settings(Settings())
    return found


def button(bar: Transport, name: str) -> QAbstractButton:
    found = bar.window().findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("step_button", "step_requested"),
        ("epoch_button", "epoch_requested"),
        ("reset_button", "reset_requested"),
    ],
)
def test_buttons_say_what_the_user_wants(name: str, signal: str, bar: Transport, qtbot: QtBot) -> None:
    with qtbot.waitSignal(getattr(bar, signal)):
        qtbot.mouseClick(button(bar, name), Qt.MouseButton.LeftButton)


def test_play_asks_for_the_opposite_of_what_is(bar: Transport, qtbot: QtBot) -> None:
    for is_playing in (False, True, False):
        bar.set_playing(is_playing)
        assert button(bar, "play_button").accessibleName() == ("Pause" if is_playing else "Play")
        with qtbot.waitSignal(bar.play_toggled) as asked:
            qtbot.mouseClick(button(bar, "play_button"), Qt.MouseButton.LeftButton)
        assert asked.args == [not is_playing]


def test_a_number_is_part_of_a_drag_until_its_edit_ends(bar: Transport, qtbot: QtBot) -> None:
    edit = bar.fields["batch_size"].focusProxy()
    assert isinstance(edit, QLineEdit)
    heard: list[tuple[str, object, bool]] = []
    bar.setting_changed.connect(lambda *words: heard.append(words))
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "64")
    with qtbot.waitSignal(bar.setting_edit_finished) as finished:
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert heard == [("batch_size", 64, True)]
    assert finished.args == ["batch_size"]


def test_a_rate_that_is_being_typed_trains_nothing_until_it_is_whole(bar: Transport, qtbot: QtBot) -> None:
    edit = bar.fields["learning_rate"].focusProxy()
    assert isinstance(edit, QLineEdit)
    heard: list[object] = []
    bar.setting_changed.connect(lambda *words: heard.append(words))
    bar.play_toggled.connect(heard.append)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "1e-3")
    assert heard == []
    qtbot.mouseClick(button(bar, "play_button"), Qt.MouseButton.LeftButton)  # which takes no focus
    assert heard == [("learning_rate", 0.001, True), True]


def test_a_choice_is_a_change_of_its_own(bar: Transport, qtbot: QtBot) -> None:
    optimizer = bar.fields["optimizer"]
    assert isinstance(optimizer, ChoiceField)
    with qtbot.waitSignal(bar.setting_changed) as changed:
        optimizer.chosen.emit("sgd")
    assert changed.args == ["optimizer", "sgd", False]


def test_every_setting_has_its_field(bar: Transport) -> None:
    assert set(bar.fields) == set(vars(Settings()))


def test_settings_are_shown_in_silence(bar: Transport) -> None:
    heard: list[object] = []
    bar.setting_changed.connect(lambda *words: heard.append(words))
    shown = Settings(
        optimizer="rmsprop", learning_rate=0.3, schedule="step", batch_size=7, l1=0.1, stop_epochs=4, seed=99
    )
    bar.render_settings(shown)
    assert {name: field.value() for name, field in bar.fields.items()} == vars(shown)
    assert heard == []
    assert bar.fields["schedule_factor"].isEnabled()
    assert not bar.fields["momentum"].isEnabled()


@pytest.mark.parametrize(("optimizer", "note"), [("rmsprop", "RMSprop has no momentum."), ("adam", "")])
def test_it_says_where_momentum_does_not_count(optimizer: str, note: str, bar: Transport) -> None:
    bar.render_settings(Settings(optimizer=optimizer))
    label = bar.card.findChild(QLabel, "momentum_note")
    assert isinstance(label, QLabel)
    assert (label.text(), label.isHidden()) == (note, not note)
    assert bar.fields["momentum"].isEnabled() == (not note)


def test_large_numbers_of_the_bar_can_be_read_whole(bar: Transport) -> None:
    for field, value, text in (("learning_rate", 1000.0, "1000"), ("schedule_epochs", 20.0, "20")):
        bar.render_settings(replace(Settings(), **{field: value}))
        edit = bar.fields[field].focusProxy()
        assert isinstance(edit, QLineEdit)
        assert edit.text() == text


def test_the_device_shown_is_the_one_it_trains_on(bar: Transport) -> None:
    bar.set_devices([Device("cpu", "CPU, 2 cores"), Device("cuda:0", "Big GPU, 80 GiB")])
    bar.set_device("cpu", 1)
    bar.render_device("cpu")
    assert bar.device.value() == "cpu:1"
    bar.device.set_value("cuda:0")
    bar.render_device("cuda:0")
    assert bar.device.value() == "cuda:0"
    bar.render_device("cpu")  # it failed, and the training went back
    assert bar.device.value() == "cpu:1"


def test_an_open_card_grows_with_what_folds_into_it(bar: Transport, window: QMainWindow, qtbot: QtBot) -> None:
    button(bar, "more_settings_button").click()
    for width in (1700, 900, 700, 1000):
        window.resize(width, 700)
        qtbot.waitUntil(lambda: bar.card.height() == bar.card.sizeHint().height())
        for field in bar.fields.values():
            if field.parentWidget() is not bar and field.isVisible():
                assert field.height() >= field.minimumSizeHint().height(), "nothing is squeezed"


def test_a_wrong_number_is_answered_beside_its_field(bar: Transport, qtbot: QtBot) -> None:
    edit = bar.fields["learning_rate"].focusProxy()
    assert isinstance(edit, QLineEdit)
    heard: list[object] = []
    bar.setting_changed.connect(lambda *words: heard.append(words))
    edit.selectAll()
    qtbot.keyClicks(edit, "-1")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    field = bar.fields["learning_rate"]
    assert isinstance(field, NumberField)
    assert field.error() == "The learning rate must lie between 1e-08 and 1000; -1 does not."
    assert heard == []
    bar.show_error("seed", "No such seed.")
    seed = bar.fields["seed"]
    assert isinstance(seed, NumberField)
    assert seed.error() == "No such seed."


def test_a_snapshot_shows_step_epoch_and_rate(bar: Transport) -> None:
    bar.render_snapshot(SNAPSHOT)
    assert bar._step_reading.text() == "12,345"
    assert bar._epoch_reading.text() == "3.24"
    assert bar._rate_reading.isHidden()
    bar.render_settings(Settings(schedule="cosine"))
    bar.render_snapshot(replace(SNAPSHOT, settings=Settings(schedule="cosine")))
    assert bar._rate_reading.isVisible()
    assert bar._rate_reading.text() == "0.0032"
    assert "12,345" in bar._step_reading.accessibleName()
    bar.render_snapshot(replace(SNAPSHOT, settings=Settings(schedule="cosine"), learning_rate=0.0))
    assert bar._rate_reading.text() == "0: ended"


def test_a_frame_lays_nothing_out_anew(bar: Transport, qtbot: QtBot) -> None:
    bar.render_snapshot(SNAPSHOT)
    bar.layout().activate()
    places = [widget.geometry() for _, widget in bar._places]
    for step in range(12_345, 12_400):
        bar.render_snapshot(replace(SNAPSHOT, step=step))
    qtbot.waitUntil(lambda: bar._step_reading.text() == "12,399")
    assert [widget.geometry() for _, widget in bar._places] == places


@pytest.mark.parametrize(("name", "value"), SPEEDS)
def test_speeds(name: str, value: float | None, bar: Transport, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.speed_chosen) as chosen:
        bar.speed.chosen.emit(name)
    assert chosen.args == [value]
    bar.set_speed(value)
    assert bar.speed.value() == name


def test_devices_are_chosen_by_name(bar: Transport, qtbot: QtBot) -> None:
    bar.set_devices([Device("cpu", "CPU, 2 cores"), Device("cuda:0", "Big GPU, 80 GiB")])
    for choice, expected in (("cpu:1", ["cpu", 1]), ("cuda:0", ["cuda:0", 1])):
        with qtbot.waitSignal(bar.device_chosen) as chosen:
            bar.device.chosen.emit(choice)
        assert chosen.args == expected
    bar.set_device("cuda:0", 1)
    assert bar.device.value() == "cuda:0"


# ---- structure -------------------------------------------------------------------------------------------------


def test_the_typed_structure_is_built_on_enter(bar: Transport, qtbot: QtBot) -> None:
    bar.show_structure("784-16-16-10")
    bar.edit_structure()
    edit = bar.structure.focusProxy()
    assert isinstance(edit, QLineEdit)
    qtbot.keyClicks(edit, "784-32-10")
    with qtbot.waitSignal(bar.structure_typed) as typed:
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert typed.args == ["784-32-10"]


@pytest.mark.parametrize("text", ["784--16", "0-0", "784-16-16-10-", "abc"])
def test_a_wrong_structure_is_named_while_it_is_typed(text: str, bar: Transport, qtbot: QtBot) -> None:
    bar.show_structure("784-16-16-10")
    bar.edit_structure()
    edit = bar.structure.focusProxy()
    assert isinstance(edit, QLineEdit)
    heard: list[str] = []
    bar.structure_typed.connect(heard.append)
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    word = bar.window().findChild(QLabel, "structure_word")
    assert isinstance(word, QLabel)
    assert len(word.text()) > 20
    assert heard == []
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.text() == "784-16-16-10"


# ---- the card, folding -----------------------------------------------------------------------------------------


def test_the_card_stays_open_until_it_is_closed(bar: Transport, qtbot: QtBot) -> None:
    more = button(bar, "more_settings_button")
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert bar.card.isVisible()
    assert bar.window().rect().contains(bar.card.geometry())
    with qtbot.waitSignal(bar.new_seed_requested):
        qtbot.mouseClick(button(bar, "new_seed"), Qt.MouseButton.LeftButton)
    assert bar.card.isVisible()
    qtbot.keyClick(bar.card, Qt.Key.Key_Escape)
    assert not bar.card.isVisible()
    assert not more.isChecked()


def test_what_has_no_room_moves_to_the_card_and_back(bar: Transport) -> None:
    window = bar.window()
    assert bar._folded == ()
    before = 0
    order = tuple(name for name in FOLDED_FIRST if name != "rate")  # the schedule is constant: there is no reading
    for width in (1400, 1280, 1100, 1000):
        window.resize(width, 700)
        folded = bar._folded
        assert folded is not None
        assert folded == order[: len(folded)]
        assert len(folded) >= before
        before = len(folded)
        inside = [widget for name, widget in bar._places if name and name not in folded and widget.isVisible()]
        assert all(widget.geometry().right() <= bar.width() for widget in inside)
        for first, second in pairwise(inside):
            assert first.geometry().right() < second.geometry().left()
        assert all(bar.card.isAncestorOf(widget) for name, widget in bar._places if name in folded)
    assert before > 0
    window.resize(1700, 700)
    assert bar._folded == ()
    assert all(widget.parentWidget() is bar for _, widget in bar._places)


def test_play_and_learning_rate_never_fold() -> None:
    assert not {"play", "step", "epoch", "learning_rate", "structure", "more", "undo", "redo"} & set(FOLDED_FIRST)


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_batch_and_optimizer_stay_in_the_bar_beside_the_undo_history(
    schedule: str, bar: Transport, window: QMainWindow, qtbot: QtBot
) -> None:
    bar.render_settings(Settings(schedule=schedule))
    window.resize(1018, 700)  # what a window of 1280 leaves
    qtbot.waitUntil(lambda: bar.width() == 1018)
    for name in ("batch_size", "optimizer", "learning_rate"):
        assert bar.fields[name].parentWidget() is bar, name
        assert bar.rect().contains(bar.fields[name].geometry())
