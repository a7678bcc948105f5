"""What the diagram does not offer: no button, no line in a menu, no key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from playground.views.diagram import NetworkDiagram
from playground.views.diagram.footer import footer
from playground.views.diagram.headers import heads, insert_buttons
from playground.views.diagram.menus import has_choices, without
from playground.views.diagram.state import Target

BUILDING = frozenset(
    {
        "add_unit_requested", "remove_unit_requested", "insert_layer_requested", "remove_layer_requested",
        "move_layer_requested", "delete_units", "delete_units_requested", "duplicate_units",
        "duplicate_units_requested", "activation_chosen", "dropout_chosen",
    }
)  # fmt: skip


def names(menu: QMenu | None) -> set[str]:
    assert menu is not None
    return {action.objectName() for action in menu.actions() if action.objectName()}


def menu_of(diagram: NetworkDiagram, target: Target) -> QMenu:
    menu = diagram._menu_for(target)
    assert menu is not None
    return without(menu, diagram._state.withheld)


def test_heads_have_no_buttons_while_building_is_withheld(
    make_snapshot: Callable[..., object], make_diagram: Callable[..., NetworkDiagram]
) -> None:
    diagram = make_diagram(make_snapshot())
    state = diagram._state
    assert all(head.plus.width() > 0 for head in heads(state)[1:-1])
    assert insert_buttons(state)
    diagram.set_withheld(BUILDING)
    assert all(head.plus.width() == head.minus.width() == 0 for head in heads(state))
    assert not insert_buttons(state)
    diagram.set_withheld(frozenset())
    assert all(head.plus.width() > 0 for head in heads(state)[1:-1])


def test_menus_keep_what_is_offered(
    make_snapshot: Callable[..., object], make_diagram: Callable[..., NetworkDiagram]
) -> None:
    diagram = make_diagram(make_snapshot())
    diagram.set_withheld(BUILDING)
    layer = menu_of(diagram, Target("menu", 0))
    assert names(layer) == {"diagram-head", "diagram-select-all", "diagram-freeze-layer", "diagram-matrix"}
    assert has_choices(layer)
    assert "diagram-delete" not in names(menu_of(diagram, Target("unit", 0, 1)))
    everything = BUILDING | {"select_layer", "freeze_layer_requested", "show_matrix"}
    diagram.set_withheld(frozenset(everything))
    assert not has_choices(menu_of(diagram, Target("menu", 0))), "a menu of nothing but its head does not open"


@pytest.mark.parametrize(
    ("key", "wish"),
    [
        (Qt.Key.Key_Plus, "add_unit_requested"),
        (Qt.Key.Key_Minus, "remove_unit_requested"),
        (Qt.Key.Key_Delete, "delete_units_requested"),
        (Qt.Key.Key_M, "show_matrix"),
    ],
)
def test_a_key_for_what_is_withheld_says_so_and_changes_nothing(
    key: Qt.Key, wish: str, make_snapshot: Callable[..., object], make_diagram: Callable[..., NetworkDiagram],
    qtbot: QtBot,
) -> None:  # fmt: skip
    diagram = make_diagram(make_snapshot())
    diagram.set_selection([(diagram._state.layer_id(0), 1)], [])
    heard: list[object] = []
    for name in ("add_unit_requested", "remove_unit_requested", "delete_units_requested", "matrix_shown"):
        getattr(diagram, name).connect(lambda *values: heard.append(values))
    diagram.set_withheld(frozenset({wish}))
    diagram.setFocus()
    with qtbot.waitSignal(diagram.withheld_wished):
        qtbot.keyClick(diagram, key)
    assert not heard
    diagram.set_withheld(frozenset())
    qtbot.keyClick(diagram, key)
    assert len(heard) >= 1


def test_the_switch_to_matrices_goes_with_its_wish(
    make_snapshot: Callable[..., object], make_diagram: Callable[..., NetworkDiagram]
) -> None:
    diagram = make_diagram(make_snapshot())
    found = footer(diagram._state)
    assert found is not None
    assert found.matrix.width() > 0
    diagram.set_withheld(frozenset({"show_matrix"}))
    found = footer(diagram._state)
    assert found is not None
    assert found.matrix.width() == found.neurons.width() == 0
    diagram.grab()
