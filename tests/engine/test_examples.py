"""The example projects that come with the program."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from playground.app.resources import resource
from playground.engine.datasets import data_from_source
from playground.engine.digits import digits_data
from playground.engine.project_file import Document, load_project
from playground.engine.training import Training
from tests.make_examples import BIAS, EDGE_BIAS, INPUTS, WEIGHTS, edge_weights

NAMES = ("digits 784-16-16-10 trained", "hand-made edge neuron", "six inputs", "spirals in the plane")


def example(name: str) -> Document:
    return load_project(resource(f"examples/{name}.playground")).documents[0]


def test_these_are_all_and_they_are_small() -> None:
    found = sorted(resource("examples").iterdir())
    assert [path.stem for path in found] == list(NAMES)
    assert sum(path.stat().st_size for path in found) < 200_000


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_is_and_trains_on(name: str, tmp_path: Path) -> None:
    project = load_project(resource(f"examples/{name}.playground"))
    assert len(project.view["about"]) > 40
    document = project.documents[0]
    assert document.name == name
    source = dict(document.data_source)
    if "sizes" in source:
        source["sizes"] = [200, 100, 100]
    data = data_from_source(source, cache=tmp_path)
    training = Training.restored(document.checkpoint, data)
    assert training.learning_rate > 0
    step = training.step
    assert torch.isfinite(training.advance())
    assert training.step == step + 1


def test_six_inputs_come_to_minus_543() -> None:
    document = example("six inputs")
    data = data_from_source(document.data_source)
    assert data.train.as_float().tolist() == [list(INPUTS)]
    training = Training.restored(document.checkpoint, data)
    np.testing.assert_array_equal(training.network.parameters.numpy(), np.array([*WEIGHTS, BIAS], np.float32))
    pre, act = training.network.forward(torch.from_numpy(data.train.as_float()), "squared_error")
    assert f"{float(pre[-1]):.1f}" == f"{float(act[-1]):.1f}" == "-543.0"


def test_the_spirals_are_parted() -> None:
    document = example("spirals in the plane")
    data = data_from_source(document.data_source)
    training = Training.restored(document.checkpoint, data)
    training.evaluate(0, with_test=False)
    assert training.evaluation is not None
    assert training.evaluation.validation.accuracy > 0.97
    assert training.evaluation.validation.loss < 0.1


def test_the_trained_digits_read_digits() -> None:
    document = example("digits 784-16-16-10 trained")
    assert document.checkpoint.spec.text == "784-16-16-10"
    assert document.checkpoint.spec.parameter_count == 13_002
    data = digits_data(str(document.data_source["preset"]), seed=5, sizes=(10, 1_000, 10))
    training = Training.restored(document.checkpoint, data)
    assert training.measured(training.validation).accuracy > 0.9
    assert len(document.checkpoint.curves.steps) > 20


def test_the_edge_neuron_is_as_it_was_made_and_stays_so() -> None:
    document = example("hand-made edge neuron")
    saved = document.checkpoint
    movable = saved.arrays["movable"]
    assert int((~movable).sum()) == 785
    data = digits_data(str(document.data_source["preset"]), seed=5, sizes=(500, 1_000, 10))
    training = Training.restored(saved, data)
    for _ in range(20):
        training.advance()
    weight, bias = training.network.weights[0][0].numpy(), float(training.network.biases[0][0])
    np.testing.assert_array_equal(weight, edge_weights())
    assert bias == EDGE_BIAS
    fires = data.validation.as_float() @ edge_weights() + EDGE_BIAS > 0
    assert 0.007 < fires.mean() < 0.05


def test_the_edge_is_the_one_described() -> None:
    grid = edge_weights().reshape(28, 28)
    assert (grid > 0).sum() == 20
    assert (grid < 0).sum() == 40
    assert set(np.flatnonzero(grid.any(axis=1))) == {4, 5, 6, 7, 8, 9}
