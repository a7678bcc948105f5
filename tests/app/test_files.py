"""The File menu: names are asked for without holding up the window."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from playground.app.program import Program


def choose(program: Program, action: str, path: Path | None) -> None:
    """Trigger an action and answer the dialog that it opens; None cancels."""
    program.window.actions_table[action].trigger()
    dialog = next(found for found in program.window.findChildren(QFileDialog) if found.isVisible())
    if path is None:
        dialog.reject()
        return
    dialog.fileSelected.emit(str(path))
    dialog.filesSelected.emit([str(path)])
    dialog.close()


def parameters(program: Program, qtbot: QtBot) -> np.ndarray:
    qtbot.waitUntil(lambda: program.workspace.document.is_settled, timeout=20_000)
    snapshot = program.workspace.document.snapshot
    assert snapshot is not None
    return snapshot.parameters


def test_a_project_is_saved_changed_and_opened_again(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    document, path = program.workspace.document, tmp_path / "mine.playground"
    qtbot.waitUntil(lambda: document.is_settled, timeout=60_000)
    document.change_setting("batch_size", 17)
    before = parameters(program, qtbot)
    with qtbot.waitSignal(program.workspace.keeping.saved, timeout=20_000):
        choose(program, "file.save_as", path)
    assert program.window.windowTitle().startswith("mine –")
    assert program.preferences.values.recent_files == (str(path),)
    document.change_settings({"batch_size": 3, "seed": 9})
    assert not np.array_equal(parameters(program, qtbot), before)
    assert document.is_dirty
    choose(program, "file.open", path)
    question = program.window.findChild(QMessageBox, "save_question")
    assert question is not None
    with qtbot.waitSignal(program.workspace.keeping.opened, timeout=60_000):
        question.button(QMessageBox.StandardButton.Discard).click()
    assert document.settings.batch_size == 17
    assert np.array_equal(parameters(program, qtbot), before)


def test_what_is_cancelled_changes_nothing(program: Program) -> None:
    for action in ("file.open", "file.save_as", "file.export_script", "file.import_weights", "file.save_picture"):
        choose(program, action, None)
    assert program.workspace.keeping.path is None
    assert program.window.messages.texts() == ()


def test_quitting_after_save_as_was_cancelled_keeps_the_window(program: Program, qtbot: QtBot) -> None:
    program.workspace.document.change_setting("batch_size", 17)
    program.window.close()
    question = program.window.findChild(QMessageBox, "save_question")
    assert question is not None
    question.button(QMessageBox.StandardButton.Save).click()
    dialog = program.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.reject()
    assert program.window.isVisible()
    assert parameters(program, qtbot).size == 13_002


def test_foreign_data_are_refused_with_a_sentence(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    qtbot.waitUntil(lambda: len(program.workspace.document.data.train) > 0, timeout=60_000)
    before = program.workspace.document.data
    foreign = tmp_path / "train-images-idx3-ubyte"
    foreign.write_bytes(b"nonsense")
    with qtbot.waitSignal(program.workspace.loading.failed, timeout=20_000) as failed:
        choose(program, "data.open", foreign)
    assert "train-images-idx3-ubyte" in str(failed.args)
    assert program.workspace.document.data is before


def test_a_picture_is_saved(program: Program, tmp_path: Path) -> None:
    choose(program, "file.save_picture", tmp_path / "window.png")
    assert (tmp_path / "window.png").read_bytes().startswith(b"\x89PNG")
    choose(program, "file.save_picture", tmp_path / "nowhere" / "window.png")
    assert "could not be written" in program.window.messages.texts()[0]


def test_a_signal_of_the_system_does_not_wait_for_dialogs(program: Program, qtbot: QtBot) -> None:
    closed: list[bool] = []
    program.window.closed.connect(lambda: closed.append(True))
    program.window.actions_table["file.open"].trigger()
    program.window.close_without_asking()
    qtbot.waitUntil(lambda: bool(closed))


def test_an_exported_script_runs(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    script = tmp_path / "network.py"
    qtbot.waitUntil(lambda: program.workspace.document.is_settled, timeout=60_000)
    with qtbot.waitSignal(program.workspace.exchange.exported, timeout=20_000):
        choose(program, "file.export_script", script)
    code = (
        "import importlib.util, json, torch; spec = importlib.util.spec_from_file_location('network', 'network.py'); "
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module); print(json.dumps(True))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) is True


def test_foreign_weights_are_refused_with_a_sentence(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    foreign = tmp_path / "weights.safetensors"
    foreign.write_bytes(b"nonsense")
    choose(program, "file.import_weights", foreign)
    qtbot.waitUntil(lambda: bool(program.window.messages.texts()), timeout=20_000)
    assert "weights.safetensors" in program.window.messages.texts()[0]
