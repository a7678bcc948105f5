"""Where a parameter lies: from stable ids to flat indices, and from one structure to another. Torch-free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
from numpy.typing import NDArray

from playground.engine.commands import BIAS, Cells
from playground.engine.spec import NetworkSpec

IndexArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

GONE = -1  # stands in a map of places for "has no place"


def locate(spec: NetworkSpec, cells: Cells) -> tuple[IndexArray, BoolArray]:
    """Find single parameters in the flat buffer.

    Parameters
    ----------
    spec : NetworkSpec
        The structure of the moment.
    cells : Cells
        Parameters by id, as the window named them, perhaps against an older structure.

    Returns
    -------
    flat : int64 array
        The flat index of each cell that is still there, in the order of ``cells``.
    kept : bool array, ``[cells]``
        False for the cells whose layer, neuron or source is gone.

    Raises
    ------
    ValueError
        Where ``cells`` holds another number of units than of sources.
    """
    units = np.asarray(cells.units, dtype=np.int64).reshape(-1)
    sources = np.asarray(cells.sources, dtype=np.int64).reshape(-1)
    if units.shape != sources.shape:
        raise ValueError(f"{units.size} neurons and {sources.size} sources do not make cells: one of each is needed.")
    index = spec.index_of(cells.layer)
    if index is None:
        return np.zeros(0, np.int64), np.zeros(units.shape, np.bool_)
    slots = spec.slots[index]
    rows = positions(spec.layers[index].units, units)
    columns = positions(spec.sources(index), sources)
    is_bias = sources == BIAS
    kept = (rows != GONE) & (is_bias | (columns != GONE))
    flat = np.where(is_bias, slots.bias.start + rows, slots.weight.start + rows * slots.columns + columns)
    return flat[kept], kept


def positions(ids: Sequence[int], wanted: IndexArray) -> IndexArray:
    """Return the position of each of ``wanted`` in ``ids``, GONE where it is not there."""
    if isinstance(ids, range):
        found = wanted - ids.start
        return np.where((found >= 0) & (found < len(ids)), found, GONE)
    ordered, order = _ordered(tuple(ids))
    near = np.minimum(np.searchsorted(ordered, wanted), ordered.size - 1)
    return np.where(ordered[near] == wanted, order[near], GONE)


@lru_cache(maxsize=64)
def _ordered(ids: tuple[int, ...]) -> tuple[IndexArray, IndexArray]:
    """Return the ids in ascending order, and the position of each; they depend on nothing but the ids."""
    array = np.asarray(ids, dtype=np.int64)
    order = np.argsort(array, kind="stable").astype(np.int64)
    ordered = array[order]
    ordered.flags.writeable = order.flags.writeable = False
    return ordered, order


# ---- from one structure to another --------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class LayerOrigin:
    """Where one layer of a new structure comes from in the old one.

    ``index`` is the old position of the layer, None where it is new; ``rows`` ``[out]`` and ``columns`` ``[in]``
    name the old row and column of each new one, GONE where there is none. ``were_neighbours`` says that the same
    layer (or the input) fed it before: a column that is GONE is then a new source of a layer that was there.
    """

    index: int | None
    rows: IndexArray
    columns: IndexArray
    were_neighbours: bool


def origins(old: NetworkSpec, new: NetworkSpec, copies: Sequence[tuple[int, int]] = ()) -> tuple[LayerOrigin, ...]:
    """Return for each layer of ``new`` where its parameters lay in ``old``.

    A weight keeps its place where both its neurons were joined before; of a pair (new, old) in ``copies`` the new
    neuron has the places of the old one. Between layers that were not neighbours the weights keep their order where
    the widths are equal (a layer went, came or moved between layers of one width).
    """
    original = dict(copies)
    return tuple(_origin(old, new, index, original) for index in range(len(new.layers)))


def _origin(old: NetworkSpec, new: NetworkSpec, index: int, original: dict[int, int]) -> LayerOrigin:
    layer = new.layers[index]
    width_in = new.widths[index]
    before = old.index_of(layer.id)
    if before is None:
        return LayerOrigin(None, _none(layer.width), _none(width_in), were_neighbours=False)
    rows = _unit_map(old.layers[before].units, layer.units, original)
    if index == 0 and before == 0:
        columns = pixel_map(old.input_shape, new.input_shape)
        return LayerOrigin(before, rows, columns, _is_same_kind(old.input_shape, new.input_shape))
    if index == 0 or before == 0:  # pixels before and neurons now, or the other way round
        return LayerOrigin(before, rows, _none(width_in), were_neighbours=False)
    old_source, new_source = old.layers[before - 1], new.layers[index - 1]
    if new_source.id == old_source.id:
        columns = _unit_map(old_source.units, new_source.units, original)
        return LayerOrigin(before, rows, columns, were_neighbours=True)
    fits = width_in == old_source.width
    columns = np.arange(width_in, dtype=np.int64) if fits else _none(width_in)
    return LayerOrigin(before, rows, columns, were_neighbours=False)


def _unit_map(old: tuple[int, ...], new: tuple[int, ...], original: dict[int, int]) -> IndexArray:
    places = positions(old, np.asarray(new, dtype=np.int64))
    if not original:
        return places
    models = np.asarray([original.get(unit, unit) for unit in new], dtype=np.int64)
    return np.where(places == GONE, positions(old, models), places)


def pixel_map(old: tuple[int, ...], new: tuple[int, ...]) -> IndexArray:
    """Return for each value of an input of shape ``new`` which value of one of shape ``old`` it was, or GONE.

    Images of two dimensions are laid over each other with their centres together; rows of numbers, and inputs
    with the same number of values, go by number; nothing carries over between others.
    """
    count = prod(new)
    if prod(old) == count:
        return np.arange(count, dtype=np.int64)
    if not _is_same_kind(old, new):
        return _none(count)
    if len(new) == 1:
        numbers = np.arange(count, dtype=np.int64)
        return np.where(numbers < old[0], numbers, GONE)
    # cut towards zero, so that growing and shrinking by the same amount cancel out
    down, right = (int((b - a) / 2) for a, b in zip(old, new, strict=True))
    rows, columns = np.divmod(np.arange(count, dtype=np.int64), new[1])
    rows, columns = rows - down, columns - right
    is_inside = (rows >= 0) & (rows < old[0]) & (columns >= 0) & (columns < old[1])
    return np.where(is_inside, rows * old[1] + columns, GONE)


def _is_same_kind(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    return prod(old) == prod(new) or (len(old) == len(new) and len(new) in {1, 2})


def _none(count: int) -> IndexArray:
    return np.full(count, GONE, dtype=np.int64)


def relocated(old: NetworkSpec, new: NetworkSpec, flat: IndexArray) -> tuple[IndexArray, BoolArray]:
    """Follow parameters from one structure to another.

    Parameters
    ----------
    old, new : NetworkSpec
    flat : int64 array
        Flat indices in the layout of ``old``.

    Returns
    -------
    flat : int64 array
        The flat index in the layout of ``new`` of each parameter that still has a place there.
    kept : bool array
        False for those that have none.
    """
    if old is new or old == new:
        return flat, np.ones(flat.shape, np.bool_)
    found = np.full(flat.shape, GONE, dtype=np.int64)
    for index, origin in enumerate(origins(old, new)):
        if origin.index is None:
            continue
        before, slots = old.slots[origin.index], new.slots[index]
        inside = np.flatnonzero((flat >= before.whole.start) & (flat < before.whole.stop))
        at = flat[inside]
        is_bias = at >= before.bias.start
        row, column = np.divmod(at - before.weight.start, before.columns)
        row = np.where(is_bias, at - before.bias.start, row)
        new_row = _inverse(origin.rows, before.rows)[row]
        new_column = np.where(is_bias, 0, _inverse(origin.columns, before.columns)[np.where(is_bias, 0, column)])
        place = np.where(is_bias, slots.bias.start + new_row, slots.weight.start + new_row * slots.columns + new_column)
        found[inside] = np.where((new_row == GONE) | (new_column == GONE), GONE, place)
    kept = found != GONE
    return found[kept], kept


def _inverse(sources: IndexArray, count: int) -> IndexArray:
    inverse = _none(count)
    known = np.flatnonzero(sources != GONE)
    inverse[sources[known]] = known
    return inverse
