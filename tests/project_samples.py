"""Checkpoints, documents and projects that use every field, for the tests of files."""

from __future__ import annotations

import math
import struct
from dataclasses import fields
from typing import Any

import numpy as np

from playground.engine.checkpoint import Checkpoint
from playground.engine.project_file import Document, Project
from playground.engine.settings import Settings
from playground.engine.snapshots import Curves, Evaluation, Mark, Measure
from playground.engine.spec import build


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
