"""Computation in superposition: the absolute value of many features through few neurons, by annealing the density.

From scratch at high sparsity the training fails (about half of the trivial loss). Annealed, it first learns what each
feature needs (two neurons: one for each sign) and then shares neurons as features become rare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from playground.engine.superposition.closed_forms import trivial_loss
from playground.engine.superposition.evaluation import evaluator_of, run_losses
from playground.engine.superposition.metrics import features_per_neuron
from playground.engine.superposition.plans import ANNEALED_DENSITIES
from playground.engine.superposition.problem import ABS, Floats, SuperpositionError, make_problem
from playground.engine.superposition.setup import Schedule
from playground.engine.superposition.training import ABSOLUTE_SCHEDULE, Array, Between, Run, advance, go_on

STEPS_A_STAGE = 1200


@dataclass(frozen=True, eq=False)
class AnnealedStage:
    """What the models are after one density."""

    density: float
    losses: Floats  # [R] mean over the features, weighted by importance
    trivial: float  # the loss of answering 0
    features_per_neuron: Floats  # [R, m] as `features_per_neuron`
    parameters: Array  # [R, n, 2 m + 1]


def annealed(
    features: int = 100,
    hidden: int = 40,
    importance: str | Sequence[float] | None = "0.8^i",
    densities: Sequence[float] = ANNEALED_DENSITIES,
    seeds: Sequence[int] = (0,),
    steps: int = STEPS_A_STAGE,
    schedule: Schedule | None = None,
    device: str = "cpu",
    between: Between = go_on,
) -> Iterator[AnnealedStage]:
    """Train the absolute value at each density in turn, each from the weights of the one before; yield every stage.

    The learning rate falls over the tail of each stage, so that a stage's loss is that of a settled model. One density
    alone is training from scratch.

    Raises
    ------
    SuperpositionError
        Where a number does not go.
    """
    if not len(densities):
        raise SuperpositionError("Give at least one density to train at.")
    problems = [make_problem(features, hidden, 1 - density, importance) for density in densities]
    held = replace(schedule or ABSOLUTE_SCHEDULE, steps=steps)
    run = Run(problems[:1], (ABS,), seeds, held, device)
    evaluator = evaluator_of(run)
    for at, problem in enumerate(problems):
        if at:
            run.set_problems([problem], restart=False)
        run.step = 0  # of this stage: the rate starts again, the moments go on
        advance(run, steps, between)
        losses, parameters = run_losses(run, evaluator)[0, 0], run.parameter_array()[0, 0]
        served = features_per_neuron(parameters)
        yield AnnealedStage(float(densities[at]), losses, trivial_loss(ABS, problem), served, parameters)
