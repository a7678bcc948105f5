"""Going over to another structure: every weight that still has a place keeps its number, moments and masks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from playground.engine.commands import Restructure
from playground.engine.near_identity import origins_around, plan_passage, start_near_identity
from playground.engine.network import Network, layer_views
from playground.engine.places import GONE, LayerOrigin, origins
from playground.engine.spec import NetworkSpec

_ROUNDING = 1e-5  # changes of an output below this are the arithmetic's, not the function's


def transferred(
    network: Network,
    command: Restructure,
    initialization: str,
    generator: torch.Generator,
    *,
    inputs: Tensor | None = None,
    loss: str = "cross_entropy",
) -> tuple[Network, str]:
    """Return the network in its new structure, and what that did to it.

    A new neuron starts with drawn incoming weights and outgoing weights 0; a copy has the incoming weights of its
    original, and both get half of the outgoing ones: neither changes the function. Weights between layers that were
    not neighbours before are drawn, unless the widths fit: then they stay in their order. A layer named in
    ``near_identity`` passes on what comes in as well as its activation allows. New pixels start with weight 0.

    Parameters
    ----------
    network : Network
        The present one; it is left as it is.
    command : Restructure
        The new structure, and what is new in it.
    initialization : str
        How fresh weights are drawn.
    generator : torch.Generator
        What draws them.
    inputs : Tensor, optional
        ``[n, inputs]`` examples, by which the change of the function is measured, and the range of what comes in to
        an inserted layer; without them the message does not speak of the function.
    loss : str
        By which the output layer is read (under cross-entropy as a softmax).

    Returns
    -------
    network : Network
        On the same device, with the same ``optimizer_steps``, nothing held.
    message : str
        Sentences for the user; empty where there is nothing to say.
    """
    old, new = network.spec, command.spec
    found = origins(old, new, command.copies)
    if command.inputs is not None and found[0].index == 0:
        columns = np.asarray(command.inputs, dtype=np.int64)
        found = (replace(found[0], columns=columns, were_neighbours=True), *found[1:])
    passages = [plan for plan in (plan_passage(old, new, layer) for layer in command.near_identity) if plan is not None]
    for passage in passages:
        found = origins_around(old, new, passage, found)
    result = Network.create(
        new, initialization, generator, device=network.parameters.device, dtype=network.parameters.dtype
    )
    result.optimizer_steps = network.optimizer_steps
    _carry_parameters(network, result, found)
    result.first_moment = _carried(network.first_moment, network, result, found)
    result.second_moment = _carried(network.second_moment, network, result, found)
    result.set_mask("movable", _carried(network.movable, network, result, found))
    result.set_mask("present", _carried(network.present, network, result, found))
    sentences = [start_near_identity(network, result, passage, inputs, loss) for passage in passages]
    sentences += _drawn_anew(new, found)
    if inputs is not None and old.inputs == new.inputs and old.outputs == new.outputs:
        sentences.append(change_sentence(measured_change(network, result, inputs, loss), len(inputs)))
    return result, " ".join(filter(None, sentences))


def measured_change(old: Network, new: Network, inputs: Tensor, loss: str) -> float:
    """Return the largest change of any output between two networks.

    Parameters
    ----------
    old, new : Network
        With as many inputs and outputs.
    inputs : Tensor
        ``[n, inputs]``, the examples it is measured on.
    loss : str
        By which the output layer is read (under cross-entropy as a softmax).

    Raises
    ------
    ValueError
        Where the networks do not take these inputs or do not have as many outputs.
    """
    width = inputs.shape[-1]
    if (old.spec.inputs, old.spec.outputs) != (new.spec.inputs, new.spec.outputs) or width != old.spec.inputs:
        raise ValueError(f"{old.spec.text} and {new.spec.text} cannot be compared on {width} inputs.")
    if not len(inputs):
        return 0.0
    before, after = old.forward(inputs, loss)[1][-1], new.forward(inputs, loss)[1][-1]  # [n, out]
    return float((after - before).abs().max())


def change_sentence(change: float, count: int) -> str:
    """Say how far the function changed, measured on ``count`` examples; nothing is said where there are none."""
    if not count:
        return ""
    if change == 0.0:
        return f"The function is unchanged: no output moved over {count:,} examples."
    if change <= _ROUNDING:
        return f"The function is unchanged but for rounding ({change:.1g})."
    return f"The function changed: an output moved by up to {change:.3g} over {count:,} examples."


def _carry_parameters(network: Network, result: Network, found: tuple[LayerOrigin, ...]) -> None:
    """Carry the numbers over; new sources start at 0, and the copies of a neuron share what it sent on."""
    _carry(network.parameters, result.parameters, network.spec, result.spec, found)
    for weight, origin in zip(result.weights, found, strict=True):
        if origin.index is None:
            continue
        rows, columns = _known(origin, weight)
        if origin.were_neighbours:
            fresh = torch.from_numpy(np.flatnonzero(origin.columns == GONE)).to(weight.device)
            weight[rows[:, None], fresh] = 0.0
        sharers = np.bincount(origin.columns[origin.columns != GONE])[origin.columns[origin.columns != GONE]]
        if sharers.size and sharers.max() > 1:
            weight[rows[:, None], columns] /= torch.from_numpy(sharers).to(weight)


def _carried(values: Tensor | None, network: Network, result: Network, found: tuple[LayerOrigin, ...]) -> Tensor | None:
    """Return a moment in the new layout, 0 where nothing was, or a mask, True where nothing was."""
    if values is None:
        return None
    empty = torch.ones_like if values.dtype == torch.bool else torch.zeros_like
    carried = empty(result.parameters, dtype=values.dtype)
    _carry(values, carried, network.spec, result.spec, found)
    return carried


def _carry(source: Tensor, target: Tensor, old: NetworkSpec, new: NetworkSpec, found: tuple[LayerOrigin, ...]) -> None:
    """Copy every entry of the flat buffer ``source`` to its place in ``target``, where it has one."""
    sources, targets = layer_views(old, source), layer_views(new, target)
    for (weight, bias), origin in zip(targets, found, strict=True):
        if origin.index is None:
            continue
        old_weight, old_bias = sources[origin.index]
        rows, columns = _known(origin, weight)
        from_rows = torch.from_numpy(origin.rows[origin.rows != GONE]).to(weight.device)
        from_columns = torch.from_numpy(origin.columns[origin.columns != GONE]).to(weight.device)
        weight[rows[:, None], columns] = old_weight[from_rows[:, None], from_columns]
        bias[rows] = old_bias[from_rows]


def _known(origin: LayerOrigin, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Return the rows and columns of the new layer that were there before."""
    rows = torch.from_numpy(np.flatnonzero(origin.rows != GONE)).to(weight.device)
    columns = torch.from_numpy(np.flatnonzero(origin.columns != GONE)).to(weight.device)
    return rows, columns


def _drawn_anew(new: NetworkSpec, found: tuple[LayerOrigin, ...]) -> list[str]:
    """Name the weights of layers that were there and are now fed by other neurons."""
    sentences = []
    for index, origin in enumerate(found):
        lost = int((origin.rows != GONE).sum() * (origin.columns == GONE).sum())
        if origin.index is not None and not origin.were_neighbours and lost:
            sentences.append(
                f"{lost:,} weights of {new.layer_name(index)} were drawn anew: other values come in there now."
            )
    return sentences
