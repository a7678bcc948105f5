"""Changes of structure as pure functions: a spec goes in, the command to the new one comes out. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import prod

from playground.engine.commands import Restructure
from playground.engine.datasets import DataSet
from playground.engine.spec import (
    ACTIVATION_NAMES,
    ACTIVATIONS,
    MAX_LAYERS,
    OUTPUT_ACTIVATIONS,
    LayerSpec,
    NetworkSpec,
    SpecError,
    check_size,
    parse_widths,
)
from playground.engine.targets import natural_activation


def add_units(spec: NetworkSpec, layer_id: int, count: int = 1) -> Restructure:
    """Add ``count`` neurons at the end of a hidden layer (raises SpecError)."""
    index = _hidden(spec, layer_id)
    layer = spec.layers[index]
    if count < 1:
        raise SpecError("Add one neuron or more.")
    check_size(_widths_with(spec, index, layer.width + count))
    units = (*layer.units, *range(spec.next_id, spec.next_id + count))
    changed = _with_layer(spec, index, replace(layer, units=units), spec.next_id + count)
    return Restructure(changed, f"{count} neuron{'s' * (count > 1)} added to {spec.layer_name(index)}")


def remove_units(spec: NetworkSpec, layer_id: int, units: Iterable[int] = ()) -> Restructure:
    """Remove the given neurons of a hidden layer, the last one where none is named (raises SpecError)."""
    index = _hidden(spec, layer_id)
    layer = spec.layers[index]
    gone = set(units) or {layer.units[-1]}
    left = tuple(unit for unit in layer.units if unit not in gone)
    if len(left) == layer.width:
        raise SpecError(f"Those neurons of {spec.layer_name(index)} are gone already.")
    if not left:
        raise SpecError(f"The last neuron of {spec.layer_name(index)} must stay: remove the layer instead.")
    count = layer.width - len(left)
    changed = _with_layer(spec, index, replace(layer, units=left))
    return Restructure(changed, f"{count} neuron{'s' * (count > 1)} removed from {spec.layer_name(index)}")


def duplicate_units(spec: NetworkSpec, layer_id: int, units: Sequence[int]) -> Restructure:
    """Put a copy behind each of the given neurons; both halves of a pair send on half (raises SpecError)."""
    index = _hidden(spec, layer_id)
    layer = spec.layers[index]
    chosen = set(units) & set(layer.units)
    if not chosen:
        raise SpecError("Select the neurons to duplicate first.")
    check_size(_widths_with(spec, index, layer.width + len(chosen)))
    fresh, order, copies = spec.next_id, [], []
    for unit in layer.units:
        order.append(unit)
        if unit in chosen:
            order.append(fresh)
            copies.append((fresh, unit))
            fresh += 1
    changed = _with_layer(spec, index, replace(layer, units=tuple(order)), fresh)
    label = f"{len(copies)} neuron{'s' * (len(copies) > 1)} of {spec.layer_name(index)} duplicated"
    return Restructure(changed, label, copies=tuple(copies))


def insert_layer(spec: NetworkSpec, before: int, width: int | None = None, activation: str = "relu") -> Restructure:
    """Insert a hidden layer in front of layer ``before`` (an id), as near the identity as its activation allows.

    Its width is that of what feeds it unless given; in front of the first layer the width of that layer.
    Raises SpecError.
    """
    index = spec.index_of(before)
    if index is None:
        raise SpecError("That layer is gone.")
    if len(spec.layers) >= MAX_LAYERS:
        raise SpecError(f"The network has {MAX_LAYERS} layers already; more cannot be drawn or trained.")
    if activation not in ACTIVATIONS:
        raise SpecError(f"'{activation}' is no activation.")
    natural = spec.layers[0].width if index == 0 else spec.widths[index]
    size = natural if width is None else width
    if size < 1:
        raise SpecError("A layer needs at least one neuron.")
    widths = list(spec.widths)
    widths.insert(index + 1, size)
    check_size(widths)
    fresh = LayerSpec(spec.next_id, tuple(range(spec.next_id + 1, spec.next_id + 1 + size)), activation)
    layers = [*spec.layers[:index], fresh, *spec.layers[index:]]
    changed = spec.with_layers(layers, spec.next_id + 1 + size)
    return Restructure(changed, f"layer of {size} inserted", near_identity=(fresh.id,))


def remove_layer(spec: NetworkSpec, layer_id: int) -> Restructure:
    """Remove a hidden layer (raises SpecError)."""
    index = _hidden(spec, layer_id)
    layers = [layer for layer in spec.layers if layer.id != layer_id]
    changed = spec.with_layers(layers)
    check_size(changed.widths)
    return Restructure(changed, f"{spec.layer_name(index)} removed")


def move_layer(spec: NetworkSpec, layer_id: int, places: int) -> Restructure:
    """Move a hidden layer ``places`` towards the output (negative: the input) (raises SpecError)."""
    index = _hidden(spec, layer_id)
    target = index + places
    if not 0 <= target < len(spec.layers) - 1:
        raise SpecError(f"{spec.layer_name(index).capitalize()} cannot move further that way.")
    layers = list(spec.layers)
    layers.insert(target, layers.pop(index))
    changed = spec.with_layers(layers)
    check_size(changed.widths)
    return Restructure(changed, f"{spec.layer_name(index)} moved")


def set_activation(spec: NetworkSpec, layer_id: int, activation: str) -> Restructure:
    """Give a layer another activation (raises SpecError)."""
    index = spec.index_of(layer_id)
    if index is None:
        raise SpecError("That layer is gone.")
    is_output = index == len(spec.layers) - 1
    if activation not in (OUTPUT_ACTIVATIONS if is_output else ACTIVATIONS):
        raise SpecError(f"'{activation}' cannot be the activation of {spec.layer_name(index)}.")
    changed = _with_layer(spec, index, replace(spec.layers[index], activation=activation))
    return Restructure(changed, f"{spec.layer_name(index)}: {ACTIVATION_NAMES[activation]}")


def set_dropout(spec: NetworkSpec, layer_id: int, share: float) -> Restructure:
    """Let a hidden layer drop ``share`` of its activations while it trains (raises SpecError)."""
    index = _hidden(spec, layer_id)
    if not 0 <= share < 1:
        raise SpecError("The dropout must lie between 0 and 1 (1 itself would let nothing through).")
    changed = _with_layer(spec, index, replace(spec.layers[index], dropout=float(share)))
    return Restructure(changed, f"{spec.layer_name(index)}: dropout {share:g}")


def retyped(spec: NetworkSpec, text: str, *, fixed_inputs: bool = True) -> Restructure:
    """Go over to the typed widths; layers keep their ids, neurons and activations as far as they go (raises SpecError).

    With ``fixed_inputs`` the first and the last width must be those that the data set; without, input and output
    follow what was typed.
    """
    widths = parse_widths(text)
    last = spec.layers[-1]
    if fixed_inputs and (widths[0], widths[-1]) != (spec.inputs, spec.outputs):
        raise SpecError(
            f"These data have {spec.inputs} inputs and {spec.outputs} classes: "
            f"the network must begin with {spec.inputs} and end with {spec.outputs}."
        )
    fresh, layers = spec.next_id, []
    hidden = list(spec.layers[:-1])
    last_activation = hidden[-1].activation if hidden else "sigmoid"
    for place, width in enumerate(widths[1:-1]):
        if place < len(hidden):
            old = hidden[place]
            layers.append(replace(old, units=_resized(old.units, width, fresh)))
            fresh += max(0, width - old.width)
        else:
            layers.append(LayerSpec(fresh, tuple(range(fresh + 1, fresh + 1 + width)), last_activation))
            fresh += width + 1
    layers.append(replace(last, units=_resized(last.units, widths[-1], fresh)))
    fresh += max(0, widths[-1] - last.width)
    changed = spec.with_layers(layers, fresh)
    if widths[0] != spec.inputs:
        changed = replace(changed, input_shape=(widths[0],))
    return Restructure(changed, changed.text)


def fitted_to(spec: NetworkSpec, input_shape: tuple[int, ...], outputs: int) -> Restructure:
    """Let input and output follow the data; hidden layers stay (raises SpecError)."""
    if outputs < 1 or not input_shape or min(input_shape) < 1:
        raise SpecError("Data need at least one input value and one class.")
    last = spec.layers[-1]
    check_size([prod(input_shape), *spec.widths[1:-1], outputs])
    fresh = spec.next_id + max(0, outputs - last.width)
    layers = [*spec.layers[:-1], replace(last, units=_resized(last.units, outputs, spec.next_id))]
    changed = replace(spec.with_layers(layers, fresh), input_shape=input_shape)
    return Restructure(changed, f"fitted to {' × '.join(map(str, input_shape))} inputs, {outputs} outputs")


def fitted_to_data(spec: NetworkSpec, data: DataSet, before: DataSet) -> Restructure | None:
    """Let the network follow other data than those ``before``: input, output, and how the output is read.

    The output's activation changes where the task is another one. In the plane weights stay with their features.
    Returns None where everything fits already. Raises SpecError.
    """
    needs_widths = spec.input_shape != data.input_shape or spec.outputs != data.outputs
    change = fitted_to(spec, data.input_shape, data.outputs) if needs_widths else None
    kept = _kept_features(data, before)
    if kept is not None:
        change = replace(change or Restructure(spec.with_layers(spec.layers), "other features"), inputs=kept)
    natural = natural_activation(data.task)
    last = spec.layers[-1]
    if data.task == before.task or last.activation == natural:
        return change
    if change is None:
        return set_activation(spec, last.id, natural)
    return replace(change, spec=set_activation(change.spec, last.id, natural).spec)


def _kept_features(data: DataSet, before: DataSet) -> tuple[int, ...] | None:
    """Return for each feature of the plane which one it was before, -1 where it is new; None where all are the same."""
    if data.plane is None or before.plane is None:
        return None
    names, old = data.plane.features.names, before.plane.features.names
    return None if names == old else tuple(old.index(name) if name in old else -1 for name in names)


def _hidden(spec: NetworkSpec, layer_id: int) -> int:
    index = spec.index_of(layer_id)
    if index is None:
        raise SpecError("That layer is gone.")
    if index == len(spec.layers) - 1:
        raise SpecError("The output layer follows the classes of the data: it cannot be changed like this.")
    return index


def _with_layer(spec: NetworkSpec, index: int, layer: LayerSpec, next_id: int | None = None) -> NetworkSpec:
    layers = list(spec.layers)
    layers[index] = layer
    return spec.with_layers(layers, next_id)


def _resized(units: tuple[int, ...], width: int, fresh: int) -> tuple[int, ...]:
    return (*units[:width], *range(fresh, fresh + width - len(units)))


def _widths_with(spec: NetworkSpec, index: int, width: int) -> list[int]:
    widths = list(spec.widths)
    widths[index + 1] = width
    return widths
