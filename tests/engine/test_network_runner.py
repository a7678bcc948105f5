from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
import torch

from playground.engine import commands as ask
from playground.engine import structure
from playground.engine.channel import Channel
from playground.engine.commands import BIAS, Cells
from playground.engine.datasets import DataSet, Examples
from playground.engine.editing import Editing
from playground.engine.evaluate import measure
from playground.engine.network_runner import NetworkRunner
from playground.engine.settings import Settings
from playground.engine.snapshots import Snapshot
from playground.engine.spec import NetworkSpec, build
from playground.engine.training import Training
from tests.engine.blobs import blobs
from tests.engine.runner_desk import RunnerDesk

SPEC = build((6, 5, 4, 3))
SETTINGS = Settings(batch_size=16, learning_rate=0.01, seed=3)


class Desk(RunnerDesk):
    """A desk with a small network and its data, unless a test brings others."""

    def __init__(self, settings: Settings = SETTINGS, spec: NetworkSpec = SPEC, data: DataSet | None = None) -> None:
        self.data = data or blobs()
        super().__init__(spec, settings, self.data)


def test_start_shows_the_fresh_network_measured_at_step_0() -> None:
    shown = Desk().shown
    assert (shown.step, shown.is_running, shown.applied_seq) == (0, False, 1)
    assert shown.evaluation is not None
    assert shown.evaluation.step == 0
    assert shown.evaluation.test is not None
    assert shown.curves is not None
    assert shown.curves.steps.tolist() == [0]
    assert shown.parameters.shape == (SPEC.parameter_count,)
    with pytest.raises(ValueError, match="read-only"):
        shown.parameters[0] = 1.0


def test_step_makes_exactly_the_steps_and_pauses() -> None:
    desk = Desk()
    shown = desk.train(7)
    assert (shown.step, shown.is_running) == (7, False)
    assert shown.evaluation is not None
    assert shown.evaluation.step == 7
    assert desk.train(1).step == 8


def test_steps_that_are_asked_for_faster_than_they_are_made_are_all_made() -> None:
    desk = Desk()
    assert desk.ask(*(ask.Advance(steps=1) for _ in range(5))).step == 5
    assert desk.ask(ask.Advance(steps=3), ask.Pause()).step == 5
    assert desk.ask(ask.Advance(steps=2)).step == 7


