"""Edits by hand on the live network: strokes of a brush, single values, whole grids, masks; and taking them back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine import grids
from playground.engine.commands import (
    Cells,
    Command,
    EndStroke,
    Paint,
    SetCells,
    SetMask,
    SetMaskWhole,
    TransformUnits,
)
from playground.engine.entries import calm, exchange, read, write
from playground.engine.journal import Edit, Journal, JournalError, Part
from playground.engine.network import Network
from playground.engine.places import GONE, IndexArray, locate, positions, relocated
from playground.engine.snapshots import Receipt
from playground.engine.spec import NetworkSpec
from playground.engine.strokes import FloatArray, Stroke

__all__ = ["Editor", "Stroke", "locate"]

MASKS = ("movable", "present")
_MASK_WORDS = {
    ("movable", False): "frozen",
    ("movable", True): "set free",
    ("present", False): "cut",
    ("present", True): "joined again",
}
_TRANSFORM_WORDS = {
    "invert": "inverted",
    "scale": "scaled",
    "blur": "blurred",
    "zero": "set to zero",
    "randomise": "drawn at random",
    "mirror_horizontal": "mirrored left to right",
    "mirror_vertical": "mirrored top to bottom",
    "shift": "shifted",
}
_LAYER_GONE = "The layer of this edit is gone: nothing was changed."


class _RefusedError(ValueError):
    """An edit that cannot be made; the text is a sentence for the user."""


class Editor:
    """Applies edits to a network and notes in the journal what they replaced.

    The owner of the network calls it. An edit that names what is gone does what it can and says in its receipt how
    much it left out; one with impossible numbers changes nothing and says so.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._open: Stroke | None = None
        self._interrupted: Stroke | None = None  # by a change of structure: with the mouse still down it goes on

    # ---- applying ----

    def apply(self, network: Network, command: Command, seq: int, step: int) -> Receipt:
        """Apply one edit; a stroke that is still open ends before any edit but a move of its own.

        Parameters
        ----------
        network : Network
            Changed in place.
        command : Command
            Paint, SetCells, EndStroke, TransformUnits, SetMask or SetMaskWhole.
        seq : int
            The number of the command; the moves of a stroke are kept under the number of the first.
        step : int
            The training step of the moment, for the receipt.

        Returns
        -------
        Receipt
            For a move of a stroke its ``seq`` is that of the first move, and ``count`` that of the whole stroke.

        Raises
        ------
        TypeError
            For a command that is no edit by hand.
        """
        if isinstance(command, EndStroke):
            return self._end(network, command.stroke, seq, step)
        self._make_way(network, getattr(command, "stroke", None))
        try:
            if isinstance(command, Paint | SetCells | SetMask):
                return self._set_cells(network, command, seq, step)
            if isinstance(command, TransformUnits):
                return self._transform(network, command, seq, step)
            if isinstance(command, SetMaskWhole):
                return self._mask_whole(network, command, seq, step)
        except _RefusedError as refusal:
            return self._refuse(network.spec, command, seq, step, str(refusal))
        raise TypeError(f"{type(command).__name__} is no edit by hand.")

    def _set_cells(self, network: Network, command: Paint | SetCells | SetMask, seq: int, step: int) -> Receipt:
        target, alpha, values = _wish(network, command)
        flat, pick, dropped = _found(network.spec, command.cells, alpha)
        alpha, values = alpha[pick], values[pick]
        label = _label(network.spec, command)
        if command.stroke is None:
            self._write(network, target, flat, values, seq, label)
            return _receipt(seq, step, label, flat.size, dropped)
        stroke = self._stroke(command.stroke, network.spec, seq, label)
        stroke.dropped = max(stroke.dropped, dropped)
        held = stroke.indices.size
        stroke.move(network, target, flat, alpha, values)
        return self._moved(network, stroke, step, held)

    def _moved(self, network: Network, stroke: Stroke, step: int, held: int) -> Receipt:
        """Hold what a stroke has met beyond the ``held`` entries, and keep it for undo."""
        if stroke.indices.size > held:
            _hold(network, stroke)
        self._journal.put_edit(stroke.seq, stroke.edit)
        return _receipt(stroke.seq, step, stroke.label, stroke.count, stroke.dropped)

    def _transform(self, network: Network, command: TransformUnits, seq: int, step: int) -> Receipt:
        spec = network.spec
        index = _index(spec, command.layer)
        rows, gone = _rows(spec, index, command.units)
        flat = _incoming(spec, index, rows)
        shape = grids.grid_shape(spec.input_shape) if index == 0 else (1, spec.widths[index])
        before = read(network, "parameters", flat).astype(np.float64).reshape(rows.size, *shape)
        generator = np.random.default_rng(abs(command.seed))
        try:
            after = [
                grids.transformed(grid, command.kind, command.amount, command.dx, command.dy, generator)
                for grid in before
            ]
        except ValueError as error:
            raise _RefusedError(str(error)) from error
        values = _checked(network, np.asarray(after, np.float64).reshape(-1))
        label, dropped = _label(spec, command), gone * spec.widths[index]
        if command.stroke is None:
            self._write(network, "parameters", flat, values, seq, label)
            return _receipt(seq, step, label, flat.size, dropped)
        stroke = self._stroke(command.stroke, spec, seq, label)
        stroke.dropped += dropped  # each part names other neurons
        order, held = np.argsort(flat), stroke.indices.size
        stroke.move(network, "parameters", flat[order], np.ones(flat.size), values[order])
        return self._moved(network, stroke, step, held)

    def _mask_whole(self, network: Network, command: SetMaskWhole, seq: int, step: int) -> Receipt:
        spec = network.spec
        index = _index(spec, command.layer)
        slots = spec.slots[index]
        if command.units:
            rows, gone = _rows(spec, index, command.units)
            flat = np.concatenate([_incoming(spec, index, rows), slots.bias.start + rows])
        else:
            gone, flat = 0, np.arange(slots.whole.start, slots.whole.stop, dtype=np.int64)
        label = _label(spec, command)
        self._write(network, _mask(command.mask), flat, np.full(flat.shape, bool(command.on)), seq, label)
        return _receipt(seq, step, label, flat.size, gone * (slots.columns + 1))

    def _write(
        self, network: Network, target: str, flat: IndexArray, values: NDArray[Any], seq: int, label: str
    ) -> None:
        """Write ``values`` and keep what they replaced under ``seq``."""
        before = exchange(network, target, flat, values)
        self._journal.put_edit(seq, Edit(label, (Part(target, network.spec, flat, before),)))

    def _refuse(self, spec: NetworkSpec, command: Command, seq: int, step: int, sentence: str) -> Receipt:
        """Keep an edit that changed nothing, so that undoing it finds something; a stroke goes on."""
        label = _label(spec, command)
        number = getattr(command, "stroke", None)
        if number is None:
            self._journal.put_edit(seq, Edit(label, ()))
            return Receipt(seq, step, label, 0, 0, sentence)
        stroke = self._stroke(number, spec, seq, label)
        self._journal.put_edit(stroke.seq, stroke.edit)
        return Receipt(stroke.seq, step, stroke.label, 0, 0, sentence)

    # ---- strokes ----

    @property
    def open_stroke(self) -> Stroke | None:
        """Return the stroke that has not ended, None where the mouse is up."""
        return self._open

    @contextmanager
    def without_stroke(self, network: Network) -> Iterator[None]:
        """Put back what the open stroke replaced, for a measurement, and then the stroke again, bit for bit."""
        stroke = self._open
        painted: list[tuple[str, IndexArray, NDArray[Any]]] = []
        try:
            for part in stroke.parts if stroke is not None else ():
                flat, kept = relocated(part.spec, network.spec, part.indices)
                painted.append((part.target, flat, read(network, part.target, flat)))
                write(network, part.target, flat, part.values[kept])
            yield
        finally:
            for target, flat, values in painted:
                write(network, target, flat, values)

    def end_all_strokes(self, network: Network) -> None:
        """Release what is held, because the structure changes or the window closes.

        Where the mouse stays down all the same, what it paints next still belongs to the same edit.
        """
        stroke = self._open
        self._close(network)
        if stroke is not None:
            self._interrupted = stroke

    def _stroke(self, number: int, spec: NetworkSpec, seq: int, label: str) -> Stroke:
        """Return the open stroke, or begin the one with this number under ``seq``."""
        if self._open is not None and self._open.spec == spec:
            return self._open
        before = self._open or self._interrupted
        self._interrupted = None
        earlier = None if before is None else self._journal.edit(before.seq)
        self._open = Stroke(number, seq if before is None else before.seq, label, spec, earlier)
        return self._open

    def _make_way(self, network: Network, number: int | None) -> None:
        """End the open stroke before an edit that is not a move of it: edits lie one after the other."""
        if self._open is not None and self._open.id != number:
            self._close(network)
        if self._interrupted is not None and self._interrupted.id != number:
            self._interrupted = None

    def _end(self, network: Network, number: int, seq: int, step: int) -> Receipt:
        stroke = self._open
        self._interrupted = None
        if stroke is None or stroke.id != number:
            return Receipt(seq, step, "", 0)
        self._close(network)
        return _receipt(stroke.seq, step, stroke.label, stroke.count, stroke.dropped)

    def _close(self, network: Network) -> None:
        """Let what the open stroke holds train on, with no momentum."""
        if self._open is not None:
            calm(network, relocated(self._open.spec, network.spec, self._open.indices)[0])
        self._open = None
        network.set_mask("held", None)

    # ---- taking back ----

    def revert(self, network: Network, seq: int, step: int) -> Receipt | None:
        """Take the edit ``seq`` back: its entries get what they had before, no others; None where it is no edit.

        What they had until now is remembered and comes back with `reapply`. Taking back once more after that gives
        them what they had when the edit was redone.
        """
        return self._turn(network, seq, step, is_revert=True)

    def reapply(self, network: Network, seq: int, step: int) -> Receipt | None:
        """Redo the edit ``seq``: its entries get what `revert` replaced; None where it is no edit."""
        return self._turn(network, seq, step, is_revert=False)

    def _turn(self, network: Network, seq: int, step: int, *, is_revert: bool) -> Receipt | None:
        self._make_way(network, None)
        if not self._journal.has_edit(seq):
            return None
        try:
            edit = self._journal.edit(seq)
        except JournalError as error:
            return Receipt(seq, step, "", 0, 0, str(error))
        if edit is None or edit.is_reverted == is_revert:
            return Receipt(seq, step, "" if edit is None else edit.label, 0)
        parts = list(edit.parts)
        count = dropped = 0
        for place in reversed(range(len(parts))) if is_revert else range(len(parts)):
            part = parts[place]
            flat, kept = relocated(part.spec, network.spec, part.indices)
            values = part.values.copy()
            values[kept] = exchange(network, part.target, flat, part.values[kept])
            parts[place] = Part(part.target, part.spec, part.indices, values)
            count, dropped = count + flat.size, dropped + part.indices.size - flat.size
        self._journal.put_edit(seq, Edit(edit.label, tuple(parts), is_revert))
        return _receipt(seq, step, edit.label, count, dropped)


