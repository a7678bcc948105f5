"""What every neuron answers over the plane: against the network's own forward pass at the points of the grid."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import torch

from playground.engine import commands as ask
from playground.engine import surface
from playground.engine.channel import Channel
from playground.engine.network_runner import NetworkRunner
from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.settings import Settings
from playground.engine.snapshots import PLANE_RESOLUTIONS, Snapshot, UnitSurfaces, plane_probe, plane_resolution
from playground.engine.spec import NetworkSpec, build
from playground.engine.surface import PlaneSurfaces, fitting_resolution
from playground.engine.training import Training
from tests.engine.blobs import blobs

FEATURES = ("x1", "x2", "x1²", "x2²", "x1 x2", "sin x1", "sin x2")
CASES = [
    (PlaneSetup("xor", features=FEATURES), "tanh", "tanh", "squared_error"),
    (PlaneSetup("xor", task="classes"), "relu", "sigmoid", "cross_entropy"),
    (PlaneSetup("xor"), "gelu", "identity", "cross_entropy"),
    (PlaneSetup("rings"), "step", "step", "squared_error"),
    (PlaneSetup("sin", inputs=1, features=("x1", "sin x1")), "softplus", "identity", "squared_error"),
]


def training_of(setup: PlaneSetup, activation: str, output: str, loss: str) -> Training:
    data = plane_data(setup)
    spec = build((data.features, 5, 3, data.outputs), activation=activation, output_activation=output)
    return Training(spec, Settings(loss=loss, initialization="browser"), data)


@pytest.mark.parametrize(("setup", "activation", "output", "loss"), CASES)
def test_surfaces_are_the_forward_pass_at_every_point(setup: Any, activation: str, output: str, loss: str) -> None:
    training = training_of(setup, activation, output, loss)
    plane = training.data.plane
    assert plane is not None
    cut = torch.ones(training.spec.parameter_count, dtype=torch.bool)
    cut[::4] = False
    training.network.set_mask("present", cut)
    found = PlaneSurfaces().of(training.network, loss, plane, 9)
    assert found is not None
    assert (found.low, found.high) == (-6, 6)
    points = plane.grid(9)
    pre, act = training.network.forward(torch.from_numpy(plane.inputs_at(points)), loss)
    rows = 1 if setup.inputs == 1 else 9
    for mine, theirs in zip((*found.pre, *found.act), (*pre, *act), strict=True):
        assert mine.shape == (theirs.shape[1], rows, 9)
        assert mine.dtype == np.float32
        assert not mine.flags.writeable
        np.testing.assert_allclose(mine.reshape(len(mine), -1).T, theirs.numpy(), rtol=1e-5, atol=1e-6)
    if rows == 9:  # the place in the picture is the place in the plane
        assert points.reshape(9, 9, 2)[2, 7].tolist() == [4.5, -3.0]


def test_the_grid_follows_plane_and_resolution() -> None:
    surfaces = PlaneSurfaces()
    for setup, resolution in ((CASES[0][0], 9), (CASES[0][0], 5), (PlaneSetup("and", features=FEATURES), 5)):
        training = training_of(setup, "tanh", "tanh", "squared_error")
        plane = training.data.plane
        assert plane is not None
        found = surfaces.of(training.network, "squared_error", plane, resolution)
        assert found is not None
        pre, _ = training.network.forward(torch.from_numpy(plane.surface_inputs(resolution)), "squared_error")
        np.testing.assert_allclose(found.pre[-1].ravel(), pre[-1].numpy().ravel(), rtol=1e-5, atol=1e-6)
    other = training_of(PlaneSetup("xor"), "tanh", "tanh", "squared_error")
    assert surfaces.of(other.network, "squared_error", training.data.plane, 5) is None  # type: ignore[arg-type]


def test_very_wide_networks_get_a_coarser_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fitting_resolution(build((2, 8, 8, 1)), 100, 2) == 100
    assert fitting_resolution(build((2, 100_000, 1)), 100, 2) == 6
    assert fitting_resolution(build((2, 1_000_000 - 1, 1)), 400, 2) == 2
    assert fitting_resolution(build((1, 10_000, 1)), 400, 1) == 399
    monkeypatch.setattr(surface, "MAX_VALUES", 1_000)
    training = training_of(CASES[0][0], "tanh", "tanh", "squared_error")
    found = PlaneSurfaces().of(training.network, "squared_error", training.data.plane, 100)  # type: ignore[arg-type]
    assert found is not None
    assert found.act[0].shape == (5, 10, 10)


def test_probes_name_their_resolution() -> None:
    assert plane_resolution(frozenset({plane_probe(40), "gradient", plane_probe(100)})) == 100
    assert plane_resolution(frozenset({"gradient", "plane"})) == 0
    assert plane_probe(10**6) == plane_probe(PLANE_RESOLUTIONS[1])


def shown(channel: Channel[Snapshot], runner: NetworkRunner, *posted: ask.Command) -> Snapshot:
    for command in posted:
        channel.post(command)
    runner.run_waiting()
    found = channel.take_snapshot()
    assert found is not None
    return found


def test_what_nobody_looks_at_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[NetworkSpec] = []
    whole = PlaneSurfaces.of

    def counted(self: PlaneSurfaces, network: Any, *rest: Any) -> Any:
        asked.append(network.spec)
        return whole(self, network, *rest)

    monkeypatch.setattr(PlaneSurfaces, "of", counted)
    channel: Channel[Snapshot] = Channel()
    runner = NetworkRunner(channel)
    data = plane_data(PlaneSetup("xor"))
    spec = build((2, 4, 1), output_activation="tanh")
    start = ask.Start(spec, Settings(loss="squared_error"), data)
    assert shown(channel, runner, start).surfaces is None
    assert not asked
    before = shown(channel, runner, ask.Watch(frozenset({plane_probe(12)}))).surfaces
    after = shown(channel, runner, ask.Advance(steps=5)).surfaces
    assert before is not None
    assert after is not None
    assert after.act[-1].shape == (1, 12, 12)
    assert not np.array_equal(before.act[-1], after.act[-1])
    assert shown(channel, runner, ask.Start(build((6, 4, 3)), Settings(), blobs())).surfaces is None


def test_the_answers_at_the_examples_are_those_of_the_forward_pass() -> None:
    channel: Channel[Snapshot] = Channel()
    runner = NetworkRunner(channel)
    data = plane_data(PlaneSetup("clusters", count=50))
    start = ask.Start(build((2, 4, data.outputs)), Settings(), data)
    shown(channel, runner, start)
    snapshot = shown(channel, runner, ask.Watch(frozenset({plane_probe(12)})))
    assert snapshot.surfaces is not None
    assert snapshot.surfaces.answers is not None
    values = np.concatenate([data.train.inputs, data.validation.inputs]).astype(np.float64)
    values = 1 / (1 + np.exp(-(values @ snapshot.weight(0).T + snapshot.bias(0))))
    logits = values @ snapshot.weight(1).T + snapshot.bias(1)
    expected = np.exp(logits - logits.max(1, keepdims=True))
    expected /= expected.sum(1, keepdims=True)
    assert snapshot.surfaces.answers == pytest.approx(expected, abs=1e-5)


def test_very_many_examples_are_not_answered_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.engine.showing.MOST_ANSWERED", 49)
    channel: Channel[Snapshot] = Channel()
    runner = NetworkRunner(channel)
    data = plane_data(PlaneSetup("circle", count=50))
    shown(channel, runner, ask.Start(build((2, 4, 1)), Settings(), data))
    surfaces = shown(channel, runner, ask.Watch(frozenset({plane_probe(12)}))).surfaces
    assert surfaces is not None
    assert surfaces.answers is None


class TestMemory:
    """Memory is used again, and never while somebody reads it."""

    @staticmethod
    def made() -> tuple[PlaneSurfaces, Training]:
        return PlaneSurfaces(), training_of(PlaneSetup("xor"), "tanh", "tanh", "squared_error")

    @staticmethod
    def at(surfaces: PlaneSurfaces, training: Training, side: int = 20) -> UnitSurfaces:
        assert training.data.plane is not None
        found = surfaces.of(training.network, "squared_error", training.data.plane, side)
        assert found is not None
        return found

    def test_a_moment_that_somebody_holds_stays_what_it_was(self) -> None:
        surfaces, training = self.made()
        held, copies = [], []
        for _ in range(2 * surface.MOST_ROOMS):
            found = self.at(surfaces, training)
            held.append(found.act[1][:, ::2])  # a part of a picture is enough
            copies.append(held[-1].copy())
            training.advance()
        for mine, copy in zip(held, copies, strict=True):
            np.testing.assert_array_equal(mine, copy)
        assert all(not np.array_equal(one, other) for one, other in itertools.pairwise(copies))

    def test_the_memory_of_a_moment_that_is_gone_is_used_again(self) -> None:
        surfaces, training = self.made()
        places = set()
        for _ in range(10):
            places.add(self.at(surfaces, training).pre[0].ctypes.data)
        assert len(places) == 1
        kept = self.at(surfaces, training)
        assert self.at(surfaces, training).pre[0].ctypes.data != kept.pre[0].ctypes.data

    def test_another_resolution_and_large_pictures_leave_nothing_behind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        surfaces, training = self.made()
        self.at(surfaces, training)
        self.at(surfaces, training, 30)
        assert [room.shape[1] for room in surfaces._rooms] == [900]
        monkeypatch.setattr(surface, "MAX_ROOM", 1_000)
        self.at(surfaces, training, 40)
        assert surfaces._rooms == []
