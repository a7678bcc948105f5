"""How far answers are from the numbers that were to be predicted, told in their own unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from playground.engine.columns import number_words
from playground.engine.datasets import DataSet

NO_ACCURACY = "no classes, no accuracy"


@dataclass(frozen=True)
class OwnUnit:
    """One number to be predicted: its name, and how large 1 of the network's is in its unit."""

    name: str
    size: float

    def error(self, loss: float) -> float:
        """Return the root of the mean squared distance, by the loss ½ (answer - target)²."""
        return math.sqrt(2 * loss) * self.size if loss >= 0 else math.nan

    def text(self, loss: float) -> str:
        """Return the error as it is written, to three figures."""
        error = self.error(loss)
        return number_words(float(f"{error:.3g}")) if math.isfinite(error) else "–"

    def words(self, train: float, validation: float) -> str:
        """Return how far off the answers are, by both losses."""
        losses = (("training", train), ("validation", validation))
        found = [f"{self.text(loss)} {part}" for part, loss in losses if math.isfinite(self.error(loss))]
        return f"{NO_ACCURACY}\nroot mean squared error ({self.name}):\n{', '.join(found)}" if found else NO_ACCURACY


def own_unit(data: DataSet) -> OwnUnit | None:
    """Return what is predicted; None where there are classes, or several numbers."""
    if len(data.value_names) != 1:
        return None
    return OwnUnit(data.value_names[0], data.target_scales[0].size)
