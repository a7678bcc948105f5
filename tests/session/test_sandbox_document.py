"""The sandbox behind its real thread: every change undone to the bit, one entry a drag, nothing done by halves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.engine.superposition.checkpoint import SandboxCheckpoint, StoredResult
from playground.engine.superposition.problem import SuperpositionError, make_problem
from playground.engine.superposition.setup import Schedule, Setup
from playground.engine.superposition.snapshots import SandboxSnapshot
from playground.session.sandbox_document import SandboxDocument, first_setup

SETUP = Setup(make_problem(5, 2, 0.8, "1:0.5"), ("linear", "relu"), (0, 1), Schedule(steps=None))


@pytest.fixture
def document(qtbot: QtBot) -> Iterator[SandboxDocument]:
    made = SandboxDocument(setup=SETUP)
    made.start_thread()
    yield made
    made.close()


def settled(qtbot: QtBot, document: SandboxDocument) -> SandboxSnapshot:
    def is_there() -> bool:
        document.poll()
        shown = document.snapshot
        return document.is_settled and shown is not None and not shown.is_running and shown.measured_step == shown.step

    qtbot.waitUntil(is_there, timeout=20_000)
    assert document.snapshot is not None
    return document.snapshot


def trained(qtbot: QtBot, document: SandboxDocument, steps: int) -> SandboxSnapshot:
    goal = settled(qtbot, document).step + steps
    document.advance(steps=steps)
    shown = settled(qtbot, document)
    assert shown.step == goal
    return shown


def checkpoint(qtbot: QtBot, document: SandboxDocument) -> SandboxCheckpoint:
    found: list[SandboxCheckpoint] = []
    document.request_checkpoint(found.append)
    qtbot.waitUntil(lambda: bool(document.poll()) or bool(found), timeout=20_000)
    return found[0]


def test_the_first_setup_shows_arrows_at_once() -> None:
    setup = first_setup()
    assert (setup.problem.features, setup.problem.hidden, set(setup.problem.sparsity)) == (5, 2, {0.9})
    assert len(setup.kinds) == 3
    assert len(setup.seeds) == 8
    assert setup.schedule.steps is None


def test_everything_undone_is_as_it_was_bit_for_bit_and_redone_again(qtbot: QtBot, document: SandboxDocument) -> None:
    start = trained(qtbot, document, 60)
    before = checkpoint(qtbot, document)
    document.set_sparsity(0.6, restart=False)
    document.edit_model((1, 0), "drag", weight=np.full((5, 2), 0.3), stroke=1, features=[2])
    document.edit_model((1, 0), "drag", weight=np.full((5, 2), 0.4), stroke=1, features=[2])
    document.end_stroke(1)
    document.freeze((0, 1), (3,), on=True)
    document.set_importance("0.9^i")
    document.set_learning_rate(0.02)
    document.keep_seeds([1])
    document.rebuild(Setup(make_problem(6, 3, 0.9), ("relu",), (7,), Schedule(steps=None)), "6 features")
    document.load_models(document.setup, np.ones((1, 1, 6, 4)), "pasted")
    document.set_sparsity(0.95, restart=True)
    after = settled(qtbot, document)
    assert document.undo_stack.count() == 9
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    back = settled(qtbot, document)
    assert document.setup == back.setup == SETUP
    for name in ("weights", "biases", "losses"):
        assert np.array_equal(getattr(back, name), getattr(start, name))
    assert back.frozen is None
    again = checkpoint(qtbot, document)
    assert np.array_equal(again.arrays["second_moment"], before.arrays["second_moment"])
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    redone = settled(qtbot, document)
    assert redone.setup == after.setup == document.setup
    assert np.array_equal(redone.weights, after.weights)


def test_what_changes_nothing_leaves_no_entry(qtbot: QtBot, document: SandboxDocument) -> None:
    shown = trained(qtbot, document, 20)
    weight, bias = shown.weights[1, 0].copy(), shown.biases[1, 0].copy()
    document.undo_stack.clear()
    document.edit_model((1, 0), "paste W", weight=weight)
    document.edit_model((1, 0), "paint b", bias=bias, stroke=1, features=[2])
    document.end_stroke(1)
    document.freeze((1, 0), (2,), on=False)
    assert document.undo_stack.count() == 0  # the window knows by itself
    document.freeze((1, 0), (2,), on=True)
    document.run()
    qtbot.waitUntil(lambda: document.poll() and document.is_playing, timeout=20_000)
    document.freeze((1, 0), (2,), on=True)
    document.edit_model((1, 0), "paint W", weight=weight, stroke=2, features=[2])
    document.end_stroke(2)
    document.pause()
    assert document.undo_stack.count() == 3
    shown = settled(qtbot, document)  # the thread says that the frozen row was like that
    assert document.undo_stack.count() == 1
    assert [mark.label for mark in shown.marks] == ["freeze 1 features"]
    document.edit_model((1, 0), "drag", weight=weight + 1, stroke=3, features=[2])
    document.edit_model((1, 0), "drag", weight=weight, stroke=3, features=[2])
    document.end_stroke(3)
    assert document.undo_stack.count() == 2
    settled(qtbot, document)
    assert document.undo_stack.count() == 1  # back where it began
    document.undo_stack.undo()
    shown = settled(qtbot, document)
    assert shown.frozen is None
    document.set_sparsity(document.setup.problem.sparsity, restart=True, is_drag=True)
    assert not document.undo_stack.canUndo()


def test_undo_in_mid_training_takes_back_the_edit_alone(qtbot: QtBot, document: SandboxDocument) -> None:
    trained(qtbot, document, 30)
    bias = np.arange(5.0)
    document.edit_model((0, 1), "b", bias=bias)
    went_on = trained(qtbot, document, 40)
    document.undo_stack.undo()
    undone = settled(qtbot, document)
    assert undone.step == 70
    assert np.array_equal(undone.weights, went_on.weights)
    differs = undone.biases != went_on.biases
    assert differs[0, 1].all()
    assert differs.sum() == 5


def test_a_drag_on_the_sparsity_is_one_entry_whether_it_goes_on_or_starts_anew(
    qtbot: QtBot, document: SandboxDocument
) -> None:
    begun = trained(qtbot, document, 30)
    for restart in (False, True):
        for sparsity in (0.5, 0.6, 0.7):
            document.set_sparsity(sparsity, restart=restart, is_drag=True)
        document.end_drag()
        assert document.undo_stack.count() == 1
        shown = settled(qtbot, document)
        assert shown.setup.problem.sparsity[0] == document.setup.problem.sparsity[0] == 0.7
        assert shown.step == (0 if restart else 30)
        document.undo_stack.undo()
        back = settled(qtbot, document)
        assert document.setup == back.setup == SETUP
        assert np.array_equal(back.weights, begun.weights)
    document.undo_stack.redo()
    assert settled(qtbot, document).setup.problem.sparsity[0] == 0.7
    document.set_sparsity(0.75, restart=True, is_drag=True)
    assert document.undo_stack.count() == 2


def test_cancelled_a_stroke_is_gone_with_what_was_set_meanwhile(qtbot: QtBot, document: SandboxDocument) -> None:
    start = settled(qtbot, document)
    document.edit_model((1, 1), "drag", weight=np.ones((5, 2)), stroke=4)
    document.set_sparsity(0.5, restart=False, is_drag=True)
    document.edit_model((1, 1), "drag", weight=np.zeros((5, 2)), stroke=4)
    document.cancel_stroke(4)
    back = settled(qtbot, document)
    assert np.array_equal(back.weights, start.weights)
    assert document.setup == SETUP
    assert document.undo_stack.index() == 0


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda d: d.set_sparsity(1.0, restart=False), "nothing to learn"),
        (lambda d: d.set_importance([1, 1, 0, 1, 1]), "must be above 0"),
        (lambda d: d.set_learning_rate(0), "learning rate"),
        (lambda d: d.set_horizon(0), "steps do not go"),
        (lambda d: d.rebuild(replace(SETUP, seeds=()), "x"), "seeds do not go"),
        (lambda d: d.rebuild(replace(SETUP, seeds=(1, 1)), "x"), "named twice"),
        (lambda d: d.rebuild(replace(SETUP, kinds=("abs", "relu")), "x"), "trained alone"),
        (lambda d: d.rebuild(replace(SETUP, schedule=Schedule(batch=0)), "x"), "batch"),
        (lambda d: d.rebuild(replace(SETUP, problem=replace(SETUP.problem, hidden=5)), "x"), "nothing has to share"),
        (lambda d: d.load_models(SETUP, np.zeros((2, 2, 5, 2)), "x"), "shape"),
        (lambda d: d.keep_seeds([]), "at least one seed"),
        (lambda d: d.keep_seeds([2]), "no place 2"),
        (lambda d: d.edit_model((0, 5), "x", bias=np.zeros(5)), "no model"),
        (lambda d: d.edit_model((0, 0), "x", weight=np.zeros((2, 5))), "5 x 2, not 2 x 5"),
        (lambda d: d.edit_model((0, 0), "x", bias=np.full(5, np.inf)), "no finite number"),
        (lambda d: d.edit_model((0, 0), "x", decode=np.zeros((5, 2))), "tied"),
        (lambda d: d.edit_model((0, 0), "x", bias=np.zeros(5), features=[7]), "no feature 7"),
        (lambda d: d.freeze((0, 0), (5,), on=True), "no feature 5"),
        (lambda d: d.set_probe(np.zeros(4)), "shape"),
        (lambda d: d.set_probe(np.zeros(5), 3), "no place 3"),
        (lambda d: d.start_anew(replace(SETUP, kinds=())), "at least one model"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_changed(
    ask: Callable[[SandboxDocument], object], words: str
) -> None:
    document = SandboxDocument(setup=SETUP)  # without a thread: nothing may be posted
    posted = document.channel.posted_seq
    with pytest.raises(SuperpositionError, match=words):
        ask(document)
    assert document.channel.posted_seq == posted
    assert document.setup == SETUP
    assert document.undo_stack.count() == 0


def test_more_memory_than_there_is_is_refused_before_anything_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    document = SandboxDocument(setup=SETUP)
    monkeypatch.setattr("playground.engine.superposition.memory.free_bytes", lambda: 1_000)
    with pytest.raises(SuperpositionError, match="GiB"):
        document.rebuild(replace(SETUP, seeds=tuple(range(50))), "many")
    assert document.undo_stack.count() == 0


def test_where_the_thread_runs_out_of_memory_the_window_shows_again_what_there_is(
    qtbot: QtBot, document: SandboxDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = trained(qtbot, document, 20)
    from playground.engine.superposition import sandbox

    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError("cannot allocate memory")

    monkeypatch.setattr(sandbox, "Run", exhausted)
    with qtbot.waitSignal(document.trouble_happened, timeout=20_000) as told:
        document.rebuild(replace(SETUP, seeds=(5, 6, 7)), "other seeds")
        qtbot.waitUntil(lambda: document.poll() and document.snapshot.trouble is not None, timeout=20_000)
    assert told.args[0].kind == "memory"
    assert document.setup == SETUP
    assert document.undo_stack.count() == 0
    monkeypatch.undo()
    after = trained(qtbot, document, 1)
    assert after.step == before.step + 1


def test_a_checkpoint_restored_goes_on_bit_for_bit(qtbot: QtBot, document: SandboxDocument) -> None:
    trained(qtbot, document, 45)
    saved = checkpoint(qtbot, document)
    kept = {"sweep": StoredResult({"kind": "x"}, {"a": np.zeros(3)})}
    document.keep_result("other", StoredResult({}))
    wanted = trained(qtbot, document, 50)
    document.restore(saved, kept)
    assert document.undo_stack.count() == 0
    assert dict(document.results) == kept
    settled(qtbot, document)
    assert not document.is_dirty
    assert np.array_equal(trained(qtbot, document, 50).weights, wanted.weights)
    assert document.is_dirty
    document.start_anew()
    assert settled(qtbot, document).setup == first_setup()
    assert not document.is_dirty
    assert not document.results


def test_a_result_kept_is_unsaved_work(qtbot: QtBot, document: SandboxDocument) -> None:
    settled(qtbot, document)
    assert not document.is_dirty
    document.keep_result("sweep", StoredResult({"kind": "x"}))
    assert document.is_dirty


def test_going_back_where_nothing_is_wrong_changes_nothing_and_says_so(qtbot: QtBot, document: SandboxDocument) -> None:
    before = trained(qtbot, document, 45)
    assert not document.can_go_back
    with qtbot.waitSignal(document.said, timeout=1_000) as told:
        document.back_to_last_good()
    assert told.args[0].startswith("Nothing was changed")
    after = settled(qtbot, document)
    assert document.undo_stack.count() == 0
    assert (after.step, after.marks) == (before.step, before.marks)
    assert np.array_equal(after.weights, before.weights)

    document.edit_model((1, 1), "b", bias=np.full(5, 3e38, np.float32))
    document.advance(steps=50)
    qtbot.waitUntil(lambda: bool(document.poll()) and document.can_go_back, timeout=20_000)
    document.back_to_last_good()
    good = settled(qtbot, document)
    assert document.undo_stack.undoText() == "back to the last good step"
    assert np.isfinite(good.weights).all()
    assert good.step <= before.step
    assert not document.can_go_back
