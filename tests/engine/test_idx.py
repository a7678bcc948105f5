"""IDX files: sound ones of every kind, and all the ways in which they can be wrong."""

from __future__ import annotations

import gzip
import json
import os
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from playground.engine.datasets import Cancelled, DataError, data_from_source
from playground.engine.digits import digits_data
from playground.engine.idx import find_idx, idx_data, idx_test, read_idx
from playground.engine.idx_file import CHUNK

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx_bytes(values: NDArray[Any]) -> bytes:
    """Return an IDX file, written out by hand from the format's description."""
    code = CODES[values.dtype.str[1:]]
    sizes = b"".join(side.to_bytes(4, "big") for side in values.shape)
    return bytes([0, 0, code, values.ndim]) + sizes + values.astype(values.dtype.newbyteorder(">")).tobytes()


def images(count: int, side: int = 4) -> NDArray[np.uint8]:
    return (np.arange(count * side * side) % 251).astype(np.uint8).reshape(count, side, side)


def labels(count: int, classes: int = 3) -> NDArray[np.uint8]:
    return (np.arange(count) % classes).astype(np.uint8)


def write_set(folder: Path, train: int = 30, test: int = 0, *, end: str = "", side: int = 4) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for part, count in (("train", train), ("t10k", test)):
        if count:
            for name, values in (("images-idx3", images(count, side)), ("labels-idx1", labels(count))):
                content = idx_bytes(values)
                (folder / f"{part}-{name}-ubyte{end}").write_bytes(gzip.compress(content) if end else content)
    return folder


@pytest.mark.parametrize("kind", list(CODES))
@pytest.mark.parametrize("packed", [False, True])
def test_every_type_is_read(tmp_path: Path, kind: str, packed: bool) -> None:
    values = np.array([[0, 1, 2], [3, 4, 100]]).astype(kind)
    path = tmp_path / "file.whatever"
    path.write_bytes(gzip.compress(idx_bytes(values)) if packed else idx_bytes(values))
    read = read_idx(path)
    np.testing.assert_array_equal(read, values)
    assert read.dtype == np.dtype(kind)
    assert read.dtype.isnative
    assert not read.flags.writeable


def _refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_idx(path)
    text = str(caught.value)
    assert str(path) in text
    assert text.endswith(".")
    return text


SOUND = idx_bytes(images(3))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (SOUND[:2], "not an IDX file"),
        (SOUND[:9], "cut off within its header"),
        (SOUND[:-1], "cut off"),
        (SOUND[:16], "cut off"),
        (SOUND + b"x", "other content after"),
        (b"\0\0\x07\x01\0\0\0\0", "not an IDX file"),
        (b"\0\0\x08\0", "not an IDX file"),
        (b"\1\0\x08\x01\0\0\0\0", "not an IDX file"),
        (b"\0\0\x08\x04" + b"\0\0\0\1" * 4 + b"x", "4 dimensions"),
        (b"\0\0\x08\xff" + b"\xff\xff\xff\xff" * 255, "255 dimensions"),
        (b"\0\0\x08\x03" + b"\xff\xff\xff\xff" * 3, "not read"),
        (b"PK\3\4 and so on", "ZIP archive"),
        (b"\x89PNG\r\n", "PNG picture"),
        (b"<!DOCTYPE html>", "web page"),
    ],
)
def test_unsound_files_are_refused(tmp_path: Path, content: bytes, words: str, packed: bool) -> None:
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(gzip.compress(content) if packed else content)
    assert words in _refused(path)


