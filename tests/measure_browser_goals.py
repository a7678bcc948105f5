"""How long training takes to the goals set beside the browser playground: ``python -m tests.measure_browser_goals``.

By its rules (points, first weights, settings); the held-out loss is measured after every epoch. One process, one
thread, no window.
"""

from __future__ import annotations

import statistics
import time

import torch

from playground.app.train_plane import BROWSER_SETTINGS
from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.settings import changed
from playground.engine.spec import build
from playground.engine.training import Training

SEEDS = 10
MOST_EPOCHS = 3_000
TWO = ("x1", "x2")
WAVES = (*TWO, "sin x1", "sin x2")
# shape, features, hidden widths, goal, seconds of the browser playground
GOALS = (
    ("circle", TWO, (4, 2), 0.02, 1.5),
    ("gauss", TWO, (4, 2), 0.02, 0.14),
    ("xor", TWO, (4, 2), 0.02, 5.0),
    ("spiral", WAVES, (8, 8), 0.1, 2.05),
)


def time_to_goal(
    shape: str, features: tuple[str, ...], hidden: tuple[int, ...], goal: float, seed: int
) -> tuple[float, int]:
    """Return the seconds and epochs to the goal; infinite seconds where it is not reached."""
    data = plane_data(PlaneSetup(shape, seed=seed, features=features, is_browser=True))
    spec = build((data.features, *hidden, 1), activation="tanh", output_activation="tanh")
    training = Training(spec, changed(BROWSER_SETTINGS, {"seed": seed}), data)
    began = time.perf_counter()
    while training.epochs_done < MOST_EPOCHS:
        training.advance()
        if training.position == 0 and training.measured(training.validation).loss < goal:
            return time.perf_counter() - began, training.epochs_done
    return float("inf"), MOST_EPOCHS


def main() -> None:
    """Print a line for each goal."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    time_to_goal(*GOALS[1][:4], 0)  # warm
    for shape, features, hidden, goal, theirs in GOALS:
        runs = [time_to_goal(shape, features, hidden, goal, seed) for seed in range(SEEDS)]
        seconds, epochs = zip(*runs, strict=True)
        failed = sum(each == float("inf") for each in seconds)
        spent = [f"{each:.2f}" for each in sorted(seconds)]
        print(  # noqa: T201
            f"{shape:8} median {statistics.median(seconds):6.2f} s, {statistics.median(epochs):6.0f} epochs, "
            f"{failed} of {SEEDS} not within {MOST_EPOCHS:,} epochs; browser {theirs} s, half of it {theirs / 2:.2f} s"
            f"   [{', '.join(spent)}]"
        )


if __name__ == "__main__":
    main()
