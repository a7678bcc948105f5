from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.engine.commands import BIAS, Cells, SetCells, SetMask
from playground.engine.project_file import load_project
from playground.engine.settings import Settings
from playground.engine.snapshots import Snapshot
from playground.engine.spec import build
from playground.session.autosave import recoverable
from playground.session.folders import Folders, folders
from playground.session.workspace import Workspace
from tests.engine.test_vectors import SIX

VECTORS = {
    **SIX,
    "classes": ["low", "high"],
    "inputs": [[float(a), 1.0, 0.0, float(a * a), 0.5, 0.0] for a in range(-6, 6)],
    "labels": [int(a > 0) for a in range(-6, 6)],
}


@pytest.fixture
def places(own_home: Path) -> Folders:
    return folders().made()


@pytest.fixture
def open_workspace(qtbot: QtBot, places: Folders) -> Iterator[Callable[[], Workspace]]:
    opened: list[Workspace] = []

    def make() -> Workspace:
        from playground.engine.vectors import vectors_data

        workspace = Workspace(places)
        opened.append(workspace)
        workspace.start(preset=None)
        workspace.document.start_anew(build((6, 4, 2)), Settings(batch_size=4, seed=5), vectors_data(VECTORS))
        return workspace

    yield make
    for workspace in opened:
        workspace.close()


def settled(qtbot: QtBot, workspace: Workspace) -> Snapshot:
    document = workspace.document

    def is_there() -> bool:
        document.poll()
        snapshot = document.snapshot
        return document.is_settled and snapshot is not None and not snapshot.is_running

    qtbot.waitUntil(is_there, timeout=20_000)
    assert document.snapshot is not None
    return document.snapshot


def trained(qtbot: QtBot, workspace: Workspace, steps: int) -> Snapshot:
    goal = settled(qtbot, workspace).step + steps
    workspace.document.advance(steps=steps)
    qtbot.waitUntil(lambda: workspace.document.snapshot.step == goal, timeout=20_000)
    return settled(qtbot, workspace)


def saved(qtbot: QtBot, workspace: Workspace, path: Path | None = None) -> None:
    with qtbot.waitSignal(workspace.keeping.saved, timeout=20_000):
        workspace.keeping.save(path)


def test_saved_and_opened_again_everything_is_there_and_training_goes_on_bit_for_bit(
    qtbot: QtBot, open_workspace: Callable[[], Workspace], tmp_path: Path
) -> None:
    one = open_workspace()
    trained(qtbot, one, 37)
    document = one.document
    hidden = document.spec.layers[0]
    document.edit(
        SetCells(Cells.of_unit(hidden.id, hidden.units[1], [2, BIAS]), np.array([1, -2], np.float32), "set"), ""
    )
    document.edit(SetMask("movable", Cells.of_unit(hidden.id, hidden.units[1], [2]), False), "freeze")
    document.edit(SetMask("present", Cells.of_unit(hidden.id, hidden.units[0], [4]), False), "cut")
    document.change_setting("learning_rate", 0.02)
    document.add_example(np.arange(6, dtype=np.float32), 1)
    one.keeping.gather_view = lambda: {"lab": "network"}
    before = settled(qtbot, one)
    saved(qtbot, one, tmp_path / "mine")
    assert one.keeping.path == tmp_path / "mine.playground"
    assert one.keeping.name == "mine"
    assert not document.is_dirty
    other = open_workspace()
    views: list[object] = []
    other.keeping.view_restored.connect(views.append)
    words: list[str] = []
    other.keeping.warned.connect(words.append)
    with qtbot.waitSignal(other.keeping.opened, timeout=20_000):
        other.keeping.open(tmp_path / "mine.playground")
    after = settled(qtbot, other)
    assert views == [{"lab": "network"}]
    assert np.array_equal(after.parameters, before.parameters)
    assert np.array_equal(after.movable, before.movable)
    assert np.array_equal(after.present, before.present)
    assert (after.spec, after.settings, after.step, after.train_count) == (
        before.spec,
        before.settings,
        before.step,
        before.train_count,
    )
    assert np.array_equal(after.curves.values, before.curves.values, equal_nan=True)
    assert not other.document.is_dirty
    # the second window is told, and does not write over the first one's file
    assert len(words) == 1
    assert "mine.playground is open" in words[0]
    assert other.keeping.path is None
    assert np.array_equal(trained(qtbot, one, 41).parameters, trained(qtbot, other, 41).parameters)