# ---- reading a command --------------------------------------------------------------------------------------------


def _hold(network: Network, stroke: Stroke) -> None:
    """Hold what the stroke has met: training does not move it."""
    held = torch.zeros_like(network.parameters, dtype=torch.bool)
    held[torch.from_numpy(stroke.indices).to(held.device)] = True
    network.set_mask("held", held)


def _wish(network: Network, command: Paint | SetCells | SetMask) -> tuple[str, FloatArray, NDArray[Any]]:
    """Return which buffer the command writes to, its alpha and its values, per cell (raises _RefusedError)."""
    ones = np.ones(np.size(command.cells.units))
    if isinstance(command, SetMask):
        return _mask(command.mask), ones, np.full(ones.shape, bool(command.on))
    if isinstance(command, SetCells):
        return "parameters", ones, _checked(network, _per_cell(command.values, ones.size))
    alpha = _per_cell(command.alpha, ones.size)
    if np.isnan(alpha).any():
        raise _RefusedError("The strength of the brush is not a number: nothing was changed.")
    return "parameters", alpha, _checked(network, ones * command.value)


def _per_cell(values: Any, count: int) -> FloatArray:
    found: FloatArray = np.asarray(values, dtype=np.float64).reshape(-1)
    if found.size != count:
        raise _RefusedError(f"{found.size} values cannot go to {count} weights: nothing was changed.")
    return found


