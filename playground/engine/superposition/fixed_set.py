"""The loss on a fixed set of examples with weights: it does not jitter, and sparsity only changes the weights.

Up to five features: every on/off mask x 128 Sobol points, weighted by the probability of the mask. More features:
stratified by the number of units (features or groups) that are on, the strata weighted by their probability
(Poisson-binomial) and the examples of a stratum by the odds of what is on in them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import qmc
from torch import Tensor

from playground.engine.superposition.data import Units
from playground.engine.superposition.models import output_of, target_of
from playground.engine.superposition.problem import ANTICORRELATED, CORRELATED, Floats, Problem

SOBOL_POINTS = 128
FULL_MASKS = 5  # up to so many features every mask is there
SHOWN_EXAMPLES = 4_096  # of more features, for the screen
MEASURED_EXAMPLES = 65_536  # of more features, for a result
_SLICE_NUMBERS = 262_144
_SOBOL_PIECE = 1_024  # points drawn at once
_SMALLEST_ODDS = 1e-12
_FITTING_ODDS = 0.7  # of the logarithm: a factor of two


@dataclass(frozen=True, eq=False)
class FixedSet:
    """Examples that stay, ``[n, N]`` float32 (features in rows), and what their weights are computed from."""

    points: Tensor
    is_on: NDArray[np.bool_]  # [N, U] which units are on
    member: NDArray[np.int64]  # [N, U] in an anticorrelated unit: which feature is on
    stratum: NDArray[np.int64]  # [N] units that are on
    units: Units
    is_full: bool  # every mask is there
    log_odds: Floats  # [U] by which the units of a stratum were chosen, up to a constant; 0 where evenly

    def fits(self, problem: Problem) -> bool:
        """Return whether the examples stand where the problem's unequal sparsities need them."""
        return self.is_full or bool(np.abs(_relative_odds(self.units, problem) - self.log_odds).max() < _FITTING_ODDS)

    def weights(self, problem: Problem) -> Floats:
        """Return the weight of every example under the problem's sparsity, ``[N]``; they sum to 1."""
        density = problem.density
        chances = np.clip(self.units.chances(density), 0.0, 1.0)
        shares = self._member_shares(density)
        if self.is_full:
            each = np.where(self.is_on, chances * shares, 1.0 - chances).prod(1)
            copies = np.where(self.stratum == 0, 1, SOBOL_POINTS)
            return np.asarray(each / copies)
        odds = np.log(np.maximum(chances, _SMALLEST_ODDS)) - np.log(np.maximum(1 - chances, _SMALLEST_ODDS))
        odds -= self.log_odds
        logs = (self.is_on * (odds + np.log(np.maximum(shares, _SMALLEST_ODDS)))).sum(1)
        chance_of_stratum = _poisson_binomial(chances)
        found = np.zeros(len(self.stratum))
        for stratum in np.unique(self.stratum):
            chosen = self.stratum == stratum
            relative = np.exp(logs[chosen] - logs[chosen].max())
            found[chosen] = chance_of_stratum[stratum] * relative / relative.sum()
        return np.asarray(found / found.sum())

    def _member_shares(self, density: Floats) -> Floats:
        """Return how probable the chosen member is, given its unit is on, ``[N, U]``; 1 but in anticorrelated units."""
        found = np.ones(self.is_on.shape)
        for at, (mine, kind) in enumerate(zip(self.units.members, self.units.kinds, strict=True)):
            if kind == ANTICORRELATED:
                total = density[list(mine)].sum()
                found[:, at] = density[self.member[:, at]] / total
        return found


