"""Building with mouse and keyboard in the real window: what is selected together is changed, and taken back, as one."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from playground.engine.spec import NetworkSpec
from playground.session import memory
from playground.session.network_document import NetworkDocument
from playground.views.data.pad import DrawPad
from playground.views.diagram.headers import heads
from playground.views.diagram.picture import EdgeKey, UnitKey
from tests.app.journeys.desk import CTRL, LEFT, NO_KEYS, Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


def unit_key(spec: NetworkSpec, place: int, row: int) -> UnitKey:
    return spec.layers[place].id, spec.layers[place].units[row]


def edge_key(spec: NetworkSpec, place: int, row: int, column: int) -> EdgeKey:
    return (*unit_key(spec, place, row), spec.sources(place)[column])


def unit_spot(desk: Desk, place: int, row: int) -> QPoint:
    state = desk.view.diagram._state
    assert state.layout is not None
    cell = state.layout.column(place).cell(row)
    assert cell is not None
    return state.view.rect(cell).center().toPoint()


def choose_in_menu(desk: Desk, at: QPoint, name: str) -> None:
    diagram = desk.view.diagram
    QApplication.sendEvent(diagram, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, diagram.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = menu.findChild(QAction, f"diagram-{name}")
    assert action is not None
    action.trigger()
    menu.close()
    desk.settle()


def select(desk: Desk, units: list[UnitKey], edges: list[EdgeKey]) -> None:
    desk.view.selection.set(units, edges)
    desk.settle()


def test_neurons_of_two_layers_are_deleted_and_brought_back_as_one(desk: Desk) -> None:
    spec, before, entries = desk.document.spec, desk.parameters, desk.document.undo_stack.count()
    select(desk, [unit_key(spec, 0, 2), unit_key(spec, 1, 3), unit_key(spec, 1, 4)], [])
    choose_in_menu(desk, unit_spot(desk, 1, 3), "delete")
    assert desk.document.spec.text == "784-15-14-10"
    stack = desk.document.undo_stack
    assert (stack.count(), stack.undoText()) == (entries + 1, "3 neurons of 2 layers removed")
    stack.undo()
    desk.settle()
    assert desk.document.spec.text == "784-16-16-10"
    np.testing.assert_array_equal(desk.parameters, before)


def test_neurons_of_two_layers_are_duplicated_without_a_change_of_the_function(desk: Desk) -> None:
    spec = desk.document.spec
    assert desk.snapshot.readings is not None
    before = desk.snapshot.readings.act[-1]
    select(desk, [unit_key(spec, 0, 2), unit_key(spec, 1, 3)], [])
    choose_in_menu(desk, unit_spot(desk, 0, 2), "duplicate")
    assert desk.document.spec.text == "784-17-17-10"
    assert desk.snapshot.readings is not None
    np.testing.assert_allclose(desk.snapshot.readings.act[-1], before, atol=1e-6)
    assert desk.document.undo_stack.undoText() == "2 neurons of 2 layers duplicated"


def test_neurons_of_two_layers_are_frozen_as_one_and_stay_while_the_rest_learns(desk: Desk) -> None:
    spec, entries = desk.document.spec, desk.document.undo_stack.count()
    select(desk, [unit_key(spec, 0, 2), unit_key(spec, 1, 3)], [])
    choose_in_menu(desk, unit_spot(desk, 0, 2), "freeze")
    assert desk.document.undo_stack.count() == entries + 1
    before = desk.snapshot
    for _ in range(3):
        desk.click("step_button")
    desk.wait(lambda: desk.snapshot.step == before.step + 3)
    after = desk.snapshot
    for place, row in ((0, 2), (1, 3)):
        np.testing.assert_array_equal(after.weight(place)[row], before.weight(place)[row])
        assert after.bias(place)[row] == before.bias(place)[row]
        assert not np.array_equal(after.weight(place)[row + 1], before.weight(place)[row + 1])
    desk.document.undo_stack.undo()
    desk.settle()
    assert desk.snapshot.movable is None or desk.snapshot.movable.all()


def test_an_edge_is_frozen_by_its_menu_and_by_the_action(desk: Desk) -> None:
    spec = desk.document.spec
    edges = [edge_key(spec, 1, 3, 5), edge_key(spec, 2, 1, 3)]
    select(desk, [], edges)
    desk.view.diagram.freeze_edges_requested.emit(edges, True)
    desk.settle()
    masks = [desk.snapshot.mask("movable", place) for place in (1, 2)]
    assert masks[0] is not None
    assert masks[1] is not None
    assert not masks[0][3, 5]
    assert not masks[1][1, 3]
    assert (int((~masks[0]).sum()), int((~masks[1]).sum())) == (1, 1)
    assert desk.document.undo_stack.undoText() == "freeze 2 edges of 2 layers"
    desk.program.window.actions_table["network.freeze"].trigger()  # all are frozen: they are let go
    desk.settle()
    assert desk.snapshot.movable is None or desk.snapshot.movable.all()


def test_what_needs_a_selection_says_so(desk: Desk) -> None:
    QTest.keyClick(desk.view.diagram, Qt.Key.Key_Escape)
    assert desk.view.selection.units == []
    for name in ("duplicate_neuron", "delete_neuron", "freeze"):
        desk.program.window.actions_table[f"network.{name}"].trigger()
        assert "Select a neuron first: click it in the diagram." in desk.messages
    desk.program.window.actions_table["network.cut"].trigger()
    assert "Select an edge first: click it in the diagram." in desk.messages


def test_nothing_selected_stays_so_when_the_structure_changes(desk: Desk) -> None:
    assert desk.view.selection.units == [unit_key(desk.document.spec, 0, 0)]  # the first one at the start
    QTest.keyClick(desk.view.diagram, Qt.Key.Key_Escape)
    desk.view.building.add_unit(desk.document.spec.layers[1].id)
    desk.settle()
    assert desk.view.selection.units == []


def test_matrices_drawing_and_example_are_part_of_the_view_that_is_kept(desk: Desk) -> None:
    spec, pad = desk.document.spec, desk.find(DrawPad, "draw_pad")
    desk.view.diagram.show_matrix(spec.layers[1].id, True)
    desk.drag(pad, [QPointF(40 + 8 * step, 50 + 6 * step) for step in range(12)])
    desk.settle()
    assert desk.snapshot.readings is not None
    seen, state = desk.snapshot.readings.inputs, json.loads(json.dumps(desk.view.save_view()))
    desk.view.diagram.show_matrix(spec.layers[1].id, False)
    desk.view.diagram.show_matrix(spec.layers[2].id, True)
    desk.click("draw_clear")
    desk.settle()
    desk.view.restore_view(state)
    desk.settle()
    assert desk.view.diagram.matrix_layers() == {spec.layers[1].id}
    assert desk.snapshot.readings is not None
    np.testing.assert_allclose(desk.snapshot.readings.inputs, seen, atol=0.05)
    desk.view.restore_view({"matrices": ["x", None, 10**40], "input": [1]})
    assert desk.view.diagram.matrix_layers() == set()


def test_a_typed_structure_is_examined_in_place_and_enter_closes_the_field(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = desk.find(QLineEdit, "structure_text")
    for text, words in (
        ("784-3000-1000-10", "5,366,010 parameters; training will be slow"),
        ("780-16-10", "These data have 784 inputs and 10 classes"),
        ("784-16-9", "These data have 784 inputs and 10 classes"),
    ):
        desk.type_in("structure_text", text, end=Qt.Key.Key_End)
        assert words in desk.sentence("structure_word")
    QTest.keyClick(field, Qt.Key.Key_Return)  # refused in place: the text stays to be mended
    assert field.text() == "784-16-9"
    assert "These data" in desk.sentence("structure_word")
    with monkeypatch.context() as patch:
        patch.setattr(memory, "BYTES_PER_PARAMETER", 10**9)
        desk.type_in("structure_text", "784-3000-1000-10")
        assert "GiB" in desk.sentence("structure_word")
    assert desk.document.undo_stack.count() == 0
    desk.type_in("structure_text", "784-12-10")
    desk.settle()
    assert not field.hasFocus()
    assert (field.text(), desk.document.spec.text, desk.sentence("structure_word")) == ("784-12-10", "784-12-10", "")
    desk.undo()  # by Ctrl+Z: of the network, not of the text
    assert (field.text(), desk.document.spec.text) == ("784-16-16-10", "784-16-16-10")


def test_more_than_five_million_parameters_are_built_with_a_warning_that_stays(desk: Desk) -> None:
    desk.type_in("structure_text", "784-3000-1000-10")
    desk.settle()
    desk.wait_for_message("The function")
    assert any("5,366,010 parameters: training will be slow" in text for text in desk.messages)
    desk.undo()
    assert desk.document.spec.text == "784-16-16-10"


def test_one_can_build_before_torch_has_been_loaded(
    start: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(NetworkDocument, "start_thread", lambda _document: None)
        desk = start(ready=False)
    assert desk.document.snapshot is None
    picture = desk.view.diagram._state.picture
    assert picture is not None  # the network stands as soon as the window does
    assert picture.spec.text == "784-16-16-10"
    plus = next(head.plus for head in heads(desk.view.diagram._state) if head.place == 1)
    QTest.mouseClick(desk.view.diagram, LEFT, NO_KEYS, plus.center().toPoint())
    assert desk.document.spec.text == "784-16-17-10"
    assert desk.document.snapshot is None
    desk.document.start_thread()
    desk.wait_until_ready()
    assert desk.snapshot.spec.text == "784-16-17-10"
    assert desk.parameters.any()
    desk.undo()
    assert desk.snapshot.spec.text == "784-16-16-10"
    assert desk.view.diagram._state.picture is not None
    assert desk.view.diagram._state.picture.spec.text == "784-16-16-10"


def keys_in_menu(desk: Desk, at: QPoint) -> dict[str, str]:
    """Return the keys that a context menu names, by its entries."""
    diagram = desk.view.diagram
    QApplication.sendEvent(diagram, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, diagram.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    entries = (action.text().partition("\t") for action in menu.actions())
    found = {words: keys for words, _, keys in entries if keys}
    menu.close()
    return found


def test_a_key_of_the_diagram_s_menus_is_that_of_the_window_s_action(desk: Desk) -> None:
    ground = QPoint(2, desk.view.diagram.height() - 2)
    assert (
        keys_in_menu(desk, ground)["Fit into the window"] == desk.window.actions_table["view.fit"].shortcut().toString()
    )
    at = unit_spot(desk, 0, 3)
    assert (
        keys_in_menu(desk, at)["Freeze this neuron"]
        == desk.window.actions_table["network.freeze"].shortcut().toString()
    )


def test_f_freezes_and_the_key_of_fitting_fits(desk: Desk) -> None:
    desk.click_unit(0, 3)
    desk.window.actions_table["view.zoom_in"].trigger()
    zoom = desk.view.diagram._state.view.zoom
    desk.view.diagram.setFocus()
    desk.press(Qt.Key.Key_F)
    desk.settle()
    assert desk.document.undo_stack.undoText().startswith("freeze")
    assert desk.view.diagram._state.view.zoom == zoom > 1
    desk.press(Qt.Key.Key_0, CTRL)
    assert desk.view.diagram._state.view.is_fit
