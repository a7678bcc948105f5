"""What undo needs: what hand edits replaced, and whole states, by the seq of their command. Torch-free.

Arrays beyond a budget in memory are spilled to a private temporary folder, which goes when the journal is closed.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.spec import NetworkSpec

DEFAULT_BUDGET = 256 * 2**20  # bytes
TARGETS = ("parameters", "movable", "present")

log = logging.getLogger(__name__)


class JournalError(OSError):
    """A step of the undo list that cannot be read back; the text is a sentence for the user."""


@dataclass(frozen=True, eq=False)
class Part:
    """Entries of one flat buffer: ``values`` is what to write to ``indices`` to take the edit back (or to redo it).

    ``indices`` count in the layout of ``spec``. ``target`` is ``parameters``, ``movable`` or ``present``.
    """

    target: str
    spec: NetworkSpec
    indices: NDArray[np.int64]
    values: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Edit:
    """One step of the undo list: its parts in the order in which they were made."""

    label: str
    parts: tuple[Part, ...]
    is_reverted: bool = False


@dataclass(eq=False)
class _Record:
    """What is kept under one seq: ``frame`` is an edit or a state without its arrays, those stand beside it."""

    frame: Any
    arrays: dict[str, NDArray[Any]]
    paths: dict[str, Path]

    @property
    def size(self) -> int:
        return sum(array.nbytes for array in self.arrays.values())


class Journal:
    """Edits and states by seq, the oldest spilled to disk where they outgrow ``budget`` bytes of memory.

    Parameters
    ----------
    budget : int
        Bytes of arrays to keep in memory.
    folder : Path, optional
        Where to make the private folder for what is spilled; by default where the system keeps temporary files.
    """

    def __init__(self, budget: int = DEFAULT_BUDGET, folder: Path | None = None) -> None:
        self._budget = budget
        self._parent = folder
        self._folder: Path | None = None
        self._records: dict[int, _Record] = {}
        self._in_memory = 0
        self._files = 0
        self._remove: Any = None

    # ---- edits ----

    def put_edit(self, seq: int, edit: Edit) -> None:
        """Keep ``edit`` under ``seq``, in place of what was there."""
        bare = tuple(replace(part, indices=_NO_INDICES, values=_NO_INDICES) for part in edit.parts)
        frame = replace(edit, parts=bare)
        arrays: dict[str, NDArray[Any]] = {}
        for place, part in enumerate(edit.parts):
            arrays[f"{place}.indices"], arrays[f"{place}.values"] = part.indices, part.values
        self._put(seq, _Record(frame, arrays, {}))

    def edit(self, seq: int) -> Edit | None:
        """Return the edit under ``seq``, None where there is none (raises JournalError)."""
        record = self._records.get(seq)
        if record is None or not isinstance(record.frame, Edit):
            return None
        arrays = self._read(record)
        parts = tuple(
            replace(part, indices=arrays[f"{place}.indices"], values=arrays[f"{place}.values"])
            for place, part in enumerate(record.frame.parts)
        )
        return replace(record.frame, parts=parts)

    def has_edit(self, seq: int) -> bool:
        """Say whether there is an edit under ``seq``."""
        return seq in self._records and isinstance(self._records[seq].frame, Edit)

    # ---- states ----

    def put_state(self, seq: int, state: Any) -> None:
        """Keep ``state``, a dataclass whose ``arrays`` is a dict of numpy arrays (a Checkpoint), under ``seq``."""
        self._put(seq, _Record(replace(state, arrays={}), dict(state.arrays), {}))

    def has_state(self, seq: int) -> bool:
        """Say whether there is a state under ``seq``."""
        return seq in self._records and not isinstance(self._records[seq].frame, Edit)

    def swap_state(self, seq: int, state: Any) -> Any:
        """Return the state under ``seq`` and keep ``state`` in its place.

        Returns
        -------
        object or None
            None where nothing is kept under ``seq`` (``state`` is not kept then either).

        Raises
        ------
        JournalError
            Where the state cannot be read back from disk; it is left as it is.
        """
        if not self.has_state(seq):
            return None
        record = self._records[seq]
        found = replace(record.frame, arrays=self._read(record))
        self.put_state(seq, state)
        return found

    # ---- housekeeping ----

    @property
    def bytes_in_memory(self) -> int:
        """Return the size of the arrays that are held in memory."""
        return self._in_memory

    @property
    def folder(self) -> Path | None:
        """Return the folder that holds what was spilled, None where nothing was."""
        return self._folder

    def forget(self, seqs: Iterable[int]) -> None:
        """Drop what is kept under these seqs; unknown ones are passed over."""
        for seq in seqs:
            record = self._records.pop(seq, None)
            if record is not None:
                self._drop(record)

    def clear(self) -> None:
        """Drop everything."""
        self.forget(tuple(self._records))

    def close(self) -> None:
        """Drop everything and remove the folder; the journal can be used again."""
        self._records.clear()
        self._in_memory = 0
        if self._remove is not None:
            self._remove()
        self._folder = self._remove = None

    def _put(self, seq: int, record: _Record) -> None:
        self.forget((seq,))
        self._records[seq] = record
        self._in_memory += record.size
        for old in self._records.values():
            if self._in_memory <= self._budget:
                return
            if not self._spill(old):
                return

    def _spill(self, record: _Record) -> bool:
        """Move the arrays of ``record`` to disk; False where the disk refuses, they then stay in memory."""
        size = record.size
        if not size:
            return True
        paths: dict[str, Path] = {}
        try:
            for name, array in record.arrays.items():
                paths[name] = self._next_path()
                np.save(paths[name], array, allow_pickle=False)
        except (OSError, ValueError) as error:
            log.warning("The undo list stays in memory, it cannot be written to %s: %s", self._folder, error)
            _unlink(paths.values())
            return False
        record.paths, record.arrays = paths, {}
        self._in_memory -= size
        return True

    def _next_path(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="playground-undo-", dir=self._parent))
            self._remove = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._files += 1
        return self._folder / f"{self._files}.npy"

    def _read(self, record: _Record) -> dict[str, NDArray[Any]]:
        if not record.paths:
            return dict(record.arrays)
        try:
            return {name: np.load(path, allow_pickle=False) for name, path in record.paths.items()}
        except (OSError, ValueError, EOFError) as error:
            raise JournalError(
                f"This step of the undo list was written to {self._folder} and cannot be read back ({error}): "
                "it cannot be taken back any more; everything else stays as it is."
            ) from error

    def _drop(self, record: _Record) -> None:
        self._in_memory -= record.size
        _unlink(record.paths.values())


_NO_INDICES = np.zeros(0, np.int64)


def _unlink(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
