"""Training and painting in odd orders: the window lives, and its numbers are those of the weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from playground.engine.datasets import Examples
from playground.engine.evaluate import measure
from playground.engine.training import network_with
from playground.views.plots.points import csv_text
from tests.app.journeys.desk import LEFT, NO_KEYS, Desk

STROKE = [(4.0 + step, 13.0) for step in range(0, 21, 2)]


def test_the_same_seed_gives_the_same_curve_to_the_last_digit(desk: Desk) -> None:
    texts = []
    for _ in range(2):
        desk.click("reset_button")
        desk.settle()
        desk.click("epoch_button")
        desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running and desk.snapshot.epoch >= 1)
        texts.append(csv_text(desk.view.curves.curves()))
    assert len(texts[0].splitlines()) > 5
    assert texts[0] == texts[1]


def test_reset_in_the_middle_of_a_stroke(desk: Desk) -> None:
    fresh = desk.parameters.copy()
    desk.click("play_button")
    desk.wait_for_steps(10)
    canvas = desk.view.inspector.neuron.canvas
    path = desk.canvas_points(*STROKE)
    desk.press_at(canvas, path[0])
    for point in path[1:5]:
        desk.move_to(canvas, point)
    desk.trigger("training.reset")
    desk.wait(lambda: desk.document.is_settled and desk.snapshot.step == 0)
    for point in path[5:]:
        desk.move_to(canvas, point)
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, path[-1].toPoint())
    desk.settle()
    assert not desk.snapshot.is_running
    np.testing.assert_array_equal(desk.snapshot.weight(0)[1:], fresh_of(desk, fresh)[1:])
    while desk.document.undo_stack.canUndo():
        desk.undo()
    np.testing.assert_allclose(canvas.model.shown(), desk.snapshot.weight(0)[0])


def fresh_of(desk: Desk, parameters: Any) -> Any:
    slots = desk.document.spec.slots[0]
    return parameters[slots.weight].reshape(slots.rows, slots.columns)


def test_the_layer_is_undone_under_the_brush(desk: Desk) -> None:
    desk.click_head("insert", 1)
    desk.click_unit(1, 0)
    canvas = desk.view.inspector.neuron.canvas
    points = [QPointF(canvas.width() * share, canvas.height() * 0.2) for share in (0.1, 0.3, 0.5)]
    desk.press_at(canvas, points[0])
    desk.move_to(canvas, points[1])
    desk.document.undo_stack.undo()
    desk.document.undo_stack.undo()
    desk.settle()
    desk.move_to(canvas, points[2])
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, points[2].toPoint())
    desk.settle()
    assert desk.document.spec.text == "784-16-16-10"
    assert np.isfinite(desk.parameters).all()
    assert desk.view.inspector.neuron.canvas.model.is_there, "there is a neuron to paint on"


def test_settings_change_in_the_middle_of_a_run_and_reset_nothing(desk: Desk) -> None:
    desk.click("play_button")
    desk.wait_for_steps(5)
    changes = [("batch_size", 1_000_000), ("batch_size", 1), ("batch_size", 32), ("l1", 0.001), ("l2", 0.01)]
    changes += [("optimizer", name) for name in ("sgd", "momentum", "nesterov", "adamw", "rmsprop", "adam")]
    changes += [("loss", "squared_error"), ("loss", "cross_entropy"), ("schedule", "step"), ("schedule", "constant")]
    for field, value in changes:
        step = desk.snapshot.step
        desk.view.running.change(field, value)
        desk.settle()  # what trained before the change was heard of does not count
        desk.wait_for_steps(1)
        assert desk.snapshot.step > step
        assert desk.snapshot.is_running
        assert getattr(desk.snapshot.settings, field) == value
    desk.click("play_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running)
    assert not any("wrong" in text for text in desk.messages)


def test_from_zero_all_neurons_of_a_layer_stay_alike(desk: Desk) -> None:
    desk.view.running.change("initialization", "zero")
    desk.settle()
    assert not desk.parameters.any()
    for _ in range(3):
        desk.click("step_button")
    desk.wait(lambda: desk.document.is_settled and desk.snapshot.step == 3)
    weights = desk.snapshot.weight(0)
    assert weights.any()
    np.testing.assert_allclose(weights, np.broadcast_to(weights[:1], weights.shape), rtol=1e-3)
    desk.undo()
    assert desk.parameters.any()


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "1 2 3", "", "<b>1</b>"])
def test_what_cannot_be_a_grid_is_refused_in_place(text: str, desk: Desk) -> None:
    before = desk.parameters.copy()
    rows = "\n".join("\t".join([text] * 28) for _ in range(28)) if text in ("nan", "inf", "1e999") else text
    QGuiApplication.clipboard().setText(rows)
    desk.trigger("edit.paste_grid")
    desk.settle()
    np.testing.assert_array_equal(desk.parameters, before)
    assert desk.view.inspector.neuron.canvas.words(), "it says why"
    assert not desk.document.undo_stack.canUndo()


def test_a_copied_grid_comes_back_bit_for_bit(desk: Desk) -> None:
    first = desk.snapshot.weight(0)[0].copy()
    desk.trigger("edit.copy_grid")
    desk.click_unit(0, 3)
    desk.trigger("edit.paste_grid")
    desk.settle()
    np.testing.assert_array_equal(desk.snapshot.weight(0)[3], first)


def test_the_numbers_of_the_card_are_those_of_the_weights(desk: Desk) -> None:
    canvas = desk.view.inspector.neuron.canvas
    desk.drag(canvas, desk.canvas_points(*STROKE))
    desk.settle()
    desk.wait(lambda: desk.snapshot.stroke_effect is not None and not desk.snapshot.stroke_effect.is_open)
    effect = desk.snapshot.stroke_effect
    assert effect is not None
    saved = desk.checkpoint()
    found = measured_again(desk, saved)
    assert effect.with_stroke.loss == pytest.approx(found.loss, rel=1e-5)
    assert effect.with_stroke.accuracy == pytest.approx(found.accuracy)
    rows = {row.name: row.now for row in desk.view.inspector.card.rows()}
    assert rows["validation loss"] == f"{found.loss:.3f}"
    assert rows["validation accuracy"] == f"{found.accuracy:.1%}".replace("%", " %")
    desk.undo()
    back = measured_again(desk, desk.checkpoint())
    assert effect.without.loss == pytest.approx(back.loss, rel=1e-5)


def measured_again(desk: Desk, saved: Any) -> Any:
    network = network_with(saved.spec, saved.arrays["parameters"], torch.device("cpu"))
    part = desk.document.data.validation
    inputs = torch.from_numpy(np.array(part.as_float(), np.float32))
    return measure(network, inputs, torch.from_numpy(np.array(part.labels)), saved.settings.loss)


def test_stop_rules_stop_and_play_trains_on(desk: Desk) -> None:
    desk.view.running.change("stop_epochs", 1)
    desk.click("play_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running and desk.snapshot.step > 0)
    assert desk.snapshot.epoch == 1.0
    desk.wait_for_message("Stopped after 1 epoch")
    desk.click("play_button")
    desk.wait(lambda: desk.snapshot.epoch > 1.1)
    desk.click("play_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running)
    desk.view.running.change("stop_accuracy", 0.05)
    desk.click("play_button")
    desk.wait_for_steps(2)
    assert desk.snapshot.is_running, "a rule that is fulfilled already does not stop what the user plays"
    desk.click("play_button")


def test_play_without_examples_is_answered(desk: Desk) -> None:
    none = Examples(np.zeros((0, 784), np.uint8), np.zeros(0, np.int64))
    desk.document.set_data(replace(desk.document.data, train=none), "no examples")
    desk.settle()
    desk.click("play_button")
    desk.wait_for_message("no training examples")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running)
