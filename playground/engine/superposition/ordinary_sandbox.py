"""What the sandbox is measured against: one model trained as a tutorial writes it, with autograd and torch.optim."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from playground.engine.superposition.models import initial_parameters, output_of, target_of
from playground.engine.superposition.problem import Problem
from playground.engine.superposition.setup import Schedule


def ordinary_sandbox_steps(
    kind: str, problem: Problem, schedule: Schedule, seed: int = 0
) -> Iterator[tuple[int, Tensor]]:
    """Train one model for ever; every item is 1 step made and its loss.

    Parameters
    ----------
    kind
        Of `problem.KINDS`.
    problem
        Without groups: its features are independent.
    schedule
        Learning rate and batch count.
    """
    generator = torch.Generator().manual_seed(seed)
    parameters = initial_parameters(kind, problem.features, problem.hidden, problem.density, generator)
    parameters.requires_grad_()
    importance = torch.tensor(problem.importance)
    density = torch.from_numpy(problem.density).float()[:, None]
    optimizer = torch.optim.Adam([parameters], lr=schedule.learning_rate)
    while True:
        values = torch.rand(problem.features, schedule.batch, generator=generator)
        is_on = torch.rand(problem.features, schedule.batch, generator=generator) < density
        inputs = values * is_on  # [n, B]
        optimizer.zero_grad()
        errors = (target_of(kind, inputs) - output_of(kind, parameters, inputs)) ** 2
        loss = (errors.mean(1) * importance).mean()
        torch.autograd.backward(loss)
        optimizer.step()
        yield 1, loss