def test_changes_while_it_is_written_keep_the_project_dirty(
    qtbot: QtBot, open_workspace: Callable[[], Workspace], tmp_path: Path
) -> None:
    workspace = open_workspace()
    trained(qtbot, workspace, 3)
    with qtbot.waitSignal(workspace.keeping.saved, timeout=20_000):
        workspace.keeping.save(tmp_path / "a.playground")
        workspace.document.change_setting("l2", 0.5)
    assert workspace.document.is_dirty
    saved(qtbot, workspace)
    assert not workspace.document.is_dirty


def test_a_folder_that_cannot_be_written_is_said_and_the_work_stays(
    qtbot: QtBot, open_workspace: Callable[[], Workspace], tmp_path: Path
) -> None:
    workspace = open_workspace()
    trained(qtbot, workspace, 3)
    with qtbot.waitSignal(workspace.keeping.failed, timeout=20_000) as caught:
        workspace.keeping.save(tmp_path / "no such folder" / "a.playground")
    assert "no such folder" in caught.args[0]
    assert workspace.document.is_dirty
    assert workspace.keeping.path is None


@pytest.mark.parametrize("damage", ["cut", "newer", "foreign", "missing"])
def test_a_file_that_cannot_be_opened_leaves_the_work_as_it_was(
    qtbot: QtBot, open_workspace: Callable[[], Workspace], tmp_path: Path, damage: str
) -> None:
    workspace = open_workspace()
    before = trained(qtbot, workspace, 3)
    file = tmp_path / "a.playground"
    saved(qtbot, workspace, file)
    broken = tmp_path / "broken.playground"
    if damage == "cut":
        broken.write_bytes(file.read_bytes()[:-200])
    elif damage == "foreign":
        broken.write_bytes(b"GIF89a" + bytes(1000))
    elif damage == "newer":
        with zipfile.ZipFile(file) as source, zipfile.ZipFile(broken, "w") as target:
            for name in source.namelist():
                content = source.read(name)
                if name == "manifest.json":
                    content = json.dumps({**json.loads(content), "schema": 99}).encode()
                target.writestr(name, content)
    with qtbot.waitSignal(workspace.keeping.failed, timeout=20_000) as caught:
        workspace.keeping.open(broken)
    assert "broken.playground" in caught.args[0]
    assert caught.args[0].endswith(".")
    after = settled(qtbot, workspace)
    assert np.array_equal(after.parameters, before.parameters)
    assert workspace.keeping.path == file


def test_a_project_whose_data_are_gone_opens_all_the_same(
    qtbot: QtBot, open_workspace: Callable[[], Workspace], tmp_path: Path
) -> None:
    workspace = open_workspace()
    before = trained(qtbot, workspace, 3)
    file, changed = tmp_path / "a.playground", tmp_path / "b.playground"
    saved(qtbot, workspace, file)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("document.json"):
                gone = {"kind": "idx", "files": {"images": str(tmp_path / "gone-images-idx3-ubyte")}}
                content = json.dumps({**json.loads(content), "data_source": gone}).encode()
            target.writestr(name, content)
    with qtbot.waitSignals([workspace.keeping.warned, workspace.keeping.opened], timeout=20_000):
        workspace.keeping.open(changed)
    after = settled(qtbot, workspace)
    assert np.array_equal(after.parameters, before.parameters)
    assert len(workspace.document.data.train) == 0
    assert workspace.document.data.source["kind"] == "idx"  # saving keeps the description of what is missing


