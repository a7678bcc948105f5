"""Weights from elsewhere: a plain ``nn.Sequential`` of Linear layers, as safetensors or as a state_dict.

Nothing is trusted: no pickled code is run, and sizes are bounded before anything is built.
"""

from __future__ import annotations

import pickle
import re
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from playground.engine.archive import Archive, ArchiveError
from playground.engine.atomic_file import why
from playground.engine.spec import MAX_LAYERS, MAX_PARAMETERS, NetworkSpec, SpecError, build, check_size

MAX_BYTES = 8 * MAX_PARAMETERS + (64 << 20)
_WRAPPERS = ("state_dict", "model_state_dict", "model", "net")
_FLOATS = ("float16", "bfloat16", "float32", "float64")


class WeightsError(ValueError):
    """Weights that cannot be taken over; the text is a sentence for the user that names the file."""


@dataclass(frozen=True, eq=False)
class ImportedWeights:
    """A structure and its weights, flat as in ``spec.slots``; ``notes`` are sentences on what had to be assumed."""

    spec: NetworkSpec
    parameters: NDArray[np.float32]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Linear:
    name: str
    weight: NDArray[np.float32]
    bias: NDArray[np.float32] | None


def import_weights(
    path: str | Path, *, activation: str = "relu", input_shape: tuple[int, ...] | None = None
) -> ImportedWeights:
    """Read the weights of a stack of Linear layers.

    Parameters
    ----------
    path : str or Path
        A safetensors file, or a state_dict that ``torch.save`` wrote (also inside a checkpoint, as ``state_dict`` or
        ``model_state_dict``).
    activation : str
        Of the hidden layers: a file of weights does not say which one it was.
    input_shape : tuple of int, optional
        The shape of one input, where it has as many values as the first layer takes.

    Raises
    ------
    WeightsError
        When it is something else than Linear layers that follow each other, or numbers are missing or not finite.
    """
    path = Path(path)
    try:
        if not path.is_file():
            raise WeightsError(f"{path} is no file: choose a .safetensors file or a state_dict (.pt).")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise WeightsError(f"{path.name} has {size:,} bytes: more than any network that fits in memory.")
        with path.open("rb") as stream:
            start = stream.read(16)
        if start[8:9] == b"{":
            tensors, is_ordered = _from_safetensors(path), False
        else:
            tensors, is_ordered = _from_torch(path, start), True
        layers = _chained(_linear_layers(tensors, path.name), path.name, is_ordered=is_ordered)
        return _assembled(layers, path.name, activation, input_shape)
    except OSError as error:
        raise WeightsError(f"{path} could not be read: {why(error)}.") from error
    except SpecError as error:
        raise WeightsError(f"The weights in {path.name} cannot be used. {error}") from error
    except MemoryError as error:
        raise WeightsError(f"{path.name} needs more memory than this computer has free.") from error


def _from_safetensors(path: Path) -> dict[str, NDArray[Any]]:
    try:
        tensors: dict[str, NDArray[Any]] = safetensors.numpy.load(path.read_bytes())
    except KeyError as error:
        raise WeightsError(
            f"{path.name} holds numbers of the type {str(error)[:40]}, which are not supported: save float32."
        ) from error
    except (safetensors.SafetensorError, ValueError, TypeError, OverflowError) as error:
        raise WeightsError(f"{path.name} is no sound safetensors file: get it again.") from error
    return tensors


def _from_torch(path: Path, start: bytes) -> dict[str, Any]:
    """Return the tensors of a state_dict, as torch has them."""
    if start.startswith(b"PK"):
        _check_archive(path)
    elif not start.startswith(b"\x80"):
        raise WeightsError(f"{path.name} is neither a safetensors file nor a state_dict of torch: choose another file.")
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about old formats, for developers
            found = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise WeightsError(
            f"{path.name} holds more than tensors, such as a whole pickled model, and is not opened: that could run "
            "foreign code. Save model.state_dict() instead, or safetensors."
        ) from error
    except (
        RuntimeError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        EOFError,
        AssertionError,
    ) as error:
        raise WeightsError(f"{path.name} is damaged or no state_dict of torch: get it again.") from error
    for _ in range(2):
        inner = next((found[name] for name in _WRAPPERS if name in found), None) if isinstance(found, Mapping) else None
        if not isinstance(inner, Mapping):
            break
        found = inner
    if not isinstance(found, Mapping) or not found:
        raise WeightsError(f"{path.name} holds no table of tensors: save model.state_dict().")
    tensors = {}
    for name, tensor in found.items():
        if not isinstance(tensor, torch.Tensor):
            continue  # counters and the like
        if tensor.layout != torch.strided or tensor.is_quantized:
            raise WeightsError(f"'{str(name)[:80]}' in {path.name} is sparse or quantised: save plain float32.")
        tensors[str(name)] = tensor.detach()
    return tensors


def _check_archive(path: Path) -> None:
    """Bound what torch would unpack."""
    try:
        with path.open("rb") as stream:
            archive = Archive(stream, path.name)
            if any(archive.size(name) > MAX_BYTES for name in archive.names):
                raise WeightsError(f"{path.name} would unpack to more than any network that fits in memory.")
            if not any(name.endswith("data.pkl") for name in archive.names):
                raise WeightsError(f"{path.name} is a zip archive, but no state_dict of torch: choose another file.")
    except (ArchiveError, zipfile.BadZipFile) as error:
        raise WeightsError(str(error)) from error


