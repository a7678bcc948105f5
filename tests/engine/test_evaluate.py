"""Loss, accuracy and confusion, against numbers counted by hand and torch's own functions."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given
from hypothesis import settings as checking
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

from playground.engine import evaluate
from playground.engine.evaluate import Firing, _sums, confusion, first_bad_layer, measure, mistakes
from playground.engine.network import Network
from playground.engine.scripted import scripted
from playground.engine.spec import build
from tests.engine.nets import Case, bits, cases, digit_like, drawn

SPEC = build((784, 16, 10))


@pytest.fixture(params=[1 << 20, 784 * 7])
def _chunks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one chunk, and in chunks of 7 of which the last is short."""
    monkeypatch.setattr(evaluate, "_CHUNK_VALUES", request.param)


@pytest.mark.usefixtures("_chunks")
def test_measure_is_torchs_mean() -> None:
    network, (inputs, labels) = drawn(SPEC, dtype=torch.float32), digit_like(100)
    pre, act = network.forward(inputs, "squared_error")
    found = measure(network, inputs, labels, "cross_entropy")
    assert found.count == 100
    assert found.loss == pytest.approx(F.cross_entropy(pre[-1], labels).item(), rel=1e-6)
    assert found.accuracy == int((pre[-1].argmax(1) == labels).sum()) / 100
    found = measure(network, inputs, labels, "squared_error")
    assert found.loss == pytest.approx((act[-1] - torch.eye(10)[labels]).pow(2).sum(1).mean().item() / 2, rel=1e-6)


def by_hand() -> tuple[Network, torch.Tensor, torch.Tensor]:
    """Return a network that hands its three inputs on, and six examples of three classes."""
    network = Network.empty(build((3, 3), output_activation="identity"))
    network.weights[0].copy_(torch.eye(3))
    answers = torch.tensor([0, 0, 1, 2, 2, 2])
    return network, F.one_hot(answers, 3).float(), torch.tensor([0, 0, 0, 2, 2, 1])


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
def test_by_hand(loss: str) -> None:
    network, inputs, labels = by_hand()
    found = measure(network, inputs, labels, loss)
    assert found.accuracy == pytest.approx(4 / 6)
    right, wrong = math.log(math.e + 2) - 1, math.log(math.e + 2)
    assert found.loss == pytest.approx((4 * right + 2 * wrong) / 6 if loss == "cross_entropy" else 2 / 6)
    counted = confusion(network, inputs, labels, 3, loss)
    assert counted.counts.tolist() == [[2, 1, 0], [0, 0, 1], [0, 0, 2]]
    assert counted.recall == pytest.approx([2 / 3, 0, 1])


def test_a_class_without_examples_has_no_recall() -> None:
    network, inputs, labels = by_hand()
    some = labels != 1
    recall = confusion(network, inputs[some], labels[some], 3).recall
    assert np.isnan(recall[1])
    assert recall[[0, 2]].tolist() == [2 / 3, 1]


@pytest.mark.usefixtures("_chunks")
def test_confusion_agrees_with_the_accuracy() -> None:
    network, (inputs, labels) = drawn(SPEC, dtype=torch.float32), digit_like(100)
    counts = confusion(network, inputs, labels, 10).counts
    assert counts.shape == (10, 10)
    assert counts.sum(axis=1).tolist() == torch.bincount(labels, minlength=10).tolist()
    assert np.trace(counts) / 100 == measure(network, inputs, labels, "cross_entropy").accuracy


def test_nothing_to_measure() -> None:
    found = measure(drawn(SPEC), torch.empty(0, 784), torch.empty(0, dtype=torch.int64), "cross_entropy")
    assert math.isnan(found.loss)
    assert math.isnan(found.accuracy)
    assert found.count == 0
    assert not confusion(drawn(SPEC), torch.empty(0, 784), torch.empty(0, dtype=torch.int64), 10).counts.any()


def test_dropout_is_for_training_only_and_cuts_count() -> None:
    spec = SPEC.with_layers(replace(layer, dropout=0.5) for layer in SPEC.layers)
    inputs, labels = digit_like(50)
    plain, dropping = drawn(SPEC, dtype=torch.float32), drawn(spec, dtype=torch.float32)
    assert measure(plain, inputs, labels, "cross_entropy") == measure(dropping, inputs, labels, "cross_entropy")
    plain.set_mask("present", torch.zeros(SPEC.parameter_count, dtype=torch.bool))
    assert measure(plain, inputs, labels, "cross_entropy").loss == pytest.approx(math.log(10), rel=1e-6)


def test_a_diverged_network_measures_as_no_number() -> None:
    network, inputs, labels = by_hand()
    network.parameters.fill_(math.nan)
    assert math.isnan(measure(network, inputs, labels, "cross_entropy").loss)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_the_first_bad_layer_is_named(bad: float) -> None:
    network = drawn(build((4, 3, 3, 2)))
    assert first_bad_layer(network) is None
    network.biases[2][1] = bad
    assert first_bad_layer(network) == 2
    network.weights[1][0, 0] = bad
    assert first_bad_layer(network) == 1


def test_the_answer_is_the_largest_output_that_the_screen_shows() -> None:
    network = Network.empty(build((1, 2), output_activation="relu"))
    network.biases[0].copy_(torch.tensor([-2.0, -1.0]))  # both silent: 0 and 0, the first one counts
    inputs, labels = torch.zeros(1, 1), torch.tensor([0])
    assert measure(network, inputs, labels, "squared_error").accuracy == 1
    assert measure(network, inputs, labels, "cross_entropy").accuracy == 0


