"""How an answer is read: of several classes, of two classes on one output, of numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.datasets import DataSet
from playground.engine.snapshots import Snapshot
from playground.engine.targets import TWO, VALUES, two_targets


def answer_border(snapshot: Snapshot) -> tuple[float, float]:
    """Return the answer of a single output that lies between two classes, and how far it is to either side."""
    low, high = two_targets(snapshot.spec.layers[-1].activation, snapshot.settings.loss)
    return (low + high) / 2, (high - low) / 2


@dataclass(frozen=True, eq=False)
class Answer:
    """Bars: values and names; whether they are probabilities, or numbers that lie between two others (``reach``)."""

    values: NDArray[np.floating]
    names: tuple[str, ...]
    are_probabilities: bool
    reach: tuple[float, float] | None = None


def answer_bars(snapshot: Snapshot, data: DataSet) -> Answer | None:
    """Return the answer to the current input as bars; numbers of a table in their own unit.

    A single output that is read as the probability of the second of two classes is two bars. None where nothing is
    answered, or the network does not yet fit the data.
    """
    if snapshot.readings is None:
        return None
    act = snapshot.readings.act[-1]
    are_probabilities = snapshot.settings.loss == "cross_entropy"
    if data.task == TWO and len(act) == 1 and are_probabilities:
        return Answer(np.array([1 - act[0], act[0]], np.float32), data.classes, are_probabilities=True)
    names = data.output_names if len(data.output_names) == len(act) else ()
    if data.columns is not None and data.task == VALUES and len(act) == 1:
        own = data.target_scales[0].original(act)
        return Answer(own, names, are_probabilities=False, reach=data.columns.target_reach)
    return Answer(act, names, are_probabilities)
