"""Many steps in one call are the steps made one by one, to the last bit."""

from __future__ import annotations

import logging
import math
import threading
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given
from hypothesis import settings as checking
from torch import Tensor

from playground.engine import scripted
from playground.engine.autograd_step import AutogradStep
from playground.engine.datasets import DataSet
from playground.engine.network import Network
from playground.engine.settings import SCHEDULES, Settings
from playground.engine.spec import build
from playground.engine.step import Source, WrittenStep, make_steps
from playground.engine.training import NoExamplesError, Training
from tests.engine.blobs import blobs
from tests.engine.nets import Case, bits, cases, digit_like, drawn

SINGLE = torch.float32
SPEC = build((6, 5, 4, 3))
thorough = checking(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)


def source(inputs: Tensor, targets: Tensor, order: Tensor, rows: int, call: Tensor | None = None) -> Source:
    return Source(
        inputs=inputs,
        targets=targets,
        order=order,
        batch_inputs=torch.empty_like(inputs[:1]).repeat(rows, 1),
        batch_targets=torch.empty_like(targets[order[:rows]]),
        call=torch.zeros(1, dtype=torch.bool) if call is None else call,
    )


def state(network: Network) -> list[Any]:
    kept = (network.parameters, network.gradient, network.first_moment, network.second_moment)
    return [network.optimizer_steps, *(bits(tensor) for tensor in kept if tensor is not None)]


def test_the_steps_run_without_the_interpreter() -> None:
    assert isinstance(scripted.scripted(make_steps), torch.jit.ScriptFunction)


