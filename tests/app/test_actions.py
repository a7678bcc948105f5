"""The actions table and what is made of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from playground.app.action_table import ACTIONS, FILLED_MENUS, KEYS, MENUS, ActionRow
from playground.app.actions import Actions, LabKey, rows_with_labs, shortcut_text
from playground.app.resources import resource
from playground.app.window import MainWindow

LABS = [LabKey(f"lab{n}", f"Lab {n}", "A lab.") for n in range(12)]
ROWS = rows_with_labs(LABS)


def test_ids_are_unique() -> None:
    assert [name for name, count in Counter(row.id for row in ROWS).items() if count > 1] == []


def test_shortcuts_are_unique() -> None:
    keys = Counter(QKeySequence(text).toString() for row in ROWS for text in row.shortcuts)
    assert keys[""] == 0
    assert [text for text, count in keys.items() if count > 1] == []


def test_the_desktop_habits_have_their_keys() -> None:
    expected = {
        "Ctrl+Z": "edit.undo",
        "Ctrl+Shift+Z": "edit.redo",
        "Ctrl+S": "file.save",
        "Ctrl+O": "file.open",
        "Space": "training.play",
        "F1": "help.lab",
    }
    found = {text: row.id for row in ROWS for text in row.shortcuts}
    assert {keys: found.get(keys) for keys in expected} == expected


@pytest.mark.parametrize("row", ACTIONS, ids=lambda row: row.id)
def test_every_row_says_what_it_does(row: ActionRow) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", row.id)
    assert row.menu.split("/")[0] in MENUS
    assert len(row.tooltip) > len(row.text)
    assert row.tooltip != row.text
    assert not row.tooltip.endswith(".")
    assert row.place in ("window", "lab")
    if row.icon:
        assert resource(f"icons/{row.icon}.svg").is_file()


def test_keys_that_views_answer_are_described() -> None:
    assert all(key.where and key.keys and key.meaning for key in KEYS)


def test_only_nine_labs_have_a_key() -> None:
    assert [row.shortcuts for row in ROWS if row.id.startswith("lab.")][-3:] == [(), (), ()]
    assert shortcut_text(ROWS[len(ACTIONS)]) == "Ctrl+1"


@pytest.fixture
def actions(qtbot: QtBot) -> Iterator[Actions]:
    owner = QWidget()
    qtbot.addWidget(owner)
    yield Actions(owner)
    owner.close()


def test_an_action_is_disabled_until_it_is_answered(actions: Actions) -> None:
    assert not any(actions[row.id].isEnabled() for row in actions.rows)
    heard: list[bool] = []
    actions.answer("view.projector", lambda is_checked: heard.append(is_checked), checked=True)
    assert actions["view.projector"].isEnabled()
    actions["view.projector"].trigger()
    assert heard == [False]


def test_the_lab_in_front_answers_its_actions(actions: Actions) -> None:
    heard: list[object] = []
    actions.route({"training.play": heard.append, "training.step": lambda: heard.append("first")})
    assert actions["training.play"].isEnabled()
    actions["training.play"].trigger()
    actions["training.step"].trigger()
    actions.route({"training.step": lambda: heard.append("second")})
    assert not actions["training.play"].isEnabled()
    actions["training.step"].trigger()
    assert heard == [True, "first", "second"]


def test_a_lab_cannot_answer_what_is_in_no_table(actions: Actions) -> None:
    with pytest.raises(KeyError, match=r"no such actions: training\.fly"):
        actions.route({"training.fly": print})


def test_groups_are_exclusive(actions: Actions) -> None:
    for theme in ("dark", "light"):
        actions.answer(f"view.theme_{theme}", lambda: None)
        actions[f"view.theme_{theme}"].trigger()
    assert actions["view.theme_light"].isChecked()
    assert not actions["view.theme_dark"].isChecked()


def test_every_action_stands_in_its_menu(window: MainWindow) -> None:
    for row in window.actions_table.rows:
        menu = window.menus[row.menu]
        assert isinstance(menu, QMenu)
        assert window.actions_table[row.id] in menu.actions(), row.id
    for path in FILLED_MENUS:
        assert not window.menus[path].isEnabled()
