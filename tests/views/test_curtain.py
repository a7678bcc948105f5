"""Curtains: what stands behind one is out of sight, and comes back as its owner wants it by then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QSplitter, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.views.curtain import Curtain
from playground.views.inspector.flow import FlowLayout
from playground.views.look import Look


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    found = QWidget()
    qtbot.addWidget(found)
    found.resize(600, 400)
    yield found
    found.close()


def lines(window: QWidget, count: int = 3) -> list[QLineEdit]:
    column = QVBoxLayout(window)
    inner = QHBoxLayout()
    found = [QLineEdit(str(number), window) for number in range(count)]
    inner.addWidget(found[0])
    for place, line in enumerate(found[1:], 1):
        inner.addWidget(line, place)
    column.addLayout(inner)
    return found


def test_the_room_goes_to_the_others_and_comes_back(window: QWidget, qtbot: QtBot) -> None:
    first, second, third = lines(window)
    window.show()
    qtbot.waitExposed(window)
    places = [line.geometry() for line in (first, second, third)]
    curtain = Curtain(second)
    window.layout().activate()
    assert not second.isVisible()
    assert third.width() > places[2].width()
    curtain.open()
    window.layout().activate()
    assert [line.geometry() for line in (first, second, third)] == places


def test_tab_passes_it_by(window: QWidget, qtbot: QtBot) -> None:
    first, second, third = lines(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    first.setFocus()
    curtain = Curtain(second)
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert third.hasFocus()
    curtain.open()
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()


@pytest.mark.parametrize("is_shown", [True, False])
def test_what_the_owner_said_meanwhile_holds(is_shown: bool, window: QWidget, qtbot: QtBot) -> None:
    _, line, _ = lines(window)
    window.show()
    qtbot.waitExposed(window)
    curtain = Curtain(line)
    for wish in (not is_shown, is_shown):
        line.setVisible(wish)
        assert not line.isVisible()
        assert line.isHidden() is not wish
    curtain.open()
    assert line.isVisible() is is_shown


def test_in_a_grid_and_in_a_flow(window: QWidget, qtbot: QtBot) -> None:
    grid = QGridLayout(window)
    cell = QLineEdit(window)
    grid.addWidget(cell, 1, 2)
    box = QWidget(window)
    flow = FlowLayout(Look(window), gap=0.3)
    box.setLayout(flow)
    buttons = [QPushButton(str(number), box) for number in range(2)]
    for button in buttons:
        flow.addWidget(button)
    grid.addWidget(box, 2, 0)
    window.show()
    qtbot.waitExposed(window)
    curtains = [Curtain(cell), Curtain(buttons[0])]
    assert not cell.isVisible()
    assert not buttons[0].isVisible()
    for curtain in curtains:
        curtain.open()
    assert cell.isVisible()
    assert buttons[0].isVisible()
    place = grid.getItemPosition(grid.indexOf(cell))
    assert place == (1, 2, 1, 1)
    assert [flow.itemAt(place).widget() for place in range(flow.count())] == buttons


def test_in_a_flow_too_the_owner_may_change_its_mind(window: QWidget, qtbot: QtBot) -> None:
    flow = FlowLayout(Look(window), gap=0.3)
    window.setLayout(flow)
    buttons = [QPushButton(str(number), window) for number in range(3)]
    for button in buttons:
        flow.addWidget(button)
    window.show()
    qtbot.waitExposed(window)
    for _ in range(3):
        curtains = [Curtain(button) for button in buttons[1:]]
        buttons[1].setVisible(False)
        buttons[1].setVisible(True)
        assert not buttons[1].isVisible()
        for curtain in curtains:
            curtain.open()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert buttons[1].isVisible()
        window.resize(window.width() - 10, window.height())
        assert [flow.itemAt(place).widget() for place in range(flow.count())] == buttons


def test_a_part_of_a_splitter_gets_its_width_back(window: QWidget, qtbot: QtBot) -> None:
    column = QVBoxLayout(window)
    splitter = QSplitter(window)
    parts = [QWidget(splitter) for _ in range(3)]
    splitter.setChildrenCollapsible(False)
    splitter.setStretchFactor(1, 1)
    column.addWidget(splitter)
    window.show()
    qtbot.waitExposed(window)
    splitter.setSizes([100, 280, 150])
    before = splitter.sizes()
    curtain = Curtain(parts[2])
    qtbot.waitUntil(lambda: splitter.sizes()[2] == 0)
    assert parts[1].width() > before[1]
    curtain.open()
    qtbot.waitUntil(lambda: splitter.sizes() == before)
    assert parts[2].isVisible()
