"""The context menus say what can be wished for, and each action wishes for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel, QMenu
from pytestqt.qtbot import QtBot

from playground.engine.spec import ACTIVATIONS, OUTPUT_ACTIVATIONS
from playground.views.diagram import NetworkDiagram
from playground.views.diagram.headers import heads

# opening a popup makes the offscreen plugin speak of what it cannot do
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def diagram(make_snapshot: Any, make_diagram: Any) -> NetworkDiagram:
    result: NetworkDiagram = make_diagram(make_snapshot())
    return result


def open_menu(diagram: NetworkDiagram, at: QPoint) -> QMenu:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, diagram.mapToGlobal(at))
    QApplication.sendEvent(diagram, event)
    return shown()


def shown() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def action(menu: QMenu, name: str) -> QAction:
    found = menu.findChild(QAction, f"diagram-{name}")
    assert found is not None
    return found


def layer_menu(diagram: NetworkDiagram, place: int) -> QMenu:
    head = next(head for head in heads(diagram._state) if head.place == place)
    QTest.mouseClick(diagram, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, head.line.center().toPoint())
    return shown()


def unit_key(diagram: NetworkDiagram, place: int, row: int) -> tuple[int, int]:
    picture = diagram._state.picture
    assert picture is not None
    return picture.spec.layers[place].id, picture.spec.layers[place].units[row]


def choose(menu: QMenu, name: str) -> None:
    action(menu, name).trigger()
    menu.close()


def test_the_layer_menu_wishes_for_each_change(diagram: NetworkDiagram, qtbot: QtBot) -> None:
    ids = [diagram._state.layer_id(place) for place in range(3)]
    wishes: list[tuple[str, str, list[Any]]] = [
        ("add-unit", "add_unit_requested", [ids[1]]),
        ("remove-unit", "remove_unit_requested", [ids[1]]),
        ("insert-before", "insert_layer_requested", [ids[1]]),
        ("insert-after", "insert_layer_requested", [ids[2]]),
        ("move-left", "move_layer_requested", [ids[1], -1]),
        ("remove-layer", "remove_layer_requested", [ids[1]]),
        ("freeze-layer", "freeze_layer_requested", [ids[1], True]),
        ("matrix", "matrix_shown", [ids[1], True]),
    ]
    for name, signal, args in wishes:
        with qtbot.waitSignal(getattr(diagram, signal)) as told:
            choose(layer_menu(diagram, 1), name)
        assert told.args == args
    menu = layer_menu(diagram, 1)
    assert not action(menu, "move-right").isEnabled()  # the output stays last
    choose(menu, "select-all")
    assert len(diagram.selection()[0]) == 5


def test_activations_are_offered_and_the_present_one_is_marked(diagram: NetworkDiagram, qtbot: QtBot) -> None:
    menu = layer_menu(diagram, 0)
    offered = [name for name in ACTIVATIONS if menu.findChild(QAction, f"diagram-activation-{name}") is not None]
    assert offered == list(ACTIVATIONS)
    assert action(menu, "activation-sigmoid").isChecked()
    with qtbot.waitSignal(diagram.activation_chosen) as told:
        choose(menu, "activation-gelu")
    assert told.args == [diagram._state.layer_id(0), "gelu"]
    menu = layer_menu(diagram, 2)
    offered = [name for name in ACTIVATIONS if menu.findChild(QAction, f"diagram-activation-{name}") is not None]
    assert offered == list(OUTPUT_ACTIVATIONS)
    assert menu.findChild(QAction, "diagram-remove-layer") is None
    menu.close()


def test_dropout_is_a_number_in_the_menu(diagram: NetworkDiagram, qtbot: QtBot) -> None:
    menu = layer_menu(diagram, 0)
    field = menu.findChild(QDoubleSpinBox, "diagram-dropout")
    assert field is not None
    with qtbot.waitSignal(diagram.dropout_chosen) as told:
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, field.locale().toString(0.25, "f", 2))
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert told.args == [diagram._state.layer_id(0), 0.25]
    menu.close()


def test_the_keys_of_the_menu_reach_the_dropout_and_enter_closes_it(diagram: NetworkDiagram, qtbot: QtBot) -> None:
    menu = layer_menu(diagram, 0)
    menu.setActiveAction(action(menu, "activation"))
    QTest.keyClick(menu, Qt.Key.Key_Down)
    field = QApplication.focusWidget()
    assert isinstance(field, QDoubleSpinBox)
    assert field.objectName() == "diagram-dropout"
    with qtbot.waitSignal(diagram.dropout_chosen) as told:
        field.selectAll()
        QTest.keyClicks(field, field.locale().toString(0.5, "f", 2))
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert told.args == [diagram._state.layer_id(0), 0.5]
    assert QApplication.activePopupWidget() is None


def test_menus_say_on_top_what_they_are_about(diagram: NetworkDiagram, places: Any) -> None:
    menu = layer_menu(diagram, 1)
    heads_found = [label.text() for label in menu.findChildren(QLabel, "diagram-menu-head")]
    menu.close()
    assert heads_found == ["hidden 2"]
    diagram.set_selection([unit_key(diagram, 0, 1), unit_key(diagram, 0, 2)], [])
    menu = open_menu(diagram, places(diagram).unit(0, 1))
    assert [label.text() for label in menu.findChildren(QLabel, "diagram-menu-head")] == ["2 neurons"]
    menu.close()


def test_the_menu_of_neurons_counts_the_whole_selection(diagram: NetworkDiagram, places: Any, qtbot: QtBot) -> None:
    picture = diagram._state.picture
    assert picture is not None
    layer = picture.spec.layers[0]
    both = [(layer.id, layer.units[1]), (layer.id, layer.units[2])]
    diagram.set_selection(both, [])
    with qtbot.waitSignal(diagram.duplicate_units_requested) as told:
        choose(open_menu(diagram, places(diagram).unit(0, 2)), "duplicate")
    assert told.args == [both]
    with qtbot.waitSignal(diagram.freeze_units_requested) as told:
        choose(open_menu(diagram, places(diagram).unit(0, 2)), "freeze")
    assert told.args == [both, True]
    with qtbot.waitSignal(diagram.delete_units_requested) as told:  # another neuron than the selected ones
        choose(open_menu(diagram, places(diagram).unit(0, 5)), "delete")
    assert told.args == [[(layer.id, layer.units[5])]]


def test_outputs_can_be_frozen_but_not_deleted(diagram: NetworkDiagram, places: Any) -> None:
    menu = open_menu(diagram, places(diagram).unit(2, 0))
    assert not action(menu, "delete").isEnabled()
    assert not action(menu, "duplicate").isEnabled()
    assert action(menu, "freeze").isEnabled()
    menu.close()


def test_a_frozen_neuron_can_be_let_go(make_snapshot: Any, make_diagram: Any, places: Any, qtbot: QtBot) -> None:
    snapshot = make_snapshot()
    movable = np.zeros(snapshot.spec.parameter_count, np.bool_)
    diagram = make_diagram(make_snapshot(spec=snapshot.spec, movable=movable))
    with qtbot.waitSignal(diagram.freeze_units_requested) as told:
        choose(open_menu(diagram, places(diagram).unit(1, 0)), "freeze")
    assert told.args[1] is False


def test_the_menu_of_an_edge_cuts_and_freezes(diagram: NetworkDiagram, places: Any, qtbot: QtBot) -> None:
    picture = diagram._state.picture
    assert picture is not None
    first, second = picture.spec.layers[:2]
    edge = (second.id, second.units[4], first.units[5])
    at = places(diagram).edge(1, 4, 5, along=0.3).toPoint()
    with qtbot.waitSignal(diagram.cut_edges_requested) as told:
        choose(open_menu(diagram, at), "cut")
    assert told.args == [[edge], True]
    with qtbot.waitSignal(diagram.freeze_edges_requested) as told:
        choose(open_menu(diagram, at), "freeze-edges")
    assert told.args == [[edge], True]


def test_empty_ground_has_a_menu_too(diagram: NetworkDiagram, places: Any) -> None:
    diagram.zoom_by(1.05)
    choose(open_menu(diagram, places(diagram).ground()), "fit")
    assert diagram._state.view.is_fit


def test_the_keyboard_opens_the_menu_of_the_focus_cell(diagram: NetworkDiagram) -> None:
    diagram.clearFocus()
    diagram.setFocus(Qt.FocusReason.TabFocusReason)
    at = QPoint(5, 5)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, diagram.mapToGlobal(at))
    QApplication.sendEvent(diagram, event)
    menu = shown()
    assert menu.objectName() == "diagram-units-menu"
    menu.close()


def test_every_action_has_a_name_and_menus_do_not_pile_up(diagram: NetworkDiagram, qtbot: QtBot) -> None:
    for _ in range(3):
        menu = layer_menu(diagram, 0)
        assert all(each.objectName() for each in menu.actions() if not each.isSeparator())
        menu.close()
    qtbot.waitUntil(lambda: len(diagram.findChildren(QMenu)) == 0, timeout=2000)
