"""The written-out gradient against autograd, in float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from playground.engine.superposition.gradients import Workspace, slice_of, write_gradient
from playground.engine.superposition.models import Shape, output_of, target_of
from playground.engine.superposition.problem import KINDS, make_problem
from playground.engine.superposition.training import Run

MODELS, FEATURES, HIDDEN, BATCH = 3, 7, 3, 50


def written(shape: Shape, parameters: Tensor, inputs: Tensor, importance: Tensor, any_on: float | None) -> Tensor:
    gradient = torch.full_like(parameters, torch.nan)
    workspace = Workspace(MODELS + 1, FEATURES, HIDDEN, BATCH, parameters.device, parameters.dtype)
    scale = (2 * importance * (any_on or 1.0) / (BATCH * FEATURES))[..., None]
    zero_scale = None if any_on is None else 2 * importance * (1 - any_on) / FEATURES
    examples, targets = inputs[None], target_of(shape.kind, inputs)[None]
    models = slice_of(shape, parameters, gradient, scale, zero_scale, examples, targets, workspace)
    for _ in range(2):  # what one call leaves in the work space must not reach the next
        write_gradient(models, examples[0], targets[0])
    return gradient


def by_autograd(kind: str, parameters: Tensor, inputs: Tensor, importance: Tensor, any_on: float | None) -> Tensor:
    free = parameters.clone().requires_grad_()

    def loss(examples: Tensor) -> Tensor:
        error = output_of(kind, free, examples) - target_of(kind, examples)
        return (importance[..., None] * error**2).mean((-1, -2)).sum()

    total = loss(inputs)
    if any_on is not None:
        total = any_on * total + (1 - any_on) * loss(torch.zeros_like(inputs[..., :1]))
    (found,) = torch.autograd.grad(total, free)
    return found


@pytest.mark.parametrize("any_on", [None, 0.3])
@pytest.mark.parametrize("kind", KINDS)
def test_every_model_has_the_gradient_of_autograd(kind: str, any_on: float | None) -> None:
    generator = torch.Generator().manual_seed(1)
    shape = Shape(kind, HIDDEN)
    parameters = torch.randn(MODELS, FEATURES, shape.columns, generator=generator, dtype=torch.float64) * 0.6
    inputs = torch.rand(MODELS, FEATURES, BATCH, generator=generator, dtype=torch.float64) - 0.3
    inputs = inputs if kind == "abs" else inputs.clamp(min=0)
    importance = torch.rand(MODELS, FEATURES, generator=generator, dtype=torch.float64) + 0.1
    expected = by_autograd(kind, parameters, inputs, importance, any_on)
    found = written(shape, parameters, inputs, importance, any_on)
    assert expected.abs().max() > 1e-2
    assert (found - expected).abs().max() <= 1e-10


@pytest.mark.parametrize("kinds", [("linear", "relu", "relu-relu"), ("abs",)])
def test_a_run_gives_every_model_the_gradient_of_its_own_examples_and_importance(kinds: tuple[str, ...]) -> None:
    problems = [make_problem(6, 2, 0.4, "equal"), make_problem(6, 2, 0.98, "1:0.2")]
    run = Run(problems, kinds, (0, 5))
    before = run.parameters.clone()
    run.advance(1)
    at = run.sampler.position - 1
    found = run.gradient.reshape(*run.counts, 6, -1)
    for k, kind in enumerate(kinds):
        for q, problem in enumerate(problems):
            importance = torch.tensor(problem.importance)
            any_on = float(run.sampler.chance_of_any[q])
            for r in range(2):
                parameters = before.reshape(*run.counts, 6, -1)[k, q, r]
                inputs = run.sampler.block.examples[at, q, r]
                expected = by_autograd(kind, parameters, inputs, importance, any_on if any_on < 1 else None)
                assert expected.abs().max() > 1e-5
                torch.testing.assert_close(found[k, q, r], expected, rtol=1e-4, atol=1e-8)
