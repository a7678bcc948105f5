"""The whole state of a training as numpy arrays, for undo, project files and autosave. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.settings import Settings
from playground.engine.snapshots import Curves, Evaluation, Mark
from playground.engine.spec import NetworkSpec


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """One moment of a training, enough to continue it bit for bit on the same data and device.

    ``arrays`` holds ``parameters`` (float32, flat) and, where they are used: ``first_moment`` and ``second_moment``
    (float32, flat: the optimizer's buffers), ``movable`` and ``present`` (bool, flat), ``order`` (int64: the
    permutation of the running epoch), ``batch_generator`` and ``dropout_generator`` and ``init_generator`` (uint8:
    states of the random generators).
    """

    spec: NetworkSpec
    settings: Settings
    step: int
    epochs_done: int  # whole epochs behind us
    position: int  # examples of the running epoch already used
    optimizer_steps: int  # Adam's own count, for its bias correction
    arrays: dict[str, NDArray[Any]]
    segment: int = 0
    curves: Curves = field(default_factory=lambda: Curves(np.zeros(0, np.int64), np.zeros((0, 4), np.float64)))
    marks: tuple[Mark, ...] = ()
    evaluation: Evaluation | None = None
