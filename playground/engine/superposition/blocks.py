"""Examples of several steps at once, made of uniforms: functions of tensors, TorchScript as well as Python.

`data` says how the examples are distributed and how they come from one stream of uniforms a seed; what stands here is
the work on the numbers, so that ``scripted`` can run many steps, and the blocks that they need, without Python's
interpreter. What is so or not so is 1 or 0 here: choosing by truth values takes ten times as long. The annotations are
no strings: TorchScript reads those of a tuple as they stand.
"""

from typing import NamedTuple

import torch
from torch import Generator, Tensor


class Linked(NamedTuple):
    """A group of features."""

    is_correlated: bool
    first: int  # the member whose gate a correlated group takes
    others: Tensor  # int64, the other members of a correlated group
    members: Tensor  # int64, all


class Odds(NamedTuple):
    """How sparse the features of all problems are, as the making of examples needs it."""

    densities: Tensor  # [Q, 1, n, 1]
    offsets: Tensor  # [Q, 1, n, 1] of x = u / p + offset, before clamping
    unit_chances: Tensor  # [Q, 1, n, 1] how probable it is that a feature's unit is on
    cumulated: Tensor  # [Q, units] how probable it is that the first unit that is on is this or one before, given any
    conditional: list[int]  # problems whose examples are drawn given that something is on


class Block(NamedTuple):
    """Room for the examples of T steps, all problems and seeds; every next block is made in the same place."""

    generators: list[Generator]  # R
    first_generators: list[Generator]  # R
    uniforms: Tensor  # [R, T, n, B]
    first: Tensor  # [R, T, 1, B] uniforms that say which unit is on first
    lead: Tensor  # int64 [n] the feature whose uniform switches a feature
    unit: Tensor  # [n, 1] the number of a feature's unit
    groups: list[Linked]
    examples: Tensor  # [T, Q, R, n, B]
    targets: Tensor  # the same tensor unless signed
    is_signed: bool


def make_next(block: Block, odds: Odds) -> None:
    """Make the next block in the place of this one."""
    draw(block.generators, block.uniforms)
    if len(odds.conditional) > 0:
        draw(block.first_generators, block.first)
    make_examples(block, odds)


def draw(generators: list[Generator], uniforms: Tensor) -> None:
    """Go on in every stream: ``uniforms`` ``[R, ...]`` are written."""
    for seed, generator in enumerate(generators):
        uniforms[seed].uniform_(generator=generator)


def make_examples(block: Block, odds: Odds) -> None:
    """Turn the uniforms of a block into examples and targets."""
    examples = block.examples
    values = block.uniforms.transpose(0, 1).unsqueeze(1)  # [T, 1, R, n, B]
    gates = values
    if len(block.groups) > 0:
        gates = gates.index_select(3, block.lead)
    torch.div(gates, odds.densities, out=examples)
    examples.add_(odds.offsets)
    for problem in odds.conditional:
        examples[:, problem].copy_(_given_any(block, odds, problem, gates[:, 0]))
    examples.clamp_(min=0)
    for group in block.groups:
        _finish(group, examples, values)
    if block.is_signed:
        # 2 x - 1 where something is on: the sign comes from the same uniform
        torch.sign(examples, out=block.targets)
        torch.abs(examples.mul_(2).sub_(block.targets), out=block.targets)


def _given_any(block: Block, odds: Odds, problem: int, gates: Tensor) -> Tensor:
    """Return the values of a problem before clamping, ``[T, R, n, B]``, given that some unit is on."""
    cumulated = odds.cumulated[problem]
    first = torch.searchsorted(cumulated, block.first.transpose(0, 1).contiguous())
    first = first.clamp_(max=len(cumulated) - 1).to(gates.dtype)  # [T, R, 1, B]
    certain = 1 - odds.unit_chances[problem] * (1 - gates)  # the gate, given that its unit is on
    is_first = torch.eq(block.unit, first, out=torch.empty_like(gates))
    is_after = torch.gt(block.unit, first, out=torch.empty_like(gates))
    chosen = is_after.mul_(gates).addcmul_(certain, is_first)  # 0 before the first
    return chosen / odds.densities[problem] + odds.offsets[problem]


def _finish(group: Linked, examples: Tensor, values: Tensor) -> None:
    """Give followers of a correlated group values of their own; end an anticorrelated member's part at 1."""
    if group.is_correlated:
        is_on = torch.sign(examples[:, :, :, group.first : group.first + 1])
        examples.index_copy_(3, group.others, values.index_select(3, group.others) * is_on)
    else:
        held = examples.index_select(3, group.members)
        examples.index_copy_(3, group.members, torch.le(held, 1, out=torch.empty_like(held)).mul_(held))