def test_damaged_packing(tmp_path: Path) -> None:
    path = tmp_path / "file.gz"
    packed = gzip.compress(idx_bytes(images(200)))
    for content in (packed[: len(packed) // 2], packed[:-6], packed[:-8] + b"12345678", b"\x1f\x8bnonsense"):
        path.write_bytes(content)
        assert "damaged or cut off" in _refused(path)


def test_what_is_no_file(tmp_path: Path) -> None:
    assert "is a folder" in _refused(tmp_path)
    assert "cannot be read" in _refused(tmp_path / "missing")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert "no ordinary file" in _refused(tmp_path / "pipe")


def _peak(path: Path) -> int:
    tracemalloc.start()
    try:
        with pytest.raises(DataError):
            read_idx(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_gzip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    header = b"\0\0\x08\x03" + b"".join(side.to_bytes(4, "big") for side in (20_000, 100, 100))
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(header + bytes(200_000_000), 1))
    assert path.stat().st_size < 1_500_000
    assert _peak(path) < 2 * CHUNK
    assert "no real data" in _refused(path)


def test_more_content_than_the_header_says_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(idx_bytes(images(3)) + bytes(50_000_000), 1))
    assert _peak(path) < 2 * CHUNK
    assert "other content after" in _refused(path)


def test_a_header_that_lies_allocates_nothing(tmp_path: Path) -> None:
    header = b"\0\0\x08\x03" + b"".join(side.to_bytes(4, "big") for side in (1000, 1000, 1000))
    path = tmp_path / "lie"
    path.write_bytes(header + bytes(100))
    assert _peak(path) < 2 * CHUNK
    path.write_bytes(gzip.compress(header[:4] + b"\0\0\1\0" * 3 + bytes(100)))
    assert _peak(path) < 2 * CHUNK


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=60)
    | st.tuples(
        st.sampled_from(sorted(CODES.values())),
        st.lists(st.integers(0, 5), min_size=1, max_size=4),
        st.binary(max_size=60),
    ).map(lambda t: bytes([0, 0, t[0], len(t[1])]) + b"".join(n.to_bytes(4, "big") for n in t[1]) + t[2]),
    st.booleans(),
    st.integers(0, 40),
)
def test_any_bytes_give_an_array_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, packed: bool, cut: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "any-bytes"
    content = gzip.compress(content) if packed else content
    path.write_bytes(content[: len(content) - cut] if cut > 20 else content)
    sentence, size = "", 0
    try:
        size = read_idx(path).nbytes
    except DataError as error:
        sentence = str(error)
    assert sentence == "" or sentence.endswith(".")
    assert size <= 60


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=3), st.sampled_from(sorted(CODES)), st.booleans())
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, shape: list[int], kind: str, packed: bool
) -> None:
    values = np.arange(int(np.prod(shape))).reshape(shape).astype(kind)
    path = tmp_path_factory.getbasetemp() / "any-shape"
    path.write_bytes(gzip.compress(idx_bytes(values)) if packed else idx_bytes(values))
    np.testing.assert_array_equal(read_idx(path), values)


def test_reading_can_be_watched_and_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "images"
    path.write_bytes(idx_bytes(np.zeros((3, 1024, 1024), np.uint8)))
    seen: list[float] = []
    read_idx(path, progress=lambda share, _: seen.append(share))
    assert seen == [1 / 3, 2 / 3, 1.0]
    with pytest.raises(Cancelled):
        read_idx(path, cancelled=lambda: True)


# --- which file is which ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
        (
            "train-images-idx3-ubyte.gz",
            "train-labels-idx1-ubyte.gz",
            "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz",
        ),
        ("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "test-images-idx3-ubyte", "test-labels-idx1-ubyte"),
        ("Train-Images-IDX3-ubyte", "Train-Labels-IDX1-ubyte", "Test-Images-IDX3-ubyte", "Test-Labels-IDX1-ubyte"),
        ("train_images.idx", "train_labels.idx", "test_images.idx", "test_labels.idx"),
        (
            "emnist-letters-train-images-idx3-ubyte.gz",
            "emnist-letters-train-labels-idx1-ubyte.gz",
            "emnist-letters-test-images-idx3-ubyte.gz",
            "emnist-letters-test-labels-idx1-ubyte.gz",
        ),
    ],
)
def test_names_in_use(tmp_path: Path, names: tuple[str, str, str, str]) -> None:
    for name in (*names, "README.md", "train-images-notes.txt"):
        (tmp_path / name).write_bytes(b"")
    files = find_idx(tmp_path)
    found = (files.train_images, files.train_labels, files.test_images, files.test_labels)
    assert tuple(path.name if path else None for path in found) == names
    assert find_idx([tmp_path / name for name in reversed(names)]) == files


