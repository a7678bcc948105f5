"""What the hand has done and the training thread has not shown yet, cell by cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_NONE = -1
_UNSENT = np.iinfo(np.int64).max

IndexArray = NDArray[np.int64]


class Overlay:
    """Values over some cells, each until the snapshot includes the command that carries it."""

    def __init__(self, count: int) -> None:
        self._values = np.zeros(count, np.float32)
        self._seqs = np.full(count, _NONE, np.int64)
        self._is_empty = True

    @property
    def is_empty(self) -> bool:
        """Say whether nothing lies over the cells."""
        return self._is_empty

    @property
    def cells(self) -> IndexArray:
        """Return which cells it covers."""
        return np.flatnonzero(self._seqs != _NONE)

    def put(self, cells: IndexArray, values: Any) -> None:
        """Show ``values`` over ``cells``; they have not been asked for yet."""
        self._values[cells] = values
        self._seqs[cells] = _UNSENT
        self._is_empty = self._is_empty and not np.size(cells)

    def sent(self, seq: int | None) -> None:
        """Note under which number the unsent cells were asked for; None: nobody took them, so they go."""
        self._seqs[self._seqs == _UNSENT] = _NONE if seq is None else seq
        if seq is None:
            self._is_empty = bool((self._seqs == _NONE).all())

    def catch_up(self, applied_seq: int) -> None:
        """Drop what a snapshot with this number shows by itself."""
        if not self._is_empty:
            self._seqs[self._seqs <= applied_seq] = _NONE
            self._is_empty = bool((self._seqs == _NONE).all())

    def clear(self) -> None:
        """Drop everything."""
        self._seqs[:] = _NONE
        self._is_empty = True

    def over(self, base: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return ``base`` with the overlay on it."""
        return base if self._is_empty else np.where(self._seqs == _NONE, base, self._values)
