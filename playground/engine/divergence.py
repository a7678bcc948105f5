"""Where a training has diverged: the layer in which numbers first ceased to be numbers, read off and never guessed."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from playground.engine.evaluate import first_bad_layer
from playground.engine.part import Part
from playground.engine.training import Training, evaluated_examples

ROWS = 256  # examples that are looked at together


@dataclass(frozen=True)
class Divergence:
    """``layer`` is an index into the structure, ``sentence`` names it and the step."""

    layer: int
    sentence: str


def divergence(training: Training, *, is_of_step: bool = True) -> Divergence:
    """Return where ``training`` has diverged.

    One bad number spoils everything within one step: forward the layers above, backward all gradients, and with the
    update all weights. So the order in which things were computed decides: the pre-activations of the batch, from the
    first layer up, as the step had them before its update; then the weights; then the pre-activations of the measured
    examples. Where all of these are numbers, the outputs are so large that the loss is beyond float32.

    Parameters
    ----------
    training
        Its loss, on the last batch or on the measured examples, or its weights are no longer numbers.
    is_of_step
        Whether the last step did it. False where the weights came from elsewhere: an undo, a file.
    """
    pre = training.batch_pre if is_of_step and not bool(torch.isfinite(training.batch_loss)) else []
    layer = _first_bad(pre)
    what = "pre-activations"
    if layer is None and not pre:
        layer, what = first_bad_layer(training.network), "weights"
    if layer is None and not pre:
        pre = _bad_examples(training)
        layer, what = _first_bad(pre), "pre-activations"
    last = len(training.spec.layers) - 1
    name = "the output layer" if layer in (None, last) else training.spec.layer_name(layer)
    # elsewhere than on the CPU it is looked at once in many steps: reading a number waits for the device
    when = f"{'at' if training.device.type == 'cpu' else 'by'} step {training.step:,}"
    if layer is not None:
        return Divergence(layer, f"Training diverged: {when} the {what} of {name} are no longer numbers.")
    size = f", whose sums have grown to {float(pre[-1].abs().max()):.1e}" if pre else ""
    return Divergence(last, f"Training diverged: {when} the loss is no longer a number, at {name}{size}.")


def _first_bad(pre: list[Tensor]) -> int | None:
    """Return the first layer with a number that is none in its pre-activations."""
    return next((index for index, found in enumerate(pre) if not bool(torch.isfinite(found).all())), None)


def _bad_examples(training: Training) -> list[Tensor]:
    """Return the pre-activations of a chunk of the measured examples: the first that holds a bad one, else the last."""
    pre: list[Tensor] = []
    for part in (training.train, training.validation):
        for inputs in _chunks(training, part):
            pre = training.network.forward(inputs, training.settings.loss)[0]
            if _first_bad(pre) is not None:
                return pre
    return pre


def _chunks(training: Training, part: Part) -> tuple[Tensor, ...]:
    inputs = part.inputs[: evaluated_examples(training.spec)]
    return torch.split(inputs, ROWS) if len(inputs) else ()
