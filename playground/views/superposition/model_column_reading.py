"""What a model column shows of one model, read once for all of its parts; and the scales that columns share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.superposition.closed_forms import linear_optimum, mean_of, trivial_loss
from playground.engine.superposition.metrics import Metrics, features_per_neuron, measure
from playground.engine.superposition.problem import ABS, Floats, Problem
from playground.views.grid.numerals import weight_scale
from playground.views.plots.points import grown

Array = NDArray[np.float32]

_TALLEST = 1e6  # bars of a model that diverges end there
_KEPT_SHARE = 0.45  # of a bar scale that must be in use, else it shrinks
_LEAST_NORM, _LEAST_BIAS = 0.6, 0.1  # the represented line stays in sight; a bias of nothing is not blown up


@dataclass(frozen=True, eq=False)
class ColumnReading:
    """One model: n features, m hidden dimensions. ``loss`` is the mean over the features, not scaled.

    ``optimum`` is the loss of the linear model's closed form, None where it does not hold (groups, absolute value);
    ``trivial`` that of answering the mean of every feature (0 for the absolute value).
    """

    kind: str
    loss: float
    weight: Array  # [n, m] W
    decode: Array | None  # [n, m] V, None where weights are tied
    bias: Array  # [n]
    frozen: NDArray[np.bool_]  # [n]
    metrics: Metrics
    gram: Array  # [n, n] W Wᵀ
    half_density: Floats  # [n] p/2
    optimum: float | None
    trivial: float
    per_neuron: Floats | None = None  # [m] features that each neuron serves, of the absolute value

    @property
    def features(self) -> int:
        """Return how many features there are."""
        return int(self.weight.shape[0])

    @property
    def has_diverged(self) -> bool:
        """Return whether some weight or the loss is no number."""
        return not (np.isfinite(self.loss) and np.isfinite(self.weight).all() and np.isfinite(self.bias).all())


def read_column(
    kind: str,
    problem: Problem,
    loss: float,
    weight: NDArray[np.floating],
    bias: NDArray[np.floating],
    decode: NDArray[np.floating] | None = None,
    frozen: NDArray[np.bool_] | None = None,
) -> ColumnReading:
    """Read one model with W ``[n, m]``, b ``[n]`` and V ``[n, m]`` (absolute value only).

    Raises
    ------
    ValueError
        Where the arrays do not have the shape of the problem.
    """
    shape = (problem.features, problem.hidden)
    is_absolute = kind == ABS
    found = (weight.shape, bias.shape, shape if decode is None else decode.shape)
    if found != (shape, shape[:1], shape):
        raise ValueError(f"W {weight.shape} and b {bias.shape} are not of a model of {shape[0]} to {shape[1]}.")
    held = np.asarray(weight, np.float32)
    read_out = np.asarray(decode, np.float32) if is_absolute and decode is not None else None
    with np.errstate(all="ignore"):  # a model that has diverged is shown as it is
        metrics = measure(held, bias)
        products = held @ held.T
        served = None if read_out is None else features_per_neuron(np.concatenate([held, read_out, bias[:, None]], 1))
    return ColumnReading(
        kind=kind,
        loss=float(loss),
        weight=held,
        decode=read_out,
        bias=np.asarray(bias, np.float32),
        frozen=np.zeros(shape[0], np.bool_) if frozen is None else frozen,
        metrics=metrics,
        gram=products,
        half_density=mean_of(problem.density),
        optimum=None if is_absolute or problem.groups else linear_optimum(problem).loss,
        trivial=trivial_loss(kind, problem),
        per_neuron=served,
    )


def is_same(
    reading: ColumnReading,
    kind: str,
    loss: float,
    weight: NDArray[np.floating],
    bias: NDArray[np.floating],
    decode: NDArray[np.floating] | None,
    frozen: NDArray[np.bool_] | None,
) -> bool:
    """Say whether a reading is of this model of the same problem: reading 400 features takes milliseconds."""
    is_frozen_else = reading.frozen.any() if frozen is None else not np.array_equal(reading.frozen, frozen)
    return (
        (reading.kind, reading.loss) == (kind, loss)
        and not is_frozen_else
        and np.array_equal(reading.weight, weight)
        and np.array_equal(reading.bias, bias)
        and _is_same_part(reading.decode, decode)
    )


def _is_same_part(one: NDArray[np.floating] | None, other: NDArray[np.floating] | None) -> bool:
    return one is other if one is None or other is None else np.array_equal(one, other)


@dataclass(frozen=True)
class ColumnScales:
    """What columns side by side share, so that they can be compared: full colour, and the ends of the bars."""

    gram: float = 1.0
    weight: float = 1.0
    norm: float = 1.2
    low_bias: float = -0.5
    high_bias: float = 0.5


def shared_scales(readings: Sequence[ColumnReading], before: ColumnScales | None = None) -> ColumnScales:
    """Return the scales that hold all ``readings``; those of ``before`` stay while they still fit.

    A model that has diverged has no say, as long as there is another one.
    """
    old = before or ColumnScales(0.0, 0.0, 0.0, 0.0, 0.0)
    if not readings:
        return before or ColumnScales()
    readings = [reading for reading in readings if not reading.has_diverged] or readings
    weights = [part for reading in readings for part in (reading.weight, reading.decode) if part is not None]
    norm = _highest([reading.metrics.norms for reading in readings], _LEAST_NORM)
    high = _highest([part for one in readings for part in (one.bias, one.half_density)], _LEAST_BIAS)
    low = _highest([-reading.bias for reading in readings], _LEAST_BIAS)
    return ColumnScales(
        gram=weight_scale(np.concatenate([reading.gram.reshape(-1) for reading in readings]), old.gram),
        weight=weight_scale(np.concatenate([part.reshape(-1) for part in weights]), old.weight),
        norm=_kept(norm, old.norm),
        low_bias=-_kept(low, -old.low_bias),
        high_bias=_kept(high, old.high_bias),
    )


def _highest(parts: Sequence[NDArray[np.floating]], least: float) -> float:
    values = np.concatenate([np.asarray(part, np.float64) for part in parts])
    values = values[np.isfinite(values)]
    return float(np.clip(values.max(initial=least), least, _TALLEST))


def _kept(wanted: float, before: float) -> float:
    return before if _KEPT_SHARE * before <= wanted <= before else grown(1.04 * wanted)