def fixed_set(
    problem: Problem,
    *,
    examples: int = SHOWN_EXAMPLES,
    densities: Sequence[Floats] = (),
    seed: int = 0,
    is_signed: bool = False,
) -> FixedSet:
    """Return the set for problems with these features and groups.

    Parameters
    ----------
    problem
        Of which features, groups and how the sparsities of the features differ count, not how sparse they are.
    examples
        About how many, where not every mask is there.
    densities
        Of the problems that will be asked about, ``[n]`` each: the strata get examples by their probability then.
        Without them every stratum gets some, and the set serves any sparsity.
    seed
        Of subsets and values.
    is_signed
        Values in [-1, 1]; for the absolute value.
    """
    units = Units.of(problem)
    generator = np.random.default_rng(seed)
    is_full = problem.features <= FULL_MASKS
    log_odds = _relative_odds(units, problem)
    if is_full:
        is_on, member = _all_masks(units)
    else:
        is_on, member = _stratified(units, _allocation(units, examples, densities), log_odds, generator)
    active = _active_features(units, is_on, member, problem.features)  # [N, n]
    values = _values(active, problem.features, seed, is_full=is_full)
    if is_signed:
        values = 2 * values - 1
    points = torch.from_numpy(np.ascontiguousarray((values * active).T, np.float32))
    return FixedSet(points, is_on, member, is_on.sum(1), units, is_full, log_odds)


def feature_errors(kind: str, parameters: Tensor, points: Tensor, weights: Tensor) -> Tensor:
    """Return the weighted mean squared error of every feature, ``[models, n]``, in the precision of ``parameters``.

    Parameters
    ----------
    parameters
        Of models of one kind, ``[models, n, columns]``.
    points, weights
        ``[n, N]`` and ``[N]``.
    """
    models, features = parameters.shape[:2]
    found = parameters.new_zeros(models, features)
    for part in slices(models, features, points.shape[1]):
        inputs = points[:, part].to(parameters)
        output = output_of(kind, parameters, inputs)  # [models, n, part]
        output -= target_of(kind, inputs)
        found += output.square_() @ weights[part].to(parameters)
    return found


