"""Arrays in the safetensors format, written and read without a second copy in memory. Torch-free.

The format (https://huggingface.co/docs/safetensors): eight bytes with the length of the header, little-endian; the
header as JSON, by name the type, the shape and the place of each array's bytes; then the bytes, one array after the
other. The library's own functions take everything as one piece of memory, and keep the interpreter lock while they
copy it: with five million parameters the window would stand still for a tenth of a second at every autosave.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.plain_json import JsonError, json_object

_CHUNK = 4 << 20
_MAX_HEADER_BYTES = 16 << 20
_MAX_DIMENSIONS = 8

_TYPES: dict[str, Any] = {
    "F64": np.float64,
    "F32": np.float32,
    "I64": np.int64,
    "I32": np.int32,
    "U8": np.uint8,
    "BOOL": np.bool_,
}
_NAMES = {np.dtype(kind): name for name, kind in _TYPES.items()}


class TensorFileError(ValueError):
    """Bytes that are no sound safetensors; the text is a clause."""


def tensor_size(arrays: Mapping[str, NDArray[Any]]) -> int:
    """Return how many bytes `tensor_chunks` gives."""
    return len(_header(_ordered(arrays))) + sum(array.nbytes for array in arrays.values())


def tensor_chunks(arrays: Mapping[str, NDArray[Any]]) -> Iterator[bytes | memoryview]:
    """Give the file piece by piece.

    Raises
    ------
    TensorFileError
        When an array has a type that the format does not know.
    """
    ordered = _ordered(arrays)
    yield _header(ordered)
    for array in ordered.values():
        if array.size:
            content = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
            for start in range(0, len(content), _CHUNK):
                yield content[start : start + _CHUNK]


def read_tensors(content: bytes | bytearray) -> dict[str, NDArray[Any]]:
    """Return the arrays as read-only views of ``content``; nothing in it is trusted.

    Raises
    ------
    TensorFileError
        When it is cut off, or types, shapes and places do not fit together without gap or overlap.
    """
    start = 8 + int.from_bytes(content[:8], "little")
    if len(content) < 8 or start > len(content) or start > _MAX_HEADER_BYTES:
        raise TensorFileError("its numbers are cut off")
    try:
        header = json_object(bytes(content[8:start]))
    except JsonError as error:
        raise TensorFileError(f"the table of its numbers is garbled ({error})") from error
    header.pop("__metadata__", None)
    places = {name: _place(name, entry) for name, entry in header.items()}
    end, arrays = 0, {}
    for name, (kind, shape, begin, length) in sorted(places.items(), key=lambda item: item[1][2:]):
        if begin != end or start + begin + length > len(content):
            raise TensorFileError(f"the numbers '{name[:40]}' in it do not lie where they should")
        end = begin + length
        array = np.frombuffer(content, kind, prod(shape), start + begin) if length else np.zeros(0, kind)
        arrays[name] = array.reshape(shape)
        arrays[name].setflags(write=False)
    if start + end != len(content):
        raise TensorFileError("there is something else behind its numbers")
    return {name: arrays[name] for name in places}


def _place(name: str, entry: Any) -> tuple[np.dtype[Any], tuple[int, ...], int, int]:
    """Return type, shape, begin and length of an array, agreed with each other."""
    try:
        kind = np.dtype(_TYPES[entry["dtype"]])
        shape, (begin, end) = tuple(entry["shape"]), entry["data_offsets"]
    except (KeyError, TypeError, ValueError) as error:
        raise TensorFileError(f"the numbers '{name[:40]}' in it are not described as they should be") from error
    numbers = (*shape, begin, end)
    if any(type(number) is not int or not 0 <= number < 2**53 for number in numbers) or len(shape) > _MAX_DIMENSIONS:
        raise TensorFileError(f"the numbers '{name[:40]}' in it have an impossible shape")
    if end - begin != prod(shape) * kind.itemsize:
        raise TensorFileError(f"the numbers '{name[:40]}' in it do not have the length of their shape")
    return kind, shape, begin, end - begin


def _ordered(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the arrays with the widest types first, so that each one lies at a multiple of its width."""
    return dict(sorted(arrays.items(), key=lambda item: (-item[1].dtype.itemsize, item[0])))


def _header(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    begin, entries = 0, {}
    for name, array in arrays.items():
        if array.dtype not in _NAMES:
            raise TensorFileError(f"'{name}' has the type {array.dtype}")
        end = begin + array.nbytes
        entries[name] = {"dtype": _NAMES[array.dtype], "shape": list(array.shape), "data_offsets": [begin, end]}
        begin = end
    text = json.dumps(entries, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text