def _linear_layers(tensors: Mapping[str, Any], file: str) -> list[_Linear]:
    """Return the Linear layers in the order in which the file has them."""
    total = sum(int(np.prod(tuple(tensor.shape), dtype=np.float64)) for tensor in tensors.values())
    if total > MAX_PARAMETERS:  # also a tensor that repeats one number without end
        raise WeightsError(f"{file} describes {total:,} numbers: more than {MAX_PARAMETERS:,} do not fit in memory.")
    layers, used = [], set()
    for name, tensor in tensors.items():
        if name == "weight" or name.endswith(".weight"):
            if len(tensor.shape) != 2:
                raise _wrong_shape(name, tuple(tensor.shape), file)
            bias_name = f"{name.removesuffix('weight')}bias"
            bias = tensors.get(bias_name)
            if bias is not None and tuple(bias.shape) != tuple(tensor.shape[:1]):
                raise WeightsError(
                    f"'{bias_name}' in {file} has the shape {list(bias.shape)}; a layer of {tensor.shape[0]} neurons "
                    f"needs [{tensor.shape[0]}]."
                )
            used |= {name, bias_name}
            numbers = None if bias is None else _as_float32(bias, bias_name, file)
            layers.append(_Linear(name.removesuffix("weight").rstrip("."), _as_float32(tensor, name, file), numbers))
    left = [name for name in tensors if name not in used]
    if left and layers:
        raise WeightsError(
            f"{file} holds '{left[0][:80]}' besides the weights of Linear layers: only a plain stack of them can be "
            "taken over."
        )
    if not layers:
        raise WeightsError(f"{file} holds no weights of Linear layers (names such as '0.weight' and '0.bias').")
    if len(layers) > MAX_LAYERS:
        raise WeightsError(f"{file} holds {len(layers)} layers; more than {MAX_LAYERS} cannot be drawn or trained.")
    return layers


def _wrong_shape(name: str, shape: tuple[int, ...], file: str) -> WeightsError:
    kinds = {1: "a normalisation", 3: "a convolution", 4: "a convolution", 5: "a convolution"}
    kind = kinds.get(len(shape), "something else")
    return WeightsError(
        f"'{name[:80]}' in {file} has the shape {list(shape)[:8]}: that is {kind}, and only a plain stack of Linear "
        "layers can be taken over."
    )


def _as_float32(tensor: Any, name: str, file: str) -> NDArray[np.float32]:
    if str(tensor.dtype).removeprefix("torch.") not in _FLOATS:
        raise WeightsError(f"'{name[:80]}' in {file} holds {tensor.dtype} numbers: save float32.")
    array: NDArray[Any] = tensor if isinstance(tensor, np.ndarray) else tensor.float().numpy()
    with np.errstate(over="ignore"):
        numbers = np.array(array, np.float32)
    if not np.isfinite(numbers).all():
        raise WeightsError(f"'{name[:80]}' in {file} holds numbers that are not finite: the network had diverged.")
    if not numbers.size:
        raise WeightsError(f"'{name[:80]}' in {file} is empty.")
    return numbers


def _chained(layers: list[_Linear], file: str, *, is_ordered: bool) -> list[_Linear]:
    """Return the layers so that each one takes what the one before it gives.

    A state_dict keeps the order of the layers; a safetensors file does not, there the numbers in the names say it.
    """
    by_name = sorted(layers, key=lambda layer: [_natural(part) for part in re.split(r"(\d+)", layer.name)])
    orders = (layers, by_name) if is_ordered else (by_name, layers)
    for order in orders:
        if all(a.weight.shape[0] == b.weight.shape[1] for a, b in pairwise(order)):
            return order
    first, second = next((a, b) for a, b in pairwise(orders[0]) if a.weight.shape[0] != b.weight.shape[1])
    raise WeightsError(
        f"The layers in {file} do not follow each other: '{first.name[:60]}' gives {first.weight.shape[0]} values, "
        f"'{second.name[:60]}' takes {second.weight.shape[1]}."
    )


def _natural(part: str) -> tuple[int, int, str]:
    return (0, int(part), "") if part.isdecimal() and len(part) < 10 else (1, 0, part)


def _assembled(
    layers: list[_Linear], file: str, activation: str, input_shape: tuple[int, ...] | None
) -> ImportedWeights:
    widths = (layers[0].weight.shape[1], *(layer.weight.shape[0] for layer in layers))
    check_size(widths)
    fits = input_shape is not None and int(np.prod(input_shape)) == widths[0]
    spec = build(widths, input_shape=input_shape if fits else None, activation=activation)
    parameters = np.zeros(spec.parameter_count, np.float32)
    for layer, slots in zip(layers, spec.slots, strict=True):
        parameters[slots.weight] = layer.weight.ravel()
        if layer.bias is not None:
            parameters[slots.bias] = layer.bias
    notes = []
    if len(layers) > 1:
        notes.append(f"{file} does not say which activation the hidden layers have: {activation} was taken.")
    bare = [layer.name for layer in layers if layer.bias is None]
    if bare:
        notes.append(f"'{', '.join(bare)[:80]}' has no bias: it is zero here.")
    return ImportedWeights(spec, parameters, tuple(notes))
