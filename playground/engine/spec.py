"""What a network is: layers with stable ids, and where each parameter lies in the flat buffer. Torch-free."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import Any

ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "gelu", "softplus", "step")
OUTPUT_ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "softplus", "step")

ACTIVATION_NAMES = {
    "identity": "identity",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "gelu": "GELU",
    "softplus": "softplus",
    "step": "step",
    "softmax": "softmax",
}

WARN_PARAMETERS = 5_000_000
MAX_PARAMETERS = 400_000_000
MAX_LAYERS = 64
# Where documents let ids begin: above all numbers of pixels, so that neither is ever taken for the other.
FIRST_ID = 1 << 27
MAX_UNITS = 1_000_000  # neurons of a network; each has an id of its own


class SpecError(ValueError):
    """A structure that cannot be built; the text is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One fully connected layer: ``act = activation(W @ x + b)`` with W ``[out, in]``.

    ``units`` holds the stable id of each of its neurons, in order; ids are never used twice in a document, so a
    command that was sent against an older shape still finds its neuron.
    """

    id: int
    units: tuple[int, ...]
    activation: str = "sigmoid"
    dropout: float = 0.0

    @property
    def width(self) -> int:
        """Return the number of neurons."""
        return len(self.units)


@dataclass(frozen=True, slots=True)
class LayerSlots:
    """Where one layer lies in the flat parameter buffer: W row after row, then b."""

    weight: slice
    bias: slice
    rows: int
    columns: int

    @property
    def whole(self) -> slice:
        """Return the slice of weight and bias together."""
        return slice(self.weight.start, self.bias.stop)


@dataclass(frozen=True)
class NetworkSpec:
    """A dense stack. ``layers[-1]`` is the output layer; ``input_shape`` is the shape of one example.

    The output layer's activation counts under squared error; under cross-entropy the output is read as a softmax
    of the logits. ``next_id`` is the next unused id, ``version`` counts structural changes of the document.
    """

    input_shape: tuple[int, ...]
    layers: tuple[LayerSpec, ...]
    next_id: int
    version: int = 0

    @property
    def inputs(self) -> int:
        """Return the number of input values."""
        return prod(self.input_shape)

    @property
    def outputs(self) -> int:
        """Return the number of output neurons."""
        return self.layers[-1].width

    @property
    def widths(self) -> tuple[int, ...]:
        """Return input width and every layer's width: (784, 16, 16, 10)."""
        return (self.inputs, *(layer.width for layer in self.layers))

    @property
    def text(self) -> str:
        """Return the structure as typed: ``784-16-16-10``."""
        return "-".join(str(width) for width in self.widths)

    @cached_property
    def slots(self) -> tuple[LayerSlots, ...]:
        """Return where each layer lies in the flat buffer."""
        found, start = [], 0
        for columns, rows in pairwise(self.widths):
            middle = start + rows * columns
            found.append(LayerSlots(slice(start, middle), slice(middle, middle + rows), rows, columns))
            start = middle + rows
        return tuple(found)

    @property
    def parameter_count(self) -> int:
        """Return the number of weights and biases."""
        return int(self.slots[-1].bias.stop)

    @property
    def parameter_sum(self) -> str:
        """Return the count with its sum: ``784·16 + 16·16 + 16·10 + 42 = 13,002``."""
        products = " + ".join(f"{a}·{b}" for a, b in pairwise(self.widths))
        biases = sum(self.widths[1:])
        return f"{products} + {biases} = {self.parameter_count:,}"

    def index_of(self, layer_id: int) -> int | None:
        """Return the position of a layer, or None where it is gone."""
        return next((i for i, layer in enumerate(self.layers) if layer.id == layer_id), None)

    def sources(self, index: int) -> tuple[int, ...] | range:
        """Return the ids of what feeds layer ``index``: unit ids, or pixel numbers for the first layer."""
        return range(self.inputs) if index == 0 else self.layers[index - 1].units

    def layer_name(self, index: int) -> str:
        """Return the layer's name on the screen: ``hidden 1``, ``output``."""
        return "output" if index == len(self.layers) - 1 else f"hidden {index + 1}"

    def with_layers(self, layers: Iterable[LayerSpec], next_id: int | None = None) -> NetworkSpec:
        """Return the next version of this structure."""
        return replace(
            self,
            layers=tuple(layers),
            next_id=self.next_id if next_id is None else next_id,
            version=self.version + 1,
        )


def parse_widths(text: str) -> tuple[int, ...]:
    """Read ``784-16-16-10``.

    Raises
    ------
    SpecError
        Where the text is not two or more positive whole numbers joined by ``-``.
    """
    cleaned = re.sub("[–−×]", "-", text)
    if not cleaned.strip():
        raise SpecError("Type the widths of the layers joined by '-', for example 784-16-16-10.")
    parts = [part.strip() for part in cleaned.split("-")]
    for place, part in enumerate(parts, 1):
        if not part:
            raise SpecError(
                f"There is no number at place {place} of '{text.strip()[:60]}': "
                "write every width, for example 784-16-16-10."
            )
        if not re.fullmatch(r"[0-9]{1,9}", part):
            raise SpecError(f"'{part[:20]}' at place {place} is no width: use whole numbers such as 784-16-16-10.")
        if int(part) == 0:
            raise SpecError(f"A layer of 0 neurons (place {place}) passes nothing on: use 1 or more.")
    if len(parts) < 2:
        raise SpecError(f"'{parts[0]}' is one number: a network needs inputs and outputs, for example 784-10.")
    if len(parts) - 1 > MAX_LAYERS:
        raise SpecError(f"That is {len(parts) - 1} layers; more than {MAX_LAYERS} cannot be drawn or trained.")
    widths = tuple(int(part) for part in parts)
    check_size(widths)
    return widths


