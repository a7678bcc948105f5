"""The networks of the benchmark, with their settings and data."""

from __future__ import annotations

from dataclasses import dataclass

from playground.app.train_plane import BROWSER_SETTINGS
from playground.engine.datasets import DataSet
from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.settings import Settings
from playground.engine.spec import FIRST_ID, NetworkSpec, build

POINTS = 250  # that are trained on; as many are held back
SMALL = ((2, 4, 2, 1), (7, 8, 8, 8, 1), (2, 8, 8, 8, 8, 8, 8, 1))
FEATURES = ("x1", "x2", "x1²", "x2²", "x1 x2", "sin x1", "sin x2")


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
    """Return networks for points in the plane, which the window shows with all neurons' answers over it.

    Points, settings and first weights are those of the browser playground.
    """
    return tuple(_small_model(widths) for widths in SMALL)


def _small_model(widths: tuple[int, ...]) -> Model:
    setup = PlaneSetup(count=2 * POINTS, features=FEATURES[: widths[0]], is_browser=True)
    spec = build(widths, activation="tanh", output_activation="tanh", first_id=FIRST_ID)
    return Model(spec.text, spec, BROWSER_SETTINGS, plane_data(setup))
