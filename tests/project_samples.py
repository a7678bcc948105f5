"""Checkpoints, documents and projects that use every field, for the tests of files."""

from __future__ import annotations

import math
import struct
from dataclasses import fields
from typing import Any

import numpy as np

from playground.engine.checkpoint import Checkpoint
from playground.engine.project_file import Document, Project, SandboxEntry
from playground.engine.settings import Settings
from playground.engine.snapshots import Curves, Evaluation, Mark, Measure
from playground.engine.spec import build
from playground.engine.superposition.checkpoint import SandboxCheckpoint, StoredResult
from playground.engine.superposition.problem import Group, make_problem
from playground.engine.superposition.setup import Schedule, Setup


def a_checkpoint(widths: tuple[int, ...] = (6, 5, 4, 3), *, step: int = 321, seed: int = 0, **given: Any) -> Checkpoint:
    random = np.random.default_rng(seed)
    spec = given.pop("spec", None) or build(widths, activation="gelu", first_id=7, version=3)
    count = spec.parameter_count
    parameters = random.standard_normal(count).astype(np.float32)
    parameters[: min(3, count)] = [-0.0, 1e-42, np.pi][: min(3, count)]
    arrays = {
        "parameters": parameters,
        "first_moment": random.standard_normal(count).astype(np.float32),
        "second_moment": random.random(count).astype(np.float32),
        "movable": random.random(count) < 0.9,
        "present": random.random(count) < 0.8,
        "order": random.permutation(50).astype(np.int64),
        "batch_generator": a_generator_state(random),
        "dropout_generator": a_generator_state(random),
        "init_generator": a_generator_state(random),
    }
    values = random.random((3, 4))
    values[1, 1], values[2, 0] = math.nan, math.inf
    fields = {
        "spec": spec,
        "settings": Settings(
            optimizer="rmsprop", learning_rate=1 / 3, l1=1e-7, stop_epochs=4, stop_accuracy=0.9, seed=11
        ),
        "step": step,
        "epochs_done": 6,
        "position": 32,
        "optimizer_steps": 320,
        "arrays": arrays,
        "segment": 2,
        "curves": Curves(np.array([0, 100, 320], np.int64), values),
        "marks": (Mark(5, "edit", "painted “7” ✎", 12), Mark(9, "setting", "learning rate 0.1", 13)),
        "evaluation": Evaluation(
            320, Measure(0.1 + 0.2, 0.9, 50), Measure(math.inf, math.nan, 0), Measure(1e-300, 0.5, 7), 300, 13
        ),
    }
    return Checkpoint(**{**fields, **given})


def a_generator_state(random: np.random.Generator) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return bytes that torch takes for the state of a generator on the CPU."""
    state = random.integers(0, 256, 5056).astype(np.uint8)
    state[8:24] = np.frombuffer(struct.pack("<iiQ", 100, 1, 524), np.uint8)  # left, is seeded, next
    return state


def a_document(name: str = "My network", *, added: int = 2, **given: Any) -> Document:
    checkpoint = given.pop("checkpoint", None) or a_checkpoint(**given)
    random = np.random.default_rng(5)
    return Document(
        kind="network",
        name=name,
        checkpoint=checkpoint,
        data_source={"kind": "digits", "preset": "easy", "seed": 1, "share": 0.1},
        added_inputs=random.integers(0, 256, (added, checkpoint.spec.inputs)).astype(np.uint8),
        added_labels=np.arange(added, dtype=np.int64) % checkpoint.spec.outputs,
        added_drawings=random.random((added, 20, 30)).astype(np.float32),
        view={"zoom": 1.25, "selected": [1, 2], "panel": None, "text": "größer"},
    )


def a_sandbox(name: str = "My features", *, frozen: bool = True, seed: int = 1) -> SandboxEntry:
    random = np.random.default_rng(seed)
    problem = make_problem(6, 2, [0.9, 0.9, 0.8, 0.8, 0.7, 0.7], "1:0.3", (Group((0, 1)), Group((2, 3))))
    setup = Setup(problem, ("linear", "relu"), (3, 5, 8), Schedule(steps=700, learning_rate=1 / 3))
    shape = (2, 3, 6, 3)
    arrays = {
        "parameters": random.standard_normal(shape).astype(np.float32),
        "first_moment": random.standard_normal(shape).astype(np.float32),
        "second_moment": random.random(shape).astype(np.float32),
        "generators": np.stack([a_generator_state(random) for _ in range(6)]),
        "curves.steps": np.array([0, 1, 64], np.int64),
        "curves.losses": random.random((3, 2, 3)),
    }
    if frozen:
        arrays["frozen"] = random.random(shape[:3]) < 0.3
    marks = (Mark(5, "setting", "sparsity 0.9", 3),)
    checkpoint = SandboxCheckpoint(setup, 70, 71, 6, arrays, has_first=True, segment=2, marks=marks)
    results = {
        "sparsity": StoredResult(
            {"kind": "sparsity", "steps": 5}, {"losses": random.random((2, 3)), "at": np.arange(3)}
        ),
        "größer": StoredResult({"text": "✎", "deep": [1, [2.5, None]]}),
    }
    return SandboxEntry(name, checkpoint, results, {"seed": 2})


def a_project(**given: Any) -> Project:
    return Project((a_document(**given),), view={"lab": "network", "splitter": [3, 1]})


def assert_same_checkpoint(found: Checkpoint, wanted: Checkpoint) -> None:
    """Compare bit by bit."""
    assert found.arrays.keys() == wanted.arrays.keys()
    for name, array in wanted.arrays.items():
        assert found.arrays[name].dtype == array.dtype, name
        assert found.arrays[name].tobytes() == array.tobytes(), name
        assert not found.arrays[name].flags.writeable
    assert found.curves.steps.tobytes() == wanted.curves.steps.tobytes()
    assert found.curves.values.tobytes() == wanted.curves.values.tobytes()
    assert found.curves.values.shape == wanted.curves.values.shape
    for field in fields(Checkpoint):
        if field.name not in ("arrays", "curves"):
            # repr: NaN is not equal to itself
            assert repr(getattr(found, field.name)) == repr(getattr(wanted, field.name)), field.name


def assert_same_document(found: Document, wanted: Document) -> None:
    assert_same_checkpoint(found.checkpoint, wanted.checkpoint)
    for name in ("kind", "name", "data_source", "view"):
        assert getattr(found, name) == getattr(wanted, name)
    for name in ("added_inputs", "added_labels", "added_drawings"):
        one, other = getattr(found, name), getattr(wanted, name)
        assert (one is None) == (other is None)
        if one is not None:
            assert (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