def test_a_plain_copy_goes_before_the_packed_one(tmp_path: Path) -> None:
    write_set(tmp_path)
    write_set(tmp_path, end=".gz")
    assert find_idx(tmp_path).train_images.name == "train-images-idx3-ubyte"


def test_a_folder_raw_is_looked_into(tmp_path: Path) -> None:
    write_set(tmp_path / "FashionMNIST" / "raw")
    assert find_idx(tmp_path / "FashionMNIST").name == "Fashion-MNIST"


def test_the_partner_of_a_dropped_file_is_found_beside_it(tmp_path: Path) -> None:
    write_set(tmp_path, test=6)
    files = find_idx([tmp_path / "train-images-idx3-ubyte"])
    assert files.train_labels.name == "train-labels-idx1-ubyte"
    assert files.test_images is None


def test_a_test_part_alone_is_taken_for_all(tmp_path: Path) -> None:
    write_set(tmp_path, train=0, test=12)
    assert find_idx(tmp_path).train_images.name == "t10k-images-idx3-ubyte"


def test_folders_that_do_not_hold_one_data_set(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no IDX files"):
        find_idx(tmp_path)
    with pytest.raises(DataError, match="does not exist"):
        find_idx(tmp_path / "missing")
    with pytest.raises(DataError, match="No files"):
        find_idx([])
    (tmp_path / "photo.png").write_bytes(b"")
    with pytest.raises(DataError, match=r"photo\.png does not tell by its name"):
        find_idx([tmp_path / "photo.png"])
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(b"")
    with pytest.raises(DataError, match=r"has no labels beside it: add the file train-labels-idx1-ubyte\.gz"):
        find_idx(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(b"")
    find_idx(tmp_path)
    (tmp_path / "emnist-train-images-idx3-ubyte").write_bytes(b"")
    with pytest.raises(DataError, match="several data sets"):
        find_idx(tmp_path)


# --- data sets ----------------------------------------------------------------------------------------------------


def _rows(*parts: Any) -> list[bytes]:
    return sorted(bytes(row) for part in parts for row in part.inputs)


def test_with_a_test_part(tmp_path: Path) -> None:
    data = idx_data(write_set(tmp_path / "mnist", 40, 10, end=".gz"))
    assert (len(data.train), len(data.validation), len(data.test)) == (36, 4, 10)
    assert (data.name, data.input_shape, data.classes) == ("MNIST", (4, 4), ("0", "1", "2"))
    assert data.train.inputs.dtype == np.uint8
    np.testing.assert_array_equal(data.test.inputs, images(10).reshape(10, 16))
    assert _rows(data.train, data.validation) == sorted(bytes(row) for row in images(40).reshape(40, 16))
    assert data.detail == "4 × 4, 3 classes, 40 images, 10 for the test"
    with pytest.raises(DataError, match="leave the split out"):
        idx_data(tmp_path / "mnist", split=0.8)


def test_without_a_test_part_the_folder_is_parted_by_the_seed(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "own", 100)
    data = idx_data(folder, split=0.8, seed=3, validation=0.25)
    assert (len(data.train), len(data.validation), len(data.test)) == (60, 20, 20)
    assert _rows(data.train, data.validation, data.test) == sorted(bytes(row) for row in images(100).reshape(100, 16))
    again, other = idx_data(folder, split=0.8, seed=3), idx_data(folder, split=0.8, seed=4)
    np.testing.assert_array_equal(data.test.inputs, again.test.inputs)
    assert _rows(data.test) != _rows(other.test)
    by_default = idx_data(folder)
    assert len(by_default.test) == 17
    assert "17 of them kept for the test, as there is no test file" in by_default.detail
    assert len(idx_data(folder, split=0.8, validation=0).validation) == 0
    assert by_default.name == "own"


def test_labels_stay_with_their_images(tmp_path: Path) -> None:
    data = idx_data(write_set(tmp_path, 60), split=0.5)
    which = {bytes(row): int(label) for row, label in zip(images(60).reshape(60, 16), labels(60), strict=True)}
    for part in (data.train, data.validation, data.test):
        assert [which[bytes(row)] for row in part.inputs] == part.labels.tolist()


def test_source_builds_it_again(tmp_path: Path) -> None:
    data = idx_data(write_set(tmp_path, 50), split=0.7, seed=2, classes=["x", "y", "z"])
    again = data_from_source(json.loads(json.dumps(dict(data.source))))
    np.testing.assert_array_equal(again.train.inputs, data.train.inputs)
    np.testing.assert_array_equal(again.validation.labels, data.validation.labels)
    assert again.classes == ("x", "y", "z")
    (tmp_path / "train-images-idx3-ubyte").unlink()
    with pytest.raises(DataError, match="does not exist"):
        data_from_source(data.source)


def test_known_names_of_classes(tmp_path: Path) -> None:
    assert idx_data(write_set(tmp_path / "fashion-mnist"), split=0.5).classes[:2] == ("T-shirt", "trousers")
    assert idx_data(write_set(tmp_path / "KMNIST"), split=0.5).classes[1] == "き"


def _pair(folder: Path, pictures: NDArray[Any], numbers: NDArray[Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "train-images-idx3-ubyte").write_bytes(idx_bytes(pictures))
    (folder / "train-labels-idx1-ubyte").write_bytes(idx_bytes(numbers))
    return folder


@pytest.mark.parametrize("stray", [10, 11, 77, 255])
def test_a_stray_label_is_out_of_range(tmp_path: Path, stray: int) -> None:
    numbers = labels(1000, 10).copy()
    numbers[499] = stray
    with pytest.raises(DataError, match=f"train-labels-idx1-ubyte has the label {stray} at example 500.*0 to 9"):
        idx_data(_pair(tmp_path, images(1000), numbers))


@pytest.mark.parametrize("used", [[0, 1], [3, 7], list(range(26)), list(range(1, 27)), list(range(62))])
def test_any_honest_set_of_labels_is_taken(tmp_path: Path, used: list[int]) -> None:
    numbers = np.array(used * 20, np.uint8)
    data = idx_data(_pair(tmp_path, images(len(numbers)), numbers))
    assert len(data.classes) == max(used) + 1


def test_rare_letters_are_still_classes(tmp_path: Path) -> None:
    numbers = np.concatenate([np.repeat(np.arange(20), 100), np.repeat(np.arange(20, 40), 8)]).astype(np.uint8)
    assert len(idx_data(_pair(tmp_path, images(len(numbers)), numbers)).classes) == 40


def test_files_that_do_not_belong_together(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="images-idx3-ubyte has 30 images, but train-labels-idx1-ubyte has 29 labels"):
        idx_data(_pair(tmp_path / "count", images(30), labels(29)))
    with pytest.raises(DataError, match="single numbers, not images"):
        idx_data(_pair(tmp_path / "mixed", labels(30), labels(30)))
    with pytest.raises(DataError, match="one whole number for each image"):
        idx_data(_pair(tmp_path / "mixed2", images(30), images(30)))
    with pytest.raises(DataError, match="one whole number for each image"):
        idx_data(_pair(tmp_path / "floats", images(30), labels(30).astype(np.float32)))
    with pytest.raises(DataError, match="holds no images"):
        idx_data(_pair(tmp_path / "none", images(0), labels(0)))
    with pytest.raises(DataError, match="single image"):
        idx_data(_pair(tmp_path / "one", images(1), labels(1)))
    with pytest.raises(DataError, match="label -1 at example 2"):
        idx_data(_pair(tmp_path / "negative", images(3), np.array([0, -1, 1], np.int8)))
    folder = write_set(tmp_path / "sizes", 30, 10)
    (folder / "t10k-images-idx3-ubyte").write_bytes(idx_bytes(images(10, 5)))
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte has images of 5 × 5.*4 × 4"):
        idx_data(folder)
    folder = write_set(tmp_path / "classes", 30, 10)
    (folder / "t10k-labels-idx1-ubyte").write_bytes(idx_bytes(np.full(10, 3, np.uint8)))
    with pytest.raises(DataError, match="t10k-labels-idx1-ubyte has the label 3 at example 1"):
        idx_data(folder)
    with pytest.raises(DataError, match="label 2 at example 3"):
        idx_data(write_set(tmp_path / "few", 30), classes=["a", "b"])


def test_numbers_out_of_range(tmp_path: Path) -> None:
    folder = write_set(tmp_path)
    for split in (0.0, 1.0, -1.0, float("nan")):
        with pytest.raises(DataError, match="between 0 and 1"):
            idx_data(folder, split=split)
    for validation in (-0.1, 0.6, float("nan")):
        with pytest.raises(DataError, match="share for validation"):
            idx_data(folder, validation=validation)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([0, 255, 7], np.int16), np.array([0, 255, 7], np.uint8)),
        (np.array([0, 0.5, 1], np.float32), np.array([0, 0.5, 1], np.float32)),
        (np.array([0, 51, 255], np.float64), np.array([0, 0.2, 1], np.float32)),
    ],
)
def test_other_types_of_images(tmp_path: Path, values: NDArray[Any], expected: NDArray[Any]) -> None:
    data = idx_data(_pair(tmp_path, np.tile(values, (4, 1)), labels(4)), validation=0)
    assert data.input_shape == (3,)
    assert data.train.inputs.dtype == expected.dtype
    np.testing.assert_array_equal(data.train.inputs[0], expected)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0, 300.0])
