"""The training loss on a grid of points around a network's parameters, in a plane of two directions.

Li, Xu, Taylor, Studer and Goldstein (2018), "Visualizing the loss landscape of neural nets": the loss is drawn as
f(a, b) = L(parameters + a d1 + b d2), sections 3 and 4.
"""

from __future__ import annotations

import numpy as np
import torch

from playground.engine.datasets import IsCancelled, Progress, report
from playground.engine.evaluate import measure
from playground.engine.headless import denormals_flushed
from playground.engine.landscape_plan import MOST_EXAMPLES, Landscape, LandscapePlan
from playground.engine.part import Part
from playground.engine.targets import TWO, two_targets
from playground.engine.training import network_with


def measured_landscape(
    plan: LandscapePlan, progress: Progress | None = None, cancelled: IsCancelled | None = None
) -> Landscape:
    """Measure the mean loss over the training part (its first 2,000 examples) at every point of the plan's grid.

    Parameters
    ----------
    plan : LandscapePlan
    progress : callable, optional
        Told the share done (0..1) after every row.
    cancelled : callable, optional
        Asked before every row.

    Raises
    ------
    LandscapeError
        Where the plan cannot be carried out.
    Cancelled
        When ``cancelled()`` says so.
    """
    plan.check()
    device = torch.device("cpu")
    count = min(len(plan.data.train), MOST_EXAMPLES)
    part = Part(plan.data.train.taken(range(count)), device)
    if plan.data.task == TWO:
        part.code(*two_targets(plan.spec.layers[-1].activation, plan.loss))
    network = network_with(plan.spec, plan.parameters, device)
    if plan.present is not None:
        network.set_mask("present", torch.from_numpy(np.array(plan.present)))
    directions, steps = plan.directions(), plan.steps
    middle = torch.from_numpy(np.asarray(plan.parameters, np.float64))
    across, up = (torch.from_numpy(direction) for direction in directions)
    losses = np.empty((len(steps), len(steps)))
    with denormals_flushed():
        for row, b in enumerate(steps):
            report(progress, cancelled, row / len(steps), f"row {row + 1} of {len(steps)}")
            for column, a in enumerate(steps):
                network.parameters.copy_(middle + a * across + b * up)
                losses[row, column] = measure(network, part.inputs, part.targets, plan.loss, part.threshold).loss
    losses.flags.writeable = False
    return Landscape(plan, directions, losses, count)
