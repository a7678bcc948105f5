"""The whole state of a superposition sandbox as numpy arrays, for undo, project files and autosave. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from playground.engine.snapshots import Mark
from playground.engine.superposition.setup import Setup


@dataclass(frozen=True, eq=False)
class SandboxCheckpoint:
    """One moment of all models, enough to go on bit for bit on the same device.

    ``arrays`` holds ``parameters``, ``first_moment`` and ``second_moment`` (float32, ``[K, R, n, columns]`` as
    `models.Shape` lays them out), ``generators`` (uint8 ``[2 R, bytes]``: the states of the random generators before
    the block of examples in use), ``curves.steps`` (int64 ``[points]``) and ``curves.losses`` (float64
    ``[points, K, R]``), and where features are held ``frozen`` (bool ``[K, R, n]``).
    """

    setup: Setup
    step: int
    optimizer_steps: int  # Adam's own count, for its bias correction
    position: int  # of the next step in its block of examples
    arrays: dict[str, NDArray[Any]]
    has_first: bool = False  # this block has drawn what is on first (see `data`)
    segment: int = 0
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, eq=False)
class StoredResult:
    """A result that is kept with the project, such as a sweep: ``header`` of JSON values, and arrays by name."""

    header: dict[str, Any]
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
