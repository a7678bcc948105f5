"""What somebody does who has just seen the film: play, paint while it trains, draw, take it all back."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QSlider

from playground.views.data.panel import DataPanel
from playground.views.readings import Reading
from tests.app.journeys.desk import CTRL, LEFT, NO_KEYS, RIGHT, Desk

VERTICAL_EDGE = [(4.0 + step, 13.0) for step in range(0, 21, 2)]


def test_playing_pausing_and_single_steps(desk: Desk) -> None:
    assert desk.document.spec.text == "784-16-16-10"
    assert desk.snapshot.step == 0
    before = desk.parameters
    desk.click("play_button")
    desk.wait_for_steps(30)
    assert desk.snapshot.is_running
    desk.click("play_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running)
    paused = desk.snapshot.step
    assert not np.array_equal(desk.parameters, before)
    assert desk.find(Reading, "step_reading").text() == f"{paused:,}"
    desk.click("step_button")
    desk.settle()
    assert (desk.snapshot.step, desk.snapshot.is_running) == (paused + 1, False)
    desk.click("epoch_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running and desk.snapshot.epoch >= 1)
    assert desk.snapshot.epoch == pytest.approx(round(desk.snapshot.epoch))
    assert desk.snapshot.evaluation is not None
    assert desk.snapshot.curves is not None
    assert len(desk.snapshot.curves.steps) > 1


def test_painting_while_it_trains(desk: Desk) -> None:
    canvas, card = desk.view.inspector.neuron.canvas, desk.view.inspector.card
    desk.click("play_button")
    desk.wait_for_steps(20)
    path = desk.canvas_points(*VERTICAL_EDGE)
    desk.press_at(canvas, path[0])
    for point in path[1:]:
        desk.move_to(canvas, point)
    desk.wait(lambda: desk.snapshot.stroke_effect is not None and desk.snapshot.stroke_effect.is_open)
    held = desk.snapshot
    assert held.is_running
    assert held.weight(0)[0].reshape(28, 28)[12, 13] >= 0.45
    shown = {row.name: row for row in card.rows()}
    assert shown["validation accuracy"].without
    assert shown["validation accuracy"].now
    assert shown["validation loss"].without
    desk.wait(lambda: desk.snapshot.stroke_effect is not None and desk.snapshot.stroke_effect.step > held.step)
    effect = desk.snapshot.stroke_effect
    assert effect is not None
    assert f"at step {effect.step:,}," in card.note()
    cells = [(round(row), round(column)) for row, column in VERTICAL_EDGE]
    now = desk.snapshot.weight(0)[0].reshape(28, 28)
    then = held.weight(0)[0].reshape(28, 28)
    assert all(now[cell] >= then[cell] for cell in cells), "what lies under the brush is held"
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, path[-1].toPoint())
    desk.settle()
    assert desk.document.undo_stack.count() == 1
    assert desk.document.undo_stack.undoText() == "paint neuron 1 of hidden 1"
    desk.wait_for_steps(20)
    desk.click("play_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running)
    trained = desk.snapshot.weight(0)[1:].copy()
    painted = desk.snapshot.weight(0)[0].copy()
    desk.undo()
    restored = desk.snapshot.weight(0)[0].reshape(28, 28)
    assert abs(restored[12, 13]) < 0.3, "the stroke is gone"
    np.testing.assert_array_equal(desk.snapshot.weight(0)[1:], trained)  # what was learnt elsewhere stays
    desk.press(Qt.Key.Key_Y, CTRL)
    desk.settle()
    np.testing.assert_array_equal(desk.snapshot.weight(0)[0], painted)


def test_painting_while_paused_and_taking_it_back(desk: Desk) -> None:
    canvas, before = desk.view.inspector.neuron.canvas, desk.parameters.copy()
    desk.drag(canvas, desk.canvas_points(*VERTICAL_EDGE), RIGHT)
    desk.settle()
    assert desk.snapshot.weight(0)[0].reshape(28, 28)[12, 13] <= -0.45
    assert desk.snapshot.step == 0
    effect = desk.snapshot.stroke_effect
    assert effect is not None
    assert (effect.step, effect.is_open) == (0, False)
    assert effect.without != effect.with_stroke
    desk.undo()
    np.testing.assert_array_equal(desk.parameters, before)
    desk.wait(lambda: "→" not in str(desk.view.inspector.card.rows()))


def test_drawing_a_digit_changes_the_answer(desk: Desk) -> None:
    panel = desk.find(DataPanel, "data_panel")
    desk.click("play_button")
    desk.wait_for_steps(60)
    desk.click("play_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running)
    desk.wait(lambda: panel.answer.winner() is not None)
    before = panel.answer.spoken()
    pad = panel.drawing.pad
    side = pad.rect()
    path = [QPointF(side.width() * 0.5, side.height() * (0.15 + 0.07 * step)) for step in range(11)]
    desk.drag(pad, path)
    assert not pad.is_empty
    values, label, origin = panel.current_input()
    assert (label, origin) == (None, "drawing")
    picture = values.reshape(28, 28)
    assert picture.max() > 0.9
    rows, _ = np.nonzero(picture > 0.3)
    assert rows.max() - rows.min() <= 20  # fitted into 20 x 20
    total = picture.sum()
    assert abs((picture.sum(0) * np.arange(28)).sum() / total - 13.5) < 1  # centred by mass
    desk.settle()
    desk.wait(lambda: panel.answer.spoken() != before)
    readings = desk.snapshot.readings
    assert readings is not None
    np.testing.assert_array_equal(readings.inputs, values)
    assert panel.answer.winner() == int(np.argmax(readings.act[-1]))
    # painting a weight grid changes the answer to the drawing too
    answer = readings.act[-1].copy()
    desk.drag(desk.view.inspector.neuron.canvas, desk.canvas_points(*VERTICAL_EDGE))
    desk.settle()
    assert desk.snapshot.readings is not None
    assert not np.array_equal(desk.snapshot.readings.act[-1], answer)
    desk.undo()
    np.testing.assert_array_equal(desk.snapshot.readings.act[-1], answer)


def test_a_drawing_joins_the_training_set(desk: Desk) -> None:
    pad = desk.view.data_panel.drawing.pad
    side = pad.rect()
    desk.drag(pad, [QPointF(side.width() * 0.5, side.height() * (0.2 + 0.06 * step)) for step in range(10)])
    count = len(desk.document.data.train)
    desk.trigger("data.add_drawing")
    desk.settle()
    assert (len(desk.document.data.train), desk.document.data.added) == (count + 1, 1)
    assert desk.snapshot.train_count == count + 1
    desk.undo()
    assert (len(desk.document.data.train), desk.document.data.added) == (count, 0)
    assert desk.snapshot.train_count == count


def test_typing_a_structure(desk: Desk) -> None:
    before, spec = desk.parameters.copy(), desk.document.spec
    field = desk.find(QLineEdit, "structure_text")
    for text in ("784-8-10", "784-16-16-10", "784-32-16-16-10", "784-10"):
        desk.trigger("network.type_structure")
        assert field.hasFocus()
        desk.type_in("structure_text", text)
        desk.settle()
        assert desk.document.spec.text == desk.snapshot.spec.text == field.text() == text
        widths = [int(part) for part in text.split("-")]
        assert desk.parameters.shape == (sum(fan_in * out + out for fan_in, out in itertools.pairwise(widths)),)
        if text == spec.text:
            assert desk.document.undo_stack.count() == 0
            continue
        kept = min(16, widths[1])
        if len(widths) > 2:
            np.testing.assert_array_equal(desk.snapshot.weight(0)[:kept], before[: kept * 784].reshape(kept, 784))
        desk.click("undo_button")
        desk.settle()
        assert desk.document.spec.text == spec.text
        np.testing.assert_array_equal(desk.parameters, before)
        desk.document.undo_stack.clear()


def test_building_with_the_mouse(desk: Desk) -> None:
    start, before = desk.document.spec.text, desk.parameters.copy()
    readings = desk.snapshot.readings
    assert readings is not None
    answer = readings.act[-1].copy()
    desk.click_head("plus", 0)
    assert desk.snapshot.spec.text == "784-17-16-10"
    assert desk.snapshot.readings is not None
    np.testing.assert_array_equal(desk.snapshot.readings.act[-1], answer)  # a new neuron changes nothing
    desk.click_head("minus", 1)
    assert desk.snapshot.spec.text == "784-17-15-10"
    desk.click_head("insert", 1)
    assert len(desk.snapshot.spec.layers) == 4
    desk.click_unit(1, 2)
    desk.trigger("network.duplicate_neuron")
    desk.settle()
    assert desk.snapshot.spec.layers[1].width == 18
    desk.trigger("network.delete_neuron")
    desk.trigger("network.remove_layer")
    desk.settle()
    assert desk.snapshot.spec.text == "784-17-15-10"
    for _ in range(6):
        desk.undo()
    assert not desk.document.undo_stack.canUndo()
    assert desk.document.spec.text == desk.snapshot.spec.text == start
    np.testing.assert_array_equal(desk.parameters, before)


def test_an_edge_is_cut_and_joined(desk: Desk) -> None:
    layer = desk.document.spec.layers[1]
    source = desk.document.spec.sources(1)[3]
    desk.view.diagram.selection_changed.emit([], [(layer.id, layer.units[5], source)])
    assert desk.view.selection.edges
    weight = desk.snapshot.weight(1)[5, 3]
    pre = desk.snapshot.readings.pre[1].copy() if desk.snapshot.readings else np.zeros(0)
    desk.trigger("network.cut")
    desk.settle()
    mask = desk.snapshot.mask("present", 1)
    assert mask is not None
    assert np.argwhere(~mask).tolist() == [[5, 3]]
    readings = desk.snapshot.readings
    assert readings is not None
    assert (readings.pre[1] != pre).nonzero()[0].tolist() == [5]
    assert readings.pre[1][5] == pytest.approx(pre[5] - weight * readings.act[0][3], abs=1e-5)
    desk.trigger("network.cut")
    desk.settle()
    assert desk.snapshot.mask("present", 1) is None or desk.snapshot.mask("present", 1).all()  # type: ignore[union-attr]
    assert desk.snapshot.weight(1)[5, 3] == weight


def test_a_drag_on_the_learning_rate_is_one_step_of_undo(desk: Desk) -> None:
    slider = desk.find(QSlider, "learning_rate_slider")
    first = desk.document.settings.learning_rate
    width, middle = slider.width(), slider.height() / 2
    desk.drag(slider, [QPointF(width * share, middle) for share in (0.5, 0.6, 0.7, 0.75, 0.8)])
    changed = desk.document.settings.learning_rate
    assert changed != first
    desk.settle()
    assert desk.snapshot.settings.learning_rate == changed
    assert desk.document.undo_stack.count() == 1
    desk.press(Qt.Key.Key_Z, CTRL)
    desk.settle()
    assert desk.document.settings.learning_rate == desk.snapshot.settings.learning_rate == first
    assert float(desk.find(QLineEdit, "learning_rate_number").text()) == pytest.approx(first, rel=1e-3)


def test_reset_replays_the_same_seed_to_the_same_bits(desk: Desk) -> None:
    start = desk.parameters.copy()
    for _ in range(12):
        desk.click("step_button")
    desk.wait(lambda: desk.snapshot.step == 12)
    trained = desk.parameters.copy()
    desk.click("reset_button")
    desk.settle()
    assert desk.snapshot.step == 0
    np.testing.assert_array_equal(desk.parameters, start)
    desk.click("play_button")
    desk.wait_for_steps(20)
    desk.click("play_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running)
    desk.click("reset_button")
    for _ in range(12):
        desk.click("step_button")
    desk.wait(lambda: desk.snapshot.step == 12)
    np.testing.assert_array_equal(desk.parameters, trained)
    desk.undo()  # the second reset
    assert desk.snapshot.step > 12


def test_what_lies_on_the_canvas_can_be_set_by_keyboard(desk: Desk) -> None:
    canvas = desk.view.inspector.neuron.canvas
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    before = desk.parameters.copy()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(canvas, key)
    index = canvas._cursor.index(canvas.model.arrangement)
    assert index is not None
    QTest.keyClicks(canvas, "1")
    desk.wait(lambda: canvas.findChild(QLineEdit) is not None)
    entry = canvas.findChild(QLineEdit)
    assert entry is not None
    QTest.keyClicks(entry, ".25")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    desk.settle()
    changed = np.flatnonzero(desk.parameters != before)
    assert changed.tolist() == [index]
    assert desk.parameters[index] == np.float32(1.25)
    desk.undo()
    np.testing.assert_array_equal(desk.parameters, before)
