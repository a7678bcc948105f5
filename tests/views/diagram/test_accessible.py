"""What a screen reader finds: every neuron as an item with a spoken value."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.views.diagram import NetworkDiagram
from playground.views.diagram.accessible import DiagramAccessible, child_of, spot_of
from playground.views.look import Look


@pytest.fixture
def diagram(make_snapshot: Any, make_diagram: Any) -> NetworkDiagram:
    result: NetworkDiagram = make_diagram(make_snapshot())
    return result


def interface_of(diagram: NetworkDiagram) -> DiagramAccessible:
    found = QAccessible.queryAccessibleInterface(diagram)
    assert isinstance(found, DiagramAccessible)
    return found


def item_of(diagram: NetworkDiagram, index: int) -> QAccessibleInterface:
    found = interface_of(diagram).child(index)
    assert found is not None
    return found


def test_every_neuron_is_an_item_with_a_spoken_value(diagram: NetworkDiagram) -> None:
    found = interface_of(diagram)
    assert found.role() == QAccessible.Role.List
    assert found.text(QAccessible.Text.Name) == "Network diagram"
    assert found.childCount() == 6 + 5 + 3
    names = [item_of(diagram, index).text(QAccessible.Text.Name) for index in range(found.childCount())]
    assert names[5].startswith("neuron 6 of hidden 1, activation ")
    assert ", bias " in names[5]
    assert names[6].startswith("neuron 1 of hidden 2, ")
    assert names[-1].startswith("neuron 3 of output, 2, ")
    assert sum(name.endswith("the answer") for name in names) == 1


def test_items_and_spots_are_each_others_inverse(diagram: NetworkDiagram) -> None:
    state = diagram._state
    for index in range(14):
        spot = spot_of(state, index)
        assert spot is not None
        assert child_of(state, spot) == index
    assert spot_of(state, 14) is None


def test_items_know_where_they_are_and_whether_they_are_selected(diagram: NetworkDiagram, places: Any) -> None:
    found = interface_of(diagram)
    at = places(diagram).unit(1, 2)
    QTest.mouseClick(diagram, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    item = item_of(diagram, 8)
    assert item.rect().contains(diagram.mapToGlobal(at))
    assert item.state().selected
    assert not item_of(diagram, 9).state().selected
    here = diagram.mapToGlobal(at)
    under = found.childAt(here.x(), here.y())
    assert under is not None
    assert found.indexOfChild(under) == 8
    ground = diagram.mapToGlobal(QPoint(4, 300))
    assert found.childAt(ground.x(), ground.y()) is None


def test_items_follow_the_structure(diagram: NetworkDiagram, make_snapshot: Any) -> None:
    found = interface_of(diagram)
    last = item_of(diagram, 13)
    assert last.isValid()
    diagram.render_snapshot(make_snapshot((64, 4, 3)))
    assert found.childCount() == 7
    assert not last.isValid()
    assert last.state().invalid
    assert item_of(diagram, 3).text(QAccessible.Text.Name).startswith("neuron 4 of hidden 1")
    assert found.child(7) is None


def test_items_outlive_their_diagram_without_harm(make_snapshot: Any, qtbot: QtBot) -> None:
    diagram = NetworkDiagram(Look())
    diagram.render_snapshot(make_snapshot())
    diagram.settle()
    found, item = interface_of(diagram), item_of(diagram, 3)
    assert item.isValid()
    with qtbot.waitSignal(diagram.destroyed):
        diagram.deleteLater()
    assert not found.isValid()
    assert not item.isValid()
    assert item.text(QAccessible.Text.Name) == ""
    assert item.rect().isEmpty()


def test_the_focus_is_told_while_somebody_listens(diagram: NetworkDiagram, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(QAccessible, "isActive", staticmethod(lambda: True))
    monkeypatch.setattr(QAccessible, "updateAccessibility", staticmethod(lambda event: told.append(event.child())))
    diagram.clearFocus()
    diagram.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(diagram, Qt.Key.Key_Right)
    assert told == [0, child_of(diagram._state, diagram._state.focus or (0, 0))]
    assert told[1] >= 6
