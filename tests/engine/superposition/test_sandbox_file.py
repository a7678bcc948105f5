"""Sandboxes in project files: what was saved comes back, and nothing from outside is trusted."""

from __future__ import annotations

import functools
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.engine.project_file import Project, ProjectError, SandboxEntry, read_project, write_project
from playground.engine.superposition.sandbox import Sandbox
from tests.engine.test_project_file_fuzz import JSON, places, zipped
from tests.project_samples import a_document, a_sandbox

DOCUMENT, TENSORS = "superposition-1/document.json", "superposition-1/tensors.safetensors"


def written(project: Project) -> bytes:
    stream = io.BytesIO()
    write_project(stream, project)
    return stream.getvalue()


def read(content: bytes) -> Project:
    return read_project(io.BytesIO(content), "x.playground")


@functools.cache
def entries() -> dict[str, bytes]:
    content = written(Project((a_document(),), sandboxes=(a_sandbox(),)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def assert_same(one: SandboxEntry, other: SandboxEntry) -> None:
    for name in ("setup", "step", "optimizer_steps", "position", "has_first", "segment", "marks"):
        assert getattr(one.checkpoint, name) == getattr(other.checkpoint, name)
    _assert_same_arrays(one.checkpoint.arrays, other.checkpoint.arrays)
    assert (one.name, one.view, list(one.results)) == (other.name, other.view, list(other.results))
    for name, result in one.results.items():
        assert result.header == other.results[name].header
        _assert_same_arrays(result.arrays, other.results[name].arrays)


def _assert_same_arrays(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert array.dtype == other[name].dtype
        assert np.array_equal(array, other[name])


@pytest.mark.parametrize("frozen", [True, False])
def test_what_was_saved_comes_back(frozen: bool) -> None:
    entry = a_sandbox(frozen=frozen)
    project = read(written(Project((a_document(),), sandboxes=(entry,))))
    assert len(project.documents) == 1
    assert_same(project.sandboxes[0], entry)
    assert written(project) == written(Project((a_document(),), sandboxes=(entry,)))


def test_a_file_may_hold_a_sandbox_alone_or_none() -> None:
    alone = read(written(Project((), sandboxes=(a_sandbox(),))))
    assert (len(alone.documents), len(alone.sandboxes)) == (0, 1)
    assert read(written(Project((a_document(),)))).sandboxes == ()


def test_a_real_run_goes_on_from_the_file_bit_for_bit() -> None:
    setup = a_sandbox().checkpoint.setup
    sandbox = Sandbox(setup)
    sandbox.measure()
    sandbox.history.add(0, sandbox.losses)
    sandbox.advance(45)
    entry = SandboxEntry("real", sandbox.checkpoint())
    (found,) = read(written(Project((), sandboxes=(entry,)))).sandboxes
    restored = Sandbox.restored(found.checkpoint)
    for each in (sandbox, restored):
        each.advance(100)
    assert np.array_equal(restored.parameters(), sandbox.parameters())


def changed(name: str, array: np.ndarray | None) -> SandboxEntry:
    entry = a_sandbox()
    arrays = dict(entry.checkpoint.arrays)
    if array is None:
        del arrays[name]
    else:
        arrays[name] = array
    return replace(entry, checkpoint=replace(entry.checkpoint, arrays=arrays))


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("parameters", None),
        ("parameters", np.zeros((2, 3, 6, 4), np.float32)),
        ("parameters", np.zeros((2, 3, 6, 3), np.float64)),
        ("second_moment", np.full((2, 3, 6, 3), -1, np.float32)),
        ("generators", np.zeros((6, 5056), np.uint8)),
        ("generators", np.zeros((5, 16), np.uint8)),
        ("frozen", np.zeros((2, 3, 5), bool)),
        ("curves.steps", np.array([0, 5, 5], np.int64)),
        ("curves.losses", np.full((3, 2, 3), np.nan)),
        ("curves.losses", np.zeros((2, 2, 3))),
        ("something", np.zeros(3, np.float32)),
    ],
)
def test_what_could_not_be_read_again_is_not_written(name: str, array: np.ndarray | None) -> None:
    with pytest.raises(ProjectError, match="cannot be saved"):
        written(Project((), sandboxes=(changed(name, array),)))


def with_setup(change: Callable[[dict[str, Any]], object]) -> bytes:
    value = json.loads(entries()[DOCUMENT])
    change(value["checkpoint"]["setup"])
    return zipped({**entries(), DOCUMENT: json.dumps(value).encode()})


@pytest.mark.parametrize(
    "change",
    [
        lambda setup: setup.update(features=10**9),
        lambda setup: setup.update(features=6.0),
        lambda setup: setup.update(hidden=6),
        lambda setup: setup.update(seeds=list(range(10**5))),
        lambda setup: setup.update(seeds=[3, 3, 8]),
        lambda setup: setup.update(seeds=[3, -1, 8]),
        lambda setup: setup.update(kinds=["linear", "other"]),
        lambda setup: setup.update(kinds="ab"),
        lambda setup: setup.update(sparsity=[0.5] * 5),
        lambda setup: setup.update(sparsity=[0.5] * 5 + ["a"]),
        lambda setup: setup.update(importance=[1, 1, 1, 1, 1, 0]),
        lambda setup: setup.update(groups=[["correlated", [0, 9]]]),
        lambda setup: setup.update(groups=[["correlated", [True, 1]]]),
        lambda setup: setup["schedule"].update(batch=10**9),
        lambda setup: setup["schedule"].update(steps=0),
        lambda setup: setup["schedule"].update(learning_rate=-1),
        lambda setup: setup["schedule"].update(beta1=1.0),
        lambda setup: setup["schedule"].update(epsilon="1"),
        lambda setup: setup.pop("schedule"),
    ],
)
def test_an_impossible_setup_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(ProjectError, match=r"x\.playground is damaged"):
        read(with_setup(change))


def opened_or_refused(content: bytes) -> None:
    try:
        project = read(content)
    except ProjectError:
        return
    assert read(written(project)).sandboxes is not None  # what opens can be saved again, and that opens too


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_json_values_replaced_by_others(data: st.DataObject) -> None:
    value = json.loads(entries()[DOCUMENT])
    place = data.draw(st.sampled_from(places(value)[1:]))
    inner = value
    for key in place[:-1]:
        inner = inner[key]
    if data.draw(st.booleans()):
        inner[place[-1]] = data.draw(JSON)
    else:
        del inner[place[-1]]
    opened_or_refused(zipped({**entries(), DOCUMENT: json.dumps(value).encode()}))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_bytes_changed_inside_the_entries(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([DOCUMENT, TENSORS]))
    content = bytearray(entries()[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1) | st.integers(0, min(900, len(content) - 1)))
        content[place] = data.draw(st.integers(0, 255))
    opened_or_refused(zipped({**entries(), name: bytes(content)}))
