"""How far answers are from the numbers that were to be predicted, told in their own unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from playground.engine.columns import Scale, number_words
from playground.engine.datasets import DataSet

NO_ACCURACY = "no classes, no accuracy"
_MOST_NAMED = 3  # of several numbers that are predicted


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


@dataclass(frozen=True)
class LossScale:
    """In which numbers the loss is: the name of its plot, and how it is reckoned."""

    title: str = "Loss"
    hint: str = ""


def loss_scale(data: DataSet) -> LossScale:
    """Return in which numbers the loss is, where the targets are numbers and not classes."""
    names, scales = data.value_names, data.target_scales
    if not names:
        return LossScale()
    square = "½ (answer − target)²" if len(names) == 1 else "½ Σ (answer − target)²"
    mean = f"Squared error: {square}, the mean over the examples"
    if all(scale.is_plain for scale in scales):
        return LossScale(hint=f"{mean}.")
    found = [_formula(name, scale) for name, scale in zip(names, scales, strict=True)]
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    hint = f"{mean},\nin the numbers as the network has them: {', '.join(found[:_MOST_NAMED])}{more}."
    if len(names) == 1:
        size = number_words(float(f"{scales[0].size:.4g}"))
        hint += f"\nThe root mean squared error in the unit of {names[0]} is {size} × √(2 × loss)."
    return LossScale("Loss, scaled", hint)


def _formula(name: str, scale: Scale) -> str:
    """Return how a number is scaled, to four figures."""
    if scale.is_plain:
        return name
    shift, size = (number_words(float(f"{value:.4g}")) for value in (scale.shift, scale.size))
    moved = name if scale.shift == 0 else f"({name} + {shift[1:]})" if scale.shift < 0 else f"({name} − {shift})"
    return moved if scale.size == 1 else f"{moved} / {size}"
