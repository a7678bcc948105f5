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

from playground.engine.superposition.blocks import Block, Linked, Odds, draw, make_examples
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
        self._device = torch.device(device)
        features, seed_count = problems[0].features, len(seeds)
        numbers = len(problems) * seed_count * features * batch
        steps = max(1, min(_LONGEST_BLOCK, _BLOCK_NUMBERS // numbers))
        self.block = self._room(len(problems), seeds, steps, features, batch, is_signed=is_signed)
        self.position = steps  # of the next step in the block
        self._has_first = False  # whether the block in use has drawn what is on first
        # the streams before the block in use, and how many blocks were drawn from there before it
        self._before, self._between = self._states(), 0
        self._ahead = self._before
        self.set_problems(problems)

    def _room(
        self, problems: int, seeds: Sequence[int], steps: int, features: int, batch: int, *, is_signed: bool
    ) -> Block:
        def empty(*shape: int) -> Tensor:
            return torch.zeros(shape, device=self._device)

        def generators(stream: int) -> list[torch.Generator]:
            return [torch.Generator(self._device).manual_seed(seed + stream) for seed in seeds]

        units = self._units
        examples = empty(steps, problems, len(seeds), features, batch)
        return Block(
            generators=generators(_BATCH_STREAM),
            first_generators=generators(_FIRST_STREAM),
            uniforms=empty(len(seeds), steps, features, batch),
            first=empty(len(seeds), steps, 1, batch),
            lead=self._places(units.lead),
            unit=self._tensor(units.unit)[:, None],
            groups=[self._linked(group) for group in units.groups],
            examples=examples,
            targets=torch.zeros_like(examples) if is_signed else examples,
            is_signed=is_signed,
        )

    def _linked(self, group: Group) -> Linked:
        members = sorted(group.members)
        return Linked(group.kind == CORRELATED, members[0], self._places(members[1:]), self._places(members))

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Take other sparsities from the next step on; the uniforms go on where they are."""
        density = np.stack([problem.density for problem in problems])  # [Q, n]
        chances = self._units.chances(density)  # [Q, U]
        self._conditional = np.flatnonzero((1.0 - density).min(1) >= CONDITIONAL_SPARSITY)
        any_on = -np.expm1(np.log1p(-np.minimum(chances, 1 - 1e-16)).sum(1))
        self.chance_of_any = np.where(np.isin(np.arange(len(density)), self._conditional), any_on, 1.0)  # [Q]
        none_before = np.cumprod(np.concatenate([np.ones((len(chances), 1)), 1 - chances[:, :-1]], 1), 1)
        self.odds = Odds(
            densities=self._tensor(density)[:, None, :, None],
            offsets=self._tensor(-self._units.floors(density) / density)[:, None, :, None],
            unit_chances=self._tensor(chances[:, self._units.unit])[:, None, :, None],
            cumulated=self._tensor(np.cumsum(none_before * chances, 1) / any_on[:, None]),
            conditional=self._conditional.tolist(),
        )
        if self.position < self.length:
            self._make()

    @property
    def length(self) -> int:
        """Return for how many steps a block has examples, T."""
        return len(self.block.examples)

    @property
    def has_zero_term(self) -> bool:
        """Return whether some problem leaves the all-zero example to the gradient."""
        return len(self._conditional) > 0

    def portions(self, steps: int) -> tuple[int, ...]:
        """Return into which calls so many steps are best divided: one, or one for the last fresh block and one before.

        The streams are then known where the block in use begins, for checkpoints that are wanted at every turn.
        """
        fresh = steps - (self.length - self.position)
        if fresh <= self.length:
            return (steps,)
        last = 1 + (fresh - 1) % self.length
        return steps - last, last

    def expect(self, steps: int) -> None:
        """Remember where the streams are, if so many steps need a fresh block."""
        if self.position + steps > self.length:
            self._ahead = self._states()

    def went_on(self, steps: int, blocks: int) -> None:
        """Note how many steps were made since `expect`, and how many blocks were begun for them."""
        self.position += steps - blocks * self.length
        if blocks:
            self._before, self._between = self._ahead, blocks - 1
            self._has_first = self.has_zero_term

    def state(self) -> tuple[int, bool, list[NDArray[np.uint8]]]:
        """Return the place in the streams.

        Position, whether the block in use has drawn what is on first, and the generators' states before that block;
        where the block is used up, they stand before the next one.
        """
        is_used_up = self.position >= self.length
        states = self._states() if is_used_up else self._states_before()
        return self.position, self._has_first and not is_used_up, [np.array(state.numpy()) for state in states]

    def follow(self, other: Sampler, places: Sequence[int]) -> None:
        """Go on after the block that ``other`` has in use; seed r here is seed ``places[r]`` there."""
        for mine, theirs in (
            (self.block.generators, other.block.generators),
            (self.block.first_generators, other.block.first_generators),
        ):
            for generator, place in zip(mine, places, strict=True):
                generator.set_state(theirs[place].get_state())
        self._before, self._between = self._states(), 0
        self.position = self.length

    def restore(self, position: int, states: list[NDArray[np.uint8]], *, has_first: bool = False) -> None:
        """Go to a place that `state` returned for the same seeds and shapes."""
        for generator, state in zip(self._streams(), states, strict=True):
            generator.set_state(torch.from_numpy(np.array(state)))
        self.position = position
        self._before, self._between = self._states(), 0
        if position < self.length:
            draw(self.block.generators, self.block.uniforms)
            self._has_first = False
            if has_first:  # even if the present sparsity has no use for it: the streams are then where they were
                self._draw_first()
            self._make()

    def _streams(self) -> list[torch.Generator]:
        return [*self.block.generators, *self.block.first_generators]

    def _states(self) -> list[Tensor]:
        return [generator.get_state() for generator in self._streams()]

    def _states_before(self) -> list[Tensor]:
        """Return the states before the block in use.

        Where a call for several blocks was broken off, those before it are drawn once more, from where they began.
        """
        if self._between:
            first_blocks = self._between if self._has_first else 0
            rooms = [(self.block.uniforms[0], self._between)] * len(self.block.generators)
            rooms += [(self.block.first[0], first_blocks)] * len(self.block.first_generators)
            self._before = [
                self._after(state, torch.empty_like(room), blocks)
                for state, (room, blocks) in zip(self._before, rooms, strict=True)
            ]
            self._between = 0
        return self._before

    def _after(self, state: Tensor, room: Tensor, times: int) -> Tensor:
        """Return the state of a stream of which ``room`` has been filled so many times."""
        generator = torch.Generator(self._device)
        generator.set_state(state)
        for _ in range(times):
            room.uniform_(generator=generator)
        return generator.get_state()

    def _draw_first(self) -> None:
        self._states_before()  # from here on the blocks before it may differ in this from the one in use
        draw(self.block.first_generators, self.block.first)
        self._has_first = True

    def _make(self) -> None:
        """Make the block in use anew, from the uniforms that it has."""
        if self.has_zero_term and not self._has_first:
            self._draw_first()
        make_examples(self.block, self.odds)

    def _places(self, numbers: NDArray[np.int64] | list[int]) -> Tensor:
        return torch.from_numpy(np.array(numbers, np.int64)).to(self._device)

    def _tensor(self, values: Floats | NDArray[np.int64]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(self._device, torch.float32)
