"""Saving, opening again tomorrow, and what closing asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from playground.app.resources import resource
from playground.session.autosave import recoverable
from playground.session.folders import folders
from tests.app.journeys.desk import CTRL, LEFT, Answers, Desk

Start = Callable[..., Desk]


def train(desk: Desk, steps: int = 20) -> None:
    desk.click("play_button")
    desk.wait_for_steps(steps)
    desk.click("play_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running)


def save_as(desk: Desk, answers: Answers, path: Path) -> None:
    answers.save = path
    with desk.qtbot.waitSignal(desk.program.workspace.keeping.saved, timeout=20_000):
        desk.press(Qt.Key.Key_S, CTRL)
    answers.save = None


def question(desk: Desk) -> QMessageBox:
    desk.wait(lambda: desk.window.findChild(QMessageBox, "save_question"))
    return desk.find(QMessageBox, "save_question")


def answer(desk: Desk, button: QMessageBox.StandardButton) -> None:
    QTest.mouseClick(question(desk).button(button), LEFT)


def close(desk: Desk) -> None:
    QTimer.singleShot(0, desk.window, desk.window.close)  # as the cross of its frame does: from the event loop


def test_saved_today_and_opened_tomorrow(start: Start, answers: Answers, tmp_path: Path) -> None:
    today = start()
    today.type_in("structure_text", "784-12-10")
    today.type_in("batch_size_number", "17")
    today.click_unit(0, 3)
    today.drag(today.view.inspector.neuron.canvas, today.canvas_points((5, 5), (12, 14), (20, 20)))
    layer, unit = today.view.selection.units[0]
    today.trigger("network.freeze")
    train(today)
    today.trigger("view.gallery")
    today.trigger("view.panel_plots")
    assert today.window.windowTitle().startswith("untitled •")
    save_as(today, answers, tmp_path / "mine")
    path = tmp_path / "mine.playground"
    assert path.is_file()
    assert today.window.windowTitle().startswith("mine –")
    assert not today.document.is_dirty
    kept, view = today.checkpoint(), today.view.save_view()
    spec, settings = today.document.spec, today.document.settings
    with today.qtbot.waitSignal(today.window.closed):
        close(today)
    today.wait(lambda: today.is_gone)

    tomorrow = start(path, ready=False)
    tomorrow.wait(lambda: tomorrow.program.workspace.keeping.path == path)
    tomorrow.settle()
    found = tomorrow.checkpoint()
    assert found.arrays.keys() == kept.arrays.keys()
    for name, values in kept.arrays.items():
        np.testing.assert_array_equal(found.arrays[name], values, err_msg=name)
    assert (found.step, found.position, found.optimizer_steps) == (kept.step, kept.position, kept.optimizer_steps)
    assert tomorrow.document.settings == settings
    assert tomorrow.document.settings.batch_size == 17
    assert tomorrow.document.spec.layers == spec.layers
    np.testing.assert_array_equal(found.curves.steps, kept.curves.steps)
    np.testing.assert_array_equal(found.curves.values, kept.curves.values)
    assert found.marks == kept.marks
    assert tomorrow.document.data.source == today.document.data.source
    tomorrow.settle()
    again = tomorrow.view.save_view()
    for state in (view, again):
        state.pop("middle")  # a message above takes some of its height
    assert again == view
    assert again["stage"] == "gallery"
    assert again["units"] == [[layer, unit]]
    assert not tomorrow.document.is_dirty
    assert tomorrow.window.windowTitle().startswith("mine –")
    # and it trains on to the same bits as without the night between
    tomorrow.click("step_button")
    tomorrow.wait(lambda: tomorrow.snapshot.step == kept.step + 1)
    assert tomorrow.document.is_dirty


def test_training_goes_on_to_the_same_bits(start: Start, answers: Answers, tmp_path: Path) -> None:
    path = tmp_path / "twice.playground"
    ends = []
    desk = start()
    train(desk)
    save_as(desk, answers, path)
    for turn in range(2):
        goal = desk.snapshot.step + 5
        for _ in range(5):
            desk.click("step_button")
        desk.wait(lambda goal=goal: desk.snapshot.step == goal)
        ends.append(desk.parameters.copy())
        if turn == 0:
            desk.drop(path)
            answer(desk, QMessageBox.StandardButton.Discard)
            desk.wait(lambda goal=goal: desk.document.is_settled and desk.snapshot.step == goal - 5)
    np.testing.assert_array_equal(ends[0], ends[1])


def test_the_dot_says_what_is_not_saved(desk: Desk, answers: Answers, tmp_path: Path) -> None:
    assert "•" not in desk.window.windowTitle()
    desk.type_in("structure_text", "784-8-10")
    assert "•" in desk.window.windowTitle()
    desk.click("undo_button")
    desk.settle()
    assert "•" not in desk.window.windowTitle()
    desk.click("redo_button")
    save_as(desk, answers, tmp_path / "a.playground")
    assert "•" not in desk.window.windowTitle()
    desk.click("undo_button")
    assert "•" in desk.window.windowTitle()
    desk.click("redo_button")
    assert "•" not in desk.window.windowTitle()
    desk.click("step_button")
    desk.wait(lambda: "•" in desk.window.windowTitle())


def test_closing_with_nothing_to_lose_asks_nothing(desk: Desk) -> None:
    close(desk)
    desk.wait(lambda: desk.is_gone)


def test_cancelling_keeps_the_window(desk: Desk) -> None:
    desk.type_in("structure_text", "784-8-10")
    desk.press(Qt.Key.Key_Q, CTRL)
    answer(desk, QMessageBox.StandardButton.Cancel)
    desk.wait(lambda: desk.window.findChild(QMessageBox, "save_question") is None)
    assert desk.window.isVisible()
    assert desk.document.spec.text == "784-8-10"
    train(desk, 3)  # and it works on


def test_discarding_closes(desk: Desk) -> None:
    desk.type_in("structure_text", "784-8-10")
    close(desk)
    answer(desk, QMessageBox.StandardButton.Discard)
    desk.wait(lambda: desk.is_gone)


def test_saving_then_closing(desk: Desk, answers: Answers, tmp_path: Path) -> None:
    answers.save = tmp_path / "last.playground"
    desk.type_in("structure_text", "784-8-10")
    close(desk)
    answer(desk, QMessageBox.StandardButton.Save)
    desk.wait(lambda: desk.is_gone)
    assert answers.save.is_file()


def test_saving_without_a_name_keeps_the_window(desk: Desk, answers: Answers) -> None:
    desk.type_in("structure_text", "784-8-10")
    close(desk)
    answer(desk, QMessageBox.StandardButton.Save)
    desk.wait(lambda: answers.asked == 1)
    desk.wait(lambda: desk.window.findChild(QMessageBox, "save_question") is None)
    assert desk.window.isVisible()
    assert desk.document.is_dirty


def test_saving_that_fails_keeps_the_window(desk: Desk, answers: Answers, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    answers.save = tmp_path / "file" / "below.playground"
    desk.type_in("structure_text", "784-8-10")
    close(desk)
    answer(desk, QMessageBox.StandardButton.Save)
    assert "below.playground" in desk.wait_for_message("below.playground")
    assert desk.window.isVisible()
    assert desk.document.is_dirty


def test_the_same_project_in_two_windows(start: Start, answers: Answers, tmp_path: Path) -> None:
    path = tmp_path / "shared.playground"
    first, second = start(), start()
    first.window.activateWindow()
    first.wait(first.window.isActiveWindow)
    train(first, 3)
    save_as(first, answers, path)
    second.drop(path)
    second.wait_for_message("is open")
    assert second.program.workspace.keeping.path is None
    second.settle()
    np.testing.assert_array_equal(second.parameters, first.parameters)
    answers.save = path
    second.trigger("file.save_as")
    second.wait(lambda: any("replace each other" in text for text in second.messages))


def test_an_error_while_closing_ends_the_program_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, complaints: object
) -> None:
    def fail() -> dict[str, object]:
        raise RuntimeError("the view cannot be kept")

    monkeypatch.setattr(desk.view, "save_view", fail)
    close(desk)
    desk.wait(lambda: desk.is_gone)
    assert [text for text in complaints.texts if "the view cannot be kept" in text]  # type: ignore[attr-defined]
    complaints.texts.clear()  # type: ignore[attr-defined]


def test_the_example_of_six_inputs(desk: Desk) -> None:
    entries = {action.text(): action for action in desk.window.menus["File/Examples"].actions()}
    with desk.qtbot.waitSignal(desk.program.workspace.keeping.opened, timeout=20_000):
        entries["six inputs"].trigger()
    desk.settle()
    assert desk.program.workspace.keeping.path is None
    assert desk.document.spec.inputs == 6
    readings = desk.snapshot.readings
    assert readings is not None
    assert readings.pre[0][0] == pytest.approx(-543.0, abs=1e-3)


def test_panels_that_were_hidden_when_saved_come_back_as_large_as_they_were(
    start: Start, answers: Answers, tmp_path: Path
) -> None:
    desk, path = start(), tmp_path / "hidden.playground"
    sizes = desk.view.save_view()
    for name in ("plots", "data", "inspector"):
        desk.trigger(f"view.panel_{name}")
    save_as(desk, answers, path)
    close(desk)
    desk.wait(lambda: desk.is_gone)
    desk = start(path)
    assert not desk.view.curves.isVisible()
    for name in ("plots", "data", "inspector"):
        desk.trigger(f"view.panel_{name}")
    desk.wait(lambda: desk.view.curves.isVisible())
    shown = desk.view.save_view()
    for splitter, place in (("columns", 0), ("columns", 2), ("middle", 1)):
        assert shown[splitter][place] == sizes[splitter][place] > 100


def test_a_packaged_example_opened_as_a_file_is_a_copy_and_nothing_is_written_beside_it(
    desk: Desk, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = resource("examples")
    example, before = folder / "six inputs.playground", sorted(folder.iterdir())
    kept = example.read_bytes()
    desk.drop(example)
    desk.wait(lambda: desk.document.data.name == "six inputs")
    assert sorted(folder.iterdir()) == before
    assert desk.program.workspace.keeping.path is None
    assert desk.program.preferences.values.recent_files == ()

    desk.document.change_setting("batch_size", 17)
    desk.settle()
    with desk.qtbot.waitSignal(desk.program.workspace.autosaved, timeout=20_000):
        desk.program.workspace.autosave.due.emit()
    assert sorted(folder.iterdir()) == before
    with monkeypatch.context() as patch:
        patch.setattr("playground.session.processes.Process.is_alive", property(lambda _self: False))
        (found,) = recoverable(folders().autosave)
    assert found.load().documents[0].checkpoint.settings.batch_size == 17

    answers.save = folder / "mine.playground"
    desk.trigger("file.save_as")
    assert "belongs to the program" in desk.wait_for_message("choose a folder of your own")
    assert sorted(folder.iterdir()) == before
    assert example.read_bytes() == kept