def _checked(network: Network, values: FloatArray) -> FloatArray:
    """Return ``values`` as the network can hold them (raises _RefusedError)."""
    largest = torch.finfo(network.parameters.dtype).max
    wrong = ~(np.abs(values) <= largest)
    if wrong.any():
        raise _RefusedError(f"{values[wrong][0]:g} is no weight: use numbers up to {largest:.2g}; nothing was changed.")
    return values


def _mask(name: str) -> str:
    if name not in MASKS:
        raise _RefusedError(f"There is no mask '{str(name)[:40]}': nothing was changed.")
    return name


def _found(spec: NetworkSpec, cells: Cells, alpha: FloatArray) -> tuple[IndexArray, IndexArray, int]:
    """Return the entries that are there and meant, each once and ascending; which cell each is; how many are gone.

    Where a cell is named twice the larger alpha counts, then the later one; alpha 0 means nothing.
    """
    try:
        flat, kept = locate(spec, cells)
    except ValueError as error:
        raise _RefusedError(f"{error} Nothing was changed.") from error
    pick = np.flatnonzero(kept)
    is_meant = alpha[pick] > 0
    flat, pick = flat[is_meant], pick[is_meant]
    order = np.lexsort((pick, alpha[pick], flat))
    flat, pick = flat[order], pick[order]
    is_last = np.append(flat[1:] != flat[:-1], np.ones(min(1, flat.size), np.bool_))
    return flat[is_last], pick[is_last], int(kept.size - kept.sum())


