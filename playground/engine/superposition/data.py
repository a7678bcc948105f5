"""Examples: sparse features from one stream of uniforms per seed, with groups, dense or given that something is on.

A feature with density p is ``x = max(0, (u - S) / p)`` of one uniform u (S = 1 - p): 0 with probability S, else
U(0, 1).
A correlated group takes the gate of its first member; the first member's own value comes from that same uniform.
In an anticorrelated group each member owns a part of length p of the unit interval of the first member's uniform.

Where nearly all examples would be zero (S >= .97) the examples are drawn given x != 0, and the all-zero example, which
has probability ``1 - q``, is left to the gradient to add analytically (`Sampler.chance_of_any` is q). What is on first
is then drawn from its exact distribution; what stands before it is off, what stands after it is independent of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.superposition.problem import ANTICORRELATED, CORRELATED, Floats, Group, Problem

CONDITIONAL_SPARSITY = 0.97
_BATCH_STREAM, _FIRST_STREAM = 1_000_003, 2_000_003  # offsets that part the random numbers of one seed
_BLOCK_NUMBERS = 65_536  # examples are made for several steps at once; so many numbers stay in the processor's cache
_LONGEST_BLOCK = 64


@dataclass(frozen=True, eq=False)
class Units:
    """What is switched on independently of the rest: single features and groups.

    ``lead[i]`` is the feature whose uniform switches feature i, ``unit[i]`` the number of its unit, both ``[n]``.
    """

    groups: tuple[Group, ...]
    lead: NDArray[np.int64]
    unit: NDArray[np.int64]
    members: tuple[tuple[int, ...], ...]
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, problem: Problem) -> Units:
        """Return the units of a task, in the order of their first members."""
        held = {member: group for group in problem.groups for member in group.members}
        lead, unit = np.arange(problem.features), np.zeros(problem.features, np.int64)
        members: list[tuple[int, ...]] = []
        kinds: list[str] = []
        for feature in range(problem.features):
            group = held.get(feature)
            if group is not None and feature != min(group.members):
                continue
            mine = tuple(sorted(group.members)) if group else (feature,)
            lead[list(mine)], unit[list(mine)] = feature, len(members)
            members.append(mine)
            kinds.append(group.kind if group else "")
        return cls(problem.groups, lead, unit, tuple(members), tuple(kinds))

    def chances(self, density: Floats) -> Floats:
        """Return how probable it is that a unit is on, ``[..., units]``, from densities ``[..., n]``."""
        return np.stack(
            [
                density[..., list(mine)].sum(-1) if kind == ANTICORRELATED else density[..., mine[0]]
                for mine, kind in zip(self.members, self.kinds, strict=True)
            ],
            axis=-1,
        )

    def floors(self, density: Floats) -> Floats:
        """Return above which value of its uniform a feature is on, ``[..., n]``; it stays on for a length p."""
        found = 1.0 - density
        for mine, kind in zip(self.members, self.kinds, strict=True):
            if kind == ANTICORRELATED:
                found[..., list(mine)] = 1.0 - np.cumsum(density[..., list(mine)], axis=-1)
        return found


class Sampler:
    """Batches for all problems and seeds of a run.

    Parameters
    ----------
    problems
        Same features and groups; Q of them.
    seeds
        R of them. All problems of a seed are made from the same uniforms, whatever else runs beside it.
    batch
        Examples a step, B.
    is_signed
        Values in [-1, 1] instead of [0, 1]; for the absolute value.
    """

    def __init__(
        self,
        problems: Sequence[Problem],
        seeds: Sequence[int],
        batch: int,
        device: str = "cpu",
        *,
        is_signed: bool = False,
    ) -> None:
        self._units = Units.of(problems[0])
        self._seeds, self._batch, self._is_signed = tuple(seeds), batch, is_signed
        self._device = torch.device(device)
        self._generators = [torch.Generator(self._device).manual_seed(seed + _BATCH_STREAM) for seed in seeds]
        self._first_generators = [torch.Generator(self._device).manual_seed(seed + _FIRST_STREAM) for seed in seeds]
        features = problems[0].features
        numbers = len(problems) * len(seeds) * features * batch
        self.block = max(1, min(_LONGEST_BLOCK, _BLOCK_NUMBERS // numbers))
        self.position = self.block  # of the next step in the block
        self._uniforms = torch.empty((len(seeds), self.block, features, batch), device=self._device)  # [R, T, n, B]
        self._first = torch.empty((len(seeds), self.block, 1, batch), device=self._device)
        self._has_first = False
        self._before = self._states()
        # [T, Q, R, n, B]; `targets` is the same tensor unless signed
        self.examples = torch.zeros((self.block, len(problems), *self._uniforms.shape[:1], features, batch))
        self.examples = self.examples.to(self._device)
        self.targets = torch.zeros_like(self.examples) if is_signed else self.examples
        self.set_problems(problems)

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Take other sparsities from the next step on; the uniforms go on where they are."""
        density = np.stack([problem.density for problem in problems])  # [Q, n]
        chances = self._units.chances(density)  # [Q, U]
        self._conditional = np.flatnonzero((1.0 - density).min(1) >= CONDITIONAL_SPARSITY)
        any_on = -np.expm1(np.log1p(-np.minimum(chances, 1 - 1e-16)).sum(1))
        self.chance_of_any = np.where(np.isin(np.arange(len(density)), self._conditional), any_on, 1.0)  # [Q]
        none_before = np.cumprod(np.concatenate([np.ones((len(chances), 1)), 1 - chances[:, :-1]], 1), 1)
        self._cumulated = self._tensor(np.cumsum(none_before * chances, 1) / any_on[:, None])  # [Q, U]
        self._chances = self._tensor(chances[:, self._units.unit])[:, None, :, None]  # [Q, 1, n, 1]
        self._densities = self._tensor(density)[:, None, :, None]
        self._offsets = self._tensor(-self._units.floors(density) / density)[:, None, :, None]
        if self.position < self.block:
            self._make()

    @property
    def has_zero_term(self) -> bool:
        """Return whether some problem leaves the all-zero example to the gradient."""
        return len(self._conditional) > 0

    def next(self) -> int:
        """Go one step on and return where its batch stands in ``examples`` and ``targets``."""
        if self.position >= self.block:
            self._draw()
            self._make()
            self.position = 0
        found = self.position
        self.position += 1
        return found

    def state(self) -> tuple[int, bool, list[NDArray[np.uint8]]]:
        """Return the place in the streams.

        Position, whether the block in use has drawn what is on first, and the generators' states before that block;
        where the block is used up, they stand before the next one.
        """
        is_used_up = self.position >= self.block
        states = self._states() if is_used_up else self._before
        return self.position, self._has_first and not is_used_up, [np.array(state.numpy()) for state in states]

    def follow(self, other: Sampler, places: Sequence[int]) -> None:
        """Go on after the block that ``other`` has in use; seed r here is seed ``places[r]`` there."""
        for mine, theirs in (
            (self._generators, other._generators),
            (self._first_generators, other._first_generators),
        ):
            for generator, place in zip(mine, places, strict=True):
                generator.set_state(theirs[place].get_state())
        self._before = self._states()
        self.position = self.block

    def restore(self, position: int, states: list[NDArray[np.uint8]], *, has_first: bool = False) -> None:
        """Go to a place that `state` returned for the same seeds and shapes."""
        for generator, state in zip((*self._generators, *self._first_generators), states, strict=True):
            generator.set_state(torch.from_numpy(np.array(state)))
        self.position = position
        self._before = self._states()
        if position < self.block:
            self._draw()
            if has_first:  # even if the present sparsity has no use for it: the streams are then where they were
                self._draw_first()
            self._make()

    def _states(self) -> list[Tensor]:
        return [generator.get_state() for generator in (*self._generators, *self._first_generators)]

    def _draw(self) -> None:
        self._before = self._states()
        self._has_first = False
        for at, generator in enumerate(self._generators):
            self._uniforms[at].uniform_(generator=generator)

    def _draw_first(self) -> None:
        for seed, generator in enumerate(self._first_generators):
            self._first[seed].uniform_(generator=generator)
        self._has_first = True

    def _make(self) -> None:
        """Turn the uniforms of the block into examples."""
        gates = self._uniforms.transpose(0, 1)[:, None]  # [T, 1, R, n, B]
        lead = self._units.lead
        values = gates
        if self._units.groups:
            gates = gates.index_select(3, torch.from_numpy(lead).to(self._device))
        torch.div(gates, self._densities, out=self.examples)
        self.examples.add_(self._offsets)
        for at in self._conditional:
            self.examples[:, at] = self._given_any(int(at), gates[:, 0])
        self.examples.clamp_(min=0)
        self._finish_groups(values)
        if self._is_signed:
            # 2 x - 1 where something is on: the sign comes from the same uniform
            torch.sign(self.examples, out=self.targets)
            torch.abs(self.examples.mul_(2).sub_(self.targets), out=self.targets)

    def _given_any(self, at: int, gates: Tensor) -> Tensor:
        """Return problem ``at``'s values before clamping, ``[T, R, n, B]``, given that some unit is on."""
        if not self._has_first:
            self._draw_first()
        cumulated = self._cumulated[at]
        first = torch.searchsorted(cumulated, self._first.transpose(0, 1).contiguous())  # [T, R, 1, B]
        first.clamp_(max=len(cumulated) - 1)
        unit = torch.from_numpy(self._units.unit).to(self._device)[:, None]  # [n, 1]
        certain = 1 - self._chances[at] * (1 - gates)  # the gate, given that its unit is on
        gates = torch.where(unit == first, certain, torch.where(unit < first, torch.zeros_like(gates), gates))
        return gates / self._densities[at] + self._offsets[at]

    def _finish_groups(self, values: Tensor) -> None:
        """Give followers of a correlated group values of their own; end an anticorrelated member's part at 1."""
        for group in self._units.groups:
            first, *others = sorted(group.members)
            if group.kind == CORRELATED:
                is_on = self.examples[..., first : first + 1, :] > 0
                for other in others:
                    self.examples[..., other : other + 1, :] = values[..., other : other + 1, :] * is_on
            else:
                members = list(group.members)
                held = self.examples[..., members, :]
                self.examples[..., members, :] = held * (held <= 1)

    def _tensor(self, values: Floats) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(self._device, torch.float32)
