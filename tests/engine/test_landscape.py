"""Loss landscapes against the loss worked out by hand and by the engine at single points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.engine.activation_curves import sigmoid
from playground.engine.datasets import Cancelled
from playground.engine.landscape import measured_landscape
from playground.engine.landscape_plan import LandscapeError, LandscapePlan
from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.settings import Settings
from playground.engine.spec import build
from playground.engine.training import Training

DATA = plane_data(PlaneSetup(shape="circle", count=60, seed=3))
SPEC = build((2, 4, 3, 1), activation="tanh", output_activation="tanh")


def plan(loss: str = "cross_entropy", resolution: int = 7, **more: object) -> LandscapePlan:
    parameters = np.random.default_rng(0).normal(size=SPEC.parameter_count).astype(np.float32)
    return replace(LandscapePlan(SPEC, loss, DATA, parameters, resolution=resolution), **more)  # type: ignore[arg-type]


def loss_by_hand(flat: np.ndarray, loss: str) -> float:
    act = np.asarray(DATA.train.inputs, np.float64)
    for index, slots in enumerate(SPEC.slots):
        pre = act @ flat[slots.weight].reshape(slots.rows, slots.columns).T + flat[slots.bias]
        act = np.tanh(pre)
        assert index < 3
    label = DATA.train.labels[:, None]
    if loss == "squared_error":
        return float(((act - (2 * label - 1)) ** 2).sum(1).mean() / 2)
    chance = sigmoid(pre)
    return float(-np.log(np.where(label == 1, chance, 1 - chance)).mean())


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
@pytest.mark.parametrize("axes", [None, (3, 11)])
def test_every_point_has_the_loss_of_its_parameters(loss: str, axes: tuple[int, int] | None) -> None:
    asked = plan(loss, axes=axes, span=2.0)
    found = measured_landscape(asked)
    for row, b in enumerate(asked.steps):
        for column, a in enumerate(asked.steps):
            flat = asked.parameters + a * found.directions[0] + b * found.directions[1]
            assert found.losses[row, column] == pytest.approx(loss_by_hand(flat, loss), rel=2e-5)
    assert found.count == len(DATA.train)


def test_the_middle_is_the_loss_of_the_training() -> None:
    training = Training(SPEC, Settings(learning_rate=0.01), DATA)
    for _ in range(40):
        training.advance()
    measured = training.measured(training.train, is_whole=True).loss
    found = measured_landscape(plan(parameters=training.network.parameters.numpy().copy()))
    assert found.losses[3, 3] == pytest.approx(measured, rel=1e-6)


def test_random_directions_are_as_long_as_each_neurons_weights_and_leave_biases() -> None:
    asked = plan()
    for direction in asked.directions():
        for slots in SPEC.slots:
            shape = (slots.rows, slots.columns)
            lengths = np.linalg.norm(direction[slots.weight].reshape(shape), axis=1)
            own = np.linalg.norm(asked.parameters[slots.weight].reshape(shape), axis=1)
            assert lengths == pytest.approx(own, rel=1e-6)
            assert not direction[slots.bias].any()
    first, second = asked.directions()
    cosine = first @ second / np.linalg.norm(first) / np.linalg.norm(second)
    assert abs(cosine) < 0.8
    assert (replace(asked, seed=1).directions() != asked.directions()).any()
    assert (replace(asked).directions() == asked.directions()).all()


def test_cut_weights_stay_cut() -> None:
    present = np.ones(SPEC.parameter_count, bool)
    present[SPEC.slots[1].weight] = False
    asked = plan(present=present)
    found = measured_landscape(asked)
    assert not found.directions[:, SPEC.slots[1].weight].any()
    whole = np.where(present, asked.parameters, 0).astype(np.float64)
    assert found.losses[3, 3] == pytest.approx(loss_by_hand(whole, asked.loss), rel=2e-5)


def test_a_place_is_the_projection_on_both_directions() -> None:
    found = measured_landscape(plan(resolution=5))
    at = found.plan.parameters + 0.3 * found.directions[0] - 0.7 * found.directions[1]
    assert found.place(at) == pytest.approx((0.3, -0.7, 1.0), abs=1e-5)
    assert found.place(found.plan.parameters) == (0.0, 0.0, 1.0)
    beside = np.zeros(SPEC.parameter_count)
    beside[SPEC.slots[0].bias] = 2.0  # biases are orthogonal to random directions
    assert found.place(found.plan.parameters + beside) == pytest.approx((0, 0, 0), abs=1e-6)
    half = found.plan.parameters + beside + 2 * np.sqrt(4) * found.directions[0] / np.linalg.norm(found.directions[0])
    assert found.place(half)[2] == pytest.approx(0.5, abs=1e-5)  # 4² in the plane, 4 times 2² beside it


def test_it_tells_how_far_it_is_and_is_broken_off() -> None:
    told: list[float] = []
    measured_landscape(plan(), lambda share, _: told.append(share))
    assert told == pytest.approx(np.arange(7) / 7)
    with pytest.raises(Cancelled):
        measured_landscape(plan(), cancelled=lambda: True)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"resolution": 6}, "odd number"),
        ({"resolution": 103}, "odd number"),
        ({"span": 0.0}, "span"),
        ({"axes": (2, 2)}, "two different"),
        ({"parameters": np.full(SPEC.parameter_count, np.nan, np.float32)}, "no numbers"),
        ({"spec": build((3, 1))}, "does not fit"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(LandscapeError, match=words):
        measured_landscape(plan(**wrong))  # type: ignore[arg-type]
