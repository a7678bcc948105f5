"""The superposition models: live steps a second, whole experiments in seconds, the phase diagram."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from playground.app.bench_figures import Figure, median
from playground.engine.headless import denormals_flushed
from playground.engine.ordinary_loop import steps_per_second
from playground.engine.superposition.experiments import experiment
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
    problem = make_problem(5, 2, 0.9)
    ordinary = ordinary_sandbox_steps(RELU, problem, Schedule(steps=None))
    sandbox = Sandbox(Setup(problem, (RELU,), (0,)))
    slow: list[float] = []
    fast: list[float] = []
    for _ in range(rounds):
        slow.append(steps_per_second(ordinary, seconds))
        with denormals_flushed():
            fast.append(_rate(sandbox, seconds))
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


def _rate(sandbox: Sandbox, seconds: float) -> float:
    sandbox.advance(LIVE_STEPS)
    count, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        sandbox.advance(LIVE_STEPS)
        count += LIVE_STEPS
    return count / passed


def _seconds(work: Callable[[], Iterable[object]]) -> float:
    began = time.perf_counter()
    for _ in work():
        pass
    return time.perf_counter() - began
