"""The panel of a neuron: header, numbers, bias, masks, transformations, tools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from playground.engine.activation_curves import curve
from playground.engine.commands import BIAS, Paint, SetCells, SetMaskWhole, TransformUnits
from playground.engine.snapshots import Snapshot
from playground.engine.spec import build
from playground.views.grid.arrangement import Names
from playground.views.inspector.activation_plot import curve_reach
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.neuron_panel import NeuronPanel
from playground.views.inspector.neuron_sum import neuron_sum

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: Any, look: Any, snapshot: Snapshot) -> Iterator[NeuronPanel]:
    widget = NeuronPanel(look)
    qtbot.addWidget(widget)
    layer = snapshot.spec.layers[0]
    widget.show_unit(layer.id, layer.units[5])
    widget.render_snapshot(snapshot)
    widget.resize(330, 900)
    widget.show()
    yield widget
    widget.close()


@pytest.fixture
def owner(panel: NeuronPanel, own: Any) -> Any:
    return own(panel)


def press(panel: QWidget, name: str) -> None:
    found = panel.findChild(QWidget, name)
    assert found is not None
    QTest.mouseClick(found, LEFT)


def six_panel(qtbot: Any, look: Any, six_inputs: Snapshot) -> NeuronPanel:
    widget = NeuronPanel(look)
    qtbot.addWidget(widget)
    layer = six_inputs.spec.layers[0]
    widget.show_unit(layer.id, layer.units[0])
    widget.render_snapshot(six_inputs)
    widget.resize(330, 900)
    widget.show()
    return widget


# ---- the weighted sum ----


def test_six_inputs_read_minus_543(qtbot: Any, look: Any, six_inputs: Snapshot) -> None:
    panel = six_panel(qtbot, look, six_inputs)
    texts = panel.weighted_sum.texts()
    assert texts == {"Σ w·x": "−553.0", "bias": "+10.0", "pre": "−543.0", "act": "−543.0"}
    assert "pre −543.0" in panel.weighted_sum.accessibleDescription()
    model = panel.table.model
    shown = [[model.data(model.index(row, column)) for column in range(4)] for row in range(model.rowCount())]
    assert shown[0] == ["input 1", "8.00", "5.40", "43.20"]
    assert shown[3] == ["input 4", "−5.00", "101.40", "−507.00"]
    assert [row[3] for row in shown] == ["43.20", "−51.00", "−2.20", "−507.00", "0.00", "−36.00"]


def test_a_weight_is_typed_in_the_table(qtbot: Any, look: Any, six_inputs: Snapshot, own: Any) -> None:
    panel = six_panel(qtbot, look, six_inputs)
    owner = own(panel)
    table, model = panel.table.table, panel.table.model
    table.setCurrentIndex(model.index(4, 2))
    table.edit(model.index(4, 2))
    editor = table.findChild(QLineEdit)
    assert editor is not None
    editor.setText("2,5")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(owner.commands))
    command = owner.commands[0]
    assert isinstance(command, SetCells)
    assert (command.cells.sources.tolist(), command.values.tolist()) == ([4], [2.5])
    assert not model.setData(model.index(4, 2), "many")
    assert "many" in panel.table.words.text()
    assert len(owner.commands) == 1


def test_sum_and_bias_are_what_the_network_computed(panel: NeuronPanel, snapshot: Snapshot) -> None:
    eps = float(np.finfo(np.float32).eps)
    for index, layer in enumerate(snapshot.spec.layers):
        for row in range(layer.width):
            values = neuron_sum(snapshot, index, row)
            assert values is not None
            size = np.abs(values.products).sum() + abs(values.bias)
            assert abs(values.total + values.bias - values.pre) <= values.inputs.size * eps * size
            point = values.curve(np.array([values.pre]))[0]  # the point lies on the curve
            assert point == pytest.approx(values.act, abs=2e-6)
    panel.grab()


def test_cut_weights_count_as_zero(snapshot: Snapshot) -> None:
    present = np.ones(snapshot.spec.parameter_count, np.bool_)
    present[5 * 784 : 6 * 784] = False
    values = neuron_sum(replace(snapshot, present=present), 0, 5)
    assert values is not None
    assert values.total == 0
    assert values.bias == pytest.approx(float(snapshot.bias(0)[5]))


@pytest.mark.parametrize("pre", [0.0, -3.0, 5.9, 6.1, -543.0, 1e5, float("nan"), float("inf")])
def test_the_curve_reaches_as_far_as_the_point(pre: float) -> None:
    reach = curve_reach(pre)
    assert np.isfinite(reach)
    assert not abs(pre) > reach or not np.isfinite(pre)


def test_no_input_is_said(panel: NeuronPanel, snapshot: Snapshot) -> None:
    panel.render_snapshot(replace(snapshot, readings=None, is_running=False))
    assert panel.weighted_sum.texts() == {}
    assert panel.table.isHidden()
    panel.grab()


def test_numbers_that_are_not_finite_are_drawn_all_the_same(panel: NeuronPanel, snapshot: Snapshot) -> None:
    weights = snapshot.parameters.copy()
    weights[5 * 784 : 5 * 784 + 3] = [np.nan, np.inf, -np.inf]
    readings = snapshot.readings
    assert readings is not None
    broken = replace(readings, pre=(np.full(16, np.nan, np.float32), *readings.pre[1:]))
    panel.render_snapshot(replace(snapshot, parameters=weights, readings=broken, is_running=False))
    panel.grab()
    assert panel.weighted_sum.texts()["pre"] == "NaN"


def test_the_numbers_follow_training_calmly_and_the_hand_at_once(
    panel: NeuronPanel, snapshot: Snapshot, qtbot: Any
) -> None:
    panel.show()
    row = panel.canvas.model.row
    spot = snapshot.spec.slots[0].bias.start + row

    def moment(bias: float, **changes: Any) -> Snapshot:
        parameters = snapshot.parameters.copy()
        parameters[spot] = bias
        return replace(snapshot, parameters=parameters, **changes)

    def told() -> str:
        return panel.weighted_sum.texts()["bias"]

    panel.render_snapshot(moment(1.0, applied_seq=1))
    for bias in (2.0, 3.0):
        panel.render_snapshot(moment(bias, applied_seq=1))
    assert told() == "+1.00"
    qtbot.waitUntil(lambda: told() == "+3.00", timeout=2000)
    panel.render_snapshot(moment(4.0, applied_seq=2))
    assert told() == "+4.00", "a command"
    panel.render_snapshot(moment(5.0, applied_seq=2))
    panel.render_snapshot(moment(6.0, applied_seq=2, is_running=False))
    assert told() == "+6.00", "a pause"
    assert panel.bias_field.value() == 6.0


def test_every_activation_is_drawn(qtbot: Any, look: Any) -> None:
    for name in ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "gelu", "softplus", "step"):
        spec = build((2, 1, 1), activation=name)
        parameters = np.array([1, -2, 0.5, 1, 0], np.float32)
        pre = np.array([1 * 0.3 - 2 * 0.9 + 0.5], np.float32)
        act = curve(name, pre).astype(np.float32)
        from playground.engine.settings import Settings
        from playground.engine.snapshots import UnitReadings

        readings = UnitReadings((pre, act), (act, act), np.array([0.3, 0.9], np.float32))
        panel = NeuronPanel(look)
        qtbot.addWidget(panel)
        panel.show_unit(spec.layers[0].id, spec.layers[0].units[0])
        panel.render_snapshot(Snapshot(0, 0, 0.0, False, spec, Settings(), parameters, readings=readings))
        panel.resize(330, 900)
        panel.grab()
        values = panel.weighted_sum.values()
        assert values is not None
        assert values.curve(np.array([values.pre]))[0] == pytest.approx(values.act, abs=1e-6)


# ---- the neuron ----


def test_the_head_names_the_neuron_and_the_arrows_step(panel: NeuronPanel, snapshot: Snapshot) -> None:
    assert panel._head.text() == "neuron 6 of hidden 1"
    asked: list[Any] = []
    panel.unit_selected.connect(lambda layer, unit: asked.append((layer, unit)))
    first, second, last = snapshot.spec.layers
    press(panel, "next_neuron")
    press(panel, "previous_neuron")
    assert asked == [(first.id, first.units[6]), (first.id, first.units[4])]
    panel.show_unit(first.id, first.units[15])
    press(panel, "next_neuron")
    assert asked[-1] == (second.id, second.units[0])
    panel.show_unit(first.id, first.units[0])
    press(panel, "previous_neuron")
    assert asked[-1] == (last.id, last.units[9])


def test_a_drag_of_the_bias_is_one_stroke(panel: NeuronPanel, owner: Any, snapshot: Snapshot) -> None:
    slider = panel.findChild(QWidget, "bias_slider")
    assert slider is not None
    QTest.mousePress(slider, LEFT, pos=slider.rect().center())
    for x in (80, 90, 100):
        slider.set_share(x / slider.width())  # type: ignore[attr-defined]
    QTest.mouseRelease(slider, LEFT, pos=slider.rect().center())
    assert owner.commands
    assert {command.stroke for command in owner.commands} == set(owner.ended)
    command = owner.commands[-1]
    assert command.cells.sources.tolist() == [BIAS]
    assert command.cells.units.tolist() == [snapshot.spec.layers[0].units[5]]
    value = panel.bias_field.value()
    assert command.values[0] == pytest.approx(value)
    panel.render_snapshot(snapshot)  # a moment from before the drag
    assert panel.bias_field.value() == pytest.approx(value)
    panel.render_snapshot(replace(snapshot, applied_seq=owner.seq))
    assert panel.bias_field.value() == pytest.approx(float(snapshot.bias(0)[5]), abs=5e-4)


def test_a_bias_being_typed_goes_to_the_neuron_it_was_typed_for(
    panel: NeuronPanel, owner: Any, snapshot: Snapshot, qtbot: Any
) -> None:
    layer = snapshot.spec.layers[0]
    number = panel.findChild(QLineEdit, "bias_number")
    assert number is not None
    with qtbot.waitActive(panel):
        panel.activateWindow()
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, "2")
    panel.show_unit(layer.id, layer.units[6])
    panel.render_snapshot(replace(snapshot, applied_seq=owner.seq))
    assert {unit for command in owner.commands for unit in command.cells.units.tolist()} == {layer.units[5]}
    assert len(owner.ended) == 1
    assert panel.bias_field.value() == pytest.approx(float(snapshot.bias(0)[6]), abs=5e-4)
    shown = float(number.text().replace("−", "-"))
    assert shown == pytest.approx(float(snapshot.bias(0)[6]), abs=5e-4)


def test_output_neurons_say_their_class(panel: NeuronPanel, snapshot: Snapshot) -> None:
    panel.set_names(Names(outputs=tuple(f"digit {n}" for n in range(10))))
    last = snapshot.spec.layers[2]
    panel.show_unit(last.id, last.units[7])
    assert panel._head._beside == "digit 7"
    first = snapshot.spec.layers[0]
    panel.show_unit(first.id, first.units[7])
    assert panel._head._beside == ""


def test_freezing_neuron_and_layer(panel: NeuronPanel, owner: Any, snapshot: Snapshot) -> None:
    layer = snapshot.spec.layers[0]
    press(panel, "freeze_neuron")
    assert owner.commands[0] == SetMaskWhole("movable", layer.id, (layer.units[5],), False)
    movable = np.ones(snapshot.spec.parameter_count, np.bool_)
    movable[5 * 784 : 6 * 784] = False
    movable[snapshot.spec.slots[0].bias.start + 5] = False
    panel.render_snapshot(replace(snapshot, movable=movable))
    press(panel, "freeze_neuron")
    assert owner.commands[1] == SetMaskWhole("movable", layer.id, (layer.units[5],), True)
    press(panel, "freeze_layer")
    assert owner.commands[2] == SetMaskWhole("movable", layer.id, (), False)


def test_transformations(panel: NeuronPanel, owner: Any, snapshot: Snapshot) -> None:
    for name in ("mirror_horizontal", "left", "down", "invert", "zero", "randomise"):
        press(panel, f"transform_{name}")
    layer = snapshot.spec.layers[0]
    kinds = [(command.kind, command.dx, command.dy) for command in owner.commands]
    assert kinds == [
        ("mirror_horizontal", 0, 0),
        ("shift", -1, 0),
        ("shift", 0, 1),
        ("invert", 0, 0),
        ("zero", 0, 0),
        ("randomise", 0, 0),
    ]
    for command in owner.commands:
        assert isinstance(command, TransformUnits)
        assert (command.layer, command.units) == (layer.id, (layer.units[5],))
    assert owner.commands[-1].amount == pytest.approx(float(snapshot.weight(0)[5].std()))


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)  # of popups, off screen
@pytest.mark.parametrize(
    ("kind", "preset", "typed", "wrong"), [("scale", 2.0, "-1,5", "1e9"), ("blur", 0.5, "2.25", "0")]
)
def test_scale_and_blur_take_an_amount(
    kind: str, preset: float, typed: str, wrong: str, panel: NeuronPanel, owner: Any
) -> None:
    button = panel.transforms.findChild(IconButton, f"transform_{kind}")
    assert button is not None
    menu = button.menu()
    assert menu is not None
    menu.actions()[0].trigger()
    assert (owner.commands[-1].kind, owner.commands[-1].amount) == (kind, preset)
    press(panel, f"transform_{kind}")
    assert menu.isVisible()
    edit = menu.findChild(QLineEdit, f"transform_{kind}_amount")
    assert edit is not None
    for text in (wrong, "much"):
        edit.clear()
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        assert menu.isVisible(), "it can be put right"
        assert menu.findChild(QLabel, f"transform_{kind}_amount_error").text()
    assert len(owner.commands) == 1
    edit.clear()
    QTest.keyClicks(edit, typed)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert not menu.isVisible()
    assert (owner.commands[-1].kind, owner.commands[-1].amount) == (kind, float(typed.replace(",", ".")))


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)  # of popups, off screen
@pytest.mark.parametrize("kind", ["scale", "blur"])
def test_the_menu_of_an_amount_stays_on_the_screen_with_its_sentence(kind: str, panel: NeuronPanel) -> None:
    button = panel.transforms.findChild(IconButton, f"transform_{kind}")
    assert button is not None
    screen = panel.screen().availableGeometry()
    panel.move(panel.pos() + screen.bottomRight() - button.mapToGlobal(button.rect().bottomRight()))
    press(panel, f"transform_{kind}")
    menu = button.menu()
    assert menu is not None
    edit = menu.findChild(QLineEdit, f"transform_{kind}_amount")
    sentence = menu.findChild(QLabel, f"transform_{kind}_amount_error")
    assert edit is not None
    assert sentence is not None
    assert screen.contains(menu.frameGeometry())
    QTest.keyClicks(edit, "1e9")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert sentence.isVisible()
    assert menu.rect().contains(sentence.geometry().translated(sentence.parentWidget().pos())), "the menu has grown"
    assert screen.contains(menu.frameGeometry())
    menu.close()


def test_a_strip_moves_sideways_only(panel: NeuronPanel, snapshot: Snapshot) -> None:
    layer = snapshot.spec.layers[1]
    panel.show_unit(layer.id, layer.units[0])
    for name, is_enabled in (("up", False), ("down", False), ("mirror_vertical", False), ("left", True)):
        button = panel.findChild(QWidget, f"transform_{name}")
        assert button is not None
        assert button.isEnabled() == is_enabled


def test_painting_goes_through_the_panel(panel: NeuronPanel, owner: Any) -> None:
    canvas = panel.canvas
    QTest.mouseClick(canvas, LEFT, pos=canvas.frame().point(4, 4).toPoint())
    assert isinstance(owner.commands[0], Paint)
    assert not canvas.model.overlay.is_empty  # acknowledged through the panel, it waits for the snapshot
    assert owner.ended == [owner.commands[0].stroke]


def test_tools_and_brush_follow_buttons_and_keys(panel: NeuronPanel) -> None:
    press(panel, "tool_eraser")
    assert panel.canvas.hand.tool == "eraser"
    panel.canvas.setFocus()
    QTest.keyClick(panel.canvas, Qt.Key.Key_F)
    buttons = {name: panel.findChild(QWidget, f"tool_{name}") for name in ("eraser", "freeze")}
    assert buttons["freeze"].isChecked()  # type: ignore[union-attr]
    assert not buttons["eraser"].isChecked()  # type: ignore[union-attr]
    QTest.keyClick(panel.canvas, "]")
    number = panel.findChild(QLineEdit, "brush_size_number")
    assert number is not None
    assert number.text() == "4"
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, "7")
    assert panel.canvas.hand.brush.size == 7
    QTest.keyClick(number, Qt.Key.Key_Return)


def test_class_means_and_the_drawing_become_stamps(panel: NeuronPanel, owner: Any) -> None:
    mean, drawing = np.zeros((28, 28), np.float32), np.zeros((28, 28), np.float32)
    mean[3, 3:8], drawing[20, 5:8] = 0.7, 1.0
    panel.set_class_means(["0", "1"], [mean, mean])
    menu = panel.tools._menu
    texts = {action.text(): action for action in menu.actions() if action.text()}
    assert not texts["My drawing"].isEnabled()
    texts["Mean of 1"].trigger()
    assert panel.canvas.hand.tool == "stamp"
    QTest.mouseClick(panel.canvas, LEFT, pos=panel.canvas.rect().center())
    assert owner.commands[0].cells.sources.tolist() == [3 * 28 + column for column in range(3, 8)]
    panel.set_drawing(drawing)
    action = next(action for action in menu.actions() if action.text() == "My drawing")
    assert action.isEnabled()
    action.trigger()
    QTest.mouseClick(panel.canvas, LEFT, pos=panel.canvas.rect().center())
    assert owner.commands[-1].cells.sources.tolist() == [20 * 28 + column for column in range(5, 8)]


def test_every_control_can_be_found_named_and_explained(panel: NeuronPanel) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider

    for kind in (QAbstractButton, QLineEdit, QAbstractSlider):
        for widget in panel.findChildren(kind):
            if not widget.isVisibleTo(panel) or widget.parent().objectName().startswith("qt_"):
                continue
            assert widget.objectName(), widget
            assert widget.accessibleName(), widget.objectName()
            assert len(widget.toolTip()) > len(widget.accessibleName()), widget.objectName()
            assert widget.focusPolicy() != Qt.FocusPolicy.NoFocus, widget.objectName()
    assert QApplication.instance() is not None


@pytest.mark.parametrize("width", [300, 420])
@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_nothing_is_wider_than_the_panel(panel: NeuronPanel, look: Any, width: int, scale: float) -> None:
    look.set(scale=scale)
    panel.resize(width, 900)
    QApplication.processEvents()
    assert panel.minimumSizeHint().width() <= width
    for child in panel.findChildren(QWidget):
        if child.isVisibleTo(panel) and child.parent() is panel:
            assert child.geometry().right() <= width
