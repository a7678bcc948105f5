"""Steps a second without a window: the engine beside training as a tutorial writes it, in turns."""

from __future__ import annotations

from playground.app.bench_figures import Figure, median
from playground.app.bench_models import Model
from playground.engine.datasets import DataSet
from playground.engine.headless import denormals_flushed
from playground.engine.ordinary_loop import engine_steps, ordinary_steps, steps_per_second
from playground.engine.training import Training

SETTLED_STEP = 20_000  # from here on it is measured every 1,000 steps, as in the long run of a training


class Headless:
    """The same network thrice: in the ordinary loop, in the engine, and in the engine with measuring."""

    def __init__(self, model: Model, data: DataSet, threads: int, *, settled_step: int = SETTLED_STEP) -> None:
        self._model, self._threads = model, threads
        self._ordinary = ordinary_steps(model.spec, model.settings, data)
        self._bare = engine_steps(Training(model.spec, model.settings, data), has_evaluation=False)
        self._whole = engine_steps(Training(model.spec, model.settings, data), has_evaluation=True)
        self.ordinary: list[float] = []
        self.bare: list[float] = []
        self.whole: list[float] = []
        with denormals_flushed():
            made = 0
            while made < settled_step:
                made += next(self._whole)[0]

    def round(self, seconds: float) -> None:
        """Measure each for so long."""
        self.ordinary.append(steps_per_second(self._ordinary, seconds, threads=self._threads))
        for steps, rates in ((self._bare, self.bare), (self._whole, self.whole)):
            rates.append(steps_per_second(steps, seconds, threads=self._threads, flushes_denormals=True))

    def figures(self) -> list[Figure]:
        """Return steps a second and how many times the ordinary loop that is."""
        key, threads = self._model.key, f"{self._threads} thread{'s' if self._threads > 1 else ''}"
        times = [mine / theirs for mine, theirs in zip(self.bare, self.ordinary, strict=True)]
        whole = [mine / theirs for mine, theirs in zip(self.whole, self.ordinary, strict=True)]
        return [
            median(
                f"{key} ordinary steps/s", "ordinary loop", self.ordinary, "steps/s", f"DataLoader, Adam, {threads}"
            ),
            median(f"{key} headless steps/s", "engine", self.bare, "steps/s", "no measuring"),
            median(
                f"{key} headless measured steps/s", "engine, measuring", self.whole, "steps/s", "as the window does"
            ),
            median(f"{key} headless times ordinary", "engine : ordinary loop", times, "times"),
            median(f"{key} headless measured times ordinary", "engine, measuring : ordinary loop", whole, "times"),
        ]
