"""A window for the tests of the frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.app.appearance import Appearance
from playground.app.program import Program
from playground.app.window import MainWindow
from playground.engine import digits
from playground.session.folders import folders
from playground.session.preferences import PreferenceFile
from playground.session.workspace import Workspace
from tests.app.journeys.small_digits import small_digits
from tests.app.whole_program import programs
from tests.app.windows import SmallLab

LABS = (SmallLab("first", "First"), SmallLab("second", "Second"))


@pytest.fixture
def preferences(own_home: Path) -> PreferenceFile:
    return PreferenceFile(own_home / "preferences.json")


@pytest.fixture
def appearance(qapp: QApplication, preferences: PreferenceFile) -> Appearance:
    return Appearance(qapp, preferences, theme="dark")


@pytest.fixture
def open_window(
    qtbot: QtBot, appearance: Appearance, preferences: PreferenceFile
) -> Iterator[Callable[[], MainWindow]]:
    workspace = Workspace(folders().made())
    windows: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(appearance.look, LABS, workspace, preferences)
        appearance.dress(window)
        windows.append(window)
        qtbot.addWidget(window)
        window.show_lab(window.first_lab())
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield make
    for window in windows:
        window.close_without_asking()
    workspace.close()


@pytest.fixture
def window(open_window: Callable[[], MainWindow]) -> MainWindow:
    return open_window()


@pytest.fixture
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw a few hundred digits where the program draws many thousands."""
    monkeypatch.setattr(digits, "digits_data", small_digits)


@pytest.fixture
def unborn(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, few_digits: None) -> Iterator[Program]:
    """Return the whole program before it has begun."""
    with programs(qtbot, monkeypatch) as make:
        yield make()


@pytest.fixture
def program(qtbot: QtBot, unborn: Program) -> Program:
    """Return the whole program, its window painted."""
    unborn.begin()
    qtbot.waitExposed(unborn.window)
    return unborn
