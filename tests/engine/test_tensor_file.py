"""The safetensors library is the oracle, in both directions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import safetensors
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from playground.engine.tensor_file import TensorFileError, read_tensors, tensor_chunks, tensor_size

KINDS = st.sampled_from([np.float64, np.float32, np.int64, np.int32, np.uint8, np.bool_])
SHAPES = arrays_of.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)
ARRAYS = st.dictionaries(
    st.text(max_size=10).filter(lambda name: name != "__metadata__"), arrays_of.arrays(KINDS, SHAPES), max_size=6
)


def written(arrays: dict[str, np.ndarray[Any, Any]]) -> bytes:
    content = b"".join(tensor_chunks(arrays))
    assert len(content) == tensor_size(arrays)
    return content


def assert_same(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert found.keys() == wanted.keys()
    for name, array in wanted.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert found[name].tobytes() == array.tobytes()


@settings(deadline=None)
@given(ARRAYS)
def test_the_library_reads_what_is_written_here(arrays: dict[str, np.ndarray[Any, Any]]) -> None:
    assert_same(safetensors.numpy.load(written(arrays)), arrays)


@settings(deadline=None)
@given(ARRAYS)
def test_what_the_library_writes_is_read_here(arrays: dict[str, np.ndarray[Any, Any]]) -> None:
    found = read_tensors(safetensors.numpy.save(arrays, metadata={"a": "b"}))
    assert_same(found, arrays)
    assert not any(array.flags.writeable for array in found.values())


def test_large_arrays_go_piece_by_piece_and_aligned() -> None:
    arrays = {"mask": np.ones(3, np.bool_), "big": np.arange(3 << 20, dtype=np.float32), "turned": np.eye(3)[:, ::2]}
    chunks = list(tensor_chunks(arrays))
    assert max(len(chunk) for chunk in chunks) == 4 << 20
    content = bytearray(b"".join(chunks))
    found = read_tensors(content)
    assert_same(found, arrays)
    assert all(array.flags.aligned for array in found.values())
    assert found["big"].base is not None  # no copy


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_damage_is_refused_or_harmless(data: st.DataObject) -> None:
    whole = written({"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.ones(4, np.bool_)})
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read_tensors(bytes(content[: data.draw(st.integers(0, len(content)))]))
    except TensorFileError:
        return
    assert sum(array.nbytes for array in found.values()) <= len(whole)


@pytest.mark.parametrize(
    ("header", "size"),
    [
        ('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 7),
        ('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 9),
        ('{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}', 8),
        ('{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}', 8),
        ('{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,-8]}}', 8),
        ('{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}', 8),
        ('{"a":{"dtype":"F32","shape":[true,2],"data_offsets":[0,8]}}', 8),
        ('{"a":{"dtype":"F32","shape":[0,99999999999999999999],"data_offsets":[0,0]}}', 0),
        ('{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}', 8),
        ('{"a":{"dtype":"Q9","shape":[2],"data_offsets":[0,8]}}', 8),
        ('{"a":{"dtype":[],"shape":[2],"data_offsets":[0,8]}}', 8),
        ('{"a":{"dtype":"F32","shape":"ab","data_offsets":[0,8]}}', 8),
        ('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}', 8),
        ('{"a":{"dtype":"F32","shape":[2]}}', 8),
        ('{"a":7}', 0),
        (
            '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}',
            6,
        ),
        (
            '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[6,10]}}',
            10,
        ),
        ("[]", 0),
        ("{", 0),
    ],
)
def test_tables_that_do_not_hold_together(header: str, size: int) -> None:
    text = header.encode()
    with pytest.raises(TensorFileError):
        read_tensors(len(text).to_bytes(8, "little") + text + bytes(size))


def test_a_length_of_the_header_that_cannot_be() -> None:
    for content in (b"", b"\1", b"\xff" * 8, b"\xff" * 80, (1 << 62).to_bytes(8, "little")):
        with pytest.raises(TensorFileError, match="cut off"):
            read_tensors(content)


def test_types_that_have_no_name() -> None:
    with pytest.raises(TensorFileError, match="complex128"):
        list(tensor_chunks({"a": np.zeros(2, np.complex128)}))