@pytest.mark.usefixtures("_chunks")
def test_mistakes_are_what_measure_counts_as_wrong() -> None:
    network, (inputs, labels) = drawn(SPEC, dtype=torch.float32), digit_like(100)
    act = network.forward(inputs, "cross_entropy")[1][-1].numpy()
    wrong, answers = mistakes(network, inputs, labels, "cross_entropy")
    expected = [row for row in range(100) if int(act[row].argmax()) != int(labels[row])]
    assert wrong.tolist() == expected
    assert answers.tolist() == [int(act[row].argmax()) for row in expected]
    assert 1 - len(wrong) / 100 == pytest.approx(measure(network, inputs, labels, "cross_entropy").accuracy)


def test_mistakes_of_one_output_lie_on_the_wrong_side_of_the_threshold() -> None:
    network = Network.empty(build((1, 1), output_activation="identity"))
    network.parameters.copy_(torch.tensor([1.0, 0.0]))  # the output is the input
    inputs = torch.tensor([[0.2], [0.7], [0.4], [0.9]])
    targets = torch.tensor([[0.0], [0.0], [1.0], [1.0]])
    wrong, answers = mistakes(network, inputs, targets, "squared_error", 0.5)
    assert (wrong.tolist(), answers.tolist()) == ([1, 2], [1, 0])
    assert not len(mistakes(network, inputs, targets, "squared_error")[0]), "numbers are neither right nor wrong"
    assert not len(mistakes(network, inputs[:0], targets[:0], "squared_error", 0.5)[0])


@pytest.mark.usefixtures("_chunks")
def test_relus_that_are_0_for_all_examples_are_found() -> None:
    network = drawn(build((784, 16, 12, 10), activation="relu"), dtype=torch.float32)
    inputs, labels = digit_like(100)
    _, act = network.forward(inputs, "cross_entropy")
    bias, rare = network.biases[1], int(act[1].sum(0).argmax())
    bias[2] = bias[7] = -1e4
    others = act[1][:, rare].sort().values
    bias[rare] -= (others[-1] + others[-2]) / 2  # for one example of all it is above 0
    firing = Firing()
    measure(network, inputs, labels, "cross_entropy", firing=firing)
    spec = network.spec
    fired = [(found != 0).any(0).tolist() for found in network.forward(inputs, "cross_entropy")[1]]
    assert fired[1][rare]
    expected = tuple(
        tuple(unit for unit, has in zip(layer.units, row, strict=True) if not has)
        for layer, row in zip(spec.layers, fired, strict=True)
    )
    assert firing.silent(spec) == expected
    assert {spec.layers[1].units[2], spec.layers[1].units[7]} <= set(expected[1])
    assert expected[2] == ()


def test_what_was_not_measured_or_is_no_number_is_not_silent() -> None:
    spec = build((784, 4, 10), activation="relu")
    network = drawn(spec, dtype=torch.float32)
    assert Firing().silent(spec) == ((), ())
    network.weights[0].fill_(float("nan"))
    firing = Firing()
    measure(network, *digit_like(20), "cross_entropy", firing=firing)
    assert firing.silent(spec) == ((), ())
    sigmoid, firing = drawn(SPEC, dtype=torch.float32), Firing()
    sigmoid.biases[0].fill_(-1e6)
    measure(sigmoid, *digit_like(20), "cross_entropy", firing=firing)
    assert firing.silent(SPEC) == ((), ()), "a sigmoid near 0 still learns, if slowly"


@given(cases(), st.sampled_from((None, 0.0, 0.5)), st.integers(1, 12))
@checking(max_examples=80, deadline=None)
def test_what_runs_without_the_interpreter_is_what_python_computes(
    case: Case, threshold: float | None, rows: int
) -> None:
    network, (inputs, targets) = case.network(torch.float32), case.batch(11, torch.float32)
    loss = case.settings.loss
    asked = (network.layers(), network.activations(loss), inputs, targets, loss, threshold, rows)
    with torch.no_grad():
        at_once, in_python = scripted(_sums)(*asked), _sums(*asked)
    assert at_once[0].shape == (math.ceil(11 / rows), 2)
    assert bits(at_once[0]) == bits(in_python[0])
    assert bool(at_once[0][:, 1].isnan().any()) == (targets.ndim == 2 and threshold is None)
    for found, expected in zip(at_once[1], in_python[1], strict=True):
        assert torch.equal(found, expected)


class Single(TorchDispatchMode):
    """A device without numbers of double precision, as Apple's are."""

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        for found in tree_flatten(result)[0]:
            assert not isinstance(found, torch.Tensor) or found.dtype != torch.float64, func
        return result


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
def test_a_device_without_double_precision_measures_the_same(loss: str) -> None:
    network, (inputs, labels) = drawn(SPEC, dtype=torch.float32), digit_like(50)
    asked = (network.layers(), network.activations(loss), inputs, labels, loss, None, 20)
    with torch.no_grad():
        with Single():
            sums, _ = _sums(*asked)
        found = measure(network, inputs, labels, loss)
    assert sums.dtype == torch.float32
    assert sums[:, 0].double().sum().item() / 50 == pytest.approx(found.loss, rel=1e-6)
    assert sums[:, 1].sum().item() == found.accuracy * 50


def test_on_another_device_it_is_measured_operation_by_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.engine.evaluate.scripted", lambda _function: pytest.fail("TorchScript on a GPU"))
    network = drawn(SPEC, dtype=torch.float32).to("meta")
    inputs, labels = (found.to("meta") for found in digit_like(50))
    with pytest.raises((RuntimeError, NotImplementedError), match="meta"):  # it has worked it out, without numbers
        measure(network, inputs, labels, "cross_entropy")


def test_the_figures_are_computed_without_the_interpreter() -> None:
    assert isinstance(scripted(_sums), torch.jit.ScriptFunction)
