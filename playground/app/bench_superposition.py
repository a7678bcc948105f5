"""The superposition models: live steps a second, whole experiments in seconds, the phase diagram."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from playground.app.bench_figures import Figure, median
from playground.engine.headless import denormals_flushed
from playground.engine.ordinary_loop import steps_per_second
from playground.engine.superposition.experiments import experiment
from playground.engine.superposition.loss_history import point_spacing
from playground.engine.superposition.ordinary_sandbox import ordinary_sandbox_steps
from playground.engine.superposition.phase import exact_phase, trained_phase
from playground.engine.superposition.phase_cells import phase_grid
from playground.engine.superposition.problem import RELU, make_problem
from playground.engine.superposition.sandbox import Sandbox
from playground.engine.superposition.setup import Schedule, Setup
from playground.engine.superposition.sweeps import sweep
from playground.engine.threads import use_one_thread

LIVE_STEPS = 300  # of a frame
CELLS = 12  # a side of the phase diagram


def superposition_figures(rounds: int, seconds: float, *, is_whole: bool) -> list[Figure]:
    """Measure; ``is_whole``: the experiments that take half a minute too."""
    use_one_thread()
    ordinary = ordinary_sandbox_steps(RELU, live_setup().problem, Schedule(steps=None))
    sandbox = Sandbox(live_setup())
    slow: list[float] = []
    fast: list[float] = []
    for _ in range(rounds):
        slow.append(steps_per_second(ordinary, seconds))
        with denormals_flushed():
            fast.append(_rate(lambda: _advance(sandbox), seconds))
    times = [mine / theirs for mine, theirs in zip(fast, slow, strict=True)]
    grid = phase_grid(2, 1, CELLS)
    figures = [
        median("superposition ordinary steps/s", "5 -> 2, autograd and Adam", slow, "steps/s", "one model, batch 256"),
        median("superposition live steps/s", "5 -> 2, sandbox", fast, "steps/s", "one model, batch 256"),
        median("superposition times ordinary", "sandbox : autograd", times, "times"),
        median(
            "superposition exact phase", f"exact phase diagram, {CELLS} x {CELLS}",
            [_seconds(lambda: exact_phase(grid)) for _ in range(rounds)], "s",
        ),
    ]  # fmt: skip
    if not is_whole:
        return figures
    article = experiment("article")
    seeds = tuple(range(article.seeds))
    models = len(article.kinds) * len(article.sparsities) * article.seeds
    with denormals_flushed():
        whole = _seconds(lambda: sweep(article.problems(), article.kinds, seeds, Schedule(steps=article.steps)))
        trained = _seconds(lambda: trained_phase(grid))
    return [
        *figures,
        Figure(
            "superposition article", "40 -> 5, metrics included", whole, "s", f"{models} models x {article.steps:,}"
        ),
        Figure("superposition trained phase", "ten trained seeds a cell", trained, "s", f"{CELLS} x {CELLS} cells"),
    ]


def live_setup() -> Setup:
    """Return one live model of five features in two dimensions."""
    return Setup(make_problem(5, 2, 0.9), (RELU,), (0,))


def measured_rate(sandbox: Sandbox, seconds: float) -> float:
    """Return the steps a second of a sandbox that is measured at every point of the curves, as in the window."""
    use_one_thread()
    with denormals_flushed():
        return _rate(lambda: _to_next_point(sandbox), seconds)


def _to_next_point(sandbox: Sandbox) -> int:
    spacing = point_spacing(sandbox.step)
    steps = spacing - sandbox.step % spacing
    sandbox.advance(steps)
    sandbox.measure()
    return steps


def _advance(sandbox: Sandbox) -> int:
    sandbox.advance(LIVE_STEPS)
    return LIVE_STEPS


def _rate(work: Callable[[], int], seconds: float) -> float:
    """Return how many steps a second ``work`` makes, which returns how many it has made."""
    work()
    count, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        count += work()
    return count / passed


def _seconds(work: Callable[[], Iterable[object]]) -> float:
    began = time.perf_counter()
    for _ in work():
        pass
    return time.perf_counter() - began