class Window(Channel[Snapshot]):
    """The other end of a runner in a thread of its own: waits for what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.told = threading.Event()

    def publish(self, snapshot: Snapshot) -> None:
        super().publish(snapshot)
        self.told.set()

    def taken(self, is_wanted: Callable[[Snapshot], bool]) -> Snapshot:
        """Take snapshots until one is as wanted."""
        while self.told.wait(60):
            self.told.clear()
            found = self.take_snapshot()
            if found is not None and is_wanted(found):
                return found
        raise AssertionError("Waited in vain.")

    @contextmanager
    def training(self, runner: NetworkRunner) -> Iterator[None]:
        """Let the runner train in a thread."""
        self.post(ask.Start(SPEC, SETTINGS, blobs()))
        self.post(ask.Run())
        thread = threading.Thread(target=runner.loop)
        thread.start()
        try:
            yield
        finally:
            self.post(ask.Stop())
            thread.join(20)


def test_a_training_that_runs_is_copied_when_the_window_asks_for_it() -> None:
    window, looks, has_gone_on = Window(), count(), threading.Event()

    def clock() -> float:
        """Return a time that stands still, and tell when it was looked at often."""
        if next(looks) % 5_000 == 0:
            has_gone_on.set()
        return 0.0

    window.ask()
    with window.training(NetworkRunner(window, clock=clock)):
        first = window.taken(lambda shown: shown.is_running)
        for _ in range(2):
            has_gone_on.clear()
            assert has_gone_on.wait(60)
        assert window.waiting is None
        window.ask()
        second = window.taken(lambda shown: shown.step > first.step + 100)
        assert second.is_running
        assert window.waiting is None


def test_small_steps_stand_aside_while_the_window_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.engine.channel.MOST_HELD_SECONDS", 60)
    monkeypatch.setattr("playground.engine.runner.SMALL_STEPS", 0)
    monkeypatch.setattr(Training, "makes_many", False)  # each step is made of calls from Python
    window, is_aside = Window(), threading.Event()
    stand_aside = window.stand_aside

    def tell() -> None:
        if window.is_held:
            is_aside.set()
        stand_aside()

    monkeypatch.setattr(window, "stand_aside", tell)
    runner = NetworkRunner(window)
    with window.training(runner):
        window.taken(lambda shown: shown.steps_per_second > 0)
        window.hold()
        assert is_aside.wait(60)
        step = runner._step
        assert step is not None
        seq = window.post(ask.Watch(frozenset()))
        shown = window.taken(lambda shown: shown.applied_seq == seq)
        assert shown.step <= step + 2, "a step may go with the answer"
        window.release()
        window.ask()
        window.taken(lambda shown: shown.step > step + 20)


def test_an_epoch_ends_with_the_data_short_last_batch_included() -> None:
    desk = Desk()  # 120 examples in batches of 16: 8 steps, the last one of 8
    shown = desk.ask(ask.Advance(epochs=1))
    assert (shown.step, shown.epoch) == (8, 1.0)
    desk.train(3)
    assert desk.ask(ask.Advance(epochs=1)).step == 16


def test_training_learns() -> None:
    desk = Desk()
    first = desk.shown.evaluation
    last = desk.train(400).evaluation
    assert first is not None
    assert last is not None
    assert last.validation.loss < 0.3 * first.validation.loss
    assert last.validation.accuracy > 0.95


def test_same_seed_same_bits_and_reset_replays() -> None:
    one, other = Desk(), Desk()
    a, b = one.train(60), other.train(60)
    assert np.array_equal(a.parameters, b.parameters)
    again = one.ask(ask.Reset())
    assert again.step == 0
    assert again.segment == 1
    c = one.train(60)
    assert np.array_equal(a.parameters, c.parameters)
    assert np.array_equal(a.curves.values, c.curves.values)


def test_another_seed_gives_other_weights() -> None:
    desk = Desk()
    before = desk.shown.parameters
    shown = desk.ask(ask.Reset({"seed": 4}))
    assert shown.settings.seed == 4
    assert not np.array_equal(before, shown.parameters)


def test_a_setting_changes_in_mid_run_and_resets_nothing() -> None:
    desk = Desk()
    before = desk.train(20)
    for changes in ({"learning_rate": 0.02}, {"batch_size": 7}, {"optimizer": "sgd"}, {"loss": "squared_error"}):
        shown = desk.ask(ask.Change(changes))
        assert shown.step == 20
        assert np.array_equal(shown.parameters, before.parameters)
    assert desk.train(5).step == 25
    assert [mark.label for mark in desk.shown.marks] == [
        "learning rate 0.02",
        "batch size 7",
        "optimizer SGD",
        "loss squared error",
    ]


def test_a_drag_leaves_one_mark() -> None:
    desk = Desk()
    desk.ask(ask.Change({"learning_rate": 0.02}), ask.Change({"learning_rate": 0.03}, is_quiet=True))
    assert [mark.label for mark in desk.shown.marks] == ["learning rate 0.03"]


def test_undoing_a_structural_change_brings_the_trained_weights_back() -> None:
    desk = Desk()
    trained = desk.train(30)
    change = structure.remove_units(SPEC, SPEC.layers[0].id, SPEC.layers[0].units[:2])
    after = desk.ask(change)
    seq = desk.seq
    assert after.spec.widths == (6, 3, 4, 3)
    assert after.step == 30
    desk.train(10)
    back = desk.ask(ask.Revert(seq))
    assert back.spec == SPEC
    assert back.step == 40
    assert np.array_equal(back.parameters, trained.parameters)
    redone = desk.ask(ask.Reapply(seq))
    assert redone.spec.widths == (6, 3, 4, 3)


def test_undoing_a_reset_brings_weights_step_and_curves_back_and_training_goes_on_as_if_never_reset() -> None:
    desk, other = Desk(), Desk()
    trained = desk.train(30)
    desk.ask(ask.Reset({"seed": 9}))
    seq = desk.seq
    desk.train(12)
    back = desk.ask(ask.Revert(seq))
    assert (back.step, back.settings.seed, back.segment) == (30, 3, 0)
    assert np.array_equal(back.parameters, trained.parameters)
    assert back.curves.steps.tolist() == trained.curves.steps.tolist()
    other.train(30)
    assert np.array_equal(desk.train(25).parameters, other.train(25).parameters)


def test_a_checkpoint_continues_bit_for_bit() -> None:
    desk, other = Desk(), Desk()
    desk.train(33)
    desk.ask(ask.RequestCheckpoint(5))
    replies = [reply for reply in desk.channel.take_replies() if reply.token == 5]
    fresh = Desk(Settings(seed=1))
    shown = fresh.ask(ask.Restore(replies[0].value, desk.data))
    assert shown.step == 33
    assert shown.settings == SETTINGS
    other.train(33)
    assert np.array_equal(fresh.train(40).parameters, other.train(40).parameters)


def test_other_data_keep_the_weights_and_can_be_taken_back() -> None:
    desk = Desk()
    trained = desk.train(10)
    shown = desk.ask(ask.SetData(blobs(seed=5)))
    assert np.array_equal(shown.parameters, trained.parameters)
    assert shown.evaluation.validation.loss != trained.evaluation.validation.loss
    back = desk.ask(ask.Revert(desk.seq))
    assert back.evaluation.validation == trained.evaluation.validation


def test_data_of_another_width_come_with_their_structure_and_go_with_it() -> None:
    desk = Desk()
    trained = desk.train(10)
    wider = blobs(features=8, classes=5)
    shown = desk.ask(ask.SetData(wider, "wider", structure.fitted_to(SPEC, (8,), 5)))
    assert shown.spec.widths == (8, 5, 4, 5)
    assert shown.trouble is None
    seq = desk.seq
    desk.train(5)
    back = desk.ask(ask.Revert(seq))
    assert back.spec == SPEC
    assert np.array_equal(back.parameters, trained.parameters)
    assert desk.ask(ask.Reapply(seq)).spec.widths == (8, 5, 4, 5)


def test_data_that_do_not_fit_are_refused_and_nothing_changes() -> None:
    desk = Desk()
    trained = desk.train(3)
    shown = desk.ask(ask.SetData(blobs(features=9)))
    assert shown.trouble is not None
    assert shown.trouble.kind == "refused"
    assert "9 inputs" in shown.trouble.sentence
    assert np.array_equal(shown.parameters, trained.parameters)
    assert desk.train(1).step == 4


def test_added_examples_are_trained_on() -> None:
    desk = Desk()
    desk.train(3)
    more = desk.data.with_added(np.ones((1, 6), np.float32), np.array([1]))
    assert desk.ask(ask.SetData(more)).train_count == 121
    assert desk.ask(ask.Revert(desk.seq)).train_count == 120
    assert desk.ask(ask.Advance(epochs=2)).trouble is None


def test_nothing_to_train_on_is_said() -> None:
    data = blobs()
    empty = replace(data, train=data.train.taken([]), validation=data.validation.taken([]), test=data.test.taken([]))
    shown = Desk(data=empty).train(1)
    assert shown.trouble is not None
    assert "no training examples" in shown.trouble.sentence
    assert not shown.is_running


def test_divergence_pauses_names_layer_and_step_and_offers_the_way_back() -> None:
    desk = Desk(
        replace(SETTINGS, optimizer="sgd", loss="squared_error"),
        build((6, 5, 3), activation="relu", output_activation="identity"),
    )
    good = desk.train(20)
    desk.ask(ask.Change({"learning_rate": 1000.0}))
    shown = desk.train(500)
    assert not shown.is_running
    assert shown.trouble is not None
    assert shown.trouble.kind == "divergence"
    assert f"step {shown.step:,}" in shown.trouble.sentence
    assert shown.trouble.layer is not None
    assert shown.spec.layer_name(shown.trouble.layer) in shown.trouble.sentence
    assert shown.trouble.can_go_back
    back = desk.ask(ask.BackToLastGood())
    assert back.trouble is None
    assert 20 <= back.step < shown.step
    assert np.isfinite(back.parameters).all()
    assert back.settings.learning_rate == 1000.0
    assert back.step > 20 or np.array_equal(back.parameters, good.parameters)


def test_stop_rules() -> None:
    desk = Desk(replace(SETTINGS, stop_epochs=2))
    shown = desk.ask(ask.Run())
    assert (shown.step, shown.is_running) == (16, False)
    assert "2 epochs" in shown.stopped_by
    desk.ask(ask.Change({"stop_epochs": None, "stop_accuracy": 0.9}))
    shown = desk.ask(ask.Run())
    assert "90.0%" in shown.stopped_by
    assert shown.evaluation.validation.accuracy >= 0.9
    # play trains on though the rule is fulfilled
    assert desk.train(30).step == shown.step + 30


def test_an_error_in_the_thread_becomes_a_message_with_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    desk.train(4)

    def fail(_self: Training, *_how_many: object) -> None:
        raise RuntimeError("the tensor fell off the table")

    monkeypatch.setattr(Training, "advance_many", fail)
    shown = desk.ask(ask.Run())
    assert shown.trouble is not None
    assert shown.trouble.kind == "error"
    assert "step 4" in shown.trouble.sentence
    assert "fell off the table" in shown.trouble.report
    assert "test_network_runner" in shown.trouble.report
    monkeypatch.undo()
    assert desk.train(1).step == 5


def test_an_error_among_many_steps_is_a_sentence_as_well() -> None:
    desk = Desk()
    desk.train(4)
    training = desk.runner._training
    assert training is not None
    training.train.targets[::2] = 7
    trouble = desk.ask(ask.Run()).trouble
    assert trouble.kind == "error"
    assert trouble.sentence == (
        "Something unexpected went wrong (step 4: index 7 is out of bounds for dimension 0 with size 3)."
    )
    assert "written_loss" in trouble.report


@pytest.mark.parametrize(
    "words",
    [
        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.",
        "The following operation failed.\n  <--- HERE\nRuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB.",
        "The following operation failed.\n  <--- HERE\nRuntimeError: std::bad_alloc",
    ],
)
def test_too_little_memory_is_said(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()

    def fail(_self: Training, *_how_many: object) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr(Training, "advance_many", fail)
    trouble = desk.ask(ask.Run()).trouble
    assert trouble.kind == "memory"
    assert "operation failed" not in trouble.sentence


@pytest.mark.parametrize(
    "command",
    [
        ask.Start(build((6, 300, 3)), SETTINGS, blobs()),
        ask.Change({"batch_size": 50}),
        structure.add_units(SPEC, SPEC.layers[0].id, 9),
    ],
)
def test_after_a_change_it_is_learnt_anew_how_many_steps_fit_into_a_slice(command: ask.Command) -> None:
    desk = Desk()
    desk.train(200)
    assert desk.runner._times.steps_in(1.0) > 1
    desk.ask(command)
    assert desk.runner._times.steps_in(1.0) == 1


def test_a_stroke_holds_what_it_paints_and_is_measured_against_itself() -> None:
    desk = Desk()
    desk.train(10)
    layer = SPEC.layers[0]
    cells = Cells.of_unit(layer.id, layer.units[2], [0, 3, BIAS])
    paint = ask.Paint(77, cells, np.array([1.0, 0.5, 1.0], np.float32), 2.0)
    before = desk.shown.weight(0)[2].copy()
    shown = desk.ask(paint)
    seq = desk.seq
    assert shown.weight(0)[2, 0] == 2.0
    assert shown.weight(0)[2, 3] == pytest.approx(before[3] + 0.5 * (2.0 - before[3]), rel=1e-6)
    assert shown.bias(0)[2] == 2.0
    effect = shown.stroke_effect
    assert effect is not None
    assert effect.is_open
    assert effect.step == 10
    assert effect.without.loss != effect.with_stroke.loss
    held = desk.train(15)
    assert held.weight(0)[2, 0] == 2.0
    assert held.bias(0)[2] == 2.0
    assert held.weight(0)[2, 1] != before[1]
    released = desk.ask(ask.EndStroke(77))
    assert released.stroke_effect is not None
    assert not released.stroke_effect.is_open
    moved = desk.train(15)
    assert moved.weight(0)[2, 0] != 2.0
    back = desk.ask(ask.Revert(seq))
    assert back.weight(0)[2, 0] == before[0]
    assert back.weight(0)[2, 1] == moved.weight(0)[2, 1]


def test_a_stroke_of_a_moment_is_measured_whole() -> None:
    desk = Desk()
    cells = Cells.of_unit(SPEC.layers[0].id, SPEC.layers[0].units[2], [0, 3, BIAS])
    full = np.ones(3, np.float32)
    first = desk.ask(ask.Paint(1, cells, full, 2.0), ask.EndStroke(1)).stroke_effect
    assert first is not None
    assert (first.stroke, first.is_open) == (1, False)
    assert first.without.loss != first.with_stroke.loss
    desk.time -= 1.0  # a stroke right behind it: no measurement is due yet
    shown = desk.ask(ask.Paint(2, cells, 0.5 * full, -3.0), ask.Paint(2, cells, full, -3.0), ask.EndStroke(2))
    assert shown.stroke_effect is not None
    assert shown.stroke_effect.stroke == 2
    assert shown.stroke_effect.without.loss == first.with_stroke.loss
    assert shown.evaluation is not None
    assert shown.stroke_effect.with_stroke.loss == shown.evaluation.validation.loss


def test_a_hand_edit_is_measured_at_once_and_adds_no_point() -> None:
    desk = Desk()
    before = desk.train(13)
    layer = SPEC.layers[1]
    cells = Cells(layer.id, np.array(layer.units), np.zeros(4, np.int64) + SPEC.layers[0].units[0])
    shown = desk.ask(ask.SetCells(cells, np.full(4, 5.0, np.float32), "four weights"))
    assert shown.evaluation.validation.loss != before.evaluation.validation.loss
    assert shown.evaluation.after_seq == desk.seq
    assert shown.curves.steps.tolist() == before.curves.steps.tolist()
    assert shown.receipts[-1].count == 4
    assert shown.marks[-1].kind == "edit"


def test_readings_follow_the_current_input() -> None:
    desk = Desk()
    values = np.linspace(0, 1, 6, dtype=np.float32)
    shown = desk.ask(ask.SetInput(values, 1))
    readings = shown.readings
    assert readings is not None
    assert np.allclose(readings.pre[0], shown.weight(0) @ values + shown.bias(0), atol=1e-6)
    assert np.allclose(readings.act[0], 1 / (1 + np.exp(-readings.pre[0])), atol=1e-6)
    assert readings.act[-1].sum() == pytest.approx(1.0, abs=1e-6)
    assert desk.ask(ask.SetInput(None)).readings is None


def test_only_what_is_watched_is_read() -> None:
    desk = Desk()
    desk.ask(ask.SetInput(np.zeros(6, np.float32)))
    desk.train(1)
    shown = desk.ask(ask.Watch(frozenset()))
    assert (shown.readings, shown.gradient, shown.gradient_norms) == (None, None, None)
    shown = desk.ask(ask.Watch(frozenset({"gradient", "gradient_norm"})))
    assert shown.gradient is not None
    assert shown.gradient_norms[0] == pytest.approx(np.linalg.norm(shown.gradient[SPEC.slots[0].whole]), rel=1e-5)


def test_a_gradient_is_shown_only_once_a_step_was_made_with_these_weights() -> None:
    desk = Desk()
    assert desk.shown.gradient_norms is None
    assert desk.train(3).gradient_norms is not None
    edited = desk.ask(ask.SetCells(Cells.of_unit(SPEC.layers[0].id, SPEC.layers[0].units[0], 2), 0.5, "by hand"))
    assert edited.gradient_norms is not None, "the last step's"
    assert desk.ask(ask.BackToLastGood()).gradient_norms is not None, "there was nothing to go back to"
    assert desk.train(1).gradient_norms is not None
    assert desk.ask(ask.Reset({})).gradient_norms is None


EXPLODING = Settings(batch_size=16, learning_rate=1000.0, l2=10.0, optimizer="sgd", seed=3)


def test_the_last_good_step_is_one_before_the_loss_exploded() -> None:
    desk = Desk(EXPLODING)
    first = desk.shown.evaluation
    assert first is not None
    assert desk.train(500).trouble is not None
    assert np.nanmax(desk.shown.curves.values[:, 0]) > 1e6, "finite losses, but of no use"
    back = desk.ask(ask.BackToLastGood())
    assert back.evaluation is not None
    assert back.evaluation.train.loss <= 10 * first.train.loss


def test_going_back_can_be_undone_and_gone_again() -> None:
    desk = Desk(EXPLODING)
    desk.train(500)
    good = desk.ask(ask.BackToLastGood()).parameters
    undone = desk.ask(ask.Revert(desk.seq))
    assert not np.isfinite(undone.parameters).all()
    assert undone.trouble is not None, "a window full of no numbers says why"
    assert undone.trouble.can_go_back
    again = desk.ask(ask.BackToLastGood())
    np.testing.assert_array_equal(again.parameters, good)
    assert again.trouble is None


def test_what_the_hand_made_is_good_however_large_its_loss() -> None:
    desk = Desk()
    desk.train(10)
    units = SPEC.layers[-1].units
    desk.ask(ask.TransformUnits(SPEC.layers[-1].id, units, "scale", 500.0))
    painted = desk.shown
    assert painted.evaluation is not None
    desk.ask(ask.Change({"learning_rate": 1000.0, "l2": 10.0, "optimizer": "sgd"}))
    assert desk.train(500).trouble is not None
    back = desk.ask(ask.BackToLastGood())
    assert back.step >= painted.step
    assert back.evaluation.train.loss <= 10 * painted.evaluation.train.loss


def test_the_curves_begin_with_the_first_data_that_there_are() -> None:
    full = blobs()
    none = Examples(np.zeros((0, 6), np.float32), np.zeros(0, np.int64))
    desk = Desk(data=replace(full, train=none, validation=none, test=none))
    assert len(desk.shown.curves.steps) == 0, "nothing was measured"
    for data in (full, blobs(seed=5)):
        shown = desk.ask(ask.SetData(data))
        assert shown.curves.steps.tolist() == [0]
        assert shown.evaluation is not None
        assert shown.curves.values[0, 2] == shown.evaluation.validation.loss, "measured on these data"
    trained = desk.train(3).curves
    again = desk.ask(ask.SetData(full)).curves
    np.testing.assert_array_equal(again.values, trained.values)  # what was trained stays as it was measured


def test_a_device_that_fails_leaves_the_last_good_weights_on_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    good = desk.train(20)
    training = desk.runner._training
    assert training is not None
    training.device = torch.device("cuda:0")  # no GPU is needed to lose one
    advance_many = Training.advance_many

    def fail(self: Training, most: int, call: torch.Tensor | None = None) -> int:
        if self.device.type == "cuda":
            raise RuntimeError("CUDA error: unspecified launch failure")
        return advance_many(self, most, call)

    monkeypatch.setattr(Training, "advance_many", fail)
    shown = desk.ask(ask.Run())
    assert shown.trouble is not None
    assert shown.trouble.kind == "device"
    assert "on the CPU" in shown.trouble.sentence
    assert "launch failure" in shown.trouble.report
    assert (shown.device, shown.is_running, shown.step) == ("cpu", False, 20)
    assert np.array_equal(shown.parameters, good.parameters)
    assert desk.train(3).step == 23


def test_measuring_a_stroke_leaves_the_training_half_of_the_time() -> None:
    training = Training(SPEC, SETTINGS, blobs())
    times = iter([0.0, 0.2, 10.0, 10.001])  # two measurements: a slow one and a quick one
    editing = Editing(clock=lambda: next(times))
    cells = Cells.of_unit(SPEC.layers[0].id, SPEC.layers[0].units[0], 2)
    editing.apply(training, ask.Paint(1, cells, np.ones(1, np.float32), 0.5), 1)
    assert editing.measure_stroke(training, 1, now=0.0)
    assert not editing.measure_stroke(training, 1, now=0.39)
    assert editing.measure_stroke(training, 1, now=0.41)
    assert not editing.measure_stroke(training, 1, now=0.42)


def test_the_training_part_is_measured_now_and_then_in_a_stroke_and_where_the_hand_rests() -> None:
    training = Training(SPEC, SETTINGS, blobs())
    editing = Editing(clock=lambda: 0.0)
    cells = Cells.of_unit(SPEC.layers[0].id, SPEC.layers[0].units[0], 2)
    found = []
    for seq, now in ((1, 1.0), (2, 1.02), (3, 1.04), (4, 1.21), (5, 1.23), (5, 1.25), (5, 1.34)):
        editing.apply(training, ask.Paint(1, cells, np.ones(1, np.float32), 0.5 * seq), seq)
        is_measured = editing.measure_stroke(training, seq, now=now)
        found.append((is_measured, is_measured and editing.has_evaluated))
        effect = editing.stroke_effect
        assert effect is not None
        assert effect.after_seq == seq
        assert effect.with_stroke == training.measured(training.validation)
    assert found == [(True, whole) for whole in (True, False, False, True, False)] + [(False, False), (True, True)]
    evaluation = training.evaluation
    assert evaluation is not None
    assert evaluation.after_seq == 5
    assert evaluation.validation == effect.with_stroke


def test_what_a_stroke_does_is_what_a_whole_measurement_says_without_and_with_it() -> None:
    desk = Desk()
    desk.train(30)
    training = desk.runner._training
    assert training is not None
    before = measure(training.network, *whole(training), training.settings.loss)
    cells = Cells.of_unit(SPEC.layers[0].id, SPEC.layers[0].units[1], [0, 2, BIAS])
    for value in (1.0, 3.0):
        shown = desk.ask(ask.Paint(9, cells, np.ones(3, np.float32), value))
        assert shown.stroke_effect is not None
        assert shown.stroke_effect.without == before
        assert shown.stroke_effect.with_stroke == measure(training.network, *whole(training), training.settings.loss)
        assert shown.stroke_effect.with_stroke != before


def whole(training: Training) -> tuple[torch.Tensor, torch.Tensor]:
    return training.validation.inputs, training.validation.targets


def test_a_change_of_the_loss_is_marked_as_one_and_its_undo_as_well() -> None:
    desk = Desk()
    desk.train(10)
    desk.ask(ask.Change({"batch_size": 8}))
    desk.ask(ask.Change({"loss": "squared_error", "learning_rate": 0.1}))
    shown = desk.ask(ask.Change({"loss": "cross_entropy"}))
    assert [(mark.kind, mark.step) for mark in shown.marks] == [("setting", 10), ("loss", 10), ("loss", 10)]


def test_where_nothing_has_gone_wrong_there_is_no_way_back() -> None:
    desk = Desk()
    before = desk.train(37)
    assert before.way_back is None
    after = desk.ask(ask.BackToLastGood())
    assert (after.step, after.segment, after.marks) == (before.step, before.segment, before.marks)
    np.testing.assert_array_equal(after.parameters, before.parameters)
    assert after.gradient_norms == before.gradient_norms is not None
    assert "nothing was changed" in after.receipts[-1].message
