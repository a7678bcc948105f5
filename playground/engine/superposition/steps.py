"""Many steps of many models in one call: gradient by gradient, and Adam with its update written out.

TorchScript as well as Python (see ``engine/step.py``): ``scripted`` runs ``make_steps`` without Python's interpreter.
The annotations here are no strings: TorchScript reads those of a tuple as they stand.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from playground.engine.superposition.blocks import Block, Odds, make_next
from playground.engine.superposition.gradients import Slice, write_gradient


class Adam(NamedTuple):
    """What an update reads and writes, ``[models, n, columns]``, and its numbers (Kingma and Ba 2015, Algorithm 1)."""

    parameters: Tensor
    gradient: Tensor
    first_moment: Tensor
    second_moment: Tensor
    divisor: Tensor  # room
    movable: Tensor | None  # 1 where an entry may move, 0 where it is held; None: everywhere
    beta1: float
    beta2: float
    decay: Tensor  # 0-dim, beta2: as a number it would be made into a tensor at every step
    epsilon: float


def make_steps(
    slices: list[Slice],
    adam: Adam,
    block: Block,
    odds: Odds,
    position: int,
    updates: int,
    learning_rates: list[float],
    call: Tensor,
) -> tuple[int, int]:
    """Make a step for each learning rate; return how many were made, and how many blocks of examples were begun.

    Parameters
    ----------
    position
        Of the first step's examples in the block; where it is used up, its length.
    updates
        How many the moments have seen.
    call
        bool ``[1]``; whoever sets it wants the steps to end.
    """
    made, blocks = 0, 0
    while made < len(learning_rates):
        if position == len(block.examples):
            make_next(block, odds)
            position = 0
            blocks += 1
        for models in slices:
            inputs = models.inputs[position]
            write_gradient(models, inputs, models.targets[position] if block.is_signed else inputs)
        update(adam, updates + made + 1, learning_rates[made])
        made += 1
        position += 1
        if bool(call):
            break
    return made, blocks


def update(adam: Adam, updates: int, learning_rate: float) -> None:
    """Move the parameters by the gradient; it is the update number ``updates``, counted from 1."""
    first, second = 1 - adam.beta1**updates, 1 - adam.beta2**updates  # how far the zeros of the start still pull
    root = math.sqrt(second)
    rate = -learning_rate * root / first
    adam.first_moment.lerp_(adam.gradient, 1 - adam.beta1)
    adam.second_moment.mul_(adam.decay)
    adam.second_moment.addcmul_(adam.gradient, adam.gradient, value=1 - adam.beta2)
    torch.sqrt(adam.second_moment, out=adam.divisor).add_(adam.epsilon * root)
    movable = adam.movable
    if movable is None:
        adam.parameters.addcdiv_(adam.first_moment, adam.divisor, value=rate)
    else:
        change = torch.div(adam.first_moment, adam.divisor, out=adam.divisor).mul_(movable)
        adam.parameters.add_(change, alpha=rate)