@given(cases())
@thorough
def test_many_steps_are_single_steps_to_the_last_bit(case: Case) -> None:
    at_once, plain = case.network(SINGLE), case.network(SINGLE)
    dice, other_dice = torch.Generator().manual_seed(1), torch.Generator().manual_seed(1)
    many, single = (WrittenStep(at_once, case.settings, dice), WrittenStep(plain, case.settings, other_dice))
    inputs, targets = case.batch(4 * max(case.batches), SINGLE)
    for number, rows in enumerate(case.batches):
        order = torch.randperm(len(inputs), generator=torch.Generator().manual_seed(number))
        rates = [0.02 / (1 + step) for step in range(len(inputs) // rows)]
        assert many.many(source(inputs, targets, order, rows), rates) == len(rates)
        for chosen, rate in zip(order.split(rows), rates, strict=False):
            single(inputs[chosen], targets[chosen], rate)
        assert state(at_once) == state(plain)
        assert bits(many.loss) == bits(single.loss)
        assert [bits(pre) for pre in many.pre] == [bits(pre) for pre in single.pre]
        assert bits(dice.get_state()) == bits(other_dice.get_state())


@pytest.mark.parametrize("mask", ["movable", "present", "held"])
def test_a_mask_set_between_two_calls_counts(mask: str) -> None:
    at_once, plain = drawn(SPEC, dtype=SINGLE), drawn(SPEC, dtype=SINGLE)
    many, single = (WrittenStep(network, Settings(), torch.Generator()) for network in (at_once, plain))
    inputs, labels = torch.rand(12, 6, generator=torch.Generator().manual_seed(0)), torch.arange(12) % 3
    for number in range(6):
        for network in (at_once, plain):
            third = torch.arange(SPEC.parameter_count) % 3 == number % 3
            network.set_mask(mask, None if number in (2, 5) else third)
        assert many.many(source(inputs, labels, torch.arange(12), 4), [0.1] * 3) == 3
        for chosen in torch.arange(12).split(4):
            single(inputs[chosen], labels[chosen], 0.1)
        assert state(at_once) == state(plain)


def test_they_end_after_the_step_whose_loss_is_no_number() -> None:
    network, plain = drawn(SPEC, dtype=SINGLE), drawn(SPEC, dtype=SINGLE)
    inputs, labels = torch.rand(20, 6, generator=torch.Generator().manual_seed(0)), torch.arange(20) % 3
    inputs[9] = math.inf  # in the third batch of four
    many = WrittenStep(network, Settings(), torch.Generator())
    assert many.many(source(inputs, labels, torch.arange(20), 4), [0.1] * 5) == 3
    assert not torch.isfinite(many.loss)
    assert [bool(torch.isfinite(pre).all()) for pre in many.pre] == [False] * 3
    assert network.optimizer_steps == 3
    single = WrittenStep(plain, Settings(), torch.Generator())
    for chosen in torch.arange(12).split(4):
        single(inputs[chosen], labels[chosen], 0.1)
    assert state(network) == state(plain)


def test_they_end_when_they_are_called() -> None:
    network, call = drawn(SPEC, dtype=SINGLE), torch.ones(1, dtype=torch.bool)
    inputs, labels = torch.rand(20, 6), torch.arange(20) % 3
    step = WrittenStep(network, Settings(), torch.Generator())
    assert step.many(source(inputs, labels, torch.arange(20), 4, call), [0.1] * 5) == 1


def test_a_call_from_another_thread_ends_them_and_nothing_is_half_done() -> None:
    network, plain = (drawn(build((784, 16, 10)), dtype=SINGLE) for _ in range(2))
    inputs, labels = digit_like(64)
    order = torch.arange(64).repeat(20_000)  # minutes of work
    call = torch.zeros(1, dtype=torch.bool)
    caller = threading.Timer(0.05, lambda: call.fill_(1))
    many = WrittenStep(network, Settings(), torch.Generator())
    many.many(source(inputs, labels, order[:64], 64), [0.01])  # made ready
    caller.start()
    made = 1 + many.many(source(inputs, labels, order, 64, call), [0.01] * 20_000)
    caller.join()
    assert 1 < made < 20_000
    single = WrittenStep(plain, Settings(), torch.Generator())
    for _ in range(made):
        single(inputs, labels, 0.01)
    assert state(network) == state(plain)


def test_where_they_cannot_be_compiled_they_run_in_python(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_function: object) -> None:
        raise RuntimeError("no TorchScript here")

    monkeypatch.setattr(torch.jit, "script", refuse)
    monkeypatch.setattr(scripted, "_found", {})
    networks = [drawn(SPEC, dtype=SINGLE) for _ in range(2)]
    inputs, labels = torch.rand(12, 6, generator=torch.Generator().manual_seed(0)), torch.arange(12) % 3
    with caplog.at_level(logging.WARNING):
        for network in networks:
            step = WrittenStep(network, Settings(), torch.Generator())
            assert step.many(source(inputs, labels, torch.arange(12), 4), [0.1] * 3) == 3
    assert caplog.text.count("make_steps runs in Python: no TorchScript here") == 1
    assert scripted.scripted(make_steps) is make_steps
    monkeypatch.undo()
    compiled = drawn(SPEC, dtype=SINGLE)
    WrittenStep(compiled, Settings(), torch.Generator()).many(source(inputs, labels, torch.arange(12), 4), [0.1] * 3)
    assert state(compiled) == state(networks[0]) == state(networks[1])


def pair(settings: Settings, data: DataSet | None = None) -> tuple[Training, Training]:
    data = data or blobs()
    return Training(SPEC, settings, data), Training(SPEC, settings, data)


def place(training: Training) -> list[Any]:
    order = None if training.order is None else training.order.tolist()
    dice = [bits(generator.get_state()) for generator in (training.batch_generator, training.dropout_generator)]
    return [training.step, training.epochs_done, training.position, order, *dice, *state(training.network)]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_training_makes_many_steps_as_it_makes_single_ones(schedule: str) -> None:
    settings = Settings(batch_size=16, learning_rate=0.05, schedule=schedule, schedule_epochs=2, schedule_factor=0.3)
    at_once, plain = pair(settings)  # 120 examples: 8 steps an epoch, the last one on 8 examples
    made = []
    while at_once.step < 40:
        made.append(at_once.advance_many(5))
    assert made[:4] == [5, 2, 1, 5], "the end of an epoch and its short batch are calls of their own"
    while plain.step < at_once.step:
        plain.advance()
    assert place(at_once) == place(plain)
    assert bits(at_once.batch_loss) == bits(plain.batch_loss)


def test_dropout_goes_on_in_the_same_stream() -> None:
    spec = SPEC.with_layers([replace(layer, dropout=0.4) for layer in SPEC.layers])
    at_once, plain = (Training(spec, Settings(batch_size=16), blobs()) for _ in range(2))
    for _ in range(3):
        at_once.advance_many(4)
        at_once.advance()
    while plain.step < at_once.step:
        plain.advance()
    assert place(at_once) == place(plain)


def test_what_is_not_written_out_makes_one_step_a_call() -> None:
    training, plain = pair(Settings(batch_size=16))
    for each in (training, plain):
        each._update = AutogradStep(each.network, each.settings, each.dropout_generator)
    assert not training.makes_many
    assert [training.advance_many(5) for _ in range(10)] == [1] * 10
    for _ in range(10):
        plain.advance()
    assert place(training) == place(plain)


def test_no_examples_is_a_sentence() -> None:
    data = blobs()
    training = Training(SPEC, Settings(), replace(data, train=data.train.taken([])))
    with pytest.raises(NoExamplesError, match="There are no training examples"):
        training.advance_many(5)


def test_where_steps_run_in_python_they_are_made_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripted, "_found", {make_steps: make_steps})
    training, plain = pair(Settings(batch_size=16))
    assert not training.makes_many, "the window and the training have the interpreter in turns"
    assert [training.advance_many(5) for _ in range(10)] == [1] * 10
    for _ in range(10):
        plain.advance()
    assert place(training) == place(plain)


def test_an_epoch_ends_where_the_examples_that_are_left_have_all_been_used() -> None:
    data = blobs()
    training, _ = pair(Settings(batch_size=16), data)
    while training.position < 112:
        training.advance()
    unused = training.order[-8:].tolist() if training.order is not None else []
    left = min(unused)
    training.set_data(replace(data, train=data.train.taken(range(left))))
    assert (training.epochs_done, training.position, training.order) == (1, 0, None)
    assert training.epoch == 1.0
    training.advance()
    assert training.epoch > 1.0
    epochs = training.epochs_done
    training.set_data(replace(data, train=data.train.taken([])))
    assert training.epochs_done == epochs, "there is nothing left to have used"


def test_an_order_of_more_examples_than_there_are_is_not_taken_up() -> None:
    training, other = pair(Settings(batch_size=500))
    saved = training.checkpoint()
    training.restore(replace(saved, arrays={**saved.arrays, "order": torch.zeros(300, dtype=torch.int64).numpy()}))
    assert training.order is None
    assert training.advance_many(1) == other.advance_many(1) == 1
    assert place(training) == place(other)
