"""NPZ and NPY files: what is read from them, and that nothing in them is executed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib import format as npy

from playground.engine.array_files import arrays_data, arrays_from_source
from playground.engine.datasets import Cancelled, DataError, data_from_source
from playground.engine.plain_json import to_json
from tests.engine.properties import checking

IMAGES = np.random.default_rng(0).integers(0, 256, (40, 5, 4)).astype(np.uint8)
LABELS = np.arange(40) % 3


def npz(path: Path, **arrays: Any) -> Path:
    np.savez_compressed(path / "a.npz", **arrays)
    return path / "a.npz"


def test_images_with_labels(tmp_path: Path) -> None:
    data = arrays_data([npz(tmp_path, X=IMAGES, labels=LABELS)], seed=3)
    assert (data.input_shape, data.classes, data.task) == ((5, 4), ("0", "1", "2"), "classes")
    assert (len(data.train), len(data.validation), len(data.test)) == (28, 6, 6)
    assert data.train.inputs.dtype == np.uint8
    whole = np.concatenate([data.train.inputs, data.validation.inputs, data.test.inputs])
    kept = np.concatenate([data.train.labels, data.validation.labels, data.test.labels])
    order = np.lexsort(whole.T)
    expected = np.lexsort(IMAGES.reshape(40, -1).T)
    np.testing.assert_array_equal(whole[order], IMAGES.reshape(40, -1)[expected])
    np.testing.assert_array_equal(kept[order], LABELS[expected])
    again = data_from_source(json.loads(to_json(data.source)))
    np.testing.assert_array_equal(again.train.inputs, data.train.inputs)


def test_numbers_one_hot_and_fortran_order(tmp_path: Path) -> None:
    values = np.asfortranarray(np.random.default_rng(1).normal(size=(40, 2)))
    data = arrays_data([npz(tmp_path, x=values, y=values * 2)])
    assert (data.task, data.value_names) == ("values", ("y1", "y2"))
    np.testing.assert_allclose(data.train.values, data.train.inputs * 2, rtol=1e-6)
    hot = np.eye(3)[LABELS]
    assert arrays_data([npz(tmp_path, x=values, y=hot)]).classes == ("0", "1", "2")
    assert arrays_data([npz(tmp_path, x=values[:, 0], y=LABELS.astype(float))]).input_shape == (1,)


def test_two_files_and_a_test_part_of_its_own(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", IMAGES)
    np.save(tmp_path / "labels.npy", LABELS)
    data = arrays_data([tmp_path / "x.npy", tmp_path / "labels.npy"])
    assert len(data.train) == 28
    parts = {"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES[:7], "y_test": LABELS[:7]}
    data = arrays_data([npz(tmp_path, **parts)])
    np.testing.assert_array_equal(data.test.inputs, IMAGES[:7].reshape(7, -1))
    assert (len(data.train), len(data.validation)) == (34, 6)
    with pytest.raises(DataError, match="classes are numbered 0 to 2"):
        arrays_data([npz(tmp_path, **{**parts, "y_test": LABELS[:7] + 5})])
    with pytest.raises(DataError, match="another shape"):
        arrays_data([npz(tmp_path, **{**parts, "x_test": IMAGES[:7, :2]})])
    with pytest.raises(Cancelled):
        arrays_data([tmp_path / "x.npy", tmp_path / "labels.npy"], cancelled=lambda: True)


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.abort, ()


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"x": np.array([Evil(), Evil()], dtype=object), "y": LABELS[:2]}, "Python objects, which could run code"),
        ({"x": np.array(["a", "b"]), "y": LABELS[:2]}, "only arrays of numbers are read"),
        ({"pictures": IMAGES, "y": LABELS}, "no array of the inputs: there is pictures, y"),
        ({"x": IMAGES}, "no array of the targets"),
        ({"x": IMAGES, "y": LABELS[:7]}, "do not belong together"),
        ({"x": IMAGES[:0], "y": LABELS[:0]}, "hold no examples"),
        ({"x": IMAGES, "y": np.zeros((40, 2, 2))}, "do not belong together"),
        ({"x": IMAGES, "y": LABELS - 1}, "labels go from -1 to 1"),
        ({"x": IMAGES, "y": LABELS * 2_000}, "numbered 0 to 999"),
        ({"x": IMAGES, "y": LABELS * 0}, "one class only"),
        ({"x": np.where(LABELS == 2, np.nan, 1.0), "y": LABELS}, "inputs of example 2 is one that is no number"),
        ({"x": IMAGES, "y": np.where(LABELS == 1, np.inf, 1.5)}, "targets of example 1 is one that is no number"),
    ],
)
def test_what_cannot_be_gets_a_sentence(tmp_path: Path, arrays: dict[str, Any], says: str) -> None:
    with pytest.raises(DataError, match=r"\.$") as caught:
        arrays_data([npz(tmp_path, **arrays)])
    assert says in str(caught.value)
    assert "a.npz" in str(caught.value)


def test_a_promise_that_is_too_large_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    np.save(tmp_path / "y.npy", np.arange(4))
    for shape, says in (((4, 10**12), "more than 8 GB"), ((4, 10**6), "ends too early"), ((-4, 3), "damaged")):
        with path.open("wb") as stream:
            header = {"descr": "<f8", "fortran_order": False, "shape": shape}
            npy.write_array_header_1_0(stream, header)
            stream.write(bytes(96))
        with pytest.raises(DataError, match=says):
            arrays_data([path, tmp_path / "y.npy"])
    for missing in (tmp_path / "no.npz", tmp_path):
        with pytest.raises(DataError, match="could not be read"):
            arrays_data([missing])


@given(st.data())
@checking(max_examples=200)
def test_damaged_files_get_a_sentence(tmp_path_factory: pytest.TempPathFactory, drawn: Any) -> None:
    path = npz(tmp_path_factory.mktemp("a"), x=IMAGES[:6], y=LABELS[:6])
    content = bytearray(path.read_bytes())
    if drawn.draw(st.booleans()):
        del content[drawn.draw(st.integers(0, len(content))) :]
    for _ in range(drawn.draw(st.integers(0, 4))):
        if content:
            content[drawn.draw(st.integers(0, len(content) - 1))] = drawn.draw(st.integers(0, 255))
    path.write_bytes(content)
    says = "data"
    try:
        arrays_data([path])
    except DataError as error:
        says = str(error)
    assert says == "data" or says.endswith(".")


def test_another_file_in_the_place_of_the_one_that_was_trained_on_is_told(tmp_path: Path) -> None:
    path = npz(tmp_path, x=IMAGES[:6], y=LABELS[:6])
    source = arrays_data([path]).source
    assert arrays_from_source(source).source == source
    old = {key: value for key, value in source.items() if key != "sha256"}  # as files of before have it
    npz(tmp_path, x=IMAGES[:6] + 1, y=LABELS[:6])
    with pytest.raises(DataError, match="another file than the one that this was trained on"):
        arrays_from_source(source)
    assert len(arrays_from_source(old).train)


def test_files_named_for_their_part_are_that_part(tmp_path: Path) -> None:
    def save(name: str, first: int, count: int, width: int = 3) -> Path:
        x = np.arange(first, first + count, dtype=np.float32)[:, None] * np.ones(width, np.float32)
        np.savez(tmp_path / name, x=x, y=np.arange(count) % 2)
        return tmp_path / name

    train, test, check = save("train.npz", 0, 40), save("test.npz", 1000, 8), save("val.npz", 500, 6)
    data = arrays_data((test, train))
    assert [len(part) for part in (data.train, data.validation, data.test)] == [34, 6, 8]
    assert data.test.inputs[:, 0].tolist() == list(range(1000, 1008))
    data = arrays_data((train, check))
    assert [len(part) for part in (data.train, data.validation, data.test)] == [34, 6, 6]
    assert data.validation.inputs[:, 0].tolist() == list(range(500, 506))
    data = arrays_data((train, check, test))
    assert [len(part) for part in (data.train, data.validation, data.test)] == [40, 6, 8]
    again = data_from_source(json.loads(to_json(data.source)))
    np.testing.assert_array_equal(again.train.inputs, data.train.inputs)
    with pytest.raises(DataError, match="the inputs of its test part have another shape"):
        arrays_data((train, save("test.npz", 0, 8, width=4)))
    with pytest.raises(DataError, match=r"a.npz, b.npz: it is not clear which is for what"):
        arrays_data((save("a.npz", 0, 4), save("b.npz", 0, 4)))
