"""The numbers of a model side by side, W, V where it has one, b: where they lie, and what the hand laid over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from playground.views.grid.arrangement import Arrangement
from playground.views.grid.numerals import signed_text
from playground.views.grid.overlay import Overlay
from playground.views.superposition.model_column_reading import ColumnReading
from playground.views.superposition.model_column_words import lowered

Array = NDArray[np.float32]
WEIGHT, DECODE, BIAS = "W", "V", "b"


@dataclass(frozen=True)
class Block:
    """One matrix of the grid: its name, its first column and how many it has."""

    name: str
    first: int
    columns: int

    @property
    def stop(self) -> int:
        """Return the column after the last one."""
        return self.first + self.columns


class GridModel:
    """The numbers ``[n, columns]`` that are shown, with what was painted and is not in a snapshot yet."""

    def __init__(self) -> None:
        self.values: Array = np.zeros((0, 0), np.float32)
        self.frozen: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.scale = 1.0
        self.blocks: tuple[Block, ...] = ()
        self.arrangement = Arrangement(0, 0, 0, is_image=True)
        self.overlay = Overlay(0)

    @property
    def is_there(self) -> bool:
        """Return whether there is a model."""
        return bool(self.values.size)

    def take(self, reading: ColumnReading, scale: float, applied_seq: int | None, *, is_painting: bool) -> bool:
        """Take another moment over; return whether the grid has another shape now."""
        parts = [(WEIGHT, reading.weight), (DECODE, reading.decode), (BIAS, reading.bias[:, None])]
        there = [(name, part) for name, part in parts if part is not None]
        blocks, first = [], 0
        for name, part in there:
            blocks.append(Block(name, first, part.shape[1]))
            first += part.shape[1]
        is_other = tuple(blocks) != self.blocks or reading.features != len(self.values)
        self.values = np.concatenate([part for _, part in there], axis=1)
        self.frozen = reading.frozen
        if is_other:
            rows, columns = self.values.shape
            self.blocks = tuple(blocks)
            self.arrangement = Arrangement(rows, columns, rows * columns, is_image=True)
            self.overlay = Overlay(rows * columns)
        elif applied_seq is not None:
            self.overlay.catch_up(applied_seq)
        elif not is_painting:
            self.overlay.clear()
        if not is_painting or is_other:
            self.scale = scale
        return is_other

    def shown(self) -> Array:
        """Return what is seen, ``[n, columns]``."""
        return self.overlay.over(self.values.reshape(-1)).reshape(self.values.shape)

    def part(self, name: str) -> Array:
        """Return what is seen of one matrix: W or V ``[n, m]``, b ``[n]``."""
        block = next(block for block in self.blocks if block.name == name)
        found = np.ascontiguousarray(self.shown()[:, block.first : block.stop])
        return found[:, 0].copy() if name == BIAS else found

    def block_of(self, column: int) -> Block:
        """Return the matrix to which a column belongs."""
        return next(block for block in self.blocks if block.first <= column < block.stop)

    def name_of(self, index: int) -> str:
        """Return what a number is called: ``W₃,₁``."""
        row, column = self.arrangement.place(index)
        block = self.block_of(column)
        return (
            f"b{lowered(row)}" if block.name == BIAS else f"{block.name}{lowered(row)},{lowered(column - block.first)}"
        )

    def readout(self, index: int) -> str:
        """Return a number with its name: ``W₃,₁ = −0.412``."""
        row, _ = self.arrangement.place(index)
        value = signed_text(float(self.shown().reshape(-1)[index]), 3, plus=False)
        return f"{self.name_of(index)} = {value}{', frozen' if self.frozen[row] else ''}"

    def spoken(self, index: int) -> str:
        """Return a number as a screen reader says it."""
        row, column = self.arrangement.place(index)
        block, value = self.block_of(column), float(self.shown().reshape(-1)[index])
        where = f"feature {row}" if block.name == BIAS else f"feature {row}, dimension {column - block.first}"
        words = f"{block.name} of {where}: {value:.4g}"
        return f"{words}, frozen" if self.frozen[row] else words


@dataclass(frozen=True)
class BlockFrame:
    """Where the cells lie: edges on whole device pixels, a gap between the matrices, words above them."""

    blocks: tuple[Block, ...]
    rows: int
    lefts: tuple[int, ...]  # of every column, in device pixels
    rights: tuple[int, ...]
    top: int
    bottom: int
    ratio: float

    def rect(self, block: Block) -> QRectF:
        """Return where a matrix lies."""
        left, right = self.lefts[block.first], self.rights[block.stop - 1]
        return QRectF(left / self.ratio, self.top / self.ratio, (right - left) / self.ratio, self._height / self.ratio)

    @property
    def _height(self) -> int:
        return self.bottom - self.top

    def cell(self, row: int, column: int) -> QRectF:
        """Return where one number lies."""
        high, low = (self.top + round(at * self._height / self.rows) for at in (row, row + 1))
        left, right, ratio = self.lefts[column], self.rights[column], self.ratio
        return QRectF(left / ratio, high / ratio, (right - left) / ratio, (low - high) / ratio)

    def place(self, point: QPointF) -> tuple[float, float]:
        """Return (row, column) of a point, whole numbers at the centre of a cell; in a gap the nearer column."""
        x, y = point.x() * self.ratio, point.y() * self.ratio
        row = (y - self.top) / max(1, self._height) * self.rows - 0.5
        middles = [(left + right) / 2 for left, right in zip(self.lefts, self.rights, strict=True)]
        found = float(np.interp(x, middles, np.arange(len(middles)))) if len(middles) > 1 else 0.0
        return row, found

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """Return (row, column) of the number at a point, None where none is."""
        x = point.x() * self.ratio
        row = int((point.y() * self.ratio - self.top) * self.rows // max(1, self._height))
        columns = [
            at for at, (left, right) in enumerate(zip(self.lefts, self.rights, strict=True)) if left <= x < right
        ]
        return (row, columns[0]) if columns and 0 <= row < self.rows else None


def fitted_blocks(
    model: GridModel, width: float, height: float, top: float, gap: float, ratio: float, *, left: float
) -> BlockFrame:
    """Return the frame of ``width`` right of ``left``, from ``top`` to ``height``, ``gap`` between the matrices."""
    columns, parts = model.arrangement.columns, max(1, len(model.blocks))
    room = max(float(columns), (width - gap * (parts - 1)) * ratio)
    # b is one column: it stays wide enough to be seen beside a hundred
    shares = np.array([max(1.0, block.columns, 0.06 * columns) for block in model.blocks])
    shares = shares * room / max(shares.sum(), 1.0)
    lefts: list[int] = []
    rights: list[int] = []
    start = left * ratio
    for block, share in zip(model.blocks, shares.tolist(), strict=True):
        edges = [round(start + share * at / block.columns) for at in range(block.columns + 1)]
        lefts += edges[:-1]
        rights += edges[1:]
        start += share + gap * ratio
    low, high = round(top * ratio), round(height * ratio)
    return BlockFrame(model.blocks, model.arrangement.rows, tuple(lefts), tuple(rights), low, max(low + 1, high), ratio)