def check_size(widths: Iterable[int]) -> None:
    """Raise SpecError where a stack of these widths holds more parameters or neurons than can be kept."""
    sizes = tuple(widths)
    count = sum((a + 1) * b for a, b in pairwise(sizes))
    if count > MAX_PARAMETERS:
        raise SpecError(f"That network has {count:,} parameters; more than {MAX_PARAMETERS:,} do not fit in memory.")
    if sum(sizes[1:]) > MAX_UNITS:
        raise SpecError(f"That network has {sum(sizes[1:]):,} neurons; more than {MAX_UNITS:,} do not fit in memory.")


def build(
    widths: Iterable[int],
    *,
    input_shape: tuple[int, ...] | None = None,
    activation: str = "sigmoid",
    output_activation: str = "sigmoid",
    first_id: int = 0,
    version: int = 0,
) -> NetworkSpec:
    """Return a new dense stack of the given widths, its ids counted up from ``first_id``.

    Raises
    ------
    SpecError
        Where the widths, the input shape or an activation do not fit.
    """
    sizes = tuple(widths)
    if len(sizes) < 2 or any(size < 1 for size in sizes):
        raise SpecError("A network needs an input and an output of at least one value each.")
    shape = input_shape or (sizes[0],)
    if prod(shape) != sizes[0]:
        raise SpecError(
            f"The data have {' × '.join(map(str, shape))} = {prod(shape)} input values, the network takes {sizes[0]}."
        )
    if activation not in ACTIVATIONS or output_activation not in OUTPUT_ACTIVATIONS:
        raise SpecError(f"'{activation}' is no activation: use one of {', '.join(ACTIVATIONS)}.")
    check_size(sizes)
    layers, fresh = [], first_id
    for place, width in enumerate(sizes[1:], 1):
        is_output = place == len(sizes) - 1
        units = tuple(range(fresh + 1, fresh + 1 + width))
        layers.append(LayerSpec(fresh, units, output_activation if is_output else activation))
        fresh += width + 1
    return NetworkSpec(shape, tuple(layers), fresh, version)


def spec_to_json(spec: NetworkSpec) -> dict[str, Any]:
    """Return the structure as plain JSON values; runs of ids are written as [first, count]."""
    return {
        "input_shape": list(spec.input_shape),
        "next_id": spec.next_id,
        "version": spec.version,
        "layers": [
            {
                "id": layer.id,
                "units": _runs(layer.units),
                "activation": layer.activation,
                "dropout": layer.dropout,
            }
            for layer in spec.layers
        ],
    }


def spec_from_json(value: Any) -> NetworkSpec:
    """Read what ``spec_to_json`` wrote, trusting nothing.

    Raises
    ------
    SpecError
        With a sentence that says what is wrong.
    """
    try:
        shape = tuple(_whole(size, 1, 100_000_000) for size in value["input_shape"])
        _check_promise(shape, value["layers"])
        layers = tuple(_layer_from_json(entry) for entry in value["layers"])
        spec = NetworkSpec(shape, layers, _whole(value["next_id"], 0), _whole(value.get("version", 0), 0))
    except SpecError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise SpecError(f"The description of the network is incomplete or garbled ({str(error)[:80]}).") from error
    ids = [layer.id for layer in layers] + [unit for layer in layers for unit in layer.units]
    if len(set(ids)) != len(ids):
        raise SpecError("The description of the network uses an id twice.")
    if max(ids) >= spec.next_id:
        raise SpecError("The description of the network would use an id again that a neuron or layer has already.")
    if layers[-1].activation not in OUTPUT_ACTIVATIONS:
        raise SpecError(f"'{layers[-1].activation}' cannot be the activation of the output layer.")
    return spec


def _check_promise(shape: tuple[int, ...], layers: Any) -> None:
    """Bound what a description promises before anything of that size is built."""
    if not 1 <= len(shape) <= 4 or not 1 <= len(layers) <= MAX_LAYERS:
        raise SpecError("The description of the network has an impossible number of layers or dimensions.")
    check_size([prod(shape), *(sum(_whole(count, 1) for _, count in layer["units"]) for layer in layers)])


def _layer_from_json(entry: Any) -> LayerSpec:
    activation, dropout = entry["activation"], entry["dropout"]
    if activation not in ACTIVATIONS:
        raise SpecError(f"'{str(activation)[:40]}' is no activation that this version knows.")
    if isinstance(dropout, bool) or not isinstance(dropout, int | float) or not 0 <= dropout < 1:
        raise SpecError("The dropout of a layer must lie between 0 and 1.")
    units: list[int] = []
    for run in entry["units"]:
        first, count = (_whole(number, 0) for number in run)
        units.extend(range(first, first + count))
    if not units:
        raise SpecError("A layer of the network has no neurons.")
    return LayerSpec(_whole(entry["id"], 0), tuple(units), activation, float(dropout))


def _whole(value: Any, low: int, high: int = 2**53) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise SpecError(f"'{str(value)[:40]}' is not a whole number that can stand here.")
    return value


def _runs(units: tuple[int, ...]) -> list[list[int]]:
    runs: list[list[int]] = []
    for unit in units:
        if runs and unit == runs[-1][0] + runs[-1][1]:
            runs[-1][1] += 1
        else:
            runs.append([unit, 1])
    return runs
