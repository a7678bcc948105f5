"""What the window asks of the training thread: frozen commands, applied in order. Torch-free.

Commands name layers, neurons and pixels by their stable ids (see ``spec``), never by position: what was posted
against an older shape still finds its neuron, or is dropped with a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.datasets import DataSet
from playground.engine.settings import Settings
from playground.engine.spec import NetworkSpec

FloatArray = NDArray[np.float32]
IdArray = NDArray[np.int64]

BIAS = -1  # stands in ``Cells.sources`` for the bias of the neuron


class Command:
    """Base of all commands."""

    __slots__ = ()


@dataclass(frozen=True, eq=False)
class Cells:
    """Single parameters of one layer, by id: entry k is W[units[k], sources[k]], or b[units[k]] where it is BIAS."""

    layer: int
    units: IdArray
    sources: IdArray

    @staticmethod
    def of_unit(layer: int, unit: int, sources: Any) -> Cells:
        """Return the cells of one neuron at the given sources."""
        found = np.atleast_1d(np.asarray(sources, dtype=np.int64))
        return Cells(layer, np.full(found.shape, unit, dtype=np.int64), found)


# ---- running ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run(Command):
    """Train on."""


@dataclass(frozen=True)
class Pause(Command):
    """Stop training; the next snapshot shows the final state."""


@dataclass(frozen=True)
class Advance(Command):
    """Pause, then make exactly ``steps`` steps, or (``epochs``) train to the end of that many epochs.

    Steps that were asked for before and are not made yet are made as well.
    """

    steps: int = 0
    epochs: int = 0


@dataclass(frozen=True)
class SetSpeed(Command):
    """Train at most ``steps_per_second``; None is full speed."""

    steps_per_second: float | None


@dataclass(frozen=True)
class SetDevice(Command):
    """Move the training to ``device`` (``cpu``, ``cuda:0``, ``mps``), ``threads`` on the CPU."""

    device: str
    threads: int = 1


@dataclass(frozen=True)
class Watch(Command):
    """Say what the window shows: names of probes (see ``snapshots``); what nobody watches is not computed."""

    probes: frozenset[str]


@dataclass(frozen=True, eq=False)
class SetInput(Command):
    """Make ``values`` ``[inputs]`` (0..1) the current input, of class ``label`` where that is known."""

    values: FloatArray | None
    label: int | None = None


@dataclass(frozen=True)
class Stop(Command):
    """End the thread."""


# ---- what is trained -------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Start(Command):
    """Set up network, settings and data anew, at step 0, weights drawn from ``settings.seed``."""

    spec: NetworkSpec
    settings: Settings
    data: DataSet


@dataclass(frozen=True, eq=False)
class Restore(Command):
    """Continue from a checkpoint (see ``checkpoints.Checkpoint``) on ``data``."""

    checkpoint: Any
    data: DataSet


@dataclass(frozen=True)
class Change(Command):
    """Change settings in mid-run. Undone by posting the old values. ``is_quiet``: no new mark on the curve (a drag)."""

    changes: Mapping[str, Any]
    is_quiet: bool = False


@dataclass(frozen=True)
class Reset(Command):
    """Start again at step 0 with weights drawn from the seed (changed first by ``changes``). Takes part in Revert."""

    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Restructure(Command):
    """Go over to ``spec``; every weight that still has a place (by ids) is kept. Takes part in Revert.

    New neurons: incoming weights drawn by the initialisation, outgoing weights 0. ``copies``: pairs (new, old):
    the new neuron takes the old one's incoming weights and both get half of its outgoing ones.
    ``near_identity``: layers inserted that start as near the identity as their activation allows. ``inputs``: for each
    input which one it was before, -1 where it is new (its weights begin at 0); None where they go by their places.
    """

    spec: NetworkSpec
    label: str
    copies: tuple[tuple[int, int], ...] = ()
    near_identity: tuple[int, ...] = ()
    inputs: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class SetData(Command):
    """Train and measure on other data from here on; weights stay. Takes part in Revert.

    ``restructure`` goes along, in one piece, where the widths of the new data are others; ``changes`` of settings
    where their targets ask for another loss. ``is_drag``: a further move of the hand that draws points; undone with the
    SetData that it began with.
    """

    data: DataSet
    label: str = ""
    restructure: Restructure | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    is_drag: bool = False


@dataclass(frozen=True, eq=False)
class TakeWeights(Command):
    """Go over to ``spec`` with these ``parameters`` (flat, as ``spec.slots`` says), moments at zero.

    Takes part in Revert.
    """

    spec: NetworkSpec
    parameters: FloatArray
    label: str


@dataclass(frozen=True)
class BackToLastGood(Command):
    """After a divergence: return to the last checkpoint before it. Takes part in Revert."""


@dataclass(frozen=True)
class RequestCheckpoint(Command):
    """Ask for the whole state; it comes as a reply with this ``token``."""

    token: int


@dataclass(frozen=True)
class RequestMistakes(Command):
    """Ask which examples of ``part`` (train, validation, test) are answered wrongly now: a reply with ``Mistakes``."""

    token: int
    part: str


# ---- edits by hand: all take part in Revert ----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Paint(Command):
    """Move of a brush: ``w <- before + alpha (value - before)`` over ``cells``; alpha in 0..1 ``[cells]``.

    ``before`` is what the weight was when the stroke first met it; where moves of one ``stroke`` overlap the
    larger alpha counts. Until ``EndStroke`` the entries are held: training does not move them.
    All moves of a stroke are one edit under the seq of its first move.
    """

    stroke: int
    cells: Cells
    alpha: FloatArray
    value: float


@dataclass(frozen=True, eq=False)
class SetCells(Command):
    """Set single parameters to ``values`` ``[cells]``. With a ``stroke`` it is one move of a drag (see Paint)."""

    cells: Cells
    values: FloatArray
    label: str
    stroke: int | None = None


@dataclass(frozen=True)
class EndStroke(Command):
    """The mouse is up: entries held by ``stroke`` train on, with zero momentum."""

    stroke: int


@dataclass(frozen=True)
class TransformUnits(Command):
    """Apply a transformation of grids to the incoming weights of neurons.

    ``kind``: invert, scale (by amount), blur (sigma = amount cells), zero, randomise (std = amount, ``seed``),
    mirror_horizontal, mirror_vertical, shift (``dx``, ``dy`` cells, zeros come in). With a ``stroke`` it is a part of
    one edit: neurons of several layers.
    """

    layer: int
    units: tuple[int, ...]
    kind: str
    amount: float = 1.0
    dx: int = 0
    dy: int = 0
    seed: int = 0
    stroke: int | None = None


@dataclass(frozen=True, eq=False)
class SetMask(Command):
    """Freeze or cut (``mask``: ``movable`` or ``present``) single parameters: ``on`` False freezes or cuts."""

    mask: str
    cells: Cells
    on: bool
    stroke: int | None = None


@dataclass(frozen=True)
class SetMaskWhole(Command):
    """The same for whole neurons (all incoming weights and the bias), or a whole layer where ``units`` is empty."""

    mask: str
    layer: int
    units: tuple[int, ...]
    on: bool


@dataclass(frozen=True)
class Revert(Command):
    """Undo the edit, restructure or reset with this ``seq``: its entries get back what they were, no others."""

    seq: int


@dataclass(frozen=True)
class Reapply(Command):
    """Redo: restore what the revert replaced."""

    seq: int


@dataclass(frozen=True)
class Forget(Command):
    """These edits left the undo list: their receipts may go."""

    seqs: tuple[int, ...]
