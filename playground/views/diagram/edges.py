"""Which edges are drawn, between which points, how strongly and how wide."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from playground.engine.spec import NetworkSpec
from playground.views.diagram.curve import FloatArray
from playground.views.diagram.layout import Column, Layout
from playground.views.diagram.picture import INPUT, Picture, image_shape, magnitude

EDGE_BUDGET = 1200  # so many edges at most are drawn between all layers together
PIXEL_EDGES = 28  # so many from the input image to a neuron of the first layer
CUT_EDGES = 300  # so many cut edges are drawn dashed, the rest is absent

_BLOCK_EDGE = 2.0  # pixels between a block of neurons and its edges
_CALM = (45.0, 0.10, 0.32)  # mean strength of a layer's edges: at most 45 / their number, within these bounds
_FLOOR = 0.16  # least strength of an edge where there are few

IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class Thinned:
    """Of the edges into a layer, how many are drawn."""

    layer: int
    shown: int
    total: int

    @property
    def words(self) -> tuple[str, ...]:
        """Return what the header says of it, from the longest form to the shortest."""
        pair = f"{self.shown:,} of {self.total:,}"
        return f"strongest {pair}", pair, f"{self.shown:,} edges", f"{self.shown:,}"


@dataclass(frozen=True, eq=False)
class EdgeSet:
    """Edges by layer index, row (their neuron) and column (their source), with both ends in plan coordinates."""

    layers: IntArray
    rows: IntArray
    columns: IntArray
    ends: FloatArray  # [edges, 4]
    thinned: tuple[Thinned, ...] = ()

    def __len__(self) -> int:
        return len(self.layers)

    @cached_property
    def by_layer(self) -> tuple[tuple[int, slice | IntArray], ...]:
        """Return the layers that edges lead into, with the numbers of those edges: a slice where they are in a row."""
        found: list[tuple[int, slice | IntArray]] = []
        for layer in np.flatnonzero(np.bincount(self.layers)).tolist():
            chosen = np.flatnonzero(self.layers == layer)
            first, last = int(chosen[0]), int(chosen[-1])
            found.append((layer, slice(first, last + 1) if last - first + 1 == len(chosen) else chosen))
        return tuple(found)

    @cached_property
    def fineness(self) -> FloatArray:
        """Return for each edge how much finer it is drawn than the widest: where there are many."""
        found = np.ones(len(self), np.float32)
        for _, chosen in self.by_layer:
            count = chosen.stop - chosen.start if isinstance(chosen, slice) else len(chosen)
            found[chosen] = min(max((256.0 / count) ** 0.25, 0.65), 1.0)
        return found

    def touching(self, place: int, row: int) -> NDArray[np.bool_]:
        """Return which edges begin or end at a neuron (or an input, at place INPUT)."""
        into = (self.layers == place) & (self.rows == row)
        found: NDArray[np.bool_] = into | ((self.layers == place + 1) & (self.columns == row))
        return found

    def differs(self, other: EdgeSet) -> float:
        """Return the share of these edges that ``other`` has not."""
        if other is self or not len(self):
            return 0.0
        known = set(zip(other.layers.tolist(), other.rows.tolist(), other.columns.tolist(), strict=True))
        mine = zip(self.layers.tolist(), self.rows.tolist(), self.columns.tolist(), strict=True)
        return sum(edge not in known for edge in mine) / len(self)

    def values(self, picture: Picture) -> tuple[FloatArray, FloatArray]:
        """Return weight and flow (weight times activation; NaN where nothing was read) of each edge."""
        weights, flows = np.zeros(len(self), np.float32), np.full(len(self), np.nan, np.float32)
        for layer, chosen in self.by_layer:
            found = picture.weights[layer][self.rows[chosen], self.columns[chosen]]
            weights[chosen] = found
            act = picture.act(layer - 1)
            if act is not None:
                with np.errstate(invalid="ignore", over="ignore"):  # weights that diverged
                    flows[chosen] = found * act[self.columns[chosen]]
        return weights, flows


_NONE = np.zeros(0, np.intp)
NO_EDGES = EdgeSet(_NONE, _NONE, _NONE, np.zeros((0, 4), np.float32))


def choose(picture: Picture, layout: Layout, hidden: frozenset[int], budget: int = EDGE_BUDGET) -> EdgeSet:
    """Return the edges to draw between the neurons in sight, the strongest of each layer pair where they are many.

    Edges into the layers ``hidden`` (shown as matrix) are left out, and so are those of an input image and cut ones.
    """
    is_image = image_shape(picture.spec) is not None
    pairs = [index for index in range(1 if is_image else 0, len(picture.spec.layers)) if index not in hidden]
    limits = shares([layout.column(i).shown * layout.column(i - 1).shown for i in pairs], budget)
    parts, notes = [], []
    for index, limit in zip(pairs, limits, strict=True):
        rows, columns = _strongest(picture, layout, index, limit)
        notes.append(Thinned(index, len(rows), _present_count(picture, index)))
        parts.append((np.full(len(rows), index, np.intp), rows, columns, _ends(layout, index, rows, columns)))
    if not parts:
        return NO_EDGES
    layers, rows, columns, ends = (np.concatenate(list(arrays)) for arrays in zip(*parts, strict=True))
    return EdgeSet(layers, rows, columns, ends.astype(np.float32), tuple(notes))


def shares(counts: list[int], budget: int) -> list[int]:
    """Return how many of each pair's ``counts`` edges may be drawn: small pairs whole, the rest in equal parts."""
    limits = [0] * len(counts)
    left = budget
    for place, index in enumerate(sorted(range(len(counts)), key=counts.__getitem__)):
        limits[index] = min(counts[index], left // (len(counts) - place))
        left -= limits[index]
    return limits


def _strongest(picture: Picture, layout: Layout, index: int, limit: int) -> tuple[IntArray, IntArray]:
    source, target = layout.column(index - 1), layout.column(index)
    rows = slice(target.first, target.first + target.shown)
    columns = slice(source.first, source.first + source.shown)
    sizes = np.abs(np.nan_to_num(picture.weights[index][rows, columns], nan=np.inf))
    present = picture.mask("present", index)
    if present is not None:
        sizes = np.where(present[rows, columns], sizes, -1.0)
    flat = sizes.ravel()
    kept = np.flatnonzero(flat >= 0.0)
    if len(kept) > limit:
        kept = np.sort(np.argpartition(flat, len(flat) - limit)[len(flat) - limit :]) if limit else kept[:0]
    found_rows, found_columns = np.divmod(kept, max(source.shown, 1))
    return found_rows + target.first, found_columns + source.first


def _present_count(picture: Picture, index: int) -> int:
    present = picture.mask("present", index)
    return int(picture.weights[index].size if present is None else np.count_nonzero(present))


def _ends(layout: Layout, index: int, rows: IntArray, columns: IntArray) -> FloatArray:
    start = right_of(layout.column(index - 1))[columns - layout.column(index - 1).first]
    end = left_of(layout.column(index))[rows - layout.column(index).first]
    return np.concatenate([start, end], 1)


def right_of(column: Column) -> FloatArray:
    """Return where edges leave each neuron of a column ``[shown, 2]``: at its right, or at that of its block."""
    if column.across == 1:
        return column.centres + np.array([column.size / 2, 0.0], np.float32)
    return _beside_block(column, column.body.right() + _BLOCK_EDGE)


def left_of(column: Column) -> FloatArray:
    """Return where edges reach each neuron of a column ``[shown, 2]``: at its left, or at that of its block."""
    if column.across == 1:
        return column.centres - np.array([column.size / 2 + column.bar, 0.0], np.float32)
    return _beside_block(column, column.body.left() - _BLOCK_EDGE)


def _beside_block(column: Column, x: float) -> FloatArray:
    """Return places at the border of a block, those of neurons abreast a little one below the other."""
    abreast = np.arange(column.shown) % column.across
    y = column.centres[:, 1] + column.pitch * 0.8 * ((abreast + 0.5) / column.across - 0.5)
    return np.stack([np.full(column.shown, x), y], 1).astype(np.float32)


def pixel_edges(picture: Picture, layout: Layout, row: int, count: int = PIXEL_EDGES) -> EdgeSet:
    """Return the edges from the input image to one first-layer neuron along which most flows (most weighs)."""
    column = layout.column(0)
    if image_shape(picture.spec) is None or column.cell(row) is None:
        return NO_EDGES
    weight, act = picture.weights[0][row], picture.act(INPUT)
    with np.errstate(invalid="ignore", over="ignore"):
        sizes = np.abs(np.nan_to_num(weight if act is None or not act.any() else weight * act))
    present = picture.mask("present", 0)
    if present is not None:
        sizes = np.where(present[row], sizes, 0.0)
    count = min(count, int(np.count_nonzero(sizes)))
    chosen = (
        np.sort(np.argpartition(sizes, len(sizes) - count)[len(sizes) - count :]) if count else sizes[:0].astype(int)
    )
    return pixel_edge_set(picture, layout, row, chosen)


def pixel_edge_set(picture: Picture, layout: Layout, row: int, pixels: IntArray) -> EdgeSet:
    """Return the edges from the given pixels to one first-layer neuron."""
    shape = image_shape(picture.spec) or (1, 1)
    source, target = layout.column(INPUT), layout.column(0)
    start = np.array([source.pixel(int(pixel), shape) for pixel in pixels], np.float32).reshape(-1, 2)
    end = left_of(target)[np.full(len(pixels), row - target.first)]
    zeros = np.zeros(len(pixels), np.intp)
    return EdgeSet(zeros, zeros + row, pixels.astype(np.intp), np.concatenate([start, end], 1).astype(np.float32))


def cut_edges(picture: Picture, layout: Layout, hidden: frozenset[int], most: int = CUT_EDGES) -> EdgeSet:
    """Return the cut edges between neurons in sight, none where there are more than ``most``."""
    parts = []
    first = 1 if image_shape(picture.spec) is not None else 0
    for index in range(first, len(picture.spec.layers)):
        present = picture.mask("present", index)
        if present is None or index in hidden:
            continue
        source, target = layout.column(index - 1), layout.column(index)
        shown = present[target.first : target.first + target.shown, source.first : source.first + source.shown]
        rows, columns = np.nonzero(~shown)
        rows, columns = rows + target.first, columns + source.first
        parts.append((np.full(len(rows), index, np.intp), rows, columns, _ends(layout, index, rows, columns)))
    if not parts or sum(len(part[0]) for part in parts) > most:
        return NO_EDGES
    layers, rows, columns, ends = (np.concatenate(list(arrays)) for arrays in zip(*parts, strict=True))
    return EdgeSet(layers, rows, columns, ends.astype(np.float32))


def edge_ends(
    spec: NetworkSpec, layout: Layout, index: int, row: int, column: int
) -> tuple[float, float, float, float] | None:
    """Return both ends of any edge in plan coordinates, None where an end is scrolled out of sight."""
    target, source = layout.column(index), layout.column(index - 1)
    if target.cell(row) is None:
        return None
    x1, y1 = left_of(target)[row - target.first].tolist()
    if source.kind == "image":
        return (*source.pixel(column, image_shape(spec) or (1, 1)), x1, y1)
    if source.cell(column) is None:
        return None
    x0, y0 = right_of(source)[column - source.first].tolist()
    return x0, y0, x1, y1


def strengths(edges: EdgeSet, weights: FloatArray, flows: FloatArray, scales: tuple[float, ...]) -> FloatArray:
    """Return how strongly each edge shows, 0 to 1: by what flows along it, mixed with its size so none goes dark.

    Where a layer has many strong edges the weaker of them step back, so that the picture stays calm.
    """
    found = np.zeros(len(edges), np.float32)
    for layer, chosen in edges.by_layer:
        size = _share(np.abs(weights[chosen]), scales[layer])
        flow = np.abs(flows[chosen])
        is_silent = bool(np.isnan(flow).all())  # nothing was read
        mix = _calmed(0.8 * size if is_silent else 0.4 * size**1.2 + 0.55 * _share(flow, magnitude(flow)) ** 1.1)
        floor = min(_FLOOR, 8.0 / len(mix))  # few edges all show, down to the weight that is exactly zero
        found[chosen] = np.where(size > 0, floor + (1.0 - floor) * mix, 0.0)
    return found


def _share(sizes: FloatArray, scale: float) -> FloatArray:
    """Return sizes as shares of ``scale``, 0 to 1; what is no number is 0."""
    most = np.float32(max(scale, 1e-12))
    share = np.minimum(finite(sizes), most)  # diverged weights must not overflow here
    return (share / most).astype(np.float32, copy=False)


def finite(sizes: FloatArray) -> FloatArray:
    """Return magnitudes with 0 for what is no number; where all are numbers, the same array."""
    with np.errstate(over="ignore"):
        return sizes if np.isfinite(sizes.sum()) else np.nan_to_num(sizes)


def _calmed(mix: FloatArray) -> FloatArray:
    much, least, most = _CALM
    mean, wanted = float(mix.mean()), min(max(much / len(mix), least), most)
    if not 0.0 < wanted < mean < 1.0:
        return mix
    power = min(np.log(wanted) / np.log(mean), 3.0)
    calmed: FloatArray = mix**power
    return calmed


def half_widths(edges: EdgeSet, weights: FloatArray, scales: tuple[float, ...], widest: float) -> FloatArray:
    """Return the half width of each edge in pixels, in steps of an eighth: by its size, the widest ``widest``."""
    scale = np.array([max(value, 1e-12) for value in scales], np.float32)[edges.layers]
    size = np.minimum(finite(np.abs(weights)), scale) / scale
    least = min(0.5, widest / 2)
    size *= edges.fineness
    found: FloatArray = (np.ceil((least + (widest - least) * size**1.3) * 16) / 16).astype(np.float32)
    return found
