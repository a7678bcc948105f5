"""The answers of a frozen network to a part of its data."""

from __future__ import annotations

import numpy as np
import torch

from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataSet, IsCancelled, Progress, report
from playground.engine.headless import denormals_flushed
from playground.engine.predictions import Predictions, answered_classes, part_of, spread
from playground.engine.targets import TWO, VALUES, two_targets
from playground.engine.training import network_with

_ROWS = 4_096  # at a time


@torch.no_grad()
def predictions(
    checkpoint: Checkpoint,
    data: DataSet,
    part: str,
    *,
    is_whole: bool = False,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> Predictions:
    """Let a network answer every example of a part, without dropout.

    Parameters
    ----------
    checkpoint : Checkpoint
        The moment that is asked.
    data : DataSet
        That it was taken on.
    part : str
        ``train``, ``validation`` or ``test``.
    is_whole : bool
        Keep all answers; else those of examples evenly spread over the part, see `predictions.spread`.
    progress, cancelled : callables, optional
        See `datasets.report`.

    Raises
    ------
    Cancelled
        When ``cancelled`` said so.
    """
    spec, loss = checkpoint.spec, checkpoint.settings.loss
    network = network_with(spec, checkpoint.arrays["parameters"], torch.device("cpu"))
    if "present" in checkpoint.arrays:
        network.set_mask("present", torch.from_numpy(np.array(checkpoint.arrays["present"])))
    low, high = two_targets(spec.layers[-1].activation, loss) if data.task == TWO else (0.0, 0.0)
    border, examples = (low + high) / 2, part_of(data, part)
    kept = np.arange(len(examples)) if is_whole else spread(len(examples))
    answers = np.empty((len(kept), spec.outputs), np.float32)
    sizes = np.array([scale.size for scale in data.target_scales])
    goodness = 0.0
    with denormals_flushed():
        for start in range(0, len(examples), _ROWS):
            report(progress, cancelled, start / len(examples), f"Asking the network, {part}")
            block = examples.taken(slice(start, start + _ROWS))
            act = network.forward(torch.from_numpy(block.as_float()), loss)[1][-1].numpy()  # [rows, outputs]
            first, last = np.searchsorted(kept, (start, start + len(block)))
            answers[first:last] = act[kept[first:last] - start]
            if data.task == VALUES and block.values is not None:
                away = (act.astype(np.float64) - block.values) * sizes
                goodness += float(np.square(away).mean(axis=1).sum())
            else:
                goodness += float((answered_classes(act, data.task, border) == block.labels).sum())
    mean = goodness / len(examples) if len(examples) else float("nan")
    right = mean**0.5 if data.task == VALUES else mean
    return Predictions(data, checkpoint.step, part, kept, len(examples), answers, border, right)
