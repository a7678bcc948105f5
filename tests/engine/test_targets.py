"""Numbers and two classes on one output through the whole training: coding, accuracy, settings that go along."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from playground.engine import commands as ask
from playground.engine.datasets import DataError, DataSet, Examples
from playground.engine.headless import train
from playground.engine.plane import PlaneSetup, plane_data, with_features
from playground.engine.settings import Settings
from playground.engine.spec import SpecError, build
from playground.engine.structure import fitted_to_data
from playground.engine.targets import TargetError, answer_activation, check_loss, natural_activation, two_targets
from playground.engine.training import Training
from playground.engine.transfer import transferred
from tests.engine.blobs import blobs

SQUARED = Settings(loss="squared_error", optimizer="sgd", learning_rate=0.03, batch_size=10, seed=1)
CIRCLE = plane_data(PlaneSetup("circle", is_browser=True))
SINE = plane_data(PlaneSetup("sin", inputs=1, features=("x1",)))


@pytest.mark.parametrize(
    ("activation", "loss", "coded"),
    [
        ("tanh", "squared_error", (-1, 1)),
        ("identity", "squared_error", (-1, 1)),
        ("sigmoid", "squared_error", (0, 1)),
        ("step", "squared_error", (0, 1)),
        ("relu", "squared_error", (0, 1)),
        ("tanh", "cross_entropy", (0, 1)),
    ],
)
def test_two_classes_are_coded_as_the_output_can_reach_them(
    activation: str, loss: str, coded: tuple[float, float]
) -> None:
    assert two_targets(activation, loss) == coded
    training = Training(build((2, 3, 1), output_activation=activation), replace(SQUARED, loss=loss), CIRCLE)
    part = training.train
    np.testing.assert_array_equal(part.targets[:, 0].numpy(), np.where(CIRCLE.train.labels == 1, coded[1], coded[0]))
    assert part.threshold == sum(coded) / 2
    pre, act = training.network.forward(part.inputs, loss)
    if activation in ("tanh", "identity", "sigmoid", "step") or loss == "cross_entropy":  # sides of 0, one and all
        assert training.measured(part).accuracy == pytest.approx(
            float(((pre[-1][:, 0] > 0).numpy() == (CIRCLE.train.labels == 1)).mean())
        )
    error = act[-1] - part.targets if loss == "squared_error" else None
    if error is not None:
        assert training.measured(part).loss == pytest.approx(float(error.square().mean()) / 2, rel=1e-5)


def test_the_coding_follows_a_change_of_activation_and_of_the_loss() -> None:
    training = Training(build((2, 3, 1), output_activation="tanh"), SQUARED, CIRCLE)
    assert training.validation.targets.min() == -1
    training.change({"loss": "cross_entropy"})
    assert training.validation.targets.min() == 0
    training.change({"loss": "squared_error"})
    training.put_network(Training(build((2, 3, 1)), SQUARED, CIRCLE).network)
    assert training.validation.targets.min() == 0
    training.set_data(SINE_PLANE, changes={})
    assert training.train.threshold is None
    assert training.train.targets.dtype == torch.float32


SINE_PLANE = plane_data(PlaneSetup("sin"))


def test_how_the_output_is_read() -> None:
    assert answer_activation("tanh", "squared_error", 1) == "tanh"
    assert answer_activation("tanh", "cross_entropy", 1) == "sigmoid"
    assert answer_activation("tanh", "cross_entropy", 3) == "softmax"
    network = Training(build((2, 3, 1), output_activation="tanh"), SQUARED, CIRCLE).network
    inputs = torch.randn(5, 2)
    pre, act = network.forward(inputs, "cross_entropy")
    torch.testing.assert_close(act[-1], torch.sigmoid(pre[-1]))


@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy"])
def test_two_classes_are_learnt_on_one_output(loss: str) -> None:
    spec = build((2, 8, 1), activation="tanh", output_activation="tanh")
    outcome = train(spec, replace(SQUARED, loss=loss, optimizer="adam"), CIRCLE, epochs=60)
    assert outcome.validation.accuracy > 0.98
    assert outcome.validation.loss < 0.1


def test_numbers_are_learnt_and_have_no_accuracy() -> None:
    settings = Settings(loss="squared_error", learning_rate=0.01, seed=2)
    spec = build((1, 16, 16, 1), activation="tanh", output_activation="identity")
    outcome = train(spec, settings, SINE, epochs=150)
    assert outcome.validation.loss < 0.01
    assert math.isnan(outcome.validation.accuracy)
    assert np.isnan(outcome.checkpoint.curves.values[:, 1]).all()
    restored = Training.restored(outcome.checkpoint, SINE)
    assert restored.measured(restored.validation).loss == pytest.approx(outcome.validation.loss, rel=1e-5)


def test_cross_entropy_of_numbers_is_refused_wherever_it_comes_from() -> None:
    spec = build((1, 4, 1))
    with pytest.raises(SpecError, match="choose squared error"):
        Training(spec, Settings(), SINE)
    training = Training(spec, SQUARED, SINE)
    for change in (training.change, training.reset):
        with pytest.raises(SpecError, match="choose squared error"):
            change({"loss": "cross_entropy"})
        assert training.settings == SQUARED
    with pytest.raises(TargetError):
        check_loss("values", "cross_entropy")
    check_loss("two", "cross_entropy")


def test_the_network_follows_other_data() -> None:
    digits = build((6, 5, 3))
    change = fitted_to_data(digits, CIRCLE, blobs())
    assert change is not None
    assert change.spec.widths == (2, 5, 1)
    assert change.spec.layers[-1].activation == "tanh"
    further = fitted_to_data(change.spec, SINE_PLANE, CIRCLE)
    assert further is not None
    assert further.spec.layers[-1].activation == "identity"
    assert fitted_to_data(change.spec, CIRCLE, CIRCLE) is None
    back = fitted_to_data(further.spec, blobs(), SINE_PLANE)
    assert back is not None
    assert (back.spec.outputs, back.spec.layers[-1].activation) == (3, "sigmoid")
    assert {natural_activation(task) for task in ("classes", "two", "values")} == {"sigmoid", "tanh", "identity"}


def test_examples_and_data_that_do_not_hold_together() -> None:
    inputs, labels = np.zeros((3, 2), np.float32), np.zeros(3, np.int64)
    with pytest.raises(DataError, match="One row of numbers"):
        Examples(inputs, labels, np.zeros((2, 1)))
    numbers = Examples(inputs, labels, np.zeros((3, 1)))
    assert numbers.taken([2, 0]).values is not None
    assert not numbers.values.flags.writeable  # type: ignore[union-attr]

    def data(examples: Examples, **more: object) -> DataSet:
        none = examples.taken([])
        return DataSet("x", {}, (2,), ("a", "b"), examples, none, none, "", **more)  # type: ignore[arg-type]

    with pytest.raises(DataError, match="numbers to predict"):
        data(numbers)
    with pytest.raises(DataError, match="must name"):
        data(numbers, task="values")
    with pytest.raises(DataError, match="no network can answer"):
        data(Examples(inputs, labels), task="poem")
    with pytest.raises(DataError, match="one output parts two"):
        replace(data(Examples(inputs, labels)), classes=("a", "b", "c"), task="two")
    assert data(Examples(inputs, labels), task="two").output_names == ("a or b",)
    found = replace(data(Examples(inputs, labels)), classes=(), task="values", value_names=("y",), **_parts(numbers))
    assert (found.outputs, found.output_names) == (1, ("y",))
    with pytest.raises(DataError, match="nothing was added"):
        found.with_added(inputs[:1], [0])


def _parts(examples: Examples) -> dict[str, Examples]:
    return {"train": examples, "validation": examples.taken([]), "test": examples.taken([])}


def test_added_examples_of_two_classes_train_on() -> None:
    training = Training(build((2, 3, 1), output_activation="tanh"), SQUARED, CIRCLE)
    training.set_data(CIRCLE.with_added(np.array([[0.0, 0.0]], np.float32), [1]))
    assert training.train.targets[-1].item() == 1
    assert training.train_count == 251
    training.advance()


def test_set_data_brings_its_settings_and_takes_them_back() -> None:
    from playground.engine.channel import Channel
    from playground.engine.network_runner import NetworkRunner

    channel: Channel = Channel()
    runner = NetworkRunner(channel)
    spec = build((6, 5, 3))
    channel.post(ask.Start(spec, Settings(batch_size=16), blobs()))
    change = fitted_to_data(spec, SINE_PLANE, blobs())
    seq = channel.post(ask.SetData(SINE_PLANE, "sine", change, {"loss": "squared_error"}))
    channel.post(ask.Advance(steps=3))
    runner.run_waiting()
    shown = channel.take_snapshot()
    assert shown is not None
    assert (shown.step, shown.settings.loss, shown.spec.outputs) == (3, "squared_error", 1)
    for command, loss, outputs in ((ask.Revert, "cross_entropy", 3), (ask.Reapply, "squared_error", 1)):
        channel.post(command(seq))
        channel.post(ask.Advance(steps=1))
        runner.run_waiting()
        shown = channel.take_snapshot()
        assert shown is not None
        assert shown.trouble is None
        assert (shown.settings.loss, shown.spec.outputs) == (loss, outputs)
    channel.post(ask.Change({"loss": "cross_entropy"}))
    runner.run_waiting()
    shown = channel.take_snapshot()
    assert shown is not None
    assert shown.trouble is not None
    assert shown.trouble.kind == "refused"


def test_weights_stay_with_their_features() -> None:
    data = with_features(CIRCLE, ("x1", "x2", "sin x1"))
    other = with_features(CIRCLE, ("sin x1", "x2"))
    spec = build((3, 4, 1), output_activation="tanh")
    network = Training(spec, SQUARED, data).network
    change = fitted_to_data(spec, other, data)
    assert change is not None
    assert change.inputs == (2, 1)
    generator = torch.Generator().manual_seed(0)
    fewer, _ = transferred(network, change, "torch", generator)
    torch.testing.assert_close(fewer.weights[0], network.weights[0][:, [2, 1]])
    back = fitted_to_data(change.spec, data, other)
    assert back is not None
    more, _ = transferred(fewer, back, "torch", generator)
    torch.testing.assert_close(more.weights[0][:, 1:], network.weights[0][:, 1:])
    assert not more.weights[0][:, 0].any()
    inputs = [torch.from_numpy(each.train.as_float()) for each in (other, data)]
    torch.testing.assert_close(
        fewer.forward(inputs[0], "squared_error")[1][-1], more.forward(inputs[1], "squared_error")[1][-1]
    )
    swapped = fitted_to_data(spec, with_features(CIRCLE, ("x2", "x1", "radius")), data)
    assert swapped is not None
    assert swapped.inputs == (1, 0, -1)
    assert swapped.spec.version == spec.version + 1
