from __future__ import annotations

import itertools

import numpy as np
import torch

from playground.engine.superposition.closed_forms import linear_optimum
from playground.engine.superposition.ordinary_sandbox import ordinary_sandbox_steps
from playground.engine.superposition.problem import LINEAR, make_problem
from playground.engine.superposition.setup import Schedule


def test_the_ordinary_loop_trains_what_the_sandbox_trains() -> None:
    problem = make_problem(6, 2, 0.5, "0.7^i")
    torch.set_num_threads(1)
    steps = ordinary_sandbox_steps(LINEAR, problem, Schedule(steps=None, learning_rate=3e-3, batch=512))
    losses = [loss.item() for _, loss in itertools.islice(steps, 3_000)]
    assert abs(np.mean(losses[-500:]) - linear_optimum(problem).loss) < 0.05 * linear_optimum(problem).loss
