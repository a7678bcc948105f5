"""The superposition sandbox as the second document of a project: kept, recovered, and one of two that train."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.engine.project_file import load_project
from playground.engine.settings import Settings
from playground.engine.spec import build
from playground.engine.superposition import memory
from playground.engine.superposition.checkpoint import StoredResult
from playground.engine.superposition.problem import make_problem
from playground.engine.superposition.setup import Schedule, Setup
from playground.session.autosave import recoverable
from playground.session.document import Document
from playground.session.folders import Folders, folders
from playground.session.sandbox_document import first_setup
from playground.session.workspace import Workspace
from tests.session.test_workspace import VECTORS

SETUP = Setup(make_problem(6, 2, 0.8), ("relu",), (3, 4), Schedule(steps=None))
Open = Callable[..., Workspace]


@pytest.fixture
def places(own_home: Path) -> Folders:
    return folders().made()


@pytest.fixture
def open_workspace(qtbot: QtBot, places: Folders) -> Iterator[Open]:
    opened: list[Workspace] = []

    def make(*, in_front: bool = True) -> Workspace:
        from playground.engine.vectors import vectors_data

        workspace = Workspace(places)
        opened.append(workspace)
        if in_front:
            workspace.bring_to_front(workspace.sandbox)
            assert not workspace.sandbox.is_alive  # the window is not painted yet
        workspace.start(preset=None)
        workspace.document.start_anew(build((6, 4, 2)), Settings(batch_size=4, seed=5), vectors_data(VECTORS))
        return workspace

    yield make
    for workspace in opened:
        workspace.close()


def settle(qtbot: QtBot, document: Document) -> None:
    def is_there() -> bool:
        document.poll()
        return document.is_settled and not document.is_playing

    qtbot.waitUntil(is_there, timeout=20_000)


def train(qtbot: QtBot, workspace: Workspace, steps: int) -> np.ndarray:
    settle(qtbot, workspace.sandbox)
    workspace.sandbox.advance(steps=steps)
    settle(qtbot, workspace.sandbox)
    assert workspace.sandbox.snapshot is not None
    return workspace.sandbox.snapshot.weights


def save(qtbot: QtBot, workspace: Workspace, path: Path) -> None:
    with qtbot.waitSignal(workspace.keeping.saved, timeout=20_000):
        workspace.keeping.save(path)


def load(qtbot: QtBot, workspace: Workspace, path: Path) -> None:
    with qtbot.waitSignal(workspace.keeping.opened, timeout=20_000):
        workspace.keeping.open(path)


def test_the_thread_starts_when_the_lab_first_comes_to_the_front(qtbot: QtBot, open_workspace: Open) -> None:
    workspace = open_workspace(in_front=False)
    settle(qtbot, workspace.document)
    assert not workspace.sandbox.is_alive
    workspace.bring_to_front(workspace.document)
    assert not workspace.sandbox.is_alive
    workspace.bring_to_front(workspace.sandbox)
    settle(qtbot, workspace.sandbox)
    assert workspace.sandbox.snapshot is not None
    assert not workspace.sandbox.is_dirty


def test_saved_and_opened_again_it_goes_on_bit_for_bit(qtbot: QtBot, open_workspace: Open, tmp_path: Path) -> None:
    one = open_workspace()
    one.sandbox.rebuild(SETUP, "6 features")
    train(qtbot, one, 40)
    one.sandbox.keep_result("sweep", StoredResult({"kind": "x"}, {"a": np.arange(4.0)}))
    assert one.is_dirty
    save(qtbot, one, tmp_path / "a.playground")
    assert not one.is_dirty
    wanted = train(qtbot, one, 70)
    assert one.is_dirty
    other = open_workspace()
    load(qtbot, other, tmp_path / "a.playground")
    assert other.sandbox.setup == SETUP
    assert other.sandbox.results["sweep"].arrays["a"].tolist() == [0, 1, 2, 3]
    settle(qtbot, other.sandbox)
    assert not other.is_dirty
    assert np.array_equal(train(qtbot, other, 70), wanted)
    other.keeping.new()
    settle(qtbot, other.sandbox)
    assert other.sandbox.setup == first_setup()
    assert not other.sandbox.results
    assert not other.sandbox.is_dirty


def test_a_sandbox_that_nobody_looked_at_passes_through_unchanged(
    qtbot: QtBot, open_workspace: Open, tmp_path: Path
) -> None:
    one = open_workspace()
    one.sandbox.rebuild(SETUP, "6 features")
    train(qtbot, one, 10)
    save(qtbot, one, tmp_path / "a.playground")
    other = open_workspace(in_front=False)
    load(qtbot, other, tmp_path / "a.playground")
    save(qtbot, other, tmp_path / "b.playground")
    assert not other.sandbox.is_alive
    first, second = (load_project(tmp_path / name).sandboxes[0] for name in ("a.playground", "b.playground"))
    for name, array in first.checkpoint.arrays.items():
        assert np.array_equal(array, second.checkpoint.arrays[name])
    other.bring_to_front(other.sandbox)
    settle(qtbot, other.sandbox)
    assert other.sandbox.snapshot is not None
    assert other.sandbox.snapshot.step == 10


def test_a_project_whose_lab_was_never_used_has_no_sandbox_and_opens_with_a_fresh_one(
    qtbot: QtBot, open_workspace: Open, tmp_path: Path
) -> None:
    one = open_workspace(in_front=False)
    settle(qtbot, one.document)
    save(qtbot, one, tmp_path / "a.playground")
    assert load_project(tmp_path / "a.playground").sandboxes == ()
    other = open_workspace()
    other.sandbox.rebuild(SETUP, "6 features")
    load(qtbot, other, tmp_path / "a.playground")
    assert other.sandbox.setup == first_setup()


def test_one_trains_at_a_time_and_it_is_said(qtbot: QtBot, open_workspace: Open) -> None:
    workspace = open_workspace()
    settle(qtbot, workspace.document)
    settle(qtbot, workspace.sandbox)
    said: list[str] = []
    workspace.said.connect(said.append)
    workspace.document.run()
    qtbot.waitUntil(lambda: workspace.document.is_playing, timeout=20_000)
    workspace.sandbox.run()
    qtbot.waitUntil(lambda: workspace.sandbox.is_playing and not workspace.document.is_playing, timeout=20_000)
    assert said == ["The network pauses meanwhile: one trains at a time."]
    workspace.document.advance(steps=1)
    qtbot.waitUntil(lambda: not workspace.sandbox.is_playing, timeout=20_000)
    assert len(said) == 2
    assert "superposition" in said[1]


def test_the_work_of_a_crash_comes_back_as_unsaved(
    qtbot: QtBot, open_workspace: Open, places: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = open_workspace()
    one.sandbox.rebuild(SETUP, "6 features")
    settle(qtbot, one.document)
    wanted = train(qtbot, one, 25)
    assert not one.document.is_dirty
    with qtbot.waitSignal(one.autosaved, timeout=20_000):
        assert one.swap_out()
    monkeypatch.setattr("playground.session.processes.Process.is_alive", property(lambda _self: False))
    (found,) = recoverable(places.autosave)
    monkeypatch.undo()
    other = open_workspace()
    with qtbot.waitSignal(other.keeping.opened, timeout=20_000):
        other.recover(found)
    settle(qtbot, other.sandbox)
    assert other.sandbox.snapshot is not None
    assert np.array_equal(other.sandbox.snapshot.weights, wanted)
    assert other.is_dirty


def test_models_that_need_more_memory_than_there_is_stay_in_the_file(
    qtbot: QtBot, open_workspace: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = open_workspace()
    one.sandbox.rebuild(SETUP, "6 features")
    train(qtbot, one, 5)
    save(qtbot, one, tmp_path / "a.playground")
    other = open_workspace()
    settle(qtbot, other.sandbox)
    needed = memory.bytes_needed(2, 2, 6, 3, 256)
    monkeypatch.setattr(memory, "free_bytes", lambda: needed - 1)
    with qtbot.waitSignal(other.keeping.warned, timeout=20_000) as told:
        load(qtbot, other, tmp_path / "a.playground")
    assert "stay in its file" in told.args[0]
    save(qtbot, other, tmp_path / "b.playground")
    assert SETUP in [entry.checkpoint.setup for entry in load_project(tmp_path / "b.playground").sandboxes]
