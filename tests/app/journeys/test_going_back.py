"""Back to the last good step: nothing where nothing is wrong; the best step where training has lost what it had."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from playground.engine.snapshots import Evaluation
from playground.engine.superposition.snapshots import SandboxSnapshot
from tests.app.journeys.desk import CTRL, Desk


def measured(desk: Desk) -> Evaluation:
    assert desk.snapshot.evaluation is not None
    return desk.snapshot.evaluation


def sandbox_snapshot(desk: Desk) -> SandboxSnapshot:
    snapshot = desk.program.workspace.sandbox.snapshot
    assert snapshot is not None
    return snapshot


def pause(desk: Desk) -> None:
    desk.click("play_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running)


def test_going_back_where_nothing_is_wrong_and_after_a_fall(desk: Desk) -> None:
    desk.click("play_button")
    desk.wait_for_steps(600)
    pause(desk)
    before, entries = desk.snapshot, desk.document.undo_stack.count()
    learnt = measured(desk).validation
    assert learnt.accuracy > 0.8
    assert before.gradient_norms is not None
    desk.press(Qt.Key.Key_B, CTRL)
    said = desk.wait_for_message("no step to go back to")
    assert said.startswith("Nothing was changed")
    desk.settle()
    assert desk.document.undo_stack.count() == entries
    assert (desk.snapshot.step, desk.snapshot.marks) == (before.step, before.marks)
    assert desk.snapshot.gradient_norms == before.gradient_norms

    desk.type_in("learning_rate_number", "1000")
    desk.click("play_button")
    desk.wait_for_message("times its best")
    desk.wait_for_steps(200)
    pause(desk)
    fall = desk.snapshot.fall
    assert fall is not None
    assert measured(desk).validation.accuracy < 0.5
    assert any(f"step {fall.best_step:,}" in text for text in desk.messages)
    desk.click(f"remedy_back_to_step_{fall.best_step:,}")
    desk.wait(lambda: desk.document.is_settled and desk.snapshot.step == fall.best_step)
    desk.wait(lambda: measured(desk).validation == fall.best)
    assert fall.best.accuracy > 0.8
    assert not any("times its best" in text for text in desk.messages)


def test_the_superposition_models_go_back_only_where_something_is_wrong(desk: Desk) -> None:
    lab = desk.window.show_lab("superposition")
    sandbox = desk.program.workspace.sandbox
    desk.wait(lambda: sandbox.is_settled)
    sandbox.advance(steps=30)
    desk.wait(lambda: sandbox_snapshot(desk).step == 30 and sandbox.is_settled)
    desk.window.activateWindow()
    desk.wait(desk.window.isActiveWindow)
    QTest.keyClick(lab, Qt.Key.Key_B, CTRL)
    assert "have not diverged" in desk.wait_for_message("Nothing was changed")
    assert sandbox.undo_stack.count() == 0
    desk.wait(lambda: sandbox.is_settled)
    assert (sandbox_snapshot(desk).step, sandbox_snapshot(desk).marks) == (30, ())