def test_values_that_are_no_ink(tmp_path: Path, bad: float) -> None:
    values = np.tile(np.array([0, bad, 1], np.float32), (4, 1))
    with pytest.raises(DataError, match="images have 0 to 1 or 0 to 255"):
        idx_data(_pair(tmp_path, values, labels(4)))


def test_a_folder_to_test_on(tmp_path: Path) -> None:
    both = write_set(tmp_path / "both", 30, 10)
    examples, source, detail = idx_test(both)
    assert (len(examples), detail) == (10, "both, 10 images")
    assert [Path(path).name for path in source["paths"]] == ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]
    assert len(idx_test(write_set(tmp_path / "train", 30))[0]) == 30
    assert len(idx_test(write_set(tmp_path / "test", 0, 20))[0]) == 20


def test_digits_tested_on_a_folder_are_built_again(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "real", 30, 10, side=28)
    data = digits_data("easy", 0, (20, 10, 10)).with_test(*idx_test(folder))
    again = data_from_source(json.loads(json.dumps(dict(data.source))))
    np.testing.assert_array_equal(again.test.inputs, images(10, 28).reshape(10, 784))
    assert again.detail == data.detail == "28 × 28, 10 classes, easy, test: real, 10 images"


def test_real_files(mnist10k: Path) -> None:
    data = idx_data(mnist10k, split=0.8)
    assert (data.name, data.input_shape, data.classes) == ("MNIST", (28, 28), tuple("0123456789"))
    assert (len(data.train), len(data.validation), len(data.test)) == (7200, 800, 2000)
    counts = np.bincount(np.concatenate([part.labels for part in (data.train, data.validation, data.test)]))
    np.testing.assert_array_equal(counts, [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978])
