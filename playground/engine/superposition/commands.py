"""What the window asks of the thread of a superposition sandbox. Torch-free.

Running, undo and requests are the commands of every document (`playground.engine.commands`): Run, Pause, Advance (steps
only), SetSpeed, SetDevice, Watch, EndStroke, Revert, Reapply, Forget, RequestCheckpoint, Stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.commands import Command
from playground.engine.superposition.problem import Floats
from playground.engine.superposition.setup import Setup
from playground.engine.superposition.snapshots import Array


@dataclass(frozen=True, eq=False)
class BeginSandbox(Command):
    """Set up all models anew at step 0, weights drawn from their seeds."""

    setup: Setup


@dataclass(frozen=True, eq=False)
class RestoreSandbox(Command):
    """Continue from a checkpoint (`playground.engine.superposition.checkpoint.SandboxCheckpoint`)."""

    checkpoint: Any


@dataclass(frozen=True)
class Retune(Command):
    """Take another sparsity, importance or learning rate and continue from the present weights.

    Features, hidden dimensions, groups, kinds, seeds and batch are those of before. Undone by posting the old setup.
    ``is_quiet``: no new mark on the curve (a drag).
    """

    setup: Setup
    label: str
    is_quiet: bool = False


@dataclass(frozen=True)
class Rebuild(Command):
    """Go over to ``setup`` and start from its seeds. Takes part in Revert, which brings the trained models back.

    ``joins``: a further move of the drag that began with the rebuild of that seq; they are one change.
    """

    setup: Setup
    label: str
    joins: int = 0


@dataclass(frozen=True, eq=False)
class LoadModels(Command):
    """Go over to ``setup`` with these weights at step 0: a cell of a phase diagram, a point of a sweep, a pasted model.

    ``parameters`` is ``[K, R, n, columns]`` as `models.Shape` lays them out. Takes part in Revert.
    """

    setup: Setup
    parameters: Array
    label: str


@dataclass(frozen=True)
class KeepSeeds(Command):
    """Keep only the models of these seeds (their places), trained as they are. Takes part in Revert."""

    places: tuple[int, ...]
    label: str


@dataclass(frozen=True, eq=False)
class EditModel(Command):
    """Put W ``[n, m]``, V ``[n, m]`` or b ``[n]`` of one model to these values; None leaves it.

    ``model``: places of kind and seed. With a ``stroke`` it is one move of a drag: until ``EndStroke`` the entries that
    the stroke has touched are held, and all its moves are one edit under the seq of its first move. Takes part in
    Revert, which writes back the touched entries alone.

    ``touched`` ``[n, columns]`` names the entries that are meant: the others, which training may have moved since the
    hand saw them, stay. None: all that are given.
    """

    model: tuple[int, int]
    label: str
    weight: Array | None = None
    decode: Array | None = None
    bias: Array | None = None
    stroke: int | None = None
    touched: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class FreezeFeatures(Command):
    """Hold features of one model (``model``: places of kind and seed) or let them go. Takes part in Revert."""

    model: tuple[int, int]
    features: tuple[int, ...]
    on: bool


@dataclass(frozen=True, eq=False)
class SetProbe(Command):
    """Show what the models of the seed at this place make of ``inputs`` ``[n]``; None: of nothing."""

    inputs: Floats | None
    seed: int = 0
