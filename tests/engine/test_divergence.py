"""A training that diverges names the layer in which numbers first ceased to be numbers: planted, and found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from playground.engine.autograd_step import AutogradStep
from playground.engine.divergence import divergence
from playground.engine.evaluate import first_bad_layer
from playground.engine.settings import Settings
from playground.engine.spec import build
from playground.engine.step import WrittenStep
from playground.engine.training import Training
from tests.engine.blobs import blobs

SETTINGS = Settings(optimizer="sgd", loss="squared_error", batch_size=16, learning_rate=0.01, seed=3)
SPEC = build((6, 5, 4, 3), activation="identity", output_activation="identity")
NAMES = ("hidden 1", "hidden 2", "the output layer")


def planted(layer: int, weight: float, path: type[WrittenStep | AutogradStep] = WrittenStep) -> Training:
    training = Training(SPEC, SETTINGS, blobs())
    training._update = path(training.network, SETTINGS, training.dropout_generator)
    training.network.parameters[SPEC.slots[layer].weight] = weight
    return training


@pytest.mark.parametrize("path", [WrittenStep, AutogradStep])
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_the_layer_whose_sums_overflow_is_named_though_the_step_spoils_all_weights(
    path: type[WrittenStep | AutogradStep], layer: int
) -> None:
    training = planted(layer, 3e38, path)
    training.network.parameters[SPEC.slots[0].bias] += 3.0  # so that no sum of the layers below is near 0
    loss = training.advance()
    assert not torch.isfinite(loss)
    found = divergence(training)
    assert found.layer == layer
    assert found.sentence == (
        f"Training diverged: at step 1 the pre-activations of {NAMES[layer]} are no longer numbers."
    )
    assert layer == 0 or first_bad_layer(training.network) == 0, "the weights alone would name the first layer"


@pytest.mark.parametrize("path", [WrittenStep, AutogradStep])
def test_a_loss_that_overflows_by_itself_is_named_with_the_size_of_the_outputs(
    path: type[WrittenStep | AutogradStep],
) -> None:
    training = planted(2, 1e25, path)
    assert not torch.isfinite(training.advance())
    size = max(float(pre.abs().max()) for pre in training.batch_pre)
    found = divergence(training)
    assert found.layer == 2
    assert found.sentence == (
        "Training diverged: at step 1 the loss is no longer a number, at the output layer, "
        f"whose sums have grown to {size:.1e}."
    )


def test_examples_that_no_batch_has_met_yet_are_looked_at() -> None:
    data = blobs()
    inputs = data.validation.inputs.copy()
    inputs[-1] = 1e20
    training = Training(SPEC, SETTINGS, replace(data, validation=replace(data.validation, inputs=inputs)))
    training.network.parameters[SPEC.slots[1].weight] = 1e20
    training.network.parameters[SPEC.slots[2].weight] = 1e-20
    training.network.parameters[SPEC.slots[0].whole] = 0.1
    assert not np.isfinite(training.evaluate(0, with_test=False).validation.loss)
    assert torch.isfinite(training.network.parameters).all()
    assert divergence(training).layer == 1


def test_weights_that_came_from_elsewhere_are_named_whatever_the_last_step_was() -> None:
    training = planted(0, 3e38)
    training.advance()
    training.network.parameters.fill_(0.1)
    training.network.parameters[SPEC.slots[1].bias] = float("nan")
    found = divergence(training, is_of_step=False)
    assert (found.layer, "weights of hidden 2" in found.sentence) == (1, True)
