"""The engine on exclusive or against a step worked out number by number, without numpy and torch."""

from __future__ import annotations

import math

import pytest

from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.settings import Settings
from playground.engine.spec import build
from playground.engine.training import Training

Layer = list[list[float]]  # for each neuron its weights, then its bias


def layers_of(training: Training) -> list[Layer]:
    return [
        [[*weights, bias] for weights, bias in zip(weight.tolist(), biases.tolist(), strict=True)]
        for weight, biases in zip(training.network.weights, training.network.biases, strict=True)
    ]


def one_step(layers: list[Layer], inputs: list[list[float]], targets: list[float], rate: float) -> float:
    """Change ``layers`` by one step of plain gradient descent on ½ (tanh output - target)²; return the mean loss."""
    sums = [[[0.0] * len(neuron) for neuron in layer] for layer in layers]
    loss = 0.0
    for example, target in zip(inputs, targets, strict=True):
        answers = [example]
        for layer in layers:
            below = answers[-1]
            answers.append(
                [math.tanh(neuron[-1] + sum(w * x for w, x in zip(neuron, below, strict=False))) for neuron in layer]
            )
        loss += 0.5 * (answers[-1][0] - target) ** 2
        blames = [answers[-1][0] - target]
        for place in reversed(range(len(layers))):
            slopes = [blame * (1 - answer**2) for blame, answer in zip(blames, answers[place + 1], strict=True)]
            for slope, total in zip(slopes, sums[place], strict=True):
                for column, value in enumerate(answers[place]):
                    total[column] += slope * value
                total[-1] += slope
            blames = [
                sum(slope * neuron[column] for slope, neuron in zip(slopes, layers[place], strict=True))
                for column in range(len(answers[place]))
            ]
    for layer, totals in zip(layers, sums, strict=True):
        for neuron, total in zip(layer, totals, strict=True):
            for column in range(len(neuron)):
                neuron[column] -= rate * total[column] / len(inputs)
    return loss / len(inputs)


@pytest.mark.parametrize("shape", ["xor", "xor-gate"])
def test_steps_on_exclusive_or(shape: str) -> None:
    data = plane_data(PlaneSetup(shape, is_browser=True))
    settings = Settings(
        optimizer="sgd", learning_rate=0.03, batch_size=10, loss="squared_error", initialization="browser", seed=3
    )
    training = Training(build((2, 4, 2, 1), activation="tanh", output_activation="tanh"), settings, data)
    layers = layers_of(training)
    points, labels = data.train.inputs.tolist(), data.train.labels.tolist()
    for _ in range(24):  # of the 25 of an epoch of 250 points; of four points all are the batch each time
        told = training.advance().item()
        order, place = training.order, training.position
        chosen = list(range(len(points))) if order is None else order[place - 10 : place].tolist()
        loss = one_step(layers, [points[i] for i in chosen], [2.0 * labels[i] - 1.0 for i in chosen], 0.03)
        assert told == pytest.approx(loss, abs=1e-6)
        assert flat(layers_of(training)) == pytest.approx(flat(layers), abs=1e-6)


def flat(layers: list[Layer]) -> list[float]:
    return [value for layer in layers for neuron in layer for value in neuron]
