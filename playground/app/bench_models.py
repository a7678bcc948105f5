"""The networks of the benchmark, with their settings and data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.engine.datasets import DataSet
from playground.engine.settings import Settings
from playground.engine.spec import FIRST_ID, NetworkSpec, build
from playground.engine.vectors import vectors_data

POINTS = 250
SMALL = ((2, 4, 2, 2), (7, 8, 8, 8, 2), (2, 8, 8, 8, 8, 8, 8, 2))


@dataclass(frozen=True, eq=False)
class Model:
    """A network that is measured; ``data`` None stands for the drawn digits."""

    key: str
    spec: NetworkSpec
    settings: Settings
    data: DataSet | None = None

    @property
    def title(self) -> str:
        """Return what it is, in words."""
        settings = self.settings
        what = f"{self.spec.text}, batch {settings.batch_size}, {'Adam' if settings.optimizer == 'adam' else 'SGD'}"
        return what if self.data is None else f"{what}, {len(self.data.train)} points"


def digit_models() -> tuple[Model, ...]:
    """Return the two networks for digits."""
    shape = (28, 28)
    return (
        Model("784-16-16-10", build((784, 16, 16, 10), input_shape=shape, first_id=FIRST_ID), Settings()),
        Model("784-128-10", build((784, 128, 10), input_shape=shape, first_id=FIRST_ID), Settings(batch_size=64)),
    )


def small_models() -> tuple[Model, ...]:
    """Return networks for points in the plane and a few inputs more; two classes, an output for each."""
    settings = Settings(optimizer="sgd", batch_size=10, learning_rate=0.03)
    specs = (build(widths, activation="tanh", first_id=FIRST_ID) for widths in SMALL)
    return tuple(Model(spec.text, spec, settings, _points(spec.inputs)) for spec in specs)


def _points(features: int) -> DataSet:
    """Return points of two classes, one around the other, in so many dimensions."""
    generator = np.random.default_rng(1)
    labels = np.arange(POINTS) % 2
    inputs = generator.normal(size=(POINTS, features))
    inputs *= ((1.0 + 1.5 * labels) / np.linalg.norm(inputs, axis=1))[:, None]
    return vectors_data(
        {
            "name": "rings",
            "features": [f"x{place + 1}" for place in range(features)],
            "classes": ["inside", "outside"],
            "inputs": np.round(inputs, 4).tolist(),
            "labels": labels.tolist(),
        }
    )
