"""A network with readings, the example of six inputs, and an owner that answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject
from scipy.special import expit, softmax

from playground.engine.commands import Command
from playground.engine.settings import Settings
from playground.engine.snapshots import Snapshot, UnitReadings
from playground.engine.spec import NetworkSpec, build
from playground.views.look import Look


@pytest.fixture
def look(qapp: Any) -> Look:
    return Look()


def with_readings(spec: NetworkSpec, parameters: np.ndarray[Any, Any], inputs: np.ndarray[Any, Any]) -> UnitReadings:
    """Return what a float32 network of sigmoid layers and a softmax reads."""
    pre, act = [], []
    signal = inputs.astype(np.float32)
    for index, slots in enumerate(spec.slots):
        weight = parameters[slots.weight].reshape(slots.rows, slots.columns)
        pre.append((weight @ signal + parameters[slots.bias]).astype(np.float32))
        is_last = index == len(spec.slots) - 1
        signal = (softmax(pre[-1]) if is_last else expit(pre[-1])).astype(np.float32)
        act.append(signal)
    return UnitReadings(tuple(pre), tuple(act), inputs.astype(np.float32))


@pytest.fixture
def snapshot() -> Snapshot:
    """Return a 784-16-16-10 network at command 0 with an input."""
    generator = np.random.default_rng(4)
    spec = build((784, 16, 16, 10), input_shape=(28, 28))
    weights = generator.normal(0.0, 0.3, spec.parameter_count).astype(np.float32)
    inputs = (generator.random(784) * (generator.random(784) < 0.2)).astype(np.float32)
    return Snapshot(0, 12, 0.1, True, spec, Settings(), weights, readings=with_readings(spec, weights, inputs))


@pytest.fixture
def six_inputs() -> Snapshot:
    """Return one linear neuron with six inputs, as in the bundled example."""
    spec = build((6, 1), input_shape=(6,), output_activation="identity")
    parameters = np.array([5.4, -10.2, -0.1, 101.4, 0, 12, 10], np.float32)
    inputs = np.array([8, 5, 22, -5, 2, -3], np.float32)
    pre = np.array([np.dot(parameters[:6], inputs) + parameters[6]], np.float32)
    settings = Settings(loss="squared_error")
    return Snapshot(0, 0, 0.0, False, spec, settings, parameters, readings=UnitReadings((pre,), (pre,), inputs))


class Owner(QObject):
    """Takes wishes, numbers them, and says the number at once."""

    def __init__(self, widget: Any) -> None:
        super().__init__(widget)
        self.widget = widget
        self.seq = 0
        self.commands: list[Command] = []
        self.ended: list[int] = []
        for name in ("paint", "set", "mask", "mask_whole", "transform"):
            getattr(widget, f"{name}_requested").connect(self.take)
        widget.stroke_ended.connect(self.ended.append)

    def take(self, command: Command) -> None:
        self.commands.append(command)
        self.seq += 1
        self.widget.acknowledge(self.seq)


@pytest.fixture
def own() -> type[Owner]:
    return Owner
