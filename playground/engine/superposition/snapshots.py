"""What the thread of a superposition sandbox shows: frozen read-outs of one moment. Torch-free.

K kinds, R seeds, n features, m hidden dimensions. All arrays are read-only copies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.snapshots import Mark, Receipt, Trouble
from playground.engine.superposition.problem import Floats
from playground.engine.superposition.setup import Setup

Array = NDArray[np.float32]

# Probes: what a view can ask for with ``Watch``.
PROBE = "probe"  # what the models of the chosen seed make of the input that is switched on


@dataclass(frozen=True, eq=False)
class ProbeReading:
    """What the models of one seed make of one input, kind by kind.

    ``share[k, i, j]`` is what feature j adds to output i before bias and output ReLU.
    """

    seed: int  # its place among the seeds
    inputs: Floats  # [n]
    target: Floats  # [n]
    hidden: Floats  # [K, m]
    output: Floats  # [K, n]
    share: Floats  # [K, n, n]


@dataclass(frozen=True, eq=False)
class LossCurves:
    """The losses on the fixed weighted set, at fixed step numbers of one segment."""

    steps: NDArray[np.int64]  # [points]
    losses: Floats  # [points, K, R]


@dataclass(frozen=True, eq=False)
class SandboxStroke:
    """What the dragging or painting does to one model; both measured at the same ``step`` on the fixed weighted set.

    ``without`` is the model with the entries that the stroke has touched as they were when it met them.
    """

    stroke: int
    model: tuple[int, int]  # places of kind and seed
    step: int
    weight_without: Array  # [n, m]
    bias_without: Array  # [n]
    loss_without: float
    loss_with: float
    errors_without: Floats  # [n]
    errors_with: Floats  # [n]
    is_open: bool


@dataclass(frozen=True, eq=False)
class SandboxSnapshot:
    """One moment of the training of all models."""

    applied_seq: int
    step: int
    is_running: bool
    setup: Setup
    weights: Array  # [K, R, n, m] W
    decode: Array  # [K, R, n, m] V; W itself where weights are tied
    biases: Array  # [K, R, n]
    feature_errors: Floats  # [K, R, n] on the fixed weighted set (or exact), not weighted
    losses: Floats  # [K, R] mean over the features, weighted by importance
    measured_step: int = 0  # whose errors and losses these are: ``step``, or shortly before while training runs
    frozen: NDArray[np.bool_] | None = None  # [K, R, n] features whose W, V and b are held; None: none
    probe: ProbeReading | None = None
    curves: LossCurves | None = None
    marks: tuple[Mark, ...] = ()
    stroke: SandboxStroke | None = None
    steps_per_second: float = 0.0
    learning_rate: float = 0.0  # what the schedule makes of it at this step
    device: str = "cpu"
    segment: int = 0  # counts restarts: curves of different segments do not join
    receipts: tuple[Receipt, ...] = ()  # the latest ones, oldest first
    trouble: Trouble | None = None
    stopped_by: str = ""  # a sentence where the horizon ended the run

    @property
    def stroke_effect(self) -> SandboxStroke | None:
        """Return what the stroke does: the word of every kind of snapshot for it."""
        return self.stroke