def test_the_work_of_a_crash_comes_back_as_unsaved(
    qtbot: QtBot, open_workspace: Callable[[], Workspace], places: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_workspace()
    before = trained(qtbot, workspace, 12)
    with qtbot.waitSignal(workspace.autosaved, timeout=20_000):
        workspace.autosave.due.emit()
    monkeypatch.setattr("playground.session.processes.Process.is_alive", property(lambda _self: False))
    found = recoverable(places.autosave)
    monkeypatch.undo()
    assert len(found) == 1
    other = open_workspace()
    with qtbot.waitSignal(other.keeping.opened, timeout=20_000):
        other.recover(found[0])
    after = settled(qtbot, other)
    assert np.array_equal(after.parameters, before.parameters)
    assert other.document.is_dirty


def test_a_clean_end_leaves_nothing_to_recover(
    qtbot: QtBot, open_workspace: Callable[[], Workspace], places: Folders
) -> None:
    workspace = open_workspace()
    trained(qtbot, workspace, 2)
    with qtbot.waitSignal(workspace.autosaved, timeout=20_000):
        workspace.autosave.due.emit()
    workspace.close()
    assert recoverable(places.autosave) == []
    assert [path for path in places.autosave.rglob("*") if path.suffix != ".lock"] == []


def test_imported_weights_take_the_place_of_the_network_and_can_be_taken_back(
    qtbot: QtBot, open_workspace: Callable[[], Workspace], tmp_path: Path
) -> None:
    from safetensors.numpy import save_file

    workspace = open_workspace()
    before = trained(qtbot, workspace, 3)
    random = np.random.default_rng(0)
    shapes = {"0.weight": (5, 6), "0.bias": (5,), "2.weight": (2, 5), "2.bias": (2,)}
    tensors = {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    save_file(tensors, tmp_path / "weights.safetensors")
    with qtbot.waitSignal(workspace.document.structure_changed, timeout=20_000):
        workspace.exchange.import_weights(tmp_path / "weights.safetensors")
    after = settled(qtbot, workspace)
    assert after.spec.widths == (6, 5, 2)
    assert np.array_equal(after.weight(0), tensors["0.weight"])
    assert np.array_equal(after.bias(1), tensors["2.bias"])
    workspace.document.undo_stack.undo()
    assert np.array_equal(settled(qtbot, workspace).parameters, before.parameters)


def test_weights_that_do_not_fit_the_data_are_refused_with_both_sizes(
    qtbot: QtBot, open_workspace: Callable[[], Workspace], tmp_path: Path
) -> None:
    from safetensors.numpy import save_file

    workspace = open_workspace()
    settled(qtbot, workspace)
    save_file({"0.weight": np.zeros((3, 7), np.float32), "0.bias": np.zeros(3, np.float32)}, tmp_path / "w.safetensors")
    with qtbot.waitSignal(workspace.exchange.failed, timeout=20_000) as caught:
        workspace.exchange.import_weights(tmp_path / "w.safetensors")
    assert "7-3" in caught.args[0]
    assert "6 inputs" in caught.args[0]
    assert workspace.document.undo_stack.count() == 0


def test_the_exported_script_is_written_with_its_weights(
    qtbot: QtBot, open_workspace: Callable[[], Workspace], tmp_path: Path
) -> None:
    workspace = open_workspace()
    trained(qtbot, workspace, 3)
    with qtbot.waitSignal(workspace.exchange.exported, timeout=20_000):
        workspace.exchange.export_script(tmp_path / "net.py")
    assert (tmp_path / "net.py").is_file()
    assert (tmp_path / "net.safetensors").is_file()


def test_a_file_that_arrives_after_the_end_is_passed_over(
    open_workspace: Callable[[], Workspace], tmp_path: Path, qtbot: QtBot
) -> None:
    first, path = open_workspace(), tmp_path / "mine.playground"
    settled(qtbot, first)
    with qtbot.waitSignal(first.keeping.saved, timeout=20_000):
        first.keeping.save(path)
    first.close()
    late = open_workspace()
    settled(qtbot, late)
    late.close()
    late.keeping.take(load_project(path), path)  # as the reading does whose end was still on its way
    assert not late.loading.is_running, "nobody waits for a thread that begins now"
    assert list(tmp_path.glob("*.lock")) + list(tmp_path.glob(".*.lock")) == []
