"""The diagram under the keyboard: every neuron can be reached, heard, selected, changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.views.diagram import NetworkDiagram
from playground.views.look import Look

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def diagram(make_snapshot: Any, make_diagram: Any) -> NetworkDiagram:
    result: NetworkDiagram = make_diagram(make_snapshot())
    tab_into(result)
    return result


def tab_into(diagram: NetworkDiagram) -> None:
    diagram.clearFocus()  # a window that comes up gives it the focus in another way
    diagram.setFocus(Qt.FocusReason.TabFocusReason)


def press(diagram: NetworkDiagram, *keys: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(diagram, key, modifier)


def unit(diagram: NetworkDiagram, place: int, row: int) -> tuple[int, int]:
    assert diagram._state.picture is not None
    layer = diagram._state.picture.spec.layers[place]
    return layer.id, layer.units[row]


def test_arrows_reach_every_neuron(diagram: NetworkDiagram) -> None:
    seen = set()
    press(diagram, Key.Key_Home)
    for _ in range(3):
        press(diagram, Key.Key_Home)
        seen.add(diagram._state.focus)
        for _ in range(8):
            press(diagram, Key.Key_Down)
            seen.add(diagram._state.focus)
        press(diagram, Key.Key_Right)
    assert seen == {(place, row) for place, width in enumerate((6, 5, 3)) for row in range(width)}


def test_right_and_left_go_to_the_nearest_neuron_of_the_next_column(diagram: NetworkDiagram) -> None:
    press(diagram, Key.Key_End)
    assert diagram._state.focus == (0, 5)
    press(diagram, Key.Key_Right)
    assert diagram._state.focus == (1, 4)
    press(diagram, Key.Key_Right, Key.Key_Right)
    assert diagram._state.focus == (2, 2)
    press(diagram, Key.Key_Left, Key.Key_Left, Key.Key_Left)
    assert diagram._state.focus is not None
    assert diagram._state.focus[0] == 0  # the pixels of an image are no neurons


def test_inputs_that_are_lamps_are_reached_but_not_selected(make_snapshot: Any, make_diagram: Any) -> None:
    diagram = make_diagram(make_snapshot((2, 4, 1), loss="squared_error"))
    tab_into(diagram)
    press(diagram, Key.Key_Left)
    assert diagram._state.focus[0] == -1
    assert diagram.accessibleDescription().startswith("input ")
    press(diagram, Key.Key_Return)
    assert diagram.selection() == ([], [])


def test_arrows_move_within_a_block(make_snapshot: Any, make_diagram: Any) -> None:
    diagram = make_diagram(make_snapshot((784, 128, 10)))
    tab_into(diagram)
    across = diagram._state.layout.column(0).across
    assert across > 1
    press(diagram, Key.Key_Right)
    assert diagram._state.focus == (0, 1)
    press(diagram, Key.Key_Down)
    assert diagram._state.focus == (0, 1 + across)


def test_moving_into_a_long_column_scrolls_it(make_snapshot: Any, make_diagram: Any) -> None:
    diagram = make_diagram(make_snapshot((784, 2000, 10)))
    tab_into(diagram)
    press(diagram, Key.Key_End)
    assert diagram._state.focus == (0, 1999)
    assert diagram._state.layout.column(0).cell(1999) is not None


def test_each_move_has_a_spoken_value(diagram: NetworkDiagram) -> None:
    press(diagram, Key.Key_Home, Key.Key_Down, Key.Key_Down)
    picture = diagram._state.picture
    assert picture is not None
    act, bias = picture.act(0), picture.snapshot.bias(0)
    assert act is not None
    words = f"neuron 3 of hidden 1, activation {act[2]:.2f}, bias {bias[2]:.2f}".replace("-", "−")
    assert diagram.accessibleDescription() == words
    press(diagram, Key.Key_Return)
    assert diagram.accessibleDescription() == f"{words}, selected"


def test_the_focus_cell_counts_as_hovered(diagram: NetworkDiagram) -> None:
    told: list[Any] = []
    diagram.unit_hovered.connect(told.append)
    press(diagram, Key.Key_Down, Key.Key_Down)
    diagram.clearFocus()
    assert told == [unit(diagram, 0, 1), unit(diagram, 0, 2), None]


def test_enter_and_space_select_and_shift_adds(diagram: NetworkDiagram) -> None:
    press(diagram, Key.Key_Down, Key.Key_Return)
    assert diagram.selection()[0] == [unit(diagram, 0, 1)]
    press(diagram, Key.Key_Down, Key.Key_Space)
    assert diagram.selection()[0] == [unit(diagram, 0, 2)]
    press(diagram, Key.Key_Down, modifier=SHIFT)
    assert diagram.selection()[0] == [unit(diagram, 0, 2), unit(diagram, 0, 3)]
    press(diagram, Key.Key_A, modifier=CTRL)
    assert len(diagram.selection()[0]) == 6
    press(diagram, Key.Key_Escape)
    assert diagram.selection() == ([], [])


def test_delete_asks_for_the_selected_neurons_to_go(diagram: NetworkDiagram) -> None:
    told: list[Any] = []
    diagram.delete_units_requested.connect(told.append)
    chosen = [unit(diagram, 0, 1), unit(diagram, 1, 0), unit(diagram, 0, 4), unit(diagram, 2, 0)]
    diagram.set_selection(chosen, [])
    press(diagram, Key.Key_Delete)
    assert told == [chosen[:3]]  # one wish for both layers; outputs stay


def test_delete_cuts_selected_edges_and_joins_cut_ones(make_snapshot: Any, make_diagram: Any) -> None:
    snapshot = make_snapshot()
    present = np.ones(snapshot.spec.parameter_count, np.bool_)
    present[snapshot.spec.slots[1].weight.start] = False
    diagram = make_diagram(make_snapshot(spec=snapshot.spec, flat=snapshot.parameters, present=present))
    told: list[Any] = []
    diagram.cut_edges_requested.connect(lambda edges, cut: told.append((edges, cut)))
    first, second = snapshot.spec.layers[:2]
    cut = (second.id, second.units[0], first.units[0])
    whole = (second.id, second.units[1], first.units[0])
    for edges in ([whole], [cut], [cut, whole]):
        diagram.set_selection([], edges)
        press(diagram, Key.Key_Delete)
    assert told == [([whole], True), ([cut], False), ([cut, whole], True)]


def test_ctrl_d_duplicates(diagram: NetworkDiagram, qtbot: QtBot) -> None:
    diagram.set_selection([unit(diagram, 1, 3)], [])
    with qtbot.waitSignal(diagram.duplicate_units_requested) as told:
        press(diagram, Key.Key_D, modifier=CTRL)
    assert told.args == [[unit(diagram, 1, 3)]]


def test_plus_and_minus_change_the_layer_of_the_focus_cell(diagram: NetworkDiagram, qtbot: QtBot) -> None:
    press(diagram, Key.Key_Right)
    layer = diagram._state.layer_id(1)
    with qtbot.waitSignal(diagram.add_unit_requested) as told:
        press(diagram, Key.Key_Plus)
    assert told.args == [layer]
    with qtbot.waitSignal(diagram.remove_unit_requested) as told:
        press(diagram, Key.Key_Minus)
    assert told.args == [layer]
    press(diagram, Key.Key_Right)
    with qtbot.assertNotEmitted(diagram.add_unit_requested):
        press(diagram, Key.Key_Plus)  # outputs follow the data


def test_zoom_keys_and_fit(diagram: NetworkDiagram) -> None:
    press(diagram, Key.Key_Plus, modifier=CTRL)
    press(diagram, Key.Key_Plus, modifier=CTRL)
    assert diagram._state.view.zoom == pytest.approx(1.25**2)
    press(diagram, Key.Key_Minus, modifier=CTRL)
    assert diagram._state.view.zoom == pytest.approx(1.25)
    press(diagram, Key.Key_F)  # freezes, in the window
    assert diagram._state.view.zoom == pytest.approx(1.25)
    press(diagram, Key.Key_0, modifier=CTRL)
    assert diagram._state.view.is_fit


def test_the_focus_cell_is_brought_into_sight_when_zoomed(diagram: NetworkDiagram, places: Any) -> None:
    for _ in range(7):
        press(diagram, Key.Key_Plus, modifier=CTRL)
    press(diagram, Key.Key_Home)
    press(diagram, *[Key.Key_Down] * 5)
    assert diagram._state.layout is not None
    assert diagram._state.layout.stage.contains(places(diagram).unit(0, 5))


def test_tab_leaves_the_diagram(make_snapshot: Any, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    diagram, after = NetworkDiagram(Look(), window), QPushButton("after", window)
    column.addWidget(diagram)
    column.addWidget(after)
    window.resize(800, 600)
    with qtbot.waitActive(window):
        window.show()
    diagram.render_snapshot(make_snapshot())
    tab_into(diagram)
    press(diagram, Key.Key_Down)
    assert diagram._state.is_focus_shown
    press(diagram, Key.Key_Tab)
    assert after.hasFocus()
    assert not diagram._state.is_focus_shown


def test_keys_that_mean_nothing_here_are_left_to_the_window(diagram: NetworkDiagram) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Q.value, Qt.KeyboardModifier.NoModifier)
    diagram.keyPressEvent(event)
    assert not event.isAccepted()
