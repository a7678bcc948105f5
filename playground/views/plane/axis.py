"""A direction of the plane: its name, and what its places are in the unit of the column that they come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.engine.columns import AS_IT_IS, Scale
from playground.engine.datasets import DataSet
from playground.engine.input_features import VARIABLES, PlaneCoordinates
from playground.views.plots.points import round_ticks


@dataclass(frozen=True)
class Axis:
    """Places as the network has them, written as the column has them."""

    name: str
    scale: Scale = AS_IT_IS

    def ticks(self, low: float, high: float, most: int) -> list[tuple[float, str]]:
        """Return about ``most`` places from ``low`` to ``high`` that are round in the column's unit, and their words.

        The words tell them apart, and none of them ends in figures that mean nothing.
        """
        ends = self._exact(low), self._exact(high)
        _, ticks = round_ticks(*ends, most)
        return [(float(self.scale.scaled(tick)), _written(tick)) for tick in ticks]

    def text(self, place: float) -> str:
        """Return a place in the column's unit, to about four figures of the width of the data."""
        if self.scale.is_plain:
            return f"{place:.2f}".replace("-", "−")
        figures = max(0, 2 - int(np.floor(np.log10(self.scale.size))))
        return f"{self._exact(place):,.{figures}f}".replace("-", "−")

    def _exact(self, place: float) -> float:
        return place * self.scale.size + self.scale.shift


PLAIN_AXES = tuple(Axis(name) for name in VARIABLES)
NO_AXIS = Axis("")


def axes_of(plane: PlaneCoordinates) -> tuple[Axis, ...]:
    """Return both directions of a plane, or the one of a line."""
    if plane.columns:
        return tuple(Axis(column.name, column.scale) for column in plane.columns)
    return PLAIN_AXES[: plane.dimensions]


def value_axis(data: DataSet) -> Axis:
    """Return the direction of the numbers that are predicted."""
    return Axis(data.value_names[0], data.target_scales[0]) if data.value_names else NO_AXIS


def _written(tick: float) -> str:
    digits = 10 if abs(tick) < 1e7 else 6
    return f"{tick:.{digits}g}".replace("-", "−")