def _index(spec: NetworkSpec, layer: int) -> int:
    index = spec.index_of(layer)
    if index is None:
        raise _RefusedError(_LAYER_GONE)
    return index


def _rows(spec: NetworkSpec, index: int, units: tuple[int, ...]) -> tuple[IndexArray, int]:
    """Return the rows of the named neurons and how many of them are gone."""
    named = np.fromiter(dict.fromkeys(units), np.int64)
    rows = positions(spec.layers[index].units, named)
    return rows[rows != GONE], int((rows == GONE).sum())


def _incoming(spec: NetworkSpec, index: int, rows: IndexArray) -> IndexArray:
    slots = spec.slots[index]
    found: IndexArray = slots.weight.start + rows[:, None] * slots.columns + np.arange(slots.columns)
    return found.reshape(-1)


# ---- words --------------------------------------------------------------------------------------------------------


def _label(spec: NetworkSpec, command: Command) -> str:
    if isinstance(command, SetCells):
        return command.label
    cells = getattr(command, "cells", None)
    index = spec.index_of(cells.layer if isinstance(cells, Cells) else getattr(command, "layer", -1))
    name = "weights" if index is None else spec.layer_name(index)
    if isinstance(command, SetMask | SetMaskWhole):
        return f"{name}: {_MASK_WORDS.get((command.mask, bool(command.on)), 'masked')}"
    if isinstance(command, TransformUnits):
        return f"{name}: {_TRANSFORM_WORDS.get(command.kind, 'transformed')}"
    return f"{name}: painted"


def _receipt(seq: int, step: int, label: str, count: int, dropped: int) -> Receipt:
    message = ""
    if dropped:
        what = "1 weight was" if dropped == 1 else f"{dropped:,} weights were"
        message = f"{what} left out of '{label}': the neurons or inputs they joined are gone."
    return Receipt(seq, step, label, count, dropped, message)