def slices(models: int, features: int, examples: int) -> Iterator[slice]:
    """Return pieces of the examples whose answers stay near the processor."""
    size = max(64, _SLICE_NUMBERS // (models * features))
    return (slice(low, low + size) for low in range(0, examples, size))


def _all_masks(units: Units) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return all states of the units, the one with nothing on once, the others once for each Sobol point."""
    choices = [
        [(False, mine[0]), *((True, one) for one in (mine if kind == ANTICORRELATED else mine[:1]))]
        for mine, kind in zip(units.members, units.kinds, strict=True)
    ]
    states = list(itertools.product(*choices))
    on = np.array([[is_on for is_on, _ in state] for state in states])
    member = np.array([[one for _, one in state] for state in states])
    copies = np.where(on.any(1), SOBOL_POINTS, 1)
    return np.repeat(on, copies, 0), np.repeat(member, copies, 0)


def _allocation(units: Units, examples: int, densities: Sequence[Floats]) -> NDArray[np.int64]:
    """Return how many examples each stratum gets, ``[U + 1]``; nothing on is one example."""
    count = len(units.members)
    if len(densities):
        shares = np.max([_poisson_binomial(units.chances(density)) for density in densities], axis=0)
        shares = np.where(shares < 1e-7, 0.0, np.maximum(shares, 1e-3))
        shares[0] = 0.0
    else:
        shares = 1 / np.sqrt(np.arange(count + 1) + 1.0)
    found: NDArray[np.int64] = np.ceil(examples * shares / shares.sum()).astype(np.int64)
    found[0] = 1
    return found


def _stratified(
    units: Units, allocation: NDArray[np.int64], log_odds: Floats, generator: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return states with each number of units on; in a stratum by their odds, dealt evenly where they are equal."""
    count = len(units.members)
    rows = []
    if log_odds.any():
        return _with_members(units, _chosen_by_odds(np.exp(log_odds), allocation, generator), generator)
    for stratum, wanted in enumerate(allocation):
        mask = np.zeros((wanted, count), bool)
        if stratum:
            mask[np.repeat(np.arange(wanted), stratum), _dealt(count, stratum, int(wanted), generator)] = True
        rows.append(mask)
    return _with_members(units, np.concatenate(rows), generator)


def _with_members(
    units: Units, on: NDArray[np.bool_], generator: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    member = np.zeros(on.shape, np.int64)
    for at, mine in enumerate(units.members):
        member[:, at] = np.array(mine)[generator.integers(0, len(mine), len(on))]
    return on, member


def _chosen_by_odds(odds: Floats, allocation: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.bool_]:
    """Return states ``[N, U]``, the first stratum first, each drawn from independent units given how many are on.

    Unit by unit: with k still to come, unit i is on with probability ``p_i T[i + 1, k - 1] / T[i, k]``, where
    ``T[i, k]`` is the probability that k of the units from i on are on (Chen and Liu 1997).
    """
    chances = odds / (1 + odds)
    count = len(chances)
    later = np.zeros((count + 1, count + 2))
    later[count, 0] = 1.0
    for at in range(count - 1, -1, -1):
        later[at] = later[at + 1] * (1 - chances[at])
        later[at, 1:] += later[at + 1, :-1] * chances[at]
    left = np.repeat(np.arange(count + 1), allocation)
    found = np.zeros((len(left), count), bool)
    for at in range(count):
        share = chances[at] * later[at + 1, left - 1] / np.maximum(later[at, left], 1e-300)
        must = left == count - at
        found[:, at] = (left > 0) & ((generator.random(len(left)) < share) | must)
        left = left - found[:, at]
    return found


def _relative_odds(units: Units, problem: Problem) -> Floats:
    """Return the logarithm of each unit's odds less their mean, ``[U]``; zeros where they are equal."""
    chances = np.clip(units.chances(problem.density), 1e-6, 1 - 1e-6)
    odds = np.log(chances / (1 - chances))
    return np.asarray(np.where(np.abs(odds - odds.mean()) < 1e-9, 0.0, odds - odds.mean()))


def _dealt(count: int, size: int, hands: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Return ``hands`` hands of ``size`` different units, flat; dealt from shuffled decks, so evenly."""
    per_deck = count // size
    decks = generator.permuted(np.tile(np.arange(count), (-(-hands // per_deck), 1)), axis=1)
    dealt: NDArray[np.int64] = np.asarray(decks[:, : per_deck * size].reshape(-1, size)[:hands].ravel(), np.int64)
    return dealt


def _active_features(
    units: Units, is_on: NDArray[np.bool_], member: NDArray[np.int64], features: int
) -> NDArray[np.bool_]:
    found = np.zeros((len(is_on), features), bool)
    for at, (mine, kind) in enumerate(zip(units.members, units.kinds, strict=True)):
        for feature in mine:
            is_chosen = kind in ("", CORRELATED)
            found[:, feature] = is_on[:, at] & (is_chosen | (member[:, at] == feature))
    return found


def _values(active: NDArray[np.bool_], features: int, seed: int, *, is_full: bool) -> Floats:
    """Return values in (0, 1) for every example: the same Sobol points for every mask, or one long sequence."""
    count = SOBOL_POINTS if is_full else len(active)
    sequence = qmc.Sobol(features, scramble=True, rng=seed)
    # scipy keeps the interpreter lock while it draws: in one piece a window would stand still for a second
    sizes = [_SOBOL_PIECE] * -(-count // _SOBOL_PIECE)  # powers of two
    drawn = np.concatenate([sequence.random(size) for size in sizes])[:count]
    if not is_full:
        return np.asarray(drawn, np.float64)
    masks = (len(active) - 1) // SOBOL_POINTS
    return np.concatenate([np.zeros((1, features)), np.tile(drawn, (masks, 1))])


def _poisson_binomial(chances: Floats) -> Floats:
    """Return the distribution of how many of independent units are on, ``[U + 1]``."""
    found = np.zeros(len(chances) + 1)
    found[0] = 1.0
    for chance in chances:
        found[1:] = found[1:] * (1 - chance) + found[:-1] * chance
        found[0] *= 1 - chance
    return found
