"""Rosenblatt's rule and what it can and cannot learn; gates of McCulloch and Pitts."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.engine.gates import GATES, gate, truth_table
from playground.engine.network import Network
from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.settings import Settings
from playground.engine.spec import SpecError, build
from playground.engine.training import Training
from tests.engine.nets import PATHS, bits

RULE = Settings(
    optimizer="perceptron", loss="squared_error", learning_rate=1.0, batch_size=1, initialization="zero", seed=4
)
PERCEPTRON = build((2, 1), output_activation="step")


def learned(shape: str, epochs: int, settings: Settings = RULE) -> tuple[Training, list[bytes], list[float]]:
    """Return the training, the weights after each epoch and the share that was right then."""
    training = Training(PERCEPTRON, settings, plane_data(PlaneSetup(shape)))
    weights, right = [], []
    while training.epochs_done < epochs:
        training.advance()
        if training.position == 0:
            weights.append(bits(training.network.parameters))
            right.append(training.measured(training.train).accuracy)
    return training, weights, right


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("shape", ["and", "or"])
def test_what_a_line_can_part_is_learnt_and_then_stays(shape: str, seed: int) -> None:
    training, weights, right = learned(shape, 30, Settings(**{**RULE.__dict__, "seed": seed}))
    first = right.index(1.0)
    assert first < 20
    assert set(right[first:]) == {1.0}
    assert len(set(weights[first:])) == 1  # nothing is wrong any more, so nothing moves
    table = truth_table(training.spec, training.network.parameters.numpy())
    assert table.answers[:, 0].tolist() == [bool(value) for value in {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1)}[shape]]
    assert training.measured(training.train).loss == 0


def test_exclusive_or_is_never_learnt_and_the_weights_come_round_again() -> None:
    _, weights, right = learned("xor-gate", 400)
    assert max(right) < 1.0
    # integer steps from zero that stay bounded (the cycling theorem): few places, visited over and over
    assert len(set(weights)) < 60
    assert all(weights.count(place) > 1 for place in weights[:50])
    largest = max(abs(value) for place in weights for value in np.frombuffer(place, np.float32))
    assert largest <= 4


@pytest.mark.parametrize("path", PATHS)
def test_one_step_by_hand(path: type) -> None:
    # w = (1, -2), b = 0.5; x = (1, 1): w x + b = -0.5, does not fire, should: w <- w + 0.25 x, b <- b + 0.25
    network = Network(PERCEPTRON, torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64))
    step = path(network, Settings(optimizer="perceptron", loss="squared_error"), torch.Generator())
    step(torch.tensor([[1.0, 1.0]], dtype=torch.float64), torch.tensor([[1.0]], dtype=torch.float64), 0.25)
    assert network.parameters.tolist() == [1.25, -1.75, 0.75]
    assert step.loss.item() == 0.5
    # (1, 0): 2 fires and should not; (0, 1): -1 rightly silent: half of the first one's input is taken off
    inputs = torch.tensor([[1.0, 0.0], [0.0, 1.0]], dtype=torch.float64)
    step(inputs, torch.tensor([[-1.0], [-1.0]], dtype=torch.float64), 1.0)
    assert network.parameters.tolist() == [0.75, -1.75, 0.25]
    assert step.loss.item() == 0.25


@pytest.mark.parametrize("path", PATHS)
def test_layers_below_the_output_stay_as_they_are(path: type) -> None:
    spec = build((3, 4, 2), activation="tanh", output_activation="step")
    network = Network.create(spec, "torch", torch.Generator().manual_seed(0))
    before = network.parameters.clone()
    step = path(network, Settings(optimizer="perceptron", l2=0.1), torch.Generator())
    for _ in range(5):
        step(torch.rand(8, 3), torch.arange(8) % 2, 0.5)
    hidden, output = (slots.whole for slots in spec.slots)
    assert bits(network.parameters[hidden]) == bits(before[hidden])
    assert not network.gradient[hidden].any()
    assert (network.parameters[output] != before[output]).any()


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("NOT", [1, 0]),
        ("AND", [0, 0, 0, 1]),
        ("OR", [0, 1, 1, 1]),
        ("NAND", [1, 1, 1, 0]),
        ("XOR", [0, 1, 1, 0]),
    ],
)
def test_gates_and_their_truth(name: str, truth: list[int]) -> None:
    spec, parameters = gate(name)
    table = truth_table(spec, parameters)
    assert table.answers[:, 0].astype(int).tolist() == truth
    if spec.inputs == 2:
        assert table.bits.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    network = Network(spec, torch.from_numpy(parameters))
    _, act = network.forward(torch.from_numpy(table.bits).float(), "squared_error")
    for mine, theirs in zip(table.fires, act, strict=True):
        np.testing.assert_array_equal(mine, theirs.numpy() == 1)
    assert name in GATES


def test_exclusive_or_takes_three_neurons() -> None:
    spec, _ = gate("XOR")
    assert sum(spec.widths[1:]) == 3


def test_no_gate_and_no_table() -> None:
    with pytest.raises(SpecError, match="NOT, AND, OR, NAND, XOR"):
        gate("MAYBE")
    with pytest.raises(SpecError, match="8 inputs are the most"):
        truth_table(build((9, 1)), np.zeros(10))
